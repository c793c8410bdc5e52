"""Speaks with the provider: its discovery document, its keys, a code for tokens, what it says of a person.

The provider's address is the administrator's choice and may lie in the house. Redirects are not followed, answers are
small, and five seconds is all a person who waits at the door is asked to wait for each.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote_plus

import aiohttp
import msgspec

from homemedia.accounts.oidc.config import WELL_KNOWN, Config, is_usable_address
from homemedia.accounts.oidc.id_tokens import Header, Jwk, fitting
from homemedia.accounts.oidc.problems import NotFinished, ProviderAway
from homemedia.core.clock import Clock
from homemedia.core.http.client import Client
from homemedia.core.threads import Lane

_log = logging.getLogger(__name__)

LIMIT_S = 5.0
CACHED_S = 3600.0
# Keys nobody has seen yet: the provider may have new ones. Not asked again at once, or every forged token would ask.
AGAIN_S = 10.0
MAX_BYTES = 256 << 10
CHUNK = 16 << 10
_UNREADABLE: Final = "it answers something that is not its own document."


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider publishes of itself (OpenID Connect Discovery §3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class Granted(msgspec.Struct, frozen=True, kw_only=True):
    """What a code was exchanged for."""

    id_token: str
    access_token: str | None = None


class _Keys(msgspec.Struct, frozen=True):
    keys: list[dict[str, Any]]


class Provider(Client):
    """An async context manager. It remembers of one issuer at a time; another one begins anew."""

    def __init__(self, clock: Clock, *, limit_s: float = LIMIT_S) -> None:
        super().__init__(Lane("oidc", 1))
        self._clock = clock
        self._limit_s = limit_s
        self._turn = asyncio.Lock()
        self._issuer = ""
        self._document: tuple[float, Document] | None = None
        self._keys: tuple[float, list[dict[str, Any]]] | None = None

    def forget(self) -> None:
        """Ask anew at the next need."""
        self._document = self._keys = None

    async def document(self, issuer: str) -> Document:
        """What the provider publishes, an hour old at most.

        Raises:
            ProviderAway: it does not answer, or the document is not that of the issuer.
        """
        async with self._turn:
            return await self._current(issuer)

    async def keys(self, issuer: str, header: Header) -> list[Jwk]:
        """The keys that may have signed a token; asked anew once when there is none.

        Raises:
            ProviderAway: it does not answer.
        """
        async with self._turn:
            document = await self._current(issuer)
            now = self._clock.monotonic_s()
            if self._keys is None or now - self._keys[0] >= CACHED_S:
                self._keys = (now, await self._fetch_keys(document))
            found = fitting(self._keys[1], header)
            is_known = any(key.get("kid") == header.kid for key in found) if header.kid is not None else bool(found)
            if not is_known and now - self._keys[0] >= AGAIN_S:
                self._keys = (now, await self._fetch_keys(document))
                found = fitting(self._keys[1], header)
            return list(found)

    async def all_keys(self, issuer: str) -> list[Jwk]:
        """Every key it publishes, asked now.

        Raises:
            ProviderAway: it does not answer.
        """
        async with self._turn:
            document = await self._current(issuer)
            self._keys = (self._clock.monotonic_s(), await self._fetch_keys(document))
            return list(self._keys[1])

    async def exchange(self, config: Config, *, code: str, redirect_uri: str, verifier: str) -> Granted:
        """Tokens for a code.

        Raises:
            ProviderAway: it does not answer.
            NotFinished: it refuses the code, or us.
        """
        document = await self.document(config.issuer)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
            "client_id": config.client_id,
        }
        headers = {"Accept": "application/json"}
        if config.client_secret:
            if "client_secret_post" in document.token_endpoint_auth_methods_supported:
                form["client_secret"] = config.client_secret
            else:
                # RFC 6749 §2.3.1: both halves are form-encoded first.
                pair = (quote_plus(config.client_id), quote_plus(config.client_secret))
                headers["Authorization"] = aiohttp.encode_basic_auth(*pair)
        status, body = await self._send("POST", document.token_endpoint, headers=headers, form=form)
        if status != 200:
            raise NotFinished(f"the provider refuses the code ({status} {_error_word(body)})")
        try:
            return msgspec.json.decode(body, type=Granted)
        except (msgspec.MsgspecError, UnicodeDecodeError) as err:
            raise ProviderAway(_UNREADABLE) from err

    async def person(self, config: Config, access_token: str) -> dict[str, Any]:
        """What the provider says of the person a token was given for; empty where it says nothing.

        Raises:
            ProviderAway: it does not answer.
        """
        document = await self.document(config.issuer)
        if document.userinfo_endpoint is None or not access_token.isascii() or not access_token.isprintable():
            return {}
        headers = {"Accept": "application/json", "Authorization": f"Bearer {access_token}"}
        status, body = await self._send("GET", document.userinfo_endpoint, headers=headers)
        if status != 200:
            _log.info("the provider tells nothing of a person: %s", status)
            return {}
        try:
            return msgspec.json.decode(body, type=dict[str, Any])
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return {}

    async def _current(self, issuer: str) -> Document:
        now = self._clock.monotonic_s()
        if issuer != self._issuer:
            self._issuer = issuer
            self.forget()
        if self._document is None or now - self._document[0] >= CACHED_S:
            self._document = (now, await self._fetch_document(issuer))
        return self._document[1]

    async def _fetch_document(self, issuer: str) -> Document:
        status, body = await self._send("GET", issuer.rstrip("/") + WELL_KNOWN)
        if status != 200:
            raise ProviderAway(f"its discovery document answers {status}.")
        try:
            document = msgspec.json.decode(body, type=Document)
        except (msgspec.MsgspecError, UnicodeDecodeError) as err:
            raise ProviderAway(_UNREADABLE) from err
        if document.issuer.rstrip("/") != issuer.rstrip("/"):
            raise ProviderAway("it calls itself by another address than the one entered here.")
        required = (document.authorization_endpoint, document.token_endpoint, document.jwks_uri)
        optional = (document.userinfo_endpoint, document.end_session_endpoint)
        named = [*required, *(one for one in optional if one is not None)]
        if not all(is_usable_address(one, like=issuer) for one in named):
            raise ProviderAway("its discovery document names addresses that cannot be used safely.")
        return document

    async def _fetch_keys(self, document: Document) -> list[dict[str, Any]]:
        status, body = await self._send("GET", document.jwks_uri)
        if status != 200:
            raise ProviderAway(f"its keys answer {status}.")
        try:
            return msgspec.json.decode(body, type=_Keys).keys
        except (msgspec.MsgspecError, UnicodeDecodeError) as err:
            raise ProviderAway(_UNREADABLE) from err

    async def _send(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, form: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Status and body of one answer; a redirect is an answer."""
        try:
            async with asyncio.timeout(self._limit_s):
                async with self.session.request(
                    method, url, headers=headers, data=form, allow_redirects=False
                ) as answer:
                    body = bytearray()
                    async for chunk in answer.content.iter_chunked(CHUNK):
                        body += chunk
                        if len(body) > MAX_BYTES:
                            raise ProviderAway("it answers more than it ever does.")
                    return answer.status, bytes(body)
        except TimeoutError:
            raise ProviderAway("it does not answer in time.") from None
        except aiohttp.ClientConnectorCertificateError as err:
            raise ProviderAway("this computer does not trust its certificate.") from err
        except (aiohttp.ClientError, OSError, ValueError) as err:
            # Without the cause's own words: what was sent holds a code or the secret.
            _log.info("the provider cannot be reached: %s", type(err).__name__)
            raise ProviderAway("it cannot be reached.") from None

    def _options(self) -> dict[str, Any]:
        return {"timeout": aiohttp.ClientTimeout(total=self._limit_s)}


def _error_word(body: bytes) -> str:
    """The provider's own word for what is wrong, as RFC 6749 §5.2 has it; nothing else of what it says."""
    try:
        found = msgspec.json.decode(body, type=dict[str, Any]).get("error")
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""
    return found if isinstance(found, str) and found.isascii() and found.isidentifier() else ""
