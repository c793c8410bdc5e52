"""Looks after the folder of clips: files that no clip has, and rows of files that none refers to, go.

They are left where the power failed between a file and its row, or where a file was put there by hand.
"""

import logging

from homemedia.clips import sweep_store as store
from homemedia.clips.finishing import CLIPS
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.library.managed import Managed
from homemedia.library.managed_store import Spot

_log = logging.getLogger(__name__)

FOLDER = CLIPS
# What was begun so recently may yet be finished.
YOUNG_MS = 24 * 3600 * 1000
AT_ONCE = 100


class Sweep:
    """Swept once a day."""

    def __init__(self, db: Database, managed: Managed, clock: Clock | None = None) -> None:
        self._db = db
        self._managed = managed
        self._clock = clock or Clock()

    async def sweep(self) -> int:
        """Drop what belongs to no clip; how many files."""
        found = await self._managed.look(FOLDER, self._drop)
        gone = found.strays
        while released := await self._release():
            gone += released
        if found.missing or gone:
            _log.warning("clips: %d files belonged to none, %d files are missing", gone, found.missing)
        return gone

    async def _drop(self, spot: Spot) -> None:
        await self._managed.drop_stray(spot.path)

    async def _release(self) -> int:
        before = self._clock.now_ms() - YOUNG_MS
        async with self._db.write() as tx:
            unused = await store.unused(tx.rows, self._managed.root_id, FOLDER, before=before, limit=AT_ONCE)
            if unused:
                await self._managed.release(tx, unused)
        return len(unused)
