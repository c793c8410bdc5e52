"""Which file an address means, and whether who asks may have it (heaps §9.1)."""

from homemedia.accounts import Member
from homemedia.core.db import Database
from homemedia.core.problems import AppError, NotFound
from homemedia.heaps import blocks_store
from homemedia.heaps.files import store
from homemedia.heaps.files.models import Link
from homemedia.heaps.files.states import checked_hash
from homemedia.heaps.heaps import Heaps
from homemedia.heaps.models import is_id

MAX_DIGITS = 18


class BlockMedia:
    """Finds files of blocks for members."""

    def __init__(self, db: Database, heaps: Heaps) -> None:
        self._db = db
        self._heaps = heaps

    async def find(self, actor: Member, key: str, digest: str | None = None) -> Link:
        """A block's file, or a file by its number.

        Args:
            actor: who asks.
            key: a block's id, else a file's number.
            digest: an older version of the block's file; the newest where left out.

        Raises:
            BadRequest: `digest` is none.
            NotFound: there is none, or not for him; `details` says whether it has not been sent yet.
        """
        heap_id = await blocks_store.heap_of(self._db.read, key) if is_id(key) else None
        if heap_id is not None and await self._sees(actor, heap_id):
            return await self._of_block(key, digest)
        if key.isascii() and key.isdigit() and len(key) <= MAX_DIGITS:
            links = await store.of_file(self._db.read, int(key))
            for link in links:
                own = await blocks_store.heap_of(self._db.read, link.block_id)
                if own == link.heap_id and await self._sees(actor, link.heap_id):
                    return link
        raise NotFound("There is no such file.")

    async def still(self, actor: Member, link: Link) -> bool:
        """Whether he may still have it: the block is there, and he sees its heap."""
        found = (await store.of_blocks(self._db.read, [link.block_id])).get(link.block_id, {})
        return link.hash in found and await self._sees(actor, link.heap_id)

    async def _of_block(self, block_id: str, digest: str | None) -> Link:
        links = (await store.of_blocks(self._db.read, [block_id])).get(block_id, {})
        wanted = checked_hash(digest) if digest else await store.newest(self._db.read, block_id)
        # A file may be here before the document names it.
        link = links.get(wanted) if wanted else next(iter(links.values()), None)
        if link is None:
            raise absent("This file has not been uploaded yet.", "not_uploaded")
        return link

    async def _sees(self, actor: Member, heap_id: str) -> bool:
        try:
            await self._heaps.require(actor, heap_id)
        except AppError:
            return False
        return True


def absent(sentence: str, reason: str) -> NotFound:
    """Why there are no bytes: `not_uploaded`, `source_missing`, `no_thumbnail`."""
    return NotFound(sentence, details=[{"reason": reason}])
