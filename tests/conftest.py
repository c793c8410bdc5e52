"""Fixtures every folder may use."""

import contextlib
import functools
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from homemedia.accounts import passwords
from homemedia.core import process, workers
from tests.support.nursery import nursery

if TYPE_CHECKING:
    from tests.support.app import House

REAL_COSTS = passwords.TIME_COST, passwords.MEMORY_COST_KIB


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


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> "Iterator[None]":
    """Hashes that cost little: nearly every story begins with somebody who signs in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "TIME_COST", 1)
        patch.setattr(passwords, "MEMORY_COST_KIB", 64)
        yield


@pytest.fixture
def dear_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes as they are made for a household."""
    monkeypatch.setattr(passwords, "TIME_COST", REAL_COSTS[0])
    monkeypatch.setattr(passwords, "MEMORY_COST_KIB", REAL_COSTS[1])


@pytest.fixture(autouse=True, scope="session")
def ready_workers() -> "Iterator[None]":
    """Media workers of the houses are forks of one that has loaded everything (see tests/support/nursery.py)."""
    if sys.platform != "linux":
        yield
        return
    with contextlib.ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        born = functools.cache(lambda: stack.enter_context(nursery()))
        patch.setattr(
            workers, "worker_command", lambda name: born() if name == "media" else process.worker_command(name)
        )
        yield


@pytest.fixture
def real_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Media workers as a household has them."""
    monkeypatch.setattr(workers, "worker_command", process.worker_command)
