"""The statements of watching: who watched what how far, what he likes, what he put aside."""

import sqlite3
from collections.abc import Sequence

from homemedia.core.db import Reader, Write, as_json

CLIP = """
    SELECT clip.added_by,
           EXISTS (SELECT 1 FROM clip_watch
                    WHERE clip_watch.clip_id = clip.clip_id AND clip_watch.user_id = :user_id) AS is_watched,
           EXISTS (SELECT 1 FROM clip_favorite
                    WHERE clip_favorite.clip_id = clip.clip_id AND clip_favorite.user_id = :user_id) AS is_favorite
      FROM clip WHERE clip.clip_id = :clip_id
"""
WATCH = """
    INSERT INTO clip_watch (clip_id, user_id, percent, watched_at) VALUES (:clip_id, :user_id, :percent, :now)
    ON CONFLICT (clip_id, user_id)
    DO UPDATE SET percent = excluded.percent WHERE excluded.percent > coalesce(clip_watch.percent, -1)
"""
RAISE = """
    UPDATE clip_watch SET percent = :percent
     WHERE clip_id = :clip_id AND user_id = :user_id AND :percent > coalesce(percent, -1)
"""
UNWATCH = "DELETE FROM clip_watch WHERE clip_id = :clip_id AND user_id = :user_id"
VIEWS = """
    SELECT clip_watch.user_id, clip_watch.percent, clip_watch.watched_at, user.username, user.avatar_changed_at
      FROM clip_watch JOIN user ON user.user_id = clip_watch.user_id
     WHERE clip_watch.clip_id = :clip_id
     ORDER BY coalesce(clip_watch.percent, 0) >= :half DESC, clip_watch.watched_at DESC, clip_watch.user_id
"""
LIKE = "INSERT INTO clip_favorite (clip_id, user_id, created_at) VALUES (:clip_id, :user_id, :now)"
UNLIKE = "DELETE FROM clip_favorite WHERE clip_id = :clip_id AND user_id = :user_id"
PUT_ASIDE = """
    INSERT INTO clip_dismissal (clip_id, user_id, dismissed_at)
    SELECT clip_unwatched.clip_id, :user_id, :now
      FROM clip_unwatched
     WHERE clip_unwatched.user_id = :user_id
       AND clip_unwatched.clip_id NOT IN (SELECT value FROM json_each(:keep_ids))
        ON CONFLICT DO NOTHING
"""
RESTORE = """
    DELETE FROM clip_dismissal
     WHERE user_id = :user_id AND clip_id IN (SELECT value FROM json_each(:clip_ids))
"""
RESTORE_ALL = "DELETE FROM clip_dismissal WHERE user_id = :user_id"
# What somebody sent in counts as watched without his watching it.
STATS = """
    SELECT (SELECT count(*) FROM clip WHERE clip.added_by = :user_id AND clip.status <> 'deleted') AS uploads,
           (SELECT count(*) FROM clip_favorite WHERE clip_favorite.user_id = :user_id) AS saves,
           (SELECT coalesce(sum(clip.duration_ms * clip_watch.percent), 0)
              FROM clip_watch CROSS JOIN clip ON clip.clip_id = clip_watch.clip_id
             WHERE clip_watch.user_id = :user_id AND clip.added_by <> :user_id) AS watched
"""


async def clip(read: Reader, clip_id: str, user_id: str) -> sqlite3.Row | None:
    """How a member stands to a clip."""
    rows = await read(CLIP, {"clip_id": clip_id, "user_id": user_id})
    return rows[0] if rows else None


async def watch(tx: Write, clip_id: str, user_id: str, *, percent: int | None, now: int) -> None:
    """The first time stays, and the most that was watched."""
    await tx.run(WATCH, {"clip_id": clip_id, "user_id": user_id, "percent": percent, "now": now})


async def progress(tx: Write, clip_id: str, user_id: str, percent: int) -> bool:
    """Whether more was watched than was known."""
    return await tx.run(RAISE, {"clip_id": clip_id, "user_id": user_id, "percent": percent}) > 0


async def unwatch(tx: Write, clip_id: str, user_id: str) -> bool:
    """Whether it had been watched."""
    return await tx.run(UNWATCH, {"clip_id": clip_id, "user_id": user_id}) > 0


async def views(read: Reader, clip_id: str, *, half: int) -> list[sqlite3.Row]:
    """Who watched a clip: those who saw `half` percent of it first, then the last first."""
    return await read(VIEWS, {"clip_id": clip_id, "half": half})


async def like(tx: Write, clip_id: str, user_id: str, *, now: int) -> None:
    await tx.run(LIKE, {"clip_id": clip_id, "user_id": user_id, "now": now})


async def unlike(tx: Write, clip_id: str, user_id: str) -> None:
    await tx.run(UNLIKE, {"clip_id": clip_id, "user_id": user_id})


async def put_aside(tx: Write, user_id: str, keep_ids: Sequence[str], *, now: int) -> int:
    """Put aside all that a member has still to watch but these; how much that was."""
    return await tx.run(PUT_ASIDE, {"user_id": user_id, "keep_ids": as_json(keep_ids), "now": now})


async def restore(tx: Write, user_id: str, clip_ids: Sequence[str]) -> int:
    return await tx.run(RESTORE, {"user_id": user_id, "clip_ids": as_json(clip_ids)})


async def restore_all(tx: Write, user_id: str) -> int:
    return await tx.run(RESTORE_ALL, {"user_id": user_id})


async def stats(read: Reader, user_id: str) -> sqlite3.Row:
    """`uploads`, `saves`, and `watched` in ms times percent."""
    return (await read(STATS, {"user_id": user_id}))[0]
