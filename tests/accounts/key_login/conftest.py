from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from tests.accounts.key_login.wallet import Wallet
from tests.accounts.porch import Porch


@pytest.fixture
async def stranger(porch: Porch, client: TestClient[Any, Any]) -> Wallet:
    """Somebody with a key at a household that was claimed with a password."""
    await porch.claim(client)
    return Wallet(porch.device(), seed=7)


@pytest.fixture
async def owner(porch: Porch, client: TestClient[Any, Any]) -> Wallet:
    """Who claimed the household with a key."""
    del client
    wallet = Wallet(porch.device(), seed=3)
    await wallet.enter(email="anna@example.org")
    return wallet
