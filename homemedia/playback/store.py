"""Every statement on watch state."""

import sqlite3
from collections.abc import Mapping, Sequence

from homemedia.core.db import Reader, Write, as_json
from homemedia.library.visible import Visible
from homemedia.library.watched import WatchSql
from homemedia.playback.rules import SHORTEST_MS, USUAL, Thresholds, WatchState


def in_progress_sql(thresholds: Thresholds = USUAL) -> str:
    """A condition on a row `watch` of watch_state; says the same as `rules.is_in_progress`."""
    return (
        f"(watch.is_hidden = 0 AND watch.duration_ms >= {SHORTEST_MS}"
        f" AND watch.offset_ms * 100 > watch.duration_ms * {thresholds.resume_percent}"
        f" AND watch.offset_ms * 100 < watch.duration_ms * {thresholds.watched_percent})"
    )


# A condition on a row of `item`; answered by the primary key of the list.
IS_LISTED = (
    "EXISTS (SELECT 1 FROM watchlist_entry AS wished"
    " WHERE wished.user_id = :actor_id AND wished.identity_key = item.identity_key)"
)


def watch_sql(thresholds: Thresholds = USUAL) -> WatchSql:
    """What the library's statements need to know what a member has seen."""
    return WatchSql(
        join="LEFT JOIN watch_state AS watch ON watch.user_id = :actor_id AND watch.identity_key = item.identity_key",
        is_watched="coalesce(watch.is_watched, 0)",
        offset_ms="coalesce(watch.offset_ms, 0)",
        view_count="coalesce(watch.view_count, 0)",
        last_viewed_at="watch.last_viewed_at",
        is_started=f"coalesce({in_progress_sql(thresholds)}, 0)",
        is_hidden="coalesce(watch.is_hidden, 0)",
        is_listed=IS_LISTED,
        watched_items=(
            "watch_state AS watch CROSS JOIN item ON watch.user_id = :actor_id AND watch.is_watched = 1"
            " AND item.identity_key = watch.identity_key"
        ),
    )


WATCH_SQL = watch_sql()

