"""Playlists as members see them: what lies beside the music as .m3u, with the tracks behind its lines."""

from pathlib import PurePosixPath

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts import Member
from homemedia.core.db import Database
from homemedia.core.http.wire import Wire
from homemedia.core.problems import NotFound
from homemedia.library import playlists_store as store
from homemedia.library.browse_cards import Cards
from homemedia.library.browse_wire import ItemCard, picture

MOST_PLAYLISTS = 1000
MOST_ENTRIES = 5000
MOST_THUMBS = 4
AT_ONCE = 500  # cards made before others are served: 5,000 in one go would hold the event loop for 80 ms


class PlaylistCard(Wire, frozen=True, kw_only=True):
    """A playlist in a list. Count and length (ms) are of the tracks the caller sees; `thumbs` are album covers."""

    id: int
    title: str
    library_id: str
    track_count: int
    duration: int
    thumbs: list[str]
    updated_at: int


class PlaylistEntry(Wire, frozen=True, kw_only=True):
    """One line of a playlist: a track, or with `missing` the name of one that is not in the library."""

    title: str
    missing: bool
    duration: int | None
    track: ItemCard | UnsetType = UNSET


class PlaylistDetail(PlaylistCard, frozen=True, kw_only=True):
    """A playlist with its lines in order, the first 5,000."""

    entries: list[PlaylistEntry]


class PlaylistList(Wire, frozen=True, kw_only=True):
    playlists: list[PlaylistCard]


class Playlists:
    """Reads playlists; `cards` makes their tracks."""

    def __init__(self, db: Database, cards: Cards) -> None:
        self._db = db
        self._cards = cards

    async def all_of(self, actor: Member, library_id: str | None) -> PlaylistList:
        """The playlists of one music library or of all, by title.

        Raises:
            NotFound: the member sees no such library.
        """
        visible = self._cards.visible(actor)
        async with self._db.snapshot() as read:
            if library_id is not None:
                await self._cards.library_name(read, visible, library_id)
            rows = await store.playlists(read, visible, library_id=library_id, limit=MOST_PLAYLISTS)
            ids = msgspec.json.encode([row["playlist_id"] for row in rows]).decode()
            pictures: dict[int, list[str]] = {}
            for one in await store.thumbs(read, visible, ids, MOST_THUMBS) if rows else ():
                pictures.setdefault(one["playlist_id"], []).append(_thumb(one["rating_key"], one["thumb_tag"]))
        return PlaylistList(
            playlists=[
                PlaylistCard(
                    id=row["playlist_id"],
                    title=row["title"],
                    library_id=row["library_id"],
                    track_count=row["tracks"],
                    duration=row["duration_ms"],
                    thumbs=pictures.get(row["playlist_id"], []),
                    updated_at=row["updated_at"] // 1000,
                )
                for row in rows
            ]
        )

    async def detail(self, actor: Member, playlist_id: int) -> PlaylistDetail:
        """One playlist with its tracks in order. What the member may not see is left out, what is gone is named.

        Raises:
            NotFound: the member sees no such playlist.
        """
        visible = self._cards.visible(actor)
        async with self._db.snapshot() as read:
            rows = await store.playlists(read, visible, playlist_id=playlist_id, limit=1)
            if not rows:
                raise NotFound("There is no such playlist.")
            lines = await store.entries(read, visible, playlist_id, MOST_ENTRIES)
            wanted = list({line["item_id"] for line in lines if line["item_id"] is not None})
            cards: dict[int, ItemCard] = {}
            for start in range(0, len(wanted), AT_ONCE):
                cards |= await self._cards.cards(read, visible, actor, wanted[start : start + AT_ONCE])
            pictures = await store.thumbs(read, visible, f"[{playlist_id}]", MOST_THUMBS)
        entries: list[PlaylistEntry] = []
        for line in lines:
            card = cards.get(line["item_id"])
            if card is not None:
                entries.append(PlaylistEntry(title=card.title, missing=False, duration=card.duration, track=card))
            elif not line["is_known"]:
                title = line["title"] or PurePosixPath(line["path"].replace("\\", "/")).stem
                entries.append(PlaylistEntry(title=title, missing=True, duration=line["duration_ms"]))
        row = rows[0]
        return PlaylistDetail(
            id=playlist_id,
            title=row["title"],
            library_id=row["library_id"],
            track_count=row["tracks"],
            duration=row["duration_ms"],
            thumbs=[_thumb(one["rating_key"], one["thumb_tag"]) for one in pictures],
            updated_at=row["updated_at"] // 1000,
            entries=entries,
        )


def _thumb(key: str, tag: str) -> str:
    return f"{picture(key, tag)}?v={tag}"
