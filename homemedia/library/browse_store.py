"""The statements behind every list of items and every item's page.

`{card}` and `{card_joins}` are the columns and joins of a card, with the watch fragments in them (`CardSql`); the other
placeholders are a `Visible`, an order of `ORDERS` and filters of `FILTERS`. Values are always bound.

What goes down from a show is told its index: statistics taken while a house held films alone say that 10,000 items
share a parent (none), and SQLite would then walk the whole table for every season (measured: 214 ms instead of 7).
"""

import sqlite3
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec

from homemedia.core.db import Reader, as_json
from homemedia.library.visible import KEPT_LIBRARY_SQL, Visible
from homemedia.library.watched import WatchSql

# The order of these columns is the order in which `browse_wire.card_fields` takes them.
CARD_COLUMNS = """
    item.item_id, item.rating_key, item.kind, item.title, item.year, item.summary, item.thumb_tag, item.art_tag,
    item.thumb_kind, item.thumb_tone, item.thumb_point, item.added_at, item.original_title, item.sort_title,
    item.rating, item.content_rating, item.duration_ms,
    (SELECT group_concat(genre.value, char(31))
       FROM (SELECT value FROM item_label
              WHERE item_label.item_id = item.item_id AND item_label.kind = 'genre' ORDER BY position) AS genre)
        AS genres,
    item.release_date, item.library_id,
    {is_watched} AS is_watched, {offset_ms} AS offset_ms, {view_count} AS view_count,
    {last_viewed_at} AS last_viewed_at, {is_listed} AS is_listed, item.is_matched,
    CASE WHEN item.kind IN ('show', 'season', 'artist', 'album') THEN item.missing_since_at IS NULL ELSE
        (SELECT max(CASE WHEN file.missing_since_at IS NOT NULL THEN -2 WHEN file.probe_error IS NOT NULL THEN -1
                         ELSE 1 + coalesce(max(file.height, file.width * 9 / 16), 0) END)
           FROM item_file JOIN file ON file.file_id = item_file.file_id
          WHERE item_file.item_id = item.item_id)
        * (SELECT library.is_available FROM library WHERE library.library_id = item.library_id) END AS lines,
    item.number, item.number_end, item.parent_number, item.air_date, item.is_absolute, item.status,
    parent.rating_key AS parent_key, parent.title AS parent_title, parent.thumb_tag AS parent_thumb_tag,
    top.rating_key AS top_key, top.title AS top_title, top.thumb_tag AS top_thumb_tag
"""
CARD_JOINS = """
    LEFT JOIN item AS parent ON parent.item_id = item.parent_id
    LEFT JOIN item AS top ON top.item_id = parent.parent_id
    {watch_join}
"""

