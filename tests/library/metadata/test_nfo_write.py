"""What is written into an NFO file is read again, and all else stands as it stood."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homemedia.library.metadata.facts import facts_of
from homemedia.library.metadata.nfo import parse
from homemedia.library.metadata.nfo_write import CannotWriteNfo, changed_nfo, new_nfo

KINDS = ["movie", "show", "season", "episode", "video"]

OLD = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<!-- made by hand -->
<movie>
    <title>Old</title>
    <originaltitle>Alt</originaltitle>
    <ratings>
        <rating name="imdb" max="10" default="true"><value>7.1</value><votes>12</votes></rating>
    </ratings>
    <plot>Old plot &amp; more</plot>
    <outline>Short</outline>
    <genre>Drama</genre>
    <genre>Crime</genre>
    <!-- the cast -->
    <actor><name>N. N.</name><role>Anna</role></actor>
    <set><name>Saga</name><overview>All of them</overview></set>
    <uniqueid type="imdb" default="true">tt0000001</uniqueid>
    <fileinfo><streamdetails><video><codec>h264</codec></video></streamdetails></fileinfo>
    <custom x="1">a &lt; b</custom>
</movie>
https://www.imdb.com/title/tt0000001/
"""


def read(kind: str, raw: bytes, season: int | None = None) -> dict[str, Any]:
    return facts_of(kind, parse(raw), "US", season=season)


def lines_of(raw: bytes) -> set[str]:
    return set(raw.decode().splitlines())


@pytest.mark.parametrize(
    ("field", "value", "gone", "come"),
    [
        ("title", "New & <best>", {"    <title>Old</title>"}, {"    <title>New &amp; &lt;best&gt;</title>"}),
        ("tagline", "Run.", set(), {"    <tagline>Run.</tagline>"}),
        ("original_title", None, {"    <originaltitle>Alt</originaltitle>"}, set()),
        (
            "summary",
            "One.\n\nTwo.",
            {"    <plot>Old plot &amp; more</plot>", "    <outline>Short</outline>"},
            {"    <plot>One.", "", "Two.</plot>"},
        ),
        ("genres", ["Drama", "Noir"], {"    <genre>Crime</genre>"}, {"    <genre>Noir</genre>"}),
        ("genres", [], {"    <genre>Drama</genre>", "    <genre>Crime</genre>"}, set()),
        ("labels", ["kids"], set(), {"    <tag>kids</tag>"}),
        (
            "collection",
            "Cycle",
            {"    <set><name>Saga</name><overview>All of them</overview></set>"},
            {"    <set><name>Cycle</name><overview>All of them</overview></set>"},
        ),
        (
            "imdb_id",
            "tt7654321",
            {'    <uniqueid type="imdb" default="true">tt0000001</uniqueid>'},
            {'    <uniqueid type="imdb" default="true">tt7654321</uniqueid>'},
        ),
        ("tmdb_id", 603, set(), {'    <uniqueid type="tmdb">603</uniqueid>'}),
        (
            "rating",
            8.25,
            {
                "    <ratings>",
                '        <rating name="imdb" max="10" default="true"><value>7.1</value><votes>12</votes></rating>',
            },
            {
                '    <ratings><rating name="homemedia" max="10" default="true"><value>8.25</value></rating>',
                '        <rating name="imdb" max="10" default="false"><value>7.1</value><votes>12</votes></rating>',
            },
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_field_changes_its_own_lines_alone(field: str, value: object, gone: set[str], come: set[str]) -> None:
    made = changed_nfo(OLD.encode(), "movie", {field: value})

    assert set(OLD.splitlines()) - lines_of(made) == gone
    assert lines_of(made) - set(OLD.splitlines()) == come
    assert read("movie", made).get(field) == (value or None)


def test_nothing_changed_is_the_same_file() -> None:
    assert changed_nfo(OLD.encode(), "movie", {}) == OLD.encode()


def test_change_and_its_undoing_leave_the_file_as_it_was() -> None:
    changed = changed_nfo(
        OLD.encode(), "movie", {"title": "New", "tagline": "Run.", "tmdb_id": 603, "genres": ["Noir"], "rating": 3.5}
    )
    back = {"title": "Old", "tagline": None, "tmdb_id": None, "genres": ["Drama", "Crime"], "rating": 7.1}

    assert changed_nfo(changed, "movie", back) == OLD.encode()


@pytest.mark.parametrize(
    "raw",
    [
        b"<movie/>",
        b"<movie></movie>",
        b"<movie>\r\n  <title>Old</title>\r\n</movie>\r\n",
        b"\xef\xbb\xbf<movie><title>Old</title></movie>",
        '<?xml version="1.0" encoding="iso-8859-1"?><movie><plot>\xe9t\xe9</plot></movie>'.encode("latin-1"),
        '<?xml version="1.0" encoding="UTF-16"?><movie><plot>\xe9t\xe9</plot></movie>'.encode("utf-16"),
        b"<MOVIE><TITLE>Old</TITLE><Genre>A / B</Genre></MOVIE>",
        b"<movie><title><![CDATA[<title>Old</title>]]></title><plot>a & b &nbsp; c</plot></movie>",
        b"<movie><title>Old</title></movie>\nhttps://www.themoviedb.org/movie/603",
        b"https://www.themoviedb.org/movie/603",
        b"<!-- made --><movie a=\">\"><title b='/'>Old</title><x/><title>Older</title></movie>",
    ],
)
def test_files_of_every_habit_take_a_new_title(raw: bytes) -> None:
    made = changed_nfo(raw, "movie", {"title": "New \u6771", "year": 1999})
    before = read("movie", raw)

    assert read("movie", made) == before | {"title": "New \u6771", "year": 1999}


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"", "movie"),
        (b"no xml at all", "movie"),
        (b"<movie><title>Old</movie>", "movie"),
        (b"<movie><title>Old</title>", "movie"),
        (b"<tvshow><title>Old</title></tvshow>", "movie"),
        (b"<movie><title>Old</title></movie>", "episode"),
        (
            b"<episodedetails><title>A</title></episodedetails><episodedetails><title>B</title></episodedetails>",
            "episode",
        ),
        (b'<movie><!DOCTYPE x [<!ENTITY e "boo">]><title>&e;</title></movie>', "movie"),
        (b"<movie>" + b"x" * (5 << 20) + b"</movie>", "movie"),
    ],
    ids=["empty", "prose", "crossed", "open", "show", "other", "several", "doctype", "large"],
)
def test_file_that_is_not_understood_is_not_touched(raw: bytes, kind: str) -> None:
    with pytest.raises(CannotWriteNfo) as refused:
        changed_nfo(raw, kind, {"title": "New"})

    assert str(refused.value).endswith(".")


