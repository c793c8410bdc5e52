"""Files that come in pieces, in any order, over days; and those that come at once (heaps §9.3).

An upload is what it is for: heap, block and hash. Who lost everything asks with them and goes on. What a chunk's row
says is on the disk, so that after a crash of either side nothing is claimed that is not there.

Threat: everything said of a file comes from outside. Nothing is kept before its hash was found to be the one that was
told, and what is only begun counts against the quota already.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Self

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.events import EventBus
from homemedia.core.parts import Parts
from homemedia.core.problems import (
    BadRequest,
    Conflict,
    Gone,
    NotFound,
    TooMany,
)
from homemedia.core.uploads import Received
from homemedia.heaps import blocks_store, documents_store
from homemedia.heaps.files import store
from homemedia.heaps.files import uploads_store as rows
from homemedia.heaps.files.chunks import Chunks
from homemedia.heaps.files.ending import Endings
from homemedia.heaps.files.keeping import Keeper
from homemedia.heaps.files.models import (
    EMPTY_HASH,
    FAILED_LIFE_MS,
    LIFE_MS,
    MAX_OPEN,
    MAX_SIZE,
    MAX_TOLD,
    Link,
    Upload,
    Wish,
    chunk_size_for,
    missing_of,
)
from homemedia.heaps.files.states import (
    Begun,
    Sent,
    State,
    checked_hash,
    clean_name,
    clean_time,
    count_of,
    failure,
    file_too_large,
    whole,
)
from homemedia.heaps.heaps import Heaps, quota_exceeded
from homemedia.heaps.models import Heap, is_id

_log = logging.getLogger(__name__)

ANSWER_S = 10.0
TOLD_EVERY_S = 0.25
SWEPT = 100


class Uploads:
    """Takes files in. An async context manager; entering it goes on with what a dead server left.

    Args:
        db: where uploads stand.
        heaps: whom which heap is for.
        parts: the half-received files.
        keeper: where whole ones go.
        bus: told of progress.
        clock: the time.

    Attributes:
        answer_s: how long a request waits for the hash.
        max_bytes: how large a file may be; None for any size.
    """

    def __init__(
        self, db: Database, heaps: Heaps, parts: Parts, keeper: Keeper, bus: EventBus, clock: Clock | None = None
    ) -> None:
        self._db = db
        self._heaps = heaps
        self._parts = parts
        self._keeper = keeper
        self._clock = clock or Clock()
        self._chunks = Chunks(db, parts, bus, self._clock)
        self._endings = Endings(db, parts, keeper, self._forget, self._clock)
        self._beginning = asyncio.Lock()
        self.answer_s = ANSWER_S
        self.max_bytes: int | None = None

    async def __aenter__(self) -> Self:
        known = await rows.all_of(self._db.read)
        lost = set(await self._parts.names())
        for upload in known:
            if upload.part not in lost:
                async with self._db.write() as tx:
                    await rows.drop(tx, upload.part)
            elif upload.status == "verifying":
                self._endings.begin(upload)
        gone = await self._parts.drop_others({upload.part for upload in known})
        if gone:
            _log.info("%d half-received files that belonged to nothing were deleted", gone)
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks = [*self._endings.tasks, *self._chunks.following]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def begin(self, actor: Member, heap_id: str, block_id: str, digest: str, size: int, sent: Sent) -> Begun:
        """Have an upload begin, or go on; the same question gets the same answer.

        Raises:
            BadRequest, NotFound, Gone, Forbidden: as `Heaps.require`, a block of another heap, a hash that is none;
                `ignored_name`.
            Conflict: `size_mismatch`.
            StorageFull: `quota_exceeded`, `disk_full`.
            TooMany: 100 are open.
            TooLarge: `file_too_large`.
        """
        digest = checked_hash(digest)
        heap = await self._heap(actor, heap_id, block_id, to_write=True)
        if not 0 <= size <= MAX_SIZE or (size == 0 and digest != EMPTY_HASH):
            raise BadRequest("This cannot be the size of the file.", field="size")
        self.check_size(size)
        link = await self._here(block_id, digest)
        if link is None:
            wish = self._wish(actor, heap_id, block_id, digest, sent)
            await self._keeper.check_name(heap_id, block_id, wish.name)
            # Before it is one's turn: a large file may be copied for it.
            link = await self._readable(actor, heap, block_id, digest, sent)
        if link is not None:
            await self._forget(await rows.one(self._db.read, heap_id, block_id, digest))
            return Begun(state=whole(link), status="exists")
        async with self._beginning:
            upload = await rows.one(self._db.read, heap_id, block_id, digest)
            if upload is not None and (sent.restart or upload.status == "failed"):
                if self._endings.of(upload.part) is not None:
                    raise Conflict("This file is just being checked.", code="chunk_in_progress")
                await self._forget(upload)
                upload = None
            if upload is None:
                return Begun(state=await self._new(actor, heap_id, block_id, digest, size, sent), status="created")
            if upload.size_bytes != size:
                raise Conflict("The file was begun with another size.", code="size_mismatch", field="size")
            return Begun(state=await self._state(upload), status="resumed")

    async def status(self, actor: Member, heap_id: str, block_id: str, digest: str) -> State:
        """How an upload stands.

        Raises:
            BadRequest, NotFound, Gone: as `Heaps.require`; there is none.
        """
        state = await self.look(actor, heap_id, block_id, digest)
        if state is None:
            raise NotFound("Nothing is known of such an upload.")
        return state

    async def look(self, actor: Member, heap_id: str, block_id: str, digest: str) -> State | None:
        """As `status`; None for nothing."""
        digest = checked_hash(digest)
        await self._heap(actor, heap_id, block_id)
        upload = await rows.one(self._db.read, heap_id, block_id, digest)
        if upload is not None:
            return await self._state(upload)
        link = await self._keeper.of(block_id, digest)
        return whole(link) if link is not None else None

    async def chunk(
        self, actor: Member, name: tuple[str, str, str], index: int, *, length: int, sha256: str | None,
        chunks: AsyncIterator[bytes],
    ) -> tuple[bool, int]:  # fmt: skip
        """Take a chunk in; whether it is new, and how many are here.

        Args:
            actor: who sends it.
            name: heap, block and hash.
            index: its number, from 0.
            length: how long it will be.
            sha256: of it, where the sender told it.
            chunks: its bytes.

        Raises:
            BadRequest, NotFound, Gone, Forbidden: as `Heaps.require`; no such chunk; `upload_expired`.
            Conflict: `chunk_in_progress`, `chunk_conflict`.
            Unprocessable: `bad_chunk_size`, `hash_mismatch`.
            TooMany: too many at once.
            StorageFull, Unavailable: the disk refuses.
        """
        heap_id, block_id, digest = name[0], name[1], checked_hash(name[2])
        sha256 = checked_hash(sha256) if sha256 else None
        await self._heap(actor, heap_id, block_id, to_write=True)
        upload = await rows.one(self._db.read, heap_id, block_id, digest)
        if upload is None:
            link = await self._keeper.of(block_id, digest)
            if link is None:
                raise NotFound("Nothing is known of such an upload. Begin it first.")
            return False, count_of(link)
        if not 0 <= index < upload.total_chunks:
            raise BadRequest("The file has no such chunk.", field="index")
        await self._check_open(upload)
        return await self._chunks.take(actor.user_id, upload, index, length=length, sha256=sha256, chunks=chunks)

    async def complete(self, actor: Member, heap_id: str, block_id: str, digest: str, sent: Sent) -> Link | None:
        """Make a whole upload the block's file; None while that takes longer than a request waits.

        Raises:
            BadRequest, NotFound, Gone, Forbidden: as `Heaps.require`; there is no such upload.
            Conflict: `upload_incomplete`.
            Unprocessable: `hash_mismatch`.
            StorageFull, Unavailable: the quota or the disk refuses.
        """
        digest = checked_hash(digest)
        await self._heap(actor, heap_id, block_id, to_write=True)
        upload = await rows.one(self._db.read, heap_id, block_id, digest)
        if upload is None:
            link = await self._keeper.of(block_id, digest)
            if link is None:
                raise NotFound("Nothing is known of such an upload.")
            return link
        task = self._endings.of(upload.part)
        if task is None:
            if upload.status == "failed":
                raise failure(upload)
            upload = await self._check_whole(upload, sent)
            # Another request may have begun meanwhile.
            task = self._endings.of(upload.part) or self._endings.begin(upload)
        done, _ = await asyncio.wait({task}, timeout=self.answer_s)
        return task.result() if done else None

    async def direct(self, actor: Member, heap_id: str, block_id: str, received: Received, sent: Sent) -> Link:
        """Make what came at once the block's file.

        Raises:
            As `Keeper.keep`.
        """
        await self._heap(actor, heap_id, block_id, to_write=True)
        wish = self._wish(actor, heap_id, block_id, received.digests.sha256, sent)
        link = await self._keeper.keep(wish, received.path, received.digests)
        await self._forget(await rows.one(self._db.read, heap_id, block_id, wish.hash))
        return link

    async def may_send(self, actor: Member, heap_id: str, block_id: str, size: int | None) -> None:
        """Let a file pass that is to come at once.

        Raises:
            BadRequest, NotFound, Gone, Forbidden: as `Heaps.require`.
            StorageFull: `quota_exceeded`, `disk_full`.
        """
        await self._heap(actor, heap_id, block_id, to_write=True)
        if size is not None:
            await self._check_room(actor, size)

    def check_size(self, size: int) -> None:
        """Refuse what no file may be.

        Raises:
            TooLarge: `file_too_large`.
        """
        if self.max_bytes is not None and size > self.max_bytes:
            raise file_too_large(self.max_bytes)

    async def here(self, actor: Member, heap_id: str, block_id: str, digest: str) -> Link | None:
        """A block's file whose bytes are here."""
        await self._heap(actor, heap_id, block_id)
        return await self._here(block_id, checked_hash(digest))

    async def sweep(self) -> None:
        """Drop what nobody goes on with."""
        now = self._clock.now_ms()
        for upload in await rows.over(
            self._db.read, idle_before=now - LIFE_MS, failed_before=now - FAILED_LIFE_MS, limit=SWEPT
        ):
            if self._endings.of(upload.part) is None and not self._chunks.is_busy(upload.part):
                await self._forget(upload)
        await self._keeper.sweep()

    async def _heap(self, actor: Member, heap_id: str, block_id: str, *, to_write: bool = False) -> Heap:
        heap = await self._heaps.require(actor, heap_id, to_write=to_write)
        if not is_id(block_id):
            raise NotFound("There is no such block.")
        own = await blocks_store.heap_of(self._db.read, block_id)
        if own is None and await documents_store.graves(self._db.read, [block_id]):
            raise NotFound("There is no such block.")
        link = await store.of_blocks(self._db.read, [block_id]) if own is None else {}
        # A block that has not come yet belongs to the heap in which its first file was sent.
        others = {one.heap_id for one in link.get(block_id, {}).values()}
        if own not in {None, heap_id} or others - {heap_id}:
            raise NotFound("There is no such block.")
        return heap

    async def _here(self, block_id: str, digest: str) -> Link | None:
        link = await self._keeper.of(block_id, digest)
        return link if link is not None and await self._keeper.is_on_disk(link) else None

    async def _readable(self, actor: Member, heap: Heap, block_id: str, digest: str, sent: Sent) -> Link | None:
        """The same bytes in a block that the sender can read: they need not be sent."""
        links = await store.of_hash(self._db.read, digest)
        seen = await self._heaps.among(self._db.read, actor, list({one.heap_id for one in links}))
        for one in links:
            heap_seen = seen.get(one.heap_id)
            if heap_seen is None or heap_seen.deleted_at is not None:
                continue
            # What lies in a folder may be gone tomorrow, by whoever puts that folder in order.
            if one.is_scanned or not await self._keeper.is_on_disk(one):
                continue
            if await blocks_store.heap_of(self._db.read, one.block_id) is None:
                continue  # it may never come, and its file goes with it
            wish = self._wish(actor, heap.heap_id, block_id, digest, sent)
            with contextlib.suppress(NotFound):
                return await self._keeper.share(wish, one)
        return None

    async def _new(self, actor: Member, heap_id: str, block_id: str, digest: str, size: int, sent: Sent) -> State:
        if await rows.open_of(self._db.read, actor.user_id) >= MAX_OPEN:
            raise TooMany(f"{MAX_OPEN} uploads are open already. Finish one first.", retry_after_s=60)
        await self._check_room(actor, size)
        wish = self._wish(actor, heap_id, block_id, digest, sent)
        upload = Upload(
            heap_id=heap_id,
            block_id=block_id,
            hash=digest,
            user_id=actor.user_id,
            size_bytes=size,
            chunk_size=chunk_size_for(size, sent.chunk_size),
            name=wish.name,
            modified_at=wish.modified_at,
            status="uploading",
            part=await self._parts.begin(),
            error=None,
            touched_at=self._clock.now_ms(),
        )
        async with self._db.write() as tx:
            await rows.add(tx, upload)
        return State(upload=upload)

    async def _check_room(self, actor: Member, size: int) -> None:
        if not await store.has_room(self._db.read, actor.user_id, size):
            raise quota_exceeded()
        await self._parts.check_room(size)

    async def _state(self, upload: Upload) -> State:
        indexes = await rows.indexes(self._db.read, upload.part)
        received = sum(upload.length_of(index) for index in indexes)
        reached = self._parts.reached(upload.part)
        return State(upload=upload, indexes=indexes, received_bytes=received, verified_bytes=reached)

    async def _check_open(self, upload: Upload) -> None:
        """Let an upload pass that takes chunks still."""
        if upload.status == "failed":
            raise failure(upload)
        if upload.touched_at < self._clock.now_ms() - LIFE_MS:
            await self._forget(upload)
            raise Gone("This upload was left alone for too long. Begin it again.", code="upload_expired")

    async def _check_whole(self, upload: Upload, sent: Sent) -> Upload:
        """All chunks are here; what was told at the end of its name counts."""
        lacking = list(missing_of(await rows.indexes(self._db.read, upload.part), upload.total_chunks))
        if lacking:
            raise Conflict(
                f"{len(lacking)} of {upload.total_chunks} chunks are missing.",
                code="upload_incomplete",
                details=[{"missing": lacking[:MAX_TOLD]}],
            )
        now = self._clock.now_ms()
        upload = msgspec.structs.replace(
            upload,
            name=clean_name(sent.name) if sent.name is not None else upload.name,
            modified_at=clean_time(sent.modified_at) if sent.modified_at is not None else upload.modified_at,
        )
        async with self._db.write() as tx:
            await rows.name(tx, upload.part, upload.name, upload.modified_at, now=now)
            await rows.stand(tx, upload.part, "verifying", now=now)
        return upload

    async def _forget(self, upload: Upload | None) -> None:
        if upload is None:
            return
        async with self._db.write() as tx:
            await rows.drop(tx, upload.part)
        self._chunks.forget(upload.part)
        await self._parts.drop(upload.part)

    def _wish(self, actor: Member, heap_id: str, block_id: str, digest: str, sent: Sent) -> Wish:
        return Wish(
            heap_id=heap_id,
            block_id=block_id,
            hash=digest,
            user_id=actor.user_id,
            name=clean_name(sent.name) if sent.name is not None else digest[:12],
            modified_at=clean_time(sent.modified_at) if sent.modified_at is not None else self._clock.now_ms(),
        )
