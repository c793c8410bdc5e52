"""Words looked for in all that a member may see of notes; of one heap by itself the block lists tell."""

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.heaps import finding_store, heaps_store
from homemedia.heaps.blocks import BlockRow, Blocks
from homemedia.heaps.blocks_store import words_of


class Finding:
    """Finds blocks across heaps."""

    def __init__(self, db: Database, blocks: Blocks, clock: Clock) -> None:
        self._db = db
        self._blocks = blocks
        self._clock = clock

    async def find(self, actor: Member, query: str, *, limit: int) -> tuple[list[BlockRow], dict[str, str]]:
        """Blocks that hold words beginning like those of `query`, last changed first; and the titles of their heaps."""
        words = words_of(query)
        if words is None:
            return [], {}
        async with self._db.snapshot() as read:
            heap_ids = await heaps_store.seen(read, actor.user_id, now=self._clock.now_ms())
            found = await finding_store.found(read, words, heap_ids, limit=limit)
            return await self._blocks.rows(read, list(found)), dict(found.values())
