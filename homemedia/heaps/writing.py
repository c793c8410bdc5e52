"""What is typed, on its way to the disk (heaps §4.5): together with what came meanwhile, in one transaction.

While the database stalls nobody may fill the memory with what cannot be written: who has sent his share is not read
from any more, and who waits for too long is let go. By his state vector he sends again what is not here.
"""

import asyncio
import logging
from collections.abc import Iterator
from typing import Final, Self

from homemedia.core.clock import Clock
from homemedia.core.problems import AppError
from homemedia.heaps import connection
from homemedia.heaps.connection import Connection
from homemedia.heaps.documents import Documents, Entry, Status

_log = logging.getLogger(__name__)

# Of one sender, as much as waits for one reader at most; of all together what a small computer can spare.
MAX_EACH: Final = 2000
MAX_EACH_BYTES: Final = 8 << 20
MAX_BYTES: Final = 64 << 20
# A socket that is not read from answers no ping, and is closed for that after ten.
PATIENCE_S: Final = 8.0
REFUSED: Final[dict[str, int]] = {
    "deleted": connection.CLOSE_PURGED,
    "not_found": connection.CLOSE_UNKNOWN,
    "too_large": connection.CLOSE_TOO_LARGE,
    "quota_exceeded": connection.CLOSE_TOO_LARGE,
    "version_mismatch": connection.CLOSE_VERSION,
    "invalid_update": connection.CLOSE_MALFORMED,
}


class Writer:
    """Writes what sockets send. An async context manager: at the end what is pending is written.

    Attributes:
        last_commit_ms: how long the last transaction took.
        patience_s: how long anybody waits for room, or for what came before.
    """

    def __init__(self, documents: Documents, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock
        self._pending: list[tuple[Connection, Entry]] = []
        self._came = asyncio.Event()
        self._written = asyncio.Condition()
        self._writing = 0
        self._came_count = self._written_count = 0
        self._bytes = 0
        self._waits_since_s: float | None = None
        self._task: asyncio.Task[None] | None = None
        self.last_commit_ms = 0.0
        self.patience_s = PATIENCE_S

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep_writing(), name="rooms-write")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._pending:
            await self._write()

    @property
    def pending(self) -> int:
        """Updates that are not on disk yet."""
        return len(self._pending) + self._writing

    @property
    def waits_s(self) -> float:
        """For how long the oldest of them has been waiting."""
        return 0.0 if self._waits_since_s is None else self._clock.monotonic_s() - self._waits_since_s

    async def has_room(self, one: Connection) -> bool:
        """Wait until this sender may add something; False where that takes too long."""
        return await self._until(one)

    async def settled(self) -> bool:
        """Wait until everything that has come so far is on disk; what comes meanwhile is not waited for.

        False where that takes too long.
        """
        return await self._until(self._came_count)

    def put(self, one: Connection, entry: Entry) -> None:
        """Have an update written. Ask first whether there is room."""
        self._pending.append((one, entry))
        self._came_count += 1
        self._count(one, 1, len(entry.data))
        if self._waits_since_s is None:
            self._waits_since_s = self._clock.monotonic_s()
        self._came.set()

    def _count(self, one: Connection, updates: int, size_bytes: int) -> None:
        one.unwritten += updates
        one.unwritten_bytes += size_bytes
        self._bytes += size_bytes

    def _is_reached(self, goal: Connection | int) -> bool:
        if isinstance(goal, int):
            return self._written_count >= goal
        is_his = goal.unwritten < MAX_EACH and goal.unwritten_bytes < MAX_EACH_BYTES
        return is_his and self._bytes < MAX_BYTES

    async def _until(self, goal: Connection | int) -> bool:
        if self._is_reached(goal):
            return True
        try:
            async with asyncio.timeout(self.patience_s), self._written:
                await self._written.wait_for(lambda: self._is_reached(goal))
        except TimeoutError:
            return False
        return True

    async def _keep_writing(self) -> None:
        """Write what came; what comes meanwhile goes together into the next transaction."""
        while True:
            await self._came.wait()
            self._came.clear()
            await self._write()

    async def _write(self) -> None:
        pending, self._pending = self._pending, []
        if not pending:
            return
        self._writing = len(pending)
        began_s = self._clock.monotonic_s()
        taken: list[Status | None] = [None] * len(pending)
        try:
            taken = await self._take_in([entry for _, entry in pending])
        except asyncio.CancelledError:
            # The server stops: written with the last of them, and where it is on disk already that changes nothing.
            self._pending[:0] = pending
            raise
        except Exception:  # noqa: BLE001 - the edge of a task's loop: nobody's words may wait for a mistake of ours
            _log.exception("%d updates could not be written", len(pending))
        finally:
            self._writing = 0
        now_s = self._clock.monotonic_s()
        self.last_commit_ms = round((now_s - began_s) * 1000, 1)
        self._waits_since_s = now_s if self._pending else None
        for (one, entry), status in zip(pending, taken, strict=True):
            self._count(one, -1, -len(entry.data))
            # Whoever sent what is not on disk comes back and, by his state vector, sends it again.
            code = connection.CLOSE_FAILED if status is None else REFUSED.get(status)
            if code is not None:
                one.end(code, status or "")
        async with self._written:
            self._written_count += len(pending)
            self._written.notify_all()

    async def _take_in(self, entries: list[Entry]) -> list[Status | None]:
        """What became of each; None of what could not be written."""
        try:
            return [taken.status for taken in await self._documents.take(entries)]
        except AppError as err:
            block_ids = dict.fromkeys(entry.block_id for entry in entries)
            if len(block_ids) == 1:
                _log.warning("%d updates could not be written: %s", len(entries), err.message)
                return [None] * len(entries)
        # One block that cannot be written must not take the others with it.
        found: dict[str, Iterator[Status | None]] = {}
        for block_id in block_ids:
            found[block_id] = iter(await self._take_in([entry for entry in entries if entry.block_id == block_id]))
        return [next(found[entry.block_id]) for entry in entries]
