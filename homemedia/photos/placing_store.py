"""The statement that tells where a photo's file lies, and when it was taken."""

import sqlite3

from homemedia.core.db import Reader

PLACE = """
    SELECT photo.owner_id, photo.file_id, photo.local_taken_at, file.path
      FROM photo JOIN file ON file.file_id = photo.file_id
     WHERE photo.photo_id = :photo_id AND photo.library_id IS NULL AND file.missing_since_at IS NULL
"""


async def place(read: Reader, photo_id: str) -> sqlite3.Row | None:
    """Where an uploaded photo lies; None when there is none, or its file is missing."""
    rows = await read(PLACE, {"photo_id": photo_id})
    return rows[0] if rows else None
