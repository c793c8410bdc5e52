"""SQL of folders and files. Decides nothing."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from homemedia.core.db import Reader, as_json
from homemedia.library.models import Library, LibraryKind
from homemedia.library.scan.diff import Candidate, Known
from homemedia.library.scan.walk import Entry
from homemedia.library.scan.wanted import FileRef

FOLDERS_BELOW = """
    SELECT folder_id, path, children_hash FROM folder
     WHERE root_id = :root_id AND (:path = '' OR path = :path OR (path > :path || '/' AND path < :path || '0'))
"""
FILES_IN = """
    SELECT folder_id, file_id, path, size_bytes, mtime_ns, inode, kind,
           missing_since_at IS NOT NULL AS is_missing,
           (probe_error IS NOT NULL OR kind = 'sample') AS has_failed
      FROM file WHERE folder_id IN (SELECT value FROM json_each(:folder_ids))
"""
TROUBLED = """
    SELECT folder_id, count(*) AS failed FROM file
     WHERE root_id = :root_id AND probe_error IS NOT NULL AND missing_since_at IS NULL GROUP BY folder_id
"""
SAMPLES = (
    "SELECT folder_id, count(*) AS samples FROM file WHERE root_id = :root_id AND kind = 'sample' GROUP BY folder_id"
)
PRESENT_IN = """
    SELECT file_id, path, kind, size_bytes FROM file
     WHERE folder_id IN (SELECT value FROM json_each(:folder_ids)) AND missing_since_at IS NULL
     ORDER BY path
"""
CANDIDATES = """
    SELECT file.file_id, file.root_id, file.folder_id, file.path, file.size_bytes, file.mtime_ns, file.inode,
           file.quick_hash, root.path AS root_path, root.library_id, library.is_available
      FROM file JOIN root USING (root_id) JOIN library USING (library_id)
     WHERE file.kind = 'video' AND file.size_bytes IN (SELECT value FROM json_each(:sizes)) AND file.file_id <= :newest
           AND library.kind = :kind
"""
CANDIDATE_SOUNDS = CANDIDATES.replace("'video'", "'audio'")
CANDIDATE_PICTURES = CANDIDATES.replace("'video'", "'photo'")
CANDIDATE_FILES = CANDIDATES.replace("'video'", "'file'")
NEWEST_FILE = "SELECT seq FROM sqlite_sequence WHERE name = 'file'"
HAS_FILES = "SELECT EXISTS (SELECT 1 FROM file WHERE root_id = :root_id AND missing_since_at IS NULL) AS has_files"
COUNT_FILES = """
    SELECT count(*) AS files FROM file JOIN root USING (root_id)
     WHERE root.library_id = :library_id AND file.missing_since_at IS NULL
           AND file.kind IN ('video', 'audio', 'photo', 'sample', 'file')
"""
LOST_SINCE = """
    SELECT count(*) AS files FROM root CROSS JOIN file INDEXED BY file_missing USING (root_id)
     WHERE root.library_id = :library_id AND file.missing_since_at >= :since
           AND file.kind IN ('video', 'audio', 'photo', 'sample', 'file')
"""
SOME_FILES = """
    SELECT path, size_bytes FROM file WHERE root_id = :root_id AND missing_since_at IS NULL ORDER BY path LIMIT 20
"""
INSERT_FOLDER = """
    INSERT INTO folder (root_id, parent_id, path) VALUES (:root_id, :parent_id, :path)
    ON CONFLICT (root_id, path) DO UPDATE SET parent_id = excluded.parent_id RETURNING folder_id
"""
SET_DIGEST = "UPDATE folder SET children_hash = :digest WHERE folder_id = :folder_id"
INSERT_FILE = """
    INSERT INTO file (file_id, root_id, folder_id, path, size_bytes, mtime_ns, inode, kind, added_at)
    VALUES (:file_id, :root_id, :folder_id, :path, :size_bytes, :mtime_ns, :inode, :kind, :added_at)
    ON CONFLICT (root_id, path) DO NOTHING
