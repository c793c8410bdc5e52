"""The statements on the trash, and on photos that go for good."""

import sqlite3
from collections.abc import Collection, Sequence

from homemedia.core.db import Reader, Write, as_json

MAY_GO = """
    SELECT photo.photo_id FROM json_each(:ids) AS wanted
     CROSS JOIN photo ON photo.photo_id = wanted.value
     WHERE photo.owner_id = :owner_id AND photo.deleted_at IS NULL
"""
MAY_COME_BACK = """
    SELECT photo.photo_id FROM json_each(:ids) AS wanted
     CROSS JOIN photo ON photo.photo_id = wanted.value
     WHERE photo.owner_id = :owner_id AND photo.deleted_at IS NOT NULL AND photo.is_offline = 0
"""
TRASHED = """
    SELECT photo_id FROM photo
     WHERE owner_id = :owner_id AND deleted_at IS NOT NULL AND deleted_at <= :before AND is_offline <= :is_offline
     LIMIT :limit
"""
COUNT_TRASHED = "SELECT sum(photos) AS photos FROM photo_month WHERE owner_id = :owner_id AND is_trashed = 1"
# What is offline waits for its disk as long as the library does.
EXPIRED = """
    SELECT photo_id FROM photo WHERE deleted_at IS NOT NULL AND deleted_at <= :before AND is_offline = 0 LIMIT :limit
"""
OF_OWNER = "SELECT photo_id FROM photo WHERE owner_id = :owner_id LIMIT :limit"
TRASH = "UPDATE photo SET deleted_at = :deleted_at, updated_at = :now, stamp = :stamp WHERE photo_id = :photo_id"
# With the moving parts that no other photo needs.
GOING = """
    WITH going (photo_id) AS (
        SELECT photo.photo_id FROM json_each(:ids) AS wanted CROSS JOIN photo ON photo.photo_id = wanted.value
    )
    SELECT photo.photo_id, photo.owner_id, photo.file_id, photo.size_bytes, photo.library_id, photo.stack_id,
           photo.is_offline, file.root_id, file.path, file.quick_hash
      FROM photo JOIN file ON file.file_id = photo.file_id
     WHERE photo.photo_id IN going
        OR photo.photo_id IN (
           SELECT still.live_video_id FROM going CROSS JOIN photo AS still ON still.photo_id = going.photo_id
            WHERE still.live_video_id IS NOT NULL AND NOT EXISTS (
                  SELECT 1 FROM photo AS other
                   WHERE other.live_video_id = still.live_video_id AND other.photo_id NOT IN going))
"""
STAYING = """
    SELECT photo.photo_id, photo.stack_id, stack.primary_photo_id
      FROM json_each(:stack_ids) AS wanted
     CROSS JOIN photo ON photo.stack_id = wanted.value AND photo.photo_id NOT IN (SELECT value FROM json_each(:ids))
      JOIN stack ON stack.stack_id = wanted.value
     ORDER BY photo.taken_at, photo.photo_id
"""
PROMOTE = """
    UPDATE stack SET primary_photo_id = :photo_id, updated_at = :now, stamp = :stamp WHERE stack_id = :stack_id
"""
UNSTACK = "UPDATE photo SET stack_id = NULL, updated_at = :now, stamp = :stamp WHERE photo_id = :photo_id"
DROP_STACK = "DELETE FROM stack WHERE stack_id = :stack_id"
DROP = "DELETE FROM photo WHERE photo_id IN (SELECT value FROM json_each(:ids))"
DISCHARGE = "UPDATE user SET used_bytes = max(0, used_bytes - :size_bytes) WHERE user_id = :owner_id"
DISMISS = """
    INSERT INTO dismissed_file (root_id, path, slice, quick_hash, dismissed_at)
    VALUES (:root_id, :path, 'photos', :quick_hash, :now)
    ON CONFLICT (root_id, path, slice)
    DO UPDATE SET quick_hash = excluded.quick_hash, dismissed_at = excluded.dismissed_at
"""


