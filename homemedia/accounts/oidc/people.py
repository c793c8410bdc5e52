"""Whose account at the provider is whose here: found, linked, made a member, let in (photos §6.2, watch §15.3).

Threat: a household's provider may know strangers. Accounts are known by issuer and subject and by nothing else; an
e-mail address counts only where an administrator says so, the provider has verified it, and it came into the account
here by other hands than the member's own: who enters somebody else's address must not be found in his place.
"""

import logging
import sqlite3
from collections.abc import Awaitable, Callable

from homemedia.accounts import members_store
from homemedia.accounts import store as accounts
from homemedia.accounts.claim import Claim, ClaimService
from homemedia.accounts.events import MemberChanged
from homemedia.accounts.invites import InviteService
from homemedia.accounts.invites_store import Invite
from homemedia.accounts.member_rules import MemberChange, NewMember, taken
from homemedia.accounts.members import MemberService
from homemedia.accounts.models import Device, Member
from homemedia.accounts.names import MAX_NAME, checked_email, checked_title
from homemedia.accounts.new_names import free_username, usable_name
from homemedia.accounts.oidc import store
from homemedia.accounts.oidc.config import Config, ConfigDesk
from homemedia.accounts.oidc.flow import ready
from homemedia.accounts.oidc.id_tokens import Identity, LogoutToken
from homemedia.accounts.oidc.pictures import JOB, Wanted
from homemedia.accounts.oidc.problems import AccountConflict, TokenInvalid, UserUnknown
from homemedia.accounts.oidc.store import LinkedAccount
from homemedia.accounts.sessions import OIDC_WAY, SessionService, SignedIn
from homemedia.accounts.ways_store import WaysIn, ways_of
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.problems import BadRequest, Conflict, Forbidden

_log = logging.getLogger(__name__)

Invited = Callable[[], Awaitable[Invite]]
GIB = 1 << 30
MAX_QUOTA_GIB = 1 << 30
MAX_PICTURE_ADDRESS = 2000
NEEDS_INVITE = "This account belongs to nobody here yet. Ask somebody at home for an invite, and join with that."
NOT_HIS = "This account is linked to somebody else here."
HAS_ADDRESS = "Somebody here has this e-mail address. Sign in in another way, then link the account in your settings."
HAS_OTHER = "The member with this e-mail address is linked to another account there."