"""
UPDATE_FILE = """
    UPDATE file SET size_bytes = :size_bytes, mtime_ns = :mtime_ns, inode = :inode, kind = :kind, quick_hash = NULL,
                    sha1 = NULL, sha256 = NULL, probed_at = NULL, probe_code = NULL, probe_error = NULL,
                    missing_since_at = NULL
     WHERE file_id = :file_id
"""
RETURN_FILE = """
    UPDATE file SET missing_since_at = NULL, inode = :inode, mtime_ns = :mtime_ns WHERE file_id = :file_id
"""
# What a playlist names is followed to its new place; the playlist itself still names the old one.
MOVE_ENTRIES = """
    UPDATE playlist_entry SET root_id = :root_id, path = :path
     WHERE (root_id, path) IN (SELECT root_id, path FROM file WHERE file_id = :file_id)
"""
MOVE_FILE = """
    UPDATE file SET root_id = :root_id, folder_id = :folder_id, path = :path, inode = :inode, mtime_ns = :mtime_ns,
                    missing_since_at = NULL
     WHERE file_id = :file_id
"""
ADDED_OF = "SELECT file_id, added_at FROM file WHERE file_id IN (SELECT value FROM json_each(:file_ids))"
HASHES_OF = """
    SELECT file_id, quick_hash FROM file
     WHERE file_id IN (SELECT value FROM json_each(:file_ids)) AND quick_hash IS NOT NULL
"""
# A folder that lost files is compared again when it is seen again: coming back, it looks as it did before.
LEFT_FOLDERS = """
    UPDATE folder SET children_hash = NULL
     WHERE folder_id IN (SELECT folder_id FROM file WHERE file_id IN (SELECT value FROM json_each(:file_ids)))
"""
MARK_MISSING = """
    UPDATE file SET missing_since_at = :now
     WHERE file_id IN (SELECT value FROM json_each(:file_ids)) AND missing_since_at IS NULL
"""
DROP_SIDECARS = """
    DELETE FROM file
     WHERE file_id IN (SELECT value FROM json_each(:file_ids)) AND kind NOT IN ('video', 'audio', 'photo', 'file')
"""
SET_KIND = "UPDATE file SET kind = :kind WHERE file_id IN (SELECT value FROM json_each(:file_ids)) AND kind <> :kind"
DROP_FILES_SIDECARS = "DELETE FROM sidecar WHERE file_id IN (SELECT value FROM json_each(:file_ids))"
INSERT_SIDECAR = """
    INSERT INTO sidecar (file_id, of_file_id, kind, language, title, flags)
    VALUES (:file_id, :of_file_id, :kind, :language, :title, :flags)
"""
UNPROBED = """
    SELECT file.file_id, file.path, root.path AS root_path
      FROM file INDEXED BY file_unprobed JOIN root USING (root_id)
     WHERE file.root_id = :root_id AND file.file_id > :after AND file.probed_at IS NULL AND file.kind = 'video'
           AND file.missing_since_at IS NULL
     ORDER BY file.file_id LIMIT :limit
"""
COUNT_UNPROBED = """
    SELECT count(*) AS files FROM file INDEXED BY file_unprobed
     WHERE root_id = :root_id AND probed_at IS NULL AND kind = 'video' AND missing_since_at IS NULL
"""
UNHASHED = """
    SELECT file_id, path, mtime_ns FROM file INDEXED BY file_unhashed
     WHERE root_id = :root_id AND file_id > :after AND quick_hash IS NULL AND kind = 'photo'
           AND missing_since_at IS NULL
     ORDER BY file_id LIMIT :limit
"""
SET_QUICK_HASH = "UPDATE file SET quick_hash = :quick_hash WHERE file_id = :file_id AND mtime_ns = :mtime_ns"
UNREAD_WHOLE = """
    SELECT file_id, path, mtime_ns FROM file INDEXED BY file_not_whole
     WHERE root_id = :root_id AND path > :after AND kind = 'file' AND sha256 IS NULL AND missing_since_at IS NULL
     ORDER BY path LIMIT :limit
