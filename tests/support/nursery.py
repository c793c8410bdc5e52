"""Workers that are born with everything loaded: one process of the test run has the decoders, and its forks serve.

A worker takes half a second of processor time to load them, and some seven hundred tests start one. What a fork does is
what `homemedia worker media` does; `tests/media` and the flows that start the whole program use the real command.
"""

import array
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
# The child the server knows: it hands its pipes over and is there for as long as the fork is, each way.
RELAY = """
import array, json, os, socket, sys
line = socket.socket(socket.AF_UNIX)
line.connect(sys.argv[1])
pipes = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))]
line.sendmsg([json.dumps([os.getcwd(), dict(os.environ)]).encode() + b"\\n"], pipes)
os.close(0), os.close(1)
status = line.recv(4)
os._exit(int(status) if status else 1)
"""
LOADED = (
    "guessit",
    "pillow_heif",
    *(f"homemedia.media.{name}" for name in ("audio", "developing", "guess", "images", "keyframes", "probe", "stills")),
)


@contextlib.contextmanager
def nursery() -> Iterator[list[str]]:
    """A nursery that is open; the command line of a media worker of its."""
    folder = Path(tempfile.mkdtemp(prefix="hm-nursery-"))
    address = folder / "door"
    boot = f"import sys; sys.path.insert(0, {str(REPOSITORY)!r}); from tests.support.nursery import keep; keep()"
    keeper = subprocess.Popen([sys.executable, "-c", boot, str(address)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert keeper.stdout is not None
        assert keeper.stdout.readline() == b"open\n"
        # Without `site` and the environment: the relay needs neither, and begins in 10 ms.
        yield [sys.executable, "-I", "-S", "-c", RELAY, str(address)]
    finally:
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        keeper.stdin.close()
        keeper.wait(timeout=30)
        keeper.stdout.close()
        shutil.rmtree(folder)


def keep() -> None:
    """Load everything, then fork for each who comes, until stdin closes."""
    import importlib  # noqa: PLC0415 - of this process alone, as what follows

    for name in LOADED:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(sys.argv[1])
        door.listen(64)
        os.write(1, b"open\n")
        while _is_wanted(door):
            line, _ = door.accept()
            with line:
                if os.fork() == 0:
                    door.close()
                    _serve(line)


def _is_wanted(door: socket.socket) -> bool:
    """Wait for somebody at the door; False when stdin has closed."""
    import select  # noqa: PLC0415

    ready, _, _ = select.select([0, door.fileno()], [], [])
    return 0 not in ready


def _serve(line: socket.socket) -> None:
    """Be the worker; never returns."""
    pipes = array.array("i")
    message, extra, _, _ = line.recvmsg(1 << 20, socket.CMSG_SPACE(3 * pipes.itemsize))
    while not message.endswith(b"\n"):
        more = line.recv(1 << 20)
        if not more:
            os._exit(1)  # who came was killed before it could say what it wants
        message += more
    for _, _, data in extra:
        pipes.frombytes(data)
    folder, environment = json.loads(message)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, pipe in enumerate(pipes):
        os.dup2(pipe, number)
        os.close(pipe)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(line,), daemon=True).start()
    from homemedia.media import worker  # noqa: PLC0415

    try:
        worker.main()
    finally:
        os._exit(1)


def _end_with(line: socket.socket) -> None:
    """The child the server knows was killed."""
    line.recv(1)
    os._exit(1)
