"""The statements by which photos get what is known of them."""

import sqlite3
from collections.abc import Mapping

import msgspec

from homemedia.core.db import Reader, Write, as_json

OWED = """
    SELECT photo.photo_id, photo.owner_id, photo.file_id, photo.kind, photo.original_name, photo.todo, photo.taken_at,
           photo.modified_at, photo.duration_ms, photo.live_video_id, photo.library_id, root.path AS root, file.path
      FROM photo INDEXED BY photo_todo
      JOIN file ON file.file_id = photo.file_id
      JOIN root ON root.root_id = file.root_id
     WHERE photo.todo <> 0 AND (photo.todo & :wanted) <> 0 AND photo.is_offline = 0
       AND NOT EXISTS (SELECT 1 FROM library WHERE library.library_id = photo.library_id AND library.is_available = 0)
       AND photo.photo_id NOT IN (SELECT value FROM json_each(:skipped))
     ORDER BY photo.todo, photo.created_at LIMIT :limit
"""
NOW = """
    SELECT photo.todo, photo.visibility, photo.live_video_id, photo_exif.locked
      FROM photo LEFT JOIN photo_exif ON photo_exif.photo_id = photo.photo_id
     WHERE photo.photo_id = :photo_id
"""
SETTLED = """
    UPDATE photo
       SET taken_at = coalesce(:taken_at, taken_at), local_taken_at = coalesce(:local_taken_at, local_taken_at),
           month = coalesce(:month, month), duration_ms = :duration_ms, width = coalesce(:width, width),
           height = coalesce(:height, height), thumbhash = coalesce(:thumbhash, thumbhash), failure = :failure,
           todo = todo & ~:done, updated_at = :now, stamp = :stamp
     WHERE photo_id = :photo_id
"""
ADD_EXIF = """
    INSERT INTO photo_exif (photo_id, stamp) VALUES (:photo_id, :stamp) ON CONFLICT DO NOTHING
"""
SET_EXIF = """
    UPDATE photo_exif
       SET make = :make, model = :model, lens_model = :lens_model, exif_width = :exif_width,
           exif_height = :exif_height, orientation = :orientation, modify_date = :modify_date, f_number = :f_number,
           focal_length = :focal_length, iso = :iso, exposure_time = :exposure_time,
           projection_type = :projection_type, fps = :fps, profile_description = :profile_description,
           content_id = :content_id, stamp = :stamp
     WHERE photo_id = :photo_id
"""
# What a member may set by hand is left where he did.
SET_DATE = """
    UPDATE photo_exif SET date_time_original = :date_time_original, time_zone = :time_zone WHERE photo_id = :photo_id
"""
SET_PLACE = """
    UPDATE photo_exif SET latitude = :latitude, longitude = :longitude, city = :city, state = :state, country = :country
     WHERE photo_id = :photo_id
"""
SET_DESCRIPTION = "UPDATE photo_exif SET description = :description WHERE photo_id = :photo_id"
SET_RATING = "UPDATE photo_exif SET rating = :rating WHERE photo_id = :photo_id"
# Read by who looks after the libraries: which files could not be read, and why.
TELL_OF_FILE = """
    UPDATE file SET probe_code = :code, probe_error = :problem
     WHERE file_id = :file_id AND kind = 'photo' AND probe_error IS NOT :problem
"""
OPEN_JOBS = "SELECT key, state FROM job WHERE kind = :kind AND state IN ('queued', 'running')"


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """A photo that is still owed something, and where its file lies."""

    photo_id: str
    owner_id: str
    file_id: int
    kind: str
    original_name: str
    todo: int
    taken_at: int
    modified_at: int
    duration_ms: int | None
    live_video_id: str | None
    library_id: str | None
    root: str
    path: str


async def owed(read: Reader, wanted: int, *, limit: int, skipped: set[str]) -> list[Owed]:
    """Photos that are owed any of `wanted`, the longest waiting first."""
    args = {"wanted": wanted, "limit": limit, "skipped": as_json(sorted(skipped))}
    return [Owed(**dict(row)) for row in await read(OWED, args)]


async def now(tx: Write, photo_id: str) -> sqlite3.Row | None:
    """What is true of a photo in this transaction; None when it is gone."""
    rows = await tx.rows(NOW, {"photo_id": photo_id})
    return rows[0] if rows else None


async def settle(tx: Write, row: Mapping[str, object]) -> None:
    await tx.run(SETTLED, row)


async def set_exif(tx: Write, row: Mapping[str, object], *, locked: frozenset[str]) -> None:
    """Write down what a file says, but for fields that were set by hand."""
    await tx.run(ADD_EXIF, row)
    await tx.run(SET_EXIF, row)
    for statement, fields in (
        (SET_DATE, {"dateTimeOriginal", "timeZone"}),
        (SET_PLACE, {"latitude", "longitude"}),
        (SET_DESCRIPTION, {"description"}),
        (SET_RATING, {"rating"}),
    ):
        if not locked & fields:
            await tx.run(statement, row)


async def tell_of_file(tx: Write, file_id: int, code: str | None, problem: str | None) -> None:
    """Say of a scanned picture why it cannot be read, or that it can."""
    await tx.run(TELL_OF_FILE, {"file_id": file_id, "code": code if problem else None, "problem": problem})


async def free_key(tx: Write, kind: str, keys: tuple[str, ...]) -> str | None:
    """A key for one more job; None where one waits already. One that runs may have looked for the last time."""
    rows = await tx.rows(OPEN_JOBS, {"kind": kind})
    if any(row["state"] == "queued" for row in rows):
        return None
    running = {row["key"] for row in rows}
    return next((key for key in keys if key not in running), None)
