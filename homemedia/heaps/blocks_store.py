"""SQL of block lists, of one block with what hangs on it, of changes row by row, and of a heap's figures."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from homemedia.core.db import Reader, as_json
from homemedia.heaps.files import store as files_store
from homemedia.heaps.files.store import FileFigures

_KIND = """
    CASE WHEN block_fact.files IS NULL OR block_fact.files = '[]' THEN NULL
         WHEN block_fact.files ->> '$[0].mime' LIKE 'image/%' THEN 'image'
         WHEN block_fact.files ->> '$[0].mime' LIKE 'video/%' THEN 'video'
         WHEN block_fact.files ->> '$[0].mime' LIKE 'audio/%' THEN 'audio'
         WHEN block_fact.files ->> '$[0].mime' LIKE 'text/%' OR block_fact.files ->> '$[0].mime' LIKE 'application/pdf'
              OR block_fact.files ->> '$[0].mime' LIKE 'application/%document%'
              OR block_fact.files ->> '$[0].mime' LIKE 'application/msword%' THEN 'document'
         WHEN block_fact.files ->> '$[0].mime' IN ('application/zip', 'application/gzip', 'application/x-tar',
              'application/x-7z-compressed', 'application/vnd.rar') THEN 'archive'
         ELSE 'other' END
"""
_TAGGED = """
    EXISTS (SELECT 1 FROM block_relation AS tagged
             WHERE tagged.kind = 'tag' AND tagged.src = block.block_id AND tagged.dst IN (SELECT tag_id FROM below))
"""
# Two blocks are linked when both are there; what lies in another heap might as well not be there.
_LINKED = """
    (EXISTS (SELECT 1 FROM block_relation AS out JOIN block AS other ON other.block_id = out.dst
              WHERE out.src = block.block_id AND other.heap_id = block.heap_id AND other.deleted_at IS NULL)
     OR EXISTS (SELECT 1 FROM block_relation AS back JOIN block AS other ON other.block_id = back.src
                 WHERE back.dst = block.block_id AND other.heap_id = block.heap_id AND other.deleted_at IS NULL))
"""
_CHILDREN = """
    EXISTS (SELECT 1 FROM block_relation AS child JOIN block AS other ON other.block_id = child.src
             WHERE child.dst = block.block_id AND child.kind = 'tag' AND other.heap_id = block.heap_id
               AND other.deleted_at IS NULL)
"""
_PARENTS = """
    EXISTS (SELECT 1 FROM block_relation AS parent JOIN block AS other ON other.block_id = parent.dst
             WHERE parent.src = block.block_id AND parent.kind = 'tag' AND other.heap_id = block.heap_id
               AND other.deleted_at IS NULL AND other.type <> 'index')
"""
_BELOW = """
    WITH RECURSIVE below (tag_id) AS (
        SELECT :tag
        UNION
        SELECT block_relation.src FROM below
          JOIN block_relation ON block_relation.dst = below.tag_id AND block_relation.kind = 'tag'
          JOIN block AS tag ON tag.block_id = block_relation.src AND tag.type = 'tag' AND tag.heap_id = :heap_id
         WHERE :nested
    )
"""
_WANTED = f"""
      FROM block
      LEFT JOIN block_fact ON block_fact.block_id = block.block_id
     WHERE block.heap_id = :heap_id AND block.deleted_at IS NULL
       AND block.updated_at BETWEEN :since AND :until
       AND (:types IS NULL OR block.type IN (SELECT value FROM json_each(:types)))
       AND (:kinds IS NULL OR {_KIND} IN (SELECT value FROM json_each(:kinds)))
       AND (:tag IS NULL OR {_TAGGED})
       AND (:words IS NULL OR block_fact.block_fact_id IN (
               SELECT rowid FROM block_search WHERE block_search MATCH :words))
       AND CASE :filter WHEN 'pinned' THEN block.pinned
                        WHEN 'notes' THEN block.type = 'document'
                        WHEN 'files' THEN block_fact.files IS NOT NULL AND block_fact.files <> '[]'
                        WHEN 'unlinked' THEN NOT {_LINKED}
                        WHEN 'content' THEN {_CHILDREN}
                        WHEN 'roots' THEN block.type <> 'index' AND NOT {_PARENTS}
                        ELSE 1 END
"""  # noqa: S608 - words of our own
_SORTED = """
    CASE :sort WHEN 'title' THEN lower(block.title)
               WHEN 'created_at' THEN block.created_at
               WHEN 'taken_at' THEN coalesce(
                   (SELECT fact.taken_at
                      FROM block_file JOIN block_file_fact AS fact ON fact.file_id = block_file.file_id
                     WHERE block_file.block_id = block.block_id
                       AND block_file.hash = block_fact.files ->> '$[0].hash'),
                   block_fact.files ->> '$[0].added_at', block.created_at)
               WHEN 'size' THEN coalesce(block_fact.files ->> '$[0].size', 0)
               ELSE block.updated_at END
