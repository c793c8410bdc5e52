"""A house whose members have a feed."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.app import House, a_house
from tests.support.clips import a_clip
from tests.support.fakes import FakeClock
from tests.support.household import Person, a_household


class Feed:
    """Ann, Ben and Cleo, an administrator, a clip of Ann's, and a clock that moves when told."""

    def __init__(self, house: House, people: dict[str, Person], clock: FakeClock, clip_id: str) -> None:
        self.house = house
        self.ann, self.ben, self.cleo = people["ann"], people["ben"], people["cleo"]
        self.clock = clock
        self.clip_id = clip_id
        self.at = f"/clips/{clip_id}"

    async def told(self, who: Person) -> list[tuple[str, Any]]:
        """A member's notices, newest first: type and preview or reaction."""
        found = (await who.get("/notifications"))["notifications"]
        return [(one["type"], one["emoji"] or one["commentPreview"]) for one in found]

    async def say(self, who: Person, text: str, **more: Any) -> Any:
        """A new comment; a moment passes first."""
        self.clock.pass_ms(10)
        return (await who.done("POST", f"{self.at}/comments", {"text": text, **more}))["comment"]

    async def react(self, who: Person, emoji: str) -> Any:
        self.clock.pass_ms(10)
        return await who.done("POST", f"{self.at}/reactions", {"emoji": emoji})

    async def rows(self, sql: str, **args: Any) -> list[Any]:
        return [tuple(row) for row in await self.house.server.db.read(sql, args)]


@pytest.fixture
async def feed(tmp_path: Path) -> AsyncIterator[Feed]:
    clock = FakeClock()
    async with a_house(tmp_path, clock=clock) as house:
        await house.claim()
        people = await a_household(house, "ann", "ben", "cleo")
        clip_id = await a_clip(house.server.db, people["ann"].id, caption="Cat", created_at=clock.now_ms())
        yield Feed(house, people, clock, clip_id)
