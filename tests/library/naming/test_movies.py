import pytest

from homemedia.library.naming.discs import DiscKind, disc_home, disc_movie, main_feature
from homemedia.library.naming.movies import FolderListing, group_movies
from homemedia.library.naming.versions import arrange
from tests.library.naming.cases_movies import FOLDERS, Film, Folder


@pytest.mark.parametrize("case", FOLDERS, ids=[case.id for case in FOLDERS])
def test_folder_is_sorted_into_films_versions_parts_and_extras(case: Folder) -> None:
    listing = FolderListing(name=case.name or "Movies", is_root=not case.name, files=tuple(case.files))

    found = group_movies(listing)

    films = [
        Film(
            group.title,
            group.year,
            [(version.label, list(version.files)) for version in group.versions],
            [(str(extra.kind), extra.file) for extra in group.extras],
            group.ids.tmdb,
            group.ids.imdb,
        )
        for group in found.movies
    ]
    assert films == [film._replace(extras=list(film.extras)) for film in case.films]
    assert list(found.samples) == list(case.samples)
    assert [version.index for group in found.movies for version in group.versions] == [
        index for film in films for index in range(len(film.versions))
    ]


def test_extra_of_no_film_stays_by_itself() -> None:
    listing = FolderListing(
        name="Movies", is_root=True, files=("Aldor (2022).mkv", "Botan (2020).mkv", "Case-trailer.mkv")
    )

    found = group_movies(listing)

    assert [extra.file for extra in found.extras] == ["Case-trailer.mkv"]


def test_probed_height_decides_where_labels_say_nothing() -> None:
    versions = arrange(
        [("Directors Cut", ("a.mkv",)), ("Theatrical", ("b.mkv",))], heights={"a.mkv": 576, "b.mkv": 1080}
    )

    assert [version.label for version in versions] == ["Theatrical", "Directors Cut"]


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("Film (2010)/BDMV/STREAM", ("Film (2010)", DiscKind.BLU_RAY)),
        ("Film (2010)/BDMV", ("Film (2010)", DiscKind.BLU_RAY)),
        ("A/Film (2010)/VIDEO_TS", ("A/Film (2010)", DiscKind.DVD)),
        ("Film (2010)/video_ts", ("Film (2010)", DiscKind.DVD)),
        ("BDMV/STREAM", ("", DiscKind.BLU_RAY)),
        ("Film (2010)", None),
        ("", None),
    ],
)
def test_disc_folder_belongs_to_the_folder_above(folder: str, expected: tuple[str, DiscKind] | None) -> None:
    assert disc_home(folder) == expected


def test_largest_stream_of_a_bluray_is_the_film() -> None:
    sizes = {"BDMV/STREAM/00001.m2ts": 5, "BDMV/STREAM/00800.m2ts": 90, "BDMV/BACKUP/00900.m2ts": 99}

    assert main_feature(DiscKind.BLU_RAY, sizes) == ("BDMV/STREAM/00800.m2ts",)


def test_parts_of_the_largest_title_set_of_a_dvd_are_the_film() -> None:
    sizes = {
        "VIDEO_TS.VOB": 99,
        "VTS_01_0.VOB": 99,
        "VTS_01_1.VOB": 10,
        "VTS_02_0.VOB": 1,
        "VTS_02_2.VOB": 9,
        "VTS_02_1.VOB": 9,
    }

    assert main_feature(DiscKind.DVD, sizes) == ("VTS_02_1.VOB", "VTS_02_2.VOB")


def test_empty_disc_has_no_feature() -> None:
    assert main_feature(DiscKind.DVD, {"VIDEO_TS.IFO": 1}) == ()
    assert main_feature(DiscKind.BLU_RAY, {}) == ()


def test_disc_film_is_named_by_its_folder() -> None:
    film = disc_movie("Dream (2010) {edition-Extended}", ("VTS_01_1.VOB", "VTS_01_2.VOB"))

    assert (film.title, film.year) == ("Dream", 2010)
    assert film.versions[0].label == "Extended"
    assert film.versions[0].files == ("VTS_01_1.VOB", "VTS_01_2.VOB")
