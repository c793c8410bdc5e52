"""The statements on artists, albums and tracks that other kinds of items do not need.

What goes down from an artist is told its index for the reason of `browse_store.py`.
"""

import sqlite3
from collections.abc import Sequence

from homemedia.core.db import Reader, as_json
from homemedia.library.visible import Visible

# The newest first, as people look for what an artist made last; albums without a year at the end.
ALBUMS_OF_ARTIST = """
    SELECT {card}
      FROM item INDEXED BY item_parent
    {card_joins}
     WHERE item.parent_id = :parent_id AND item.kind = 'album' AND {visible}
     ORDER BY item.year IS NULL, item.year DESC, item.release_date DESC, item.sort_title, item.item_id
"""
# Albums of others on which an artist is heard, or which he made together with them.
APPEARS_ON = """
    SELECT {card}
      FROM (SELECT DISTINCT CASE item.kind WHEN 'album' THEN item.item_id ELSE item.parent_id END AS album_id
              FROM item_artist CROSS JOIN item ON item.item_id = item_artist.item_id
             WHERE item_artist.artist_id = :artist_id AND {visible}) AS heard
     CROSS JOIN item ON item.item_id = heard.album_id
    {card_joins}
     WHERE item.kind = 'album' AND item.parent_id IS NOT :artist_id AND {visible}
     ORDER BY item.year IS NULL, item.year DESC, item.release_date DESC, item.sort_title, item.item_id
     LIMIT :limit
"""
# Tracks without a disc are on the first; those without a number come after the numbered ones of their disc.
TRACKS_OF_ALBUM = """
    SELECT {card}
      FROM item INDEXED BY item_parent
    {card_joins}
     WHERE item.parent_id = :parent_id AND item.kind = 'track' AND {visible}
     ORDER BY coalesce(item.parent_number, 1), item.number IS NULL, item.number, item.sort_title, item.item_id
"""
# As TRACKS_OF_ALBUM, keys alone.
KEYS_OF_ALBUM = """
    SELECT item.item_id, item.rating_key
      FROM item INDEXED BY item_parent
     WHERE item.parent_id = :parent_id AND item.kind = 'track' AND {visible}
     ORDER BY coalesce(item.parent_number, 1), item.number IS NULL, item.number, item.sort_title, item.item_id
"""
# With the cover of his newest album, as "key, tag, tone": an artist without a picture is shown by it.
COUNTS_OF_ARTISTS = """
    SELECT wanted.value AS item_id,
           (SELECT count(*) FROM item INDEXED BY item_parent
             WHERE item.parent_id = wanted.value AND item.kind = 'album' AND {visible}) AS albums,
           (SELECT count(*)
              FROM item AS album INDEXED BY item_parent
             CROSS JOIN item INDEXED BY item_parent ON item.parent_id = album.item_id AND item.kind = 'track'
             WHERE album.parent_id = wanted.value AND album.kind = 'album' AND {visible}) AS tracks,
           (SELECT item.rating_key || char(31) || item.thumb_tag || char(31) || coalesce(item.thumb_tone, '')
              FROM item INDEXED BY item_parent
             WHERE item.parent_id = wanted.value AND item.kind = 'album' AND item.thumb_tag IS NOT NULL AND {visible}
             ORDER BY item.year DESC, item.item_id DESC LIMIT 1) AS cover
      FROM json_each(:ids) AS wanted
"""
COUNTS_OF_ALBUMS = """
    SELECT item.parent_id AS item_id, count(*) AS tracks, count(DISTINCT coalesce(item.parent_number, 1)) AS discs,
           sum(item.duration_ms) AS duration_ms
      FROM json_each(:ids) AS wanted
     CROSS JOIN item INDEXED BY item_parent ON item.parent_id = wanted.value AND item.kind = 'track'
     WHERE {visible}
     GROUP BY item.parent_id
"""
# The artists of a track in the order of its tags, and the tags of its first file, which hold the gain.
FACTS_OF_TRACKS = """
    SELECT wanted.value AS item_id,
           (SELECT group_concat(name, char(31))
              FROM (SELECT performer.name AS name
                      FROM credit CROSS JOIN performer ON performer.performer_id = credit.performer_id
                     WHERE credit.item_id = wanted.value AND credit.job = 'artist'
                     ORDER BY credit.position, performer.name)) AS artists,
           (SELECT audio_tags.tags
              FROM item_file CROSS JOIN audio_tags ON audio_tags.file_id = item_file.file_id
             WHERE item_file.item_id = wanted.value
             ORDER BY item_file.version_index, item_file.part LIMIT 1) AS tags
      FROM json_each(:ids) AS wanted
"""
# An artist has the genres of what he made, the commonest first.
GENRES_OF_ARTIST = """
    SELECT min(item_label.value) AS name
      FROM item INDEXED BY item_parent
     CROSS JOIN item_label ON item_label.item_id = item.item_id AND item_label.kind = 'genre'
     WHERE item.parent_id = :artist_id AND item.kind = 'album' AND {visible}
     GROUP BY item_label.value_key
     ORDER BY count(*) DESC, item_label.value_key
     LIMIT :limit
"""


async def counts(
    read: Reader, visible: Visible, *, artists: Sequence[int], albums: Sequence[int]
) -> tuple[list[sqlite3.Row], list[sqlite3.Row]]:
    """How much lies below artists and below albums; one statement for each kind that is asked for."""
    found: list[list[sqlite3.Row]] = []
    for sql, ids in ((COUNTS_OF_ARTISTS, artists), (COUNTS_OF_ALBUMS, albums)):
        args = {**visible.args, "ids": as_json(ids)}
        found.append(await read(sql.format(visible=visible.sql), args) if ids else [])
    return found[0], found[1]


async def track_facts(read: Reader, ids: Sequence[int]) -> list[sqlite3.Row]:
    """Artists and tags of tracks the caller has found to be visible."""
    return await read(FACTS_OF_TRACKS, {"ids": as_json(ids)})


async def keys_of_album(read: Reader, visible: Visible, album_id: int) -> list[tuple[int, str]]:
    """(item id, rating key) of the tracks of an album in order."""
    rows = await read(KEYS_OF_ALBUM.format(visible=visible.sql), {**visible.args, "parent_id": album_id})
    return [(row["item_id"], row["rating_key"]) for row in rows]


async def genres_of_artist(read: Reader, visible: Visible, artist_id: int, limit: int) -> list[str]:
    args = {**visible.args, "artist_id": artist_id, "limit": limit}
    return [row["name"] for row in await read(GENRES_OF_ARTIST.format(visible=visible.sql), args)]
