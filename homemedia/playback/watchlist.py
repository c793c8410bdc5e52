"""What each member wants to see: a list by identity, from which something goes when it was watched."""

from collections.abc import Sequence

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader, Write
from homemedia.core.problems import NotFound
from homemedia.library.browse import Browse
from homemedia.library.browse_wire import ItemCard
from homemedia.library.visible import Visible, visible_to
from homemedia.playback import watchlist_store as store
from homemedia.playback.events import WatchlistChanged
from homemedia.playback.wire import Watchlist, Watchlisted


class WatchlistService:
    """Reads and changes watchlists.

    Args:
        db: where they lie.
        browse: makes the cards.
        clock: the present.
    """

    def __init__(self, db: Database, browse: Browse, clock: Clock) -> None:
        self._db = db
        self._browse = browse
        self._clock = clock

    async def page(self, actor: Member, *, kind: str | None, offset: int, limit: int) -> Watchlist:
        """The list, the newest first. What went missing stays on it, also after it left all other lists."""
        visible = visible_to(actor, self._clock.now_ms())
        lasting = _also_missing(visible)
        async with self._db.snapshot() as read:
            rows = await store.page(read, lasting, actor.user_id, kind=kind, offset=offset, limit=limit)
            total = await store.count(read, lasting, actor.user_id, kind)
            entries = [(row["item_id"], row["added_at"]) for row in rows]
            items = await listed_cards(read, self._browse, visible, actor, entries)
        return Watchlist(items=items, total_count=total, offset=offset, limit=limit)

    async def put(self, actor: Member, key: str, *, is_listed: bool) -> Watchlisted:
        """Set a title on the member's list or take it off; for a season or an episode its show.

        Raises:
            NotFound: the member sees no such title.
        """
        now = self._clock.now_ms()
        async with self._db.write() as tx:
            entry = await store.target(tx.rows, _also_missing(visible_to(actor, now)), key)
            if entry is None:
                raise NotFound("There is no such title.")
            if is_listed:
                is_changed = await store.add(tx, actor.user_id, entry.identity_key, now)
            else:
                is_changed = await store.remove(tx, actor.user_id, entry.identity_key)
            if is_changed:
                tx.announce(WatchlistChanged(actor.user_id, entry.rating_key, is_listed))
        return Watchlisted(rating_key=entry.rating_key, watchlisted=is_listed)


async def listed_cards(
    read: Reader, browse: Browse, visible: Visible, actor: Member, entries: Sequence[tuple[int, int]]
) -> list[ItemCard]:
    """Cards of entries in their order, each with `watchlistedAt`.

    Args:
        read: of one snapshot.
        browse: makes the cards.
        visible: what the member sees in other lists; the counts of shows are made by it.
        actor: the member.
        entries: (item id, time of the entry in ms).
    """
    ids = [item_id for item_id, _ in entries]
    cards = await browse.cards(read, visible, actor, ids)
    gone = [item_id for item_id in ids if item_id not in cards]
    cards |= await browse.cards(read, _also_missing(visible), actor, gone)
    return [
        msgspec.structs.replace(cards[item_id], watchlisted_at=added_at // 1000)
        for item_id, added_at in entries
        if item_id in cards
    ]


async def newest(read: Reader, visible: Visible, user_id: str, limit: int) -> list[tuple[int, int]]:
    """(item id, time in ms) of what was listed last and is not gone for good."""
    rows = await store.page(read, visible, user_id, kind=None, offset=0, limit=limit)
    return [(row["item_id"], row["added_at"]) for row in rows]


async def drop_watched(tx: Write, visible: Visible, user_id: str, identities: Sequence[str]) -> None:
    """Take off a member's list what he has now seen: films at once, shows when nothing of them is unwatched.

    Called inside the transaction that wrote the states.
    """
    if not identities:
        return
    for entry in await store.seen_through(tx.rows, visible, user_id, identities):
        await store.remove(tx, user_id, entry.identity_key)
        tx.announce(WatchlistChanged(user_id, entry.rating_key, is_listed=False))


def _also_missing(visible: Visible) -> Visible:
    """As `visible`, with what has been missing for longer than other lists show."""
    return msgspec.structs.replace(visible, args={**visible.args, "missing_after": -1})
