"""The statements behind recommendations. They choose ids; the cards come from the library."""

import sqlite3
from collections.abc import Mapping

from homemedia.core.db import Reader
from homemedia.library.visible import Visible
from homemedia.library.watched import WatchSql

# Films and videos by themselves; of a show there is no state, so it counts as watched when an episode was.
UNTOUCHED = """
    AND NOT {is_watched} AND NOT EXISTS (
        SELECT 1 FROM (SELECT item.item_id AS show_id) AS this
         CROSS JOIN item AS season INDEXED BY item_parent ON season.parent_id = this.show_id AND season.kind = 'season'
         CROSS JOIN item INDEXED BY item_parent ON item.parent_id = season.item_id AND item.kind = 'episode'
         {watch_join}
         WHERE {is_watched})
"""
NEW_UNWATCHED = """
    SELECT item.item_id FROM item {watch_join}
     WHERE item.library_id = :library_id AND item.kind = :kind AND {visible}
       AND item.missing_since_at IS NULL {untouched}
     ORDER BY item.added_at DESC, item.item_id DESC
     LIMIT :limit
"""
TOP_RATED = """
    SELECT item.item_id FROM item {watch_join}
     WHERE item.library_id = :library_id AND item.kind = :kind AND item.rating >= 7 AND {visible}
       AND item.missing_since_at IS NULL {untouched}
     ORDER BY item.rating DESC, item.item_id DESC
     LIMIT :limit
"""
RANDOM_PICK = """
    SELECT item.item_id FROM item {watch_join}
     WHERE item.library_id = :library_id AND item.kind = :kind AND {visible}
       AND item.missing_since_at IS NULL {untouched}
     ORDER BY (item.item_id * 2654435761 + :seed) % 4294967291
     LIMIT :limit
"""
# What was watched last; a watched episode speaks for its show.
WATCHED_LAST = """
    SELECT coalesce(top.item_id, item.item_id) AS item_id, coalesce(top.rating_key, item.rating_key) AS rating_key,
           coalesce(top.title, item.title) AS title, max(watch.last_viewed_at) AS last_viewed_at
      FROM watch_state AS watch
     CROSS JOIN item ON item.identity_key = watch.identity_key AND item.library_id = :library_id
                    AND item.kind IN ('movie', 'video', 'episode')
      LEFT JOIN item AS parent ON parent.item_id = item.parent_id
      LEFT JOIN item AS top ON top.item_id = parent.parent_id
     WHERE watch.user_id = :actor_id AND watch.is_watched = 1 AND watch.last_viewed_at IS NOT NULL AND {visible}
     GROUP BY coalesce(top.item_id, item.item_id)
     ORDER BY last_viewed_at DESC
     LIMIT :limit
"""
# Points: 3 the collection, 2 a director, 1 one of the five first actors, 1.5 shared out over the genres, 0.5 a label.
BECAUSE = """
    WITH point (item_id, points) AS (
        SELECT other.item_id, 3.0 FROM item AS mine JOIN item AS other
            ON other.library_id = mine.library_id AND other.collection = mine.collection
         WHERE mine.item_id = :item_id AND mine.collection IS NOT NULL
         UNION ALL
        SELECT other.item_id, CASE mine.job WHEN 'director' THEN 2.0 ELSE 1.0 END
          FROM credit AS mine JOIN credit AS other ON other.performer_id = mine.performer_id AND other.job = mine.job
         WHERE mine.item_id = :item_id
           AND (mine.job = 'director' OR (mine.job = 'actor' AND mine.position < 5 AND other.position < 5))
         UNION ALL
        SELECT other.item_id,
               CASE mine.kind WHEN 'label' THEN 0.5 ELSE 1.5 /
                    (SELECT count(*) FROM item_label WHERE item_id = :item_id AND kind = 'genre') END
          FROM item_label AS mine JOIN item_label AS other
            ON other.kind = mine.kind AND other.value_key = mine.value_key
         WHERE mine.item_id = :item_id AND mine.kind IN ('genre', 'label')
    ),
    scored (item_id, points) AS (SELECT item_id, sum(points) FROM point WHERE item_id <> :item_id GROUP BY item_id)
    SELECT item.item_id
      FROM scored CROSS JOIN item ON item.item_id = scored.item_id {watch_join}
     WHERE item.library_id = :library_id AND item.kind = :kind AND {visible}
       AND item.missing_since_at IS NULL {untouched}
     ORDER BY scored.points + 0.3 * coalesce(item.rating, 0) / 10 DESC, item.item_id
     LIMIT :limit
"""
REDISCOVER = """
    SELECT item.item_id
      FROM watch_state AS watch
     CROSS JOIN item ON item.identity_key = watch.identity_key AND item.library_id = :library_id AND item.kind = :kind
     WHERE watch.user_id = :actor_id AND watch.is_watched = 1 AND watch.last_viewed_at < :long_ago AND {visible}
       AND item.missing_since_at IS NULL
     ORDER BY (SELECT count(*) FROM item_label AS mine JOIN item_label AS other
                   ON other.kind = 'genre' AND other.value_key = mine.value_key AND other.item_id IN
                      (SELECT value FROM json_each(:liked))
                WHERE mine.item_id = item.item_id AND mine.kind = 'genre') DESC,
              item.rating DESC, item.item_id
     LIMIT :limit
"""
HUBS = {
    "new": NEW_UNWATCHED,
    "topRated": TOP_RATED,
    "random": RANDOM_PICK,
    "because": BECAUSE,
    "rediscover": REDISCOVER,
}


def filled(sql: str, visible: Visible, watch: WatchSql) -> str:
    """A statement with its fragments in place."""
    fragments = {"watch_join": watch.join, "is_watched": watch.is_watched}
    return sql.format(visible=visible.sql, untouched=UNTOUCHED.format(**fragments), **fragments)


async def chosen(read: Reader, visible: Visible, watch: WatchSql, hub: str, args: Mapping[str, object]) -> list[int]:
    """Ids for one hub of `HUBS`, best first."""
    rows = await read(filled(HUBS[hub], visible, watch), {**visible.args, **args})
    return [row["item_id"] for row in rows]


async def watched_last(read: Reader, visible: Visible, args: Mapping[str, object]) -> list[sqlite3.Row]:
    """What the member watched last in a library, the newest first."""
    return await read(WATCHED_LAST.format(visible=visible.sql), {**visible.args, **args})
