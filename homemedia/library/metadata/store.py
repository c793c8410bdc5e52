"""Every statement about what is known of items, and nothing that decides.

What is written runs on the database's own thread in one hop (`Write.call`).
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from homemedia.core.db import Reader, as_json
from homemedia.library.metadata.labels import genre_key, label_key
from homemedia.library.metadata.merge import COLUMNS, IDS
from homemedia.library.metadata.models import Facts, Source
from homemedia.library.naming.normal import normalise

ITEM_COLUMNS = (*COLUMNS, *IDS, "sort_title", "letter", "is_matched", "duration_ms", "parent_number", "kind")
_COLUMNS_SQL = ", ".join(f"item.{column}" for column in ITEM_COLUMNS)

# The items, and the seasons and shows above them: an episode may be the first sign of its show's folder.
ITEMS = f"""
    WITH RECURSIVE above (item_id, parent_id) AS (
        SELECT item.item_id, item.parent_id FROM item WHERE item.item_id IN (SELECT value FROM json_each(:ids))
         UNION
        SELECT item.item_id, item.parent_id
          FROM above JOIN item ON item.item_id = above.parent_id AND item.kind IN ('season', 'show')
    )
    SELECT item.item_id, item.library_id, item.parent_id, item.summary IS NULL OR item.thumb_tag IS NULL AS lacks,
           library.kind AS library_kind, library.language,
           item.kind IN ('season', 'episode') AND (
               item.art_tag IS NULL AND owner.art_tag IS NOT NULL
               OR item.kind = 'season' AND item.thumb_tag IS NULL AND owner.thumb_tag IS NOT NULL) AS should_inherit,
           coalesce(json_extract(library.options, '$.metadataSource'), 'auto') AS metadata_source,
           coalesce(json_extract(library.options, '$.country'), 'US') AS country,
           {_COLUMNS_SQL}
      FROM above JOIN item ON item.item_id = above.item_id JOIN library ON library.library_id = item.library_id
      LEFT JOIN item AS owner ON owner.item_id = item.parent_id
     WHERE item.kind IN ('movie', 'show', 'season', 'episode', 'video', 'extra')
     ORDER BY item.item_id
"""  # noqa: S608 - put together from our own constants
FILES = """
    SELECT item.item_id, root.path AS root, file.path,
           item.kind <> 'movie' OR NOT EXISTS (
               SELECT 1 FROM file AS other
                 JOIN item_file AS of_other ON of_other.file_id = other.file_id
                 JOIN item AS film ON film.item_id = of_other.item_id AND film.kind = 'movie'
                WHERE other.folder_id = file.folder_id AND film.item_id <> item.item_id
                  AND other.missing_since_at IS NULL) AS is_alone,
           CASE WHEN library.kind = 'video' AND item.kind = 'video' THEN file.probe END AS probe
      FROM item
      JOIN item_file ON item_file.item_id = item.item_id
      JOIN file ON file.file_id = item_file.file_id AND file.missing_since_at IS NULL
      JOIN root ON root.root_id = file.root_id
      JOIN library ON library.library_id = item.library_id
     WHERE item.item_id IN (SELECT value FROM json_each(:ids))
     ORDER BY item.item_id, item_file.version_index, item_file.part
"""
SHOW_FILES = """
    SELECT season.parent_id AS show_id, season.number AS season, root.path AS root, file.path
      FROM item AS season
      JOIN item AS episode ON episode.parent_id = season.item_id AND episode.kind = 'episode'
      JOIN item_file ON item_file.item_id = episode.item_id
      JOIN file ON file.file_id = item_file.file_id AND file.missing_since_at IS NULL
      JOIN root ON root.root_id = file.root_id
     WHERE season.parent_id IN (SELECT value FROM json_each(:ids)) AND season.kind = 'season'
     ORDER BY season.parent_id, file.file_id
"""
FIELDS_OF = """
    SELECT item_id, field, value, source, is_locked FROM item_field
     WHERE item_id IN (SELECT value FROM json_each(:ids))
"""
SOURCES_OF = "SELECT item_id, kind, mark FROM item_source WHERE item_id IN (SELECT value FROM json_each(:ids))"
PICTURES_OF = """
    SELECT item_id, kind, path, content_hash FROM artwork
     WHERE item_id IN (SELECT value FROM json_each(:ids)) AND source = 'local'
"""
CURRENT = f"SELECT {_COLUMNS_SQL} FROM item WHERE item.item_id = :item_id"  # noqa: S608 - our own constants
DROP_FIELDS = "DELETE FROM item_field WHERE item_id = :item_id AND source = :source"
PUT_FIELD = """
    INSERT INTO item_field (item_id, field, value, source) VALUES (:item_id, :field, :value, :source)
    ON CONFLICT (item_id, field, source) DO UPDATE SET value = excluded.value
