"""Statements on photos that look alike."""

import sqlite3
from collections.abc import Iterable

import msgspec

from homemedia.core.db import Reader, Write, as_json

# Not shown twice: what is in the trash, hidden or locked.
_SHOWN = "photo.deleted_at IS NULL AND photo.visibility IN ('timeline', 'archive')"
GROUPS = f"""
    SELECT photo.duplicate_id, photo.photo_id, photo.size_bytes,
           (photo_exif.make IS NOT NULL) + (photo_exif.model IS NOT NULL) + (photo_exif.lens_model IS NOT NULL)
             + (photo_exif.date_time_original IS NOT NULL) + (photo_exif.time_zone IS NOT NULL)
             + (photo_exif.f_number IS NOT NULL) + (photo_exif.focal_length IS NOT NULL)
             + (photo_exif.iso IS NOT NULL) + (photo_exif.exposure_time IS NOT NULL)
             + (photo_exif.latitude IS NOT NULL) + (photo_exif.description <> '')
             + (photo_exif.rating IS NOT NULL) AS facts
      FROM photo LEFT JOIN photo_exif ON photo_exif.photo_id = photo.photo_id
     WHERE photo.owner_id = :owner_id AND photo.duplicate_id IS NOT NULL AND {_SHOWN}
     ORDER BY photo.duplicate_id, photo.taken_at, photo.photo_id
"""  # noqa: S608 - a constant of our own
CLEAR = """
    UPDATE photo SET duplicate_id = NULL
     WHERE owner_id = :owner_id AND duplicate_id IN (SELECT value FROM json_each(:duplicate_ids))
    RETURNING photo_id
"""
LOOK = f"""
    SELECT photo.photo_id, photo.owner_id, photo.kind, photo.thumbhash, photo.width, photo.height, photo.duration_ms,
           photo.duplicate_id, photo.stack_id
      FROM photo
     WHERE photo.photo_id = :photo_id AND photo.thumbhash IS NOT NULL AND {_SHOWN}
"""  # noqa: S608 - a constant of our own
# By an index on the first bytes, in which the averages stand.
ALIKE = f"""
    SELECT photo.photo_id, photo.owner_id, photo.kind, photo.thumbhash, photo.width, photo.height, photo.duration_ms,
           photo.duplicate_id, photo.stack_id
      FROM json_each(:heads) AS wanted
     CROSS JOIN photo ON photo.owner_id = :owner_id AND hex(substr(photo.thumbhash, 1, 3)) = wanted.value
     WHERE photo.thumbhash IS NOT NULL AND photo.photo_id <> :photo_id AND {_SHOWN}
     LIMIT 1000
"""  # noqa: S608 - a constant of our own
MARK = """
    UPDATE photo SET duplicate_id = :duplicate_id WHERE photo_id IN (SELECT value FROM json_each(:photo_ids))
"""
JOIN = "UPDATE photo SET duplicate_id = :duplicate_id WHERE owner_id = :owner_id AND duplicate_id = :other_id"


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What a photo looks like."""

    photo_id: str
    owner_id: str
    kind: str
    thumbhash: bytes
    width: int | None
    height: int | None
    duration_ms: int | None
    duplicate_id: str | None
    stack_id: str | None


async def groups(read: Reader, owner_id: str) -> list[sqlite3.Row]:
    """A member's photos that look like another of his: group, photo, size and how many facts are known, by group."""
    return await read(GROUPS, {"owner_id": owner_id})


async def clear(tx: Write, owner_id: str, duplicate_ids: Iterable[str]) -> list[str]:
    """Say of groups that they are none; the photos that were in them."""
    rows = await tx.rows(CLEAR, {"owner_id": owner_id, "duplicate_ids": as_json(duplicate_ids)})
    return [row["photo_id"] for row in rows]


async def look(read: Reader, photo_id: str) -> Look | None:
    """How a photo looks; None for one without a picture."""
    rows = await read(LOOK, {"photo_id": photo_id})
    return Look(**dict(rows[0])) if rows else None


async def alike(read: Reader, of: Look, heads: Iterable[str]) -> list[Look]:
    """Other photos of the same owner whose thumbhash begins with one of these (three bytes in hex)."""
    rows = await read(ALIKE, {"owner_id": of.owner_id, "photo_id": of.photo_id, "heads": as_json(heads)})
    return [Look(**dict(row)) for row in rows]


async def mark(tx: Write, owner_id: str, photo_ids: Iterable[str], duplicate_id: str, joined: Iterable[str]) -> None:
    """Make one group of photos and of groups."""
    await tx.run(MARK, {"photo_ids": as_json(photo_ids), "duplicate_id": duplicate_id})
    for other_id in joined:
        await tx.run(JOIN, {"owner_id": owner_id, "duplicate_id": duplicate_id, "other_id": other_id})
