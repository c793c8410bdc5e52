"""Sheets of small pictures of a film, by going from keyframe to keyframe. Loaded in the worker only.

Only what is shown is read and decoded: of a film of two hours 720 keyframes, about a hundredth of its bytes. To have a
program read the film from end to end takes as long as its disk does, and a network disk takes an hour.
"""

import io
import itertools
import os
import sys
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from PIL import Image

from homemedia.core.problems import Unprocessable
from homemedia.media.hdr import HLG, PQ, pq_table, to_709
from homemedia.media.images import written
from homemedia.media.models import Hdr
from homemedia.media.probe import DAMAGE, media_size, opened
from homemedia.media.streams import ATTACHED_PICTURE
from homemedia.media.trickplay import FILE_TYPE, Layout, Sheet, SheetRequest

OPEN_LIMIT_S: Final = 30.0
# Decoding from one keyframe to the next is the last resort; after so long a sheet does with the keyframes there are.
PATIENCE_S: Final = 90.0
PACKETS: Final = 400  # read for one keyframe; a stream may hold none where it should
DAMAGED: Final = 20  # packets in a row that cannot be decoded
SECOND_US: Final = 1_000_000
LEADS_US: Final = (5 * SECOND_US, 20 * SECOND_US, 60 * SECOND_US)
INDEXED: Final = ("matroska", "mov", "avi")
BT709, BT2020 = 1, 9
QUALITY: Final = 70
METHOD: Final = 2
LOWEST_PRIORITY: Final = 19


def make_sheet(request: SheetRequest) -> Sheet:
    """Make one sheet and save it as WebP.

    Raises:
        Unprocessable: `no_video`; `not_written`: the disk is full; those of `media.probe`.
        NotFound, TimedOut: as `media.probe`.
    """
    media_size(request.source)
    layout = request.layout
    sheet = Image.new("RGB", layout.size_of(request.sheet))
    pictures, tile = 0, None
    with opened(request.source, limit_s=OPEN_LIMIT_S) as container:
        film = _Film(container, request)
        for place, number in enumerate(layout.tiles_of(request.sheet)):
            frame = film.picture_of(number)
            if frame is not None:
                tile = film.developed(frame)
                pictures += 1
            if tile is not None:
                row, column = divmod(place, layout.columns)
                sheet.paste(tile, (column * layout.width, row * layout.height))
    body = io.BytesIO()
    sheet.save(body, FILE_TYPE.upper(), quality=QUALITY, method=METHOD)
    written(body.getvalue(), request.target)
    return Sheet(size_bytes=len(body.getvalue()), pictures=pictures)


def stand_far_back() -> None:
    """Let everything else go first, other workers included: for a process that does nothing but sheets."""
    if sys.platform != "win32":
        os.nice(max(0, LOWEST_PRIORITY - os.nice(0)))


