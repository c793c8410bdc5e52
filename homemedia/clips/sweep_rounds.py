"""What is done for clips again and again while the server runs: each work at its own pace, none on another's back."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Self

import msgspec

from homemedia.core.problems import AppError

_log = logging.getLogger(__name__)


class Round(msgspec.Struct, frozen=True):
    """A piece of work, how long after the start it is first done, and how long it then waits; in s."""

    name: str
    work: Callable[[], Awaitable[object]]
    first_s: float
    every_s: float


class Rounds:
    """An async context manager; leaving it stops."""

    def __init__(self, rounds: Sequence[Round]) -> None:
        self._rounds = tuple(rounds)
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(_keep(one), name=f"clips {one.name}") for one in self._rounds]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks = []


async def _keep(one: Round) -> None:
    await asyncio.sleep(one.first_s)
    while True:
        try:
            await one.work()
        except AppError as err:
            # A disk that is full or read-only: the next time comes.
            _log.warning("clips: the %s has to wait: %s", one.name, err.message)
        except Exception:  # noqa: BLE001 - the edge of a task's loop
            _log.exception("clips: the %s failed", one.name)
        await asyncio.sleep(one.every_s)
