"""Pictures of photos are made two at a time, and one at a time while somebody waits for the processor."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from homemedia.media.photo_models import PhotoRequest, PhotoResult
from tests.photos.test_settle import a_jpeg, upload
from tests.support.app import House, a_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as running:
        await running.claim()
        yield running


class Worker:
    """Counts how many photos are worked on at once."""

    def __init__(self, house: House) -> None:
        self._photo = house.server.library.tools.photo
        self.at_once = self.most = self.done = 0
        house.server.library.tools.photo = self.photo  # type: ignore[method-assign]

    async def photo(self, request: PhotoRequest) -> PhotoResult:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            return await self._photo(request)
        finally:
            self.at_once -= 1
            self.done += 1


@pytest.mark.parametrize(("is_receiving", "most"), [(False, 2), (True, 1)], ids=["nobody", "an upload"])
async def test_work_on_pictures_makes_room_for_uploads(house: House, *, is_receiving: bool, most: int) -> None:
    jobs, staging = house.server.jobs, house.server.photos.managed.staging
    jobs.hold(["photo.settle"])
    await asyncio.gather(*(upload(house, a_jpeg((60 + number, 40)), f"{number}.jpg") for number in range(8)))
    worker = Worker(house)
    staging.receiving += is_receiving

    jobs.hold([])
    await house.idle()

    assert (worker.done, worker.most) == (8, most)
    rows = await house.server.db.read("SELECT count(*) AS n FROM photo WHERE todo <> 0")
    assert rows[0]["n"] == 0


async def test_what_arrives_is_counted_until_it_is_kept(house: House) -> None:
    staging = house.server.photos.managed.staging
    assert staging.receiving == 0

    async def pieces() -> AsyncIterator[bytes]:
        yield b"1"
        assert staging.receiving == 1

    async with staging.receive(pieces()):
        assert staging.receiving == 1
    assert staging.receiving == 0
