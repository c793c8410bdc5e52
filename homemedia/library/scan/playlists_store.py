"""SQL of playlists as a scan keeps them."""

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from homemedia.core.db import Reader, as_json

# `is_whole`: every entry has a file that is there; where one has not, it may have come since.
FILES = """
    SELECT file.file_id, file.root_id, root.path AS root_path, file.path, file.size_bytes,
           file.size_bytes || '-' || file.mtime_ns || '-' || file.path AS mark, playlist.mark AS known_mark,
           NOT EXISTS (
               SELECT 1 FROM playlist_entry AS entry
                 LEFT JOIN file AS sound ON sound.root_id = entry.root_id AND sound.path = entry.path
                WHERE entry.playlist_id = playlist.playlist_id AND sound.file_id IS NULL) AS is_whole
      FROM root
      JOIN file INDEXED BY file_playlist ON file.root_id = root.root_id AND file.kind = 'playlist'
           AND file.missing_since_at IS NULL
      LEFT JOIN playlist ON playlist.file_id = file.file_id
     WHERE root.library_id = :library_id
     ORDER BY file.file_id
"""
KNOWN_PATHS = """
    SELECT file.root_id, file.path
      FROM json_each(:paths) AS wish
     CROSS JOIN root ON root.library_id = :library_id
     CROSS JOIN file ON file.root_id = root.root_id AND file.path = wish.value AND file.kind = 'audio'
"""
PUT = """
    INSERT INTO playlist (library_id, file_id, title, sort_title, mark, updated_at)
    VALUES (:library_id, :file_id, :title, :sort_title, :mark, :now)
    ON CONFLICT (file_id) DO UPDATE SET title = excluded.title, sort_title = excluded.sort_title,
        updated_at = CASE WHEN mark = excluded.mark THEN updated_at ELSE excluded.updated_at END, mark = excluded.mark
    RETURNING playlist_id
"""
KEPT = """
    SELECT entry.path, entry.title, entry.duration_ms, entry.root_id
      FROM playlist JOIN playlist_entry AS entry USING (playlist_id)
     WHERE playlist.file_id = :file_id ORDER BY entry.position
"""
DROP_ENTRIES = "DELETE FROM playlist_entry WHERE playlist_id = :playlist_id"
PUT_ENTRY = """
    INSERT INTO playlist_entry (playlist_id, position, path, title, duration_ms, root_id)
    VALUES (:playlist_id, :position, :path, :title, :duration_ms, :root_id)
"""
DROP_PROBLEM = """
    DELETE FROM scan_problem
     WHERE library_id = :library_id AND path = :path AND code IN ('playlist_too_large', 'playlist_unreadable')
"""


class PlaylistFile(msgspec.Struct, frozen=True):
    """A playlist on the disk; `known_mark` and `is_whole` tell of what was read of it before."""

    file_id: int
    root_id: int
    root_path: str
    path: str
    size_bytes: int
    mark: str
    known_mark: str | None
    is_whole: int


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it is kept; `root_id` None when it lies in none of the library's folders."""

    path: str
    title: str | None
    duration_ms: int | None
    root_id: int | None


async def files(read: Reader, library_id: str) -> list[PlaylistFile]:
    """The playlists of a library that are there."""
    return [PlaylistFile(**dict(row)) for row in await read(FILES, {"library_id": library_id})]


async def known_paths(read: Reader, library_id: str, paths: Iterable[str]) -> set[tuple[int, str]]:
    """Those of these paths below a root at which a sound file is known, with the root's id."""
    args = {"library_id": library_id, "paths": as_json(paths)}
    return {(row["root_id"], row["path"]) for row in await read(KNOWN_PATHS, args)}


async def kept(read: Reader, file_id: int) -> list[Placed]:
    """The entries as they were written last."""
    return [Placed(**dict(row)) for row in await read(KEPT, {"file_id": file_id})]


def put(
    connection: sqlite3.Connection,
    file: PlaylistFile,
    *,
    library_id: str,
    title: str,
    sort_title: str,
    entries: Sequence[Placed],
    now: int,
) -> None:
    """Write a playlist with its entries in place of what was known of it."""
    args = {
        "library_id": library_id,
        "file_id": file.file_id,
        "title": title,
        "sort_title": sort_title,
        "mark": file.mark,
        "now": now,
    }
    playlist_id = connection.execute(PUT, args).fetchone()[0]
    connection.execute(DROP_ENTRIES, {"playlist_id": playlist_id})
    connection.executemany(
        PUT_ENTRY,
        [
            msgspec.structs.asdict(entry) | {"playlist_id": playlist_id, "position": position}
            for position, entry in enumerate(entries)
        ],
    )
