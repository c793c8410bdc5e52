"""Grants as those on both sides see them: with names, what they are of, and whether they give anything just now."""

from collections.abc import Sequence

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Reader
from homemedia.settings import SharingSettings
from homemedia.sharing import shares_store as store
from homemedia.sharing.models import MemberState, ShareRow, Status
from homemedia.sharing.rights import Right
from homemedia.sharing.rules import SET
from homemedia.sharing.targets import Targets, Thing


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a grant stands just now.

    Attributes:
        thing: None when it is gone.
        rights: what it gives, were it active: its givers' may be less than its own.
    """

    status: Status
    thing: Thing | None
    rights: Right


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A grant for one who may see it.

    Attributes:
        is_reduced: who asks was given it and sees nothing of what its maker keeps to himself.
        target_ids: of a set, for who may manage it.
    """

    share: ShareRow
    standing: Standing
    owner_name: str | None
    created_by_name: str | None
    recipient_name: str | None
    is_reduced: bool
    can_manage: bool
    state: MemberState | None
    target_ids: tuple[str, ...] | None


class Showing:
    """Looks up what belongs to grants, for many at once."""

    def __init__(self, targets: Targets, rules: SharingSettings, clock: Clock) -> None:
        self._targets = targets
        self._rules = rules
        self._clock = clock

    async def standings(self, read: Reader, shares: Sequence[ShareRow]) -> dict[str, Standing]:
        """How each of some grants stands."""
        now = self._clock.now_ms()
        rights = await store.standing(read, [share.share_id for share in shares], now=now)
        things = await things_of(read, self._targets, shares)
        return {
            share.share_id: Standing(
                status=self._status(share, things.get(share.share_id), is_given=share.share_id in rights, now=now),
                thing=things.get(share.share_id),
                rights=rights.get(share.share_id, Right(0)),
            )
            for share in shares
        }

    async def shown(self, read: Reader, actor: Member, shares: Sequence[ShareRow]) -> list[Shown]:
        """Grants as a member sees them, in the same order."""
        house_id, house_name = await store.house(read)
        standings = await self.standings(read, shares)
        said = (user_id for share in shares for user_id in (share.owner_id, share.created_by, share.recipient_id))
        ids = {user_id for user_id in said if user_id is not None and user_id != house_id}
        names = {key: one.display_name for key, one in (await store.people(read, ids)).items()}
        names[house_id] = house_name
        states = await store.states(read, actor.user_id, [share.share_id for share in shares])
        shown: list[Shown] = []
        for share in shares:
            is_giver = gives(actor, share, house_id)
            has_received = receives(actor, share) and not is_giver
            items = await store.items(read, share.share_id) if is_giver and share.target_type == SET else None
            shown.append(
                Shown(
                    share=share,
                    standing=standings[share.share_id],
                    owner_name=names.get(share.owner_id),
                    created_by_name=names.get(share.created_by),
                    recipient_name=names.get(share.recipient_id or ""),
                    is_reduced=has_received and not actor.is_admin,
                    can_manage=is_giver,
                    state=states.get(share.share_id, MemberState()) if receives(actor, share) else None,
                    target_ids=None if items is None else tuple(items),
                )
            )
        return shown

    def _status(self, share: ShareRow, thing: Thing | None, *, is_given: bool, now: int) -> Status:
        if share.is_over(now):
            return "expired"
        if share.is_used_up:
            return "exhausted"
        has_links = self._rules.enabled and self._rules.public_links
        if thing is None or thing.state != "there" or not is_given or (share.is_link and not has_links):
            return "suspended"
        return "active"


async def things_of(read: Reader, targets: Targets, shares: Sequence[ShareRow]) -> dict[str, Thing]:
    """What grants are of, by the grants' ids; what is gone is left out."""
    plain = [(share.target_type, share.target_id) for share in shares if share.target_type != SET]
    found = await targets.look(read, plain)
    things = {
        share.share_id: thing
        for share in shares
        if (thing := found.get((share.target_type, share.target_id))) is not None
    }
    for share in shares:
        if share.target_type == SET and (thing := await _set(read, targets, share)) is not None:
            things[share.share_id] = thing
    return things


async def _set(read: Reader, targets: Targets, share: ShareRow) -> Thing | None:
    """A set as one thing; None when nothing of it is left."""
    ids = await store.items(read, share.share_id)
    found = await targets.look(read, [("media", media_id) for media_id in ids])
    things = [found[("media", media_id)] for media_id in ids if ("media", media_id) in found]
    if not things:
        return None
    title = things[0].title if len(things) == 1 else f"{len(things)} items"
    state = "there" if any(one.state == "there" for one in things) else things[0].state
    return Thing(
        target_type=SET,
        target_id=share.target_id,
        title=title,
        kind="set",
        owner_id=things[0].owner_id,
        state=state,
        count=len(things),
    )


def gives(actor: Member, share: ShareRow, house_id: str) -> bool:
    """Whether a member is on the giving side: he made the grant, or the thing is his."""
    is_of_house = share.owner_id == house_id and actor.is_admin
    return actor.user_id in {share.created_by, share.owner_id} or is_of_house


def receives(actor: Member, share: ShareRow) -> bool:
    """Whether a grant names a member, or the household he is in."""
    if share.recipient_type == "user":
        return share.recipient_id == actor.user_id
    is_narrowed = share.target_type == "library" and not actor.sees_all_libraries
    return share.recipient_type == "group" and share.created_by != actor.user_id and not is_narrowed
