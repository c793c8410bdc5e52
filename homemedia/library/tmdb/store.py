"""Every statement about matches with TMDb, the key and what was downloaded; decides nothing."""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from homemedia.core.db import Reader, Write, as_json

State = Literal["wanted", "auto", "manual", "none"]
KEY = "library.tmdb_key"

# These items and the seasons and shows above them, where their library asks online. What failed keeps its patience.
OWE = """
    WITH RECURSIVE above (item_id, parent_id) AS (
        SELECT item.item_id, item.parent_id FROM item WHERE item.item_id IN (SELECT value FROM json_each(:ids))
         UNION
        SELECT item.item_id, item.parent_id
          FROM above JOIN item ON item.item_id = above.parent_id AND item.kind IN ('season', 'show')
    )
    INSERT INTO item_match (item_id, retry_at)
    SELECT item.item_id, 0
      FROM above CROSS JOIN item ON item.item_id = above.item_id JOIN library ON library.library_id = item.library_id
     WHERE item.kind IN ('movie', 'show', 'season') AND library.kind IN ('movie', 'show')
       AND coalesce(json_extract(library.options, '$.metadataSource'), 'auto') = 'auto'
    ON CONFLICT (item_id) DO UPDATE
       SET retry_at = CASE WHEN item_match.tries > 0 THEN coalesce(item_match.retry_at, 0) ELSE 0 END
"""
OWE_BELOW = """
    INSERT INTO item_match (item_id, retry_at)
    SELECT item_id, 0 FROM item WHERE parent_id = :item_id AND kind = 'season'
    ON CONFLICT (item_id) DO UPDATE SET retry_at = 0, tries = 0
"""
ONLINE_LIBRARIES = """
    SELECT library_id, kind FROM library
     WHERE kind IN ('movie', 'show') AND coalesce(json_extract(options, '$.metadataSource'), 'auto') = 'auto'
"""
# Those nobody asked about yet.
UNASKED = """
    SELECT item.item_id FROM item
     WHERE item.library_id = :library_id AND item.kind = :kind
       AND NOT EXISTS (SELECT 1 FROM item_match WHERE item_match.item_id = item.item_id)
     LIMIT :limit
"""
OWE_UNMATCHED = "UPDATE item_match SET retry_at = 0, tries = 0 WHERE state IN ('wanted', 'none')"
# Failed ones first: when the first of them still fails, the others need not be tried. A season waits for its show.
OWED = """
    SELECT item_match.item_id, item.kind, item.title
      FROM item_match INDEXED BY item_match_owed CROSS JOIN item ON item.item_id = item_match.item_id
     WHERE item_match.retry_at IS NOT NULL AND item_match.retry_at <= :now
       AND item.library_id = :library_id AND item.missing_since_at IS NULL
       AND (item.kind <> 'season' OR NOT EXISTS (
            SELECT 1 FROM item_match AS above WHERE above.item_id = item.parent_id AND above.retry_at IS NOT NULL))
     ORDER BY item_match.tries DESC, item.kind = 'season', item_match.item_id LIMIT :limit
"""
NEXT_DUE = """
    SELECT min(item_match.retry_at) AS due, count(*) AS items
      FROM item_match INDEXED BY item_match_owed CROSS JOIN item ON item.item_id = item_match.item_id
     WHERE item_match.retry_at IS NOT NULL AND item.library_id = :library_id AND item.missing_since_at IS NULL
"""
NEXT_FAILED = """
    SELECT min(item_match.retry_at) AS due
      FROM item_match INDEXED BY item_match_owed CROSS JOIN item ON item.item_id = item_match.item_id
     WHERE item_match.retry_at > 0 AND item.library_id = :library_id AND item.missing_since_at IS NULL
"""
WAITING = "SELECT count(*) AS items FROM item_match WHERE retry_at IS NOT NULL"
# Somebody's new film must not wait for the day on which TMDb was to be asked again.
HASTEN = "UPDATE job SET run_after_at = 0 WHERE kind = 'match' AND key = :library_id AND state = 'queued'"
MATCH = """
    SELECT item_id, state, tmdb_id, asked, score, tried_at, tries FROM item_match WHERE item_id = :item_id
"""
SET_MATCH = """
    INSERT INTO item_match (item_id, state, tmdb_id, asked, score, tried_at, problem)
    SELECT item_id, :state, :tmdb_id, :asked, :score, :now, :problem FROM item WHERE item_id = :item_id
    ON CONFLICT (item_id) DO UPDATE SET state = excluded.state, tmdb_id = excluded.tmdb_id, asked = excluded.asked,
        score = excluded.score, tried_at = excluded.tried_at, problem = excluded.problem
"""
DONE = "UPDATE item_match SET retry_at = NULL, tries = 0 WHERE item_id = :item_id"
# Done, unless another match was named while TMDb was asked: then all of it is owed at once. `of` is the film or show.
DONE_AS = """
    UPDATE item_match
       SET tries = 0, retry_at = CASE WHEN EXISTS (
               SELECT 1 FROM item_match AS said
                WHERE said.item_id = :of AND (said.state <> :state OR said.tmdb_id IS NOT :tmdb_id)) THEN 0 END
     WHERE item_id = :item_id
"""
OWE_ONE = "UPDATE item_match SET retry_at = 0, tries = 0 WHERE item_id = :item_id"
FAILED = """
    UPDATE item_match SET tries = tries + 1, retry_at = :retry_at, problem = :problem WHERE item_id = :item_id
"""