# Outer columns of the page come in the order of the inner rows: SQLite walks the inner result as the outer loop.
PAGE = """
    SELECT {card}
      FROM (SELECT item.item_id FROM item {filter_joins}
             WHERE item.library_id = :library_id AND item.kind = :kind AND {visible} {filters}
             ORDER BY {order}
             LIMIT :limit OFFSET :offset) AS page
     CROSS JOIN item ON item.item_id = page.item_id
    {card_joins}
"""
LETTERS = """
    SELECT item.letter, count(*) AS many FROM item
     WHERE item.library_id = :library_id AND item.kind = :kind AND {visible} {filters}
     GROUP BY item.letter
"""
# Those of them that the member has watched: far fewer than all, and they change without the library.
LETTERS_WATCHED = """
    SELECT item.letter, count(*) AS many, sum(item.sort_title >= '{{' AND item.letter = '#') AS behind
      FROM {watched_items}
     WHERE item.library_id = :library_id AND item.kind = :kind AND {visible} {filters}
     GROUP BY item.letter
"""
# Digits and signs stand before A, other alphabets behind Z.
BEHIND_LETTERS = """
    SELECT count(*) AS many FROM item
     WHERE item.library_id = :library_id AND item.kind = :kind AND item.sort_title >= '{{' AND item.letter = '#'
       AND {visible} {filters}
"""
CARDS = """
    SELECT {card}
      FROM json_each(:ids) AS wanted
     CROSS JOIN item ON item.item_id = wanted.value
    {card_joins}
     WHERE {visible}
"""
ITEM = """
    SELECT {card}, item.tagline, item.studio, item.collection, item.tmdb_id, item.imdb_id, item.tvdb_id, item.parent_id,
           parent.parent_id AS top_id
      FROM item
    {card_joins}
     WHERE item.rating_key = :key AND {visible}
"""
CHILDREN = """
    SELECT {card}
      FROM item INDEXED BY item_parent
    {card_joins}
     WHERE item.parent_id = :parent_id AND item.kind = :kind AND {visible}
     ORDER BY item.kind = 'season' AND item.number = 0, item.parent_number, item.number IS NULL, item.number,
              item.air_date, item.sort_title, item.item_id
"""
EPISODES = """
    SELECT {card}
      FROM item AS season INDEXED BY item_parent
     CROSS JOIN item INDEXED BY item_parent ON item.parent_id = season.item_id AND item.kind = 'episode'
    {card_joins}
     WHERE season.parent_id = :show_id AND season.kind = 'season' AND {visible}
     ORDER BY item.parent_number = 0, item.parent_number, item.number IS NULL, item.number, item.air_date,
              item.sort_title, item.item_id
"""
SEEN = """
    SELECT item.item_id, item.rating_key, item.parent_number, {is_watched} AS is_watched, {is_started} AS is_started,
           {is_hidden} AS is_hidden, {last_viewed_at} AS last_viewed_at, item.added_at, item.number,
           item.shown_season, item.shown_number,
           EXISTS (SELECT 1 FROM item_file JOIN file ON file.file_id = item_file.file_id
                    WHERE item_file.item_id = item.item_id AND file.missing_since_at IS NULL
                      AND file.probe_error IS NULL) AS is_available,
           season.parent_id AS show_id
      FROM json_each(:shows) AS wanted
     CROSS JOIN item AS season INDEXED BY item_parent ON season.parent_id = wanted.value AND season.kind = 'season'
     CROSS JOIN item INDEXED BY item_parent ON item.parent_id = season.item_id AND item.kind = 'episode'
      {watch_join}
     WHERE {visible}
     ORDER BY season.parent_id, item.parent_number = 0, item.parent_number, item.number IS NULL, item.number,
              item.air_date, item.sort_title, item.item_id
"""
COUNTS_OF_SHOWS = """
    SELECT season.parent_id AS item_id, count(DISTINCT season.item_id) AS seasons, count(*) AS episodes,
           sum(NOT {is_watched}) AS unwatched, max({last_viewed_at}) AS last_viewed_at
      FROM json_each(:ids) AS wanted
     CROSS JOIN item AS season INDEXED BY item_parent ON season.parent_id = wanted.value AND season.kind = 'season'
     CROSS JOIN item INDEXED BY item_parent ON item.parent_id = season.item_id AND item.kind = 'episode'
      {watch_join}
     WHERE {visible}
     GROUP BY season.parent_id
"""
COUNTS_OF_SEASONS = """
    SELECT item.parent_id AS item_id, 1 AS seasons, count(*) AS episodes, sum(NOT {is_watched}) AS unwatched,
           max({last_viewed_at}) AS last_viewed_at
      FROM json_each(:ids) AS wanted
     CROSS JOIN item INDEXED BY item_parent ON item.parent_id = wanted.value AND item.kind = 'episode'
      {watch_join}
     WHERE {visible}
     GROUP BY item.parent_id
"""
EXTRAS = """
    SELECT item.rating_key, item.extra_kind, item.title, item.duration_ms, item.thumb_tag,
           (SELECT min(item_file.file_id) FROM item_file WHERE item_file.item_id = item.item_id) AS file_id
      FROM item INDEXED BY item_parent
     WHERE item.parent_id = :parent_id AND item.kind = 'extra' AND {visible}
     ORDER BY item.extra_kind <> 'trailer', item.sort_title, item.item_id
"""
CREDITS = """
    SELECT credit.item_id, credit.job, credit.role, credit.position, performer.performer_id, performer.name,
           performer.image IS NOT NULL AS has_image
      FROM json_each(:ids) AS wanted
     CROSS JOIN credit ON credit.item_id = wanted.value
      JOIN performer ON performer.performer_id = credit.performer_id
     ORDER BY wanted.key, credit.job <> 'actor', credit.position, performer.name
"""
LABELS = "SELECT value FROM item_label WHERE item_id = :item_id AND kind = 'label' ORDER BY position, value_key"

