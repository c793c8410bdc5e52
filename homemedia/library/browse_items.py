"""One item with everything about it: versions, seasons, episodes, people."""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader
from homemedia.core.problems import NotFound
from homemedia.library import browse_store as store
from homemedia.library import music_store
from homemedia.library.browse_cards import Cards
from homemedia.library.browse_wire import (
    Cast,
    CastMember,
    Children,
    CrewMember,
    ExtraWire,
    IdsWire,
    ItemCard,
    ItemDetail,
    card_fields,
    item_card,
    item_cards,
    picture,
)
from homemedia.library.files import files_of_item
from homemedia.library.files_store import files_of
from homemedia.library.music import MOST_APPEARANCES, MOST_GENRES, discs_of
from homemedia.library.visible import Visible
from homemedia.library.watched import WatchSql, to_play

DEPARTMENTS = {"director": ("Director", "Directing"), "writer": ("Writer", "Writing")}
MOST_CREDITS = 100
WITHOUT_FILES = frozenset({"show", "season", "artist", "album"})
# Jobs whose holders are seen or heard in it; everybody else is the crew.
PERFORMERS = frozenset({"actor", "artist", "albumartist"})
# (read, member, item) -> the track choice a member made for it; playback knows.
TrackChoice = Callable[[Reader, Member, str], Awaitable[dict[str, object] | None]]


