"""Photos are read anew, or get their pictures anew, when a member asks for it."""

from collections.abc import Awaitable, Callable, Sequence

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.photos import again_store as store
from homemedia.photos import visible
from homemedia.photos.models import Todo

OWED = {
    "refresh-faces": Todo.FACTS,
    "refresh-metadata": Todo.FACTS,
    "regenerate-thumbnail": Todo.PICTURES,
    "transcode-video": Todo.PLAYABLE,
}


async def _nobody(_tx: Write, _photo_ids: Sequence[str]) -> None:
    return None


class Again:
    """Owes photos something once more.

    Attributes:
        wake: told, in the same transaction, who has something to do now.
    """

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or Clock()
        self.wake: Callable[[Write, Sequence[str]], Awaitable[None]] = _nobody

    async def wish(self, actor: Member, photo_ids: Sequence[str], name: str) -> None:
        """Do a job of the photo API for photos.

        Raises:
            NotFound: one of them is not there, or not his.
        """
        await visible.require(self._db.read, visible.own(actor, self._clock.now_ms()), photo_ids)
        async with self._db.write() as tx:
            await store.owe(tx, photo_ids, int(OWED[name]))
            await self.wake(tx, photo_ids)
