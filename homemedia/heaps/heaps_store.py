"""SQL of heaps: which a member has, and what becomes of them."""

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from homemedia.core.db import Reader, Write, as_json
from homemedia.core.problems import Conflict
from homemedia.heaps.models import Heap, Source
from homemedia.sharing.rights import Right, granted_sql

_GIVEN = granted_sql("heap", "share.target_id AS heap_id, share.bits AS bits")
_SEEN = f"""
    WITH given AS MATERIALIZED (
        SELECT heap_id, max(bits & {int(Right.EDIT)}) AS edits FROM {_GIVEN} GROUP BY heap_id
    ), seen AS MATERIALIZED (
        SELECT heap_id FROM heap WHERE owner_id = :viewer_id UNION SELECT heap_id FROM given
    )
"""  # noqa: S608 - words of our own
_COLUMNS = """
    heap.heap_id, heap.block_id, heap.owner_id, heap.type, heap.title, heap.icon, heap.created_at, heap.updated_at,
    heap.last_activity_at, heap.deleted_at, heap.purge_at, heap.library_id, heap.read_only, heap.delete_originals,
    (SELECT root.path FROM root WHERE root.library_id = heap.library_id) AS path,
    (SELECT library.last_scan_at FROM library WHERE library.library_id = heap.library_id) AS last_scan_at,
    (SELECT job.job_id FROM job WHERE job.kind = 'scan' AND job.key = heap.library_id
        AND job.state IN ('queued', 'running')) AS scan_id,
    CASE WHEN heap.owner_id = :viewer_id THEN 'owner' WHEN given.edits THEN 'editor' ELSE 'viewer' END AS role
"""
_COUNTED = """
    (SELECT count(*) FROM block WHERE block.heap_id = heap.heap_id AND block.deleted_at IS NULL) AS block_count
"""
PAGE = f"""
    {_SEEN}
    SELECT {_COLUMNS}, {_COUNTED}
      FROM seen JOIN heap ON heap.heap_id = seen.heap_id LEFT JOIN given ON given.heap_id = heap.heap_id
     WHERE heap.deleted_at IS NULL AND (:with_shared OR heap.owner_id = :viewer_id)
     ORDER BY heap.last_activity_at DESC, heap.heap_id
     LIMIT :limit OFFSET :offset
"""  # noqa: S608
TOTAL = f"""
    {_SEEN}
    SELECT count(*) AS total FROM seen JOIN heap ON heap.heap_id = seen.heap_id
     WHERE heap.deleted_at IS NULL AND (:with_shared OR heap.owner_id = :viewer_id)
"""  # noqa: S608
AMONG = f"""
    {_SEEN}
    SELECT {_COLUMNS}, 0 AS block_count
      FROM json_each(:heap_ids) AS wanted JOIN seen ON seen.heap_id = wanted.value
      JOIN heap ON heap.heap_id = seen.heap_id LEFT JOIN given ON given.heap_id = heap.heap_id
"""  # noqa: S608
ONE = f"""
    {_SEEN}
    SELECT {_COLUMNS}, {_COUNTED}
      FROM seen JOIN heap ON heap.heap_id = seen.heap_id LEFT JOIN given ON given.heap_id = heap.heap_id
     WHERE seen.heap_id = :heap_id
"""  # noqa: S608
SEEN = f"{_SEEN} SELECT heap_id FROM seen"  # noqa: S608
OWNER = "SELECT owner_id FROM heap WHERE heap_id = :heap_id"
ADD = """
    INSERT INTO heap (heap_id, block_id, owner_id, type, title, icon, created_at, updated_at, last_activity_at)
    VALUES (:heap_id, :block_id, :owner_id, :type, :title, :icon, :now, :now, :now)
    ON CONFLICT (heap_id) DO NOTHING
"""
OWNED = "SELECT count(*) AS heaps FROM heap WHERE owner_id = :owner_id AND deleted_at IS NULL"
HIDE = """
    UPDATE heap SET deleted_at = :now, purge_at = :purge_at, updated_at = :now
     WHERE heap_id = :heap_id AND (deleted_at IS NULL OR :purge_at <= :now)
"""
REVIVE = """
    UPDATE heap SET deleted_at = NULL, purge_at = NULL, updated_at = :now, last_activity_at = :now
     WHERE heap_id = :heap_id AND purge_at > :now
"""
TO_PURGE = "SELECT heap_id FROM heap WHERE purge_at IS NOT NULL AND purge_at <= :now ORDER BY purge_at LIMIT :limit"
SOME_BLOCKS = """
    SELECT block.block_id FROM heap JOIN block ON block.heap_id = heap.heap_id
     WHERE heap.heap_id = :heap_id AND heap.purge_at <= :now LIMIT :limit
"""
DROP_BLOCKS = "DELETE FROM block WHERE block_id IN (SELECT value FROM json_each(:block_ids))"
DROP = "DELETE FROM heap WHERE heap_id = :heap_id AND purge_at <= :now"
ABANDON = """
    UPDATE heap SET deleted_at = coalesce(deleted_at, :now), purge_at = :now, updated_at = :now
     WHERE owner_id = :owner_id
"""
MEMBERS = """
    SELECT heap.owner_id AS user_id FROM heap WHERE heap.heap_id = :heap_id
    UNION
    SELECT share.recipient_id FROM share_standing AS share
     WHERE share.target_type = 'heap' AND share.target_id = :heap_id AND share.recipient_type = 'user'
       AND share.ends_at > :now AND share.bits & 1
"""


