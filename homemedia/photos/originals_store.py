"""The statements that find the bytes of a photo."""

import sqlite3
from collections.abc import Mapping

from homemedia.core.db import Reader

ORIGINAL = """
    SELECT photo.photo_id, photo.owner_id, photo.kind, photo.todo, photo.original_name, photo.file_id,
           photo.live_video_id, photo.checksum, photo.width, photo.height, photo.failure, file.path, file.mime,
           file.missing_since_at, root.path AS root, photo_exif.latitude IS NOT NULL AS has_place,
           (SELECT rendition.path FROM rendition
             WHERE rendition.file_id = photo.file_id AND rendition.variant = 'video') AS playable
      FROM photo
      JOIN file ON file.file_id = photo.file_id
      JOIN root ON root.root_id = file.root_id
      LEFT JOIN photo_exif ON photo_exif.photo_id = photo.photo_id
     WHERE photo.photo_id = :photo_id AND {photo_visible}
"""


async def original(read: Reader, photo_id: str, visible: str, args: Mapping[str, object]) -> sqlite3.Row | None:
    """Where the file of a photo lies that somebody may see; None when there is none for him."""
    rows = await read(ORIGINAL.format(photo_visible=visible), {**args, "photo_id": photo_id})
    return rows[0] if rows else None
