"""The statements that take clips, or their files, away."""

import sqlite3
from collections.abc import Sequence

from homemedia.core.db import Write, as_json

GOING = """
    SELECT clip.clip_id, clip.video_file_id, clip.audio_file_id, clip.thumbnail_file_id
      FROM json_each(:ids) AS wanted CROSS JOIN clip ON clip.clip_id = wanted.value
"""
DROP = "DELETE FROM clip WHERE clip_id IN (SELECT value FROM json_each(:ids))"
ENDING = f"""
    {GOING}
     WHERE clip.status IN ('ready', 'failed')
"""
EXPIRE = """
    UPDATE clip SET status = 'deleted', video_file_id = NULL, audio_file_id = NULL, thumbnail_file_id = NULL,
                    size_bytes = NULL, failure_code = NULL, failure_reason = NULL
     WHERE clip_id IN (SELECT value FROM json_each(:ids))
"""


async def going(tx: Write, clip_ids: Sequence[str]) -> list[sqlite3.Row]:
    """Those of some clips that are there: clip_id and its files."""
    return await tx.rows(GOING, {"ids": as_json(clip_ids)})


async def ending(tx: Write, clip_ids: Sequence[str]) -> list[sqlite3.Row]:
    """Those of some clips whose time can end: clip_id and its files."""
    return await tx.rows(ENDING, {"ids": as_json(clip_ids)})


async def drop(tx: Write, clip_ids: Sequence[str]) -> None:
    """Forget clips, and all that was said and done at them."""
    await tx.run(DROP, {"ids": as_json(clip_ids)})


async def expire(tx: Write, clip_ids: Sequence[str]) -> None:
    """Leave nothing of clips but their rows, and what was said at them."""
    await tx.run(EXPIRE, {"ids": as_json(clip_ids)})
