"""Invites: links by which somebody becomes a member, and the household's standing code (watch §3.5, design "invites").

Threat: whoever has the link comes in. So it has 128 bits, an end and a number of uses, only its hash is kept, and it
never makes an administrator.
"""

import base64
import hashlib
import secrets
import sqlite3
from typing import Literal

import msgspec

from homemedia.accounts import invites_store as rows
from homemedia.accounts import store, told
from homemedia.accounts.events import InvitesChanged
from homemedia.accounts.invites_store import Invite
from homemedia.accounts.member_rules import Granted, NewMember, taken
from homemedia.accounts.members import MemberService
from homemedia.accounts.models import Device, Member
from homemedia.accounts.passwords import Passwords
from homemedia.accounts.protocols import LibraryAccess
from homemedia.accounts.restrictions import RestrictionsBody
from homemedia.accounts.sessions import DAY_MS, SessionService, SignedIn
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.http.limits import RateLimit, limit_key
from homemedia.core.ids import new_hex, new_uuid
from homemedia.core.problems import Conflict, Forbidden, Gone, NotFound

TOKEN_BYTES = 16
CODE_BYTES = 8
ACCEPTS_AN_HOUR = 10
LOOKS_A_MINUTE = 30
LISTED_MS = 90 * DAY_MS
Status = Literal["active", "used", "expired", "revoked"]
_SENTENCES = {
    "used": "This invite has been used already. Ask for a new one.",
    "expired": "This invite has expired. Ask for a new one.",
    "revoked": "This invite was taken back. Ask for a new one.",
}


class NewInvite(msgspec.Struct, frozen=True, kw_only=True):
    """An invite to be made. Spans in seconds; None for no end."""

    libraries: Granted = "all"
    expires_in_s: int | None
    max_uses: int = 1
    label: str = ""
    account_expires_in_s: int | None = None
    restrictions: RestrictionsBody | None = None


