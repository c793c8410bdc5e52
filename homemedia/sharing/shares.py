"""Grants as members make, change and end them (shares §5, 8, 11): what each route asks for, whoever's contract it is.

Threat: a stranger learns nothing from a grant's id: whether it is there, and whose, is said before what he sent is
looked at. What is computed from rows at each question (rights, states) is never copied, so ending one ends all that
was made from it.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from homemedia.accounts import Member
from homemedia.accounts.passwords import Passwords
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader, Write
from homemedia.core.ids import uuid7_of
from homemedia.core.notices import ADMINS, Notice, notify
from homemedia.core.problems import BadRequest, Forbidden, NotFound
from homemedia.settings import SharingSettings
from homemedia.sharing import rules as law
from homemedia.sharing import shares_store as store
from homemedia.sharing.activity import Activity, Entry, first_values
from homemedia.sharing.ending import Why, end
from homemedia.sharing.events import GrantsChanged, SharesChanged
from homemedia.sharing.making import Made, Maker, check_passing, new_token
from homemedia.sharing.models import LINK, NOWHERE, Change, ShareRow, Visit, Wish
from homemedia.sharing.reach import reach
from homemedia.sharing.rights import Right
from homemedia.sharing.showing import Showing, Shown, Standing, gives, receives, things_of
from homemedia.sharing.targets import Targets
from homemedia.sharing.telling import announce, details_of, tell

# Of so much of the household's somebody is told when he comes into it.
MAX_WELCOME: Final = 20
# What of a change ends visits and streams that began under what was before (shares §5.5).
ENDS_VISITS: Final = frozenset(
    {"permissions", "password", "public_token", "require_login", "max_accesses", "inherit_to_children", "target_ids"}
)
TOLD: Final = frozenset({"permissions", "expires_at", "inherit_to_children", "target_ids"})
SECRET: Final = frozenset({"password", "public_token"})


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which grants are listed; None for all."""

    target_type: str | None = None
    target_id: str | None = None
    created_by: str | None = None
    recipient_type: str | None = None
    origin: str | None = None
    status: str | None = None
    with_hidden: bool = False
    with_reshares: bool = False
    offset: int = 0
    limit: int = 50


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Some grants, and how many match in all."""

    shares: list[Shown]
    total: int


class Shares:
    """What members share.

    Attributes:
        targets: the slices' things; `app/` registers them.
    """

    def __init__(
        self,
        db: Database,
        targets: Targets,
        activity: Activity,
        passwords: Passwords,
        rules: SharingSettings,
        clock: Clock | None = None,
    ) -> None:
        self._db = db
        self.targets = targets
        self.log = activity
        self.rules = rules
        self._clock = clock or Clock()
        self._maker = Maker(targets, passwords, rules, self._clock)
        self._showing = Showing(targets, rules, self._clock)

    # Making

    async def create(self, actor: Member, wish: Wish, visit: Visit = NOWHERE, *, is_strict: bool = True) -> ShareRow:
        """Grant something. `is_strict` is off for links of the photo API: it has its own rules of slugs and passwords.

        Raises:
            BadRequest: by shares §5.1.
        """
        made = await self._maker.make(self._db.read, actor, wish, is_strict=is_strict)
        async with self._db.write(durable=True) as tx:
            await self._refuse_twice(tx, made)
            values = dict(made.values) | {"update_id": uuid7_of(await tx.stamp())}
            await store.add(tx, values, made.items)
            share = (await store.by_ids(tx.rows, [made.share_id]))[made.share_id]
            said = first_values(
                share.target_type,
                share.target_id,
                share.recipient_type,
                share.recipient_id,
                share.rights,
                expires_at=share.expires_at,
                has_password=share.password_hash is not None,
            )
            await self.log.write(tx, "created", share.share_id, actor_id=actor.user_id, visit=visit, details=said)
            if made.parent_id is not None:
                details = {"share_id": share.share_id, "recipient_id": share.recipient_id}
                await self.log.write(
                    tx, "reshared", made.parent_id, actor_id=actor.user_id, visit=visit, details=details
                )
            if wish.is_told:
                await self._tell(tx, "share_created", share, actor)
            if made.parent_id is not None and made.owner_id != actor.user_id:
                await self._tell_owner(tx, share, actor, made)
            announce(tx, [share])
        return share

    async def _refuse_twice(self, tx: Write, made: Made) -> None:
        if made.values["recipient_id"] is None:
            return
        await store.end_expired(tx, made.values)
        if (known := await store.same(tx.rows, made.values)) is not None:
            raise BadRequest(
                "You share this with them already.",
                code="already_shared",
                details=[{"field": "target_id", "reason": "is shared already", "share_id": known}],
            )

    # Looking

    async def by_ids(self, read: Reader, share_ids: Iterable[str]) -> dict[str, ShareRow]:
        """Grants that were not revoked."""
        return await store.by_ids(read, share_ids)

    async def by_token(self, read: Reader, word: str) -> ShareRow | None:
        """A link that was not revoked, by its token or slug."""
        return await store.by_token(read, word)

    async def items_of(self, read: Reader, share_id: str) -> list[str]:
        """The things of a set, in order."""
        return await store.items(read, share_id)

    async def standing(self, share: ShareRow, read: Reader | None = None) -> Standing:
        """How a grant stands at this moment."""
        return (await self._showing.standings(read or self._db.read, [share]))[share.share_id]

    async def standings(self, read: Reader, shares: Sequence[ShareRow]) -> dict[str, Standing]:
        """How grants stand at this moment, by id."""
        return await self._showing.standings(read, shares)

    async def of(self, actor: Member, share_id: str) -> Shown:
        """One grant, for who may see it.

        Raises:
            NotFound: `share_not_found`: there is none, or it is over and was given to who asks.
            Forbidden: it is nobody's business of his.
        """
        share = await self.require(actor, share_id)
        return (await self._showing.shown(self._db.read, actor, [share]))[0]

    async def require(self, actor: Member, share_id: str, *, gives_it: bool = False) -> ShareRow:
        """One grant, for the giving side and administrators; unless `gives_it` also for who received it.

        Raises:
            NotFound, Forbidden: as `of`.
        """
        share = (await store.by_ids(self._db.read, [share_id])).get(share_id)
        if share is None:
            raise _unknown()
        house_id, _ = await store.house(self._db.read)
        if gives(actor, share, house_id) or actor.is_admin:
            return share
        if not receives(actor, share) or gives_it:
            raise _not_yours()
        if share.is_over(self._clock.now_ms()):
            raise _unknown()
        return share

    async def manages(self, actor: Member, share: ShareRow) -> bool:
        """Whether a member may change a grant: he made it, or the thing is his or the house's he looks after."""
        house_id, _ = await store.house(self._db.read)
        return gives(actor, share, house_id)

    async def incoming(self, actor: Member, asked: Asked) -> Page:
        """What a member was given, newest first; what he hears of for the first time is marked as seen."""
        args = {
            "user_id": actor.user_id,
            "in_household": int(actor.sees_all_libraries or actor.is_admin),
            "now": self._clock.now_ms(),
            "target_type": asked.target_type,
            "created_by": asked.created_by,
            "origin": asked.origin,
            "with_hidden": int(asked.with_hidden),
            "offset": asked.offset,
            "limit": asked.limit,
        }
        async with self._db.snapshot() as read:
            rows, total = await store.incoming(read, args)
            shown = await self._showing.shown(read, actor, rows)
        new = [one.share.share_id for one in shown if one.state is None or one.state.seen_at is None]
        if new:
            async with self._db.write() as tx:
                await store.see(tx, actor.user_id, new, now=self._clock.now_ms())
        return Page(shares=shown, total=total)

    async def outgoing(self, actor: Member, asked: Asked) -> Page:
        """What a member shares, newest first, also what is over."""
        args = {
            "user_id": actor.user_id,
            "target_type": asked.target_type,
            "target_id": asked.target_id,
            "recipient_type": asked.recipient_type,
            "origin": asked.origin,
        }
        async with self._db.snapshot() as read:
            rows = await store.outgoing(read, args, with_reshares=asked.with_reshares)
            if asked.status is not None:
                standings = await self._showing.standings(read, rows)
                rows = [share for share in rows if standings[share.share_id].status == asked.status]
            page = rows[asked.offset : asked.offset + asked.limit]
            return Page(shares=await self._showing.shown(read, actor, page), total=len(rows))

    async def activity(
        self, actor: Member, share_id: str, *, actions: Sequence[str] | None, offset: int, limit: int
    ) -> tuple[list[Entry], int]:
        """What happened to a grant, newest first, and how many entries there are.

        Raises:
            NotFound, Forbidden: as `of`, for the giving side and administrators alone.
        """
        await self.require(actor, share_id, gives_it=True)
        return await self.log.page(share_id, actions=actions, offset=offset, limit=limit)

    async def welcome(self, user_id: str) -> None:
        """Tell somebody who came into the household what is shared with all, once, and of no more than a few things."""
        now = self._clock.now_ms()
        if not await store.for_newcomer(self._db.read, user_id, now=now):
            return
        async with self._db.write() as tx:
            untold = await store.for_newcomer(tx.rows, user_id, now=now)
            names = await store.people(tx.rows, {share.created_by for share in untold})
            things = await things_of(tx.rows, self.targets, untold[:MAX_WELCOME])
            for share in untold:
                await store.choose(tx, share.share_id, user_id, hidden=None, in_timeline=None)
            for share in reversed(untold[:MAX_WELCOME]):
                maker = names.get(share.created_by)
                await notify(
                    tx,
                    Notice(
                        family="share",
                        type="share_created",
                        to=(user_id,),
                        share_id=share.share_id,
                        subject_id=share.target_id,
                        actor_id=share.created_by,
                        details=details_of(
                            share, things.get(share.share_id), name=None if maker is None else maker.display_name
                        ),
                    ),
                )

    # Changing

    async def put(self, share_id: str, media_id: str) -> None:
        """Let a set hold one thing more: what its link's holder brought. Visits under way go on."""
        async with self._db.write() as tx:
            share = (await store.by_ids(tx.rows, [share_id])).get(share_id)
            if share is None or share.target_type != law.SET:
                return
            await store.put_item(tx, share_id, media_id)
            tx.announce(SharesChanged((share.created_by,)))

    async def choose(
        self, actor: Member, share_id: str, *, hidden: bool | None, in_timeline: bool | None, visit: Visit = NOWHERE
    ) -> None:
        """Write down what a recipient decided for himself."""
        if hidden is None and in_timeline is None:
            return
        share = await self.require(actor, share_id)
        if not receives(actor, share):
            raise BadRequest("This was not shared with you.", field="hidden", reason="is for who received it")
        async with self._db.write() as tx:
            before = (await store.states(tx.rows, actor.user_id, [share_id])).get(share_id)
            await store.choose(tx, share_id, actor.user_id, hidden=hidden, in_timeline=in_timeline)
            if in_timeline is not None:
                update_id = uuid7_of(await tx.stamp())
                await store.touch(tx, share_id, update_id=update_id, now=self._clock.now_ms())
            if hidden is not None and hidden != (before is not None and before.hidden):
                action = "hidden" if hidden else "unhidden"
                await self.log.write(tx, action, share_id, actor_id=actor.user_id, visit=visit)
            tx.announce(GrantsChanged(actor.user_id, (share_id,)))
            tx.announce(SharesChanged((actor.user_id,)))

    async def change(
        self, actor: Member, share_id: str, change: Change, visit: Visit = NOWHERE, *, is_strict: bool = True
    ) -> ShareRow:
        """Change a grant.

        Raises:
            NotFound, Forbidden: as `of`, for the giving side alone.
            BadRequest: by shares §5.5.
        """
        share = await self.require(actor, share_id, gives_it=True)
        if not await self.manages(actor, share):
            raise _not_yours()
        after, items = await self._after(actor, share, change, is_strict=is_strict)
        async with self._db.write(durable=True) as tx:
            before = (await store.by_ids(tx.rows, [share_id])).get(share_id)
            if before is None:
                raise _unknown()
            had = await store.items(tx.rows, share_id) if items is not None else None
            changed = _differences(before, after)
            if items is not None and had is not None and list(items) != had:
                changed["target_ids"] = [len(had), len(items)]
            if not changed:
                return before
            now = self._clock.now_ms()
            is_shorter = after.expires_at is not None and (
                before.expires_at is None or after.expires_at < before.expires_at
            )
            ends_visits = bool(changed.keys() & ENDS_VISITS) or ("expires_at" in changed and is_shorter)
            values = msgspec.structs.asdict(after) | {
                "permissions": int(after.rights),
                "expiry_stage": 0 if "expires_at" in changed else before.expiry_stage,
                "epoch": before.epoch + int(ends_visits),
                "update_id": uuid7_of(await tx.stamp()),
                "now": now,
            }
            await store.change(tx, _bound(values))
            if items is not None and "target_ids" in changed:
                await store.replace_items(tx, share_id, items)
            await self.log.write(
                tx, "updated", share_id, actor_id=actor.user_id, visit=visit, details={"changed": changed}
            )
            if changed.keys() & TOLD:
                await self._tell(tx, "share_updated", after, actor, fold_key=share_id)
            announce(tx, [after])
            return (await store.by_ids(tx.rows, [share_id]))[share_id]

    async def _after(
        self, actor: Member, share: ShareRow, change: Change, *, is_strict: bool
    ) -> tuple[ShareRow, tuple[str, ...] | None]:
        """A grant as it is to be, and the things of a set where they are to be others."""
        read, now = self._db.read, self._clock.now_ms()
        unset = msgspec.UNSET
        new: dict[str, object] = {}
        rights = share.rights if change.rights is unset else change.rights
        rights = (rights | change.adding) & ~change.taking
        if rights != share.rights or change.taking & Right.VIEW:
            is_of_photos = share.origin == "photo_link"
            law.check_rights(rights, share.target_type, share.recipient_type, is_strict=not is_of_photos)
            new["rights"] = rights
        if change.expires_at is not unset:
            law.check_end(change.expires_at, now, is_link=share.is_link, rules=self.rules)
            new["expires_at"] = change.expires_at
        for name, most in (("note", law.MAX_NOTE), ("label", law.MAX_LABEL)):
            if (text := getattr(change, name)) is not unset:
                law.check_text(text, name, most)
                new[name] = text
        for name in ("notify_on_access", "inherit_to_children"):
            if (value := getattr(change, name)) is not unset:
                new[name] = value
        new |= await self._link_after(share, change, is_strict=is_strict)
        if share.parent_share_id is not None and new.keys() & {"rights", "expires_at"}:
            await self._check_passing(actor, share, rights, msgspec.structs.replace(share, **new).expires_at)
        items = None
        if change.target_ids is not unset:
            if share.target_type != law.SET:
                raise BadRequest("Only sets have target_ids.", field="target_ids", reason="is for sets only")
            items = await self._maker.items(read, actor, change.target_ids, is_strict=is_strict)
        return msgspec.structs.replace(share, **new), items

    async def _link_after(self, share: ShareRow, change: Change, *, is_strict: bool) -> dict[str, object]:
        """What only links have, as it is to be."""
        unset = msgspec.UNSET
        said = {
            name: value
            for name in ("password", "slug", "max_accesses", "require_login")
            if (value := getattr(change, name)) is not unset
        }
        if not share.is_link:
            wrong = next((name for name, value in said.items() if value not in {None, False}), None)
            if wrong is not None or change.rotate_token:
                field = wrong or "rotate_token"
                raise BadRequest(f"Only links have {field}.", field=field, reason="is for links only")
            return {}
        new: dict[str, object] = {}
        if "password" in said:
            password = said["password"]
            if is_strict:
                law.check_password(password, self.rules)
            new["password_hash"] = None if password is None else await self._maker.hash(password)
        if "slug" in said:
            slug = said["slug"]
            if slug is not None:
                slug = law.check_slug(slug) if is_strict else slug
                await self._maker.check_slug(self._db.read, slug, share.share_id)
            new["slug"] = slug
        if "max_accesses" in said:
            law.check_accesses(said["max_accesses"])
            new["max_accesses"] = said["max_accesses"]
        if "require_login" in said:
            new["require_login"] = bool(said["require_login"])
        if change.rotate_token:
            new["token"] = new_token()
        return new

    async def _check_passing(self, actor: Member, share: ShareRow, rights: Right, expires_at: int | None) -> None:
        """Let a reshare be changed within what it was made from."""
        read = self._db.read
        thing = await self.targets.one(read, share.target_type, share.target_id)
        if thing is None:
            return
        reached = await reach(read, actor, thing, self._clock)
        check_passing(rights, reached)
        parent = (await store.by_ids(read, [share.parent_share_id or ""])).get(share.parent_share_id or "")
        last = None if parent is None else parent.expires_at
        if last is not None and (expires_at is None or expires_at > last):
            raise BadRequest(
                "This cannot last longer than what it is made from.", code="expiry_exceeds_limit", field="expires_at"
            )

    # Ending

    async def revoke(self, actor: Member, share_id: str, visit: Visit = NOWHERE) -> None:
        """End a grant and all that was made from it.

        Raises:
            NotFound, Forbidden: as `of`, for the giving side and administrators alone.
        """
        await self.require(actor, share_id, gives_it=True)
        await self.revoke_all(actor, [share_id], visit)

    async def revoke_all(self, actor: Member, share_ids: Iterable[str], visit: Visit = NOWHERE) -> list[str]:
        """End grants, all or none; those that were ended, in the order they were named. Unknown ones are left out.

        Raises:
            Forbidden: one of them may not be ended by who asks.
        """
        named = list(dict.fromkeys(share_ids))
        async with self._db.write(durable=True) as tx:
            found = await store.by_ids(tx.rows, named)
            house_id, _ = await store.house(tx.rows)
            if not all(gives(actor, share, house_id) or actor.is_admin for share in found.values()):
                raise _not_yours()
            ended = [share_id for share_id in named if share_id in found]
            await self.end(tx, ended, reason="revoked", actor=actor, visit=visit)
        return ended

    async def end(
        self, tx: Write, share_ids: Sequence[str], *, reason: str, actor: Member | None = None, visit: Visit = NOWHERE
    ) -> None:
        """End grants inside a transaction, and what was made from them, whoever wants it."""
        why = Why(reason=reason, visit=visit)
        if actor is not None:
            why = Why(reason=reason, by=actor.user_id, name=actor.display_name, visit=visit)
        await end(tx, self.targets, share_ids, why, now=self._clock.now_ms())

    async def gone(self, tx: Write, target_type: str, target_ids: Iterable[str]) -> None:
        """Things were deleted for good: what was granted of them is over."""
        for target_id in target_ids:
            rows = await store.of_target(tx.rows, target_type, target_id)
            await self.end(tx, [row.share_id for row in rows], reason="target_deleted")

    # Telling

    async def _tell(self, tx: Write, what: str, share: ShareRow, actor: Member, *, fold_key: str | None = None) -> None:
        """Tell the recipients of a grant what its maker did."""
        thing = (await things_of(tx.rows, self.targets, [share])).get(share.share_id)
        await tell(tx, what, share, thing, by=actor.user_id, name=actor.display_name, fold_key=fold_key)

    async def _tell_owner(self, tx: Write, share: ShareRow, actor: Member, made: Made) -> None:
        """Tell who a thing belongs to that somebody passed it on."""
        thing = (await things_of(tx.rows, self.targets, [share])).get(share.share_id)
        await notify(
            tx,
            Notice(
                family="share",
                type="share_created",
                to=ADMINS if made.owner_id is None else (made.owner_id,),
                share_id=share.share_id,
                subject_id=share.target_id,
                actor_id=actor.user_id,
                details=details_of(share, thing, name=actor.display_name) | {"reshare": True},
            ),
        )


