"""Asks disks, and gives up on one that does not answer, so that a dead disk costs nobody but itself.

Threat: a network disk that is gone does not refuse, it is silent, and a thread that asked it hangs in the kernel for as
long as it likes. So each question has a thread of its own, which nobody waits for longer than a limit, and a disk that
was silent is left alone for a while. Such threads are daemons: they do not keep the server from ending.
"""

import asyncio
import contextlib
import ctypes
import platform
import sys
import threading
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import msgspec

from homemedia.core.worker_child import IOPRIO_SET
from homemedia.library.scan.roots import mount_of

P = ParamSpec("P")
T = TypeVar("T")

LIMIT_S = 30.0
# After the first silence a disk is asked again in a minute, then in two, in four …
AGAIN_S = 60.0
MOST_STUCK = 6
# The lowest step of "best effort", as the media workers have it.
LOWEST = (2 << 13) | 7


class DiskSilent(Exception):  # noqa: N818 - a state of the disk, told to the administrator
    """The disk at `disk` did not answer within the limit."""

    def __init__(self, disk: str, limit_s: float) -> None:
        super().__init__(disk)
        self.disk = disk
        self.sentence = (
            f"The disk of {disk} did not answer for {limit_s:.0f} seconds. Nothing was removed. "
            "Check its cable, its power or its network; it is looked at again by itself."
        )


class Pulse:
    """Beaten by whoever works on a disk, each time it answered."""

    __slots__ = ("at_s",)

    def __init__(self) -> None:
        self.at_s = time.monotonic()

    def beat(self) -> None:
        self.at_s = time.monotonic()


class _Call(msgspec.Struct, eq=False):
    """`is_given_up`: nobody waits for it any more."""

    is_given_up: bool = False


class Disks:
    """Threads that read disks, at low priority.

    Args:
        limit_s: how long one question, or one beat of a long one, may take.
    """

    def __init__(self, limit_s: float | None = None) -> None:
        self.limit_s = LIMIT_S if limit_s is None else limit_s
        self._stuck: dict[str, list[float]] = {}

    async def ask(self, disk: str, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Answer what `fn` answers, raise what it raises.

        A keyword `pulse` is beaten by `fn`: then the limit counts from its last beat.

        Args:
            disk: what is asked, by the path of its root; the one that is left alone when it is silent.
            fn: blocking.
            args: of `fn`.
            kwargs: of `fn`.

        Raises:
            DiskSilent: it did not answer, or did not lately.
        """
        given = kwargs.get("pulse")
        pulse = given if isinstance(given, Pulse) else Pulse()
        return await self._asked(disk, lambda: fn(*args, **kwargs), pulse, self.limit_s)

    async def ask_within(self, limit_s: float, disk: str, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same with a limit of its own, for whom a person waits."""
        return await self._asked(disk, lambda: fn(*args, **kwargs), Pulse(), limit_s)

    async def ask_about(self, limit_s: float, path: str, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for any path: what is left alone when it is silent is the disk that is mounted there."""
        return await self.ask_within(limit_s, mount_of(path)[0], fn, *args, **kwargs)

    def is_silent(self, disk: str) -> bool:
        """Whether the disk was silent lately and is not asked for the moment."""
        stuck = self._stuck.get(disk)
        if not stuck:
            return False
        return len(stuck) >= MOST_STUCK or time.monotonic() - stuck[-1] < AGAIN_S * 2 ** (len(stuck) - 1)

    async def _asked(self, disk: str, work: Callable[[], T], pulse: Pulse, limit_s: float) -> T:
        if self.is_silent(disk):
            raise DiskSilent(disk, limit_s)
        pulse.beat()
        call = _Call()
        answer = self._begin(disk, work, call)
        try:
            while True:
                left_s = limit_s - (time.monotonic() - pulse.at_s)
                if left_s <= 0:
                    self._stuck.setdefault(disk, []).append(time.monotonic())
                    raise DiskSilent(disk, limit_s)
                await asyncio.wait({answer}, timeout=left_s)
                if answer.done():
                    return answer.result()
        finally:
            call.is_given_up = True

    def _begin(self, disk: str, work: Callable[[], T], call: _Call) -> "asyncio.Future[T]":
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def settle(result: T | None, err: BaseException | None) -> None:
            if call.is_given_up:
                # It answered after all: whoever asks next is heard.
                self._stuck.pop(disk, None)
            elif err is not None:
                answer.set_exception(err)
            else:
                answer.set_result(result)  # type: ignore[arg-type]

        def run() -> None:
            stand_back()
            result, failure = None, None
            try:
                result = work()
            except BaseException as err:  # noqa: BLE001 - raised again where it was asked for
                failure = err
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to hear
                loop.call_soon_threadsafe(settle, result, failure)

        threading.Thread(target=run, name=f"disk {disk}", daemon=True).start()
        return answer


def stand_back() -> None:
    """Let this thread's reading and writing wait for everybody else's, where the system knows how to."""
    if _ioprio_set is not None:
        _ioprio_set(IOPRIO_SET[platform.machine()], 1, 0, LOWEST)


def _find_ioprio() -> Callable[..., int] | None:
    if sys.platform != "linux" or platform.machine() not in IOPRIO_SET:
        return None
    return ctypes.CDLL(None).syscall


_ioprio_set = _find_ioprio()