class _Film:
    """An open film that answers with pictures near the middle of each tile's time."""

    def __init__(self, container: InputContainer, request: SheetRequest) -> None:
        self._container = container
        self._layout: Layout = request.layout
        self._duration_us = request.duration_ms * 1000
        self._stream = _stream(container, request.track)
        self._stream.codec_context.thread_count = 1
        self._clock = Fraction(self._stream.time_base or 1)
        self._start = int(Fraction(container.start_time or 0, SECOND_US) / self._clock)
        self._keys = self._indexed()
        self._until = time.monotonic() + PATIENCE_S
        self._running: Iterator[VideoFrame] | None = None
        self._reached: int | None = None
        self._developer = _Developer(request.layout, request.hdr)

    def picture_of(self, tile: int) -> VideoFrame | None:
        """The picture of a tile; None where the film shows none."""
        length_us = self._layout.interval_ms * 1000
        end_us = min((tile + 1) * length_us, self._duration_us)
        moment = self._ticks((tile * length_us + end_us) // 2)
        try:
            return self._near(moment, self._ticks(length_us) - self._start)
        except DAMAGE:
            self._running = None
            return None

    def developed(self, frame: VideoFrame) -> Image.Image:
        return self._developer.develop(frame)

    def _near(self, moment: int, length: int) -> VideoFrame | None:
        """A keyframe that is near enough, else the picture itself."""
        is_late = time.monotonic() > self._until
        if self._keys:
            number = bisect_left(self._keys, moment)
            key = min(self._keys[max(0, number - 1) : number + 1], key=lambda at: abs(at - moment))
            if abs(key - moment) <= length or is_late:
                return self._alone(self._keyframe(key))
        elif self._running is None or is_late or not 0 <= moment - (self._reached or 0) <= 2 * length:
            # Without an index a jump leads to any picture, and the keyframe is one of those behind it.
            packet = self._keyframe(moment - length // 2)
            if packet is not None and packet.pts is not None and (abs(packet.pts - moment) <= length or is_late):
                return self._alone(packet)
        return self._on_the_way(moment, length)

    def _ticks(self, at_us: int) -> int:
        return round(Fraction(at_us, SECOND_US) / self._clock) + self._start

    def _indexed(self) -> list[int]:
        """Keyframes as the file names them; empty where it does not, or not for all of the film."""
        if not self._container.format.name.startswith(INDEXED):
            return []  # what is listed of others is where one has been
        try:
            # Matroska's cues lie at the end and are read by the first jump.
            self._container.seek(self._ticks(self._duration_us // 2), stream=self._stream)
            keys = sorted({entry.timestamp for entry in self._stream.index_entries if entry.is_keyframe})
        except DAMAGE:
            return []
        return keys if keys and keys[-1] >= self._ticks(self._duration_us // 2) else []

    def _keyframe(self, at: int) -> "Packet[VideoStream] | None":
        """The keyframe at or before a time, or the first one behind where a jump leads."""
        self._running = None
        self._container.seek(at, stream=self._stream, backward=True, any_frame=False)
        for packet in itertools.islice(self._container.demux(self._stream), PACKETS):
            if packet.is_keyframe and packet.size and packet.pts is not None:
                return packet
        return None

    def _alone(self, packet: "Packet[VideoStream] | None") -> VideoFrame | None:
        """One keyframe without those behind it: asked for the rest at once, a decoder gives what it has."""
        if packet is None:
            return None
        context = self._stream.codec_context
        context.flush_buffers()
        context.skip_frame = "DEFAULT"
        frames = [*context.decode(packet), *context.decode(None)]
        context.flush_buffers()
        return frames[0] if frames else None

    def _on_the_way(self, moment: int, length: int) -> VideoFrame | None:
        """Where keyframes lie far apart: decode up to a moment, on from the last one when that is shorter."""
        if self._running is None or self._reached is None or self._reached > moment:
            self._container.seek(self._entry(moment), stream=self._stream, backward=True, any_frame=False)
            self._running = self._decoded()
        found, key = None, None
        for frame in self._running:
            found, self._reached = frame, frame.pts
            key = frame.pts if frame.key_frame else key
            if frame.pts is not None and (frame.pts >= moment or time.monotonic() > self._until):
                break
        if found is None or (key is not None and moment - key <= length):
            self._running = None  # at the end, or where keyframes are near again
        return found

    def _entry(self, moment: int) -> int:
        """Where decoding has to begin, so that a keyframe comes before a moment."""
        if self._keys:
            return self._keys[max(0, bisect_right(self._keys, moment) - 1)]
        for lead_us in LEADS_US:
            at = moment - self._ticks(lead_us) + self._start
            packet = self._keyframe(at)
            if packet is not None and packet.pts is not None and packet.pts <= moment:
                return at
        return self._start

    def _decoded(self) -> Iterator[VideoFrame]:
        self._stream.codec_context.flush_buffers()
        self._stream.codec_context.skip_frame = "NONREF"
        damaged = 0
        for packet in self._container.demux(self._stream):
            try:
                frames = packet.decode()
            except av.InvalidDataError:
                damaged += 1
                if damaged > DAMAGED:
                    return
                continue
            if frames:
                damaged = 0
            yield from frames


class _Developer:
    """Makes tiles of decoded pictures: upright, with square pixels, in the colours of an ordinary screen."""

    def __init__(self, layout: Layout, hdr: Hdr) -> None:
        self._size = layout.width, layout.height
        self._hdr = hdr
        self._scaler = VideoReformatter()

    def develop(self, frame: VideoFrame) -> Image.Image:
        image = self._coloured(frame, self._size if frame.rotation % 180 == 0 else self._size[::-1])
        turn = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
        quarter = turn.get(frame.rotation % 360)
        return image if quarter is None else image.transpose(quarter)

    def _coloured(self, frame: VideoFrame, size: tuple[int, int]) -> Image.Image:
        if self._hdr == "dv5":
            # Its colours mean something else to all but Dolby's own; how bright things are can be told.
            return self._scaled(frame, size, "gray").point(pq_table()).convert("RGB")
        image = self._scaled(frame, size, "rgb24")
        if frame.color_trc == PQ:
            image = image.point(pq_table() * 3)
        return image.convert("RGB", to_709(frame.color_trc)) if frame.color_trc in {PQ, HLG} else image

    def _scaled(self, frame: VideoFrame, size: tuple[int, int], pixels: str) -> Image.Image:
        matrix = frame.colorspace if frame.colorspace in {BT709, BT2020} else BT709 if frame.height >= 720 else None
        flat = self._scaler.reformat(
            frame, width=size[0], height=size[1], format=pixels, src_colorspace=matrix, interpolation="AREA", threads=1
        )
        image: Image.Image = flat.to_image()  # type: ignore[no-untyped-call]  # PyAV forgot its annotations here
        return image


def _stream(container: InputContainer, track: int) -> VideoStream:
    for stream in container.streams.video:
        is_cover = int(stream.disposition) & ATTACHED_PICTURE
        if stream.index == track and stream.codec_context is not None and not is_cover:
            return stream
    raise Unprocessable("This file has no picture.", code="no_video")
