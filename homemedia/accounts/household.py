"""The one household of this server: its name, its accent, whether somebody has claimed it."""

from collections.abc import Iterable

import msgspec

from homemedia.accounts import store
from homemedia.accounts.events import HouseholdChanged
from homemedia.accounts.models import Household
from homemedia.accounts.names import MAX_NAME, checked_title
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.ids import new_hex, new_uuid
from homemedia.core.problems import Unavailable

FALLBACK_NAME = "HomeMedia"
MACHINE_ID_BYTES = 16


class HouseholdChange(msgspec.Struct, frozen=True, kw_only=True):
    """What to change; what is UNSET stays. `accent` None is the program's own colour."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    accent: int | msgspec.UnsetType | None = msgspec.UNSET


class HouseholdService:
    """Asked of the table each time: a flag that was lost or restored must never open the house again."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or Clock()

    async def ensure(self, default_name: str) -> Household:
        """The household; the first start makes it, named like the machine until somebody says better."""
        if await store.household(self._db.read) is None:
            name = " ".join("".join(char if char.isprintable() else " " for char in default_name).split())[:MAX_NAME]
            async with self._db.write(durable=True) as tx:
                await store.add_household(
                    tx,
                    household_id=new_uuid(),
                    machine_id=new_hex(MACHINE_ID_BYTES),
                    name=name or FALLBACK_NAME,
                    now=self._clock.now_ms(),
                )
                tx.announce(HouseholdChanged())
        return await self.read()

    async def read(self) -> Household:
        """The household as it is now.

        Raises:
            Unavailable: the first start has not made it yet.
        """
        found = await store.household(self._db.read)
        if found is None:
            raise Unavailable("The server is still starting.", code="starting", retry_after_s=2)
        return found

    async def change(self, change: HouseholdChange) -> Household:
        """Change name or accent.

        Raises:
            BadRequest: the name is empty, too long or holds control characters.
        """
        name = checked_title(change.name, "name") if isinstance(change.name, str) else None
        async with self._db.write() as tx:
            if name is not None:
                await store.name_household(tx, name)
            if not isinstance(change.accent, msgspec.UnsetType):
                await store.colour_household(tx, change.accent)
            tx.announce(HouseholdChanged())
        return await self.read()

    async def count_members(self) -> int:
        """How many may come in."""
        return await store.count_members(self._db.read)

    async def names_of(self, user_ids: Iterable[str]) -> dict[str, str]:
        """User names by id, of former members too."""
        return await store.names_of(self._db.read, user_ids)
