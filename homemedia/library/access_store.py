"""What the house's own things are rated."""

from homemedia.core.db import Reader

HAS_RATING = "SELECT EXISTS (SELECT 1 FROM audience WHERE rating = :rating) AS is_known"


async def has_rating(read: Reader, rating: str) -> bool:
    """Whether anything in the house has this rating, folded."""
    return bool((await read(HAS_RATING, {"rating": rating}))[0]["is_known"])
