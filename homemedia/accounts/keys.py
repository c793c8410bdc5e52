"""The server's two key pairs, each in a file of its own (RFC 8037 JWK, readable by their owner alone).

The identity key says which server this is and never signs tokens; the token key signs tokens and nothing else.
The public halves are read without any cryptography, so that an idle server need not load it.
"""

import base64
import hashlib
from pathlib import Path

import msgspec

from homemedia.core.key_files import key_of

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_KEY_BYTES = 32


class KeyPair(msgspec.Struct, frozen=True, kw_only=True):
    """An Ed25519 key pair in the form of RFC 8037: `d` private, `x` public, both base64url without padding."""

    kty: str
    crv: str
    d: str
    x: str

    @property
    def public_bytes(self) -> bytes:
        return _decoded(self.x)

    @property
    def private_bytes(self) -> bytes:
        return _decoded(self.d)

    @property
    def public_text(self) -> str:
        """The public half in base58 (Bitcoin's alphabet), as it stands in answers and on the network."""
        return base58(self.public_bytes)

    @property
    def key_id(self) -> str:
        """Names the pair in a token's `kid`; tells nothing but which key it is."""
        return hashlib.sha256(self.public_bytes).hexdigest()[:16]


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    identity: KeyPair
    token: KeyPair

    @classmethod
    def load(cls, folder: Path) -> "Keys":
        """Read both pairs; the first start makes them.

        Raises:
            StartRefused: a key file is damaged or cannot be read.
        """
        return cls(identity=_load(folder / "identity.key"), token=_load(folder / "token.key"))


def base58(raw: bytes) -> str:
    """Bytes in Bitcoin's alphabet; leading zero bytes become leading ones."""
    number = int.from_bytes(raw, "big")
    text = ""
    while number:
        number, rest = divmod(number, 58)
        text = _BASE58[rest] + text
    return _BASE58[0] * (len(raw) - len(raw.lstrip(b"\0"))) + text


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _load(path: Path) -> KeyPair:
    return key_of(path, KeyPair, is_whole=_is_whole, make=_make, loss="everybody has to sign in again.")


def _is_whole(pair: KeyPair) -> bool:
    return (pair.kty, pair.crv) == ("OKP", "Ed25519") and all(
        len(_decoded(half)) == _KEY_BYTES for half in (pair.d, pair.x)
    )


def _make() -> KeyPair:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - 8 MB that only the first start needs here
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return KeyPair(kty="OKP", crv="Ed25519", d=_encoded(private.private_bytes_raw()), x=_encoded(public))


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
