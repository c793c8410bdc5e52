"""Statements on the members' pictures; the picture itself is a file named by its member."""

import msgspec

from homemedia.core.db import Reader, Write

FIND = """
    SELECT state, avatar_changed_at FROM user WHERE user_id = :user_id AND state <> 'removed'
"""
HAS = "SELECT EXISTS (SELECT 1 FROM user WHERE user_id = :user_id AND avatar_changed_at IS NOT NULL) AS has_picture"
# A millisecond later than the one before, whatever the clock says: clients tell pictures apart by it.
SET = """
    UPDATE user SET avatar_changed_at = max(:now, coalesce(avatar_changed_at + 1, 0)), updated_at = :now
     WHERE user_id = :user_id AND state <> 'removed'
    RETURNING avatar_changed_at
"""
CLEAR = """
    UPDATE user SET avatar_changed_at = NULL, updated_at = :now
     WHERE user_id = :user_id AND avatar_changed_at IS NOT NULL
"""


class Pictured(msgspec.Struct, frozen=True):
    """What the table says of a member's picture; `changed_at` in ms, None when there is none."""

    is_active: bool
    changed_at: int | None


async def find(read: Reader, user_id: str) -> Pictured | None:
    """None when there is no such member."""
    rows = await read(FIND, {"user_id": user_id})
    return Pictured(rows[0]["state"] == "active", rows[0]["avatar_changed_at"]) if rows else None


async def has(read: Reader, user_id: str) -> bool:
    return bool((await read(HAS, {"user_id": user_id}))[0]["has_picture"])


async def set_changed(tx: Write, user_id: str, now: int) -> int | None:
    """Since when the member has his picture; None when he is gone."""
    rows = await tx.rows(SET, {"user_id": user_id, "now": now})
    return int(rows[0]["avatar_changed_at"]) if rows else None


async def clear(tx: Write, user_id: str, now: int) -> bool:
    """Whether there was one."""
    return bool(await tx.run(CLEAR, {"user_id": user_id, "now": now}))
