"""SQL of what is read again: the blocks of a heap, their files."""

from collections.abc import Iterable

from homemedia.core.db import Reader, as_json

# Without a heap those of all.
BLOCKS = """
    SELECT block_id FROM block
     WHERE block_id > :after AND (:heap_id IS NULL OR heap_id = :heap_id) ORDER BY block_id LIMIT :limit
"""
COUNT = "SELECT count(*) AS blocks FROM block WHERE :heap_id IS NULL OR heap_id = :heap_id"
FILES = """
    SELECT DISTINCT block_file.file_id
      FROM json_each(:block_ids) AS wanted JOIN block_file ON block_file.block_id = wanted.value
"""
WAS = "SELECT job.key FROM job WHERE job_id = :job_id AND kind = :kind"


async def blocks(read: Reader, heap_id: str | None, after: str, limit: int) -> list[str]:
    """Blocks behind one, trashed ones too."""
    rows = await read(BLOCKS, {"heap_id": heap_id, "after": after, "limit": limit})
    return [row["block_id"] for row in rows]


async def count(read: Reader, heap_id: str | None) -> int:
    return int((await read(COUNT, {"heap_id": heap_id}))[0]["blocks"])


async def files(read: Reader, block_ids: Iterable[str]) -> list[int]:
    """The files of blocks, older versions too."""
    return [row["file_id"] for row in await read(FILES, {"block_ids": as_json(block_ids)})]


async def was(read: Reader, job_id: int, kind: str) -> str | None:
    """The key of such a job; None where there was none."""
    rows = await read(WAS, {"job_id": job_id, "kind": kind})
    return rows[0]["key"] if rows else None
