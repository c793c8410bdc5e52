"""The statements on clips whose files are being fetched."""

from homemedia.clips.models import CLIP_COLUMNS, ClipRow, clip_of
from homemedia.core.db import Reader, Write

BEGIN = f"""
    UPDATE clip SET starts = starts + 1 WHERE clip_id = :clip_id AND status = 'downloading'
    RETURNING {CLIP_COLUMNS}
"""  # noqa: S608 - columns of our own
WAITING = "SELECT clip_id FROM clip WHERE status = 'downloading'"
# What the source says of a song, before the song is there.
LEARN = """
    UPDATE clip SET source_title = coalesce(:source_title, source_title), artist = coalesce(:artist, artist),
                    album_art_url = coalesce(:album_art_url, album_art_url),
                    spotify_url = coalesce(:spotify_url, spotify_url),
                    apple_music_url = coalesce(:apple_music_url, apple_music_url),
                    youtube_music_url = coalesce(:youtube_music_url, youtube_music_url),
                    creator_name = coalesce(:creator_name, creator_name),
                    creator_url = coalesce(:creator_url, creator_url),
                    source_view_count = coalesce(:source_view_count, source_view_count)
     WHERE clip_id = :clip_id AND status IN ('downloading', 'ready')
"""
FAIL = """
    UPDATE clip SET status = 'failed', failure_code = :code, failure_reason = :reason
     WHERE clip_id = :clip_id AND status = 'downloading'
"""
READY = """
    UPDATE clip SET status = 'ready', ready_at = :now, video_file_id = :video_file_id, audio_file_id = :audio_file_id,
                    thumbnail_file_id = :thumbnail_file_id, size_bytes = :size_bytes, duration_ms = :duration_ms,
                    width = :width, height = :height
     WHERE clip_id = :clip_id AND status = 'downloading'
    RETURNING added_by
"""

CLIP = f"SELECT {CLIP_COLUMNS} FROM clip WHERE clip_id = :clip_id"  # noqa: S608 - columns of our own


async def begin(tx: Write, clip_id: str) -> ClipRow | None:
    """Count a start of a download; the clip, None where it waits for none."""
    rows = await tx.rows(BEGIN, {"clip_id": clip_id})
    return clip_of(rows[0]) if rows else None


async def waiting(read: Reader) -> list[str]:
    """Clips whose download has not ended."""
    return [row["clip_id"] for row in await read(WAITING, {})]


async def learn(tx: Write, clip_id: str, facts: dict[str, object]) -> bool:
    """Write down what the source says, where it says something; whether the clip is there."""
    return await tx.run(LEARN, {"clip_id": clip_id, **facts}) > 0


async def fail(tx: Write, clip_id: str, code: str, reason: str) -> bool:
    """End a download without files; whether the clip waited for one."""
    return await tx.run(FAIL, {"clip_id": clip_id, "code": code, "reason": reason}) > 0


async def ready(tx: Write, clip_id: str, files: dict[str, object], now: int) -> str | None:
    """End a download with files; who sent the clip in, None where it waits for none."""
    rows = await tx.rows(READY, {"clip_id": clip_id, "now": now, **files})
    return rows[0]["added_by"] if rows else None


async def clip(read: Reader, clip_id: str) -> ClipRow | None:
    rows = await read(CLIP, {"clip_id": clip_id})
    return clip_of(rows[0]) if rows else None
