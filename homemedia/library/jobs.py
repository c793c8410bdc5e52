"""Where scans are asked for: one at a time for each library, two in all, the same wish twice is one scan.

What is asked for while a library is being scanned waits until that scan is through, and is then done by the same job.
"""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine, Sequence
from typing import Literal, Self

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.jobs import JobRow, JobRun, Jobs, Retry
from homemedia.core.problems import BadRequest, NotFound
from homemedia.library import libraries_store
from homemedia.library.models import Library, Root, ScanResult
from homemedia.library.scan import results_store
from homemedia.library.scan.context import Scope
from homemedia.library.scan.scanner import RefreshWish, Scanner, ScanWish

_log = logging.getLogger(__name__)
SCAN, REFRESH, LANE = "scan", "refresh", "scan"
AT_ONCE = 2
HOUR_MS = 3600 * 1000
# A disk that tells nothing of changes is looked at so often; a rescan of 100,000 files takes about a second.
POLL_EVERY_MS = 15 * 60 * 1000
LOOK_EVERY_S = 60.0
AGAIN_AFTER_S, AGAIN_AT_MOST_S = 5.2, 60.0

Status = Literal["started", "running", "queued"]


class Ticket(msgspec.Struct, frozen=True):
    """What became of a wish."""

    status: Status
    scan_id: int


