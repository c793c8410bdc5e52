"""The statements on what is gone: triggers write it down, and apps are told at their next visit (`sync`)."""

from homemedia.core.db import Write

FORGET = "DELETE FROM photo_tombstone WHERE deleted_at < :before"


async def forget(tx: Write, before: int) -> int:
    """Drop what was remembered for long enough; how many."""
    return await tx.run(FORGET, {"before": before})
