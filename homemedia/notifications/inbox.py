"""A member's inbox: what he was told, what he read, how much waits. Reading waits for what is on its way."""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.notifications import push_store, store
from homemedia.notifications.events import InboxChanged
from homemedia.notifications.models import Kept

DAY_MS = 24 * 3600 * 1000
READ_STAYS_MS = 90 * DAY_MS
UNREAD_STAYS_MS = 365 * DAY_MS
LATEST = (1 << 62, "~")


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Notices, what changed last first; `following` names the last of them when there are more."""

    notices: list[Kept]
    following: tuple[int, str] | None
    unread: int


class Inbox:
    """Every question and change of the routes goes through here.

    Args:
        db: the database.
        settle: waits for notices that are on their way.
        clock: the time.
    """

    def __init__(self, db: Database, settle: Callable[[], Awaitable[None]], clock: Clock) -> None:
        self._db = db
        self._settle = settle
        self._clock = clock

    async def unread(self, user_id: str) -> dict[str, int]:
        """How many are unread, by family; families without any are left out."""
        await self._settle()
        return await store.unread(self._db.read, user_id)

    async def page(self, user_id: str, *, after: tuple[int, str] | None, limit: int) -> Page:
        """Notices of all families."""
        await self._settle()
        before_at, before_id = after or LATEST
        found = await store.page(self._db.read, user_id, before_at=before_at, before_id=before_id, limit=limit + 1)
        shown = found[:limit]
        more = len(found) > limit
        return Page(
            notices=shown,
            following=(shown[-1].updated_at, shown[-1].notification_id) if more else None,
            unread=sum((await store.unread(self._db.read, user_id)).values()),
        )

    async def of_family(
        self, user_id: str, family: str, *, limit: int, offset: int, only_unread: bool = False
    ) -> list[Kept]:
        """Notices of one family, newest first."""
        await self._settle()
        return await store.of_family(
            self._db.read, user_id, family, limit=limit, offset=offset, only_unread=only_unread
        )

    async def read(self, user_id: str, ids: Sequence[str], *, family: str | None = None) -> int:
        """Count as read; how many were unread until now. Foreign and unknown ids change nothing."""
        return await self._change(
            user_id, lambda tx: store.read_some(tx, user_id, ids, family=family, now=self._clock.now_ms())
        )

    async def read_all(self, user_id: str, *, family: str | None = None, until: int | None = None) -> int:
        """Count everything as read, or everything of one family; what came after `until` (ms) stays unread."""
        now = self._clock.now_ms()
        if family is not None:
            return await self._change(user_id, lambda tx: store.read_family(tx, user_id, family, now=now))
        last = LATEST[0] if until is None else until
        return await self._change(user_id, lambda tx: store.read_all(tx, user_id, until=last, now=now))

    async def unread_again(self, user_id: str, ids: Sequence[str]) -> int:
        """Count as unread once more; how many were read until now."""
        return await self._change(user_id, lambda tx: store.unread_some(tx, user_id, ids))

    async def read_about(self, user_id: str, family: str, subject_id: str, type_: str) -> int:
        """Count as read what is about one thing and of one type."""
        now = self._clock.now_ms()
        return await self._change(
            user_id, lambda tx: store.read_subject(tx, user_id, family, subject_id, type_, now=now)
        )

    async def delete(self, user_id: str, notification_id: str, *, family: str | None = None) -> int:
        """Drop a notice; how many were."""
        return await self._change(user_id, lambda tx: store.delete(tx, user_id, notification_id, family=family))

    async def delete_read(self, user_id: str) -> int:
        """Drop everything that was read."""
        return await self._change(user_id, lambda tx: store.delete_read(tx, user_id))

    async def _change(self, user_id: str, change: Callable[[Write], Awaitable[int]]) -> int:
        await self._settle()
        async with self._db.write() as tx:
            changed = await change(tx)
            if changed:
                unread = sum((await store.unread(tx.rows, user_id)).values())
                tx.announce(InboxChanged(user_id, unread))
        return changed

    async def forget(self, tx: Write, user_id: str) -> None:
        """A member is purged."""
        await store.forget(tx, user_id)
        await push_store.remove_all(tx, user_id)

    async def leave(self, user_id: str) -> None:
        """A member changed; one who was removed is pushed to no more."""
        async with self._db.write() as tx:
            await push_store.remove_of_gone(tx, user_id)

    async def sweep(self) -> None:
        """Drop what was kept long enough, and browsers whose sign-in has ended."""
        now = self._clock.now_ms()
        async with self._db.write() as tx:
            await store.sweep(tx, read_before=now - READ_STAYS_MS, unread_before=now - UNREAD_STAYS_MS)
            await push_store.remove_dead(tx, now=now)
