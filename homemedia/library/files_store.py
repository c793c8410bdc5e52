"""The statements on files as items have them."""

import sqlite3
from collections.abc import Sequence

from homemedia.core.db import Reader, as_json
from homemedia.library.visible import Visible

FILES = """
    SELECT item_file.item_id, file.file_id, file.size_bytes, file.container, file.width, file.height,
           file.duration_ms, file.probe, file.added_at, item_file.version, item_file.version_index, item_file.part,
           item_file.part_count,
           file.missing_since_at IS NULL AND file.probe_error IS NULL AND library.is_available AS is_available,
           (SELECT group_concat(sidecar.language, char(31))
              FROM sidecar WHERE sidecar.of_file_id = file.file_id AND sidecar.kind = 'subtitle') AS beside
      FROM json_each(:ids) AS wanted
     CROSS JOIN item_file ON item_file.item_id = wanted.value
     CROSS JOIN file ON file.file_id = item_file.file_id
     CROSS JOIN root ON root.root_id = file.root_id
     CROSS JOIN library ON library.library_id = root.library_id
"""

# A file is seen when any of its items is.
ONE_FILE = """
    SELECT file.file_id, file.path, file.size_bytes, file.mtime_ns, file.inode, file.container, file.duration_ms,
           file.probe, file.probe_error, file.missing_since_at, root.path AS root, library.is_available,
           item.rating_key, item.item_id, item.title
      FROM item_file
      JOIN item ON item.item_id = item_file.item_id
      JOIN file ON file.file_id = item_file.file_id
      JOIN root ON root.root_id = file.root_id
      JOIN library ON library.library_id = root.library_id
     WHERE item_file.file_id = :file_id AND {visible}
     ORDER BY item.item_id
     LIMIT 1
"""
SIDECARS = """
    SELECT file.path, root.path AS root, sidecar.language, sidecar.title, sidecar.flags
      FROM sidecar
      JOIN file ON file.file_id = sidecar.file_id
      JOIN root ON root.root_id = file.root_id
     WHERE sidecar.of_file_id = :file_id AND sidecar.kind = 'subtitle' AND file.missing_since_at IS NULL
     ORDER BY file.path
"""


async def files_of(read: Reader, item_ids: Sequence[int]) -> list[sqlite3.Row]:
    """All files of some items, in no order that means anything."""
    return await read(FILES, {"ids": as_json(item_ids)})


async def one_file(read: Reader, visible: Visible, file_id: int) -> sqlite3.Row | None:
    """A file with the item it belongs to; None when the member sees no item of it."""
    rows = await read(ONE_FILE.format(visible=visible.sql), {**visible.args, "file_id": file_id})
    return rows[0] if rows else None


async def sidecars(read: Reader, file_id: int) -> list[sqlite3.Row]:
    """Subtitle files beside a film, by name."""
    return await read(SIDECARS, {"file_id": file_id})
