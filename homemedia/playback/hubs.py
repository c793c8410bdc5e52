"""What a member may want to see now: what was begun, what comes next, what is new, what may please."""

from collections.abc import Hashable, Mapping, Sequence

import msgspec
from msgspec import UNSET

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader
from homemedia.library.browse import Browse
from homemedia.library.browse_wire import ItemCard, LibraryName
from homemedia.library.recent import Newest
from homemedia.library.remembered import seen_by
from homemedia.library.visible import Visible
from homemedia.library.watched import EpisodeSeen, last_watched, next_up
from homemedia.playback import hubs_store, reasons, store, watchlist
from homemedia.playback.progress import ProgressService
from homemedia.playback.recommend import LEAST_IN_HUB, Recommender
from homemedia.playback.rules import USUAL, Thresholds, percent
from homemedia.playback.wire import Continue, Home, HomeLibrary, Hub, Recommended

DAY_MS = 24 * 3600 * 1000
STARTED_LASTS_MS = 180 * DAY_MS
SHOW_LASTS_MS = 365 * DAY_MS
KEPT_MS = 10 * 60 * 1000
MOST_STARTED = 300
MOST_SHOWS = 60  # whose episodes are looked through for the next one
ON_HOME, RECENT_ON_HOME, OF_LIBRARY = 20, 24, 12


class Next(msgspec.Struct, frozen=True):
    """An episode to offer: `reason` is next, rewatch or new; `at` (ms) orders the offers."""

    item_id: int
    reason: str
    at: int


