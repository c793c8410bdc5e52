"""Every statement about what was edited before; decides nothing. Runs on the database's own thread (`Write.call`)."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from homemedia.core.db import Reader, as_json

NEW_EDIT = "INSERT INTO edit (made_at, made_by, what) VALUES (:made_at, :made_by, :what) RETURNING edit_id"
# An item that moved to another season meanwhile comes twice; what it was like first counts.
KEEP_BEFORE = """
    INSERT INTO edit_item (item_id, edit_id, before)
    SELECT item_id, :edit_id, :before FROM item WHERE item_id = :item_id
    ON CONFLICT DO NOTHING
"""
KEEP_PICTURE = "INSERT INTO edit_picture (path, edit_id) VALUES (:path, :edit_id) ON CONFLICT DO NOTHING"
PRUNE = """
    DELETE FROM edit WHERE made_at < :before OR edit_id <= (
        SELECT edit_id FROM edit WHERE what <> 'undo' ORDER BY edit_id DESC LIMIT 1 OFFSET :most)
"""
EDIT = "SELECT edit_id, made_at, made_by, what, undone_at FROM edit WHERE edit_id = :edit_id"
SET_UNDONE = "UPDATE edit SET undone_at = :now WHERE edit_id = :edit_id AND undone_at IS NULL"
ITEMS_OF = "SELECT item_id, before FROM edit_item WHERE edit_id = :edit_id ORDER BY item_id"
# What stood there before the next edit of the same item stood there after this one.
AFTER = """
    SELECT before FROM edit_item WHERE item_id = :item_id AND edit_id > :edit_id ORDER BY edit_id LIMIT 1
"""
EDITS = """
    SELECT edit.edit_id, edit.made_at, edit.what, edit.undone_at, coalesce(user.display_name, '') AS made_by,
           (SELECT count(*) FROM edit_item WHERE edit_item.edit_id = edit.edit_id) AS many,
           (SELECT item.title FROM edit_item JOIN item ON item.item_id = edit_item.item_id
             WHERE edit_item.edit_id = edit.edit_id ORDER BY edit_item.item_id LIMIT 1) AS title
      FROM edit LEFT JOIN user ON user.user_id = edit.made_by
     WHERE edit.what <> 'undo' ORDER BY edit.edit_id DESC LIMIT :limit
"""

FIELDS = """
    SELECT item_id, field, source, value, is_locked FROM item_field
     WHERE item_id IN (SELECT value FROM json_each(:ids)) AND (source IN ('manual', 'tmdb') OR is_locked = 1)
"""
IDS = """
    SELECT item_id, tmdb_id, imdb_id, tvdb_id, is_matched FROM item
     WHERE item_id IN (SELECT value FROM json_each(:ids))
"""
LABELS = """
    SELECT item_id, value_key, value FROM item_label
     WHERE item_id IN (SELECT value FROM json_each(:ids)) AND kind = 'label' ORDER BY item_id, position
"""
PICTURES = """
    SELECT item_id, kind, source, path, content_hash, width, height, tone, point, is_chosen, origin FROM artwork
     WHERE item_id IN (SELECT value FROM json_each(:ids)) AND (source IN ('manual', 'download') OR is_chosen = 1)
"""

MATCHES = """
    SELECT item_id, state, tmdb_id, asked, score FROM item_match WHERE item_id IN (SELECT value FROM json_each(:ids))
"""

SET_FIELD = """
    INSERT INTO item_field (item_id, field, source, value, is_locked)
    VALUES (:item_id, :field, :source, :value, :is_locked)
    ON CONFLICT (item_id, field, source) DO UPDATE SET value = excluded.value, is_locked = excluded.is_locked
"""
DROP_FIELD = "DELETE FROM item_field WHERE item_id = :item_id AND field = :field AND source = :source"
SET_LOCK = """
    UPDATE item_field SET is_locked = :is_locked WHERE item_id = :item_id AND field = :field AND source = :source
"""
SET_IDS = """
    UPDATE item SET tmdb_id = :tmdb_id, imdb_id = :imdb_id, tvdb_id = :tvdb_id, is_matched = :is_matched
     WHERE item_id = :item_id
