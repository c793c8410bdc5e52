"""SQL of what documents were: updates that are not folded in yet, and the windows of those that are."""

import sqlite3
import zlib
from collections.abc import Sequence

import msgspec

from homemedia.core.db import Reader, Write, as_json
from homemedia.heaps.documents_store import packed

RIPE = """
    SELECT block_id FROM block_doc
     WHERE tail_n > 0 AND (tail_n >= :many OR tail_bytes >= :much OR (tail_n >= :some AND tail_at <= :rested_at))
     ORDER BY tail_n DESC LIMIT :limit
"""
TAIL = """
    SELECT block_update_id, created_at, user_id, device, data FROM block_update
     WHERE block_id = :block_id ORDER BY block_update_id
"""
LAST_WINDOW = """
    SELECT block_history_id, first_at, last_at, user_id, device, kind, n, data FROM block_history
     WHERE block_id = :block_id ORDER BY block_history_id DESC LIMIT 1
"""
FOLD = """
    UPDATE block_doc SET fmt = :fmt, state = :state, sv = :vector, gap = :has_gap, size_bytes = :size_bytes,
                         tail_n = 0, tail_bytes = 0
     WHERE block_id = :block_id
"""
DROP_TAIL = "DELETE FROM block_update WHERE block_id = :block_id AND block_update_id <= :last"
PUT = """
    INSERT INTO block_history (block_history_id, block_id, first_at, last_at, user_id, device, kind, n, size_bytes,
                               data)
    VALUES (:history_id, :block_id, :first_at, :last_at, :user_id, :device, :kind, :n, :size_bytes, :data)
"""
DROP = "DELETE FROM block_history WHERE block_history_id IN (SELECT value FROM json_each(:history_ids))"
ENTRIES = """
    SELECT block_update.block_update_id AS id, block_update.created_at AS first_at,
           block_update.created_at AS last_at, block_update.user_id, block_update.device, 'update' AS kind, 1 AS n,
           length(block_update.data) AS size_bytes, CASE WHEN :with_data THEN block_update.data END AS data,
           user.display_name, user.username
      FROM block_update LEFT JOIN user ON user.user_id = block_update.user_id
     WHERE block_update.block_id = :block_id AND block_update.block_update_id < :before
    UNION ALL
    SELECT block_history.block_history_id, block_history.first_at, block_history.last_at, block_history.user_id,
           block_history.device, block_history.kind, block_history.n, block_history.size_bytes,
           CASE WHEN :with_data THEN block_history.data END, user.display_name, user.username
      FROM block_history LEFT JOIN user ON user.user_id = block_history.user_id
     WHERE block_history.block_id = :block_id AND block_history.block_history_id < :before
     ORDER BY 1 DESC LIMIT :limit
"""
UP_TO = """
    SELECT block_history_id AS id, 1 AS is_packed, data FROM block_history
     WHERE block_id = :block_id AND block_history_id <= :last
    UNION ALL
    SELECT block_update_id, 0, data FROM block_update WHERE block_id = :block_id AND block_update_id <= :last
     ORDER BY 1
"""
OLD = """
    SELECT DISTINCT block_id FROM block_history
     WHERE kind <> 'base' AND last_at < :before AND block_id > :after ORDER BY block_id LIMIT :limit
"""
WINDOWS = """
    SELECT block_history_id, first_at, last_at, user_id, device, kind, n, data FROM block_history
     WHERE block_id = :block_id AND last_at < :before ORDER BY block_history_id
"""


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """Updates of one author that follow each other; one, or many merged.

    Attributes:
        id: of the last of them.
    """

    id: int
    first_at: int
    last_at: int
    user_id: str | None
    device: str | None
    kind: str
    n: int
    data: bytes


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A piece as a list shows it; `data` where it was asked for."""

    id: int
    first_at: int
    last_at: int
    user_id: str | None
    user_name: str | None
    device: str | None
    kind: str
    n: int
    size_bytes: int
    data: bytes | None


async def ripe(read: Reader, *, many: int, much: int, some: int, rested_at: int, limit: int) -> list[str]:
    """Blocks whose updates should be folded in, those with most first."""
    args = {"many": many, "much": much, "some": some, "rested_at": rested_at, "limit": limit}
    return [row["block_id"] for row in await read(RIPE, args)]


async def tail(read: Reader, block_id: str) -> list[Piece]:
    """Updates that are not folded in, oldest first."""
    return [
        Piece(
            id=row["block_update_id"],
            first_at=row["created_at"],
            last_at=row["created_at"],
            user_id=row["user_id"],
            device=row["device"],
            kind="window",
            n=1,
            data=row["data"],
        )
        for row in await read(TAIL, {"block_id": block_id})
    ]


async def last_window(read: Reader, block_id: str) -> Piece | None:
    """What was folded in last."""
    rows = await read(LAST_WINDOW, {"block_id": block_id})
    return _window(rows[0]) if rows else None


async def windows(read: Reader, block_id: str, *, before: int) -> list[Piece]:
    """What was folded in and ended before a time, oldest first."""
    return [_window(row) for row in await read(WINDOWS, {"block_id": block_id, "before": before})]


async def fold(
    tx: Write, block_id: str, state: bytes, *, vector: bytes, has_gap: bool, size_bytes: int, last: int
) -> bool:
    """The document is `state` by now, and nothing waits up to an update; False where the block has gone."""
    fmt, stored = packed(state)
    is_there = await tx.run(
        FOLD,
        {
            "block_id": block_id,
            "fmt": fmt,
            "state": stored,
            "vector": vector,
            "has_gap": has_gap,
            "size_bytes": size_bytes,
        },
    )
    await tx.run(DROP_TAIL, {"block_id": block_id, "last": last})
    return bool(is_there)


async def replace(tx: Write, block_id: str, old: Sequence[int], new: Sequence[Piece]) -> None:
    """Windows take the place of others; not where those have gone, with their block."""
    if old and not await tx.run(DROP, {"history_ids": as_json(old)}):
        return
    await tx.many(
        PUT,
        [
            {
                "history_id": one.id,
                "block_id": block_id,
                "first_at": one.first_at,
                "last_at": one.last_at,
                "user_id": one.user_id,
                "device": one.device,
                "kind": one.kind,
                "n": one.n,
                "size_bytes": len(one.data),
                "data": zlib.compress(one.data, 1),
            }
            for one in new
        ],
    )


async def entries(read: Reader, block_id: str, *, before: int, limit: int, with_data: bool) -> list[Entry]:
    """What was done to a block, newest first."""
    args = {"block_id": block_id, "before": before, "limit": limit, "with_data": with_data}
    return [_entry(row) for row in await read(ENTRIES, args)]


async def up_to(read: Reader, block_id: str, last: int) -> list[bytes]:
    """Everything that was done up to a piece, to be merged; empty where it is not kept any more."""
    rows = await read(UP_TO, {"block_id": block_id, "last": last})
    if not rows or rows[-1]["id"] != last:
        return []
    return [zlib.decompress(row["data"]) if row["is_packed"] else row["data"] for row in rows]


async def old(read: Reader, *, before: int, after: str, limit: int) -> list[str]:
    """Blocks with windows that ended before a time."""
    rows = await read(OLD, {"before": before, "after": after, "limit": limit})
    return [row["block_id"] for row in rows]


def _window(row: sqlite3.Row) -> Piece:
    return Piece(
        id=row["block_history_id"],
        first_at=row["first_at"],
        last_at=row["last_at"],
        user_id=row["user_id"],
        device=row["device"],
        kind=row["kind"],
        n=row["n"],
        data=zlib.decompress(row["data"]),
    )


def _entry(row: sqlite3.Row) -> Entry:
    data = row["data"]
    return Entry(
        id=row["id"],
        first_at=row["first_at"],
        last_at=row["last_at"],
        user_id=row["user_id"],
        user_name=row["display_name"] or row["username"],
        device=row["device"],
        kind=row["kind"],
        n=row["n"],
        size_bytes=row["size_bytes"],
        data=data if data is None or row["kind"] == "update" else zlib.decompress(data),
    )
