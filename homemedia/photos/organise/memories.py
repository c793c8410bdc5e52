"""What members are reminded of: photos of this day in years before (photos §9.4)."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.ids import new_uuid
from homemedia.photos import visible
from homemedia.photos.bulk import BulkResult, Fault, results
from homemedia.photos.models import EPOCH, month_of
from homemedia.photos.organise import memories_store as store
from homemedia.photos.organise.events import MemoriesChanged
from homemedia.photos.organise.memories_store import Asked, Memory
from homemedia.photos.visible import refused

DAY_MS = 86_400_000
DAYS_AROUND = 3
MOST_PHOTOS = 20
KEPT_DAYS = 30


class Memories:
    """Members' memories; makes them, and drops the old ones."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def listed(self, actor: Member, asked: Asked) -> list[tuple[Memory, list[str]]]:
        """A member's memories, each with its photos; those of which nothing is left to see are left out."""
        found = await store.listed(self._db.read, actor.user_id, asked)
        photos = await self._photos(actor, [one.memory_id for one in found])
        return [(one, photos.get(one.memory_id, [])) for one in found if one.memory_id in photos or asked.is_trashed]

    async def count(self, actor: Member, asked: Asked) -> int:
        """How many there are."""
        return len(await self.listed(actor, asked))

    async def get(self, actor: Member, memory_id: str, word: str = "memory.read") -> tuple[Memory, list[str]]:
        """A memory of a member's own, with its photos.

        Raises:
            NotFound: there is none, or it is another's.
        """
        memory = await self._own(actor, memory_id, word)
        return memory, (await self._photos(actor, [memory_id])).get(memory_id, [])

    async def create(self, actor: Member, memory: Memory, photo_ids: Sequence[str]) -> tuple[Memory, list[str]]:
        """Keep something to remember, with whatever of the photos a member may share."""
        allowed = await visible.permitted(self._db.read, self._shareable(actor), photo_ids)
        async with self._db.write() as tx:
            await store.add(tx, memory)
            await store.put(tx, memory.memory_id, [one for one in dict.fromkeys(photo_ids) if one in allowed])
            tx.announce(MemoriesChanged(owner_id=actor.user_id))
        return await self.get(actor, memory.memory_id)

    async def change(self, actor: Member, memory_id: str, **fields: object) -> tuple[Memory, list[str]]:
        """Say that a memory was seen, is to be kept, or is of another day.

        Raises:
            NotFound: there is none, or it is another's.
        """
        memory = await self._own(actor, memory_id, "memory.update")
        async with self._db.write() as tx:
            await store.change(tx, msgspec.structs.replace(memory, **fields, updated_at=self._clock.now_ms()))
            tx.announce(MemoriesChanged(owner_id=actor.user_id))
        return await self.get(actor, memory_id, "memory.update")

    async def remove(self, actor: Member, memory_id: str) -> None:
        """Have a memory shown no more, and not made again; its photos stay.

        Raises:
            NotFound: there is none, or it is another's.
        """
        await self._own(actor, memory_id, "memory.delete")
        async with self._db.write() as tx:
            await store.trash(tx, memory_id, now=self._clock.now_ms())
            tx.announce(MemoriesChanged(owner_id=actor.user_id))

    async def put(self, actor: Member, memory_id: str, photo_ids: Sequence[str]) -> list[BulkResult]:
        """Put photos into a memory; what became of each.

        Raises:
            NotFound: there is none, or it is another's.
        """
        await self._own(actor, memory_id, "memoryAsset.create")
        held = await store.held(self._db.read, memory_id, photo_ids)
        allowed = await visible.permitted(self._db.read, self._shareable(actor), photo_ids)
        new = [one for one in dict.fromkeys(photo_ids) if one in allowed and one not in held]
        async with self._db.write() as tx:
            await store.put(tx, memory_id, new)
            await store.touch(tx, memory_id, now=self._clock.now_ms())
            tx.announce(MemoriesChanged(owner_id=actor.user_id))
        faults: dict[str, Fault] = {one: "duplicate" if one in held else "no_permission" for one in photo_ids}
        return results(photo_ids, faults, done=set(new))

    async def take_out(self, actor: Member, memory_id: str, photo_ids: Sequence[str]) -> list[BulkResult]:
        """Take photos out of a memory; what became of each.

        Raises:
            NotFound: there is none, or it is another's.
        """
        await self._own(actor, memory_id, "memoryAsset.delete")
        held = await store.held(self._db.read, memory_id, photo_ids)
        async with self._db.write() as tx:
            await store.take_out(tx, memory_id, held)
            await store.touch(tx, memory_id, now=self._clock.now_ms())
            tx.announce(MemoriesChanged(owner_id=actor.user_id))
        return results(photo_ids, {}, done=held)

    def new(self, owner_id: str, year: int, memory_at: int, **more: object) -> Memory:
        """A memory that is not kept yet."""
        now = self._clock.now_ms()
        memory = Memory(
            memory_id=new_uuid(),
            owner_id=owner_id,
            year=year,
            memory_at=memory_at,
            show_at=None,
            hide_at=None,
            seen_at=None,
            is_saved=False,
            created_at=now,
            updated_at=now,
        )
        return msgspec.structs.replace(memory, **more)

    async def sweep(self) -> None:
        """Drop what nobody kept for 30 days, and make the memories of these days; safe to be done often."""
        now = self._clock.now_ms()
        async with self._db.write() as tx:
            await store.drop_stale(tx, now - KEPT_DAYS * DAY_MS)
        today = now - now % DAY_MS
        for owner_id in await store.owners(self._db.read):
            years = await store.years(self._db.read, owner_id)
            known = await store.remembered(self._db.read, owner_id, since=today - DAYS_AROUND * DAY_MS)
            for day in range(today - DAYS_AROUND * DAY_MS, today + (DAYS_AROUND + 1) * DAY_MS, DAY_MS):
                for year in sorted(years):
                    if (year, day) not in known and (then := same_day(day, year)) is not None:
                        await self._remember(owner_id, year, day, then)

    async def forget(self, tx: Write, user_id: str) -> None:
        """Drop the memories of a member who is purged."""
        await store.forget(tx, user_id)

    async def _remember(self, owner_id: str, year: int, day: int, then: int) -> None:
        photo_ids = await store.of_day(self._db.read, owner_id, month_of(then), then, then + DAY_MS)
        if not photo_ids:
            return
        memory = self.new(owner_id, year, then, show_at=day, hide_at=day + DAY_MS - 1)
        async with self._db.write() as tx:
            await store.add(tx, memory)
            await store.put(tx, memory.memory_id, spread(photo_ids, MOST_PHOTOS))
            tx.announce(MemoriesChanged(owner_id=owner_id))

    async def _own(self, actor: Member, memory_id: str, word: str) -> Memory:
        memory = await store.own(self._db.read, actor.user_id, memory_id)
        if memory is None:
            raise refused(word)
        return memory

    async def _photos(self, actor: Member, memory_ids: Sequence[str]) -> dict[str, list[str]]:
        sight = visible.readable(actor, self._clock.now_ms())
        found: dict[str, list[str]] = {}
        for memory_id, photo_id in await store.photos(self._db.read, memory_ids, sight.sql, dict(sight.args)):
            found.setdefault(memory_id, []).append(photo_id)
        return found

    def _shareable(self, actor: Member) -> visible.Sight:
        return visible.shareable(actor, self._clock.now_ms())


def same_day(day: int, year: int) -> int | None:
    """The begin of a day in an earlier year; None where the year is no earlier one, or has no such day. Pure.

    Args:
        day: its begin in ms, as if the clock on the wall were UTC.
        year: which.
    """
    date = (EPOCH + dt.timedelta(milliseconds=day)).date()
    if year >= date.year:
        return None
    try:
        then = date.replace(year=year)
    except ValueError:  # 29 February
        return None
    return (dt.datetime.combine(then, dt.time(), dt.UTC) - EPOCH) // dt.timedelta(milliseconds=1)


def spread(photo_ids: Sequence[str], most: int) -> list[str]:
    """At most so many of a day's photos, from its morning to its evening. Pure."""
    if len(photo_ids) <= most:
        return list(photo_ids)
    return [photo_ids[number * len(photo_ids) // most] for number in range(most)]
