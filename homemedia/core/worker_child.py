"""Inside a worker of our own: requests come in by stdin, answers go out by stdout, one after the other.

A frame is four bytes of length (big-endian) and that much msgpack. This module imports little on purpose: it decides
how fast a worker starts.
"""

import contextlib
import ctypes
import os
import platform
import queue
import struct
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, get_type_hints

import msgspec

from homemedia.core.problems import AppError

HEADER = struct.Struct(">I")
FRAME_LIMIT_BYTES = 256 << 20

# Linux only: numbers of the system call `ioprio_set`, which the C library does not wrap.
IOPRIO_SET = {"x86_64": 251, "aarch64": 30}
PR_SET_PDEATHSIG = 1
SIGKILL = 9

Operation = Callable[[Any], object]


class Request(msgspec.Struct, frozen=True, array_like=True):
    operation: str
    argument: msgspec.Raw


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """`code` is empty when it went well; then `result` is what the operation answered."""

    result: msgspec.Raw
    code: str = ""
    message: str = ""


def serve_worker(operations: Mapping[str, Operation]) -> None:
    """Answer requests until stdin closes or the parent dies; returns never.

    Args:
        operations: name → function of one argument, whose annotation says how the argument is decoded. An `AppError`
            it raises reaches the caller with its code and sentence; any other exception as `operation_failed`.
    """
    requests, answers = take_pipes()
    stand_back()
    die_with_parent()
    inbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read_frames, args=(requests, inbox), name="requests", daemon=True).start()
    kinds: dict[str, object] = {}
    encoder = msgspec.msgpack.Encoder()
    while True:
        body = encoder.encode(_answer(operations, kinds, inbox.get()))
        try:
            answers.write(HEADER.pack(len(body)))
            answers.write(body)
            answers.flush()
        except OSError:  # nobody is there to read it
            os._exit(0)


def _answer(operations: Mapping[str, Operation], kinds: dict[str, object], body: bytes) -> Answer:
    nothing = msgspec.Raw(b"\xc0")
    try:
        request = msgspec.msgpack.decode(body, type=Request)
        operation = operations[request.operation]
        if request.operation not in kinds:
            hints = get_type_hints(operation)
            kinds[request.operation] = next((kind for name, kind in hints.items() if name != "return"), Any)
        argument = msgspec.msgpack.decode(request.argument, type=kinds[request.operation])
        return Answer(msgspec.Raw(msgspec.msgpack.encode(operation(argument))))
    except AppError as err:
        return Answer(nothing, err.code, err.message)
    except Exception:  # noqa: BLE001 - the edge of the worker's loop: one bad file must not end it
        traceback.print_exc(file=sys.stderr)
        return Answer(nothing, "operation_failed", "The file could not be worked on.")


def _read_frames(requests: BinaryIO, inbox: queue.SimpleQueue[bytes]) -> None:
    """Read ahead of the work, so that a closed pipe ends the worker even in the middle of a long call."""
    while len(header := requests.read(HEADER.size)) == HEADER.size:
        (length,) = HEADER.unpack(header)
        body = requests.read(length)
        if len(body) != length:
            break
        inbox.put(body)
    os._exit(0)


def take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep stdin and stdout for frames alone: whatever prints writes to stderr, whatever reads finds nothing."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, answers


def stand_back() -> None:
    """Let everything else go first, and be the first to go when memory runs out."""
    if sys.platform == "win32":  # the parent has set the priority class
        return
    with contextlib.suppress(OSError):
        os.nice(max(0, 10 - os.nice(0)))
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("600", encoding="ascii")
    number = IOPRIO_SET.get(platform.machine())
    if number is not None:
        # Lowest step of "best effort", not "idle": a person waits for some of the pictures made here, and a busy disk
        # would never get to an idle reader.
        ctypes.CDLL(None).syscall(number, 1, 0, (2 << 13) | 7)


def die_with_parent() -> None:
    """Ask Linux to kill us when the parent dies; elsewhere the closed stdin does it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)
