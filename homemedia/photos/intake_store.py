"""The statements by which photos come in."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from homemedia.core.db import Reader, Write, as_json
from homemedia.photos.models import PhotoKind, Visibility, month_of

ADD = """
    INSERT INTO photo (photo_id, owner_id, file_id, library_id, kind, checksum, original_name, size_bytes, taken_at,
                       local_taken_at, modified_at, month, duration_ms, is_favorite, visibility, live_video_id,
                       device_asset_id, device_id, is_embedded, created_at, updated_at, stamp)
    VALUES (:photo_id, :owner_id, :file_id, NULL, :kind, :checksum, :original_name, :size_bytes, :taken_at,
            :taken_at, :modified_at, :month, :duration_ms, :is_favorite, :visibility, :live_video_id,
            :device_asset_id, :device_id, :is_embedded, :now, :now, :stamp)
"""
# Counted in the transaction that adds what is counted (design §7.20); no row where it does not fit.
CHARGE = """
    UPDATE user SET used_bytes = used_bytes + :size_bytes
     WHERE user_id = :owner_id AND (NOT :must_fit OR quota_bytes IS NULL OR used_bytes + :size_bytes <= quota_bytes)
"""
ROOM = "SELECT quota_bytes - used_bytes AS room FROM user WHERE user_id = :owner_id"
# The checksums come as one value, 20 bytes each: SQLite before 3.41 makes no bytes of text.
HELD = """
    WITH RECURSIVE wanted (at) AS (
        SELECT 1 WHERE length(:checksums) > 0 UNION ALL SELECT at + 20 FROM wanted WHERE at + 20 < length(:checksums)
    )
    SELECT photo.photo_id, photo.checksum, photo.deleted_at, photo.file_id, file.path, file.missing_since_at
      FROM wanted
     CROSS JOIN photo ON photo.owner_id = :owner_id AND photo.checksum = substr(:checksums, wanted.at, 20)
                     AND photo.library_id IS NULL
     CROSS JOIN file ON file.file_id = photo.file_id
"""
LIVE_VIDEO = "SELECT owner_id, kind, visibility FROM photo WHERE photo_id = :photo_id"
HIDE = """
    UPDATE photo SET visibility = 'hidden', updated_at = :now, stamp = :stamp
     WHERE photo_id = :photo_id AND visibility = 'timeline'
"""
SET_METADATA = """
    INSERT INTO photo_metadata (photo_id, key, value, updated_at, stamp)
    VALUES (:photo_id, :key, :value, :now, :stamp)
    ON CONFLICT (photo_id, key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at,
                                              stamp = excluded.stamp
"""
OF_DEVICE = """
    SELECT device_asset_id FROM photo
     WHERE owner_id = :owner_id AND device_id = :device_id AND device_asset_id <> '' AND deleted_at IS NULL
"""
ON_DEVICE = """
    SELECT wanted.value AS device_asset_id FROM json_each(:ids) AS wanted
     WHERE wanted.value IN (SELECT device_asset_id FROM photo
                             WHERE owner_id = :owner_id AND device_id = :device_id AND deleted_at IS NULL)
"""
OWNER = "SELECT user_id FROM user WHERE user_id = :owner_id AND purged_at IS NULL"


class NewPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """A photo to be entered; times in ms. `is_embedded`: cut out of another's file."""

    photo_id: str
    owner_id: str
    file_id: int
    kind: PhotoKind
    checksum: bytes
    original_name: str
    size_bytes: int
    taken_at: int
    modified_at: int
    duration_ms: int | None = None
    is_favorite: bool = False
    visibility: Visibility = Visibility.TIMELINE
    live_video_id: str | None = None
    device_asset_id: str = ""
    device_id: str = ""
    is_embedded: bool = False


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A photo whose bytes somebody has already."""

    photo_id: str
    checksum: bytes
    deleted_at: int | None
    file_id: int
    path: str
    missing_since_at: int | None


async def add(tx: Write, photo: NewPhoto, *, now: int, stamp: int) -> None:
    args = {name: getattr(photo, name) for name in NewPhoto.__struct_fields__}
    args["kind"], args["visibility"] = photo.kind.value, photo.visibility.value
    await tx.run(ADD, args | {"month": month_of(photo.taken_at), "now": now, "stamp": stamp})


async def charge(tx: Write, owner_id: str, size_bytes: int, *, must_fit: bool = True) -> bool:
    """Count bytes against a member's quota; False when they do not fit and must."""
    return await tx.run(CHARGE, {"owner_id": owner_id, "size_bytes": size_bytes, "must_fit": must_fit}) > 0


async def room(read: Reader, owner_id: str) -> int | None:
    """Bytes that still fit; None for any number."""
    rows = await read(ROOM, {"owner_id": owner_id})
    return rows[0]["room"] if rows else 0


async def held(read: Reader, owner_id: str, checksums: Iterable[bytes]) -> dict[bytes, Held]:
    """Which of these bytes a member has uploaded already, the trash included; SHA-1 of 20 bytes each."""
    rows = await read(HELD, {"owner_id": owner_id, "checksums": b"".join(checksums)})
    return {row["checksum"]: Held(**dict(row)) for row in rows}


async def live_video(read: Reader, photo_id: str) -> sqlite3.Row | None:
    """A photo that shall be the moving part of another: owner_id, kind, visibility."""
    rows = await read(LIVE_VIDEO, {"photo_id": photo_id})
    return rows[0] if rows else None


async def hide(tx: Write, photo_id: str, *, now: int, stamp: int) -> bool:
    """Take a video out of the timeline; whether it stood there."""
    return await tx.run(HIDE, {"photo_id": photo_id, "now": now, "stamp": stamp}) > 0


async def set_metadata(tx: Write, photo_id: str, values: Mapping[str, str], *, now: int, stamp: int) -> None:
    """Keep what an app says of a photo: JSON by key."""
    await tx.many(
        SET_METADATA,
        [
            {"photo_id": photo_id, "key": key, "value": value, "now": now, "stamp": stamp}
            for key, value in values.items()
        ],
    )


async def of_device(read: Reader, owner_id: str, device_id: str) -> list[str]:
    rows = await read(OF_DEVICE, {"owner_id": owner_id, "device_id": device_id})
    return [row["device_asset_id"] for row in rows]


async def on_device(read: Reader, owner_id: str, device_id: str, ids: Sequence[str]) -> list[str]:
    """Which of a device's own ids are known."""
    args = {"owner_id": owner_id, "device_id": device_id, "ids": as_json(ids)}
    return [row["device_asset_id"] for row in await read(ON_DEVICE, args)]


async def may_own(read: Reader, owner_id: str) -> bool:
    """Whether there is such a member."""
    return bool(await read(OWNER, {"owner_id": owner_id}))
