"""Bitmap subtitles as on Blu-ray, written by hand: no encoder for them is at hand. One white bar per cue."""

import struct
from collections.abc import Sequence
from pathlib import Path

CLOCK = 90_000
WHITE = 1


def a_sup(path: Path, cues: Sequence[tuple[float, float]], *, size: tuple[int, int] = (320, 180)) -> Path:
    """Write a `.sup` whose cues (start and end in seconds) show a white bar over the lower quarter, side to side."""
    width, height = size
    top, lines = height * 3 // 4, height // 8
    written = bytearray()
    for number, (start, end) in enumerate(cues):
        written += _set(
            start,
            [
                (0x16, _composition(size, number * 2, b"\x00\x00\x00\x00" + struct.pack(">HH", 0, top), is_new=True)),
                (0x17, struct.pack(">BBHHHH", 1, 0, 0, top, width, lines)),
                (0x14, struct.pack(">BB", 0, 0) + struct.pack(">BBBBB", WHITE, 235, 128, 128, 255)),
                (0x15, _bar(width, lines)),
                (0x80, b""),
            ],
        )
        written += _set(
            end,
            [
                (0x16, _composition(size, number * 2 + 1, b"", is_new=False)),
                (0x17, struct.pack(">BBHHHH", 1, 0, 0, top, width, lines)),
                (0x80, b""),
            ],
        )
    path.write_bytes(bytes(written))
    return path


def _set(at: float, segments: Sequence[tuple[int, bytes]]) -> bytes:
    head = struct.pack(">2sII", b"PG", round(at * CLOCK), 0)
    return b"".join(head + struct.pack(">BH", kind, len(body)) + body for kind, body in segments)


def _composition(size: tuple[int, int], number: int, placed: bytes, *, is_new: bool) -> bytes:
    state = 0x80 if is_new else 0
    return struct.pack(">HHBHBBBB", *size, 0x10, number, state, 0, 0, 1 if placed else 0) + placed


def _bar(width: int, lines: int) -> bytes:
    line = b"\x00" + struct.pack(">H", 0xC000 | width) + bytes([WHITE]) + b"\x00\x00"
    data = struct.pack(">HH", width, lines) + line * lines
    return struct.pack(">HBB", 0, 0, 0xC0) + len(data).to_bytes(3, "big") + data
