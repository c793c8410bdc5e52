import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from homemedia.core.db import Database
from tests.accounts.porch import Porch
from tests.photos.gallery import Gallery
from tests.support.fakes import FakeClock
from tests.support.ready import migrated


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def unopened(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Gallery]:
    """A house that a test may add routes to before it is opened."""
    db = await Database.open(migrated(tmp_path / "home.db"), clock=clock)
    porch = Porch(tmp_path, db, clock)
    await porch.household.ensure("attic")
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(db.close)
        stack.push_async_callback(porch.close)
        yield Gallery(porch)


@pytest.fixture
async def gallery(unopened: Gallery) -> Gallery:
    await unopened.open()
    return unopened
