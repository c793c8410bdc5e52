"""SQL of libraries and their folders. Decides nothing."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from homemedia.core.db import Reader, Write
from homemedia.library.models import Library, LibraryKind, LibraryOptions, Root

LIBRARIES = """
    SELECT library_id, kind, name, owner_id, language, position, options, is_available, created_at, last_scan_at
      FROM library ORDER BY position, created_at, library_id
"""
LIBRARY = """
    SELECT library_id, kind, name, owner_id, language, position, options, is_available, created_at, last_scan_at
      FROM library WHERE library_id = :library_id
"""
ROOTS = """
    SELECT root_id, library_id, path, position, device, watching, watching_why
      FROM root WHERE library_id IS NOT NULL AND (:library_id IS NULL OR library_id = :library_id)
     ORDER BY library_id, position, root_id
"""
NAME_TAKEN = "SELECT 1 FROM library WHERE name_key = :name_key AND library_id <> :library_id"
NEXT_POSITION = "SELECT coalesce(max(position), 0) + 1 AS position FROM library"
INSERT_LIBRARY = """
    INSERT INTO library (library_id, kind, name, name_key, owner_id, language, position, options, created_at)
    VALUES (:library_id, :kind, :name, :name_key, :owner_id, :language, :position, :options, :now)
"""
UPDATE_LIBRARY = """
    UPDATE library SET name = :name, name_key = :name_key, language = :language, position = :position,
                       options = :options
     WHERE library_id = :library_id
"""
INSERT_ROOT = "INSERT INTO root (library_id, path, position) VALUES (:library_id, :path, :position)"
PLACE_ROOT = "UPDATE root SET position = :position WHERE root_id = :root_id"
DROP_ROOT = "DELETE FROM root WHERE root_id = :root_id"
DROP_LIBRARY = "DELETE FROM library WHERE library_id = :library_id"
SET_AVAILABLE = """
    UPDATE library SET is_available = :is_available WHERE library_id = :library_id AND is_available <> :is_available
"""
SET_DEVICE = "UPDATE root SET device = :device WHERE root_id = :root_id AND device IS NOT :device"
SET_SCANNED = "UPDATE library SET last_scan_at = :now WHERE library_id = :library_id"
SET_WATCHING = """
    UPDATE root SET watching = :watching, watching_why = :why
     WHERE root_id = :root_id AND (watching <> :watching OR watching_why IS NOT :why)
"""
FILES_OF_ROOT = "SELECT file_id FROM file WHERE root_id = :root_id LIMIT :limit"
FILES_OUTSIDE = """
    SELECT file_id FROM file WHERE root_id = :root_id AND NOT (path > :kept || '/' AND path < :kept || '0')
"""
MAY_OWN = "SELECT 1 FROM user WHERE user_id = :owner_id AND state = 'active'"
RATING_KEYS = "SELECT rating_key FROM item WHERE library_id = :library_id"
ITEMS = "SELECT item_id FROM item WHERE library_id = :library_id ORDER BY item_id DESC LIMIT :limit"


async def libraries(read: Reader) -> list[Library]:
    """All libraries in the administrators' order."""
    roots: dict[str, list[Root]] = defaultdict(list)
    for row in await read(ROOTS, {"library_id": None}):
        roots[row["library_id"]].append(Root(**dict(row)))
    return [_library(dict(row), roots[row["library_id"]]) for row in await read(LIBRARIES, {})]


async def library(read: Reader, library_id: str) -> Library | None:
    rows = await read(LIBRARY, {"library_id": library_id})
    if not rows:
        return None
    roots = [Root(**dict(row)) for row in await read(ROOTS, {"library_id": library_id})]
    return _library(dict(rows[0]), roots)


def _library(row: dict[str, object], roots: Sequence[Root]) -> Library:
    return msgspec.convert(
        row
        | {
            "kind": LibraryKind(str(row["kind"])),
            "options": msgspec.json.decode(str(row["options"]), type=LibraryOptions),
            "is_available": bool(row["is_available"]),
            "roots": tuple(roots),
        },
        Library,
    )


async def insert(tx: Write, library: Library, name_key: str, paths: Sequence[str]) -> None:
    await tx.run(
        INSERT_LIBRARY,
        {
            "library_id": library.library_id,
            "kind": library.kind.value,
            "name": library.name,
            "name_key": name_key,
            "owner_id": library.owner_id,
            "language": library.language,
            "position": library.position,
            "options": msgspec.json.encode(library.options).decode(),
            "now": library.created_at,
        },
    )
    await tx.many(
        INSERT_ROOT,
        [{"library_id": library.library_id, "path": path, "position": at} for at, path in enumerate(paths)],
    )


async def update(tx: Write, library: Library, name_key: str) -> None:
    await tx.run(
        UPDATE_LIBRARY,
        {
            "library_id": library.library_id,
            "name": library.name,
            "name_key": name_key,
            "language": library.language,
            "position": library.position,
            "options": msgspec.json.encode(library.options).decode(),
        },
    )