class People:
    """Finds who comes from the provider, or makes him a member.

    Attributes:
        copies_pictures: somebody carries out the jobs of `pictures.py`.
        takes_passwords: whether members come in by a password.
    """

    copies_pictures = False
    takes_passwords: Callable[[], bool] = staticmethod(lambda: True)

    def __init__(
        self,
        db: Database,
        desk: ConfigDesk,
        members: MemberService,
        sessions: SessionService,
        invites: InviteService,
        claims: ClaimService,
        clock: Clock | None = None,
    ) -> None:
        self._db = db
        self._desk = desk
        self._members = members
        self._sessions = sessions
        self._invites = invites
        self._claims = claims
        self._clock = clock or Clock()

    async def sign_in(self, who: Identity, device: Device, *, invited: Invited | None = None) -> SignedIn:
        """A session for whoever a token speaks of; the token is used up.

        Args:
            who: by the token.
            device: what he signs in with.
            invited: answers the invite he comes by, should he be somebody new.

        Raises:
            TokenInvalid: the token was used before.
            UserUnknown: he is nobody here, or may not come in.
            AccountConflict: his e-mail address is somebody else's.
            Forbidden: `setup_required`.
            Gone, NotFound: the invite is over meanwhile.
        """
        config = ready(self._desk)
        if not await accounts.is_claimed(self._db.read):
            raise Forbidden("This server is not set up yet.", code="setup_required")
        is_new = await store.by_identity(self._db.read, who.issuer, who.subject) is None
        invite = await invited() if is_new and invited is not None and config.signup != "none" else None
        try:
            async with self._db.write(durable=True) as tx:
                await self._use_up(tx, who.token_key, who.ends_at)
                member = await self._found(tx, config, who) or await self._made(tx, config, who, invite)
        except sqlite3.IntegrityError as err:
            raise AccountConflict(str(taken(err))) from err
        await self._play_role(config, who, member)
        async with self._db.write(durable=True) as tx:
            known = await accounts.known_by_id(tx.rows, member.user_id)
            now = self._clock.now_ms()
            if known is None or not known.member.may_enter(now):
                raise UserUnknown
            await store.used(tx, issuer=who.issuer, subject=who.subject, email=who.email, now=now)
            signed_in = await self._sessions.open(tx, known.member, way=OIDC_WAY, device=device)
            if who.sid is not None:
                await store.note_sid(tx, signed_in.member.session_id, who.sid)
        return signed_in

    async def set_up(
        self, who: Identity, device: Device, *, household_name: str | None, code: str | None, is_at_home: bool
    ) -> SignedIn:
        """Claim the household for whoever a token speaks of.

        Raises:
            As `ClaimService.claim`; TokenInvalid: the token was used before.
        """
        await self.check_claim(code, device.address, is_at_home=is_at_home)

        async def proof(tx: Write, user_id: str) -> None:
            await self._use_up(tx, who.token_key, who.ends_at)
            await self._link(tx, who, user_id)
            if (email := _usable_email(who)) is not None:
                await members_store.set_email(tx, user_id, email)

        username = usable_name(_names(who), "admin")
        claim = Claim(username=username, password=None, display_name=_shown(who), household_name=household_name)
        return await self._claims.take(claim, device, proof=proof, way=OIDC_WAY)

    async def link(self, member: Member, who: Identity) -> None:
        """Let an account at the provider be a member's; one he had before is his no more.

        Raises:
            AccountConflict: it is somebody else's.
            Forbidden: he came by a sign-in link or with an API key.
            TokenInvalid: the token was used before.
        """
        await self.refuse_lesser(member)
        async with self._db.write(durable=True) as tx:
            await self._use_up(tx, who.token_key, who.ends_at)
            owner = await store.by_identity(tx.rows, who.issuer, who.subject)
            if owner is not None and owner.user_id != member.user_id:
                raise AccountConflict(NOT_HIS)
            await store.unlink(tx, member.user_id)
            await self._link(tx, who, member.user_id)
            tx.announce(MemberChanged(member.user_id))

    async def unlink(self, member: Member, *, needs_other_way: bool) -> None:
        """A member comes in by the provider no more; his sessions stay.

        Raises:
            Conflict: `last_way_in`: he has no key, and no password or none that is taken.
            Forbidden: as `link`.
        """
        await self.refuse_lesser(member)
        async with self._db.write(durable=True) as tx:
            if needs_other_way and not self._has_other_way(await ways_of(tx.rows, member.user_id)):
                advice = " Set a password first." if self.takes_passwords() else ""
                raise Conflict(f"This is your only way in.{advice}", code="last_way_in")
            await store.unlink(tx, member.user_id)
            tx.announce(MemberChanged(member.user_id))

    async def refuse_lesser(self, member: Member) -> None:
        """Let nobody pass who came by a sign-in link or with an API key.

        Raises:
            Forbidden: he did.
        """
        if member.is_by_key:
            raise Forbidden("An account cannot be linked with an API key.")
        await self._sessions.refuse_link(member)

    async def check_claim(self, code: str | None, address: str, *, is_at_home: bool) -> None:
        """Let pass who may claim the household.

        Raises:
            As `ClaimService.check`.
        """
        await self._claims.check(code, address, is_at_home=is_at_home)

    async def check_open(self) -> None:
        """Let pass while nobody has claimed the household.

        Raises:
            Forbidden: `setup_closed`.
        """
        await self._claims.refuse_claimed()

    async def has_other_way(self, user_id: str) -> bool:
        """Whether a member can come in without the provider."""
        return self._has_other_way(await ways_of(self._db.read, user_id))

    def _has_other_way(self, ways: WaysIn) -> bool:
        return ways.has_key or (ways.has_password and self.takes_passwords())

    async def accounts_of(self, user_id: str) -> list[LinkedAccount]:
        """The accounts at the provider by which a member comes in."""
        return await store.linked_accounts(self._db.read, user_id)

    async def log_out(self, token: LogoutToken) -> int:
        """End the sessions the provider speaks of; how many.

        Raises:
            TokenInvalid: it was used before.
        """
        async with self._db.write(durable=True) as tx:
            await self._use_up(tx, token.token_key, token.ends_at)
            if token.sid is not None:
                found = await store.sessions_by_sid(tx.rows, token.sid)
            else:
                found = await store.sessions_of(tx.rows, token.issuer, token.subject or "")
            for one in found:
                await self._sessions.end_one(tx, one.user_id, one.session_id)
        return len(found)

    async def _use_up(self, tx: Write, token_key: bytes, ends_at: int) -> None:
        if not await store.remember(tx, token_key, now=self._clock.now_ms(), expires_at=ends_at):
            raise TokenInvalid("it was used before")

    async def _link(self, tx: Write, who: Identity, user_id: str) -> None:
        is_his = await store.link(
            tx, issuer=who.issuer, subject=who.subject, user_id=user_id, email=who.email, now=self._clock.now_ms()
        )
        if not is_his:
            raise AccountConflict(NOT_HIS)

    async def _found(self, tx: Write, config: Config, who: Identity) -> Member | None:
        """The member whose account this is; by his e-mail address where that counts, and then linked from now on."""
        member = await store.by_identity(tx.rows, who.issuer, who.subject)
        if member is not None:
            return member
        if not config.link_by_email or not who.is_email_verified or who.email is None or not config.allows(who.email):
            return None
        member = await store.by_email(tx.rows, who.email)
        if member is None:
            return None
        if not await store.is_email_verified(tx.rows, member.user_id):
            raise AccountConflict(HAS_ADDRESS)
        linked = await store.linked_accounts(tx.rows, member.user_id)
        if any(one.issuer == who.issuer for one in linked):
            raise AccountConflict(HAS_OTHER)
        if not member.may_enter(self._clock.now_ms()):
            raise UserUnknown
        await self._link(tx, who, member.user_id)
        tx.announce(MemberChanged(member.user_id))
        return member

    async def _made(self, tx: Write, config: Config, who: Identity, invite: Invite | None) -> Member:
        """Somebody new, as far as `signup` lets him in."""
        if config.signup == "none":
            raise UserUnknown
        if config.signup == "invite" and invite is None:
            raise UserUnknown(NEEDS_INVITE)
        email = _usable_email(who)
        if config.allowed_domains and (email is None or not config.allows(email)):
            raise UserUnknown
        if email is not None and await store.by_email(tx.rows, email) is not None:
            raise AccountConflict(HAS_ADDRESS)
        username = await free_username(tx.rows, usable_name(_names(who), "member"))
        new = NewMember(username=username, password=None, email=email, is_email_verified=True, display_name=_shown(who))
        if invite is not None:
            member = await self._invites.admit(tx, invite, new, None)
        else:
            member = await self._members.admit(tx, new, None, by="oidc", origin="library_access")
        await self._link(tx, who, member.user_id)
        quota, label = _quota(config, who), who.text(config.storage_label_claim) if config.storage_label_claim else None
        await store.furnish(tx, member.user_id, quota_bytes=quota, storage_label=label)
        picture = who.text("picture")
        if self.copies_pictures and picture is not None and len(picture) <= MAX_PICTURE_ADDRESS:
            await tx.enqueue(JOB, member.user_id, Wanted(picture))
        return member

    async def _play_role(self, config: Config, who: Identity, member: Member) -> None:
        """Make an administrator or end his being one, where a claim is set that says so."""
        told = who.claims.get(config.role_claim) if config.role_claim else None
        words = set(told) if isinstance(told, list) and all(isinstance(one, str) for one in told) else {told}
        if not words & {"admin", "user"} or ("admin" in words) == member.is_admin:
            return
        try:
            await self._members.change(member.user_id, MemberChange(is_admin="admin" in words), by=member)
        except Conflict as err:
            _log.warning("the provider's role for %s is not taken: %s", member.username, err.message)


def _usable_email(who: Identity) -> str | None:
    """The address of somebody new: only one that the provider has verified, or it could be anybody's."""
    if who.email is None or not who.is_email_verified:
        return None
    try:
        return checked_email(who.email)
    except BadRequest:
        return None


def _names(who: Identity) -> list[str]:
    told = (who.text("preferred_username"), who.text("nickname"), who.email, who.text("given_name"), who.text("name"))
    return [name for name in told if name]


def _shown(who: Identity) -> str | None:
    both = " ".join(part for part in (who.text("given_name"), who.text("family_name")) if part)
    try:
        return checked_title((who.text("name") or both)[:MAX_NAME], "displayName")
    except BadRequest:
        return None


def _quota(config: Config, who: Identity) -> int | None:
    found = who.claims.get(config.storage_quota_claim) if config.storage_quota_claim else None
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not 0 < found < MAX_QUOTA_GIB:
        return None
    return int(found * GIB)
