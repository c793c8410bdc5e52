"""The one form of token: a JWT signed with the token key (design, "token", "lifetimes").

Threat: a token is all that stands between a stranger and the household. Of `alg` exactly the name we write is accepted,
so neither "none" nor a key confusion can pass; nothing in the claims gives a right, the database is asked for those.
"""

import base64
import binascii
import enum
import hashlib
from collections import OrderedDict
from collections.abc import Collection
from typing import TYPE_CHECKING

import msgspec

from homemedia.accounts.keys import Keys
from homemedia.core.clock import Clock
from homemedia.core.ids import new_hex
from homemedia.core.problems import Unauthorized

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

ALGORITHM = "Ed25519"
LEEWAY_S = 30
MAX_TOKEN_CHARS = 4096
REMEMBERED = 4096


class TokenType(enum.Enum):
    """What a token is for; none passes for another."""

    ACCESS = "access"
    REFRESH = "refresh"
    MEDIA = "media"
    SHARE = "share"
    GUEST = "guest"


class Claims(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a token says. Times in seconds since 1970 UTC; without `exp` it lives as long as its session."""

    iss: str
    sub: str
    sid: str
    typ: TokenType
    iat: int
    jti: str
    exp: int | None = None
    res: str | None = None


class _Header(msgspec.Struct, frozen=True):
    alg: str
    kid: str


class Tokens:
    """Issues and reads tokens. Checking a signature takes 0.13 ms, so what was found good is remembered by its hash."""

    def __init__(self, keys: Keys, clock: Clock | None = None) -> None:
        self._keys = keys
        self._clock = clock or Clock()
        self._key: OKPKey | None = None
        self._known: OrderedDict[bytes, Claims] = OrderedDict()

    def issue(
        self,
        kind: TokenType,
        *,
        user_id: str,
        session_id: str,
        lifetime_s: int | None = None,
        resource: str | None = None,
        token_id: str | None = None,
    ) -> str:
        """A new token; without `lifetime_s` it has no end of its own. `resource` is what a media token opens.

        `token_id` is its claim `jti`, for who has to know the token again; left out, it is a random one.
        """
        from joserfc import jwt  # noqa: PLC0415 - loaded when the first token is made or read

        now_s = self._clock.now_ms() // 1000
        claims = Claims(
            iss=self._keys.identity.public_text,
            sub=user_id,
            sid=session_id,
            typ=kind,
            iat=now_s,
            jti=token_id or new_hex(8),
            exp=None if lifetime_s is None else now_s + lifetime_s,
            res=resource,
        )
        header = {"alg": ALGORITHM, "kid": self._keys.token.key_id}
        return jwt.encode(header, msgspec.to_builtins(claims), self._signing_key(), algorithms=[ALGORITHM])

    def read(self, token: str, accepted: Collection[TokenType]) -> Claims:
        """The claims of a token, checked in this order: alg, kid, signature, typ, exp. Its session is not asked here.

        Raises:
            Unauthorized: `token_expired` when only the time is wrong, else `unauthorized`.
        """
        claims = self._verified(token)
        if claims.typ not in accepted:
            raise _refusal()
        if claims.exp is not None and self._clock.now_ms() // 1000 > claims.exp + LEEWAY_S:
            raise Unauthorized("This sign-in has expired. Sign in again.", code="token_expired")
        return claims

    def _verified(self, token: str) -> Claims:
        # Headers may carry bytes that are no text at all; a JWT is ASCII.
        if not token.isascii() or len(token) > MAX_TOKEN_CHARS:
            raise _refusal()
        digest = hashlib.sha256(token.encode("ascii")).digest()
        claims = self._known.get(digest)
        if claims is not None:
            self._known.move_to_end(digest)
            return claims
        claims = self._decoded(token)
        self._known[digest] = claims
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return claims

    def _decoded(self, token: str) -> Claims:
        from joserfc import jwt  # noqa: PLC0415 - 30 ms and 3 MB that a start must not pay for
        from joserfc.errors import JoseError  # noqa: PLC0415

        head = token.partition(".")[0]
        try:
            raw = base64.b64decode(head + "=" * (-len(head) % 4), altchars=b"-_", validate=True)
            header = msgspec.json.decode(raw, type=_Header)
            if header.alg != ALGORITHM or header.kid != self._keys.token.key_id:
                raise _refusal()
            found = jwt.decode(token, self._signing_key(), algorithms=[ALGORITHM])
            return msgspec.convert(found.claims, Claims)
        except (JoseError, msgspec.MsgspecError, binascii.Error, UnicodeDecodeError, ValueError) as err:
            raise _refusal() from err

    def _signing_key(self) -> "OKPKey":
        if self._key is None:
            from joserfc.jwk import OKPKey  # noqa: PLC0415 - as above

            self._key = OKPKey.import_key(msgspec.to_builtins(self._keys.token))
        return self._key


def _refusal() -> Unauthorized:
    return Unauthorized("Sign in first.")
