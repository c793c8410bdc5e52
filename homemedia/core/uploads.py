"""The one staging writer (design §7.46): what arrives lies in a folder of its own until somebody keeps it.

The folder is inside the managed root, so that keeping is a rename. A file is handed on only when its bytes are synced;
whatever is not kept is removed, at once or at the next start.
"""

import asyncio
import contextlib
import errno
import logging
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Self

import msgspec

from homemedia.core.digests import Digests, Meter
from homemedia.core.ids import new_hex
from homemedia.core.problems import AppError, StorageFull, Unavailable
from homemedia.core.threads import Lane

_log = logging.getLogger(__name__)

WORKERS = 4
PART = ".part"
# Pieces are hashed and written by a thread in batches while the next batch arrives.
BATCH = 1 << 20
# Left free for the database and for what is already on its way.
RESERVE_BYTES = 64 << 20
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """A file that arrived whole and is synced; it goes when the block that received it ends, unless it was moved."""

    path: Path
    digests: Digests


class Staging:
    """A folder for half-received files. An async context manager; entering it drops what a dead server left.

    Attributes:
        receiving: how many files are arriving right now.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.receiving = 0
        self._lane = Lane("uploads", WORKERS)

    async def __aenter__(self) -> Self:
        await self._lane.run(_cleared, self.folder)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._lane.close()

    async def check_room(self, size_bytes: int) -> None:
        """Refuse before a byte is read what the disk could not hold.

        Raises:
            StorageFull: it could not.
        """
        with told():
            free = (await self._lane.run(shutil.disk_usage, self.folder)).free
        if free < size_bytes + RESERVE_BYTES:
            raise _full()

    @contextlib.asynccontextmanager
    async def receive(
        self, chunks: AsyncIterator[bytes], *, limit: int | None = None, refusal: AppError | None = None
    ) -> AsyncIterator[Received]:
        """A file of what arrives, hashed while it does, and synced.

        Args:
            chunks: the bytes.
            limit: bytes it may have; more raise `refusal`.
            refusal: needed with a limit.

        Raises:
            StorageFull: the disk is full.
            Unavailable: `storage_unavailable`: the disk refuses.
        """
        path = self.folder / f"{new_hex(12)}{PART}"
        sink = _Sink(path)
        self.receiving += 1
        try:
            rest = await self._fill(sink, chunks, limit, refusal)
            with told():
                digests = await self._lane.run(sink.finish, rest)
            yield Received(path=path, digests=digests)
        finally:
            self.receiving -= 1
            # Shielded: a server that stops waits for its lanes, and a half file left behind is swept at the next start.
            with contextlib.suppress(Unavailable):
                await asyncio.shield(self._lane.run(sink.drop))

    async def _fill(
        self, sink: "_Sink", chunks: AsyncIterator[bytes], limit: int | None, refusal: AppError | None
    ) -> list[bytes]:
        """Take in what comes; what is left is still to be written: a small file is one call of a thread."""
        writing: asyncio.Future[None] | None = None
        batch: list[bytes] = []
        waiting = total = 0
        try:
            async for chunk in chunks:
                total += len(chunk)
                if limit is not None and refusal is not None and total > limit:
                    raise refusal
                batch.append(chunk)
                waiting += len(chunk)
                if waiting >= BATCH:
                    if writing is not None:
                        await writing
                    writing = asyncio.ensure_future(self._write(sink, batch))
                    batch, waiting = [], 0
            if writing is not None:
                await writing
            return batch
        finally:
            if writing is not None and not writing.done():
                # The thread still writes: nobody may close the file under it.
                await asyncio.wait([writing])
            if writing is not None and not writing.cancelled():
                writing.exception()  # whoever is told of another fault needs not hear of this one

    async def _write(self, sink: "_Sink", batch: list[bytes]) -> None:
        with told():
            await self._lane.run(sink.write, batch)


class _Sink:
    """The file being written, from its first piece on. Its calls block; pieces come one after the other."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd = -1
        self._meter = Meter()

    def write(self, batch: list[bytes]) -> None:
        # Joined here: memory that one thread takes and another gives back costs two fifths more of the processor.
        piece = b"".join(batch)
        self._meter.update(piece)
        if self._fd < 0:
            self._fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        view = memoryview(piece)
        while view:
            view = view[os.write(self._fd, view) :]

    def finish(self, rest: list[bytes]) -> Digests:
        """Write what is left, and have it all survive a power cut."""
        self.write(rest)
        os.fsync(self._fd)
        self._close()
        return self._meter.digests()

    def drop(self) -> None:
        self._close()
        self._path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def sync_folder(folder: Path) -> None:
    """Have the names in a folder survive a power cut. Blocking; does nothing where folders cannot be synced."""
    if not hasattr(os, "O_DIRECTORY"):
        return  # Windows keeps names with the files
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    except OSError as err:
        # Some network disks and FUSE know no such call.
        if err.errno not in {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS}:
            raise
    finally:
        os.close(fd)


@contextlib.contextmanager
def told() -> Iterator[None]:
    """What a disk refuses, in words."""
    try:
        yield
    except OSError as err:
        if err.errno in FULL:
            raise _full() from err
        _log.warning("a file could not be kept: %s", err)
        raise Unavailable("The file could not be kept.", code="storage_unavailable", retry_after_s=30) from err


def _full() -> StorageFull:
    return StorageFull("There is no room left on the server's disk. Nothing of this file was kept.")


def _cleared(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in folder.glob(f"*{PART}"):
        path.unlink(missing_ok=True)
