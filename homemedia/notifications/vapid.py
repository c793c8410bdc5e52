"""Who pushes: the server's P-256 key pair, and the word it gives push services (RFC 8292).

The pair lies in a file of its own, readable by its owner alone; browsers subscribe to its public half, so a new pair
would silence every browser. The public half is read without any cryptography: an idle server need not load it.
"""

import base64
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.key_files import key_of

POINT_BYTES = 65
HALF_BYTES = 32
UNCOMPRESSED = b"\x04"
# RFC 8292, 2: at most a day. Services refuse a word made by a clock that runs ahead, so half of it.
WORD_LIFE_S = 12 * 3600
RENEW_BEFORE_S = 3600
# Some services take no word without a subject of this form.
NOBODY = "mailto:push@homemedia.invalid"


class PushKey(msgspec.Struct, frozen=True, kw_only=True):
    """A P-256 key pair in the form of RFC 7518, 6.2: base64url without padding."""

    kty: str
    crv: str
    d: str
    x: str
    y: str

    @property
    def public(self) -> bytes:
        """The public half as a point that is not compressed, 65 bytes."""
        return UNCOMPRESSED + decoded(self.x) + decoded(self.y)

    @property
    def public_text(self) -> str:
        """The public half as browsers ask for it: base64url."""
        return encoded(self.public)

    def __repr__(self) -> str:
        return f"PushKey({self.public_text})"  # whatever prints it, the private half stays inside


class Vapid:
    """Gives its word to push services, the same one for hours.

    Args:
        key: the pair.
        subject: whom a service's people may write to: a `mailto:` or `https:` address; anything else is not told.
        clock: the time.
    """

    def __init__(self, key: PushKey, subject: str, clock: Clock) -> None:
        self._key = key
        self._subject = subject if subject.startswith(("mailto:", "https://")) else NOBODY
        self._clock = clock
        self._words: dict[str, tuple[int, str]] = {}

    def header(self, endpoint: str) -> str:
        """`Authorization` for a push to an address; blocking, a millisecond."""
        parts = urlsplit(endpoint)
        audience = f"{parts.scheme}://{parts.netloc}"
        now_s = self._clock.now_ms() // 1000
        until, word = self._words.get(audience, (0, ""))
        if until - now_s < RENEW_BEFORE_S:
            until = now_s + WORD_LIFE_S
            word = signed(self._key, {"aud": audience, "exp": until, "sub": self._subject})
            # A push service per browser maker: a handful. Whoever subscribes with invented ones fills no memory.
            if len(self._words) >= 100:
                self._words.clear()
            self._words[audience] = until, word
        return f"vapid t={word}, k={self._key.public_text}"


def signed(key: PushKey, claims: dict[str, object]) -> str:
    """Claims as a JWT signed ES256 (RFC 7518, 3.4: r and s beside each other, 32 bytes each)."""
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - loaded at the first push
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    head = encoded(msgspec.json.encode({"typ": "JWT", "alg": "ES256"}))
    text = f"{head}.{encoded(msgspec.json.encode(claims))}"
    private = ec.derive_private_key(int.from_bytes(decoded(key.d), "big"), ec.SECP256R1())
    r, s = decode_dss_signature(private.sign(text.encode(), ec.ECDSA(SHA256())))
    return f"{text}.{encoded(r.to_bytes(HALF_BYTES, 'big') + s.to_bytes(HALF_BYTES, 'big'))}"


def load(path: Path) -> PushKey:
    """Read the pair; the first start makes it.

    Raises:
        StartRefused: the file is damaged or cannot be read.
    """
    return key_of(
        path, PushKey, is_whole=_is_whole, make=_make, loss="every browser has to be asked again to show notices."
    )


def _is_whole(key: PushKey) -> bool:
    return (key.kty, key.crv) == ("EC", "P-256") and all(
        len(decoded(part)) == HALF_BYTES for part in (key.d, key.x, key.y)
    )


def _make() -> PushKey:
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - only the first start needs it here

    numbers = ec.generate_private_key(ec.SECP256R1()).private_numbers()
    public = numbers.public_numbers
    d, x, y = (encoded(number.to_bytes(HALF_BYTES, "big")) for number in (numbers.private_value, public.x, public.y))
    return PushKey(kty="EC", crv="P-256", d=d, x=x, y=y)


def encoded(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decoded(text: str) -> bytes:
    """base64url with or without padding, and nothing else.

    Raises:
        ValueError: it is not.
    """
    bare = text.rstrip("=")
    if not bare.isascii() or not all(letter.isalnum() or letter in "-_" for letter in bare):
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
