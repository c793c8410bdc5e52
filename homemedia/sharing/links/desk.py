"""Lets people in by links: finds the link, asks for what it wants, counts who came (shares §6.2 to 6.4).

Threat: whoever finds the door open sees what a member keeps at home. So guesses at tokens and passwords are few, what
one learns from a refusal is no more than the contract says, and a link that is over is so at the very next request.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import ClassVar, Final
from weakref import WeakValueDictionary

import msgspec

from homemedia.accounts import Guest, Member, store
from homemedia.accounts.passwords import Passwords
from homemedia.accounts.tokens import Tokens
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.http.limits import RateLimit, limit_key
from homemedia.core.notices import Notice, notify
from homemedia.core.problems import NotFound, TooMany, Unauthorized
from homemedia.settings import SharingSettings
from homemedia.sharing.activity import Activity, ip_group
from homemedia.sharing.links import attempts, links_store
from homemedia.sharing.links.visits import Access, Visits
from homemedia.sharing.models import ShareRow, Visit
from homemedia.sharing.rights import Right
from homemedia.sharing.shares import Shares
from homemedia.sharing.showing import Standing
from homemedia.sharing.targets import Thing

UNKNOWN_IN_A_WINDOW: Final = 60
UNKNOWN_WINDOW_S: Final = 600.0
MAX_TOKEN: Final = 128
NOT_THERE = "This link leads nowhere. It may have been taken back."
OVER = "This link has ended."
# Who knows a link that wants something gets no further without it.
WORDS = {
    "authentication_required": "This link is only for members. Sign in first.",
    "password_required": "This link wants a password.",
    "password_incorrect": "That is not the password.",
}


class PasswordWanted(Unauthorized):
    """401 of a link that is shut by a password."""

    challenge: ClassVar[str] = "SharePassword"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody comes with.

    Attributes:
        name: token or slug, as it stands in the address.
        access: of a visit under way; one or more texts, the first that fits counts.
        member: asks who is signed in beside the link.
    """

    name: str
    visit: Visit
    member: Callable[[], Awaitable[Member | None]]
    password: str | None = None
    access: tuple[str, ...] = ()


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody is in. `access` is None where he came without a visit under way."""

    share: ShareRow
    thing: Thing
    maker: Member
    rights: Right
    access: Access | None
    member: Member | None

    @property
    def guest(self) -> Guest:
        return guest_of(self.share, self.maker, self.rights)

    @property
    def is_shut(self) -> bool:
        """Whether the token alone opens nothing but the first page."""
        return is_shut(self.share)


class Links:
    """The desk of all links."""

    def __init__(
        self,
        db: Database,
        shares: Shares,
        activity: Activity,
        passwords: Passwords,
        tokens: Tokens,
        rules: SharingSettings,
        clock: Clock,
    ) -> None:
        self._db = db
        self._shares = shares
        self._activity = activity
        self._passwords = passwords
        self._rules = rules
        self._clock = clock
        self._limits = attempts.Limits(rules.attempts_per_address, rules.attempts_per_link)
        self._unknown = RateLimit(UNKNOWN_IN_A_WINDOW, UNKNOWN_WINDOW_S, clock=clock)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.visits = Visits(tokens, rules.access_ttl_hours, clock)

    # Finding

    async def find(self, name: str, address: str, access: tuple[str, ...] = ()) -> tuple[ShareRow, Standing, Member]:
        """A link by token or slug, with what it leads to and who made it.

        Who shows a visit under way to it did not guess: others who did so from his address hold him up no more.

        Raises:
            NotFound: `share_not_found`.
            TooMany: `rate_limited`: too many that are not there were asked for from this address.
        """
        key = limit_key(address)
        wait = self._unknown.wait_s(key)
        if wait and not access:
            raise guessed(wait)
        share = await self._shares.by_token(self._db.read, name) if len(name) <= MAX_TOKEN else None
        if wait and (share is None or self.access_of(share, access) is None):
            raise guessed(wait)
        if share is None or not share.is_link:
            self._unknown.take(key)
            raise gone()
        return await self._standing(share)

    async def _standing(self, share: ShareRow) -> tuple[ShareRow, Standing, Member]:
        standing = await self._shares.standing(share)
        is_there = standing.thing is not None and standing.thing.state == "there"
        gives = standing.status == "expired" or bool(standing.rights & Right.VIEW)
        if standing.status == "suspended" or not is_there or not gives:
            raise gone()
        known = await store.known_by_id(self._db.read, share.created_by)
        if known is None or not known.member.may_enter(self._clock.now_ms()):
            raise gone()
        return share, standing, known.member

    async def enter(self, asked: Asked) -> Entered:
        """Let somebody in, in the order of shares §6.2, without counting him.

        Raises:
            NotFound: `share_not_found`, `share_expired`.
            Unauthorized: `authentication_required`, `password_required`, `password_incorrect`.
            TooMany: `rate_limited`, `too_many_attempts`, `link_locked`.
        """
        share, standing, maker = await self.find(asked.name, asked.visit.address, asked.access)
        if standing.status == "expired" or standing.thing is None:
            raise over()
        member = await asked.member()
        if member is None and self.wants_login(share):
            raise Unauthorized(WORDS["authentication_required"], code="authentication_required")
        access = self.access_of(share, asked.access)
        if access is None and share.password_hash is not None:
            await self.prove(share, standing.thing, asked.password, asked.visit)
        return Entered(
            share=share, thing=standing.thing, maker=maker, rights=standing.rights, access=access, member=member
        )

    def wants_login(self, share: ShareRow) -> bool:
        """Whether a link is only for members, by itself or by the house's rule."""
        return share.require_login or self._rules.public_links_require_login

    def is_shut(self, share: ShareRow) -> bool:
        """Whether the token alone opens nothing, by the link itself or by the house's rule."""
        return is_shut(share) or self.wants_login(share)

    def access_of(self, share: ShareRow, texts: tuple[str, ...]) -> Access | None:
        """The visit under way that one of these values names."""
        return next((found for text in texts if (found := self.visits.read(text, share)) is not None), None)

    async def again(self, guest: Guest) -> bool:
        """Whether what was opened by a link may go on."""
        share = (await self._shares.by_ids(self._db.read, [guest.share_id])).get(guest.share_id)
        if share is None or share.epoch != guest.epoch:
            return False
        try:
            _, standing, _ = await self._standing(share)
        except NotFound:
            return False
        return standing.status != "expired"

    async def current(self, share_id: str) -> tuple[ShareRow, Standing, Member]:
        """A link by its id, which no visitor knows.

        Raises:
            NotFound: `share_not_found`, `share_expired`.
        """
        share = (await self._shares.by_ids(self._db.read, [share_id])).get(share_id)
        if share is None or not share.is_link:
            raise gone()
        found = await self._standing(share)
        if found[1].status == "expired":
            raise over()
        return found

    # Opening

    async def open(self, entered: Entered, visit: Visit, *, via: str = "public_link") -> Access:
        """Count an opening, unless it belongs to a visit under way; the visit.

        Raises:
            NotFound: `share_expired`: it was opened as often as it may be.
        """
        if entered.access is not None:
            return entered.access
        share, now = entered.share, self._clock.now_ms()
        actor_id = entered.member.user_id if entered.member is not None else None
        async with self._db.write(durable=share.max_accesses is not None) as tx:
            times = await links_store.count(tx, share.share_id, now=now)
            if times is None:
                raise over()
            await self._activity.write(
                tx, "accessed", share.share_id, actor_id=actor_id, visit=visit, details={"via": via}
            )
            if share.notify_on_access and actor_id != share.created_by:
                await self._tell(tx, share, entered.thing, "share_accessed", actor_id)
            if times == share.max_accesses:
                await self._activity.write(tx, "exhausted", share.share_id, details={"cause": "accesses"})
                await self._tell(tx, share, entered.thing, "share_expired", None)
        return self.visits.begin(share)

    def now_ms(self) -> int:
        """The time that ends of visits are measured by."""
        return self._clock.now_ms()

    async def prove(self, share: ShareRow, thing: Thing, password: str | None, visit: Visit) -> None:
        """Let who knows the password of a link pass. Counting, checking and writing down happen one after the other.

        Raises:
            Unauthorized: `password_required`, `password_incorrect`.
            TooMany: `too_many_attempts`, `link_locked`.
        """
        if password is None:
            raise PasswordWanted(WORDS["password_required"], code="password_required", more={"has_password": True})
        async with self._lock(share.share_id):
            now = self._clock.now_ms()
            history = await links_store.history(self._db.read, share.share_id, ip_group(visit.address) or "", now=now)
            attempts.check(history, self._limits, now)
            if (await self._passwords.check(share.password_hash, password)).is_right:
                return
            is_lock = attempts.begins_lock(history, self._limits, now)
            until = now + attempts.LINK_WINDOW_MS
            async with self._db.write(durable=True) as tx:
                await self._activity.write(tx, "password_failed", share.share_id, visit=visit)
                if is_lock:
                    details = {"until": until}
                    await self._activity.write(tx, "locked_out", share.share_id, visit=visit, details=details)
                    await self._tell(tx, share, thing, "share_link_locked", None)
            if is_lock:
                raise attempts.locked(until, now)
        raise PasswordWanted(WORDS["password_incorrect"], code="password_incorrect")

    @contextlib.asynccontextmanager
    async def _lock(self, share_id: str) -> AsyncIterator[None]:
        """One at a time for each link."""
        lock = self._locks.get(share_id)
        if lock is None:
            lock = self._locks[share_id] = asyncio.Lock()
        async with lock:
            yield

    async def _tell(self, tx: Write, share: ShareRow, thing: Thing, type_: str, actor_id: str | None) -> None:
        name = "visitor"
        if actor_id is not None and (known := await store.known_by_id(tx.rows, actor_id)) is not None:
            name = known.member.display_name
        details = {
            "target_type": share.target_type,
            "target_id": share.target_id,
            "target_title": thing.title,
            "actor_name": name,
        }
        notice = Notice(
            family="share",
            type=type_,
            to=(share.created_by,),
            share_id=share.share_id,
            subject_id=share.target_id,
            actor_id=actor_id,
            details=details,
            fold_key=None if type_ == "share_expired" else share.share_id,
        )
        await notify(tx, notice)

    def note_added(self, share_id: str, media_id: str, visit: Visit, *, actor_id: str | None = None) -> None:
        """Write down that somebody put something in."""
        self._activity.note("added", share_id, actor_id=actor_id, visit=visit, details={"media_ids": [media_id]})

    def note_download(self, share_id: str, media_id: str, visit: Visit, *, actor_id: str | None = None) -> None:
        """Write down that somebody took something home; the same within ten minutes is one."""
        self._activity.note("downloaded", share_id, actor_id=actor_id, visit=visit, details={"media_id": media_id})


def is_shut(share: ShareRow) -> bool:
    """Whether a link wants more than its token: then only a visit under way opens what lies behind its first page."""
    return share.password_hash is not None or share.require_login or share.max_accesses is not None


def guest_of(share: ShareRow, maker: Member, rights: Right) -> Guest:
    """Who holds a link."""
    return Guest(
        share_id=share.share_id,
        epoch=share.epoch,
        maker=maker,
        rights=int(share.rights & rights),
        target_type=share.target_type,
        target_id=share.target_id,
        inherits=share.inherit_to_children,
    )


def guessed(wait_s: int) -> TooMany:
    return TooMany("Too many links that lead nowhere. Wait a while.", retry_after_s=wait_s)


def gone() -> NotFound:
    return NotFound(NOT_THERE, code="share_not_found")


def over() -> NotFound:
    return NotFound(OVER, code="share_expired")
