"""What a member's heaps hold, asked of whoever keeps them."""

from collections.abc import Awaitable, Callable

import msgspec


class HeapUse(msgspec.Struct, frozen=True, kw_only=True):
    """Figures of the heaps a member owns; sizes in bytes."""

    heaps: int = 0
    blocks: int = 0
    files: int = 0
    trash_bytes: int = 0
    upload_reserved_bytes: int = 0
    document_bytes: int = 0


class HeapLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What a member may keep besides his quota; None for no limit."""

    max_heaps: int | None = None
    max_file_bytes: int | None = None


NO_LIMITS = HeapLimits()
# By the member's id.
AsksUse = Callable[[str], Awaitable[HeapUse]]


async def no_use(_user_id: str) -> HeapUse:
    """Where nobody keeps heaps."""
    return HeapUse()