"""
REMEMBER = """
    INSERT INTO item_source (item_id, kind, mark, problem) VALUES (:item_id, :kind, :mark, :problem)
    ON CONFLICT (item_id, kind) DO UPDATE SET mark = excluded.mark, problem = excluded.problem
"""
FORGET = "DELETE FROM item_source WHERE item_id = :item_id AND kind = :kind"
TOUCH = "UPDATE item SET stamp = :stamp, updated_at = :now WHERE item_id = :item_id"

LABELS_OF = "SELECT value, value_key FROM item_label WHERE item_id = :item_id AND kind = :kind ORDER BY position"
DROP_LABELS = "DELETE FROM item_label WHERE item_id = :item_id AND kind = :kind"
DROP_LABEL = "DELETE FROM item_label WHERE item_id = :item_id AND kind = :kind AND value_key = :value_key"
PUT_LABEL = """
    INSERT INTO item_label (item_id, kind, value, value_key, position)
    VALUES (:item_id, :kind, :value, :value_key, :position)
    ON CONFLICT (item_id, kind, value_key) DO NOTHING
"""
CREDITS_OF = """
    SELECT credit.job, performer.name, credit.role
      FROM credit JOIN performer ON performer.performer_id = credit.performer_id
     WHERE credit.item_id = :item_id ORDER BY credit.job, credit.position
"""
DROP_CREDITS = "DELETE FROM credit WHERE item_id = :item_id"
PUT_PERFORMER = "INSERT INTO performer (name, name_key) VALUES (:name, :name_key) ON CONFLICT (name_key) DO NOTHING"
PUT_CREDIT = """
    INSERT INTO credit (item_id, performer_id, job, role, position)
    SELECT :item_id, performer_id, :job, :role, :position FROM performer WHERE name_key = :name_key
    ON CONFLICT DO NOTHING
"""
# A picture that lies in the house is kept; one that is still to be fetched gives way to it and to a newer one.
PUT_PORTRAIT = """
    UPDATE performer SET image = :path
     WHERE name_key = :name_key AND (image IS NULL OR substr(image, 1, 5) = 'tmdb:') AND image IS NOT :path
"""

IDENTITY_OF = "SELECT identity_key FROM item WHERE item_id = :item_id"
IDENTITIES_OF = "SELECT identity_key FROM item_identity WHERE item_id = :item_id"
PUT_IDENTITY = """
    INSERT INTO item_identity (library_kind, identity_key, item_id) VALUES (:library_kind, :identity_key, :item_id)
    ON CONFLICT DO NOTHING
"""
# Seasons, episodes and extras are known below each key of what they hang on: `show/tmdb/1/s1/e2`.
INHERIT_IDENTITY = """
    INSERT INTO item_identity (library_kind, identity_key, item_id)
    SELECT known.library_kind, :fresh || substr(known.identity_key, length(:known) + 1), known.item_id
      FROM item AS below JOIN item_identity AS known ON known.item_id = below.item_id
     WHERE (below.parent_id = :item_id OR below.parent_id IN (SELECT item_id FROM item WHERE parent_id = :item_id))
       AND substr(known.identity_key, 1, length(:known) + 1) = :known || '/'
    ON CONFLICT DO NOTHING
"""

FORGET_IDENTITY = "DELETE FROM item_identity WHERE item_id = :item_id AND identity_key = :stale"
FORGET_BELOW = """
    DELETE FROM item_identity
     WHERE item_id IN (SELECT item_id FROM item WHERE parent_id = :item_id
                       UNION SELECT leaf.item_id
                               FROM item AS middle JOIN item AS leaf ON leaf.parent_id = middle.item_id
                              WHERE middle.parent_id = :item_id)
       AND substr(identity_key, 1, length(:stale) + 1) = :stale || '/'
       AND identity_key <> (SELECT item.identity_key FROM item WHERE item.item_id = item_identity.item_id)
