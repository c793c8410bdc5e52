"""What the library tells of itself in a few numbers, for the status page and the folder picker."""

from collections.abc import Callable, Mapping

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.library import totals_store as store
from homemedia.library.visible import visible_to


class LibraryTotals:
    """Counts of what somebody sees.

    Args:
        db: the database.
        clock: the time; what was missing for a month is not counted.
        is_scanning: whether any scan runs or waits.
    """

    def __init__(self, db: Database, clock: Clock, is_scanning: Callable[[], bool] = lambda: False) -> None:
        self._db = db
        self._clock = clock
        self._is_scanning = is_scanning

    async def count_libraries(self, actor: Member) -> int:
        return await store.libraries(self._db.read, visible_to(actor, self._clock.now_ms()))

    async def count_by_kind(self, actor: Member) -> Mapping[str, int]:
        """Films, shows, episodes, videos, artists, albums, tracks by the name of their kind; not those without any."""
        return await store.items(self._db.read, visible_to(actor, self._clock.now_ms()))

    async def is_scanning(self) -> bool:
        return self._is_scanning()

    async def roots(self) -> Mapping[str, str]:
        """Every library's folders: absolute path to library id."""
        return await store.roots(self._db.read)
