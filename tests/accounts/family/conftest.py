from collections.abc import AsyncIterator

import pytest

from tests.accounts.codes.bench import Bench, Client
from tests.accounts.porch import Porch


@pytest.fixture
async def bench(porch: Porch) -> AsyncIterator[Bench]:
    made = Bench(porch)
    yield made
    await made.close()


@pytest.fixture
async def host(porch: Porch, bench: Bench) -> Client:
    """The administrator who claimed the household."""
    client = await porch.open()
    await porch.claim(client, username="Gran", serverName="Attic")
    return client
