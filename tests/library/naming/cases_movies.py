"""Folders of films and what is in them. M rows are the contract's table 5.2; the others are folders people have."""

from collections.abc import Sequence
from typing import NamedTuple


class Film(NamedTuple):
    title: str
    year: int | None
    versions: list[tuple[str | None, list[str]]]
    extras: Sequence[tuple[str, str]] = ()
    tmdb: int | None = None
    imdb: str | None = None


class Folder(NamedTuple):
    id: str
    name: str  # "" is the library root
    files: list[str]
    films: list[Film]
    samples: Sequence[str] = ()


def one(label: str | None, *files: str) -> tuple[str | None, list[str]]:
    return label, list(files)


def mkv(*stems: str) -> list[str]:
    return [f"{stem}.mkv" for stem in stems]


def lone(title: str, year: int | None, file: str, label: str | None = None) -> Film:
    return Film(title, year, [one(label, file)])


FOLDERS = [
    Folder(
        "M01",
        "Silver Days",
        [
            "Silver Days - 1080p.mkv",
            "Silver Days - [hsbs].mkv",
            "Silver Days [hsbs].mp4",
            "Silver Days-trailer.mp4",
        ],
        [
            Film(
                "Silver Days",
                None,
                [
                    one("1080p", "Silver Days - 1080p.mkv"),
                    one("hsbs", "Silver Days - [hsbs].mkv"),
                    one("hsbs #2", "Silver Days [hsbs].mp4"),
                ],
                [("trailer", "Silver Days-trailer.mp4")],
            )
        ],
    ),
    Folder(
        "M02",
        "The Opera House (1925)",
        mkv("The Opera House (1925) - 1925 version", "The Opera House (1925) - 1929 version"),
        [
            Film(
                "The Opera House",
                1925,
                [
                    one("1925 version", "The Opera House (1925) - 1925 version.mkv"),
                    one("1929 version", "The Opera House (1925) - 1929 version.mkv"),
                ],
            )
        ],
    ),
    Folder(
        "M03", "M", mkv("Film 1", "Film 2"), [lone("Film 1", None, "Film 1.mkv"), lone("Film 2", None, "Film 2.mkv")]
    ),
    Folder(
        "M04",
        "Film",
        mkv("Film", "Film-2", "Film-3"),
        [Film("Film", None, [one(None, "Film.mkv"), one("2", "Film-2.mkv"), one("3", "Film-3.mkv")])],
    ),
    Folder(
        "M05", "Film", mkv("Film 1", "Film 2"), [lone("Film 1", None, "Film 1.mkv"), lone("Film 2", None, "Film 2.mkv")]
    ),
    Folder(
        "M06",
        "Tin Man",
        mkv("Tin Man", "Tin Man (2008)", "Tin Man (2009)"),
        [
            lone("Tin Man", None, "Tin Man.mkv"),
            lone("Tin Man", 2008, "Tin Man (2008).mkv"),
            lone("Tin Man", 2009, "Tin Man (2009).mkv"),
        ],
    ),
    Folder(
        "M07",
        "Tin Man",
        mkv("Tin Man", "Tin Man-720p", "Tin Man-test", "Tin Man[test]"),
        [
            Film(
                "Tin Man",
                None,
                [
                    one(None, "Tin Man.mkv"),
                    one("720p", "Tin Man-720p.mkv"),
                    one("test", "Tin Man-test.mkv"),
                    one("test #2", "Tin Man[test].mkv"),
                ],
            )
        ],
    ),
    Folder(
        "M08",
        "Tin Man",
        mkv("Tin Man - B (2006)", "Tin Man - C (2007)"),
        [
            lone("Tin Man - B", 2006, "Tin Man - B (2006).mkv"),
            lone("Tin Man - C", 2007, "Tin Man - C (2007).mkv"),
        ],
    ),
    Folder(
        "M09",
        "Edge Runner (1982)",
        mkv("Edge Runner (1982) [Final Cut] [1080p HEVC AAC]", "Edge Runner (1982) [EE by XYZ] [480p HEVC AAC]"),
        [
            Film(
                "Edge Runner",
                1982,
                [
                    one("Final Cut 1080p HEVC AAC", "Edge Runner (1982) [Final Cut] [1080p HEVC AAC].mkv"),
                    one("EE by XYZ 480p HEVC AAC", "Edge Runner (1982) [EE by XYZ] [480p HEVC AAC].mkv"),
                ],
            )
        ],
    ),
    Folder(
        "M10",
        "Year Zero (2016)",
        mkv(
            "Year Zero (2016) - Theatrical",
            "Year Zero (2016) - Directors Cut",
            "Year Zero (2016) - 1080p",
            "Year Zero (2016) - 2160p",
            "Year Zero (2016)",
        ),
        [
            Film(
                "Year Zero",
                2016,
                [
                    one(None, "Year Zero (2016).mkv"),
                    one("2160p", "Year Zero (2016) - 2160p.mkv"),
                    one("1080p", "Year Zero (2016) - 1080p.mkv"),
                    one("Directors Cut", "Year Zero (2016) - Directors Cut.mkv"),
                    one("Theatrical", "Year Zero (2016) - Theatrical.mkv"),
                ],
            )
        ],
    ),
    Folder(
        "M11",
        "Loud Boys (2006)",
        mkv("Loud Boys (2006) part1", "Loud Boys (2006) part2", "Loud Boys (2006)-trailer"),
        [
            Film(
                "Loud Boys",
                2006,
                [one(None, "Loud Boys (2006) part1.mkv", "Loud Boys (2006) part2.mkv")],
                [("trailer", "Loud Boys (2006)-trailer.mkv")],
            )
        ],
    ),
    Folder(
        "M12",
        "",
        mkv("Loud Boys (2006)", "Loud Boys (2007)"),
        [lone("Loud Boys", 2006, "Loud Boys (2006).mkv"), lone("Loud Boys", 2007, "Loud Boys (2007).mkv")],
    ),
    Folder(
        "M13",
        "",
        mkv("Star Path 1 - The first", "Star Path 2- The wrath"),
        [
            lone("Star Path 1 - The first", None, "Star Path 1 - The first.mkv"),
            lone("Star Path 2- The wrath", None, "Star Path 2- The wrath.mkv"),
        ],
    ),
    Folder(
        "M14",
        "",
        mkv("451 part1", "451 part2", "Heroes part1", "Heroes part2", "Heroes part3"),
        [
            Film("451", None, [one(None, "451 part1.mkv", "451 part2.mkv")]),
            Film("Heroes", None, [one(None, "Heroes part1.mkv", "Heroes part2.mkv", "Heroes part3.mkv")]),
        ],
    ),
    Folder(
        "M15",
        "Dream (2010)",
        mkv("Dream (2010)", "Dream (2010) - 4k part1", "Dream (2010) - 4k part2"),
        [
            Film(
                "Dream",
                2010,
                [
                    one(None, "Dream (2010).mkv"),
                    one("4k", "Dream (2010) - 4k part1.mkv", "Dream (2010) - 4k part2.mkv"),
                ],
            )
        ],
    ),
    Folder(
        "M16",
        "Film",
        mkv("Film-1080p-part1", "Film-1080p-part2", "Film-720p"),
        [
            Film(
                "Film",
                None,
                [one("1080p", "Film-1080p-part1.mkv", "Film-1080p-part2.mkv"), one("720p", "Film-720p.mkv")],
            )
        ],
    ),
    Folder(
        "M17",
        "Sand Collection",
        mkv("Sand Part One (2021)", "Sand Part Two (2024)"),
        [
            lone("Sand Part One", 2021, "Sand Part One (2021).mkv"),
            lone("Sand Part Two", 2024, "Sand Part Two (2024).mkv"),
        ],
    ),
    Folder("M18", "Dream (2010)", mkv("drm-1080p"), [lone("Dream", 2010, "drm-1080p.mkv", "1080p")]),
    Folder("M19", "Dream (2010)", mkv("movie"), [lone("Dream", 2010, "movie.mkv")]),
    Folder("M20", "451 (2007)", mkv("451 (2006)"), [lone("451", 2006, "451 (2006).mkv")]),
    Folder(
        "M21",
        "Dino Saga",
        mkv("1993- Dino Island", "1997- The Lost Valley- Dino Island"),
        [
            lone("Dino Island", 1993, "1993- Dino Island.mkv"),
            lone("The Lost Valley- Dino Island", 1997, "1997- The Lost Valley- Dino Island.mkv"),
        ],
    ),
    Folder(
        "M22",
        "Hours Ahead (2013) [tmdbid-990001]",
        ["Hours Ahead (2013) [SDTV].avi"],
        [Film("Hours Ahead", 2013, [one("SDTV", "Hours Ahead (2013) [SDTV].avi")], tmdb=990001)],
    ),
    Folder(
        "M23",
        "Fellowship, The (2001)",
        mkv("Rings The Fellowship (2001) - Extended", "Rings The Fellowship (2001) - Theatrical"),
        [
            Film(
                "Rings The Fellowship",
                2001,
                [
                    one("Extended", "Rings The Fellowship (2001) - Extended.mkv"),
                    one("Theatrical", "Rings The Fellowship (2001) - Theatrical.mkv"),
                ],
            )
        ],
    ),
    Folder(
        "M24",
        "",
        mkv("Alienist (1979) - [Director's Cut]", "Alienist (1979)"),
        [
            Film(
                "Alienist",
                1979,
                [
                    one(None, "Alienist (1979).mkv"),
                    one("Director's Cut", "Alienist (1979) - [Director's Cut].mkv"),
                ],
            )
        ],
    ),
    Folder(
        "M25",
        "",
        mkv("The.Grid.1999.1080p.BluRay.x264", "The.Grid.1999.2160p.UHD.HEVC", "The.Grid.Reloaded.2003"),
        [
            Film(
                "The Grid",
                1999,
                [
                    one("2160p UHD HEVC", "The.Grid.1999.2160p.UHD.HEVC.mkv"),
                    one("1080p BluRay x264", "The.Grid.1999.1080p.BluRay.x264.mkv"),
                ],
            ),
            lone("The Grid Reloaded", 2003, "The.Grid.Reloaded.2003.mkv"),
        ],
    ),
    Folder("M26", "Kill Will", ["Kill Will cd2.avi"], [lone("Kill Will", None, "Kill Will cd2.avi", "cd2")]),
    Folder("M27", "451", mkv("451a", "451b"), [lone("451a", None, "451a.mkv"), lone("451b", None, "451b.mkv")]),
    Folder(
        "M28",
        "Blue World (2009) {imdb-tt9900004}",
        mkv("Blue World (2009) {edition-Extended}", "Blue World (2009) {imdb-tt9900004} {edition-Theatrical}"),
        [
            Film(
                "Blue World",
                2009,
                [
                    one("Extended", "Blue World (2009) {edition-Extended}.mkv"),
                    one("Theatrical", "Blue World (2009) {imdb-tt9900004} {edition-Theatrical}.mkv"),
                ],
                imdb="tt9900004",
            )
        ],
    ),
    Folder(
        "M29",
        "",
        mkv("House Alone (1990) sample", "sample", "House Alone (1990)-sample", "House Alone (1990)"),
        [lone("House Alone", 1990, "House Alone (1990).mkv")],
        mkv("House Alone (1990) sample", "sample", "House Alone (1990)-sample"),
    ),
    Folder(
        "M30",
        "",
        ["The DNA Sample.mp4", "Life in a Trailer.mp4"],
        [
            lone("Life in a Trailer", None, "Life in a Trailer.mp4"),
            lone("The DNA Sample", None, "The DNA Sample.mp4"),
        ],
    ),
    Folder("M31", "Big-Short", mkv("Big-Short"), [lone("Big-Short", None, "Big-Short.mkv")]),
    Folder("M32", "Kids", mkv("Up There"), [lone("Up There", None, "Up There.mkv")]),
    Folder("M33", "Odd Folder", mkv("movie"), [lone("Odd Folder", None, "movie.mkv")]),
    # Folders people have
    Folder(
        "dvd-rip-two-discs",
        "Wooden Horse (1950)",
        ["wooden.horse.cd1.avi", "wooden.horse.cd2.avi"],
        [Film("Wooden Horse", 1950, [one(None, "wooden.horse.cd1.avi", "wooden.horse.cd2.avi")])],
    ),
    Folder(
        "discs-with-a-hole-are-no-stack",
        "",
        ["Heroes cd1.avi", "Heroes cd3.avi"],
        [lone("Heroes cd1", None, "Heroes cd1.avi"), lone("Heroes cd3", None, "Heroes cd3.avi")],
    ),
    Folder(
        "parts-by-letter",
        "",
        ["Heroes (1990) disc a.mkv", "Heroes (1990) disc b.mkv"],
        [Film("Heroes", 1990, [one(None, "Heroes (1990) disc a.mkv", "Heroes (1990) disc b.mkv")])],
    ),
    Folder(
        "ten-parts-in-order",
        "",
        [f"Long War pt {n}.mkv" for n in (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)],
        [Film("Long War", None, [one(None, *[f"Long War pt {n}.mkv" for n in range(1, 11)])])],
    ),
    Folder(
        "scene-file-in-tidy-folder-beside-tidy-file",
        "The Grid (1999)",
        mkv("The Grid (1999)", "the.grid.1999.2160p.uhd.bluray.x265-grp"),
        [
            Film(
                "The Grid",
                1999,
                [
                    one(None, "The Grid (1999).mkv"),
                    one("2160p uhd bluray x265-grp", "the.grid.1999.2160p.uhd.bluray.x265-grp.mkv"),
                ],
            )
        ],
    ),
    Folder(
        "scene-folder-with-abbreviated-file",
        "Night.Train.2019.1080p.BluRay.x264-GRP",
        mkv("grp-nighttrain-1080p"),
        [lone("Night Train", 2019, "grp-nighttrain-1080p.mkv", "1080p")],
    ),
    Folder(
        "ripped-title",
        "Night Train (2019)",
        mkv("title_t00"),
        [lone("Night Train", 2019, "title_t00.mkv")],
    ),
    Folder("bluray-stream-number", "Night Train", ["00800.m2ts"], [lone("Night Train", None, "00800.m2ts")]),
    Folder(
        "file-id-wins-over-folder-id",
        "Aldor (2022) [tmdbid-1]",
        mkv("Aldor (2022) [tmdbid-2]"),
        [Film("Aldor", 2022, [one(None, "Aldor (2022) [tmdbid-2].mkv")], tmdb=2)],
    ),
    Folder(
        "extras-hang-on-the-film-they-name",
        "",
        mkv("Aldor (2022)", "Aldor Returns (2024)", "Aldor Returns-trailer", "Aldor-featurette"),
        [
            Film("Aldor", 2022, [one(None, "Aldor (2022).mkv")], [("featurette", "Aldor-featurette.mkv")]),
            Film(
                "Aldor Returns",
                2024,
                [one(None, "Aldor Returns (2024).mkv")],
                [("trailer", "Aldor Returns-trailer.mkv")],
            ),
        ],
    ),
    Folder(
        "collection-folder",
        "Harry Trilogy",
        mkv("Harry and the Stone (2001)", "Harry and the Chamber (2002)", "Harry and the Prisoner (2004)"),
        [
            lone("Harry and the Chamber", 2002, "Harry and the Chamber (2002).mkv"),
            lone("Harry and the Prisoner", 2004, "Harry and the Prisoner (2004).mkv"),
            lone("Harry and the Stone", 2001, "Harry and the Stone (2001).mkv"),
        ],
    ),
    Folder(
        "sequels-in-the-folder-of-the-first",
        "Stone Fist",
        mkv("Stone Fist", "Stone Fist II", "Stone Fist 3"),
        [
            lone("Stone Fist", None, "Stone Fist.mkv"),
            lone("Stone Fist 3", None, "Stone Fist 3.mkv"),
            lone("Stone Fist II", None, "Stone Fist II.mkv"),
        ],
    ),
    Folder(
        "two-containers-of-one-film",
        "Dream (2010)",
        ["Dream (2010).avi", "Dream (2010).mkv"],
        [Film("Dream", 2010, [one(None, "Dream (2010).avi"), one("#2", "Dream (2010).mkv")])],
    ),
    Folder(
        "case-differs",
        "DREAM (2010)",
        mkv("dream (2010) - 720p"),
        [lone("DREAM", 2010, "dream (2010) - 720p.mkv", "720p")],
    ),
    Folder("empty", "Dream (2010)", [], []),
]
