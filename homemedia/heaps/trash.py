"""The trash of a heap: into it and out of it by an edit of the document, which syncs like any other; and out for good.

Whether a block is trashed stands in its document (`meta.deleted_at`), so a device that was away does not bring it back.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.problems import BadRequest, Conflict, Unprocessable
from homemedia.heaps import blocks_store
from homemedia.heaps import trash_store as store
from homemedia.heaps.blocks import BlockRow, Blocks
from homemedia.heaps.documents import WRITTEN, Author, Documents, Entry
from homemedia.heaps.events import BlocksGone
from homemedia.heaps.facts import FactKeeper
from homemedia.heaps.heaps import Heaps

GRAVE_MS = 180 * 24 * 3600 * 1000
PURGE_STEP = 200
# Documents that are edited together.
EDIT_STEP = 50
MAX_NAMED = 500
SERVER = "server"

# In the transaction that purges them: lets go of what else belongs to blocks; the bytes that are freed.
Release = Callable[[Write, Sequence[str]], Awaitable[int]]


class InTrash(msgspec.Struct, frozen=True, kw_only=True):
    """A trashed block, and how many live blocks mention it or are tagged with it."""

    row: BlockRow
    mentions: int
    children: int


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    restored: list[str]
    not_found: list[str]
    unreadable: list[str]


class Trash:
    """Moves blocks into the trash, back, and out for good.

    Attributes:
        release: told of blocks that are purged.
    """

    def __init__(
        self,
        db: Database,
        documents: Documents,
        heaps: Heaps,
        blocks: Blocks,
        facts: FactKeeper,
        clock: Clock | None = None,
    ) -> None:
        self._db = db
        self._documents = documents
        self._heaps = heaps
        self._blocks = blocks
        self._facts = facts
        self._clock = clock or Clock()
        self.release: Release = _nothing

    async def page(self, actor: Member, heap_id: str, *, limit: int, offset: int) -> tuple[list[InTrash], int, int]:
        """What lies in the trash, the newest first; how many blocks, and the bytes of their documents.

        Raises:
            BadRequest, NotFound, Gone: as `Heaps.require`.
        """
        await self._heaps.require(actor, heap_id)
        async with self._db.snapshot() as read:
            block_ids = await store.page(read, heap_id, limit=limit, offset=offset)
            rows = await self._blocks.rows(read, block_ids)
            affected = await store.affected(read, block_ids)
            total, size_bytes = await blocks_store.trashed(read, heap_id)
        found = [
            InTrash(
                row=row,
                mentions=affected.get(row.block_id, {}).get("mention", 0),
                children=affected.get(row.block_id, {}).get("tag", 0),
            )
            for row in rows
        ]
        return found, total, size_bytes

    async def trash(self, actor: Member, heap_id: str, block_ids: Sequence[str]) -> Restored:
        """Move blocks into the trash.

        Raises:
            BadRequest, NotFound, Gone, Forbidden: as `Heaps.require`; an index block stays.
        """
        heap = await self._heaps.require(actor, heap_id, to_write=True)
        if heap.block_id in block_ids:
            raise BadRequest("The first page of a heap goes with the heap.", field="block_ids")
        # What lies there already keeps its day.
        trashed = [one.block_id for one in await store.trashed(self._db.read, heap_id, block_ids, -1)]
        fields = {"deleted_at": self._clock.now_ms(), "deleted_by": actor.user_id}
        live = [one for one in block_ids if one not in trashed]
        made = await self._edit(heap_id, live, fields, Author(user_id=actor.user_id))
        made.restored.extend(trashed)
        return made

    async def restore(self, actor: Member, heap_id: str, block_ids: Sequence[str] | None) -> Restored:
        """Bring blocks back, or all; one that is not in the trash counts as brought back.

        Raises:
            BadRequest, NotFound, Gone, Forbidden: as `Heaps.require`.
        """
        await self._heaps.require(actor, heap_id, to_write=True)
        if block_ids is None:
            block_ids = [one.block_id for one in await store.trashed(self._db.read, heap_id, None, -1)]
        fields = {"deleted_at": None, "deleted_by": None}
        return await self._edit(heap_id, block_ids, fields, Author(user_id=None, device=SERVER))

    async def empty(self, actor: Member, heap_id: str, block_ids: Sequence[str] | None) -> tuple[list[str], int]:
        """Erase blocks of the trash, or all of them: which, and the bytes freed.

        Raises:
            BadRequest, NotFound, Gone, Forbidden: as `Heaps.require`.
        """
        await self._heaps.require(actor, heap_id, to_write=True)
        gone: list[str] = []
        freed = 0
        while some := await store.trashed(self._db.read, heap_id, block_ids, PURGE_STEP):
            named = [one.block_id for one in some]
            # A device may have brought one back, and nobody has looked into it yet.
            await self._facts.derive(named)
            async with self._documents.held(named):
                some = await store.trashed(self._db.read, heap_id, named, PURGE_STEP, is_certain=True)
                freed += await self._bury(heap_id, some)
            if not some:
                break  # all of them are being written in right now
            gone += [one.block_id for one in some]
        return gone, freed

    async def sweep(self) -> None:
        """Forget purged blocks of long ago."""
        async with self._db.write() as tx:
            await store.drop_old_graves(tx, before=self._clock.now_ms() - GRAVE_MS)

    async def _bury(self, heap_id: str, blocks: Sequence[store.Trashed]) -> int:
        if not blocks:
            return 0
        block_ids = tuple(one.block_id for one in blocks)
        async with self._db.write() as tx:
            stamps = await tx.stamps(len(blocks))
            freed = await self.release(tx, block_ids)
            await store.bury(tx, heap_id, blocks, stamps, now=self._clock.now_ms())
            tx.announce(BlocksGone(heap_id=heap_id, block_ids=block_ids, permanent=True, changed=stamps[-1]))
        self._documents.forget(block_ids)
        return freed + sum(one.size_bytes for one in blocks)

    async def _edit(self, heap_id: str, block_ids: Sequence[str], fields: dict[str, Any], by: Author) -> Restored:
        """Set fields of documents' `meta`."""
        made = Restored(restored=[], not_found=[], unreadable=[])
        for at in range(0, len(block_ids), EDIT_STEP):
            await self._edit_some(made, heap_id, block_ids[at : at + EDIT_STEP], fields, by)
        found = {*made.restored, *made.unreadable}
        made.not_found.extend(one for one in block_ids if one not in found)
        return made

    async def _edit_some(
        self, made: Restored, heap_id: str, block_ids: Sequence[str], fields: dict[str, Any], by: Author
    ) -> None:
        entries: list[Entry] = []
        for block_id in dict.fromkeys(block_ids):
            try:
                document = await self._documents.one(block_id)
                if document is None or document.heap_id != heap_id:
                    continue
                wish = {"update": document.update, "fields": fields}
                edit = await self._documents.mill.call("edit_meta", wish, bytes)
            except (Conflict, Unprocessable):
                made.unreadable.append(block_id)
                continue
            entries.append(Entry(block_id=block_id, heap_id=heap_id, data=edit, by=by))
        taken = await self._documents.take(entries) if entries else []
        done = [entry.block_id for entry, one in zip(entries, taken, strict=True) if one.status in WRITTEN]
        # Lists show it with this answer, not half a second later.
        await self._facts.derive(done)
        made.restored.extend(done)


def all_of(*releases: Release) -> Release:
    """Each of them in turn; the bytes that all of them freed."""

    async def release(tx: Write, block_ids: Sequence[str]) -> int:
        return sum([await one(tx, block_ids) for one in releases])

    return release


async def _nothing(_tx: Write, _block_ids: Sequence[str]) -> int:
    return 0
