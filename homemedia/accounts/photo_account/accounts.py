"""The accounts as the photo API's clients change them: one's own, and for administrators all (photos §9.1, 9.13).

Threat: the same table as everywhere, so the same rules: the last administrator stays, passwords end sessions, and who
came by a link or with a key gains nothing here that he did not have.
"""

import sqlite3
from collections.abc import Awaitable, Callable

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts import members_store
from homemedia.accounts.claim import Claim, ClaimService
from homemedia.accounts.member_rules import MemberChange, NewMember, taken
from homemedia.accounts.members import MemberService
from homemedia.accounts.models import NO_EMAIL_DOMAIN, Device, Member, MemberState
from homemedia.accounts.names import checked_email, email_key
from homemedia.accounts.new_names import free_username, usable_name
from homemedia.accounts.passwords import Passwords
from homemedia.accounts.photo_account import store
from homemedia.accounts.photo_account.pin import checked_pin
from homemedia.accounts.photo_account.store import Account, Extras
from homemedia.accounts.sessions import SessionService
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.http.photo_words import NOT_VALID
from homemedia.core.problems import BadRequest, Conflict, Forbidden, NotFound, TooMany

ADMIN_LABEL = "admin"
OWN_EMAIL_TAKEN = "Email already in use by another account"
NEW_EMAIL_TAKEN = "User exists"
_LABEL_CHARS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")
MAX_LABEL = 64


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many photos and videos are a member's own."""

    images: int = 0
    videos: int = 0


class AccountChange(msgspec.Struct, frozen=True, kw_only=True):
    """What to change of an account; what is UNSET stays. `quota_bytes`: None for no limit."""

    email: str | UnsetType = UNSET
    password: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    is_admin: bool | UnsetType = UNSET
    avatar_color: str | UnsetType | None = UNSET
    quota_bytes: int | UnsetType | None = UNSET
    storage_label: str | UnsetType | None = UNSET
    must_change_password: bool | UnsetType = UNSET
    pin: str | UnsetType | None = UNSET


class NewAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account an administrator makes."""

    email: str
    password: str
    name: str
    is_admin: bool = False
    rest: AccountChange = AccountChange()


async def _no_counts(_user_id: str) -> Counts:
    return Counts()


class PhotoAccountService:
    """Shows and changes accounts.

    Attributes:
        counts: how much a member has; told by who keeps the photos.
    """

    def __init__(
        self,
        db: Database,
        members: MemberService,
        sessions: SessionService,
        passwords: Passwords,
        claims: ClaimService,
        clock: Clock | None = None,
    ) -> None:
        self._db = db
        self._members = members
        self._sessions = sessions
        self._passwords = passwords
        self._claims = claims
        self._clock = clock or Clock()
        self.counts: Callable[[str], Awaitable[Counts]] = _no_counts

    # Showing

    async def get(self, user_id: str, *, with_removed: bool = False) -> Account:
        """One account.

        Raises:
            NotFound: there is none.
        """
        found = await store.account(self._db.read, user_id, with_removed=with_removed)
        if found is None:
            raise _nobody()
        return found

    async def shown_to(self, actor: Member, user_id: str) -> Account:
        """An account as members see each other: who is there now, and oneself.

        Raises:
            NotFound: there is none that he may see.
        """
        found = await self.get(user_id)
        if found.member.state is not MemberState.ACTIVE and not actor.is_admin:
            raise _nobody()
        return found

    async def all(self, *, user_id: str | None = None, with_removed: bool = False) -> list[Account]:
        """Every account, oldest first."""
        return await store.accounts(self._db.read, user_id=user_id, with_removed=with_removed)

    # Changing

    async def sign_up(self, new: NewAccount, code: str | None, device: Device, *, is_at_home: bool) -> Account:
        """Claim the household as the photo API's first administrator, who then signs in.

        Raises:
            BadRequest: there is an administrator; a name, the address or the password breaks a rule.
            Forbidden: the setup code is needed or wrong.
        """
        try:
            await self._claims.check(code, device.address, is_at_home=is_at_home)
            email = _checked_address(new.email)
            extras = Extras(quota_bytes=None, storage_label=ADMIN_LABEL, avatar_color=None, must_change_password=True)

            async def dress(tx: Write, user_id: str) -> None:
                await members_store.set_email(tx, user_id, email)
                await store.change(tx, user_id, extras, now=self._clock.now_ms())

            claim = Claim(
                username=usable_name([email, new.name], "admin"), password=new.password, display_name=new.name
            )
            signed_in = await self._claims.take(claim, device, proof=dress)
        except TooMany as err:
            raise Forbidden(err.message, code="setup_code_wrong") from err
        except Forbidden as err:
            if err.code != "setup_closed":
                raise
            raise BadRequest("The server already has an admin", code=err.code) from err
        # Its clients sign in with the password next; the session of the claim would be nobody's.
        await self._sessions.end(signed_in.member, signed_in.member.session_id)
        return await self.get(signed_in.member.user_id)

    async def add(self, new: NewAccount, *, by: Member) -> Account:
        """Make an account; its user name is made from the address.

        Raises:
            BadRequest: the address is taken; something breaks a rule.
        """
        email = _checked_address(new.email)
        wished = usable_name([email, new.name], "member")
        member = NewMember(
            username=wished,
            password=new.password,
            is_admin=new.is_admin,
            display_name=new.name,
            email=email,
            is_email_verified=True,
        )
        try:
            await self._members.check(member)
            password_hash = await self._passwords.hash(new.password)
            pin_hash = await self._pin_hash(new.rest)
            async with self._db.write(durable=True) as tx:
                member = msgspec.structs.replace(member, username=await free_username(tx.rows, wished))
                made = await self._members.admit(tx, member, password_hash, by=by.user_id, origin="library_access")
                await self._set_extras(tx, made.user_id, new.rest, pin_hash)
        except sqlite3.IntegrityError as err:
            raise _in_photo_words(taken(err), NEW_EMAIL_TAKEN) from err
        except Conflict as err:
            raise _in_photo_words(err, NEW_EMAIL_TAKEN) from err
        return await self.get(made.user_id)

    async def change_own(self, actor: Member, change: AccountChange) -> Account:
        """Change what a member may change of himself.

        Raises:
            BadRequest: the address is taken; something breaks a rule.
            Forbidden: he came by a link, or with a key that may not change passwords and would change a way in.
        """
        await self._sessions.refuse_link(actor)
        # Codes to sign in with go to the address, so it is a way in as the password is.
        gives_way_in = change.password is not UNSET or change.email not in {UNSET, actor.email}
        if gives_way_in and actor.permissions is not None:
            _need_word(actor, "auth.changePassword")
        return await self._change(actor.user_id, change, by=actor)

    async def change(self, user_id: str, change: AccountChange, *, by: Member) -> Account:
        """Change somebody's account, for administrators.

        Raises:
            NotFound: there is none.
            BadRequest: the address is taken; his own rights; the last administrator; something breaks a rule.
        """
        if by.user_id == user_id and change.is_admin is False:
            raise BadRequest("Admin status can only be changed by another admin")
        return await self._change(user_id, change, by=by)

    async def _change(self, user_id: str, change: AccountChange, *, by: Member) -> Account:
        before = await self.get(user_id)
        email = change.email
        if isinstance(email, str) and email_key(email) == email_key(f"{before.member.username}@{NO_EMAIL_DOMAIN}"):
            email = UNSET  # the address that was made up for him comes back from a form
        wanted = MemberChange(
            password=change.password,
            is_admin=change.is_admin,
            display_name=change.name,
            email=_checked_address(email) if isinstance(email, str) else UNSET,
        )
        pin_hash = await self._pin_hash(change)

        async def also(tx: Write) -> None:
            await self._set_extras(tx, user_id, change, pin_hash)

        try:
            await self._members.change(user_id, wanted, by=by, also=also)
        except Conflict as err:
            raise _in_photo_words(err, OWN_EMAIL_TAKEN) from err
        return await self.get(user_id)

    async def _set_extras(self, tx: Write, user_id: str, change: AccountChange, pin_hash: str | None) -> None:
        now = self._clock.now_ms()
        account = await store.account(tx.rows, user_id)
        if account is None:
            raise _nobody()
        label = account.storage_label
        if not isinstance(change.storage_label, UnsetType):
            label = _checked_label(change.storage_label)
            if label is not None and await store.is_label_taken(tx.rows, label, by_other_than=user_id):
                raise BadRequest("Storage label already in use by another account", field="storageLabel")
        color, quota, must = change.avatar_color, change.quota_bytes, change.must_change_password
        extras = Extras(
            quota_bytes=account.quota_bytes if isinstance(quota, UnsetType) else quota,
            storage_label=label,
            avatar_color=account.member.avatar_color if isinstance(color, UnsetType) else color,
            must_change_password=account.member.must_change_password if isinstance(must, UnsetType) else must,
        )
        await store.change(tx, user_id, extras, now=now)
        if change.pin is not UNSET:
            await store.set_pin(tx, user_id, pin_hash, now=now)
            await store.lock_all(tx, user_id)

    async def _pin_hash(self, change: AccountChange) -> str | None:
        return await self._passwords.hash(checked_pin(change.pin)) if isinstance(change.pin, str) else None

    async def set_onboarded(self, actor: Member, *, is_onboarded: bool) -> bool:
        """Say whether a member has seen what newcomers are told."""
        async with self._db.write() as tx:
            await store.set_onboarded(tx, actor.user_id, is_onboarded=is_onboarded, now=self._clock.now_ms())
        return is_onboarded

    # Removing

    async def remove(self, user_id: str, *, by: Member, at_once: bool) -> Account:
        """Remove an account for a week, or for ever; what it was, with the time of its removal.

        Raises:
            NotFound: there is none.
            Forbidden: it is his own.
            BadRequest: nobody else runs the household.
        """
        if by.user_id == user_id:
            raise Forbidden("Cannot delete your own account", code="cannot_delete_self")
        before = await self.get(user_id, with_removed=at_once)
        try:
            if before.removed_at is None:
                await self._members.remove(user_id, by=by, at_once=at_once)
            else:
                await self._members.purge_now(user_id)
        except Conflict as err:
            raise _in_photo_words(err, OWN_EMAIL_TAKEN) from err
        if not at_once:
            return await self.get(user_id, with_removed=True)
        now = self._clock.now_ms()
        gone = msgspec.structs.replace(before.member, state=MemberState.REMOVED)
        return msgspec.structs.replace(before, member=gone, removed_at=before.removed_at or now, updated_at=now)

    async def restore(self, user_id: str) -> Account:
        """Take a removed member back, before what he owned is dropped.

        Raises:
            NotFound: there is none.
            BadRequest: somebody has his name or address by now.
        """
        gone_at = (await self.get(user_id, with_removed=True)).removed_at
        try:
            async with self._db.write(durable=True) as tx:
                if gone_at is not None and await store.restore(tx, user_id, now=self._clock.now_ms()):
                    await self._members.take_back(tx, user_id, gone_at=gone_at)
        except sqlite3.IntegrityError as err:
            raise _in_photo_words(taken(err), OWN_EMAIL_TAKEN) from err
        return await self.get(user_id)


def _need_word(actor: Member, word: str) -> None:
    held = actor.permissions or ()
    if "all" not in held and word not in held:
        raise Forbidden(f"Missing required permission: {word}")


def _checked_address(text: str) -> str:
    try:
        return checked_email(text)
    except BadRequest:
        raise BadRequest(NOT_VALID, field="email", reason="Invalid email address") from None


def _checked_label(text: str | None) -> str | None:
    """A storage label as it is kept; "" is none.

    Raises:
        BadRequest: it holds what no folder should be named.
    """
    if not text:
        return None
    if len(text) > MAX_LABEL or not set(text) <= _LABEL_CHARS or not text.strip("."):
        raise BadRequest(
            "A storage label has letters, digits, dots, dashes and underscores.",
            field="storageLabel",
            reason="is no label",
        )
    return text


def _in_photo_words(err: Exception, email_taken: str) -> Exception:
    """What is a conflict elsewhere is a bad request to the photo API's clients (photos §3)."""
    if not isinstance(err, Conflict):
        return err
    message = email_taken if err.code == "email_taken" else err.message
    return BadRequest(message, code=err.code, details=err.details)


def _nobody() -> NotFound:
    return NotFound("User not found")
