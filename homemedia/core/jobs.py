"""The one durable job queue, in lanes: what must be done even if the power fails in between.

A job is a kind, a key and a small payload. The same open key twice is one job. A job may run twice or be killed at any
line, so its body begins by looking what is already done. Progress lives in memory; the row tells only the state.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Self, TypeVar

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, as_json
from homemedia.core.problems import AppError

_log = logging.getLogger(__name__)

P = TypeVar("P", bound=msgspec.Struct)

CLAIM = """
    UPDATE job SET state = 'running', started_at = :now, tries = tries + 1
     WHERE job_id = (SELECT job_id FROM job
                      WHERE lane = :lane AND state = 'queued' AND run_after_at <= :now
                        AND kind NOT IN (SELECT value FROM json_each(:held))
                      ORDER BY job_id LIMIT 1)
    RETURNING job_id, kind, key, payload, tries, created_at
"""
NEXT_DUE = """
    SELECT min(run_after_at) AS due FROM job
     WHERE lane = :lane AND state = 'queued' AND kind NOT IN (SELECT value FROM json_each(:held))
"""
FINISH = "UPDATE job SET state = :state, error = :error, finished_at = :now WHERE job_id = :job_id"
REQUEUE = "UPDATE job SET state = 'queued', run_after_at = :run_after_at, error = :error WHERE job_id = :job_id"
RESUME = "UPDATE job SET state = 'queued', run_after_at = 0 WHERE state = 'running'"
CANCEL_QUEUED = """
    UPDATE job SET state = 'cancelled', finished_at = :now WHERE job_id = :job_id AND state = 'queued'
"""
OPEN = """
    SELECT job_id, kind, key, payload, state, tries, created_at, started_at
      FROM job WHERE kind = :kind AND state IN ('queued', 'running') ORDER BY job_id
"""
COUNTS = "SELECT kind, state, count(*) AS jobs FROM job GROUP BY kind, state"
DROP_QUEUED = """
    UPDATE job SET state = 'cancelled', finished_at = :now
     WHERE state = 'queued' AND kind IN (SELECT value FROM json_each(:kinds))
