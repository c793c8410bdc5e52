"""Where a film can be cut: its keyframes, its true end. Loaded in the worker only.

Matroska tells its keyframes in its cues and MP4 in its tables, both within milliseconds. All else has to be read from
end to end: 0.5 s for an hour at best, minutes on a slow disk.
"""

import time
from bisect import bisect_left
from collections.abc import Iterable
from fractions import Fraction
from itertools import islice
from typing import Final

import msgspec
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from homemedia.core.problems import Unprocessable
from homemedia.media.hls.codecs import of_extradata
from homemedia.media.hls.index import WIDEST_GAP_US, KeyframeIndex, Obstacle, thinned, widest_gap
from homemedia.media.hls.table import SECOND_US
from homemedia.media.models import KeyframesRequest
from homemedia.media.probe import DAMAGE, media_size, opened
from homemedia.media.sample_tables import picture_times
from homemedia.media.streams import ATTACHED_PICTURE

TAIL_US: Final = 10 * SECOND_US
LOOK_AT_CLOCK_EVERY: Final = 64
# What is one tick of a coarse clock beside the truth is not wrong.
SLACK_US: Final = 2000
# Where decode times are left out at the beginning (Matroska) they come with the first pictures that are shown.
MOST_WITHOUT_TIMES: Final = 32
MOST_REORDERED_US: Final = SECOND_US


class _Film(msgspec.Struct, frozen=True):
    """An open file, its picture, and the clock of both."""

    path: str
    container: InputContainer
    stream: VideoStream
    deadline: float

    @property
    def start_us(self) -> int:
        return int(self.container.start_time or 0)

    @property
    def frame_us(self) -> int:
        rate = self.stream.average_rate or self.stream.guessed_rate
        return round(SECOND_US / rate) if rate else 0

    def shown_us(self, ticks: int) -> int:
        """A time stamp of the picture, from the file's start time."""
        return round(ticks * Fraction(self.stream.time_base or 0) * SECOND_US) - self.start_us

    def ends_us(self, packet: "Packet[VideoStream]") -> int | None:
        """Where a picture ends."""
        if packet.pts is None:
            return None
        ticks = packet.duration or 0
        return self.shown_us(packet.pts + ticks) if ticks else self.shown_us(packet.pts) + self.frame_us

    def seek(self, at_us: int) -> None:
        """Go to the keyframe at or before a time."""
        ticks = int(Fraction(at_us + self.start_us, SECOND_US) / Fraction(self.stream.time_base or 1))
        self.container.seek(ticks, stream=self.stream, backward=True, any_frame=False)

    @property
    def is_late(self) -> bool:
        return time.monotonic() > self.deadline


def keyframes(request: KeyframesRequest) -> KeyframeIndex:
    """Find the keyframes of a file's picture.

    Where the time is not enough, what comes back is not whole: the end of the picture is right all the same.

    Raises:
        NotFound, TimedOut, Unprocessable: as `probe`; `no_video`.
    """
    media_size(request.path)
    deadline = time.monotonic() + request.limit_s
    with opened(request.path, limit_s=request.limit_s) as container:
        found = _by_index(_Film(request.path, container, _picture(container, request.track), deadline))
    if found is not None:
        return found
    # Opened anew: a jump back to the beginning is none in a transport stream.
    with opened(request.path, limit_s=request.limit_s) as container:
        return _by_reading(_Film(request.path, container, _picture(container, request.track), deadline))


def _picture(container: InputContainer, track: int | None) -> VideoStream:
    pictures = [stream for stream in container.streams.video if not int(stream.disposition) & ATTACHED_PICTURE]
    chosen = [stream for stream in pictures if track in {None, stream.index}]
    if not chosen:
        raise Unprocessable("This file has sound, but no picture.", code="no_video")
    return chosen[0]


def _index(
    film: _Film, times_us: Iterable[int], end_us: int, *, reorder_us: int, obstacle: Obstacle = ""
) -> KeyframeIndex:
    rate = film.stream.average_rate or film.stream.guessed_rate
    kept = thinned(sorted(set(times_us)))
    if not obstacle and (not kept or widest_gap(kept, end_us) > WIDEST_GAP_US):
        obstacle = "sparse"
    return KeyframeIndex(
        times_us=kept,
        end_us=end_us,
        start_time_us=film.start_us,
        frame_rate=float(rate) if rate else None,
        track=film.stream.index,
        obstacle=obstacle,
        codec=_codec(film.stream),
        reorder_us=min(max(reorder_us, 0), MOST_REORDERED_US),
    )


def _codec(stream: VideoStream) -> str | None:
    context = stream.codec_context
    return None if context is None else of_extradata(context.codec.canonical_name, context.extradata)