class ScanDesk:
    """Takes wishes for scans and refreshes. An async context manager; `register` before jobs start.

    Args:
        db: where libraries stand.
        jobs: the queue; its lane `scan` must be declared.
        scanner: who does it.
        clock: the time.
        looks_by_itself: whether libraries are scanned at the start and by the clock.
        is_watched: whether somebody watches folders, and asks for what happened while nobody did.
    """

    def __init__(
        self,
        db: Database,
        jobs: Jobs,
        scanner: Scanner,
        clock: Clock,
        *,
        looks_by_itself: bool = True,
        is_watched: bool = False,
    ) -> None:
        self._db = db
        self._jobs = jobs
        self._scanner = scanner
        self._clock = clock
        self._looks_by_itself = looks_by_itself
        self._is_watched = is_watched
        self._waiting: dict[str, ScanWish] = {}
        self._ending: dict[str, int] = {}
        self._polled_at: dict[int, int] = {}
        self._again: dict[tuple[str, Scope], tuple[float, float]] = {}
        self._timers: set[asyncio.TimerHandle] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        scanner.on_deferred = self._look_again

    def register(self) -> None:
        """Tell the queue who does scans."""
        self._jobs.register(SCAN, LANE, self._scan)
        self._jobs.register(REFRESH, LANE, self._refresh)

    async def __aenter__(self) -> Self:
        if self._looks_by_itself:
            self._spawn(self._keep_looking())
        return self

    async def __aexit__(self, *_: object) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def scan(self, library_id: str, *, scopes: Sequence[Scope] = (), force: bool = False) -> Ticket:
        """Have a library, or some folders of it, scanned; joins the scan that is under way.

        Raises:
            NotFound: there is no such library.
        """
        wish = ScanWish(tuple(scopes), force=force)
        while True:
            open_job = await self._open(SCAN, library_id)
            if open_job is None:
                return await self._enqueue(SCAN, library_id, wish)
            if self._ending.get(library_id) != open_job.job_id:
                break
            # Its last look for waiting wishes is over: in a moment a new job may begin.
            await asyncio.sleep(0.01)
        if not _covers(msgspec.json.decode(open_job.payload, type=ScanWish), open_job.state, wish):
            self._waiting[library_id] = _joined(self._waiting.get(library_id), wish)
        return Ticket("running" if open_job.state == "running" else "queued", open_job.job_id)

    async def scan_folder(self, library: Library, path: str | None, *, force: bool) -> Ticket:
        """The same for a folder given by its absolute path; None is the whole library.

        Raises:
            BadRequest: the folder lies in none of the library's.
        """
        if path is None:
            return await self.scan(library.library_id, force=force)
        wanted = path.rstrip("/") or "/"
        for root in library.roots:
            if wanted == root.path:
                return await self.scan(library.library_id, scopes=[Scope(root_id=root.root_id)], force=force)
            if wanted.startswith(root.path.rstrip("/") + "/"):
                below = wanted[len(root.path.rstrip("/")) + 1 :]
                if ".." in below.split("/"):
                    break
                return await self.scan(
                    library.library_id, scopes=[Scope(root_id=root.root_id, path=below)], force=force
                )
        raise BadRequest("This folder is not part of the library.", code="path_not_found", field="path")

    async def refresh(self, library_id: str, mode: Literal["all", "missing"]) -> Ticket:
        """Have NFO, tags and pictures of a library read again."""
        open_job = await self._open(REFRESH, library_id)
        if open_job is not None:
            return Ticket("running" if open_job.state == "running" else "queued", open_job.job_id)
        return await self._enqueue(REFRESH, library_id, RefreshWish(mode))

    async def stop(self, library_id: str) -> None:
        """End what runs or waits for this library."""
        self._waiting.pop(library_id, None)
        for kind in (SCAN, REFRESH):
            open_job = await self._open(kind, library_id)
            if open_job is not None:
                await self._jobs.cancel(open_job.job_id)

    async def cancel(self, scan_id: int) -> None:
        """End one scan or refresh.

        Raises:
            NotFound: it is not under way.
        """
        for row in await self.open():
            if row.job_id == scan_id:
                await self.stop(row.key)
                return
        raise NotFound("There is no such scan under way.")

    @property
    def is_paused(self) -> bool:
        """Whether scans wait until somebody lets them go on."""
        return SCAN in self._jobs.held

    async def interrupt(self) -> None:
        """Have what runs stop at its next batch; it is queued again and goes on from there."""
        for run in await self._jobs.put_back((SCAN, REFRESH)):
            self._scanner.tell(run)

    async def open(self) -> list[JobRow]:
        """Scans and refreshes under way or waiting, oldest first."""
        found = [*await self._jobs.open(SCAN), *await self._jobs.open(REFRESH)]
        return sorted(found, key=lambda row: row.job_id)

    async def last(self) -> list[ScanResult]:
        """How the last scan and refresh of each library ended."""
        return await results_store.results(self._db.read)

    # Bodies

    async def _scan(self, run: JobRun) -> None:
        wish: ScanWish | None = run.payload(ScanWish)
        try:
            while wish is not None:
                await self._scanner.scan(run, wish)
                wish = self._waiting.pop(run.key, None)
        except asyncio.CancelledError:
            raise
        except Exception:
            # What others asked for meanwhile is not answered by a scan that broke down.
            left = self._waiting.pop(run.key, None)
            if left is not None:
                self._spawn(self._scan_quietly(run.key, left.scopes, force=left.force))
            raise
        finally:
            self._ending[run.key] = run.job_id

    async def _refresh(self, run: JobRun) -> None:
        if any(other.key == run.key for other in self._jobs.running(SCAN)):
            raise Retry(1000, "the library is being scanned")
        await self._scanner.refresh(run, run.payload(RefreshWish))

    # By itself

    async def _keep_looking(self) -> None:
        is_first = True
        while True:
            try:
                for library in await libraries_store.libraries(self._db.read):
                    await self._look_after(library, is_first=is_first)
            except Exception:  # noqa: BLE001 - the edge of a task's loop
                _log.exception("looking after the libraries stumbled; it goes on in a minute")
            is_first = False
            await asyncio.sleep(LOOK_EVERY_S)

    async def _look_after(self, library: Library, *, is_first: bool) -> None:
        """Scan a library that is due: at the start what was missed while we were off, later by the clock."""
        now = self._clock.now_ms()
        hours = library.options.scan_interval_hours
        is_missed = is_first and not (self._is_watched and library.last_scan_at is not None)
        if (is_missed and library.options.watch_folders) or (
            hours and now - (library.last_scan_at or 0) >= hours * HOUR_MS and not await self._tried(library, hours)
        ):
            await self.scan(library.library_id)
        else:
            due = [root for root in library.roots if root.watching == "polling" and self._is_due(root, now)]
            if due and library.options.watch_folders:
                await self.scan(library.library_id, scopes=[Scope(root_id=root.root_id) for root in due])

    async def _tried(self, library: Library, hours: int) -> bool:
        """Whether a scan was tried within the interval, so that a disk that is away is not asked for every minute."""
        since = self._clock.now_ms() - hours * HOUR_MS
        return any(
            one.library_id == library.library_id and one.kind == SCAN and one.finished_at > since
            for one in await self.last()
        )

    def _is_due(self, root: Root, now: int) -> bool:
        if now - self._polled_at.setdefault(root.root_id, now) < POLL_EVERY_MS:
            return False
        self._polled_at[root.root_id] = now
        return True

    def _look_again(self, library_id: str, scopes: Sequence[Scope]) -> None:
        """Something in these folders was not steady yet: look again in a while, each time a little later."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        # What was not put off again soon after its time has become steady since.
        self._again = {key: (delay_s, at) for key, (delay_s, at) in self._again.items() if at > now - AGAIN_AT_MOST_S}
        due: dict[float, list[Scope]] = {}
        for scope in dict.fromkeys(scopes):
            before_s, _ = self._again.get((library_id, scope), (AGAIN_AFTER_S / 2, 0.0))
            delay_s = min(before_s * 2, AGAIN_AT_MOST_S)
            self._again[library_id, scope] = delay_s, now + delay_s
            due.setdefault(delay_s, []).append(scope)
        for delay_s, some in due.items():
            self._timers.add(loop.call_later(delay_s, self._spawn_scan, library_id, some))

    def _spawn_scan(self, library_id: str, scopes: Sequence[Scope]) -> None:
        now = asyncio.get_running_loop().time()
        self._timers = {timer for timer in self._timers if timer.when() > now}
        self._spawn(self._scan_quietly(library_id, scopes))

    async def _scan_quietly(self, library_id: str, scopes: Sequence[Scope], *, force: bool = False) -> None:
        with contextlib.suppress(NotFound):
            await self.scan(library_id, scopes=scopes, force=force)

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open(self, kind: str, library_id: str) -> JobRow | None:
        return next((row for row in await self._jobs.open(kind) if row.key == library_id), None)

    async def _enqueue(self, kind: str, library_id: str, wish: msgspec.Struct) -> Ticket:
        busy = len(await self.open())
        async with self._db.write() as tx:
            if not await tx.rows(libraries_store.LIBRARY, {"library_id": library_id}):
                raise NotFound("There is no such library.")
            scan_id = await tx.enqueue(kind, library_id, wish)
        return Ticket("started" if busy < AT_ONCE else "queued", scan_id)


def _covers(running: ScanWish, state: str, wish: ScanWish) -> bool:
    """Whether a scan that is open does what is asked for.

    One under way has perhaps passed the folder already, so only a whole scan joins a whole scan.
    """
    if running.scopes or (wish.force and not running.force):
        return False
    return state == "queued" or not wish.scopes


def _joined(one: ScanWish | None, other: ScanWish) -> ScanWish:
    if one is None:
        return other
    force = one.force or other.force
    if not one.scopes or not other.scopes:
        return ScanWish(force=force)
    return ScanWish(tuple(dict.fromkeys((*one.scopes, *other.scopes))), force=force)
