"""How fast TMDb is asked: so many requests a second, so many at once, and none before it wants to be asked again.

Source: watch contract §6.3.
"""

import asyncio
import collections
import contextlib
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from homemedia.library.tmdb.problems import RateLimited

PER_SECOND = 20
AT_ONCE = 4
WINDOW_S = 1.0


class Pace:
    """One for all requests to TMDb.

    Args:
        monotonic: seconds that only grow.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._starts: collections.deque[float] = collections.deque(maxlen=PER_SECOND)
        self._order = asyncio.Lock()
        self._held_until = 0.0

    def hold(self, seconds: float) -> None:
        """Ask nothing for so long."""
        self._held_until = max(self._held_until, self._monotonic() + seconds)

    @contextlib.asynccontextmanager
    async def turn(self, *, is_patient: bool) -> AsyncIterator[None]:
        """Wait for one's turn; the request is made inside.

        Raises:
            RateLimited: TMDb wants to be left alone for a while, and the caller does not want to wait for it.
        """
        while True:
            # Nobody holds a slot while he may not ask: the impatient behind him would wait as well.
            await self._wait_for_release(is_patient=is_patient)
            async with self._slots:
                if await self._may_begin():
                    yield
                    return

    async def _may_begin(self) -> bool:
        """Whether a request may be made now, as one of so many a second; else TMDb wants to be left alone again."""
        async with self._order:
            if self._held_until > self._monotonic():
                return False
            if len(self._starts) == PER_SECOND:
                wait_s = self._starts[0] + WINDOW_S - self._monotonic()
                if wait_s > 0:
                    await self._sleep(wait_s)
            self._starts.append(self._monotonic())
            return True

    async def _wait_for_release(self, *, is_patient: bool) -> None:
        while (wait_s := self._held_until - self._monotonic()) > 0:
            if not is_patient:
                raise RateLimited(math.ceil(wait_s))
            await self._sleep(wait_s)
