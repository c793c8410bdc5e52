"""The statements on table rendition."""

import sqlite3
from collections.abc import Mapping, Sequence

from homemedia.core.db import Reader, Write, as_json

OF_FILE = """
    SELECT file_id, variant, pipeline, path, mime, width, height, size_bytes, made_at
      FROM rendition WHERE file_id = :file_id
"""
PUT = """
    INSERT INTO rendition (file_id, variant, pipeline, path, mime, width, height, size_bytes, made_at)
    VALUES (:file_id, :variant, :pipeline, :path, :mime, :width, :height, :size_bytes, :made_at)
    ON CONFLICT (file_id, variant) DO UPDATE
       SET pipeline = excluded.pipeline, path = excluded.path, mime = excluded.mime, width = excluded.width,
           height = excluded.height, size_bytes = excluded.size_bytes, made_at = excluded.made_at
"""
# Names begin with the number of their file, by which the table is ordered.
KNOWN = """
    SELECT rendition.path
      FROM json_each(:file_ids) AS wanted
     CROSS JOIN rendition ON rendition.file_id = wanted.value
"""
DROP = "DELETE FROM rendition WHERE file_id = :file_id AND variant = :variant"


async def of_file(read: Reader, file_id: int) -> list[sqlite3.Row]:
    return await read(OF_FILE, {"file_id": file_id})


async def put(tx: Write, row: Mapping[str, object]) -> None:
    await tx.run(PUT, row)


async def drop(tx: Write, file_id: int, variant: str) -> None:
    await tx.run(DROP, {"file_id": file_id, "variant": variant})


async def known(read: Reader, paths: Sequence[str]) -> set[str]:
    """All pictures of the files that these paths are of."""
    numbers = {path.rpartition("/")[2].partition("-")[0] for path in paths}
    ids = sorted(int(number) for number in numbers if number.isdecimal() and len(number) < 19)
    rows = await read(KNOWN, {"file_ids": as_json(ids)})
    return {row["path"] for row in rows}