class ItemPages(Cards):
    """Reads what the page of one item shows. `track_choice` is set by who knows it."""

    def __init__(self, db: Database, watch: WatchSql, clock: Clock) -> None:
        super().__init__(db, watch, clock)
        self.track_choice: TrackChoice | None = None

    async def detail(self, actor: Member, key: str) -> ItemDetail:
        """Everything about one item, in a number of statements that does not grow with it.

        Raises:
            NotFound: the member sees no such item.
        """
        visible = self.visible(actor).opened
        async with self._db.snapshot() as read:
            row = await self._item(read, visible, actor, key)
            item_id: int = row["item_id"]
            kind: str = row["kind"]
            files = files_of_item([] if kind in WITHOUT_FILES else await files_of(read, [item_id]))
            people = await store.credits_of(read, [item_id])
            more: dict[str, Any] = {}
            if kind == "show":
                more = await self._of_show(read, visible, actor, item_id)
            elif kind == "episode" and row["top_id"] is not None:
                more = await self._beside(read, visible, actor, row["top_id"], item_id)
            elif kind == "artist":
                more = await self._of_artist(read, visible, actor, item_id)
            elif kind == "album":
                more = await self._of_album(read, visible, actor, item_id)
                more["artists"] = _names(people, "albumartist") or [row["parent_title"]]
            elif kind == "track" and row["parent_id"] is not None:
                more = await self._of_track(read, visible, actor, row["parent_id"], item_id)
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
        season = next((one.season for one in episodes if one.item_id == item_id), None)
        # The specials stand last, but nobody means to go on with them after the end of a show.
        episodes = [one for one in episodes if (one.season == 0) is (season == 0)]
        place = next((number for number, one in enumerate(episodes) if one.item_id == item_id), None)
        if place is None:
            return {"next": None, "previous": None}
        return {
            "next": episodes[place + 1].key if place + 1 < len(episodes) else None,
            "previous": episodes[place - 1].key if place else None,
        }

    async def _of_artist(self, read: Reader, visible: Visible, actor: Member, artist_id: int) -> dict[str, Any]:
        albums = await self._albums(read, visible, actor, artist_id)
        heard = await self._store.music(
            read,
            visible,
            actor.user_id,
            music_store.APPEARS_ON,
            {"artist_id": artist_id, "limit": MOST_APPEARANCES},
        )
        counts = await self._counts(read, visible, actor, [*albums, *heard])
        more: dict[str, Any] = {"albums": item_cards(albums, counts), "appears_on": item_cards(heard, counts)}
        genres = await music_store.genres_of_artist(read, visible, artist_id, MOST_GENRES)
        return more | {"genres": genres} if genres else more

    async def _of_album(self, read: Reader, visible: Visible, actor: Member, album_id: int) -> dict[str, Any]:
        rows = await self._tracks(read, visible, actor, album_id)
        return {"tracks": await self._with_files(read, visible, actor, rows), "discs": discs_of(rows)}

    async def _of_track(
        self, read: Reader, visible: Visible, actor: Member, album_id: int, item_id: int
    ) -> dict[str, Any]:
        keys = await music_store.keys_of_album(read, visible, album_id)
        place = next((number for number, (one, _) in enumerate(keys) if one == item_id), None)
        return {
            "album": (await self.cards(read, visible, actor, [album_id])).get(album_id),
            "next": keys[place + 1][1] if place is not None and place + 1 < len(keys) else None,
            "previous": keys[place - 1][1] if place else None,
        }

    async def _albums(self, read: Reader, visible: Visible, actor: Member, artist_id: int) -> list[sqlite3.Row]:
        args = {"parent_id": artist_id}
        return await self._store.music(read, visible, actor.user_id, music_store.ALBUMS_OF_ARTIST, args)

    async def _tracks(self, read: Reader, visible: Visible, actor: Member, album_id: int) -> list[sqlite3.Row]:
        args = {"parent_id": album_id}
        return await self._store.music(read, visible, actor.user_id, music_store.TRACKS_OF_ALBUM, args)

    async def _with_files(
        self, read: Reader, visible: Visible, actor: Member, rows: Sequence[sqlite3.Row]
    ) -> list[ItemCard]:
        """Cards of things that play, each with its files."""
        files: dict[int, list[sqlite3.Row]] = {}
        for row in await files_of(read, [row["item_id"] for row in rows]):
            files.setdefault(row["item_id"], []).append(row)
        counts = await self._counts(read, visible, actor, rows)
        return [
            ItemCard(
                **(
                    card_fields(row, counts.get(row["item_id"]))
                    | {"files": files_of_item(files.get(row["item_id"], [])).files}
                )
            )
            for row in rows
        ]

    async def _item(self, read: Reader, visible: Visible, actor: Member, key: str) -> sqlite3.Row:
        row = await self._store.item(read, visible, actor.user_id, key)
        if row is None:
            raise NotFound("There is no such title.")
        return row

    async def children(self, actor: Member, key: str) -> Children:
        """What lies right below an item; nothing for what plays by itself.

        Seasons of a show, the specials last; episodes of a season; albums of an artist, the newest first; tracks of an
        album by disc and number, each with its files.
        """
        visible = self.visible(actor).opened
        async with self._db.snapshot() as read:
            parent = await self._item(read, visible, actor, key)
            kind, parent_id = parent["kind"], parent["item_id"]
            rows: list[sqlite3.Row] = []
            if kind in {"show", "season"}:
                below = "season" if kind == "show" else "episode"
                rows = await self._store.children(read, visible, actor.user_id, parent_id, below)
            elif kind == "artist":
                rows = await self._albums(read, visible, actor, parent_id)
            elif kind == "album":
                rows = await self._tracks(read, visible, actor, parent_id)
            counts = await self._counts(read, visible, actor, [parent] if kind == "album" else [parent, *rows])
            items = await self._with_files(read, visible, actor, rows) if kind == "album" else item_cards(rows, counts)
            return Children(parent=item_card(parent, counts.get(parent_id)), items=items, total_count=len(rows))

    async def episodes(self, actor: Member, key: str) -> Children:
        """All episodes of a season or a show, or tracks of an album, in order, each with its files."""
        visible = self.visible(actor).opened
        async with self._db.snapshot() as read:
            parent = await self._item(read, visible, actor, key)
            rows: list[sqlite3.Row] = []
            if parent["kind"] == "show":
                rows = await self._store.episodes(read, visible, actor.user_id, parent["item_id"])
            elif parent["kind"] == "season":
                rows = await self._store.children(read, visible, actor.user_id, parent["item_id"], "episode")
            elif parent["kind"] == "album":
                rows = await self._tracks(read, visible, actor, parent["item_id"])
            items = await self._with_files(read, visible, actor, rows)
            counts = await self._counts(read, visible, actor, [parent])
        return Children(parent=item_card(parent, counts.get(parent["item_id"])), items=items, total_count=len(items))

    async def cast(self, actor: Member, key: str) -> Cast:
        """Who plays and who made it; a season or an episode has its own people first, then its show's.

        An album is by its artists, a track has those it names itself.
        """
        visible = self.visible(actor).opened
        async with self._db.snapshot() as read:
            row = await self._item(read, visible, actor, key)
            above = () if row["kind"] in {"album", "track"} else (row["parent_id"], row["top_id"])
            ids = [row["item_id"], *(one for one in above if one is not None)]
            people = await store.credits_of(read, ids)
        cast: dict[tuple[str, str], CastMember] = {}
        crew: dict[tuple[str, str], CrewMember] = {}
        for one in people:
            name: str = one["name"]
            number: int = one["performer_id"]
            if one["job"] in PERFORMERS:
                thumb = f"/api/artwork/p-{number}/thumb" if one["has_image"] else None
                member = CastMember(id=number, name=name, role=one["role"], order=len(cast), thumb=thumb)
                cast.setdefault((name, one["role"]), member)
            else:
                job, department = DEPARTMENTS.get(one["job"], (one["job"].title(), one["job"].title()))
                crew.setdefault((name, job), CrewMember(id=number, name=name, job=job, department=department))
        return Cast(cast=list(cast.values())[:MOST_CREDITS], crew=list(crew.values())[:MOST_CREDITS])


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
