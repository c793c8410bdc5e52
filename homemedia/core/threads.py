"""Blocking work beside the event loop: lanes of threads, each with a limit of its own.

Never the default executor: with that one full of 50 ms jobs a small range read took 151 ms instead of 0.4 (measured),
so each kind of work gets a lane and can only slow down its own kind.
"""

import asyncio
import concurrent.futures
import logging
from collections.abc import Callable
from typing import Any, ParamSpec, Self, TypeVar

from homemedia.core.problems import Unavailable

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class Lane:
    """A few threads for one kind of blocking work.

    Args:
        name: shows in the threads' names.
        workers: how many calls run at the same time; more wait in order.
    """

    def __init__(self, name: str, workers: int) -> None:
        self.name = name
        self.workers = workers
        self._threads = concurrent.futures.ThreadPoolExecutor(workers, thread_name_prefix=name)
        self._open: set[concurrent.futures.Future[Any]] = set()
        self._is_closed = False

    async def run(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Answer what `fn` answers, raise what it raises.

        A caller who is cancelled stops waiting; a call that has begun runs to its end all the same.

        Raises:
            Unavailable: the lane is closed.
        """
        if self._is_closed:
            raise Unavailable("The server is stopping.", code="stopping")
        call = self._threads.submit(fn, *args, **kwargs)
        self._open.add(call)
        call.add_done_callback(self._open.discard)
        return await asyncio.wrap_future(call)

    async def close(self, *, limit_s: float = 5.0) -> bool:
        """Take no more calls, drop those that have not begun, wait for the others.

        Returns:
            Whether all had ended within `limit_s`; a thread stuck in the kernel (a dead network disk) cannot be ended.
        """
        self._is_closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        waiting = {asyncio.wrap_future(call) for call in list(self._open)}
        stuck: set[asyncio.Future[Any]] = set()
        if waiting:
            done, stuck = await asyncio.wait(waiting, timeout=limit_s)
            for call in done:
                if not call.cancelled():
                    call.exception()  # its own caller has heard of it; asked here so that nothing is logged twice
        if stuck:
            log.warning("lane %s: %d calls still run after %.0f s", self.name, len(stuck), limit_s)
            return False
        # No call runs any more: the threads only have to leave, which takes less than a millisecond.
        self._threads.shutdown(wait=True)
        return True

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
