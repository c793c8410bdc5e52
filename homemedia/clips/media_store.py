"""The statements on the files of clips, and on clips as sharing asks for them; nothing here decides."""

import sqlite3
from collections.abc import Sequence

from homemedia.core.db import Reader, as_json

# What plays of a clip: of a video made playable `remade` is where that lies, below the folder of renditions.
PLAYED = """
    SELECT clip.clip_id, file.file_id, file.path, root.path AS root, rendition.path AS remade
      FROM clip
      JOIN file ON file.file_id = coalesce(clip.video_file_id, clip.audio_file_id)
      JOIN root ON root.root_id = file.root_id
      LEFT JOIN rendition ON rendition.file_id = clip.video_file_id AND rendition.variant = 'video'
     WHERE clip.clip_id = :clip_id
"""
PICTURE = """
    SELECT clip.clip_id, file.file_id, file.path, root.path AS root
      FROM clip
      JOIN file ON file.file_id = clip.thumbnail_file_id
      JOIN root ON root.root_id = file.root_id
     WHERE clip.clip_id = :clip_id
"""
HAS_FILE = """
    SELECT 1 FROM clip
     WHERE clip_id = :clip_id AND :file_id IN (video_file_id, audio_file_id, thumbnail_file_id)
"""
CLIPS = """
    SELECT clip.clip_id, clip.added_by, clip.content_type, clip.status, clip.caption, clip.source_title,
           clip.duration_ms, clip.width, clip.height, clip.size_bytes, clip.created_at, clip.platform, clip.artist,
           clip.creator_name, clip.original_url, clip.thumbnail_file_id IS NOT NULL AS has_picture,
           uploader.state AS owner_state
      FROM json_each(:clip_ids) AS wanted
     CROSS JOIN clip ON clip.clip_id = wanted.value
      JOIN user AS uploader ON uploader.user_id = clip.added_by
"""


async def played(read: Reader, clip_id: str) -> sqlite3.Row | None:
    """What plays of a clip, where there is anything yet."""
    rows = await read(PLAYED, {"clip_id": clip_id})
    return rows[0] if rows else None


async def picture(read: Reader, clip_id: str) -> sqlite3.Row | None:
    rows = await read(PICTURE, {"clip_id": clip_id})
    return rows[0] if rows else None


async def has_file(read: Reader, clip_id: str, file_id: int) -> bool:
    """Whether a file still is a clip's."""
    return bool(await read(HAS_FILE, {"clip_id": clip_id, "file_id": file_id}))


async def clips(read: Reader, clip_ids: Sequence[str]) -> list[sqlite3.Row]:
    """Those of some clips that are there."""
    return await read(CLIPS, {"clip_ids": as_json(clip_ids)})
