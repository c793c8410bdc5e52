"""Heaps: who has which, how one is made, hidden and gone for good (heaps §8)."""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader, Write
from homemedia.core.ids import new_uuid
from homemedia.core.jobs import JobRun, Jobs
from homemedia.core.problems import BadRequest, Conflict, Forbidden, Gone, NotFound, StorageFull
from homemedia.heaps import crdt, documents_store, heaps_store
from homemedia.heaps.documents import Author, Documents, Entry
from homemedia.heaps.events import HeapChanged
from homemedia.heaps.heaps_store import NewHeap
from homemedia.heaps.models import GRACE_MS, UNTITLED, Heap, is_id

PURGE_JOB = "heap-purge"
# Blocks of one transaction while a heap goes.
PURGE_STEP = 500
MAX_TITLE = 200
MAX_ICON = 16

Release = Callable[[Write, Sequence[str]], Awaitable[int]]


Enter = Callable[[Write], Awaitable[None]]
# Puts a folder behind a heap, whose own row is written by the second in the same transaction.
OpenFolder = Callable[[NewHeap, Enter], Awaitable[None]]


class HeapWish(msgspec.Struct, frozen=True, kw_only=True):
    """What a new heap should be; `update` is the document of its index block, made by the client."""

    heap_id: str | None = None
    title: str | None = None
    icon: str | None = None
    block_id: str | None = None
    update: bytes | None = None


