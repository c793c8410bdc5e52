"""The statements on what apps are told while they look."""

import sqlite3
from collections.abc import Sequence

from homemedia.core.db import Reader, as_json
from homemedia.photos.sync.store import EXIF_COLUMNS, PHOTO_COLUMNS

READY = f"""
    SELECT {PHOTO_COLUMNS}, photo.stack_id, {EXIF_COLUMNS}
      FROM json_each(:photo_ids) AS wanted
     CROSS JOIN photo ON photo.photo_id = wanted.value
      JOIN photo_exif ON photo_exif.photo_id = photo.photo_id
"""  # noqa: S608 - a constant of our own


async def ready(read: Reader, viewer_id: str, photo_ids: Sequence[str]) -> list[sqlite3.Row]:
    """Photos as the database of their owner's app has them."""
    return await read(READY, {"viewer_id": viewer_id, "photo_ids": as_json(photo_ids)})
