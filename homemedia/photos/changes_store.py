"""The statements by which members edit what is known of their photos."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from homemedia.core.db import Reader, Write, as_json
from homemedia.photos.edits import Known, Taken
from homemedia.photos.models import month_of

KNOWN = """
    SELECT photo.photo_id, photo.owner_id, photo.is_favorite, photo.visibility, photo.taken_at, photo.local_taken_at,
           photo.live_video_id, photo.duplicate_id, photo_exif.description, photo_exif.rating,
           photo_exif.date_time_original, photo_exif.time_zone, photo_exif.latitude, photo_exif.longitude,
           photo_exif.locked
      FROM json_each(:photo_ids) AS wanted
     CROSS JOIN photo ON photo.photo_id = wanted.value
      LEFT JOIN photo_exif ON photo_exif.photo_id = photo.photo_id
"""
SET_PHOTO = """
    UPDATE photo SET is_favorite = :is_favorite, visibility = :visibility, taken_at = :taken_at,
                     local_taken_at = :local_taken_at, month = :month, live_video_id = :live_video_id,
                     duplicate_id = :duplicate_id, updated_at = :now, stamp = :stamp
     WHERE photo_id = :photo_id
"""
SET_FACTS = """
    INSERT INTO photo_exif (photo_id, description, rating, date_time_original, time_zone, latitude, longitude, locked,
                            stamp)
    VALUES (:photo_id, :description, :rating, :original_at, :zone, :latitude, :longitude, :locked, :stamp)
    ON CONFLICT (photo_id) DO UPDATE
       SET description = excluded.description, rating = excluded.rating,
           date_time_original = excluded.date_time_original, time_zone = excluded.time_zone,
           latitude = excluded.latitude, longitude = excluded.longitude, locked = excluded.locked,
           stamp = excluded.stamp
"""
SET_PLACE = """
    UPDATE photo_exif SET city = :city, state = :state, country = :country WHERE photo_id = :photo_id
"""
LEAVE_ALBUMS = """
    DELETE FROM album_photo WHERE photo_id IN (SELECT value FROM json_each(:photo_ids)) RETURNING album_id, photo_id
"""
LIVE_VIDEO = """
    SELECT photo.photo_id, photo.owner_id, photo.kind, photo.visibility, photo.device_id, photo.live_video_id
      FROM photo WHERE photo.photo_id = :photo_id
"""
EMBEDDED = """
    SELECT video.photo_id
      FROM json_each(:photo_ids) AS wanted
     CROSS JOIN photo ON photo.photo_id = wanted.value
     CROSS JOIN photo AS video ON video.photo_id = photo.live_video_id AND video.is_embedded = 1
     LIMIT 1
"""
SET_VISIBILITY = """
    UPDATE photo SET visibility = :visibility, updated_at = :now, stamp = :stamp WHERE photo_id = :photo_id
"""
METADATA = """
    SELECT photo_metadata.photo_id, photo_metadata.key, photo_metadata.value, photo_metadata.updated_at
      FROM photo_metadata
     WHERE photo_metadata.photo_id = :photo_id AND (:key IS NULL OR photo_metadata.key = :key)
     ORDER BY photo_metadata.key
"""
SET_METADATA = """
    INSERT INTO photo_metadata (photo_id, key, value, updated_at, stamp)
    VALUES (:photo_id, :key, :value, :now, :stamp)
    ON CONFLICT (photo_id, key) DO UPDATE
       SET value = excluded.value, updated_at = excluded.updated_at, stamp = excluded.stamp
"""
DROP_METADATA = "DELETE FROM photo_metadata WHERE photo_id = :photo_id AND key = :key"
COPY_ALBUMS = """
    INSERT INTO album_photo (album_id, photo_id, added_by, added_at, stamp)
    SELECT album_photo.album_id, :target_id, album_photo.added_by, :now, :stamp
      FROM album_photo WHERE album_photo.photo_id = :source_id
    ON CONFLICT DO NOTHING
"""
COPY_FAVORITE = """
    UPDATE photo SET is_favorite = (SELECT source.is_favorite FROM photo AS source WHERE source.photo_id = :source_id),
                     updated_at = :now, stamp = :stamp
     WHERE photo_id = :target_id
"""
COPY_STACK = """
    UPDATE photo SET stack_id = (SELECT source.stack_id FROM photo AS source WHERE source.photo_id = :source_id),
                     updated_at = :now, stamp = :stamp
     WHERE photo_id = :target_id AND stack_id IS NULL
"""
COPY_FACTS = """
    UPDATE photo_exif
       SET description = source.description, rating = source.rating, latitude = source.latitude,
           longitude = source.longitude, city = source.city, state = source.state, country = source.country,
           date_time_original = source.date_time_original, time_zone = source.time_zone, locked = source.locked,
           stamp = :stamp
      FROM photo_exif AS source
     WHERE photo_exif.photo_id = :target_id AND source.photo_id = :source_id AND source.locked <> '[]'
