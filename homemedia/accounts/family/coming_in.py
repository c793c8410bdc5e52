"""Coming in by an invite and by codes, as the clip API does it (clips §5.2).

Threat: whoever holds the standing code may begin to join. Until his number is proved he sees nothing, is listed
nowhere, and after a day he is forgotten. A code goes only where the account says, never where the caller says.
"""

import sqlite3

import msgspec

from homemedia.accounts import store as accounts
from homemedia.accounts.codes.senders import Purpose
from homemedia.accounts.codes.service import Asked, CodeService
from homemedia.accounts.events import MemberChanged
from homemedia.accounts.family import store
from homemedia.accounts.family.names import clip_phone, clip_username
from homemedia.accounts.family.store import Person
from homemedia.accounts.invites import InviteService
from homemedia.accounts.member_rules import NewMember, taken
from homemedia.accounts.models import Device, Member
from homemedia.accounts.names import NAMELESS, checked_email, email_key, name_key
from homemedia.accounts.protocols import LibraryAccess
from homemedia.accounts.sessions import DAY_MS, SessionService, SignedIn
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.limits import RateLimit, limit_key
from homemedia.core.ids import new_hex
from homemedia.core.problems import BadRequest, Conflict, Forbidden, Gone, NotFound, Unauthorized

ASKS = 10
JOINS = 5
WINDOW_S = 900.0
PENDING_MS = DAY_MS
CODE_WAY = "code"
JOIN_WAY = "invite"


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Who somebody says he is when he asks for a code or brings one: values as they came."""

    phone: object = None
    email: object = None


class ComingIn:
    """The ways in of the clip API."""

    def __init__(
        self,
        db: Database,
        codes: CodeService,
        invites: InviteService,
        sessions: SessionService,
        access: LibraryAccess,
        clock: Clock | None = None,
    ) -> None:
        self._db = db
        self._codes = codes
        self._invites = invites
        self._sessions = sessions
        self._access = access
        self._clock = clock or Clock()
        self._asks = RateLimit(ASKS, WINDOW_S, clock=self._clock)
        self._joins = RateLimit(JOINS, WINDOW_S, clock=self._clock)

    def check_pace(self, address: str) -> None:
        """Count a call.

        Raises:
            TooMany: ten in a quarter of an hour from one address.
        """
        self._asks.check(limit_key(address))

    # By an invite

    async def join(self, code: object, device: Device) -> SignedIn:
        """Begin to join: an account that is nobody's yet, and a session that opens the next two steps alone.

        Raises:
            Forbidden: `setup_required`.
            TooMany: five in a quarter of an hour from one address.
            BadRequest: `code` is none.
            NotFound: it opens nothing, or nothing any more.
        """
        await self._check_claimed()
        self._joins.check(limit_key(device.address))
        if not isinstance(code, str) or not code.strip():
            raise BadRequest("Invite code required.", field="inviteCode", reason="is required")
        # A name for the moment; what no real name may hold takes its place below.
        new = NewMember(username=f"joining-{new_hex(12)}", password=None)
        try:
            invite = await self._invites.hold(code, None)
            async with self._db.write(durable=True) as tx:
                member = await self._invites.admit(tx, invite, new, None)
                await store.make_pending(tx, member.user_id, now=self._clock.now_ms())
                return await self._sessions.open(tx, member, way=JOIN_WAY, device=device)
        except (NotFound, Gone) as err:
            raise NotFound(f"Invalid invite code. {err.message}", code=err.code) from err

    async def send_proof(self, actor: Member, named: Named) -> None:
        """Send a code to a number that somebody says is his.

        Raises:
            BadRequest: the number is none; `email_needed`.
            Conflict: `phone_taken`.
            TooMany, NotSent: see `CodeService.send`.
        """
        await self._sessions.refuse_link(actor)
        phone = clip_phone(named.phone)
        email = checked_email(named.email) if isinstance(named.email, str) and named.email.strip() else None
        await self._check_free(phone, actor.user_id)
        who = "" if actor.username.startswith(NAMELESS) else actor.display_name
        asked = Asked(user_id=actor.user_id, phone=phone, email=email or actor.email, who=who)
        await self._codes.send(asked, Purpose.PROVE)

    async def prove(self, actor: Member, named: Named, code: object) -> None:
        """Take the code that proves a number.

        Raises:
            BadRequest: number or code is missing; `wrong_code`, `no_code`.
            TooMany: the code was tried too often.
        """
        await self._sessions.refuse_link(actor)
        if not named.phone or not code:
            raise _both_needed()
        phone = clip_phone(named.phone)
        await self._codes.use(Asked(user_id=actor.user_id, phone=phone), _text(code), Purpose.PROVE)
        await self._codes.note_proof(actor.user_id, phone)

    async def onboard(self, actor: Member, username: object, phone: object) -> Person:
        """Say who one is: name and proved number make a pending account a member.

        Raises:
            BadRequest: name or number is none.
            Forbidden: `phone_not_verified` by this account within half an hour.
            NotFound: the account is gone.
            Conflict: `username_taken`, `phone_taken`.
        """
        await self._sessions.refuse_link(actor)
        name = clip_username(username)
        number = clip_phone(phone)
        try:
            async with self._db.write(durable=True) as tx:
                if not await self._codes.take_proof(tx, actor.user_id, number):
                    raise Forbidden("Phone number not verified. Ask for a code first.", code="phone_not_verified")
                is_there = await store.onboard(
                    tx,
                    actor.user_id,
                    username=name,
                    username_key=name_key(name),
                    phone=number,
                    now=self._clock.now_ms(),
                )
                if not is_there:
                    raise NotFound("User not found.")
                tx.announce(MemberChanged(actor.user_id))
        except sqlite3.IntegrityError as err:
            raise clash(err) from err
        return await self.person(actor.user_id)

    async def set_phone(self, actor: Member, phone: object) -> Person:
        """Give oneself another proved number, or none.

        Raises:
            As `onboard`.
        """
        await self._sessions.refuse_link(actor)
        number = None if phone is None or phone == "" else clip_phone(phone)
        try:
            async with self._db.write(durable=True) as tx:
                if number is not None and not await self._codes.take_proof(tx, actor.user_id, number):
                    raise Forbidden("Phone number not verified. Ask for a code first.", code="phone_not_verified")
                await store.set_phone(tx, actor.user_id, number, now=self._clock.now_ms())
                tx.announce(MemberChanged(actor.user_id))
        except sqlite3.IntegrityError as err:
            raise clash(err) from err
        return await self.person(actor.user_id)

    # By a code alone

    async def send_sign_in(self, named: Named) -> None:
        """Send a code to a member, by what his account says of him.

        Raises:
            Forbidden: `setup_required`.
            BadRequest: no number or address was named; `email_needed`, `phone_needed`.
            NotFound: nobody has it.
            TooMany, NotSent: see `CodeService.send`.
        """
        await self._check_claimed()
        await self._codes.send(_asked(await self._known(named)), Purpose.SIGN_IN)

    async def sign_in(self, named: Named, code: object, device: Device) -> tuple[SignedIn, Person]:
        """Take a code and sign its owner in.

        Raises:
            As `send_sign_in`.
            BadRequest: `wrong_code`, `no_code`.
        """
        await self._check_claimed()
        if not (named.phone or named.email) or not code:
            raise _both_needed()
        known = await self._known(named)
        sent = await self._codes.use(_asked(known), _text(code), Purpose.SIGN_IN)
        async with self._db.write(durable=True) as tx:
            # Asked again: he may have been switched off, or lost the number, while he typed.
            current = await accounts.known_by_id(tx.rows, known.user_id)
            person = await store.person(tx.rows, known.user_id)
            is_same = person is not None and (person.phone, person.email) == (known.phone, known.email)
            if current is None or not is_same or not current.member.may_enter(self._clock.now_ms()):
                raise _nobody(named)
            if sent.is_mail and sent.to == known.email:
                await store.verify_email(tx, known.user_id)
            return await self._sessions.open(tx, current.member, way=CODE_WAY, device=device), known

    async def _known(self, named: Named) -> Person:
        """The member that has a number or an address."""
        if named.phone is None and isinstance(named.email, str) and named.email.strip():
            found = await store.by_email(self._db.read, email_key(named.email))
        else:
            found = await store.by_phone(self._db.read, clip_phone(named.phone))
        if found is None or not found.may_enter(self._clock.now_ms()):
            raise _nobody(named)
        return found

    # What the others ask

    async def person(self, user_id: str) -> Person:
        """A member.

        Raises:
            NotFound: there is none.
        """
        found = await store.person(self._db.read, user_id)
        if found is None:
            raise NotFound("User not found.")
        return found

    async def sweep(self) -> None:
        """Forget who began to join a day ago and never said who he is."""
        for user_id in await store.stale(self._db.read, self._clock.now_ms() - PENDING_MS):
            async with self._db.write() as tx:
                await self._sessions.end_all(tx, user_id)
                await self._codes.forget(tx, user_id)
                await self._access.end(tx, user_id, by=user_id)
                await store.drop_pending(tx, user_id)
                tx.announce(MemberChanged(user_id))

    async def _check_free(self, phone: str, user_id: str) -> None:
        other = await store.by_phone(self._db.read, phone)
        if other is not None and other.user_id != user_id:
            raise _phone_taken()

    async def _check_claimed(self) -> None:
        if not await accounts.is_claimed(self._db.read):
            raise Forbidden("This server is not set up yet.", code="setup_required")


def clash(err: sqlite3.IntegrityError) -> Exception:
    """What a broken rule of the table means to the person who asked."""
    return _phone_taken() if "user.phone" in str(err) else taken(err)


def _asked(person: Person) -> Asked:
    return Asked(user_id=person.user_id, phone=person.phone, email=person.email, who=person.display_name)


def _text(code: object) -> str:
    # Some clients send the digits as a number.
    return str(code) if isinstance(code, str | int) else ""


def _both_needed() -> BadRequest:
    return BadRequest("Phone and code are required.", field="code", reason="is required")


def _nobody(named: Named) -> NotFound:
    what = "phone number" if named.phone is not None else "e-mail address"
    return NotFound(f"No account found with this {what}.")


def _phone_taken() -> Conflict:
    return Conflict("This phone number is already in use by somebody else.", code="phone_taken", field="phone")


def not_signed_in() -> Unauthorized:
    return Unauthorized("Not authenticated.")
