"""The PIN that opens what is locked, and for how long (photos §2.5, 9.8).

Threat: six digits are guessed in a million tries. Who guesses wrong too often in a quarter of an hour is not looked at
any more, whatever device he has; the answer is the same, only later.
"""

import asyncio
import re

import msgspec

from homemedia.accounts import store as accounts_store
from homemedia.accounts.models import Member
from homemedia.accounts.passwords import Passwords
from homemedia.accounts.photo_account import store
from homemedia.accounts.sessions import SessionService
from homemedia.accounts.sign_in import EMAIL_FORM_WAIT_S, Sleep
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.limits import RateLimit
from homemedia.core.problems import BadRequest, NotFound

ELEVATED_MS = 15 * 60_000
TRIES = 5
WINDOW_S = 900.0
_PIN = re.compile(r"[0-9]{6}")


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """By what a member shows that he is himself: his PIN, or his password when he forgot it."""

    pin: str | None = None
    password: str | None = None


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """How a session stands. Times in ms; None for no end, or while it is locked."""

    has_pin: bool
    has_password: bool
    expires_at: int | None
    elevated_until_at: int | None


def checked_pin(text: str, field: str = "pinCode") -> str:
    """Six digits.

    Raises:
        BadRequest: they are something else.
    """
    if _PIN.fullmatch(text) is None:
        raise BadRequest("A PIN code has six digits.", field=field, reason="must be six digits")
    return text


class PinService:
    def __init__(
        self,
        db: Database,
        sessions: SessionService,
        passwords: Passwords,
        clock: Clock | None = None,
        *,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._db = db
        self._sessions = sessions
        self._passwords = passwords
        self._clock = clock or Clock()
        self._sleep = sleep
        self._tries = RateLimit(TRIES, WINDOW_S, clock=self._clock)

    async def state(self, actor: Member) -> Lock:
        """How the session stands that the caller asks with."""
        asking = await accounts_store.asking(self._db.read, actor.session_id)
        until = actor.elevated_until_at
        return Lock(
            has_pin=await store.pin_hash(self._db.read, actor.user_id) is not None,
            has_password=actor.has_password,
            expires_at=None if asking is None else asking.session_expires_at,
            elevated_until_at=until if until is not None and until > self._clock.now_ms() else None,
        )

    async def set_up(self, actor: Member, pin: str) -> None:
        """Choose a PIN.

        Raises:
            BadRequest: there is one; it is not six digits.
            Forbidden: he came by a link.
        """
        await self._sessions.refuse_link(actor)
        hashed = await self._passwords.hash(checked_pin(pin))
        async with self._db.write(durable=True) as tx:
            if await store.pin_hash(tx.rows, actor.user_id) is not None:
                raise BadRequest("User already has a PIN code")
            await store.set_pin(tx, actor.user_id, hashed, now=self._clock.now_ms())

    async def change(self, actor: Member, proof: Proof, new: str) -> None:
        """Choose another PIN.

        Raises:
            BadRequest: there is none; the proof is wrong; it is not six digits.
            Forbidden: he came by a link.
        """
        await self._sessions.refuse_link(actor)
        checked_pin(new, "newPinCode")
        before = await self._prove(actor, proof)
        await self._keep(actor, before, await self._passwords.hash(new))

    async def drop(self, actor: Member, proof: Proof) -> None:
        """Have no PIN any more.

        Raises:
            BadRequest: there is none; the proof is wrong.
            Forbidden: he came by a link.
        """
        await self._sessions.refuse_link(actor)
        await self._keep(actor, await self._prove(actor, proof), None)

    async def unlock(self, actor: Member, proof: Proof) -> None:
        """Let the session open what is locked, for a quarter of an hour.

        Raises:
            BadRequest: there is no PIN; the proof is wrong; the caller has no session.
        """
        _need_session(actor)
        await self._prove(actor, proof)
        async with self._db.write() as tx:
            await accounts_store.elevate(tx, actor.session_id, until=self._clock.now_ms() + ELEVATED_MS)

    async def lock(self, actor: Member) -> None:
        """Open nothing that is locked any more.

        Raises:
            BadRequest: the caller has no session.
        """
        _need_session(actor)
        await self.lock_session(actor, actor.session_id)

    async def lock_session(self, actor: Member, session_id: str) -> None:
        """Lock one of the member's sessions.

        Raises:
            NotFound: he has no such session.
        """
        if not any(one.session_id == session_id for one in await self._sessions.of(actor)):
            raise NotFound("Not found or no session.lock access")
        async with self._db.write() as tx:
            await accounts_store.elevate(tx, session_id, until=None)

    async def _keep(self, actor: Member, before: str, hashed: str | None) -> None:
        async with self._db.write(durable=True) as tx:
            if await store.pin_hash(tx.rows, actor.user_id) != before:
                raise _wrong_pin()
            await store.set_pin(tx, actor.user_id, hashed, now=self._clock.now_ms())
            await store.lock_all(tx, actor.user_id)

    async def _prove(self, actor: Member, proof: Proof) -> str:
        """The hash of the member's PIN, once he has shown that he is himself."""
        stored = await store.pin_hash(self._db.read, actor.user_id)
        if stored is None:
            raise BadRequest("User does not have a PIN code")
        is_by_pin = proof.pin is not None or proof.password is None
        wrong = _wrong_pin() if is_by_pin else BadRequest("Wrong password", code="wrong_password", field="password")
        if self._tries.wait_s(actor.user_id):
            await self._sleep(EMAIL_FORM_WAIT_S)
            raise wrong
        self._tries.take(actor.user_id)
        if is_by_pin:
            verdict = await self._passwords.check(stored, proof.pin or "")
        else:
            known = await accounts_store.known_by_id(self._db.read, actor.user_id)
            verdict = await self._passwords.check(known.password_hash if known else None, proof.password or "")
        if not verdict.is_right:
            raise wrong
        self._tries.clear(actor.user_id)
        return stored


def _need_session(actor: Member) -> None:
    if actor.is_by_key:
        raise BadRequest("This endpoint can only be used with a session token")


def _wrong_pin() -> BadRequest:
    return BadRequest("Wrong PIN code", code="wrong_pin", field="pinCode")