"""


class ItemRow(msgspec.Struct, frozen=True, kw_only=True):
    """An item with what its library says of reading it.

    Attributes:
        lacks: it has no summary or no picture.
        should_inherit: it shows less than its season or show gives it.
        columns: as in `ITEM_COLUMNS`.
    """

    item_id: int
    library_id: str
    parent_id: int | None
    library_kind: str
    language: str
    metadata_source: str
    country: str
    lacks: bool
    should_inherit: bool
    columns: dict[str, Any]

    @property
    def kind(self) -> str:
        return str(self.columns["kind"])


class FileRow(msgspec.Struct, frozen=True):
    item_id: int
    root: str
    path: str
    is_alone: bool
    probe: bytes | None


class Known(msgspec.Struct):
    """What the database knows of one item from its sources."""

    fields: dict[Source, Facts] = {}
    locked: dict[str, Source] = {}
    marks: dict[str, str] = {}
    pictures: dict[str, tuple[str, str]] = {}


async def items(read: Reader, item_ids: Sequence[int]) -> list[ItemRow]:
    """These items and the seasons and shows above them, parents not sorted in any way."""
    rows = await read(ITEMS, {"ids": as_json(item_ids)})
    return [
        ItemRow(
            item_id=row["item_id"],
            library_id=row["library_id"],
            parent_id=row["parent_id"],
            library_kind=row["library_kind"],
            language=row["language"],
            metadata_source=row["metadata_source"],
            country=row["country"],
            lacks=bool(row["lacks"]),
            should_inherit=bool(row["should_inherit"]),
            columns={column: row[column] for column in ITEM_COLUMNS},
        )
        for row in rows
    ]


async def files(read: Reader, item_ids: Sequence[int]) -> dict[int, list[FileRow]]:
    """Files that are there, by item, first version first."""
    found: dict[int, list[FileRow]] = {}
    for row in await read(FILES, {"ids": as_json(item_ids)}):
        file = FileRow(row["item_id"], row["root"], row["path"], bool(row["is_alone"]), row["probe"])
        found.setdefault(file.item_id, []).append(file)
    return found


async def show_files(read: Reader, show_ids: Iterable[int]) -> dict[int, list[tuple[int | None, str, str]]]:
    """Season number, root and path of every episode's file, by show."""
    found: dict[int, list[tuple[int | None, str, str]]] = {}
    for row in await read(SHOW_FILES, {"ids": as_json(list(show_ids))}):
        found.setdefault(row["show_id"], []).append((row["season"], row["root"], row["path"]))
    return found


async def known(read: Reader, item_ids: Sequence[int]) -> dict[int, Known]:
    ids = {"ids": as_json(item_ids)}
    found = {item_id: Known() for item_id in item_ids}
    for row in await read(FIELDS_OF, ids):
        _add_field(found[row["item_id"]], row)
    for row in await read(SOURCES_OF, ids):
        found[row["item_id"]].marks[row["kind"]] = row["mark"]
    for row in await read(PICTURES_OF, ids):
        found[row["item_id"]].pictures[row["kind"]] = (row["path"], row["content_hash"])
    return found


def _add_field(entry: Known, row: sqlite3.Row) -> None:
    entry.fields.setdefault(row["source"], {})[row["field"]] = msgspec.json.decode(row["value"])
    if row["is_locked"]:
        entry.locked[row["field"]] = row["source"]


def fields(connection: sqlite3.Connection, item_id: int) -> Known:
    """Fields alone, as they are inside the transaction."""
    entry = Known()
    for row in connection.execute(FIELDS_OF, {"ids": as_json([item_id])}):
        _add_field(entry, row)
    return entry


def current(connection: sqlite3.Connection, item_id: int) -> dict[str, Any] | None:
    row = connection.execute(CURRENT, {"item_id": item_id}).fetchone()
    return {column: row[column] for column in ITEM_COLUMNS} if row else None


def replace_fields(connection: sqlite3.Connection, item_id: int, source: Source, facts: Facts) -> None:
    connection.execute(DROP_FIELDS, {"item_id": item_id, "source": source})
    connection.executemany(
        PUT_FIELD,
        [
            {"item_id": item_id, "field": field, "value": msgspec.json.encode(value).decode(), "source": source}
            for field, value in facts.items()
        ],
    )


def update(connection: sqlite3.Connection, item_id: int, columns: Mapping[str, Any], *, stamp: int, now: int) -> None:
    """Set columns of an item, all of them from `ITEM_COLUMNS`."""
    if columns:
        sets = ", ".join(f"{column} = :{column}" for column in columns)
        connection.execute(f"UPDATE item SET {sets} WHERE item_id = :item_id", {**columns, "item_id": item_id})  # noqa: S608 - names from ITEM_COLUMNS
    connection.execute(TOUCH, {"item_id": item_id, "stamp": stamp, "now": now})


def remember(connection: sqlite3.Connection, item_id: int, kind: str, mark: str | None, problem: str | None) -> None:
    """Note what was read last; no mark means that there is nothing to read any more."""
    if mark is None:
        connection.execute(FORGET, {"item_id": item_id, "kind": kind})
    else:
        connection.execute(REMEMBER, {"item_id": item_id, "kind": kind, "mark": mark, "problem": problem})


def set_genres(connection: sqlite3.Connection, item_id: int, genres: Sequence[str]) -> bool:
    """Replace the genres; whether that changed anything. Two spellings of one genre are one."""
    return _set_labels(connection, item_id, "genre", {genre_key(genre): genre for genre in reversed(genres)})


