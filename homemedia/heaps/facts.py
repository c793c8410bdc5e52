"""Looks into documents when they have come to rest, and writes down what lists and search show (heaps §4.6).

Half a second after a block's last change, five after its first. What was not looked into when the server stopped is
looked into at the next start. A document that cannot be built keeps what was known of it; syncing goes on all the same.
"""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import Self

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.problems import AppError, Conflict, TimedOut, Unprocessable
from homemedia.heaps import facts_store as store
from homemedia.heaps.documents import Documents
from homemedia.heaps.events import BlockRestored, BlocksDerived, BlocksGone, HeapChanged
from homemedia.heaps.facts_store import Known
from homemedia.heaps.models import BLOCK_TYPES, UNTITLED, Document, Facts

_log = logging.getLogger(__name__)

REST_S = 0.5
LONGEST_S = 5.0
AT_ONCE = 50
# After a worker or a disk that failed.
AGAIN_S = 30.0
SHORTEST_S = 0.02


class FactKeeper:
    """Keeps what is derived in step with documents. An async context manager.

    Attributes:
        rest_s: how long a block must have rested; tests shorten it.
        again_s: how long is waited after the worker or the disk failed.
        is_failing: whether the last look failed, by the worker's fault or the disk's.
    """

    def __init__(self, db: Database, documents: Documents, clock: Clock | None = None) -> None:
        self._db = db
        self._documents = documents
        self._clock = clock or Clock()
        self._due: dict[str, tuple[float, float]] = {}
        self._came = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._busy = 0
        self._rested = asyncio.Condition()
        self.rest_s = REST_S
        self.again_s = AGAIN_S
        self.is_failing = False
        documents.on_grown = self.grown

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep(), name="facts")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @property
    def waiting(self) -> int:
        """How many blocks are to be looked into."""
        return len(self._due) + self._busy

    def grown(self, block_ids: Sequence[str]) -> None:
        """These blocks have changed."""
        now_s = asyncio.get_running_loop().time()
        for block_id in block_ids:
            first_s, _ = self._due.get(block_id, (now_s, now_s))
            self._due[block_id] = (first_s, now_s)
        self._came.set()

    async def settled(self) -> None:
        """Wait until everything that has changed has been looked into."""
        async with self._rested:
            await self._rested.wait_for(lambda: not self.waiting)

    async def _keep(self) -> None:
        now_s = asyncio.get_running_loop().time
        owed_s: float | None = now_s()
        while True:
            if owed_s is not None and owed_s <= now_s():
                owed_s = None if await self._caught_up() else now_s() + self.again_s
            self._came.clear()
            ripe, wait_s = self._ripe()
            if ripe:
                await self._look(ripe)
            elif self._due:
                # What comes meanwhile has to rest first, so nothing is missed.
                await asyncio.sleep(min(wait_s, max(self.rest_s, SHORTEST_S)))
            else:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout_at(owed_s):
                        await self._came.wait()

    async def _caught_up(self) -> bool:
        """Look into what was left when the server stopped; False where that has to be tried again."""
        try:
            while block_ids := await store.due(self._db.read, AT_ONCE):
                await self.derive(block_ids)
        except AppError as err:
            self.is_failing = True
            _log.warning("notes could not be looked into: %s", err.message)
            return False
        self.is_failing = False
        return True

    def _ripe(self) -> tuple[list[str], float]:
        """Blocks that have rested, and otherwise how long until the next has."""
        now_s = asyncio.get_running_loop().time()
        times = {
            block_id: min(last_s + self.rest_s, first_s + LONGEST_S) - now_s
            for block_id, (first_s, last_s) in self._due.items()
        }
        ripe = [block_id for block_id, wait_s in times.items() if wait_s <= 0][:AT_ONCE]
        return ripe, min(times.values(), default=0.0)

    async def _look(self, block_ids: list[str]) -> None:
        for block_id in block_ids:
            del self._due[block_id]
        self._busy = len(block_ids)
        try:
            await self.derive(block_ids)
            self.is_failing = False
        except AppError as err:
            self.is_failing = True
            _log.warning("notes could not be looked into: %s", err.message)
            again_s = asyncio.get_running_loop().time() + self.again_s
            self._due |= {block_id: (again_s, again_s) for block_id in block_ids if block_id not in self._due}
        finally:
            self._busy = 0
        async with self._rested:
            self._rested.notify_all()

    async def derive(self, block_ids: Sequence[str]) -> None:
        """Look into those of the blocks that have grown since somebody did, now.

        Raises:
            AppError: the worker or the database cannot; nothing was written.
        """
        found: dict[str, tuple[int, Facts | None]] = {}
        for block_id, last_update in (await store.undone(self._db.read, block_ids)).items():
            # One after the other: fifty large documents need not lie in memory at once.
            try:
                document = await self._documents.one(block_id)
            except Conflict as err:
                _log.warning("the document of block %s cannot be read: %s", block_id, err.code)
                found[block_id] = (last_update, None)
                continue
            if document is not None:
                found[block_id] = (document.last_update, await self._facts(document))
        if not found:
            return
        async with self._db.write() as tx:
            known = await store.known(tx.rows, found)
            derived: dict[str, list[str]] = {}
            for block_id, before in known.items():
                last_update, facts = found[block_id]
                if before.derived_to >= last_update:
                    continue  # somebody else has looked meanwhile, and perhaps at more
                if facts is None:
                    await store.unreadable(tx, block_id, "block_unreadable")
                else:
                    await self._put(tx, before, facts)
                    derived.setdefault(before.heap_id, []).append(block_id)
                await store.derived(tx, block_id, last_update)
            for heap_id, changed_ids in derived.items():
                tx.announce(BlocksDerived(heap_id=heap_id, block_ids=tuple(changed_ids)))

    async def _put(self, tx: Write, before: Known, facts: Facts) -> None:
        """Write down what a document says, and tell what that changes."""
        if before.is_index:
            # The first page of a heap goes with the heap.
            facts = msgspec.structs.replace(facts, deleted_at=None, deleted_by=None)
        kind = facts.type if facts.type in BLOCK_TYPES else "document"
        changed = await tx.stamp() if _is_news(before, facts, kind) else before.changed
        deleted_by = (facts.deleted_by or before.updated_by) if facts.deleted_at is not None else None
        await store.put(tx, before.block_id, facts, kind=kind, deleted_by=deleted_by, changed=changed)
        if before.is_index:
            title = facts.title or UNTITLED
            heap_id = await store.name_heap(tx, before.block_id, facts, title=title, now=self._clock.now_ms())
            if heap_id is not None:
                tx.announce(HeapChanged(heap_id=heap_id, what="updated"))
        event = _trash_event(before, facts, changed)
        if event is not None:
            tx.announce(event)

    async def _facts(self, document: Document) -> Facts | None:
        """What a document says; None for one that cannot be built, or not in time."""
        try:
            return await self._documents.mill.call("derive", document.update, Facts)
        except (Unprocessable, TimedOut) as err:
            _log.warning("the document of block %s cannot be read: %s", document.block_id, err.code)
            return None


def _is_news(before: Known, facts: Facts, kind: str) -> bool:
    """Whether a delta has to tell it."""
    now = (kind, facts.title, facts.deleted_at, frozenset(one.hash for one in facts.files))
    return now != (before.type, before.title, before.deleted_at, before.hashes)


def _trash_event(before: Known, facts: Facts, changed: int) -> BlocksGone | BlockRestored | None:
    if (before.deleted_at is None) == (facts.deleted_at is None):
        return None
    if facts.deleted_at is None:
        return BlockRestored(heap_id=before.heap_id, block_id=before.block_id, changed=changed)
    return BlocksGone(heap_id=before.heap_id, block_ids=(before.block_id,), permanent=False, changed=changed)
