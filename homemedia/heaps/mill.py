"""Where documents are merged and compared: here while they are small, in a worker where they are large (heaps §4.2).

The functions hold the interpreter's lock, so a large document would stop everything else for as long as it takes.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from homemedia.core.workers import WorkerPool
from homemedia.heaps import crdt

T = TypeVar("T")

INLINE_BYTES = 1 << 20
LIMIT_S = 60.0
WORKER = "heaps"


class Mill:
    """Merges and compares. The pool's worker starts when the first large document comes."""

    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool

    async def merged(self, updates: Sequence[bytes]) -> bytes:
        """As `crdt.merged`.

        Raises:
            InvalidUpdateError: one of them is none.
            Unavailable, TimedOut: the worker cannot say.
        """
        if sum(map(len, updates)) <= INLINE_BYTES:
            return crdt.merged(updates)
        return await self.call("merge", {"updates": list(updates)}, bytes)

    async def lacking(self, update: bytes, vector: bytes) -> bytes:
        """As `crdt.lacking`.

        Raises:
            InvalidUpdateError, InvalidVectorError: the bytes are none.
            Unavailable, TimedOut: the worker cannot say.
        """
        if len(update) <= INLINE_BYTES:
            return crdt.lacking(update, vector)
        return await self.call("compare", {"update": update, "vector": vector}, bytes)

    async def call(self, operation: str, argument: Any, answer: type[T]) -> T:  # noqa: ANN401 - whatever travels
        """Have the worker do something with a document.

        Raises:
            InvalidUpdateError: the document could not be merged.
            OperationFailed: `block_unreadable`.
            Unavailable, TimedOut: the worker cannot say.
        """
        return await self._pool.call(operation, argument, answer, limit_s=LIMIT_S)