LIBRARIES = """
    SELECT library.library_id, library.kind, library.name, library.language, library.options, library.is_available,
           library.created_at, library.last_scan_at,
           (SELECT count(*) FROM item
             WHERE item.library_id = library.library_id
               AND item.kind = CASE library.kind WHEN 'music' THEN 'artist' ELSE library.kind END
               AND {visible}) AS item_count,
           coalesce(
               (SELECT item.item_id FROM item
                 WHERE item.library_id = library.library_id AND item.art_tag IS NOT NULL AND {visible}
                   AND item.item_id >= :pivot ORDER BY item.item_id LIMIT 1),
               (SELECT item.item_id FROM item
                 WHERE item.library_id = library.library_id AND item.art_tag IS NOT NULL AND {visible}
                 ORDER BY item.item_id DESC LIMIT 1)) AS art_id,
           (SELECT group_concat(path, char(31)) FROM (SELECT path FROM root
             WHERE root.library_id = library.library_id ORDER BY root.position, root.root_id)) AS paths,
           (SELECT group_concat(root.path || char(30) || coalesce(root.watching_why, ''), char(31)) FROM root
             WHERE root.library_id = library.library_id AND root.watching = 'polling') AS polled
      FROM library
     WHERE {library_visible}
     ORDER BY library.position, library.created_at, library.library_id
"""
ART_OF = "SELECT item_id, rating_key, art_tag FROM item WHERE item_id IN (SELECT value FROM json_each(:ids))"
LAST_ITEM = "SELECT max(item_id) AS last FROM item"
LIBRARY_NAMES = """
    SELECT library.library_id, library.kind, library.name FROM library
     WHERE {library_visible} ORDER BY library.position, library.created_at, library.library_id
"""
LIBRARY = """
    SELECT library.library_id, library.kind, library.name FROM library
     WHERE library.library_id = :library_id AND {library_visible}
"""
# Of each library its newest things, one by one; an episode with its season and show. New music comes in albums.
NEWEST = """
    SELECT item.item_id, item.library_id, item.kind, item.added_at, item.parent_id AS season_id,
           season.parent_id AS show_id
      FROM library
     CROSS JOIN item ON item.item_id IN (
            SELECT item.item_id FROM item
             WHERE item.library_id = library.library_id
               AND item.kind =
                   CASE library.kind WHEN 'show' THEN 'episode' WHEN 'music' THEN :music_kind ELSE library.kind END
               AND {visible}
             ORDER BY item.added_at DESC, item.item_id DESC
             LIMIT :limit)
      LEFT JOIN item AS season ON season.item_id = item.parent_id
     WHERE (:library_id IS NULL OR library.library_id = :library_id) AND {library_visible}
"""
GENRES = """
    SELECT item_label.value_key, min(item_label.value) AS name, item.kind, count(*) AS many
      FROM item_label CROSS JOIN item ON item.item_id = item_label.item_id
     WHERE item_label.kind = 'genre' AND item.kind IN ('movie', 'show', 'video', 'album') AND {visible}
       AND (:library_id IS NULL OR item.library_id = :library_id)
     GROUP BY item_label.value_key, item.kind
"""
# Without a key: something the member does not see, or not any more.
CHANGED = """
    SELECT iif({visible}, item.rating_key, NULL) AS rating_key, item.stamp FROM item
     WHERE item.library_id = :library_id AND item.stamp > :since
     ORDER BY item.stamp LIMIT :limit
"""
CURSOR = "SELECT last_stamp FROM change_clock"

