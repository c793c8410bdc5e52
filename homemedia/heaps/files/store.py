"""SQL of blocks' files: which file belongs to which block, what is known of it, what a client drew of it."""

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from homemedia.core.db import Reader, Write, as_json
from homemedia.heaps.files.models import Link, Wish

_LINK = """
    block_file.block_id, block_file.heap_id, block_file.hash, block_file.file_id, block_file.name, block_file.mime,
    block_file.added_at, file.size_bytes, root.path AS root, root.library_id IS NOT NULL AS is_scanned, file.path,
    file.missing_since_at,
    block_file_fact.width, block_file_fact.height, block_file_fact.duration_ms, block_file_fact.orientation,
    block_file_fact.taken_at,
    coalesce(block_file_fact.has_picture, 0) AS has_picture, block_file_fact.failure,
    block_file_fact.file_id IS NOT NULL AS is_looked_into
"""
_WITH_FILE = """
      JOIN file ON file.file_id = block_file.file_id
      JOIN root ON root.root_id = file.root_id
      LEFT JOIN block_file_fact ON block_file_fact.file_id = block_file.file_id
"""
OF_BLOCKS = f"""
    SELECT {_LINK}
      FROM json_each(:block_ids) AS wanted
      JOIN block_file ON block_file.block_id = wanted.value
      {_WITH_FILE}
     ORDER BY block_file.block_id, block_file.added_at DESC, block_file.hash
"""  # noqa: S608 - words of our own
OF_HASH = f"""
    SELECT {_LINK} FROM block_file {_WITH_FILE}
     WHERE block_file.hash = :hash ORDER BY block_file.block_id LIMIT 500
"""  # noqa: S608
OF_FILE = f"""
    SELECT {_LINK} FROM block_file {_WITH_FILE}
     WHERE block_file.file_id = :file_id ORDER BY block_file.block_id LIMIT 500
"""  # noqa: S608
NEWEST = """
    SELECT block_fact.files ->> '$[0].hash' AS hash FROM block_fact WHERE block_fact.block_id = :block_id
"""
OBJECT = """
    SELECT file.file_id, file.path, file.size_bytes, file.missing_since_at
      FROM block_file JOIN file ON file.file_id = block_file.file_id
     WHERE block_file.hash = :hash AND file.root_id = :root_id LIMIT 1
"""
# What lies in a scanned folder counts against nobody's quota.
HELD_BY = """
    SELECT 1 FROM block_file JOIN file ON file.file_id = block_file.file_id JOIN root ON root.root_id = file.root_id
     WHERE block_file.hash = :hash AND (block_file.user_id = :user_id OR block_file.block_id = :block_id)
       AND root.library_id IS NULL
     LIMIT 1
"""
LINK = """
    INSERT INTO block_file (block_id, hash, heap_id, file_id, user_id, name, mime, added_at)
    VALUES (:block_id, :hash, :heap_id, :file_id, :user_id, :name, :mime, :now)
    ON CONFLICT (block_id, hash) DO UPDATE SET name = excluded.name
"""
CHARGE = """
    UPDATE user SET used_bytes = used_bytes + :size_bytes
     WHERE user_id = :user_id AND (quota_bytes IS NULL OR used_bytes + :size_bytes <= quota_bytes)
"""
DISCHARGE = "UPDATE user SET used_bytes = max(0, used_bytes - :size_bytes) WHERE user_id = :user_id"
HAS_ROOM = """
    SELECT user.quota_bytes IS NULL
           OR user.used_bytes + :size_bytes + (
                SELECT coalesce(sum(upload.size_bytes), 0) FROM upload
                 WHERE upload.user_id = user.user_id AND upload.status IN ('uploading', 'verifying')
              ) <= user.quota_bytes AS has_room
      FROM user WHERE user.user_id = :user_id
"""
TO_RELEASE = """
    SELECT block_file.block_id, block_file.hash, block_file.file_id, block_file.user_id, file.size_bytes
      FROM json_each(:block_ids) AS wanted
      JOIN block_file ON block_file.block_id = wanted.value
      JOIN file ON file.file_id = block_file.file_id
"""
UNLINK = "DELETE FROM block_file WHERE block_id IN (SELECT value FROM json_each(:block_ids))"
STILL_HELD = """
    SELECT DISTINCT block_file.user_id, block_file.hash
      FROM block_file JOIN file ON file.file_id = block_file.file_id JOIN root ON root.root_id = file.root_id
     WHERE block_file.hash IN (SELECT value FROM json_each(:hashes)) AND root.library_id IS NULL
"""
STILL_LINKED = "SELECT DISTINCT file_id FROM block_file WHERE file_id IN (SELECT value FROM json_each(:file_ids))"
ORPHANS = """
    SELECT block_file.block_id FROM block_file
     WHERE block_file.added_at < :before
       AND NOT EXISTS (SELECT 1 FROM block WHERE block.block_id = block_file.block_id)
     ORDER BY block_file.added_at LIMIT :limit
"""
UNUSED = """
    SELECT file.file_id FROM file
     WHERE file.root_id = :root_id AND file.path >= :below AND file.path < :above AND file.added_at < :before
       AND NOT EXISTS (SELECT 1 FROM block_file WHERE block_file.file_id = file.file_id)
     LIMIT :limit
"""
TOUCH = "UPDATE block SET changed = :changed WHERE block_id = :block_id AND heap_id = :heap_id"
HEAD = """
    SELECT block_doc.sync_version, block_doc.sv FROM block_doc WHERE block_doc.block_id = :block_id
"""
UNKNOWN = """
    SELECT DISTINCT block_file.file_id FROM block_file JOIN file ON file.file_id = block_file.file_id
     WHERE block_file.file_id > :after AND file.missing_since_at IS NULL
       AND (block_file.mime = 'application/pdf' OR substr(block_file.mime, 1, 6) IN ('image/', 'video/', 'audio/'))
       AND NOT EXISTS (SELECT 1 FROM block_file_fact AS fact WHERE fact.file_id = block_file.file_id)
     ORDER BY block_file.file_id LIMIT :limit
"""
PUT_FACT = """
    INSERT INTO block_file_fact (file_id, width, height, duration_ms, orientation, taken_at, has_picture, failure)
    SELECT :file_id, :width, :height, :duration_ms, :orientation, :taken_at, :has_picture, :failure
     WHERE EXISTS (SELECT 1 FROM file WHERE file.file_id = :file_id)
    ON CONFLICT (file_id) DO UPDATE
       SET width = excluded.width, height = excluded.height, duration_ms = excluded.duration_ms,
           orientation = excluded.orientation, taken_at = excluded.taken_at, has_picture = excluded.has_picture,
           failure = excluded.failure
"""
FIGURES = """
    SELECT coalesce(sum(named.size_bytes IS NULL), 0) AS missing, coalesce(sum(named.has_picture), 0) AS pictures,
           coalesce(sum(named.is_waiting), 0) AS waiting, coalesce(sum(named.failed), 0) AS failed
      FROM (SELECT file.size_bytes, block_file_fact.has_picture,
                   file.file_id IS NOT NULL AND block_file_fact.file_id IS NULL AS is_waiting,
                   block_file_fact.failure IS NOT NULL AS failed
              FROM block
              JOIN block_fact ON block_fact.block_id = block.block_id AND block_fact.files <> '[]'
              LEFT JOIN block_file ON block_file.block_id = block.block_id
                                  AND block_file.hash = block_fact.files ->> '$[0].hash'
              LEFT JOIN file ON file.file_id = block_file.file_id AND file.missing_since_at IS NULL
              LEFT JOIN block_file_fact ON block_file_fact.file_id = file.file_id
             WHERE block.heap_id = :heap_id AND block.deleted_at IS NULL) AS named
"""
CONTENTS = """
    SELECT coalesce(sum(content.size_bytes), 0) AS bytes
      FROM (SELECT DISTINCT block_fact.files ->> '$[0].hash' AS hash, block_fact.files ->> '$[0].size' AS size_bytes
              FROM block JOIN block_fact ON block_fact.block_id = block.block_id AND block_fact.files <> '[]'
             WHERE block.heap_id = :heap_id AND block.deleted_at IS NULL) AS content
"""
UPLOADS = """
    SELECT count(*) AS uploads, coalesce(sum(size_bytes), 0) AS bytes
      FROM upload WHERE heap_id = :heap_id AND status IN ('uploading', 'verifying')
"""


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the object store."""

    file_id: int
    path: str
    size_bytes: int
    missing_since_at: int | None


class FileFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Files of a heap in figures; `missing`: named by a block, and not here."""

    missing: int
    pictures: int
    waiting: int
    failed: int
    unique_bytes: int
    uploads: int
    reserved_bytes: int


