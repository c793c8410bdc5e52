"""The managed root (design §7.47): files that came to us, and lie where we decide; never inside a scanned folder.

Order of every arrival: bytes synced, renamed into place, folder synced, row committed. Killed in between, a file
without a row is left, which the sweep of its slice finds; a row without a file is never left.
"""

import asyncio
import contextlib
import os
import re
import threading
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.digests import Digests, digests_of
from homemedia.core.jobs import JobRun, Jobs
from homemedia.core.threads import Lane
from homemedia.core.uploads import Staging, sync_folder, told
from homemedia.library import managed_store as store
from homemedia.library.managed_store import Spot
from homemedia.library.scan.walk import MAX_INODE

TIDY_JOB = "managed-tidy"
STAGING = "staging"
SIDECAR = ".xmp"
# Of 255 bytes that file systems take, some are left for a number, for `.xmp` and for what makers write beside it.
MAX_NAME_BYTES = 200
MAX_ENDING_BYTES = 16
# Month and year: the owner's own folder stays.
SHORT_LIVED_FOLDERS = 2
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
# Windows takes these for devices, whatever stands behind the dot.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


class Beside(msgspec.Struct, frozen=True):
    """A file that goes where another goes, named as it with `suffix` behind."""

    source: Path
    suffix: str


class TidyJob(msgspec.Struct, frozen=True, kw_only=True):
    """Files to be deleted: `paths` below the managed root; `pictures` as the table of renditions names them."""

    paths: tuple[str, ...]
    pictures: tuple[str, ...] = ()


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What a comparison with the disk found: files gone, files back, files without a row."""

    missing: int
    found: int
    strays: int


class Managed:
    """Keeps files below the managed root. An async context manager.

    Attributes:
        staging: where what arrives is received.
        drop_pictures: deletes pictures made of files that are gone, by their paths in the table of renditions.
    """

    def __init__(self, db: Database, folder: Path, clock: Clock | None = None) -> None:
        self._db = db
        self.folder = folder
        self._clock = clock or Clock()
        self.staging = Staging(folder / STAGING)
        self._lane = Lane("managed", 2)
        self._naming = threading.Lock()
        self._moving = asyncio.Lock()
        self._placing: set[str] = set()
        self._root_id = 0
        self._is_over = False
        self.drop_pictures: Callable[[Sequence[str]], Awaitable[None]] = _none_made

    def register(self, jobs: Jobs) -> None:
        jobs.register(TIDY_JOB, "upkeep", self._tidy)

    async def __aenter__(self) -> Self:
        with told():
            await self._lane.run(self.folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        await self.staging.__aenter__()
        path = str(await self._lane.run(self.folder.resolve))
        async with self._db.write() as tx:
            self._root_id = await store.ensure_root(tx, path)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._is_over = True
        await self.staging.__aexit__()
        await self._lane.close()

    @property
    def root_id(self) -> int:
        return self._root_id

    def path_of(self, path: str) -> Path:
        """Where a path below the root lies."""
        return self.folder / path

    @contextlib.asynccontextmanager
    async def placed(
        self, source: Path, *, folder: str, name: str, modified_at: int, beside: Sequence[Beside] = ()
    ) -> AsyncIterator[Spot]:
        """A received file at its place, under a name that was free; taken away again when the block leaves no row.

        Run it in a task of its own that nobody cancels: a cancelled commit may be one all the same.

        Args:
            source: synced, and on the same disk.
            folder: below the root, '/' between parts.
            name: as a person knows the file; what no disk takes is replaced.
            modified_at: the file's own time, in ms.
            beside: further files that go with it.

        Raises:
            StorageFull, Unavailable: the disk refuses.
        """
        name = safe_name(name)
        # Also names of files that somebody deleted by hand: their rows wait for them.
        taken = await store.names_like(self._db.read, self._root_id, f"{folder}/{name.rpartition('.')[0] or name}")
        with told():
            spot = await self._lane.run(self._place, source, f"{folder}/{name}", modified_at, beside, taken)
        try:
            yield spot
        finally:
            if not await store.has_path(self._db.read, self._root_id, spot.path):
                await self._lane.run(self._remove, spot.path, [extra.suffix for extra in beside])
            self._placing.discard(spot.path)

    async def enter(self, tx: Write, spot: Spot, digests: Digests, mime: str, kind: str = "photo") -> int:
        """The row of a placed file; its number. `kind` as in the table: photo, video, audio, image."""
        args = {
            "quick_hash": digests.quick_hash,
            "sha1": digests.sha1.hex(),
            "sha256": digests.sha256,
            "mime": mime,
            "kind": kind,
            "now": self._clock.now_ms(),
        }
        return await store.add_file(tx, self._root_id, spot, args)

    async def put_back(self, file_id: int, path: str, source: Path) -> None:
        """Bytes for a row whose file was missing."""
        with told():
            spot = await self._lane.run(self._replace, source, path)
        async with self._db.write(durable=True) as tx:
            await store.found_again(tx, file_id, spot)

    async def release(self, tx: Write, file_ids: Sequence[int]) -> None:
        """Forget files that nothing refers to any more; their pictures, and bytes of ours, go after the commit."""
        paths, pictures = await store.drop_files(tx, self._root_id, file_ids)
        if paths or pictures:
            key = str(await tx.stamp())
            await tx.enqueue(TIDY_JOB, key, TidyJob(paths=tuple(paths), pictures=tuple(pictures)))

    async def look(self, below: str, on_stray: Callable[[Spot], Awaitable[None]]) -> Look:
        """Compare a part of the root with the disk, folder by folder.

        Rows whose files are gone, or back, are told so.

        Args:
            below: a folder below the root.
            on_stray: told of each file without a row; it may enter or drop it.
        """
        missing = found = strays = 0
        folders = set(await store.folders(self._db.read, self._root_id, below))
        folders |= set(await self._lane.run(self._folders, below))
        for folder in sorted(folders):
            there = await self._lane.run(self._files, folder)
            known = await store.in_folder(self._db.read, self._root_id, folder)
            own = {path: row for path, row in known.items() if path.rpartition("/")[0] == folder}
            # Looked at again: it may have come between the look at the disk and the look at the rows.
            gone = [
                row["file_id"]
                for path, row in own.items()
                if path not in there
                and row["missing_since_at"] is None
                and await self._lane.run(self._size, path) is None
            ]
            back = [
                (row["file_id"], there[path])
                for path, row in own.items()
                if path in there and row["missing_since_at"] is not None
            ]
            if gone or back:
                async with self._db.write() as tx:
                    await store.missed(tx, gone, self._clock.now_ms())
                    for file_id, spot in back:
                        await store.found_again(tx, file_id, spot)
            missing, found = missing + len(gone), found + len(back)
            for path in sorted(there.keys() - known.keys()):
                if await self._is_stray(path, there):
                    strays += 1
                    await on_stray(there[path])
        return Look(missing=missing, found=found, strays=strays)

    async def drop_stray(self, path: str) -> None:
        """Delete a file without a row."""
        if not self.is_placing(path) and not await store.has_path(self._db.read, self._root_id, path):
            await self._lane.run(self._remove, path, [SIDECAR])

    async def digests(self, path: str) -> Digests:
        """The hashes of a file below the root.

        Raises:
            OSError: it cannot be read.
        """
        return await self._lane.run(digests_of, self.folder / path, lambda: self._is_over)

    async def repoint(self, file_id: int, spot: Spot, *, was: str) -> None:
        """A row whose file was found elsewhere below the root."""
        async with self._db.write(durable=True) as tx:
            await store.moved(tx, self._root_id, file_id, spot, was=was)

    async def is_there(self, path: str, size_bytes: int) -> bool:
        """Whether a file of this size lies below the root."""
        return await self._lane.run(self._size, path) == size_bytes

    async def move(self, file_id: int, path: str, folder: str, name: str | None = None) -> None:
        """Have a file lie in another folder below the root, with its sidecar; nothing where the disk knows no links.

        Under another name as well, where one is given.

        Under both names until the row is committed, so that readers find it at every moment, and a server that is
        killed in between leaves one name too many, never one too few.
        """
        async with self._moving:
            await self._move(file_id, path, folder, safe_name(name or path.rpartition("/")[2]))

    async def beside(self, file_id: int, suffix: str, work: Callable[[Path], None]) -> None:
        """Have `work` write the file that goes where another goes, while that one stays where it is.

        Args:
            file_id: of the other; nothing happens where it is not below the root, or gone.
            suffix: behind its name.
            work: blocking.

        Raises:
            OSError: and whatever else `work` raises.
        """
        async with self._moving:
            row = await store.locate(self._db.read, file_id)
            if row is not None:
                await self._lane.run(work, self.folder / f"{row['path']}{suffix}")

    async def _move(self, file_id: int, path: str, folder: str, name: str) -> None:
        taken = await store.names_like(self._db.read, self._root_id, f"{folder}/{name.rpartition('.')[0] or name}")
        spot = await self._lane.run(self._link, path, f"{folder}/{name}", taken)
        if spot is None:
            return
        is_moved = False
        try:
            async with self._db.write() as tx:
                is_moved = await store.moved(tx, self._root_id, file_id, spot, was=path)
        finally:
            if is_moved or not await store.has_path(self._db.read, self._root_id, spot.path):
                await self._lane.run(self._remove, path if is_moved else spot.path, [SIDECAR])
            self._placing.discard(spot.path)

    async def _is_stray(self, path: str, there: Mapping[str, Spot]) -> bool:
        """Whether a file has no row, is nothing that goes with another, and will have no row in a moment."""
        if path.endswith(SIDECAR) and path.removesuffix(SIDECAR) in there:
            return False
        # In this order: what was being placed a moment ago has its row by now, or is gone.
        return not self.is_placing(path) and not await store.has_path(self._db.read, self._root_id, path)

    def _folders(self, below: str) -> list[str]:
        top = self.folder / below
        return [Path(folder).relative_to(self.folder).as_posix() for folder, _, _ in os.walk(top)]

    def _files(self, folder: str) -> dict[str, Spot]:
        found: dict[str, Spot] = {}
        try:
            with os.scandir(self.folder / folder) as entries:
                for entry in entries:
                    if entry.is_file(follow_symlinks=False):
                        path = f"{folder}/{entry.name}"
                        facts = entry.stat(follow_symlinks=False)
                        found[path] = Spot(
                            path=path,
                            size_bytes=facts.st_size,
                            mtime_ns=facts.st_mtime_ns,
                            inode=facts.st_ino & MAX_INODE,
                        )
        except FileNotFoundError:
            return {}
        return found

    def is_placing(self, path: str) -> bool:
        """Whether a file without a row will have one in a moment."""
        return path in self._placing

    async def _tidy(self, run: JobRun) -> None:
        job = run.payload(TidyJob)
        for path in job.paths:
            # Another file may have come to the same name since.
            if not await store.has_path(self._db.read, self._root_id, path) and not self.is_placing(path):
                await self._lane.run(self._remove, path, [SIDECAR])
        await self.drop_pictures(job.pictures)

    def _place(self, source: Path, wish: str, modified_at: int, beside: Sequence[Beside], taken: set[str]) -> Spot:
        os.utime(source, ns=(modified_at * 1_000_000, modified_at * 1_000_000))
        # One server owns this folder, so a name that is free under the lock stays free until it is taken.
        with self._naming:
            _make_folder((self.folder / wish).parent)
            path = self._free(wish, taken)
            target = self.folder / path
            self._placing.add(path)
            try:
                source.rename(target)
            except BaseException:
                self._placing.discard(path)
                raise
        for extra in beside:
            extra.source.rename(target.with_name(target.name + extra.suffix))
        sync_folder(target.parent)
        return _spot(target, path)

    def _free(self, wish: str, taken: set[str]) -> str:
        """The path, or the first of "name+1.jpg", "name+2.jpg" … that is free, its sidecar's too."""
        folder, _, name = wish.rpartition("/")
        stem, dot, ending = name.rpartition(".")
        if not stem:
            stem, dot, ending = name, "", ""
        path, number = wish, 0
        while path in taken or os.path.lexists(self.folder / path) or os.path.lexists(self.folder / f"{path}{SIDECAR}"):
            number += 1
            path = f"{folder}/{stem}+{number}{dot}{ending}"
        return path

    def _link(self, path: str, wish: str, taken: set[str]) -> Spot | None:
        source = self.folder / path
        with self._naming:
            _make_folder((self.folder / wish).parent)
            fresh = self._free(wish, taken)
            target = self.folder / fresh
            self._placing.add(fresh)
            try:
                if source.with_name(source.name + SIDECAR).exists():
                    target.with_name(target.name + SIDECAR).hardlink_to(source.with_name(source.name + SIDECAR))
                target.hardlink_to(source)
            except OSError:
                target.with_name(target.name + SIDECAR).unlink(missing_ok=True)
                self._placing.discard(fresh)
                return None
        return _spot(target, fresh)

    def _size(self, path: str) -> int | None:
        try:
            return (self.folder / path).stat().st_size
        except OSError:
            return None

    def _replace(self, source: Path, path: str) -> Spot:
        target = self.folder / path
        with self._naming:
            _make_folder(target.parent)
            source.replace(target)
        sync_folder(target.parent)
        return _spot(target, path)

    def _remove(self, path: str, suffixes: Sequence[str]) -> None:
        target = self.folder / path
        for one in (target, *(target.with_name(target.name + suffix) for suffix in suffixes)):
            one.unlink(missing_ok=True)
        # Folders that are empty now go as well, up to the owner's; not while a file is on its way into one.
        with self._naming, contextlib.suppress(OSError):
            for folder in target.relative_to(self.folder).parents[:SHORT_LIVED_FOLDERS]:
                (self.folder / folder).rmdir()


def safe_name(name: str) -> str:
    """A file's name that every disk takes, as near to the given one as can be; never empty.

    Composed letters (NFC), so that a name made on a Mac is the same name elsewhere; 200 bytes at most, the ending kept.
    """
    clean = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).strip().rstrip(". ")
    if not clean.strip("._ "):
        clean = f"file{clean[clean.rfind('.') :]}" if "." in clean.rstrip(".") else "file"
    if _DEVICES.fullmatch(clean):
        clean = f"_{clean}"
    stem, dot, ending = clean.rpartition(".")
    if not stem or len(ending.encode()) > MAX_ENDING_BYTES:
        stem, dot, ending = clean, "", ""
    room = MAX_NAME_BYTES - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + ending


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it so that they survive a power cut."""
    if folder.is_dir():
        return
    if not folder.parent.is_dir():
        _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def _spot(target: Path, path: str) -> Spot:
    facts = target.stat()
    return Spot(path=path, size_bytes=facts.st_size, mtime_ns=facts.st_mtime_ns, inode=facts.st_ino & MAX_INODE)


async def _none_made(_paths: Sequence[str]) -> None:
    await asyncio.sleep(0)
