"""Files that arrive in pieces, in any order, over days: sparse files in the staging folder until they are whole.

The staging writer's second half (design §7.46): `uploads` takes what comes in one stream, this what is resumed. A piece
is told of only when its bytes are synced. The hash follows the beginning of the file while the rest still comes, so
that at the end little is left to be read.
"""

import asyncio
import contextlib
import hashlib
import os
import shutil
from collections.abc import AsyncIterator, Callable, Collection
from pathlib import Path
from typing import Self

import msgspec

from homemedia.core.digests import Digests, Meter
from homemedia.core.ids import new_hex
from homemedia.core.problems import StorageFull, Unavailable
from homemedia.core.threads import Lane
from homemedia.core.uploads import BATCH, sync_folder, told

FOLDER = "resumed"
WORKERS = 4
# What stays free, whatever comes: the larger of the two.
KEPT_FREE_BYTES = 1 << 30
KEPT_FREE_SHARE = 0.02
PIECE = 1 << 20


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A piece that lies in its place, synced."""

    size_bytes: int
    sha256: str | None


class Parts:
    """A folder of half-received files. An async context manager; nothing in it goes by itself.

    Args:
        staging: the folder of the staging writer.
    """

    def __init__(self, staging: Path) -> None:
        self.folder = staging / FOLDER
        self._lane = Lane("parts", WORKERS)
        self._hashing = Lane("parts hashed", 2)
        self._followers: dict[str, Follower] = {}
        self._is_over = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._is_over = True
        await self._hashing.close()
        await self._lane.close()

    def path(self, part: str) -> Path:
        return self.folder / part

    async def check_room(self, size_bytes: int) -> None:
        """Refuse what the disk could not hold beside what must stay free.

        Raises:
            StorageFull: it could not.
        """
        with told():
            has_room = await self._lane.run(leaves_enough, self.folder.parent, size_bytes)
        if not has_room:
            raise StorageFull("There is too little room left on the server's disk for this file.")

    async def begin(self) -> str:
        """An empty file; its name."""
        part = new_hex(12)
        with told():
            await self._lane.run(self._begin, part)
        return part

    async def put(
        self, part: str, offset: int, size_bytes: int, chunks: AsyncIterator[bytes], *, hashed: bool
    ) -> Piece | None:
        """Take a piece in; None when it is shorter or longer than was said, and what lies there means nothing.

        Args:
            part: as `begin` called it.
            offset: where the piece belongs.
            size_bytes: how long it must be.
            chunks: its bytes.
            hashed: whether its own hash is wanted.

        Raises:
            StorageFull, Unavailable: the disk refuses.
        """
        sink = _Sink(self.path(part), offset, hashed=hashed)
        try:
            if not await self._fill(sink, chunks, size_bytes):
                return None
            with told():
                await self._lane.run(sink.sync)
            return Piece(size_bytes=size_bytes, sha256=sink.hexdigest())
        finally:
            # Shielded: the descriptor must be closed, whoever left.
            with contextlib.suppress(Unavailable):
                await asyncio.shield(self._lane.run(sink.close))

    async def _fill(self, sink: "_Sink", chunks: AsyncIterator[bytes], size_bytes: int) -> bool:
        writing: asyncio.Future[None] | None = None
        batch: list[bytes] = []
        waiting = total = 0
        try:
            async for chunk in chunks:
                total += len(chunk)
                if total > size_bytes:
                    return False
                batch.append(chunk)
                waiting += len(chunk)
                if waiting >= BATCH:
                    if writing is not None:
                        await writing
                    writing = asyncio.ensure_future(self._write(sink, batch))
                    batch, waiting = [], 0
            if writing is not None:
                await writing
            if total == size_bytes and batch:
                await self._write(sink, batch)
            return total == size_bytes
        finally:
            if writing is not None and not writing.done():
                await asyncio.wait([writing])  # nobody may close the file under the thread that writes
            if writing is not None and not writing.cancelled():
                writing.exception()

    async def _write(self, sink: "_Sink", batch: list[bytes]) -> None:
        with told():
            await self._lane.run(sink.write, batch)

    async def follow(self, part: str, until: int) -> int:
        """Have the hash follow the file up to a place where everything before is there; how far it has come.

        Raises:
            Unavailable: the file cannot be read, or the server stops.
        """
        follower = self._followers.setdefault(part, Follower(self.path(part)))
        async with follower.turn:
            if follower.reached < until:
                with told():
                    await self._hashing.run(follower.go, until, lambda: self._is_over)
        return follower.reached

    def reached(self, part: str) -> int:
        """How much of a file was hashed since this server runs."""
        follower = self._followers.get(part)
        return 0 if follower is None else follower.reached

    async def digests(self, part: str, size_bytes: int) -> Digests:
        """The hashes of a whole file.

        Raises:
            As `follow`.
        """
        await self.follow(part, size_bytes)
        return self._followers[part].digests()

    async def whole(self, part: str, size_bytes: int) -> None:
        """Have a file be as long as it must, and survive a power cut."""
        with told():
            await self._lane.run(self._whole, part, size_bytes)

    async def drop(self, part: str) -> None:
        """Delete a file; one that is gone already counts as deleted."""
        self._followers.pop(part, None)
        with told():
            await self._lane.run(self.path(part).unlink, missing_ok=True)

    async def names(self) -> list[str]:
        """All that lie there."""
        with told():
            return await self._lane.run(self._names)

    async def drop_others(self, parts: Collection[str]) -> int:
        """Delete all but these; how many."""
        lost = [name for name in await self.names() if name not in parts]
        for name in lost:
            await self.drop(name)
        return len(lost)

    def _names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir()) if self.folder.is_dir() else []

    def _begin(self, part: str) -> None:
        if not self.folder.is_dir():
            self.folder.mkdir(mode=0o700, exist_ok=True)
            sync_folder(self.folder.parent)
        os.close(os.open(self.path(part), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        sync_folder(self.folder)

    def _whole(self, part: str, size_bytes: int) -> None:
        with self.path(part).open("rb+") as file:
            file.truncate(size_bytes)
            os.fsync(file.fileno())


def leaves_enough(folder: Path, size_bytes: int) -> bool:
    """Whether the disk of a folder takes so much beside what must stay free. Blocking."""
    disk = shutil.disk_usage(folder)
    return disk.free - size_bytes >= max(KEPT_FREE_BYTES, int(disk.total * KEPT_FREE_SHARE))


class Follower:
    """Hashes a file from its beginning, as far as it is there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._meter = Meter()
        self.turn = asyncio.Lock()

    @property
    def reached(self) -> int:
        return self._meter.size_bytes

    def go(self, until: int, is_over: Callable[[], bool]) -> None:
        """Read on up to `until`. Blocking."""
        with self._path.open("rb", buffering=0) as file:
            file.seek(self.reached)
            # One buffer for all of it: memory taken and given back for each piece costs as much as reading it.
            buffer = memoryview(bytearray(PIECE))
            while self.reached < until:
                if is_over():
                    raise InterruptedError
                count = file.readinto(buffer[: until - self.reached])
                if not count:
                    raise OSError(f"{self._path.name} is shorter than what was written to it")
                self._meter.update(buffer[:count])

    def digests(self) -> Digests:
        return self._meter.digests()


class _Sink:
    """One piece being written. Its calls block; they come one after the other."""

    def __init__(self, path: Path, offset: int, *, hashed: bool) -> None:
        self._path = path
        self._offset = offset
        self._digest = hashlib.sha256() if hashed else None
        self._fd = -1

    def write(self, batch: list[bytes]) -> None:
        if self._fd < 0:
            self._fd = os.open(self._path, os.O_WRONLY | getattr(os, "O_BINARY", 0))
            os.lseek(self._fd, self._offset, os.SEEK_SET)
        piece = b"".join(batch)
        if self._digest is not None:
            self._digest.update(piece)
        view = memoryview(piece)
        while view:
            view = view[os.write(self._fd, view) :]

    def sync(self) -> None:
        if self._fd >= 0:
            getattr(os, "fdatasync", os.fsync)(self._fd)

    def hexdigest(self) -> str | None:
        return None if self._digest is None else self._digest.hexdigest()

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
