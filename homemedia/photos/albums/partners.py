"""Members who show each other all their photos (photos §6.6): a grant of the whole library, in one direction each."""

from collections.abc import Sequence

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader, Write
from homemedia.core.problems import BadRequest
from homemedia.photos import people_of
from homemedia.photos.albums import told
from homemedia.photos.albums.events import PartnersChanged
from homemedia.photos.visible import refused
from homemedia.sharing import Grants
from homemedia.sharing.given_store import Gift, Grant
from homemedia.sharing.rights import Right

LIBRARY = "user_library"
ORIGIN = "partner"
# A partner may put what he sees into albums and links of his own (design §7.27).
RIGHTS = Right.VIEW | Right.DOWNLOAD | Right.SEE_METADATA | Right.RESHARE


class Partners:
    """Who shows all his photos to whom."""

    def __init__(self, db: Database, grants: Grants, clock: Clock) -> None:
        self._db = db
        self._grants = grants
        self._clock = clock

    async def shown_by(self, user_id: str) -> list[tuple[str, bool]]:
        """To whom a member shows his photos, and whether they have them among their own."""
        found = await self._given(self._db.read, user_id)
        return [(one.recipient_id, one.in_timeline) for one in found if one.recipient_id is not None]

    async def shown_to(self, user_id: str) -> list[tuple[str, bool]]:
        """Who shows a member his photos, and whether they stand among the member's own."""
        found = await self._grants.received(self._db.read, user_id, LIBRARY)
        return [(one.target_id, one.in_timeline) for one in found]

    async def start(self, actor: Member, user_id: str) -> bool:
        """Show one's photos to somebody; whether they stand among his own, which they do not yet.

        Raises:
            BadRequest: it is oneself or nobody, or he sees them already.
        """
        if user_id == actor.user_id or user_id not in await people_of.members(self._db.read):
            raise BadRequest("Partner not found" if user_id != actor.user_id else "Cannot share with yourself")
        gift = Gift(
            origin=ORIGIN,
            owner_id=actor.user_id,
            target_type=LIBRARY,
            target_id=actor.user_id,
            recipient_id=user_id,
            rights=RIGHTS,
        )
        async with self._db.write(durable=True) as tx:
            if not await self._grants.grant(tx, gift, by=actor.user_id):
                raise BadRequest("Partner already exists")
            for grant in await self._given(tx.rows, actor.user_id):
                if grant.recipient_id == user_id:
                    await told.shown_all(tx, grant, by=actor.user_id)
            tx.announce(PartnersChanged(shared_by_id=actor.user_id, shared_with_id=user_id))
        return False

    async def place(self, actor: Member, user_id: str, *, in_timeline: bool) -> None:
        """Have the photos that somebody shows among one's own, or no more.

        Raises:
            NotFound: he shows none.
        """
        async with self._db.write() as tx:
            grants = [
                one for one in await self._grants.received(tx.rows, actor.user_id, LIBRARY) if one.target_id == user_id
            ]
            if not grants:
                raise refused("partner.update")
            for grant in grants:
                await self._grants.place(tx, grant, actor.user_id, in_timeline=in_timeline)
            tx.announce(PartnersChanged(shared_by_id=user_id, shared_with_id=actor.user_id))

    async def end(self, actor: Member, user_id: str) -> None:
        """Show one's photos to somebody no more; where one does not, no more have his shown to oneself.

        Raises:
            BadRequest: neither shows the other anything.
        """
        async with self._db.write(durable=True) as tx:
            given = [one for one in await self._given(tx.rows, actor.user_id) if one.recipient_id == user_id]
            received = [
                one for one in await self._grants.received(tx.rows, actor.user_id, LIBRARY) if one.target_id == user_id
            ]
            if not given and not received:
                raise BadRequest("Partner not found")
            await self._end(tx, given or received, by=actor.user_id)

    async def forget(self, tx: Write, user_id: str) -> None:
        """A member is purged: those who saw his photos, and whose he saw, are told."""
        await self._end(tx, await self._given(tx.rows, user_id), by=user_id)
        await self._end(tx, await self._grants.received(tx.rows, user_id, LIBRARY), by=user_id)

    async def _end(self, tx: Write, grants: Sequence[Grant], *, by: str) -> None:
        await self._grants.revoke(tx, grants, by=by)
        for one in grants:
            tx.announce(PartnersChanged(shared_by_id=one.target_id, shared_with_id=str(one.recipient_id)))

    async def _given(self, read: Reader, user_id: str) -> list[Grant]:
        found = await self._grants.of(read, LIBRARY, [user_id])
        return [one for one in found.get(user_id, ()) if one.recipient_type == "user"]
