"""Looks into files and documents of heaps again when a member wishes it (heaps §9.2). It deletes nothing."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final, Literal

import msgspec

from homemedia.accounts import Member
from homemedia.core.db import Database
from homemedia.core.jobs import JobRow, JobRun, Jobs
from homemedia.core.problems import Forbidden
from homemedia.heaps import folders_store
from homemedia.heaps import reindexing_store as store
from homemedia.heaps.files import store as files_store
from homemedia.heaps.files.keeping import LOOK_JOB
from homemedia.heaps.files.media import BlockMedia, absent
from homemedia.heaps.files.models import Link
from homemedia.heaps.heaps import Heaps
from homemedia.heaps.scans import Scan, Scans
from homemedia.library.models import Counts

REINDEX_JOB: Final = "heap-reindex"
LANE: Final = "upkeep"
BATCH: Final = 100
ALL: Final = "all"

Mode = Literal["metadata", "hash", "search", "thumbnails"]


class Again(msgspec.Struct, frozen=True, kw_only=True):
    """What to read again, and who wished it."""

    mode: Mode
    by: str


class Regenerated(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is looked into again, by which job."""

    block_id: str
    file_id: int
    job_id: int


class Reindexing:
    """Has things read again.

    Attributes:
        derive: looks into the documents of blocks.
        anew: makes the small pictures of a file again.
    """

    def __init__(self, db: Database, heaps: Heaps, media: BlockMedia, scans: Scans, jobs: Jobs) -> None:
        self._db = db
        self._heaps = heaps
        self._media = media
        self._scans = scans
        self._jobs = jobs
        self.derive: Callable[[Sequence[str]], Awaitable[None]] = _nothing
        self.anew: Callable[[Link], Awaitable[None]] = _no_picture
        scans.others = self

    def register(self) -> None:
        """Tell the queue who does it."""
        self._jobs.register(REINDEX_JOB, LANE, self._work)

    async def start(self, actor: Member, heap_id: str | None, mode: Mode) -> tuple[Scan, bool]:
        """Have a heap's index built again, or that of all heaps; and whether that was under way already.

        Raises:
            BadRequest, NotFound, Gone, Forbidden: as `Heaps.require`; all heaps are for administrators.
        """
        if heap_id is None:
            if not actor.is_admin:
                raise Forbidden("Only an administrator may do that for all heaps.", code="admin_required")
        else:
            await self._heaps.require(actor, heap_id, as_owner=True)
            folder = await folders_store.of_heap(self._db.read, heap_id)
            if mode == "hash" and folder is not None:
                return await self._scans.scan(actor, folder, force=True, kind="reindex")
        key = heap_id or ALL
        before = next((row for row in await self._jobs.open(REINDEX_JOB) if row.key == key), None)
        if before is not None:
            return _scan(before), True
        async with self._db.write() as tx:
            job_id = await tx.enqueue(REINDEX_JOB, key, Again(mode=mode, by=actor.user_id))
        wish = msgspec.json.encode(Again(mode=mode, by=actor.user_id))
        return _scan(JobRow(job_id, REINDEX_JOB, key, wish, "queued", 0, 0, None)), False

    async def regenerate(self, actor: Member, key: str, *, with_text: bool) -> Regenerated:
        """Have one file looked into again, and its block's words.

        Raises:
            NotFound: no such file for this member; `source_missing`.
            Forbidden: `read_only`.
        """
        link = await self._media.find(actor, key)
        await self._heaps.require(actor, link.heap_id, to_write=True)
        if not link.is_there:
            raise absent("The file is not on the disk.", "source_missing")
        async with self._db.write() as tx:
            job_id = await tx.enqueue(LOOK_JOB, str(link.file_id))
        if with_text:
            await self.derive([link.block_id])
        return Regenerated(block_id=link.block_id, file_id=link.file_id, job_id=job_id)

    async def open(self, heap_ids: Collection[str], *, is_admin: bool) -> list[Scan]:
        """What is under way for these heaps; administrators see what is done for all."""
        rows = await self._jobs.open(REINDEX_JOB)
        return [_scan(row) for row in rows if row.key in heap_ids or is_admin]

    async def stop(self, scan_ids: Collection[int]) -> None:
        """What was read again so far stays."""
        for scan_id in scan_ids:
            await self._jobs.cancel(scan_id)

    async def was(self, scan_id: int, heap_ids: Collection[str], *, is_admin: bool) -> bool:
        """Whether such a number was one of these, of heaps that somebody sees."""
        key = await store.was(self._db.read, scan_id, REINDEX_JOB)
        return key is not None and (is_admin or key in heap_ids)

    async def _work(self, run: JobRun) -> None:
        heap_id, wish = None if run.key == ALL else run.key, run.payload(Again)
        run.progress(total=await store.count(self._db.read, heap_id), done=0)
        after, done = "", 0
        while block_ids := await store.blocks(self._db.read, heap_id, after, BATCH):
            after, done = block_ids[-1], done + len(block_ids)
            if wish.mode == "search":
                await self.derive(block_ids)
            elif wish.mode == "thumbnails":
                await self._draw(block_ids)
            else:
                # Bytes in the object store are named by their hash, so there is nothing else to read of them.
                async with self._db.write() as tx:
                    for file_id in await store.files(tx.rows, block_ids):
                        await tx.enqueue(LOOK_JOB, str(file_id))
            run.progress(done=done)

    async def _draw(self, block_ids: Sequence[str]) -> None:
        """Drop the pictures of files, and make them again."""
        for links in (await files_store.of_blocks(self._db.read, block_ids)).values():
            for link in links.values():
                if link.is_there:
                    await self.anew(link)
                    async with self._db.write() as tx:
                        await tx.enqueue(LOOK_JOB, str(link.file_id))


def _scan(row: JobRow) -> Scan:
    told = row.progress
    return Scan(
        scan_id=row.job_id,
        kind="reindex",
        heap_id=None if row.key == ALL else row.key,
        path="",
        recursive=True,
        status="queued" if row.state == "queued" else "indexing",
        started_at=row.started_at,
        finished_at=None,
        started_by=msgspec.json.decode(row.payload, type=Again).by,
        total=told.get("total", 0),
        processed=told.get("done", 0),
        counts=Counts(),
        bytes_done=0,
        current=None,
        eta_ms=None,
    )


async def _no_picture(_link: Link) -> None:
    return None


async def _nothing(_block_ids: Sequence[str]) -> None:
    return None
