"""Makes and ends grants, inside the transaction of whatever makes them necessary (shares §11)."""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader, Write
from homemedia.core.ids import new_uuid
from homemedia.sharing import given_store, shares_store, store
from homemedia.sharing.activity import first_values, write_down
from homemedia.sharing.ending import Why, end
from homemedia.sharing.events import GrantsChanged, SharesChanged
from homemedia.sharing.given_store import Gift, Grant
from homemedia.sharing.rights import USUAL, Right
from homemedia.sharing.rules import names_of
from homemedia.sharing.targets import Cover, Targets

LIBRARY = "library"
# What each change of another's thing needs.
CHANGING = {"added": Right.ADD, "removed": Right.REMOVE, "edited": Right.EDIT}
# Of so many things at once the log names the first.
MAX_LOGGED = 100


class Grants:
    """Writes what other slices grant: libraries, albums, partners.

    Attributes:
        is_closed: a new library is granted to nobody.
        targets: the slices' things, for their names in what members are told.
    """

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or Clock()
        self.targets = Targets()
        self.is_closed = False

    async def open_library(self, tx: Write, library_id: str) -> None:
        """Grant a new library to the household, and with it to every member who is not held to a list."""
        if self.is_closed:
            return
        household_id = await store.household_id(tx.rows)
        await self._add(tx, library_id, origin="system", by=household_id, to=household_id, is_house=True)
        tx.announce(GrantsChanged())

    async def _add(self, tx: Write, library_id: str, *, origin: str, by: str, to: str, is_house: bool = False) -> None:
        kind, now = "group" if is_house else "user", self._clock.now_ms()
        grant = store.NewGrant(
            share_id=new_uuid(),
            origin=origin,
            owner_id=await store.household_id(tx.rows),
            created_by=by,
            target_type=LIBRARY,
            target_id=library_id,
            recipient_type=kind,
            recipient_id=to,
            permissions=int(USUAL),
            now=now,
        )
        await store.add(tx, [grant])
        said = first_values(LIBRARY, library_id, kind, to, USUAL)
        await write_down(tx, "created", grant.share_id, at=now, actor_id=None if is_house else by, details=said)

    async def close_library(self, tx: Write, library_id: str, *, by: str) -> None:
        """A library is gone, and every grant of it with it; call it while its name is known."""
        await self._end(tx, await store.of_target(tx.rows, LIBRARY, library_id), reason="target_deleted", by=by)
        tx.announce(GrantsChanged())

    async def set_libraries(
        self, tx: Write, user_id: str, library_ids: Sequence[str], *, by: str, origin: str = "library_access"
    ) -> None:
        """Let the grants that name a member be for exactly these libraries.

        Nobody is told: what he sees may be the same as before, by what the household was granted.
        """
        ended = await store.other_libraries(tx.rows, user_id, library_ids)
        await self._end(tx, ended, reason="changed", by=by, is_told=False)
        standing = (await store.libraries(tx.rows, [user_id], now=self._clock.now_ms()))[user_id]
        for library_id in dict.fromkeys(library_ids):
            if library_id not in standing:
                await self._add(tx, library_id, origin=origin, by=by, to=user_id)
        tx.announce(GrantsChanged(user_id))
        tx.announce(SharesChanged((by,)))

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
        ended = await store.other_libraries(tx.rows, user_id)
        await self._end(tx, ended, reason=store.RECIPIENT_GONE, by=by, is_told=False)
        tx.announce(GrantsChanged(user_id))

    # What members give each other

    async def grant(self, tx: Write, gift: Gift, *, by: str) -> bool:
        """Grant something of a member's to another; False when it was granted already."""
        now = self._clock.now_ms()
        share_id = await given_store.add(tx, gift, by=by, now=now)
        if share_id is None:
            return False
        said = first_values(gift.target_type, gift.target_id, "user", gift.recipient_id, gift.rights)
        await write_down(tx, "created", share_id, at=now, actor_id=by, details=said)
        tx.announce(GrantsChanged(gift.recipient_id))
        tx.announce(SharesChanged((by, gift.recipient_id)))
        return True

    async def change(self, tx: Write, grant: Grant, rights: Right, *, by: str) -> None:
        """Let a grant give other rights than before."""
        now = self._clock.now_ms()
        await given_store.change(tx, grant.share_id, rights, now=now)
        changed = {"permissions": [names_of(grant.rights), names_of(rights)]}
        await write_down(tx, "updated", grant.share_id, at=now, actor_id=by, details={"changed": changed})
        tx.announce(GrantsChanged(grant.recipient_id, (grant.share_id,)))
        tx.announce(SharesChanged(tuple(one for one in (by, grant.recipient_id) if one is not None)))

    async def note(
        self, tx: Write, action: Literal["added", "removed", "edited"], cover: Cover, *, by: str, ids: Iterable[str]
    ) -> None:
        """Write down that a member changed what is another's, in the logs of the grants that let him."""
        now = self._clock.now_ms()
        args = {
            "covers": msgspec.json.encode([cover]).decode(),
            "media_id": "",
            "user_id": by,
            "in_household": 1,
            "granted_at": now,
            "right": int(CHANGING[action]),
        }
        details = {"ids": list(ids)[:MAX_LOGGED]}
        for one in await shares_store.covering(tx.rows, args):
            await write_down(tx, action, one.share_id, at=now, actor_id=by, details=details)

    async def revoke(self, tx: Write, grants: Iterable[Grant], *, by: str, reason: str = "revoked") -> None:
        """End grants and what was made from them; who had them is told."""
        await self._end(tx, [one.share_id for one in grants], reason=reason, by=by)

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
        received, given = await given_store.of_member(tx.rows, user_id)
        await self._end(tx, received, reason="recipient_deleted", by=user_id)
        await self._end(tx, given, reason="owner_deleted", by=user_id)

    async def _end(self, tx: Write, share_ids: Sequence[str], *, reason: str, by: str, is_told: bool = True) -> None:
        why = Why(reason=reason, by=by)
        await end(tx, self.targets, share_ids, why, now=self._clock.now_ms(), is_told=is_told)
