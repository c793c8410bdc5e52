"""Cuts the one fragmented MP4 that ffmpeg writes into the segments of a table, as the bytes arrive.

A fragment (`moof` and its `mdat`) begins with a keyframe of the picture; it belongs to the last segment that begins
before it. Where the picture is missing, the sound decides. Nothing here holds more than one `moof` in memory.

A segment in which no fragment begins (a hole in the film, a damaged stretch) is told of as well, with an empty box in
it, so that nobody waits for it.

Source:
    ISO/IEC 14496-12 (boxes); watch contract 9.4.
"""

import struct
from collections.abc import Iterator

import msgspec

from homemedia.media.hls.cuts import (
    OFFSET_US,
    PIECE_BYTES,
    Close,
    Cuts,
    Data,
    Event,
    Init,
    NotFragmented,
    Open,
    pieces,
)
from homemedia.media.hls.table import SECOND_US, SegmentTable

__all__ = [
    "NOTHING",
    "OFFSET_US",
    "PIECE_BYTES",
    "Close",
    "Data",
    "Event",
    "Fmp4Cutter",
    "Init",
    "NotFragmented",
    "Open",
    "Track",
    "boxes",
    "find",
    "fragment_length",
    "fragment_starts",
    "tracks_of",
]

# No film of ours has a longer index than this for one fragment; more is not what we asked ffmpeg for.
MOST_HELD_BYTES = 32 << 20
_HEAD = struct.Struct(">I4s")
_LONG_HEAD = 16
_IS_LONG = b"\x00\x00\x00\x01"  # instead of a size: it follows in 8 bytes
_HELD = frozenset({b"ftyp", b"moov", b"moof"})
NOTHING = _HEAD.pack(_HEAD.size, b"free")


class Track(msgspec.Struct, frozen=True):
    """A stream of the file: its kind (`vide`, `soun`) and how many ticks it counts a second."""

    kind: str
    timescale: int


