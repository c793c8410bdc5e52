"""How many files of heaps are still to be looked into, for who watches a scan.

Counting reads every file of a heap (a fifth of a second for 100,000), and a scan tells of itself four times a second to
everybody who watches. So a count stands for a few seconds, however many ask.
"""

import asyncio
from collections.abc import Collection
from typing import Final

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.heaps import scans_store

COUNT_EVERY_S: Final = 5.0


class Owed:
    """Counts them.

    Args:
        db: where files stand.
        clock: the time.
    """

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._known: dict[str, tuple[float, int]] = {}
        self._counting = asyncio.Lock()

    async def of(self, heap_ids: Collection[str]) -> dict[str, int]:
        """By heap, as it was a few seconds ago at most; heaps without any are left out."""
        async with self._counting:
            now_s = self._clock.monotonic_s()
            self._known = {heap_id: one for heap_id, one in self._known.items() if one[0] > now_s}
            asked = [heap_id for heap_id in heap_ids if heap_id not in self._known]
            if asked:
                found = await scans_store.pending(self._db.read, asked)
                until_s = now_s + COUNT_EVERY_S
                self._known |= {heap_id: (until_s, found.get(heap_id, 0)) for heap_id in asked}
            return {heap_id: count for heap_id in heap_ids if (count := self._known[heap_id][1])}
