"""Signing in with a password, and changing it (design, "login", "change-password"; watch §3.1).

Threat: guessing. An unknown name, a wrong password, a disabled and an expired account get the same answer after the
same work; who guesses too often is not looked at any more.
"""

import asyncio
from collections.abc import Awaitable, Callable

from homemedia.accounts import store
from homemedia.accounts.events import MemberChanged
from homemedia.accounts.models import NO_EMAIL_DOMAIN, Device, Member
from homemedia.accounts.names import check_password, email_key, name_key
from homemedia.accounts.password_login import PasswordLogin
from homemedia.accounts.passwords import Passwords
from homemedia.accounts.sessions import SessionService, SignedIn
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.limits import RateLimit, limit_key
from homemedia.core.problems import BadRequest, Forbidden, NotFound, TooMany, Unauthorized

TRIES_BY_NAME = 5
TRIES_BY_ADDRESS = 20
WINDOW_S = 900.0
# What the photo form waits instead of saying 429: its clients cannot read that.
EMAIL_FORM_WAIT_S = 2.0
# Longer than any user name or address can be; what is asked with more is cut before anything is done with it.
MAX_ASKED_CHARS = 320
Sleep = Callable[[float], Awaitable[None]]

CLOSED = "password_login_disabled"


class SignInService:
    """Admits members with a password, unless the household does without."""

    def __init__(
        self,
        db: Database,
        sessions: SessionService,
        passwords: Passwords,
        clock: Clock | None = None,
        *,
        switch: PasswordLogin | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._db = db
        self._sessions = sessions
        self._passwords = passwords
        self._clock = clock or Clock()
        self._sleep = sleep
        self._switch = switch or PasswordLogin(db, clock)
        self._by_name = RateLimit(TRIES_BY_NAME, WINDOW_S, clock=self._clock)
        self._by_address = RateLimit(TRIES_BY_ADDRESS, WINDOW_S, clock=self._clock)

    async def login(self, name: str, password: str, device: Device) -> SignedIn:
        """Sign in; `name` may be a user name or an e-mail address.

        Raises:
            Unauthorized: `bad_credentials`, whatever is wrong; `password_login_disabled`.
            Forbidden: `setup_required` while nobody has claimed the household.
            TooMany: too many failures; the password was not looked at.
        """
        if not await store.is_claimed(self._db.read):
            raise Forbidden("This server is not set up yet.", code="setup_required")
        if await self._switch.is_closed():
            raise _closed()
        # Who has no address is shown one that is his user name and this; he may come in by it too.
        name = name[:MAX_ASKED_CHARS].strip().removesuffix(f"@{NO_EMAIL_DOMAIN}")
        self._guess(name, device.address)
        known = await store.known_by_name(self._db.read, name_key=name_key(name), email=email_key(name))
        verdict = await self._passwords.check(known.password_hash if known else None, password)
        if (
            known is None
            or known.password_hash is None
            or not verdict.is_right
            or not known.member.may_enter(self._clock.now_ms())
        ):
            raise _bad_credentials()
        # Who knows the password is no guesser, even if a full disk keeps him out.
        self._forgive(name, device.address)
        if not self._switch.lets_in(known.member):
            raise _closed()
        anew = await self._passwords.hash(password) if verdict.is_outdated else None
        async with self._db.write(durable=True) as tx:
            # Asked again: a reset in the meantime has ended all sessions, and none may slip in after it.
            current = await store.known_by_id(tx.rows, known.member.user_id)
            if current is None or current.password_hash != known.password_hash:
                raise _bad_credentials()
            if anew is not None:
                await store.replace_hash(tx, known.member.user_id, old_hash=known.password_hash, password_hash=anew)
            return await self._sessions.open(tx, current.member, way="password", device=device)

    async def login_by_email(self, email: str, password: str, device: Device) -> SignedIn:
        """The photo form of the same: every refusal is its 401, past the limit only after a wait.

        Raises:
            Unauthorized: whatever is wrong.
        """
        try:
            return await self.login(email, password, device)
        except TooMany:
            await self._sleep(EMAIL_FORM_WAIT_S)
            raise _wrong_pair() from None
        except Unauthorized as err:
            if err.code == CLOSED:
                raise Unauthorized("Password login has been disabled", code=CLOSED) from err
            raise _wrong_pair() from err
        except Forbidden as err:
            raise Unauthorized(err.message, code=err.code) from err

    async def change_password(
        self, member: Member, current: str | None, new: str, *, keeps_others: bool, address: str
    ) -> str:
        """Set the member's own password; a token for the session he asks with.

        Raises:
            Forbidden: he came with a sign-in link.
            BadRequest: `wrong_password`, or the new one breaks a rule.
            TooMany: as at sign-in.
        """
        if member.is_by_link:
            raise Forbidden("A password cannot be changed by a sign-in link.")
        known = await store.known_by_id(self._db.read, member.user_id)
        if known is None:
            raise Unauthorized("Sign in first.")
        if known.password_hash is None:
            # There is nothing to show that it is himself, and a password would give more rights than a link has.
            await self._sessions.refuse_link(member)
        check_password(new, is_admin=known.member.is_admin, field="newPassword")
        if known.password_hash is not None:
            self._guess(member.username, address)
            if not (await self._passwords.check(known.password_hash, current or "")).is_right:
                raise _wrong_password()
            self._forgive(member.username, address)
        password_hash = await self._passwords.hash(new)
        async with self._db.write(durable=True) as tx:
            latest = await store.known_by_id(tx.rows, member.user_id)
            if latest is None or latest.password_hash != known.password_hash:
                raise _wrong_password()
            await store.set_password(tx, member.user_id, password_hash)
            if not keeps_others:
                await self._sessions.end_all(tx, member.user_id, kept=member.session_id)
            tx.announce(MemberChanged(member.user_id))
        return self._sessions.token_for(member.user_id, member.session_id)

    async def reset_password(self, username: str, new: str) -> Member:
        """Set somebody's password without asking for the old one; ends all his sessions. For the command line.

        Raises:
            NotFound: nobody has that user name or e-mail address.
            BadRequest: the password breaks a rule.
        """
        known = await store.known_by_name(self._db.read, name_key=name_key(username), email=email_key(username))
        if known is None:
            raise NotFound(f"There is no member named {username}.")
        check_password(new, is_admin=known.member.is_admin)
        password_hash = await self._passwords.hash(new)
        async with self._db.write(durable=True) as tx:
            await store.set_password(tx, known.member.user_id, password_hash)
            await self._sessions.end_all(tx, known.member.user_id)
            tx.announce(MemberChanged(known.member.user_id))
        return known.member

    def _guess(self, name: str, address: str) -> None:
        """Count a try before the password is looked at, so that a hundred at once are no way around the limit."""
        from_here, for_name = _keys(name, address)
        wait = max(self._by_address.wait_s(from_here), self._by_name.wait_s(for_name))
        if wait:
            raise TooMany("Too many attempts to sign in. Wait a moment and try again.", retry_after_s=wait)
        self._by_address.take(from_here)
        self._by_name.take(for_name)

    def _forgive(self, name: str, address: str) -> None:
        from_here, for_name = _keys(name, address)
        self._by_address.give_back(from_here)
        self._by_name.clear(for_name)


def _keys(name: str, address: str) -> tuple[str, str]:
    from_here = limit_key(address)
    return from_here, f"{from_here}\n{name_key(name)}"


def _bad_credentials() -> Unauthorized:
    return Unauthorized("The user name or the password is not right.", code="bad_credentials")


def _closed() -> Unauthorized:
    return Unauthorized("Nobody signs in with a password here. Choose another way.", code=CLOSED)


def _wrong_pair() -> Unauthorized:
    """As `_bad_credentials`, in the words that the photo API's clients know."""
    return Unauthorized("Incorrect email or password", code="bad_credentials")


def _wrong_password() -> BadRequest:
    return BadRequest("The current password is not right.", code="wrong_password", field="currentPassword")
