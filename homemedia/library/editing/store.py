"""Every statement about an item as it is edited, and nothing that decides."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from homemedia.core.db import Reader, as_json
from homemedia.library.metadata.merge import COLUMNS, IDS
from homemedia.library.visible import Visible

ITEM_COLUMNS = (*COLUMNS, *IDS, "sort_title", "letter", "is_matched", "duration_ms", "parent_number", "kind")
_COLUMNS_SQL = ", ".join(f"item.{column}" for column in ITEM_COLUMNS)
_KINDS = "('movie', 'show', 'season', 'episode', 'video', 'artist', 'album', 'track')"
_ITEM = f"""
    SELECT item.item_id, item.rating_key, item.library_id, item.parent_id, library.kind AS library_kind,
           library.language, coalesce(json_extract(library.options, '$.saveNfo'), 0) AS saves_nfo, {_COLUMNS_SQL}
"""
BY_KEY = f"""
    {_ITEM}
      FROM item JOIN library ON library.library_id = item.library_id
     WHERE item.rating_key = :rating_key AND item.kind IN {_KINDS} AND {{visible}}
"""
BY_KEYS = f"""
    {_ITEM}
      FROM json_each(:rating_keys) AS wanted
     CROSS JOIN item ON item.rating_key = wanted.value
      JOIN library ON library.library_id = item.library_id
     WHERE item.kind IN {_KINDS} AND {{visible}}
     ORDER BY item.item_id
"""
BY_ID = f"""
    {_ITEM}
      FROM item JOIN library ON library.library_id = item.library_id
     WHERE item.item_id = :item_id
"""
LABELS_OF = "SELECT kind, value FROM item_label WHERE item_id = :item_id ORDER BY kind, position, value_key"
CREDITS_OF = """
    SELECT credit.job, performer.name FROM credit JOIN performer ON performer.performer_id = credit.performer_id
     WHERE credit.item_id = :item_id AND credit.job IN ('director', 'writer') ORDER BY credit.job, credit.position
"""
PATHS_OF = """
    SELECT root.path || '/' || file.path AS path
      FROM item_file JOIN file ON file.file_id = item_file.file_id JOIN root ON root.root_id = file.root_id
     WHERE item_file.item_id = :item_id ORDER BY item_file.version_index, item_file.part LIMIT 100
"""
# Of what has no files of its own: the folders of what lies below.
FOLDERS_BELOW = """
    SELECT DISTINCT root.path || CASE folder.path WHEN '' THEN '' ELSE '/' || folder.path END AS path
      FROM item AS child
      LEFT JOIN item AS leaf ON leaf.parent_id = child.item_id AND leaf.kind IN ('episode', 'track')
      JOIN item_file ON item_file.item_id = coalesce(leaf.item_id, child.item_id)
      JOIN file ON file.file_id = item_file.file_id
      JOIN folder ON folder.folder_id = file.folder_id
      JOIN root ON root.root_id = file.root_id
     WHERE child.parent_id = :item_id AND child.kind IN ('season', 'episode', 'album', 'track')
     ORDER BY path LIMIT 100
"""
FIRST_PATH = """
    SELECT file.path FROM item_file JOIN file ON file.file_id = item_file.file_id
     WHERE item_file.item_id = :item_id ORDER BY item_file.version_index, item_file.part LIMIT 1
"""
SOME_PATHS = """
    SELECT file.path FROM item_file JOIN file ON file.file_id = item_file.file_id
     WHERE item_file.item_id = :item_id ORDER BY item_file.version_index, item_file.part LIMIT 10
"""
SOME_PATHS_BELOW = """
    SELECT file.path
      FROM item AS season
      JOIN item AS episode ON episode.parent_id = season.item_id AND episode.kind = 'episode'
      JOIN item_file ON item_file.item_id = episode.item_id
      JOIN file ON file.file_id = item_file.file_id
     WHERE season.parent_id = :item_id AND season.kind = 'season' LIMIT 1
"""
MATCH_OF = "SELECT state, score FROM item_match WHERE item_id = :item_id"
PICTURES_OF = """
    SELECT artwork_id, kind, source, path, content_hash, width, height, is_broken, is_selected, is_chosen, origin
      FROM artwork WHERE item_id = :item_id ORDER BY kind, artwork_id
"""

PUT_MANUAL = """
    INSERT INTO item_field (item_id, field, source, value, is_locked) VALUES (:item_id, :field, 'manual', :value, 1)
    ON CONFLICT (item_id, field, source) DO UPDATE SET value = excluded.value, is_locked = 1
"""
DROP_MANUAL = "DELETE FROM item_field WHERE item_id = :item_id AND field = :field AND source = 'manual'"
# A person's word is the match: 0 asks TMDb for what it knows of it, null asks nothing.
MATCH_BY_HAND = """
    INSERT INTO item_match (item_id, state, tmdb_id, retry_at) VALUES (:item_id, 'manual', :tmdb_id, :retry_at)
    ON CONFLICT (item_id) DO UPDATE SET state = 'manual', tmdb_id = excluded.tmdb_id, asked = NULL, score = NULL,
        retry_at = excluded.retry_at, tries = 0, problem = NULL
