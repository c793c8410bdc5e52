"""Documents of blocks: read whole, and grown by updates that come in any order, twice, late or by several ways.

All that changes a document goes through `take` or holds its lock (`held`): this process is the only one that writes, so
what was read under the lock still stands when the transaction begins, and no merging is done while others wait for
the database.
"""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from typing import Final, Literal

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.problems import Conflict
from homemedia.heaps import crdt
from homemedia.heaps import documents_store as store
from homemedia.heaps.documents_store import Growth, Head
from homemedia.heaps.events import BlockUpdated
from homemedia.heaps.mill import Mill
from homemedia.heaps.models import MAX_DOCUMENT_BYTES, Document, Edit, Grave

CACHE_BYTES = 64 << 20
# What is this small is taken in although there is no room: who tidies up must be able to.
SMALL_BYTES = 4 << 10

Status = Literal[
    "created", "applied", "unchanged", "pending", "version_mismatch", "deleted", "not_found", "too_large",
    "invalid_update", "quota_exceeded",
]  # fmt: skip


# What is on disk when it is told.
WRITTEN: Final = frozenset[Status]({"created", "applied", "unchanged", "pending"})


class Author(msgspec.Struct, frozen=True, kw_only=True):
    """By whom updates come, and by which way.

    Attributes:
        socket: the connection, which knows of its updates already.
        session_id: what the request called itself.
    """

    user_id: str | None
    device: str | None = None
    socket: str | None = None
    session_id: str | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An update that came.

    Attributes:
        data: judged already.
        sync_version: generation of the sender's document; 0 for any.
    """

    block_id: str
    heap_id: str
    data: bytes
    by: Author
    sync_version: int = 0


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an update; `document` is the block's by now, where it has one."""

    status: Status
    document: Document | None = None
    grave: Grave | None = None


class _Work:
    """Blocks of one `take`, as they come to be."""

    def __init__(self, documents: Mapping[str, Document], graves: Mapping[str, Grave]) -> None:
        self.documents = dict(documents)
        self.graves = graves
        self.fresh: dict[str, list[Entry]] = {}
        self.created: set[str] = set()
        self.full = frozenset[str]()

    def grow(self, document: Document, entry: Entry) -> Status:
        """A block's document is this by now."""
        is_new = document.block_id not in self.documents
        if is_new:
            self.created.add(document.block_id)
        self.documents[document.block_id] = document
        self.fresh.setdefault(document.block_id, []).append(entry)
        if is_new:
            return "created"
        return "pending" if document.has_gap else "applied"


