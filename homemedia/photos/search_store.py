"""The statements that choose photos; which ones is decided in `filters.py`."""

import sqlite3
from collections.abc import Mapping
from typing import Final

from homemedia.core.db import Reader, as_json
from homemedia.photos.filters import Chosen

PAGE = """
    SELECT photo.photo_id FROM {photo_source}
     WHERE {photo_filters}
     ORDER BY {photo_order}
     LIMIT :limit OFFSET :offset
"""
COUNT = "SELECT count(*) AS photos FROM {photo_source} WHERE {photo_filters}"
# How many have what is asked for, counted no further than it takes to know that they are many.
FEW = "SELECT count(*) AS photos FROM (SELECT 1 FROM photo_exif WHERE {said} LIMIT :many)"
HITS = """
    WITH hit (photo_id, score) AS MATERIALIZED (
        SELECT photo_text.photo_id, bm25(photo_search, 4.0, 8.0, 4.0, 10.0)
          FROM photo_search CROSS JOIN photo_text ON photo_text.text_id = photo_search.rowid
         WHERE photo_search MATCH :words
    )
    SELECT photo.photo_id, count(*) OVER () AS photos
      FROM hit CROSS JOIN {photo_source}
     WHERE photo.photo_id = hit.photo_id AND {photo_filters}
       AND (photo.owner_id = :viewer_id OR :public_words IS NULL OR hit.photo_id IN (
            SELECT photo_text.photo_id FROM photo_search
             CROSS JOIN photo_text ON photo_text.text_id = photo_search.rowid
             WHERE photo_search MATCH :public_words))
     ORDER BY round(hit.score, 1), photo.taken_at DESC, photo.photo_id
     LIMIT :limit OFFSET :offset
"""
PARTNERS = """
    SELECT share.target_id AS user_id
      FROM share
      JOIN user ON user.user_id = share.target_id AND user.state = 'active'
      LEFT JOIN share_member_state ON share_member_state.share_id = share.share_id
                                  AND share_member_state.user_id = :viewer_id
     WHERE share.recipient_type = 'user' AND share.recipient_id = :viewer_id AND share.target_type = 'user_library'
       AND share.revoked_at IS NULL AND (share.expires_at IS NULL OR share.expires_at > :now)
       AND (:all_of_them OR share_member_state.in_timeline)
"""
ALBUMS = """
    SELECT album.album_id FROM json_each(:album_ids) AS wanted
     CROSS JOIN album ON album.album_id = wanted.value
      JOIN user ON user.user_id = album.owner_id AND user.state = 'active'
     WHERE album.deleted_at IS NULL AND (album.owner_id = :viewer_id OR album.album_id IN {album_grants})
"""
HASHES = """
    SELECT photo.photo_id, photo.thumbhash FROM {photo_source}
     WHERE {photo_filters} AND photo.thumbhash IS NOT NULL
"""
HASH = "SELECT thumbhash FROM photo WHERE photo_id = :photo_id"
# One photo of each place: the newest; its place of the index is the greatest.
CITIES = """
    SELECT photo_exif.city, photo_exif.state, photo_exif.country, count(*) AS photos, photo.photo_id,
           max(photo.taken_at) AS newest
      FROM {photo_source}
     WHERE photo_exif.city IS NOT NULL AND {photo_filters}
     GROUP BY photo_exif.city
    HAVING photos >= :at_least
     ORDER BY photos DESC, photo_exif.city
     LIMIT :limit
"""
MARKERS = """
    SELECT photo.photo_id, photo_exif.latitude, photo_exif.longitude, photo_exif.city, photo_exif.state,
           photo_exif.country
      FROM {photo_source}
     WHERE photo_exif.latitude IS NOT NULL AND photo_exif.longitude IS NOT NULL AND {photo_filters}
     ORDER BY photo.taken_at DESC, photo.photo_id
"""
# Walks from one value to the next by its index, and looks of each whether a photo in sight has it.
VALUES = """
    WITH RECURSIVE value_of (value) AS (
        SELECT min({column}) FROM photo_exif WHERE {column} IS NOT NULL
         UNION ALL
        SELECT (SELECT min({column}) FROM photo_exif WHERE {column} > value_of.value) FROM value_of
         WHERE value_of.value IS NOT NULL
    )
    SELECT value_of.value FROM value_of
     WHERE value_of.value IS NOT NULL AND EXISTS (
        SELECT 1 FROM {photo_source} WHERE {column} = value_of.value AND {photo_filters})
"""
HAS_NONE = "SELECT EXISTS (SELECT 1 FROM {photo_source} WHERE {column} IS NULL AND {photo_filters}) AS is_there"

