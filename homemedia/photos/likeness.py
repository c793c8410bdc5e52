"""How alike two pictures look, by their thumbhashes. Pure.

Source:
    evanw/thumbhash: averages and size in the first five bytes (six with alpha), then waves in four bits each, those of
    lightness first.
"""

from collections.abc import Sequence
from typing import Final

BATCH: Final = 2000
# Of colour and lightness first, for most pictures differ there; how fine differences count is tried out by eye.
NEAR: Final = 40
FAR: Final = 90.0
_HEAD: Final = 5
_SIX: Final = 63


def near(like: bytes, hashes: Sequence[tuple[str, bytes]]) -> list[tuple[float, str]]:
    """Those that look like it, each with how far off: 0 is the same."""
    averages, waves = _averages(like), _waves(like)
    found: list[tuple[float, str]] = []
    for photo_id, other in hashes:
        apart: float = sum(abs(left - right) for left, right in zip(averages, _averages(other), strict=True))
        if apart > NEAR:
            continue
        apart += sum(abs(left - right) for left, right in zip(waves, _waves(other), strict=False)) / 2
        if apart <= FAR:
            found.append((apart, photo_id))
    return found


def _averages(thumbhash: bytes) -> tuple[int, int, int]:
    header = int.from_bytes(thumbhash[:3], "little")
    return header & _SIX, header >> 6 & _SIX, header >> 12 & _SIX


def _waves(thumbhash: bytes) -> list[int]:
    return [half for byte in thumbhash[_HEAD:] for half in (byte & 15, byte >> 4)]
