"""How items, lists and details look on the wire, and how rows become them."""

import functools
import sqlite3
from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, UnsetType

from homemedia.core.http.wire import Wire
from homemedia.library.files_wire import ChapterWire, FileWire, MarkerWire
from homemedia.media import video_resolution

# What a card's column `lines` says of an item whose files are there and cannot be read; above 0 it plays.
UNREADABLE = -1
UNIT = "\x1f"  # between the values of a list that SQLite puts together


class GainWire(Wire, frozen=True, kw_only=True):
    """Replay gain in dB, peaks as shares of full scale; of a track and of its album, null where the tags say none."""

    track: float | None
    track_peak: float | None
    album: float | None
    album_peak: float | None


class ItemCard(Wire, frozen=True, kw_only=True):
    """What a list shows of an item. Keys of other kinds of items, and of other lists, are left out.

    `thumbKind` is poster, still or cover; `thumbTone` and `thumbPoint` say how to crop and colour a still.
    `unreadable` tells a file that is there and cannot be read from one that is gone; neither is `available`.
    An artist without a picture has that of his newest album as a `still`; a track has its album's cover.
    """

    id: str
    type: str
    title: str
    year: int | None
    summary: str | None
    thumb: str | None
    added_at: int
    art: str | None
    thumb_tag: str | None
    art_tag: str | None
    thumb_kind: str | None
    thumb_tone: str | None
    thumb_point: str | None
    original_title: str | None
    sort_title: str
    rating: float | None
    content_rating: str | None
    duration: int | None
    genres: list[str]
    release_date: str | None
    library_id: str
    watched: bool
    view_offset: int
    view_count: int
    last_viewed_at: int | None
    watchlisted: bool
    matched: bool
    available: bool
    unreadable: bool
    video_resolution: str | None
    # shows and seasons
    season_count: int | UnsetType = UNSET
    episode_count: int | UnsetType = UNSET
    unwatched_count: int | UnsetType = UNSET
    status: str | UnsetType | None = UNSET
    # seasons and episodes
    index: int | UnsetType | None = UNSET
    index_end: int | UnsetType | None = UNSET
    parent_index: int | UnsetType | None = UNSET
    parent_id: str | UnsetType | None = UNSET
    parent_title: str | UnsetType | None = UNSET
    parent_thumb: str | UnsetType | None = UNSET
    grandparent_id: str | UnsetType | None = UNSET
    grandparent_title: str | UnsetType | None = UNSET
    grandparent_thumb: str | UnsetType | None = UNSET
    air_date: str | UnsetType | None = UNSET
    absolute: bool | UnsetType = UNSET
    # artists, albums and tracks; `index` and `parentIndex` of a track are its number and its disc
    album_count: int | UnsetType = UNSET
    track_count: int | UnsetType = UNSET
    disc_count: int | UnsetType = UNSET
    artists: list[str] | UnsetType = UNSET
    gain: GainWire | UnsetType | None = UNSET
    # what single lists add
    files: list[FileWire] | UnsetType = UNSET
    percent: float | UnsetType = UNSET
    watchlisted_at: int | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    reason_text: str | UnsetType = UNSET
    file_id: int | UnsetType = UNSET  # of an episode: the version of its show that was played last
    new_count: int | UnsetType = UNSET
    score: int | UnsetType = UNSET


class ExtraWire(Wire, frozen=True, kw_only=True):
    id: str
    type: str | None
    title: str
    duration: int | None
    file_id: int | None
    thumb: str | None
    thumb_tag: str | None


class IdsWire(Wire, frozen=True, kw_only=True):
    tmdb: int | None
    imdb: str | None
    tvdb: int | None


class Disc(Wire, frozen=True, kw_only=True):
    """One disc of an album: its number, how much is on it, and how long that is in ms."""

    index: int
    track_count: int
    duration: int


class ItemDetail(ItemCard, frozen=True, kw_only=True):
    """Everything an item's page shows. Shows, seasons, artists and albums have no files.

    An artist has `albums` and `appearsOn` (albums of others), both the newest first; an album has `tracks` in the order
    of its discs; a track has its `album`, with the keys of its neighbours in `next` and `previous`.
    """

    tagline: str | None
    studio: str | None
    directors: list[str]
    writers: list[str]
    labels: list[str]
    collection: str | None
    ids: IdsWire
    chapters: list[ChapterWire]
    markers: list[MarkerWire]
    extras: list[ExtraWire]
    track_choice: dict[str, object] | None
    seasons: list[ItemCard] | UnsetType = UNSET
    next_up: ItemCard | UnsetType | None = UNSET
    next: str | UnsetType | None = UNSET
    previous: str | UnsetType | None = UNSET
    albums: list[ItemCard] | UnsetType = UNSET
    appears_on: list[ItemCard] | UnsetType = UNSET
    tracks: list[ItemCard] | UnsetType = UNSET
    discs: list[Disc] | UnsetType = UNSET
    album: ItemCard | UnsetType | None = UNSET


