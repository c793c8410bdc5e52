"""SQL of documents: the merged state, what came since, and what a block is."""

import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from typing import cast

import msgspec

from homemedia.core.db import Reader, Write, as_json, stamps_of
from homemedia.heaps.models import Document, Edit, Grave

ZLIB = 1
COMPRESS_ABOVE_BYTES = 32 << 10

DOCUMENTS = """
    SELECT block_doc.block_id, block_doc.fmt, block_doc.state, block_doc.tail_n
      FROM json_each(:block_ids) AS wanted
      JOIN block_doc ON block_doc.block_id = wanted.value
"""
HEADS = """
    SELECT block.block_id, block.heap_id, block.changed, block.deleted_at, block_doc.sync_version, block_doc.sv,
           block_doc.gap, block_doc.size_bytes, block_doc.last_update
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
    VALUES (:block_id, :sync_version, 0, x'0000', x'00', 0, 2, 0, 0, :now, 0)
"""
ADD_UPDATE = """
    INSERT INTO block_update (block_id, created_at, user_id, device, data)
    VALUES (:block_id, :now, :user_id, :device, :data)
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
STANDING = """
    SELECT heap_id FROM heap WHERE deleted_at IS NULL AND heap_id IN (SELECT value FROM json_each(:heap_ids))
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
    size_bytes: int
    last_update: int


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """Updates of one block, whose document is `document` with them."""

    document: Document
    edits: tuple[Edit, ...]
    is_new: bool


class Grown(msgspec.Struct, frozen=True, kw_only=True):
    """What a block's document has become: the number of its last update, and its stamp."""

    last_update: int
    changed: int


async def heads(read: Reader, block_ids: Iterable[str]) -> dict[str, Head]:
    """By block; unknown ones are left out."""
    rows = await read(HEADS, {"block_ids": as_json(block_ids)})
    return {row["block_id"]: _head(row) for row in rows}


async def parts(read: Reader, block_ids: Sequence[str]) -> dict[str, list[bytes]]:
    """Documents as they lie, to be merged. Ask inside one snapshot, or under the blocks' locks."""
    rows = await read(DOCUMENTS, {"block_ids": as_json(block_ids)})
    found = {row["block_id"]: [unpacked(row["fmt"], row["state"])] for row in rows}
    grown = [row["block_id"] for row in rows if row["tail_n"]]
    for row in await read(TAILS, {"block_ids": as_json(grown)}) if grown else ():
        found[row["block_id"]].append(row["data"])
    return found


async def graves(read: Reader, block_ids: Iterable[str]) -> dict[str, Grave]:
    """Purged blocks."""
    rows = await read(GRAVES, {"block_ids": as_json(block_ids)})
    return {row["block_id"]: Grave(**dict(row)) for row in rows}


async def grow(tx: Write, growths: Sequence[Growth], *, now: int) -> dict[str, Grown]:
    """Append updates to their blocks' documents, but of heaps that are deleted meanwhile; what became of the others.

    Five hundred blocks are some two thousand statements: all in one visit to the database's thread.
    """

    def work(connection: sqlite3.Connection) -> dict[str, Grown]:
        heap_ids = as_json({one.document.heap_id for one in growths})
        heaps = {row["heap_id"] for row in connection.execute(STANDING, {"heap_ids": heap_ids})}
        written = [one for one in growths if one.document.heap_id in heaps]
        stamps = stamps_of(connection, len(written), now=now)
        grown = {
            one.document.block_id: Grown(last_update=_grow(connection, one, changed, now), changed=changed)
            for one, changed in zip(written, stamps, strict=True)
        }
        connection.executemany(ACTIVE, [{"heap_id": heap_id, "now": now} for heap_id in heaps])
        return grown

    return await tx.call(work)


def _grow(connection: sqlite3.Connection, growth: Growth, changed: int, now: int) -> int:
    document, edits = growth.document, growth.edits
    args: dict[str, object] = {
        "block_id": document.block_id,
        "heap_id": document.heap_id,
        "sync_version": document.sync_version,
        "vector": document.vector,
        "has_gap": document.has_gap,
        "size_bytes": len(document.update),
        "count": len(edits),
        "bytes": sum(len(edit.data) for edit in edits),
        "changed": changed,
        "now": now,
    }
    if growth.is_new:
        made = {**args, "user_id": edits[0].user_id}
        connection.execute(ADD_BLOCK, made)
        connection.execute(ADD_DOC, made)
    for edit in edits:
        added = {**args, "user_id": edit.user_id, "device": edit.device, "data": edit.data}
        args["last_update"] = connection.execute(ADD_UPDATE, added).lastrowid
    connection.execute(GROWN, args)
    connection.execute(TOUCH, {**args, "user_id": edits[-1].user_id})
    return cast(int, args["last_update"])


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
        size_bytes=row["size_bytes"],
        last_update=row["last_update"],
    )
