"""Statements on albums: their rows, who may do what with them, and what is told of them without their photos."""

import sqlite3
from collections.abc import Iterable, Mapping

import msgspec

from homemedia.core.db import Reader, Write, as_json
from homemedia.photos.albums.models import Album
from homemedia.photos.visible import ALBUMS_SQL, STANDING_SQL
from homemedia.sharing.rights import Right

_ALBUM = """album.album_id, album.owner_id, album.name, album.description, album.cover_photo_id,
           album.is_activity_enabled, album.sort_order, album.created_at, album.updated_at"""
_STANDING = STANDING_SQL.format(photo="photo")
# Whose owner is away is as if it were not (design §7.13).
_THERE = "album.deleted_at IS NULL AND user.state = 'active'"

LIST = f"""
    SELECT {_ALBUM}
      FROM album JOIN user ON user.user_id = album.owner_id
     WHERE album.album_id IN (
               SELECT own.album_id FROM album AS own WHERE own.owner_id = :viewer_id AND own.deleted_at IS NULL
               UNION ALL SELECT target_id FROM {ALBUMS_SQL})
       AND {_THERE} AND (:album_id IS NULL OR album.album_id = :album_id) AND (:name IS NULL OR album.name = :name)
       AND (:photo_id IS NULL OR EXISTS (
               SELECT 1 FROM album_photo JOIN photo ON photo.photo_id = album_photo.photo_id
                WHERE album_photo.album_id = album.album_id AND album_photo.photo_id = :photo_id AND {_STANDING}))
     ORDER BY album.created_at DESC, album.album_id
"""  # noqa: S608 - constants of our own
ALLOWED = f"""
    SELECT {_ALBUM}
      FROM json_each(:album_ids) AS wanted
     CROSS JOIN album ON album.album_id = wanted.value
      JOIN user ON user.user_id = album.owner_id
     WHERE {_THERE} AND (album.owner_id = :viewer_id OR album.album_id IN {ALBUMS_SQL})
"""  # noqa: S608 - constants of our own
ONE = f"SELECT {_ALBUM} FROM album WHERE album.album_id = :album_id AND album.deleted_at IS NULL"  # noqa: S608
FACTS = f"""
    SELECT wanted.value AS album_id, count(*) AS photos, min(photo.local_taken_at) AS first_at,
           max(photo.local_taken_at) AS last_at, max(photo.updated_at) AS changed_at,
           max(photo.photo_id = album.cover_photo_id) AS has_cover
      FROM json_each(:album_ids) AS wanted
     CROSS JOIN album ON album.album_id = wanted.value
     CROSS JOIN album_photo ON album_photo.album_id = wanted.value
     CROSS JOIN photo ON photo.photo_id = album_photo.photo_id
     WHERE {_STANDING}
     GROUP BY wanted.value
"""  # noqa: S608 - constants of our own
# Of a bare column beside max() SQLite answers that of the greatest row.
NEWEST = f"""
    SELECT wanted.value AS album_id, photo.photo_id, max(photo.taken_at) AS taken_at
      FROM json_each(:album_ids) AS wanted
     CROSS JOIN album_photo ON album_photo.album_id = wanted.value
     CROSS JOIN photo ON photo.photo_id = album_photo.photo_id
     WHERE {_STANDING}
     GROUP BY wanted.value
"""  # noqa: S608 - constants of our own
CONTRIBUTORS = f"""
    SELECT photo.owner_id, count(*) AS photos
      FROM album_photo JOIN photo ON photo.photo_id = album_photo.photo_id
     WHERE album_photo.album_id = :album_id AND {_STANDING}
     GROUP BY photo.owner_id
     ORDER BY photos DESC, photo.owner_id
"""  # noqa: S608 - constants of our own
ADD = """
    INSERT INTO album (album_id, owner_id, name, description, is_activity_enabled, sort_order, created_at, updated_at,
                       stamp)
    VALUES (:album_id, :owner_id, :name, :description, 1, :sort_order, :now, :now, :stamp)
"""
CHANGE = """
    UPDATE album SET name = :name, description = :description, is_activity_enabled = :is_activity_enabled,
                     sort_order = :sort_order, cover_photo_id = :cover_photo_id, updated_at = :now, stamp = :stamp
     WHERE album_id = :album_id
"""
TOUCH = "UPDATE album SET updated_at = :now, stamp = :stamp WHERE album_id = :album_id"
COVER = """
    UPDATE album SET cover_photo_id = :photo_id WHERE album_id = :album_id AND cover_photo_id IS NULL
"""
UNCOVER = """
    UPDATE album SET cover_photo_id = NULL
     WHERE album_id = :album_id AND cover_photo_id IN (SELECT value FROM json_each(:photo_ids))
"""
DROP = "DELETE FROM album WHERE album_id = :album_id"
OF_OWNER = "SELECT album_id FROM album WHERE owner_id = :owner_id AND deleted_at IS NULL"


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of the photos in an album together; `has_cover`: the chosen one is among them."""

    photos: int
    first_at: int
    last_at: int
    changed_at: int
    has_cover: bool


async def listed(
    read: Reader,
    viewer_id: str,
    *,
    now: int,
    album_id: str | None = None,
    name: str | None = None,
    photo_id: str | None = None,
) -> list[Album]:
    """The albums a member may open, newest first."""
    args = {"viewer_id": viewer_id, "granted_at": now, "right": int(Right.VIEW), "with_hidden": 0}
    rows = await read(LIST, args | {"album_id": album_id, "name": name, "photo_id": photo_id})
    return [album_of(row) for row in rows]


async def allowed(
    read: Reader, viewer_id: str, album_ids: Iterable[str], right: Right, *, now: int
) -> dict[str, Album]:
    """Those of the albums with which a member may do something: his own, and those he was granted it for."""
    args = {
        "viewer_id": viewer_id,
        "granted_at": now,
        "right": int(right),
        "with_hidden": 1,
        "album_ids": as_json(album_ids),
    }
    return {row["album_id"]: album_of(row) for row in await read(ALLOWED, args)}


async def one(read: Reader, album_id: str) -> Album | None:
    """An album, whoever asks."""
    rows = await read(ONE, {"album_id": album_id})
    return album_of(rows[0]) if rows else None


async def facts(read: Reader, album_ids: Iterable[str], *, now: int) -> dict[str, Facts]:
    """What is told of the photos in these albums; empty ones are left out."""
    rows = await read(FACTS, {"album_ids": as_json(album_ids), "granted_at": now})
    return {
        row["album_id"]: Facts(
            photos=row["photos"],
            first_at=row["first_at"],
            last_at=row["last_at"],
            changed_at=row["changed_at"],
            has_cover=bool(row["has_cover"]),
        )
        for row in rows
    }


async def newest(read: Reader, album_ids: Iterable[str], *, now: int) -> dict[str, str]:
    """The photo of each album that was taken last."""
    rows = await read(NEWEST, {"album_ids": as_json(album_ids), "granted_at": now})
    return {row["album_id"]: row["photo_id"] for row in rows}


async def contributors(read: Reader, album_id: str, *, now: int) -> list[tuple[str, int]]:
    """Whose photos an album holds, and how many; most first."""
    rows = await read(CONTRIBUTORS, {"album_id": album_id, "granted_at": now})
    return [(row["owner_id"], row["photos"]) for row in rows]


async def add(tx: Write, album: Album) -> None:
    args = {
        "album_id": album.album_id,
        "owner_id": album.owner_id,
        "name": album.name,
        "description": album.description,
        "sort_order": album.sort_order,
        "now": album.created_at,
        "stamp": await tx.stamp(),
    }
    await tx.run(ADD, args)


async def change(tx: Write, album: Album, *, now: int) -> None:
    args = {
        "album_id": album.album_id,
        "name": album.name,
        "description": album.description,
        "is_activity_enabled": int(album.is_activity_enabled),
        "sort_order": album.sort_order,
        "cover_photo_id": album.cover_photo_id,
        "now": now,
        "stamp": await tx.stamp(),
    }
    await tx.run(CHANGE, args)


async def touch(tx: Write, album_id: str, *, now: int) -> None:
    await tx.run(TOUCH, {"album_id": album_id, "now": now, "stamp": await tx.stamp()})


async def cover(tx: Write, album_id: str, photo_id: str) -> None:
    """Let a photo stand for an album that has none."""
    await tx.run(COVER, {"album_id": album_id, "photo_id": photo_id})


async def uncover(tx: Write, album_id: str, photo_ids: Iterable[str]) -> None:
    """None of these photos stands for an album any more."""
    await tx.run(UNCOVER, {"album_id": album_id, "photo_ids": as_json(photo_ids)})


async def drop(tx: Write, album_id: str) -> None:
    await tx.run(DROP, {"album_id": album_id})


async def of_owner(read: Reader, owner_id: str) -> list[str]:
    return [row["album_id"] for row in await read(OF_OWNER, {"owner_id": owner_id})]


def album_of(row: sqlite3.Row | Mapping[str, object]) -> Album:
    fields = {name: row[name] for name in Album.__struct_fields__}
    return msgspec.convert(fields | {"is_activity_enabled": bool(fields["is_activity_enabled"])}, Album)