class PolledFolder(Wire, frozen=True, kw_only=True):
    """A folder that cannot tell of changes and is looked through by the clock; `why` is a sentence."""

    path: str
    why: str


class LibraryCard(Wire, frozen=True, kw_only=True):
    """A library in the list. `paths`, `options`, `available` and `watching` stand in administrators' answers only."""

    id: str
    uuid: str
    name: str
    type: str
    item_count: int
    language: str
    scanning: bool
    last_scan_at: int | None
    created_at: int
    thumb: str | None
    thumb_tag: str | None
    paths: list[str] | UnsetType = UNSET
    available: bool | UnsetType = UNSET
    options: dict[str, object] | UnsetType = UNSET
    watching: list[PolledFolder] | UnsetType = UNSET


class LibraryName(Wire, frozen=True, kw_only=True):
    id: str
    name: str
    type: str


class LibraryList(Wire, frozen=True, kw_only=True):
    libraries: list[LibraryCard]


class ItemPage(Wire, frozen=True, kw_only=True):
    """A stretch of a list. Of those under # in `letters`, `lettersBehind` stand behind Z: other alphabets."""

    library: LibraryName
    items: list[ItemCard]
    total_count: int
    offset: int
    limit: int
    letters: dict[str, int] | UnsetType = UNSET
    letters_behind: int | UnsetType = UNSET


class LibraryItems(Wire, frozen=True, kw_only=True):
    library: LibraryName
    items: list[ItemCard]


class Items(Wire, frozen=True, kw_only=True):
    items: list[ItemCard]


class Children(Wire, frozen=True, kw_only=True):
    parent: ItemCard
    items: list[ItemCard]
    total_count: int


class CastMember(Wire, frozen=True, kw_only=True):
    """`id` is that of the person's own page."""

    id: int
    name: str
    role: str
    order: int
    thumb: str | None


class CrewMember(Wire, frozen=True, kw_only=True):
    id: int
    name: str
    job: str
    department: str


class Cast(Wire, frozen=True, kw_only=True):
    cast: list[CastMember]
    crew: list[CrewMember]


class SearchResults(Wire, frozen=True, kw_only=True):
    query: str
    results: list[ItemCard]
    total_count: int


class Genre(Wire, frozen=True, kw_only=True):
    """`types` counts the same titles by their type."""

    name: str
    count: int
    types: dict[str, int]


class Genres(Wire, frozen=True, kw_only=True):
    genres: list[Genre]


class Changes(Wire, frozen=True, kw_only=True):
    """What became different since a cursor. With `reset` too much did, or something is gone: read the lists anew."""

    cursor: int
    changed: list[str]
    reset: bool


class Counts(Wire, frozen=True, kw_only=True):
    """What lies below an item, for one member, and what of a track stands in other tables.

    `cover` is rating key, tag and tone of the picture that stands for an artist.
    """

    seasons: int = 0
    episodes: int = 0
    unwatched: int = 0
    last_viewed_at: int | None = None
    albums: int = 0
    tracks: int = 0
    discs: int = 0
    duration_ms: int | None = None
    cover: tuple[str, str, str | None] | None = None
    artists: tuple[str, ...] = ()
    gain: GainWire | None = None


NO_COUNTS = Counts()


def seconds(ms: int | None) -> int | None:
    """A time of the database as the answers have it."""
    return None if ms is None else ms // 1000


def picture(key: str, tag: str | None, kind: str = "thumb") -> str | None:
    """The address of an item's picture; None when it has none."""
    return f"/api/artwork/{key}/{kind}" if tag else None