"""
_ORDER = f"CASE WHEN :is_up THEN {_SORTED} END, CASE WHEN NOT :is_up THEN {_SORTED} END DESC"
PAGE = f"""
    {_BELOW}
    SELECT block.block_id {_WANTED} ORDER BY {_ORDER}, block.block_id LIMIT :limit OFFSET :offset
"""
COUNT = f"""
    {_BELOW}
    SELECT count(*) AS total {_WANTED}
"""
_COLUMNS = """
    block.block_id, block.heap_id, block.type, block.title, block.icon, block.preview, block.pinned,
    block.has_content, block.created_at, block.updated_at, block.created_by, block.updated_by, block.deleted_at,
    block.deleted_by, block.changed, block.doc_error, block_doc.sync_version, block_doc.sv AS vector,
    block_doc.size_bytes, coalesce(block_fact.files, '[]') AS files
"""
CARDS = f"""
    SELECT {_COLUMNS},
           (SELECT count(*) FROM block_relation AS one JOIN block AS other ON other.block_id = one.dst
             WHERE one.src = block.block_id AND one.kind = 'tag' AND other.heap_id = block.heap_id
               AND other.deleted_at IS NULL) AS tags,
           (SELECT count(*) FROM block_relation AS one JOIN block AS other ON other.block_id = one.src
             WHERE one.dst = block.block_id AND one.kind = 'tag' AND other.heap_id = block.heap_id
               AND other.deleted_at IS NULL) AS children,
           (SELECT count(*) FROM block_relation AS one JOIN block AS other ON other.block_id = one.dst
             WHERE one.src = block.block_id AND one.kind = 'mention' AND other.heap_id = block.heap_id
               AND other.deleted_at IS NULL) AS mentions,
           (SELECT count(*) FROM block_relation AS one JOIN block AS other ON other.block_id = one.src
             WHERE one.dst = block.block_id AND one.kind = 'mention' AND other.heap_id = block.heap_id
               AND other.deleted_at IS NULL) AS backlinks
      FROM json_each(:block_ids) AS wanted
      JOIN block ON block.block_id = wanted.value
      JOIN block_doc ON block_doc.block_id = block.block_id
      LEFT JOIN block_fact ON block_fact.block_id = block.block_id
     ORDER BY wanted.key
"""  # noqa: S608
HEAP_OF = "SELECT heap_id FROM block WHERE block_id = :block_id"
FACT = "SELECT words, apps, attributes FROM block_fact WHERE block_id = :block_id"
TO = """
    SELECT other.block_id, other.title, other.type, other.icon, count(*) OVER () AS total
      FROM block_relation AS one JOIN block AS other ON other.block_id = one.dst
     WHERE one.src = :block_id AND one.kind = :kind AND other.deleted_at IS NULL AND other.heap_id = :heap_id
     ORDER BY one.added_at, other.title, other.block_id LIMIT :limit OFFSET :offset
"""
FROM = """
    SELECT other.block_id, other.title, other.type, other.icon, count(*) OVER () AS total
      FROM block_relation AS one JOIN block AS other ON other.block_id = one.src
     WHERE one.dst = :block_id AND one.kind = :kind AND other.deleted_at IS NULL AND other.heap_id = :heap_id
     ORDER BY other.title, other.block_id LIMIT :limit OFFSET :offset
"""
BY_TYPE = """
    SELECT type, count(*) AS blocks, sum(created_at >= :week_ago) AS fresh
      FROM block WHERE heap_id = :heap_id AND deleted_at IS NULL GROUP BY type
"""
TRASHED = """
    SELECT count(*) AS blocks, coalesce(sum(block_doc.size_bytes), 0) AS bytes
      FROM block JOIN block_doc ON block_doc.block_id = block.block_id
     WHERE block.heap_id = :heap_id AND block.deleted_at IS NOT NULL
"""
UNLINKED = f"""
    SELECT count(*) AS blocks FROM block
     WHERE block.heap_id = :heap_id AND block.deleted_at IS NULL AND NOT {_LINKED}
"""  # noqa: S608
RELATIONS = """
    SELECT block_relation.kind, count(*) AS relations
      FROM block JOIN block_relation ON block_relation.src = block.block_id
     WHERE block.heap_id = :heap_id AND block.deleted_at IS NULL GROUP BY block_relation.kind
"""
DOCUMENTS = """
    SELECT coalesce(sum(block_doc.size_bytes), 0) AS bytes, coalesce(sum(block_doc.tail_n), 0) AS tail,
           count(block.doc_error) AS unreadable
      FROM block JOIN block_doc ON block_doc.block_id = block.block_id WHERE block.heap_id = :heap_id
