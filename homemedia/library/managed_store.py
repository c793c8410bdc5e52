"""The statements on the managed root: its own row, the folders and files below it."""

import sqlite3
from collections.abc import Sequence

import msgspec

from homemedia.core.db import Reader, Write, as_json

ROOT = "SELECT root_id, path FROM root WHERE library_id IS NULL ORDER BY root_id LIMIT 1"
ADD_ROOT = "INSERT INTO root (path, library_id) VALUES (:path, NULL)"
MOVE_ROOT = "UPDATE root SET path = :path WHERE root_id = :root_id"
FOLDER = "SELECT folder_id FROM folder WHERE root_id = :root_id AND path = :path"
ADD_FOLDER = "INSERT INTO folder (root_id, parent_id, path) VALUES (:root_id, :parent_id, :path) RETURNING folder_id"
ADD_FILE = """
    INSERT INTO file (root_id, folder_id, path, size_bytes, mtime_ns, inode, quick_hash, sha1, sha256, mime, kind,
                      added_at)
    VALUES (:root_id, :folder_id, :path, :size_bytes, :mtime_ns, :inode, :quick_hash, :sha1, :sha256, :mime, :kind,
            :now)
    RETURNING file_id
"""
HAS_PATH = "SELECT 1 FROM file WHERE root_id = :root_id AND path = :path"
NAMES_LIKE = """
    SELECT path FROM file WHERE root_id = :root_id AND path >= :begin AND path < :begin || char(1114111)
"""
FOLDERS = "SELECT path FROM folder WHERE root_id = :root_id AND path >= :below AND path < :above ORDER BY path"
IN_FOLDER = """
    SELECT file_id, path, missing_since_at FROM file
     WHERE root_id = :root_id AND path >= :below AND path < :above
"""
FOUND_AGAIN = """
    UPDATE file SET missing_since_at = NULL, size_bytes = :size_bytes, mtime_ns = :mtime_ns, inode = :inode
     WHERE file_id = :file_id
"""
MISSED = "UPDATE file SET missing_since_at = :now WHERE file_id = :file_id AND missing_since_at IS NULL"
MOVED = """
    UPDATE file SET path = :path, folder_id = :folder_id, missing_since_at = NULL, size_bytes = :size_bytes,
                    mtime_ns = :mtime_ns, inode = :inode
     WHERE file_id = :file_id AND path = :was
"""
OF_FILES = """
    SELECT file.file_id, file.root_id, file.path
      FROM json_each(:ids) AS wanted JOIN file ON file.file_id = wanted.value
"""
RENDITIONS = """
    SELECT rendition.path FROM json_each(:ids) AS wanted JOIN rendition ON rendition.file_id = wanted.value
"""
DROP_RENDITIONS = "DELETE FROM rendition WHERE file_id IN (SELECT value FROM json_each(:ids))"
DROP_FILES = "DELETE FROM file WHERE root_id = :root_id AND file_id IN (SELECT value FROM json_each(:ids))"
LOCATE = """
    SELECT file.path, root.path AS root, file.size_bytes, file.mtime_ns, file.missing_since_at
      FROM file JOIN root ON root.root_id = file.root_id WHERE file.file_id = :file_id
"""


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """A file below the managed root as the disk has it. `path` is below the root, '/' between parts."""

    path: str
    size_bytes: int
    mtime_ns: int
    inode: int


async def ensure_root(tx: Write, path: str) -> int:
    """The managed root's row, made, or moved with the data folder, where it must be."""
    rows = await tx.rows(ROOT)
    if not rows:
        await tx.run(ADD_ROOT, {"path": path})
        rows = await tx.rows(ROOT)
    elif rows[0]["path"] != path:
        await tx.run(MOVE_ROOT, {"root_id": rows[0]["root_id"], "path": path})
    return int(rows[0]["root_id"])


def ensure_folder(connection: sqlite3.Connection, root_id: int, path: str) -> int:
    """The row of a folder, with those above it. For the database's own thread."""
    row = connection.execute(FOLDER, {"root_id": root_id, "path": path}).fetchone()
    if row is not None:
        return int(row[0])
    parent_id = ensure_folder(connection, root_id, path.rpartition("/")[0]) if path else None
    made = connection.execute(ADD_FOLDER, {"root_id": root_id, "parent_id": parent_id, "path": path}).fetchone()
    return int(made[0])


async def add_file(tx: Write, root_id: int, spot: Spot, args: dict[str, object]) -> int:
    """A new file's row; its number. `args`: quick_hash, sha1, sha256, mime, kind, now."""
    folder_id = await tx.call(lambda connection: ensure_folder(connection, root_id, spot.path.rpartition("/")[0]))
    given = msgspec.structs.asdict(spot) | args | {"root_id": root_id, "folder_id": folder_id}
    return int((await tx.rows(ADD_FILE, given))[0]["file_id"])


async def has_path(read: Reader, root_id: int, path: str) -> bool:
    return bool(await read(HAS_PATH, {"root_id": root_id, "path": path}))


async def names_like(read: Reader, root_id: int, begin: str) -> set[str]:
    """Paths that begin so."""
    return {row["path"] for row in await read(NAMES_LIKE, {"root_id": root_id, "begin": begin})}


async def folders(read: Reader, root_id: int, below: str) -> list[str]:
    """Folders below a folder that ever held a file."""
    return [row["path"] for row in await read(FOLDERS, _below(root_id, below))]


async def in_folder(read: Reader, root_id: int, folder: str) -> dict[str, sqlite3.Row]:
    """Files of a folder, by path: file_id, path, missing_since_at."""
    return {row["path"]: row for row in await read(IN_FOLDER, _below(root_id, folder))}


async def found_again(tx: Write, file_id: int, spot: Spot) -> None:
    await tx.run(FOUND_AGAIN, {"file_id": file_id, **msgspec.structs.asdict(spot)})


async def missed(tx: Write, file_ids: Sequence[int], now: int) -> None:
    await tx.many(MISSED, [{"file_id": file_id, "now": now} for file_id in file_ids])


async def moved(tx: Write, root_id: int, file_id: int, spot: Spot, *, was: str) -> bool:
    """A file lies elsewhere below the root; whether it lay where it was thought to."""
    folder_id = await tx.call(lambda connection: ensure_folder(connection, root_id, spot.path.rpartition("/")[0]))
    args = {"file_id": file_id, "folder_id": folder_id, "was": was, **msgspec.structs.asdict(spot)}
    return await tx.run(MOVED, args) > 0


async def drop_files(tx: Write, root_id: int, file_ids: Sequence[int]) -> tuple[list[str], list[str]]:
    """Forget files of the managed root, and of any the pictures made of them; the paths of both."""
    ids = {"ids": as_json(file_ids)}
    of_root = [row for row in await tx.rows(OF_FILES, ids) if row["root_id"] == root_id]
    pictures = [row["path"] for row in await tx.rows(RENDITIONS, ids)]
    await tx.run(DROP_RENDITIONS, ids)
    await tx.run(DROP_FILES, ids | {"root_id": root_id})
    return [row["path"] for row in of_root], pictures


async def locate(read: Reader, file_id: int) -> sqlite3.Row | None:
    """Where a file lies: path, root, size_bytes, mtime_ns, missing_since_at."""
    rows = await read(LOCATE, {"file_id": file_id})
    return rows[0] if rows else None


def _below(root_id: int, folder: str) -> dict[str, object]:
    # '0' is the sign behind '/'.
    return {"root_id": root_id, "below": f"{folder}/", "above": f"{folder}0"}
