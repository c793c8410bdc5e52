"""The one event bus: who did something announces it, who cares has subscribed; neither knows the other.

Events are frozen structs in the past tense with ids, not contents. Inside a transaction they are announced with
`tx.announce(...)` and leave after the commit, so nobody hears of what was rolled back.
"""

import asyncio
import inspect
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

_log = logging.getLogger(__name__)

E = TypeVar("E")
Handler = Callable[[Any], Awaitable[None] | None]


class EventBus:
    """Hands each event to the handlers of its exact type, in order of subscription."""

    def __init__(self) -> None:
        self._handlers: dict[type, list[Handler]] = defaultdict(list)
        self._tasks: set[asyncio.Task[None]] = set()

    def subscribe(self, kind: type[E], handler: Callable[[E], Awaitable[None] | None]) -> Callable[[], None]:
        """Call `handler` for every event of that type; the answer ends the subscription."""
        self._handlers[kind].append(handler)

        def unsubscribe() -> None:
            if handler in self._handlers[kind]:
                self._handlers[kind].remove(handler)

        return unsubscribe

    def publish(self, event: object) -> None:
        """Tell everybody. A handler that fails is logged and harms nobody else."""
        for handler in tuple(self._handlers.get(type(event), ())):
            try:
                outcome = handler(event)
            except Exception:  # noqa: BLE001 - the edge of a handler: logged, harms nobody else
                _log.exception("an event handler failed on %s", type(event).__name__)
                continue
            if inspect.isawaitable(outcome):
                task = asyncio.ensure_future(self._guard(outcome, type(event).__name__))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _guard(self, outcome: Awaitable[None], name: str) -> None:
        try:
            await outcome
        except Exception:  # noqa: BLE001 - the edge of a handler: logged, harms nobody else
            _log.exception("an event handler failed on %s", name)

    async def settle(self) -> None:
        """Wait until every handler that was started has ended."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """End what handlers still do."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
