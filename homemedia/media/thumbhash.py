"""ThumbHash: a blurred picture in some 25 bytes, which a page shows while the real one loads. Plain Python.

Source:
    https://github.com/evanw/thumbhash (the encoder, whose bytes these are).
"""

import math
from collections.abc import Callable, Sequence
from operator import mul

LONGEST = 100
Wave = tuple[float, list[float], float]


def thumbhash(rgba: bytes, width: int, height: int) -> bytes:
    """The hash of a picture.

    Args:
        rgba: four bytes a pixel, not premultiplied.
        width: at most 100.
        height: at most 100.
    """
    alpha = rgba[3::4]
    covered = sum(alpha)
    has_alpha = covered < 255 * len(alpha)
    bands: list[Sequence[float]] = [rgba[band::4] for band in range(3)]
    if has_alpha:
        bands = [_on_mean(band, alpha, covered) for band in bands]
    red, green, blue = bands
    limit = 5 if has_alpha else 7
    longest = max(width, height)
    across = max(1, _rounded(limit * width / longest))
    down = max(1, _rounded(limit * height / longest))
    light = [(r + g + b) / 765 for r, g, b in zip(red, green, blue, strict=True)]
    yellow = [(r + g) / 510 - b / 255 for r, g, b in zip(red, green, blue, strict=True)]
    rose = [(r - g) / 255 for r, g in zip(red, green, strict=True)]
    wave = _waves(width, height)
    l_dc, l_ac, l_scale = wave(light, max(3, across), max(3, down))
    p_dc, p_ac, p_scale = wave(yellow, 3, 3)
    q_dc, q_ac, q_scale = wave(rose, 3, 3)
    is_landscape = width > height
    head = (
        _rounded(63 * l_dc)
        | _rounded(31.5 + 31.5 * p_dc) << 6
        | _rounded(31.5 + 31.5 * q_dc) << 12
        | _rounded(31 * l_scale) << 18
        | has_alpha << 23
    )
    tail = (
        (down if is_landscape else across)
        | _rounded(63 * p_scale) << 3
        | _rounded(63 * q_scale) << 9
        | is_landscape << 15
    )
    body = bytearray(head.to_bytes(3, "little") + tail.to_bytes(2, "little"))
    factors = [*l_ac, *p_ac, *q_ac]
    if has_alpha:
        a_dc, a_ac, a_scale = wave([value / 255 for value in alpha], 5, 5)
        body.append(_rounded(15 * a_dc) | _rounded(15 * a_scale) << 4)
        factors = [*l_ac, *p_ac, *q_ac, *a_ac]
    nibbles = [_rounded(15 * factor) for factor in factors]
    if len(nibbles) % 2:
        nibbles.append(0)
    body += bytes(low | high << 4 for low, high in zip(nibbles[::2], nibbles[1::2], strict=True))
    return bytes(body)


def _rounded(value: float) -> int:
    """As JavaScript rounds, halves upwards: the same picture gets the same bytes everywhere."""
    return math.floor(value + 0.5)


def _on_mean(band: Sequence[float], alpha: bytes, covered: int) -> list[float]:
    """Lay what is see-through on the picture's mean colour."""
    mean = sum(map(mul, band, alpha)) / covered if covered else 0.0
    return [mean * (1 - a / 255) + value * a / 255 for value, a in zip(band, alpha, strict=True)]


def _waves(width: int, height: int) -> Callable[[list[float], int, int], Wave]:
    """A cosine transform of channels of one size: rows first, then columns, which is a tenth of the work."""
    ways_x = [[math.cos(math.pi / width * cx * (x + 0.5)) for x in range(width)] for cx in range(7)]
    ways_y = [[math.cos(math.pi / height * cy * (y + 0.5)) for y in range(height)] for cy in range(7)]

    def wave(channel: list[float], across: int, down: int) -> Wave:
        rows = [channel[start : start + width] for start in range(0, width * height, width)]
        columns = [[sum(map(mul, row, ways_x[cx])) for row in rows] for cx in range(across)]
        steady, moving, scale = 0.0, [], 0.0
        for cy in range(down):
            for cx in range(across):
                if cx * down >= across * (down - cy):
                    break
                factor = sum(map(mul, columns[cx], ways_y[cy])) / (width * height)
                if cx or cy:
                    moving.append(factor)
                    scale = max(scale, abs(factor))
                else:
                    steady = factor
        if scale:
            moving = [0.5 + 0.5 / scale * factor for factor in moving]
        return steady, moving, scale

    return wave
