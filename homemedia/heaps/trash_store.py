"""SQL of the trash: what lies in it, and what leaves it for good."""

import sqlite3
from collections.abc import Sequence

import msgspec

from homemedia.core.db import Reader, Write, as_json

PAGE = """
    SELECT block_id FROM block WHERE heap_id = :heap_id AND deleted_at IS NOT NULL
     ORDER BY deleted_at DESC, block_id LIMIT :limit OFFSET :offset
"""
AFFECTED = """
    SELECT wanted.value AS block_id, one.kind, count(*) AS blocks
      FROM json_each(:block_ids) AS wanted
      JOIN block_relation AS one ON one.dst = wanted.value
      JOIN block AS other ON other.block_id = one.src
      JOIN block AS self ON self.block_id = one.dst AND self.heap_id = other.heap_id
     WHERE other.deleted_at IS NULL GROUP BY wanted.value, one.kind
"""
TRASHED = """
    SELECT block.block_id, block_doc.sync_version, block_doc.size_bytes
      FROM block JOIN block_doc ON block_doc.block_id = block.block_id
     WHERE block.heap_id = :heap_id AND block.deleted_at IS NOT NULL
       AND (:block_ids IS NULL OR block.block_id IN (SELECT value FROM json_each(:block_ids)))
       AND (NOT :is_certain OR block_doc.derived_to >= block_doc.last_update)
     ORDER BY block.deleted_at LIMIT :limit
"""
BURY = """
    INSERT INTO block_tombstone (block_id, heap_id, sync_version, deleted_at, changed)
    VALUES (:block_id, :heap_id, :sync_version + 1, :now, :changed)
"""
DROP = "DELETE FROM block WHERE block_id IN (SELECT value FROM json_each(:block_ids))"
FORGET = """
    UPDATE heap SET forgotten_to = max(forgotten_to, old.changed)
      FROM (SELECT heap_id, max(changed) AS changed FROM block_tombstone
             WHERE deleted_at < :before GROUP BY heap_id) AS old
     WHERE heap.heap_id = old.heap_id
"""
OLD_GRAVES = "DELETE FROM block_tombstone WHERE deleted_at < :before"


class Trashed(msgspec.Struct, frozen=True, kw_only=True):
    block_id: str
    sync_version: int
    size_bytes: int


async def page(read: Reader, heap_id: str, *, limit: int, offset: int) -> list[str]:
    """Blocks in the trash, the newest first."""
    rows = await read(PAGE, {"heap_id": heap_id, "limit": limit, "offset": offset})
    return [row["block_id"] for row in rows]


async def affected(read: Reader, block_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many live blocks mention each, or are tagged with it."""
    found: dict[str, dict[str, int]] = {}
    for row in await read(AFFECTED, {"block_ids": as_json(block_ids)}):
        found.setdefault(row["block_id"], {})[row["kind"]] = row["blocks"]
    return found


async def trashed(
    read: Reader, heap_id: str, block_ids: Sequence[str] | None, limit: int, *, is_certain: bool = False
) -> list[Trashed]:
    """Blocks that may go for good: all in the trash, or those of them that are named; oldest first.

    `is_certain` leaves out those that have been written in since somebody looked into them.
    """
    named = None if block_ids is None else as_json(block_ids)
    rows = await read(TRASHED, {"heap_id": heap_id, "block_ids": named, "limit": limit, "is_certain": is_certain})
    return [_trashed(row) for row in rows]


async def bury(tx: Write, heap_id: str, blocks: Sequence[Trashed], stamps: Sequence[int], *, now: int) -> None:
    """Delete blocks with all that hangs on them; what is left keeps their ids from coming back."""
    await tx.many(
        BURY,
        [
            {**msgspec.structs.asdict(one), "heap_id": heap_id, "now": now, "changed": stamp}
            for one, stamp in zip(blocks, stamps, strict=True)
        ],
    )
    await tx.run(DROP, {"block_ids": as_json(one.block_id for one in blocks)})


async def drop_old_graves(tx: Write, *, before: int) -> None:
    """Forget purged blocks; each heap remembers up to which stamp."""
    await tx.run(FORGET, {"before": before})
    await tx.run(OLD_GRAVES, {"before": before})


def _trashed(row: sqlite3.Row) -> Trashed:
    return Trashed(**dict(row))
