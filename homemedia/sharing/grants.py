"""Makes and ends grants, inside the transaction of whatever makes them necessary (shares §11)."""

from collections.abc import Iterable, Sequence

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.ids import new_uuid
from homemedia.sharing import store
from homemedia.sharing.events import GrantsChanged
from homemedia.sharing.rights import USUAL


class Grants:
    """The only one who writes the table of grants."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or Clock()

    async def open_library(self, tx: Write, library_id: str) -> None:
        """Grant a new library to the household, and with it to every member who is not held to a list."""
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
        """A member is gone: nothing is granted to him any more."""
        await store.revoke_recipient(tx, user_id, by=by, now=self._clock.now_ms())
        tx.announce(GrantsChanged(user_id))
