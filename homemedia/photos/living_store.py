"""The statements that join stills and their moving parts."""

from homemedia.core.db import Reader, Write

OTHER_HALF = """
    SELECT photo.photo_id
      FROM photo_exif CROSS JOIN photo ON photo.photo_id = photo_exif.photo_id
     WHERE photo_exif.content_id = :content_id AND photo.owner_id = :owner_id AND photo.kind = :kind
       AND photo.deleted_at IS NULL AND photo.live_video_id IS NULL
     ORDER BY photo.created_at LIMIT 1
"""
JOIN = """
    UPDATE photo SET live_video_id = :video_id, updated_at = :now, stamp = :stamp
     WHERE photo_id = :still_id AND live_video_id IS NULL
"""
# Of a still whose file has another film in it now, or none.
REJOIN = """
    UPDATE photo SET live_video_id = :video_id, updated_at = :now, stamp = :stamp
     WHERE photo_id = :still_id AND live_video_id IS :was
"""
IS_EMBEDDED = "SELECT is_embedded FROM photo WHERE photo_id = :video_id"
IS_USED = "SELECT 1 FROM photo WHERE live_video_id = :video_id LIMIT 1"


async def other_half(tx: Write, owner_id: str, content_id: str, kind: str) -> str | None:
    """A member's photo of a kind that carries this mark and has no moving part yet."""
    rows = await tx.rows(OTHER_HALF, {"owner_id": owner_id, "content_id": content_id, "kind": kind})
    return rows[0]["photo_id"] if rows else None


async def join(tx: Write, still_id: str, video_id: str, *, now: int, stamp: int) -> bool:
    """Make a video the moving part of a still that has none; whether it had none."""
    args = {"still_id": still_id, "video_id": video_id, "now": now, "stamp": stamp}
    return await tx.run(JOIN, args) > 0


async def rejoin(tx: Write, still_id: str, video_id: str | None, *, was: str, now: int, stamp: int) -> bool:
    """Give a still another moving part than the one it had, or none; whether it had that one."""
    args = {"still_id": still_id, "video_id": video_id, "was": was, "now": now, "stamp": stamp}
    return await tx.run(REJOIN, args) > 0


async def is_embedded(read: Reader, video_id: str) -> bool:
    """Whether a video was cut out of a picture's file."""
    rows = await read(IS_EMBEDDED, {"video_id": video_id})
    return bool(rows) and bool(rows[0]["is_embedded"])


async def is_used(read: Reader, video_id: str) -> bool:
    """Whether a video is the moving part of any still."""
    return bool(await read(IS_USED, {"video_id": video_id}))