"""
SET_MATCH = """
    INSERT INTO item_match (item_id, state, tmdb_id, asked, score, retry_at)
    VALUES (:item_id, :state, :tmdb_id, :asked, :score, CASE :state WHEN 'wanted' THEN 0 END)
    ON CONFLICT (item_id) DO UPDATE SET state = excluded.state, tmdb_id = excluded.tmdb_id, asked = excluded.asked,
        score = excluded.score, retry_at = excluded.retry_at, tries = 0, problem = NULL
"""
DROP_MATCH = "DELETE FROM item_match WHERE item_id = :item_id"
SET_LABEL = """
    INSERT INTO item_label (item_id, kind, value, value_key, position)
    VALUES (:item_id, 'label', :value, :value_key, :position)
    ON CONFLICT (item_id, kind, value_key) DO UPDATE SET value = excluded.value
"""
DROP_LABEL = "DELETE FROM item_label WHERE item_id = :item_id AND kind = 'label' AND value_key = :value_key"
SET_PICTURE = """
    INSERT INTO artwork (item_id, kind, source, path, content_hash, width, height, tone, point, origin)
    VALUES (:item_id, :kind, :source, :path, :content_hash, :width, :height, :tone, :point, :origin)
    ON CONFLICT (item_id, kind, path) DO NOTHING
"""
DROP_PICTURE = """
    DELETE FROM artwork WHERE item_id = :item_id AND kind = :kind AND path = :path AND source IN ('manual', 'download')
