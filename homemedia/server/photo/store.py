"""The statements of what the photo API's clients ask of the server."""

import sqlite3

from homemedia.core.db import Reader

DOCUMENT = "photos.config"
ONBOARDING = "photos.admin_onboarding"
# For administrators: adds up every file there is.
USAGE = """
    SELECT user.user_id, user.display_name, user.quota_bytes, user.used_bytes,
           coalesce(sum(photo.kind = 'IMAGE' AND photo.visibility <> 'hidden'), 0) AS photos,
           coalesce(sum(photo.kind = 'VIDEO' AND photo.visibility <> 'hidden'), 0) AS videos,
           coalesce(sum(photo.size_bytes) FILTER (WHERE photo.kind = 'IMAGE'), 0) AS photo_bytes,
           coalesce(sum(photo.size_bytes) FILTER (WHERE photo.kind = 'VIDEO'), 0) AS video_bytes
      FROM user
      LEFT JOIN photo ON photo.owner_id = user.user_id AND photo.library_id IS NULL
     WHERE user.state <> 'removed'
     GROUP BY user.user_id
     ORDER BY user.created_at
"""
FIRST_MEMBER = "SELECT min(created_at) AS at FROM user"


async def usage(read: Reader) -> list[sqlite3.Row]:
    """What each member keeps, oldest member first."""
    return await read(USAGE, {})


async def began_at(read: Reader) -> int | None:
    """Since when this server has members, in ms."""
    at: int | None = (await read(FIRST_MEMBER, {}))[0]["at"]
    return at
