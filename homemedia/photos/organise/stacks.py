"""Stacks: photos of one thing, of which one stands for all (photos §9.10). A stack has two at least."""

from collections.abc import Iterable, Sequence

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.http.photo_words import NOT_VALID
from homemedia.core.ids import new_uuid
from homemedia.core.problems import BadRequest
from homemedia.photos import visible
from homemedia.photos.events import PhotosChanged
from homemedia.photos.organise import stacks_store as store
from homemedia.photos.organise.events import StacksChanged
from homemedia.photos.visible import refused

LEAST = 2


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """A stack with its photos outside the trash, the one that leads first."""

    stack_id: str
    primary_id: str
    photo_ids: tuple[str, ...]


class Stacks:
    """Members' stacks."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def listed(self, actor: Member, primary_id: str | None = None) -> list[Stack]:
        """A member's stacks, newest first; or the one that a photo leads."""
        rows = await store.listed(self._db.read, actor.user_id, primary_id)
        return await self._with_members({row["stack_id"]: row["primary_photo_id"] for row in rows})

    async def get(self, actor: Member, stack_id: str, word: str = "stack.read") -> Stack:
        """A stack of a member's own.

        Raises:
            NotFound: there is none, or it is another's.
        """
        found = await store.own(self._db.read, actor.user_id, [stack_id])
        if stack_id not in found:
            raise refused(word)
        return (await self._with_members({stack_id: found[stack_id]["primary_photo_id"]}))[0]

    async def create(self, actor: Member, photo_ids: Sequence[str]) -> Stack:
        """Stack photos, the first of which leads; stacks led by one of them come along whole.

        Raises:
            BadRequest: they are fewer than two.
            NotFound: one is not there, or not his.
        """
        wanted = list(dict.fromkeys(photo_ids))
        if len(wanted) < LEAST:
            reason = f"Too small: expected array to have >={LEAST} items"
            raise BadRequest(NOT_VALID, field="assetIds", reason=reason)
        await visible.require(self._db.read, visible.own(actor, self._clock.now_ms()), wanted)
        stack_id = new_uuid()
        async with self._db.write() as tx:
            now = self._clock.now_ms()
            led = await store.led(tx.rows, wanted)
            coming = [row["photo_id"] for row in await store.members(tx.rows, led)]
            touched = await store.holding(tx.rows, wanted)
            members = list(dict.fromkeys([*wanted, *coming]))
            await store.add(tx, stack_id, actor.user_id, wanted[0], now=now)
            await store.join(tx, stack_id, members, now=now)
            left = await self._mend(tx, touched)
            self._said(tx, actor.user_id, [*members, *left])
        return await self.get(actor, stack_id)

    async def lead(self, actor: Member, stack_id: str, primary_id: str | None) -> Stack:
        """Let another of its photos stand for a stack.

        Raises:
            NotFound: there is no such stack, or it is another's.
            BadRequest: the photo is not in it.
        """
        stack = await self.get(actor, stack_id, "stack.update")
        if primary_id is None:
            return stack
        if primary_id not in stack.photo_ids:
            raise BadRequest("Primary asset must be in the stack", field="primaryAssetId", reason="is not in the stack")
        async with self._db.write() as tx:
            await store.lead(tx, stack_id, primary_id, now=self._clock.now_ms())
            self._said(tx, actor.user_id, stack.photo_ids)
        return await self.get(actor, stack_id, "stack.update")

    async def remove(self, actor: Member, stack_ids: Sequence[str]) -> None:
        """Dissolve stacks; the photos stay. All of them, or none when one is not his.

        Raises:
            NotFound: one is not there, or another's.
        """
        async with self._db.write() as tx:
            if set(stack_ids) - set(await store.own(tx.rows, actor.user_id, stack_ids)):
                raise refused("stack.delete")
            for stack_id in dict.fromkeys(stack_ids):
                self._said(tx, actor.user_id, await self._dissolve(tx, stack_id))

    async def take_out(self, actor: Member, stack_id: str, photo_id: str) -> None:
        """Take a photo out of a stack; one that is left alone is in none.

        Raises:
            NotFound: there is no such stack, or it is another's.
            BadRequest: the photo leads it, or is not in it.
        """
        async with self._db.write() as tx:
            found = (await store.own(tx.rows, actor.user_id, [stack_id])).get(stack_id)
            if found is None:
                raise refused("stack.update")
            if found["primary_photo_id"] == photo_id:
                raise BadRequest("Cannot remove primary asset from stack")
            if photo_id not in {row["photo_id"] for row in await store.members(tx.rows, [stack_id])}:
                raise BadRequest("Asset not in stack")
            await store.join(tx, None, [photo_id], now=self._clock.now_ms())
            left = await self._mend(tx, [stack_id])
            self._said(tx, actor.user_id, [photo_id, *left])

    async def forget(self, tx: Write, user_id: str) -> None:
        """Drop the stacks of a member who is purged."""
        for stack_id in await store.of_owner(tx.rows, user_id):
            await store.drop(tx, stack_id)

    async def _mend(self, tx: Write, stack_ids: Iterable[str]) -> list[str]:
        """Dissolve what has become too small, and find another to lead where the one that led went.

        Returns:
            The photos that were let out.
        """
        rows = await store.members(tx.rows, stack_ids)
        let_out: list[str] = []
        for stack_id in stack_ids:
            staying = [row["photo_id"] for row in rows if row["stack_id"] == stack_id]
            if len(staying) < LEAST:
                let_out += await self._dissolve(tx, stack_id)
        return let_out

    async def _dissolve(self, tx: Write, stack_id: str) -> list[str]:
        members = [row["photo_id"] for row in await store.members(tx.rows, [stack_id])]
        await store.join(tx, None, members, now=self._clock.now_ms())
        await store.drop(tx, stack_id)
        return members

    def _said(self, tx: Write, owner_id: str, photo_ids: Iterable[str]) -> None:
        tx.announce(StacksChanged(owner_id=owner_id))
        if ids := tuple(dict.fromkeys(photo_ids)):
            tx.announce(PhotosChanged(owner_id=owner_id, photo_ids=ids))

    async def _with_members(self, leaders: dict[str, str]) -> list[Stack]:
        rows = await store.members(self._db.read, leaders)
        return [
            Stack(
                stack_id=stack_id,
                primary_id=primary_id,
                photo_ids=tuple(
                    row["photo_id"] for row in rows if row["stack_id"] == stack_id and row["deleted_at"] is None
                ),
            )
            for stack_id, primary_id in leaders.items()
        ]