class Hubs:
    """Reads what stands on the home page and on a library's first page.

    Args:
        db: read from only.
        browse: makes the cards.
        progress: asked to write what it holds before states are read.
        clock: the present.
        thresholds: the household's.
        is_told: whether `forget` and `forget_all` are called; else what comes next is looked for at every call.
    """

    def __init__(
        self,
        db: Database,
        browse: Browse,
        progress: ProgressService,
        clock: Clock,
        thresholds: Thresholds = USUAL,
        *,
        is_told: bool = False,
    ) -> None:
        self._db = db
        self._browse = browse
        self._progress = progress
        self._clock = clock
        self._thresholds = thresholds
        self._kept: dict[tuple[str, str, int, Hashable], tuple[int, Recommended]] = {}
        # The next episode of each show is looked for among all its episodes.
        self._next: dict[tuple[str, str | None, Hashable], tuple[int, list[Next]]] = {}
        self._changes = 0
        self._is_told = is_told

    def forget(self, user_id: str) -> None:
        """Make what a member is offered anew the next time; called when he watched something."""
        self._changes += 1
        self._kept = {key: kept for key, kept in self._kept.items() if key[0] != user_id}
        self._next = {key: kept for key, kept in self._next.items() if key[0] != user_id}

    def forget_all(self) -> None:
        """As `forget`, for everybody; called when items changed."""
        self._changes += 1
        self._kept.clear()
        self._next.clear()

    async def continue_watching(self, actor: Member, limit: int) -> Continue:
        """What was begun, the newest first, and the episodes that come next. A show stands there once."""
        await self._progress.flush()
        visible = self._browse.visible(actor)
        async with self._db.snapshot() as read:
            started, following = await self._going_on(read, visible, actor, None)
            cards = await self._cards(read, visible, actor, started[:limit], following[:limit])
        return Continue(items=cards[0], next_up=cards[1])

    async def home(self, actor: Member) -> Home:
        """The home page in one go, in a number of statements that does not grow with the libraries."""
        await self._progress.flush()
        visible = self._browse.visible(actor)
        async with self._db.snapshot() as read:
            started, following = await self._going_on(read, visible, actor, None)
            by_library = await self._browse.newest_by_library(read, visible, None, RECENT_ON_HOME)
            libraries = await self._browse.library_names(read, visible)
            recent = sorted(
                (one for newest in by_library.values() for one in newest), key=lambda one: (-one.added_at, -one.item_id)
            )[:RECENT_ON_HOME]
            wished = await watchlist.newest(read, visible, actor.user_id, ON_HOME)
            first = {library: newest[:OF_LIBRARY] for library, newest in by_library.items()}
            wanted = [*recent, *(one for newest in first.values() for one in newest)]
            going_on = [one.item_id for one in following[:ON_HOME]] + [item_id for item_id, _ in started[:ON_HOME]]
            cards = await self._browse.cards(
                read,
                visible,
                actor,
                list(dict.fromkeys([*going_on, *(item_id for item_id, _ in wished), *(one.item_id for one in wanted)])),
            )
            offered = [one.item_id for one in following[:ON_HOME]]
            files = await hubs_store.same_versions(read, visible, actor.user_id, offered)
        return Home(
            continue_watching=_started_cards(cards, started[:ON_HOME]),
            next_up=_next_cards(cards, following[:ON_HOME], files),
            watchlist=[
                msgspec.structs.replace(cards[item_id], watchlisted_at=added_at // 1000)
                for item_id, added_at in wished
                if item_id in cards
            ],
            recent=_newest_cards(cards, recent),
            libraries=[
                HomeLibrary(library=library, items=_newest_cards(cards, first.get(library.id, [])))
                for library in libraries
            ],
        )

    async def _cards(
        self,
        read: Reader,
        visible: Visible,
        actor: Member,
        started: Sequence[tuple[int, float]],
        following: Sequence[Next],
    ) -> tuple[list[ItemCard], list[ItemCard]]:
        ids = [item_id for item_id, _ in started] + [one.item_id for one in following]
        cards = await self._browse.cards(read, visible, actor, ids)
        files = await hubs_store.same_versions(read, visible, actor.user_id, [one.item_id for one in following])
        return _started_cards(cards, started), _next_cards(cards, following, files)

    async def _going_on(
        self, read: Reader, visible: Visible, actor: Member, library_id: str | None
    ) -> tuple[list[tuple[int, float]], list[Next]]:
        """(item id, percent) of what was begun, and the next episodes of other shows."""
        now = self._clock.now_ms()
        args = {
            "actor_id": actor.user_id,
            "since": now - STARTED_LASTS_MS,
            "library_id": library_id,
            "limit": MOST_STARTED,
        }
        started: dict[tuple[str, int], tuple[int, float]] = {}
        shows_begun: set[int] = set()
        identities: set[str] = set()
        for row in await store.started(read, visible, self._thresholds, args):
            if row["identity_key"] in identities:
                continue
            identities.add(row["identity_key"])
            of_show: int | None = row["show_id"]
            key = ("show", of_show) if of_show is not None else ("item", row["item_id"])
            started.setdefault(key, (row["item_id"], percent(row["offset_ms"], row["duration_ms"])))
            if of_show is not None:
                shows_begun.add(of_show)
        asked = (actor.user_id, library_id, seen_by(visible))
        kept = self._next.get(asked)
        if kept is not None and now - kept[0] < KEPT_MS:
            return list(started.values()), kept[1]
        changes = self._changes
        following = await self._following(read, visible, actor, library_id, shows_begun)
        if self._is_told and changes == self._changes:  # else it may be of before the change
            self._next = {old: one for old, one in self._next.items() if now - one[0] < KEPT_MS}
            self._next[asked] = (now, following)
        return list(started.values()), following

    async def _following(
        self, read: Reader, visible: Visible, actor: Member, library_id: str | None, begun: set[int]
    ) -> list[Next]:
        now = self._clock.now_ms()
        watched = [
            (show, at)
            for show, at in await store.watched_shows(read, visible, actor.user_id, library_id)
            if show not in begun
        ]
        if not watched:
            return []
        alive = [show for show, at in watched if at > now - SHOW_LASTS_MS][:MOST_SHOWS]
        asleep = {show for show, _ in watched} - set(alive)
        if asleep:
            # A show left alone for a year comes back when an episode was added since.
            fresh = await self._browse.newest_shows(read, visible, library_id)
            alive += [show for show, _ in watched if show in asleep and show in fresh][:MOST_SHOWS]
        episodes = await self._browse.episodes_seen(read, visible, actor, alive)
        offers = [offer for show in alive if (offer := offer_of(episodes.get(show, []), now)) is not None]
        return sorted(offers, key=lambda one: (-one.at, one.item_id))

    async def recommended(self, actor: Member, library_id: str, limit: int) -> Recommended:
        """Hubs of a library for a member; kept for ten minutes.

        Raises:
            NotFound: the member sees no such library.
        """
        await self._progress.flush()
        now = self._clock.now_ms()
        visible = self._browse.visible(actor)
        library = await self._browse.library_name(self._db.read, visible, library_id)
        key = (actor.user_id, library_id, limit, seen_by(visible))
        kept = self._kept.get(key)
        if kept is not None and now - kept[0] < KEPT_MS:
            return kept[1]
        changes = self._changes
        async with self._db.snapshot() as read:
            answer = await self._recommend(read, visible, actor, library, limit)
        if changes == self._changes:
            self._kept = {old: one for old, one in self._kept.items() if now - one[0] < KEPT_MS}
            self._kept[key] = (now, answer)
        return answer

    async def _recommend(
        self, read: Reader, visible: Visible, actor: Member, library: LibraryName, limit: int
    ) -> Recommended:
        started, following = await self._going_on(read, visible, actor, library.id)
        # A row of fewer than three is left out for want of titles, not because fewer were asked for.
        most = max(limit, LEAST_IN_HUB)
        chooser = Recommender(read, visible, actor, library, most, self._clock.now_ms())
        rows = await chooser.rows(
            [(item_id, reasons.CONTINUE) for item_id, _ in started[:most]],
            [(one.item_id, reasons.NEXT[one.reason]) for one in following[:most]],
        )
        ids = list(dict.fromkeys(item_id for row in rows for item_id, _ in row.why))
        cards = await self._browse.cards(read, visible, actor, ids)
        files = await hubs_store.same_versions(read, visible, actor.user_id, [one.item_id for one in following[:limit]])
        made = [
            Hub(
                id=row.hub_id,
                title=row.title,
                items=[
                    msgspec.structs.replace(
                        cards[item_id], reason=row.reason, reason_text=why, file_id=files.get(item_id, UNSET)
                    )
                    for item_id, why in row.why[:limit]
                    if item_id in cards
                ],
            )
            for row in rows
        ]
        flat: dict[str, ItemCard] = {}
        for hub in made:
            for card in hub.items:
                flat.setdefault(card.id, card)
        return Recommended(library=library, items=list(flat.values())[:limit], hubs=made)


def offer_of(episodes: Sequence[EpisodeSeen], now_ms: int) -> Next | None:
    """The episode of one show to offer, and why.

    Nothing when the show was dismissed (by its next episode or by the one that was begun), or when nobody touched it
    for a year, and nothing new came since.

    Args:
        episodes: of a show in order; none of them is in progress.
        now_ms: the present.
    """
    last = last_watched(episodes)
    place = next_up(episodes)
    if last is None or place is None:
        return None
    viewed_at = episodes[last].last_viewed_at or 0
    offered = episodes[place]
    is_new = offered.added_at > viewed_at
    dismissed = [
        one.last_viewed_at or 0 for one in episodes if one.is_hidden and (one.last_viewed_at or 0) >= viewed_at
    ]
    touched_at = max([viewed_at, *dismissed])
    is_over = bool(dismissed) or offered.is_hidden or viewed_at < now_ms - SHOW_LASTS_MS
    if is_over and not any(one.added_at > touched_at for one in episodes):
        return None
    reason = "rewatch" if offered.is_watched else "new" if is_new else "next"
    return Next(offered.item_id, reason, max(viewed_at, offered.added_at) if is_new else viewed_at)


def _started_cards(cards: dict[int, ItemCard], started: Sequence[tuple[int, float]]) -> list[ItemCard]:
    return [
        msgspec.structs.replace(card, percent=share)
        for item_id, share in started
        if (card := cards.get(item_id)) is not None
    ]


def _next_cards(cards: dict[int, ItemCard], following: Sequence[Next], files: Mapping[int, int]) -> list[ItemCard]:
    return [
        msgspec.structs.replace(
            card,
            reason=one.reason,
            reason_text=reasons.NEXT[one.reason],
            file_id=files.get(one.item_id, UNSET),
        )
        for one in following
        if (card := cards.get(one.item_id)) is not None
    ]


def _newest_cards(cards: dict[int, ItemCard], newest: Sequence[Newest]) -> list[ItemCard]:
    return [
        msgspec.structs.replace(card, new_count=one.count) if one.count > 1 else card
        for one in newest
        if (card := cards.get(one.item_id)) is not None
    ]
