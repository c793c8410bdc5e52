"""Every statement on sittings: who watched what, when, and for how long."""

import sqlite3

from homemedia.core.db import Reader, Write
from homemedia.library.visible import Visible
from homemedia.playback.history_rules import SILENT_MS, STEP_MS, Said

# Times of a player that was offline come late and in order; what is older than what is known changes nothing.
GO_ON = """
    UPDATE sitting
       SET watched_ms = watched_ms + CASE WHEN is_playing THEN min(:at - told_at, :step_ms) ELSE 0 END,
           told_at = :at, is_playing = :is_playing, offset_ms = :offset_ms, duration_ms = :duration_ms,
           is_finished = max(is_finished, :is_finished)
     WHERE sitting_id = (SELECT sitting_id FROM sitting
                          WHERE user_id = :user_id AND identity_key = :identity_key
                            AND told_at BETWEEN :at - :silent_ms AND :at
                          ORDER BY told_at DESC LIMIT 1)
"""
# The member may have been deleted, and his sign-in ended, while his player still reports.
BEGIN = """
    INSERT INTO sitting (user_id, identity_key, title, device_type, device_os, started_at, told_at, is_playing,
                         offset_ms, duration_ms, is_finished)
    SELECT user.user_id, :identity_key, :title, coalesce(session.device_type, ''), coalesce(session.device_os, ''),
           :at, :at, :is_playing, :offset_ms, :duration_ms, :is_finished
      FROM user LEFT JOIN session ON session.session_id = :sign_in_id
     WHERE user.user_id = :user_id
"""
LATELY = """
    SELECT sitting.sitting_id, sitting.user_id, user.display_name, user.username, sitting.title, sitting.device_type,
           sitting.device_os, sitting.started_at, sitting.told_at, sitting.watched_ms, sitting.offset_ms,
           sitting.duration_ms, sitting.is_finished,
           (SELECT item.item_id FROM item WHERE item.identity_key = sitting.identity_key AND {visible}
             ORDER BY item.missing_since_at IS NOT NULL, item.item_id LIMIT 1) AS item_id
      FROM sitting INDEXED BY sitting_told
      JOIN user ON user.user_id = sitting.user_id
     WHERE sitting.told_at > :since AND (sitting.watched_ms >= :least_ms OR sitting.is_finished)
     ORDER BY sitting.told_at DESC, sitting.sitting_id DESC
     LIMIT :limit
"""
FORGET_OLD = "DELETE FROM sitting WHERE told_at < :before"


async def note(tx: Write, said: Said) -> None:
    """Write down that a player told where it is: in the sitting that goes on, or as the beginning of another."""
    args = {name: getattr(said, name) for name in said.__struct_fields__}
    if await tx.run(GO_ON, args | {"step_ms": STEP_MS, "silent_ms": SILENT_MS}):
        return
    if said.is_playing:
        await tx.run(BEGIN, args)


async def lately(read: Reader, visible: Visible, *, since: int, least_ms: int, limit: int) -> list[sqlite3.Row]:
    """Sittings that ended after `since` (ms), the newest first; `item_id` is None when the title is gone."""
    args = {"since": since, "least_ms": least_ms, "limit": limit}
    return await read(LATELY.format(visible=visible.sql), {**visible.args, **args})


async def forget_old(tx: Write, before: int) -> None:
    await tx.run(FORGET_OLD, {"before": before})
