"""Codes of six digits: made, sent, tried, used once (clips §5.3).

Threat: guessing. A code lasts ten minutes and five tries, every try is counted before it is looked at, and one account
bears only so many wrong ones a day, from however many addresses they come.
"""

import hashlib
import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import cast

import msgspec

from homemedia.accounts.codes import store
from homemedia.accounts.codes.desk import SenderDesk
from homemedia.accounts.codes.problems import NotSent
from homemedia.accounts.codes.senders import CODE_LIFE_MS, Checker, Letter, Outcome, Purpose, Sender, Verdict
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.http.limits import RateLimit
from homemedia.core.problems import BadRequest, TooMany

_log = logging.getLogger(__name__)

DIGITS = 6
TRIES = 5
SENDS = 5
SENDS_WINDOW_S = 600.0
PAUSE_S = 30.0
WRONG_A_DAY = 50
DAY_S = 86_400.0
PROOF_LIFE_MS = 30 * 60_000


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to get a code.

    Attributes:
        user_id: whose code it is.
        phone: where he can be reached, or what he says his number is.
        who: his name for the administrator.
    """

    user_id: str
    phone: str | None = None
    email: str | None = None
    who: str = ""


class CodeService:
    """Sends codes and takes them."""

    def __init__(
        self, db: Database, desk: SenderDesk, house: Callable[[], Awaitable[str]], clock: Clock | None = None
    ) -> None:
        self._db = db
        self._desk = desk
        self._house = house
        self._clock = clock or Clock()
        self._sends = RateLimit(SENDS, SENDS_WINDOW_S, clock=self._clock)
        self._pauses = RateLimit(1, PAUSE_S, clock=self._clock)
        self._wrong = RateLimit(WRONG_A_DAY, DAY_S, clock=self._clock)

    async def send(self, asked: Asked, purpose: Purpose) -> None:
        """Send a new code; an older one for the same purpose opens nothing any more.

        Raises:
            BadRequest: `email_needed`, `phone_needed`.
            TooMany: one in 30 s, five in ten minutes; or the sender says so.
            NotSent: the sender failed.
        """
        sender, to = self._desk.for_whom(asked.phone, asked.email)
        self._check_pace(to)
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        subject = _subject(purpose, asked.user_id)
        is_outside = sender.name == "verify"
        number = asked.phone or ""
        made = secrets.token_bytes(32) if is_outside else _hash(subject, number, code)
        now = self._clock.now_ms()
        facts = store.Facts(to=to, number=number, is_outside=is_outside, is_mail=sender.reaches == "email")
        async with self._db.write() as tx:
            await store.put(tx, subject, made, facts, now=now, expires_at=now + CODE_LIFE_MS)
        letter = Letter(to=to, code=code, purpose=purpose, house=await self._house(), who=asked.who)
        sent = await sender.send(letter)
        if sent.outcome is Outcome.OK:
            return
        _log.warning("a one-time code was not sent by %s: %s", sender.name, sent.problem)
        async with self._db.write() as tx:
            await store.take(tx, subject, made, now=now)
        if sent.outcome is Outcome.RATE_LIMITED:
            raise TooMany("Too many codes were sent. Wait a moment and try again.", retry_after_s=int(PAUSE_S))
        self._pauses.clear(to)
        raise NotSent("We could not send the code. Whoever looks after the server can see why.")

    def _check_pace(self, to: str) -> None:
        wait = max(self._pauses.wait_s(to), self._sends.wait_s(to))
        if wait:
            raise TooMany("A code was sent a moment ago. Wait before asking for another one.", retry_after_s=wait)
        self._pauses.take(to)
        self._sends.take(to)

    async def use(self, asked: Asked, code: str, purpose: Purpose) -> store.Facts:
        """Take a code; it opens nothing a second time. What was kept with it.

        Raises:
            BadRequest: `wrong_code`; `no_code`: there is none, it has expired or was used.
            TooMany: it was tried too often.
            NotSent: the service that checks it did not answer.
        """
        subject = _subject(purpose, asked.user_id)
        if wait := self._wrong.wait_s(subject):
            raise TooMany("Too many wrong codes today. Sign in another way.", retry_after_s=wait)
        now = self._clock.now_ms()
        code = "".join(code.split())
        async with self._db.write() as tx:
            tried = await store.count_try(tx, subject, most=TRIES, now=now)
            is_dead = tried is None and await store.is_dead(tx.rows, subject, most=TRIES, now=now)
            is_right = False
            if tried is not None and not tried.facts.is_outside:
                is_right = hmac.compare_digest(tried.challenge_hash, _hash(subject, asked.phone or "", code))
                if is_right:
                    await store.take(tx, subject, tried.challenge_hash, now=now)
        if is_dead:
            raise TooMany(
                "This code was tried too often. Ask for a new one.", code="code_dead", retry_after_s=int(PAUSE_S)
            )
        if tried is None or tried.facts.number != (asked.phone or ""):
            raise _none()
        if tried.facts.is_outside:
            is_right = await self._ask_outside(subject, tried, code)
        if not is_right:
            self._wrong.take(subject)
            raise BadRequest("This code is not the right one.", code="wrong_code", field="code")
        self._desk.console.forget(tried.facts.to)
        return tried.facts

    async def _ask_outside(self, subject: str, tried: store.Tried, code: str) -> bool:
        """Whether the service that made a code knows it, and nobody else used it meanwhile."""
        sender: Sender | None = next((one for one in self._desk.senders() if one.name == "verify"), None)
        if sender is None:
            raise _none()
        match await cast("Checker", sender).check(tried.facts.to, code):
            case Verdict.RIGHT:
                async with self._db.write() as tx:
                    return await store.take(tx, subject, tried.challenge_hash, now=self._clock.now_ms())
            case Verdict.WRONG:
                return False
            case Verdict.GONE:
                raise _none()
            case Verdict.RATE_LIMITED:
                raise TooMany("This code was tried too often. Ask for a new one.", retry_after_s=int(PAUSE_S))
            case Verdict.FAILED:
                raise NotSent("We could not check the code. Try again.")

    # What a proved number is good for

    async def note_proof(self, user_id: str, phone: str) -> None:
        """Remember for half an hour that a number is somebody's own."""
        subject = _proof(user_id)
        now = self._clock.now_ms()
        async with self._db.write() as tx:
            facts = store.Facts(number=phone)
            made = _hash(subject, phone, "")
            await store.put(tx, subject, made, facts, now=now, expires_at=now + PROOF_LIFE_MS)

    async def take_proof(self, tx: Write, user_id: str, phone: str) -> bool:
        """Use up a proof inside the transaction it is good for; whether there was one."""
        subject = _proof(user_id)
        return await store.take(tx, subject, _hash(subject, phone, ""), now=self._clock.now_ms())

    async def forget(self, tx: Write, user_id: str) -> None:
        """Drop everything kept for somebody, inside the transaction that removes him."""
        for purpose in (Purpose.SIGN_IN, Purpose.PROVE):
            await store.drop(tx, _subject(purpose, user_id))
        await store.drop(tx, _proof(user_id))


def _subject(purpose: Purpose, user_id: str) -> str:
    return f"{purpose.value}/{user_id}"


def _proof(user_id: str) -> str:
    return f"proof/{user_id}"


def _hash(subject: str, number: str, code: str) -> bytes:
    return hashlib.sha256(f"{subject}\n{number}\n{code}".encode("utf-8", "surrogatepass")).digest()


def _none() -> BadRequest:
    return BadRequest("This code does not hold any more. Ask for a new one.", code="no_code", field="code")
