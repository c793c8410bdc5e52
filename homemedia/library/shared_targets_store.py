"""The statements on the library's things as sharing asks for them; nothing here decides."""

import sqlite3
from collections.abc import Sequence

from homemedia.core.db import Reader, as_json
from homemedia.library.visible import SHARED_FOLDERS_SQL, Visible
from homemedia.sharing.rights import LIBRARIES_SQL

ITEMS = """
    SELECT item.item_id, item.rating_key, item.kind, item.title, item.number, item.library_id, item.missing_since_at,
           library.is_available, parent.rating_key AS parent_key, parent.title AS parent_title,
           grand.rating_key AS grand_key, grand.title AS grand_title,
           (SELECT count(*) FROM item AS child INDEXED BY item_parent
             WHERE child.parent_id = item.item_id
               AND child.kind IN ('season', 'episode', 'album', 'track')) AS children,
           (SELECT count(*) FROM item AS child INDEXED BY item_parent
             CROSS JOIN item AS leaf INDEXED BY item_parent ON leaf.parent_id = child.item_id
             WHERE child.parent_id = item.item_id AND leaf.kind IN ('episode', 'track')) AS leaves
      FROM json_each(:target_ids) AS wanted
     CROSS JOIN item ON item.rating_key = wanted.value
      JOIN library ON library.library_id = item.library_id
      LEFT JOIN item AS parent ON parent.item_id = item.parent_id
      LEFT JOIN item AS grand ON grand.item_id = parent.parent_id
"""
# The folders of things' own files, and those these lie in.
ITEM_FOLDERS = """
    WITH RECURSIVE around (item_id, folder_id, steps) AS (
        SELECT wanted.value, file.folder_id, 0
          FROM json_each(:item_ids) AS wanted
         CROSS JOIN item_file ON item_file.item_id = wanted.value
         CROSS JOIN file ON file.file_id = item_file.file_id
         UNION
        SELECT around.item_id, folder.parent_id, around.steps + 1
          FROM around CROSS JOIN folder ON folder.folder_id = around.folder_id
         WHERE folder.parent_id IS NOT NULL)
    SELECT item_id, folder_id, min(steps) AS steps FROM around GROUP BY item_id, folder_id
"""
LIBRARIES = """
    SELECT library.library_id, library.name, library.is_available
      FROM json_each(:target_ids) AS wanted
     CROSS JOIN library ON library.library_id = wanted.value
     WHERE library.kind IN ('movie', 'show', 'video', 'music')
"""
FOLDERS = """
    SELECT folder.folder_id, folder.path, root.path AS root, root.library_id, library.name, library.is_available
      FROM json_each(:target_ids) AS wanted
     CROSS JOIN folder ON folder.folder_id = CAST(wanted.value AS INTEGER)
      JOIN root ON root.root_id = folder.root_id
      JOIN library ON library.library_id = root.library_id
     WHERE library.kind IN ('movie', 'show', 'video', 'music')
"""
AROUND = """
    WITH RECURSIVE around (folder_id, parent_id, of_id) AS (
        SELECT folder.folder_id, folder.parent_id, folder.folder_id
          FROM json_each(:target_ids) AS wanted CROSS JOIN folder ON folder.folder_id = CAST(wanted.value AS INTEGER)
         UNION
        SELECT folder.folder_id, folder.parent_id, around.of_id
          FROM around CROSS JOIN folder ON folder.folder_id = around.parent_id)
    SELECT of_id, folder_id FROM around WHERE folder_id <> of_id
"""
SEEN_ITEMS = """
    SELECT item.rating_key FROM json_each(:target_ids) AS wanted CROSS JOIN item ON item.rating_key = wanted.value
     WHERE {visible}
"""
SEEN_LIBRARIES = """
    SELECT library.library_id FROM json_each(:target_ids) AS wanted
     CROSS JOIN library ON library.library_id = wanted.value
     WHERE {library_visible}
"""
SEEN_FOLDERS = f"""
    SELECT folder.folder_id
      FROM json_each(:target_ids) AS wanted
     CROSS JOIN folder ON folder.folder_id = CAST(wanted.value AS INTEGER)
      JOIN root ON root.root_id = folder.root_id
     WHERE folder.folder_id IN {SHARED_FOLDERS_SQL} OR root.library_id IN (SELECT value FROM json_each(:libraries))
"""  # noqa: S608 - constants of our own
# Those that were granted as such, not for something in them.
WHOLE_LIBRARIES = f"SELECT library.library_id FROM library WHERE library.library_id IN {LIBRARIES_SQL}"  # noqa: S608


async def items(read: Reader, keys: Sequence[str]) -> list[sqlite3.Row]:
    return await read(ITEMS, {"target_ids": as_json(keys)})


async def item_folders(read: Reader, item_ids: Sequence[int]) -> dict[int, list[tuple[int, bool]]]:
    """The folders around items, and whether their files lie right in them."""
    found: dict[int, list[tuple[int, bool]]] = {}
    for row in await read(ITEM_FOLDERS, {"item_ids": as_json(item_ids)}):
        found.setdefault(row["item_id"], []).append((row["folder_id"], row["steps"] == 0))
    return found


async def libraries(read: Reader, ids: Sequence[str]) -> list[sqlite3.Row]:
    return await read(LIBRARIES, {"target_ids": as_json(ids)})


async def folders(read: Reader, ids: Sequence[str]) -> list[sqlite3.Row]:
    return await read(FOLDERS, {"target_ids": as_json(ids)})


async def around(read: Reader, ids: Sequence[str]) -> dict[int, list[int]]:
    """The folders that folders lie in."""
    found: dict[int, list[int]] = {}
    for row in await read(AROUND, {"target_ids": as_json(ids)}):
        found.setdefault(row["of_id"], []).append(row["folder_id"])
    return found


async def seen_items(read: Reader, visible: Visible, keys: Sequence[str]) -> set[str]:
    args = {**visible.args, "target_ids": as_json(keys)}
    return {row["rating_key"] for row in await read(SEEN_ITEMS.format(visible=visible.sql), args)}


async def seen_libraries(read: Reader, visible: Visible, ids: Sequence[str]) -> set[str]:
    args = {**visible.args, "target_ids": as_json(ids)}
    statement = SEEN_LIBRARIES.format(library_visible=visible.library_sql)
    return {row["library_id"] for row in await read(statement, args)}


async def whole_libraries(read: Reader, granted: dict[str, object]) -> set[str]:
    return {row["library_id"] for row in await read(WHOLE_LIBRARIES, granted)}


async def seen_folders(
    read: Reader, args: dict[str, object], ids: Sequence[str], library_ids: Sequence[str]
) -> set[str]:
    args = args | {"target_ids": as_json(ids), "libraries": as_json(library_ids)}
    return {str(row["folder_id"]) for row in await read(SEEN_FOLDERS, args)}