"""
COUNT_UNREAD_WHOLE = """
    SELECT count(*) AS files FROM file INDEXED BY file_not_whole
     WHERE root_id = :root_id AND kind = 'file' AND sha256 IS NULL AND missing_since_at IS NULL
"""
SET_WHOLE = """
    UPDATE file SET sha1 = :sha1, sha256 = :sha256, quick_hash = :quick_hash
     WHERE file_id = :file_id AND mtime_ns = :mtime_ns AND size_bytes = :size_bytes
"""
READ_WHOLE_AGAIN = """
    UPDATE file SET sha256 = NULL
     WHERE file_id IN (SELECT file_id FROM file
                        WHERE root_id = :root_id AND kind = 'file' AND sha256 IS NOT NULL
                              AND (:path = '' OR path = :path OR (path > :path || '/' AND path < :path || '0'))
                        LIMIT :limit)
"""
SET_PROBE = """
    UPDATE file SET probe = :probe, probe_code = :probe_code, probe_error = :probe_error, probed_at = :now,
                    quick_hash = :quick_hash, container = :container, width = :width, height = :height,
                    duration_ms = :duration_ms
     WHERE file_id = :file_id
"""
# A disk that was slow or away once is no broken film: these are tried again by the next whole scan.
TRY_AGAIN = """
    UPDATE file SET probed_at = NULL, probe_code = NULL, probe_error = NULL
     WHERE file_id IN (SELECT file.file_id FROM root CROSS JOIN file INDEXED BY file_failed USING (root_id)
                        WHERE root.library_id = :library_id AND file.probe_error IS NOT NULL
                              AND file.missing_since_at IS NULL AND (probe_code = 'timeout' OR quick_hash IS NULL))
"""
TWINS = """
    SELECT one.file_id FROM file AS one
     WHERE one.file_id IN (SELECT value FROM json_each(:file_ids)) AND EXISTS (
           SELECT 1 FROM file AS other
            WHERE other.quick_hash = one.quick_hash AND other.file_id < one.file_id AND other.missing_since_at IS NULL)
"""
PROBE_AGAIN = """
    UPDATE file SET probed_at = NULL, probe_code = NULL, probe_error = NULL
     WHERE file_id IN (SELECT file_id FROM file
                        WHERE root_id = :root_id AND kind IN ('video', 'audio') AND probed_at IS NOT NULL
                              AND (:path = '' OR path = :path OR (path > :path || '/' AND path < :path || '0'))
                        LIMIT :limit)
