"""The object store: files of blocks below the managed root, one for each content, whoever brought it (heaps §9.3).

Threat: whoever knows a hash must not come by another's bytes. A link is made only for bytes that were just sent, or
that the sender can read already; that both lie in one file is nobody's to see.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import Protocol, Self

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.digests import Digests, digests_of
from homemedia.core.jobs import JobRun, Jobs
from homemedia.core.problems import NotFound
from homemedia.core.threads import Lane
from homemedia.heaps.events import BlockChanged, BlocksDerived
from homemedia.heaps.files import store
from homemedia.heaps.files.events import UploadMoved
from homemedia.heaps.files.models import HASH, LIFE_MS, Link, Wish
from homemedia.heaps.files.sniffing import HEAD_BYTES, sniffed
from homemedia.heaps.heaps import quota_exceeded
from homemedia.library.managed import Managed
from homemedia.library.managed_store import Spot
from homemedia.library.scan.disks import Disks, DiskSilent

_log = logging.getLogger(__name__)

OBJECTS = "objects"
LOOK_JOB = "block-file-look"
SWEEP_JOB = "block-files-sweep"
# What was begun so recently may yet be finished.
YOUNG_MS = 24 * 3600 * 1000
AT_ONCE = 200
LOOK_LIMIT_S = 10.0

Tell = Callable[[Write, int], Awaitable[None]]


class Land(Protocol):
    """Puts a file into the folder behind a heap; False where there is none that may be written in."""

    async def __call__(self, wish: Wish, source: Path, digests: Digests, mime: str, tell: Tell, /) -> bool: ...


class Keeper:
    """Gives blocks their files. An async context manager; leaving it waits for what is being committed.

    Attributes:
        land: asked first where a file goes.
        lands: whether it would take files of a heap.
        check_name: refuses, by heap, block and name, what it would not take.
    """

    def __init__(self, db: Database, managed: Managed, disks: Disks, clock: Clock | None = None) -> None:
        self._db = db
        self._managed = managed
        self._disks = disks
        self._clock = clock or Clock()
        self._lane = Lane("block files", 2)
        self._keeping: set[asyncio.Task[Link]] = set()
        self._turns: dict[str, tuple[asyncio.Lock, int]] = {}
        self.land: Land = _nowhere
        self.lands: Callable[[str], Awaitable[bool]] = _never
        self.check_name: Callable[[str, str, str], Awaitable[None]] = _any_name

    def register(self, jobs: Jobs) -> None:
        jobs.register(SWEEP_JOB, "upkeep", self._sweep_objects)

    async def __aenter__(self) -> Self:
        async with self._db.write() as tx:
            await tx.enqueue(SWEEP_JOB, "start")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._keeping:
            await asyncio.wait(self._keeping)
        await self._lane.close()

    async def keep(self, wish: Wish, path: Path, digests: Digests) -> Link:
        """Make a received file a block's; goes on to its end when the caller is cancelled.

        Args:
            wish: whose and for which block; its hash is the file's.
            path: synced, in the staging folder; moved, unless the same bytes lie here already.
            digests: of the file.

        Raises:
            StorageFull: `quota_exceeded`; the disk is full.
            Unavailable: the disk refuses.
        """
        return await self._to_its_end(self._keep(wish, path, digests))

    async def share(self, wish: Wish, found: Link) -> Link:
        """Give a block a file of the store that the sender can read already; goes on to its end as `keep`.

        Raises:
            StorageFull: `quota_exceeded`.
            NotFound: it has gone meanwhile.
        """
        return await self._to_its_end(self._share(wish, found))

    async def of(self, block_id: str, digest: str) -> Link | None:
        """A block's file."""
        return (await store.of_blocks(self._db.read, [block_id])).get(block_id, {}).get(digest)

    async def release(self, tx: Write, block_ids: Sequence[str]) -> int:
        """Blocks go for good, and their files with them, where no other block has them; the bytes that are freed."""
        file_ids, freed = await store.unlink(tx, block_ids)
        if file_ids:
            await self._managed.release(tx, file_ids)
        return freed

    async def is_on_disk(self, link: Link) -> bool:
        """Whether a file's bytes lie where they should."""
        if not link.is_there or not link.is_scanned:
            return link.is_there and await self._managed.is_there(link.path, link.size_bytes)
        try:
            path = Path(link.root, link.path)
            return await self._disks.ask_within(LOOK_LIMIT_S, link.root, _size, path) == link.size_bytes
        except DiskSilent:  # nothing is known of it but what the last scan saw
            return True

    async def sweep(self) -> None:
        """Drop files of blocks that never came."""
        before = self._clock.now_ms() - LIFE_MS
        is_over = False
        while not is_over:
            async with self._db.write() as tx:
                block_ids = await store.orphans(tx.rows, before=before, limit=AT_ONCE)
                await self.release(tx, block_ids)
            is_over = len(block_ids) < AT_ONCE

    async def _to_its_end(self, work: Coroutine[object, object, Link]) -> Link:
        task = asyncio.create_task(work, name="block file")
        self._keeping.add(task)
        task.add_done_callback(self._kept)
        return await asyncio.shield(task)

    def _kept(self, task: asyncio.Task[Link]) -> None:
        self._keeping.discard(task)
        if not task.cancelled():
            task.exception()  # who left meanwhile hears of nothing

    async def _keep(self, wish: Wish, path: Path, digests: Digests) -> Link:
        async with self._turn(wish.hash):
            mime = sniffed(await self._lane.run(_head, path), wish.name)
            if await self._landed(wish, path, digests, mime):
                return await self._linked(wish)
            if not await self._joined(wish, path, digests, mime):
                place = self._managed.placed(path, folder=OBJECTS, name=wish.hash, modified_at=wish.modified_at)
                async with place as spot, self._db.write(durable=True) as tx:
                    await self._enter(tx, wish, spot, digests, mime)
        return await self._linked(wish)

    async def _share(self, wish: Wish, found: Link) -> Link:
        # In a folder it is seen on the disk as well, also where the same bytes lie elsewhere in it.
        if await self.lands(wish.heap_id) and await self._copied(wish, found):
            return await self._linked(wish)
        async with self._turn(wish.hash), self._db.write(durable=True) as tx:
            if not any(one.file_id == found.file_id for one in await store.of_hash(tx.rows, wish.hash)):
                raise NotFound("There is no such file.")
            await self._link(tx, wish, found.file_id, found.mime, found.size_bytes)
        return await self._linked(wish)

    async def _landed(self, wish: Wish, path: Path, digests: Digests, mime: str) -> bool:
        # Asked twice for the same, by two requests or after an answer that was lost, is once.
        there = await self.of(wish.block_id, wish.hash)
        if there is not None and there.is_scanned and await self.is_on_disk(there):
            return True

        async def tell(tx: Write, file_id: int) -> None:
            await self._told(tx, wish, file_id, digests.size_bytes)

        return await self.land(wish, path, digests, mime, tell)

    async def _copied(self, wish: Wish, found: Link) -> bool:
        """Have what lies elsewhere lie in the heap's folder as well, where it has one."""
        path = Path(found.root, found.path)
        try:
            digests = await self._lane.run(digests_of, path, lambda: False)
        except OSError as err:
            raise NotFound("There is no such file.") from err
        if digests.sha256 != wish.hash:
            raise NotFound("There is no such file.")
        async with self._turn(wish.hash):
            return await self._landed(wish, path, digests, found.mime)

    async def _joined(self, wish: Wish, path: Path, digests: Digests, mime: str) -> bool:
        """Give the block the file that another block has of these bytes, if one has."""
        root_id = self._managed.root_id
        there = await store.stored(self._db.read, root_id, wish.hash)
        if there is None:
            return False
        if there.missing_since_at is not None or not await self._managed.is_there(there.path, there.size_bytes):
            await self._managed.put_back(there.file_id, there.path, path)
        async with self._db.write(durable=True) as tx:
            # Asked again: its last block may have gone meanwhile, and the file with it.
            if (await store.stored(tx.rows, root_id, wish.hash)) is None:
                return False
            await self._link(tx, wish, there.file_id, mime, digests.size_bytes)
        return True

    async def _enter(self, tx: Write, wish: Wish, spot: Spot, digests: Digests, mime: str) -> None:
        kind = mime.partition("/")[0]
        kind = kind if kind in {"image", "video", "audio"} else "other"
        file_id = await self._managed.enter(tx, spot, digests, mime, kind)
        await self._link(tx, wish, file_id, mime, digests.size_bytes)

    async def _link(self, tx: Write, wish: Wish, file_id: int, mime: str, size_bytes: int) -> None:
        if not await store.link(tx, wish, file_id=file_id, mime=mime, size_bytes=size_bytes, now=self._clock.now_ms()):
            raise quota_exceeded()
        await self._told(tx, wish, file_id, size_bytes)

    async def _told(self, tx: Write, wish: Wish, file_id: int, size_bytes: int) -> None:
        """A block has its file: it is looked into, and whoever listens hears of it."""
        changed = await tx.stamp()
        document = await store.touch(tx, wish.heap_id, wish.block_id, changed=changed)
        await tx.enqueue(LOOK_JOB, str(file_id))
        tx.announce(
            UploadMoved(
                what="completed",
                heap_id=wish.heap_id,
                block_id=wish.block_id,
                hash=wish.hash,
                received_bytes=size_bytes,
                size_bytes=size_bytes,
                file_id=file_id,
            )
        )
        if document is not None:
            tx.announce(
                BlockChanged(
                    heap_id=wish.heap_id,
                    block_id=wish.block_id,
                    sync_version=document[0],
                    changed=changed,
                    vector=document[1],
                    session_id=None,
                )
            )
            tx.announce(BlocksDerived(heap_id=wish.heap_id, block_ids=(wish.block_id,)))

    async def _linked(self, wish: Wish) -> Link:
        found = await self.of(wish.block_id, wish.hash)
        if found is None:
            raise NotFound("The block was deleted meanwhile.")
        return found

    @contextlib.asynccontextmanager
    async def _turn(self, digest: str) -> AsyncIterator[None]:
        """Two uploads of the same bytes come to one file, one after the other."""
        lock, waiting = self._turns.get(digest, (asyncio.Lock(), 0))
        self._turns[digest] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._turns.pop(digest)
            if waiting > 1:
                self._turns[digest] = (lock, waiting - 1)

    async def _sweep_objects(self, run: JobRun) -> None:
        """What a killed server left: files without a row, rows that no block has."""
        found = await self._managed.look(OBJECTS, self._drop_stray)
        before, unused, is_over = self._clock.now_ms() - YOUNG_MS, 0, False
        while not is_over:
            async with self._db.write() as tx:
                root_id = self._managed.root_id
                file_ids = await store.unused(tx.rows, root_id, OBJECTS, before=before, limit=AT_ONCE)
                await self._managed.release(tx, file_ids)
            unused += len(file_ids)
            is_over = len(file_ids) < AT_ONCE
        run.progress(missing=found.missing, found=found.found, strays=found.strays, unused=unused)
        if found.missing or found.strays or unused:
            _log.warning(
                "notes: %d files were without a row, %d without a block, %d rows are without a file",
                found.strays,
                unused,
                found.missing,
            )

    async def _drop_stray(self, spot: Spot) -> None:
        # Only what came by us goes: a name put there by hand is left alone.
        if HASH.match(spot.path.rpartition("/")[2]):
            await self._managed.drop_stray(spot.path)


async def _nowhere(_wish: Wish, _source: Path, _digests: Digests, _mime: str, _tell: Tell) -> bool:
    return False


async def _never(_heap_id: str) -> bool:
    return False


async def _any_name(_heap_id: str, _block_id: str, _name: str) -> None:
    pass


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)
