"""The statements on the room that clips take; nothing here decides."""

import sqlite3

import msgspec

from homemedia.clips.models import CLIP_COLUMNS, ClipRow, clip_of
from homemedia.core.db import Reader, Write, as_json

# Those whose time is over take no room any more, and have left all lists.
_STORED = f"""
    SELECT {CLIP_COLUMNS},
           (SELECT user.username FROM user WHERE user.user_id = clip.added_by) AS owner_name,
           (SELECT file.path FROM file WHERE file.file_id = clip.thumbnail_file_id) AS thumbnail_path
      FROM clip
     WHERE clip.status <> 'deleted'
"""  # noqa: S608 - columns of our own
NEWEST = f"{_STORED} ORDER BY clip.created_at DESC, clip.clip_id DESC LIMIT :limit OFFSET :offset"
LARGEST = f"{_STORED} ORDER BY clip.size_bytes DESC, clip.clip_id DESC LIMIT :limit OFFSET :offset"
TOTALS = "SELECT count(*) AS clips, coalesce(sum(size_bytes), 0) AS size_bytes FROM clip WHERE status <> 'deleted'"
KNOWN = "SELECT clip_id FROM clip WHERE clip_id IN (SELECT value FROM json_each(:ids))"


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A clip, the user name of who sent it in, and where its picture lies."""

    clip: ClipRow
    owner_name: str
    thumbnail_path: str | None


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    clips: int
    size_bytes: int


async def newest(read: Reader, *, limit: int, offset: int) -> list[Stored]:
    """Clips that are not over, in every state, the newest first."""
    return [_stored(row) for row in await read(NEWEST, {"limit": limit, "offset": offset})]


async def largest(read: Reader, *, limit: int, offset: int) -> list[Stored]:
    """Likewise, the largest first."""
    return [_stored(row) for row in await read(LARGEST, {"limit": limit, "offset": offset})]


async def totals(read: Reader) -> Totals:
    row = (await read(TOTALS, {}))[0]
    return Totals(clips=row["clips"], size_bytes=row["size_bytes"])


async def known(tx: Write, clip_ids: list[str]) -> list[str]:
    """Those that are ids of clips."""
    return [row["clip_id"] for row in await tx.rows(KNOWN, {"ids": as_json(clip_ids)})]


def _stored(row: sqlite3.Row) -> Stored:
    return Stored(clip=clip_of(row), owner_name=row["owner_name"], thumbnail_path=row["thumbnail_path"])
