"""One open socket of a block, and what waits to be sent by it (heaps §7.1, backpressure)."""

import asyncio
import contextlib
from collections import deque
from typing import Self

from aiohttp import web

from homemedia.accounts import Member
from homemedia.core.ids import new_hex
from homemedia.heaps.messages import KEEPALIVE
from homemedia.heaps.models import Heap

MAX_QUEUED_BYTES = 8 << 20
MAX_QUEUED = 2000
KEEPALIVE_S = 20.0

CLOSE_MALFORMED = 4400
CLOSE_UNAUTHORIZED = 4401
CLOSE_UNKNOWN = 4404
CLOSE_VERSION = 4409
CLOSE_PURGED = 4410
CLOSE_TOO_LARGE = 4413
CLOSE_TOO_MANY = 4429
CLOSE_RENEW = 4501
CLOSE_STOPPING = 4503
CLOSE_SLOW = 4508
CLOSE_FAILED = 1011


class Connection:
    """Whoever edits a block by a socket. An async context manager: inside it what is queued is sent.

    Attributes:
        heap: where the block lies, or is to be made, with the member's role.
        sync_version: generation of the document that is edited here.
        ended_with: the code it was told to close with.
        unwritten: updates of it that are not on disk yet; `unwritten_bytes` of them.
    """

    def __init__(
        self,
        socket: web.WebSocketResponse,
        actor: Member,
        block_id: str,
        heap: Heap,
        device: str,
        sync_version: int,
    ) -> None:
        self.id = new_hex(8)
        self.socket = socket
        self.actor = actor
        self.block_id = block_id
        self.heap = heap
        self.device = device
        self.sync_version = sync_version
        self.ended_with: int | None = None
        self.is_told_read_only = False
        self.unwritten = self.unwritten_bytes = 0
        self.opened_at_s = 0.0
        self.looked_at_s = 0.0
        self._queue: deque[bytes] = deque()
        self._queued_bytes = 0
        self._wake = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[object] | None = None

    async def __aenter__(self) -> Self:
        self._writer = asyncio.create_task(self._write(), name=f"room-{self.id}")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.cancel()
        for task in (self._writer, self._closing):
            if task is not None:
                with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                    await task

    @property
    def is_ending(self) -> bool:
        return self._closing is not None

    def send(self, frame: bytes) -> None:
        """Queue a message; a reader too slow for what waits is let go, and fills the gap when he comes back."""
        if self.is_ending:
            return
        # One message of any size is let through: a document may be larger than the queue.
        if self._queue and (len(self._queue) >= MAX_QUEUED or self._queued_bytes + len(frame) > MAX_QUEUED_BYTES):
            self.end(CLOSE_SLOW)
            return
        self._queue.append(frame)
        self._queued_bytes += len(frame)
        self._wake.set()

    def send_lightly(self, frame: bytes) -> None:
        """Queue what may be lost when much waits already: who is there is said again and again."""
        if self._queued_bytes < MAX_QUEUED_BYTES // 2 and len(self._queue) < MAX_QUEUED // 2:
            self.send(frame)

    def end(self, code: int, reason: str = "") -> None:
        """Close the socket; what was queued is dropped, and a writer that waits for a slow reader is not waited for.

        Args:
            code: why.
            reason: a word beside it, where the code alone could mean several things.
        """
        if self._closing is None:
            self.ended_with = code
            self._queue.clear()
            if self._writer is not None:
                self._writer.cancel()
            self._closing = asyncio.create_task(
                self.socket.close(code=code, message=reason.encode()), name=f"room-end-{self.id}"
            )

    async def ended(self) -> None:
        """Wait until the socket is closed, where it was told to."""
        if self._closing is not None:
            await asyncio.wait([self._closing])

    async def _write(self) -> None:
        while True:
            while self._queue:
                frame = self._queue.popleft()
                self._queued_bytes -= len(frame)
                await self.socket.send_bytes(frame)
            self._wake.clear()
            try:
                async with asyncio.timeout(KEEPALIVE_S):
                    await self._wake.wait()
            except TimeoutError:
                await self.socket.send_bytes(KEEPALIVE)
