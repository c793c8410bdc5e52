"""Brings the picture columns of items in line with the pictures they have, and with those of their season and show."""

import sqlite3
from collections.abc import Iterable

from homemedia.library.artwork import store
from homemedia.library.artwork.models import PictureKind
from homemedia.library.artwork.select import shown

_ORDER = {"show": 0, "season": 1}


def settle(connection: sqlite3.Connection, item_ids: Iterable[int], *, stamp: int, now: int) -> set[int]:
    """Choose again for these items, and for what lies below them where that changed something.

    Runs inside a write transaction, on the database's thread.

    Returns:
        The items whose columns changed.
    """
    owners = [owner for item_id in dict.fromkeys(item_ids) if (owner := store.owner(connection, item_id))]
    owners.sort(key=lambda owner: _ORDER.get(owner.kind, 2))
    changed: set[int] = set()
    for owner in owners:
        _settle_one(connection, owner.item_id, changed, stamp=stamp, now=now)
    return changed


def _settle_one(connection: sqlite3.Connection, item_id: int, changed: set[int], *, stamp: int, now: int) -> None:
    # Asked for again: a show settled before may have changed it meanwhile.
    owner = store.owner(connection, item_id)
    if owner is None:
        return
    above = None
    if owner.kind in {"season", "episode"} and owner.parent_id is not None:
        parent = store.owner(connection, owner.parent_id)
        above = parent.shown if parent else None
    pictures = store.pictures(connection, item_id)
    columns, chosen = shown(owner.kind, pictures, above=above)
    store.select(connection, chosen, pictures)
    if columns == owner.shown:
        return
    store.show(connection, item_id, columns, stamp=stamp, now=now)
    changed.add(item_id)
    if owner.kind in {"show", "season"}:
        for child in store.children(connection, item_id):
            _settle_one(connection, child, changed, stamp=stamp, now=now)


def record_local(
    connection: sqlite3.Connection, item_id: int, kind: PictureKind, path: str | None, mark: str | None
) -> None:
    """Note the picture beside an item, or that there is none any more; `mark` stands for its content."""
    store.drop_others(connection, item_id, kind, "local", path)
    if path is not None and mark is not None:
        store.put(connection, item_id, kind, "local", path, mark)
