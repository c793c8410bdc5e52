"""Lanes: blocking work beside the loop."""

import asyncio
import threading

import pytest

from homemedia.core.problems import Unavailable
from homemedia.core.threads import Lane


async def test_answers_and_errors_of_the_function_reach_the_caller() -> None:
    async with Lane("lane", 1) as lane:
        assert await lane.run(divmod, 7, 2) == (3, 1)
        with pytest.raises(ZeroDivisionError):
            await lane.run(divmod, 7, 0)


async def test_no_more_calls_run_at_once_than_the_lane_has_workers() -> None:
    lock = threading.Lock()
    running = highest = 0
    together = threading.Barrier(2, timeout=60)

    def work() -> None:
        nonlocal running, highest
        with lock:
            running += 1
            highest = max(highest, running)
        together.wait()
        with lock:
            running -= 1

    async with Lane("lane", 2) as lane:
        await asyncio.gather(*(lane.run(work) for _ in range(6)))

    assert highest == 2


async def test_closing_leaves_no_thread_behind() -> None:
    lane = Lane("short-lived", 3)
    await asyncio.gather(*(lane.run(len, "x") for _ in range(9)))

    assert await lane.close()

    assert not [thread for thread in threading.enumerate() if thread.name.startswith("short-lived")]
    with pytest.raises(Unavailable):
        await lane.run(len, "x")


async def test_closing_drops_what_has_not_begun_and_does_not_wait_for_ever() -> None:
    release, began = threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def stuck() -> None:
        loop.call_soon_threadsafe(began.set)
        release.wait(60)

    lane = Lane("stuck", 1)
    first = asyncio.create_task(lane.run(stuck))
    await began.wait()
    second = asyncio.create_task(lane.run(len, "x"))
    await asyncio.wait({second}, timeout=0)

    assert not await lane.close(limit_s=0.05)

    with pytest.raises(asyncio.CancelledError):
        await second
    release.set()
    await first
    assert await lane.close()
