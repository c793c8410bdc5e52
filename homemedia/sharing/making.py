"""From a wish to a grant: everything that is checked before one is made (shares §2, 3.4, 5.1). Writes nothing."""

import secrets
from collections.abc import Mapping, Sequence

import msgspec

from homemedia.accounts import Member
from homemedia.accounts.passwords import Passwords
from homemedia.core.clock import Clock
from homemedia.core.db import Reader
from homemedia.core.ids import new_uuid
from homemedia.core.problems import BadRequest
from homemedia.settings import SharingSettings
from homemedia.sharing import rules as law
from homemedia.sharing import shares_store as store
from homemedia.sharing.models import ALL_RIGHTS, LINK, MAX_DEPTH, Wish
from homemedia.sharing.reach import Reached, reach
from homemedia.sharing.rights import Right
from homemedia.sharing.targets import Targets, Thing


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A grant that may be written: its row's values, and what belongs to it.

    Attributes:
        items: of a set.
        owner_id: the member whose thing it is; None for the house's.
        parent_id: what it was made from; None for an owner's own.
    """

    values: Mapping[str, object]
    items: tuple[str, ...]
    owner_id: str | None
    parent_id: str | None

    @property
    def share_id(self) -> str:
        return str(self.values["share_id"])


class Maker:
    """Checks wishes."""

    def __init__(self, targets: Targets, passwords: Passwords, settings: SharingSettings, clock: Clock) -> None:
        self._targets = targets
        self._passwords = passwords
        self._settings = settings
        self._clock = clock

    async def make(self, read: Reader, actor: Member, wish: Wish, *, is_strict: bool) -> Made:
        """A wish as a row.

        With `is_strict` the share routes' rules of links hold; without it those of the photo API, whose clients send
        any slug and password, and whose partners publish what they are shown (design, "partners").

        Raises:
            BadRequest: by shares §5.1.
        """
        if not self._settings.enabled:
            raise BadRequest("Nothing new is shared in this house at the moment.", code="sharing_disabled")
        kind = _kind(wish)
        is_link = wish.recipient_type == LINK
        house_id, _ = await store.house(read)
        things = await self._things(read, actor, kind, wish)
        reached = await self._reached(read, actor, kind, things, is_link=is_link, is_strict=is_strict)
        recipient_id = await self._recipient(read, actor, wish, things[0], house_id)
        rights = law.usual(kind, wish.recipient_type) if wish.rights is None else wish.rights
        if is_link and not reached.is_owner and wish.rights is None:
            rights &= reached.rights
        law.check_rights(rights, kind, wish.recipient_type, is_strict=is_strict)
        now = self._clock.now_ms()
        expires_at = law.first_end(wish.expires_at, now, is_link=is_link, rules=self._settings)
        law.check_end(expires_at, now, is_link=is_link, rules=self._settings)
        parent_id = await self._parent(read, reached, rights, expires_at, is_link=is_link)
        law.check_text(wish.note, "note", law.MAX_NOTE)
        law.check_text(wish.label, "label", law.MAX_LABEL)
        link = await self._link(read, wish, is_strict=is_strict)
        if await store.count_of(read, actor.user_id, now=now) >= self._settings.max_active_shares_per_user:
            raise BadRequest("You share as much as one may.", code="share_limit_reached")
        share_id = new_uuid()
        title = things[0].title if len(things) == 1 else f"{len(things)} items"
        owner_id = things[0].owner_id
        values = link | {
            "share_id": share_id,
            "origin": wish.origin,
            # A list of what partners show is its maker's own.
            "owner_id": actor.user_id if is_link and not reached.is_owner else owner_id or house_id,
            "created_by": actor.user_id,
            "parent_share_id": parent_id,
            "target_type": kind,
            "target_id": share_id if kind == law.SET else things[0].target_id,
            "recipient_type": wish.recipient_type,
            "recipient_id": recipient_id,
            "permissions": int(rights),
            "inherit_to_children": int(wish.inherit_to_children),
            "note": wish.note,
            "label": wish.label,
            "notify_on_access": int(wish.notify_on_access),
            "expires_at": expires_at,
            "last_title": title,
            "now": now,
        }
        return Made(
            values=values,
            items=tuple(thing.target_id for thing in things) if kind == law.SET else (),
            owner_id=owner_id,
            parent_id=parent_id,
        )

    async def items(
        self, read: Reader, actor: Member, target_ids: Sequence[str], *, is_strict: bool
    ) -> tuple[str, ...]:
        """The things of a set that is to hold these.

        Raises:
            BadRequest: one is not there, or not the member's to share.
        """
        wish = Wish(target_type=law.SET, target_ids=tuple(target_ids), recipient_type=LINK)
        things = await self._things(read, actor, law.SET, wish)
        await self._reached(read, actor, law.SET, things, is_link=True, is_strict=is_strict)
        return tuple(thing.target_id for thing in things)

    async def hash(self, password: str) -> str:
        return await self._passwords.hash(password)

    async def _things(self, read: Reader, actor: Member, kind: str, wish: Wish) -> list[Thing]:
        """What is to be shared: one thing, or those of a set in order."""
        ids: tuple[str, ...]
        if kind == law.USER_LIBRARY:
            if wish.target_id not in {None, "", actor.user_id}:
                raise _no_target()
            ids, looked = (actor.user_id,), kind
        elif kind == law.SET:
            ids, looked = tuple(dict.fromkeys(wish.target_ids)), "media"
            if not 1 <= len(ids) <= law.MAX_ITEMS:
                raise BadRequest(
                    f"A set has 1 to {law.MAX_ITEMS} things.", field="target_ids", reason="has too few or too many"
                )
        else:
            ids, looked = (wish.target_id or "",), kind
            if not 1 <= len(ids[0]) <= law.MAX_TARGET_ID:
                raise BadRequest("The field target_id is missing.", field="target_id", reason="is required")
        found = await self._targets.look(read, [(looked, target_id) for target_id in ids])
        seen = await self._targets.seen(read, actor, looked, ids)
        if any(target_id not in seen or (looked, target_id) not in found for target_id in ids):
            raise _no_target()
        return [found[(looked, target_id)] for target_id in ids]

    async def _reached(
        self, read: Reader, actor: Member, kind: str, things: Sequence[Thing], *, is_link: bool, is_strict: bool
    ) -> Reached:
        """What the member may do with what is to be shared; of several the least."""
        if is_link and kind in law.NOT_LINKABLE:
            raise BadRequest(
                "There are no links to this.",
                code="permission_not_allowed",
                field="recipient_type",
                reason="is too much for a link",
            )
        reached = [await reach(read, actor, thing, self._clock) for thing in things]
        least = next((one for one in reached if not one.is_owner), reached[0])
        if any(thing.state == "trashed" for thing in things):
            raise _not_shareable("This lies in the trash, or is locked.")
        if all(one.is_owner for one in reached):
            return least
        if kind in law.OWNERS_ONLY and (is_strict or kind != law.SET):
            raise _not_shareable("Only who it belongs to may share this.")
        if is_link and is_strict:
            raise _not_shareable("Only who it belongs to may make a link to this.")
        if not all(one.rights & Right.RESHARE for one in reached):
            raise _not_shareable("You may look at this, and not pass it on.")
        return least

    async def _recipient(self, read: Reader, actor: Member, wish: Wish, thing: Thing, house_id: str) -> str | None:
        if wish.recipient_type == LINK:
            return None
        if wish.recipient_type == "group":
            if wish.recipient_id not in {law.EVERYONE, house_id}:
                raise _no_recipient("recipient_group_id")
            return house_id
        if not wish.recipient_id:
            raise _no_recipient("recipient_user_id")
        if wish.recipient_id == actor.user_id:
            raise BadRequest("You have this already.", code="cannot_share_with_self", field="recipient_user_id")
        found = (await store.people(read, [wish.recipient_id])).get(wish.recipient_id)
        if found is None or not found.is_active:
            raise _no_recipient("recipient_user_id")
        if thing.owner_id == found.user_id:
            raise _not_shareable("This is theirs.")
        return found.user_id

    async def _parent(
        self, read: Reader, reached: Reached, rights: Right, expires_at: int | None, *, is_link: bool
    ) -> str | None:
        """The grant that a new one is made from; None for an owner's own."""
        if reached.is_owner:
            return None
        # What a link's holder brings becomes its maker's.
        check_passing(rights & ~Right.ADD if is_link else rights, reached)
        widest = reached.widest
        if widest is None:
            raise _not_shareable("You may look at this, and not pass it on.")
        if is_link:
            # Links of partners stand by themselves: whether they may is asked of each thing when somebody looks.
            return None
        law_end = widest.expires_at
        if law_end is not None and (expires_at is None or expires_at > law_end):
            raise BadRequest(
                "This cannot last longer than what it is made from.", code="expiry_exceeds_limit", field="expires_at"
            )
        if rights & ~widest.rights:
            raise _exceeds(rights & ~widest.rights)
        if await store.depth(read, widest.share_id) >= MAX_DEPTH:
            raise _not_shareable("This has been passed on as often as it may be.")
        return widest.share_id

    async def _link(self, read: Reader, wish: Wish, *, is_strict: bool) -> dict[str, object]:
        """What only links have."""
        nothing: dict[str, object] = {
            "token": None,
            "slug": None,
            "password_hash": None,
            "require_login": 0,
            "max_accesses": None,
        }
        if wish.recipient_type != LINK:
            for name in ("password", "slug", "max_accesses"):
                if getattr(wish, name) is not None:
                    raise _only_links(name)
            if wish.require_login:
                raise _only_links("require_login")
            return nothing
        if not self._settings.public_links:
            raise BadRequest("There are no links to the outside in this house.", code="public_links_disabled")
        law.check_accesses(wish.max_accesses)
        slug = wish.slug
        if is_strict:
            law.check_password(wish.password, self._settings)
            slug = None if slug is None else law.check_slug(slug)
        if slug is not None:
            await self.check_slug(read, slug)
        return {
            "token": new_token(),
            "slug": slug,
            "password_hash": None if wish.password is None else await self._passwords.hash(wish.password),
            "require_login": int(wish.require_login),
            "max_accesses": wish.max_accesses,
        }

    async def check_slug(self, read: Reader, slug: str, share_id: str | None = None) -> None:
        """Let a slug pass that no other link has or had.

        Raises:
            BadRequest: `slug_taken`.
        """
        if await store.slug_of(read, slug) not in {None, share_id}:
            raise BadRequest("Another link has this name.", code="slug_taken", field="slug", reason="is taken")


