"""Small pictures of a film in even steps, laid out on sheets, for whoever looks for a scene. Pure.

The sheets themselves are made in the worker (`media.sprites`).
"""

import math
from fractions import Fraction
from typing import Final, NamedTuple

import msgspec

from homemedia.media.models import Hdr, Probe, VideoStream

# The longer side of a tile; a player shows it in half of that on phones.
LONGEST_SIDE: Final = 320
COLUMNS: Final = 10
ROWS: Final = 10
USUAL_MS: Final = 10_000
# Short films are looked at more closely, so that a clip of a minute is not six pictures.
CLOSER_MS: Final = (5000, 2000, 1000)
FEW_TILES: Final = 100
WIDER_MS: Final = (15_000, 20_000, 30_000, 60_000)
MOST_TILES: Final = 1000
SHORTEST_MS: Final = 5000
LEAST_SHARE: Final = 0.1  # of an interval: less at the end has no tile of its own
FILE_TYPE: Final = "webp"


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """How the tiles of one film lie; tile `n` stands for the time from `n * interval_ms` on.

    `width` and `height` are those of a tile in pixels. Sheets are full but for the last, which has as many rows as it
    needs; all are `columns` wide.
    """

    interval_ms: int
    width: int
    height: int
    count: int
    columns: int = COLUMNS
    rows: int = ROWS

    @property
    def sheets(self) -> int:
        return -(-self.count // (self.columns * self.rows))

    def tiles_of(self, sheet: int) -> range:
        """Numbers of the tiles on a sheet; empty beyond the last."""
        each = self.columns * self.rows
        return range(min(sheet * each, self.count), min((sheet + 1) * each, self.count))

    def size_of(self, sheet: int) -> tuple[int, int]:
        """Width and height of a sheet in pixels."""
        return self.columns * self.width, -(-len(self.tiles_of(sheet)) // self.columns) * self.height


class Place(NamedTuple):
    """Which sheet, and where on it in tiles."""

    sheet: int
    column: int
    row: int


def place_of(layout: Layout, at_ms: int) -> Place:
    """Where the picture for a moment lies; the first before the beginning, the last behind the end."""
    tile = min(max(0, at_ms // layout.interval_ms), layout.count - 1)
    sheet, on_sheet = divmod(tile, layout.columns * layout.rows)
    row, column = divmod(on_sheet, layout.columns)
    return Place(sheet, column, row)


def interval_of(duration_ms: int) -> int:
    """Time between two pictures: ten seconds, less for short films, more where it would be above 1000 pictures."""
    for step_ms in (USUAL_MS, *CLOSER_MS):
        if duration_ms >= FEW_TILES * step_ms:
            break
    else:
        return CLOSER_MS[-1]
    for wider_ms in (step_ms, *WIDER_MS):
        if duration_ms <= MOST_TILES * wider_ms:
            return wider_ms
    return math.ceil(duration_ms / MOST_TILES / 1000) * 1000


def tile_size(width: int, height: int, *, sar: str = "1:1", rotation: int = 0) -> tuple[int, int]:
    """Size of a tile: the shape people see, 320 pixels on the longer side, never larger than the film; even numbers.

    Args:
        width: of the picture as coded.
        height: likewise.
        sar: shape of its pixels.
        rotation: degrees by which it is turned to be shown.
    """
    wide, _, high = sar.partition(":")
    is_known = wide.isdecimal() and high.isdecimal() and int(wide) > 0 and int(high) > 0
    stretch = Fraction(int(wide), int(high)) if is_known else Fraction(1)
    shown_w, shown_h = width * max(stretch, Fraction(1)), height / min(stretch, Fraction(1))
    if rotation % 180:
        shown_w, shown_h = shown_h, shown_w
    shrink = min(Fraction(1), LONGEST_SIDE / max(shown_w, shown_h))
    return _even(shown_w * shrink), _even(shown_h * shrink)


def _even(side: Fraction) -> int:
    return max(2, round(side / 2) * 2)


def layout_of(probe: Probe) -> Layout | None:
    """How the pictures of a film are laid out; None for what has no picture, no length, or is over at once."""
    picture = probe.main_video
    if picture is None or not probe.duration_ms or probe.duration_ms < SHORTEST_MS:
        return None
    interval_ms = interval_of(probe.duration_ms)
    width, height = tile_size(picture.width, picture.height, sar=picture.sar, rotation=picture.rotation)
    return Layout(
        interval_ms=interval_ms,
        width=width,
        height=height,
        count=max(1, math.ceil(probe.duration_ms / interval_ms - LEAST_SHARE)),
    )


class SheetRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet of a film, to be written to `target`."""

    source: str
    target: str
    layout: Layout
    sheet: int
    duration_ms: int
    track: int
    hdr: Hdr = "none"


class Sheet(msgspec.Struct, frozen=True):
    """What was written: bytes, and how many of the tiles have a picture of their own."""

    size_bytes: int
    pictures: int


def sheet_request(
    source: str, target: str, layout: Layout, sheet: int, *, picture: VideoStream, duration_ms: int
) -> SheetRequest:
    return SheetRequest(
        source=source,
        target=target,
        layout=layout,
        sheet=sheet,
        duration_ms=duration_ms,
        track=picture.track,
        hdr=picture.hdr,
    )
