"""Taking back: of an edit only what it changed, and of that only what nobody changed since."""

import pytest

from homemedia.library.editing.history import taken_back

TITLE, SUMMARY = "field/manual/title", "field/manual/summary"


@pytest.mark.parametrize(
    ("before", "after", "current", "expected"),
    [
        ({}, {TITLE: ["B", 1]}, {TITLE: ["B", 1]}, {TITLE: None}),
        ({TITLE: ["A", 1]}, {TITLE: ["B", 1]}, {TITLE: ["B", 1]}, {TITLE: ["A", 1]}),
        ({TITLE: ["A", 1]}, {}, {}, {TITLE: ["A", 1]}),
        ({TITLE: ["A", 1]}, {TITLE: ["B", 1]}, {TITLE: ["C", 1]}, {}),
        (
            {TITLE: ["A", 1]},
            {TITLE: ["A", 1], SUMMARY: ["S", 1]},
            {TITLE: ["C", 1], SUMMARY: ["S", 1]},
            {SUMMARY: None},
        ),
        (
            {"ids": [1, None, None, 1]},
            {"ids": [2, None, None, 1]},
            {"ids": [2, None, None, 1]},
            {"ids": [1, None, None, 1]},
        ),
        (
            {"match": ["auto", 1, "x", 0.9]},
            {"match": ["manual", 2, "x", None]},
            {"match": ["manual", 2, "y", None]},
            {"match": ["auto", 1, "x", 0.9]},
        ),
        ({"field/tmdb/title": ["A", 0]}, {"field/tmdb/title": ["B", 0]}, {"field/tmdb/title": ["B", 0]}, {}),
    ],
    ids=[
        "added",
        "changed",
        "taken away",
        "changed since",
        "another since",
        "ids",
        "match refreshed since",
        "not by hand",
    ],
)
def test_what_an_undo_sets(
    before: dict[str, object], after: dict[str, object], current: dict[str, object], expected: dict[str, object]
) -> None:
    assert taken_back(before, after, current, by_hand=True) == expected


def test_match_takes_back_what_tmdb_said() -> None:
    before, after = {"field/tmdb/title": ["A", 0]}, {"field/tmdb/title": ["B", 0]}

    assert taken_back(before, after, after, by_hand=False) == before


def test_choice_is_put_back_after_the_picture_it_names() -> None:
    before = {"choice/thumb": "/p.jpg", "picture/thumb/manual//p.jpg": {"content_hash": "h"}}

    assert list(taken_back(before, {}, {}, by_hand=True)) == ["picture/thumb/manual//p.jpg", "choice/thumb"]
