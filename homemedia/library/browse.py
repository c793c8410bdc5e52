"""What members look at: libraries, pages of items, an item with everything about it, what is new.

Speaks for one member at a time; what he may not see does not exist. Watch state comes in as pieces of SQL
(`watched.py`), because playback lies above.
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
from homemedia.core.db import Database, Reader
from homemedia.core.problems import BadRequest, NotFound
from homemedia.library import browse_store as store
from homemedia.library import search
from homemedia.library.browse_store import FILTERS, ORDERS, BrowseStore, PageQuery
from homemedia.library.browse_wire import (
    Cast,
    CastMember,
    Changes,
    Children,
    Counts,
    CrewMember,
    ExtraWire,
    Genre,
    Genres,
    IdsWire,
    ItemCard,
    ItemDetail,
    ItemPage,
    Items,
    LibraryCard,
    LibraryItems,
    LibraryList,
    LibraryName,
    SearchResults,
    card_fields,
    item_card,
    item_cards,
    picture,
    seconds,
)
from homemedia.library.files import files_of_item
from homemedia.library.files_store import files_of
from homemedia.library.naming.normal import normalise
from homemedia.library.recent import Added, Newest, collapse
from homemedia.library.visible import Visible, visible_to
from homemedia.library.watched import EpisodeSeen, WatchSql, to_play

DEPARTMENTS = {"director": ("Director", "Directing"), "writer": ("Writer", "Writing")}
# Spellings of one genre, normalised.
SAME_GENRE = {"sci fi": "science fiction", "scifi": "science fiction", "sf": "science fiction", "biopic": "biography"}
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
    years: tuple[int, int] | None = None
    content_rating: str | None = None
    letter: str | None = None
    is_unwatched: bool = False
    text: str | None = None


class Browse:
    """Reads what the pages show.

    Args:
        db: read from only.
        watch: how statements learn what a member has seen.
        clock: decides what the present is for the order of the day.
        is_scanning: whether a library's scan is running or waiting.
    """

    def __init__(
        self,
        db: Database,
        watch: WatchSql,
        clock: Clock,
        is_scanning: Callable[[str], bool] = lambda _library_id: False,
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = BrowseStore(watch)
        self._is_scanning = is_scanning
        self.track_choice: TrackChoice | None = None

    def visible(self, actor: Member) -> Visible:
        return visible_to(actor, self._clock.now_ms())

    # Libraries

    async def libraries(self, actor: Member) -> LibraryList:
        """The libraries a member sees, in the order an administrator gave them."""
        read, visible = self._db.read, self.visible(actor)
        last = await store.last_item(read)
        pivot = self._seed(actor) % (last + 1) if last else 0
        rows = await self._store.libraries(read, visible, pivot)
        art = await store.art_of(read, [row["art_id"] for row in rows if row["art_id"] is not None])
        return LibraryList(libraries=[self._library_card(row, art.get(row["art_id"]), actor) for row in rows])

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
        letters: dict[str, int] | msgspec.UnsetType = msgspec.UNSET
        if wish.offset == 0:
            letters = await self._store.letters(read, visible, query)
            total = sum(letters.values())
        else:
            total = await self._store.count(read, visible, query)
        return ItemPage(
            library=library,
            items=item_cards(rows, await self._counts(read, visible, actor, rows)),
            total_count=total,
            offset=wish.offset,
            limit=wish.limit,
            letters=letters,
        )

    async def _page_query(
        self, read: Reader, visible: Visible, actor: Member, library: LibraryName, wish: Wish
    ) -> PageQuery:
        of_shows = library.type == "show"
        order = wish.order or ("desc" if wish.sort in DOWN_FIRST else "asc")
        sort = "watched_show" if wish.sort == "watched" and of_shows else wish.sort
        args: dict[str, Any] = {
            "library_id": library.id,
            "kind": "artist" if library.type == "music" else library.type,
            "actor_id": actor.user_id,
            "limit": wish.limit,
            "offset": wish.offset,
            "seed": self._seed(actor),
        }
        filters: list[str] = []
        for name, value in (
            ("genre", wish.genre and normalise(wish.genre)),
            ("label", wish.label and normalise(wish.label)),
            ("content_rating", wish.content_rating),
            ("letter", wish.letter),
        ):
            if value is not None:
                filters.append(FILTERS[name])
                args[name] = value
        if wish.years is not None:
            filters.append(FILTERS["year"])
            args["first_year"], args["last_year"] = wish.years
        if wish.text is not None:
            hits = await search.find(
                read, visible, wish.text, kind=args["kind"], library_id=library.id, limit=search.ENOUGH
            )
            filters.append(FILTERS["found"])
            args["found"] = store.ids_json([item_id for item_id, _ in hits.found])
        if wish.is_unwatched:
            filters.append(FILTERS["unwatched_show" if of_shows else "unwatched"])
        needs_watch = (wish.is_unwatched or wish.sort == "watched") and not of_shows
        return PageQuery(ORDERS[sort][order], " ".join(filters), "{watch_join}" if needs_watch else "", args)

    def _seed(self, actor: Member) -> int:
        """The same for a member all day long, another tomorrow."""
        day = datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC).date().isoformat()
        return zlib.crc32(f"{actor.user_id} {day}".encode())

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
        rows = await self._store.newest(read, visible, library_id, max(limit, LOOK_BACK))
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
        return {
            row["item_id"]: Counts(
                seasons=row["seasons"],
                episodes=row["episodes"],
                unwatched=row["unwatched"],
                last_viewed_at=row["last_viewed_at"],
            )
            for row in found
        }

    # One item

    async def detail(self, actor: Member, key: str) -> ItemDetail:
        """Everything about one item, in a number of statements that does not grow with it.

        Raises:
            NotFound: the member sees no such item.
        """
        visible = self.visible(actor)
        async with self._db.snapshot() as read:
            row = await self._item(read, visible, actor, key)
            item_id: int = row["item_id"]
            kind: str = row["kind"]
            files = files_of_item(await files_of(read, [item_id]) if kind not in {"show", "season"} else [])
            people = await store.credits_of(read, [item_id])
            more: dict[str, Any] = {}
            if kind == "show":
                more = await self._of_show(read, visible, actor, item_id)
            elif kind == "episode" and row["top_id"] is not None:
                more = await self._beside(read, visible, actor, row["top_id"], item_id)
            counts = await self._counts(read, visible, actor, [row])
            choice = await self.track_choice(read, actor, key) if self.track_choice is not None else None
            return ItemDetail(
                **(
                    card_fields(row, counts.get(item_id))
                    | {
                        "files": files.files,
                        "tagline": row["tagline"],
                        "studio": row["studio"],
                        "directors": _names(people, "director"),
                        "writers": _names(people, "writer"),
                        "labels": await store.labels_of(read, item_id),
                        "collection": row["collection"],
                        "ids": IdsWire(tmdb=row["tmdb_id"], imdb=row["imdb_id"], tvdb=row["tvdb_id"]),
                        "chapters": files.chapters,
                        "markers": files.markers,
                        "extras": [_extra(extra) for extra in await self._store.extras(read, visible, item_id)],
                        "track_choice": choice,
                    }
                    | more
                )
            )

    async def _of_show(self, read: Reader, visible: Visible, actor: Member, show_id: int) -> dict[str, Any]:
        seasons = await self._store.children(read, visible, actor.user_id, show_id, "season")
        counts = await self._counts(read, visible, actor, seasons)
        episodes = await self.episodes_seen(read, visible, actor, [show_id])
        following = episodes.get(show_id, [])
        place = to_play(following)
        offered = None
        if place is not None:
            item_id = following[place].item_id
            offered = (await self.cards(read, visible, actor, [item_id])).get(item_id)
        return {"seasons": item_cards(seasons, counts), "next_up": offered}

    async def _beside(
        self, read: Reader, visible: Visible, actor: Member, show_id: int, item_id: int
    ) -> dict[str, str | None]:
        episodes = (await self.episodes_seen(read, visible, actor, [show_id])).get(show_id, [])
        place = next((number for number, one in enumerate(episodes) if one.item_id == item_id), None)
        if place is None:
            return {"next": None, "previous": None}
        return {
            "next": episodes[place + 1].key if place + 1 < len(episodes) else None,
            "previous": episodes[place - 1].key if place else None,
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
                )
            )
        return found

    async def _item(self, read: Reader, visible: Visible, actor: Member, key: str) -> sqlite3.Row:
        row = await self._store.item(read, visible, actor.user_id, key)
        if row is None:
            raise NotFound("There is no such title.")
        return row

    async def children(self, actor: Member, key: str) -> Children:
        """Seasons of a show, the specials last, or episodes of a season; nothing for other items."""
        visible = self.visible(actor)
        async with self._db.snapshot() as read:
            parent = await self._item(read, visible, actor, key)
            below = {"show": "season", "season": "episode", "artist": "album", "album": "track"}.get(parent["kind"])
            rows: list[sqlite3.Row] = []
            if below is not None:
                rows = await self._store.children(read, visible, actor.user_id, parent["item_id"], below)
            counts = await self._counts(read, visible, actor, [parent, *rows])
            return Children(
                parent=item_card(parent, counts.get(parent["item_id"])),
                items=item_cards(rows, counts),
                total_count=len(rows),
            )

    async def episodes(self, actor: Member, key: str) -> Children:
        """All episodes of a season or a show in order, each with its files."""
        visible = self.visible(actor)
        async with self._db.snapshot() as read:
            parent = await self._item(read, visible, actor, key)
            rows: list[sqlite3.Row] = []
            if parent["kind"] == "show":
                rows = await self._store.episodes(read, visible, actor.user_id, parent["item_id"])
            elif parent["kind"] in {"season", "album"}:
                below = "episode" if parent["kind"] == "season" else "track"
                rows = await self._store.children(read, visible, actor.user_id, parent["item_id"], below)
            files: dict[int, list[sqlite3.Row]] = {}
            for row in await files_of(read, [row["item_id"] for row in rows]):
                files.setdefault(row["item_id"], []).append(row)
            counts = await self._counts(read, visible, actor, [parent])
        items = [
            ItemCard(**(card_fields(row) | {"files": files_of_item(files.get(row["item_id"], [])).files}))
            for row in rows
        ]
        return Children(parent=item_card(parent, counts.get(parent["item_id"])), items=items, total_count=len(items))

    async def cast(self, actor: Member, key: str) -> Cast:
        """Who plays and who made it; a season or an episode has its own people first, then its show's."""
        visible = self.visible(actor)
        async with self._db.snapshot() as read:
            row = await self._item(read, visible, actor, key)
            ids = [row["item_id"], *(above for above in (row["parent_id"], row["top_id"]) if above is not None)]
            people = await store.credits_of(read, ids)
        cast: dict[tuple[str, str], CastMember] = {}
        crew: dict[tuple[str, str], CrewMember] = {}
        for one in people:
            name: str = one["name"]
            if one["job"] == "actor":
                thumb = f"/api/artwork/p-{one['performer_id']}/thumb" if one["has_image"] else None
                cast.setdefault(
                    (name, one["role"]), CastMember(name=name, role=one["role"], order=len(cast), thumb=thumb)
                )
            else:
                job, department = DEPARTMENTS.get(one["job"], (one["job"].title(), one["job"].title()))
                crew.setdefault((name, job), CrewMember(name=name, job=job, department=department))
        return Cast(cast=list(cast.values())[:MOST_CREDITS], crew=list(crew.values())[:MOST_CREDITS])

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
        """The genres of what a member sees, by name; spellings of one genre are counted together."""
        rows = await self._store.genres(self._db.read, self.visible(actor), library_id)
        types: dict[str, dict[str, int]] = {}
        names: dict[str, str] = {}
        for row in rows:
            key = SAME_GENRE.get(row["value_key"], row["value_key"])
            if row["value_key"] == key or key not in names:
                names[key] = row["name"]
            kinds = types.setdefault(key, {})
            kinds[row["kind"]] = kinds.get(row["kind"], 0) + row["many"]
        found = [Genre(name=names[key], count=sum(kinds.values()), types=kinds) for key, kinds in types.items()]
        return Genres(genres=sorted(found, key=lambda genre: genre.name.casefold()))

    async def changes(self, actor: Member, library_id: str, since: int) -> Changes:
        """Keys of what changed in a library after a cursor; gone items are told by their lists' reset alone.

        Raises:
            NotFound: the member sees no such library.
        """
        read, visible = self._db.read, self.visible(actor)
        await self.library_name(read, visible, library_id)
        cursor, rows = await asyncio.gather(
            store.cursor(read), store.changed(read, library_id, since, MOST_CHANGES + 1)
        )
        if len(rows) > MOST_CHANGES:
            return Changes(cursor=cursor, changed=[], reset=True)
        last: int = rows[-1]["stamp"] if rows else max(since, 0)
        return Changes(cursor=last, changed=[row["rating_key"] for row in rows], reset=False)


def _names(people: Sequence[Mapping[str, Any] | sqlite3.Row], job: str) -> list[str]:
    return list(dict.fromkeys(one["name"] for one in people if one["job"] == job))


def _extra(row: sqlite3.Row) -> ExtraWire:
    return ExtraWire(
        id=row["rating_key"],
        type=row["extra_kind"],
        title=row["title"],
        duration=row["duration_ms"],
        file_id=row["file_id"],
        thumb=picture(row["rating_key"], row["thumb_tag"]),
        thumb_tag=row["thumb_tag"],
    )
