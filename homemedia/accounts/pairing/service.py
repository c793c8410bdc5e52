"""A device asks with a code on its screen, a member lets it in from another, the device fetches its own session.

Threat: the code is short, and whoever is let in comes in. So a code lives ten minutes and is good for one decision; the
session goes only to who holds the secret that was made with the code; wrong codes are counted. Somebody may send a
member a code and ask for it to be let in: who decides is shown what asks and from where, and what comes in that way has
no administrator's rights unless an administrator gives them then and there, and never more than the session it was let
in from.
"""

import hashlib
import re
import secrets

import msgspec

from homemedia.accounts import store as accounts
from homemedia.accounts.models import Device, Member
from homemedia.accounts.pairing import store
from homemedia.accounts.pairing.store import Asked, Waiting
from homemedia.accounts.sessions import LINK_WAY, LINK_WAYS, SessionService, SignedIn, is_current
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.limits import RateLimit, limit_key
from homemedia.core.problems import Conflict, Forbidden, Gone, NotFound, Unavailable

# No vowels, so that no word comes out; nothing that looks like something else. 64 million codes.
ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
CODE_CHARS = 6
SECRET_BYTES = 32
LIFETIME_MS = 600_000
# For so long a device hears that its time is over, and not that nobody knows it.
REMEMBERED_MS = 3_600_000
ASK_AGAIN_S = 3
# A page left open asks for three codes in half an hour; many televisions may stand behind one address.
BEGINS, BEGINS_WINDOW_S = 20, 900.0
POLLS_A_MINUTE = 120
WRONG_CODES, WRONG_CODES_WINDOW_S = 10, 900.0
MAX_OPEN = 200
PAIRED_WAY = "pairing"


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What a device is told once. `expires_at` in ms since 1970 UTC."""

    code: str
    secret: str
    expires_at: int


class PairingService:
    """Lets devices in by a code."""

    def __init__(self, db: Database, sessions: SessionService, clock: Clock | None = None) -> None:
        self._db = db
        self._sessions = sessions
        self._clock = clock or Clock()
        self._begins = RateLimit(BEGINS, BEGINS_WINDOW_S, clock=self._clock)
        self._polls = RateLimit(POLLS_A_MINUTE, 60.0, clock=self._clock)
        self._wrong = RateLimit(WRONG_CODES, WRONG_CODES_WINDOW_S, clock=self._clock)

    # For the device

    async def begin(self, device: Device) -> Begun:
        """A code for the screen and the secret that goes with it.

        Raises:
            Forbidden: `setup_required` while nobody has claimed the household.
            TooMany: too many from this address.
            Unavailable: `too_many_waiting`.
        """
        if not await accounts.is_claimed(self._db.read):
            raise Forbidden("This server is not set up yet.", code="setup_required")
        self._begins.check(limit_key(device.address))
        now = self._clock.now_ms()
        secret = secrets.token_urlsafe(SECRET_BYTES)
        asked = Asked(device_type=device.device_type, device_os=device.device_os)
        async with self._db.write() as tx:
            await store.sweep(tx, now - REMEMBERED_MS)
            while True:
                code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARS))
                waiting, is_taken = await store.count_open(tx, _code_hash(code), now)
                if waiting >= MAX_OPEN:
                    raise Unavailable(
                        "Too many devices are waiting to be let in. Try again in a few minutes.",
                        code="too_many_waiting",
                        retry_after_s=60,
                    )
                if not is_taken:
                    break
            await store.add(
                tx,
                secret_hash=_secret_hash(secret),
                code_hash=_code_hash(code),
                address=device.address,
                asked=asked,
                now=now,
                expires_at=now + LIFETIME_MS,
            )
        return Begun(code=shown(code), secret=secret, expires_at=now + LIFETIME_MS)

    async def collect(self, secret: str, device: Device) -> SignedIn | Waiting:
        """The device's own session, handed out once; what waits, while nobody has decided.

        Raises:
            NotFound: `pairing_not_found`.
            Gone: `pairing_expired`.
            Forbidden: `pairing_refused`: somebody said no, or who said yes may not come in himself any more.
            TooMany: it asks too often.
        """
        self._polls.check(limit_key(device.address))
        now = self._clock.now_ms()
        waiting = await store.by_secret(self._db.read, _secret_hash(secret))
        if waiting is None:
            raise _unknown()
        if waiting.asked.state == "waiting":
            if waiting.expires_at <= now:
                raise Gone("This code has expired. Ask for a new one.", code="pairing_expired")
            return waiting
        async with self._db.write(durable=True) as tx:
            taken = await store.take(tx, _secret_hash(secret))
            if taken is None:
                raise _unknown()
            signed_in = None
            if taken.asked.state == "confirmed" and taken.expires_at > now:
                by = await accounts.asking(tx.rows, taken.asked.by_session_id)
                if by is not None and by.revoked_at is None and is_current(by, now) and by.member.may_enter(now):
                    # The device's kind as it said at first: what is known of it now is the same device's.
                    named = msgspec.structs.replace(
                        device, device_type=taken.asked.device_type, device_os=taken.asked.device_os
                    )
                    is_trusted = taken.asked.is_trusted and by.way not in LINK_WAYS
                    way = PAIRED_WAY if is_trusted else LINK_WAY
                    signed_in = await self._sessions.open(tx, by.member, way=way, device=named)
        if signed_in is None:
            raise Forbidden("This device was not let in.", code="pairing_refused")
        return signed_in

    # For who lets it in

    async def look(self, code: str, *, by: Member, address: str) -> Waiting:
        """The device that shows a code.

        Raises:
            NotFound: `code_not_found`: no device shows it, or not any more.
            Conflict: `pairing_decided`.
            Forbidden: who asks came with a sign-in link.
            TooMany: too many wrong codes.
        """
        now = self._clock.now_ms()
        await self._check(by, now)
        keys = (f"member\n{by.user_id}", limit_key(address))
        for key in keys:
            # Counted before looking, so that many tries at once are no way around the limit.
            self._wrong.check(key, "Too many wrong codes. Wait a moment and try again.")
        found = await store.by_code(self._db.read, _code_hash(plain(code)), now)
        if found is None:
            raise NotFound("No device shows this code any more. Look at its screen again.", code="code_not_found")
        for key in keys:
            self._wrong.give_back(key)
        if found.asked.state != "waiting":
            raise _decided()
        return found

    async def confirm(self, code: str, *, by: Member, address: str, is_trusted: bool) -> Waiting:
        """Let the device that shows a code come in as `by`; `is_trusted`: with an administrator's rights.

        Raises:
            Forbidden: `admin_required`: rights are given that `by` has not.
            And as `look`.
        """
        if is_trusted and not by.is_admin:
            raise Forbidden("Only an administrator can give a device an administrator's rights.", code="admin_required")
        return await self._decide(
            code,
            by=by,
            address=address,
            change={"state": "confirmed", "by_session_id": by.session_id, "is_trusted": is_trusted},
        )

    async def refuse(self, code: str, *, by: Member, address: str) -> None:
        """Let the device that shows a code know that nobody lets it in. Raises as `look`."""
        await self._decide(code, by=by, address=address, change={"state": "refused"})

    async def _decide(self, code: str, *, by: Member, address: str, change: dict[str, object]) -> Waiting:
        found = await self.look(code, by=by, address=address)
        asked = msgspec.structs.replace(found.asked, **change)
        async with self._db.write(durable=True) as tx:
            if not await store.decide(tx, _code_hash(plain(code)), asked, self._clock.now_ms()):
                raise _decided()
        return found

    async def _check(self, by: Member, now: int) -> None:
        """Let pass who signed in himself, for as long as he likes: what a key opened would outlive the key."""
        session = None if by.is_by_link or by.is_by_key else await accounts.asking(self._db.read, by.session_id)
        if session is None or session.session_expires_at is not None or not is_current(session, now):
            raise Forbidden("Sign in with your own account to let a device in.")


def plain(code: str) -> str:
    """A code as somebody typed it, without what he set between its letters."""
    return re.sub(r"[\s.\-\u2010-\u2015]", "", code).upper()


def shown(code: str) -> str:
    """A code as it is shown: "BCD-FGH"."""
    middle = CODE_CHARS // 2
    return f"{code[:middle]}-{code[middle:]}"


def _code_hash(code: str) -> str:
    return hashlib.sha256(b"pairing code\n" + code.encode("utf-8", "surrogatepass")).hexdigest()


def _secret_hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _unknown() -> NotFound:
    return NotFound("This device has no code any more. Ask for a new one.", code="pairing_not_found")


def _decided() -> Conflict:
    return Conflict("Somebody has decided about this device already.", code="pairing_decided")
