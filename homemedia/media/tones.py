"""What a picture looks like in one colour, and where it is looked at: two small answers for cards made from stills.

Pure: counted colours and grey bytes in, a colour and a point out.
"""

import math
from collections.abc import Sequence

Rgb = tuple[int, int, int]

# "A film without a poster": the wash is a dark tone of the still itself, so dark that white words stay readable on it.
LIGHTNESS = (0.34, 0.43)
CHROMA_LIMIT = 0.10
NEUTRAL = (60, 58, 55)


def dark_tone(colors: Sequence[tuple[int, Rgb]]) -> str:
    """Choose the dominant dark tone of counted colours, as '#rrggbb' within the limits of the look.

    A colour counts by its share, more when it is dark already and when it has a hue: of a grey street with a red coat
    the coat gives the tone only when it is large.

    Args:
        colors: how often, and which; may be empty (a neutral tone is answered).
    """
    if not colors:
        return _hex(NEUTRAL)

    def weight(entry: tuple[int, Rgb]) -> float:
        lightness, chroma, _ = to_oklch(entry[1])
        nearness = math.exp(-(((lightness - 0.38) / 0.28) ** 2))
        return entry[0] * (0.15 + nearness) * (0.25 + min(chroma, 0.16) / 0.16)

    lightness, chroma, hue = to_oklch(max(colors, key=weight)[1])
    return _hex(from_oklch(min(max(lightness, LIGHTNESS[0]), LIGHTNESS[1]), min(chroma, CHROMA_LIMIT), hue))


def focus_point(grey: bytes, width: int, height: int) -> tuple[float, float]:
    """Find where a small grey picture has most detail, 0 to 1 from the left and from the top; (0.5, 0.5) when flat.

    The centre of gradient energy, with strong edges counting over-proportionally and the rim less: letters and
    logos sit there.
    """
    total = across = down = 0.0
    for y in range(1, height - 1):
        row = y * width
        for x in range(1, width - 1):
            at = row + x
            change = abs(grey[at + 1] - grey[at - 1]) + abs(grey[at + width] - grey[at - width])
            if change < 16:
                continue
            rim = min(x, width - 1 - x) / width * 4, min(y, height - 1 - y) / height * 4
            energy = change * change * min(1.0, 0.3 + rim[0]) * min(1.0, 0.3 + rim[1])
            total += energy
            across += energy * x
            down += energy * y
    if not total:
        return 0.5, 0.5
    return round(across / total / (width - 1), 3), round(down / total / (height - 1), 3)


def to_oklch(rgb: Rgb) -> tuple[float, float, float]:
    """Lightness 0 to 1, chroma from 0, hue in radians.

    Source:
        Björn Ottosson, "A perceptual color space for image processing" (public domain), with sRGB's transfer curve.
    """
    r, g, b = (_linear(value / 255) for value in rgb)
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    middle = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    c = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, c), math.atan2(c, a)


def from_oklch(lightness: float, chroma: float, hue: float) -> Rgb:
    """The nearest sRGB colour of the same lightness and hue: chroma gives way where sRGB ends."""
    while True:
        a, c = chroma * math.cos(hue), chroma * math.sin(hue)
        long = (lightness + 0.3963377774 * a + 0.2158037573 * c) ** 3
        middle = (lightness - 0.1055613458 * a - 0.0638541728 * c) ** 3
        short = (lightness - 0.0894841775 * a - 1.2914855480 * c) ** 3
        r = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
        g = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
        b = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
        if chroma < 0.001 or all(-0.0005 <= value <= 1.0005 for value in (r, g, b)):
            return _byte(r), _byte(g), _byte(b)
        chroma *= 0.95


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _byte(linear: float) -> int:
    value = min(max(linear, 0.0), 1.0)
    curved = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(curved * 255)


def _hex(rgb: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*rgb)
