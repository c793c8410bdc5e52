"""How photos go for good: rows, quota and stacks in one transaction, bytes after it (design §7.48).

A scanned file stays on its disk: its photo goes, and the file is remembered so that no scan brings it back.
"""

import itertools
import sqlite3
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.library.managed import Managed
from homemedia.photos import trash_store as store
from homemedia.photos.events import PhotosDeleted

# About 20 ms of the one writer.
BATCH = 200
MIN_STACK = 2

Farewell = Callable[[Write, Sequence[str]], Awaitable[None]]


class Removal:
    """Removes photos.

    Attributes:
        before: what other parts do inside the transaction while the rows are still there: (tx, photo_ids).
    """

    def __init__(self, db: Database, managed: Managed, clock: Clock | None = None) -> None:
        self._db = db
        self._managed = managed
        self._clock = clock or Clock()
        self.before: list[Farewell] = []

    async def remove(self, photo_ids: Iterable[str], *, is_remembered: bool = True) -> int:
        """Remove photos with their moving parts, a few hundred at a time; how many rows went.

        Whether somebody may is asked before. What is gone already is passed over.

        Args:
            photo_ids: which.
            is_remembered: whether scanned files among them shall not come back by a scan.
        """
        rest, gone = iter(photo_ids), 0
        while batch := list(itertools.islice(rest, BATCH)):
            async with self._db.write(durable=True) as tx:
                gone += await self._remove(tx, batch, is_remembered=is_remembered)
        return gone

    async def _remove(self, tx: Write, photo_ids: Sequence[str], *, is_remembered: bool) -> int:
        rows = await store.going(tx, photo_ids)
        if not rows:
            return 0
        now = self._clock.now_ms()
        ids = [row["photo_id"] for row in rows]
        for farewell in self.before:
            await farewell(tx, ids)
        await self._mend_stacks(tx, rows, ids, now)
        await store.drop(tx, ids)
        of_owner = defaultdict(list)
        for row in rows:
            of_owner[row["owner_id"]].append(row)
        for owner_id, own in of_owner.items():
            uploaded = sum(row["size_bytes"] for row in own if row["library_id"] is None)
            await store.discharge(tx, owner_id, uploaded)
            tx.announce(PhotosDeleted(owner_id=owner_id, photo_ids=tuple(row["photo_id"] for row in own)))
        if is_remembered:
            # One whose file is missing has nothing that could come back by mistake.
            scanned = [row for row in rows if row["library_id"] is not None and not row["is_offline"]]
            await store.dismiss(tx, scanned, now)
        await self._managed.release(tx, [row["file_id"] for row in rows])
        return len(rows)

    async def _mend_stacks(self, tx: Write, rows: Sequence[sqlite3.Row], ids: Sequence[str], now: int) -> None:
        """Another photo stands for a stack whose first one goes; a stack of one is none."""
        touched = {str(row["stack_id"]) for row in rows if row["stack_id"] is not None}
        if not touched:
            return
        left: dict[str, list[sqlite3.Row]] = {stack_id: [] for stack_id in touched}
        for row in await store.staying(tx, touched, ids):
            left[row["stack_id"]].append(row)
        for stack_id, members in left.items():
            if len(members) >= MIN_STACK:
                if members[0]["primary_photo_id"] in ids:
                    await store.promote(tx, stack_id, members[0]["photo_id"], now=now)
                continue
            await store.dissolve(tx, stack_id, [row["photo_id"] for row in members], now=now)
