"""Statements on photos that more than one part asks: what an answer shows of them, and who may see them."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from homemedia.core.db import Reader, Write, as_json

# Below the storage, never the folder of this machine; what was scanned lies below the name of its library.
ORIGINAL_PATH = "CASE WHEN library.name IS NULL THEN file.path ELSE library.name || '/' || file.path END"
SHOWN = f"""
    SELECT photo.photo_id, photo.owner_id, photo.library_id, photo.kind, photo.checksum, photo.original_name,
           photo.size_bytes, photo.taken_at, photo.local_taken_at, photo.modified_at, photo.duration_ms, photo.width,
           photo.height, photo.thumbhash, photo.is_favorite, photo.visibility, photo.live_video_id, photo.stack_id,
           photo.duplicate_id, photo.device_asset_id, photo.device_id, photo.is_offline, photo.created_at,
           photo.updated_at, photo.deleted_at, photo.stamp, {ORIGINAL_PATH} AS original_path,
           photo_exif.make, photo_exif.model, photo_exif.lens_model, photo_exif.exif_width, photo_exif.exif_height,
           photo_exif.orientation, photo_exif.date_time_original, photo_exif.modify_date, photo_exif.time_zone,
           photo_exif.f_number, photo_exif.focal_length, photo_exif.iso, photo_exif.exposure_time, photo_exif.latitude,
           photo_exif.longitude, photo_exif.projection_type, photo_exif.city, photo_exif.state, photo_exif.country,
           photo_exif.description, photo_exif.rating, photo_exif.fps, photo_exif.profile_description,
           photo_exif.stamp AS exif_stamp
      FROM json_each(:photo_ids) AS wanted
     CROSS JOIN photo ON photo.photo_id = wanted.value
      JOIN file ON file.file_id = photo.file_id
      LEFT JOIN photo_exif ON photo_exif.photo_id = photo.photo_id
      LEFT JOIN library ON library.library_id = photo.library_id
     ORDER BY wanted.key
"""  # noqa: S608 - a constant of our own
STACKS = """
    SELECT stack.stack_id, stack.primary_photo_id,
           (SELECT count(*) FROM photo WHERE photo.stack_id = stack.stack_id AND photo.deleted_at IS NULL) AS photos
      FROM json_each(:stack_ids) AS wanted
     CROSS JOIN stack ON stack.stack_id = wanted.value
"""
TAGS = """
    SELECT photo_tag.photo_id, tag.tag_id, tag.value, tag.parent_id, tag.color, tag.created_at, tag.updated_at
      FROM json_each(:photo_ids) AS wanted
     CROSS JOIN photo_tag ON photo_tag.photo_id = wanted.value
      JOIN tag ON tag.tag_id = photo_tag.tag_id
     ORDER BY tag.value
"""
PEOPLE = """
    SELECT DISTINCT face.photo_id, person.person_id, person.name, person.birth_date, person.color, person.is_hidden,
           person.is_favorite, person.face_id, person.created_at, person.updated_at
      FROM json_each(:photo_ids) AS wanted
     CROSS JOIN face ON face.photo_id = wanted.value
      JOIN person ON person.person_id = face.person_id
     WHERE NOT person.is_hidden
     ORDER BY person.name = '', person.name, person.created_at
"""
PERMITTED = """
    SELECT photo.photo_id
      FROM json_each(:photo_ids) AS wanted
     CROSS JOIN photo ON photo.photo_id = wanted.value
     WHERE {photo_visible}
"""
TOUCH = "UPDATE photo SET updated_at = :now, stamp = :stamp WHERE photo_id = :photo_id"


async def shown(read: Reader, photo_ids: Iterable[str]) -> list[sqlite3.Row]:
    """What answers show of these photos, in this order; those that are not there are left out."""
    return await read(SHOWN, {"photo_ids": as_json(photo_ids)})


async def stacks(read: Reader, stack_ids: Iterable[str]) -> dict[str, sqlite3.Row]:
    """The stacks of these ids: id, primary, how many photos outside the trash."""
    rows = await read(STACKS, {"stack_ids": as_json(stack_ids)})
    return {row["stack_id"]: row for row in rows}


async def tags(read: Reader, photo_ids: Iterable[str]) -> list[sqlite3.Row]:
    """The tags of these photos, each with the photo it is on, by value."""
    return await read(TAGS, {"photo_ids": as_json(photo_ids)})


async def people(read: Reader, photo_ids: Iterable[str]) -> list[sqlite3.Row]:
    """Who is seen on these photos and not hidden, each with the photo; those with a name first."""
    return await read(PEOPLE, {"photo_ids": as_json(photo_ids)})


async def permitted(read: Reader, photo_ids: Iterable[str], visible: str, args: Mapping[str, object]) -> set[str]:
    """Those of the photos that a condition lets through."""
    rows = await read(PERMITTED.format(photo_visible=visible), {**args, "photo_ids": as_json(photo_ids)})
    return {row["photo_id"] for row in rows}


async def touch(tx: Write, photo_ids: Sequence[str], *, now: int) -> None:
    """Say of photos that something of them has changed; each gets a stamp of its own."""
    await tx.many(TOUCH, [{"photo_id": one, "now": now, "stamp": await tx.stamp()} for one in photo_ids])
