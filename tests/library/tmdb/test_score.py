"""Every clause of the rule by which a film of TMDb is accepted (watch contract 6.3)."""

import pytest

from homemedia.library.tmdb.score import Entry, accepted, contains, ranked, rate, similarity, year_fit


def an_entry(title: str, year: int | None = None, number: int = 1, *others: str, original: str = "") -> Entry:
    return Entry(tmdb_id=number, title=title, original_title=original, year=year, alternatives=others)


@pytest.mark.parametrize(
    ("title", "year", "entry", "score"),
    [
        pytest.param("Thorn", 1999, an_entry("Thorn", 1999), 1.0, id="same title and year"),
        pytest.param("Thorn", 1999, an_entry("Thorn", 2000), 0.88, id="a year later"),
        pytest.param("Thorn", 1999, an_entry("Thorn", 1998), 0.88, id="a year before"),
        pytest.param("Thorn", 1999, an_entry("Thorn", 2001), 0.7, id="two years later"),
        pytest.param("Thorn", 1999, an_entry("Thorn"), 0.85, id="TMDb knows no year"),
        pytest.param("Thorn", None, an_entry("Thorn", 1999), 0.85, id="the name tells no year"),
        pytest.param("Thorn", 1999, an_entry("Thorn Warfare", 1999), 0.85, id="contained, so all words and yet less"),
        pytest.param("Thorn Warfare", 2017, an_entry("Thorn", 2017), 0.85, id="contains"),
        pytest.param("Thorn", 1999, an_entry("Thorn Warfare", 2017), 0.55, id="Alien is not Alien Warfare"),
        pytest.param("The Keeper", 2024, an_entry("Keeper of the Gate", 2024), 0.85, id="contained in its words"),
        pytest.param("THÖRN", 1999, an_entry("Thorn", 1999), 1.0, id="marks and case do not count"),
        pytest.param("Salt & Road", 1999, an_entry("Salt and Road", 1999), 1.0, id="& is and"),
        pytest.param("Harbour, Late!", 1999, an_entry("Harbour Late", 1999), 1.0, id="punctuation is a blank"),
        pytest.param("Late Harbour", 1999, an_entry("Harbour, Late", 1999), 1.0, id="order of words does not count"),
        pytest.param("Tuz Yolu", 2014, an_entry("Salt Road", 2014, original="Tuz Yolu"), 1.0, id="original title"),
        pytest.param("Tief im Tann", 2019, an_entry("Deep Fir", 2019, 1, "X", "Tief im Tann"), 1.0, id="other title"),
        pytest.param("???", 2019, an_entry("???", 2019), 1.0, id="a title of signs"),
        pytest.param("Aa", 2019, an_entry("Zz", 1950), 0.0, id="nothing in common"),
    ],
)
def test_score(title: str, year: int | None, entry: Entry, score: float) -> None:
    assert rate(title, year, entry).score == pytest.approx(score, abs=0.001)


@pytest.mark.parametrize(
    ("title", "year", "entries", "wanted"),
    [
        pytest.param("Thorn", 1999, [an_entry("Thorn", 1999, 1), an_entry("Thorn Warfare", 2017, 2)], 1, id="sure"),
        pytest.param("Thorn", 1999, [an_entry("Thorn Warfare", 2017, 2)], None, id="a wrong one alone"),
        pytest.param("Thorn", 1999, [], None, id="none"),
        pytest.param("Thorn", 1999, [an_entry("Thorn", 2000, 1)], 1, id="a year off is just enough"),
        pytest.param("Thorn", 1999, [an_entry("Thorn", 2002, 1)], None, id="three years off are not"),
        pytest.param("Thorn", None, [an_entry("Thorn", 1999, 1)], None, id="a film without a year is nobody's"),
        pytest.param(
            "The Keeper", 2024, [an_entry("The Keeper", 1984, 2), an_entry("The Keeper", 2024, 1)], 1, id="year decides"
        ),
        pytest.param(
            "The Keeper", 2024, [an_entry("The Keeper", 2024, 1), an_entry("The Keeper", 2024, 2)], None, id="twins"
        ),
        pytest.param(
            "Thorn", 1999, [an_entry("Thorn", 1998, 1), an_entry("Thorn", 2000, 2)], None, id="not ahead of the next"
        ),
        pytest.param(
            "Quiet Engines",
            2004,
            [an_entry("Quiet Engines", 2004, 1), an_entry("Quiet Enginess", 2004, 2)],
            1,
            id="a sole exact title with the year wins however near the next is",
        ),
    ],
)
def test_accepted(title: str, year: int | None, entries: list[Entry], wanted: int | None) -> None:
    hit = accepted(ranked(title, year, entries), year)

    assert (hit.entry.tmdb_id if hit else None) == wanted


def test_show_without_a_year_is_taken_when_its_title_is_there_once() -> None:
    late = [an_entry("Late Show", 2016, 1), an_entry("The Late Show Tonight", 1998, 2)]
    lumen = [an_entry("Lumen Street", 2021, 1), an_entry("Lumen Street", 2004, 2)]

    hit = accepted(ranked("late show", None, late), None, trusts_title=True)

    assert hit is not None
    assert hit.entry.tmdb_id == 1
    assert accepted(ranked("Lumen Street", None, lumen), None, trusts_title=True) is None


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("harbour lights", "harbour lights", 1.0),
        ("lights harbour", "harbour lights", 1.0),
        ("harbour", "harbour lights", 1.0),
        ("abc", "xyz", 0.0),
    ],
)
def test_similarity(left: str, right: str, expected: float) -> None:
    assert similarity(left, right) == pytest.approx(expected)
    assert similarity(right, left) == pytest.approx(expected)


def test_near_titles_are_near_and_not_equal() -> None:
    assert 0.7 < similarity("harbour late", "harbour lights") < 0.9


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("thorn", "thorn", False),
        ("thorn", "thorn warfare", True),
        ("thorns", "thorn", True),
        ("the keeper", "keeper of the gate", True),
        ("harbour late", "harbour lights", False),
    ],
)
def test_contains(left: str, right: str, *, expected: bool) -> None:
    assert contains(left, right) is expected
    assert contains(right, left) is expected


@pytest.mark.parametrize(
    ("wanted", "found", "expected"),
    [(1999, 1999, 1.0), (1999, 2000, 0.6), (1999, 1998, 0.6), (1999, 2001, 0.0), (None, 1999, 0.5), (1999, None, 0.5)],
)
def test_year_fit(wanted: int | None, found: int | None, expected: float) -> None:
    assert year_fit(wanted, found) == expected
