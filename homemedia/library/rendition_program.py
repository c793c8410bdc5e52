"""The program that converts videos in the background: below everything else, and at rest while somebody plays."""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable
from functools import partial
from typing import Final

from homemedia.core.problems import StorageFull, TimedOut, Unprocessable
from homemedia.core.process import Child, start
from homemedia.core.stillness import Disturbed, Stillness

_log = logging.getLogger(__name__)

# Whoever waits for a picture, a scan or a film goes first.
NICE: Final = 19
# At work for so long without a picture it hangs; the last pass over a large file says nothing either.
SILENT_S: Final = 300.0
LOOK_S: Final = 5.0
NO_SPACE: Final = "No space left on device"
WORDS: Final = 300


class Converter:
    """Runs one program at a time.

    Args:
        stillness: when it may work.
    """

    def __init__(self, stillness: Stillness) -> None:
        self._stillness = stillness
        self._is_held = False
        self._child: Child | None = None

    @property
    def is_working(self) -> bool:
        return self._child is not None and not self._is_held

    async def run(self, command: list[str], report: Callable[[int], None]) -> None:
        """Have a program do its work, in as many quiet stretches as it takes.

        Args:
            command: ffmpeg, told to write how far it is to standard output.
            report: told how much is made, in ms.

        Raises:
            StorageFull: the disk is full.
            TimedOut: it hangs.
            Unavailable: `program_missing`.
            Unprocessable: `conversion_failed`.
        """
        while not await self._is_done(command, report):
            pass

    async def _is_done(self, command: list[str], report: Callable[[int], None]) -> bool:
        """Let it work; False where it was broken off, to begin anew."""
        await self._stillness.wait()
        child = self._child = await start(command, nice=NICE)
        try:
            work = self._watched(child, report)
            if sys.platform == "win32":  # nothing there lets a program rest
                await self._stillness.during(work)
            else:
                hold, go_on = partial(self._hold, child, signal.SIGSTOP), partial(self._hold, child, signal.SIGCONT)
                await self._stillness.pausing(work, hold, go_on)
        except Disturbed:
            return False
        finally:
            self._child = None
            await child.end_now()
        return True

    def _hold(self, child: Child, number: signal.Signals) -> None:
        self._is_held = number != signal.SIGCONT
        child.signal(number)

    async def _watched(self, child: Child, report: Callable[[int], None]) -> None:
        """Follow the program to its end."""
        loop = asyncio.get_running_loop()
        reached, silent_s, last_s = -1, 0.0, loop.time()
        while (line := await _line(child)) != b"":
            now_s = loop.time()
            silent_s += 0.0 if self._is_held else now_s - last_s
            last_s = now_s
            at = _made_us(line)
            if at > reached:
                reached, silent_s = at, 0.0
                report(at // 1000)
            elif silent_s > SILENT_S:
                raise TimedOut("A program took too long and was stopped.", code="timeout")
        if await child.wait() != 0:
            raise _refusal(child.last_words)


async def _line(child: Child) -> bytes | None:
    """What it says next; nothing at its end, None when it says nothing for a while."""
    try:
        async with asyncio.timeout(LOOK_S):
            return await child.stdout.readline()
    except TimeoutError:
        return None


def _made_us(line: bytes | None) -> int:
    """How much is made, where a line says it; -1 where it does not."""
    name, _, value = (line or b"").strip().partition(b"=")
    return int(value) if name == b"out_time_us" and value.isdigit() else -1


def _refusal(words: str) -> StorageFull | Unprocessable:
    if NO_SPACE in words:
        return StorageFull("The disk for playable videos is full.")
    _log.info("a conversion failed: %s", words[-WORDS:])
    return Unprocessable(
        f"This video could not be converted: {words.rpartition(chr(10))[2][-WORDS:]}", code="conversion_failed"
    )