"""


class FolderRow(msgspec.Struct):
    """A folder as known: its row, and the digest of its entries when they were last settled."""

    folder_id: int
    digest: str | None


async def folders_below(read: Reader, root_id: int, path: str) -> dict[str, FolderRow]:
    """The folder at `path` and all below it, by path below the root."""
    rows = await read(FOLDERS_BELOW, {"root_id": root_id, "path": path})
    return {row["path"]: FolderRow(row["folder_id"], row["children_hash"]) for row in rows}


async def files_in(read: Reader, folder_ids: Sequence[int]) -> dict[int, list[Known]]:
    """The files of these folders, missing ones included, by folder id."""
    found: dict[int, list[Known]] = {}
    if folder_ids:
        for row in await read(FILES_IN, {"folder_ids": as_json(folder_ids)}):
            folder_id, file_id, path, size, mtime, inode, kind, is_missing, has_failed = tuple(row)
            known = Known(
                file_id, path.rpartition("/")[2], size, mtime, inode, kind, bool(is_missing), bool(has_failed)
            )
            found.setdefault(folder_id, []).append(known)
    return found


async def troubled(read: Reader, root_id: int) -> dict[int, tuple[int, int]]:
    """How many files of a folder failed their probe, and how many are samples; folders with neither are left out."""
    failed = {row["folder_id"]: row["failed"] for row in await read(TROUBLED, {"root_id": root_id})}
    samples = {row["folder_id"]: row["samples"] for row in await read(SAMPLES, {"root_id": root_id})}
    return {folder: (failed.get(folder, 0), samples.get(folder, 0)) for folder in failed.keys() | samples.keys()}


async def present_in(read: Reader, folder_ids: Sequence[int]) -> list[FileRef]:
    """The files of these folders that are there, by path."""
    rows = await read(PRESENT_IN, {"folder_ids": as_json(folder_ids)})
    return [FileRef(*row) for row in map(tuple, rows)]


class Elsewhere(msgspec.Struct, frozen=True):
    """A known file that a new one may be: where it lay, and in which folder row."""

    candidate: Candidate
    root_path: str
    path: str
    folder_id: int
    size_bytes: int


async def newest_file(read: Reader) -> int:
    """The highest id a file ever had."""
    rows = await read(NEWEST_FILE, {})
    return int(rows[0]["seq"]) if rows else 0


async def candidates(read: Reader, library: Library, sizes: Iterable[int], *, newest: int) -> list[Elsewhere]:
    """Known media of these sizes in libraries of this kind whose disk is there; `is_there` still False.

    Args:
        read: the database.
        library: the one being scanned, which is there whatever was said of it before.
        sizes: bytes.
        newest: the highest id that counts.
    """
    args = {"sizes": as_json(sizes), "kind": library.kind.value, "newest": newest}
    if library.kind is LibraryKind.FOLDER:
        # What is made of these files stays where it was made, so none of them moves to another library.
        rows = [row for row in await read(CANDIDATE_FILES, args) if row["library_id"] == library.library_id]
    else:
        rows = await read(CANDIDATE_SOUNDS if library.kind is LibraryKind.MUSIC else CANDIDATES, args)
    if library.kind is LibraryKind.PHOTO:
        rows = [*rows, *await read(CANDIDATE_PICTURES, args)]
    return [
        Elsewhere(
            Candidate(
                row["file_id"],
                row["path"].rpartition("/")[2],
                row["mtime_ns"],
                row["inode"],
                row["quick_hash"],
                is_there=False,
            ),
            row["root_path"],
            row["path"],
            row["folder_id"],
            row["size_bytes"],
        )
        for row in rows
        if row["is_available"] or row["library_id"] == library.library_id
    ]


class NewFile(msgspec.Struct, frozen=True):
    folder: str
    entry: Entry
    added_at: int


class FolderChanges(msgspec.Struct, kw_only=True):
    """What one batch of the walk writes; paths below the root."""

    root_id: int
    folders: list[str]
    added: list[NewFile]
    changed: list[tuple[int, Entry]]
    returned: list[tuple[int, Entry]]
    moved: list[tuple[int, str, Entry]]


def enter(connection: sqlite3.Connection, changes: FolderChanges, folders: dict[str, FolderRow]) -> list[int]:
    """Write what a batch found; the ids of the added files, in order. New folders are put into `folders`.

    Parents of a folder must stand before it in `changes.folders`, or be known.
    """
    root_id = changes.root_id
    for path in changes.folders:
        _folder_id(connection, root_id, path, folders)
    row = connection.execute(NEWEST_FILE).fetchone()
    next_id = (row[0] if row else 0) + 1
    connection.executemany(
        INSERT_FILE,
        [
            {
                "file_id": file_id,
                "root_id": root_id,
                "folder_id": folders[new.folder].folder_id,
                "path": joined(new.folder, new.entry.name),
                "size_bytes": new.entry.size_bytes,
                "mtime_ns": new.entry.mtime_ns,
                "inode": new.entry.inode,
                "kind": new.entry.kind,
                "added_at": new.added_at,
            }
            for file_id, new in enumerate(changes.added, start=next_id)
        ],
    )
    connection.executemany(
        UPDATE_FILE,
        [
            {
                "file_id": file_id,
                "size_bytes": entry.size_bytes,
                "mtime_ns": entry.mtime_ns,
                "inode": entry.inode,
                "kind": entry.kind,
            }
            for file_id, entry in changes.changed
        ],
    )
    connection.executemany(
        RETURN_FILE,
        [{"file_id": file_id, "inode": entry.inode, "mtime_ns": entry.mtime_ns} for file_id, entry in changes.returned],
    )
    if changes.moved:
        connection.execute(LEFT_FOLDERS, {"file_ids": as_json(file_id for file_id, _, _ in changes.moved)})
    for file_id, folder, entry in changes.moved:
        place = {
            "file_id": file_id,
            "root_id": root_id,
            "folder_id": folders[folder].folder_id,
            "path": joined(folder, entry.name),
            "inode": entry.inode,
            "mtime_ns": entry.mtime_ns,
        }
        connection.execute(MOVE_ENTRIES, place)
        connection.execute(MOVE_FILE, place)
    return list(range(next_id, next_id + len(changes.added)))


def _folder_id(connection: sqlite3.Connection, root_id: int, path: str, folders: dict[str, FolderRow]) -> int:
    known = folders.get(path)
    if known is not None:
        return known.folder_id
    parent_id = _folder_id(connection, root_id, path.rpartition("/")[0], folders) if path else None
    row = connection.execute(INSERT_FOLDER, {"root_id": root_id, "parent_id": parent_id, "path": path}).fetchone()
    folders[path] = FolderRow(row[0], None)
    return int(row[0])


def joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


class Sidecar(msgspec.Struct, frozen=True, kw_only=True):
    """A file beside a video: `of_file_id` names the video, None when it belongs to the folder."""

    file_id: int
    of_file_id: int | None
    kind: str
    language: str | None = None
    title: str | None = None
    flags: str = ""


def close_units(
    connection: sqlite3.Connection,
    refs: Sequence[FileRef],
    samples: Sequence[int],
    sidecars: Sequence[Sidecar],
    digests: Mapping[int, str],
) -> None:
    """Write what remains of some settled folders: which files are samples, what lies beside what, the digests."""
    beside = [ref.file_id for ref in refs if ref.kind not in {"video", "sample"}]
    if beside:
        connection.execute(DROP_FILES_SIDECARS, {"file_ids": as_json(beside)})
        connection.executemany(INSERT_SIDECAR, [msgspec.structs.asdict(sidecar) for sidecar in sidecars])
    if samples:
        connection.execute(SET_KIND, {"kind": "sample", "file_ids": as_json(samples)})
    left = {ref.file_id for ref in refs if ref.kind == "sample"} - set(samples)
    if left:
        connection.execute(SET_KIND, {"kind": "video", "file_ids": as_json(left)})
    connection.executemany(
        SET_DIGEST, [{"folder_id": folder_id, "digest": digest} for folder_id, digest in digests.items()]
    )


async def added_of(read: Reader, file_ids: Iterable[int]) -> dict[int, int]:
    """When these files were first seen, ms."""
    return {row["file_id"]: row["added_at"] for row in await read(ADDED_OF, {"file_ids": as_json(file_ids)})}


async def hashes_of(read: Reader, file_ids: Iterable[int]) -> dict[int, str]:
    """The quick hashes of those of these files that were hashed."""
    rows = await read(HASHES_OF, {"file_ids": as_json(file_ids)})
    return {row["file_id"]: row["quick_hash"] for row in rows}


class Probed(msgspec.Struct, frozen=True, kw_only=True):
    """What the probe of one file brought, as columns."""

    file_id: int
    probe: bytes | None
    probe_code: str | None
    probe_error: str | None
    quick_hash: str | None
    container: str | None = None
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None


def set_probes(connection: sqlite3.Connection, probed: Sequence[Probed], now: int) -> list[int]:
    """Write probes; the ids of those that hold the same as an older file that is there."""
    connection.executemany(SET_PROBE, [msgspec.structs.asdict(one) | {"now": now} for one in probed])
    rows: list[Mapping[str, int]] = connection.execute(
        TWINS, {"file_ids": as_json(one.file_id for one in probed if one.quick_hash is not None)}
    ).fetchall()
    return [row["file_id"] for row in rows]