"""
CHOOSE = "UPDATE artwork SET is_chosen = (path = :path) WHERE item_id = :item_id AND kind = :kind"

# What can be edited of one item, flat: 'field/manual/title' → [value, is_locked].
State = dict[str, Any]


class Edit(msgspec.Struct, frozen=True):
    """One edit, or the undoing of one (`what` undo). Times are ms."""

    edit_id: int
    made_at: int
    made_by: str
    what: str
    undone_at: int | None


def states(connection: sqlite3.Connection, item_ids: Sequence[int]) -> dict[int, State]:
    """What can be edited, as it stands now, by item; items that are gone are left out."""
    ids = {"ids": as_json(item_ids)}
    found: dict[int, State] = {}
    for row in connection.execute(IDS, ids):
        found[row["item_id"]] = {"ids": [row["tmdb_id"], row["imdb_id"], row["tvdb_id"], row["is_matched"]]}
    for row in connection.execute(MATCHES, ids):
        found[row["item_id"]]["match"] = [row["state"], row["tmdb_id"], row["asked"], row["score"]]
    for row in connection.execute(FIELDS, ids):
        # Of what is read from disk only the lock is a person's doing: the value may be another by the time of an undo.
        is_ours = row["source"] in {"manual", "tmdb"}
        name = f"{'field' if is_ours else 'lock'}/{row['source']}/{row['field']}"
        found[row["item_id"]][name] = [row["value"], row["is_locked"]] if is_ours else True
    for row in connection.execute(LABELS, ids):
        found[row["item_id"]][f"label/{row['value_key']}"] = row["value"]
    for row in connection.execute(PICTURES, ids):
        state = found[row["item_id"]]
        if row["is_chosen"]:
            state[f"choice/{row['kind']}"] = row["path"]
        if row["source"] in {"manual", "download"}:
            facts = {name: row[name] for name in ("content_hash", "width", "height", "tone", "point", "origin")}
            state[f"picture/{row['kind']}/{row['source']}/{row['path']}"] = facts
    return found


def keep(connection: sqlite3.Connection, edit_id: int, before: Mapping[int, State]) -> None:
    connection.executemany(
        KEEP_BEFORE,
        [
            {"item_id": item_id, "edit_id": edit_id, "before": msgspec.msgpack.encode(state)}
            for item_id, state in before.items()
        ],
    )
    paths = {path for state in before.values() for path in pictures_of(state)}
    connection.executemany(KEEP_PICTURE, [{"path": path, "edit_id": edit_id} for path in sorted(paths)])


def edit(connection: sqlite3.Connection, edit_id: int) -> Edit | None:
    row = connection.execute(EDIT, {"edit_id": edit_id}).fetchone()
    return Edit(*row) if row else None


def pictures_of(state: State) -> Iterable[str]:
    """Paths of the pictures of ours that a state speaks of."""
    return [name.split("/", 3)[3] for name in state if name.startswith("picture/")]


def befores(connection: sqlite3.Connection, edit_id: int) -> dict[int, State]:
    rows = connection.execute(ITEMS_OF, {"edit_id": edit_id}).fetchall()
    return {row["item_id"]: msgspec.msgpack.decode(row["before"]) for row in rows}


def after(connection: sqlite3.Connection, edit_id: int, item_id: int) -> State | None:
    """What an item was like after an edit, where a later one tells; None when none followed."""
    row = connection.execute(AFTER, {"edit_id": edit_id, "item_id": item_id}).fetchone()
    return msgspec.msgpack.decode(row["before"]) if row else None


def set_undone(connection: sqlite3.Connection, edit_id: int, now: int) -> None:
    connection.execute(SET_UNDONE, {"edit_id": edit_id, "now": now})


def put(connection: sqlite3.Connection, item_id: int, name: str, value: Any) -> None:  # noqa: ANN401 - as in `State`
    """Make one thing what it was; None means that it was not there."""
    kind, _, rest = name.partition("/")
    _PUTTERS[kind](connection, {"item_id": item_id}, rest, value)


def _put_ids(connection: sqlite3.Connection, args: dict[str, Any], _rest: str, value: Any) -> None:  # noqa: ANN401
    connection.execute(SET_IDS, args | dict(zip(("tmdb_id", "imdb_id", "tvdb_id", "is_matched"), value, strict=True)))


def _put_match(connection: sqlite3.Connection, args: dict[str, Any], _rest: str, value: Any) -> None:  # noqa: ANN401
    if value is None:
        connection.execute(DROP_MATCH, args)
    else:
        connection.execute(SET_MATCH, args | dict(zip(("state", "tmdb_id", "asked", "score"), value, strict=True)))


def _put_field(connection: sqlite3.Connection, args: dict[str, Any], rest: str, value: Any) -> None:  # noqa: ANN401
    source, _, field = rest.partition("/")
    args |= {"source": source, "field": field}
    if value is None:
        connection.execute(DROP_FIELD, args)
    else:
        connection.execute(SET_FIELD, args | {"value": value[0], "is_locked": value[1]})


def _put_lock(connection: sqlite3.Connection, args: dict[str, Any], rest: str, value: Any) -> None:  # noqa: ANN401
    source, _, field = rest.partition("/")
    connection.execute(SET_LOCK, args | {"source": source, "field": field, "is_locked": int(bool(value))})


def _put_label(connection: sqlite3.Connection, args: dict[str, Any], rest: str, value: Any) -> None:  # noqa: ANN401
    args["value_key"] = rest
    if value is None:
        connection.execute(DROP_LABEL, args)
    else:
        connection.execute(SET_LABEL, args | {"value": value, "position": 0})


def _put_choice(connection: sqlite3.Connection, args: dict[str, Any], rest: str, value: Any) -> None:  # noqa: ANN401
    connection.execute(CHOOSE, args | {"kind": rest, "path": value or ""})


def _put_picture(connection: sqlite3.Connection, args: dict[str, Any], rest: str, value: Any) -> None:  # noqa: ANN401
    kind, source, path = rest.split("/", 2)
    args |= {"kind": kind, "source": source, "path": path}
    if value is None:
        connection.execute(DROP_PICTURE, args)
    else:
        connection.execute(SET_PICTURE, args | value)


_PUTTERS = MappingProxyType(
    {
        "ids": _put_ids,
        "match": _put_match,
        "field": _put_field,
        "lock": _put_lock,
        "label": _put_label,
        "picture": _put_picture,
        "choice": _put_choice,
    }
)


async def edits(read: Reader, limit: int) -> list[sqlite3.Row]:
    """The newest first, undoings left out."""
    return await read(EDITS, {"limit": limit})
