"""The statement on what waits for everybody."""

from homemedia.core.db import Reader

WAITING = "SELECT user_id, count(*) AS clips FROM clip_unwatched GROUP BY user_id"


async def waiting(read: Reader) -> list[tuple[str, int]]:
    """Members for whom clips wait, and how many."""
    return [(row["user_id"], row["clips"]) for row in await read(WAITING, {})]
