"""A disk that is almost full is told once, and no more when there is room again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from homemedia.core.threads import Lane
from homemedia.server.room import ENOUGH_BYTES, LEAST_FREE_BYTES, Room, Space, space_of
from tests.support.app import House, a_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as made:
        await made.claim()
        yield made


async def told(house: House) -> list[str]:
    await house.idle()
    found = (await house.get("/api/home/notifications"))["notices"]
    return [one["message"] for one in found if one["type"] == "disk_full"]


async def test_full_disk_is_told_once_until_there_is_room(house: House, tmp_path: Path) -> None:
    free = {"first": LEAST_FREE_BYTES - 1, "second": 0}
    lane = Lane("test", 1)
    folders = {"data": tmp_path / "first", "films": tmp_path / "first", "uploads": tmp_path / "second"}
    room = Room(house.server.db, folders, lane, lambda folder: Space(len(folder.name), free[folder.name]))
    try:
        await room.look()
        assert await told(house) == []
        for _ in range(2):
            await room.look()
        assert await told(house) == ['The disk of "uploads" is almost full', 'The disk of "data" is almost full']

        free["first"] = ENOUGH_BYTES - 1
        await room.look()
        assert len(await told(house)) == 2
        free["first"] = ENOUGH_BYTES
        await room.look()
        assert await told(house) == ['The disk of "uploads" is almost full']
        free["first"] = 0
        await room.look()
        assert len(await told(house)) == 2
    finally:
        await lane.close()


def test_disk_that_does_not_answer_is_passed_over(tmp_path: Path) -> None:
    found = space_of(tmp_path)

    assert found is not None
    assert found.free_bytes > 0
    assert space_of(tmp_path / "nothing") is None