def _differences(before: ShareRow, after: ShareRow) -> dict[str, object]:
    """What differs, by its name in the contract: value before and after; of secrets that they differ."""
    found: dict[str, object] = {}
    for field, name in CHANGEABLE.items():
        old, new = getattr(before, field), getattr(after, field)
        if old == new:
            continue
        if name in SECRET:
            found[name] = "changed" if old is not None and new is not None else "set" if new is not None else "removed"
        elif field == "rights":
            found[name] = [law.names_of(old), law.names_of(new)]
        else:
            found[name] = [old, new]
    return found


CHANGEABLE: Final = {
    "rights": "permissions",
    "expires_at": "expires_at",
    "password_hash": "password",
    "token": "public_token",
    "slug": "slug",
    "max_accesses": "max_accesses",
    "require_login": "require_login",
    "note": "note",
    "label": "label",
    "notify_on_access": "notify_on_access",
    "inherit_to_children": "inherit_to_children",
}


def _bound(values: dict[str, object]) -> dict[str, object]:
    """Values as the database takes them."""
    return {
        name: int(value) if isinstance(value, bool) else value for name, value in values.items() if name != "rights"
    }


def _unknown() -> NotFound:
    return NotFound("No share with that id.", code="share_not_found")


def _not_yours() -> Forbidden:
    return Forbidden("This share is not yours.")


__all__ = ["LINK", "Asked", "Page", "Shares"]
