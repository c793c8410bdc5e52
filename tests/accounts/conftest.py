import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from homemedia.core.db import Database
from tests.accounts.porch import Ask, Porch
from tests.support.fakes import FakeClock
from tests.support.ready import migrated


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def porch(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Porch]:
    db = await Database.open(migrated(tmp_path / "home.db"), clock=clock)
    house = Porch(tmp_path, db, clock)
    await house.household.ensure("attic")
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(db.close)
        stack.push_async_callback(house.close)
        yield house


@pytest.fixture
async def client(porch: Porch) -> TestClient[Any, Any]:
    return await porch.open()


@pytest.fixture
def ask(client: TestClient[Any, Any]) -> Ask:
    """Ask for a protected route with a bearer token; status and code of the answer."""

    async def asked(token: str) -> tuple[int, str]:
        answer = await client.get("/api/libraries", headers={"Authorization": f"Bearer {token}"})
        return answer.status, (await answer.json()).get("code", "")

    return asked