# The episodes of the show in the row outside: the inner `item` is the episode, as the watch fragments want it.
_EPISODES_OF_ROW = """
      FROM (SELECT item.item_id AS show_id) AS this
     CROSS JOIN item AS season INDEXED BY item_parent ON season.parent_id = this.show_id AND season.kind = 'season'
     CROSS JOIN item INDEXED BY item_parent ON item.parent_id = season.item_id AND item.kind = 'episode' {watch_join}"""
_NULLS_LAST = "{column} {order} NULLS LAST, item.item_id {order}"


def _by(column: str) -> MappingProxyType[str, str]:
    return MappingProxyType({order: _NULLS_LAST.format(column=column, order=order) for order in ("asc", "desc")})


# The seed changes with the day and the member; the factor is prime, so no two items of a library share a number.
_SHUFFLED = "(item.item_id * 2654435761 + :seed) % 4294967291 {order}"
ORDERS = MappingProxyType(
    {
        "title": MappingProxyType(
            {order: f"item.sort_title {order}, item.item_id {order}" for order in ("asc", "desc")}
        ),
        "added": MappingProxyType({order: f"item.added_at {order}, item.item_id {order}" for order in ("asc", "desc")}),
        "year": _by("item.year"),
        "rating": _by("item.rating"),
        "released": _by("item.release_date"),
        "duration": _by("item.duration_ms"),
        "watched": _by("{last_viewed_at}"),
        "watched_show": _by(f"(SELECT max({{last_viewed_at}}) {_EPISODES_OF_ROW})"),
        "random": MappingProxyType({order: _SHUFFLED.format(order=order) for order in ("asc", "desc")}),
    }
)
# How many lines a picture has, as `media.video_resolution` counts them; NULL when nobody knows.
LINES = "max(max(file.width, file.height) * 9 / 16, min(file.width, file.height))"
# What people choose by, each from so many lines to below so many.
RESOLUTIONS = MappingProxyType({"4k": (2000, 1 << 30), "1080": (1000, 2000), "720": (700, 1000), "sd": (0, 700)})
HAS_LINES = f"""AND EXISTS (
    SELECT 1 FROM item_file JOIN file ON file.file_id = item_file.file_id
     WHERE item_file.item_id = item.item_id AND file.missing_since_at IS NULL
       AND {LINES} >= :least_lines AND {LINES} < :below_lines)"""  # noqa: S608 - put together from our own constants
FILTERS = MappingProxyType(
    {
        "genre": """AND item.item_id IN (SELECT item_id FROM item_label
             WHERE kind = 'genre' AND value_key IN (SELECT value FROM json_each(:genre)))""",
        "label": "AND item.item_id IN (SELECT item_id FROM item_label WHERE kind = 'label' AND value_key = :label)",
        "collection": """AND item.item_id IN (SELECT item_id FROM item_label
             WHERE kind = 'collection' AND value_key = :collection)""",
        "resolution": HAS_LINES,
        "year": "AND item.year BETWEEN :first_year AND :last_year",
        "content_rating": "AND item.content_rating = :content_rating COLLATE NOCASE",
        "letter": "AND item.letter = :letter",
        "found": "AND item.item_id IN (SELECT value FROM json_each(:found))",
        "unwatched": "AND NOT {is_watched}",
        "unwatched_show": f"AND EXISTS (SELECT 1 {_EPISODES_OF_ROW} WHERE NOT {{is_watched}})",
    }
)


class CardSql(msgspec.Struct, frozen=True):
    """The watch fragments set into the statements above; made once."""

    watch: WatchSql

    def fill(self, sql: str, visible: Visible, **more: str) -> str:
        """A statement with all its fragments in place."""
        watch = {
            "watch_join": self.watch.join,
            "is_watched": self.watch.is_watched,
            "is_started": self.watch.is_started,
            "is_hidden": self.watch.is_hidden,
            "offset_ms": self.watch.offset_ms,
            "view_count": self.watch.view_count,
            "last_viewed_at": self.watch.last_viewed_at,
            "is_listed": self.watch.is_listed,
            "watched_items": self.watch.watched_items,
        }
        return sql.format(
            card=CARD_COLUMNS.format(**watch),
            card_joins=CARD_JOINS.format(**watch),
            visible=visible.sql,
            library_visible=visible.library_sql,
            **watch,
            **{name: text.format(**watch) for name, text in more.items()},
        )


