import asyncio

import pytest

from homemedia.library.tmdb.pace import AT_ONCE, Pace
from homemedia.library.tmdb.problems import RateLimited


class Hourglass:
    """Time that stands still until somebody turns it; who sleeps waits for that."""

    def __init__(self) -> None:
        self.now = 100.0
        self.sleeping = 0
        self._turned = asyncio.Event()

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, _seconds: float) -> None:
        self.sleeping += 1
        await self._turned.wait()

    def turn(self, seconds: float) -> None:
        self.now += seconds
        self._turned.set()


async def test_patient_ones_who_wait_hold_nobody_else_up() -> None:
    glass = Hourglass()
    pace = Pace(monotonic=glass.monotonic, sleep=glass.sleep)
    done = []

    async def ask_patiently() -> None:
        async with pace.turn(is_patient=True):
            done.append(glass.now)

    pace.hold(60)
    patient = [asyncio.create_task(ask_patiently()) for _ in range(AT_ONCE + 1)]
    while glass.sleeping < AT_ONCE + 1:
        await asyncio.sleep(0)

    with pytest.raises(RateLimited) as caught:
        async with asyncio.timeout(5), pace.turn(is_patient=False):
            pass
    glass.turn(60)
    await asyncio.gather(*patient)

    assert caught.value.retry_after_s == 60
    assert done == [160.0] * (AT_ONCE + 1)


async def test_turn_that_ends_badly_is_given_back() -> None:
    pace = Pace()

    for _ in range(AT_ONCE + 1):
        with pytest.raises(KeyError):
            async with pace.turn(is_patient=True):
                raise KeyError
