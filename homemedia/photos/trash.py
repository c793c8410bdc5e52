"""The trash: photos lie there for a while, out of sight, and come back or go for good (design §7.49)."""

from collections.abc import Callable, Sequence

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.jobs import JobRun, Jobs
from homemedia.photos import tombstones_store, visible
from homemedia.photos import trash_store as store
from homemedia.photos.events import PhotosRestored, PhotosTrashed
from homemedia.photos.removal import BATCH, Removal

DAY_MS = 24 * 3600 * 1000
TRASH_DAYS = 30
# A device that was away for longer begins anew (photos §9.14).
TOMBSTONES_STAY_MS = 31 * DAY_MS
EMPTY_JOB = "photo-trash-empty"
EXPIRE_JOB = "photo-trash-expire"
FORGET_JOB = "photo-owner-forget"


class EmptyJob(msgspec.Struct, frozen=True, kw_only=True):
    """Empty a member's trash of what lay in it at a time in ms."""

    before: int


class Trash:
    """Puts photos into the trash and takes them out.

    Attributes:
        days: how long they lie there; 0 switches the trash off. The household's settings set it.
    """

    def __init__(self, db: Database, removal: Removal, clock: Clock | None = None) -> None:
        self._db = db
        self._removal = removal
        self._clock = clock or Clock()
        self.days: Callable[[], int] = lambda: TRASH_DAYS

    def register(self, jobs: Jobs) -> None:
        jobs.register(EMPTY_JOB, "upkeep", self._empty)
        jobs.register(EXPIRE_JOB, "upkeep", self._expire)
        jobs.register(FORGET_JOB, "upkeep", self._forget)

    async def delete(self, actor: Member, photo_ids: Sequence[str], *, is_forced: bool) -> None:
        """Put a member's photos into the trash, or remove them for good.

        Raises:
            NotFound: one of them is not his; nothing happened.
        """
        sight = visible.own(actor, self._clock.now_ms(), word="asset.delete")
        await visible.require(self._db.read, sight, photo_ids)
        if is_forced or self.days() <= 0:
            await self._removal.remove(photo_ids)
            return
        await self._in_batches(actor.user_id, photo_ids, is_trashed=True)

    async def restore(self, actor: Member, photo_ids: Sequence[str]) -> int:
        """Take photos out of the trash; how many came.

        Raises:
            NotFound: one of them is not his; nothing happened.
        """
        sight = visible.own(actor, self._clock.now_ms(), word="asset.delete")
        await visible.require(self._db.read, sight, photo_ids)
        return await self._in_batches(actor.user_id, photo_ids, is_trashed=False)

    async def restore_all(self, actor: Member) -> int:
        """Take everything of a member out of the trash; how many came."""
        before, count = self._clock.now_ms(), 0
        while page := await store.trashed(self._db.read, actor.user_id, before=before, with_offline=False, limit=BATCH):
            count += await self._in_batches(actor.user_id, page, is_trashed=False)
        return count

    async def empty(self, actor: Member) -> int:
        """Have everything in a member's trash go for good, in the background; how many that are."""
        count = await store.count_trashed(self._db.read, actor.user_id)
        if count:
            async with self._db.write() as tx:
                await tx.enqueue(EMPTY_JOB, actor.user_id, EmptyJob(before=self._clock.now_ms()))
        return count

    async def sweep(self) -> None:
        """Have go what has lain long enough."""
        async with self._db.write() as tx:
            await tombstones_store.forget(tx, self._clock.now_ms() - TOMBSTONES_STAY_MS)
            await tx.enqueue(EXPIRE_JOB, "all")

    async def forget_owner(self, tx: Write, user_id: str) -> None:
        """A member is gone for good: so go his photos, after this transaction."""
        await tx.enqueue(FORGET_JOB, user_id)

    async def _in_batches(self, owner_id: str, photo_ids: Sequence[str], *, is_trashed: bool) -> int:
        unique, count = list(dict.fromkeys(photo_ids)), 0
        choose, event = (store.may_go, PhotosTrashed) if is_trashed else (store.may_come_back, PhotosRestored)
        for at in range(0, len(unique), BATCH):
            async with self._db.write() as tx:
                now = self._clock.now_ms()
                chosen = await choose(tx.rows, owner_id, unique[at : at + BATCH])
                if chosen:
                    await store.set_trashed(tx, chosen, deleted_at=now if is_trashed else None, now=now)
                    tx.announce(event(owner_id=owner_id, photo_ids=tuple(chosen)))
            count += len(chosen)
        return count

    async def _empty(self, run: JobRun) -> None:
        before = run.payload(EmptyJob).before
        while page := await store.trashed(self._db.read, run.key, before=before, with_offline=True, limit=BATCH):
            await self._removal.remove(page)

    async def _expire(self, _run: JobRun) -> None:
        before = self._clock.now_ms() - self.days() * DAY_MS
        while page := await store.expired(self._db.read, before, BATCH):
            await self._removal.remove(page)

    async def _forget(self, run: JobRun) -> None:
        while page := await store.of_owner(self._db.read, run.key, BATCH):
            await self._removal.remove(page)