class Documents:
    """Reads and grows documents."""

    def __init__(self, db: Database, mill: Mill, clock: Clock | None = None) -> None:
        self._db = db
        self.mill = mill
        self._clock = clock or Clock()
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}
        self._cache: OrderedDict[str, tuple[int, int, bytes]] = OrderedDict()
        self._cached_bytes = 0
        # Asked which of some heaps have no room for more.
        self.full: Callable[[Collection[str]], Awaitable[frozenset[str]]] = _never_full
        # Told which blocks have grown, right after the commit.
        self.on_grown: Callable[[Sequence[str]], None] = lambda _block_ids: None

    async def read(self, block_ids: Iterable[str]) -> dict[str, Document]:
        """Documents by block; unknown and purged blocks are left out.

        Raises:
            Conflict: `block_unreadable`.
        """
        block_ids = list(block_ids)
        heads = await store.heads(self._db.read, block_ids)
        updates = self._cached_of(heads)
        absent: list[str] = []
        parts: dict[str, list[bytes]] = {}
        if len(updates) < len(heads):
            # Head, state and tail are of one moment; the merging needs no connection.
            async with self._db.snapshot() as read:
                heads = await store.heads(read, block_ids)
                updates = self._cached_of(heads)
                absent = [block_id for block_id in heads if block_id not in updates]
                parts = await store.parts(read, absent) if absent else {}
        for block_id in absent:
            head = heads[block_id]
            updates[block_id] = await self._whole(parts.pop(block_id))
            self._keep(block_id, head.last_update, head.sync_version, updates[block_id])
        return {block_id: _document(head, updates[block_id]) for block_id, head in heads.items()}

    async def _whole(self, parts: Sequence[bytes]) -> bytes:
        try:
            return await self.mill.merged(parts)
        except crdt.InvalidUpdateError as err:
            raise Conflict("What is stored of this block cannot be read.", code="block_unreadable") from err

    async def one(self, block_id: str) -> Document | None:
        return (await self.read([block_id])).get(block_id)

    @contextlib.asynccontextmanager
    async def held(self, block_ids: Iterable[str]) -> AsyncIterator[None]:
        """Nobody else changes these blocks meanwhile."""
        async with contextlib.AsyncExitStack() as stack:
            # In one order for all, so that no two wait for each other.
            for block_id in sorted(set(block_ids)):
                await stack.enter_async_context(self._lock(block_id))
            yield

    async def take(self, entries: Sequence[Entry]) -> list[Taken]:
        """Append updates to their documents, in one transaction; what became of each, in their order.

        Rights have been asked for. A block that is unknown is made by its first update that holds something.
        """
        block_ids = {entry.block_id for entry in entries}
        async with self.held(block_ids):
            known = await self.read(block_ids)
            unknown = block_ids - known.keys()
            work = _Work(known, await store.graves(self._db.read, unknown) if unknown else {})
            large = {one.heap_id for one in entries if _is_large(one, work.documents.get(one.block_id))}
            work.full = await self.full(large) if large else frozenset()
            taken = [await self._judge(work, entry) for entry in entries]
            if not work.fresh:
                return taken
            try:
                changed = await self._write(work)
            finally:
                # Also where this was broken off and nobody knows whether it was written.
                self.on_grown(tuple(work.fresh))
        return [_stamped(one, changed) for one in taken]

    async def _judge(self, work: _Work, entry: Entry) -> Taken:
        known = work.documents.get(entry.block_id)
        refused = _refusal(work.graves.get(entry.block_id), known, entry)
        if refused is not None:
            return refused
        before, vector = (known.update, known.vector) if known is not None else (crdt.EMPTY_UPDATE, crdt.EMPTY_VECTOR)
        try:
            grown = await self.mill.grown(before, vector, entry.data)
        except crdt.InvalidUpdateError:
            return Taken(status="invalid_update", document=known)
        if known is not None and not grown.is_news and entry.sync_version <= known.sync_version:
            return Taken(status="unchanged", document=known)
        if len(grown.update) > MAX_DOCUMENT_BYTES:
            return Taken(status="too_large", document=known)
        if entry.heap_id in work.full and _is_large(entry, known):
            return Taken(status="quota_exceeded", document=known)
        document = Document(
            block_id=entry.block_id,
            heap_id=entry.heap_id,
            sync_version=max(entry.sync_version, known.sync_version if known is not None else 1),
            update=grown.update,
            vector=grown.vector,
            has_gap=grown.has_gap,
            last_update=0,
            changed=0,
            deleted_at=known.deleted_at if known is not None else None,
        )
        return Taken(status=work.grow(document, entry), document=document)

    async def _write(self, work: _Work) -> dict[str, int]:
        """Write what is fresh; the stamp of each block. Blocks of heaps that were deleted meanwhile are left out."""
        growths = [
            Growth(
                document=work.documents[block_id],
                edits=tuple(_edit(one) for one in entries),
                is_new=block_id in work.created,
            )
            for block_id, entries in work.fresh.items()
        ]
        async with self._db.write() as tx:
            grown = await store.grow(tx, growths, now=self._clock.now_ms())
            for block_id, one in grown.items():
                _announce(tx, work.documents[block_id], work.fresh[block_id], one.changed)
        for block_id, one in grown.items():
            document = work.documents[block_id]
            self._keep(block_id, one.last_update, document.sync_version, document.update)
        return {block_id: one.changed for block_id, one in grown.items()}

    @contextlib.asynccontextmanager
    async def _lock(self, block_id: str) -> AsyncIterator[None]:
        lock, waiting = self._locks.get(block_id, (asyncio.Lock(), 0))
        self._locks[block_id] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._locks.pop(block_id)
            if waiting > 1:
                self._locks[block_id] = (lock, waiting - 1)

    def _cached(self, head: Head) -> bytes | None:
        found = self._cache.get(head.block_id)
        if found is None or found[:2] != (head.last_update, head.sync_version):
            return None
        self._cache.move_to_end(head.block_id)
        return found[2]

    def _cached_of(self, heads: Mapping[str, Head]) -> dict[str, bytes]:
        """Documents that are kept. Taken at once: while others are merged they may be let go of."""
        return {block_id: update for block_id, head in heads.items() if (update := self._cached(head))}

    def _keep(self, block_id: str, last_update: int, sync_version: int, update: bytes) -> None:
        self.forget([block_id])
        self._cache[block_id] = (last_update, sync_version, update)
        self._cached_bytes += len(update)
        while self._cached_bytes > CACHE_BYTES:
            _, (_, _, dropped) = self._cache.popitem(last=False)
            self._cached_bytes -= len(dropped)

    def forget(self, block_ids: Iterable[str]) -> None:
        """Drop what is kept of blocks whose documents were replaced or purged."""
        for block_id in block_ids:
            dropped = self._cache.pop(block_id, None)
            if dropped is not None:
                self._cached_bytes -= len(dropped[2])


