"""A small writer of Blu-ray subtitles (.sup), white bars on a clear canvas: ffmpeg reads them and cannot write them.

Source:
    US patent 2009/0185789 (Presentation Graphic Stream), as ffmpeg's decoder reads it.
"""

import struct
from collections.abc import Sequence
from pathlib import Path

_PALETTE, _OBJECT, _COMPOSITION, _WINDOW, _END = 0x14, 0x15, 0x16, 0x17, 0x80
_WHITE = 1


def a_sup(
    path: Path,
    shown: Sequence[tuple[int, int]] = ((1000, 2000),),
    *,
    canvas: tuple[int, int] = (1920, 1080),
    bar: tuple[int, int, int, int] = (480, 900, 960, 90),
) -> Path:
    """Write subtitles that show a white bar from and until some moments (ms).

    Args:
        path: where.
        shown: begin and end of each.
        canvas: width and height of the picture they are made for.
        bar: left, top, width and height of what is shown.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    parts: list[bytes] = []
    for number, (begin, end) in enumerate(shown):
        parts += [_show(begin, 2 * number, canvas, bar), _clear(end, 2 * number + 1, canvas, bar)]
    path.write_bytes(b"".join(parts))
    return path


def _show(at_ms: int, number: int, canvas: tuple[int, int], bar: tuple[int, int, int, int]) -> bytes:
    left, top, width, height = bar
    composition = struct.pack(">HHBHBBBB", *canvas, 0x10, number, 0x80, 0, 0, 1)
    composition += struct.pack(">HBBHH", 0, 0, 0, left, top)
    palette = bytes([0, 0, _WHITE, 235, 128, 128, 255])
    picture = _run(width) * height
    drawn = struct.pack(">HBB", 0, 0, 0xC0) + (len(picture) + 4).to_bytes(3, "big") + struct.pack(">HH", width, height)
    return b"".join(
        (
            _segment(_COMPOSITION, at_ms, composition),
            _segment(_WINDOW, at_ms, _window(bar)),
            _segment(_PALETTE, at_ms, palette),
            _segment(_OBJECT, at_ms, drawn + picture),
            _segment(_END, at_ms, b""),
        )
    )


def _clear(at_ms: int, number: int, canvas: tuple[int, int], bar: tuple[int, int, int, int]) -> bytes:
    composition = struct.pack(">HHBHBBBB", *canvas, 0x10, number, 0, 0, 0, 0)
    return b"".join(
        (
            _segment(_COMPOSITION, at_ms, composition),
            _segment(_WINDOW, at_ms, _window(bar)),
            _segment(_END, at_ms, b""),
        )
    )


def _window(bar: tuple[int, int, int, int]) -> bytes:
    return struct.pack(">BBHHHH", 1, 0, *bar)


def _run(width: int) -> bytes:
    """One line of one colour, and the end of the line."""
    return bytes([0, 0xC0 | (width >> 8), width & 0xFF, _WHITE, 0, 0])


def _segment(kind: int, at_ms: int, body: bytes) -> bytes:
    return b"PG" + struct.pack(">IIBH", at_ms * 90, 0, kind, len(body)) + body
