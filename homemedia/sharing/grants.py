"""Makes and ends grants, inside the transaction of whatever makes them necessary (shares §11)."""

from collections.abc import Iterable, Sequence

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader, Write
from homemedia.core.ids import new_uuid
from homemedia.sharing import given_store, store
from homemedia.sharing.events import GrantsChanged
from homemedia.sharing.given_store import Gift, Grant
from homemedia.sharing.rights import USUAL, Right


class Grants:
    """Writes what other slices grant: libraries, albums, partners.

    Attributes:
        is_closed: a new library is granted to nobody.
    """

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or Clock()
        self.is_closed = False

    async def open_library(self, tx: Write, library_id: str) -> None:
        """Grant a new library to the household, and with it to every member who is not held to a list."""
        if self.is_closed:
            return
        household_id = await store.household_id(tx.rows)
        await store.add(
            tx,
            [
                store.NewGrant(
                    share_id=new_uuid(),
                    origin="system",
                    owner_id=household_id,
                    created_by=household_id,
                    target_type="library",
                    target_id=library_id,
                    recipient_type="group",
                    recipient_id=household_id,
                    permissions=int(USUAL),
                    now=self._clock.now_ms(),
                )
            ],
        )
        tx.announce(GrantsChanged())

    async def close_library(self, tx: Write, library_id: str, *, by: str) -> None:
        """A library is gone, and every grant of it with it."""
        await store.revoke_target(tx, "library", library_id, by=by, now=self._clock.now_ms())
        tx.announce(GrantsChanged())

    async def set_libraries(
        self, tx: Write, user_id: str, library_ids: Sequence[str], *, by: str, origin: str = "library_access"
    ) -> None:
        """Let the grants that name a member be for exactly these libraries."""
        now = self._clock.now_ms()
        household_id = await store.household_id(tx.rows)
        await store.revoke_libraries(tx, user_id, kept=library_ids, by=by, now=now)
        standing = (await store.libraries(tx.rows, [user_id], now=now))[user_id]
        await store.add(
            tx,
            [
                store.NewGrant(
                    share_id=new_uuid(),
                    origin=origin,
                    owner_id=household_id,
                    created_by=by,
                    target_type="library",
                    target_id=library_id,
                    recipient_type="user",
                    recipient_id=user_id,
                    permissions=int(USUAL),
                    now=now,
                )
                for library_id in dict.fromkeys(library_ids)
                if library_id not in standing
            ],
        )
        tx.announce(GrantsChanged(user_id))

    async def libraries_of(self, user_ids: Iterable[str]) -> dict[str, list[str]]:
        """The libraries that name each of these members, oldest grant first."""
        return await store.libraries(self._db.read, user_ids, now=self._clock.now_ms())

    async def lost_libraries(self, tx: Write, user_id: str, *, since: int) -> list[str]:
        """The libraries that named a member until he went, at a time in ms."""
        return await store.lost_libraries(tx.rows, user_id, since=since)

    async def end_for(self, tx: Write, user_id: str, *, by: str) -> None:
        """A member is gone: no library is granted to him any more.

        What other members gave him waits for him until he is purged.
        """
        await store.revoke_recipient(tx, user_id, by=by, now=self._clock.now_ms())
        tx.announce(GrantsChanged(user_id))

    # What members give each other

    async def grant(self, tx: Write, gift: Gift, *, by: str) -> bool:
        """Grant something of a member's to another; False when it was granted already."""
        is_new = await given_store.add(tx, gift, by=by, now=self._clock.now_ms())
        if is_new:
            tx.announce(GrantsChanged(gift.recipient_id))
        return is_new

    async def change(self, tx: Write, grant: Grant, rights: Right) -> None:
        """Let a grant give other rights than before."""
        await given_store.change(tx, grant.share_id, rights, now=self._clock.now_ms())
        tx.announce(GrantsChanged(grant.recipient_id))

    async def revoke(self, tx: Write, grants: Iterable[Grant], *, by: str, reason: str = "revoked") -> None:
        """End grants."""
        ended = list(grants)
        await given_store.revoke(tx, [one.share_id for one in ended], by=by, reason=reason, now=self._clock.now_ms())
        for user_id in {one.recipient_id for one in ended if one.recipient_type == "user"}:
            tx.announce(GrantsChanged(user_id))

    async def place(self, tx: Write, grant: Grant, user_id: str, *, in_timeline: bool) -> None:
        """Let what a member was granted stand among his own, or no more."""
        await given_store.place(tx, grant.share_id, user_id, in_timeline=in_timeline, now=self._clock.now_ms())
        tx.announce(GrantsChanged(user_id))

    async def of(self, read: Reader, target_type: str, target_ids: Iterable[str]) -> dict[str, list[Grant]]:
        """The grants of things, by thing; those without one are left out."""
        found: dict[str, list[Grant]] = {}
        for one in await given_store.of_targets(read, target_type, target_ids, now=self._clock.now_ms()):
            found.setdefault(one.target_id, []).append(one)
        return found

    async def received(self, read: Reader, user_id: str, target_type: str) -> list[Grant]:
        """What of one kind other members gave a member."""
        return await given_store.to_member(read, user_id, target_type, now=self._clock.now_ms())

    async def forget(self, tx: Write, user_id: str) -> None:
        """A member is purged: what he gave and what he was given is over."""
        for other in await given_store.forget(tx, user_id, now=self._clock.now_ms()):
            tx.announce(GrantsChanged(other))
