"""A stand-in for an OpenID Connect provider on loopback: discovery, keys, code flow with PKCE, tokens gone wrong.

By hand: `python -m tests.support.oidc PORT`, then enter `http://127.0.0.1:PORT`, client `homemedia`, secret
`client-secret` under Administration, Sign-in. Whoever comes is signed in as the person last named by
`POST /-/person?sub=…&email=…&name=…`.
"""

import argparse
import asyncio
import base64
import hashlib
import json
import secrets
import time
import warnings
from collections import Counter
from typing import Any, Literal, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import web
from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

CLIENT_ID = "homemedia"
CLIENT_SECRET = "client-secret"
Fault = Literal["none", "broken", "hang", "garbage", "huge", "redirect", "drop", "not-ours"]
AnyKey = RSAKey | ECKey | OKPKey | OctKey


class StandIn:
    """An async context manager; `issuer` is what the settings want.

    Attributes:
        claims: of the person who is signed in there; `sub` at least.
        told_by_token: which of them stand in the ID token; the rest is told by userinfo.
        forged: changes the claims of the next ID tokens; a value None leaves one out.
        now_s: the provider's clock.
        requests: how often each path was asked for.
        forms: what the token endpoint was sent.
    """

    def __init__(self, *, port: int = 0, now_s: Any = lambda: int(time.time())) -> None:
        self.claims: dict[str, Any] = {"sub": "anna-1", "email": "anna@example.org", "email_verified": True}
        self.claims |= {"name": "Anna Brandt", "preferred_username": "anna"}
        self.told_by_token: set[str] | None = None
        self.forged: dict[str, Any] = {}
        self.alg = "RS256"
        self.now_s = now_s
        self.requests: Counter[str] = Counter()
        self.forms: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.document: dict[str, Any] = {}
        self.keys: dict[str, AnyKey] = {}
        self._port = port
        self._codes: dict[str, dict[str, str]] = {}
        self._fault: Fault = "none"
        self._only = ""
        self._runner: web.AppRunner | None = None
        self._let_go = asyncio.Event()
        self.rotate()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def fault(self, kind: Fault, *, only: str = "") -> None:
        """From now on answer with this fault, only below the path `only`."""
        self._fault, self._only = kind, only
        if kind != "hang":
            self._let_go.set()
            self._let_go = asyncio.Event()

    def rotate(self) -> None:
        """New keys, one of each kind; the old ones are gone."""
        mark = secrets.token_hex(4)
        self.keys = {
            "RS256": RSAKey.generate_key(2048, {"kid": f"rsa-{mark}", "use": "sig"}),
            "ES256": ECKey.generate_key("P-256", {"kid": f"ec-{mark}", "use": "sig"}),
            "EdDSA": OKPKey.generate_key("Ed25519", {"kid": f"ed-{mark}", "use": "sig"}),
        }

    # Tokens

    def claims_of(self, **forged: Any) -> dict[str, Any]:
        """The claims of a good ID token, changed by `forged` (None leaves one out)."""
        now = self.now_s()
        told = self.claims if self.told_by_token is None else {k: self.claims[k] for k in self.told_by_token | {"sub"}}
        made = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "jti": secrets.token_hex(8)}
        return {name: value for name, value in (made | told | forged).items() if value is not None}

    def token(self, *, alg: str | None = None, key: AnyKey | None = None, kid: str | None = "", **forged: Any) -> str:
        """An ID token; `kid` None leaves it out."""
        alg = alg or self.alg
        key = key or self.keys[alg]
        header: dict[str, Any] = {"alg": alg, "typ": "JWT"}
        if kid is not None:
            header["kid"] = kid or key.kid
        return signed(header, self.claims_of(**forged), key)

    def logout_token(self, **forged: Any) -> str:
        events: dict[str, Any] = {"http://schemas.openid.net/event/backchannel-logout": {}}
        told = {"iss": self.issuer, "aud": CLIENT_ID, "iat": self.now_s(), "jti": secrets.token_hex(8)}
        made = told | {"sub": self.claims["sub"], "events": events} | forged
        key = self.keys["RS256"]
        header = {"alg": "RS256", "kid": key.kid, "typ": "logout+jwt"}
        return signed(header, {name: value for name, value in made.items() if value is not None}, key)

    # The person's browser

    def approve(self, url: str) -> str:
        """What a browser would do with an authorization address: the address it is led back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == CLIENT_ID
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    # Serving

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._edge])
        app.router.add_get("/.well-known/openid-configuration", self._discovery)
        app.router.add_get("/jwks", self._jwks)
        app.router.add_get("/authorize", self._authorize)
        app.router.add_post("/token", self._token)
        app.router.add_get("/me", self._person)
        app.router.add_post("/-/person", self._become)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._let_go.set()
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _edge(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.requests[request.path] += 1
        self.headers.append(dict(request.headers))
        if self._fault == "none" or not request.path.startswith(self._only) or request.path.startswith("/-/"):
            return await handler(request)  # type: ignore[no-any-return]
        if self._fault == "hang":
            await self._let_go.wait()
        if self._fault == "drop":
            assert request.transport is not None
            request.transport.close()
        return self._faulty()

    def _faulty(self) -> web.Response:
        match self._fault:
            case "huge":
                return web.Response(body=b"[" + b"0," * 400_000 + b"0]", content_type="application/json")
            case "garbage":
                return web.Response(text="<html>Log in to the hotel's network</html>", content_type="text/html")
            case "redirect":
                return web.Response(status=302, headers={"Location": f"{self.issuer}/jwks"})
            case "not-ours":
                return web.json_response(self._published() | {"issuer": "https://elsewhere.example"})
            case _:
                return web.Response(status=500)

    def _published(self) -> dict[str, Any]:
        made = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/me",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/end",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
        return {name: value for name, value in (made | self.document).items() if value is not None}

    async def _discovery(self, _request: web.Request) -> web.Response:
        return web.json_response(self._published())

    async def _jwks(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": [key.as_dict(private=False) for key in self.keys.values()]})

    async def _authorize(self, request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": self.approve(str(request.url))})

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.forms.append(form)
        asked = self._codes.pop(form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        is_client = (
            form.get("client_secret") == CLIENT_SECRET or request.headers.get("Authorization") == f"Basic {basic}"
        )
        if not is_client:
            return web.json_response({"error": "invalid_client"}, status=401)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        is_same = (
            asked is not None
            and asked["redirect_uri"] == form.get("redirect_uri")
            and asked["code_challenge"] == challenge
        )
        if not is_same or asked is None:
            return web.json_response({"error": "invalid_grant"}, status=400)
        forged = {"nonce": asked.get("nonce")} | self.forged
        answer = {"access_token": "access", "token_type": "Bearer", "expires_in": 300, "id_token": self.token(**forged)}
        return web.json_response(answer)

    async def _person(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != "Bearer access":
            return web.Response(status=401)
        return web.json_response(self.claims)

    async def _become(self, request: web.Request) -> web.Response:
        self.claims = {"email_verified": True} | dict(request.query)
        return web.Response(status=204)


def signed(header: dict[str, Any], claims: dict[str, Any], key: AnyKey) -> str:
    """A signed token, whatever its header says."""

    registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        return jws.serialize_compact(header, json.dumps(claims), key, registry=registry)


def unsigned(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    """A token with any header and any signature."""

    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


async def _serve(port: int) -> None:
    async with StandIn(port=port) as provider:
        print(f"issuer {provider.issuer}, client {CLIENT_ID}, secret {CLIENT_SECRET}")  # noqa: T201 - for a person
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    asyncio.run(_serve(parser.parse_args().port))
