"""SQL of what is derived from documents: what lists show, relations, words."""

import json
from collections.abc import Iterable, Sequence

import msgspec

from homemedia.core.db import Reader, Write, as_json
from homemedia.heaps.models import Facts

DUE = "SELECT block_id FROM block_doc WHERE derived_to < last_update ORDER BY block_id LIMIT :limit"
UNDONE = """
    SELECT block_doc.block_id, block_doc.last_update FROM json_each(:block_ids) AS wanted
      JOIN block_doc ON block_doc.block_id = wanted.value
     WHERE block_doc.derived_to < block_doc.last_update
"""
KNOWN = """
    SELECT block.block_id, block.heap_id, block.type, block.title, block.deleted_at, block.changed, block.created_at,
           block.updated_by, block_doc.derived_to, block_fact.files,
           EXISTS (SELECT 1 FROM heap WHERE heap.heap_id = block.heap_id AND heap.block_id = block.block_id) AS is_index
      FROM json_each(:block_ids) AS wanted
      JOIN block ON block.block_id = wanted.value
      JOIN block_doc ON block_doc.block_id = block.block_id
      LEFT JOIN block_fact ON block_fact.block_id = block.block_id
"""
SET = """
    UPDATE block
       SET type = :type, title = :title, icon = :icon, preview = :preview, pinned = :pinned,
           has_content = :has_content, created_at = min(created_at, coalesce(:created_at, created_at)),
           deleted_at = :deleted_at, deleted_by = :deleted_by, changed = :changed, doc_error = NULL
     WHERE block_id = :block_id
"""
UNREADABLE = "UPDATE block SET doc_error = :error WHERE block_id = :block_id"
DERIVED = "UPDATE block_doc SET derived_to = max(derived_to, :last_update) WHERE block_id = :block_id"
PUT_FACT = """
    INSERT INTO block_fact (block_id, title, words, names, files, apps, attributes)
    VALUES (:block_id, :title, :words, :names, :files, :apps, :attributes)
    ON CONFLICT (block_id) DO UPDATE
       SET title = excluded.title, words = excluded.words, names = excluded.names, files = excluded.files,
           apps = excluded.apps, attributes = excluded.attributes
"""
DROP_RELATIONS = """
    DELETE FROM block_relation
     WHERE src = :src AND NOT EXISTS (SELECT 1 FROM json_each(:kept) AS kept
                                       WHERE kept.value ->> 0 = block_relation.kind
                                         AND kept.value ->> 1 = block_relation.dst)
"""
PUT_RELATION = """
    INSERT INTO block_relation (src, dst, kind, added_at) VALUES (:src, :dst, :kind, :added_at)
    ON CONFLICT (src, kind, dst) DO UPDATE SET added_at = excluded.added_at WHERE added_at IS NOT excluded.added_at
"""
NAME_HEAP = """
    UPDATE heap SET title = :title, icon = :icon, updated_at = :now
     WHERE block_id = :block_id AND (title <> :title OR icon IS NOT :icon) RETURNING heap_id
"""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What stands of a block before it is looked into again."""

    block_id: str
    heap_id: str
    type: str
    title: str
    deleted_at: int | None
    changed: int
    updated_by: str | None
    derived_to: int
    is_index: bool
    hashes: frozenset[str]


async def due(read: Reader, limit: int) -> list[str]:
    """Blocks that have grown since they were looked into."""
    return [row["block_id"] for row in await read(DUE, {"limit": limit})]


async def undone(read: Reader, block_ids: Iterable[str]) -> dict[str, int]:
    """Those of the blocks that have grown since they were looked into, each with the number of its last update."""
    return {row["block_id"]: row["last_update"] for row in await read(UNDONE, {"block_ids": as_json(block_ids)})}


async def known(read: Reader, block_ids: Iterable[str]) -> dict[str, Known]:
    """By block."""
    rows = await read(KNOWN, {"block_ids": as_json(block_ids)})
    return {
        row["block_id"]: Known(
            block_id=row["block_id"],
            heap_id=row["heap_id"],
            type=row["type"],
            title=row["title"],
            deleted_at=row["deleted_at"],
            changed=row["changed"],
            updated_by=row["updated_by"],
            derived_to=row["derived_to"],
            is_index=bool(row["is_index"]),
            hashes=frozenset(one["hash"] for one in json.loads(row["files"] or "[]")),
        )
        for row in rows
    }


async def put(tx: Write, block_id: str, facts: Facts, *, kind: str, deleted_by: str | None, changed: int) -> None:
    """Write down what a document says."""
    await tx.run(
        SET,
        {
            "block_id": block_id,
            "type": kind,
            "title": facts.title,
            "icon": facts.icon,
            "preview": facts.preview,
            "pinned": facts.pinned,
            "has_content": facts.has_content,
            "created_at": facts.created_at,
            "deleted_at": facts.deleted_at,
            "deleted_by": deleted_by,
            "changed": changed,
        },
    )
    await tx.run(
        PUT_FACT,
        {
            "block_id": block_id,
            "title": facts.title,
            "words": facts.text,
            "names": " ".join(one.name for one in facts.files),
            "files": msgspec.json.encode(facts.files).decode(),
            "apps": msgspec.json.encode(facts.apps).decode(),
            "attributes": msgspec.json.encode(facts.attributes).decode(),
        },
    )
    await _relate(tx, block_id, facts)


async def unreadable(tx: Write, block_id: str, error: str) -> None:
    """The document cannot be built: what was known of it stays."""
    await tx.run(UNREADABLE, {"block_id": block_id, "error": error})


async def derived(tx: Write, block_id: str, last_update: int) -> None:
    """A block has been looked into up to this update."""
    await tx.run(DERIVED, {"block_id": block_id, "last_update": last_update})


async def name_heap(tx: Write, block_id: str, facts: Facts, *, title: str, now: int) -> str | None:
    """A heap is called as its index block; the heap that is called otherwise from now on."""
    rows = await tx.rows(NAME_HEAP, {"block_id": block_id, "title": title, "icon": facts.icon, "now": now})
    return rows[0]["heap_id"] if rows else None


async def _relate(tx: Write, block_id: str, facts: Facts) -> None:
    wanted: Sequence[tuple[str, str, int | None]] = [
        *(("tag", dst, at) for dst, at in facts.tags.items()),
        *(("mention", dst, at) for dst, at in facts.mentions.items()),
    ]
    await tx.run(DROP_RELATIONS, {"src": block_id, "kept": as_json([kind, dst] for kind, dst, _ in wanted)})
    await tx.many(
        PUT_RELATION,
        [{"src": block_id, "dst": dst, "kind": kind, "added_at": at} for kind, dst, at in wanted if dst != block_id],
    )
