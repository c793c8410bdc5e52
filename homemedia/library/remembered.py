"""Counts of libraries that are read often and change seldom, kept until the library changes."""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import TypeVar, cast

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.events import EventBus
from homemedia.library.events import ItemsChanged, LibrariesChanged
from homemedia.library.visible import Visible
from homemedia.sharing import GrantsChanged

LASTS_S = 30.0  # bounds what an event that nobody sent could spoil
MOST = 64  # of one library; whoever tries every filter starts again
# What changes with every request and decides nothing that is counted.
PASSING = frozenset({"actor_id", "limit", "offset", "seed", "missing_after", "granted_at"})

EVERY = ""  # stands for all libraries together

T = TypeVar("T")


class _Kept(msgspec.Struct):
    answers: dict[Hashable, object]
    until_s: float


class Remembered:
    """Answers by library and question.

    Args:
        clock: how long an answer lasts.
        bus: tells when items change; without it nothing is remembered.
    """

    def __init__(self, clock: Clock, bus: EventBus | None = None) -> None:
        self._clock = clock
        self._kept: dict[str, _Kept] = {}
        self._keeps = bus is not None
        if bus is not None:
            bus.subscribe(ItemsChanged, lambda event: self._forget(event.library_id))
            bus.subscribe(LibrariesChanged, lambda _event: self._forget(None))
            bus.subscribe(GrantsChanged, lambda _event: self._forget(None))

    async def get(self, library_id: str | None, question: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        """The answer to a question about a library, or all of them (None); asked when it is not known."""
        library_id = library_id or EVERY
        if not self._keeps:
            return await ask()
        now_s = self._clock.monotonic_s()
        kept = self._kept.get(library_id)
        if kept is None or now_s >= kept.until_s or len(kept.answers) >= MOST:
            # Before the reading, so that a change meanwhile throws this away together with what is about to enter it.
            kept = self._kept[library_id] = _Kept(answers={}, until_s=now_s + LASTS_S)
        if question not in kept.answers:
            kept.answers[question] = await ask()
        return cast("T", kept.answers[question])

    def _forget(self, library_id: str | None) -> None:
        if library_id is None:
            self._kept.clear()
        else:
            self._kept.pop(library_id, None)
            self._kept.pop(EVERY, None)


def seen_by(visible: Visible, args: Mapping[str, object] | None = None) -> Hashable:
    """What decides a count beside its statement: what the member may see, and what he narrowed."""
    bound = {**visible.args, **(args or {})}
    return visible.sql, tuple((name, value) for name, value in bound.items() if name not in PASSING)
