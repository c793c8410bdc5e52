"""ID tokens and logout tokens: whether the provider made them, for us, and when (OpenID Connect Core §3.1.3.7).

Threat: a token is somebody's word that a person is who he says. Of `alg` three names are taken, each with its own kind
of key, so neither "none" nor a key taken for another kind can pass; nothing is believed before it is checked.
"""

import base64
import binascii
import hashlib
import hmac
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from homemedia.accounts.oidc.problems import TokenInvalid

# By algorithm: kind of key and curve.
ALGORITHMS = {"RS256": ("RSA", None), "ES256": ("EC", "P-256"), "EdDSA": ("OKP", "Ed25519")}
MAX_TOKEN_CHARS = 8192
MAX_SUBJECT = 255
MAX_KEYS_TRIED = 8
SKEW_S = 60
# A logout token is made when it is sent; one that lies around for longer was found somewhere.
LOGOUT_LIFE_S = 300
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
Jwk = Mapping[str, Any]


class Header(msgspec.Struct, frozen=True):
    """What a token says of its signature."""

    alg: str
    kid: str | None = None
    crit: Any = None


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who somebody is, by the word of the provider. `claims` holds what the token says besides.

    Attributes:
        token_key: names the token, however it is written, so that it is used once; `ends_at` in ms.
        sid: the sign-in at the provider, where it says so.
    """

    issuer: str
    subject: str
    claims: dict[str, Any]
    token_key: bytes
    ends_at: int
    sid: str | None = None

    @property
    def email(self) -> str | None:
        found = self.claims.get("email")
        return found.strip().lower() if isinstance(found, str) and "@" in found else None

    @property
    def is_email_verified(self) -> bool:
        # Some providers write the word.
        found = self.claims.get("email_verified")
        return found is True or found == "true"

    def text(self, name: str) -> str | None:
        """A claim that is text and not empty."""
        found = self.claims.get(name)
        return " ".join(found.split()) or None if isinstance(found, str) else None


class LogoutToken(msgspec.Struct, frozen=True, kw_only=True):
    """Whose sessions end: those of an account, or of one sign-in."""

    issuer: str
    subject: str | None
    sid: str | None
    token_key: bytes
    ends_at: int


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What a token must say. `nonce` None: nobody sent one, as with tokens that a client brings."""

    issuer: str
    client_id: str
    now_ms: int
    nonce: str | None = None


def header_of(token: str) -> Header:
    """What a token says of its signature, nothing of it believed yet.

    Raises:
        TokenInvalid: it is no token, or signed in a way that is not taken.
    """
    if not token.isascii() or len(token) > MAX_TOKEN_CHARS or token.count(".") != 2:
        raise TokenInvalid("not three parts of ASCII")
    head = token.partition(".")[0]
    try:
        raw = base64.b64decode(head + "=" * (-len(head) % 4), altchars=b"-_", validate=True)
        header = msgspec.json.decode(raw, type=Header)
    except (binascii.Error, msgspec.MsgspecError, UnicodeDecodeError, ValueError) as err:
        raise TokenInvalid("the header is no JSON") from err
    if header.alg not in ALGORITHMS:
        raise TokenInvalid(f"alg {header.alg[:20]!r} is not taken")
    if header.crit is not None:
        raise TokenInvalid("crit is not taken")
    return header


def fitting(keys: Sequence[Jwk], header: Header) -> list[Jwk]:
    """The keys that may have signed a token with such a header."""
    kind, curve = ALGORITHMS[header.alg]
    found = [
        key
        for key in keys
        if key.get("kty") == kind
        and (curve is None or key.get("crv") == curve)
        and key.get("use", "sig") == "sig"
        and key.get("alg", header.alg) in {header.alg, "Ed25519" if header.alg == "EdDSA" else header.alg}
        and (header.kid is None or key.get("kid", header.kid) == header.kid)
    ]
    named = [key for key in found if header.kid is not None and key.get("kid") == header.kid]
    return (named or found)[:MAX_KEYS_TRIED]