"""
HISTORY_BYTES = """
    SELECT coalesce(sum(block_history.size_bytes), 0) AS bytes
      FROM block JOIN block_history ON block_history.block_id = block.block_id WHERE block.heap_id = :heap_id
"""
FILES = f"""
    SELECT {_KIND} AS kind, count(*) AS files, sum(block_fact.files ->> '$[0].size') AS bytes,
           count(DISTINCT block_fact.files ->> '$[0].hash') AS contents
      FROM block JOIN block_fact ON block_fact.block_id = block.block_id
     WHERE block.heap_id = :heap_id AND block.deleted_at IS NULL AND block_fact.files <> '[]'
     GROUP BY 1
"""  # noqa: S608


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    """Another block, at the end of a relation."""

    block_id: str
    title: str
    type: str
    icon: str | None


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What a heap holds."""

    by_type: dict[str, int]
    fresh: int
    unlinked: int
    relations: dict[str, int]
    trashed: int
    trashed_bytes: int
    document_bytes: int
    tail: int
    unreadable: int
    history_bytes: int
    files: dict[str, tuple[int, int, int]]
    held: FileFigures


async def page(read: Reader, args: Mapping[str, object]) -> list[str]:
    """Ids of wanted blocks, in their order."""
    return [row["block_id"] for row in await read(PAGE, args)]


async def count(read: Reader, args: Mapping[str, object]) -> int:
    (row,) = await read(COUNT, args)
    return int(row["total"])


async def cards(read: Reader, block_ids: Iterable[str]) -> list[sqlite3.Row]:
    """What lists show of blocks, in the order of their ids."""
    return await read(CARDS, {"block_ids": as_json(block_ids)})


async def heap_of(read: Reader, block_id: str) -> str | None:
    rows = await read(HEAP_OF, {"block_id": block_id})
    return rows[0]["heap_id"] if rows else None


async def fact(read: Reader, block_id: str) -> tuple[str, dict[str, Any], dict[str, Any]] | None:
    """A block's words, saved views and attributes; None where nobody has looked into it yet."""
    rows = await read(FACT, {"block_id": block_id})
    if not rows:
        return None
    return rows[0]["words"], json.loads(rows[0]["apps"]), json.loads(rows[0]["attributes"])


async def related(
    read: Reader, block_id: str, heap_id: str, kind: str, *, is_back: bool, limit: int, offset: int
) -> tuple[list[Relation], int]:
    """Blocks that a block names, or that name it, and how many."""
    args = {"block_id": block_id, "heap_id": heap_id, "kind": kind, "limit": limit, "offset": offset}
    rows = await read(FROM if is_back else TO, args)
    found = [Relation(block_id=row["block_id"], title=row["title"], type=row["type"], icon=row["icon"]) for row in rows]
    return found, int(rows[0]["total"]) if rows else 0


async def by_type(read: Reader, heap_id: str, *, week_ago: int) -> tuple[dict[str, int], int]:
    """Live blocks by type, and how many are new."""
    rows = await read(BY_TYPE, {"heap_id": heap_id, "week_ago": week_ago})
    return {row["type"]: row["blocks"] for row in rows}, sum(row["fresh"] for row in rows)


async def unlinked(read: Reader, heap_id: str) -> int:
    (row,) = await read(UNLINKED, {"heap_id": heap_id})
    return int(row["blocks"])


async def trashed(read: Reader, heap_id: str) -> tuple[int, int]:
    """How many blocks are in the trash, and the bytes of their documents."""
    (row,) = await read(TRASHED, {"heap_id": heap_id})
    return int(row["blocks"]), int(row["bytes"])


async def figures(read: Reader, heap_id: str, *, week_ago: int) -> Figures:
    """Everything at once. Ask inside one snapshot."""
    args = {"heap_id": heap_id}
    types, fresh = await by_type(read, heap_id, week_ago=week_ago)
    gone, gone_bytes = await trashed(read, heap_id)
    (documents,) = await read(DOCUMENTS, args)
    (history,) = await read(HISTORY_BYTES, args)
    return Figures(
        by_type=types,
        fresh=fresh,
        unlinked=await unlinked(read, heap_id),
        relations={row["kind"]: row["relations"] for row in await read(RELATIONS, args)},
        trashed=gone,
        trashed_bytes=gone_bytes,
        document_bytes=documents["bytes"],
        tail=documents["tail"],
        unreadable=documents["unreadable"],
        history_bytes=history["bytes"],
        held=await files_store.figures(read, heap_id),
        files={row["kind"]: (row["files"], row["bytes"] or 0, row["contents"]) for row in await read(FILES, args)},
    )


def words_of(query: str) -> str | None:
    """A question for the text index: every word, each a beginning; None where there is none."""
    words: Sequence[str] = "".join(char if char.isalnum() else " " for char in query).split()
    return " ".join(f'"{word}"*' for word in words) or None