"""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One of the things apps keep with a photo; `value` is JSON text, the time in ms."""

    photo_id: str
    key: str
    value: str
    updated_at: int


async def known(read: Reader, photo_ids: Iterable[str]) -> dict[str, Known]:
    """What is known of these photos; those that are not there are left out."""
    return {row["photo_id"]: _known(row) for row in await read(KNOWN, {"photo_ids": as_json(photo_ids)})}


async def keep(tx: Write, after: Mapping[str, Known], *, now: int) -> None:
    """Write what is known of photos now."""
    rows = [
        {
            "photo_id": photo_id,
            "is_favorite": int(one.is_favorite),
            "visibility": one.visibility,
            "taken_at": one.taken.at,
            "local_taken_at": one.taken.local_at,
            "month": month_of(one.taken.local_at),
            "live_video_id": one.live_video_id,
            "duplicate_id": one.duplicate_id,
            "description": one.description,
            "rating": one.rating,
            "original_at": one.original_at,
            "zone": one.taken.zone,
            "latitude": one.latitude,
            "longitude": one.longitude,
            "locked": as_json(sorted(one.locked)),
            "now": now,
            "stamp": stamp,
        }
        for (photo_id, one), stamp in zip(after.items(), await tx.stamps(len(after)), strict=True)
    ]
    await tx.many(SET_PHOTO, rows)
    await tx.many(SET_FACTS, rows)


async def set_place(
    tx: Write, photo_ids: Iterable[str], *, city: str | None, state: str | None, country: str | None
) -> None:
    place = {"city": city, "state": state, "country": country}
    await tx.many(SET_PLACE, [place | {"photo_id": one} for one in photo_ids])


async def has_embedded(read: Reader, photo_ids: Iterable[str]) -> bool:
    """Whether the moving part of one of these photos lies in its own file."""
    return bool(await read(EMBEDDED, {"photo_ids": as_json(photo_ids)}))


async def leave_albums(tx: Write, photo_ids: Iterable[str]) -> list[tuple[str, str]]:
    """Take photos out of all albums; (album, photo) of what was in one."""
    rows = await tx.rows(LEAVE_ALBUMS, {"photo_ids": as_json(photo_ids)})
    return [(row["album_id"], row["photo_id"]) for row in rows]


async def live_video(read: Reader, photo_id: str) -> sqlite3.Row | None:
    rows = await read(LIVE_VIDEO, {"photo_id": photo_id})
    return rows[0] if rows else None


async def set_visibility(tx: Write, photo_id: str, visibility: str, *, now: int) -> None:
    args = {"photo_id": photo_id, "visibility": visibility, "now": now, "stamp": await tx.stamp()}
    await tx.run(SET_VISIBILITY, args)


async def metadata(read: Reader, photo_id: str, key: str | None = None) -> list[Line]:
    """What apps keep with a photo, by key; or what they keep under one."""
    rows = await read(METADATA, {"photo_id": photo_id, "key": key})
    return [msgspec.convert(dict(row), Line) for row in rows]


async def set_metadata(tx: Write, lines: Sequence[Line]) -> None:
    stamps = await tx.stamps(len(lines))
    rows = [
        {"photo_id": one.photo_id, "key": one.key, "value": one.value, "now": one.updated_at, "stamp": stamp}
        for one, stamp in zip(lines, stamps, strict=False)
    ]
    await tx.many(SET_METADATA, rows)


async def drop_metadata(tx: Write, photo_id: str, key: str) -> bool:
    """Whether there was such a line."""
    return bool(await tx.run(DROP_METADATA, {"photo_id": photo_id, "key": key}))


async def copy(
    tx: Write, source_id: str, target_id: str, *, albums: bool, favorite: bool, stack: bool, facts: bool, now: int
) -> None:
    """Give one photo what another has."""
    statements = (
        (albums, COPY_ALBUMS),
        (favorite, COPY_FAVORITE),
        (stack, COPY_STACK),
        (facts, COPY_FACTS),
    )
    for is_wanted, statement in statements:
        if is_wanted:
            args: dict[str, object] = {"source_id": source_id, "target_id": target_id}
            args["stamp"] = await tx.stamp()
            await tx.run(statement, args | ({} if statement is COPY_FACTS else {"now": now}))


def _known(row: sqlite3.Row) -> Known:
    return Known(
        is_favorite=bool(row["is_favorite"]),
        visibility=row["visibility"],
        description=row["description"] or "",
        rating=row["rating"],
        taken=Taken(row["taken_at"], row["local_taken_at"], row["time_zone"]),
        original_at=row["date_time_original"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        live_video_id=row["live_video_id"],
        duplicate_id=row["duplicate_id"],
        locked=frozenset(msgspec.json.decode(row["locked"] or "[]")),
    )