"""
DROP_FAILED = "DELETE FROM job WHERE state = 'failed' AND kind IN (SELECT value FROM json_each(:kinds))"
AT_ONCE = "UPDATE job SET run_after_at = 0 WHERE state = 'queued' AND kind IN (SELECT value FROM json_each(:kinds))"
SWEEP = "DELETE FROM job WHERE state IN ('done', 'failed', 'cancelled') AND finished_at < :before"
KEEP_ENDED_MS = 7 * 24 * 3600 * 1000
MAX_TRIES = 3
STOP_WAIT_S = 5.0
# How long a lane waits when the database takes nothing: a full disk, another program that holds it.
AGAIN_S = 5.0


class JobRow(msgspec.Struct, frozen=True):
    """A job that has not ended, with what its body last reported."""

    job_id: int
    kind: str
    key: str
    payload: bytes
    state: str
    tries: int
    created_at: int
    started_at: int | None
    progress: dict[str, Any] = {}


class JobLeft(msgspec.Struct, frozen=True):
    """A job runs no more: it has ended, or it is queued again. The row says so by now."""

    job_id: int
    kind: str


class Retry(Exception):  # noqa: N818 - not a fault: the body asks to be called again
    """Raised by a body that wants to be run again later."""

    def __init__(self, after_ms: int, why: str) -> None:
        super().__init__(why)
        self.after_ms = after_ms


class JobRun:
    """What a running body gets: its payload, a place to report to, and word of being cancelled."""

    def __init__(self, row: JobRow) -> None:
        self.job_id = row.job_id
        self.kind = row.kind
        self.key = row.key
        self.tries = row.tries
        self.created_at = row.created_at
        self.state: dict[str, Any] = {}
        self.cancelled = False
        self.is_put_back = False
        self.is_over = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self._payload = row.payload

    def payload(self, kind: type[P]) -> P:
        return msgspec.json.decode(self._payload, type=kind)

    def progress(self, **state: object) -> None:
        """Report how far it is; kept in memory, shown by `Jobs.open`."""
        self.state.update(state)


Body = Callable[[JobRun], Awaitable[None]]


class Jobs:
    """Runs what is queued, each lane with its own limit. An async context manager."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or Clock()
        self._limits: dict[str, int] = {}
        self._bodies: dict[str, Body] = {}
        self._wake: dict[str, asyncio.Event] = {}
        self._running: dict[int, JobRun] = {}
        self._loops: list[asyncio.Task[None]] = []
        self._lane_of: dict[str, str] = {}
        self._held: frozenset[str] = frozenset()

    @property
    def held(self) -> frozenset[str]:
        """Kinds that are not begun now; a body that works for long looks here and asks to be called again."""
        return self._held

    def hold(self, kinds: Iterable[str]) -> None:
        """Begin no job of these kinds, and all others again."""
        before, self._held = self._held, frozenset(kinds)
        self.wake({lane for kind, lane in self._lane_of.items() if kind in before - self._held})

    def lane(self, name: str, limit: int) -> None:
        """Declare a lane in which at most `limit` jobs run at once."""
        self._limits[name] = limit
        self._wake[name] = asyncio.Event()

    def register(self, kind: str, lane: str, body: Body) -> None:
        """Say who does jobs of `kind`, and in which lane."""
        self._bodies[kind] = body
        self._lane_of[kind] = lane
        self._db.lane_of(kind, lane)

    def wake(self, lanes: set[str]) -> None:
        """Look again: something was committed for these lanes."""
        for lane in lanes & self._wake.keys():
            self._wake[lane].set()

    async def __aenter__(self) -> Self:
        async with self._db.write() as tx:
            await tx.run(RESUME)
            await tx.run(SWEEP, {"before": self._clock.now_ms() - KEEP_ENDED_MS})
        for lane, limit in self._limits.items():
            for number in range(limit):
                self._loops.append(asyncio.create_task(self._work(lane), name=f"lane-{lane}-{number}"))
        return self

    async def __aexit__(self, *_exc: object) -> None:
        for loop in self._loops:
            loop.cancel()
        if self._loops:
            await asyncio.wait(self._loops, timeout=STOP_WAIT_S)
        self._loops.clear()

    async def open(self, kind: str) -> list[JobRow]:
        """Jobs of a kind that are queued or running, oldest first, with their progress."""
        rows = await self._db.read(OPEN, {"kind": kind})
        found = []
        for row in rows:
            run = self._running.get(row["job_id"])
            found.append(JobRow(**dict(row), progress=dict(run.state) if run else {}))
        return found

    def running(self, kind: str) -> list[JobRun]:
        """Runs of a kind in this moment, without asking the database."""
        return [run for run in self._running.values() if run.kind == kind]

    async def counts(self) -> dict[tuple[str, str], int]:
        """How many jobs there are, by kind and state; those that ended of the last days alone."""
        return {(row["kind"], row["state"]): row["jobs"] for row in await self._db.read(COUNTS)}

    async def drop_queued(self, kinds: Iterable[str]) -> None:
        """Forget jobs that have not begun."""
        async with self._db.write() as tx:
            await tx.run(DROP_QUEUED, {"kinds": as_json(kinds), "now": self._clock.now_ms()})

    async def drop_failed(self, kinds: Iterable[str]) -> None:
        """Forget jobs that went wrong."""
        async with self._db.write() as tx:
            await tx.run(DROP_FAILED, {"kinds": as_json(kinds)})

    async def hurry(self, kinds: Iterable[str]) -> None:
        """Do at once what waits for a later time."""
        wanted = list(kinds)
        async with self._db.write() as tx:
            await tx.run(AT_ONCE, {"kinds": as_json(wanted)})
        self.wake({lane for kind, lane in self._lane_of.items() if kind in wanted})

    async def cancel(self, job_id: int) -> None:
        """End a job: a queued one never starts, a running one is interrupted at its next await."""
        async with self._db.write() as tx:
            await tx.run(CANCEL_QUEUED, {"job_id": job_id, "now": self._clock.now_ms()})
        run = self._running.get(job_id)
        if run is not None and run.task is not None:
            run.cancelled = True
            run.task.cancel()
            await asyncio.wait([run.task], timeout=STOP_WAIT_S)

    async def put_back(self, kinds: Iterable[str]) -> list[JobRun]:
        """Interrupt what runs of these kinds at its next await; it is queued again. Those runs."""
        wanted = set(kinds)
        found = [run for run in self._running.values() if run.kind in wanted]
        for run in found:
            run.is_put_back = True
            if run.task is not None:
                run.task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_WAIT_S):
                for run in found:
                    await run.is_over.wait()
        return found

    async def _work(self, lane: str) -> None:
        wake = self._wake[lane]
        while True:
            wake.clear()
            try:
                run = await self._claim(lane)
                if run is None:
                    await self._until_due(lane, wake)
                    continue
                # Another worker of this lane may be asleep while more is queued.
                wake.set()
                await self._carry_out(run)
            except asyncio.CancelledError:
                raise
            except AppError as err:
                _log.warning("lane %s waits: %s", lane, err.message)
                await asyncio.sleep(AGAIN_S)
            except Exception:  # noqa: BLE001 - the edge of a lane
                _log.exception("lane %s stumbled; it goes on in a second", lane)
                await asyncio.sleep(1)

    async def _until_due(self, lane: str, wake: asyncio.Event) -> None:
        rows = await self._db.read(NEXT_DUE, {"lane": lane, "held": as_json(self._held)})
        due = rows[0]["due"]
        wait_s = None if due is None else max(0.0, (due - self._clock.now_ms()) / 1000)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await wake.wait()

    async def _claim(self, lane: str) -> JobRun | None:
        now = self._clock.now_ms()
        # Looked at first without the writer: an idle lane must not take the write lock.
        held = as_json(self._held)
        due = (await self._db.read(NEXT_DUE, {"lane": lane, "held": held}))[0]["due"]
        if due is None or due > now:
            return None
        async with self._db.write() as tx:
            rows = await tx.rows(CLAIM, {"lane": lane, "now": now, "held": held})
        if not rows:
            return None
        return JobRun(JobRow(**dict(rows[0]), state="running", started_at=now))

    async def _carry_out(self, run: JobRun) -> None:
        try:
            await self._run(run)
        finally:
            run.is_over.set()

    async def _run(self, run: JobRun) -> None:
        again = {"job_id": run.job_id, "run_after_at": 0, "error": None}
        if run.kind in self._held:
            # Held while it was being taken from the queue.
            await self._note(run, REQUEUE, again)
            return
        self._running[run.job_id] = run
        task = asyncio.ensure_future(self._bodies[run.kind](run))
        run.task = task
        state, error = "done", None
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            # The lane is being stopped: the row stays `running` and is resumed at the next start.
            task.cancel()
            await asyncio.wait([task], timeout=STOP_WAIT_S)
            self._running.pop(run.job_id, None)
            raise
        try:
            task.result()
        except asyncio.CancelledError:
            if run.is_put_back and not run.cancelled:
                await self._note(run, REQUEUE, again)
                return
            state = "cancelled"
        except Retry as err:
            run_after_at = self._clock.now_ms() + err.after_ms
            await self._note(run, REQUEUE, {"job_id": run.job_id, "run_after_at": run_after_at, "error": str(err)})
            return
        except AppError as err:
            state, error = "failed", err.message
        except Exception as err:  # noqa: BLE001 - the edge of a job
            _log.exception("job %s %s failed", run.kind, run.key)
            state, error = "failed", f"{type(err).__name__}: {err}"
        finally:
            self._running.pop(run.job_id, None)
        ended = {"job_id": run.job_id, "state": state, "error": error, "now": self._clock.now_ms()}
        await self._note(run, FINISH, ended)

    async def _note(self, run: JobRun, statement: str, args: dict[str, Any]) -> None:
        """Write down how a job ended, however long the disk is full.

        A row that stayed `running` would hold its key until the next start: no scan of that library could begin.
        """
        while True:
            try:
                async with self._db.write() as tx:
                    await tx.run(statement, args)
                    tx.announce(JobLeft(run.job_id, run.kind))
            except AppError as err:
                _log.warning("the end of a job cannot be written down: %s", err.message)
                await asyncio.sleep(AGAIN_S)
            else:
                return
