"""What was edited, and what stood there before: written down with every change, so that it can be taken back.

An edit keeps what its items were like before it. What it changed shows in what they were like before the next edit of
the same item, so an undo touches those things alone, and of them only what nobody changed again since.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any

from homemedia.core.clock import now_ms
from homemedia.core.db import Write
from homemedia.library.editing import history_store as store
from homemedia.library.editing.history_store import State

MOST_EDITS = 200
KEPT_MS = 30 * 24 * 3600 * 1000
# Edits by hand leave what TMDb said alone: it may have been asked again meanwhile, by nobody's doing.
BY_HAND = frozenset({"edit", "bulk", "artwork"})


async def record(tx: Write, item_ids: Sequence[int], *, actor_id: str, what: str, at_ms: int | None = None) -> str:
    """Write down what these items are like, before they are changed in the same transaction.

    Args:
        tx: the transaction of the change.
        item_ids: what is about to be changed.
        actor_id: user id of who does it.
        what: `edit`, `bulk`, `artwork`, `match`, `refresh` or `undo`.
        at_ms: the present; the clock's when left out.

    Returns:
        The id by which it can be undone.
    """
    now = now_ms() if at_ms is None else at_ms

    def work(connection: sqlite3.Connection) -> int:
        connection.execute(store.PRUNE, {"before": now - KEPT_MS, "most": MOST_EDITS - 1})
        row = connection.execute(store.NEW_EDIT, {"made_at": now, "made_by": actor_id, "what": what}).fetchone()
        store.keep(connection, row["edit_id"], store.states(connection, item_ids))
        return int(row["edit_id"])

    return str(await tx.call(work))


async def record_more(tx: Write, edit_id: str, item_ids: Sequence[int]) -> None:
    """Add items to an edit that is written in several transactions, before they are changed in this one."""
    await tx.call(lambda connection: store.keep(connection, int(edit_id), store.states(connection, item_ids)))


def taken_back(before: State, after: State, current: State, *, by_hand: bool) -> State:
    """What has to be set to undo an edit; None where something was not there before. Pure.

    Args:
        before: what the item was like before the edit.
        after: what it was like after it, before the next one.
        current: what it is like now.
        by_hand: the edit cannot have changed what TMDb said.

    Returns:
        By name, only what differs; what was changed again since stays as it is.
    """
    wanted: State = {}
    for name in sorted(before.keys() | after.keys()):
        if by_hand and name.startswith(("field/tmdb/", "picture/thumb/download/", "picture/art/download/")):
            continue
        was, then, now = before.get(name), after.get(name), current.get(name)
        if not _is_same(name, was, then) and _is_same(name, now, then):
            wanted[name] = was
    # A choice comes last: the picture it names may have to be put back first.
    return dict(sorted(wanted.items(), key=lambda pair: pair[0].startswith("choice/")))


def _is_same(name: str, one: Any, other: Any) -> bool:  # noqa: ANN401 - as in `State`
    """Whether two values say the same; of a match who decided it and for what, for how it was asked follows names."""
    if name == "match" and one and other:
        return bool(one[:2] == other[:2])
    return bool(one == other)
