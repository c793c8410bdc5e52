"""Every statement on watch state."""

from homemedia.library.watched import WatchSql

IN_PROGRESS = """(watch.offset_ms > 0 AND watch.is_hidden = 0 AND coalesce(watch.duration_ms, 0) >= 300000
    AND watch.offset_ms * 20 > watch.duration_ms AND watch.offset_ms * 10 < watch.duration_ms * 9)"""
WATCH_SQL = WatchSql(
    join="LEFT JOIN watch_state AS watch ON watch.user_id = :actor_id AND watch.identity_key = item.identity_key",
    is_watched="coalesce(watch.is_watched, 0)",
    offset_ms="coalesce(watch.offset_ms, 0)",
    view_count="coalesce(watch.view_count, 0)",
    last_viewed_at="watch.last_viewed_at",
    is_started=f"coalesce({IN_PROGRESS}, 0)",
)