class Acceptance(msgspec.Struct, frozen=True, kw_only=True):
    """Who comes by an invite."""

    username: str
    password: str
    email: str | None = None
    display_name: str | None = None


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What an invite tells who holds it: the names and kinds of the libraries it opens, and nothing more."""

    invite: Invite
    libraries: list[tuple[str, str]]


class InviteService:
    """Makes invites and takes them."""

    def __init__(
        self,
        db: Database,
        members: MemberService,
        sessions: SessionService,
        passwords: Passwords,
        access: LibraryAccess,
        clock: Clock | None = None,
    ) -> None:
        self._db = db
        self._members = members
        self._sessions = sessions
        self._passwords = passwords
        self._access = access
        self._clock = clock or Clock()
        self._accepts = RateLimit(ACCEPTS_AN_HOUR, 3600.0, clock=self._clock)
        self._looks = RateLimit(LOOKS_A_MINUTE, 60.0, clock=self._clock)

    # For administrators

    async def make(self, new: NewInvite, *, by: Member) -> tuple[Invite, str]:
        """Make an invite; the token is told this once.

        Raises:
            BadRequest: `unknown_library`, `unknown_rating`.
        """
        await self._members.check_limits(new.libraries, new.restrictions, is_admin=False)
        token = base64.b32encode(secrets.token_bytes(TOKEN_BYTES)).decode("ascii").rstrip("=").lower()
        now = self._clock.now_ms()
        row = rows.NewRow(
            invite_id=new_uuid(),
            token_hash=_hash(token),
            code=None,
            is_standing=0,
            label=" ".join(new.label.split()),
            libraries=_text(new.libraries),
            restriction=None if new.restrictions is None else _text(new.restrictions),
            max_uses=new.max_uses,
            created_by=by.user_id,
            now=now,
            expires_at=None if new.expires_in_s is None else now + new.expires_in_s * 1000,
            account_expires_ms=None if new.account_expires_in_s is None else new.account_expires_in_s * 1000,
        )
        async with self._db.write(durable=True) as tx:
            await rows.add(tx, row)
            tx.announce(InvitesChanged())
        return await self._by_id(row.invite_id), token

    async def listed(self) -> list[Invite]:
        """Invites, newest first; those that are over for 90 days more."""
        now = self._clock.now_ms()
        return [one for one in await rows.listed(self._db.read) if ended_at(one, now) > now - LISTED_MS]

    async def revoke(self, invite_id: str) -> None:
        """Take an invite back; accounts made by it stay. Twice is once.

        Raises:
            NotFound: there is no such invite.
        """
        found = await rows.by_id(self._db.read, invite_id)
        if found is None or found.is_standing:
            raise NotFound("There is no such invite.")
        async with self._db.write(durable=True) as tx:
            await rows.revoke(tx, invite_id, now=self._clock.now_ms())
            tx.announce(InvitesChanged())

    async def standing_code(self, *, by: Member, anew: bool = False) -> str:
        """The household's standing code; the first who asks makes it, and `anew` replaces it."""
        async with self._db.write(durable=True) as tx:
            found = await rows.standing(tx.rows)
            if found is not None and found.code and not anew:
                return found.code
            now = self._clock.now_ms()
            if found is not None:
                await rows.revoke(tx, found.invite_id, now=now)
            code = new_hex(CODE_BYTES)
            row = rows.NewRow(
                invite_id=new_uuid(), token_hash=None, code=code, is_standing=1, created_by=by.user_id, now=now
            )
            await rows.add(tx, row)
            tx.announce(InvitesChanged())
        return code

    # For who holds one

    async def look(self, token: str, address: str) -> Offer:
        """What an invite opens.

        Raises:
            NotFound: `invite_not_found`.
            Gone: `invite_expired`, `invite_used`, `invite_revoked`.
            TooMany: 30 a minute from one address.
        """
        self._looks.check(limit_key(address))
        invite = await self._holding(token)
        libraries = invite.libraries
        if invite.restrictions is not None and not isinstance(invite.restrictions.libraries, msgspec.UnsetType):
            libraries = invite.restrictions.libraries
        return Offer(invite=invite, libraries=await self._access.names(libraries))

    async def accept(self, token: str, who: Acceptance, device: Device) -> SignedIn:
        """Become a member: the use and the account are one transaction, so that one use makes one account.

        Raises:
            As `look`, with 10 an hour from one address.
            Forbidden: `setup_required`.
            BadRequest: a name or the password breaks a rule.
            Conflict: `username_taken`, `email_taken`.
        """
        if not await store.is_claimed(self._db.read):
            raise Forbidden("This server is not set up yet.", code="setup_required")
        invite = await self.hold(token, device.address)
        new = NewMember(username=who.username, password=who.password, email=who.email, display_name=who.display_name)
        await self._members.check(new)
        password_hash = await self._passwords.hash(who.password)
        try:
            async with self._db.write(durable=True) as tx:
                member = await self.admit(tx, invite, new, password_hash)
                return await self._sessions.open(tx, member, way="invite", device=device)
        except sqlite3.IntegrityError as err:
            raise taken(err) from err

    async def hold(self, token: str, address: str | None) -> Invite:
        """The invite somebody comes by, however he proves who he is; counted as a try of his address.

        Args:
            token: or the standing code.
            address: of who asks; None when the caller has counted it.

        Raises:
            As `look`, with 10 an hour from one address.
        """
        if address is not None:
            self._accepts.check(limit_key(address))
        return await self._holding(token)

    async def held(self, invite_id: str) -> Invite:
        """An invite that somebody held a moment ago, if it still holds.

        Raises:
            As `look`, but for the limit.
        """
        found = await self._by_id(invite_id)
        now = self._clock.now_ms()
        if status_of(found, now) != "active":
            _refuse(found, now)
        return found

    async def admit(self, tx: Write, invite: Invite, new: NewMember, password_hash: str | None) -> Member:
        """Take a use of an invite and make the account it is for, with what it opens and takes away.

        What the invite opens was checked when it was made; a library may be gone since.

        Raises:
            Gone, NotFound: it is over meanwhile.
            BadRequest: a name breaks a rule.
            sqlite3.IntegrityError: a name is taken; see `taken`.
        """
        now = self._clock.now_ms()
        if not await rows.use(tx, invite.invite_id, now=now):
            _refuse(await rows.by_id(tx.rows, invite.invite_id), now)
        new = msgspec.structs.replace(
            new, libraries=invite.libraries, expires_at=account_ends_at(invite), restrictions=invite.restrictions
        )
        by = invite.created_by or invite.invite_id
        member = await self._members.admit(tx, new, password_hash, by=by, origin="invite")
        await rows.note_use(tx, invite.invite_id, member.user_id, now=now)
        await told.joined(tx, member, invite.created_by)
        tx.announce(InvitesChanged())
        return member

    async def _holding(self, token: str) -> Invite:
        """The invite of a token or code that still holds."""
        # The standing code is read aloud in groups of four, and some write them down as such.
        text = "".join(token.split()).replace("-", "").lower()
        found = await rows.by_token(self._db.read, _hash(text)) or await rows.by_code(self._db.read, text)
        now = self._clock.now_ms()
        if found is None or status_of(found, now) != "active":
            _refuse(found, now)
            raise _unknown()
        return found

    async def _by_id(self, invite_id: str) -> Invite:
        found = await rows.by_id(self._db.read, invite_id)
        if found is None:
            raise _unknown()
        return found


def status_of(invite: Invite, now: int) -> Status:
    """Whether an invite still holds, and if not why."""
    if invite.revoked_at is not None:
        return "revoked"
    if invite.max_uses is not None and invite.use_count >= invite.max_uses:
        return "used"
    if invite.expires_at is not None and invite.expires_at <= now:
        return "expired"
    return "active"


def ended_at(invite: Invite, now: int) -> int:
    """When an invite was over, in ms; the present while it holds."""
    match status_of(invite, now):
        case "revoked":
            return invite.revoked_at or now
        case "used":
            return invite.last_used_at or now
        case "expired":
            return invite.expires_at or now
        case _:
            return now


def account_ends_at(invite: Invite) -> int | None:
    """When accounts made by an invite end, in ms."""
    return None if invite.account_expires_ms is None else invite.created_at + invite.account_expires_ms


def _refuse(invite: Invite | None, now: int) -> None:
    """Say why an invite does not hold.

    Raises:
        NotFound: there is none.
        Gone: it is over.
        Conflict: it holds, and yet it was not taken.
    """
    if invite is None or (invite.is_standing and invite.revoked_at is not None):
        raise _unknown()
    status = status_of(invite, now)
    if status == "active":
        raise Conflict("This invite could not be taken. Try again.")
    raise Gone(_SENTENCES[status], code=f"invite_{status}")


def _unknown() -> NotFound:
    return NotFound("There is no such invite. Look at the link again.", code="invite_not_found")


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
