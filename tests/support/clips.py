"""Clips as they are once they came in, without anybody downloading them.

ann_s = await a_clip(house.server.db, ann.id, caption="my cat")
await a_clip_file(house, ann_s, b"...", ".mp4")
"""

import itertools
from pathlib import Path
from typing import Any

from homemedia.core.db import Database
from homemedia.core.digests import digests_of
from homemedia.core.ids import new_uuid
from tests.support.app import House

NEW_YEAR = 1_767_225_600_000  # 2026-01-01 00:00 UTC in ms
MINUTE_MS = 60_000
_numbers = itertools.count(1)

INSERT = """
    INSERT INTO clip (clip_id, added_by, original_url, platform, content_type, status, caption, source_title,
                      duration_ms, artist, source_view_count, failure_code, failure_reason, created_at, ready_at)
    VALUES (:clip_id, :added_by, :original_url, :platform, :content_type, :status, :caption, :source_title,
            :duration_ms, :artist, :source_view_count, :failure_code, :failure_reason, :created_at, :ready_at)
"""
WATCHED = "INSERT INTO clip_watch (clip_id, user_id, percent, watched_at) VALUES (:clip_id, :user_id, 100, :now)"
HAS_FILE = """
    UPDATE clip SET {column} = :file_id, size_bytes = coalesce(size_bytes, 0) + :size WHERE clip_id = :clip_id
"""


def clip_row(added_by: str, **columns: Any) -> dict[str, Any]:
    """A row of table `clip`: a ready video, each a minute younger than the one before."""
    number = next(_numbers)
    created_at = columns.get("created_at", NEW_YEAR + number * MINUTE_MS)
    has_failed = columns.get("status") == "failed"
    return {
        "clip_id": new_uuid(),
        "added_by": added_by,
        "original_url": f"https://www.tiktok.com/@somebody/video/{number}",
        "platform": "tiktok",
        "content_type": "video",
        "status": "ready",
        "caption": None,
        "source_title": f"Clip {number}",
        "duration_ms": 13_400,
        "artist": None,
        "source_view_count": None,
        "failure_code": "unavailable" if has_failed else None,
        "failure_reason": "This clip is not available." if has_failed else None,
        "created_at": created_at,
        "ready_at": created_at,
        **columns,
    }


async def a_clip(db: Database, added_by: str, **columns: Any) -> str:
    """The id of a new clip that its sender has watched, as everyone has who sends one in."""
    row = clip_row(added_by, **columns)
    async with db.write() as tx:
        await tx.run(INSERT, row)
        await tx.run(WATCHED, {"clip_id": row["clip_id"], "user_id": added_by, "now": row["created_at"]})
    return str(row["clip_id"])


async def a_clip_file(house: House, clip_id: str, content: bytes, ending: str, of: str = "video") -> str:
    """A file of a clip, as `of`: video, audio, thumbnail; the name that the clip is shown with."""
    managed = house.server.photos.managed
    source = house.folder / f"{new_uuid()}{ending}"
    source.write_bytes(content)
    digests = digests_of(source, lambda: False)
    async with (
        managed.placed(source, folder="clips", name=f"{clip_id}{ending}", modified_at=NEW_YEAR) as spot,
        house.server.db.write() as tx,
    ):
        file_id = await managed.enter(tx, spot, digests, "application/octet-stream")
        args = {"file_id": file_id, "clip_id": clip_id, "size": len(content)}
        await tx.run(HAS_FILE.format(column=f"{of}_file_id"), args)
    return Path(spot.path).name
