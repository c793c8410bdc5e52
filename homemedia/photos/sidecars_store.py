"""The statements on the XMP files in which photos' edits are written down."""

import sqlite3
from collections.abc import Collection, Sequence

from homemedia.core.db import Reader, Write, as_json

OWE = """
    INSERT INTO photo_sidecar_due (photo_id, stamp)
    SELECT photo.photo_id, :stamp FROM photo WHERE photo.photo_id IN (SELECT value FROM json_each(:photo_ids))
    ON CONFLICT (photo_id) DO UPDATE SET stamp = excluded.stamp
"""
# Whoever gives or takes a tag by hand has the last word on it.
LOCK_TAGS = """
    INSERT INTO photo_exif (photo_id, locked, stamp)
    SELECT photo.photo_id, '["tags"]', :stamp FROM photo
     WHERE photo.photo_id IN (SELECT value FROM json_each(:photo_ids))
    ON CONFLICT (photo_id) DO UPDATE SET locked = json_insert(photo_exif.locked, '$[#]', 'tags')
     WHERE NOT EXISTS (SELECT 1 FROM json_each(photo_exif.locked) AS known WHERE known.value = 'tags')
"""
DUE = """
    SELECT due.photo_id, due.stamp, photo.file_id, photo.library_id, photo.taken_at, photo.local_taken_at,
           photo_exif.description, photo_exif.rating, photo_exif.latitude, photo_exif.longitude, photo_exif.time_zone,
           photo_exif.locked, root.path AS root, file.path, library.is_available,
           coalesce(json_extract(library.options, '$.saveNfo'), 0) AS is_beside
      FROM photo_sidecar_due AS due
     CROSS JOIN photo ON photo.photo_id = due.photo_id
      JOIN file ON file.file_id = photo.file_id
      JOIN root ON root.root_id = file.root_id
      LEFT JOIN photo_exif ON photo_exif.photo_id = photo.photo_id
      LEFT JOIN library ON library.library_id = photo.library_id
     WHERE due.photo_id NOT IN (SELECT value FROM json_each(:skipped))
     ORDER BY due.stamp LIMIT :limit
"""
TAGS_OF = """
    SELECT tag.value FROM photo_tag JOIN tag ON tag.tag_id = photo_tag.tag_id
     WHERE photo_tag.photo_id = :photo_id ORDER BY tag.value
"""
DONE = "DELETE FROM photo_sidecar_due WHERE photo_id = :photo_id AND stamp = :stamp"
IS_DUE = "SELECT 1 FROM photo_sidecar_due LIMIT 1"
SCANNED = """
    SELECT photo_id FROM photo
     WHERE photo_id IN (SELECT value FROM json_each(:photo_ids)) AND library_id IS NOT NULL
"""


async def owe(tx: Write, photo_ids: Collection[str]) -> None:
    await tx.run(OWE, {"photo_ids": as_json(photo_ids), "stamp": await tx.stamp()})


async def lock_tags(tx: Write, photo_ids: Collection[str]) -> None:
    await tx.run(LOCK_TAGS, {"photo_ids": as_json(photo_ids), "stamp": await tx.stamp()})


async def due(read: Reader, skipped: Collection[str], limit: int) -> list[sqlite3.Row]:
    """Photos whose file does not say yet what was said, the longest waiting first."""
    return await read(DUE, {"skipped": as_json(skipped), "limit": limit})


async def tags_of(read: Reader, photo_id: str) -> tuple[str, ...]:
    return tuple(row["value"] for row in await read(TAGS_OF, {"photo_id": photo_id}))


async def done(tx: Write, row: sqlite3.Row) -> None:
    """It is written down, unless more was said since."""
    await tx.run(DONE, {"photo_id": row["photo_id"], "stamp": row["stamp"]})


async def is_due(read: Reader) -> bool:
    return bool(await read(IS_DUE, {}))


async def scanned(read: Reader, photo_ids: Sequence[str]) -> list[str]:
    """Those that lie in somebody's own folders."""
    return [row["photo_id"] for row in await read(SCANNED, {"photo_ids": as_json(photo_ids)})]
