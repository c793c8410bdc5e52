"""Statements on memories."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from homemedia.core.db import Reader, Write, as_json

_MEMORY = """memory.memory_id, memory.owner_id, memory.year, memory.memory_at, memory.show_at, memory.hide_at,
           memory.seen_at, memory.is_saved, memory.created_at, memory.updated_at, memory.deleted_at"""
_ASKED = """
    memory.owner_id = :owner_id AND (memory.deleted_at IS NOT NULL) = :is_trashed
       AND (:is_saved IS NULL OR memory.is_saved = :is_saved)
       AND (:shown_at IS NULL OR (ifnull(memory.show_at, :shown_at) <= :shown_at
                                  AND ifnull(memory.hide_at, :shown_at) >= :shown_at))
"""
LIST = f"""
    SELECT {_MEMORY}
      FROM memory
     WHERE {_ASKED}
     ORDER BY CASE :sort WHEN 'asc' THEN memory.memory_at WHEN 'desc' THEN -memory.memory_at ELSE random() END,
              memory.memory_id
     LIMIT :limit
"""  # noqa: S608 - constants of our own
OWN = f"""
    SELECT {_MEMORY}
      FROM memory
     WHERE memory.memory_id = :memory_id AND memory.owner_id = :owner_id AND memory.deleted_at IS NULL
"""  # noqa: S608 - constants of our own
# What is seen of a memory: the owner's own photos in his timeline, and what partners show him.
PHOTOS = """
    SELECT memory_photo.memory_id, memory_photo.photo_id
      FROM json_each(:memory_ids) AS wanted
     CROSS JOIN memory_photo ON memory_photo.memory_id = wanted.value
      JOIN photo ON photo.photo_id = memory_photo.photo_id
     WHERE photo.deleted_at IS NULL AND photo.visibility = 'timeline' AND {photo_visible}
     ORDER BY photo.local_taken_at, photo.photo_id
"""
HELD = """
    SELECT memory_photo.photo_id
      FROM json_each(:photo_ids) AS wanted
     CROSS JOIN memory_photo ON memory_photo.memory_id = :memory_id AND memory_photo.photo_id = wanted.value
"""
ADD = """
    INSERT INTO memory (memory_id, owner_id, year, memory_at, show_at, hide_at, seen_at, is_saved, created_at,
                        updated_at, stamp)
    VALUES (:memory_id, :owner_id, :year, :memory_at, :show_at, :hide_at, :seen_at, :is_saved, :created_at,
            :updated_at, :stamp)
"""
CHANGE = """
    UPDATE memory SET memory_at = :memory_at, seen_at = :seen_at, is_saved = :is_saved, updated_at = :updated_at,
                      stamp = :stamp
     WHERE memory_id = :memory_id
"""
TOUCH = "UPDATE memory SET updated_at = :now, stamp = :stamp WHERE memory_id = :memory_id"
# A memory somebody does not want is kept without its photos, so that it is not made again.
TRASH = "UPDATE memory SET deleted_at = :now, updated_at = :now, stamp = :stamp WHERE memory_id = :memory_id"
EMPTY = "DELETE FROM memory_photo WHERE memory_id = :memory_id"
PUT = """
    INSERT INTO memory_photo (memory_id, photo_id, stamp)
    SELECT :memory_id, photo.photo_id, :stamp FROM photo WHERE photo.photo_id = :photo_id
    ON CONFLICT DO NOTHING
"""
TAKE_OUT = """
    DELETE FROM memory_photo
     WHERE memory_id = :memory_id AND photo_id IN (SELECT value FROM json_each(:photo_ids))
"""
STALE = "DELETE FROM memory WHERE is_saved = 0 AND created_at < :before"
FORGET = "DELETE FROM memory WHERE owner_id = :owner_id"
OWNERS = """
    SELECT DISTINCT photo_month.owner_id
      FROM photo_month JOIN user ON user.user_id = photo_month.owner_id
     WHERE photo_month.photos > 0 AND photo_month.visibility = 'timeline' AND user.state = 'active'
     ORDER BY photo_month.owner_id
"""
YEARS = """
    SELECT DISTINCT photo_month.month / 12 AS year
      FROM photo_month
     WHERE photo_month.owner_id = :owner_id AND photo_month.photos > 0 AND photo_month.visibility = 'timeline'
       AND NOT photo_month.is_trashed
"""
REMEMBERED = """
    SELECT memory.year, memory.show_at
      FROM memory
     WHERE memory.owner_id = :owner_id AND memory.show_at IS NOT NULL AND memory.show_at >= :since
"""
OF_DAY = """
    SELECT photo.photo_id
      FROM photo
     WHERE photo.owner_id = :owner_id AND photo.month = :month AND photo.deleted_at IS NULL
       AND photo.visibility = 'timeline' AND photo.local_taken_at >= :begin AND photo.local_taken_at < :until
       AND photo.thumbhash IS NOT NULL
     ORDER BY photo.local_taken_at, photo.photo_id