async def of_blocks(read: Reader, block_ids: Iterable[str]) -> dict[str, dict[str, Link]]:
    """Files of blocks, by block and hash, the newest first."""
    found: dict[str, dict[str, Link]] = {}
    for row in await read(OF_BLOCKS, {"block_ids": as_json(block_ids)}):
        found.setdefault(row["block_id"], {})[row["hash"]] = _link(row)
    return found


async def of_hash(read: Reader, digest: str) -> list[Link]:
    """All blocks' links to some bytes."""
    return [_link(row) for row in await read(OF_HASH, {"hash": digest})]


async def of_file(read: Reader, file_id: int) -> list[Link]:
    """All blocks' links to a file."""
    return [_link(row) for row in await read(OF_FILE, {"file_id": file_id})]


async def newest(read: Reader, block_id: str) -> str | None:
    """The hash that a block's document names as its file."""
    rows = await read(NEWEST, {"block_id": block_id})
    return rows[0]["hash"] if rows else None


async def stored(read: Reader, root_id: int, digest: str) -> Stored | None:
    """What some block has of these bytes in the object store."""
    rows = await read(OBJECT, {"root_id": root_id, "hash": digest})
    return Stored(**dict(rows[0])) if rows else None


async def link(tx: Write, wish: Wish, *, file_id: int, mime: str, size_bytes: int, now: int) -> bool:
    """Give a block its file; False where it does not fit into the member's quota, in which each hash counts once."""
    args = {
        "block_id": wish.block_id,
        "hash": wish.hash,
        "heap_id": wish.heap_id,
        "user_id": wish.user_id,
        "name": wish.name,
    }
    is_held = bool(await tx.rows(HELD_BY, args))
    if not is_held and not await tx.run(CHARGE, {"user_id": wish.user_id, "size_bytes": size_bytes}):
        return False
    await tx.run(LINK, args | {"file_id": file_id, "mime": mime, "now": now})
    return True


