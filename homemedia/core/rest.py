"""Does something once nobody has asked for anything for a while: what was kept for quick answers can be let go."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Self

_log = logging.getLogger(__name__)

QUIET_S = 60.0


class Rest:
    """An async context manager. Call `stir` for whatever happens.

    Args:
        work: done once after each time of stirring.
        quiet_s: how long nothing must have happened.
    """

    def __init__(self, work: Callable[[], Awaitable[None]], quiet_s: float = QUIET_S) -> None:
        self._work = work
        self._quiet_s = quiet_s
        self._stirred = asyncio.Event()
        self._last_s = 0.0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep(), name="rest")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def stir(self, *_: object) -> None:
        """Something happened; takes whatever its caller tells, and costs nothing."""
        self._last_s = asyncio.get_running_loop().time()
        self._stirred.set()

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._stirred.wait()
            while (left_s := self._last_s + self._quiet_s - loop.time()) > 0:  # noqa: ASYNC110 - waking it costs more
                await asyncio.sleep(left_s)
            self._stirred.clear()
            try:
                await self._work()
            except Exception:  # noqa: BLE001 - the edge of a task's loop
                _log.exception("what is done at rest stumbled")
