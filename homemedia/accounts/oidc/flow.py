"""The code flow with PKCE: what is begun here, and what comes back from the provider (RFC 6749, 7636, 9700).

Threat: somebody else's end for my beginning, and mine for his. A state is random, kept as a hash for ten minutes and
used once; whoever finishes shows the verifier of whoever began; the token names the nonce that was sent.
"""

import base64
import contextlib
import hashlib
import hmac
import logging
import re
import secrets
import sqlite3
from collections.abc import Iterator
from typing import Literal
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec

from homemedia.accounts.oidc import store
from homemedia.accounts.oidc.config import Config, ConfigDesk
from homemedia.accounts.oidc.id_tokens import (
    Expected,
    Identity,
    Jwk,
    LogoutToken,
    header_of,
    read_id_token,
    read_logout_token,
)
from homemedia.accounts.oidc.problems import (
    CloudDisabled,
    NotFinished,
    ProviderAway,
    StateMissing,
    TokenInvalid,
    VerifierMissing,
)
from homemedia.accounts.oidc.provider import Provider
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.limits import RateLimit, limit_key
from homemedia.core.problems import BadRequest

_log = logging.getLogger(__name__)

STATE_LIFE_MS = 600_000
STATE_BYTES = 32
VERIFIER_BYTES = 48
MAX_STATE = 512
MAX_ADDRESS = 8192
BEGINS_A_MINUTE = 30
FAILURES, FAILURES_S = 20, 900.0
S256 = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)
Purpose = Literal["any", "link", "setup"]


