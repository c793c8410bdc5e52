"""Pictures and videos made of files and kept (design §7.45): where they lie, and the table that says which there are.

What is made on demand lies in the cache instead (`library.artwork.renditions`).
"""

import asyncio
import logging
import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

import msgspec

from homemedia.core.db import Database, Reader, Write
from homemedia.core.jobs import JobRun, Jobs
from homemedia.core.threads import Lane
from homemedia.core.uploads import sync_folder
from homemedia.library import rendition_store as store

_log = logging.getLogger(__name__)

FOLDERS: Final = 256
VIDEO: Final = "video"
PART: Final = ".part"
SWEEP_JOB: Final = "renditions-sweep"
LANE: Final = "upkeep"
# A file is written before its row: younger ones may belong to one that is just being committed.
YOUNG_S: Final = 3600.0


class Rendition(msgspec.Struct, frozen=True, kw_only=True):
    """A picture or video that is there; `path` below the folder of renditions."""

    file_id: int
    variant: str
    pipeline: int
    path: str
    mime: str
    width: int | None
    height: int | None
    size_bytes: int
    made_at: int


class KeptRenditions:
    """An async context manager over one folder; it owns a thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lane = Lane("kept renditions", 1)

    async def __aenter__(self) -> Self:
        await self._lane.run(self.folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._lane.close()

    def path_for(self, file_id: int, variant: str, ending: str) -> str:
        """Where a picture of a file belongs, below the folder; file ids are never used twice."""
        return f"{file_id % FOLDERS:02x}/{file_id}-{variant}{ending}"

    def absolute(self, path: str) -> Path:
        return self.folder / path

    async def of(self, read: Reader, file_id: int) -> dict[str, Rendition]:
        """The pictures of a file, by variant."""
        return {row["variant"]: Rendition(**dict(row)) for row in await store.of_file(read, file_id)}

    async def enter(self, tx: Write, rendition: Rendition) -> None:
        """Write down a picture that lies in its place; it stands for what was there of that variant."""
        await store.put(tx, msgspec.structs.asdict(rendition))

    async def begin(self, path: str) -> Path:
        """A file to be written to that is to lie at `path` below the folder, once it is whole and `keep` is called."""
        return await self._lane.run(self._begin, path)

    async def keep(self, path: str) -> int:
        """Let what was begun lie in its place, synced; its bytes.

        Raises:
            OSError: the disk refuses.
        """
        return await self._lane.run(self._keep, path)

    async def free_bytes(self) -> int:
        """How much the disk still holds."""
        return (await self._lane.run(shutil.disk_usage, self.folder)).free

    async def drop(self, paths: Sequence[str]) -> None:
        """Delete pictures whose rows are gone, by their paths below the folder."""
        await self._lane.run(self._drop, tuple(paths))

    async def sweep(self, read: Reader) -> int:
        """Delete files without a row, of a server that was killed in between; how many."""
        gone = 0
        for folder in await self._lane.run(self._names, self.folder):
            names = [f"{folder}/{name}" for name in await self._lane.run(self._old, folder, time.time() - YOUNG_S)]
            known = await store.known(read, names) if names else set()
            lost = [name for name in names if name not in known]
            await self.drop(lost)
            gone += len(lost)
            await asyncio.sleep(0)
        return gone

    def _begin(self, path: str) -> Path:
        part = self.folder / f"{path}{PART}"
        part.parent.mkdir(mode=0o700, exist_ok=True)
        part.unlink(missing_ok=True)
        return part

    def _keep(self, path: str) -> int:
        target = self.folder / path
        part = target.with_name(target.name + PART)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
        sync_folder(target.parent)
        return target.stat().st_size

    def _drop(self, paths: tuple[str, ...]) -> None:
        for path in paths:
            (self.folder / path).unlink(missing_ok=True)

    def _names(self, folder: Path) -> list[str]:
        try:
            return sorted(path.name for path in folder.iterdir())
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _old(self, folder: str, before_s: float) -> list[str]:
        """Names of files in a folder that were not written to since."""
        try:
            with os.scandir(self.folder / folder) as entries:
                return sorted(entry.name for entry in entries if entry.stat().st_mtime < before_s)
        except (FileNotFoundError, NotADirectoryError):
            return []


class RenditionSweep:
    """Has what a killed server left behind looked for at each start. An async context manager."""

    def __init__(self, db: Database, kept: KeptRenditions) -> None:
        self._db = db
        self._kept = kept

    def register(self, jobs: Jobs) -> None:
        jobs.register(SWEEP_JOB, LANE, self._look)

    async def __aenter__(self) -> Self:
        async with self._db.write() as tx:
            await tx.enqueue(SWEEP_JOB, "start")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing of its own runs."""

    async def _look(self, run: JobRun) -> None:
        gone = await self._kept.sweep(self._db.read)
        run.progress(gone=gone)
        if gone:
            _log.info("%d pictures and videos that belonged to nothing were deleted", gone)