def test_new_file_is_one_that_others_read() -> None:
    made = new_nfo("episode", {"title": "Pilot", "number": 1, "genres": ["Drama", "Noir"]}, season=2)

    assert made.decode() == (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<episodedetails>\n  <season>2</season>\n'
        "  <title>Pilot</title>\n  <episode>1</episode>\n  <genre>Drama</genre>\n  <genre>Noir</genre>\n"
        "</episodedetails>\n"
    )


# Words as they come out of the edit page: one line, no blanks at the ends; the signs that divide lists in NFO left out.
WORD = (
    st.text("ab\u00e9\u00df\u6771\U0001f600&<>\"'];- \u0301", min_size=1, max_size=20)
    .map(lambda text: " ".join(unicodedata.normalize("NFC", text).split()))
    .filter(bool)
)
LIST = st.lists(WORD, max_size=4, unique_by=lambda text: text.casefold())
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "title": WORD,
        "original_title": WORD.map(lambda text: f"{text} original"),
        "sort_title": WORD,
        "year": st.none() | st.integers(1870, 2100),
        "release_date": st.dates().filter(lambda day: 1870 <= day.year <= 2100).map(lambda day: day.isoformat()),
        "summary": st.none() | WORD,
        "tagline": st.none() | WORD,
        "content_rating": st.sampled_from([None, "PG-13", "TV-MA", "16", "FSK 12"]),
        "rating": st.none() | st.integers(1, 1000).map(lambda number: number / 100),
        "studio": st.none() | WORD,
        "collection": st.none() | WORD,
        "genres": LIST,
        "labels": LIST,
        "directors": LIST,
        "writers": LIST,
        "tmdb_id": st.none() | st.integers(1, (1 << 31) - 1),
        "imdb_id": st.none() | st.integers(0, 10**9).map(lambda number: f"tt{number:07}"),
        "tvdb_id": st.none() | st.integers(1, (1 << 31) - 1),
    },
)


def known(values: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in values.items() if value not in (None, "", [])}


@settings(max_examples=40, deadline=None)
@given(kind=st.sampled_from(KINDS), values=VALUES)
def test_new_file_is_read_to_the_same_facts(kind: str, values: dict[str, Any]) -> None:
    found = read(kind, new_nfo(kind, values))

    # A date tells a year too, and when an episode was first shown.
    implied = {"air_date"} | ({"year"} if not values.get("year") else set())
    assert {field: value for field, value in found.items() if field not in implied} == {
        field: value for field, value in known(values).items() if field not in implied
    }


@settings(max_examples=40, deadline=None)
@given(values=VALUES)
def test_changed_file_is_read_to_the_same_facts_and_keeps_the_rest(values: dict[str, Any]) -> None:
    before = read("movie", OLD.encode())

    made = changed_nfo(OLD.encode(), "movie", values)

    found = read("movie", made)
    for field, value in values.items():
        if (field in {"year", "rating"} and value is None) or field == "imdb_id":
            continue  # a date tells a year too, others rated it as well, the address below the root is an id
        assert found.get(field) == (value if value != [] else None), field
    assert {field: value for field, value in found.items() if field not in {*values, "year", "votes"}} == {
        field: value for field, value in before.items() if field not in {*values, "year", "votes"}
    }
    assert '    <custom x="1">a &lt; b</custom>' in made.decode().splitlines()
    assert "    <!-- the cast -->" in made.decode().splitlines()


@settings(max_examples=40, deadline=None)
@given(first=VALUES, second=VALUES)
def test_writing_twice_is_writing_once(first: dict[str, Any], second: dict[str, Any]) -> None:
    once = changed_nfo(changed_nfo(OLD.encode(), "movie", first), "movie", second)

    assert changed_nfo(once, "movie", second) == once
