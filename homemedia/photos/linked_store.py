"""The statements of photos behind links."""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Final

from homemedia.core.db import Reader, as_json
from homemedia.photos.visible import STANDING_SQL

_STANDING = STANDING_SQL.format(photo="photo")
_INSIDE = f"""
      FROM album_photo JOIN photo ON photo.photo_id = album_photo.photo_id
     WHERE album_photo.album_id = :album_id AND {_STANDING}
"""
PAGE = f"SELECT photo.photo_id {_INSIDE} ORDER BY {{link_order}} LIMIT :limit OFFSET :offset"
COUNT = f"SELECT count(*) AS photos {_INSIDE}"
BYTES = """
    SELECT photo.photo_id, photo.kind, photo.original_name, photo.file_id, photo.checksum, photo.width, photo.height,
           photo.local_taken_at, file.path, file.missing_since_at, root.path AS root,
           photo_exif.latitude IS NOT NULL AS has_place,
           (SELECT rendition.path FROM rendition
             WHERE rendition.file_id = photo.file_id AND rendition.variant = 'video') AS playable
      FROM json_each(:photo_ids) AS wanted
     CROSS JOIN photo ON photo.photo_id = wanted.value
      JOIN file ON file.file_id = photo.file_id
      JOIN root ON root.root_id = file.root_id
      LEFT JOIN photo_exif ON photo_exif.photo_id = photo.photo_id
     WHERE {photo_visible}
     ORDER BY wanted.key
"""
OF_SET = "SELECT share_item.media_id FROM share_item WHERE share_item.share_id = :share_id ORDER BY share_item.position"
# None is the album's own order.
ORDERS: Final[Mapping[str | None, str]] = {
    None: "CASE WHEN :is_descending THEN -photo.taken_at ELSE photo.taken_at END, photo.photo_id",
    "name": "photo.original_name COLLATE NOCASE, photo.photo_id",
    "taken_at": "photo.taken_at, photo.photo_id",
    "added_at": "album_photo.added_at, photo.photo_id",
}


async def page(read: Reader, album_id: str, sort: str | None, args: Mapping[str, object]) -> tuple[list[str], int]:
    """A part of what is shown in an album, and how much there is; `args` are what the statements bind beside it."""
    given = {**args, "album_id": album_id}
    rows = await read(PAGE.format(link_order=ORDERS[sort]), given)
    total = await read(COUNT, given)
    return [row["photo_id"] for row in rows], int(total[0]["photos"])


async def files(read: Reader, photo_ids: Iterable[str], visible: str, args: Mapping[str, object]) -> list[sqlite3.Row]:
    """Where the bytes of photos lie that a link shows, in this order."""
    return await read(BYTES.format(photo_visible=visible), {**args, "photo_ids": as_json(photo_ids)})


async def of_set(read: Reader, share_id: str) -> list[str]:
    """What lies in a list that was put together by hand, in its order."""
    return [row["media_id"] for row in await read(OF_SET, {"share_id": share_id})]