"""
DROP_OTHER_LABELS = """
    DELETE FROM item_label WHERE item_id = :item_id AND kind = 'label'
       AND value_key NOT IN (SELECT value FROM json_each(:keys))
"""
PUT_LABEL = """
    INSERT INTO item_label (item_id, kind, value, value_key, position)
    VALUES (:item_id, 'label', :value, :value_key, :position)
    ON CONFLICT (item_id, kind, value_key) DO UPDATE SET value = excluded.value, position = excluded.position
     WHERE value <> excluded.value OR position <> excluded.position
"""


class EditedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item with what its library says of it; `columns` as in `ITEM_COLUMNS`."""

    item_id: int
    rating_key: str
    library_id: str
    parent_id: int | None
    library_kind: str
    language: str
    saves_nfo: bool
    columns: dict[str, Any]

    @property
    def kind(self) -> str:
        return str(self.columns["kind"])


def item_of(row: sqlite3.Row) -> EditedItem:
    return EditedItem(
        item_id=row["item_id"],
        rating_key=row["rating_key"],
        library_id=row["library_id"],
        parent_id=row["parent_id"],
        library_kind=row["library_kind"],
        language=row["language"],
        saves_nfo=bool(row["saves_nfo"]),
        columns={column: row[column] for column in ITEM_COLUMNS},
    )


async def by_key(read: Reader, visible: Visible, rating_key: str) -> EditedItem | None:
    rows = await read(BY_KEY.format(visible=visible.sql), {"rating_key": rating_key, **visible.args})
    return item_of(rows[0]) if rows else None


async def by_keys(read: Reader, visible: Visible, rating_keys: Sequence[str]) -> list[EditedItem]:
    keys = as_json(dict.fromkeys(rating_keys))
    rows = await read(BY_KEYS.format(visible=visible.sql), {"rating_keys": keys, **visible.args})
    return [item_of(row) for row in rows]


def by_id(connection: sqlite3.Connection, item_id: int) -> EditedItem | None:
    row = connection.execute(BY_ID, {"item_id": item_id}).fetchone()
    return item_of(row) if row else None


class Written(msgspec.Struct, frozen=True):
    """Lists that stand in tables of their own, by our name of the field."""

    labels: list[str]
    genres: list[str]
    directors: list[str]
    writers: list[str]


def written(label_rows: Iterable[sqlite3.Row], credit_rows: Iterable[sqlite3.Row]) -> Written:
    found: dict[str, list[str]] = {"label": [], "genre": [], "collection": [], "director": [], "writer": []}
    for row in label_rows:
        found[row["kind"]].append(row["value"])
    for row in credit_rows:
        if row["name"] not in found[row["job"]]:
            found[row["job"]].append(row["name"])
    return Written(found["label"], found["genre"], found["director"], found["writer"])


def written_of(connection: sqlite3.Connection, item_id: int) -> Written:
    key = {"item_id": item_id}
    return written(connection.execute(LABELS_OF, key), connection.execute(CREDITS_OF, key))


async def read_written(read: Reader, item_id: int) -> Written:
    key = {"item_id": item_id}
    return written(await read(LABELS_OF, key), await read(CREDITS_OF, key))


def put_manual(connection: sqlite3.Connection, item_id: int, values: Mapping[str, Any]) -> None:
    connection.executemany(
        PUT_MANUAL,
        [
            {"item_id": item_id, "field": field, "value": msgspec.json.encode(value).decode()}
            for field, value in values.items()
        ],
    )


def drop_manual(connection: sqlite3.Connection, item_id: int, fields: Iterable[str]) -> None:
    connection.executemany(DROP_MANUAL, [{"item_id": item_id, "field": field} for field in fields])


def set_labels(connection: sqlite3.Connection, item_id: int, labels: Mapping[str, str]) -> bool:
    """Make these, by key, all labels of an item; whether that changed anything."""
    keys = as_json(labels)
    changed = connection.execute(DROP_OTHER_LABELS, {"item_id": item_id, "keys": keys}).rowcount
    for position, (value_key, value) in enumerate(labels.items()):
        row = {"item_id": item_id, "value": value, "value_key": value_key, "position": position}
        changed += max(0, connection.execute(PUT_LABEL, row).rowcount)
    return changed > 0


def match_by_hand(connection: sqlite3.Connection, item_id: int, tmdb_id: int | None) -> None:
    retry_at = None if tmdb_id is None else 0
    connection.execute(MATCH_BY_HAND, {"item_id": item_id, "tmdb_id": tmdb_id, "retry_at": retry_at})
