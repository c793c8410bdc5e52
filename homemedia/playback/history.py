"""What was watched lately, for whoever looks after the house. Written down as players report (`progress.py`)."""

from collections.abc import Sequence

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.library.browse_cards import Cards
from homemedia.library.browse_wire import ItemCard
from homemedia.playback import history_store as store

DAY_MS = 24 * 3600 * 1000
KEPT_DAYS = 90
# Who only looks into a film has not watched it.
LEAST_MS = 60_000
MOST = 500


class Sitting(msgspec.Struct, frozen=True, kw_only=True):
    """One member before one title. Times in ms since 1970 UTC; `card` is None when the title is gone."""

    sitting_id: int
    user_id: str
    display_name: str
    username: str
    title: str
    device_type: str
    device_os: str
    started_at: int
    told_at: int
    watched_ms: int
    offset_ms: int
    duration_ms: int | None
    is_finished: bool
    card: ItemCard | None


class History:
    """Reads sittings, and forgets old ones.

    Args:
        db: where they lie.
        cards: makes the cards.
        clock: the present.
    """

    def __init__(self, db: Database, cards: Cards, clock: Clock) -> None:
        self._db = db
        self._cards = cards
        self._clock = clock

    async def lately(self, actor: Member, days: int) -> Sequence[Sitting]:
        """What everybody watched in the last days, the newest first; at most 500."""
        visible = self._cards.visible(actor)
        since = self._clock.now_ms() - days * DAY_MS
        async with self._db.snapshot() as read:
            rows = await store.lately(read, visible, since=since, least_ms=LEAST_MS, limit=MOST)
            ids = list(dict.fromkeys(row["item_id"] for row in rows if row["item_id"] is not None))
            cards = await self._cards.cards(read, visible, actor, ids)
        return [
            Sitting(
                sitting_id=row["sitting_id"],
                user_id=row["user_id"],
                display_name=row["display_name"],
                username=row["username"],
                title=row["title"],
                device_type=row["device_type"],
                device_os=row["device_os"],
                started_at=row["started_at"],
                told_at=row["told_at"],
                watched_ms=row["watched_ms"],
                offset_ms=row["offset_ms"],
                duration_ms=row["duration_ms"],
                is_finished=bool(row["is_finished"]),
                card=cards.get(row["item_id"]),
            )
            for row in rows
        ]

    async def sweep(self) -> None:
        """Forget what is older than 90 days."""
        async with self._db.write() as tx:
            await store.forget_old(tx, self._clock.now_ms() - KEPT_DAYS * DAY_MS)
