"""The statements on members' own share tokens: whose each is, by its hash."""

from homemedia.core.db import Reader, Write

SENDER = "SELECT user_id FROM clip_share_token WHERE token_hash = :token_hash"
GIVE = """
    INSERT INTO clip_share_token (user_id, token_hash, created_at) VALUES (:user_id, :token_hash, :now)
    ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at
"""
MADE_AT = "SELECT created_at FROM clip_share_token WHERE user_id = :user_id"
TAKE = "DELETE FROM clip_share_token WHERE user_id = :user_id"


async def sender(read: Reader, token_hash: str) -> str | None:
    """Whose token this is."""
    rows = await read(SENDER, {"token_hash": token_hash})
    return rows[0]["user_id"] if rows else None


async def give(tx: Write, user_id: str, token_hash: str, now: int) -> None:
    """Give a member a token; one that he had is over."""
    await tx.run(GIVE, {"user_id": user_id, "token_hash": token_hash, "now": now})


async def made_at(read: Reader, user_id: str) -> int | None:
    """Since when a member has a token, in ms; None when he has none."""
    rows = await read(MADE_AT, {"user_id": user_id})
    return rows[0]["created_at"] if rows else None


async def take(tx: Write, user_id: str) -> None:
    await tx.run(TAKE, {"user_id": user_id})
