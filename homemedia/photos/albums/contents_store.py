"""Statements on what lies in albums."""

import sqlite3
from collections.abc import Iterable, Sequence

from homemedia.core.db import Reader, Write, as_json
from homemedia.photos.visible import STANDING_SQL

_STANDING = STANDING_SQL.format(photo="photo")

PHOTOS = f"""
    SELECT photo.photo_id
      FROM album_photo JOIN photo ON photo.photo_id = album_photo.photo_id
     WHERE album_photo.album_id = :album_id AND {_STANDING}
     ORDER BY CASE WHEN :is_descending THEN -photo.taken_at ELSE photo.taken_at END, photo.photo_id
"""  # noqa: S608 - constants of our own
HELD = """
    SELECT album_photo.photo_id, photo.owner_id
      FROM json_each(:photo_ids) AS wanted
     CROSS JOIN album_photo ON album_photo.album_id = :album_id AND album_photo.photo_id = wanted.value
      JOIN photo ON photo.photo_id = album_photo.photo_id
"""
IS_SHOWN = f"""
    SELECT 1 FROM album_photo JOIN photo ON photo.photo_id = album_photo.photo_id
     WHERE album_photo.album_id = :album_id AND album_photo.photo_id = :photo_id AND {_STANDING}
"""  # noqa: S608 - constants of our own
# What is gone since it was looked for is passed over.
ADD = """
    INSERT INTO album_photo (album_id, photo_id, added_by, added_at, stamp)
    SELECT album.album_id, photo.photo_id, :added_by, :now, :stamp
      FROM photo JOIN album ON album.album_id = :album_id
     WHERE photo.photo_id = :photo_id
    ON CONFLICT DO NOTHING
"""
REMOVE = """
    DELETE FROM album_photo
     WHERE album_id = :album_id AND photo_id IN (SELECT value FROM json_each(:photo_ids))
"""
SILENCE = """
    DELETE FROM album_activity
     WHERE album_id = :album_id AND photo_id IN (SELECT value FROM json_each(:photo_ids))
"""
HOLDING = """
    SELECT album_photo.album_id, album_photo.photo_id
      FROM json_each(:photo_ids) AS wanted
     CROSS JOIN album_photo ON album_photo.photo_id = wanted.value
"""
PLACES = f"""
    SELECT photo.photo_id, photo_exif.latitude, photo_exif.longitude, photo_exif.city, photo_exif.state,
           photo_exif.country
      FROM album_photo
      JOIN photo ON photo.photo_id = album_photo.photo_id
      JOIN photo_exif ON photo_exif.photo_id = photo.photo_id
     WHERE album_photo.album_id = :album_id AND photo_exif.latitude IS NOT NULL AND {_STANDING}
     ORDER BY photo.taken_at DESC, photo.photo_id
"""  # noqa: S608 - constants of our own


async def photos(read: Reader, album_id: str, *, is_descending: bool, now: int) -> list[str]:
    """What is shown in an album, by the time it was taken."""
    rows = await read(PHOTOS, {"album_id": album_id, "is_descending": int(is_descending), "granted_at": now})
    return [row["photo_id"] for row in rows]


async def held(read: Reader, album_id: str, photo_ids: Iterable[str]) -> dict[str, str]:
    """Those of the photos that lie in an album, each with its owner."""
    rows = await read(HELD, {"album_id": album_id, "photo_ids": as_json(photo_ids)})
    return {row["photo_id"]: row["owner_id"] for row in rows}


async def is_shown(read: Reader, album_id: str, photo_id: str, *, now: int) -> bool:
    """Whether a photo lies in an album and is seen there."""
    return bool(await read(IS_SHOWN, {"album_id": album_id, "photo_id": photo_id, "granted_at": now}))


async def add(tx: Write, album_id: str, photo_ids: Sequence[str], *, by: str, now: int) -> None:
    if not photo_ids:
        return
    stamps = await tx.stamps(len(photo_ids))
    rows = [
        {"album_id": album_id, "photo_id": photo_id, "added_by": by, "now": now, "stamp": stamp}
        for photo_id, stamp in zip(photo_ids, stamps, strict=True)
    ]
    await tx.many(ADD, rows)


async def remove(tx: Write, album_id: str, photo_ids: Iterable[str]) -> None:
    """Take photos out with what was said of them there."""
    wanted = as_json(photo_ids)
    await tx.run(REMOVE, {"album_id": album_id, "photo_ids": wanted})
    await tx.run(SILENCE, {"album_id": album_id, "photo_ids": wanted})


async def silence(tx: Write, album_id: str, photo_ids: Iterable[str]) -> None:
    """Drop what was said of photos in an album."""
    await tx.run(SILENCE, {"album_id": album_id, "photo_ids": as_json(photo_ids)})


async def holding(read: Reader, photo_ids: Iterable[str]) -> list[tuple[str, str]]:
    """(album, photo) of whatever of these photos lies in an album."""
    rows = await read(HOLDING, {"photo_ids": as_json(photo_ids)})
    return [(row["album_id"], row["photo_id"]) for row in rows]


async def places(read: Reader, album_id: str, *, now: int) -> list[sqlite3.Row]:
    """The photos of an album of which it is known where they were taken."""
    return await read(PLACES, {"album_id": album_id, "granted_at": now})
