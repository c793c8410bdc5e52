"""Pairs of tokens that renew each other, and what a refresh token that comes twice means (heaps §2.8).

Threat: whoever copies a refresh token could live in the house for ever. Each is good for one renewal, so the thief or
the owner comes second with a used one, and then the whole sign-in ends.
"""

import hashlib

import msgspec

from homemedia.accounts import store
from homemedia.accounts.events import SessionEnded
from homemedia.accounts.key_login import store as rows
from homemedia.accounts.models import Member
from homemedia.accounts.sessions import DAY_MS, is_current
from homemedia.accounts.tokens import Claims, Tokens, TokenType
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.http.limits import RateLimit, limit_key
from homemedia.core.ids import new_hex
from homemedia.core.problems import Forbidden, Unauthorized

ACCESS_S = 900
REFRESH_MS = 30 * DAY_MS
# An answer that was lost on its way must not sign a device out: it may ask once more within this time.
GRACE_MS = 20_000
MINUTE_S = 60.0
RENEWALS_BY_ADDRESS = 30
RENEWALS_BY_SESSION = 10


class Pair(msgspec.Struct, frozen=True):
    """An access token that lives `ACCESS_S` seconds, and the refresh token that gets the next pair."""

    access: str
    refresh: str


class Pairs:
    """Makes pairs and renews them."""

    def __init__(self, db: Database, tokens: Tokens, clock: Clock | None = None) -> None:
        self._db = db
        self._tokens = tokens
        self._clock = clock or Clock()
        self._by_address = RateLimit(RENEWALS_BY_ADDRESS, MINUTE_S, clock=self._clock)
        self._by_session = RateLimit(RENEWALS_BY_SESSION, MINUTE_S, clock=self._clock)

    async def first(self, tx: Write, member: Member) -> Pair:
        """The pair of a session that was opened in this transaction."""
        return (await self._issue(tx, member.user_id, member.session_id))[0]

    async def renew(self, token: str, address: str) -> Pair:
        """The next pair for a refresh token.

        Raises:
            Unauthorized: `refresh_invalid`; `refresh_reused`: it was used before, and its session has been ended.
            Forbidden: `account_blocked`.
            TooMany: more than 30 a minute from one address, or 10 of one session.
        """
        self._by_address.check(limit_key(address))
        claims = self._read(token)
        self._by_session.check(claims.sid)
        async with self._db.write(durable=True) as tx:
            pair = await self._renew(tx, claims)
        if pair is None:
            raise Unauthorized(
                "This sign-in was renewed before by somebody else, so it was ended. Sign in again.",
                code="refresh_reused",
            )
        return pair

    async def _renew(self, tx: Write, claims: Claims) -> Pair | None:
        """The next pair; None when the token has been stolen: then the session is over."""
        now = self._clock.now_ms()
        jti_hash = hash_of(claims.jti)
        found = await rows.refresh(tx.rows, jti_hash, claims.sid)
        asking = await store.asking(tx.rows, claims.sid)
        if found is None or found.expires_at <= now or asking is None or asking.member.user_id != claims.sub:
            raise _invalid()
        if not asking.member.may_enter(now):
            raise blocked()
        if asking.revoked_at is not None or not is_current(asking, now):
            raise _invalid()
        if found.used_at is not None and not (now - found.used_at < GRACE_MS and found.has_fresh_successor):
            await store.end_session(tx, claims.sid, user_id=claims.sub, now=now)
            tx.announce(SessionEnded(claims.sid))
            return None
        pair, issued = await self._issue(tx, claims.sub, claims.sid)
        await rows.use_refresh(tx, jti_hash, successor=issued, now=now)
        if found.successor is not None:
            # Nobody is to come with the pair that was lost; if somebody does, this one follows it too.
            await rows.use_refresh(tx, found.successor, successor=issued, now=now)
        return pair

    async def _issue(self, tx: Write, user_id: str, session_id: str) -> tuple[Pair, bytes]:
        """A pair for a session, which lives on as long as it is renewed; and the hash its refresh token is kept by."""
        now = self._clock.now_ms()
        jti = new_hex(16)
        expires_at = now + REFRESH_MS
        await rows.slide_session(tx, session_id, expires_at=expires_at, now=now)
        await rows.add_refresh(tx, hash_of(jti), session_id, expires_at=expires_at, now=now)
        access = self._tokens.issue(TokenType.ACCESS, user_id=user_id, session_id=session_id, lifetime_s=ACCESS_S)
        refresh = self._tokens.issue(
            TokenType.REFRESH, user_id=user_id, session_id=session_id, lifetime_s=REFRESH_MS // 1000, token_id=jti
        )
        return Pair(access, refresh), hash_of(jti)

    def _read(self, token: str) -> Claims:
        try:
            return self._tokens.read(token, {TokenType.REFRESH})
        except Unauthorized as err:
            raise _invalid() from err


def hash_of(jti: str) -> bytes:
    """What is kept of a refresh token: 16 random bytes need no slow hash."""
    return hashlib.sha256(jti.encode()).digest()


def blocked() -> Forbidden:
    return Forbidden("This account may not sign in any more. Ask an administrator.", code="account_blocked")


def _invalid() -> Unauthorized:
    return Unauthorized("This sign-in cannot be renewed any more. Sign in again.", code="refresh_invalid")
