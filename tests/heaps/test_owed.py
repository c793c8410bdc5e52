"""What small pictures are owed, counted for those who watch."""

import asyncio
from collections.abc import Iterable

import pytest

from homemedia.core.db import Reader
from homemedia.heaps import scans_store
from homemedia.heaps.owed import COUNT_EVERY_S, Owed
from tests.support.app import House
from tests.support.fakes import FakeClock


async def test_many_who_watch_are_told_what_was_counted_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    async def count(_read: Reader, heap_ids: Iterable[str]) -> dict[str, int]:
        asked.append(list(heap_ids))
        await asyncio.sleep(0)
        return {"heap-1": 3}

    monkeypatch.setattr(scans_store, "pending", count)
    clock = FakeClock()
    owed = Owed(house.server.db, clock)

    told = await asyncio.gather(owed.of(["heap-1"]), owed.of(["heap-1"]), owed.of(["heap-1", "heap-2"]))
    assert list(told) == [{"heap-1": 3}] * 3
    assert asked == [["heap-1"], ["heap-2"]]

    clock.pass_ms(int(COUNT_EVERY_S * 1000))
    await owed.of(["heap-1"])
    assert asked[2:] == [["heap-1"]]