class Begun(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of a sign-in that was begun.

    Attributes:
        purpose: "link" when a member began it to have an account linked to his own; such a one lets nobody in.
            "setup" when somebody began it who may claim the household.
        user_id, session_id: who began it so.
        invite_id: what a new member comes by.
        household_name: what whoever claims the household calls it; "" for what it is called.
        leads_to: page to go on to.
    """

    nonce: str
    challenge: str
    redirect_uri: str
    purpose: Purpose = "any"
    user_id: str = ""
    session_id: str = ""
    invite_id: str = ""
    household_name: str = ""
    leads_to: str = "/"


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody begins; what he does not bring, we make."""

    redirect_uri: str
    state: str | None = None
    challenge: str | None = None
    purpose: Purpose = "any"
    user_id: str = ""
    session_id: str = ""
    invite_id: str = ""
    household_name: str = ""
    leads_to: str = "/"


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """Where to send the person. `verifier` is None when the client keeps its own."""

    url: str
    state: str
    verifier: str | None


class Proven(msgspec.Struct, frozen=True, kw_only=True):
    """Who came back, and what he had begun."""

    identity: Identity
    begun: Begun


class Flow:
    """Begins and finishes; who begins or fails too often is not heard any more."""

    def __init__(self, db: Database, desk: ConfigDesk, provider: Provider, clock: Clock | None = None) -> None:
        self._db = db
        self._desk = desk
        self._provider = provider
        self._clock = clock or Clock()
        self._begins = RateLimit(BEGINS_A_MINUTE, 60.0, clock=self._clock)
        self._failures = RateLimit(FAILURES, FAILURES_S, clock=self._clock)

    async def begin(self, start: Start, address: str) -> Started:
        """Remember a beginning; the provider's address for it.

        Raises:
            CloudDisabled: there is no provider.
            TooMany: 30 a minute from one address.
            ProviderAway: it does not answer.
            BadRequest: the state or challenge is none.
        """
        config = ready(self._desk)
        if start.challenge is not None and not S256.fullmatch(start.challenge):
            raise BadRequest(
                "This is no S256 challenge.", field="codeChallenge", reason="must be 43 letters of base64url"
            )
        if start.state is not None and not 0 < len(start.state) <= MAX_STATE:
            raise BadRequest("This state cannot be used.", field="state", reason=f"may have {MAX_STATE} characters")
        self._begins.check(limit_key(address))
        document = await self._provider.document(config.issuer)
        state = start.state or secrets.token_urlsafe(STATE_BYTES)
        verifier = secrets.token_urlsafe(VERIFIER_BYTES) if start.challenge is None else None
        begun = Begun(
            nonce=secrets.token_urlsafe(STATE_BYTES),
            challenge=start.challenge or s256(verifier or ""),
            redirect_uri=start.redirect_uri,
            purpose=start.purpose,
            user_id=start.user_id,
            session_id=start.session_id,
            invite_id=start.invite_id,
            household_name=start.household_name,
            leads_to=start.leads_to,
        )
        now = self._clock.now_ms()
        try:
            async with self._db.write() as tx:
                data = msgspec.json.encode(begun).decode()
                await store.begin(tx, _hash(state), data, now=now, expires_at=now + STATE_LIFE_MS)
        except sqlite3.IntegrityError:
            raise BadRequest("This state is in use.", field="state", reason="must be a new one each time") from None
        url = _authorization_url(document.authorization_endpoint, config, begun, state)
        return Started(url=url, state=state, verifier=verifier)

    async def finish(self, url: str, *, state: str | None, verifier: str | None, address: str) -> Proven:
        """Who came back with an address from the provider.

        Args:
            url: the whole address he came back to.
            state: the one he began with, where he still knows.
            verifier: by which he shows that it was he who began.
            address: of who asks.

        Raises:
            CloudDisabled, ProviderAway: as `begin`.
            TooMany: 20 failures in 15 minutes from one address.
            StateMissing, VerifierMissing, NotFinished: it is not the end of what was begun.
            TokenInvalid: what the provider gave is no token for us.
        """
        config = ready(self._desk)
        with self._counted(address):
            return await self._finished(config, _query(url), state, verifier)

    async def _finished(self, config: Config, told: dict[str, str], state: str | None, verifier: str | None) -> Proven:
        begun = await self._take(told, state, verifier)
        if "error" in told:
            word = told["error"] if told["error"].isidentifier() else "an error"
            message = "The sign-in was broken off at the provider." if word == "access_denied" else None
            raise NotFinished(f"the provider answers {word}", *([message] if message else []))
        document = await self._provider.document(config.issuer)
        if told.get("iss", document.issuer) != document.issuer:
            raise NotFinished("another provider answers")
        if not told.get("code"):
            raise NotFinished("no code came back")
        granted = await self._provider.exchange(
            config, code=told["code"], redirect_uri=begun.redirect_uri, verifier=verifier or ""
        )
        identity = await self._identity_of(config, granted.id_token, nonce=begun.nonce)
        if identity.email is None and granted.access_token:
            identity = await self._completed(config, identity, granted.access_token)
        return Proven(identity=identity, begun=begun)

    async def identity_of(self, id_token: str, *, address: str) -> Identity:
        """Who an ID token speaks of that a client brings.

        Raises:
            CloudDisabled, ProviderAway: as `begin`.
            TokenInvalid: it is none of the provider's for us.
            TooMany: as `finish`.
        """
        config = ready(self._desk)
        with self._counted(address):
            return await self._identity_of(config, id_token, nonce=None)

    async def ended_by(self, logout_token: str, *, address: str) -> LogoutToken:
        """Whose sessions the provider ends.

        Raises:
            As `identity_of`.
        """
        config = ready(self._desk)
        with self._counted(address):
            keys, expected = await self._means(config, logout_token)
            return read_logout_token(logout_token, keys, expected)

    async def end_session_url(self) -> str | None:
        """Where the provider ends its own session; None where it does not, or does not answer."""
        config = self._desk.current
        if not config.is_ready:
            return None
        if config.end_session_endpoint:
            return config.end_session_endpoint
        try:
            return (await self._provider.document(config.issuer)).end_session_endpoint
        except ProviderAway:
            return None

    async def _identity_of(self, config: Config, id_token: str, *, nonce: str | None) -> Identity:
        keys, expected = await self._means(config, id_token)
        return read_id_token(id_token, keys, msgspec.structs.replace(expected, nonce=nonce))

    async def _means(self, config: Config, token: str) -> tuple[list[Jwk], Expected]:
        """What a token is checked with."""
        header = header_of(token)
        document = await self._provider.document(config.issuer)
        keys = await self._provider.keys(config.issuer, header)
        return keys, Expected(issuer=document.issuer, client_id=config.client_id, now_ms=self._clock.now_ms())

    @contextlib.contextmanager
    def _counted(self, address: str) -> Iterator[None]:
        """Count a try, taken back when it was no failure; why it failed goes to the log."""
        key = limit_key(address)
        self._failures.check(key)
        try:
            yield
        except (NotFinished, TokenInvalid) as err:
            _log.info("an outside sign-in from %s failed: %s", address, err.reason)
            raise
        except ProviderAway as err:
            self._failures.give_back(key)
            _log.warning("the sign-in provider cannot be used: %s", err.reason)
            raise
        self._failures.give_back(key)

    async def _take(self, told: dict[str, str], state: str | None, verifier: str | None) -> Begun:
        """What was begun; it is used up, whatever comes of it."""
        returned = told.get("state", "")
        if not returned and state is None:
            raise StateMissing("no state came back")
        if state is not None and not hmac.compare_digest(
            state.encode("utf-8", "replace"), returned.encode("utf-8", "replace")
        ):
            raise NotFinished("the state is another one")
        if not verifier:
            raise VerifierMissing("no verifier")
        async with self._db.write() as tx:
            found = await store.take(tx, _hash(returned))
        if found is None or found[1] <= self._clock.now_ms():
            raise (StateMissing if state is None else NotFinished)("the state is not one of the last ten minutes")
        begun = msgspec.json.decode(found[0], type=Begun)
        is_his = VERIFIER.fullmatch(verifier) and hmac.compare_digest(s256(verifier), begun.challenge)
        if not is_his:
            raise NotFinished("the verifier is another one")
        return begun

    async def _completed(self, config: Config, identity: Identity, access_token: str) -> Identity:
        """An identity with what the provider tells of the person beside the token."""
        told = await self._provider.person(config, access_token)
        if told.get("sub") != identity.subject:
            return identity
        return msgspec.structs.replace(identity, claims=told | identity.claims)


def ready(desk: ConfigDesk) -> Config:
    """What is true of the provider.

    Raises:
        CloudDisabled: there is none, or it is off.
    """
    config = desk.current
    if not config.is_ready:
        raise CloudDisabled
    return config


def s256(verifier: str) -> str:
    """The challenge of a verifier (RFC 7636 §4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii", "replace")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _authorization_url(endpoint: str, config: Config, begun: Begun, state: str) -> str:
    asked = {
        "client_id": config.client_id,
        "redirect_uri": begun.redirect_uri,
        "response_type": "code",
        "scope": config.scope,
        "state": state,
        "nonce": begun.nonce,
        "code_challenge": begun.challenge,
        "code_challenge_method": "S256",
    }
    if config.prompt:
        asked["prompt"] = config.prompt
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"


def _query(url: str) -> dict[str, str]:
    """The parameters of an address; one that stands there twice counts as none."""
    if len(url) > MAX_ADDRESS:
        raise NotFinished("the address is too long")
    try:
        found = parse_qs(urlsplit(url).query, max_num_fields=50)
    except ValueError as err:
        raise NotFinished("the address is none") from err
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _hash(state: str) -> bytes:
    return hashlib.sha256(f"oidc-state\n{state}".encode("utf-8", "surrogatepass")).digest()