class BrowseStore:
    """The statements with their fragments, for one kind of watch state."""

    def __init__(self, watch: WatchSql) -> None:
        self._sql = CardSql(watch)
        self._filled: dict[tuple[str, str, str], str] = {}

    def _fill(self, name: str, sql: str, visible: Visible, **more: str) -> str:
        """As `CardSql.fill`; the same statement is put together once."""
        key = (name, visible.sql, "\n".join(more.values()))
        known = self._filled.get(key)
        if known is None:
            known = self._filled[key] = self._sql.fill(sql, visible, **more)
        return known

    async def page(self, read: Reader, visible: Visible, query: "PageQuery") -> list[sqlite3.Row]:
        filters = f"{query.filters} {FILTERS['unwatched']}" if query.is_unwatched else query.filters
        sql = self._fill("page", PAGE, visible, order=query.order, filters=filters, filter_joins=query.joins)
        return await read(sql, {**visible.args, **query.args})

    async def letters(self, read: Reader, visible: Visible, query: "PageQuery") -> dict[str, int]:
        sql = self._fill("letters", LETTERS, visible, filters=query.filters)
        return {row["letter"]: row["many"] for row in await read(sql, {**visible.args, **query.args})}

    async def letters_watched(self, read: Reader, visible: Visible, query: "PageQuery") -> dict[str, tuple[int, int]]:
        """As `letters`, of what the member has watched; with how many of them stand behind Z."""
        sql = self._fill("letters watched", LETTERS_WATCHED, visible, filters=query.filters)
        rows = await read(sql, {**visible.args, **query.args})
        return {row["letter"]: (row["many"], row["behind"]) for row in rows}

    async def behind_letters(self, read: Reader, visible: Visible, query: "PageQuery") -> int:
        sql = self._fill("behind", BEHIND_LETTERS, visible, filters=query.filters)
        return int((await read(sql, {**visible.args, **query.args}))[0]["many"])

    async def cards(self, read: Reader, visible: Visible, actor_id: str, ids: Sequence[int]) -> list[sqlite3.Row]:
        """Cards of these items in this order; those not visible are left out."""
        sql = self._fill("cards", CARDS, visible)
        return await read(sql, {**visible.args, "actor_id": actor_id, "ids": as_json(ids)})

    async def item(self, read: Reader, visible: Visible, actor_id: str, key: str) -> sqlite3.Row | None:
        rows = await read(self._fill("item", ITEM, visible), {**visible.args, "actor_id": actor_id, "key": key})
        return rows[0] if rows else None

    async def children(
        self, read: Reader, visible: Visible, actor_id: str, parent_id: int, kind: str
    ) -> list[sqlite3.Row]:
        args = {**visible.args, "actor_id": actor_id, "parent_id": parent_id, "kind": kind}
        return await read(self._fill("children", CHILDREN, visible), args)

    async def episodes(self, read: Reader, visible: Visible, actor_id: str, show_id: int) -> list[sqlite3.Row]:
        args = {**visible.args, "actor_id": actor_id, "show_id": show_id}
        return await read(self._fill("episodes", EPISODES, visible), args)

    async def seen(self, read: Reader, visible: Visible, actor_id: str, shows: Sequence[int]) -> list[sqlite3.Row]:
        """All episodes of some shows in order, with what the member has seen of each."""
        args = {**visible.args, "actor_id": actor_id, "shows": as_json(shows)}
        return await read(self._fill("seen", SEEN, visible), args)

    async def counts(
        self, read: Reader, visible: Visible, actor_id: str, *, shows: Sequence[int], seasons: Sequence[int]
    ) -> list[sqlite3.Row]:
        """How much lies below shows and seasons; one statement for each kind that is asked for."""
        rows: list[sqlite3.Row] = []
        for name, sql, ids in (
            ("shows", COUNTS_OF_SHOWS, shows),
            ("seasons", COUNTS_OF_SEASONS, seasons),
        ):
            if ids:
                args = {**visible.args, "actor_id": actor_id, "ids": as_json(ids)}
                rows += await read(self._fill(name, sql, visible), args)
        return rows

    async def music(
        self, read: Reader, visible: Visible, actor_id: str, sql: str, args: Mapping[str, object]
    ) -> list[sqlite3.Row]:
        """Cards by one of the statements of `music_store`."""
        return await read(self._fill(sql, sql, visible), {**visible.args, "actor_id": actor_id, **args})

    async def extras(self, read: Reader, visible: Visible, parent_id: int) -> list[sqlite3.Row]:
        return await read(EXTRAS.format(visible=visible.sql), {**visible.args, "parent_id": parent_id})

    async def libraries(self, read: Reader, visible: Visible, pivot: int, *, is_admin: bool) -> list[sqlite3.Row]:
        sql = LIBRARIES.format(
            visible=visible.sql, library_visible=KEPT_LIBRARY_SQL if is_admin else visible.library_sql
        )
        return await read(sql, {**visible.args, "pivot": pivot})

    async def library(self, read: Reader, visible: Visible, library_id: str) -> sqlite3.Row | None:
        sql = LIBRARY.format(library_visible=visible.library_sql)
        rows = await read(sql, {**visible.args, "library_id": library_id})
        return rows[0] if rows else None

    async def library_names(self, read: Reader, visible: Visible) -> list[sqlite3.Row]:
        return await read(LIBRARY_NAMES.format(library_visible=visible.library_sql), visible.args)

    async def newest(
        self, read: Reader, visible: Visible, library_id: str | None, limit: int, music_kind: str = "album"
    ) -> list[sqlite3.Row]:
        """The newest `limit` of one library or of each, in no order; of music albums unless told otherwise."""
        sql = NEWEST.format(visible=visible.sql, library_visible=visible.library_sql)
        args = {"library_id": library_id, "limit": limit, "music_kind": music_kind}
        return await read(sql, {**visible.args, **args})

    async def genres(self, read: Reader, visible: Visible, library_id: str | None) -> list[sqlite3.Row]:
        return await read(GENRES.format(visible=visible.sql), {**visible.args, "library_id": library_id})


