"""Who an item is for: its rating and labels with those of its season and show, kept as one number per item.

Triggers note every item whose rating, labels, library or parent changed; `settle` runs before each commit and gives
those, and all below them, their audience. So nobody who writes an item has to think of it, and no reader ever sees an
item with a label that does not count yet. `visible.py` asks for the number alone.
"""

import sqlite3
from collections.abc import Mapping

from homemedia.core.db import Database
from homemedia.library import audience_store as store
from homemedia.library.audience_store import Audience, Node
from homemedia.library.ratings import age_of, fold

AT_ONCE = 2000  # items whose families are held in memory together


def keep_audiences(db: Database) -> None:
    """From now on every transaction of this database settles what it changed."""
    db.before_commit.append(settle)


async def catch_up(db: Database) -> None:
    """Settle what waits since an older version, and read ages anew, in case the table of ages has grown."""
    async with db.write() as tx:
        await tx.call(_read_ages)


def settle(connection: sqlite3.Connection) -> int:
    """Give every item that is due its audience, and all below it; how many got another one. Inside a transaction."""
    changed = 0
    known: dict[Audience, int] = {Audience(): 0}
    while item_ids := store.due(connection, AT_ONCE):
        changed += _settle(connection, store.tree(connection, item_ids), known)
        store.done(connection, item_ids)
    return changed


def _settle(connection: sqlite3.Connection, nodes: Mapping[int, Node], known: dict[Audience, int]) -> int:
    tops = {node.above_id for node in nodes.values() if node.above_id and node.parent_id not in nodes}
    above = store.audiences(connection, tops) if tops else {}
    found: dict[int, Audience] = {}

    def audience(node: Node) -> Audience:
        if node.item_id not in found:
            parent = nodes.get(node.parent_id) if node.parent_id is not None else None
            # A family is three deep, and no item is its own ancestor.
            inherited = audience(parent) if parent is not None else above.get(node.above_id or 0, Audience())
            found[node.item_id] = effective(node, inherited)
        return found[node.item_id]

    chosen: list[tuple[int, int]] = []
    for node in nodes.values():
        own = audience(node)
        number = known.get(own)
        if number is None:
            age = age_of(own.rating or None, own.country)
            number = known[own] = store.audience_id(connection, own, age)
        if number != node.audience_id:
            chosen.append((node.item_id, number))
    store.assign(connection, chosen)
    return len(chosen)


def effective(node: Node, inherited: Audience) -> Audience:
    """What counts for an item: its own rating before an inherited one, its labels beside the inherited ones."""
    rating = fold(node.content_rating or "")
    labels = inherited.labels.union(fold(label) for label in node.labels) - {""}
    if rating:
        return Audience(node.country.casefold(), rating, labels)
    return Audience(inherited.country, inherited.rating, labels)


def _read_ages(connection: sqlite3.Connection) -> None:
    ages = [
        (number, age)
        for number, country, rating, known in store.rated(connection)
        if (age := age_of(rating, country)) != known
    ]
    store.set_ages(connection, ages)
