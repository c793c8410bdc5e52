"""Child processes: foreign programs (ffmpeg) with bounds on everything, and the command line of children of our own.

A child never outlives its `async with`, and on Linux not even a server that was killed. Pools of our own workers are in
`core.workers`; what runs inside such a worker is in `core.worker_child`.
"""

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import subprocess
import sys
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

import msgspec

from homemedia.core.problems import TimedOut, Unavailable

log = logging.getLogger(__name__)

STDERR_LINES = 200
STDERR_LINE_BYTES = 2000
BUFFER_BYTES = 1 << 20
KILL_WAIT_S = 5.0
# `python -m` does not exist in a frozen program, and an unfrozen one may run from a checkout that is not installed.
BOOT = "import sys; sys.path.append({home!r}); from homemedia.cli import main; sys.exit(main())"


def worker_command(name: str) -> list[str]:
    """Build the command line of a child of our own: `homemedia worker NAME`, frozen or not.

    Source:
        PyInstaller sets `sys.frozen`; `-P` keeps the working folder off the child's import path.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, "worker", name]
    home = str(Path(__file__).resolve().parents[2])
    return [sys.executable, "-P", "-c", BOOT.format(home=home), "worker", name]


class Child:
    """A running child process.

    Its stderr is always read (a full pipe would stop the program); the last lines are kept.
    """

    def __init__(
        self, process: asyncio.subprocess.Process, *, name: str, goodbye: bytes | None, grace_s: float
    ) -> None:
        self._process = process
        self._name = name
        self._goodbye = goodbye
        self._grace_s = grace_s
        self._words: deque[str] = deque(maxlen=STDERR_LINES)
        self._listener = asyncio.create_task(self._listen(), name=f"{name}-stderr")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.returncode

    @property
    def stdin(self) -> asyncio.StreamWriter:
        if self._process.stdin is None:
            raise RuntimeError("the child was started without stdin")
        return self._process.stdin

    @property
    def stdout(self) -> asyncio.StreamReader:
        if self._process.stdout is None:
            raise RuntimeError("the child was started without stdout")
        return self._process.stdout

    @property
    def last_words(self) -> str:
        """The last lines of its stderr, oldest first."""
        return "\n".join(self._words)

    async def wait(self) -> int:
        """Wait until it has ended and all it said has been heard; the exit status, negative for a signal."""
        status = await self._process.wait()
        await asyncio.wait({self._listener}, timeout=1.0)
        return status

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the child and its own children; nothing happens when it has ended."""
        if self._process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                self._process.send_signal(number)
            else:
                os.killpg(self._process.pid, number)

    def kill(self) -> None:
        if sys.platform == "win32":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                self._process.kill()
        else:
            self.signal(signal.SIGKILL)

    async def stop(self) -> None:
        """End it: its own word for goodbye, then terminate, then kill, each with a bounded wait."""
        if self._goodbye is not None and self._process.stdin is not None and self.returncode is None:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self._process.stdin.write(self._goodbye)
            if not await self._has_ended(self._grace_s):
                log.debug("%s did not listen to goodbye", self._name)
        if self.returncode is None:
            self.signal(signal.SIGTERM)
            await self._has_ended(self._grace_s)
        await self.end_now()

    async def end_now(self) -> None:
        """Kill it and wait until it is gone, 5 s at most (a process stuck in the kernel may stay)."""
        self.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        # Both at once: asyncio tells of the end only when the pipes are closed, and closes them only when they are
        # read to their end. A program that was held at a full pipe took the whole 5 s (measured, CPython 3.11).
        has_ended, _ = await asyncio.gather(self._has_ended(KILL_WAIT_S), self._let_go())
        if not has_ended:
            log.warning("%s (pid %d) does not end", self._name, self.pid)

    async def _has_ended(self, within_s: float) -> bool:
        try:
            async with asyncio.timeout(within_s):
                await self._process.wait()
        except TimeoutError:
            return False
        return True

    async def _let_go(self) -> None:
        """Read what is left in the pipes: only then does asyncio close them."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(KILL_WAIT_S):
                if self._process.stdout is not None:
                    with contextlib.suppress(RuntimeError):  # somebody else reads it already
                        while await self._process.stdout.read(BUFFER_BYTES):
                            pass
                await asyncio.wait({self._listener})
        self._listener.cancel()
        await asyncio.gather(self._listener, return_exceptions=True)

    async def _listen(self) -> None:
        stderr = self._process.stderr
        if stderr is None:
            return
        rest = b""
        # Not `readline`: a program that writes a megabyte without an end of line would raise there.
        while chunk := await stderr.read(8192):
            *lines, rest = (rest + chunk).replace(b"\r", b"\n").split(b"\n")
            self._words.extend(_readable(line) for line in lines if line.strip())
            rest = rest[-STDERR_LINE_BYTES:]
        if rest.strip():
            self._words.append(_readable(rest))


def _readable(line: bytes) -> str:
    return line[:STDERR_LINE_BYTES].decode("utf-8", "replace").rstrip()


async def start(
    command: Sequence[str],
    *,
    stdin: bool = False,
    stdout: bool = True,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    nice: int = 10,
    goodbye: bytes | None = None,
    grace_s: float = 2.0,
) -> Child:
    """Start a child the caller will end; prefer `child`, which ends it by itself.

    Raises:
        Unavailable: `program_missing`: there is no such program, or it may not be run.
    """
    program = shutil.which(command[0])
    if program is None:
        raise Unavailable("A program the server needs is not installed.", code="program_missing")
    try:
        process = await asyncio.create_subprocess_exec(
            *await _death_guard(),
            program,
            *command[1:],
            stdin=asyncio.subprocess.PIPE if stdin else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE if stdout else asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            cwd=cwd,
            env=None if env is None else {**os.environ, **env},
            limit=BUFFER_BYTES,
            creationflags=_windows_flags(),
            # A session of its own: Ctrl-C in the terminal is ours to pass on, and the group can be killed as one.
            # (Not `process_group`: uvloop does not know it.)
            start_new_session=True,
        )
    except OSError as err:
        raise Unavailable("A program the server needs could not be started.", code="program_missing") from err
    if sys.platform != "win32" and nice:
        # Right after the start, before the program has made threads (on Linux niceness belongs to a thread).
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, nice)
    return Child(process, name=Path(program).name, goodbye=goodbye, grace_s=grace_s)


@contextlib.asynccontextmanager
async def child(  # noqa: PLR0913 - each is one independent bound or pipe
    command: Sequence[str],
    *,
    limit_s: float | None = None,
    stdin: bool = False,
    stdout: bool = True,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    nice: int = 10,
    goodbye: bytes | None = None,
    grace_s: float = 2.0,
) -> AsyncIterator[Child]:
    """Run a foreign program for as long as the block lasts.

    Args:
        command: program and arguments; the program may be a bare name.
        limit_s: after this many seconds the block is interrupted and the child ended.
        stdin: whether the caller writes to it.
        stdout: whether the caller reads from it (then it must, or the child stops at a full pipe).
        cwd: its working folder.
        env: variables set beside our own.
        nice: how much lower its priority is than ours (0 to 19).
        goodbye: what to write to its stdin when it should end by itself, `b"q"` for ffmpeg; needs `stdin`.
        grace_s: how long goodbye and terminate each may take before the next, harder step.

    Raises:
        TimedOut: `timeout`: the limit was reached.
        Unavailable: `program_missing`.
    """
    running = await start(
        command, stdin=stdin, stdout=stdout, cwd=cwd, env=env, nice=nice, goodbye=goodbye, grace_s=grace_s
    )
    limit = asyncio.timeout(limit_s)
    try:
        async with limit:
            yield running
    except TimeoutError as err:
        if limit.expired():
            raise TimedOut("A program took too long and was stopped.", code="timeout") from err
        raise
    finally:
        await running.stop()


class Finished(msgspec.Struct, frozen=True):
    """What a program left behind: exit status (negative for a signal), stdout, and the last lines of stderr."""

    status: int
    stdout: bytes
    last_words: str


async def output_of(
    command: Sequence[str], *, limit_s: float, max_bytes: int = 16 << 20, env: Mapping[str, str] | None = None
) -> Finished:
    """Run a program to its end and answer what it wrote.

    Raises:
        TimedOut: it ran longer than `limit_s`.
        Unavailable: `program_missing`, or `output_too_large`: it wrote more than `max_bytes`.
    """
    async with child(command, limit_s=limit_s, env=env) as running:
        written = bytearray()
        while chunk := await running.stdout.read(BUFFER_BYTES):
            written += chunk
            if len(written) > max_bytes:
                raise Unavailable("A program answered more than expected.", code="output_too_large")
        status = await running.wait()
        return Finished(status, bytes(written), running.last_words)


def _windows_flags() -> int:
    if sys.platform == "win32":
        return (
            subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        )
    return 0


_found_guard: list[tuple[str, ...]] = []


async def _death_guard() -> tuple[str, ...]:
    """Words to put before a command so that it dies with us even when we are killed; empty where there are none.

    The parent-death signal must be set inside the child. `preexec_fn` would run Python between fork and exec, which
    may deadlock in a program with threads; `setpriv` of util-linux does it in 1 ms and then becomes the program.
    Busybox has a `setpriv` without this option, hence the trial, once.
    """
    if not _found_guard:
        _found_guard.append(await _try_guard())
    return _found_guard[0]


async def _try_guard() -> tuple[str, ...]:
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    if setpriv is None:
        return ()
    guard = (setpriv, "--pdeathsig", "KILL")
    quiet = asyncio.subprocess.DEVNULL
    try:
        async with asyncio.timeout(2.0):
            trial = await asyncio.create_subprocess_exec(*guard, "true", stdin=quiet, stdout=quiet, stderr=quiet)
            return guard if await trial.wait() == 0 else ()
    except (OSError, TimeoutError):
        return ()
