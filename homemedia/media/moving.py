"""What moves inside a picture's file: the film of a motion photo, and how long an animation lasts. Plain reading."""

import mmap
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Final

from homemedia.media.photo_models import Motion
from homemedia.media.xmp import Piece

SAMSUNG_FILM: Final = 0x0A30
FRAMES: Final = 100_000
SMALLEST_FILM: Final = 32
Bytes = mmap.mmap | bytes


def find_motion(path: str, piece: Piece | None) -> Motion | None:
    """The film inside a picture's file: where its XMP says, in Samsung's trailer, or in a box of its own (HEIC).

    Args:
        path: of the picture.
        piece: what the XMP says.
    """
    with suppress(OSError, ValueError), _mapped(path) as data:
        return _google(data, piece) or _samsung(data) or _boxed(data)
    return None


@contextmanager
def _mapped(path: str) -> Iterator[mmap.mmap]:
    with Path(path).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data


def _google(data: Bytes, piece: Piece | None) -> Motion | None:
    if piece is None:
        return None
    return _film(data, len(data) - piece.padding - piece.length, piece.length)


def _film(data: Bytes, start: int, length: int) -> Motion | None:
    """The same where a film really begins there."""
    if start < 0 or length < SMALLEST_FILM or start + length > len(data) or data[start + 4 : start + 8] != b"ftyp":
        return None
    return Motion(start, length)


def _samsung(data: Bytes) -> Motion | None:
    """Samsung's trailer: a directory at the end, whose entries count back from it."""
    if data[-4:] != b"SEFT" or len(data) < 32:
        return None
    with suppress(struct.error):
        (size,) = struct.unpack("<I", data[-8:-4])
        head = len(data) - 8 - size
        if head < 0 or data[head : head + 4] != b"SEFH":
            return None
        (count,) = struct.unpack("<I", data[head + 8 : head + 12])
        for entry in range(min(count, 100)):
            at = head + 12 + entry * 12
            kind, back, length = struct.unpack("<2xHII", data[at : at + 12])
            if kind != SAMSUNG_FILM or back > head:
                continue
            start = head - back
            (name,) = struct.unpack("<I", data[start + 4 : start + 8])
            skipped = 8 + name
            found = _film(data, start + skipped, length - skipped)
            if found:
                return found
    return None


def _boxed(data: Bytes) -> Motion | None:
    if data[4:8] != b"ftyp":
        return None
    place, end = 0, len(data)
    while place + 8 <= end:
        size, kind = struct.unpack(">I4s", data[place : place + 8])
        head = 8
        if size == 1 and place + 16 <= end:
            (size,) = struct.unpack(">Q", data[place + 8 : place + 16])
            head = 16
        size = size or end - place
        if size < head:
            return None
        if kind == b"mpvd":
            return _film(data, place + head, min(size, end - place) - head)
        place += size
    return None


def duration_of(path: str, kind: str | None) -> int | None:
    """How long an animation lasts in ms; None for what stands still.

    Args:
        path: of the picture.
        kind: its format as Pillow names it.
    """
    delays = {"GIF": _gif, "WEBP": _webp, "PNG": _png}.get(kind or "")
    if delays is None:
        return None
    with suppress(OSError, ValueError, struct.error, IndexError), _mapped(path) as data:
        found = list(islice(delays(data), FRAMES))
        return sum(found) if len(found) > 1 else None
    return None


def _gif(data: Bytes) -> Iterator[int]:
    """The delays of a GIF's pictures."""
    flags = data[10]
    place = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    delay = 0
    while place < len(data) and data[place] != 0x3B:
        if data[place] == 0x21:
            if data[place + 1] == 0xF9:
                delay = struct.unpack("<H", data[place + 4 : place + 6])[0] * 10
            place = _past_blocks(data, place + 2)
        elif data[place] == 0x2C:
            # Browsers show what asks for less than 20 ms for a tenth of a second.
            yield delay if delay >= 20 else 100
            flags = data[place + 9]
            place += 10 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
            place = _past_blocks(data, place + 1)
        else:
            return


def _past_blocks(data: Bytes, place: int) -> int:
    while data[place]:
        place += data[place] + 1
    return place + 1


def _webp(data: Bytes) -> Iterator[int]:
    place = 12
    while place + 8 <= len(data):
        kind, size = struct.unpack("<4sI", data[place : place + 8])
        if kind == b"ANMF":
            yield int.from_bytes(data[place + 20 : place + 23], "little")
        place += 8 + size + size % 2


def _png(data: Bytes) -> Iterator[int]:
    place = 8
    while place + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[place : place + 8])
        if kind == b"fcTL":
            over, under = struct.unpack(">HH", data[place + 28 : place + 32])
            yield round(over * 1000 / (under or 100))
        place += 12 + size
