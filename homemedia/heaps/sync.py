"""Syncing over HTTP: what changed (delta), what others lack (pull), what came (push); heaps §7.4-7.6.

All three may be repeated, and blocks come in any order.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.problems import BadRequest
from homemedia.heaps import crdt, documents_store, sync_store
from homemedia.heaps.documents import Author, Documents, Entry, Taken
from homemedia.heaps.documents_store import Head
from homemedia.heaps.heaps import Heaps
from homemedia.heaps.lib0 import MAX_UINT
from homemedia.heaps.models import Document, Grave, Heap, is_id
from homemedia.heaps.sync_store import Changes
from homemedia.heaps.wire import decoded, one_name

# Encoded bytes of one answer to a pull.
PULL_BYTES = 32 << 20
# Documents that lie in memory together: in a push, which is one transaction up to here, and in a pull.
AT_ONCE_BYTES = 128 << 20
READ_BYTES = 4 << 20
BASE64 = 4 / 3


class Pushed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one block of a push.

    Attributes:
        document: without its bytes.
        data: what its sender lacks; the whole where generations differ. None when he lacks nothing, did not say what he
            has, or has to ask for it by itself since the answer is large.
    """

    block_id: str
    heap_id: str
    status: str
    document: Document | None = None
    grave: Grave | None = None
    data: bytes | None = None


class Delta(msgspec.Struct, frozen=True, kw_only=True):
    """Some of what changed after a stamp, and how much of it there is in all."""

    found: Changes
    total_changed: int
    total_deleted: int


class PullOf(msgspec.Struct, frozen=True, kw_only=True):
    """A block that somebody has up to `vector`."""

    block_id: str
    vector: bytes
    sync_version: int


