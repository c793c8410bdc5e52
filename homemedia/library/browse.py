"""What members look at: libraries, pages of items, what is new, what was searched for.

Speaks for one member at a time; what he may not see does not exist.
"""

import asyncio
import sqlite3
import zlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader, as_json
from homemedia.core.events import EventBus
from homemedia.core.problems import BadRequest
from homemedia.library import browse_store as store
from homemedia.library import search
from homemedia.library.browse_items import ItemPages
from homemedia.library.browse_store import FILTERS, ORDERS, RESOLUTIONS, PageQuery
from homemedia.library.browse_wire import (
    Changes,
    Genre,
    Genres,
    ItemPage,
    Items,
    LibraryCard,
    LibraryItems,
    LibraryList,
    LibraryName,
    PolledFolder,
    SearchResults,
    item_cards,
    picture,
    seconds,
)
from homemedia.library.metadata.labels import genre_key, genre_spellings, label_key
from homemedia.library.models import LibraryKind
from homemedia.library.remembered import Remembered, seen_by
from homemedia.library.visible import Visible
from homemedia.library.watched import WatchSql

DEPARTMENTS = {"director": ("Director", "Directing"), "writer": ("Writer", "Writing")}
MOST_CREDITS = 100
MOST_CHANGES = 500
# Of each library this many new things are looked at before they are put together into seasons and shows.
LOOK_BACK = 300
DOWN_FIRST = frozenset({"added", "rating", "watched"})
# (read, member, item) -> the track choice a member made for it; playback knows.
TrackChoice = Callable[[Reader, Member, str], Awaitable[dict[str, object] | None]]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a library is asked for; None does not narrow."""

    offset: int = 0
    limit: int = 50
    sort: str = "title"
    order: str | None = None
    genre: str | None = None
    label: str | None = None
    collection: str | None = None
    resolution: str | None = None
    years: tuple[int, int] | None = None
    content_rating: str | None = None
    letter: str | None = None
    is_unwatched: bool = False
    text: str | None = None
    music_kind: str = "artist"


class Browse(ItemPages):
    """Reads what the pages show.

    Args:
        db: read from only.
        watch: how statements learn what a member has seen.
        clock: decides what the present is for the order of the day.
        is_scanning: whether a library's scan is running or waiting.
        bus: tells when items change; without it nothing is remembered.

    Attributes:
        counts_of: how much is in libraries whose files are no items; who follows them knows.
    """

    def __init__(
        self,
        db: Database,
        watch: WatchSql,
        clock: Clock,
        is_scanning: Callable[[str], bool] = lambda _library_id: False,
        bus: EventBus | None = None,
    ) -> None:
        super().__init__(db, watch, clock)
        self._is_scanning = is_scanning
        self.remembered = Remembered(clock, bus)
        self.counts_of: Callable[[Sequence[str]], Awaitable[Mapping[str, int]]] = _nothing_counted

    # Libraries

    async def libraries(self, actor: Member) -> LibraryList:
        """The libraries a member sees, in the order an administrator gave them."""
        read, visible = self._db.read, self.visible(actor)
        last = await store.last_item(read)
        pivot = self._seed(actor) % (last + 1) if last else 0
        rows = await self._store.libraries(read, visible, pivot, is_admin=actor.is_admin)
        followed = [row["library_id"] for row in rows if row["kind"] == LibraryKind.PHOTO.value]
        counts = await self.counts_of(followed) if followed else {}
        art = await store.art_of(read, [row["art_id"] for row in rows if row["art_id"] is not None])
        cards = [self._library_card(row, art.get(row["art_id"]), actor) for row in rows]
        return LibraryList(
            libraries=[
                msgspec.structs.replace(card, item_count=counts[card.id]) if card.id in counts else card
                for card in cards
            ]
        )

    def _library_card(self, row: sqlite3.Row, art: tuple[str, str] | None, actor: Member) -> LibraryCard:
        card = LibraryCard(
            id=row["library_id"],
            uuid=row["library_id"],
            name=row["name"],
            type=row["kind"],
            item_count=row["item_count"],
            language=row["language"],
            scanning=self._is_scanning(row["library_id"]),
            last_scan_at=seconds(row["last_scan_at"]),
            created_at=row["created_at"] // 1000,
            thumb=picture(art[0], art[1], "art") if art else None,
            thumb_tag=art[1] if art else None,
        )
        if not actor.is_admin:
            return card
        return msgspec.structs.replace(
            card,
            paths=row["paths"].split("\x1f") if row["paths"] else [],
            available=bool(row["is_available"]),
            options=msgspec.json.decode(row["options"]),
            watching=[
                PolledFolder(path=path, why=why)
                for path, _, why in (text.partition("\x1e") for text in (row["polled"] or "").split("\x1f") if text)
            ],
        )

    async def page(self, actor: Member, library_id: str, wish: Wish) -> ItemPage:
        """One stretch of a library in a total order, with how many there are, and of each letter at the start.

        Raises:
            NotFound: the member sees no such library.
        """
        read, visible = self._db.read, self.visible(actor)
        library = await self.library_name(read, visible, library_id)
        query = await self._page_query(read, visible, actor, library, wish)
        rows = await self._store.page(read, visible, query)
        letters, behind = await self._letters(read, visible, library.id, query)
        return ItemPage(
            library=library,
            items=item_cards(rows, await self._counts(read, visible, actor, rows)),
            total_count=sum(letters.values()),
            offset=wish.offset,
            limit=wish.limit,
            letters=letters if wish.offset == 0 else msgspec.UNSET,
            letters_behind=behind if wish.offset == 0 else msgspec.UNSET,
        )

    async def _letters(
        self, read: Reader, visible: Visible, library_id: str, query: PageQuery
    ) -> tuple[dict[str, int], int]:
        """How many items a query finds under each letter, and how many of those under # stand behind Z.

        Remembered until the library changes: counting reads an index from end to end, 1 ms at 10,000 items, more than
        the page itself.
        """

        async def count() -> tuple[dict[str, int], int]:
            letters = await self._store.letters(read, visible, query)
            return letters, await self._store.behind_letters(read, visible, query) if "#" in letters else 0

        if "{" in query.filters:  # what a member watched changes without the library
            return await count()
        known = await self.remembered.get(library_id, ("letters", query.filters, seen_by(visible, query.args)), count)
        return without(*known, await self._store.letters_watched(read, visible, query)) if query.is_unwatched else known

    async def _page_query(
        self, read: Reader, visible: Visible, actor: Member, library: LibraryName, wish: Wish
    ) -> PageQuery:
        of_shows = library.type == "show"
        order = wish.order or ("desc" if wish.sort in DOWN_FIRST else "asc")
        sort = "watched_show" if wish.sort == "watched" and of_shows else wish.sort
        args: dict[str, Any] = {
            "library_id": library.id,
            "kind": wish.music_kind if library.type == "music" else library.type,
            "actor_id": actor.user_id,
            "limit": wish.limit,
            "offset": wish.offset,
            "seed": self._seed(actor),
        }
        filters: list[str] = []
        for name, value in (
            ("genre", None if wish.genre is None else genre_spellings(wish.genre)),
            ("label", None if wish.label is None else label_key(wish.label)),
            ("collection", None if wish.collection is None else label_key(wish.collection)),
            ("content_rating", wish.content_rating),
            ("letter", wish.letter),
        ):
            if value is not None:
                filters.append(FILTERS[name])
                args[name] = as_json(value) if isinstance(value, list) else value
        if wish.resolution is not None:
            filters.append(FILTERS["resolution"])
            args["least_lines"], args["below_lines"] = RESOLUTIONS[wish.resolution]
        if wish.years is not None:
            filters.append(FILTERS["year"])
            args["first_year"], args["last_year"] = wish.years
        if wish.text is not None:
            hits = await search.find(
                read, visible, wish.text, kind=args["kind"], library_id=library.id, limit=search.MOST_FOUND
            )
            filters.append(FILTERS["found"])
            args["found"] = as_json([item_id for item_id, _ in hits.found])
        if wish.is_unwatched and of_shows:
            filters.append(FILTERS["unwatched_show"])
        needs_watch = (wish.is_unwatched or wish.sort == "watched") and not of_shows
        joins = "{watch_join}" if needs_watch else ""
        return PageQuery(
            ORDERS[sort][order], " ".join(filters), joins, args, is_unwatched=wish.is_unwatched and not of_shows
        )

    def _seed(self, actor: Member) -> int:
        """The same for a member all day long, another tomorrow."""
        day = datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC).date().isoformat()
        return zlib.crc32(f"{actor.user_id} {day}".encode())

    # New things

    async def recent(self, actor: Member, library_id: str, limit: int) -> LibraryItems:
        """What came last into a library; episodes that came together as their season or show."""
        read, visible = self._db.read, self.visible(actor)
        library = await self.library_name(read, visible, library_id)
        newest = await self.newest(read, visible, library_id, limit)
        return LibraryItems(library=library, items=await self.newest_cards(read, visible, actor, newest[:limit]))

    async def recent_everywhere(self, actor: Member, limit: int, kind: str | None) -> Items:
        """What came last into any library, newest first."""
        read, visible = self._db.read, self.visible(actor)
        newest = await self.newest(read, visible, None, limit, kind)
        return Items(items=await self.newest_cards(read, visible, actor, newest[:limit]))

    # Finding

    async def search(
        self, actor: Member, text: str, *, kind: str | None, library_id: str | None, limit: int
    ) -> SearchResults:
        """Titles that match every word, best first.

        Raises:
            BadRequest: there is nothing to search for, or too much.
        """
        wanted = text.strip()
        if not wanted or len(wanted) > search.MAX_QUERY:
            raise BadRequest(
                "Type something to search for." if not wanted else "The search may have 200 characters at most.",
                field="q",
                reason="must be 1 to 200 characters",
            )
        read, visible = self._db.read, self.visible(actor)
        hits = await search.find(read, visible, wanted, kind=kind, library_id=library_id, limit=limit)
        cards = await self.cards(read, visible, actor, [item_id for item_id, _ in hits.found])
        results = [
            msgspec.structs.replace(card, score=score)
            for item_id, score in hits.found
            if (card := cards.get(item_id)) is not None
        ]
        return SearchResults(query=wanted, results=results, total_count=hits.total)

    async def genres(self, actor: Member, library_id: str | None) -> Genres:
        """The genres of what a member sees, by name, spellings of one counted together; remembered until it changes."""
        visible = self.visible(actor)
        question = ("genres", seen_by(visible))
        return await self.remembered.get(library_id, question, lambda: self._genres(visible, library_id))

    async def _genres(self, visible: Visible, library_id: str | None) -> Genres:
        rows = await self._store.genres(self._db.read, visible, library_id)
        types: dict[str, dict[str, int]] = {}
        names: dict[str, str] = {}
        for row in rows:
            key = genre_key(row["name"])
            if row["value_key"] == key or key not in names:
                names[key] = row["name"]
            kinds = types.setdefault(key, {})
            kinds[row["kind"]] = kinds.get(row["kind"], 0) + row["many"]
        found = [Genre(name=names[key], count=sum(kinds.values()), types=kinds) for key, kinds in types.items()]
        return Genres(genres=sorted(found, key=lambda genre: genre.name.casefold()))

    async def changes(self, actor: Member, library_id: str, since: int) -> Changes:
        """Keys of what changed in a library after a cursor; what is not seen any more is told by a reset alone.

        Raises:
            NotFound: the member sees no such library.
        """
        read, visible = self._db.read, self.visible(actor)
        await self.library_name(read, visible, library_id)
        cursor, rows = await asyncio.gather(
            store.cursor(read), store.changed(read, visible, library_id, since, MOST_CHANGES + 1)
        )
        if len(rows) > MOST_CHANGES or any(row["rating_key"] is None for row in rows):
            return Changes(cursor=cursor, changed=[], reset=True)
        last: int = rows[-1]["stamp"] if rows else max(since, 0)
        return Changes(cursor=last, changed=[row["rating_key"] for row in rows], reset=False)


def without(
    letters: Mapping[str, int], behind: int, watched: Mapping[str, tuple[int, int]]
) -> tuple[dict[str, int], int]:
    """How many are left under each letter, and behind Z, when what was watched is taken away."""
    left = {letter: many - watched.get(letter, (0, 0))[0] for letter, many in letters.items()}
    # The two were counted one after the other, and something may have gone in between.
    gone = sum(above for _, above in watched.values())
    return {letter: many for letter, many in left.items() if many > 0}, max(0, behind - gone)


async def _nothing_counted(_library_ids: Sequence[str]) -> Mapping[str, int]:
    await asyncio.sleep(0)
    return {}