def set_collection(connection: sqlite3.Connection, item_id: int, collection: str | None) -> bool:
    return _set_labels(connection, item_id, "collection", {label_key(collection): collection} if collection else {})


def _set_labels(connection: sqlite3.Connection, item_id: int, kind: str, wanted: Mapping[str, str]) -> bool:
    key = {"item_id": item_id, "kind": kind}
    ordered = list(wanted.items())[::-1]
    there = [(row["value_key"], row["value"]) for row in connection.execute(LABELS_OF, key)]
    if there == ordered:
        return False
    connection.execute(DROP_LABELS, key)
    connection.executemany(
        PUT_LABEL,
        [
            key | {"value": value, "value_key": value_key, "position": position}
            for position, (value_key, value) in enumerate(ordered)
        ],
    )
    return True


def change_labels(connection: sqlite3.Connection, item_id: int, gone: Iterable[str], labels: Sequence[str]) -> bool:
    """Take some labels away and add others; those of the folders, which stand in no field, stay."""
    key: dict[str, Any] = {"item_id": item_id, "kind": "label"}
    keep = {label_key(label) for label in labels}
    changed = 0
    for label in gone:
        if label_key(label) not in keep:
            changed += connection.execute(DROP_LABEL, key | {"value_key": label_key(label)}).rowcount
    for position, label in enumerate(labels):
        row = key | {"value": label, "value_key": label_key(label), "position": position}
        changed += max(0, connection.execute(PUT_LABEL, row).rowcount)
    return changed > 0


class Credit(msgspec.Struct, frozen=True):
    job: str
    name: str
    role: str = ""


def set_credits(connection: sqlite3.Connection, item_id: int, credits_: Sequence[Credit]) -> bool:
    """Replace who took part, in this order; whether that changed anything."""
    there = [
        Credit(row["job"], row["name"], row["role"]) for row in connection.execute(CREDITS_OF, {"item_id": item_id})
    ]
    if there == sorted(credits_, key=lambda credit: credit.job):
        return False
    rows = [
        {
            "item_id": item_id,
            "name": credit.name,
            "name_key": name_key(credit.name),
            "job": credit.job,
            "role": credit.role,
            "position": position,
        }
        for position, credit in enumerate(credits_)
    ]
    connection.execute(DROP_CREDITS, {"item_id": item_id})
    connection.executemany(PUT_PERFORMER, [{"name": row["name"], "name_key": row["name_key"]} for row in rows])
    connection.executemany(PUT_CREDIT, rows)
    return True


def set_portraits(connection: sqlite3.Connection, portraits: Mapping[str, str]) -> None:
    """Give people a picture, by name, where they have none."""
    rows = [{"name_key": name_key(name), "path": path} for name, path in portraits.items()]
    connection.executemany(PUT_PORTRAIT, rows)


def add_identities(connection: sqlite3.Connection, item: ItemRow, keys: Sequence[str]) -> None:
    """Remember further keys of a film or show, and of all that hangs on it."""
    known_keys = [row["identity_key"] for row in connection.execute(IDENTITIES_OF, {"item_id": item.item_id})]
    for fresh in keys:
        if fresh not in known_keys:
            row = {"library_kind": item.library_kind, "identity_key": fresh, "item_id": item.item_id}
            connection.execute(PUT_IDENTITY, row)
    # Asked every time: episodes that came since do not have these keys yet.
    for fresh in keys:
        for old in known_keys:
            if old != fresh:
                connection.execute(INHERIT_IDENTITY, {"fresh": fresh, "known": old, "item_id": item.item_id})


def change_identities(
    connection: sqlite3.Connection, item: ItemRow, *, wanted: Sequence[str], gone: Iterable[str]
) -> None:
    """Forget keys that were made of ids, and remember others; by no catalogue is an item known twice.

    Args:
        connection: inside a transaction.
        item: a film or show.
        wanted: keys made of its ids.
        gone: keys made of ids that nobody names any more; the one its watch state hangs on stays.
    """
    args = {"item_id": item.item_id}
    row = connection.execute(IDENTITY_OF, args).fetchone()
    stale = [key for key in gone if key not in wanted and row is not None and key != row["identity_key"]]
    for key in stale:
        connection.execute(FORGET_IDENTITY, args | {"stale": key})
        connection.execute(FORGET_BELOW, args | {"stale": key})
    taken = {key.split("/")[1]: key for (key,) in connection.execute(IDENTITIES_OF, args) if key.count("/") == 2}
    add_identities(connection, item, [key for key in wanted if taken.get(key.split("/")[1], key) == key])


def name_key(name: str) -> str:
    """What a person is known by."""
    return normalise(name) or name.strip().casefold()
