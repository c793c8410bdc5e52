"""The statement on clips whose time is over."""

from homemedia.core.db import Reader

OVER = """
    SELECT clip.clip_id FROM clip
     WHERE clip.status IN ('ready', 'failed') AND clip.created_at < :before
       AND NOT (:keeps_favorites AND EXISTS (SELECT 1 FROM clip_favorite WHERE clip_favorite.clip_id = clip.clip_id))
     ORDER BY clip.created_at
     LIMIT :limit
"""


async def over(read: Reader, before: int, *, keeps_favorites: bool, limit: int) -> list[str]:
    """The oldest clips that came before a time in ms and are neither on their way nor ended."""
    args = {"before": before, "keeps_favorites": keeps_favorites, "limit": limit}
    return [row["clip_id"] for row in await read(OVER, args)]
