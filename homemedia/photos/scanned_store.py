"""The statements on photos in folders that a library scans."""

import sqlite3
from collections.abc import Collection, Mapping, Sequence

import msgspec

from homemedia.core.db import Reader, Write, as_json
from homemedia.photos.models import Todo

IN_FOLDERS = """
    SELECT file.file_id, root.path AS root, file.path, file.size_bytes, file.mtime_ns, file.missing_since_at,
           photo.photo_id, photo.owner_id, photo.library_id, photo.checksum, photo.size_bytes AS known_bytes,
           photo.modified_at, photo.is_offline, photo.deleted_at, photo.trashed_before_at, photo.failure,
           photo.photo_id IS NULL AND EXISTS (
               SELECT 1 FROM dismissed_file AS gone
                WHERE gone.slice = 'photos' AND gone.root_id = file.root_id AND gone.path = file.path
                      AND (file.quick_hash IS NULL OR gone.quick_hash IS NULL OR gone.quick_hash = file.quick_hash)
               UNION ALL
               SELECT 1 FROM root AS own CROSS JOIN dismissed_file AS gone ON gone.root_id = own.root_id
                WHERE own.library_id = root.library_id AND gone.slice = 'photos'
                      AND gone.quick_hash = file.quick_hash) AS is_dismissed
      FROM file JOIN root ON root.root_id = file.root_id
      LEFT JOIN photo ON photo.file_id = file.file_id
     WHERE file.folder_id IN (SELECT value FROM json_each(:folder_ids)) AND file.kind IN ('photo', 'video')
"""
# Other bytes where a file lay that somebody took away from here: a file of its own.
REUSED = """
    SELECT file.file_id, file.folder_id, gone.root_id, gone.path
      FROM root
     CROSS JOIN dismissed_file AS gone ON gone.root_id = root.root_id AND gone.slice = 'photos'
     CROSS JOIN file ON file.root_id = gone.root_id AND file.path = gone.path
     WHERE root.library_id = :library_id AND file.missing_since_at IS NULL
       AND gone.quick_hash IS NOT NULL AND file.quick_hash <> gone.quick_hash
"""
FORGIVE = "DELETE FROM dismissed_file WHERE root_id = :root_id AND path = :path AND slice = 'photos'"
ADD = """
    INSERT INTO photo (photo_id, owner_id, file_id, library_id, kind, checksum, original_name, size_bytes, taken_at,
                       local_taken_at, modified_at, month, created_at, updated_at, stamp)
    VALUES (:photo_id, :owner_id, :file_id, :library_id, :kind, :checksum, :original_name, :size_bytes, :modified_at,
            :modified_at, :modified_at, :month, :now, :now, :stamp)
"""
CHANGE = """
    UPDATE photo SET library_id = :library_id, checksum = :checksum, original_name = :original_name,
                     size_bytes = :size_bytes, modified_at = :modified_at, is_offline = :is_offline,
                     deleted_at = :deleted_at, trashed_before_at = :trashed_before_at, todo = todo | :todo,
                     updated_at = :now, stamp = :stamp
     WHERE photo_id = :photo_id
"""
OF_FILES = "SELECT photo_id FROM photo WHERE file_id IN (SELECT value FROM json_each(:file_ids))"
OF_LIBRARY = """
    SELECT photo_id FROM photo WHERE library_id = :library_id AND is_offline = 0 AND todo & :todo <> :todo LIMIT :limit
"""
OWE = """
    UPDATE photo SET todo = todo | :todo WHERE photo_id IN (SELECT value FROM json_each(:photo_ids))
"""
IS_OWED = """
    SELECT EXISTS (SELECT 1 FROM photo WHERE library_id = :library_id AND todo & 3 <> 0 AND is_offline = 0) AS is_owed
"""
COUNTS = """
    SELECT library_id, count(*) AS photos FROM photo INDEXED BY photo_library
     WHERE library_id IN (SELECT value FROM json_each(:library_ids)) AND deleted_at IS NULL GROUP BY library_id
"""
MAY_OWN = "SELECT 1 FROM user WHERE user_id = :owner_id AND purged_at IS NULL"
SIDECARS = """
    SELECT wanted.value AS path FROM json_each(:paths) AS wanted
     CROSS JOIN file ON file.path = wanted.value AND file.root_id = (
           SELECT root_id FROM file AS own WHERE own.file_id = :file_id)
     WHERE file.kind = 'xmp' AND file.missing_since_at IS NULL
     ORDER BY wanted.key LIMIT 1
"""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a scanned folder, and the photo made of it, if there is one. `path` below `root`."""

    file_id: int
    root: str
    path: str
    size_bytes: int
    mtime_ns: int
    missing_since_at: int | None
    is_dismissed: bool = False
    photo_id: str | None = None
    owner_id: str = ""
    library_id: str | None = None
    checksum: bytes = b""
    known_bytes: int = 0
    modified_at: int = 0
    is_offline: bool = False
    deleted_at: int | None = None
    trashed_before_at: int | None = None
    failure: str | None = None


async def in_folders(read: Reader, folder_ids: Sequence[int]) -> list[sqlite3.Row]:
    """The pictures and videos of folders, missing ones included; rows for `seen`."""
    return await read(IN_FOLDERS, {"folder_ids": as_json(folder_ids)})


def seen(row: sqlite3.Row) -> Seen:
    """A file with its photo."""
    facts = dict(row) | {"is_dismissed": bool(row["is_dismissed"]), "is_offline": bool(row["is_offline"])}
    if row["photo_id"] is None:
        facts = {name: facts[name] for name in Seen.__struct_fields__[:7]}
    return Seen(**facts)


async def reused(read: Reader, library_id: str) -> list[sqlite3.Row]:
    """Places of dismissed files at which other bytes lie: file_id, folder_id, root_id, path."""
    return await read(REUSED, {"library_id": library_id})


async def forgive(tx: Write, places: Sequence[sqlite3.Row]) -> None:
    """Let scans see what lies at these places."""
    await tx.many(FORGIVE, [{"root_id": row["root_id"], "path": row["path"]} for row in places])


async def add(tx: Write, rows: Sequence[Mapping[str, object]]) -> None:
    await tx.many(ADD, rows)


async def change(tx: Write, rows: Sequence[Mapping[str, object]]) -> None:
    await tx.many(CHANGE, rows)


async def of_files(read: Reader, file_ids: Collection[int]) -> list[str]:
    """The photos made of files."""
    return [row["photo_id"] for row in await read(OF_FILES, {"file_ids": as_json(file_ids)})]


async def unowed(read: Reader, library_id: str, todo: Todo, limit: int) -> list[str]:
    """Photos of a library that are not owed all of this yet."""
    rows = await read(OF_LIBRARY, {"library_id": library_id, "todo": int(todo), "limit": limit})
    return [row["photo_id"] for row in rows]


async def owe(tx: Write, photo_ids: Collection[str], todo: Todo) -> None:
    await tx.run(OWE, {"photo_ids": as_json(photo_ids), "todo": int(todo)})


async def is_owed(read: Reader, library_id: str) -> bool:
    """Whether a library has photos that are owed anything."""
    return bool((await read(IS_OWED, {"library_id": library_id}))[0]["is_owed"])


async def counts(read: Reader, library_ids: Collection[str]) -> dict[str, int]:
    """How many photos of these libraries are there and not in the trash."""
    found = {row["library_id"]: row["photos"] for row in await read(COUNTS, {"library_ids": as_json(library_ids)})}
    return {library_id: found.get(library_id, 0) for library_id in library_ids}


async def may_own(read: Reader, owner_id: str) -> bool:
    """Whether there is such a member."""
    return bool(await read(MAY_OWN, {"owner_id": owner_id}))


async def sidecar(read: Reader, file_id: int, paths: Sequence[str]) -> str | None:
    """The first of these paths, below the root of a file, that is a sidecar which is there."""
    rows = await read(SIDECARS, {"file_id": file_id, "paths": as_json(paths)})
    return rows[0]["path"] if rows else None
