"""The statements on links that come in."""

import msgspec

from homemedia.clips.models import ContentType, Status
from homemedia.core.db import Reader, Write

OF_URL = "SELECT clip_id, added_by, status, content_type FROM clip WHERE original_url = :url"
OF_ID = "SELECT clip_id, added_by, status, content_type FROM clip WHERE clip_id = :clip_id"
TOTAL = "SELECT coalesce(sum(size_bytes), 0) AS size_bytes FROM clip WHERE size_bytes IS NOT NULL"
ADD = """
    INSERT INTO clip (clip_id, added_by, original_url, platform, content_type, status, caption, created_at)
    VALUES (:clip_id, :added_by, :url, :platform, :content_type, 'downloading', :caption, :now)
"""
TRY_AGAIN = """
    UPDATE clip SET status = 'downloading', failure_code = NULL, failure_reason = NULL, starts = 0,
                    caption = coalesce(:caption, caption)
     WHERE clip_id = :clip_id AND status = 'failed'
"""
# As if it came for the first time; what was said of it stays.
BRING_BACK = """
    UPDATE clip SET status = 'downloading', added_by = :added_by, created_at = :now, caption = :caption, starts = 0,
                    source_title = NULL, width = NULL, height = NULL, duration_ms = NULL, source_view_count = NULL,
                    ready_at = NULL
     WHERE clip_id = :clip_id AND status = 'deleted'
"""
FORGET_WATCHES = "DELETE FROM clip_watch WHERE clip_id = :clip_id"
FORGET_DISMISSALS = "DELETE FROM clip_dismissal WHERE clip_id = :clip_id"
WATCHED = """
    INSERT INTO clip_watch (clip_id, user_id, percent, watched_at) VALUES (:clip_id, :user_id, 100, :now)
    ON CONFLICT (clip_id, user_id) DO UPDATE SET percent = 100
"""
COMMENT = """
    INSERT INTO clip_comment (clip_comment_id, clip_id, user_id, text, created_at)
    VALUES (:comment_id, :clip_id, :user_id, :text, :now)
"""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a clip when its link comes in."""

    clip_id: str
    added_by: str
    status: Status
    content_type: ContentType


class NewClip(msgspec.Struct, frozen=True, kw_only=True):
    """A clip as it is sent in. `caption` is the member's own."""

    clip_id: str
    added_by: str
    url: str
    platform: str
    content_type: ContentType
    caption: str | None


async def of_url(read: Reader, url: str) -> Known | None:
    """The clip of a link, as it is written down."""
    rows = await read(OF_URL, {"url": url})
    return Known(**dict(rows[0])) if rows else None


async def of_id(read: Reader, clip_id: str) -> Known | None:
    rows = await read(OF_ID, {"clip_id": clip_id})
    return Known(**dict(rows[0])) if rows else None


async def total_bytes(read: Reader) -> int:
    """What the files of all clips take."""
    return int((await read(TOTAL, {}))[0]["size_bytes"])


async def add(tx: Write, clip: NewClip, now: int) -> None:
    """A clip that waits for its download. Raises sqlite3.IntegrityError where there is one of that link."""
    await tx.run(ADD, msgspec.structs.asdict(clip) | {"now": now})


async def try_again(tx: Write, clip_id: str, caption: str | None = None) -> bool:
    """Have a failed clip wait for its download; whether it had failed."""
    return await tx.run(TRY_AGAIN, {"clip_id": clip_id, "caption": caption}) > 0


async def bring_back(tx: Write, clip_id: str, *, added_by: str, caption: str | None, now: int) -> bool:
    """Have a clip whose time was over wait for its download, as new; whether it was one."""
    args = {"clip_id": clip_id, "added_by": added_by, "caption": caption, "now": now}
    if not await tx.run(BRING_BACK, args):
        return False
    await tx.run(FORGET_WATCHES, {"clip_id": clip_id})
    await tx.run(FORGET_DISMISSALS, {"clip_id": clip_id})
    return True


async def watched(tx: Write, clip_id: str, user_id: str, now: int) -> None:
    """Who sends something in has seen it."""
    await tx.run(WATCHED, {"clip_id": clip_id, "user_id": user_id, "now": now})


async def comment(tx: Write, comment_id: str, clip_id: str, user_id: str, text: str, now: int) -> None:
    """The first words on a clip."""
    args = {"comment_id": comment_id, "clip_id": clip_id, "user_id": user_id, "text": text, "now": now}
    await tx.run(COMMENT, args)
