"""What a member's heaps hold, for what he is told of himself (heaps §6, `POST /api/me`)."""

from collections.abc import Collection

from homemedia.accounts.key_login.usage import HeapUse
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.heaps import usage_store as store

# Documents are summed up for it, and typing must not wait.
LOOK_EVERY_S = 15.0


class HeapUsage:
    """Implements `accounts.key_login.usage.AsksUse`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of(self, user_id: str) -> HeapUse:
        """Of the heaps a member owns; files and uploads are those that count against his quota."""
        async with self._db.snapshot() as read:
            return await store.of(read, user_id)


class DocumentRoom:
    """Whose files and documents together fill his quota, so that no more documents are taken in for him.

    The quota counts files alone (design §7.20). Words are so small that nobody misses them there; but they must not be
    the way around it.
    """

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or Clock()
        self._known: dict[str, tuple[float, bool]] = {}

    async def full(self, heap_ids: Collection[str]) -> frozenset[str]:
        """Those of the heaps whose owners have no room left."""
        owners = await store.owners(self._db.read, heap_ids)
        return frozenset([heap_id for heap_id, owner_id in owners.items() if await self.is_full(owner_id)])

    async def is_full(self, user_id: str) -> bool:
        """Whether a member has no room left; known for a few seconds."""
        now_s = self._clock.monotonic_s()
        until_s, is_full = self._known.get(user_id, (0.0, False))
        if now_s >= until_s:
            is_full = await store.is_full(self._db.read, user_id)
            self._known[user_id] = (now_s + LOOK_EVERY_S, is_full)
        return is_full
