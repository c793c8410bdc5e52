"""Names of films, and what they say. T rows are the contract's table 5.1; the others are names people have."""

from typing import NamedTuple


class Title(NamedTuple):
    id: str
    stem: str
    title: str
    year: int | None = None
    is_soft: bool = False
    alternative: str | None = None
    tmdb: int | None = None
    imdb: str | None = None
    tvdb: int | None = None
    edition: str | None = None
    label: str | None = None
    with_year: str | None = None


TITLES = [
    Title("T01", "Harbour Lights (2011)", "Harbour Lights", 2011),
    Title("T02", "Harbour Lights 2 (2014)", "Harbour Lights 2", 2014),
    Title("T03", "451 (1998)", "451", 1998),
    Title("T04", "2010 A Salt Odyssey (1969)", "2010 A Salt Odyssey", 1969),
    Title("T05", "1944.2021.1080p.WEB-DL.x264-ABC", "1944", 2021, label="1080p WEB-DL x264-ABC"),
    Title("T06", "1944", "1944"),
    Title("T07", "Runner.2149.2019.2160p.UHD.BluRay.x265", "Runner 2149", 2019, label="2160p UHD BluRay x265"),
    Title("T08", "Winter Queen 1986", "Winter Queen", 1986, is_soft=True, with_year="Winter Queen 1986"),
    Title("T09", "Winter.Queen.1986.2022.720p", "Winter Queen 1986", 2022, label="720p"),
    Title("T10", "1993 - Dino Island", "Dino Island", 1993, is_soft=True, with_year="1993 - Dino Island"),
    Title(
        "T11",
        "1997- The Lost Valley- Dino Island",
        "The Lost Valley- Dino Island",
        1997,
        is_soft=True,
        with_year="1997- The Lost Valley- Dino Island",
    ),
    Title("T12", "Kite Makers, The (2010)", "The Kite Makers", 2010),
    Title("T13", "Il Mare AKA The Sea (1962)", "Il Mare", 1962, alternative="The Sea"),
    Title("T14", "(360) Ways to Bake (2012)", "(360) Ways to Bake", 2012),
    Title("T15", "The Spider's Web", "The Spider's Web"),
    Title("T16", "Harbour.Lights", "Harbour Lights"),
    Title("T17", "[loud]", "[loud]"),
    Title("T18", "Big movie(2009)", "Big movie", 2009),
    Title("T19", "My Film (1997) - SomeGroup 2019", "My Film", 1997, label="SomeGroup 2019"),
    Title("T20", "Deep Ride - 2016 - WEBDL-1080p - x264 AC3", "Deep Ride", 2016, label="WEBDL-1080p x264 AC3"),
    Title("T21", "Green Hood [Multi-Subs] [2018]", "Green Hood", 2018),
    Title("T22", "4.Days.to.Win.2014.720p.BluRay.x264.GRP", "4 Days to Win", 2014, label="720p BluRay x264 GRP"),
    Title("T23", "My Diary 2013.12.09", "My Diary 2013.12.09"),
    Title("T24", "Alienist (1979) - [Director's Cut]", "Alienist", 1979, label="Director's Cut"),
    Title("T25", "Hours Ahead (2013) [tmdbid-990001]", "Hours Ahead", 2013, tmdb=990001),
    Title(
        "T26",
        "Quiet Sea (2015) {imdb-tt9900002} {edition-Final Cut}",
        "Quiet Sea",
        2015,
        imdb="tt9900002",
        edition="Final Cut",
    ),
    Title("T27", "R.A.F.T.2003.1080p", "R.A.F.T.", 2003, label="1080p"),
    Title("T28", "Dunes.2160p.HDR.WEB-DL", "Dunes", label="2160p HDR WEB-DL"),
    Title("T29", "The.Letter.(2010).1080p", "The Letter", 2010, label="1080p"),
    Title("T30", "Fog War 2013", "Fog War", 2013, is_soft=True, with_year="Fog War 2013"),
    # Scene and peer-to-peer releases
    Title(
        "scene-acronym-inside",
        "A.I.Artificial.Intelligence.2001.1080p.BluRay.DTS.x264-GRP",
        "A.I. Artificial Intelligence",
        2001,
        label="1080p BluRay DTS x264-GRP",
    ),
    Title(
        "scene-dots-in-tags",
        "Night.Train.2019.1080p.WEB-DL.DDP5.1.H.264-GRP",
        "Night Train",
        2019,
        label="1080p WEB-DL DDP5.1 H.264-GRP",
    ),
    Title("scene-underscores", "Night_Train_2019_720p_BluRay", "Night Train", 2019, label="720p BluRay"),
    Title("scene-year-in-title", "2012.2009.1080p.BluRay.x264", "2012", 2009, label="1080p BluRay x264"),
    Title("scene-number-title", "1917.2019.2160p.WEB-DL", "1917", 2019, label="2160p WEB-DL"),
    Title("scene-dvdrip-no-year", "Wooden.Horse.DVDRip.XviD-GRP", "Wooden Horse", label="DVDRip XviD-GRP"),
    Title("scene-extended", "Ring.Road.2001.EXTENDED.1080p.BluRay", "Ring Road", 2001, label="EXTENDED 1080p BluRay"),
    Title("yts", "The Long Walk Home (1990) [1080p] [BluRay] [YTS.MX]", "The Long Walk Home", 1990),
    Title("yify-dots", "The.Long.Walk.Home.1990.1080p.BRRip.x264.YIFY", "The Long Walk Home", 1990),
    Title("german-scene", "Das.Boot.im.Eis.1981.German.DL.1080p.BluRay.x264", "Das Boot im Eis", 1981),
    Title("french-accents", "Le Fabuleux Été d'Amélie (2001) VOSTFR", "Le Fabuleux Été d'Amélie", 2001, label="VOSTFR"),
    Title("spanish-marks", "¿Quién anda ahí? (1976)", "¿Quién anda ahí?", 1976),
    Title("japanese", "千と夏の海 (2001)", "千と夏の海", 2001),
    Title("japanese-brackets", "千と夏の海 [2001]", "千と夏の海", 2001),
    Title("korean-year-behind", "기차역.2019.1080p.WEB-DL", "기차역", 2019, label="1080p WEB-DL"),
    Title("cyrillic", "Солнце.реки.1972.BDRip", "Солнце реки", 1972, label="BDRip"),
    # Folders and files of tidy collections
    Title("radarr", "Quiet Sea (2015) [Bluray-1080p][DTS 5.1][x264]-GRP", "Quiet Sea", 2015),
    Title("radarr-tmdb", "Quiet Sea (2015) {tmdb-990002} [WEBDL-2160p]", "Quiet Sea", 2015, tmdb=990002),
    Title("plex-edition", "Quiet Sea (2015) {edition-Director's Cut}", "Quiet Sea", 2015, edition="Director's Cut"),
    Title("jellyfin-two-ids", "Aldor (2022) [imdbid-tt9900007] [tvdbid-44]", "Aldor", 2022, imdb="tt9900007", tvdb=44),
    Title("emby-tmdb-equals", "Aldor (2022) [tmdb=7]", "Aldor", 2022, tmdb=7),
    Title("kodi-plain-imdb", "Aldor (2022) [tt9900007]", "Aldor", 2022, imdb="tt9900007"),
    Title("only-id", "Aldor [tmdbid-7]", "Aldor", tmdb=7),
    Title("wrong-kind-of-id-stays", "Aldor [tmdbid-tt9900007]", "Aldor [tmdbid-tt9900007]"),
    Title("article-an", "Unexpected Guest, An (1956)", "An Unexpected Guest", 1956),
    Title("aka-dotted", "Il.Mare.AKA.The.Sea.1962.1080p", "Il Mare", 1962, alternative="The Sea", label="1080p"),
    Title("sequel-number", "Stone Fist 2 1979", "Stone Fist 2", 1979, is_soft=True, with_year="Stone Fist 2 1979"),
    Title("future-number-is-title", "Runner 2149", "Runner 2149"),
    Title("too-early-number-is-title", "Room 1408 (2007)", "Room 1408", 2007),
    Title("year-range-folder", "Old Saga (1996-2007)", "Old Saga", 1996),
    Title("year-range-open", "Old Saga (1996–)", "Old Saga", 1996),  # noqa: RUF001 - en dashes are common here
    Title("day-first-date", "Party 14.11.1996", "Party 14.11.1996"),
    Title("dot-dot-dot-kept", "...And Then It Rained (1979)", "...And Then It Rained", 1979),
    Title("trailing-dot-kept", "Monsters Ltd. (2001)", "Monsters Ltd.", 2001),
    Title("question-kept", "Where Is My Boat? (2000)", "Where Is My Boat?", 2000),
    Title("title-with-dash", "Sand - Part Two (2024)", "Sand - Part Two", 2024),
    Title("weak-word-in-title", "Uncut Stones 2019 1080p WEB", "Uncut Stones", 2019, label="1080p WEB"),
    Title("proper-word", "A Proper Guest 2015", "A Proper Guest", 2015, is_soft=True, with_year="A Proper Guest 2015"),
    Title("proper-tag", "Night.Guest.PROPER.DVDRip", "Night Guest", label="PROPER DVDRip"),
    Title("only-a-year-in-brackets", "(2012)", "(2012)"),
    Title("only-tags", "1080p", "1080p"),
    Title("blank", " ", ""),
    Title("empty", "", ""),
]
