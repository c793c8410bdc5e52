"""The pool of our own workers, and the child's side of it."""

import asyncio
import os
import signal
import sys
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from homemedia.core import workers
from homemedia.core.problems import TimedOut, Unavailable
from homemedia.core.workers import OperationFailed, WorkerCrashed, WorkerPool

HOME = str(Path(workers.__file__).resolve().parents[2])
WORKER = textwrap.dedent(f"""
    import os, sys, time
    sys.path.append({HOME!r})
    from homemedia.core.problems import Unprocessable
    from homemedia.core.worker_child import serve_worker

    def double(numbers: list[int]) -> list[int]:
        return [2 * number for number in numbers]

    def refuse(what: str) -> None:
        raise Unprocessable("No " + what + ".", code="not_wanted")

    def stumble(what: str) -> None:
        raise RuntimeError(what)

    def die(status: int) -> None:
        os._exit(status)

    def hang(seconds: float) -> str:
        time.sleep(seconds)
        return "awake"

    def await_file(path: str) -> str:
        while not os.path.exists(path):
            time.sleep(0.01)
        return "awake"

    def chatter(what: str) -> str:
        print("to stdout: " + what)
        os.write(1, b"raw bytes")
        return "x" * 3_000_000 + str(sys.stdin.read())

    def who(_: None) -> list[int]:
        return [os.getpid(), os.nice(0)]

    operations = [double, refuse, stumble, die, hang, await_file, chatter, who]
    serve_worker({{operation.__name__: operation for operation in operations}})
""")
PATIENCE_S = 60.0
COMMAND = [sys.executable, "-c", WORKER]


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    async with WorkerPool("test", limit=2, command=COMMAND) as made:
        yield made


async def pid_of(pool: WorkerPool) -> int:
    return (await pool.call("who", None, list[int], limit_s=PATIENCE_S))[0]


async def test_one_child_answers_several_requests_in_turn(pool: WorkerPool) -> None:
    assert await pool.call("double", [1, 2], list[int], limit_s=PATIENCE_S) == [2, 4]

    assert await pid_of(pool) == await pid_of(pool)
    assert pool.children == 1


async def test_what_is_cancelled_is_broken_off_where_that_is_wished_for() -> None:
    async with WorkerPool("test", limit=1, command=COMMAND, drops_cancelled=True) as pool:
        before = await pid_of(pool)
        hanging = asyncio.create_task(pool.call("hang", 600.0, str, limit_s=600))
        while not pool._busy:
            await asyncio.sleep(0)

        hanging.cancel()

        assert await pid_of(pool) != before


async def test_what_is_cancelled_while_its_child_starts_leaves_the_child_to_the_next() -> None:
    async with WorkerPool("test", limit=1, command=COMMAND, drops_cancelled=True) as pool:
        hanging = asyncio.create_task(pool.call("hang", 600.0, str, limit_s=600))
        while not pool._tasks:
            await asyncio.sleep(0)
        hanging.cancel()

        assert await pool.call("double", [4], list[int], limit_s=PATIENCE_S) == [8]
        assert pool.children == 1


async def test_requests_at_the_same_time_use_no_more_children_than_allowed(pool: WorkerPool) -> None:
    pids = await asyncio.gather(*(pid_of(pool) for _ in range(12)))

    assert len(set(pids)) <= 2
    assert pool.children <= 2


async def test_a_refusal_arrives_with_its_code_and_sentence(pool: WorkerPool) -> None:
    with pytest.raises(OperationFailed) as refused:
        await pool.call("refuse", "more", str, limit_s=PATIENCE_S)

    assert (refused.value.code, refused.value.message) == ("not_wanted", "No more.")


@pytest.mark.parametrize("operation", ["stumble", "double", "unknown"])
async def test_an_unexpected_error_costs_only_its_own_request(pool: WorkerPool, operation: str) -> None:
    before = await pid_of(pool)

    with pytest.raises(OperationFailed) as refused:
        await pool.call(operation, "not a list of numbers", str, limit_s=PATIENCE_S)

    assert refused.value.code == "operation_failed"
    assert await pid_of(pool) == before


async def test_a_child_that_dies_is_replaced(pool: WorkerPool) -> None:
    before = await pid_of(pool)

    with pytest.raises(WorkerCrashed):
        await pool.call("die", 3, str, limit_s=PATIENCE_S)

    assert await pid_of(pool) != before