async def may_go(read: Reader, owner_id: str, photo_ids: Collection[str]) -> list[str]:
    """Which of these are a member's and not in the trash."""
    return _ids(await read(MAY_GO, {"owner_id": owner_id, "ids": as_json(photo_ids)}))


async def may_come_back(read: Reader, owner_id: str, photo_ids: Collection[str]) -> list[str]:
    """Which of these are a member's, in the trash, and have a file."""
    return _ids(await read(MAY_COME_BACK, {"owner_id": owner_id, "ids": as_json(photo_ids)}))


async def trashed(read: Reader, owner_id: str, *, before: int, with_offline: bool, limit: int) -> list[str]:
    """Some of a member's trash: of what went there until a time."""
    args = {"owner_id": owner_id, "before": before, "is_offline": int(with_offline), "limit": limit}
    return _ids(await read(TRASHED, args))


async def count_trashed(read: Reader, owner_id: str) -> int:
    return int((await read(COUNT_TRASHED, {"owner_id": owner_id}))[0]["photos"] or 0)


async def expired(read: Reader, before: int, limit: int) -> list[str]:
    """Some of what lies in the trash since before a time, of anybody."""
    return _ids(await read(EXPIRED, {"before": before, "limit": limit}))


async def of_owner(read: Reader, owner_id: str, limit: int) -> list[str]:
    """Some of a member's photos."""
    return _ids(await read(OF_OWNER, {"owner_id": owner_id, "limit": limit}))


async def set_trashed(tx: Write, photo_ids: Sequence[str], *, deleted_at: int | None, now: int) -> None:
    """Put photos into the trash, or take them out (None)."""
    if not photo_ids:
        return
    stamps = await tx.stamps(len(photo_ids))
    rows = [
        {"photo_id": photo_id, "deleted_at": deleted_at, "now": now, "stamp": stamp}
        for photo_id, stamp in zip(photo_ids, stamps, strict=True)
    ]
    await tx.many(TRASH, rows)


async def going(tx: Write, photo_ids: Collection[str]) -> list[sqlite3.Row]:
    """Photos that shall go with their moving parts: photo_id, owner_id, file_id, size, library, stack, place."""
    return await tx.rows(GOING, {"ids": as_json(photo_ids)})


async def staying(tx: Write, stack_ids: Collection[str], photo_ids: Collection[str]) -> list[sqlite3.Row]:
    """What is left of stacks when these photos are gone, oldest first."""
    return await tx.rows(STAYING, {"stack_ids": as_json(stack_ids), "ids": as_json(photo_ids)})


async def promote(tx: Write, stack_id: str, photo_id: str, *, now: int) -> None:
    """Have another photo stand for a stack."""
    await tx.run(PROMOTE, {"stack_id": stack_id, "photo_id": photo_id, "now": now, "stamp": await tx.stamp()})


async def dissolve(tx: Write, stack_id: str, photo_ids: Collection[str], *, now: int) -> None:
    """End a stack; these photos stay by themselves."""
    for photo_id in photo_ids:
        await tx.run(UNSTACK, {"photo_id": photo_id, "now": now, "stamp": await tx.stamp()})
    await tx.run(DROP_STACK, {"stack_id": stack_id})


async def drop(tx: Write, photo_ids: Collection[str]) -> None:
    await tx.run(DROP, {"ids": as_json(photo_ids)})


async def discharge(tx: Write, owner_id: str, size_bytes: int) -> None:
    """Give bytes back to a member's quota."""
    await tx.run(DISCHARGE, {"owner_id": owner_id, "size_bytes": size_bytes})


async def dismiss(tx: Write, places: Sequence[sqlite3.Row], now: int) -> None:
    """Remember files on somebody's own disk, so that no scan brings them back."""
    await tx.many(
        DISMISS,
        [
            {"root_id": row["root_id"], "path": row["path"], "quick_hash": row["quick_hash"], "now": now}
            for row in places
        ],
    )


def _ids(rows: Sequence[sqlite3.Row]) -> list[str]:
    return [row["photo_id"] for row in rows]
