"""Reads the files of some libraries whole, when nobody needs the disk, and writes down their hashes (design §7.43)."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.digests import Digests, digests_of
from homemedia.core.jobs import JobRun, Jobs, Retry
from homemedia.library import digesting_store as store
from homemedia.library import libraries_store
from homemedia.library.models import Root
from homemedia.library.scan.disks import Disks, DiskSilent, Pulse

KIND: Final = "digests"
LANE: Final = "idle"
BATCH: Final = 32
# Others wait in the lane: after so long it is their turn.
TURN_S: Final = 60.0
AGAIN_MS: Final = 1000


class Digesting:
    """Takes the hashes of whole files.

    Attributes:
        still: returns when nobody is disturbed by a disk that is busy.
        after: told, in their transaction, which files have hashes now.
    """

    def __init__(self, db: Database, disks: Disks, clock: Clock | None = None) -> None:
        self._db = db
        self._disks = disks
        self._clock = clock or Clock()
        self.still: Callable[[], Awaitable[None]] = _always
        self.after: Callable[[Write, Sequence[int]], Awaitable[None]] | None = None

    def register(self, jobs: Jobs) -> None:
        """Tell the queue who does jobs of this kind; its lane must be declared."""
        jobs.register(KIND, LANE, self._work)

    async def wish(self, tx: Write, library_id: str) -> None:
        """Have a library's files read that were not since they changed."""
        await tx.enqueue(KIND, library_id)

    async def _work(self, run: JobRun) -> None:
        library = await libraries_store.library(self._db.read, run.key)
        if library is None or not library.is_available:
            return
        until_s = time.monotonic() + TURN_S
        with contextlib.suppress(DiskSilent):  # the next scan asks again
            for root in library.roots:
                await self._read(root, run, until_s)

    async def _read(self, root: Root, run: JobRun, until_s: float) -> None:
        after = ""
        while rows := await store.undigested(self._db.read, root.root_id, after, BATCH):
            after = rows[-1]["path"]
            for row in rows:
                await self.still()
                digests = await self._digests(root, row["path"])
                if digests is not None:
                    await self._enter(row["file_id"], row["mtime_ns"], digests)
                    run.progress(done=run.state.get("done", 0) + 1)
                if time.monotonic() > until_s:
                    raise Retry(AGAIN_MS, "others have their turn")

    async def _digests(self, root: Root, path: str) -> Digests | None:
        pulse = Pulse()
        try:
            return await self._disks.ask(root.path, _read_whole, f"{root.path}/{path}", pulse=pulse)
        except OSError:
            return None

    async def _enter(self, file_id: int, mtime_ns: int, digests: Digests) -> None:
        async with self._db.write() as tx:
            if await store.enter(tx, file_id, mtime_ns, digests) and self.after is not None:
                await self.after(tx, [file_id])


def _read_whole(path: str, pulse: Pulse) -> Digests:
    def beat() -> bool:
        pulse.beat()
        return False

    return digests_of(Path(path), beat)


async def _always() -> None:
    await asyncio.sleep(0)
