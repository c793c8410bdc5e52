"""SQL of folder heaps: which library is behind which heap, which block stands for which file or folder."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from homemedia.core.db import Reader, Write, as_json

FOLDER_HEAPS = """
    SELECT heap.heap_id, heap.block_id, heap.owner_id, heap.library_id, heap.title, heap.read_only,
           heap.delete_originals, heap.deleted_at, root.root_id, root.path
      FROM heap JOIN root ON root.library_id = heap.library_id
     WHERE heap.type = 'folder'
"""
OF_LIBRARY = f"{FOLDER_HEAPS} AND heap.library_id = :library_id"
OF_HEAP = f"{FOLDER_HEAPS} AND heap.heap_id = :heap_id"
PUT_SOURCE = """
    UPDATE heap SET library_id = :library_id, read_only = :read_only, delete_originals = :delete_originals
     WHERE heap_id = :heap_id
"""
_FILE = """
    SELECT file.file_id, file.folder_id, file.path, file.size_bytes, file.mtime_ns, file.sha256, file.missing_since_at,
           stands.block_id, stands.hash, stands.path AS said_path, coalesce(stands.is_trashed, 0) AS is_trashed,
           stands.block_id IS NULL AND (EXISTS (
               SELECT 1 FROM dismissed_file AS gone
                WHERE gone.slice = 'heaps' AND gone.root_id = file.root_id
                  AND (gone.quick_hash = file.quick_hash OR (gone.quick_hash IS NULL AND gone.path = file.path))
           ) OR EXISTS (SELECT 1 FROM file_beside AS beside WHERE beside.file_id = file.file_id)) AS is_dismissed
"""
IN_FOLDERS = f"""
    {_FILE} FROM file LEFT JOIN block_of_file AS stands ON stands.file_id = file.file_id
     WHERE file.folder_id IN (SELECT value FROM json_each(:folder_ids)) AND file.kind = 'file'
"""  # noqa: S608 - words of our own
OF_FILES = f"""
    {_FILE} FROM file LEFT JOIN block_of_file AS stands ON stands.file_id = file.file_id
     WHERE file.file_id IN (SELECT value FROM json_each(:file_ids)) AND file.kind = 'file'
"""  # noqa: S608
# Whatever was cut short.
OWED = f"""
    {_FILE} FROM file LEFT JOIN block_of_file AS stands ON stands.file_id = file.file_id
     WHERE file.root_id = :root_id AND file.path > :after AND file.kind = 'file' AND file.missing_since_at IS NULL
       AND file.sha256 IS NOT NULL
       AND (stands.block_id IS NULL OR stands.hash IS NOT file.sha256 OR stands.path IS NOT file.path
            OR stands.is_trashed = 1)
     ORDER BY file.path LIMIT :limit
"""
CHAIN = """
    WITH RECURSIVE above AS (
        SELECT folder.folder_id, folder.parent_id, folder.path FROM folder
         WHERE folder.folder_id IN (SELECT value FROM json_each(:folder_ids))
        UNION
        SELECT folder.folder_id, folder.parent_id, folder.path FROM above
          JOIN folder ON folder.folder_id = above.parent_id
    )
    SELECT above.folder_id, above.parent_id, above.path, stands.block_id,
           coalesce(stands.is_written, 0) AS is_written, coalesce(stands.is_trashed, 0) AS is_trashed
      FROM above LEFT JOIN block_of_folder AS stands ON stands.folder_id = above.folder_id
     ORDER BY length(above.path), above.path
"""
FOLDERS_AT = """
    SELECT folder.path, stands.block_id
      FROM json_each(:paths) AS wanted
      JOIN folder ON folder.root_id = :root_id AND folder.path = wanted.value
      JOIN block_of_folder AS stands ON stands.folder_id = folder.folder_id
"""
ADD_FILE = """
    INSERT INTO block_of_file (file_id, block_id, heap_id) VALUES (:file_id, :block_id, :heap_id)
    ON CONFLICT (file_id) DO NOTHING