class Heaps:
    """Workspaces of members.

    Attributes:
        release: lets go of what else belongs to blocks that are purged, in the same transaction.
        before_purge: lets go of what hangs on a heap, before its blocks go.
        max_heaps: how many a member may have; None for any number.
        is_full: asked whether a member has no room for more documents.
    """

    def __init__(self, db: Database, documents: Documents, clock: Clock | None = None) -> None:
        self._db = db
        self._documents = documents
        self._clock = clock or Clock()
        self.release: Release = _released
        self.max_heaps: int | None = None
        self.is_full: Callable[[str], Awaitable[bool]] = _never
        self.before_purge: Callable[[str], Awaitable[None]] = _nothing

    def register(self, jobs: Jobs) -> None:
        jobs.register(PURGE_JOB, "upkeep", self._purge)

    async def page(self, actor: Member, *, with_shared: bool, limit: int, offset: int) -> tuple[list[Heap], int]:
        """Heaps of a member, last used first; and how many there are."""
        return await heaps_store.page(
            self._db.read,
            actor.user_id,
            with_shared=with_shared,
            limit=limit,
            offset=offset,
            now=self._clock.now_ms(),
        )

    async def among(self, read: Reader, actor: Member, heap_ids: Sequence[str]) -> dict[str, Heap]:
        """Those of the heaps that a member may see; deleted ones too."""
        return await heaps_store.among(read, actor.user_id, heap_ids, now=self._clock.now_ms())

    async def require(
        self, actor: Member, heap_id: str, *, to_write: bool = False, as_owner: bool = False, is_counted: bool = False
    ) -> Heap:
        """A heap that a member may see, or write, or owns; its blocks are counted for who shows how many there are.

        Raises:
            BadRequest: no name of a heap.
            NotFound: there is none, or not for him.
            Gone: `heap_deleted`.
            Forbidden: `read_only`, `forbidden`.
        """
        if not is_id(heap_id):
            raise BadRequest("Name a heap.", field="heap_id")
        if is_counted:
            heap = await heaps_store.one(self._db.read, actor.user_id, heap_id, now=self._clock.now_ms())
        else:
            heap = (await self.among(self._db.read, actor, [heap_id])).get(heap_id)
        if heap is None:
            raise NotFound("There is no such heap.")
        if as_owner and heap.role != "owner":
            raise Forbidden("Only the owner may do that.")
        if heap.deleted_at is not None and not as_owner:
            raise Gone("This heap has been deleted.", code="heap_deleted")
        if to_write and not heap.may_write:
            raise Forbidden("You may read this heap, not change it.", code="read_only")
        return heap

    async def add(self, actor: Member, wish: HeapWish, *, open_folder: OpenFolder | None = None) -> tuple[Heap, bool]:
        """A heap with its index block; and whether it was made now.

        One's own that is there already is answered as it is, one that was deleted comes back. `open_folder` makes it a
        heap of a folder.

        Raises:
            BadRequest: a name, title or update that is none.
            Conflict: `id_taken`: the heap or block is another's.
            StorageFull: `quota_exceeded`: he has as many as he may, or no room.
        """
        heap_id, block_id = wish.heap_id or new_uuid(), wish.block_id or new_uuid()
        if not is_id(heap_id) or not is_id(block_id):
            raise BadRequest("An id has 8 to 64 letters, digits, - and _.", field="id")
        if await heaps_store.is_taken(self._db.read, heap_id):
            return await self._again(actor, heap_id), False
        new = NewHeap(
            heap_id=heap_id,
            block_id=block_id,
            owner_id=actor.user_id,
            type="server" if open_folder is None else "folder",
            title=(wish.title or UNTITLED)[:MAX_TITLE],
            icon=wish.icon,
        )
        if await self._is_block(block_id):
            raise Conflict("A block has this id already.", code="id_taken", field="block_id")

        if await self.is_full(actor.user_id):
            raise quota_exceeded()

        async def enter(tx: Write) -> None:
            await self._check_count(tx.rows, actor.user_id)
            await heaps_store.add(tx, new, now=self._clock.now_ms())
            tx.announce(HeapChanged(heap_id=heap_id, what="created", members=(actor.user_id,)))

        if open_folder is not None:
            await open_folder(new, enter)
        else:
            async with self._db.write() as tx:
                await enter(tx)
        await self._put_index(new, wish.update)
        return await self.require(actor, heap_id, is_counted=True), True

    async def remove(self, actor: Member, heap_id: str, *, at_once: bool) -> int:
        """Hide a heap, to be purged when its grace is over, or now; when (ms).

        Raises:
            BadRequest, NotFound, Forbidden: as `require`.
        """
        heap = await self.require(actor, heap_id, as_owner=True)
        now = self._clock.now_ms()
        if heap.purge_at is not None and not at_once:
            return heap.purge_at
        purge_at = now if at_once else now + GRACE_MS
        members = await heaps_store.members(self._db.read, heap_id, now=now)
        async with self._db.write() as tx:
            await heaps_store.hide(tx, heap_id, purge_at=purge_at, now=now)
            tx.announce(HeapChanged(heap_id=heap_id, what="deleted", members=members))
            if at_once:
                await tx.enqueue(PURGE_JOB, heap_id)
        return purge_at

    async def sweep(self) -> None:
        """Purge heaps whose grace is over."""
        due = await heaps_store.to_purge(self._db.read, now=self._clock.now_ms(), limit=100)
        if due:
            async with self._db.write() as tx:
                for heap_id in due:
                    await tx.enqueue(PURGE_JOB, heap_id)

    async def _again(self, actor: Member, heap_id: str) -> Heap:
        """One's own heap that is there already."""
        now = self._clock.now_ms()
        heap = (await self.among(self._db.read, actor, [heap_id])).get(heap_id)
        if heap is None or heap.role != "owner":
            raise Conflict("A heap has this id already.", code="id_taken", field="id")
        if heap.deleted_at is not None:
            async with self._db.write() as tx:
                await self._check_count(tx.rows, actor.user_id)
                if not await heaps_store.revive(tx, heap_id, now=now):
                    raise Gone("This heap is being deleted.", code="heap_deleted")
                tx.announce(HeapChanged(heap_id=heap_id, what="created", members=(actor.user_id,)))
        if not await self._is_block(heap.block_id):
            # The server was stopped between the heap and its first page.
            fields = {name: getattr(heap, name) for name in NewHeap.__struct_fields__}
            await self._put_index(NewHeap(**fields), None)
        return await self.require(actor, heap_id, is_counted=True)

    async def _check_count(self, read: Reader, user_id: str) -> None:
        if self.max_heaps is not None and await heaps_store.owned(read, user_id) >= self.max_heaps:
            raise quota_exceeded(f"You may have {self.max_heaps} notebooks at most. Delete one first.")

    async def _put_index(self, new: NewHeap, update: bytes | None) -> None:
        """The first page of a heap, of its client's making or of ours."""
        if update is None or update == crdt.EMPTY_UPDATE:
            update = await self._index(new)
        by = Author(user_id=new.owner_id)
        await self._documents.take([Entry(block_id=new.block_id, heap_id=new.heap_id, data=update, by=by)])

    async def forget_owner(self, tx: Write, user_id: str) -> None:
        """A member is gone for good: so go his heaps, after this transaction."""
        await heaps_store.abandon(tx, user_id, now=self._clock.now_ms())

    async def _index(self, new: NewHeap) -> bytes:
        """The document of an index block of ours."""
        fields = {"title": new.title, "type": "index", "icon": new.icon, "created_at": self._clock.now_ms()}
        return await self._documents.mill.call("edit_meta", {"update": crdt.EMPTY_UPDATE, "fields": fields}, bytes)

    async def _is_block(self, block_id: str) -> bool:
        read = self._db.read
        return bool(await documents_store.heads(read, [block_id]) or await documents_store.graves(read, [block_id]))

    async def _purge(self, run: JobRun) -> None:
        """Delete a heap that is still to go, piece by piece."""
        heap_id = run.key
        if heap_id not in await heaps_store.to_purge(self._db.read, now=self._clock.now_ms(), limit=10_000):
            return  # brought back meanwhile
        await self.before_purge(heap_id)
        while True:
            async with self._db.write() as tx:
                # One that is brought back is not touched any more.
                gone = await heaps_store.drop_some(tx, heap_id, PURGE_STEP, now=self._clock.now_ms())
                if not gone:
                    await heaps_store.drop(tx, heap_id, now=self._clock.now_ms())
                    return
                await self.release(tx, gone)
            self._documents.forget(gone)


def quota_exceeded(sentence: str = "Your storage is full. Delete something, or ask for more.") -> StorageFull:
    """A member has what he may have."""
    return StorageFull(sentence, code="quota_exceeded")


async def _never(_user_id: str) -> bool:
    return False


async def _nothing(_heap_id: str) -> None:
    return None


async def _released(_tx: Write, _block_ids: Sequence[str]) -> int:
    return 0
