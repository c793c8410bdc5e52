"""Keys and signatures as clients write them, and whether a signature is one (heaps §1.2, 2.3, 2.4). Pure.

Threat: decoding base58 takes time that grows with the square of its length, so form and length are looked at first; and
keys of small order sign every message, which libsodium refuses.
"""

import base64
import re

from homemedia.accounts.keys import KeyPair, base58
from homemedia.core.problems import BadRequest

KEY_BYTES = 32
SIGNATURE_BYTES = 64
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {char: value for value, char in enumerate(_ALPHABET)}
_KEY = re.compile(rf"[{_ALPHABET}]{{32,44}}")
_SIGNATURE = re.compile(rf"[{_ALPHABET}]{{64,90}}")
_SIGNATURE_64 = re.compile(r"[A-Za-z0-9+/_-]{86}==")
# Without ".", ":" or blank: what is signed here can be neither a token nor a challenge of ours.
_SERVER_CHALLENGE = re.compile(r"[A-Za-z0-9+/=_-]{16,256}")


def checked_key(text: str) -> str:
    """A public key in base58, as it came.

    Raises:
        BadRequest: `invalid_encoding`: not base58, or not of 32 bytes.
    """
    raw = unbase58(text) if _KEY.fullmatch(text) else b""
    if len(raw) != KEY_BYTES:
        raise _not_encoded("public_key", "must be an Ed25519 public key in base58")
    return text


def decoded_signature(text: str, field: str) -> bytes:
    """A signature's 64 bytes, from base58 or from base64 of 88 characters.

    Raises:
        BadRequest: `invalid_encoding`; `field` is the one at fault.
    """
    raw = b""
    if _SIGNATURE_64.fullmatch(text):
        raw = base64.b64decode(text.replace("-", "+").replace("_", "/"))
    elif _SIGNATURE.fullmatch(text):
        raw = unbase58(text)
    if len(raw) != SIGNATURE_BYTES:
        raise _not_encoded(field, "must be an Ed25519 signature in base58")
    return raw


def check_server_challenge(text: str) -> None:
    """Let a text pass that the caller wants signed by this server.

    Raises:
        BadRequest: it could be mistaken for something else that is signed.
    """
    if not _SERVER_CHALLENGE.fullmatch(text):
        reason = "must be 16 to 256 characters of A-Z a-z 0-9 + / = _ -"
        raise BadRequest(f"The field server_challenge {reason}.", field="server_challenge", reason=reason)


def is_signed(public_key: str, message: str, signature: bytes) -> bool:
    """Whether the owner of a key (checked before) signed exactly this text: pure Ed25519 over its UTF-8 bytes."""
    from nacl.exceptions import BadSignatureError  # noqa: PLC0415 - loaded when somebody signs in by key
    from nacl.signing import VerifyKey  # noqa: PLC0415 - as above

    try:
        VerifyKey(unbase58(public_key)).verify(message.encode("utf-8", "surrogatepass"), signature)
    except BadSignatureError:
        return False
    return True


def signed(pair: KeyPair, text: str) -> str:
    """A signature of this server over a text, in base58."""
    from nacl.signing import SigningKey  # noqa: PLC0415 - as above

    return base58(SigningKey(pair.private_bytes).sign(text.encode()).signature)


def unbase58(text: str) -> bytes:
    """What a text in Bitcoin's alphabet says; its length was looked at before."""
    number = 0
    for char in text:
        number = number * 58 + _VALUES[char]
    zeros = len(text) - len(text.lstrip(_ALPHABET[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _not_encoded(field: str, reason: str) -> BadRequest:
    return BadRequest(f"The field {field} {reason}.", code="invalid_encoding", field=field, reason=reason)
