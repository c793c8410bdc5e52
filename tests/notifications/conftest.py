from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from homemedia.core.notices import Notice, Withdrawal, notify, withdraw
from tests.support.app import House, a_house
from tests.support.fakes import FakeClock
from tests.support.household import Person, a_household
from tests.support.push import PushService


class Post:
    """A house with members, a push service, and the way slices tell of things."""

    def __init__(self, house: House, people: dict[str, Person], service: PushService, clock: FakeClock) -> None:
        self.house = house
        self.people = people
        self.service = service
        self.clock = clock

    async def tell(self, *notices: Notice) -> None:
        """Leave notices in one transaction."""
        async with self.house.server.db.write() as tx:
            for notice in notices:
                await notify(tx, notice)

    async def take_back(self, withdrawal: Withdrawal) -> None:
        async with self.house.server.db.write() as tx:
            await withdraw(tx, withdrawal)

    async def wake(self) -> None:
        """Time has passed: what was to wait is looked at."""
        self.house.server.jobs.wake({"push", "digest"})
        await self.house.until(self._nothing_is_due)

    async def _nothing_is_due(self) -> bool:
        rows = await self.house.server.db.read(
            "SELECT count(*) AS n FROM job WHERE state = 'running' OR state = 'queued' AND run_after_at <= :now",
            {"now": self.clock.now_ms()},
        )
        return bool(rows[0]["n"] == 0)


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    clock = FakeClock()
    async with (
        PushService() as service,
        a_house(tmp_path, clock=clock, notifications={"push_hosts": ("127.0.0.1",)}) as house,
    ):
        await house.claim()
        yield Post(house, await a_household(house, "ann", "ben"), service, clock)
