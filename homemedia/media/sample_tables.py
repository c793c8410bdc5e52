"""When the keyframes of an MP4's picture are shown, from the tables in its head alone.

PyAV's own index tells decode times; in open groups of pictures the way from there to the time of showing differs from
keyframe to keyframe.

Source:
    ISO/IEC 14496-12, 8.6 (stts, ctts, stss, elst).
"""

import struct
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import BinaryIO

import msgspec

from homemedia.media.hls.fmp4 import find

# A day of film with a time of its own for each picture; what is larger is damaged.
MOST_BYTES = 128 << 20
MOST_BOXES = 4096
# Pictures are reordered over fewer than this.
MOST_REORDERED = 64


class PictureTimes(msgspec.Struct, frozen=True):
    """In ticks of `timescale`, as the edit list moves them: keyframes, the first picture shown, the end of the last."""

    timescale: int
    keyframes: tuple[int, ...]
    first: int
    end: int


def picture_times(file: BinaryIO, track_id: int) -> PictureTimes | None:
    """Read them; None when the file is in fragments, has more than one edit, or its tables do not fit together."""
    try:
        moov = _moov(file)
        if moov is None:
            return None
        for start, end in find(moov, b"moov", b"trak"):
            (tkhd, _), *_ = find(moov, b"tkhd", start=start, end=end)
            if struct.unpack_from(">I", moov, tkhd + (20 if moov[tkhd] else 12))[0] == track_id:
                return _track(moov, start, end)
    except (OSError, struct.error, ValueError, IndexError, OverflowError, MemoryError):
        return None
    return None


def _moov(file: BinaryIO) -> bytes | None:
    """The head of the file, `moov` and its size in front of it."""
    file_end = file.seek(0, 2)
    at = 0
    for _ in range(MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            return None
        size, kind = struct.unpack_from(">I4s", head)
        if size == 1:
            (size,) = struct.unpack_from(">Q", head, 8)
        elif size == 0:
            size = file_end - at
        if size < 8 or at + size > file_end:
            return None
        if kind == b"moov":
            if size > MOST_BYTES:
                return None
            file.seek(at)
            return file.read(size)
        at += size
    return None


def _track(moov: bytes, start: int, end: int) -> PictureTimes | None:
    (mvhd, _), *_ = find(moov, b"moov", b"mvhd")
    (mdhd, _), *_ = find(moov, b"mdia", b"mdhd", start=start, end=end)
    (movie_scale,) = struct.unpack_from(">I", moov, mvhd + (20 if moov[mvhd] else 12))
    (timescale,) = struct.unpack_from(">I", moov, mdhd + (20 if moov[mdhd] else 12))
    tables = dict[bytes, int]()
    for name in (b"stts", b"ctts", b"stss"):
        for place, _ in find(moov, b"mdia", b"minf", b"stbl", name, start=start, end=end):
            tables[name] = place
    edit = _edit(moov, start, end, movie_scale, timescale)
    if edit is None or not timescale or b"stts" not in tables:
        return None
    moved, stop = edit
    decode = _Runs(_pairs(moov, tables[b"stts"], signed=False))
    offsets = _Runs(_pairs(moov, tables[b"ctts"], signed=True)) if b"ctts" in tables else None
    count = decode.samples
    if not count:
        return None

    def shown(sample: int) -> int:
        return decode.sum_before(sample) + (offsets.value(sample) if offsets else 0) + moved

    numbers = _numbers(moov, tables[b"stss"]) if b"stss" in tables else range(1, count + 1)
    keyframes = sorted(shown(number - 1) for number in numbers if 0 < number <= count)
    edges = range(max(0, count - MOST_REORDERED), count)
    last = max(shown(sample) + decode.value(sample) for sample in edges)
    first = min(shown(sample) for sample in range(min(count, MOST_REORDERED)))
    return PictureTimes(timescale, tuple(keyframes), first, last if stop is None else min(last, stop))


def _edit(moov: bytes, start: int, end: int, movie_scale: int, timescale: int) -> tuple[int, int | None] | None:
    """How many ticks times are moved by, and where the edit ends; None when there is more than one."""
    place = next(iter(find(moov, b"edts", b"elst", start=start, end=end)), None)
    if place is None:
        return 0, None
    at = place[0]
    form = struct.Struct(">QqI" if moov[at] else ">IiI")
    (count,) = struct.unpack_from(">I", moov, at + 4)
    empty, edits = 0, list[tuple[int, int]]()
    for number in range(min(count, 1000)):
        duration, media_time, _ = form.unpack_from(moov, at + 8 + number * form.size)
        ticks = duration * timescale // max(movie_scale, 1)
        if media_time != -1:
            edits.append((ticks, media_time))
        elif not edits:
            empty += ticks
    if len(edits) > 1:
        return None
    if not edits:
        return empty, None
    ticks, media_time = edits[0]
    return empty - media_time, empty + ticks if ticks else None


def _pairs(moov: bytes, at: int, *, signed: bool) -> tuple[Sequence[int], Sequence[int]]:
    (count,) = struct.unpack_from(">I", moov, at + 4)
    flat = struct.unpack_from(f">{count * 2}{'i' if signed else 'I'}", moov, at + 8)
    return flat[::2], flat[1::2]


def _numbers(moov: bytes, at: int) -> Sequence[int]:
    (count,) = struct.unpack_from(">I", moov, at + 4)
    return struct.unpack_from(f">{count}I", moov, at + 8)


class _Runs:
    """A table of how many samples in a row have one value."""

    def __init__(self, pairs: tuple[Sequence[int], Sequence[int]]) -> None:
        counts, self._values = pairs
        self._ends = list(accumulate(counts))
        self._sums = list(accumulate((count * value for count, value in zip(*pairs, strict=True)), initial=0))
        self.samples = self._ends[-1] if self._ends else 0

    def value(self, sample: int) -> int:
        run = bisect_right(self._ends, sample)
        return self._values[run] if run < len(self._values) else 0

    def sum_before(self, sample: int) -> int:
        """The values of all samples before this one, added up."""
        run = min(bisect_right(self._ends, sample), len(self._values) - 1)
        began = self._ends[run - 1] if run else 0
        return self._sums[run] + (sample - began) * self._values[run]