@functools.lru_cache(maxsize=512)
def _resolution(lines: int) -> str:
    return video_resolution(lines * 16 // 9, lines)


def item_card(row: sqlite3.Row, counts: Counts | None = None) -> ItemCard:
    """A row of `browse_store.CARD` as a card; `counts` belong to a show or season."""
    return ItemCard(**card_fields(row, counts))


def item_cards(rows: Sequence[sqlite3.Row], counts: dict[int, Counts] | None = None) -> list[ItemCard]:
    """The rows as cards, in their order."""
    known = counts or {}
    return [ItemCard(**card_fields(row, known.get(row["item_id"]))) for row in rows]


def card_fields(row: sqlite3.Row, counts: Counts | None = None) -> dict[str, Any]:
    """The keyword arguments of a card. One function builds all of them, because every list is made of cards."""
    (
        _item_id,
        key,
        kind,
        title,
        year,
        summary,
        thumb_tag,
        art_tag,
        thumb_kind,
        thumb_tone,
        thumb_point,
        added_at,
        original_title,
        sort_title,
        rating,
        content_rating,
        duration_ms,
        genres,
        release_date,
        library_id,
        is_watched,
        offset_ms,
        view_count,
        last_viewed_at,
        is_listed,
        is_matched,
        lines,
        number,
        number_end,
        parent_number,
        air_date,
        is_absolute,
        status,
        parent_key,
        parent_title,
        parent_thumb_tag,
        top_key,
        top_title,
        top_thumb_tag,
    ) = tuple(row)[:CARD_WIDTH]
    fields: dict[str, Any] = {
        "id": key,
        "type": kind,
        "title": title,
        "year": year,
        "summary": summary,
        "thumb": picture(key, thumb_tag),
        "added_at": added_at // 1000,
        "art": picture(key, art_tag, "art"),
        "thumb_tag": thumb_tag,
        "art_tag": art_tag,
        "thumb_kind": thumb_kind,
        "thumb_tone": thumb_tone,
        "thumb_point": thumb_point,
        "original_title": original_title,
        "sort_title": sort_title,
        "rating": rating,
        "content_rating": content_rating,
        "duration": duration_ms,
        "genres": genres.split(UNIT) if genres else [],
        "release_date": release_date,
        "library_id": library_id,
        "watched": bool(is_watched),
        "view_offset": offset_ms,
        "view_count": view_count,
        "last_viewed_at": seconds(last_viewed_at),
        "watchlisted": bool(is_listed),
        "matched": bool(is_matched),
        "available": lines is not None and lines > 0,
        "unreadable": lines == UNREADABLE,
        "video_resolution": _resolution(lines - 1) if lines and lines > 1 else None,
    }
    if kind == "episode":
        fields |= {
            "index": number,
            "index_end": number_end,
            "parent_index": parent_number,
            "parent_id": parent_key,
            "parent_title": parent_title,
            "parent_thumb": picture(parent_key, parent_thumb_tag) if parent_key else None,
            "grandparent_id": top_key,
            "grandparent_title": top_title,
            "grandparent_thumb": picture(top_key, top_thumb_tag) if top_key else None,
            "air_date": air_date,
            "absolute": bool(is_absolute),
        }
    elif kind in {"show", "season"}:
        below = counts or NO_COUNTS
        fields |= {
            "episode_count": below.episodes,
            "unwatched_count": below.unwatched,
            "watched": below.episodes > 0 and below.unwatched == 0,
            "view_offset": 0,
            "view_count": 0,
            "last_viewed_at": seconds(below.last_viewed_at),
        }
        if kind == "show":
            fields |= {"season_count": below.seasons, "status": status}
        else:
            fields |= {
                "index": number,
                "parent_id": parent_key,
                "parent_title": parent_title,
                "parent_thumb": picture(parent_key, parent_thumb_tag) if parent_key else None,
            }
    elif kind == "artist":
        below = counts or NO_COUNTS
        fields |= {"album_count": below.albums, "track_count": below.tracks}
        if not thumb_tag and below.cover:
            album_key, tag, tone = below.cover
            fields |= {"thumb": picture(album_key, tag), "thumb_tag": tag, "thumb_tone": tone, "thumb_kind": "still"}
    elif kind == "album":
        below = counts or NO_COUNTS
        fields |= {
            "parent_id": parent_key,
            "parent_title": parent_title,
            "track_count": below.tracks,
            "disc_count": below.discs,
            "duration": below.duration_ms,
        }
    elif kind == "track":
        below = counts or NO_COUNTS
        fields |= {
            "index": number,
            "parent_index": parent_number,
            "parent_id": parent_key,
            "parent_title": parent_title,
            "parent_thumb": picture(parent_key, parent_thumb_tag) if parent_key else None,
            "grandparent_id": top_key,
            "grandparent_title": top_title,
            "artists": list(below.artists),
            "gain": below.gain,
        }
        if not thumb_tag and parent_key and parent_thumb_tag:
            fields |= {
                "thumb": picture(parent_key, parent_thumb_tag),
                "thumb_tag": parent_thumb_tag,
                "thumb_kind": "cover",
            }
    return fields


CARD_WIDTH = 39