class Fmp4Cutter:
    """Takes bytes, gives events. Make a new one for each run of ffmpeg.

    Args:
        table: where segments begin.
        first: the segment the run was started for; earlier fragments are thrown away.
        frame_us: length of one picture, for what is close enough to a boundary.
        offset_us: what was added to all times.
        refuses_holes: raise `Hole` instead of an empty segment.
    """

    def __init__(
        self,
        table: SegmentTable,
        first: int,
        *,
        frame_us: int = 40_000,
        offset_us: int = OFFSET_US,
        refuses_holes: bool = False,
    ) -> None:
        self._cuts = Cuts(
            table, first, frame_us=frame_us, offset_us=offset_us, nothing=NOTHING, refuses_holes=refuses_holes
        )
        self._held = bytearray()
        self._head = b""
        self._kind = b""
        self._left = 0
        self._start = bytearray()
        self._tracks: dict[int, Track] = {}
        self._end_us: int | None = None

    @property
    def current(self) -> int | None:
        """The open segment, or the one that comes next."""
        return self._cuts.current

    def feed(self, body: bytes) -> Iterator[Event]:
        """Go on with these bytes.

        Raises:
            NotFragmented: they are not what was asked for.
        """
        view = memoryview(body)
        while view:
            if not self._kind:
                view, head = self._take_head(view)
                if head:
                    yield from self._begun(head)
                continue
            piece = view[: min(self._left, PIECE_BYTES)]
            view = view[len(piece) :]
            self._left -= len(piece)
            if self._kind == b"mdat":
                if self._cuts.is_open:
                    yield Data(bytes(piece))
            elif self._kind in _HELD:
                self._held += piece
            if not self._left:
                yield from self._whole()

    def finish(self, *, is_clean: bool) -> Iterator[Event]:
        """The run has ended; `is_clean` when it came to the end of the film."""
        yield from self._cuts.finish(is_clean=is_clean and not self._kind and not self._head)

    def _take_head(self, view: memoryview) -> tuple[memoryview, bytes]:
        """Collect the head of the next box, 8 bytes or 16; what is left, and the head once it is whole."""
        for wanted in (_HEAD.size, _LONG_HEAD):
            missing = max(0, wanted - len(self._head))
            self._head += bytes(view[:missing])
            view = view[missing:]
            if len(self._head) < wanted:
                return view, b""
            if self._head[:4] != _IS_LONG:
                break
        head, self._head = self._head, b""
        size, kind = _HEAD.unpack_from(head)
        if len(head) == _LONG_HEAD:
            (size,) = struct.unpack_from(">Q", head, _HEAD.size)
        if size < len(head) or not kind.isalnum():
            raise NotFragmented(f"a box of {size} bytes named {kind!r}")
        if kind in _HELD and size > MOST_HELD_BYTES:
            raise NotFragmented(f"{kind.decode()} has {size} bytes")
        self._kind, self._left = kind, size - len(head)
        self._held = bytearray(head)
        return view, head

    def _begun(self, head: bytes) -> Iterator[Event]:
        """A box begins; an empty one is over at once."""
        if self._kind == b"mdat" and self._cuts.is_open:
            yield Data(head)
        if not self._left:
            yield from self._whole()

    def _whole(self) -> Iterator[Event]:
        """A box has come to its end."""
        kind, self._kind = self._kind, b""
        if kind == b"ftyp":
            self._start = bytearray(self._held)
        elif kind == b"moov":
            self._start += self._held
            self._tracks = tracks_of(bytes(self._held))
            yield Init(bytes(self._start))
        elif kind == b"moof":
            yield from self._fragment(bytes(self._held))
        elif kind == b"mdat" and self._end_us is not None:
            yield from self._cuts.until(self._end_us)
        self._held = bytearray()

    def _fragment(self, moof: bytes) -> Iterator[Event]:
        starts = {track_id: start for track_id, start in fragment_starts(moof).items() if track_id in self._tracks}
        if not self._tracks:
            raise NotFragmented("a fragment before the description of its streams")
        leading = self._leading(starts)
        if leading is not None:
            timescale = self._tracks[leading].timescale
            yield from self._cuts.at(starts[leading] * SECOND_US // timescale)
            length = fragment_length(moof, leading)
            self._end_us = None if length is None else (starts[leading] + length) * SECOND_US // timescale
        if self._cuts.is_open:
            yield from pieces(moof)

    def _leading(self, starts: dict[int, int]) -> int | None:
        """The stream whose time counts: the picture, in files without one the sound."""
        pictures = [track_id for track_id, track in self._tracks.items() if track.kind == "vide"]
        candidates = pictures or list(self._tracks)
        return next((track_id for track_id in candidates if track_id in starts), None)


def boxes(body: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[bytes, int, int]]:
    """(kind, start of the content, end) of the boxes in a stretch of bytes; stops at the first that is none."""
    end = len(body) if end is None else end
    at = start
    while at + _HEAD.size <= end:
        size, kind = _HEAD.unpack_from(body, at)
        head = _HEAD.size
        if size == 1 and at + 16 <= end:
            (size,) = struct.unpack_from(">Q", body, at + 8)
            head = 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            return
        yield kind, at + head, at + size
        at += size


def find(body: bytes, *path: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Content (start, end) of every box at a path, as `moov`, `trak`, `mdia`."""
    for kind, inner, outer in boxes(body, start, end):
        if kind == path[0]:
            if len(path) == 1:
                yield inner, outer
            else:
                yield from find(body, *path[1:], start=inner, end=outer)


def tracks_of(moov: bytes) -> dict[int, Track]:
    """The streams of a file by their number.

    Raises:
        NotFragmented: a box is shorter than what it must hold.
    """
    found: dict[int, Track] = {}
    try:
        for start, end in find(moov, b"moov", b"trak"):
            (tkhd, _), *_ = find(moov, b"tkhd", start=start, end=end)
            (mdhd, _), *_ = find(moov, b"mdia", b"mdhd", start=start, end=end)
            (hdlr, _), *_ = find(moov, b"mdia", b"hdlr", start=start, end=end)
            (track_id,) = struct.unpack_from(">I", moov, tkhd + (20 if moov[tkhd] else 12))
            (timescale,) = struct.unpack_from(">I", moov, mdhd + (20 if moov[mdhd] else 12))
            found[track_id] = Track(moov[hdlr + 8 : hdlr + 12].decode("ascii", "replace"), max(timescale, 1))
    except (struct.error, IndexError, ValueError) as err:
        raise NotFragmented("the description of the streams is damaged") from err
    return found


def fragment_starts(moof: bytes) -> dict[int, int]:
    """When the first sample of each stream in a fragment is shown, in the stream's ticks.

    Raises:
        NotFragmented: as above.
    """
    found: dict[int, int] = {}
    try:
        for start, end in find(moof, b"moof", b"traf"):
            (tfhd, _), *_ = find(moof, b"tfhd", start=start, end=end)
            (track_id,) = struct.unpack_from(">I", moof, tfhd + 4)
            decoded = next(iter(find(moof, b"tfdt", start=start, end=end)), None)
            first = next(iter(find(moof, b"trun", start=start, end=end)), None)
            if decoded is None or first is None:
                continue
            base = struct.unpack_from(">Q" if moof[decoded[0]] else ">I", moof, decoded[0] + 4)[0]
            found[track_id] = base + _first_offset(moof, first[0])
    except (struct.error, IndexError, ValueError) as err:
        raise NotFragmented("a fragment is damaged") from err
    return found


def fragment_length(moof: bytes, track_id: int) -> int | None:
    """How many ticks the samples of a stream in a fragment last, None where it does not say.

    What comes after is decoded so much later than the first of them; where pictures are reordered by the same span
    throughout, it is shown so much later, too.

    Raises:
        NotFragmented: as above.
    """
    total = 0
    try:
        for start, end in find(moof, b"moof", b"traf"):
            (tfhd, _), *_ = find(moof, b"tfhd", start=start, end=end)
            flags = int.from_bytes(moof[tfhd + 1 : tfhd + 4], "big")
            (number,) = struct.unpack_from(">I", moof, tfhd + 4)
            if number != track_id:
                continue
            usual = None
            if flags & 0x8:
                (usual,) = struct.unpack_from(">I", moof, tfhd + 8 + 8 * bool(flags & 0x1) + 4 * bool(flags & 0x2))
            for trun, _ in find(moof, b"trun", start=start, end=end):
                length = _run_length(moof, trun, usual)
                if length is None:
                    return None
                total += length
    except (struct.error, IndexError, ValueError) as err:
        raise NotFragmented("a fragment is damaged") from err
    return total or None


def _run_length(moof: bytes, trun: int, usual: int | None) -> int | None:
    """Sum of the durations in a `trun`; `usual` is the one of samples that tell none."""
    flags = int.from_bytes(moof[trun + 1 : trun + 4], "big")
    (count,) = struct.unpack_from(">I", moof, trun + 4)
    if not flags & 0x100:
        return None if usual is None else int(count * usual)
    at = trun + 8 + 4 * sum(bool(flags & one) for one in (0x1, 0x4))
    words = sum(bool(flags & one) for one in (0x100, 0x200, 0x400, 0x800))
    samples = struct.unpack_from(f">{count * words}I", moof, at)
    total: int = sum(samples[::words])
    return total


def _first_offset(moof: bytes, trun: int) -> int:
    """Composition offset of the first sample of a `trun`, 0 where it has none."""
    version = moof[trun]
    flags = int.from_bytes(moof[trun + 1 : trun + 4], "big")
    (count,) = struct.unpack_from(">I", moof, trun + 4)
    if not flags & 0x800 or not count:
        return 0
    at = trun + 8 + 4 * sum(bool(flags & one) for one in (0x1, 0x4))
    at += 4 * sum(bool(flags & one) for one in (0x100, 0x200, 0x400))
    value: int = struct.unpack_from(">i" if version else ">I", moof, at)[0]
    return value
