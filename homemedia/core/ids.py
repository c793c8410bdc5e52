"""Ids and secrets: where randomness comes from."""

import secrets
import uuid

_KEY_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_KEY_LENGTH = 12


def new_uuid() -> str:
    """A random UUID v4 as text."""
    return str(uuid.uuid4())


def new_rating_key() -> str:
    """A random rating key: 12 characters of 0-9a-z, so 62 bits; a clash is refused by the table's unique index."""
    return "".join(secrets.choice(_KEY_ALPHABET) for _ in range(_KEY_LENGTH))


def new_hex(size_bytes: int) -> str:
    """`size_bytes` random bytes as lower-case hex."""
    return secrets.token_hex(size_bytes)


def uuid7_of(stamp: int, tail: int = 0) -> str:
    """A stamp of the change clock as UUID v7: no two alike, and in the order of the stamps.

    Args:
        stamp: 48 bits.
        tail: 74 bits that tell several with one stamp apart, and order them.
    """
    return str(uuid.UUID(int=stamp << 80 | 7 << 76 | tail >> 62 << 64 | 2 << 62 | tail & (1 << 62) - 1))
