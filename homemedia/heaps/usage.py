"""What a member's heaps hold, for what he is told of himself (heaps §6, `POST /api/me`)."""

from homemedia.accounts.key_login.usage import HeapUse
from homemedia.core.db import Database
from homemedia.heaps import usage_store as store


class HeapUsage:
    """Implements `accounts.key_login.usage.AsksUse`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of(self, user_id: str) -> HeapUse:
        """Of the heaps a member owns; files and uploads are those that count against his quota."""
        async with self._db.snapshot() as read:
            return await store.of(read, user_id)
