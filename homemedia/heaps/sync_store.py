"""SQL of a delta: what changed in a heap after a stamp."""

import sqlite3

import msgspec

from homemedia.core.db import Reader

CLOCK = "SELECT last_stamp, epoch FROM change_clock WHERE only = 1"
CHANGED = """
    SELECT block.block_id, block.type, block.title, block.deleted_at, block.changed, block_doc.sync_version,
           block_doc.sv, block_doc.size_bytes, 0 AS is_purged, block_fact.files ->> '$[0].hash' AS file_hash
      FROM block JOIN block_doc ON block_doc.block_id = block.block_id
      LEFT JOIN block_fact ON block_fact.block_id = block.block_id
     WHERE block.heap_id = :heap_id AND block.changed > :since
     ORDER BY block.changed LIMIT :limit
"""
PURGED = """
    SELECT block_id, '' AS type, '' AS title, deleted_at, changed, sync_version, x'00' AS sv, 0 AS size_bytes,
           1 AS is_purged, NULL AS file_hash
      FROM block_tombstone WHERE heap_id = :heap_id AND changed > :since ORDER BY changed LIMIT :limit
"""
FORGOTTEN = "SELECT forgotten_to FROM heap WHERE heap_id = :heap_id"
COUNT_BLOCKS = """
    SELECT count(*) AS total, count(deleted_at) AS trashed
      FROM block WHERE heap_id = :heap_id AND changed > :since
"""
COUNT_PURGED = "SELECT count(*) AS total FROM block_tombstone WHERE heap_id = :heap_id AND changed > :since"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A block as it is after its last change."""

    block_id: str
    type: str
    title: str
    deleted_at: int | None
    changed: int
    sync_version: int
    vector: bytes
    size_bytes: int
    is_purged: bool
    file_hash: str | None


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """Blocks in the order of their stamps.

    Attributes:
        since: the stamp they follow; 0 where what was asked for could not be told and it was begun anew.
        next_since: what to ask with next.
    """

    changes: list[Change]
    since: int
    next_since: int
    has_more: bool
    is_reset: bool
    epoch: str


async def clock(read: Reader) -> tuple[int, str]:
    """The last stamp given out, and the database's epoch."""
    (row,) = await read(CLOCK, {})
    return int(row["last_stamp"]), str(row["epoch"])


async def after(read: Reader, heap_id: str, since: int, *, epoch: str | None, limit: int) -> Changes:
    """What changed in a heap after a stamp. Ask inside one snapshot."""
    now = last, own_epoch = await clock(read)
    is_reset = await _is_reset(read, heap_id, since=since, epoch=epoch, now=now)
    since = 0 if is_reset else since
    found = await _changes(read, heap_id, since, limit + 1)
    has_more = len(found) > limit
    return Changes(
        changes=found[:limit],
        since=since,
        next_since=found[limit - 1].changed if has_more else last,
        has_more=has_more,
        is_reset=is_reset,
        epoch=own_epoch,
    )


async def _is_reset(read: Reader, heap_id: str, *, since: int, epoch: str | None, now: tuple[int, str]) -> bool:
    """Whether what changed after a stamp cannot be told: another database's, or purged blocks are forgotten since.

    `now` is what `clock` says.
    """
    last, own_epoch = now
    if since > last or (epoch is not None and epoch != own_epoch):
        return True
    rows = await read(FORGOTTEN, {"heap_id": heap_id})
    return bool(rows) and 0 < since < rows[0]["forgotten_to"]


async def _changes(read: Reader, heap_id: str, since: int, limit: int) -> list[Change]:
    """In the order of their stamps."""
    args = {"heap_id": heap_id, "since": since, "limit": limit}
    found = [*await read(CHANGED, args), *await read(PURGED, args)]
    found.sort(key=lambda row: row["changed"])
    return [_change(row) for row in found[:limit]]


async def counts(read: Reader, heap_id: str, since: int) -> tuple[int, int]:
    """How many live blocks changed after a stamp, and how many were trashed or purged."""
    args = {"heap_id": heap_id, "since": since}
    (blocks,) = await read(COUNT_BLOCKS, args)
    (purged,) = await read(COUNT_PURGED, args)
    return blocks["total"] - blocks["trashed"], blocks["trashed"] + purged["total"]


def _change(row: sqlite3.Row) -> Change:
    return Change(
        block_id=row["block_id"],
        type=row["type"],
        title=row["title"],
        deleted_at=row["deleted_at"],
        changed=row["changed"],
        sync_version=row["sync_version"],
        vector=row["sv"],
        size_bytes=row["size_bytes"],
        is_purged=bool(row["is_purged"]),
        file_hash=row["file_hash"],
    )
