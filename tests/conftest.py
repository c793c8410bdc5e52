"""Fixtures every folder may use."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.app import House


@pytest.fixture
async def house(tmp_path: Path) -> "AsyncIterator[House]":
    """A server nobody has claimed yet."""
    from tests.support.app import a_house  # noqa: PLC0415 - tests of pure functions need no server

    async with a_house(tmp_path) as opened:
        yield opened


@pytest.fixture
async def claimed(house: "House") -> "House":
    """A server with an administrator, who is signed in."""
    await house.claim()
    return house
