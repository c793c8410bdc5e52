"""The statements of the search index; what is written into it and what is asked of it is decided in `search.py`."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from homemedia.core.db import Reader, as_json
from homemedia.library.visible import Visible

LAST = "\U0010ffff"  # stands behind every word

TEXTS = """
    SELECT item.item_id, item.title, item.original_title, item.collection, item.kind,
           (SELECT group_concat(performer.name, char(10))
              FROM credit JOIN performer ON performer.performer_id = credit.performer_id
             WHERE credit.item_id = item.item_id) AS people
      FROM json_each(:ids) AS wanted
      JOIN item ON item.item_id = wanted.value
     WHERE item.kind NOT IN ('extra', 'season')
"""
FORGET_WORDS = "DELETE FROM item_search WHERE rowid IN (SELECT value FROM json_each(:ids))"
FORGET_TITLES = "DELETE FROM search_title WHERE item_id IN (SELECT value FROM json_each(:ids))"
ADD_WORDS = """
    INSERT INTO item_search (rowid, title, other_titles, people) VALUES (:item_id, :title, :other_titles, :people)
"""
ADD_TITLE = "INSERT OR IGNORE INTO search_title (key, item_id) VALUES (:key, :item_id)"
NEW_WORDS = """
    INSERT INTO search_word (word) SELECT value FROM json_each(:words) WHERE true
    ON CONFLICT (word) DO NOTHING
    RETURNING word_id, word
"""
ADD_GRAM = "INSERT OR IGNORE INTO search_gram (gram, letters, word_id) VALUES (:gram, :letters, :word_id)"

# Each wish is [number of the query's word, gram, fewest letters, most letters, how many grams must agree].
NEIGHBOURS = """
    WITH wish (number, gram, fewest, most, needed) AS MATERIALIZED (
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(:wishes)
    )
    SELECT near.number, search_word.word
      FROM (SELECT wish.number, search_gram.word_id, count(*) AS many
              FROM wish
             CROSS JOIN search_gram ON search_gram.gram = wish.gram
                                   AND search_gram.letters BETWEEN wish.fewest AND wish.most
             GROUP BY wish.number, search_gram.word_id
            HAVING many >= wish.needed
             ORDER BY many DESC
             LIMIT :limit) AS near
     CROSS JOIN search_word ON search_word.word_id = near.word_id
"""

# Each wish is [number, word, 1 when a longer word that begins so will do].
KNOWN = """
    SELECT DISTINCT wish.value ->> 0 AS number, wish.value ->> 1 AS word
      FROM json_each(:wishes) AS wish
     CROSS JOIN search_word
             ON search_word.word >= wish.value ->> 1
            AND search_word.word < (wish.value ->> 1) || CASE wish.value ->> 2 WHEN 1 THEN :last ELSE ' ' END
"""

# Every way to match is followed no further than :enough, and not at all when a better one found plenty, so that one
# letter typed costs no more than a whole title.
_UNLESS = "LIMIT CASE WHEN {found} < :plenty THEN :enough ELSE 0 END"
_FOUND_WHOLE = "(SELECT count(*) FROM whole)"
_FOUND_BEGUN = f"max({_FOUND_WHOLE}, (SELECT count(*) FROM begun))"  # noqa: S608 - our own
_FOUND_ANYWHERE = f"max({_FOUND_BEGUN}, (SELECT count(*) FROM anywhere))"  # noqa: S608 - our own
HITS = f"""
    WITH led (item_id) AS MATERIALIZED (
        SELECT item_id FROM search_title WHERE key > :key AND key < :key_end LIMIT :enough
    ),
    whole (item_id) AS MATERIALIZED (
        SELECT rowid FROM item_search WHERE item_search MATCH :whole
         {_UNLESS.format(found="(SELECT count(*) FROM led)")}
    ),
    begun (item_id) AS MATERIALIZED (
        SELECT rowid FROM item_search WHERE item_search MATCH :begun {_UNLESS.format(found=_FOUND_WHOLE)}
    ),
    anywhere (item_id) AS MATERIALIZED (
        SELECT rowid FROM item_search WHERE item_search MATCH :anywhere {_UNLESS.format(found=_FOUND_BEGUN)}
    ),
    nearly (item_id) AS MATERIALIZED (
        SELECT rowid FROM item_search WHERE item_search MATCH :nearly {_UNLESS.format(found=_FOUND_ANYWHERE)}
    ),
    hit (item_id, score) AS (
        SELECT item_id, 100 FROM search_title WHERE key IN (:key, :bare_key)
         UNION ALL
        SELECT item_id, 80 FROM led
         UNION ALL
        SELECT item_id, 60 FROM whole
         UNION ALL
        SELECT item_id, 40 FROM begun
         UNION ALL
        SELECT item_id, 20 FROM anywhere
         UNION ALL
        SELECT item_id, 10 FROM nearly
    ),
    best (item_id, score) AS (SELECT item_id, max(score) FROM hit GROUP BY item_id)
    SELECT item.item_id, best.score, count(*) OVER () AS total
      FROM best CROSS JOIN item ON item.item_id = best.item_id
     WHERE {{visible}}
       AND (:year IS NULL OR item.year = :year)
       AND (:kind IS NULL OR item.kind = :kind)
       AND (:library_id IS NULL OR item.library_id = :library_id)
     ORDER BY best.score DESC, item.kind IN ('episode', 'track'), item.rating DESC, item.sort_title, item.item_id
     LIMIT :limit
