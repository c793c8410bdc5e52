"""Looks after the managed folders of photos at each start: files without rows become photos again, nobody's go.

Bytes are synced and in place before their row is committed, so whoever pulls the plug in between leaves a whole file
without a row. The client never heard of it and sends it again; then it is a duplicate.
"""

import logging
from typing import Self

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.jobs import JobRun, Jobs
from homemedia.library.managed import Managed
from homemedia.library.managed_store import Spot
from homemedia.photos.intake import PHOTOS, Intake
from homemedia.photos.kinds import kind_of

_log = logging.getLogger(__name__)

SWEEP_JOB = "photo-sweep"
# photos/<owner>/…
OWNER_AT = 1


class Sweep:
    """An async context manager; entering it has the folders looked through in the background."""

    def __init__(self, db: Database, managed: Managed, intake: Intake, clock: Clock | None = None) -> None:
        self._db = db
        self._managed = managed
        self._intake = intake
        self._clock = clock or Clock()

    def register(self, jobs: Jobs) -> None:
        jobs.register(SWEEP_JOB, "upkeep", self._look)

    async def __aenter__(self) -> Self:
        async with self._db.write() as tx:
            await tx.enqueue(SWEEP_JOB, "start")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing of its own runs."""

    async def _look(self, run: JobRun) -> None:
        found = await self._managed.look(PHOTOS, self._take)
        run.progress(missing=found.missing, found=found.found, strays=found.strays)
        if found.missing or found.strays:
            _log.warning("photos: %d files were without a row, %d rows are without a file", found.strays, found.missing)

    async def _take(self, spot: Spot) -> None:
        """Find out whose a file is, and make a photo of it unless its owner has these bytes."""
        if not spot.size_bytes:
            await self._managed.drop_stray(spot.path)
            return
        if kind_of(spot.path) is None:
            return  # nothing that came by us: left where it is
        owner_id = spot.path.split("/")[OWNER_AT]
        try:
            digests = await self._managed.digests(spot.path)
        except (OSError, InterruptedError) as err:
            _log.warning("%s cannot be read: %s", spot.path, err)
            return
        held = await self._intake.holding(owner_id, digests.sha1)
        if held is None:
            await self._intake.adopt(owner_id, spot, digests)
        elif held.path == spot.path:
            return  # its row was committed since
        elif not await self._managed.is_there(held.path, spot.size_bytes):
            await self._managed.repoint(held.file_id, spot, was=held.path)
        else:
            await self._managed.drop_stray(spot.path)
