"""What a body means for an item, before anything is written."""

from typing import Any

import msgspec
import pytest

from homemedia.core.problems import BadRequest
from homemedia.library.editing.wire import BulkChanges, ItemChanges
from homemedia.library.editing.wishes import FIELDS_OF, Present, Wish, bulk_wish_of, same, step_of, wish_of


def wish(**body: Any) -> Wish:
    return wish_of(msgspec.json.decode(msgspec.json.encode(body), type=ItemChanges))


def an_item(kind: str = "movie", manual: dict[str, Any] | None = None, **values: Any) -> Present:
    return Present(kind=kind, values={"title": "Old", **values}, manual=manual or {})


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"title": "  New \n title\u0000 "}, {"title": "New title"}),
        ({"fields": {"title": "Inside"}, "title": "At the top"}, {"title": "At the top"}),
        ({"fields": {"year": 1999, "unknown": 1}, "whatever": [1]}, {"year": 1999}),
        ({"summary": " One.\r\n\r\nTwo. "}, {"summary": "One.\n\nTwo."}),
        ({"summary": "", "tagline": None, "studio": "  "}, {"summary": None, "tagline": None, "studio": None}),
        ({"genres": [" Drama ", "drama", "", "Noir"]}, {"genres": ["Drama", "Noir"]}),
        ({"labels": None}, {"labels": []}),
        ({"releaseDate": "2020-02-29", "airDate": ""}, {"release_date": "2020-02-29", "air_date": None}),
        ({"rating": 8, "contentRating": "PG"}, {"rating": 8.0, "content_rating": "PG"}),
        ({"index": 3, "parentIndex": 1}, {"number": 3, "parent_number": 1}),
        ({"title": "Cafe\u0301"}, {"title": "Caf\u00e9"}),
    ],
)
def test_fields_are_cleaned(body: dict[str, Any], fields: dict[str, Any]) -> None:
    assert wish(**body).fields == fields


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"title": None}, ["title"]),
        ({"title": " \t "}, ["title"]),
        ({"fields": {"title": None}, "releaseDate": "2023-02-29"}, ["releaseDate", "fields.title"]),
        ({"airDate": "0999-01-01"}, ["airDate"]),
        ({"locked": ["title", "colour"], "unlock": ["nothing"]}, ["locked[1]", "unlock[0]"]),
    ],
)
def test_what_cannot_be_is_told_field_by_field(body: dict[str, Any], fields: list[str]) -> None:
    with pytest.raises(BadRequest) as refused:
        wish(**body)

    assert [entry["field"] for entry in refused.value.details] == fields
    assert refused.value.code == "invalid_request"


@pytest.mark.parametrize(
    ("ids", "columns"),
    [
        ({"tmdb": 603}, {"tmdb_id": 603}),
        ({"tmdb": "603", "tvdb": "81189"}, {"tmdb_id": 603, "tvdb_id": 81189}),
        ({"imdb": "tt0133093"}, {"imdb_id": "tt0133093"}),
        ({"tmdb": None, "imdb": "", "tvdb": ""}, {"tmdb_id": None, "imdb_id": None, "tvdb_id": None}),
    ],
)
def test_ids_are_numbers_however_they_come(ids: dict[str, Any], columns: dict[str, Any]) -> None:
    assert wish(ids=ids).ids == columns


def test_value_that_stands_there_is_no_edit() -> None:
    item = an_item(title="Heat", year=1995, genres=["Crime"], tmdb_id=949)

    step = step_of(wish(title="Heat", year=1995, genres=["Crime"], tagline="", ids={"tmdb": 949}), item, strict=True)

    assert not step


def test_locking_holds_on_to_the_value_of_this_moment() -> None:
    step = step_of(wish(locked=["year", "tagline", "title"]), an_item(manual={"title": "Old"}, year=1995), strict=True)

    assert step.put == {"year": 1995, "tagline": None}


def test_unlocking_gives_a_field_back_to_its_source() -> None:
    item = an_item(manual={"title": "Mine", "year": 1999, "tmdb_id": 1})

    step = step_of(wish(unlock=["title", "summary", "ids"]), item, strict=True)

    assert (dict(step.put), set(step.drop)) == ({}, {"title", "tmdb_id"})


def test_value_given_with_its_unlocking_is_kept() -> None:
    step = step_of(wish(title="New", unlock=["title"]), an_item(manual={"title": "Mine"}), strict=True)

    assert (step.put, step.drop) == ({"title": "New"}, frozenset())


@pytest.mark.parametrize(
    ("kind", "body"),
    [("season", {"index": 2}), ("episode", {"parentIndex": 2}), ("track", {"parentIndex": 2})],
)
def test_place_that_follows_from_the_file_is_not_edited(kind: str, body: dict[str, Any]) -> None:
    item = an_item(kind, number=1, parent_number=1)

    with pytest.raises(BadRequest, match="file") as refused:
        step_of(wish(**body), item, strict=True)

    assert refused.value.details[0]["field"] == next(iter(body))
    assert not step_of(wish(**body), item, strict=False)
    assert not step_of(wish(**dict.fromkeys(body, 1)), item, strict=True)


def test_field_that_a_kind_does_not_have_is_ignored() -> None:
    assert not step_of(wish(tagline="Run.", collection="Saga", directors=["N. N."]), an_item("track"), strict=True)


def bulk(**body: Any) -> Wish:
    return bulk_wish_of(msgspec.json.decode(msgspec.json.encode({"ratingKeys": ["a", "b"], **body}), type=BulkChanges))


def test_labels_and_genres_are_added_and_taken_away() -> None:
    item = an_item(labels=["Kids", "summer"], genres=["Sci-Fi"])

    step = step_of(
        bulk(
            addLabels=["kids", "Winter"], removeLabels=["SUMMER"], addGenres=["Drama"], removeGenres=["Science Fiction"]
        ),
        item,
        strict=False,
    )

    assert step.put == {"labels": ["Kids", "Winter"], "genres": ["Drama"]}


def test_many_items_cannot_have_one_number() -> None:
    with pytest.raises(BadRequest) as refused:
        bulk(set={"index": 1})

    assert refused.value.details == [{"field": "set.index", "reason": "cannot be the same of several items"}]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (None, "", True),
        ([], None, True),
        (0, None, False),
        (0, 0, True),
        ("a", "a", True),
        ([1], [1], True),
        (1, 2, False),
    ],
)
def test_nothing_is_nothing(one: object, other: object, expected: bool) -> None:  # noqa: FBT001
    assert same(one, other) is expected


def test_every_kind_has_a_title_and_labels() -> None:
    assert all({"title", "labels"} <= set(fields) for fields in FIELDS_OF.values())
