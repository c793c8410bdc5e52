"""Reads what a trial wrote: how many pictures, and which of them a player may begin with. Pure.

Source:
    ITU-T H.264, 7.3.1 and 7.4.1.2.4; ITU-T H.265, 7.3.1.2 and 7.4.2.2; annex B of both.
"""

import re
from typing import Literal

import msgspec

_START = re.compile(b"\x00\x00\x01", re.DOTALL)
_BENCH = re.compile(r"rtime=([\d.]+)s")
ENOUGH = 0.95

Codec = Literal["h264", "hevc"]


class Stream(msgspec.Struct, frozen=True):
    """`frames` pictures; `keys` are the numbers of those a player may begin with."""

    frames: int
    keys: tuple[int, ...]


def read(body: bytes, codec: Codec) -> Stream:
    """Count the pictures of a raw stream."""
    frames, keys = 0, []
    for found in _START.finditer(body):
        unit = body[found.end() : found.end() + 3]
        if len(unit) < 3:
            continue
        if codec == "h264":
            kind, is_first = unit[0] & 0x1F, bool(unit[1] & 0x80)
            is_picture, is_key = kind in {1, 5}, kind == 5
        else:
            kind, is_first = unit[0] >> 1 & 0x3F, bool(unit[2] & 0x80)
            is_picture, is_key = kind < 32, 16 <= kind <= 21
        if is_picture and is_first:
            if is_key:
                keys.append(frames)
            frames += 1
    return Stream(frames, tuple(keys))


def is_whole(stream: Stream, expected: int) -> bool:
    return stream.frames >= expected * ENOUGH


def obeys(stream: Stream, wanted: tuple[int, ...]) -> bool:
    """Whether a player may begin wherever that was asked for."""
    return set(wanted) <= set(stream.keys)


def seconds_taken(said: str) -> float | None:
    """How long ffmpeg itself worked, without its start, by its `-benchmark` line."""
    found = _BENCH.search(said)
    return float(found[1]) if found else None