class Pulled(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody lacks of a block; `data` an update, or the whole where generations differ."""

    block_id: str
    status: str
    document: Document | None = None
    grave: Grave | None = None
    data: bytes | None = None
    is_whole: bool = False


class _Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """A block of a push, read as far as it can be; `refused` says why no further."""

    block_id: str
    heap_id: str
    data: bytes = b""
    vector: bytes | None = None
    sync_version: int = 0
    refused: str = ""


class Sync:
    """Gives out what changed and takes in what came."""

    def __init__(self, db: Database, documents: Documents, heaps: Heaps, clock: Clock | None = None) -> None:
        self._db = db
        self._documents = documents
        self._heaps = heaps
        self._clock = clock or Clock()

    async def delta(self, actor: Member, heap_id: str, *, since: int, epoch: str | None, limit: int) -> Delta:
        """What changed in a heap after a stamp.

        A stamp of another database, or from its future, counts as 0 and is told as a reset.

        Raises:
            BadRequest, NotFound, Gone: as `Heaps.require`.
        """
        await self._heaps.require(actor, heap_id)
        async with self._db.snapshot() as read:
            found = await sync_store.after(read, heap_id, since, epoch=epoch, limit=limit)
            total_changed, total_deleted = await sync_store.counts(read, heap_id, found.since)
        return Delta(found=found, total_changed=total_changed, total_deleted=total_deleted)

    async def is_behind(self, actor: Member, heap_id: str, since: int) -> bool:
        """Whether a delta after a stamp would tell something.

        Raises:
            BadRequest, NotFound, Gone: as `Heaps.require`.
        """
        await self._heaps.require(actor, heap_id)
        async with self._db.snapshot() as read:
            last, _ = await sync_store.clock(read)
            return since > last or any(await sync_store.counts(read, heap_id, since))

    async def epoch(self) -> str:
        """Which database this is: stamps of another say nothing here."""
        return (await sync_store.clock(self._db.read))[1]

    async def push(self, actor: Member, blocks: Sequence[object], by: Author) -> list[Pushed]:
        """Take in updates; what became of each block, in their order.

        Raises:
            BadRequest: a block without its two names.
        """
        incoming = [await self._read(one) for one in blocks]
        seen = await self._heaps.among(self._db.read, actor, sorted({one.heap_id for one in incoming}))
        judged = [_allowed(one, seen) for one in incoming]
        good = [one for one in judged if not one.refused]
        # One alone is a group whatever its size.
        block_ids = {one.block_id for one in good} if len(good) > 1 else ()
        heads = await documents_store.heads(self._db.read, block_ids) if block_ids else {}
        done: list[Pushed] = []
        left = PULL_BYTES / BASE64
        for group in _groups(good, {block_id: head.size_bytes for block_id, head in heads.items()}):
            entries = [
                Entry(block_id=one.block_id, heap_id=one.heap_id, data=one.data, by=by, sync_version=one.sync_version)
                for one in group
            ]
            for one, taken in zip(group, await self._documents.take(entries), strict=True):
                made = await self._pushed(one, taken, left)
                left -= len(made.data or b"")
                done.append(made)
        following = iter(done)
        return [
            Pushed(block_id=one.block_id, heap_id=one.heap_id, status=one.refused) if one.refused else next(following)
            for one in judged
        ]

    async def pull(self, actor: Member, wishes: Sequence[PullOf]) -> tuple[list[Pulled], bool]:
        """What somebody lacks of blocks, in their order; and whether some are left for another time."""
        block_ids = [wish.block_id for wish in wishes]
        heads = await documents_store.heads(self._db.read, block_ids)
        graves = await documents_store.graves(self._db.read, block_ids)
        heap_ids = {one.heap_id for one in heads.values()} | {one.heap_id for one in graves.values()}
        seen = await self._heaps.among(self._db.read, actor, sorted(heap_ids))
        open_heaps = {heap_id for heap_id, heap in seen.items() if heap.deleted_at is None}
        visible = {head.block_id: head for head in heads.values() if head.heap_id in open_heaps}
        documents: dict[str, Document] = {}
        pulled: list[Pulled] = []
        left = PULL_BYTES / BASE64
        for at, wish in enumerate(wishes):
            head, grave = visible.get(wish.block_id), graves.get(wish.block_id)
            if grave is not None and grave.heap_id in open_heaps:
                one = Pulled(block_id=wish.block_id, status="deleted", grave=grave)
            elif head is None:
                one = Pulled(block_id=wish.block_id, status="not_found")
            elif left <= 0:
                one = Pulled(block_id=wish.block_id, status="deferred")
            else:
                if wish.block_id not in documents:
                    documents = await self._documents.read(_next_few(wishes[at:], visible))
                one = await self._lacking(wish, documents.get(wish.block_id))
                size = len(one.data or b"")
                if size > left and any(other.data is not None for other in pulled):
                    one = Pulled(block_id=wish.block_id, status="deferred")
                left -= size
            pulled.append(one)
        return pulled, any(one.status == "deferred" for one in pulled)

    async def now(self) -> int:
        """The last stamp given out."""
        return (await sync_store.clock(self._db.read))[0]

    async def _lacking(self, wish: PullOf, document: Document | None) -> Pulled:
        if document is None:
            return Pulled(block_id=wish.block_id, status="not_found")
        is_whole = 0 < wish.sync_version != document.sync_version
        data = document.update if is_whole else await self._documents.mill.lacking(document.update, wish.vector)
        if document.deleted_at is not None:
            status = "deleted"
        elif is_whole:
            status = "full"
        else:
            status = "update" if data != crdt.EMPTY_UPDATE else "up_to_date"
        return Pulled(block_id=wish.block_id, status=status, document=document, data=data, is_whole=is_whole)

    async def _pushed(self, one: _Incoming, taken: Taken, left: float) -> Pushed:
        """The answer to one block; what its sender lacks only where so many bytes still fit in."""
        document, data = taken.document, None
        is_mismatch = taken.status == "version_mismatch"
        if document is not None and is_mismatch:
            data = document.update
        elif document is not None and one.vector is not None:
            data = await self._documents.mill.lacking(document.update, one.vector)
        return Pushed(
            block_id=one.block_id,
            heap_id=one.heap_id,
            status=taken.status,
            document=None if document is None else msgspec.structs.replace(document, update=b""),
            grave=taken.grave,
            data=data if data is not None and data != crdt.EMPTY_UPDATE and len(data) <= left else None,
        )

    async def _read(self, sent: object) -> _Incoming:
        """A block of a push, as far as it can be read.

        Raises:
            BadRequest: it lacks its names, or its update.
        """
        try:
            block = msgspec.convert(sent, _Block)
        except msgspec.ValidationError as err:
            raise BadRequest(
                "A block needs block_id, workspace_id and update.", field="blocks", reason=str(err)
            ) from err
        heap_id = one_name(block.workspace_id, block.heap_id) or ""
        if not is_id(block.block_id) or not is_id(heap_id):
            raise BadRequest("A block needs block_id, workspace_id and update.", field="blocks")
        named = _Incoming(block_id=block.block_id, heap_id=heap_id, sync_version=block.sync_version)
        if len(block.update) > crdt.MAX_UPDATE_BYTES * BASE64 + 4:
            return msgspec.structs.replace(named, refused="too_large")
        try:
            data = await self._documents.mill.checked(decoded(block.update))
            vector = crdt.checked_vector(decoded(block.state_vector)) if block.state_vector is not None else None
        except crdt.TooLongError:
            return msgspec.structs.replace(named, refused="too_large")
        except crdt.InvalidUpdateError:
            return msgspec.structs.replace(named, refused="invalid_update")
        except (BadRequest, crdt.InvalidVectorError):
            return msgspec.structs.replace(named, refused="invalid_encoding")
        return msgspec.structs.replace(named, data=data, vector=vector)


class _Block(msgspec.Struct, frozen=True, kw_only=True):
    """A block of a push, as it was sent."""

    block_id: str
    workspace_id: str | None = None
    heap_id: str | None = None
    update: str
    state_vector: str | None = None
    sync_version: Annotated[int, msgspec.Meta(ge=0, le=MAX_UINT)] = 0


def _groups(incoming: Sequence[_Incoming], sizes: Mapping[str, int]) -> list[list[_Incoming]]:
    """What is written together: all of it, but for documents so large that they should not lie in memory together.

    Updates of one block follow each other in any case.
    """
    groups: list[list[_Incoming]] = []
    left = 0
    for one in incoming:
        size = sizes.get(one.block_id, 0) + len(one.data)
        if not groups or size > left:
            groups.append([])
            left = AT_ONCE_BYTES
        groups[-1].append(one)
        left -= size
    return groups


def _next_few(wishes: Sequence[PullOf], heads: Mapping[str, Head]) -> list[str]:
    """The next blocks that are read together: many small ones, but never many large ones."""
    few: list[str] = []
    left = READ_BYTES
    for wish in wishes:
        head = heads.get(wish.block_id)
        if head is None:
            continue
        left -= head.size_bytes
        if few and left < 0:
            break
        few.append(wish.block_id)
    return few


def _allowed(one: _Incoming, seen: dict[str, Heap]) -> _Incoming:
    """The same, refused where its sender may not write there."""
    if one.refused:
        return one
    heap = seen.get(one.heap_id)
    if heap is None or heap.deleted_at is not None:
        return msgspec.structs.replace(one, refused="not_found")
    return one if heap.may_write else msgspec.structs.replace(one, refused="forbidden")
