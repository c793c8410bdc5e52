"""SQL of uploads that go on over days, and of their chunks."""

import sqlite3

import msgspec

from homemedia.core.db import Reader, Write
from homemedia.heaps.files.models import Upload, UploadStatus

_COLUMNS = """
    upload.heap_id, upload.block_id, upload.hash, upload.user_id, upload.size_bytes, upload.chunk_size, upload.name,
    upload.modified_at, upload.status, upload.part, upload.error, upload.touched_at
"""
ONE = f"""
    SELECT {_COLUMNS} FROM upload
     WHERE upload.heap_id = :heap_id AND upload.block_id = :block_id AND upload.hash = :hash
"""  # noqa: S608 - words of our own
ALL = f"SELECT {_COLUMNS} FROM upload ORDER BY upload.touched_at"  # noqa: S608
OVER = f"""
    SELECT {_COLUMNS} FROM upload
     WHERE upload.touched_at < :idle_before
        OR (upload.touched_at < :failed_before AND upload.status = 'failed')
     ORDER BY upload.touched_at LIMIT :limit
"""  # noqa: S608
OPEN = "SELECT count(*) AS uploads FROM upload WHERE user_id = :user_id AND status IN ('uploading', 'verifying')"
ADD = """
    INSERT INTO upload (heap_id, block_id, hash, user_id, size_bytes, chunk_size, name, modified_at, status, part,
                        created_at, touched_at)
    VALUES (:heap_id, :block_id, :hash, :user_id, :size_bytes, :chunk_size, :name, :modified_at, 'uploading', :part,
            :touched_at, :touched_at)
"""
DROP = "DELETE FROM upload WHERE part = :part"
STAND = """
    UPDATE upload SET status = :status, error = :error, touched_at = :now
     WHERE part = :part AND status <> 'failed'
"""
NAME = "UPDATE upload SET name = :name, modified_at = :modified_at, touched_at = :now WHERE part = :part"
CHUNKS = "SELECT idx, size_bytes, sha256 FROM upload_chunk WHERE part = :part ORDER BY idx"
CHUNK = "SELECT sha256 FROM upload_chunk WHERE part = :part AND idx = :idx"
COUNT = "SELECT count(*) AS chunks, coalesce(sum(size_bytes), 0) AS bytes FROM upload_chunk WHERE part = :part"
ADD_CHUNK = """
    INSERT INTO upload_chunk (part, idx, size_bytes, sha256)
    SELECT :part, :idx, :size_bytes, :sha256
     WHERE EXISTS (SELECT 1 FROM upload WHERE upload.part = :part AND upload.status = 'uploading')
    ON CONFLICT (part, idx) DO NOTHING
"""
TOUCH = "UPDATE upload SET touched_at = :now WHERE part = :part"


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    chunks: int
    received_bytes: int


async def one(read: Reader, heap_id: str, block_id: str, digest: str) -> Upload | None:
    rows = await read(ONE, {"heap_id": heap_id, "block_id": block_id, "hash": digest})
    return _upload(rows[0]) if rows else None


async def all_of(read: Reader) -> list[Upload]:
    """Everything on its way, whoever sends it."""
    return [_upload(row) for row in await read(ALL, {})]


async def over(read: Reader, *, idle_before: int, failed_before: int, limit: int) -> list[Upload]:
    """Those that nobody goes on with."""
    args = {"idle_before": idle_before, "failed_before": failed_before, "limit": limit}
    return [_upload(row) for row in await read(OVER, args)]


async def open_of(read: Reader, user_id: str) -> int:
    """How many a member has begun and not ended."""
    (row,) = await read(OPEN, {"user_id": user_id})
    return int(row["uploads"])


async def add(tx: Write, upload: Upload) -> None:
    await tx.run(ADD, msgspec.structs.asdict(upload))


async def drop(tx: Write, part: str) -> None:
    """Forget an upload with its chunks."""
    await tx.run(DROP, {"part": part})


async def stand(tx: Write, part: str, status: UploadStatus, *, now: int, error: str | None = None) -> bool:
    """How an upload stands by now; False for one that is over."""
    return bool(await tx.run(STAND, {"part": part, "status": status, "error": error, "now": now}))


async def name(tx: Write, part: str, file_name: str, modified_at: int, *, now: int) -> None:
    """What the file will be called."""
    await tx.run(NAME, {"part": part, "name": file_name, "modified_at": modified_at, "now": now})


async def indexes(read: Reader, part: str) -> list[int]:
    """Which chunks are there, rising."""
    return [row["idx"] for row in await read(CHUNKS, {"part": part})]


async def chunk(read: Reader, part: str, index: int) -> tuple[bool, str | None]:
    """Whether a chunk is there, and its hash where the sender told it."""
    rows = await read(CHUNK, {"part": part, "idx": index})
    return (True, rows[0]["sha256"]) if rows else (False, None)


async def progress(read: Reader, part: str) -> Progress:
    (row,) = await read(COUNT, {"part": part})
    return Progress(chunks=row["chunks"], received_bytes=row["bytes"])


async def add_chunk(tx: Write, part: str, index: int, size_bytes: int, sha256: str | None, *, now: int) -> bool:
    """A chunk is there; False when the upload is not open any more."""
    args = {"part": part, "idx": index, "size_bytes": size_bytes, "sha256": sha256}
    if not await tx.run(ADD_CHUNK, args):
        return False
    await tx.run(TOUCH, {"part": part, "now": now})
    return True


def _upload(row: sqlite3.Row) -> Upload:
    return Upload(**dict(row))
