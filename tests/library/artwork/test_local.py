"""Which picture beside a film is its poster, and which its background."""

import pytest

from homemedia.library.artwork import local
from homemedia.library.artwork.beside import Home, Listings, PlacedFile, ShowPlace, homes, show_place

FILM = "/films/Heat (1995)"


def a_listing(folder: str, *names: str) -> Listings:
    return {folder: {name.lower(): name for name in names}}


@pytest.mark.parametrize(
    ("names", "thumb", "art"),
    [
        pytest.param(["poster.jpg", "fanart.jpg"], "poster.jpg", "fanart.jpg", id="kodi"),
        pytest.param(["folder.jpg", "backdrop.jpg"], "folder.jpg", "backdrop.jpg", id="jellyfin"),
        pytest.param(["cover.png", "art.png"], "cover.png", "art.png", id="plex"),
        pytest.param(["Heat (1995)-poster.jpg", "poster.jpg"], "Heat (1995)-poster.jpg", None, id="stem before folder"),
        pytest.param(["Heat (1995).jpg", "poster.jpg"], "Heat (1995).jpg", None, id="bare stem before folder"),
        pytest.param(["poster.webp", "folder.jpg"], "poster.webp", None, id="name before extension"),
        pytest.param(["poster.png", "poster.jpeg"], "poster.jpeg", None, id="jpeg before png"),
        pytest.param(["POSTER.JPG"], "POSTER.JPG", None, id="upper case"),
        pytest.param(["movie.avif"], "movie.avif", None, id="avif"),
        pytest.param(["poster.gif", "poster.txt"], None, None, id="other extensions"),
        pytest.param(["fanart-1.jpg"], None, "fanart-1.jpg", id="numbered fanart"),
        pytest.param(["Heat (1995)-fanart.jpg", "fanart.jpg"], None, "Heat (1995)-fanart.jpg", id="stem fanart"),
        pytest.param([], None, None, id="nothing"),
    ],
)
def test_film_in_its_own_folder(names: list[str], thumb: str | None, art: str | None) -> None:
    home = Home(folder=FILM, stems=("Heat (1995)",), is_own=True, is_alone=True)

    found = local.of_movie([home], a_listing(FILM, *names))

    assert found.thumb == (f"{FILM}/{thumb}" if thumb else None)
    assert found.art == (f"{FILM}/{art}" if art else None)


def test_film_among_others_takes_only_pictures_of_its_name() -> None:
    listing = a_listing("/films", "poster.jpg", "fanart.jpg", "Heat-poster.jpg")
    home = Home(folder="/films", stems=("Heat",), is_own=False)

    assert local.of_movie([home], listing) == local.Pictures("/films/Heat-poster.jpg", None)


def test_extra_fanart_is_the_last_choice_for_a_background() -> None:
    home = Home(folder=FILM, stems=("Heat",), is_own=True)
    listings = {**a_listing(FILM, "extrafanart"), **a_listing(f"{FILM}/extrafanart", "b.jpg", "a.png", "readme.txt")}

    assert local.of_movie([home], listings).art == f"{FILM}/extrafanart/a.png"


SHOW = ShowPlace(("/shows/Harbor",), {1: ("/shows/Harbor/Season 1",), 0: ("/shows/Harbor/Specials",)})


@pytest.mark.parametrize(
    ("number", "files", "thumb"),
    [
        pytest.param(
            1, {"/shows/Harbor": ["season01-poster.jpg"]}, "/shows/Harbor/season01-poster.jpg", id="in the show"
        ),
        pytest.param(
            0,
            {"/shows/Harbor": ["season-specials-poster.jpg"]},
            "/shows/Harbor/season-specials-poster.jpg",
            id="specials",
        ),
        pytest.param(2, {"/shows/Harbor": ["season-all-poster.png"]}, "/shows/Harbor/season-all-poster.png", id="all"),
        pytest.param(
            1,
            {"/shows/Harbor": ["season01-poster.jpg"], "/shows/Harbor/Season 1": ["folder.jpg"]},
            "/shows/Harbor/Season 1/folder.jpg",
            id="own folder first",
        ),
        pytest.param(1, {"/shows/Harbor": ["poster.jpg"]}, None, id="the show's poster is not the season's"),
        pytest.param(
            None, {"/shows/Harbor": ["season-all-poster.jpg"]}, "/shows/Harbor/season-all-poster.jpg", id="no number"
        ),
    ],
)
def test_season_poster(number: int | None, files: dict[str, list[str]], thumb: str | None) -> None:
    listings: dict[str, dict[str, str]] = {folder: {name: name for name in names} for folder, names in files.items()}

    assert local.of_season(number, SHOW, listings).thumb == thumb


