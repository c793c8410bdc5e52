"""What becomes of a member's own libraries when he is gone for good (design §7.13): they go, and their files stay.

They hold his pictures; whoever wants them shown again makes a library of his own of the same folders.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from homemedia.core.db import Database, Write
from homemedia.core.jobs import JobRun, Jobs
from homemedia.core.problems import NotFound
from homemedia.library import departed_store as store

KIND: Final = "libraries-gone"
LANE: Final = "upkeep"


class Departed:
    """Removes libraries in the background, since that takes long.

    Args:
        db: what libraries there are.
        remove: removes one, in whose name.
    """

    def __init__(self, db: Database, remove: Callable[[str, str], Awaitable[None]]) -> None:
        self._db = db
        self._remove = remove

    def register(self, jobs: Jobs) -> None:
        jobs.register(KIND, LANE, self._work)

    async def forget(self, tx: Write, user_id: str) -> None:
        """A member is purged."""
        if await store.owned(tx.rows, user_id):
            await tx.enqueue(KIND, user_id)

    async def _work(self, run: JobRun) -> None:
        for library_id in await store.owned(self._db.read, run.key):
            try:
                await self._remove(library_id, run.key)
            except NotFound:
                continue  # somebody was quicker
