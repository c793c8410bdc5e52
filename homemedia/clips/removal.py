"""How clips go: for good, with all that was said of them; or their files alone, when their time is over.

Bytes go after the commit. A download that still runs for a clip that is gone is stopped by who hears `ClipsChanged`,
and one that nobody stopped in time finds no row to write to.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence

from homemedia.clips import removal_store as store
from homemedia.clips import unwatched
from homemedia.clips.events import ClipsChanged
from homemedia.core import notices
from homemedia.core.db import Write
from homemedia.core.notices import Withdrawal
from homemedia.library.managed import Managed

FAMILY = "clip"
Farewell = Callable[[Write, Sequence[str]], Awaitable[None]]


class Removal:
    """Removes clips inside of a transaction of whoever asks; whether he may is his to say, in the same transaction.

    Attributes:
        before: what other parts do while the rows of clips that go for good are still there: (tx, clip_ids).
    """

    def __init__(self, managed: Managed) -> None:
        self._managed = managed
        self.before: list[Farewell] = []

    async def remove(self, tx: Write, clip_ids: Iterable[str]) -> int:
        """Remove clips for good, in any state; how many there were. Ids of nothing are passed over."""
        rows = await store.going(tx, tuple(clip_ids))
        ids = tuple(str(row["clip_id"]) for row in rows)
        if not ids:
            return 0
        for farewell in self.before:
            await farewell(tx, ids)
        await unwatched.left(tx, ids)
        for clip_id in ids:
            await notices.withdraw(tx, Withdrawal(family=FAMILY, subject_id=clip_id))
        await store.drop(tx, ids)
        await self._managed.release(tx, _files(rows))
        tx.announce(ClipsChanged(clip_ids=ids, what="removed"))
        return len(ids)

    async def expire(self, tx: Write, clip_ids: Iterable[str]) -> int:
        """Take the files of clips whose time is over; how many there were.

        The rows stay, as `deleted`, with all that was said and watched. What is still being fetched is passed over.
        """
        rows = await store.ending(tx, tuple(clip_ids))
        ids = tuple(str(row["clip_id"]) for row in rows)
        if not ids:
            return 0
        await unwatched.left(tx, ids)
        await store.expire(tx, ids)
        await self._managed.release(tx, _files(rows))
        tx.announce(ClipsChanged(clip_ids=ids, what="status"))
        return len(ids)


def _files(rows: Sequence[sqlite3.Row]) -> list[int]:
    """The files of some clips."""
    names = ("video_file_id", "audio_file_id", "thumbnail_file_id")
    return [row[name] for row in rows for name in names if row[name] is not None]