"""  # noqa: S608 - put together from our own constants


class Texts(msgspec.Struct, frozen=True):
    """What is known of one item in words."""

    item_id: int
    title: str
    original_title: str | None
    collection: str | None
    people: tuple[str, ...]


class Document(msgspec.Struct, frozen=True):
    """What the index keeps of one item: normalised words with blanks between, whole titles, words worth a neighbour."""

    item_id: int
    title: str
    other_titles: str
    people: str
    keys: tuple[str, ...]
    vocabulary: frozenset[str]


def load_texts(connection: sqlite3.Connection, ids: str) -> list[Texts]:
    """The items of a JSON list of ids that are to be found at all."""
    return [
        Texts(
            row["item_id"],
            row["title"],
            row["original_title"],
            row["collection"],
            tuple((row["people"] or "").split("\n")) if row["people"] else (),
        )
        for row in connection.execute(TEXTS, {"ids": ids})
    ]


def forget(connection: sqlite3.Connection, ids: str) -> None:
    connection.execute(FORGET_WORDS, {"ids": ids})
    connection.execute(FORGET_TITLES, {"ids": ids})


def add(connection: sqlite3.Connection, documents: Sequence[Document], grams_of: Mapping[str, Iterable[str]]) -> None:
    """Write documents; `grams_of` holds every word of their vocabulary."""
    connection.executemany(
        ADD_WORDS,
        (
            {"item_id": one.item_id, "title": one.title, "other_titles": one.other_titles, "people": one.people}
            for one in documents
        ),
    )
    connection.executemany(ADD_TITLE, ({"key": key, "item_id": one.item_id} for one in documents for key in one.keys))
    words = as_json(sorted(grams_of))
    fresh = connection.execute(NEW_WORDS, {"words": words}).fetchall()
    connection.executemany(
        ADD_GRAM,
        (
            {"gram": gram, "letters": len(row["word"]), "word_id": row["word_id"]}
            for row in fresh
            for gram in grams_of[row["word"]]
        ),
    )


async def neighbours(
    read: Reader, wishes: Sequence[tuple[int, str, int, int, int]], limit: int
) -> list[tuple[int, str]]:
    """Words that share enough grams with a query's words, as (number, word), the closest first."""
    rows = await read(NEIGHBOURS, {"wishes": msgspec.json.encode(wishes).decode(), "limit": limit})
    return [(row["number"], row["word"]) for row in rows]


async def known(read: Reader, wishes: Sequence[tuple[int, str, int]]) -> list[tuple[int, str]]:
    """Those of the given words that the index holds, as (number, word)."""
    rows = await read(KNOWN, {"wishes": msgspec.json.encode(wishes).decode(), "last": LAST})
    return [(row["number"], row["word"]) for row in rows]


async def hits(read: Reader, visible: Visible, args: Mapping[str, object]) -> list[tuple[int, int, int]]:
    """Best first: (item id, score, how many there are in all)."""
    rows = await read(HITS.format(visible=visible.sql), {**visible.args, **args})
    return [(row["item_id"], row["score"], row["total"]) for row in rows]
