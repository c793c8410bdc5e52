"""What cards and pages of music show beyond other items: numbers of albums and tracks, artists of a track, its gain."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from homemedia.core.db import Reader
from homemedia.library import music_store as store
from homemedia.library.browse_wire import UNIT, Counts, Disc, GainWire
from homemedia.library.visible import Visible

MOST_APPEARANCES = 200
MOST_GENRES = 5


class TagsOfGain(msgspec.Struct, frozen=True):
    """The part of a file's kept tags (`media.audio.AudioTags`) that players need; the rest is passed over."""

    gain_track_db: float | None = None
    gain_track_peak: float | None = None
    gain_album_db: float | None = None
    gain_album_peak: float | None = None


_tags_decoder = msgspec.msgpack.Decoder(TagsOfGain)


def gain_of(tags: bytes | None) -> GainWire | None:
    """The replay gain in kept tags; None when they have none, or are an older program's that cannot be read."""
    if tags is None:
        return None
    try:
        found = _tags_decoder.decode(tags)
    except msgspec.DecodeError:
        return None
    if found.gain_track_db is None and found.gain_album_db is None:
        return None
    return GainWire(
        track=found.gain_track_db,
        track_peak=found.gain_track_peak,
        album=found.gain_album_db,
        album_peak=found.gain_album_peak,
    )


async def music_counts(read: Reader, visible: Visible, rows: Sequence[sqlite3.Row]) -> dict[int, Counts]:
    """By item id what cards of artists, albums and tracks need; at most one statement for each kind among the rows."""
    of_kind: dict[str, list[int]] = {"artist": [], "album": [], "track": []}
    for row in rows:
        if row["kind"] in of_kind:
            of_kind[row["kind"]].append(row["item_id"])
    found: dict[int, Counts] = {}
    if of_kind["artist"] or of_kind["album"]:
        artists, albums = await store.counts(read, visible, artists=of_kind["artist"], albums=of_kind["album"])
        found |= {row["item_id"]: _of_artist(row) for row in artists}
        found |= {
            row["item_id"]: Counts(tracks=row["tracks"], discs=row["discs"], duration_ms=row["duration_ms"])
            for row in albums
        }
    if of_kind["track"]:
        found |= {
            row["item_id"]: Counts(
                artists=tuple(row["artists"].split(UNIT)) if row["artists"] else (), gain=gain_of(row["tags"])
            )
            for row in await store.track_facts(read, of_kind["track"])
        }
    return found


def _of_artist(row: sqlite3.Row) -> Counts:
    if row["cover"] is None:
        return Counts(albums=row["albums"], tracks=row["tracks"])
    key, tag, tone = row["cover"].split(UNIT)
    return Counts(albums=row["albums"], tracks=row["tracks"], cover=(key, tag, tone or None))


def discs_of(tracks: Sequence[sqlite3.Row | Mapping[str, Any]]) -> list[Disc]:
    """The discs of an album by number. Tracks without one are on the first."""
    sums: dict[int, tuple[int, int]] = {}
    for row in tracks:
        number = row["parent_number"] or 1
        many, length = sums.get(number, (0, 0))
        sums[number] = (many + 1, length + (row["duration_ms"] or 0))
    return [Disc(index=number, track_count=sums[number][0], duration=sums[number][1]) for number in sorted(sums)]
