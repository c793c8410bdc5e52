"""Clips whose time is over: their files go, their rows stay with all that was said (clips §4, 10)."""

import logging

from homemedia.accounts.family import store as family
from homemedia.clips import retention_store as store
from homemedia.clips.removal import Removal
from homemedia.core.clock import Clock
from homemedia.core.db import Database

_log = logging.getLogger(__name__)

DAY_MS = 24 * 3600 * 1000
# In one transaction; a year of clips whose limit was just set ends in many short ones.
AT_ONCE = 50


class Retention:
    """Acts on what the household says at each sweep.

    Args:
        db: the database.
        removal: takes the files.
        clock: the time.
        keeps_favorites: what somebody marked as a favourite stays.
    """

    def __init__(
        self, db: Database, removal: Removal, clock: Clock | None = None, *, keeps_favorites: bool = True
    ) -> None:
        self._db = db
        self._removal = removal
        self._clock = clock or Clock()
        self._keeps_favorites = keeps_favorites

    async def sweep(self) -> int:
        """End what is older than the household keeps clips; how many those were."""
        gone = 0
        while ended := await self._some():
            gone += ended
        if gone:
            _log.info("the time of %d clips was over", gone)
        return gone

    async def _some(self) -> int:
        async with self._db.write() as tx:
            group = await family.group(tx.rows)
            if group is None or group.retention_days is None:
                return 0
            before = self._clock.now_ms() - group.retention_days * DAY_MS
            over = await store.over(tx.rows, before, keeps_favorites=self._keeps_favorites, limit=AT_ONCE)
            return await self._removal.expire(tx, over) if over else 0