SEASONS = "SELECT item_id, number FROM item WHERE parent_id = :item_id AND kind = 'season' ORDER BY number, item_id"
EPISODES = """
    SELECT item_id, number, number_end, air_date FROM item WHERE parent_id = :item_id AND kind = 'episode'
     ORDER BY number, item_id
"""
# What a request names: the item, and the film or show it belongs to.
BY_KEY = """
    SELECT item.item_id, item.kind, item.library_id, library.kind AS library_kind, library.language,
           coalesce(json_extract(library.options, '$.country'), 'US') AS country,
           CASE item.kind WHEN 'season' THEN item.parent_id WHEN 'episode' THEN season.parent_id ELSE item.item_id END
               AS top_id
      FROM item JOIN library ON library.library_id = item.library_id
      LEFT JOIN item AS season ON season.item_id = item.parent_id
     WHERE item.rating_key = :rating_key
"""
# What a refresh may change, under the names of the API once its words are joined.
SEEN = """
    SELECT item.title, item.original_title, item.sort_title, item.year, item.air_date, item.summary, item.tagline,
           item.studio, item.content_rating, item.rating, item.release_date, item.status, item.collection,
           item.thumb_tag AS thumb, item.art_tag AS art,
           json_object('tmdb', item.tmdb_id, 'imdb', item.imdb_id, 'tvdb', item.tvdb_id) AS ids,
           (SELECT group_concat(value, char(10)) FROM (
                SELECT value FROM item_label
                 WHERE item_label.item_id = item.item_id AND kind = 'genre' ORDER BY position)) AS genres,
           (SELECT group_concat(name, char(10)) FROM (
                SELECT name FROM credit JOIN performer USING (performer_id)
                 WHERE credit.item_id = item.item_id AND job = 'director' ORDER BY position)) AS directors,
           (SELECT group_concat(name, char(10)) FROM (
                SELECT name FROM credit JOIN performer USING (performer_id)
                 WHERE credit.item_id = item.item_id AND job = 'writer' ORDER BY position)) AS writers,
           (SELECT group_concat(name || '=' || role, char(10)) FROM (
                SELECT name, role FROM credit JOIN performer USING (performer_id)
                 WHERE credit.item_id = item.item_id AND job = 'actor' ORDER BY position)) AS "cast"
      FROM item WHERE item.item_id = :item_id
"""
COUNT_TOPS = """
    SELECT count(*) AS items FROM item
     WHERE library_id = :library_id AND kind = :kind AND missing_since_at IS NULL
"""
# A forced match takes a person's words away, the ids and labels apart.
UNLOCK = """
    DELETE FROM item_field
     WHERE item_id = :item_id AND source = 'manual' AND field IN (SELECT value FROM json_each(:fields))
"""
UNLOCK_OTHERS = """
    UPDATE item_field SET is_locked = 0 WHERE item_id = :item_id AND field IN (SELECT value FROM json_each(:fields))
"""
PUT_ID = """
    INSERT INTO item_field (item_id, field, value, source, is_locked)
    SELECT item_id, :field, :value, 'manual', 0 FROM item WHERE item_id = :item_id
    ON CONFLICT (item_id, field, source) DO UPDATE SET value = excluded.value
"""

DOWNLOADS = """
    SELECT kind, source, path, origin, is_broken, is_chosen FROM artwork WHERE item_id = :item_id
"""


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an item's match. Times are ms."""

    item_id: int
    state: State = "wanted"
    tmdb_id: int | None = None
    asked: str | None = None
    score: float | None = None
    tried_at: int | None = None
    tries: int = 0


class Owed(msgspec.Struct, frozen=True):
    """An item that something has to be asked about."""

    item_id: int
    kind: str
    title: str


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What a rating key names; `top_id` is its film or show."""

    item_id: int
    kind: str
    library_id: str
    library_kind: str
    language: str
    country: str
    top_id: int | None


class Numbered(msgspec.Struct, frozen=True, kw_only=True):
    """An episode as its file names it."""

    item_id: int
    number: int | None
    number_end: int | None
    air_date: str | None


async def owed(read: Reader, library_id: str, now: int, limit: int) -> list[Owed]:
    """What is due, in the order to ask in."""
    rows = await read(OWED, {"library_id": library_id, "now": now, "limit": limit})
    return [Owed(row["item_id"], row["kind"], row["title"]) for row in rows]


async def match(read: Reader, item_id: int) -> Match:
    rows = await read(MATCH, {"item_id": item_id})
    return Match(**dict(rows[0])) if rows else Match(item_id=item_id)


async def by_key(read: Reader, rating_key: str) -> Place | None:
    rows = await read(BY_KEY, {"rating_key": rating_key})
    return Place(**dict(rows[0])) if rows else None


async def seasons(read: Reader, show_id: int) -> list[tuple[int, int | None]]:
    """Ids and numbers of a show's seasons."""
    return [(row["item_id"], row["number"]) for row in await read(SEASONS, {"item_id": show_id})]


async def episodes(read: Reader, season_id: int) -> list[Numbered]:
    return [Numbered(**dict(row)) for row in await read(EPISODES, {"item_id": season_id})]


async def owe(tx: Write, item_ids: Iterable[int]) -> int:
    """Have these items, and their seasons and shows, asked about again; how many they are."""
    return await tx.run(OWE, {"ids": as_json(item_ids)})


def set_match(connection: sqlite3.Connection, values: Mapping[str, Any]) -> None:
    """Write down a decision; `values` are the columns of `SET_MATCH`."""
    connection.execute(SET_MATCH, values)
