"""Chunks of uploads, as they arrive: a few at once, in any order, each written down when its bytes are on the disk."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Iterator
from typing import Literal

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.events import EventBus
from homemedia.core.parts import Parts
from homemedia.core.problems import Conflict, NotFound, TooMany, Unprocessable
from homemedia.heaps.files import uploads_store as rows
from homemedia.heaps.files.events import UploadMoved
from homemedia.heaps.files.models import AT_ONCE, AT_ONCE_ALL, Upload, contiguous

TOLD_EVERY_S = 0.25


class Chunks:
    """Takes chunks in, and has the file's hash follow them."""

    def __init__(self, db: Database, parts: Parts, bus: EventBus, clock: Clock) -> None:
        self._db = db
        self._parts = parts
        self._bus = bus
        self._clock = clock
        self._writing: dict[str, set[int]] = {}
        self._of_user: dict[str, int] = {}
        self._following: set[asyncio.Task[None]] = set()
        self._told: dict[str, float] = {}

    @property
    def following(self) -> Collection[asyncio.Task[None]]:
        """What reads along."""
        return tuple(self._following)

    def is_busy(self, part: str) -> bool:
        """Whether chunks of an upload are just being sent."""
        return part in self._writing

    def forget(self, part: str) -> None:
        """An upload is over."""
        self._told.pop(part, None)

    async def take(
        self,
        user_id: str,
        upload: Upload,
        index: int,
        *,
        length: int,
        sha256: str | None,
        chunks: AsyncIterator[bytes],
    ) -> tuple[bool, int]:
        """Take a chunk in; whether it is new, and how many are here.

        Raises:
            As `Uploads.chunk`.
        """
        with self._place(user_id, upload, index):
            is_there, known = await rows.chunk(self._db.read, upload.part, index)
            if is_there:
                if sha256 is not None and known is not None and sha256 != known:
                    raise Conflict("This chunk is here already, with other bytes.", code="chunk_conflict")
                return False, (await rows.progress(self._db.read, upload.part)).chunks
            expected = upload.length_of(index)
            if length != expected:
                raise _bad_size(expected)
            return True, await self._write(upload, index, expected, sha256, chunks)

    @contextlib.contextmanager
    def _place(self, user_id: str, upload: Upload, index: int) -> Iterator[None]:
        """One of the few places for chunks that are being sent."""
        writing = self._writing.setdefault(upload.part, set())
        if index in writing:
            raise Conflict("This chunk is just being sent.", code="chunk_in_progress")
        if len(writing) >= AT_ONCE or self._of_user.get(user_id, 0) >= AT_ONCE_ALL:
            raise TooMany("Too many chunks at once.", retry_after_s=1)
        writing.add(index)
        self._of_user[user_id] = self._of_user.get(user_id, 0) + 1
        try:
            yield
        finally:
            writing.discard(index)
            if not writing:
                self._writing.pop(upload.part, None)
            self._of_user[user_id] -= 1
            if not self._of_user[user_id]:
                del self._of_user[user_id]

    async def _write(
        self, upload: Upload, index: int, size: int, sha256: str | None, chunks: AsyncIterator[bytes]
    ) -> int:
        offset = index * upload.chunk_size
        piece = await self._parts.put(upload.part, offset, size, chunks, hashed=sha256 is not None)
        if piece is None:
            raise _bad_size(size)
        if sha256 is not None and piece.sha256 != sha256:
            raise Unprocessable(
                "The chunk did not arrive as it was sent.",
                code="hash_mismatch",
                details=[{"field": "X-Chunk-SHA256", "actual": piece.sha256}],
            )
        async with self._db.write() as tx:
            is_open = await rows.add_chunk(tx, upload.part, index, size, sha256, now=self._clock.now_ms())
            there = await rows.progress(tx.rows, upload.part)
        if not is_open:
            raise NotFound("The upload is not open any more.")
        self._follow(upload)
        self._tell(upload, there.received_bytes)
        return there.chunks

    def _follow(self, upload: Upload) -> None:
        """Have the hash follow what is here; one at a time for each upload."""
        name = f"follow-{upload.part}"
        if any(task.get_name() == name for task in self._following):
            return
        task = asyncio.create_task(self._hashed(upload), name=name)
        self._following.add(task)
        task.add_done_callback(self._followed)

    def _followed(self, task: asyncio.Task[None]) -> None:
        self._following.discard(task)
        if not task.cancelled():
            task.exception()  # the end looks again, and tells

    async def _hashed(self, upload: Upload) -> None:
        while True:
            count = contiguous(await rows.indexes(self._db.read, upload.part))
            until = min(count * upload.chunk_size, upload.size_bytes)
            if until <= self._parts.reached(upload.part):
                return
            await self._parts.follow(upload.part, until)

    def _tell(self, upload: Upload, received_bytes: int) -> None:
        now_s = self._clock.monotonic_s()
        if now_s - self._told.get(upload.part, -TOLD_EVERY_S) < TOLD_EVERY_S:
            return
        self._told[upload.part] = now_s
        self._bus.publish(moved(upload, "progress", received_bytes))


def moved(
    upload: Upload, what: Literal["progress", "failed"], received_bytes: int, error: str | None = None
) -> UploadMoved:
    """What is announced of an upload."""
    return UploadMoved(
        what=what,
        heap_id=upload.heap_id,
        block_id=upload.block_id,
        hash=upload.hash,
        received_bytes=received_bytes,
        size_bytes=upload.size_bytes,
        error=error,
    )


def _bad_size(expected: int) -> Unprocessable:
    return Unprocessable(
        f"This chunk must have {expected} bytes.", code="bad_chunk_size", details=[{"expected": expected}]
    )