TARGET = """
    SELECT item.item_id, item.rating_key, item.kind, item.identity_key, item.duration_ms, item.title,
           coalesce(top.identity_key, item.identity_key) AS choice_key
      FROM item
      LEFT JOIN item AS parent ON parent.item_id = item.parent_id
      LEFT JOIN item AS top ON top.item_id = parent.parent_id
     WHERE item.rating_key = :key AND {visible}
"""
PARTS = """
    SELECT item_file.file_id, item_file.version, item_file.version_index, item_file.part,
           file.duration_ms, file.height, file.probe
      FROM item_file JOIN file ON file.file_id = item_file.file_id
     WHERE item_file.item_id = :item_id
"""
# Everything that one file holds: a file of two episodes is watched for both.
SHARING = """
    SELECT item.identity_key, item.rating_key
      FROM item_file JOIN item ON item.item_id = item_file.item_id
     WHERE item_file.file_id = :file_id AND item.kind <> 'extra'
"""
STATES = """
    SELECT identity_key, offset_ms, duration_ms, is_watched, view_count, last_viewed_at, is_hidden, is_past_end
      FROM watch_state
     WHERE user_id = :user_id AND identity_key IN (SELECT value FROM json_each(:keys))
"""
# The member may have been deleted while his player still reports.
SAVE = """
    INSERT INTO watch_state (user_id, identity_key, offset_ms, duration_ms, is_watched, view_count, last_viewed_at,
                             is_hidden, is_past_end)
    SELECT user.user_id, :identity_key, :offset_ms, :duration_ms, :is_watched, :view_count, :last_viewed_at, :is_hidden,
           :is_past_end
      FROM user WHERE user.user_id = :user_id
        ON CONFLICT (user_id, identity_key) DO UPDATE
       SET offset_ms = excluded.offset_ms, duration_ms = excluded.duration_ms, is_watched = excluded.is_watched,
           view_count = excluded.view_count, last_viewed_at = excluded.last_viewed_at, is_hidden = excluded.is_hidden,
           is_past_end = excluded.is_past_end
"""
# The label of the version that is played, '' for the unlabelled one.
SAVE_VERSION = """
    INSERT INTO watch_state (user_id, identity_key, version)
    SELECT user.user_id, :identity_key, :version FROM user WHERE user.user_id = :user_id
        ON CONFLICT (user_id, identity_key) DO UPDATE SET version = excluded.version
     WHERE watch_state.version IS NOT excluded.version
"""
SAVE_TRACKS = """
    INSERT INTO watch_state (user_id, identity_key, tracks)
    SELECT user.user_id, :identity_key, :tracks FROM user WHERE user.user_id = :user_id
        ON CONFLICT (user_id, identity_key)
        DO UPDATE SET tracks = json_patch(coalesce(watch_state.tracks, json_object()), excluded.tracks)
"""
TRACKS = """
    SELECT watch.tracks
      FROM item
      LEFT JOIN item AS parent ON parent.item_id = item.parent_id
      LEFT JOIN item AS top ON top.item_id = parent.parent_id
      JOIN watch_state AS watch
        ON watch.user_id = :user_id AND watch.identity_key = coalesce(top.identity_key, item.identity_key)
     WHERE item.rating_key = :key
"""
# What a mark on an item reaches: itself, or every episode below that the member sees.
MARKED = """
    SELECT item.identity_key, item.duration_ms FROM item WHERE item.item_id = :item_id AND {visible}
       AND item.kind IN ('movie', 'episode', 'video', 'track')
     UNION
    SELECT item.identity_key, item.duration_ms FROM item INDEXED BY item_parent
     WHERE item.parent_id = :item_id AND item.kind IN ('episode', 'track') AND {visible}
     UNION
    SELECT item.identity_key, item.duration_ms
      FROM item AS season INDEXED BY item_parent
     CROSS JOIN item INDEXED BY item_parent
             ON item.parent_id = season.item_id AND item.kind IN ('episode', 'track')
     WHERE season.parent_id = :item_id AND season.kind IN ('season', 'album') AND {visible}
"""
KEYED = """
    SELECT item.item_id, item.rating_key, item.kind, item.identity_key,
           coalesce(watch.duration_ms, item.duration_ms) AS duration_ms, coalesce(watch.is_watched, 0) AS is_watched,
           coalesce(watch.offset_ms, 0) AS offset_ms, coalesce(watch.view_count, 0) AS view_count, watch.last_viewed_at
      FROM json_each(:keys) AS wanted
     CROSS JOIN item ON item.rating_key = wanted.value
      LEFT JOIN watch_state AS watch ON watch.user_id = :actor_id AND watch.identity_key = item.identity_key
     WHERE {visible}
"""
STARTED = """
    SELECT item.item_id, item.library_id, item.identity_key, season.parent_id AS show_id, watch.offset_ms,
           watch.duration_ms, watch.last_viewed_at
      FROM watch_state AS watch
     CROSS JOIN item ON item.identity_key = watch.identity_key AND item.kind IN ('movie', 'episode', 'video')
      LEFT JOIN item AS season ON season.item_id = item.parent_id
     WHERE watch.user_id = :actor_id AND watch.last_viewed_at > :since AND {in_progress} AND {visible}
       AND (:library_id IS NULL OR item.library_id = :library_id)
     ORDER BY watch.last_viewed_at DESC, item.item_id
     LIMIT :limit
"""
WATCHED_SHOWS = """
    SELECT season.parent_id AS show_id, max(watch.last_viewed_at) AS last_viewed_at
      FROM watch_state AS watch
     CROSS JOIN item ON item.identity_key = watch.identity_key AND item.kind = 'episode'
     CROSS JOIN item AS season ON season.item_id = item.parent_id
     WHERE watch.user_id = :actor_id AND watch.is_watched = 1 AND watch.last_viewed_at IS NOT NULL AND {visible}
       AND (:library_id IS NULL OR item.library_id = :library_id)
     GROUP BY season.parent_id
     ORDER BY last_viewed_at DESC
"""


