"""Counts of what a member sees are remembered until items change."""

from pathlib import Path

from homemedia.core.events import EventBus
from homemedia.library.events import ItemsChanged
from homemedia.library.totals import LibraryTotals
from tests.support.builders import Builders, a_database
from tests.support.fakes import FakeClock


async def test_totals_are_counted_again_when_items_changed_and_not_before(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        clock, bus = FakeClock(house.at_ms), EventBus()
        totals = LibraryTotals(db, clock, bus=bus)
        member = await house.a_member()
        films = await house.a_library("Films")
        await house.an_item(films)

        first = await totals.count_by_kind(member)
        await house.an_item(films)
        remembered = await totals.count_by_kind(member)
        bus.publish(ItemsChanged(films.library_id, 1))
        again = await totals.count_by_kind(member)
        await bus.close()

        assert (first, remembered, again) == ({"movie": 1}, {"movie": 1}, {"movie": 2})


async def test_totals_without_a_bus_are_counted_each_time(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        totals = LibraryTotals(db, FakeClock(house.at_ms))
        member = await house.a_member()
        films = await house.a_library("Films")

        for number in (1, 2):
            await house.an_item(films)
            assert await totals.count_by_kind(member) == {"movie": number}
