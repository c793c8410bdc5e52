"""What is asked about an item, from the names of its files."""

import pytest

from homemedia.library.naming.titles import Ids
from homemedia.library.tmdb.asking import Asking, Named, Try, asking, named

NOWHERE = Ids()


def asked(kind: str, title: str, year: int | None, path: str, **more: object) -> Asking:
    told: dict[str, object] = {"stated": NOWHERE, "original": None, "language": "en"} | more
    return asking(kind, title=title, year=year, names=named(kind, title, [path]), **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "year", "path", "tries"),
    [
        pytest.param(
            "Thorn", 1999, "Thorn (1999)/Thorn (1999).mkv", [Try("Thorn", 1999)], id="a certain year is tried alone"
        ),
        pytest.param("Thorn", None, "Thorn/Thorn.mkv", [Try("Thorn", None)], id="no year"),
        pytest.param(
            "Winter Queen",
            1986,
            "Winter Queen 1986.mkv",
            [
                Try("Winter Queen", 1986),
                Try("Winter Queen"),
                Try("Winter Queen 1986", trusts_title=True),
            ],
            id="a soft year with, without, and back in the title",
        ),
        pytest.param(
            "Other",
            1999,
            "Thorn 1999.mkv",
            [Try("Other", 1999)],
            id="a title that somebody else told makes the year of the name no softer",
        ),
    ],
)
def test_films(title: str, year: int | None, path: str, tries: list[Try]) -> None:
    assert list(asked("movie", title, year, path).tries) == tries


def test_other_title_of_a_name_is_asked_for_next() -> None:
    found = asked("movie", "Salt Road", 2015, "Salt Road AKA Tuz Yolu (2015).mkv", original="Tuz Yolu")

    assert [one.title for one in found.tries] == ["Salt Road", "Tuz Yolu"]


@pytest.mark.parametrize(
    ("kind", "title", "path", "ids"),
    [
        ("movie", "Thorn", "Thorn (1999) [tmdbid-910006]/Thorn.mkv", Ids(tmdb=910006)),
        ("movie", "Thorn", "Thorn (1999)/Thorn (1999) {imdb-tt9100006}.mkv", Ids(imdb="tt9100006")),
        ("movie", "Thorn", "Thorn (1999) {tmdb-910006}/VIDEO_TS/VTS_01_1.VOB", Ids(tmdb=910006)),
        ("movie", "Thorn", "Thorn (1999)/Thorn (1999).mkv", NOWHERE),
        ("show", "Late Show", "Late Show [tvdbid-930002]/Season 2/Late Show S02E01.mkv", Ids(tvdb=930002)),
    ],
)
def test_ids_of_names(kind: str, title: str, path: str, ids: Ids) -> None:
    assert named(kind, title, [path]).ids == ids


def test_ids_of_nfo_stand_above_those_of_names() -> None:
    found = asking(
        "movie",
        title="Thorn",
        year=None,
        names=Named(ids=Ids(tmdb=1, imdb="tt1111111")),
        stated=Ids(tmdb=2),
        original=None,
        language="de",
    )

    assert found.ids == Ids(tmdb=2, imdb="tt1111111")


def test_show_trusts_its_title() -> None:
    found = asked("show", "Late Show", None, "Late Show/Season 2/Late Show S02E01.mkv")

    assert list(found.tries) == [Try("Late Show", None, trusts_title=True)]


def test_the_same_question_has_the_same_mark_and_another_language_another() -> None:
    one = asked("movie", "Thorn", 1999, "Thorn (1999).mkv")

    assert one.mark == asked("movie", "Thorn", 1999, "Thorn (1999).mkv").mark
    assert one.mark != asked("movie", "Thorn", 1999, "Thorn (1999).mkv", language="de").mark


def test_title_as_long_as_a_file_name_is_cut() -> None:
    found = asked("movie", "x" * 600, None, "a.mkv")

    assert len(found.tries[0].title) == 250
