"""What is dropped of a member who is gone for good."""

from homemedia.core.db import Write

FORGET_STATES = "DELETE FROM watch_state WHERE user_id = :user_id"
FORGET_WATCHLIST = "DELETE FROM watchlist_entry WHERE user_id = :user_id"
FORGET_SITTINGS = "DELETE FROM sitting WHERE user_id = :user_id"


async def forget_member(tx: Write, user_id: str) -> None:
    """Drop what somebody watched and wanted to see."""
    await tx.run(FORGET_STATES, {"user_id": user_id})
    await tx.run(FORGET_WATCHLIST, {"user_id": user_id})
    await tx.run(FORGET_SITTINGS, {"user_id": user_id})
