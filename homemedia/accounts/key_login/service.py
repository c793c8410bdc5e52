"""Signing in with an Ed25519 key: a challenge, its signature, and whose key it is (heaps §2.2-2.5, §6).

Threat: strangers may call all of this. A challenge is taken away before its signature is looked at, so nothing works
twice; it names this server, so that what was signed for another one is worth nothing here; a key that nobody knows
makes somebody who waits, and only so many of those.
"""

import hashlib
import secrets
from collections.abc import Awaitable, Callable

import msgspec

from homemedia.accounts import store, told
from homemedia.accounts.claim import Claim, ClaimService
from homemedia.accounts.events import MemberChanged, SessionEnded
from homemedia.accounts.key_login import store as rows
from homemedia.accounts.key_login.pairs import Pair, Pairs, blocked
from homemedia.accounts.key_login.signatures import (
    check_server_challenge,
    checked_key,
    decoded_signature,
    is_signed,
    signed,
)
from homemedia.accounts.keys import KeyPair, base58
from homemedia.accounts.models import Device, Member, MemberState
from homemedia.accounts.names import MAX_EMAIL, name_key
from homemedia.accounts.new_names import free_username, usable_name
from homemedia.accounts.sessions import SessionService
from homemedia.accounts.ways_store import WaysIn, ways_of
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.http.limits import RateLimit, limit_key
from homemedia.core.ids import new_uuid
from homemedia.core.problems import Conflict, Forbidden, NotFound, TooMany, Unauthorized

PREFIX = "homemedia-login:v1"
NONCE_BYTES = 32
CHALLENGE_MS = 300_000
CHALLENGES_BY_KEY = 5
CHALLENGES_IN_ALL = 10_000
WAY = "key"
MINUTE_S, HOUR_S = 60.0, 3600.0
CHALLENGES_BY_ADDRESS_A_MINUTE = 10
CHALLENGES_BY_KEY_A_MINUTE = 5
PROOFS_BY_ADDRESS_A_MINUTE = 10
NEWCOMERS_BY_ADDRESS_AN_HOUR = 3
MOST_WAITING = 50
MOST_KEYS = 20
KEY_CHARS_IN_NAME = 6
# The member whose token a request carries as well; asked only where that matters.
Carried = Callable[[], Awaitable[Member | None]]