"""
SAID_FILE = """
    UPDATE block_of_file SET hash = :hash, path = :path, is_trashed = 0 WHERE file_id = :file_id
"""
ADD_FOLDER = """
    INSERT INTO block_of_folder (folder_id, block_id, heap_id) VALUES (:folder_id, :block_id, :heap_id)
    ON CONFLICT (folder_id) DO NOTHING
"""
SAID_FOLDER = "UPDATE block_of_folder SET is_written = 1, is_trashed = 0 WHERE folder_id = :folder_id"
# Older versions have no bytes any more: the new ones lie where they lay.
DROP_LINKS = "DELETE FROM block_file WHERE block_id = :block_id AND hash <> :hash AND file_id = :file_id"
PUT_LINK = """
    INSERT INTO block_file (block_id, hash, heap_id, file_id, user_id, name, mime, added_at)
    VALUES (:block_id, :hash, :heap_id, :file_id, :user_id, :name, :mime, :now)
    ON CONFLICT (block_id, hash) DO UPDATE SET name = excluded.name, mime = excluded.mime, file_id = excluded.file_id
"""
# What is known of the bytes that lay there before.
FORGET_FACTS = "DELETE FROM block_file_fact WHERE file_id = :file_id"
LONG_GONE = """
    SELECT stands.file_id, stands.block_id
      FROM file INDEXED BY file_missing
      JOIN block_of_file AS stands ON stands.file_id = file.file_id
      JOIN block ON block.block_id = stands.block_id
     WHERE file.root_id = :root_id AND file.missing_since_at <= :before AND stands.is_trashed = 0
       AND block.deleted_at IS NULL
     LIMIT :limit
"""
EMPTY_FOLDERS = """
    SELECT stands.folder_id, stands.block_id
      FROM block_of_folder AS stands
      JOIN folder ON folder.folder_id = stands.folder_id
      JOIN block ON block.block_id = stands.block_id
     WHERE stands.heap_id = :heap_id AND stands.is_trashed = 0 AND stands.is_written = 1 AND block.deleted_at IS NULL
       AND NOT EXISTS (
           SELECT 1 FROM file JOIN block_of_file AS held ON held.file_id = file.file_id
            WHERE file.root_id = folder.root_id AND file.path > folder.path || '/' AND file.path < folder.path || '0'
              AND held.is_trashed = 0)
     LIMIT :limit
"""
TRASH_FILES = """
    UPDATE block_of_file SET is_trashed = 1 WHERE block_id IN (SELECT value FROM json_each(:block_ids))
"""
TRASH_FOLDERS = """
    UPDATE block_of_folder SET is_trashed = 1 WHERE block_id IN (SELECT value FROM json_each(:block_ids))
"""
LINKS_OF_FILES = "DELETE FROM block_file WHERE file_id IN (SELECT value FROM json_each(:file_ids))"
GOING = """
    SELECT stands.file_id, stands.block_id, stands.heap_id, file.root_id, file.path, file.quick_hash, file.size_bytes,
           file.mtime_ns, file.missing_since_at, heap.delete_originals AND NOT heap.read_only AS is_deleted,
           root.path AS root
      FROM json_each(:block_ids) AS wanted
      JOIN (SELECT file_id, block_id, heap_id FROM block_of_file
            UNION ALL
            SELECT file_id, block_id, heap_id FROM file_beside) AS stands ON stands.block_id = wanted.value
      JOIN file ON file.file_id = stands.file_id
      JOIN root ON root.root_id = file.root_id
      JOIN heap ON heap.heap_id = stands.heap_id
"""
DISMISS = """
    INSERT INTO dismissed_file (root_id, path, slice, quick_hash, dismissed_at)
    VALUES (:root_id, :path, 'heaps', :quick_hash, :now)
    ON CONFLICT (root_id, path, slice) DO UPDATE
       SET quick_hash = excluded.quick_hash, dismissed_at = excluded.dismissed_at
