"""Scans of folder heaps: the library's own jobs, asked for and shown by heap (heaps §9.2, design §7.50)."""

import os
from collections.abc import Collection, Mapping
from typing import Any, Final, Literal, Protocol

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.jobs import JobRow, Jobs
from homemedia.core.problems import BadRequest, Forbidden, NotFound, Unavailable
from homemedia.heaps import folders_store as store
from homemedia.heaps import heaps_store, scans_store
from homemedia.heaps.folders_store import FolderHeap
from homemedia.heaps.owed import Owed
from homemedia.heaps.scans_store import Asked
from homemedia.library.events import ScanFinished, ScanProgressed, ScanStarted
from homemedia.library.jobs import REFRESH, SCAN, ScanDesk
from homemedia.library.libraries import LibraryService
from homemedia.library.models import Counts, ScanResult
from homemedia.library.scan.context import Scope
from homemedia.library.scan.disks import Disks, DiskSilent

HOUR_MS: Final = 3600 * 1000
ASKED_MS: Final = 30 * 24 * HOUR_MS
LOOK_LIMIT_S: Final = 10.0
MAX_ERRORS: Final = 50

Kind = Literal["scan", "reindex"]
Status = Literal["queued", "walking", "indexing", "thumbnails", "done", "aborted", "failed"]
KINDS: Final[dict[str, Kind]] = {SCAN: "scan", REFRESH: "reindex"}
PHASES: Final[dict[str, Status]] = {"discover": "walking", "artwork": "thumbnails"}
ENDS: Final[dict[str, Status]] = {"ok": "done", "cancelled": "aborted", "failed": "failed", "unavailable": "failed"}


class Others(Protocol):
    """What is under way for heaps besides scans."""

    async def open(self, heap_ids: Collection[str], *, is_admin: bool) -> "list[Scan]": ...

    async def stop(self, scan_ids: Collection[int]) -> None: ...

    async def was(self, scan_id: int, heap_ids: Collection[str], *, is_admin: bool) -> bool: ...


ScanEvent = ScanStarted | ScanProgressed | ScanFinished


