"""The daily word at nine (clips §8.2, 10): pushed to who asked for it and has something to watch, once a day."""

import datetime as dt
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from homemedia.clips.reminder import Reminder
from tests.support.app import House, a_house
from tests.support.clips import a_clip
from tests.support.fakes import FakeClock
from tests.support.household import Person, a_household
from tests.support.push import PushedBrowser, PushService

HOUR_MS = 3_600_000
ZONE = dt.timezone(dt.timedelta(hours=2))


class Morning:
    """Ann and Ben with a browser each; Ann wants to be reminded. Midnight in UTC, two o'clock where they live."""

    def __init__(self, house: House, people: dict[str, Person], service: PushService, clock: FakeClock) -> None:
        self.house, self.service, self.clock = house, service, clock
        self.ann, self.ben = people["ann"], people["ben"]
        self.browsers: dict[str, PushedBrowser] = {}
        self.reminder = house.server.clips.talk.reminder
        self.reminder.zone = ZONE

    async def subscribe(self) -> None:
        for person in (self.ann, self.ben):
            browser = self.browsers[person.name] = PushedBrowser()
            body = {"endpoint": self.service.address(person.name), "keys": browser.keys}
            await person.done("POST", "/push/subscribe", body)
        await self.ann.done("PATCH", "/notifications/preferences", {"dailyReminder": True})

    async def clips(self, count: int, by: Person) -> None:
        for _ in range(count):
            await a_clip(self.house.server.db, by.id)

    async def pushed(self) -> list[Any]:
        await self.house.idle()
        return [json.loads(self.browsers["ann"].opened(body)) for _, body in self.service.taken]


@pytest.fixture
async def morning(tmp_path: Path) -> AsyncIterator[Morning]:
    clock = FakeClock()
    async with (
        PushService() as service,
        a_house(tmp_path, clock=clock, notifications={"push_hosts": ("127.0.0.1",)}) as house,
    ):
        await house.claim()
        made = Morning(house, await a_household(house, "ann", "ben"), service, clock)
        await made.subscribe()
        yield made


async def test_who_asked_is_reminded_from_nine_to_ten(morning: Morning) -> None:
    await morning.clips(3, by=morning.ben)
    await morning.clips(1, by=morning.ann)
    assert await morning.reminder.remind() == 0

    morning.clock.pass_ms(7 * HOUR_MS - 1)
    assert await morning.reminder.remind() == 0
    morning.clock.pass_ms(1)
    await morning.reminder.remind()

    assert await morning.pushed() == [
        {
            "title": "Attic",
            "body": "3 clips wait for you",
            "url": "/feed",
            "tag": "daily-reminder",
            "badgeCount": 3,
        }
    ]
    assert (await morning.ann.get("/notifications"))["notifications"] == []
    assert await morning.ann.get("/notifications/unread-count") == {"count": 0}


async def test_once_a_day_also_over_a_new_start(morning: Morning) -> None:
    await morning.clips(1, by=morning.ben)
    morning.clock.pass_ms(7 * HOUR_MS)
    await morning.reminder.remind()
    morning.clock.pass_ms(HOUR_MS // 2)
    await morning.reminder.remind()
    again = Reminder(morning.house.server.db, morning.clock)
    again.zone = ZONE
    assert await again.remind() == 0
    assert len(await morning.pushed()) == 1

    morning.clock.pass_ms(24 * HOUR_MS)
    assert await again.remind() > 0
    assert len(await morning.pushed()) == 2


async def test_late_start_still_reminds_and_a_later_one_does_not(morning: Morning) -> None:
    await morning.clips(1, by=morning.ben)
    morning.clock.pass_ms(8 * HOUR_MS - 1)
    assert await morning.reminder.remind() > 0
    assert len(await morning.pushed()) == 1

    morning.clock.pass_ms(24 * HOUR_MS + 1)
    assert await morning.reminder.remind() == 0


async def test_who_has_seen_everything_hears_nothing(morning: Morning) -> None:
    await morning.clips(2, by=morning.ann)
    morning.clock.pass_ms(7 * HOUR_MS)

    await morning.reminder.remind()

    assert await morning.pushed() == []