def new_token() -> str:
    """What a link is known by: 32 random bytes, 43 characters."""
    return secrets.token_urlsafe(32)


def check_passing(rights: Right, reached: Reached) -> None:
    """Let rights pass that somebody has himself.

    Raises:
        BadRequest: `permissions_exceed_yours`.
    """
    if not reached.is_owner and (beyond := rights & ~reached.rights & ALL_RIGHTS):
        raise _exceeds(beyond)


def _exceeds(beyond: Right) -> BadRequest:
    names = law.names_of(beyond)
    return BadRequest(
        f"You may not do this yourself: {', '.join(names)}.",
        code="permissions_exceed_yours",
        details=[{"field": f"permissions.{name}", "reason": "is more than you have"} for name in names],
    )


def _kind(wish: Wish) -> str:
    kind = law.TARGET_TYPES.get(wish.target_type)
    if kind is None:
        raise BadRequest("This is no kind of thing that can be shared.", field="target_type", reason="is unknown")
    if wish.recipient_type not in law.RECIPIENT_TYPES:
        raise BadRequest(
            "Things are shared with a member, with everyone, or by a link.",
            code="unsupported_recipient",
            field="recipient_type",
        )
    return kind


def _no_target() -> BadRequest:
    return BadRequest("There is no such thing.", code="target_not_found", field="target_id", reason="is unknown")


def _no_recipient(field: str) -> BadRequest:
    return BadRequest("There is nobody like that.", code="recipient_not_found", field=field, reason="is unknown")


def _not_shareable(sentence: str) -> BadRequest:
    return BadRequest(sentence, code="target_not_shareable", field="target_id")


def _only_links(field: str) -> BadRequest:
    return BadRequest(f"Only links have {field}.", field=field, reason="is for links only")
