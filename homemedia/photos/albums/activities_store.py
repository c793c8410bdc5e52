"""Statements on what is said and liked in albums."""

import sqlite3

import msgspec

from homemedia.core.db import Reader, Write
from homemedia.photos.visible import STANDING_SQL

_STANDING = STANDING_SQL.format(photo="photo")
_ACTIVITY = """album_activity.album_activity_id, album_activity.album_id, album_activity.photo_id,
           album_activity.user_id, album_activity.is_like, album_activity.comment, album_activity.created_at,
           user.display_name"""
# Said of the album, or of a photo that is seen in it.
_SHOWN = f"""
    (album_activity.photo_id IS NULL OR EXISTS (
        SELECT 1 FROM album_photo JOIN photo ON photo.photo_id = album_photo.photo_id
         WHERE album_photo.album_id = album_activity.album_id AND album_photo.photo_id = album_activity.photo_id
           AND {_STANDING}))
"""  # noqa: S608 - constants of our own
LIST = f"""
    SELECT {_ACTIVITY}
      FROM album_activity JOIN user ON user.user_id = album_activity.user_id
     WHERE album_activity.album_id = :album_id AND {_SHOWN}
       AND (:photo_id IS NULL OR album_activity.photo_id = :photo_id)
       AND (:user_id IS NULL OR album_activity.user_id = :user_id)
       AND (:is_like IS NULL OR album_activity.is_like = :is_like)
       AND (:is_of_photo IS NULL OR (album_activity.photo_id IS NOT NULL) = :is_of_photo)
     ORDER BY album_activity.created_at, album_activity.album_activity_id
"""  # noqa: S608 - constants of our own
ONE = f"""
    SELECT {_ACTIVITY}
      FROM album_activity JOIN user ON user.user_id = album_activity.user_id
     WHERE album_activity.album_activity_id = :activity_id
"""  # noqa: S608 - constants of our own
LIKE_OF = f"""
    SELECT {_ACTIVITY}
      FROM album_activity JOIN user ON user.user_id = album_activity.user_id
     WHERE album_activity.album_id = :album_id AND album_activity.user_id = :user_id
       AND ifnull(album_activity.photo_id, '') = ifnull(:photo_id, '') AND album_activity.is_like = 1
"""  # noqa: S608 - constants of our own
COUNTS = f"""
    SELECT coalesce(sum(album_activity.is_like), 0) AS likes,
           coalesce(sum(NOT album_activity.is_like), 0) AS comments
      FROM album_activity
     WHERE album_activity.album_id = :album_id AND {_SHOWN}
       AND (:photo_id IS NULL OR album_activity.photo_id = :photo_id)
"""  # noqa: S608 - constants of our own
ADD = """
    INSERT INTO album_activity (album_activity_id, album_id, photo_id, user_id, is_like, comment, created_at)
    VALUES (:activity_id, :album_id, :photo_id, :user_id, :is_like, :comment, :created_at)
"""
DROP = "DELETE FROM album_activity WHERE album_activity_id = :activity_id"


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """Something said of an album or of a photo in it, or a like when there is no comment."""

    activity_id: str
    album_id: str
    photo_id: str | None
    user_id: str
    user_name: str
    comment: str | None
    created_at: int


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which activities of an album; None leaves a question open."""

    album_id: str
    photo_id: str | None = None
    user_id: str | None = None
    is_like: bool | None = None
    is_of_photo: bool | None = None


async def listed(read: Reader, asked: Asked, *, now: int) -> list[Activity]:
    """Activities, oldest first."""
    return [_activity(row) for row in await read(LIST, {**msgspec.to_builtins(asked), "granted_at": now})]


async def one(read: Reader, activity_id: str) -> Activity | None:
    rows = await read(ONE, {"activity_id": activity_id})
    return _activity(rows[0]) if rows else None


async def like_of(read: Reader, user_id: str, album_id: str, photo_id: str | None) -> Activity | None:
    rows = await read(LIKE_OF, {"album_id": album_id, "user_id": user_id, "photo_id": photo_id})
    return _activity(rows[0]) if rows else None


async def counts(read: Reader, album_id: str, photo_id: str | None, *, now: int) -> tuple[int, int]:
    """How many comments and likes."""
    row = (await read(COUNTS, {"album_id": album_id, "photo_id": photo_id, "granted_at": now}))[0]
    return row["comments"], row["likes"]


async def add(tx: Write, activity: Activity) -> None:
    fields = msgspec.to_builtins(activity)
    del fields["user_name"]
    await tx.run(ADD, fields | {"is_like": int(activity.comment is None)})


async def drop(tx: Write, activity_id: str) -> None:
    await tx.run(DROP, {"activity_id": activity_id})


def _activity(row: sqlite3.Row) -> Activity:
    return Activity(
        activity_id=row["album_activity_id"],
        album_id=row["album_id"],
        photo_id=row["photo_id"],
        user_id=row["user_id"],
        user_name=row["display_name"],
        comment=row["comment"],
        created_at=row["created_at"],
    )
