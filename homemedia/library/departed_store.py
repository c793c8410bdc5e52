"""The statement on libraries that are a member's own."""

from homemedia.core.db import Reader

OWNED = "SELECT library_id FROM library WHERE owner_id = :user_id AND kind IN ('photo', 'folder')"


async def owned(read: Reader, user_id: str) -> list[str]:
    """The libraries of a member."""
    return [row["library_id"] for row in await read(OWNED, {"user_id": user_id})]
