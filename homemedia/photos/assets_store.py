"""The statements of what members list of their own photos."""

import sqlite3

from homemedia.core.db import Reader

# Trashed ones too, for the answer says which they are.
LISTED = """
    SELECT photo.photo_id, photo.updated_at FROM photo
     WHERE photo.owner_id = :owner_id AND photo.visibility IN ('timeline', 'archive')
       AND (photo.updated_at, photo.photo_id) > (:after_at, :after_id) AND photo.updated_at <= :before
     ORDER BY photo.updated_at, photo.photo_id
     LIMIT :limit OFFSET :offset
"""
LISTED_COUNT = """
    SELECT count(*) AS photos FROM photo
     WHERE photo.owner_id = :owner_id AND photo.visibility IN ('timeline', 'archive')
       AND photo.updated_at BETWEEN :after_at AND :before
"""
COUNTS = """
    SELECT photo_month.kind, sum(photo_month.photos) AS photos FROM photo_month
     WHERE photo_month.owner_id = :owner_id
       AND photo_month.visibility IN (SELECT value FROM json_each(:visibilities))
       AND (:is_favorite IS NULL OR photo_month.is_favorite = :is_favorite)
       AND (:is_trashed IS NULL OR photo_month.is_trashed = :is_trashed)
     GROUP BY photo_month.kind
"""


async def listed(
    read: Reader, owner_id: str, *, behind: tuple[int, str], before: int, limit: int, offset: int
) -> list[tuple[int, str]]:
    """A member's photos behind (updated at, id) and not after `before`, in that order."""
    args = {"owner_id": owner_id, "after_at": behind[0], "after_id": behind[1], "before": before}
    rows = await read(LISTED, args | {"limit": limit, "offset": offset})
    return [(row["updated_at"], row["photo_id"]) for row in rows]


async def listed_count(read: Reader, owner_id: str, *, after: int, before: int) -> int:
    rows = await read(LISTED_COUNT, {"owner_id": owner_id, "after_at": after, "before": before})
    return int(rows[0]["photos"])


async def counts(
    read: Reader,
    owner_id: str,
    *,
    visibilities: str,
    is_favorite: bool | None,
    is_trashed: bool | None,
) -> dict[str, int]:
    """How many photos of each kind a member has; `visibilities` is a JSON list, None is either."""
    args = {
        "owner_id": owner_id,
        "visibilities": visibilities,
        "is_favorite": None if is_favorite is None else int(is_favorite),
        "is_trashed": None if is_trashed is None else int(is_trashed),
    }
    rows: list[sqlite3.Row] = await read(COUNTS, args)
    return {row["kind"]: row["photos"] for row in rows}
