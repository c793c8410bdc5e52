"""Where documents are merged and compared: here while they are small, in a worker where they are large (heaps §4.2).

The functions hold the interpreter's lock, so a large document would stop everything else for as long as it takes.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from homemedia.core.clock import Clock
from homemedia.core.workers import OperationFailed, WorkerCrashed, WorkerPool
from homemedia.heaps import crdt

T = TypeVar("T")

# Measured: a keystroke in a document of 370 KB takes 7 ms, in one of 1 MB 30 ms.
INLINE_BYTES: Final = 256 << 10
# Of one round of many small ones, before others get their turn.
TURN_S: Final = 0.004
LIMIT_S: Final = 60.0
WORKER: Final = "heaps"


class Mill:
    """Merges and compares. The pool's worker starts when the first large document comes."""

    def __init__(self, pool: WorkerPool, clock: Clock | None = None) -> None:
        self._pool = pool
        self._clock = clock or Clock()
        self._spent_s = 0.0

    async def merged(self, updates: Sequence[bytes]) -> bytes:
        """As `crdt.merged`.

        Raises:
            InvalidUpdateError: one of them is none.
            Unavailable, TimedOut: the worker cannot say.
        """
        if sum(map(len, updates)) <= INLINE_BYTES:
            return await self._here(lambda: crdt.merged(updates))
        return await self._there("merge", {"updates": list(updates)}, bytes)

    async def grown(self, known: bytes, known_vector: bytes, data: bytes) -> crdt.Grown:
        """As `crdt.grown`.

        Raises:
            InvalidUpdateError: the update is none.
            Unavailable, TimedOut: the worker cannot say.
        """
        if len(known) + len(data) <= INLINE_BYTES:
            return await self._here(lambda: crdt.grown(known, known_vector, data))
        return await self._there("grow", {"known": known, "known_vector": known_vector, "data": data}, crdt.Grown)

    async def vector_of(self, update: bytes) -> bytes:
        """As `crdt.vector_of`.

        Raises:
            InvalidUpdateError: the bytes are none.
            Unavailable, TimedOut: the worker cannot say.
        """
        if len(update) <= INLINE_BYTES:
            return await self._here(lambda: crdt.vector_of(update))
        return await self._there("vector", update, bytes)

    async def lacking(self, update: bytes, vector: bytes) -> bytes:
        """As `crdt.lacking`.

        Raises:
            InvalidUpdateError, InvalidVectorError: the bytes are none.
            Unavailable, TimedOut: the worker cannot say.
        """
        if len(update) <= INLINE_BYTES:
            return await self._here(lambda: crdt.lacking(update, vector))
        return await self._there("compare", {"update": update, "vector": vector}, bytes)

    async def checked(self, data: bytes) -> bytes:
        """As `crdt.checked_update`.

        Raises:
            InvalidUpdateError: it is none.
            Unavailable, TimedOut: the worker cannot say.
        """
        if len(data) <= INLINE_BYTES:
            return await self._here(lambda: crdt.checked_update(data))
        crdt.check_length(data)
        if await self.merged([data]) == crdt.EMPTY_UPDATE:
            raise crdt.InvalidUpdateError("nothing in it, and yet not the empty update")
        return data

    async def call(self, operation: str, argument: Any, answer: type[T]) -> T:  # noqa: ANN401 - whatever travels
        """Have the worker do something with a document.

        Raises:
            OperationFailed: `block_unreadable`.
            WorkerCrashed: it died over it, twice.
            Unavailable, TimedOut: the worker cannot say.
        """
        try:
            return await self._pool.call(operation, argument, answer, limit_s=LIMIT_S)
        except WorkerCrashed:
            # Somebody else may have ended it, for memory most likely.
            return await self._pool.call(operation, argument, answer, limit_s=LIMIT_S)

    async def _here(self, work: Callable[[], T]) -> T:
        """Work done at once; after some of it others get their turn."""
        if self._spent_s >= TURN_S:
            self._spent_s = 0.0
            await asyncio.sleep(0)
        began_s = self._clock.monotonic_s()
        try:
            return work()
        finally:
            self._spent_s += self._clock.monotonic_s() - began_s

    async def _there(self, operation: str, argument: Any, answer: type[T]) -> T:  # noqa: ANN401 - whatever travels
        try:
            return await self.call(operation, argument, answer)
        except WorkerCrashed as err:
            raise crdt.InvalidUpdateError("an update that nothing survives") from err
        except OperationFailed as err:
            if err.code != crdt.INVALID:
                raise
            raise crdt.InvalidUpdateError("not an update") from err