class ScanError(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be read; `path` below the heap's folder."""

    path: str
    error: str


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """A scan, under way or ended. Times in ms; `current` and `errors` below the heap's folder.

    `pending` files are still to be looked into.

    Without a heap it is for all of them.
    """

    scan_id: int
    kind: Kind
    heap_id: str | None
    path: str
    recursive: bool
    status: Status
    started_at: int | None
    finished_at: int | None
    started_by: str | None
    total: int
    processed: int
    counts: Counts
    bytes_done: int
    current: str | None
    eta_ms: int | None
    pending: int = 0
    errors: tuple[ScanError, ...] = ()
    error: str | None = None


class ScanWish(msgspec.Struct, frozen=True, kw_only=True):
    """What to scan. `path`: below the heap's folder, or absolute; None is all of it. `force`: hash everything again."""

    heap_id: str | None = None
    path: str | None = None
    recursive: bool = True
    force: bool = False


class Scans:
    """Starts, stops and shows scans.

    Args:
        db: where heaps stand.
        desk: does them.
        libraries: what could not be read stands there.
        disks: which disks answer.
        jobs: how far they are.
        clock: the time.

    Attributes:
        others: what else is under way for some heaps.
    """

    def __init__(
        self,
        db: Database,
        desk: ScanDesk,
        libraries: LibraryService,
        disks: Disks,
        jobs: Jobs,
        clock: Clock | None = None,
    ) -> None:
        self._db = db
        self._desk = desk
        self._libraries = libraries
        self._disks = disks
        self._jobs = jobs
        self._clock = clock or Clock()
        self._owed = Owed(db, self._clock)
        self.others: Others | None = None
        self._heaps: dict[str, str] = {}

    async def start(self, actor: Member, wish: ScanWish) -> tuple[Scan, bool]:
        """Begin a scan; and whether it was under way already.

        Raises:
            BadRequest: neither a heap nor a path, or no folder is behind the heap.
            NotFound: no such heap for this member, or no such folder on the disk.
            Forbidden: not his to scan, or outside the heap's folder.
            Unavailable: the disk does not answer.
        """
        heap = await self._wanted(actor, wish)
        below = _below(heap.path, wish.path)
        if below is None:
            raise Forbidden("This folder lies outside the heap's.", field="path")
        path = f"{heap.path}/{below}" if below else heap.path
        try:
            is_there = not below or await self._disks.ask_within(LOOK_LIMIT_S, heap.path, os.path.isdir, path)
        except DiskSilent as err:
            raise Unavailable("The disk of this folder does not answer.", retry_after_s=30) from err
        if not is_there:
            raise NotFound("There is no such folder.", field="path")
        return await self.scan(actor, heap, below, recursive=wish.recursive, force=wish.force)

    async def scan(
        self,
        actor: Member,
        heap: FolderHeap,
        below: str = "",
        *,
        recursive: bool = True,
        force: bool = False,
        kind: Kind = "scan",
    ) -> tuple[Scan, bool]:
        """As `start`, when everything has been asked."""
        scope = Scope(root_id=heap.root_id, path=below, deep=recursive)
        before = {row.job_id for row in await self._desk.open()}
        is_all = recursive and not below
        ticket = await self._desk.scan(heap.library_id, scopes=[] if is_all else [scope], force=force)
        is_old = ticket.scan_id in before
        if not is_old:
            now = self._clock.now_ms()
            wish = Asked(scan_id=ticket.scan_id, user_id=actor.user_id, kind=kind, path=below, is_recursive=recursive)
            async with self._db.write() as tx:
                await scans_store.ask(tx, heap.heap_id, wish, now=now, forget_before=now - ASKED_MS)
        asked = await scans_store.asked(self._db.read, [ticket.scan_id])
        row = next((row for row in await self._desk.open() if row.job_id == ticket.scan_id), None)
        if row is None:  # over already
            now = self._clock.now_ms()
            row = JobRow(ticket.scan_id, SCAN, heap.library_id, b"{}", "queued", 0, now, None)
        return _of_row(row, heap, asked.get(row.job_id)), is_old

    async def abort(self, actor: Member, *, scan_id: int | None, heap_id: str | None) -> list[int]:
        """Stop a scan, or all of a heap; which. What was found so far stays.

        Raises:
            BadRequest: neither is named.
            NotFound: no such scan, or no such heap, for this member.
            Forbidden: not his to stop.
        """
        if heap_id is None and scan_id is None:
            raise BadRequest("Name a scan or a heap.", field="scan_id")
        seen = await self._seen(actor)
        heaps = {heap.library_id: heap for heap in seen if heap_id in (None, heap.heap_id)}
        found = [row for row in await self._desk.open() if row.key in heaps and scan_id in (None, row.job_id)]
        again = [one for one in await self._again(actor) if scan_id in (None, one.scan_id)]
        again = [one for one in again if heap_id is None or one.heap_id == heap_id]
        # Of a heap without a folder nothing can be stopped, but it is there.
        own = await heaps_store.seen(self._db.read, actor.user_id, now=self._clock.now_ms())
        if heap_id is not None and not heaps and heap_id not in own:
            raise NotFound("There is no such heap.")
        if not found and not again and scan_id is not None and not await self._is_over(actor, scan_id, heaps, own):
            raise NotFound("There is no such scan.")
        asked = await scans_store.asked(self._db.read, [row.job_id for row in found])
        starters = {row.job_id: {heaps[row.key].owner_id, *_by(asked.get(row.job_id))} for row in found}
        starters |= {one.scan_id: {one.started_by or "", *await self._owners(one.heap_id)} for one in again}
        if not actor.is_admin and not all(actor.user_id in who for who in starters.values()):
            raise Forbidden("Only who started a scan, the heap's owner and administrators may stop it.")
        for row in found:
            await self._desk.stop(row.key)
        if again and self.others is not None:
            await self.others.stop([one.scan_id for one in again])
        return [*(row.job_id for row in found), *(one.scan_id for one in again)]

    async def active(self, actor: Member) -> tuple[list[Scan], list[Scan]]:
        """Scans under way, and those that ended within the last hour, of heaps that a member sees.

        An administrator sees all, without what lies in heaps of others.
        """
        heaps = {heap.library_id: heap for heap in await self._seen(actor)}
        own = await heaps_store.seen(self._db.read, actor.user_id, now=self._clock.now_ms())
        rows = [row for row in await self._desk.open() if row.key in heaps]
        ended = await self._desk.last()
        asked = await scans_store.asked(
            self._db.read, [*(row.job_id for row in rows), *(one.scan_id for one in ended if one.library_id in heaps)]
        )
        running = [
            await self._with_errors(_of_row(row, heaps[row.key], asked.get(row.job_id)), heaps[row.key]) for row in rows
        ]
        running += await self._again(actor)
        since = self._clock.now_ms() - HOUR_MS
        recent = [
            await self._with_errors(
                _of_result(one, heaps[one.library_id], asked.get(one.scan_id)), heaps[one.library_id]
            )
            for one in ended
            if one.library_id in heaps and one.finished_at > since
        ]
        pending = await self._owed.of({one.heap_id for one in (*running, *recent) if one.heap_id is not None})
        return [_shown(one, own, pending) for one in running], [_shown(one, own, pending) for one in recent]

    async def _again(self, actor: Member) -> list[Scan]:
        """What is read again for heaps that a member sees."""
        if self.others is None:
            return []
        own = await heaps_store.seen(self._db.read, actor.user_id, now=self._clock.now_ms())
        return await self.others.open(own, is_admin=actor.is_admin)

    async def _owners(self, heap_id: str | None) -> list[str]:
        return [] if heap_id is None else await heaps_store.owners(self._db.read, heap_id)

    async def learn(self) -> None:
        """Look which library is behind which heap, so that events can be told at once."""
        self._heaps = {heap.library_id: heap.heap_id for heap in await store.folder_heaps(self._db.read)}

    def heap_of(self, event: ScanEvent) -> str | None:
        """The heap whose scan it is; None for a library of another kind."""
        return self._heaps.get(event.library_id)

    def progress(self, event: ScanEvent) -> dict[str, Any]:
        """What the scan's body last reported."""
        runs = (*self._jobs.running(SCAN), *self._jobs.running(REFRESH))
        return next((run.state for run in runs if run.job_id == event.scan_id), {})

    async def _wanted(self, actor: Member, wish: ScanWish) -> FolderHeap:
        seen = await self._seen(actor)
        if wish.heap_id is not None:
            found = next((heap for heap in seen if heap.heap_id == wish.heap_id), None)
            if found is None:
                known = await heaps_store.one(self._db.read, actor.user_id, wish.heap_id, now=self._clock.now_ms())
                if known is None:
                    raise NotFound("There is no such heap.")
                raise BadRequest("No folder is behind this heap.", field="heap_id")
        elif wish.path is None:
            raise BadRequest("Name a heap or a folder.", field="heap_id")
        else:
            found = next((heap for heap in seen if _below(heap.path, wish.path) is not None), None)
            if found is None or not wish.path.startswith("/"):
                raise Forbidden("No heap of yours holds this folder.", field="path")
        if not actor.is_admin and found.owner_id != actor.user_id:
            raise Forbidden("Only the heap's owner and administrators may scan its folder.")
        return found

    async def _seen(self, actor: Member) -> list[FolderHeap]:
        """The folder heaps that a member sees; administrators see all, for scans alone."""
        heaps = await store.folder_heaps(self._db.read)
        if actor.is_admin:
            return heaps
        own = await heaps_store.seen(self._db.read, actor.user_id, now=self._clock.now_ms())
        return [heap for heap in heaps if heap.heap_id in own and heap.deleted_at is None]

    async def _is_over(
        self, actor: Member, scan_id: int, heaps: Mapping[str, FolderHeap], own: Collection[str]
    ) -> bool:
        if any(one.scan_id == scan_id and one.library_id in heaps for one in await self._desk.last()):
            return True
        return self.others is not None and await self.others.was(scan_id, own, is_admin=actor.is_admin)

    async def _with_errors(self, scan: Scan, heap: FolderHeap) -> Scan:
        try:
            problems, _ = await self._libraries.problems(heap.library_id, offset=0, limit=MAX_ERRORS)
        except NotFound:  # removed meanwhile
            return scan
        errors = tuple(ScanError(path=_below(heap.path, one.path) or "", error=one.code) for one in problems)
        return msgspec.structs.replace(scan, errors=errors)


def _of_row(row: JobRow, heap: FolderHeap, asked: Asked | None) -> Scan:
    told = row.progress
    counts = told.get("counts") or Counts()
    is_walking = told.get("phase", "discover") == "discover"
    done, total = told.get("done", 0), told.get("total", 0)
    status: Status = "queued" if row.state == "queued" else PHASES.get(told.get("phase", "discover"), "indexing")
    per_second = told.get("per_second", 0)
    return Scan(
        scan_id=row.job_id,
        kind=_kind(asked, row.kind),
        heap_id=heap.heap_id,
        path=asked.path if asked else "",
        recursive=asked.is_recursive if asked else True,
        status=status,
        started_at=told.get("started_at", row.started_at),
        finished_at=None,
        started_by=asked.user_id if asked else None,
        total=0 if is_walking else total,
        processed=counts.total if is_walking else done,
        counts=counts,
        bytes_done=told.get("bytes_done", 0),
        current=told.get("current") or None,
        eta_ms=round((total - done) * 1000 / per_second) if per_second and total > done else None,
    )


def _of_result(result: ScanResult, heap: FolderHeap, asked: Asked | None) -> Scan:
    error = {"unavailable": "source_unavailable", "failed": "internal"}.get(result.result)
    return Scan(
        scan_id=result.scan_id,
        kind=_kind(asked, result.kind),
        heap_id=heap.heap_id,
        path=asked.path if asked else "",
        recursive=asked.is_recursive if asked else True,
        status=ENDS[result.result],
        started_at=result.started_at,
        finished_at=result.finished_at,
        started_by=asked.user_id if asked else None,
        total=result.counts.total,
        processed=result.counts.total,
        counts=result.counts,
        bytes_done=0,
        current=None,
        eta_ms=None,
        error=error,
    )


def _kind(asked: Asked | None, job: str) -> Kind:
    return "reindex" if asked is not None and asked.kind == "reindex" else KINDS[job]


def _by(asked: Asked | None) -> list[str]:
    return [asked.user_id] if asked is not None else []


def _shown(scan: Scan, own: frozenset[str], pending: Mapping[str, int]) -> Scan:
    """What may be told of it; an administrator does not read in heaps of others."""
    if scan.heap_id is not None and scan.heap_id in pending:
        scan = msgspec.structs.replace(scan, pending=pending[scan.heap_id])
    return scan if scan.heap_id in own else msgspec.structs.replace(scan, current=None, errors=(), path="")


def _below(root: str, path: str | None) -> str | None:
    """A path below the root; None when it lies outside. Pure: whither links lead is the scanner's business."""
    if path is None:
        return ""
    whole = os.path.normpath(path if path.startswith("/") else f"{root}/{path}")
    if whole == root:
        return ""
    return whole[len(root.rstrip("/")) + 1 :] if whole.startswith(f"{root.rstrip('/')}/") else None