def _is_large(entry: Entry, known: Document | None) -> bool:
    """Whether there has to be room for it. What the server writes itself is of files that are here already."""
    return entry.by.user_id is not None and (known is None or len(entry.data) > SMALL_BYTES)


async def _never_full(_heap_ids: Collection[str]) -> frozenset[str]:
    return frozenset()


def _refusal(grave: Grave | None, known: Document | None, entry: Entry) -> Taken | None:
    """Why an update is not looked at, if it is not."""
    if grave is not None:
        is_his = grave.heap_id == entry.heap_id
        return Taken(status="deleted", grave=grave) if is_his else Taken(status="not_found")
    if known is None:
        return Taken(status="not_found") if entry.data == crdt.EMPTY_UPDATE else None
    if known.heap_id != entry.heap_id:
        return Taken(status="not_found")
    if 0 < entry.sync_version < known.sync_version:
        return Taken(status="version_mismatch", document=known)
    return None


def _document(head: Head, update: bytes) -> Document:
    return Document(
        block_id=head.block_id,
        heap_id=head.heap_id,
        sync_version=head.sync_version,
        update=update,
        vector=head.vector,
        has_gap=head.has_gap,
        last_update=head.last_update,
        changed=head.changed,
        deleted_at=head.deleted_at,
    )


def _stamped(taken: Taken, changed: Mapping[str, int]) -> Taken:
    document = taken.document
    if document is None or taken.status not in WRITTEN:
        return taken
    if document.block_id not in changed:
        # Its heap was deleted before it could be written.
        return taken if taken.status == "unchanged" and document.changed else Taken(status="not_found")
    return msgspec.structs.replace(
        taken, document=msgspec.structs.replace(document, changed=changed[document.block_id])
    )


def _edit(entry: Entry) -> Edit:
    return Edit(block_id=entry.block_id, data=entry.data, user_id=entry.by.user_id, device=entry.by.device)


def _announce(tx: Write, document: Document, entries: Sequence[Entry], changed: int) -> None:
    for entry in entries:
        tx.announce(
            BlockUpdated(
                heap_id=document.heap_id,
                block_id=document.block_id,
                sync_version=document.sync_version,
                changed=changed,
                data=entry.data,
                vector=document.vector,
                by_socket=entry.by.socket,
                session_id=entry.by.session_id,
            )
        )