def read_id_token(token: str, keys: Sequence[Jwk], expected: Expected) -> Identity:
    """Who a token speaks of.

    Raises:
        TokenInvalid: it is not the provider's, not for us, not of this time, or not of this sign-in.
    """
    claims = _verified(token, keys)
    _check_source(claims, expected)
    now_s = expected.now_ms // 1000
    ends_s = _time(claims, "exp")
    if ends_s is None or ends_s + SKEW_S <= now_s:
        raise TokenInvalid("exp is missing or over")
    issued_s = _time(claims, "iat")
    if issued_s is None or issued_s - SKEW_S > now_s:
        raise TokenInvalid("iat is missing or to come")
    not_before_s = _time(claims, "nbf")
    if not_before_s is not None and not_before_s - SKEW_S > now_s:
        raise TokenInvalid("nbf is to come")
    if expected.nonce is not None:
        nonce = claims.get("nonce")
        if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
            raise TokenInvalid("nonce is another one")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT:
        raise TokenInvalid("sub is missing")
    sid = claims.get("sid")
    return Identity(
        issuer=expected.issuer,
        subject=subject,
        claims=claims,
        token_key=_name(token, claims, expected.issuer),
        ends_at=(ends_s + SKEW_S) * 1000,
        sid=sid if isinstance(sid, str) and 0 < len(sid) <= MAX_SUBJECT else None,
    )


def read_logout_token(token: str, keys: Sequence[Jwk], expected: Expected) -> LogoutToken:
    """Whose sessions the provider ends (OpenID Connect Back-Channel Logout §2.6).

    Raises:
        TokenInvalid: it is no logout token of the provider for us.
    """
    claims = _verified(token, keys)
    _check_source(claims, expected)
    now_s = expected.now_ms // 1000
    issued_s = _time(claims, "iat")
    if issued_s is None or not now_s - LOGOUT_LIFE_S <= issued_s <= now_s + SKEW_S:
        raise TokenInvalid("iat is missing or of another time")
    ends_s = _time(claims, "exp")
    if ends_s is not None and ends_s + SKEW_S <= now_s:
        raise TokenInvalid("exp is over")
    events = claims.get("events")
    if not isinstance(events, dict) or LOGOUT_EVENT not in events:
        raise TokenInvalid("it is no logout token")
    if "nonce" in claims or not isinstance(claims.get("jti"), str):
        raise TokenInvalid("a logout token has a jti and no nonce")
    subject, sid = claims.get("sub"), claims.get("sid")
    if not isinstance(subject, str) and not isinstance(sid, str):
        raise TokenInvalid("neither sub nor sid")
    return LogoutToken(
        issuer=expected.issuer,
        subject=subject if isinstance(subject, str) else None,
        sid=sid if isinstance(sid, str) else None,
        token_key=_name(token, claims, expected.issuer),
        ends_at=(issued_s + LOGOUT_LIFE_S + SKEW_S) * 1000,
    )


def _verified(token: str, keys: Sequence[Jwk]) -> dict[str, Any]:
    """The claims of a token that one of the keys signed."""
    from joserfc import jwk, jws  # noqa: PLC0415 - 30 ms and 3 MB that a house without a provider must not pay for
    from joserfc.errors import JoseError, SecurityWarning  # noqa: PLC0415

    header = header_of(token)
    registry = jws.JWSRegistry(algorithms=[header.alg], strict_check_header=False)
    registry.max_header_length = MAX_TOKEN_CHARS
    for key in fitting(keys, header):
        try:
            with warnings.catch_warnings():
                # The contract names EdDSA, which is what providers write; joserfc would have the newer name.
                warnings.simplefilter("ignore", SecurityWarning)
                found = jws.deserialize_compact(token, jwk.import_key(dict(key)), registry=registry)
            claims = msgspec.json.decode(found.payload)
        except (JoseError, msgspec.DecodeError, UnicodeDecodeError, ValueError, TypeError):
            # A key that is damaged or another one: the next may fit.
            continue
        if isinstance(claims, dict):
            return claims
    raise TokenInvalid("no key of the provider has signed it")


def _check_source(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise TokenInvalid("iss is another one")
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or expected.client_id not in audiences:
        raise TokenInvalid("aud is another one")
    party = claims.get("azp")
    if party != expected.client_id and (party is not None or len(audiences) > 1):
        raise TokenInvalid("azp is another one")


def _time(claims: Mapping[str, Any], name: str) -> int | None:
    found = claims.get(name)
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return None
    # What is beyond any calendar is no time; "nan" and "inf" are no JSON.
    return int(found) if abs(found) < 1 << 40 else None


def _name(token: str, claims: Mapping[str, Any], issuer: str) -> bytes:
    """What names a token: its `jti`, else what was signed. The signature itself may be written in more than one way."""
    jti = claims.get("jti")
    text = f"jti\n{issuer}\n{jti}" if isinstance(jti, str) and jti else f"token\n{token.rpartition('.')[0]}"
    return hashlib.sha256(f"oidc-token\n{text}".encode("utf-8", "surrogatepass")).digest()