async def target(read: Reader, visible: Visible, key: str) -> sqlite3.Row | None:
    rows = await read(TARGET.format(visible=visible.sql), {**visible.args, "key": key})
    return rows[0] if rows else None


async def parts(read: Reader, item_id: int) -> list[sqlite3.Row]:
    return await read(PARTS, {"item_id": item_id})


async def sharing(read: Reader, file_id: int) -> list[tuple[str, str]]:
    """Identity and rating key of everything that one file holds."""
    return [(row["identity_key"], row["rating_key"]) for row in await read(SHARING, {"file_id": file_id})]


async def states(read: Reader, user_id: str, keys: Sequence[str]) -> dict[str, WatchState]:
    """What is known by identity; what is not there was never seen."""
    rows = await read(STATES, {"user_id": user_id, "keys": as_json(keys)})
    return {
        row["identity_key"]: WatchState(
            offset_ms=row["offset_ms"],
            duration_ms=row["duration_ms"],
            is_watched=bool(row["is_watched"]),
            view_count=row["view_count"],
            last_viewed_at=row["last_viewed_at"],
            is_hidden=bool(row["is_hidden"]),
            is_past_end=bool(row["is_past_end"]),
        )
        for row in rows
    }


async def save(tx: Write, user_id: str, known: Mapping[str, WatchState]) -> None:
    """Write states by identity; those of a deleted member go nowhere."""
    await tx.many(
        SAVE,
        (
            {
                "user_id": user_id,
                "identity_key": key,
                **{name: getattr(state, name) for name in state.__struct_fields__},
            }
            for key, state in known.items()
        ),
    )


async def save_tracks(tx: Write, user_id: str, identity_key: str, tracks: str) -> None:
    """Lay `tracks`, JSON, over what was kept: what it does not name stays."""
    await tx.run(SAVE_TRACKS, {"user_id": user_id, "identity_key": identity_key, "tracks": tracks})


async def save_version(tx: Write, user_id: str, identity_key: str, version: str) -> None:
    await tx.run(SAVE_VERSION, {"user_id": user_id, "identity_key": identity_key, "version": version})


async def tracks(read: Reader, user_id: str, key: str) -> str | None:
    """The JSON of the track choice for an item or its show."""
    rows = await read(TRACKS, {"user_id": user_id, "key": key})
    return rows[0]["tracks"] if rows else None


async def marked(read: Reader, visible: Visible, item_id: int) -> dict[str, int | None]:
    """Identity and length of everything that a mark on an item reaches."""
    rows = await read(MARKED.format(visible=visible.sql), {**visible.args, "item_id": item_id})
    return {row["identity_key"]: row["duration_ms"] for row in rows}


async def keyed(read: Reader, visible: Visible, actor_id: str, keys: Sequence[str]) -> list[sqlite3.Row]:
    args = {**visible.args, "actor_id": actor_id, "keys": as_json(keys)}
    return await read(KEYED.format(visible=visible.sql), args)


async def started(
    read: Reader, visible: Visible, thresholds: Thresholds, args: Mapping[str, object]
) -> list[sqlite3.Row]:
    """What is in progress, the newest first; binds actor_id, since, library_id and limit."""
    sql = STARTED.format(visible=visible.sql, in_progress=in_progress_sql(thresholds))
    return await read(sql, {**visible.args, **args})


async def watched_shows(read: Reader, visible: Visible, actor_id: str, library_id: str | None) -> list[tuple[int, int]]:
    """Shows with a watched episode and when the last was, the newest first."""
    args = {**visible.args, "actor_id": actor_id, "library_id": library_id}
    rows = await read(WATCHED_SHOWS.format(visible=visible.sql), args)
    return [(row["show_id"], row["last_viewed_at"]) for row in rows]
