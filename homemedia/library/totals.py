"""What the library tells of itself in a few numbers, for the status page and the folder picker."""

from collections.abc import Callable, Mapping

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.events import EventBus
from homemedia.library import totals_store as store
from homemedia.library.events import ItemsChanged, LibrariesChanged
from homemedia.library.visible import visible_to

COUNT_LASTS_S = 30.0  # what an event that nobody sent could spoil


class LibraryTotals:
    """Counts of what somebody sees.

    Args:
        db: the database.
        clock: the time; what was missing for a month is not counted.
        is_scanning: whether any scan runs or waits.
        bus: tells when items change; without it nothing is remembered.
    """

    def __init__(
        self,
        db: Database,
        clock: Clock,
        is_scanning: Callable[[], bool] = lambda: False,
        bus: EventBus | None = None,
    ) -> None:
        self._db = db
        self._clock = clock
        self._is_scanning = is_scanning
        # By what may be seen; counting 120,000 items takes 60 ms, and the status page asks every few seconds.
        self._kept: dict[tuple[object, ...], tuple[float, Mapping[str, int]]] = {}
        self._keeps = bus is not None
        if bus is not None:
            bus.subscribe(ItemsChanged, lambda _event: self._forget())
            bus.subscribe(LibrariesChanged, lambda _event: self._forget())

    def _forget(self) -> None:
        # A count under way writes into what is thrown away here.
        self._kept = {}

    async def count_libraries(self, actor: Member) -> int:
        return await store.libraries(self._db.read, visible_to(actor, self._clock.now_ms()))

    async def count_by_kind(self, actor: Member) -> Mapping[str, int]:
        """Films, shows, episodes, videos, artists, albums, tracks by the name of their kind; not those without any."""
        visible = visible_to(actor, self._clock.now_ms())
        now_s = self._clock.monotonic_s()
        key = (visible.sql, *((name, value) for name, value in visible.args.items() if name != "missing_after"))
        until_s, known = self._kept.get(key, (now_s, {}))
        if now_s < until_s:
            return known
        kept = self._kept
        found = await store.items(self._db.read, visible)
        if self._keeps:
            kept[key] = (now_s + COUNT_LASTS_S, found)
        return found

    async def is_scanning(self) -> bool:
        return self._is_scanning()

    async def roots(self) -> Mapping[str, str]:
        """Every library's folders: absolute path to library id."""
        return await store.roots(self._db.read)
