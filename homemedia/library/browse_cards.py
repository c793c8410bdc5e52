"""Cards of items for one member, and what every list is put together from.

What he may not see is left out. Watch state comes in as pieces of SQL (`watched.py`), because playback lies above.
"""

import sqlite3
from collections.abc import Sequence

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader
from homemedia.core.problems import NotFound
from homemedia.library.browse_store import BrowseStore
from homemedia.library.browse_wire import Counts, ItemCard, LibraryName, item_card
from homemedia.library.music import music_counts
from homemedia.library.recent import Added, Newest, collapse
from homemedia.library.visible import Visible, visible_to
from homemedia.library.watched import EpisodeSeen, WatchSql

# Of each library this many new things are looked at before they are put together into seasons and shows.
LOOK_BACK = 300


class Cards:
    """Reads cards, counts and orders of episodes; the pages are built on it.

    Args:
        db: read from only.
        watch: how statements learn what a member has seen.
        clock: the present.
    """

    def __init__(self, db: Database, watch: WatchSql, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._store = BrowseStore(watch)

    def visible(self, actor: Member) -> Visible:
        return visible_to(actor, self._clock.now_ms())

    async def library_name(self, read: Reader, visible: Visible, library_id: str) -> LibraryName:
        """Name and type of a library.

        Raises:
            NotFound: the member sees no such library.
        """
        row = await self._store.library(read, visible, library_id)
        if row is None:
            raise NotFound("There is no such library.")
        return LibraryName(id=row["library_id"], name=row["name"], type=row["kind"])

    async def library_names(self, read: Reader, visible: Visible) -> list[LibraryName]:
        """Names and types of the libraries a member sees, in their order."""
        rows = await self._store.library_names(read, visible)
        return [LibraryName(id=row["library_id"], name=row["name"], type=row["kind"]) for row in rows]

    async def newest(
        self, read: Reader, visible: Visible, library_id: str | None, limit: int, kind: str | None = None
    ) -> list[Newest]:
        """New things of one library or of all, put together, newest first."""
        by_library = await self.newest_by_library(read, visible, library_id, limit, kind)
        together = [one for newest in by_library.values() for one in newest]
        return sorted(together, key=lambda one: (-one.added_at, -one.item_id))

    async def newest_by_library(
        self, read: Reader, visible: Visible, library_id: str | None, limit: int, kind: str | None = None
    ) -> dict[str, list[Newest]]:
        """As `newest`, for each library apart; `kind` is that of the things one by one."""
        music_kind = kind if kind in {"artist", "track"} else "album"
        rows = await self._store.newest(read, visible, library_id, max(limit, LOOK_BACK), music_kind)
        added: dict[str, list[Added]] = {}
        for row in rows:
            if (
                kind is not None
                and row["kind"] != kind
                and not (kind in {"show", "season"} and row["kind"] == "episode")
            ):
                continue
            is_episode = row["kind"] == "episode"
            added.setdefault(row["library_id"], []).append(
                Added(
                    row["item_id"],
                    row["added_at"],
                    row["season_id"] if is_episode else None,
                    row["show_id"] if is_episode else None,
                )
            )
        return {library: collapse(things) for library, things in added.items()}

    async def newest_shows(self, read: Reader, visible: Visible, library_id: str | None) -> set[int]:
        """Shows to which an episode came lately."""
        rows = await self._store.newest(read, visible, library_id, LOOK_BACK)
        return {row["show_id"] for row in rows if row["kind"] == "episode" and row["show_id"] is not None}

    async def newest_cards(
        self, read: Reader, visible: Visible, actor: Member, newest: Sequence[Newest]
    ) -> list[ItemCard]:
        """Cards of new things, with `newCount` where several stand behind one."""
        cards = await self.cards(read, visible, actor, [one.item_id for one in newest])
        found = []
        for one in newest:
            card = cards.get(one.item_id)
            if card is not None:
                found.append(msgspec.structs.replace(card, new_count=one.count) if one.count > 1 else card)
        return found

    async def cards(self, read: Reader, visible: Visible, actor: Member, ids: Sequence[int]) -> dict[int, ItemCard]:
        """Cards of items by id; what the member does not see is left out."""
        if not ids:
            return {}
        rows = await self._store.cards(read, visible, actor.user_id, ids)
        counts = await self._counts(read, visible, actor, rows)
        return {row["item_id"]: item_card(row, counts.get(row["item_id"])) for row in rows}

    async def _counts(
        self, read: Reader, visible: Visible, actor: Member, rows: Sequence[sqlite3.Row]
    ) -> dict[int, Counts]:
        shows = [row["item_id"] for row in rows if row["kind"] == "show"]
        seasons = [row["item_id"] for row in rows if row["kind"] == "season"]
        found = await self._store.counts(read, visible, actor.user_id, shows=shows, seasons=seasons)
        of_music = await music_counts(read, visible, rows)
        return of_music | {
            row["item_id"]: Counts(
                seasons=row["seasons"],
                episodes=row["episodes"],
                unwatched=row["unwatched"],
                last_viewed_at=row["last_viewed_at"],
            )
            for row in found
        }

    async def episodes_seen(
        self, read: Reader, visible: Visible, actor: Member, shows: Sequence[int]
    ) -> dict[int, list[EpisodeSeen]]:
        """The episodes of shows in order, by the show's id, with what the member has seen of each."""
        found: dict[int, list[EpisodeSeen]] = {}
        for row in await self._store.seen(read, visible, actor.user_id, shows):
            found.setdefault(row["show_id"], []).append(
                EpisodeSeen(
                    item_id=row["item_id"],
                    key=row["rating_key"],
                    season=row["parent_number"],
                    is_watched=bool(row["is_watched"]),
                    is_started=bool(row["is_started"]),
                    is_hidden=bool(row["is_hidden"]),
                    is_available=bool(row["is_available"]),
                    last_viewed_at=row["last_viewed_at"],
                    added_at=row["added_at"],
                    number=row["number"],
                    shown_season=row["shown_season"],
                    shown_number=row["shown_number"],
                )
            )
        return found
