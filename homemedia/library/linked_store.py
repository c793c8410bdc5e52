"""The statements of titles behind links."""

from collections.abc import Iterable

from homemedia.core.db import Reader, as_json
from homemedia.library.visible import Visible

IN_SET = """
    SELECT share_item.media_id
      FROM json_each(:keys) AS wanted
     CROSS JOIN share_item ON share_item.share_id = :share_id AND share_item.media_id = wanted.value
"""
OF_SET = "SELECT share_item.media_id FROM share_item WHERE share_item.share_id = :share_id ORDER BY share_item.position"

_BELOW = """
    WITH RECURSIVE below (folder_id) AS (
        SELECT CAST(:folder_id AS INTEGER)
         UNION
        SELECT folder.folder_id FROM below CROSS JOIN folder ON folder.parent_id = below.folder_id WHERE :inherits),
    inside (item_id) AS (
        SELECT DISTINCT item_file.item_id
          FROM below CROSS JOIN file ON file.folder_id = below.folder_id
         CROSS JOIN item_file ON item_file.file_id = file.file_id)
"""
_INSIDE = """
      FROM inside CROSS JOIN item ON item.item_id = inside.item_id
      JOIN library ON library.library_id = item.library_id
     WHERE item.kind IN ('movie', 'video', 'episode', 'track') AND {visible}
"""
IN_FOLDER = (
    f"{_BELOW} SELECT item.rating_key {_INSIDE} ORDER BY item.sort_title, item.item_id LIMIT :limit OFFSET :offset"
)
COUNT_IN_FOLDER = f"{_BELOW} SELECT count(*) AS items {_INSIDE}"


async def in_folder(
    read: Reader, visible: Visible, folder_id: str, *, inherits: bool, limit: int, offset: int
) -> tuple[list[str], int]:
    """The keys of what plays of a folder, a part of them, and how many there are."""
    args = {**visible.args, "folder_id": folder_id, "inherits": int(inherits), "limit": limit, "offset": offset}
    rows = await read(IN_FOLDER.format(visible=visible.sql), args)
    total = await read(COUNT_IN_FOLDER.format(visible=visible.sql), args)
    return [row["rating_key"] for row in rows], int(total[0]["items"])


async def holds(read: Reader, share_id: str, keys: Iterable[str]) -> bool:
    """Whether a list that was put together by hand names one of these."""
    return bool(await read(IN_SET, {"share_id": share_id, "keys": as_json(keys)}))


async def of_set(read: Reader, share_id: str) -> list[str]:
    """What such a list names, in its order."""
    return [row["media_id"] for row in await read(OF_SET, {"share_id": share_id})]