async def test_a_child_killed_while_idle_is_replaced(pool: WorkerPool) -> None:
    before = await pid_of(pool)
    [(worker, _)] = pool._idle

    os.kill(before, signal.SIGKILL)
    await worker.wait()

    assert await pid_of(pool) != before


async def test_a_child_that_hangs_is_killed_at_the_limit(pool: WorkerPool) -> None:
    before = await pid_of(pool)

    with pytest.raises(TimedOut) as refused:
        await pool.call("hang", 600.0, str, limit_s=0.2)

    assert refused.value.code == "timeout"
    assert await pid_of(pool) != before


async def test_a_caller_who_leaves_does_not_spoil_the_next_answer(pool: WorkerPool) -> None:
    before = await pid_of(pool)
    leaving = asyncio.create_task(pool.call("hang", 0.1, str, limit_s=PATIENCE_S))
    await asyncio.wait({leaving}, timeout=0.01)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)

    answers = await asyncio.gather(*(pool.call("double", [n], list[int], limit_s=PATIENCE_S) for n in range(6)))

    assert answers == [[2 * n] for n in range(6)]
    assert before in {await pid_of(pool), await pid_of(pool)} or pool.children == 2


async def test_a_caller_who_leaves_the_queue_is_never_served(tmp_path: Path) -> None:
    async with WorkerPool("test", limit=1, command=COMMAND) as pool:
        before = await pid_of(pool)
        working = asyncio.create_task(pool.call("await_file", str(tmp_path / "go"), str, limit_s=PATIENCE_S))
        waiting = asyncio.create_task(pool.call("die", 3, str, limit_s=PATIENCE_S))
        await asyncio.wait({working, waiting}, timeout=0.01)
        waiting.cancel()
        (tmp_path / "go").touch()

        assert await working == "awake"
        assert await pid_of(pool) == before
        assert waiting.cancelled()


async def test_what_a_library_prints_does_not_mix_with_answers(pool: WorkerPool) -> None:
    assert await pool.call("chatter", "noise", str, limit_s=PATIENCE_S) == "x" * 3_000_000


@pytest.mark.skipif(sys.platform == "win32", reason="no niceness there")
async def test_workers_stand_back_behind_the_server(pool: WorkerPool) -> None:
    assert (await pool.call("who", None, list[int], limit_s=PATIENCE_S))[1] >= 10


async def test_an_idle_child_is_ended() -> None:
    async with WorkerPool("test", limit=1, idle_s=0.2, command=COMMAND) as pool:
        await pool.call("double", [1], list[int], limit_s=PATIENCE_S)

        async with asyncio.timeout(PATIENCE_S):
            while pool.children:
                await asyncio.sleep(0.01)


async def test_closing_ends_work_under_way_and_refuses_more() -> None:
    pool = WorkerPool("test", limit=1, command=COMMAND)
    await pid_of(pool)
    under_way = asyncio.create_task(pool.call("hang", 600.0, str, limit_s=900))
    waiting = asyncio.create_task(pool.call("hang", 600.0, str, limit_s=900))
    await asyncio.wait({under_way, waiting}, timeout=0.05)

    async with asyncio.timeout(PATIENCE_S):
        await pool.close()

    for call in (under_way, waiting):
        with pytest.raises(Unavailable):
            await call
    with pytest.raises(Unavailable):
        await pid_of(pool)
    assert pool.children == 0


async def test_a_worker_that_cannot_start_is_said_so() -> None:
    async with WorkerPool("test", command=["no-such-program-here"]) as pool:
        with pytest.raises(Unavailable):
            await pid_of(pool)


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
async def test_a_worker_ends_when_its_stdin_closes_even_in_mid_work() -> None:
    worker = await asyncio.create_subprocess_exec(
        *COMMAND, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert worker.stdin is not None
    body = b"\x92\xa4hang\xca\x42\x70\x00\x00"  # ["hang", 60.0]
    worker.stdin.write(len(body).to_bytes(4, "big") + body)
    await worker.stdin.drain()

    worker.stdin.close()

    async with asyncio.timeout(PATIENCE_S):
        await worker.communicate()
    assert worker.returncode == 0
