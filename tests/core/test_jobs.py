import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from homemedia.core import jobs
from homemedia.core.db import Database, Write
from homemedia.core.jobs import JobRun, Jobs, Retry
from homemedia.core.problems import NotFound, StorageFull
from tests.support.fakes import FakeClock
from tests.support.ready import migrated

ROWS = "SELECT key, state, tries, error FROM job ORDER BY job_id"


class Task(msgspec.Struct, frozen=True):
    number: int


class Bench:
    """A queue with one lane, and a body that notes what it did."""

    def __init__(self, db: Database, clock: FakeClock) -> None:
        self.db = db
        self.clock = clock
        self.done: list[str] = []
        self.gate: asyncio.Event | None = None
        self.fails: list[Exception] = []
        self.started = asyncio.Event()
        self.jobs = self.make()

    def make(self) -> Jobs:
        jobs = Jobs(self.db, self.clock)
        jobs.lane("work", 2)
        jobs.register("task", "work", self.body)
        self.db.on_jobs = jobs.wake
        return jobs

    async def body(self, run: JobRun) -> None:
        run.progress(done=1, total=2)
        self.started.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.fails:
            raise self.fails.pop(0)
        self.done.append(f"{run.key}:{run.payload(Task).number}")

    async def put(self, key: str, *, after_ms: int = 0) -> int:
        async with self.db.write() as tx:
            return await tx.enqueue("task", key, Task(len(key)), run_after_ms=after_ms)

    async def until_ended(self) -> list[tuple[str, str, int]]:
        async with asyncio.timeout(60):
            while True:
                rows = await self.db.read(ROWS)
                if all(row["state"] not in ("queued", "running") for row in rows):
                    return [(row["key"], row["state"], row["tries"]) for row in rows]
                await asyncio.sleep(0)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    migrated(tmp_path / "x.db")
    async with contextlib.AsyncExitStack() as stack:
        clock = FakeClock()
        db = await Database.open(tmp_path / "x.db", clock=clock)
        stack.push_async_callback(db.close)
        yield Bench(db, clock)


async def test_job_runs_once_with_its_payload(bench: Bench) -> None:
    async with bench.jobs:
        await bench.put("abc")
        ended = await bench.until_ended()

    assert bench.done == ["abc:3"]
    assert ended == [("abc", "done", 1)]


async def test_same_open_key_twice_is_one_job(bench: Bench) -> None:
    bench.gate = asyncio.Event()
    async with bench.jobs:
        first = await bench.put("a")
        await bench.started.wait()
        second = await bench.put("a")
        bench.gate.set()
        await bench.until_ended()
        third = await bench.put("a")
        await bench.until_ended()

    assert first == second != third


async def test_progress_of_a_running_job_can_be_seen(bench: Bench) -> None:
    bench.gate = asyncio.Event()
    async with bench.jobs:
        await bench.put("a")
        await bench.started.wait()
        (row,) = await bench.jobs.open("task")
        bench.gate.set()
        await bench.until_ended()

    assert (row.state, row.progress) == ("running", {"done": 1, "total": 2})


async def test_refusal_of_a_job_is_kept_as_its_error(bench: Bench) -> None:
    bench.fails = [NotFound("The library is gone.")]
    async with bench.jobs:
        await bench.put("a")
        await bench.until_ended()

    assert (await bench.db.read(ROWS))[0]["error"] == "The library is gone."


async def test_failure_of_one_job_does_not_stop_the_lane(bench: Bench) -> None:
    bench.fails = [ZeroDivisionError("x"), ZeroDivisionError("y")]
    async with bench.jobs:
        for key in ("a", "bb", "ccc"):
            await bench.put(key)
        ended = await bench.until_ended()

    assert sorted(state for _, state, _ in ended) == ["done", "failed", "failed"]


async def test_job_that_asks_for_it_is_run_again_when_it_is_due(bench: Bench) -> None:
    bench.fails = [Retry(60_000, "the disk is asleep")]
    async with bench.jobs:
        await bench.put("a")
        async with asyncio.timeout(60):
            while (await bench.db.read(ROWS))[0]["error"] is None:
                await asyncio.sleep(0)
        bench.clock.pass_ms(60_000)
        bench.jobs.wake({"work"})
        ended = await bench.until_ended()

    assert ended == [("a", "done", 2)]


async def test_job_interrupted_by_a_stop_is_resumed_at_the_next_start(bench: Bench) -> None:
    bench.gate = asyncio.Event()
    async with bench.jobs:
        await bench.put("a")
        await bench.started.wait()
    assert (await bench.db.read(ROWS))[0]["state"] == "running"

    bench.gate = None
    async with bench.make():
        ended = await bench.until_ended()

    assert ended == [("a", "done", 2)]


async def test_cancelled_job_ends_and_is_not_resumed(bench: Bench) -> None:
    bench.gate = asyncio.Event()
    async with bench.jobs:
        running = await bench.put("a")
        await bench.started.wait()
        later = await bench.put("b", after_ms=60_000)
        await bench.jobs.cancel(running)
        await bench.jobs.cancel(later)
        ended = await bench.until_ended()

    assert ended == [("a", "cancelled", 1), ("b", "cancelled", 0)]


async def test_end_of_a_job_is_written_down_once_the_disk_has_room(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(jobs, "AGAIN_S", 0.0)
    write, refusals = bench.db.write, [StorageFull("full"), StorageFull("full"), StorageFull("full")]

    @contextlib.asynccontextmanager
    async def full(**how: bool) -> AsyncIterator[Write]:
        # The first is the claim, the others the end of what was claimed.
        if refusals and (len(refusals) == 3 or bench.done):
            raise refusals.pop()
        async with write(**how) as tx:
            yield tx

    async with bench.jobs:
        await bench.put("a")
        monkeypatch.setattr(bench.db, "write", full)
        ended = await bench.until_ended()

    assert ended == [("a", "done", 1)]
    assert refusals == []
    assert "Traceback" not in caplog.text
