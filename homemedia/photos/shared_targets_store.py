"""The statements on photos, albums and whole collections as sharing asks for them; nothing here decides."""

import sqlite3
from collections.abc import Sequence

from homemedia.core.db import Reader, as_json

PHOTOS = """
    SELECT photo.photo_id, photo.owner_id, photo.kind, photo.original_name, photo.visibility, photo.deleted_at,
           photo.is_offline,
           (SELECT json_group_array(album_photo.album_id) FROM album_photo
             WHERE album_photo.photo_id = photo.photo_id) AS albums
      FROM json_each(:target_ids) AS wanted
     CROSS JOIN photo ON photo.photo_id = wanted.value
"""
ALBUMS = """
    SELECT album.album_id, album.owner_id, album.name, album.deleted_at,
           (SELECT count(*) FROM album_photo CROSS JOIN photo ON photo.photo_id = album_photo.photo_id
             WHERE album_photo.album_id = album.album_id AND photo.deleted_at IS NULL
               AND photo.visibility IN ('timeline', 'archive')) AS photos
      FROM json_each(:target_ids) AS wanted
     CROSS JOIN album ON album.album_id = wanted.value
"""
PEOPLE = """
    SELECT user.user_id, user.display_name
      FROM json_each(:target_ids) AS wanted
     CROSS JOIN user ON user.user_id = wanted.value
     WHERE user.state <> 'removed' OR user.purge_at IS NOT NULL
"""


async def photos(read: Reader, ids: Sequence[str]) -> list[sqlite3.Row]:
    return await read(PHOTOS, {"target_ids": as_json(ids)})


async def albums(read: Reader, ids: Sequence[str]) -> list[sqlite3.Row]:
    return await read(ALBUMS, {"target_ids": as_json(ids)})


async def people(read: Reader, ids: Sequence[str]) -> list[sqlite3.Row]:
    return await read(PEOPLE, {"target_ids": as_json(ids)})