def _by_index(film: _Film) -> KeyframeIndex | None:
    """From what the file itself says of its keyframes; None when it says nothing, or nothing that holds."""
    demuxer = film.container.format.name
    if demuxer.startswith("matroska"):
        return _by_cues(film)
    return _by_tables(film) if demuxer.startswith("mov") else None


def _by_cues(film: _Film) -> KeyframeIndex | None:
    """Of Matroska; None when its cues do not tell."""
    if not film.container.duration:
        return None
    # Cues lie at the end and are read by the first jump.
    film.container.seek(film.container.duration // 2 + film.start_us)
    entries = film.stream.index_entries
    times_us = sorted({film.shown_us(entry.timestamp) for entry in entries if entry.is_keyframe})
    end_us = _end(film)
    if end_us is None or not times_us or not _hold(film, times_us):
        return None
    found = _index(film, times_us, end_us, reorder_us=_reordering(film, times_us[0]))
    return None if found.obstacle else found


def _by_tables(film: _Film) -> KeyframeIndex | None:
    """Of MP4 and QuickTime; None when it is in fragments or pieced together."""
    with open(film.path, "rb") as file:  # noqa: PTH123 - a name, not a path
        tables = picture_times(file, film.stream.id)
    if tables is None or Fraction(film.stream.time_base or 0) != Fraction(1, tables.timescale):
        return None
    all_us = [film.shown_us(at) for at in tables.keyframes]
    times_us = [at_us for at_us in all_us if at_us >= -SLACK_US]
    # Pictures that an edit list cuts away are needed by those behind them and copied with them.
    is_trimmed = film.shown_us(tables.first) < -max(film.frame_us, SLACK_US)
    if not _hold(film, all_us):
        return None
    return _index(
        film,
        (max(at_us, 0) for at_us in times_us),
        film.shown_us(tables.end),
        reorder_us=_reordering(film, all_us[0]) if all_us else 0,
        obstacle="trimmed" if is_trimmed else "",
    )


def _hold(film: _Film, times_us: list[int]) -> bool:
    """Look at three places whether there are the keyframes we were told of."""
    for at_us in {times_us[0], times_us[len(times_us) // 2], times_us[-1]} if times_us else ():
        film.seek(at_us + SLACK_US)
        packet = next(iter(film.container.demux(film.stream)), None)
        if packet is None or packet.pts is None or not packet.is_keyframe:
            return False
        # Not always the one asked for: MP4 is searched by decode time, and the next one's may lie before this picture.
        found_us = film.shown_us(packet.pts)
        number = bisect_left(times_us, found_us - SLACK_US)
        if number == len(times_us) or times_us[number] > found_us + SLACK_US:
            return False
    return True


def _reordering(film: _Film, at_us: int) -> int:
    """How much earlier the keyframe at a time is decoded than shown; 0 when its neighbours do not tell."""
    film.seek(at_us + SLACK_US)
    shown_us = None
    for number, packet in enumerate(islice(film.container.demux(film.stream), MOST_WITHOUT_TIMES)):
        if packet.pts is not None and shown_us is None:
            shown_us = film.shown_us(packet.pts)
        if packet.dts is not None and shown_us is not None:
            return shown_us - (film.shown_us(packet.dts) - number * film.frame_us)
    return 0


def _end(film: _Film) -> int | None:
    """Where the last picture ends, from the final seconds; None when they cannot be read."""
    if not film.container.duration:
        return None
    end_us = None
    try:
        film.seek(max(0, film.container.duration - TAIL_US))
        for packet in film.container.demux(film.stream):
            end_us = max(end_us or 0, film.ends_us(packet) or 0)
    except DAMAGE:
        return end_us
    return end_us


def _by_reading(film: _Film) -> KeyframeIndex:
    """Read all packets, as far as the time goes."""
    times_us, end_us, reorder_us = list[int](), 0, 0
    obstacle: Obstacle = ""
    is_whole = True
    for number, packet in enumerate(film.container.demux(film.stream)):
        if not packet.size:
            continue
        ends_us = film.ends_us(packet)
        if ends_us is None or packet.pts is None:
            obstacle = "times"
            continue
        end_us = max(end_us, ends_us)
        if packet.is_keyframe:
            at_us = film.shown_us(packet.pts)
            if at_us < -max(film.frame_us, SLACK_US):
                obstacle = obstacle or "trimmed"
                continue
            if times_us and at_us <= times_us[-1]:
                obstacle = "times"
            times_us.append(max(at_us, 0))
            if len(times_us) == 1 and packet.dts is not None:
                reorder_us = at_us - film.shown_us(packet.dts)
        if number % LOOK_AT_CLOCK_EVERY == 0 and film.is_late:
            is_whole = False
            break
    if not is_whole:
        end_us = max(end_us, _end(film) or int(film.container.duration or 0))
    found = _index(film, times_us, end_us, reorder_us=reorder_us, obstacle=obstacle)
    return found if is_whole else msgspec.structs.replace(found, is_whole=False, obstacle=obstacle)
