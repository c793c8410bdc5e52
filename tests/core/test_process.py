"""Child processes: bounds, endings, and what they leave behind."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from homemedia.core import process
from homemedia.core.problems import TimedOut, Unavailable
from homemedia.core.process import Child, child, output_of, worker_command

PYTHON = [sys.executable, "-S", "-c"]
PATIENCE_S = 60.0
HOME = str(Path(process.__file__).resolve().parents[2])


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


async def test_output_status_and_last_words_are_answered() -> None:
    done = await output_of(
        [*PYTHON, "import sys; print('hello'); sys.stderr.write('a\\nb\\n'); sys.exit(3)"], limit_s=PATIENCE_S
    )

    assert (done.status, done.stdout.strip(), done.last_words) == (3, b"hello", "a\nb")


async def test_a_flood_on_stderr_neither_blocks_nor_is_kept_whole() -> None:
    flood = "import sys; sys.stderr.write('x' * 3_000_000 + '\\n'); [sys.stderr.write(f'{n}\\n') for n in range(9000)]"

    done = await output_of([*PYTHON, flood], limit_s=PATIENCE_S)

    assert done.status == 0
    assert done.last_words.splitlines()[-1] == "8999"
    assert len(done.last_words) < 200_000


async def test_more_output_than_allowed_ends_the_program() -> None:
    with pytest.raises(Unavailable) as refused:
        await output_of([*PYTHON, "while True: print('x' * 1000)"], limit_s=PATIENCE_S, max_bytes=100_000)

    assert refused.value.code == "output_too_large"


async def test_a_missing_program_is_said_so() -> None:
    with pytest.raises(Unavailable) as refused:
        await output_of(["no-such-program-here"], limit_s=1)

    assert refused.value.code == "program_missing"


async def test_the_limit_interrupts_the_block_and_kills_even_a_stubborn_program() -> None:
    started: list[Child] = []

    async def run_for_ever() -> None:
        # What is ignored is ignored by children from their first moment on.
        before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
        try:
            async with child([*PYTHON, "import time; time.sleep(600)"], limit_s=0.5, grace_s=0.1) as running:
                started.append(running)
                await running.wait()
        finally:
            signal.signal(signal.SIGTERM, before)

    with pytest.raises(TimedOut) as refused:
        await run_for_ever()

    assert refused.value.code == "timeout"
    assert [run.returncode for run in started] == [-signal.SIGKILL]


async def test_leaving_the_block_early_ends_the_program() -> None:
    async with child([*PYTHON, "import time; print('up', flush=True); time.sleep(600)"]) as running:
        await running.stdout.readline()

    assert running.returncode == -signal.SIGTERM


async def test_a_program_that_listens_to_goodbye_ends_by_itself() -> None:
    listens = "import sys; print('up', flush=True); sys.exit(5 if sys.stdin.read(1) == 'q' else 6)"

    async with child([*PYTHON, listens], stdin=True, goodbye=b"q", grace_s=PATIENCE_S) as running:
        await running.stdout.readline()

    assert running.returncode == 5


@pytest.mark.skipif(sys.platform == "win32", reason="no niceness there")
async def test_a_program_held_at_a_full_pipe_is_gone_when_it_is_ended(caplog: pytest.LogCaptureFixture) -> None:
    flood = "import sys\nwhile True: sys.stdout.buffer.write(bytes(1 << 16))"
    async with child([*PYTHON, flood]) as running:
        await running.stdout.readexactly(1)
        while not running._process._transport.get_pipe_transport(1)._paused:  # type: ignore[attr-defined]
            await asyncio.sleep(0)

        await running.end_now()

        assert running.returncode == -signal.SIGKILL
    assert "does not end" not in caplog.text


async def test_children_run_at_a_lower_priority_in_a_group_of_their_own() -> None:
    async with child(
        [*PYTHON, "import os; input(); print(os.nice(0), os.getpgid(0) == os.getpid())"], stdin=True
    ) as run:
        run.stdin.write(b"\n")
        line = await run.stdout.readline()

    assert line.split() == [str(min(19, os.nice(0) + 10)).encode(), b"True"]


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux' own")
async def test_children_die_with_a_server_that_was_killed() -> None:
    server = textwrap.dedent(f"""
        import asyncio, sys
        sys.path.append({HOME!r})
        from homemedia.core.process import child, _death_guard
        async def main():
            sleeper = "import time; print('up', flush=True); time.sleep(600)"
            async with child([sys.executable, "-S", "-c", sleeper]) as run:
                await run.stdout.readline()
                print(run.pid if await _death_guard() else 0, flush=True)
                await asyncio.sleep(600)
        asyncio.run(main())
    """)
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", server, stdout=asyncio.subprocess.PIPE, stdin=asyncio.subprocess.DEVNULL
    )
    assert parent.stdout is not None
    pid = int(await parent.stdout.readline())
    if not pid:
        parent.kill()
        await parent.communicate()
        pytest.skip("setpriv of util-linux is not installed")

    fd = os.pidfd_open(pid)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(fd, ended.set)
    parent.kill()
    await parent.communicate()
    async with asyncio.timeout(PATIENCE_S):
        await ended.wait()
    asyncio.get_running_loop().remove_reader(fd)
    os.close(fd)

    assert not is_alive(pid)


def test_the_worker_command_differs_only_when_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    command = worker_command("media")
    assert command[0] == sys.executable
    assert command[-2:] == ["worker", "media"]

    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert worker_command("media") == [sys.executable, "worker", "media"]


def test_the_worker_command_finds_the_program_from_any_folder(tmp_path: Path) -> None:
    command = worker_command("media")
    probe = command[3].split("; from homemedia.cli")[0] + "; import homemedia; print(homemedia.__version__)"

    done = subprocess.run(
        [*command[:3], probe], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=PATIENCE_S
    )

    assert done.stdout.strip()
