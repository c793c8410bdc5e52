"""Disks that do not answer: asked within a limit, left alone for a while, heard again once they answer."""

import asyncio
import ctypes
import platform
import sys
import threading
from collections.abc import Iterator

import pytest

from homemedia.core.worker_child import IOPRIO_SET
from homemedia.library.scan import disks
from homemedia.library.scan.disks import Disks, DiskSilent, Pulse


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    opened = threading.Event()
    yield opened
    opened.set()


async def test_answer_and_error_of_a_disk_are_handed_on() -> None:
    asked = Disks()

    assert await asked.ask("/films", len, "abc") == 3
    with pytest.raises(FileNotFoundError):
        await asked.ask("/films", _fail, FileNotFoundError(2, "gone"))


def _threads(disk: str) -> int:
    return sum(thread.name == f"disk {disk}" for thread in threading.enumerate())


def _fail(err: Exception) -> None:
    raise err


async def test_silent_disk_is_given_up_and_left_alone(gate: threading.Event) -> None:
    asked = Disks(0.05)

    for _ in range(20):
        with pytest.raises(DiskSilent) as told:
            await asked.ask("/films", gate.wait)
    other = await asked.ask("/shows", len, "ab")

    assert told.value.disk == "/films"
    assert "/films did not answer" in told.value.sentence
    assert _threads("/films") == 1
    assert (asked.is_silent("/films"), asked.is_silent("/shows"), other) == (True, False, 2)


async def test_disk_that_answers_late_is_heard_again(gate: threading.Event) -> None:
    asked = Disks(0.05)
    with pytest.raises(DiskSilent):
        await asked.ask("/films", gate.wait)

    gate.set()
    async with asyncio.timeout(60):
        while asked.is_silent("/films"):
            await asyncio.sleep(0)

    assert await asked.ask("/films", len, "abc") == 3


async def test_silent_disk_is_tried_again_after_a_while_but_not_for_ever(
    gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disks, "AGAIN_S", 0.0)
    asked = Disks(0.01)

    for _ in range(disks.MOST_STUCK + 5):
        with pytest.raises(DiskSilent):
            await asked.ask("/dead", gate.wait)

    assert _threads("/dead") == disks.MOST_STUCK


class HourGlass:
    """Stands in for the module `time`; it runs when a test says so."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.mark.parametrize("is_alive", [True, False])
async def test_slow_disk_is_waited_for_as_long_as_it_goes_on_answering(
    monkeypatch: pytest.MonkeyPatch, *, is_alive: bool
) -> None:
    glass = HourGlass()
    monkeypatch.setattr(disks, "time", glass)
    asked = Disks(0.05)
    looked = threading.Event()

    def slowly(pulse: Pulse) -> str:
        for _ in range(4):
            looked.wait(0.1)  # longer than the limit: it is looked after
            glass.now_s += 0.04
            if is_alive:
                pulse.beat()
        looked.wait(0.1)
        return "done"

    if is_alive:
        assert await asked.ask("/films", slowly, pulse=Pulse()) == "done"
    else:
        with pytest.raises(DiskSilent):
            await asked.ask("/films", slowly, pulse=Pulse())


async def test_caller_who_leaves_leaves_no_trace(gate: threading.Event) -> None:
    asked = Disks(10)
    task = asyncio.create_task(asked.ask("/films", gate.wait))
    await asyncio.sleep(0)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not asked.is_silent("/films")


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in IOPRIO_SET, reason="only Linux has priorities of reading"
)
async def test_disks_are_read_after_everybody_else() -> None:
    number = {"x86_64": 252, "aarch64": 31}[platform.machine()]

    def priority() -> int:
        return int(ctypes.CDLL(None).syscall(number, 1, 0))

    assert await Disks().ask("/films", priority) == disks.LOWEST
    assert priority() != disks.LOWEST