"""
DROP_FILES = "DELETE FROM block_of_file WHERE block_id IN (SELECT value FROM json_each(:block_ids))"
DROP_BESIDE = "DELETE FROM file_beside WHERE block_id IN (SELECT value FROM json_each(:block_ids))"
DROP_FOLDERS = "DELETE FROM block_of_folder WHERE block_id IN (SELECT value FROM json_each(:block_ids))"


class FolderHeap(msgspec.Struct, frozen=True, kw_only=True):
    """A heap with the folder behind it; `path` is absolute."""

    heap_id: str
    block_id: str
    owner_id: str
    library_id: str
    title: str
    read_only: bool
    delete_originals: bool
    deleted_at: int | None
    root_id: int
    path: str


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a folder heap, and the block that stands for it, if there is one; paths below the root.

    Attributes:
        hash, said_path: what the block's document says of it.
        is_trashed: by a scan.
    """

    file_id: int
    folder_id: int
    path: str
    size_bytes: int
    mtime_ns: int
    sha256: str | None
    missing_since_at: int | None
    block_id: str | None = None
    hash: str | None = None
    said_path: str | None = None
    is_trashed: bool = False
    is_dismissed: bool = False

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


class FolderSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A folder, and its block."""

    folder_id: int
    parent_id: int | None
    path: str
    block_id: str | None
    is_written: bool
    is_trashed: bool


class Going(msgspec.Struct, frozen=True, kw_only=True):
    """A file whose block is purged. `is_deleted`: its heap deletes originals."""

    file_id: int
    block_id: str
    heap_id: str
    root_id: int
    root: str
    path: str
    quick_hash: str | None
    size_bytes: int
    mtime_ns: int
    missing_since_at: int | None
    is_deleted: bool


async def folder_heaps(read: Reader) -> list[FolderHeap]:
    """All of them, those in their grace too."""
    return [_heap(row) for row in await read(FOLDER_HEAPS, {})]


async def of_library(read: Reader, library_id: str) -> FolderHeap | None:
    rows = await read(OF_LIBRARY, {"library_id": library_id})
    return _heap(rows[0]) if rows else None


async def of_heap(read: Reader, heap_id: str) -> FolderHeap | None:
    rows = await read(OF_HEAP, {"heap_id": heap_id})
    return _heap(rows[0]) if rows else None


async def put_source(tx: Write, heap_id: str, library_id: str, *, read_only: bool, delete_originals: bool) -> None:
    """This library is behind this heap."""
    await tx.run(
        PUT_SOURCE,
        {
            "heap_id": heap_id,
            "library_id": library_id,
            "read_only": read_only,
            "delete_originals": delete_originals,
        },
    )


async def in_folders(read: Reader, folder_ids: Iterable[int]) -> list[Seen]:
    """The files of folders, missing ones too."""
    return [_seen(row) for row in await read(IN_FOLDERS, {"folder_ids": as_json(folder_ids)})]


async def of_files(read: Reader, file_ids: Iterable[int]) -> list[Seen]:
    return [_seen(row) for row in await read(OF_FILES, {"file_ids": as_json(file_ids)})]


async def owed(read: Reader, root_id: int, after: str, limit: int) -> list[Seen]:
    """Files behind a path whose blocks are not as they are."""
    return [_seen(row) for row in await read(OWED, {"root_id": root_id, "after": after, "limit": limit})]


async def chain(read: Reader, folder_ids: Iterable[int]) -> list[FolderSeen]:
    """Folders with all that are above them, the upper ones first."""
    rows = await read(CHAIN, {"folder_ids": as_json(folder_ids)})
    return [FolderSeen(**dict(row) | {name: bool(row[name]) for name in ("is_written", "is_trashed")}) for row in rows]


async def folders_at(read: Reader, root_id: int, paths: Iterable[str]) -> dict[str, str]:
    """The blocks of folders, by path."""
    rows = await read(FOLDERS_AT, {"root_id": root_id, "paths": as_json(paths)})
    return {row["path"]: row["block_id"] for row in rows}


async def add_files(tx: Write, heap_id: str, blocks: Mapping[int, str]) -> None:
    """These blocks will stand for these files."""
    await tx.many(
        ADD_FILE,
        [{"file_id": file_id, "block_id": block_id, "heap_id": heap_id} for file_id, block_id in blocks.items()],
    )


async def add_folders(tx: Write, heap_id: str, blocks: Mapping[int, str]) -> None:
    """The same for folders."""
    await tx.many(
        ADD_FOLDER,
        [{"folder_id": folder_id, "block_id": block_id, "heap_id": heap_id} for folder_id, block_id in blocks.items()],
    )


async def said_files(tx: Write, rows: Sequence[Mapping[str, object]]) -> None:
    """Documents say these hashes and paths now, and their bytes are served from there."""
    await tx.many(SAID_FILE, [{name: row[name] for name in ("file_id", "hash", "path")} for row in rows])
    await tx.many(DROP_LINKS, [{name: row[name] for name in ("file_id", "hash", "block_id")} for row in rows])
    await tx.many(FORGET_FACTS, [{"file_id": row["file_id"]} for row in rows if row["is_other"]])
    named = ("block_id", "hash", "heap_id", "file_id", "user_id", "name", "mime", "now")
    await tx.many(PUT_LINK, [{name: row[name] for name in named} for row in rows])


async def said_folders(tx: Write, folder_ids: Iterable[int]) -> None:
    await tx.many(SAID_FOLDER, [{"folder_id": folder_id} for folder_id in folder_ids])


async def long_gone(read: Reader, root_id: int, before: int, limit: int) -> list[str]:
    """Blocks of files that are missing since then, and not in the trash."""
    rows = await read(LONG_GONE, {"root_id": root_id, "before": before, "limit": limit})
    return [row["block_id"] for row in rows]


async def empty_folders(read: Reader, heap_id: str, limit: int) -> list[str]:
    """Blocks of folders in which nothing is left."""
    return [row["block_id"] for row in await read(EMPTY_FOLDERS, {"heap_id": heap_id, "limit": limit})]


async def trashed(tx: Write, block_ids: Iterable[str]) -> None:
    """A scan has put them into the trash."""
    args = {"block_ids": as_json(block_ids)}
    await tx.run(TRASH_FILES, args)
    await tx.run(TRASH_FOLDERS, args)


async def unlink(tx: Write, file_ids: Iterable[int]) -> None:
    """No block has these files any more."""
    await tx.run(LINKS_OF_FILES, {"file_ids": as_json(file_ids)})


async def going(tx: Write, block_ids: Iterable[str]) -> list[Going]:
    """The files of blocks that are purged."""
    rows = await tx.rows(GOING, {"block_ids": as_json(block_ids)})
    return [Going(**dict(row) | {"is_deleted": bool(row["is_deleted"])}) for row in rows]


async def dismiss(tx: Write, files: Iterable[Going], now: int) -> None:
    """No scan brings these back."""
    await tx.many(
        DISMISS,
        [
            {
                "root_id": one.root_id,
                "path": one.path,
                # All empty files hold the same, so such a one is known by its path alone.
                "quick_hash": one.quick_hash if one.size_bytes else None,
                "now": now,
            }
            for one in files
        ],
    )


async def drop(tx: Write, block_ids: Iterable[str]) -> None:
    """These blocks stand for nothing any more."""
    args = {"block_ids": as_json(block_ids)}
    await tx.run(DROP_FILES, args)
    await tx.run(DROP_BESIDE, args)
    await tx.run(DROP_FOLDERS, args)


def _heap(row: sqlite3.Row) -> FolderHeap:
    return FolderHeap(**dict(row) | {name: bool(row[name]) for name in ("read_only", "delete_originals")})


def _seen(row: sqlite3.Row) -> Seen:
    return Seen(**dict(row) | {name: bool(row[name]) for name in ("is_trashed", "is_dismissed")})
