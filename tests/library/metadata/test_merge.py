"""Which source wins, field by field."""

from typing import Any

import pytest

from homemedia.library.metadata.merge import Won, columns_of, merge
from homemedia.library.metadata.store import ITEM_COLUMNS


def current(**more: Any) -> dict[str, Any]:
    columns: dict[str, Any] = dict.fromkeys(ITEM_COLUMNS)
    columns |= {"title": "heat", "sort_title": "heat", "letter": "H", "kind": "movie", "is_matched": 0}
    return columns | more


def test_sources_win_in_order() -> None:
    fields: dict[Any, dict[str, Any]] = {
        "filename": {"title": "file", "year": 1, "rating": 1, "studio": "f", "summary": "f"},
        "tmdb": {"title": "tmdb", "year": 2, "rating": 2, "studio": "t"},
        "embedded": {"title": "tags", "year": 3, "rating": 3},
        "nfo": {"title": "nfo", "year": 4},
        "manual": {"title": "mine"},
    }

    assert merge(fields) == {
        "title": Won("mine", "manual"),
        "year": Won(4, "nfo"),
        "rating": Won(3, "embedded"),
        "studio": Won("t", "tmdb"),
        "summary": Won("f", "filename"),
    }


def test_silence_does_not_win_but_a_field_somebody_emptied_stays_empty() -> None:
    assert merge({"nfo": {"title": "", "genres": []}, "filename": {"title": "A"}}) == {"title": Won("A", "filename")}
    assert merge({"manual": {"summary": None}, "nfo": {"summary": "B"}}) == {"summary": Won(None, "manual")}


def test_locked_field_stays_with_its_source() -> None:
    fields: dict[Any, dict[str, Any]] = {"nfo": {"title": "A"}, "filename": {"title": "B"}}

    assert merge(fields, {"title": "filename"}) == {"title": Won("B", "filename")}
    assert merge(fields, {"title": "tmdb"}) == {"title": Won("A", "nfo")}


@pytest.mark.parametrize(
    ("winning", "expected"),
    [
        pytest.param({"title": "Heat"}, {"title": "Heat"}, id="title with the same sort title"),
        pytest.param(
            {"title": "The Grey Harbour"},
            {"title": "The Grey Harbour", "sort_title": "grey harbour", "letter": "G"},
            id="sort title follows",
        ),
        pytest.param(
            {"title": "Heat", "sort_title": "Zz 1"},
            {"title": "Heat", "sort_title": "zz 00000001", "letter": "Z"},
            id="own sort title",
        ),
        pytest.param({"rating": 7.5}, {"rating": 7.5}, id="a plain column"),
        pytest.param({"tmdb_id": 5}, {"tmdb_id": 5, "is_matched": 1}, id="an id is a match"),
        pytest.param({"number": 3, "number_end": 2}, {"number": 3}, id="end before the beginning"),
        pytest.param({"genres": ["A"]}, {}, id="lists are no columns"),
    ],
)
def test_columns(winning: dict[str, Any], expected: dict[str, Any]) -> None:
    won = {field: Won(value, "nfo") for field, value in winning.items()}

    assert columns_of(won, current(), frozenset(winning), "en") == expected


def test_field_nobody_speaks_of_any_more_is_emptied_but_a_title_stays() -> None:
    before = current(summary="Old.", title="Old", sort_title="old", letter="O", studio="Kept")

    assert columns_of({}, before, frozenset({"summary", "title"}), "en") == {"summary": None}


def test_length_of_an_nfo_counts_only_where_no_file_was_measured() -> None:
    won: dict[str, Won] = {"duration_ms": Won(60_000, "nfo")}

    assert columns_of(won, current(duration_ms=None), frozenset(), "en") == {"duration_ms": 60_000}
    assert columns_of(won, current(duration_ms=59_000), frozenset(), "en") == {}
