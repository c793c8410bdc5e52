"""What is written down of who watched what, as players report it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from homemedia.accounts import Member
from homemedia.library.browse import Browse
from homemedia.playback import ProgressService, watch_sql
from homemedia.playback.departed_store import forget_member
from homemedia.playback.history import DAY_MS, KEPT_DAYS, LEAST_MS, History
from homemedia.playback.history_rules import SILENT_MS, STEP_MS
from homemedia.playback.wire import ProgressBody
from tests.support.builders import Builders, Item, Library, a_database
from tests.support.fakes import FakeClock

TELLS_EVERY_MS = 10_000
HOUR_MS = 3_600_000


class House(Builders):
    clock: FakeClock
    progress: ProgressService
    history: History
    anna: Member
    boss: Member
    films: Library

    async def tells(self, item: Item, state: str | None, offset: int, **more: Any) -> None:
        body = ProgressBody(rating_key=item.key, offset=offset, state=state, **more)  # type: ignore[arg-type]
        await self.progress.report(self.anna, body)

    async def watches(self, item: Item, ms: int, *, begin: int = 0) -> None:
        """A player reports every ten seconds, and that it stopped."""
        for told in range(0, ms, TELLS_EVERY_MS):
            await self.tells(item, "playing", begin + told)
            self.clock.pass_ms(TELLS_EVERY_MS)
        await self.tells(item, "stopped", begin + ms)

    async def told(self, days: int = 7) -> list[tuple[str, int, int, bool]]:
        """Title, how long it played, how far it came, whether to its end."""
        found = await self.history.lately(self.boss, days)
        return [(one.title, one.watched_ms, one.offset_ms, one.is_finished) for one in found]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_database(tmp_path) as db:
        found = House(db)
        found.clock = FakeClock(found.at_ms)
        found.history = History(db, Browse(db, watch_sql(), found.clock), found.clock)
        found.anna, found.boss = await found.a_member("anna"), await found.a_member("boss", is_admin=True)
        found.films = await found.a_library()
        async with ProgressService(db, found.clock) as found.progress:
            yield found


async def test_film_that_was_watched_is_told_with_how_long_and_how_far(house: House) -> None:
    heat = await house.a_film(house.films, "Heat")

    await house.watches(heat, 300_000, begin=60_000)

    (one,) = await house.history.lately(house.boss, 7)
    assert (one.display_name, one.title, one.card and one.card.id) == (house.anna.display_name, "Heat", heat.key)
    assert (one.watched_ms, one.offset_ms, one.is_finished) == (300_000, 360_000, False)
    assert one.told_at - one.started_at == 300_000


async def test_pause_belongs_to_the_sitting_and_is_not_counted(house: House) -> None:
    heat = await house.a_film(house.films, "Heat")
    await house.watches(heat, 100_000)
    house.clock.pass_ms(SILENT_MS - 1)

    await house.watches(heat, 100_000, begin=100_000)

    assert await house.told() == [("Heat", 200_000, 200_000, False)]


async def test_next_evening_is_another_sitting(house: House) -> None:
    heat = await house.a_film(house.films, "Heat")
    await house.watches(heat, 100_000)
    house.clock.pass_ms(DAY_MS)

    await house.watches(heat, 100_000, begin=100_000)

    assert await house.told() == [("Heat", 100_000, 200_000, False), ("Heat", 100_000, 100_000, False)]
    assert len(await house.told(days=1)) == 1


async def test_film_that_came_to_its_end_stays_finished(house: House) -> None:
    heat = await house.a_film(house.films, "Heat")

    await house.watches(heat, 70_000, begin=7_150_000 - 70_000)
    await house.tells(heat, "playing", 0)

    ((_, _, _, is_finished),) = await house.told()
    assert is_finished


async def test_long_silence_of_a_player_is_no_watching(house: House) -> None:
    heat = await house.a_film(house.films, "Heat")
    await house.tells(heat, "playing", 0)
    house.clock.pass_ms(SILENT_MS // 2)
    await house.tells(heat, "playing", 10_000)
    house.clock.pass_ms(STEP_MS)
    await house.tells(heat, "stopped", 40_000)

    assert await house.told() == [("Heat", 2 * STEP_MS, 40_000, False)]


async def test_glances_marks_trailers_and_music_are_not_told(house: House) -> None:
    heat, ronin = await house.a_film(house.films, "Heat"), await house.a_film(house.films, "Ronin")
    song = await house.an_item(house.films, kind="track", title="Song", duration_ms=200_000)

    await house.watches(heat, LEAST_MS - TELLS_EVERY_MS)
    await house.tells(ronin, "paused", 60_000)
    await house.tells(ronin, None, 60_000)
    await house.tells(ronin, "playing", 60_000, hidden=True)
    await house.progress.mark(house.anna, ronin.key, is_watched=True)
    await house.watches(song, 100_000)

    assert await house.told() == []
    rows = await house.db.read("SELECT title FROM sitting")
    assert [row["title"] for row in rows] == ["Heat"]


async def test_title_that_is_gone_is_told_by_its_name(house: House) -> None:
    heat = await house.a_film(house.films, "Heat")
    await house.watches(heat, 100_000)
    async with house.db.write() as tx:
        await tx.run("DELETE FROM item WHERE item_id = :id", {"id": heat.item_id})

    (one,) = await house.history.lately(house.boss, 7)

    assert (one.title, one.card) == ("Heat", None)


async def test_sittings_go_after_ninety_days_and_with_their_member(house: House) -> None:
    heat, ronin = await house.a_film(house.films, "Heat"), await house.a_film(house.films, "Ronin")
    await house.watches(heat, 100_000)
    house.clock.pass_ms(KEPT_DAYS * DAY_MS)
    await house.watches(ronin, 100_000)

    await house.history.sweep()
    kept = await house.db.read("SELECT title FROM sitting")
    async with house.db.write() as tx:
        await forget_member(tx, house.anna.user_id)

    assert [row["title"] for row in kept] == ["Ronin"]
    assert await house.db.read("SELECT title FROM sitting") == []
