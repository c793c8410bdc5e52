"""SQL of who asked for which scan, and of what small pictures are owed."""

from collections.abc import Iterable

import msgspec

from homemedia.core.db import Reader, Write, as_json

ASKED = """
    SELECT heap_scan.scan_id, heap_scan.user_id, heap_scan.kind, heap_scan.path, heap_scan.is_recursive
      FROM json_each(:scan_ids) AS wanted JOIN heap_scan ON heap_scan.scan_id = wanted.value
"""
ASK = """
    INSERT INTO heap_scan (scan_id, heap_id, user_id, kind, path, is_recursive, asked_at)
    VALUES (:scan_id, :heap_id, :user_id, :kind, :path, :is_recursive, :now)
    ON CONFLICT (scan_id) DO NOTHING
"""
# How each ended is kept for the last one of a library alone.
FORGET = "DELETE FROM heap_scan WHERE asked_at < :before"
# Files that may have a picture, and that nobody has looked into since they came or changed.
PENDING = """
    SELECT block_file.heap_id, count(*) AS files
      FROM json_each(:heap_ids) AS wanted
      JOIN block ON block.heap_id = wanted.value AND block.deleted_at IS NULL
      JOIN block_file ON block_file.block_id = block.block_id
      JOIN file ON file.file_id = block_file.file_id AND file.missing_since_at IS NULL
     WHERE (block_file.mime LIKE 'image/%' OR block_file.mime LIKE 'video/%' OR block_file.mime LIKE 'audio/%'
            OR block_file.mime = 'application/pdf')
       AND NOT EXISTS (SELECT 1 FROM block_file_fact AS known WHERE known.file_id = block_file.file_id)
     GROUP BY block_file.heap_id
"""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for, and by whom; `path` below the heap's folder."""

    scan_id: int
    user_id: str
    kind: str
    path: str
    is_recursive: bool


async def asked(read: Reader, scan_ids: Iterable[int]) -> dict[int, Asked]:
    """Who asked for these, where a member did."""
    rows = await read(ASKED, {"scan_ids": as_json(scan_ids)})
    return {row["scan_id"]: Asked(**dict(row) | {"is_recursive": bool(row["is_recursive"])}) for row in rows}


async def ask(tx: Write, heap_id: str, wish: Asked, *, now: int, forget_before: int) -> None:
    """Remember who asked for a scan."""
    await tx.run(FORGET, {"before": forget_before})
    await tx.run(ASK, msgspec.structs.asdict(wish) | {"heap_id": heap_id, "now": now})


async def pending(read: Reader, heap_ids: Iterable[str]) -> dict[str, int]:
    """How many files of heaps are still to be looked into; heaps without any are left out."""
    return {row["heap_id"]: row["files"] for row in await read(PENDING, {"heap_ids": as_json(heap_ids)})}