class Challenge(msgspec.Struct, frozen=True):
    """A text to be signed, exactly as it stands; `expires_at` in ms since 1970 UTC."""

    text: str
    expires_at: int


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody shows: a challenge, his signature over it, and what he wants signed in turn."""

    public_key: str
    message: str
    signature: bytes
    server_challenge: str | None
    email: str | None


class Entry(msgspec.Struct, frozen=True):
    """Somebody who has shown his key: with tokens, or as one who waits to be let in."""

    member: Member
    pair: Pair | None


class _Kept(msgspec.Struct, frozen=True):
    """What a challenge remembers of who asked for it."""

    email: str = ""


class KeyLogin:
    """Admits the owners of keys, and keeps the keys of members.

    Args:
        db: where challenges and keys are kept.
        identity: names this server in challenges, and signs nothing but `server_challenge`.
        claims: the first key may claim the household.
        sessions: where sign-ins are opened and ended.
        pairs: makes their tokens.
        clock: the time.
        takes_new: whether somebody unknown may ask to be let in.
    """

    def __init__(
        self,
        db: Database,
        identity: KeyPair,
        claims: ClaimService,
        sessions: SessionService,
        pairs: Pairs,
        clock: Clock | None = None,
        *,
        takes_new: bool = True,
    ) -> None:
        self._db = db
        self._identity = identity
        self._claims = claims
        self._sessions = sessions
        self._pairs = pairs
        self._clock = clock or Clock()
        self._takes_new = takes_new
        clock = self._clock
        self._asked_here = RateLimit(CHALLENGES_BY_ADDRESS_A_MINUTE, MINUTE_S, clock=clock)
        self._asked_for = RateLimit(CHALLENGES_BY_KEY_A_MINUTE, MINUTE_S, clock=clock)
        self._shown_here = RateLimit(PROOFS_BY_ADDRESS_A_MINUTE, MINUTE_S, clock=clock)
        self._newcomers = RateLimit(NEWCOMERS_BY_ADDRESS_AN_HOUR, HOUR_S, clock=clock)

    @property
    def server_key(self) -> str:
        """The identity of this server, in base58."""
        return self._identity.public_text

    # Coming in

    async def challenge(self, public_key: str, email: str | None, address: str) -> Challenge:
        """A text for the owner of a key to sign; the same answer for every key, known or not.

        Raises:
            BadRequest: `invalid_encoding`.
            TooMany: from this address, for this key, or of all that are open.
        """
        checked_key(public_key)
        here = limit_key(address)
        if wait := max(self._asked_here.wait_s(here), self._asked_for.wait_s(public_key)):
            raise TooMany("Too many attempts. Wait a moment and try again.", retry_after_s=wait)
        self._asked_here.take(here)
        self._asked_for.take(public_key)
        now = self._clock.now_ms()
        nonce = base58(secrets.token_bytes(NONCE_BYTES))
        made = Challenge(f"{PREFIX}:{self.server_key}:{public_key}:{nonce}:{now + CHALLENGE_MS}", now + CHALLENGE_MS)
        async with self._db.write() as tx:
            if await rows.open_challenges(tx, now) >= CHALLENGES_IN_ALL:
                raise TooMany("Too many are signing in just now. Try again in a minute.", retry_after_s=60)
            await rows.add_challenge(
                tx,
                _hash(made.text),
                public_key=public_key,
                address=address,
                data=msgspec.json.encode(_Kept(_hint(email))).decode(),
                expires_at=made.expires_at,
                now=now,
                kept=CHALLENGES_BY_KEY - 1,
            )
        return made

    async def enter(self, proof: Proof, device: Device, *, is_at_home: bool, carried: Carried) -> Entry:
        """Let the owner of a key in, or have him wait for an administrator.

        Raises:
            TooMany: too many proofs or too many newcomers from this address, or too many who wait.
            Unauthorized: `challenge_invalid`, `bad_signature`.
            Forbidden: `setup_required`, `account_blocked`, `registration_closed`.
            Conflict: the member who adds the key has too many.
        """
        self._shown_here.check(limit_key(device.address))
        kept = await self._consume(proof)
        if not is_signed(proof.public_key, proof.message, proof.signature):
            raise Unauthorized("The signature does not fit this key and challenge.", code="bad_signature")
        email = _hint(proof.email) or kept.email
        if await rows.owner(self._db.read, proof.public_key) is None:
            adder = await carried()
            if adder is not None:
                await self._add(proof.public_key, adder, email)
            elif await self._claims.is_open():
                claimed = await self._claim(proof.public_key, email, device, is_at_home=is_at_home)
                if claimed is not None:
                    return claimed
        return await self._admit(proof.public_key, email, device)

    def vouch(self, server_challenge: str) -> str:
        """This server's signature over a text that was checked, for who has shown his key."""
        return signed(self._identity, server_challenge)

    async def _consume(self, proof: Proof) -> _Kept:
        async with self._db.write() as tx:
            kept = await rows.consume(tx, _hash(proof.message), public_key=proof.public_key, now=self._clock.now_ms())
        if kept is None:
            raise Unauthorized(
                "This challenge was not made here for this key, or it was used, or it is too old. Begin again.",
                code="challenge_invalid",
            )
        return msgspec.json.decode(kept, type=_Kept)

    async def _claim(self, public_key: str, email: str, device: Device, *, is_at_home: bool) -> Entry | None:
        """The household's first administrator; None when another one was quicker."""
        if not is_at_home:
            raise _not_set_up()
        username = await free_username(self._db.read, _wished(email, public_key))

        async def has_key(tx: Write, user_id: str) -> None:
            await rows.add_key(tx, public_key, user_id, label=email, now=self._clock.now_ms())

        try:
            claim = Claim(username=username, password=None)
            member = (await self._claims.take(claim, device, proof=has_key, way=WAY)).member
        except Forbidden:
            return None
        async with self._db.write(durable=True) as tx:
            return Entry(member, await self._pairs.first(tx, member))

    async def _admit(self, public_key: str, email: str, device: Device) -> Entry:
        now = self._clock.now_ms()
        async with self._db.write(durable=True) as tx:
            if not await store.is_claimed(tx.rows):
                raise _not_set_up()
            user_id = await rows.owner(tx.rows, public_key)
            if user_id is None:
                user_id = await self._newcomer(tx, public_key, email, device.address)
            known = await store.known_by_id(tx.rows, user_id)
            if known is None:
                raise blocked()
            await rows.note_key_use(tx, public_key, now=now)
            member = known.member
            if member.state is MemberState.PENDING:
                return Entry(member, None)
            if not member.may_enter(now):
                raise blocked()
            opened = await self._sessions.open(tx, member, way=WAY, device=device)
            return Entry(opened.member, await self._pairs.first(tx, opened.member))

    async def _newcomer(self, tx: Write, public_key: str, email: str, address: str) -> str:
        """Somebody nobody knows, from now on waiting to be let in."""
        if not self._takes_new:
            raise Forbidden("This household takes nobody new by key. Ask for an invite.", code="registration_closed")
        if await rows.count_waiting(tx.rows) >= MOST_WAITING:
            raise TooMany("Too many are waiting to be let in. Try again later.", retry_after_s=int(HOUR_S))
        self._newcomers.check(limit_key(address), "Too many new accounts from your network. Try again later.")
        now, user_id = self._clock.now_ms(), new_uuid()
        username = await free_username(tx.rows, _wished(email, public_key))
        await rows.add_waiting(tx, user_id=user_id, username=username, username_key=name_key(username), now=now)
        await rows.add_key(tx, public_key, user_id, label=email, now=now)
        await told.waits(tx, user_id, email or username)
        tx.announce(MemberChanged(user_id))
        return user_id

    # A member's own keys

    async def keys_of(self, user_id: str) -> list[rows.OwnKey]:
        """The keys by which a member signs in, the oldest first."""
        return await rows.keys_of(self._db.read, user_id)

    async def account(self, user_id: str) -> rows.Account:
        """Room and last sign-in of a member."""
        return await rows.account(self._db.read, user_id)

    async def forget(self, public_key: str, actor: Member) -> None:
        """Drop one of the member's keys; every device that came in by a key has to show one again, but this one.

        Raises:
            Forbidden: he came with a sign-in link.
            NotFound: he has no such key.
            Conflict: `last_way_in`.
        """
        await self._sessions.refuse_link(actor)
        async with self._db.write(durable=True) as tx:
            if not await rows.drop_key(tx, public_key, actor.user_id):
                raise NotFound("There is no such key.")
            if await ways_of(tx.rows, actor.user_id) == WaysIn():
                raise Conflict("This key is your only way in. Set a password first.", code="last_way_in")
            # No session says by which key it was made; those with a key left are back at once.
            now = self._clock.now_ms()
            for session_id in await rows.sessions_by_key(tx, actor.user_id, kept=actor.session_id):
                await store.end_session(tx, session_id, user_id=actor.user_id, now=now)
                tx.announce(SessionEnded(session_id))

    async def _add(self, public_key: str, member: Member, label: str) -> None:
        await self._sessions.refuse_link(member)
        async with self._db.write(durable=True) as tx:
            if await rows.owner(tx.rows, public_key) is not None:
                return
            if len(await rows.keys_of(tx.rows, member.user_id)) >= MOST_KEYS:
                raise Conflict(f"You have {MOST_KEYS} keys already. Remove one first.", code="too_many_keys")
            await rows.add_key(tx, public_key, member.user_id, label=label, now=self._clock.now_ms())
            tx.announce(MemberChanged(member.user_id))


def checked_proof(
    public_key: str, message: str, signature: str, *, field: str, server_challenge: str | None, email: str | None
) -> Proof:
    """A proof whose parts are of the right form; `field` is what the route calls the signature.

    Raises:
        BadRequest: `invalid_encoding`, or `invalid_request` for the server's challenge.
    """
    if server_challenge is not None:
        check_server_challenge(server_challenge)
    return Proof(
        public_key=checked_key(public_key),
        message=message,
        signature=decoded_signature(signature, field),
        server_challenge=server_challenge,
        email=email,
    )


def _wished(email: str, public_key: str) -> str:
    """What somebody without a user name may be called: as his address before the @, else by his key."""
    return usable_name([email], f"key-{public_key[:KEY_CHARS_IN_NAME]}")


def _hint(email: str | None) -> str:
    """An address somebody says is his, as a hint for people: nothing is ever found or decided by it."""
    return "".join(char for char in email or "" if char.isprintable()).strip()[:MAX_EMAIL]


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _not_set_up() -> Forbidden:
    return Forbidden("This server is not set up yet. Set it up from inside its own network.", code="setup_required")
