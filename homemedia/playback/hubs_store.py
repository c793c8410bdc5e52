"""The statements behind recommendations. They choose ids; the cards come from the library."""

import sqlite3
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from homemedia.core.db import Reader, as_json
from homemedia.library.visible import Visible

# Nothing of it was watched: films and videos by themselves, shows and albums by what lies below them.
UNTOUCHED = """
    AND NOT EXISTS (
        SELECT 1 FROM item AS season INDEXED BY item_parent
         CROSS JOIN item AS episode INDEXED BY item_parent ON episode.parent_id = season.item_id
         CROSS JOIN watch_state AS seen ON seen.user_id = :actor_id AND seen.identity_key = episode.identity_key
         WHERE season.parent_id = item.item_id AND season.kind = 'season' AND episode.kind = 'episode'
           AND seen.is_watched = 1)
"""
UNHEARD = """
    AND NOT EXISTS (
        SELECT 1 FROM item AS track INDEXED BY item_parent
         CROSS JOIN watch_state AS seen ON seen.user_id = :actor_id AND seen.identity_key = track.identity_key
         WHERE track.parent_id = item.item_id AND track.kind = 'track' AND seen.is_watched = 1)
"""
UNSEEN = """
    AND NOT EXISTS (SELECT 1 FROM watch_state AS seen WHERE seen.user_id = :actor_id
                       AND seen.identity_key = item.identity_key AND seen.is_watched = 1)
"""
UNTOUCHED_BY_KIND = MappingProxyType({"movie": UNSEEN, "video": UNSEEN, "show": UNTOUCHED, "album": UNHEARD})

NEW_UNWATCHED = """
    SELECT item.item_id, item.added_at FROM item
     WHERE item.library_id = :library_id AND item.kind = :kind AND {visible}
       AND item.missing_since_at IS NULL {untouched}
     ORDER BY item.added_at DESC, item.item_id DESC
     LIMIT :limit
"""
# In the next three the rows come in the order of the inner ones: SQLite walks the inner result as the outer loop, and
# looks for what was watched only until it has enough (among 1,000 shows 5 ms instead of 50).

