"""The statements on playlists. An entry names a path; its file and track are looked for at each reading."""

import sqlite3

from homemedia.core.db import Reader
from homemedia.library.visible import Visible

# Of each playlist how many of its tracks a member sees, how long they are together, and whether it has tracks at all.
PLAYLISTS = """
    SELECT playlist.playlist_id, playlist.library_id, playlist.title, playlist.updated_at,
           count(seen.item_id) AS tracks, coalesce(sum(seen.duration_ms), 0) AS duration_ms,
           count(item_file.item_id) AS known
      FROM library
     CROSS JOIN playlist ON playlist.library_id = library.library_id
      LEFT JOIN playlist_entry AS entry ON entry.playlist_id = playlist.playlist_id
      LEFT JOIN file ON file.root_id = entry.root_id AND file.path = entry.path
      LEFT JOIN item_file ON item_file.file_id = file.file_id
      LEFT JOIN item AS seen ON seen.item_id = item_file.item_id AND seen.kind = 'track'
                            AND EXISTS (SELECT 1 FROM item WHERE item.item_id = seen.item_id AND {visible})
     WHERE {library_visible} AND (:library_id IS NULL OR library.library_id = :library_id)
       AND (:playlist_id IS NULL OR playlist.playlist_id = :playlist_id)
     GROUP BY playlist.playlist_id
    HAVING count(seen.item_id) > 0 OR count(item_file.item_id) = 0
     ORDER BY library.position, library.library_id, playlist.sort_title, playlist.playlist_id
     LIMIT :limit
"""
# The first pictures of each playlist, one of each album, in the order of its entries.
THUMBS = """
    SELECT playlist_id, rating_key, thumb_tag
      FROM (SELECT entry.playlist_id, album.rating_key, album.thumb_tag, min(entry.position) AS position,
                   row_number() OVER (PARTITION BY entry.playlist_id ORDER BY min(entry.position)) AS place
              FROM json_each(:ids) AS wanted
             CROSS JOIN playlist_entry AS entry ON entry.playlist_id = wanted.value
             CROSS JOIN file ON file.root_id = entry.root_id AND file.path = entry.path
             CROSS JOIN item_file ON item_file.file_id = file.file_id
             CROSS JOIN item ON item.item_id = item_file.item_id AND item.kind = 'track' AND {visible}
             CROSS JOIN item AS album ON album.item_id = item.parent_id AND album.thumb_tag IS NOT NULL
             GROUP BY entry.playlist_id, album.item_id)
     WHERE place <= :most
     ORDER BY playlist_id, position
"""
# An entry without a track may be one the member does not see: that one is known, and not told of.
ENTRIES = """
    SELECT entry.position, entry.path, entry.title, entry.duration_ms, seen.item_id,
           item_file.item_id IS NOT NULL AS is_known
      FROM playlist_entry AS entry
      LEFT JOIN file ON file.root_id = entry.root_id AND file.path = entry.path
      LEFT JOIN item_file ON item_file.file_id = file.file_id
      LEFT JOIN item AS seen ON seen.item_id = item_file.item_id AND seen.kind = 'track'
                            AND EXISTS (SELECT 1 FROM item WHERE item.item_id = seen.item_id AND {visible})
     WHERE entry.playlist_id = :playlist_id
     ORDER BY entry.position
     LIMIT :limit
"""


async def playlists(
    read: Reader, visible: Visible, *, library_id: str | None = None, playlist_id: int | None = None, limit: int
) -> list[sqlite3.Row]:
    """Playlists of one library or of all, by title; or a single one."""
    sql = PLAYLISTS.format(visible=visible.sql, library_visible=visible.library_sql)
    args = {"library_id": library_id, "playlist_id": playlist_id, "limit": limit}
    return await read(sql, {**visible.args, **args})


async def thumbs(read: Reader, visible: Visible, ids: str, most: int) -> list[sqlite3.Row]:
    """Rating keys and tags of albums by playlist; `ids` is a JSON list."""
    return await read(THUMBS.format(visible=visible.sql), {**visible.args, "ids": ids, "most": most})


async def entries(read: Reader, visible: Visible, playlist_id: int, limit: int) -> list[sqlite3.Row]:
    args = {**visible.args, "playlist_id": playlist_id, "limit": limit}
    return await read(ENTRIES.format(visible=visible.sql), args)
