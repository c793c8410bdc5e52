"""Work in the background that nobody notices: it waits until nobody plays or scans, and gives way at once."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

CALM_S = 20.0
LOOK_S = 5.0


class Disturbed(Exception):  # noqa: N818 - not a fault: somebody else has to go first
    """The house is no longer still; what was begun was broken off."""


class Stillness:
    """Waits for a quiet moment, and gives it up as soon as it is over.

    Args:
        is_busy: whether somebody is busy now; asked often, so it must be cheap.
        calm_s: so long nobody may have been, that work begins: between two episodes there is a pause too.
        look_s: how often it is asked without being told.
    """

    def __init__(self, is_busy: Callable[[], bool], *, calm_s: float = CALM_S, look_s: float = LOOK_S) -> None:
        self._is_busy = is_busy
        self.calm_s = calm_s
        self.look_s = look_s
        self._changed = asyncio.Event()
        self._calm_from: float | None = None

    def look(self) -> None:
        """Something may have begun or ended: ask now."""
        self._changed.set()

    async def wait(self) -> None:
        """Return when it has been still for a while."""
        while (left_s := self._left_s()) > 0:
            await self._change(min(left_s, self.look_s))

    async def during(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work answers or raises.

        Raises:
            Disturbed: somebody became busy; the work was cancelled.
        """
        task = asyncio.ensure_future(work)
        try:
            while not task.done():
                if self._is_busy():
                    self._calm_from = None
                    raise Disturbed
                await self._change(self.look_s, task)
            return task.result()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait({task})

    async def pausing(self, work: Coroutine[Any, Any, T], hold: Callable[[], None], go_on: Callable[[], None]) -> T:
        """What the work answers or raises, held while somebody is busy: what took an hour is not thrown away.

        Args:
            work: goes on in steps of its own while it is held, and must bear that.
            hold: let it rest.
            go_on: let it work again; called after each `hold`, also when the caller is cancelled.
        """
        task = asyncio.ensure_future(work)
        try:
            while not task.done():
                if self._is_busy():
                    hold()
                    try:
                        await self.wait()
                    finally:
                        go_on()
                await self._change(self.look_s, task)
            return task.result()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait({task})

    def _left_s(self) -> float:
        """For how long at least it has to be still yet; 0 when that is enough."""
        now = asyncio.get_running_loop().time()
        if self._is_busy():
            self._calm_from = None
            return self.look_s
        if self._calm_from is None:
            self._calm_from = now
        return self._calm_from + self.calm_s - now

    async def _change(self, within_s: float, other: "asyncio.Task[Any] | None" = None) -> None:
        """Wait until something changes, or the other task ends, or the time is up."""
        self._changed.clear()
        told = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait({told} | ({other} if other else set()), timeout=within_s, return_when="FIRST_COMPLETED")
        finally:
            told.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await told