# A mean of few votes counts as if 50 more people had given 6.5.
TOP_RATED = """
    SELECT item.item_id, item.rating
      FROM (SELECT item.item_id,
                   CASE WHEN item.votes IS NULL THEN item.rating
                        ELSE (item.rating * item.votes + 6.5 * 50) / (item.votes + 50) END AS weight
              FROM item
             WHERE item.library_id = :library_id AND item.kind = :kind AND item.rating >= 7 AND {visible}
               AND item.missing_since_at IS NULL
             ORDER BY weight DESC, item.item_id DESC
             LIMIT :enough) AS best
     CROSS JOIN item ON item.item_id = best.item_id
     WHERE 1 {untouched}
     LIMIT :limit
"""
# The seed changes with the day and the member; the factor is prime, so no two items of a library share a number.
RANDOM_PICK = """
    SELECT item.item_id
      FROM (SELECT item.item_id, (item.item_id * 2654435761 + :seed) % 4294967291 AS number
              FROM item
             WHERE item.library_id = :library_id AND item.kind = :kind AND {visible}
               AND item.missing_since_at IS NULL
             ORDER BY number
             LIMIT :enough) AS picked
     CROSS JOIN item ON item.item_id = picked.item_id
     WHERE 1 {untouched}
     LIMIT :limit
"""
# What was watched last; a watched episode speaks for its show, a track for its album.
WATCHED_LAST = """
    SELECT CASE item.kind WHEN 'track' THEN parent.item_id ELSE coalesce(top.item_id, item.item_id) END AS item_id,
           CASE item.kind WHEN 'track' THEN parent.rating_key
                ELSE coalesce(top.rating_key, item.rating_key) END AS rating_key,
           CASE item.kind WHEN 'track' THEN parent.title ELSE coalesce(top.title, item.title) END AS title,
           max(watch.last_viewed_at) AS last_viewed_at
      FROM watch_state AS watch
     CROSS JOIN item ON item.identity_key = watch.identity_key AND item.library_id = :library_id
                    AND item.kind IN ('movie', 'video', 'episode', 'track')
      LEFT JOIN item AS parent ON parent.item_id = item.parent_id
      LEFT JOIN item AS top ON top.item_id = parent.parent_id
     WHERE watch.user_id = :actor_id AND watch.is_watched = 1 AND watch.last_viewed_at IS NOT NULL AND {visible}
     GROUP BY 1
     ORDER BY last_viewed_at DESC
     LIMIT :limit
"""
# Points: 3 the collection, 2 a director (of an album: its artist), 1 one of the five first actors, 1.5 shared out over
# the genres, 0.5 a label, and 0.3 for the rating.
BECAUSE = """
    WITH point (item_id, points) AS (
        SELECT other.item_id,
               CASE mine.kind WHEN 'collection' THEN 3.0 WHEN 'label' THEN 0.5 ELSE 1.5 /
                    (SELECT count(*) FROM item_label WHERE item_id = :item_id AND kind = 'genre') END
          FROM item_label AS mine CROSS JOIN item_label AS other
            ON other.kind = mine.kind AND other.value_key = mine.value_key
         WHERE mine.item_id = :item_id
         UNION ALL
        SELECT item_id, points
          FROM (SELECT DISTINCT other.item_id, other.performer_id, mine.job,
                       CASE mine.job WHEN 'actor' THEN 1.0 ELSE 2.0 END AS points
                  FROM credit AS mine CROSS JOIN credit AS other
                    ON other.performer_id = mine.performer_id AND other.job = mine.job
                 WHERE mine.item_id = :item_id
                   AND (mine.job IN ('director', 'albumartist')
                        OR (mine.job = 'actor' AND mine.position < 5 AND other.position < 5)))
    ),
    scored (item_id, points) AS (SELECT item_id, sum(points) FROM point WHERE item_id <> :item_id GROUP BY item_id),
    best (item_id, points) AS (
        SELECT item.item_id, scored.points + 0.3 * coalesce(item.rating, 0) / 10 AS points
          FROM scored CROSS JOIN item ON item.item_id = scored.item_id
         WHERE item.library_id = :library_id AND item.kind = :kind AND item.missing_since_at IS NULL
         ORDER BY points DESC, item.item_id
         LIMIT :enough
    )
    SELECT item.item_id
      FROM best CROSS JOIN item ON item.item_id = best.item_id
     WHERE {visible} {untouched}
     LIMIT :limit
"""
# What two items have in common, by word; each pair is [item, other item].
SHARED = """
    SELECT pair.value ->> 0 AS item_id, pair.value ->> 1 AS other_id, mine.kind AS what, mine.value AS name
      FROM json_each(:pairs) AS pair
     CROSS JOIN item_label AS mine ON mine.item_id = pair.value ->> 0
     CROSS JOIN item_label AS other ON other.item_id = pair.value ->> 1 AND other.kind = mine.kind
                                   AND other.value_key = mine.value_key
     UNION ALL
    SELECT DISTINCT pair.value ->> 0, pair.value ->> 1, mine.job, performer.name
      FROM json_each(:pairs) AS pair
     CROSS JOIN credit AS mine ON mine.item_id = pair.value ->> 0
     CROSS JOIN credit AS other ON other.item_id = pair.value ->> 1 AND other.performer_id = mine.performer_id
                               AND other.job = mine.job
     CROSS JOIN performer ON performer.performer_id = mine.performer_id
     WHERE mine.job IN ('director', 'albumartist') OR (mine.job = 'actor' AND mine.position < 5 AND other.position < 5)
"""
# Watched long ago, and of one of the five genres the member watched most; of what has no genre nobody can tell.
REDISCOVER = """
    WITH watched (item_id, last_at) AS MATERIALIZED (
        SELECT CASE item.kind WHEN 'track' THEN item.parent_id ELSE coalesce(parent.parent_id, item.item_id) END,
               max(watch.last_viewed_at)
          FROM watch_state AS watch
         CROSS JOIN item ON item.identity_key = watch.identity_key AND item.library_id = :library_id
                        AND item.kind IN ('movie', 'video', 'episode', 'track')
          LEFT JOIN item AS parent ON parent.item_id = item.parent_id
         WHERE watch.user_id = :actor_id AND watch.is_watched = 1 AND watch.last_viewed_at IS NOT NULL AND {visible}
         GROUP BY 1
    ),
    liked (value_key, many) AS (
        SELECT item_label.value_key, count(*) AS many
          FROM watched CROSS JOIN item_label ON item_label.item_id = watched.item_id AND item_label.kind = 'genre'
         GROUP BY item_label.value_key
         ORDER BY many DESC, item_label.value_key
         LIMIT 5
    )
    SELECT item.item_id, watched.last_at, sum(liked.many) AS liking,
           (SELECT genre.value FROM item_label AS genre JOIN liked AS best ON best.value_key = genre.value_key
             WHERE genre.item_id = item.item_id AND genre.kind = 'genre' ORDER BY best.many DESC LIMIT 1) AS genre
      FROM watched CROSS JOIN item ON item.item_id = watched.item_id
      LEFT JOIN item_label AS of_item ON of_item.item_id = item.item_id AND of_item.kind = 'genre'
      LEFT JOIN liked ON liked.value_key = of_item.value_key
     WHERE watched.last_at < :long_ago AND item.kind = :kind AND {visible} AND item.missing_since_at IS NULL
     GROUP BY item.item_id
    HAVING liking IS NOT NULL OR count(of_item.value_key) = 0
     ORDER BY liking DESC, item.rating DESC, item.item_id
     LIMIT :limit
"""
# For music: the genres with most albums, and albums of one that nobody put on yet.
GENRES_OF_LIBRARY = """
    SELECT item_label.value_key, min(item_label.value) AS name, count(*) AS many
      FROM item CROSS JOIN item_label ON item_label.item_id = item.item_id AND item_label.kind = 'genre'
     WHERE item.library_id = :library_id AND item.kind = :kind AND {visible}
     GROUP BY item_label.value_key
     ORDER BY many DESC, item_label.value_key
     LIMIT :most
"""
OF_GENRE = """
    SELECT item.item_id
      FROM item_label CROSS JOIN item ON item.item_id = item_label.item_id
     WHERE item_label.kind = 'genre' AND item_label.value_key = :genre AND item.library_id = :library_id
       AND item.kind = :kind AND {visible} AND item.missing_since_at IS NULL {untouched}
     ORDER BY (item.item_id * 2654435761 + :seed) % 4294967291
     LIMIT :limit
"""
HUBS = MappingProxyType(
    {
        "new": NEW_UNWATCHED,
        "topRated": TOP_RATED,
        "random": RANDOM_PICK,
        "because": BECAUSE,
        "rediscover": REDISCOVER,
        "ofGenre": OF_GENRE,
    }
)
# The version of the show that was played last, where the offered episode has it and another one too.
SAME_VERSION = """
    SELECT item.item_id, min(item_file.file_id) AS file_id
      FROM json_each(:ids) AS wanted
     CROSS JOIN item ON item.item_id = wanted.value
     CROSS JOIN item AS season ON season.item_id = item.parent_id
     CROSS JOIN item AS top ON top.item_id = season.parent_id
     CROSS JOIN watch_state AS watch ON watch.user_id = :actor_id AND watch.identity_key = top.identity_key
     CROSS JOIN item_file ON item_file.item_id = item.item_id AND coalesce(item_file.version, '') = watch.version
     CROSS JOIN file ON file.file_id = item_file.file_id
     WHERE item_file.part = 1 AND file.missing_since_at IS NULL AND file.probe_error IS NULL AND {visible}
       AND EXISTS (SELECT 1 FROM item_file AS another
                    WHERE another.item_id = item.item_id AND another.version_index <> item_file.version_index)
     GROUP BY item.item_id
"""


