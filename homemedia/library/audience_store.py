"""The statements that keep who an item is for; when and how is `audience.py`'s matter."""

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from homemedia.core.db import as_json

DUE = "SELECT item_id FROM audience_due ORDER BY item_id LIMIT :limit"
DONE = "DELETE FROM audience_due WHERE item_id IN (SELECT value FROM json_each(:ids))"
# Due items and all below them; who hangs on what, and what each says of itself.
TREE = """
    WITH RECURSIVE tree (item_id) AS (
        SELECT value FROM json_each(:ids)
         UNION
        SELECT below.item_id FROM tree CROSS JOIN item AS below INDEXED BY item_parent
         WHERE below.parent_id = tree.item_id
    )
    SELECT item.item_id, item.parent_id, item.content_rating, item.audience_id,
           coalesce(json_extract(library.options, '$.country'), 'US') AS country,
           (SELECT json_group_array(item_label.value) FROM item_label
             WHERE item_label.item_id = item.item_id AND item_label.kind = 'label') AS labels,
           parent.audience_id AS above_id
      FROM tree
     CROSS JOIN item ON item.item_id = tree.item_id
     CROSS JOIN library ON library.library_id = item.library_id
      LEFT JOIN item AS parent ON parent.item_id = item.parent_id
"""
AUDIENCES = """
    SELECT audience_id, country, rating, labels FROM audience
     WHERE audience_id IN (SELECT value FROM json_each(:ids))
"""
FIND = "SELECT audience_id FROM audience WHERE country = :country AND rating = :rating AND labels = :labels"
MAKE = """
    INSERT INTO audience (country, rating, labels, age) VALUES (:country, :rating, :labels, :age)
    RETURNING audience_id
"""
ADD_LABEL = "INSERT INTO audience_label (audience_id, label) VALUES (:audience_id, :label)"
SET = "UPDATE item SET audience_id = :audience_id WHERE item_id = :item_id"
RATED = "SELECT audience_id, country, rating, age FROM audience WHERE rating <> ''"
SET_AGE = "UPDATE audience SET age = :age WHERE audience_id = :audience_id"


class Audience(msgspec.Struct, frozen=True):
    """Who something is for: `rating` folded, '' when there is none, and the country it is read in; folded labels."""

    country: str = ""
    rating: str = ""
    labels: frozenset[str] = frozenset()


class Node(msgspec.Struct, frozen=True):
    """An item with what it says of itself, and the audiences it and the item above have now."""

    item_id: int
    parent_id: int | None
    content_rating: str | None
    audience_id: int
    country: str
    labels: tuple[str, ...]
    above_id: int | None


def due(connection: sqlite3.Connection, limit: int) -> list[int]:
    return [row[0] for row in connection.execute(DUE, {"limit": limit})]


def done(connection: sqlite3.Connection, item_ids: Sequence[int]) -> None:
    connection.execute(DONE, {"ids": as_json(item_ids)})


def tree(connection: sqlite3.Connection, item_ids: Sequence[int]) -> dict[int, Node]:
    """These items and all below them, by id; those that are gone are left out."""
    return {
        row["item_id"]: Node(
            item_id=row["item_id"],
            parent_id=row["parent_id"],
            content_rating=row["content_rating"],
            audience_id=row["audience_id"],
            country=row["country"],
            labels=tuple(msgspec.json.decode(row["labels"])),
            above_id=row["above_id"],
        )
        for row in connection.execute(TREE, {"ids": as_json(item_ids)})
    }


def audiences(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, Audience]:
    rows = connection.execute(AUDIENCES, {"ids": as_json(list(ids))})
    return {row[0]: Audience(row[1], row[2], frozenset(msgspec.json.decode(row[3]))) for row in rows}


def audience_id(connection: sqlite3.Connection, audience: Audience, age: int | None) -> int:
    """The number of an audience; it is made when nothing had it so far."""
    args = {"country": audience.country, "rating": audience.rating, "labels": _texts(audience.labels)}
    found = connection.execute(FIND, args).fetchone()
    if found is not None:
        return int(found[0])
    made = int(connection.execute(MAKE, args | {"age": age}).fetchone()[0])
    connection.executemany(ADD_LABEL, [{"audience_id": made, "label": label} for label in audience.labels])
    return made


def assign(connection: sqlite3.Connection, chosen: Iterable[tuple[int, int]]) -> None:
    """Write (item id, audience id)."""
    connection.executemany(SET, [{"item_id": item_id, "audience_id": number} for item_id, number in chosen])


def rated(connection: sqlite3.Connection) -> list[tuple[int, str, str, int | None]]:
    """Number, country, rating and age of every audience with a rating."""
    return [tuple(row) for row in connection.execute(RATED)]


def set_ages(connection: sqlite3.Connection, ages: Iterable[tuple[int, int | None]]) -> None:
    connection.executemany(SET_AGE, [{"audience_id": number, "age": age} for number, age in ages])


def _texts(texts: Iterable[str]) -> str:
    return as_json(sorted(texts))
