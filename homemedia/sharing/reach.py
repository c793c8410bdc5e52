"""What a member may do with one thing, and by which grant (shares §3.1, 3.2)."""

from collections.abc import Sequence

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Reader
from homemedia.sharing import shares_store as store
from homemedia.sharing.models import ALL_RIGHTS
from homemedia.sharing.rights import Right
from homemedia.sharing.shares_store import Covering
from homemedia.sharing.targets import Thing


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """A member's rights on a thing.

    Attributes:
        by: the grants that give them; empty for its owner.
    """

    rights: Right
    is_owner: bool
    by: tuple[Covering, ...] = ()

    @property
    def widest(self) -> Covering | None:
        """Of the grants that may be passed on the one that gives most, and lasts longest."""
        passing = [one for one in self.by if one.rights & Right.RESHARE]
        return max(passing, key=_width, default=None)


def _width(one: Covering) -> tuple[int, float, str]:
    return one.rights.bit_count(), one.expires_at or float("inf"), one.share_id


async def reach(read: Reader, member: Member, thing: Thing, clock: Clock) -> Reached:
    """What a member may do with a thing at this moment; his limits come after this."""
    owner_id = thing.owner_id
    if owner_id == member.user_id or (owner_id is None and member.is_admin):
        return Reached(rights=ALL_RIGHTS, is_owner=True)
    found = await covering(read, member.user_id, thing, clock, in_household=member.sees_all_libraries)
    rights = Right(0)
    for one in found:
        rights |= one.rights
    return Reached(rights=rights, is_owner=False, by=tuple(found))


async def covering(
    read: Reader, user_id: str, thing: Thing, clock: Clock, *, in_household: bool = True
) -> Sequence[Covering]:
    """The grants that stand and cover a thing for a member."""
    args = {
        "covers": msgspec.json.encode(thing.covers).decode(),
        "media_id": thing.target_id if thing.target_type == "media" else "",
        "user_id": user_id,
        "in_household": int(in_household),
        "granted_at": clock.now_ms(),
        "right": int(Right.VIEW),
    }
    return await store.covering(read, args)
