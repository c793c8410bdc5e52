"""What is done once nobody asks for anything."""

import asyncio

from homemedia.core.rest import Rest


class Counted:
    """Work that counts itself; fails when told to."""

    def __init__(self) -> None:
        self.times = 0
        self.is_failing = False
        self.done = asyncio.Event()

    async def __call__(self) -> None:
        self.times += 1
        self.done.set()
        if self.is_failing:
            raise RuntimeError("stumbled")

    async def again(self) -> None:
        await asyncio.wait_for(self.done.wait(), 30)
        self.done.clear()


async def test_work_is_done_once_after_each_time_of_stirring() -> None:
    work = Counted()
    async with Rest(work, quiet_s=0.0) as rest:
        assert work.times == 0
        rest.stir("whatever", 200)
        rest.stir()
        await work.again()
        assert work.times == 1

        rest.stir()
        await work.again()
        assert work.times == 2


async def test_work_waits_while_something_happens() -> None:
    work = Counted()
    async with Rest(work, quiet_s=3600.0) as rest:
        rest.stir()
        for _ in range(10):
            await asyncio.sleep(0)

        assert work.times == 0


async def test_work_that_fails_is_done_the_next_time_all_the_same() -> None:
    work = Counted()
    work.is_failing = True
    async with Rest(work, quiet_s=0.0) as rest:
        rest.stir()
        await work.again()
        rest.stir()
        await work.again()

    assert work.times == 2
