"""The statements on what was found out about videos."""

import sqlite3

from homemedia.core.db import Reader, Write

FILE = """
    SELECT file.file_id, file.path, file.size_bytes, file.mtime_ns, root.path AS root
      FROM file JOIN root ON root.root_id = file.root_id
     WHERE file.file_id = :file_id AND file.missing_since_at IS NULL
"""
IS_SAME = """
    SELECT EXISTS (SELECT 1 FROM file
                    WHERE file_id = :file_id AND size_bytes = :size_bytes AND mtime_ns = :mtime_ns) AS is_same
"""
IS_KNOWN = """
    SELECT EXISTS (SELECT 1 FROM video_look JOIN file ON file.file_id = video_look.file_id
                    WHERE video_look.file_id = :file_id AND video_look.size_bytes = file.size_bytes
                      AND video_look.mtime_ns = file.mtime_ns AND video_look.pipeline = :pipeline) AS is_known
"""
PUT_LOOK = """
    INSERT INTO video_look (file_id, size_bytes, mtime_ns, pipeline, outcome, code, problem, looked_at)
    VALUES (:file_id, :size_bytes, :mtime_ns, :pipeline, :outcome, :code, :problem, :now)
    ON CONFLICT (file_id) DO UPDATE
       SET size_bytes = excluded.size_bytes, mtime_ns = excluded.mtime_ns, pipeline = excluded.pipeline,
           outcome = excluded.outcome, code = excluded.code, problem = excluded.problem,
           looked_at = excluded.looked_at
"""
LOOK = "SELECT outcome, code, problem FROM video_look WHERE file_id = :file_id"


async def file(read: Reader, file_id: int) -> sqlite3.Row | None:
    rows = await read(FILE, {"file_id": file_id})
    return rows[0] if rows else None


async def is_same(tx: Write, row: sqlite3.Row) -> bool:
    """Whether a file is what it was when it was looked at."""
    args = {"file_id": row["file_id"], "size_bytes": row["size_bytes"], "mtime_ns": row["mtime_ns"]}
    return bool((await tx.rows(IS_SAME, args))[0]["is_same"])


async def is_known(tx: Write, file_id: int, pipeline: int) -> bool:
    """Whether the file, as it is now, was looked at by this version of the maker."""
    return bool((await tx.rows(IS_KNOWN, {"file_id": file_id, "pipeline": pipeline}))[0]["is_known"])


async def put_look(
    tx: Write, row: sqlite3.Row, *, pipeline: int, outcome: str, code: str | None, problem: str | None, now: int
) -> None:
    await tx.run(
        PUT_LOOK,
        {
            "file_id": row["file_id"],
            "size_bytes": row["size_bytes"],
            "mtime_ns": row["mtime_ns"],
            "pipeline": pipeline,
            "outcome": outcome,
            "code": code,
            "problem": problem,
            "now": now,
        },
    )


async def look(read: Reader, file_id: int) -> sqlite3.Row | None:
    """What was found out about a file; None where nobody has looked."""
    rows = await read(LOOK, {"file_id": file_id})
    return rows[0] if rows else None