def test_show_takes_poster_and_fanart_of_its_folder() -> None:
    listing = a_listing("/shows/Harbor", "Poster.jpg", "fanart.jpg")

    assert local.of_show(SHOW, listing) == local.Pictures("/shows/Harbor/Poster.jpg", "/shows/Harbor/fanart.jpg")


@pytest.mark.parametrize(
    ("files", "thumb"),
    [
        pytest.param({"/s": ["e1-thumb.jpg", "e1.jpg"]}, "/s/e1-thumb.jpg", id="thumb first"),
        pytest.param({"/s": ["e1.jpg"]}, "/s/e1.jpg", id="bare stem"),
        pytest.param({"/s/metadata": ["e1.jpg"]}, "/s/metadata/e1.jpg", id="in metadata"),
        pytest.param({"/s": ["poster.jpg", "e2.jpg"]}, None, id="another's"),
    ],
)
def test_episode_still(files: dict[str, list[str]], thumb: str | None) -> None:
    listings: dict[str, dict[str, str]] = {folder: {name: name for name in names} for folder, names in files.items()}

    assert local.of_episode([Home(folder="/s", stems=("e1",))], listings).thumb == thumb


def test_home_video_has_no_background() -> None:
    listing = a_listing("/v", "clip-poster.jpg", "clip-thumb.jpg", "clip-fanart.jpg")

    assert local.of_video([Home(folder="/v", stems=("clip",), is_own=True)], listing) == local.Pictures(
        "/v/clip-poster.jpg"
    )


@pytest.mark.parametrize(
    ("path", "home"),
    [
        pytest.param("Heat.mkv", Home(folder="/films", stems=("Heat",), is_own=False, is_alone=True), id="in the root"),
        pytest.param(
            "A/Heat.mkv", Home(folder="/films/A", stems=("Heat",), is_own=True, is_alone=True), id="in a folder"
        ),
        pytest.param(
            "A/VIDEO_TS/VTS_01_1.VOB", Home(folder="/films/A", is_own=True, is_alone=True, disc="VIDEO_TS"), id="dvd"
        ),
        pytest.param(
            "A/BDMV/STREAM/00001.m2ts", Home(folder="/films/A", is_own=True, is_alone=True, disc="BDMV"), id="blu-ray"
        ),
    ],
)
def test_home_of_a_file(path: str, home: Home) -> None:
    assert homes([PlacedFile(root="/films", path=path)]) == [home]


def test_versions_in_one_folder_share_a_home() -> None:
    files = [PlacedFile(root="/f", path="A/a.mkv"), PlacedFile(root="/f", path="A/a - 4k.mkv")]

    assert [home.stems for home in homes(files)] == [("a", "a - 4k")]


def test_show_place_tells_season_folders_from_shared_ones() -> None:
    files = [
        (1, "Harbor/Season 1/Disc 1/e1.mkv"),
        (1, "Harbor/Season 1/e2.mkv"),
        (2, "Harbor/mixed/e1.mkv"),
        (3, "Harbor/mixed/e2.mkv"),
        (4, "Harbor/e9.mkv"),
        (5, "loose.mkv"),
    ]

    place = show_place([(season, PlacedFile(root="/s", path=path)) for season, path in files])

    assert place.folders == ("/s/Harbor",)
    assert dict(place.seasons) == {1: ("/s/Harbor/Season 1", "/s/Harbor/Season 1/Disc 1")}