class NewHeap(msgspec.Struct, frozen=True, kw_only=True):
    """A heap that is to be made."""

    heap_id: str
    block_id: str
    owner_id: str
    type: str
    title: str
    icon: str | None


def _asking(user_id: str, now: int) -> dict[str, object]:
    return {"viewer_id": user_id, "granted_at": now, "right": int(Right.VIEW), "with_hidden": 1}


async def owned(read: Reader, owner_id: str) -> int:
    """How many heaps a member has; deleted ones count no more."""
    return int((await read(OWNED, {"owner_id": owner_id}))[0]["heaps"])


async def page(
    read: Reader, user_id: str, *, with_shared: bool, limit: int, offset: int, now: int
) -> tuple[list[Heap], int]:
    """Heaps of a member, last used first, and how many there are."""
    args = {**_asking(user_id, now), "with_shared": with_shared}
    rows = await read(PAGE, {**args, "limit": limit, "offset": offset})
    total = await read(TOTAL, args)
    return [_heap(row) for row in rows], int(total[0]["total"])


async def among(read: Reader, user_id: str, heap_ids: Sequence[str], *, now: int) -> dict[str, Heap]:
    """Those that a member may see, deleted ones too; their blocks are not counted."""
    rows = await read(AMONG, {**_asking(user_id, now), "heap_ids": as_json(heap_ids)})
    return {row["heap_id"]: _heap(row) for row in rows}


async def one(read: Reader, user_id: str, heap_id: str, *, now: int) -> Heap | None:
    """A heap that a member may see, deleted or not."""
    rows = await read(ONE, {**_asking(user_id, now), "heap_id": heap_id})
    return _heap(rows[0]) if rows else None


async def seen(read: Reader, user_id: str, *, now: int) -> frozenset[str]:
    """Ids of all heaps that a member may see."""
    return frozenset(row["heap_id"] for row in await read(SEEN, _asking(user_id, now)))


async def is_taken(read: Reader, heap_id: str) -> bool:
    """Whether anybody has a heap of this name."""
    return bool(await read(OWNER, {"heap_id": heap_id}))


async def add(tx: Write, new: NewHeap, *, now: int) -> None:
    """Make a heap.

    Raises:
        Conflict: `id_taken`: somebody was quicker.
    """
    if not await tx.run(ADD, {**msgspec.structs.asdict(new), "now": now}):
        raise Conflict("A heap has this id already.", code="id_taken", field="id")


async def hide(tx: Write, heap_id: str, *, purge_at: int, now: int) -> None:
    """Deleted from now on, gone at `purge_at`; a second wish does not put that off."""
    await tx.run(HIDE, {"heap_id": heap_id, "purge_at": purge_at, "now": now})


async def revive(tx: Write, heap_id: str, *, now: int) -> bool:
    """Whether a deleted heap is back: not where its grace is over, and it may be half gone."""
    return bool(await tx.run(REVIVE, {"heap_id": heap_id, "now": now}))


async def to_purge(read: Reader, *, now: int, limit: int) -> list[str]:
    """Heaps whose grace is over, oldest first."""
    return [row["heap_id"] for row in await read(TO_PURGE, {"now": now, "limit": limit})]


async def drop_some(tx: Write, heap_id: str, limit: int, *, now: int) -> list[str]:
    """Delete blocks of a heap whose grace is over, with all that hangs on them; which."""
    rows = await tx.rows(SOME_BLOCKS, {"heap_id": heap_id, "limit": limit, "now": now})
    gone = [row["block_id"] for row in rows]
    if gone:
        await tx.run(DROP_BLOCKS, {"block_ids": as_json(gone)})
    return gone


async def drop(tx: Write, heap_id: str, *, now: int) -> None:
    """The heap itself, and what was left of purged blocks."""
    await tx.run(DROP, {"heap_id": heap_id, "now": now})


async def abandon(tx: Write, owner_id: str, *, now: int) -> None:
    """All heaps of an owner are to go."""
    await tx.run(ABANDON, {"owner_id": owner_id, "now": now})


async def owners(read: Reader, heap_id: str) -> list[str]:
    """Whose it is; nobody's where there is none."""
    return [row["owner_id"] for row in await read(OWNER, {"heap_id": heap_id})]


async def members(read: Reader, heap_id: str, *, now: int) -> tuple[str, ...]:
    """Its owner and whom a grant names for it."""
    return tuple(row["user_id"] for row in await read(MEMBERS, {"heap_id": heap_id, "now": now}))


def _heap(row: sqlite3.Row) -> Heap:
    facts = dict(row)
    source: dict[str, Any] = {name: facts.pop(name) for name in Source.__struct_fields__}
    if source["library_id"] is None or source["path"] is None:
        return Heap(**facts)
    return Heap(
        **facts,
        source=Source(**source | {name: bool(source[name]) for name in ("read_only", "delete_originals")}),
    )