class PageQuery(msgspec.Struct, frozen=True):
    """A page as the statements take it: an order of `ORDERS`, filters of `FILTERS`, and what they bind.

    Attributes:
        is_unwatched: leaves out what the member has watched, beside the filters.
    """

    order: str
    filters: str
    joins: str
    args: Mapping[str, object]
    is_unwatched: bool = False


async def credits_of(read: Reader, ids: Sequence[int]) -> list[sqlite3.Row]:
    """Cast and crew of these items, those of the first item first."""
    return await read(CREDITS, {"ids": as_json(ids)})


async def labels_of(read: Reader, item_id: int) -> list[str]:
    return [row["value"] for row in await read(LABELS, {"item_id": item_id})]


async def art_of(read: Reader, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Rating key and art tag of items by id."""
    rows = await read(ART_OF, {"ids": as_json(ids)})
    return {row["item_id"]: (row["rating_key"], row["art_tag"]) for row in rows}


async def last_item(read: Reader) -> int:
    return int((await read(LAST_ITEM, {}))[0]["last"] or 0)


async def changed(read: Reader, visible: Visible, library_id: str, since: int, limit: int) -> list[sqlite3.Row]:
    args = {**visible.args, "library_id": library_id, "since": since, "limit": limit}
    return await read(CHANGED.format(visible=visible.sql), args)


async def cursor(read: Reader) -> int:
    """The newest stamp of the change clock."""
    return int((await read(CURSOR, {}))[0]["last_stamp"])
