"""The statements of downloads: which photos, how large, where their files lie."""

import sqlite3
from collections.abc import Iterable, Mapping

from homemedia.core.db import Reader, as_json

SIZES = """
    SELECT photo.photo_id, photo.size_bytes, photo.live_video_id, video.size_bytes AS video_bytes,
           video.is_embedded
      FROM json_each(:photo_ids) AS wanted
     CROSS JOIN photo ON photo.photo_id = wanted.value
      LEFT JOIN photo AS video ON video.photo_id = photo.live_video_id
     ORDER BY wanted.key
"""
OF_ALBUM = """
    SELECT photo.photo_id
      FROM album_photo CROSS JOIN photo ON photo.photo_id = album_photo.photo_id
     WHERE album_photo.album_id = :album_id AND {photo_visible}
     ORDER BY photo.taken_at DESC, photo.photo_id
"""
OF_OWNER = """
    SELECT photo.photo_id FROM photo
     WHERE photo.owner_id = :owner_id AND photo.visibility <> 'hidden' AND photo.deleted_at IS NULL
       AND photo.visibility <> 'locked' AND {photo_visible}
     ORDER BY photo.taken_at DESC, photo.photo_id
"""
FILES = """
    SELECT photo.photo_id, photo.original_name, photo.local_taken_at, file.path, root.path AS root
      FROM json_each(:photo_ids) AS wanted
     CROSS JOIN photo ON photo.photo_id = wanted.value
      JOIN file ON file.file_id = photo.file_id
      JOIN root ON root.root_id = file.root_id
     ORDER BY wanted.key
"""


async def sizes(read: Reader, photo_ids: Iterable[str]) -> list[sqlite3.Row]:
    return await read(SIZES, {"photo_ids": as_json(photo_ids)})


async def of_album(read: Reader, album_id: str, visible: str, args: Mapping[str, object]) -> list[str]:
    rows = await read(OF_ALBUM.format(photo_visible=visible), {**args, "album_id": album_id})
    return [row["photo_id"] for row in rows]


async def of_owner(read: Reader, owner_id: str, visible: str, args: Mapping[str, object]) -> list[str]:
    rows = await read(OF_OWNER.format(photo_visible=visible), {**args, "owner_id": owner_id})
    return [row["photo_id"] for row in rows]


async def files(read: Reader, photo_ids: Iterable[str]) -> list[sqlite3.Row]:
    """Where the files of photos lie, in this order."""
    return await read(FILES, {"photo_ids": as_json(photo_ids)})
