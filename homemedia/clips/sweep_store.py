"""The statement on files that no clip refers to."""

from homemedia.core.db import Reader

UNUSED = """
    SELECT file.file_id FROM file
     WHERE file.root_id = :root_id AND file.path >= :below AND file.path < :above AND file.added_at < :before
       AND NOT EXISTS (SELECT 1 FROM clip WHERE clip.video_file_id = file.file_id)
       AND NOT EXISTS (SELECT 1 FROM clip WHERE clip.audio_file_id = file.file_id)
       AND NOT EXISTS (SELECT 1 FROM clip WHERE clip.thumbnail_file_id = file.file_id)
     LIMIT :limit
"""


async def unused(read: Reader, root_id: int, folder: str, *, before: int, limit: int) -> list[int]:
    """Files below a folder that came before a time in ms and belong to no clip."""
    # '0' is the sign behind '/'.
    args = {"root_id": root_id, "below": f"{folder}/", "above": f"{folder}0", "before": before, "limit": limit}
    return [row["file_id"] for row in await read(UNUSED, args)]
