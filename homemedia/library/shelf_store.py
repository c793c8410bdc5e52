"""The statements behind collections, people, and what a library can be narrowed by."""

import sqlite3

from homemedia.core.db import Reader
from homemedia.library.browse_store import LINES
from homemedia.library.visible import Visible

# Rows of (facet, key, name, many): each genre, label, collection, age rating, year and height of pictures once.
FACETS = f"""
    SELECT item_label.kind AS facet, item_label.value_key AS key, min(item_label.value) AS name, count(*) AS many
      FROM item CROSS JOIN item_label ON item_label.item_id = item.item_id
     WHERE item.library_id = :library_id AND item.kind = :kind AND {{visible}}
     GROUP BY item_label.kind, item_label.value_key
     UNION ALL
    SELECT 'contentRating', lower(item.content_rating), min(item.content_rating), count(*) FROM item
     WHERE item.library_id = :library_id AND item.kind = :kind AND item.content_rating <> '' AND {{visible}}
     GROUP BY lower(item.content_rating)
     UNION ALL
    SELECT 'year', item.year, '', count(*) FROM item
     WHERE item.library_id = :library_id AND item.kind = :kind AND item.year IS NOT NULL AND {{visible}}
     GROUP BY item.year
     UNION ALL
    SELECT 'lines', of_item.step, '', count(*)
      FROM (SELECT DISTINCT item.item_id,
                   CASE WHEN {LINES} >= 2000 THEN '4k' WHEN {LINES} >= 1000 THEN '1080' WHEN {LINES} >= 700 THEN '720'
                        ELSE 'sd' END AS step
              FROM item CROSS JOIN item_file ON item_file.item_id = item.item_id
             CROSS JOIN file ON file.file_id = item_file.file_id
             WHERE item.library_id = :library_id AND item.kind = :kind AND file.missing_since_at IS NULL
               AND {LINES} > 0 AND {{visible}}) AS of_item
     GROUP BY of_item.step
"""  # noqa: S608 - put together from our own constants
# Of each collection the four with the best picture for its card, the oldest first; all of them say how many there are.
COLLECTIONS = """
    SELECT key, name, rating_key, thumb_tag, art_tag, many, first_year, last_year
      FROM (SELECT item_label.value_key AS key, item_label.value AS name, item.rating_key, item.thumb_tag, item.art_tag,
                   count(*) OVER whole AS many, min(item.year) OVER whole AS first_year,
                   max(item.year) OVER whole AS last_year,
                   row_number() OVER (PARTITION BY item_label.value_key
                                      ORDER BY item.thumb_tag IS NULL, item.year IS NULL, item.year, item.sort_title,
                                               item.item_id) AS place
              FROM item_label CROSS JOIN item ON item.item_id = item_label.item_id
             WHERE item_label.kind = 'collection' AND item.kind IN ('movie', 'show', 'video')
               AND (:library_id IS NULL OR item.library_id = :library_id) AND {visible}
            WINDOW whole AS (PARTITION BY item_label.value_key))
     WHERE place <= 4
     ORDER BY key, place
"""
# In the order they came out; what has no date stands behind the year it has.
IN_COLLECTION = """
    SELECT item.item_id, item_label.value AS name
      FROM item_label CROSS JOIN item ON item.item_id = item_label.item_id
     WHERE item_label.kind = 'collection' AND item_label.value_key = :key AND item.kind IN ('movie', 'show', 'video')
       AND (:library_id IS NULL OR item.library_id = :library_id) AND {visible}
     ORDER BY coalesce(item.release_date, item.year || '-99', '9999'), item.sort_title, item.item_id
     LIMIT :limit
"""
PERSON = """
    SELECT performer.performer_id, performer.name, performer.image IS NOT NULL AS has_image
      FROM performer WHERE performer.performer_id = :performer_id
"""
# A guest of one episode is shown with the show, who sings one track with the album.
CREDITED = """
    SELECT CASE item.kind WHEN 'episode' THEN parent.parent_id WHEN 'season' THEN item.parent_id
                          WHEN 'track' THEN item.parent_id ELSE item.item_id END AS item_id,
           credit.job, credit.role, count(*) AS many
      FROM credit CROSS JOIN item ON item.item_id = credit.item_id
      LEFT JOIN item AS parent ON parent.item_id = item.parent_id
     WHERE credit.performer_id = :performer_id AND item.kind NOT IN ('artist', 'extra') AND {visible}
     GROUP BY 1, credit.job, credit.role
     ORDER BY 1, credit.job <> 'actor', many DESC, credit.role
"""


async def facets(read: Reader, visible: Visible, library_id: str, kind: str) -> list[sqlite3.Row]:
    args = {**visible.args, "library_id": library_id, "kind": kind}
    return await read(FACETS.format(visible=visible.sql), args)


async def collections(read: Reader, visible: Visible, library_id: str | None) -> list[sqlite3.Row]:
    """Up to four rows of each collection, side by side."""
    return await read(COLLECTIONS.format(visible=visible.sql), {**visible.args, "library_id": library_id})


async def in_collection(
    read: Reader, visible: Visible, key: str, library_id: str | None, limit: int
) -> list[sqlite3.Row]:
    args = {**visible.args, "key": key, "library_id": library_id, "limit": limit}
    return await read(IN_COLLECTION.format(visible=visible.sql), args)


async def person(read: Reader, performer_id: int) -> sqlite3.Row | None:
    rows = await read(PERSON, {"performer_id": performer_id})
    return rows[0] if rows else None


async def credited(read: Reader, visible: Visible, performer_id: int) -> list[sqlite3.Row]:
    """What somebody took part in, as what: a row for each item, job and role."""
    return await read(CREDITED.format(visible=visible.sql), {**visible.args, "performer_id": performer_id})
