"""Heaps of folders: a library of kind `folder` behind a heap, made with it and gone with it (heaps §8, 11.2).

Threat: a folder shows all that lies in it to whom the heap is shared with, so administrators alone name folders, or
open one to a member, who may then name any inside it.
"""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.jobs import JobRun, Jobs
from homemedia.core.problems import BadRequest, Conflict, Forbidden, NotFound
from homemedia.heaps import folders_store as store
from homemedia.heaps import opened_store
from homemedia.heaps.events import HeapChanged
from homemedia.heaps.heaps import Enter, Heaps, HeapWish
from homemedia.heaps.heaps_store import NewHeap
from homemedia.heaps.models import Heap
from homemedia.heaps.opened_store import Opened
from homemedia.library import libraries_store
from homemedia.library.jobs import ScanDesk
from homemedia.library.libraries import LibraryService
from homemedia.library.models import Library
from homemedia.library.scan.disks import Disks, DiskSilent

DELETE_JOB: Final = "heap-original"
LANE: Final = "upkeep"


class FolderWish(msgspec.Struct, frozen=True, kw_only=True):
    """A folder that shall stand behind a heap. `delete_originals`: purging a block deletes its file."""

    path: str
    read_only: bool
    delete_originals: bool


class Original(msgspec.Struct, frozen=True, kw_only=True):
    """A file that goes with its block, as it was; `path` below `root`."""

    root: str
    path: str
    size_bytes: int
    mtime_ns: int


class Folders:
    """Puts folders behind heaps.

    Args:
        db: where heaps stand.
        heaps: the workspaces.
        libraries: makes and removes what is scanned.
        desk: who scans it.
        disks: which disks answer.
        clock: the time.
    """

    def __init__(
        self,
        db: Database,
        heaps: Heaps,
        libraries: LibraryService,
        desk: ScanDesk,
        disks: Disks,
        clock: Clock | None = None,
    ) -> None:
        self._db = db
        self._heaps = heaps
        self._libraries = libraries
        self._desk = desk
        self._disks = disks
        self._clock = clock or Clock()
        heaps.before_purge = self.close

    def register(self, jobs: Jobs) -> None:
        jobs.register(DELETE_JOB, LANE, self._delete)

    async def add(self, actor: Member, wish: HeapWish, folder: FolderWish) -> tuple[Heap, bool]:
        """A heap of a folder, whose first scan begins; and whether it was made now.

        Raises:
            Forbidden: `admin_required`: it is not open to this member.
            BadRequest: the folder cannot be used (`path_…`), or as `Heaps.add`.
            Conflict: `id_taken`.
        """
        mine = None if actor.is_admin else await self._open_here(actor, folder.path)
        if folder.delete_originals and folder.read_only:
            raise BadRequest("Nothing is deleted in a folder that is only read.", field="source.delete_originals")

        async def open_folder(new: NewHeap, enter: Enter) -> None:
            async def after(tx: Write, library: Library) -> None:
                rows = await tx.rows(libraries_store.ROOTS, {"library_id": library.library_id})
                if mine is not None and not all(opened_store.holds(mine, row["path"]) for row in rows):
                    _refuse_others(actor)  # a folder on the way became a link since it was looked at
                await enter(tx)
                await store.put_source(
                    tx,
                    new.heap_id,
                    library.library_id,
                    read_only=folder.read_only,
                    delete_originals=folder.delete_originals,
                )

            try:
                await self._libraries.open_folder(actor, name=new.title, path=folder.path, after=after)
            except (BadRequest, Conflict) as err:
                raise BadRequest(err.message, code=err.code, field="source.path") from err

        return await self._heaps.add(actor, wish, open_folder=open_folder)

    async def opened(self, actor: Member) -> list[Opened]:
        """The folders that are open to a member; an administrator sees those of all."""
        return await opened_store.opened(self._db.read, None if actor.is_admin else actor.user_id)

    async def open_to(self, actor: Member, user_id: str, path: str) -> Opened:
        """Let a member open heaps inside a folder.

        Raises:
            Forbidden: `admin_required`.
            BadRequest: the folder cannot be used (`path_…`).
            NotFound: there is no such member.
        """
        _refuse_others(actor)
        now = self._clock.now_ms()
        real = await self._libraries.real_path(path)
        async with self._db.write() as tx:
            if not await opened_store.open_to(tx, user_id, real, by=actor.user_id, now=now):
                raise NotFound("There is no such member.")
        return Opened(user_id=user_id, path=real, opened_at=now)

    async def shut(self, actor: Member, user_id: str, path: str) -> None:
        """Take that back; heaps that he has opened there stay.

        Raises:
            Forbidden: `admin_required`.
            NotFound: it was not open.
        """
        _refuse_others(actor)
        async with self._db.write() as tx:
            if not await opened_store.shut(tx, user_id, path):
                raise NotFound("This folder is not open to this member.")

    async def _open_here(self, actor: Member, path: str) -> list[Opened]:
        """What is open to a member whom this folder is open to; others learn nothing of what there is."""
        mine = await opened_store.opened(self._db.read, actor.user_id)
        if not mine:
            _refuse_others(actor)
        try:
            real = await self._libraries.real_path(path)
        except BadRequest:
            real = ""
        if not opened_store.holds(mine, real):
            _refuse_others(actor)
        return mine

    async def hidden(self, event: HeapChanged) -> None:
        """A deleted heap is not scanned any further."""
        if event.what == "deleted":
            heap = await store.of_heap(self._db.read, event.heap_id)
            if heap is not None:
                await self._desk.stop(heap.library_id)

    async def close(self, heap_id: str) -> None:
        """Remove what is behind a heap that goes for good; the files stay."""
        heap = await store.of_heap(self._db.read, heap_id)
        if heap is not None:
            with contextlib.suppress(NotFound):
                await self._libraries.drop(heap.library_id, heap.owner_id)

    async def release(self, tx: Write, block_ids: Sequence[str]) -> int:
        """Blocks are purged: their files do not come back, and go where their heap says so; no bytes of ours go."""
        going = await store.going(tx, block_ids)
        # One that is missing has nothing that could come back by mistake.
        await store.dismiss(tx, [one for one in going if one.missing_since_at is None], self._clock.now_ms())
        await store.unlink(tx, [one.file_id for one in going])
        await store.drop(tx, block_ids)
        for one in going:
            if one.is_deleted and one.missing_since_at is None:
                original = Original(root=one.root, path=one.path, size_bytes=one.size_bytes, mtime_ns=one.mtime_ns)
                await tx.enqueue(DELETE_JOB, str(one.file_id), original)
        return 0

    async def _delete(self, run: JobRun) -> None:
        """Delete a file that is still what it was when its block was purged."""
        original = run.payload(Original)
        with contextlib.suppress(DiskSilent):  # it stays, and is not brought back
            await self._disks.ask(original.root, _unlink, original)


def _refuse_others(actor: Member) -> None:
    if not actor.is_admin:
        raise Forbidden("Only an administrator may open this folder.", code="admin_required")


def _unlink(original: Original) -> None:
    root = Path(original.root).resolve()
    path = root / original.path
    with contextlib.suppress(OSError):
        facts = path.lstat()
        is_same = (facts.st_size, facts.st_mtime_ns) == (original.size_bytes, original.mtime_ns)
        # A folder on the way may have become a link that leads out.
        if is_same and path.resolve().is_relative_to(root):
            path.unlink()
