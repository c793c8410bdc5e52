"""Encrypts a push so that only the browser it is for can read it, not the service that carries it.

Source: RFC 8291 (message encryption for web push) on RFC 8188 (`aes128gcm`): one record, a fresh key pair each time.
"""

import os
import struct

from homemedia.notifications.vapid import POINT_BYTES, UNCOMPRESSED, decoded

AUTH_BYTES = 16
SALT_BYTES = 16
RECORD_BYTES = 4096
# Of the record: its header of 86 bytes, the tag of the cipher and the byte that ends the text.
MAX_TEXT_BYTES = RECORD_BYTES - 86 - 16 - 1
END = b"\x02"


def is_browser_key(p256dh: str, auth: str) -> bool:
    """Whether two texts have the form of a subscription's keys; whether the point lies on the curve is seen later."""
    try:
        point, secret = decoded(p256dh), decoded(auth)
    except ValueError:
        return False
    return len(point) == POINT_BYTES and point.startswith(UNCOMPRESSED) and len(secret) == AUTH_BYTES


def sealed(text: bytes, p256dh: str, auth: str) -> bytes:
    """The body of a push; blocking, a millisecond.

    Raises:
        ValueError: the key is no point of the curve, or the text is too long.
    """
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - loaded at the first push
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415

    if len(text) > MAX_TEXT_BYTES:
        raise ValueError("the text of a push is too long")
    theirs = decoded(p256dh)
    receiver = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
    own = ec.generate_private_key(ec.SECP256R1())
    ours = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = _hkdf(decoded(auth), own.exchange(ec.ECDH(), receiver), b"WebPush: info\0" + theirs + ours, 32)
    salt = os.urandom(SALT_BYTES)
    key = _hkdf(salt, shared, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(salt, shared, b"Content-Encoding: nonce\0", 12)
    head = salt + struct.pack("!IB", RECORD_BYTES, len(ours)) + ours
    return head + AESGCM(key).encrypt(nonce, text + END, None)


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