async def has_room(read: Reader, user_id: str, size_bytes: int) -> bool:
    """Whether a file fits into a member's quota beside what he has and what is on its way."""
    rows = await read(HAS_ROOM, {"user_id": user_id, "size_bytes": size_bytes})
    return bool(rows and rows[0]["has_room"])


async def unlink(tx: Write, block_ids: Sequence[str]) -> tuple[list[int], int]:
    """Take blocks' files from them; those that no block has any more, and their bytes."""
    rows = await tx.rows(TO_RELEASE, {"block_ids": as_json(block_ids)})
    if not rows:
        return [], 0
    await tx.run(UNLINK, {"block_ids": as_json(block_ids)})
    held = {
        (row["user_id"], row["hash"])
        for row in await tx.rows(STILL_HELD, {"hashes": as_json({row["hash"] for row in rows})})
    }
    given_back = {(row["user_id"], row["hash"]): row["size_bytes"] for row in rows}
    for (user_id, digest), size_bytes in given_back.items():
        if (user_id, digest) not in held:
            await tx.run(DISCHARGE, {"user_id": user_id, "size_bytes": size_bytes})
    sizes = {row["file_id"]: row["size_bytes"] for row in rows}
    linked = {row["file_id"] for row in await tx.rows(STILL_LINKED, {"file_ids": as_json(sizes)})}
    free = [file_id for file_id in sizes if file_id not in linked]
    return free, sum(sizes[file_id] for file_id in free)


async def orphans(read: Reader, *, before: int, limit: int) -> list[str]:
    """Blocks that have files and never came."""
    return [row["block_id"] for row in await read(ORPHANS, {"before": before, "limit": limit})]


async def unused(read: Reader, root_id: int, folder: str, *, before: int, limit: int) -> list[int]:
    """Files of the object store that no block has."""
    args = {"root_id": root_id, "below": f"{folder}/", "above": f"{folder}0", "before": before, "limit": limit}
    return [row["file_id"] for row in await read(UNUSED, args)]


async def touch(tx: Write, heap_id: str, block_id: str, *, changed: int) -> tuple[int, bytes] | None:
    """A block's files have changed; generation and state vector of its document, None where it has not come yet."""
    if not await tx.run(TOUCH, {"block_id": block_id, "heap_id": heap_id, "changed": changed}):
        return None
    (row,) = await tx.rows(HEAD, {"block_id": block_id})
    return int(row["sync_version"]), bytes(row["sv"])


async def unknown(read: Reader, after: int, limit: int) -> list[int]:
    """Files behind one that nobody has looked into."""
    return [row["file_id"] for row in await read(UNKNOWN, {"after": after, "limit": limit})]


async def put_fact(tx: Write, fact: dict[str, object]) -> None:
    await tx.run(PUT_FACT, fact)


async def figures(read: Reader, heap_id: str) -> FileFigures:
    """Ask inside one snapshot."""
    (row,) = await read(FIGURES, {"heap_id": heap_id})
    (contents,) = await read(CONTENTS, {"heap_id": heap_id})
    (uploads,) = await read(UPLOADS, {"heap_id": heap_id})
    return FileFigures(
        **dict(row), unique_bytes=contents["bytes"], uploads=uploads["uploads"], reserved_bytes=uploads["bytes"]
    )


def _link(row: sqlite3.Row) -> Link:
    fields = dict(row)
    path, missing = fields.pop("path"), fields.pop("missing_since_at")
    for name in ("has_picture", "is_looked_into", "is_scanned"):
        fields[name] = bool(fields[name])
    return Link(**fields, path=path, is_there=missing is None)