"""


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table; times in ms. `show_at` and `hide_at`: None for no bound."""

    memory_id: str
    owner_id: str
    year: int
    memory_at: int
    show_at: int | None
    hide_at: int | None
    seen_at: int | None
    is_saved: bool
    created_at: int
    updated_at: int
    deleted_at: int | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which memories; None leaves a question open."""

    shown_at: int | None = None
    is_saved: bool | None = None
    is_trashed: bool = False
    sort: Literal["asc", "desc", "random"] = "desc"
    limit: int = 1000


async def listed(read: Reader, owner_id: str, asked: Asked) -> list[Memory]:
    """A member's memories."""
    return [_memory(row) for row in await read(LIST, _args(owner_id, asked))]


async def own(read: Reader, owner_id: str, memory_id: str) -> Memory | None:
    rows = await read(OWN, {"owner_id": owner_id, "memory_id": memory_id})
    return _memory(rows[0]) if rows else None


async def photos(
    read: Reader, memory_ids: Iterable[str], visible: str, args: dict[str, object]
) -> list[tuple[str, str]]:
    """(memory, photo) of what a condition lets see, by the time it was taken."""
    rows = await read(PHOTOS.format(photo_visible=visible), args | {"memory_ids": as_json(memory_ids)})
    return [(row["memory_id"], row["photo_id"]) for row in rows]


async def held(read: Reader, memory_id: str, photo_ids: Iterable[str]) -> set[str]:
    """Those of the photos that lie in a memory."""
    rows = await read(HELD, {"memory_id": memory_id, "photo_ids": as_json(photo_ids)})
    return {row["photo_id"] for row in rows}


async def add(tx: Write, memory: Memory) -> None:
    await tx.run(ADD, {**_row(memory), "stamp": await tx.stamp()})


async def change(tx: Write, memory: Memory) -> None:
    await tx.run(CHANGE, {**_row(memory), "stamp": await tx.stamp()})


async def touch(tx: Write, memory_id: str, *, now: int) -> None:
    await tx.run(TOUCH, {"memory_id": memory_id, "now": now, "stamp": await tx.stamp()})


async def trash(tx: Write, memory_id: str, *, now: int) -> None:
    await tx.run(EMPTY, {"memory_id": memory_id})
    await tx.run(TRASH, {"memory_id": memory_id, "now": now, "stamp": await tx.stamp()})


async def put(tx: Write, memory_id: str, photo_ids: Sequence[str]) -> None:
    if photo_ids:
        stamps = await tx.stamps(len(photo_ids))
        rows = [
            {"memory_id": memory_id, "photo_id": one, "stamp": stamp}
            for one, stamp in zip(photo_ids, stamps, strict=True)
        ]
        await tx.many(PUT, rows)


async def take_out(tx: Write, memory_id: str, photo_ids: Iterable[str]) -> None:
    await tx.run(TAKE_OUT, {"memory_id": memory_id, "photo_ids": as_json(photo_ids)})


async def drop_stale(tx: Write, before: int) -> int:
    """Drop what nobody saved and was made before a time in ms; how many."""
    return await tx.run(STALE, {"before": before})


async def forget(tx: Write, owner_id: str) -> None:
    await tx.run(FORGET, {"owner_id": owner_id})


async def owners(read: Reader) -> list[str]:
    """Who has photos in his timeline."""
    return [row["owner_id"] for row in await read(OWNERS, {})]


async def years(read: Reader, owner_id: str) -> list[int]:
    """The years of which a member has photos in his timeline."""
    return [row["year"] for row in await read(YEARS, {"owner_id": owner_id})]


async def remembered(read: Reader, owner_id: str, *, since: int) -> set[tuple[int, int]]:
    """(year, begin of the day it is shown at) of the memories a member has, or had and did not want."""
    rows = await read(REMEMBERED, {"owner_id": owner_id, "since": since})
    return {(row["year"], row["show_at"]) for row in rows}


async def of_day(read: Reader, owner_id: str, month: int, begin: int, until: int) -> list[str]:
    """The photos of a member's timeline from between two times of the clock on the wall, if they have pictures."""
    args = {"owner_id": owner_id, "month": month, "begin": begin, "until": until}
    return [row["photo_id"] for row in await read(OF_DAY, args)]


def _args(owner_id: str, asked: Asked) -> dict[str, object]:
    return {
        "owner_id": owner_id,
        "shown_at": asked.shown_at,
        "is_saved": None if asked.is_saved is None else int(asked.is_saved),
        "is_trashed": int(asked.is_trashed),
        "sort": asked.sort,
        "limit": asked.limit,
    }


def _row(memory: Memory) -> dict[str, object]:
    return msgspec.structs.asdict(memory) | {"is_saved": int(memory.is_saved)}


def _memory(row: sqlite3.Row) -> Memory:
    return Memory(**dict(row) | {"is_saved": bool(row["is_saved"])})
