"""Every statement on watchlists. Entries are kept by identity, as watch states are, so that they outlive moves."""

import sqlite3
from collections.abc import Sequence

import msgspec

from homemedia.core.db import Reader, Write, as_json
from homemedia.library.visible import Visible

# What an entry stands for: a show for its seasons and episodes, else the item itself. A clip beside a film is no title.
TARGET = """
    SELECT coalesce(top.rating_key, parent.rating_key, item.rating_key) AS rating_key,
           coalesce(top.identity_key, parent.identity_key, item.identity_key) AS identity_key
      FROM item
      LEFT JOIN item AS parent ON parent.item_id = item.parent_id AND item.kind IN ('season', 'episode')
      LEFT JOIN item AS top ON top.item_id = parent.parent_id
     WHERE item.rating_key = :key AND item.kind <> 'extra' AND {visible}
"""
# The member may have been deleted meanwhile.
ADD = """
    INSERT INTO watchlist_entry (user_id, identity_key, added_at)
    SELECT user.user_id, :identity_key, :added_at FROM user WHERE user.user_id = :user_id
        ON CONFLICT (user_id, identity_key) DO NOTHING
"""
REMOVE = "DELETE FROM watchlist_entry WHERE user_id = :user_id AND identity_key = :identity_key"
# A title that lies in two libraries stands there once, as one whose file is there if there is one: SQLite takes the
# plain columns from the row in which max() was found.
PAGE = """
    SELECT item.item_id, entry.added_at, max((item.missing_since_at IS NULL) * (1 << 60) - item.item_id) AS best
      FROM watchlist_entry AS entry
     CROSS JOIN item ON item.identity_key = entry.identity_key
     WHERE entry.user_id = :user_id AND (:kind IS NULL OR item.kind = :kind) AND {visible}
     GROUP BY entry.identity_key
     ORDER BY entry.added_at DESC, item.item_id DESC
     LIMIT :limit OFFSET :offset
"""
COUNT = """
    SELECT count(DISTINCT entry.identity_key) AS many
      FROM watchlist_entry AS entry
     CROSS JOIN item ON item.identity_key = entry.identity_key
     WHERE entry.user_id = :user_id AND (:kind IS NULL OR item.kind = :kind) AND {visible}
"""
# Of what was just watched: films and videos themselves, and shows of which the member sees nothing unwatched any more.
SEEN_THROUGH = """
    SELECT item.rating_key, entry.identity_key
      FROM json_each(:keys) AS watched
     CROSS JOIN watchlist_entry AS entry ON entry.user_id = :actor_id AND entry.identity_key = watched.value
     CROSS JOIN item ON item.identity_key = entry.identity_key AND item.kind IN ('movie', 'video')
     WHERE {visible}
     UNION
    SELECT top.rating_key, entry.identity_key
      FROM json_each(:keys) AS watched
     CROSS JOIN item ON item.identity_key = watched.value AND item.kind = 'episode'
     CROSS JOIN item AS season ON season.item_id = item.parent_id
     CROSS JOIN item AS top ON top.item_id = season.parent_id
     CROSS JOIN watchlist_entry AS entry ON entry.user_id = :actor_id AND entry.identity_key = top.identity_key
     WHERE {visible}
       AND NOT EXISTS (
           SELECT 1
             FROM item AS branch INDEXED BY item_parent
            CROSS JOIN item INDEXED BY item_parent ON item.parent_id = branch.item_id AND item.kind = 'episode'
             LEFT JOIN watch_state AS watch
               ON watch.user_id = :actor_id AND watch.identity_key = item.identity_key
            WHERE branch.parent_id = top.item_id AND branch.kind = 'season' AND coalesce(watch.is_watched, 0) = 0
              AND {visible})
"""


class Entry(msgspec.Struct, frozen=True):
    """A title that can stand on a list. `rating_key` is that of the show for its seasons and episodes."""

    rating_key: str
    identity_key: str


async def target(read: Reader, visible: Visible, key: str) -> Entry | None:
    """What an entry for this rating key stands for; None when the member sees no such title."""
    rows = await read(TARGET.format(visible=visible.sql), {**visible.args, "key": key})
    return Entry(rows[0]["rating_key"], rows[0]["identity_key"]) if rows else None


async def add(tx: Write, user_id: str, identity_key: str, added_at: int) -> bool:
    """Whether it was not there before; the time of an entry that was stays."""
    return bool(await tx.run(ADD, {"user_id": user_id, "identity_key": identity_key, "added_at": added_at}))


async def remove(tx: Write, user_id: str, identity_key: str) -> bool:
    """Whether it was there."""
    return bool(await tx.run(REMOVE, {"user_id": user_id, "identity_key": identity_key}))


async def page(
    read: Reader, visible: Visible, user_id: str, *, kind: str | None, offset: int, limit: int
) -> list[sqlite3.Row]:
    """Item ids with the time of their entries (ms), the newest first."""
    args = {"user_id": user_id, "kind": kind, "offset": offset, "limit": limit}
    return await read(PAGE.format(visible=visible.sql), {**visible.args, **args})


async def count(read: Reader, visible: Visible, user_id: str, kind: str | None) -> int:
    args = {**visible.args, "user_id": user_id, "kind": kind}
    return int((await read(COUNT.format(visible=visible.sql), args))[0]["many"])


async def seen_through(read: Reader, visible: Visible, user_id: str, identities: Sequence[str]) -> list[Entry]:
    """Entries that are done with, after these were watched; one for each item, so a title may come twice."""
    args = {**visible.args, "actor_id": user_id, "keys": as_json(identities)}
    rows = await read(SEEN_THROUGH.format(visible=visible.sql), args)
    return [Entry(row["rating_key"], row["identity_key"]) for row in rows]
