"""Statements of "what would this member see"; when an item is visible is said by `visible.py`."""

from collections.abc import Sequence

import msgspec

from homemedia.core.db import Reader, as_json
from homemedia.library.audience_store import Audience
from homemedia.library.visible import ITEM_SQL, Visible

COUNT = f"""
    SELECT count(*) AS number, coalesce(sum(CASE WHEN {{visible}} THEN 1 ELSE 0 END), 0) AS seen
      FROM item
     WHERE item.library_id = :library_id AND item.kind = :kind AND {ITEM_SQL}
"""  # noqa: S608 - put together from our own constants
SEEN = """
    SELECT item.item_id FROM item
     WHERE item.library_id = :library_id AND item.kind = :kind AND {visible}
     ORDER BY item.sort_title, item.item_id
     LIMIT :limit
"""
HIDDEN = f"""
    SELECT item.item_id FROM item
     WHERE item.library_id = :library_id AND item.kind = :kind AND {ITEM_SQL} AND NOT {{visible}}
     ORDER BY item.sort_title, item.item_id
     LIMIT :limit
"""  # noqa: S608 - put together from our own constants
AUDIENCES = """
    SELECT item.item_id, audience.age, audience.country, audience.rating, audience.labels
      FROM item JOIN audience ON audience.audience_id = item.audience_id
     WHERE item.item_id IN (SELECT value FROM json_each(:ids)) AND {visible}
"""


class Counted(msgspec.Struct, frozen=True):
    """How many there are, and how many of them are seen."""

    number: int
    seen: int


class Known(msgspec.Struct, frozen=True):
    """Who an item is for, and from which age; None where its rating says none."""

    audience: Audience
    age: int | None


async def count(read: Reader, visible: Visible, library_id: str, kind: str) -> Counted:
    args = {**visible.args, "library_id": library_id, "kind": kind}
    row = (await read(COUNT.format(visible=visible.sql), args))[0]
    return Counted(row["number"], row["seen"])


async def seen(read: Reader, visible: Visible, library_id: str, kind: str, limit: int) -> list[int]:
    """Items by title."""
    args = {**visible.args, "library_id": library_id, "kind": kind, "limit": limit}
    return [row["item_id"] for row in await read(SEEN.format(visible=visible.sql), args)]


async def hidden(read: Reader, visible: Visible, library_id: str, kind: str, limit: int) -> list[int]:
    """Items by title; of those that are there, which are not seen."""
    args = {**visible.args, "library_id": library_id, "kind": kind, "limit": limit}
    return [row["item_id"] for row in await read(HIDDEN.format(visible=visible.sql), args)]


async def audiences(read: Reader, visible: Visible, item_ids: Sequence[int]) -> dict[int, Known]:
    """By item; without rating and labels an item is for everybody, and left out."""
    args = {**visible.args, "ids": as_json(item_ids)}
    return {
        row["item_id"]: Known(
            Audience(row["country"], row["rating"], frozenset(msgspec.json.decode(row["labels"]))), row["age"]
        )
        for row in await read(AUDIENCES.format(visible=visible.sql), args)
    }
