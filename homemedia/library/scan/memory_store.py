"""SQL of what people did to items that were removed, until these come back. Runs on the database's own thread."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from homemedia.core.db import as_json
from homemedia.library.editing import history_store
from homemedia.library.metadata import store as metadata_store

# Labels of home videos are their folders' names, which come back by themselves.
EDITED = """
    SELECT item_id, rating_key FROM item
     WHERE item_id IN (SELECT value FROM json_each(:item_ids)) AND kind <> 'extra' AND (
           EXISTS (SELECT 1 FROM item_field WHERE item_field.item_id = item.item_id
                      AND (item_field.source = 'manual' OR item_field.is_locked = 1))
        OR EXISTS (SELECT 1 FROM item_label WHERE item_label.item_id = item.item_id
                      AND item_label.kind = 'label' AND item.kind <> 'video')
        OR EXISTS (SELECT 1 FROM artwork WHERE artwork.item_id = item.item_id
                      AND (artwork.source = 'manual' OR artwork.is_chosen = 1))
        OR EXISTS (SELECT 1 FROM item_match WHERE item_match.item_id = item.item_id AND item_match.state = 'manual'))
"""
MATCHES = """
    SELECT item_id, tmdb_id FROM item_match
     WHERE item_id IN (SELECT value FROM json_each(:item_ids)) AND state = 'manual'
"""
KEEP = """
    INSERT INTO memory_edit (rating_key, state, remembered_at) VALUES (:rating_key, :state, :now)
    ON CONFLICT (rating_key) DO UPDATE SET state = excluded.state, remembered_at = excluded.remembered_at
"""
KEEP_PICTURE = "INSERT INTO memory_picture (path, rating_key) VALUES (:path, :rating_key) ON CONFLICT DO NOTHING"
KEPT = "SELECT rating_key, state FROM memory_edit WHERE rating_key IN (SELECT value FROM json_each(:rating_keys))"
DROP_KEPT = "DELETE FROM memory_edit WHERE rating_key IN (SELECT value FROM json_each(:rating_keys))"
FORGET_EDITS = "DELETE FROM memory_edit WHERE remembered_at < :before"
SET_MATCH = """
    INSERT INTO item_match (item_id, state, tmdb_id, retry_at) VALUES (:item_id, 'manual', :tmdb_id, 0)
    ON CONFLICT (item_id) DO UPDATE SET state = 'manual', tmdb_id = excluded.tmdb_id, retry_at = 0
"""
BY_HAND = ("field/manual/", "lock/", "label/", "choice/", "picture/thumb/manual/", "picture/art/manual/")
MATCH, IDS = "match", "ids"


def keep(connection: sqlite3.Connection, item_ids: Sequence[int], now: int) -> None:
    """Write down what was done by hand to items that are about to go."""
    args = {"item_ids": as_json(item_ids)}
    edited = {row["item_id"]: row["rating_key"] for row in connection.execute(EDITED, args)}
    if not edited:
        return
    states = history_store.states(connection, list(edited))
    matches = {row["item_id"]: row["tmdb_id"] for row in connection.execute(MATCHES, args)}
    for item_id, rating_key in edited.items():
        state = by_hand(states[item_id], is_matched=item_id in matches)
        if item_id in matches:
            state[MATCH] = matches[item_id]
        if not state:
            continue
        kept = {"rating_key": rating_key, "state": msgspec.msgpack.encode(state), "now": now}
        connection.execute(KEEP, kept)
        connection.executemany(
            KEEP_PICTURE, [{"path": path, "rating_key": rating_key} for path in history_store.pictures_of(state)]
        )


def by_hand(state: Mapping[str, Any], *, is_matched: bool) -> dict[str, Any]:
    """What of an item's state is a person's doing: ids only where he chose the match, or locked fields. Pure."""
    return {
        name: value
        for name, value in state.items()
        if name.startswith(BY_HAND)
        or (name.startswith("field/") and value[1])
        or (name == IDS and is_matched)
        or (name.startswith("picture/") and f"choice/{name.split('/')[1]}" in state and _is_chosen(name, state))
    }


def _is_chosen(name: str, state: Mapping[str, Any]) -> bool:
    _, kind, _, path = name.split("/", 3)
    return bool(state[f"choice/{kind}"] == path)


def bring_back(connection: sqlite3.Connection, items: Mapping[str, int]) -> None:
    """Give items that returned what was done to them before.

    Args:
        connection: inside the transaction that made them.
        items: item id by rating key.
    """
    args = {"rating_keys": as_json(items)}
    rows = connection.execute(KEPT, args).fetchall()
    for row in rows:
        item_id = items[row["rating_key"]]
        state: dict[str, Any] = msgspec.msgpack.decode(row["state"])
        # Pictures before the choice among them.
        for name in sorted(state, key=lambda name: (name.startswith("choice/"), name)):
            if name == MATCH:
                connection.execute(SET_MATCH, {"item_id": item_id, "tmdb_id": state[name]})
            else:
                history_store.put(connection, item_id, name, state[name])
        _show_lists(connection, item_id, state)
    if rows:
        connection.execute(DROP_KEPT, args)


def _show_lists(connection: sqlite3.Connection, item_id: int, state: Mapping[str, Any]) -> None:
    """Lists stand in tables of their own; columns follow when the item's details are read."""
    values = {
        name.rpartition("/")[2]: msgspec.json.decode(value[0])
        for name, value in state.items()
        if name.startswith("field/manual/")
    }
    if values.get("genres") is not None:
        metadata_store.set_genres(connection, item_id, values["genres"])
    if values.get("collection"):
        metadata_store.set_collection(connection, item_id, values["collection"])
    if values.get("labels"):
        metadata_store.change_labels(connection, item_id, (), values["labels"])
