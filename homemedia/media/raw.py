"""Cameras' own formats: the largest JPEG such a file carries is its picture; what it says stands in its directories.

Nothing is developed from the sensor. Fourteen makers write as many formats, and all of them put a JPEG in: it is found
by its first bytes and its own header, wherever it lies.
"""

import io
import mmap
import struct
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import PurePath
from typing import Final, NamedTuple

from PIL import Image

from homemedia.media.exif import HEIGHT, ORIENTATION, WIDTH, Tags, number, tags_in

TIFF_MAGIC: Final = (b"II*\0", b"MM\0*")
# Olympus, Panasonic and Minolta changed two bytes of TIFF's first four; Fuji, Sigma and Canon made something else.
MAGIC: Final = (b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FUJIFILMCCD-RAW", b"FOVb", b"\0MRM", b"II\x1a\0\0\0HEAPCCDR")
CANON: Final = b"ftypcrx "
# By name, what is a TIFF but not for us to decode.
ENDINGS: Final = frozenset(
    {".3fr", ".ari", ".arw", ".cap", ".cin", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".fff", ".iiq", ".k25"}
    | {".kdc", ".mrw", ".nef", ".nrw", ".orf", ".ori", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf", ".srw"}
    | {".x3f"}
)
START: Final = b"\xff\xd8\xff"
CANDIDATES: Final = 200
SEGMENTS: Final = 400
BASELINE: Final = frozenset({0xC0, 0xC1, 0xC2})  # the sensor's data is in lossless ones, which no screen shows
HEAD_BYTES: Final = 8 << 20
SUB_IFDS, IMAGE_WIDTH, IMAGE_HEIGHT = 0x014A, 0x0100, 0x0101
PANASONIC_WIDTH, PANASONIC_HEIGHT = 0x0007, 0x0006
Bytes = mmap.mmap | bytes


class Preview(NamedTuple):
    """A JPEG inside a file."""

    start: int
    width: int
    height: int


def is_raw(path: str, head: bytes) -> bool:
    """Whether a file is a camera's own.

    Args:
        path: its ending tells a camera's TIFF from an ordinary one.
        head: its first 16 bytes.
    """
    if head.startswith(MAGIC) or head[4:12] == CANON:
        return True
    return head.startswith(TIFF_MAGIC) and PurePath(path).suffix.lower() in ENDINGS


def opened_preview(data: mmap.mmap) -> Image.Image:
    """The largest JPEG in a camera's file, opened; what the file itself says is in its `info` as `raw_tags`.

    Raises:
        ValueError: there is none.
    """
    best = max(previews(data), key=lambda one: one.width * one.height, default=None)
    if best is None:
        raise ValueError("no preview in a raw file")
    image = Image.open(io.BytesIO(data[best.start :]), formats=("JPEG",))
    tags = raw_tags(data)
    image.info["raw_tags"] = tags
    image.info["raw_size"] = _size(data, tags, best)
    turn = tags.main.get(ORIENTATION)
    exif = image.getexif()
    if turn is not None and ORIENTATION not in exif:
        exif[ORIENTATION] = turn
    return image


def previews(data: Bytes) -> Iterator[Preview]:
    """Every JPEG that a decoder of screens can read."""
    place = data.find(START)
    for _ in range(CANDIDATES):
        if place < 0:
            return
        size = _jpeg_size(data, place)
        if size is not None:
            yield Preview(place, *size)
        place = data.find(START, place + 3)


def _jpeg_size(data: Bytes, start: int) -> tuple[int, int] | None:
    """Width and height by the header of frames."""
    place = start + 2
    for _ in range(SEGMENTS):
        if place + 9 > len(data) or data[place] != 0xFF:
            return None
        kind = data[place + 1]
        if kind in BASELINE:
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return (width, height) if width and height and data[place + 4] == 8 else None
        if kind in {0xC3, 0xD9, 0xDA}:
            return None
        place += 2 + int.from_bytes(data[place + 2 : place + 4])
    return None


def raw_tags(data: Bytes) -> Tags:
    """The directories of a camera's file; empty where they lie in its JPEG alone."""
    if data[4:12] == CANON:
        return _canon_tags(data)
    if data[:4] in TIFF_MAGIC:
        return tags_in(_directory(data[:]) if len(data) <= HEAD_BYTES else _directory(data[:HEAD_BYTES]))
    if data[:4] in {b"IIRO", b"IIRS", b"IIU\0"}:
        return tags_in(_directory(b"II*\0" + data[4:HEAD_BYTES]))
    if data[:4] == b"MMOR":
        return tags_in(_directory(b"MM\0*" + data[4:HEAD_BYTES]))
    return Tags()


def _canon_tags(data: Bytes) -> Tags:
    """CR3: three small TIFFs in boxes, one for each directory."""
    found = []
    for name in (b"CMT1", b"CMT2", b"CMT4"):
        place = data.find(name, 0, 1 << 20)
        size = int.from_bytes(data[place - 4 : place]) if place >= 4 else 0
        found.append(dict(_directory(data[place + 4 : place - 4 + size])) if size > 16 else {})
    return Tags(found[0], found[1], found[2])


def _directory(tiff: bytes) -> Image.Exif:
    exif = Image.Exif()
    # As `Image.getexif`: what is broken reads as nothing.
    with suppress(OSError, SyntaxError, ValueError, struct.error, KeyError, TypeError, EOFError, OverflowError):
        exif.load(tiff)
    return exif


def _size(data: Bytes, tags: Tags, best: Preview) -> tuple[int, int]:
    """How large the whole picture is, as the camera says, else its JPEG."""
    told = _pair(tags.camera.get(WIDTH), tags.camera.get(HEIGHT))
    candidates = [told, *_below(data, tags), _pair(tags.main.get(PANASONIC_WIDTH), tags.main.get(PANASONIC_HEIGHT))]
    known = [size for size in candidates if size and size[0] >= best.width and size[1] >= best.height]
    return known[0] if known else (best.width, best.height)


def _below(data: Bytes, tags: Tags) -> Iterable[tuple[int, int]]:
    """The pictures that a TIFF's directories describe, the largest first."""
    found = [_pair(tags.main.get(IMAGE_WIDTH), tags.main.get(IMAGE_HEIGHT))]
    places = tags.main.get(SUB_IFDS)
    order = "<" if data[:2] == b"II" else ">"
    below = places if isinstance(places, tuple) else (places,)
    found += [_sub_size(data, place, order) for place in below if isinstance(place, int)]
    return sorted((size for size in found if size), key=lambda size: -size[0] * size[1])


def _sub_size(data: Bytes, place: int, order: str) -> tuple[int, int] | None:
    sides: dict[int, int] = {}
    with suppress(struct.error):
        (count,) = struct.unpack(f"{order}H", data[place : place + 2])
        for entry in range(min(count, 200)):
            at = place + 2 + entry * 12
            tag, kind = struct.unpack(f"{order}HH", data[at : at + 4])
            if tag in {IMAGE_WIDTH, IMAGE_HEIGHT}:
                width = 2 if kind == 3 else 4
                sides[tag] = int.from_bytes(data[at + 8 : at + 8 + width], "little" if order == "<" else "big")
    return _pair(sides.get(IMAGE_WIDTH), sides.get(IMAGE_HEIGHT))


def _pair(width: object, height: object) -> tuple[int, int] | None:
    across, down = number(width), number(height)
    if not across or not down or not (0 < across < 100_000 and 0 < down < 100_000):
        return None
    return int(across), int(down)
