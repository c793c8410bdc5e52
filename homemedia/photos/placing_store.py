"""The statements that tell where photos' files lie, and what is known of when and by what they were taken."""

import sqlite3

from homemedia.core.db import Reader

PLACE = """
    SELECT photo.photo_id, photo.owner_id, photo.file_id, photo.local_taken_at, photo.original_name, photo.kind,
           photo_exif.make, photo_exif.model, photo_exif.lens_model, file.path,
           (SELECT album.name FROM album_photo JOIN album ON album.album_id = album_photo.album_id
             WHERE album_photo.photo_id = photo.photo_id AND album.owner_id = photo.owner_id
               AND album.deleted_at IS NULL
             ORDER BY album_photo.added_at LIMIT 1) AS album
      FROM photo JOIN file ON file.file_id = photo.file_id
      LEFT JOIN photo_exif ON photo_exif.photo_id = photo.photo_id
     WHERE photo.photo_id = :photo_id AND photo.library_id IS NULL AND file.missing_since_at IS NULL
"""
UPLOADED = """
    SELECT photo_id FROM photo WHERE photo_id > :after AND library_id IS NULL ORDER BY photo_id LIMIT :limit
"""


async def place(read: Reader, photo_id: str) -> sqlite3.Row | None:
    """Where an uploaded photo lies; None when there is none, or its file is missing."""
    rows = await read(PLACE, {"photo_id": photo_id})
    return rows[0] if rows else None


async def uploaded(read: Reader, after: str, limit: int) -> list[str]:
    """Photos that were uploaded, by their ids."""
    return [row["photo_id"] for row in await read(UPLOADED, {"after": after, "limit": limit})]
