"""Facts PyAV does not tell before a frame is decoded, read from the file's own headers.

How a picture is turned (MP4's track matrix), Dolby Vision's configuration record (MP4 and Matroska), where an MP4 has
its index. Reads a few
hundred bytes by seeking; anything unexpected means "not known", never an error.
"""

import math
import struct
from collections.abc import Iterator, Mapping
from typing import BinaryIO

import msgspec

BOX_LIMIT = 4096  # boxes looked at in one file: a damaged one must not keep us busy
STSD_LIMIT_BYTES = 64 << 10
MATROSKA_HEAD_BYTES = 1 << 20
DOLBY_BOXES = (b"dvcC", b"dvvC", b"dvwC")
EXTRA_DATA_ID = b"\x41\xed"  # Matroska's BlockAddIDExtraData


class Dolby(msgspec.Struct, frozen=True):
    """Profile, and what the base layer is by itself: 0 nothing, 1 HDR10, 2 SDR, 4 HLG, 6 Blu-ray HDR10."""

    profile: int
    compatibility: int


class TrackHeader(msgspec.Struct, frozen=True):
    """`rotation`: degrees clockwise that a player turns the picture, 0, 90, 180 or 270."""

    rotation: int = 0
    dolby: Dolby | None = None


def mp4_tracks(file: BinaryIO, *, wants_dolby: bool = True) -> Mapping[int, TrackHeader]:
    """Read the headers of an MP4's or QuickTime file's tracks, by track id; empty when there is nothing to read."""
    try:
        return dict(_tracks(file, wants_dolby=wants_dolby))
    except (OSError, struct.error, ValueError, OverflowError):
        return {}


def is_index_first(file: BinaryIO) -> bool:
    """Whether an MP4 or QuickTime file begins to play before it is read to its end; yes where nobody can tell."""
    try:
        kinds = [kind for kind, _, _ in _boxes(file, 0, file.seek(0, 2), [BOX_LIMIT])]
    except (OSError, struct.error, ValueError, OverflowError):
        return True
    return b"moov" not in kinds or b"mdat" not in kinds or kinds.index(b"moov") < kinds.index(b"mdat")


def matroska_dolby(file: BinaryIO) -> Dolby | None:
    """Find a Dolby Vision record in Matroska's head.

    Source:
        Matroska codec mappings, block additional mapping `dvcC`/`dvvC`: the same 24 bytes as in MP4.
    """
    try:
        file.seek(0)
        head = file.read(MATROSKA_HEAD_BYTES)
    except OSError:
        return None
    for name in DOLBY_BOXES:
        at = head.find(name)
        data = head.find(EXTRA_DATA_ID, at, at + 32) if at >= 0 else -1
        if data >= 0:
            return dolby_record(head[data + 3 : data + 27])
    return None


def dolby_record(record: bytes) -> Dolby | None:
    """Take a configuration record apart; None when it is none.

    Source:
        Dolby Vision Streams Within the ISO Base Media File Format 2.x, 2.2: version (2 bytes), profile 7 bits, level
        6 bits, three flags, compatibility 4 bits.
    """
    if len(record) < 5 or record[0] not in {1, 2, 3}:
        return None
    bits = int.from_bytes(record[2:4], "big")
    return Dolby(profile=bits >> 9, compatibility=record[4] >> 4)


def rotation_of(matrix: tuple[int, ...]) -> int:
    """Clockwise degrees of an MP4 matrix (its first two numbers), to the next quarter turn."""
    a, b = matrix[:2]
    return round(math.degrees(math.atan2(b, a)) / 90) * 90 % 360 if a or b else 0


def _tracks(file: BinaryIO, *, wants_dolby: bool) -> Iterator[tuple[int, TrackHeader]]:
    end = file.seek(0, 2)
    budget = [BOX_LIMIT]
    for kind, start, stop in _boxes(file, 0, end, budget):
        if kind != b"moov":
            continue
        for inner, inner_start, inner_stop in _boxes(file, start, stop, budget):
            if inner == b"trak":
                track = _track(file, (inner_start, inner_stop), budget, wants_dolby=wants_dolby)
                if track is not None:
                    yield track
        return


def _track(
    file: BinaryIO, place: tuple[int, int], budget: list[int], *, wants_dolby: bool
) -> tuple[int, TrackHeader] | None:
    header = _find(file, *place, (b"tkhd",), budget)
    if header is None:
        return None
    file.seek(header[0])
    body = file.read(min(104, header[1] - header[0]))
    long = body[:1] == b"\x01"
    (track_id,) = struct.unpack_from(">I", body, 20 if long else 12)
    turn = rotation_of(struct.unpack_from(">2i", body, 52 if long else 40))
    if not wants_dolby:
        return track_id, TrackHeader(turn)
    description = _find(file, *place, (b"mdia", b"minf", b"stbl", b"stsd"), budget)
    return track_id, TrackHeader(turn, _dolby_in(file, description))


def _dolby_in(file: BinaryIO, description: tuple[int, int] | None) -> Dolby | None:
    if description is None:
        return None
    file.seek(description[0])
    body = file.read(min(STSD_LIMIT_BYTES, description[1] - description[0]))
    for name in DOLBY_BOXES:
        at = body.find(name)
        if at >= 0:
            return dolby_record(body[at + 4 : at + 28])
    return None


def _find(file: BinaryIO, start: int, stop: int, path: tuple[bytes, ...], budget: list[int]) -> tuple[int, int] | None:
    for wanted in path:
        place = next(((a, b) for kind, a, b in _boxes(file, start, stop, budget) if kind == wanted), None)
        if place is None:
            return None
        start, stop = place
    return start, stop


def _boxes(file: BinaryIO, start: int, stop: int, budget: list[int]) -> Iterator[tuple[bytes, int, int]]:
    """Boxes between two places: kind, where the content starts, where it stops."""
    while start + 8 <= stop and budget[0] > 0:
        budget[0] -= 1
        file.seek(start)
        size, kind = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:
            (size,) = struct.unpack(">Q", file.read(8))
            head = 16
        elif size == 0:
            size = stop - start
        if size < head or start + size > stop:
            return
        yield kind, start + head, start + size
        start += size