ORDERS: Final[Mapping[str, Mapping[str, str]]] = {
    "fileCreatedAt": {
        "desc": "photo.taken_at DESC, photo.photo_id",
        "asc": "photo.taken_at, photo.photo_id DESC",
    },
    "localDateTime": {
        "desc": "photo.local_taken_at DESC, photo.photo_id",
        "asc": "photo.local_taken_at, photo.photo_id DESC",
    },
    "fileSizeInBytes": {"desc": "photo.size_bytes DESC, photo.photo_id", "asc": "photo.size_bytes, photo.photo_id"},
    "createdAt": {"desc": "photo.created_at DESC, photo.photo_id", "asc": "photo.created_at, photo.photo_id"},
    "rating": {
        "desc": "photo_exif.rating DESC NULLS LAST, photo.taken_at DESC, photo.photo_id",
        "asc": "photo_exif.rating NULLS LAST, photo.taken_at, photo.photo_id",
    },
    "random": {"asc": "random()", "desc": "random()"},
}
COLUMNS: Final[Mapping[str, str]] = {
    "country": "photo_exif.country",
    "state": "photo_exif.state",
    "city": "photo_exif.city",
    "camera-make": "photo_exif.make",
    "camera-model": "photo_exif.model",
    "camera-lens-model": "photo_exif.lens_model",
}


async def page(read: Reader, chosen: Chosen, *, order: str, direction: str, limit: int, offset: int) -> list[str]:
    """The photos of one page."""
    sql = PAGE.format(photo_source=chosen.source, photo_filters=chosen.where, photo_order=ORDERS[order][direction])
    rows = await read(sql, {**chosen.args, "limit": limit, "offset": offset})
    return [row["photo_id"] for row in rows]


async def count(read: Reader, chosen: Chosen) -> int:
    sql = COUNT.format(photo_source=chosen.source, photo_filters=chosen.where)
    return int((await read(sql, chosen.args))[0]["photos"])


async def are_few(read: Reader, said: Mapping[str, object], *, many: int) -> bool:
    """Whether fewer than `many` photos have these values, whoever owns them; `said` is by column of `photo_exif`."""
    sql = FEW.format(said=" AND ".join(f"photo_exif.{name} = :{name}" for name in said))
    return int((await read(sql, {**said, "many": many}))[0]["photos"]) < many


async def hits(
    read: Reader, chosen: Chosen, *, words: str, public_words: str | None, limit: int, offset: int
) -> tuple[list[str], int]:
    """Photos of which the words are said, the best first, and how many there are in all.

    Args:
        read: a reader.
        chosen: which are meant at all.
        words: in the language of the index.
        public_words: the same, in what others may know; None when there are no others.
        limit: so many.
        offset: behind so many.
    """
    sql = HITS.format(photo_source=chosen.source, photo_filters=chosen.where)
    args = {**chosen.args, "words": words, "public_words": public_words, "limit": limit, "offset": offset}
    rows = await read(sql, args)
    return [row["photo_id"] for row in rows], (rows[0]["photos"] if rows else 0)


async def partners(read: Reader, viewer_id: str, *, now: int, all_of_them: bool = False) -> list[str]:
    """Whose photos stand in a member's timeline beside his own; or who shares with him at all."""
    args = {"viewer_id": viewer_id, "now": now, "all_of_them": int(all_of_them)}
    return [row["user_id"] for row in await read(PARTNERS, args)]


async def albums(read: Reader, album_ids: list[str], grants: str, args: Mapping[str, object]) -> set[str]:
    """Those of the albums that a member may look into."""
    sql = ALBUMS.format(album_grants=grants)
    return {row["album_id"] for row in await read(sql, {**args, "album_ids": as_json(album_ids)})}


async def hashes(read: Reader, chosen: Chosen) -> list[tuple[str, bytes]]:
    sql = HASHES.format(photo_source=chosen.source, photo_filters=chosen.where)
    return [(row["photo_id"], row["thumbhash"]) for row in await read(sql, chosen.args)]


async def thumbhash(read: Reader, photo_id: str) -> bytes | None:
    rows = await read(HASH, {"photo_id": photo_id})
    return rows[0]["thumbhash"] if rows else None


async def cities(read: Reader, chosen: Chosen, *, at_least: int, limit: int) -> list[sqlite3.Row]:
    """Cities, each with how many photos, and the newest of them; most photos first."""
    sql = CITIES.format(photo_source=chosen.source, photo_filters=chosen.where)
    return await read(sql, {**chosen.args, "at_least": at_least, "limit": limit})


async def markers(read: Reader, chosen: Chosen) -> list[sqlite3.Row]:
    """Where photos were taken, the newest first."""
    return await read(MARKERS.format(photo_source=chosen.source, photo_filters=chosen.where), chosen.args)


async def values(read: Reader, chosen: Chosen, kind: str) -> list[str]:
    """What is said of photos: every country, city or camera there is."""
    sql = VALUES.format(photo_source=chosen.source, photo_filters=chosen.where, column=COLUMNS[kind])
    return [row["value"] for row in await read(sql, chosen.args)]


async def has_none(read: Reader, chosen: Chosen, kind: str) -> bool:
    """Whether there are photos of which nothing of the kind is said."""
    sql = HAS_NONE.format(photo_source=chosen.source, photo_filters=chosen.where, column=COLUMNS[kind])
    return bool((await read(sql, chosen.args))[0]["is_there"])
