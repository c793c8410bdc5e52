"""Statements on stacks."""

import sqlite3
from collections.abc import Iterable

from homemedia.core.db import Reader, Write, as_json

_STACK = "stack.stack_id, stack.owner_id, stack.primary_photo_id"
LIST = f"""
    SELECT {_STACK}
      FROM stack
     WHERE stack.owner_id = :owner_id AND (:primary_id IS NULL OR stack.primary_photo_id = :primary_id)
     ORDER BY stack.created_at DESC, stack.stack_id
"""  # noqa: S608 - a constant of our own
OWN = f"""
    SELECT {_STACK}
      FROM json_each(:stack_ids) AS wanted
     CROSS JOIN stack ON stack.stack_id = wanted.value
     WHERE stack.owner_id = :owner_id
"""  # noqa: S608 - a constant of our own
MEMBERS = """
    SELECT photo.photo_id, photo.stack_id, photo.deleted_at
      FROM json_each(:stack_ids) AS wanted
     CROSS JOIN photo ON photo.stack_id = wanted.value
      JOIN stack ON stack.stack_id = photo.stack_id
     ORDER BY photo.photo_id <> stack.primary_photo_id, photo.taken_at, photo.photo_id
"""
LED = """
    SELECT stack.stack_id, stack.primary_photo_id
      FROM stack JOIN photo ON photo.photo_id = stack.primary_photo_id
     WHERE photo.photo_id IN (SELECT value FROM json_each(:photo_ids)) AND photo.stack_id = stack.stack_id
"""
IN_STACKS = """
    SELECT DISTINCT photo.stack_id
      FROM json_each(:photo_ids) AS wanted
     CROSS JOIN photo ON photo.photo_id = wanted.value
     WHERE photo.stack_id IS NOT NULL
"""
ADD = """
    INSERT INTO stack (stack_id, owner_id, primary_photo_id, created_at, updated_at, stamp)
    VALUES (:stack_id, :owner_id, :primary_id, :now, :now, :stamp)
"""
JOIN = "UPDATE photo SET stack_id = :stack_id, updated_at = :now, stamp = :stamp WHERE photo_id = :photo_id"
LEAD = """
    UPDATE stack SET primary_photo_id = :primary_id, updated_at = :now, stamp = :stamp WHERE stack_id = :stack_id
"""
DROP = "DELETE FROM stack WHERE stack_id = :stack_id"
OF_OWNER = "SELECT stack_id FROM stack WHERE owner_id = :owner_id"


async def listed(read: Reader, owner_id: str, primary_id: str | None) -> list[sqlite3.Row]:
    """A member's stacks, newest first; or the one that a photo leads."""
    return await read(LIST, {"owner_id": owner_id, "primary_id": primary_id})


async def own(read: Reader, owner_id: str, stack_ids: Iterable[str]) -> dict[str, sqlite3.Row]:
    """Those of the stacks that are a member's."""
    rows = await read(OWN, {"owner_id": owner_id, "stack_ids": as_json(stack_ids)})
    return {row["stack_id"]: row for row in rows}


async def members(read: Reader, stack_ids: Iterable[str]) -> list[sqlite3.Row]:
    """The photos in these stacks, the one that leads first."""
    return await read(MEMBERS, {"stack_ids": as_json(stack_ids)})


async def led(read: Reader, photo_ids: Iterable[str]) -> list[str]:
    """The stacks that one of these photos leads."""
    return [row["stack_id"] for row in await read(LED, {"photo_ids": as_json(photo_ids)})]


async def holding(read: Reader, photo_ids: Iterable[str]) -> list[str]:
    """The stacks these photos lie in."""
    return [row["stack_id"] for row in await read(IN_STACKS, {"photo_ids": as_json(photo_ids)})]


async def add(tx: Write, stack_id: str, owner_id: str, primary_id: str, *, now: int) -> None:
    row = {"stack_id": stack_id, "owner_id": owner_id, "primary_id": primary_id, "now": now}
    await tx.run(ADD, row | {"stamp": await tx.stamp()})


async def join(tx: Write, stack_id: str | None, photo_ids: Iterable[str], *, now: int) -> None:
    """Put photos into a stack, or with None into none."""
    wanted = list(photo_ids)
    if wanted:
        stamps = await tx.stamps(len(wanted))
        rows = [
            {"photo_id": one, "stack_id": stack_id, "now": now, "stamp": stamp}
            for one, stamp in zip(wanted, stamps, strict=True)
        ]
        await tx.many(JOIN, rows)


async def lead(tx: Write, stack_id: str, primary_id: str, *, now: int) -> None:
    args = {"stack_id": stack_id, "primary_id": primary_id, "now": now}
    await tx.run(LEAD, args | {"stamp": await tx.stamp()})


async def drop(tx: Write, stack_id: str) -> None:
    await tx.run(DROP, {"stack_id": stack_id})


async def of_owner(read: Reader, owner_id: str) -> list[str]:
    return [row["stack_id"] for row in await read(OF_OWNER, {"owner_id": owner_id})]