async def chosen(read: Reader, visible: Visible, hub: str, args: Mapping[str, object]) -> list[sqlite3.Row]:
    """Rows with `item_id` and what their reason needs, for one hub of `HUBS`, best first."""
    untouched = UNTOUCHED_BY_KIND[str(args["kind"])]
    return await read(HUBS[hub].format(visible=visible.sql, untouched=untouched), {**visible.args, **args})


async def watched_last(read: Reader, visible: Visible, args: Mapping[str, object]) -> list[sqlite3.Row]:
    """What the member watched last in a library, the newest first."""
    return await read(WATCHED_LAST.format(visible=visible.sql), {**visible.args, **args})


async def shared(read: Reader, pairs: Sequence[tuple[int, int]]) -> list[sqlite3.Row]:
    """What each pair of items has in common: collection, director, albumartist, actor, genre and label, by name."""
    if not pairs:
        return []
    return await read(SHARED, {"pairs": as_json(pairs)})


async def genres_of_library(read: Reader, visible: Visible, args: Mapping[str, object]) -> list[sqlite3.Row]:
    return await read(GENRES_OF_LIBRARY.format(visible=visible.sql), {**visible.args, **args})


async def same_versions(read: Reader, visible: Visible, actor_id: str, ids: Sequence[int]) -> dict[int, int]:
    """By episode the file of the version that was played of its show last; only where there is a choice."""
    if not ids:
        return {}
    args = {**visible.args, "actor_id": actor_id, "ids": as_json(ids)}
    rows = await read(SAME_VERSION.format(visible=visible.sql), args)
    return {row["item_id"]: row["file_id"] for row in rows}
