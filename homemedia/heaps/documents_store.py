"""SQL of documents: the merged state, what came since, and what a block is."""

import sqlite3
import zlib
from collections.abc import Iterable, Sequence

import msgspec

from homemedia.core.db import Reader, Write, as_json
from homemedia.core.problems import NotFound
from homemedia.heaps.models import Document, Edit, Grave

ZLIB = 1
COMPRESS_ABOVE_BYTES = 32 << 10

DOCUMENTS = """
    SELECT block.block_id, block.heap_id, block.changed, block.deleted_at, block_doc.sync_version, block_doc.fmt,
           block_doc.state, block_doc.sv, block_doc.gap, block_doc.tail_n, block_doc.last_update
      FROM json_each(:block_ids) AS wanted
      JOIN block ON block.block_id = wanted.value
      JOIN block_doc ON block_doc.block_id = block.block_id
"""
HEADS = """
    SELECT block.block_id, block.heap_id, block.changed, block.deleted_at, block_doc.sync_version, block_doc.sv,
           block_doc.gap, block_doc.last_update
      FROM json_each(:block_ids) AS wanted
      JOIN block ON block.block_id = wanted.value
      JOIN block_doc ON block_doc.block_id = block.block_id
"""
TAILS = """
    SELECT block_update.block_id, block_update.data
      FROM json_each(:block_ids) AS wanted
      JOIN block_update ON block_update.block_id = wanted.value
     ORDER BY block_update.block_id, block_update.block_update_id
"""
GRAVES = """
    SELECT block_id, heap_id, sync_version, deleted_at, changed
      FROM block_tombstone WHERE block_id IN (SELECT value FROM json_each(:block_ids))
"""
ADD_BLOCK = """
    INSERT INTO block (block_id, heap_id, created_at, updated_at, created_by, updated_by, changed)
    VALUES (:block_id, :heap_id, :now, :now, :user_id, :user_id, :changed)
"""
ADD_DOC = """
    INSERT INTO block_doc (block_id, sync_version, fmt, state, sv, gap, size_bytes, tail_n, tail_bytes, tail_at,
                           last_update)
    VALUES (:block_id, :sync_version, 0, x'0000', :vector, :has_gap, :size_bytes, 0, 0, :now, 0)
"""
ADD_UPDATE = """
    INSERT INTO block_update (block_id, created_at, user_id, device, data)
    VALUES (:block_id, :now, :user_id, :device, :data) RETURNING block_update_id
"""
GROWN = """
    UPDATE block_doc
       SET sv = :vector, gap = :has_gap, size_bytes = :size_bytes, tail_n = tail_n + :count,
           tail_bytes = tail_bytes + :bytes, tail_at = :now, last_update = :last_update,
           sync_version = max(sync_version, :sync_version)
     WHERE block_id = :block_id
"""
TOUCH = """
    UPDATE block SET changed = :changed, updated_at = :now, updated_by = :user_id WHERE block_id = :block_id
"""
ACTIVE = "UPDATE heap SET last_activity_at = max(last_activity_at, :now) WHERE heap_id = :heap_id"


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a document without reading it."""

    block_id: str
    heap_id: str
    changed: int
    deleted_at: int | None
    sync_version: int
    vector: bytes
    has_gap: bool
    last_update: int


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A document as it lies: `parts` are to be merged."""

    head: Head
    parts: tuple[bytes, ...]


async def heads(read: Reader, block_ids: Iterable[str]) -> dict[str, Head]:
    """By block; unknown ones are left out."""
    rows = await read(HEADS, {"block_ids": as_json(block_ids)})
    return {row["block_id"]: _head(row) for row in rows}


async def stored(read: Reader, block_ids: Sequence[str]) -> dict[str, Stored]:
    """By block; unknown ones are left out. Ask inside one snapshot, or under the blocks' locks."""
    wanted = {"block_ids": as_json(block_ids)}
    rows = await read(DOCUMENTS, wanted)
    tails: dict[str, list[bytes]] = {}
    if any(row["tail_n"] for row in rows):
        for row in await read(TAILS, {"block_ids": as_json(row["block_id"] for row in rows if row["tail_n"])}):
            tails.setdefault(row["block_id"], []).append(row["data"])
    return {
        row["block_id"]: Stored(
            head=_head(row), parts=(unpacked(row["fmt"], row["state"]), *tails.get(row["block_id"], ()))
        )
        for row in rows
    }


async def graves(read: Reader, block_ids: Iterable[str]) -> dict[str, Grave]:
    """Purged blocks."""
    rows = await read(GRAVES, {"block_ids": as_json(block_ids)})
    return {row["block_id"]: Grave(**dict(row)) for row in rows}


async def add_block(
    tx: Write, block_id: str, heap_id: str, *, user_id: str | None, sync_version: int, changed: int, now: int
) -> None:
    """A block with an empty document.

    Raises:
        NotFound: its heap has gone meanwhile.
    """
    args = {
        "block_id": block_id,
        "heap_id": heap_id,
        "user_id": user_id,
        "sync_version": sync_version,
        "changed": changed,
        "now": now,
        "vector": b"\x00",
        "has_gap": False,
        "size_bytes": 2,
    }
    try:
        await tx.run(ADD_BLOCK, args)
    except sqlite3.IntegrityError as err:
        raise NotFound("This heap is no longer there.") from err
    await tx.run(ADD_DOC, args)


async def append(tx: Write, edits: Sequence[Edit], *, now: int) -> int:
    """Updates of one block; the number of the last."""
    number = 0
    for edit in edits:
        rows = await tx.rows(
            ADD_UPDATE,
            {
                "block_id": edit.block_id,
                "user_id": edit.user_id,
                "device": edit.device,
                "data": edit.data,
                "now": now,
            },
        )
        number = int(rows[0]["block_update_id"])
    return number


async def grown(tx: Write, document: Document, edits: Sequence[Edit], *, changed: int, now: int) -> int:
    """Append updates to a block's document, which is `document` by now; the number of the last update."""
    last = await append(tx, edits, now=now)
    await tx.run(
        GROWN,
        {
            "block_id": document.block_id,
            "vector": document.vector,
            "has_gap": document.has_gap,
            "size_bytes": len(document.update),
            "count": len(edits),
            "bytes": sum(len(edit.data) for edit in edits),
            "last_update": last,
            "sync_version": document.sync_version,
            "now": now,
        },
    )
    touched = {"block_id": document.block_id, "changed": changed, "user_id": edits[-1].user_id, "now": now}
    await tx.run(TOUCH, touched)
    return last


async def active(tx: Write, heap_ids: Iterable[str], *, now: int) -> None:
    """Something was done in these heaps."""
    await tx.many(ACTIVE, [{"heap_id": heap_id, "now": now} for heap_id in heap_ids])


def unpacked(fmt: int, state: bytes) -> bytes:
    """A state as it was before it was stored."""
    return zlib.decompress(state) if fmt == ZLIB else state


def packed(state: bytes) -> tuple[int, bytes]:
    """How a state is stored: its format and the bytes."""
    return (ZLIB, zlib.compress(state, 1)) if len(state) > COMPRESS_ABOVE_BYTES else (0, state)


def _head(row: sqlite3.Row) -> Head:
    return Head(
        block_id=row["block_id"],
        heap_id=row["heap_id"],
        changed=row["changed"],
        deleted_at=row["deleted_at"],
        sync_version=row["sync_version"],
        vector=row["sv"],
        has_gap=bool(row["gap"]),
        last_update=row["last_update"],
    )
