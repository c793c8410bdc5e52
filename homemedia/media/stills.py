"""One telling picture of a film: a frame that is neither black nor credits, or the cover it carries. Worker only."""

import io
import itertools
import subprocess
import time
from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import Any

import av
import ffmpeg
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image, ImageStat

from homemedia.core.problems import Unprocessable
from homemedia.media import streams as read
from homemedia.media.ffmpeg import find_ffmpeg
from homemedia.media.images import file_hash, image_facts, look_of, saved, written
from homemedia.media.models import STILL_LIMIT_S, CoverRequest, ImageFacts, MomentRequest, StillRequest
from homemedia.media.probe import DAMAGE, media_size, opened
from homemedia.media.pure import SAFE_DEMUXERS

# Where to look: after the opening, before the end gives itself away.
PLACES = (0.15, 0.30, 0.50)
LUMA = (25, 230)
PACKET_LIMIT = 400  # packets read for one frame: a stream may hold no keyframe where it should
HDR_TRANSFERS = frozenset({16, 18})
BT709, BT2020 = 1, 9
TONE_MAP = (
    "zscale=w={width}:h={height}:t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,"
    "zscale=t=bt709:m=bt709:r=tv,format=yuv420p"
)
TONE_MAP_LIMIT_S = 8.0
COVER_LIMIT_BYTES = 32 << 20
SECOND_US = 1_000_000
FRAME_S = 0.02


def still(request: StillRequest) -> ImageFacts:
    """Grab the frame with most variety of three, upright and in its true shape, and save it as JPEG.

    Raises:
        Unprocessable: `no_video`; `still_failed`: nothing could be decoded; `not_written`; those of `media.probe`.
        NotFound, TimedOut: as `media.probe`.
    """
    image = telling_frame(request)
    saved(image, request.target)
    tone, focus = look_of(image)
    return ImageFacts(
        width=image.width,
        height=image.height,
        format="jpeg",
        tone=tone,
        focus_x=focus[0],
        focus_y=focus[1],
        content_hash=file_hash(request.target),
    )


def telling_frame(request: StillRequest, places: tuple[float, ...] = PLACES) -> Image.Image:
    """The frame with most variety at a few places of a film (shares of its length), upright and in its true shape.

    Raises:
        As `still`.
    """
    until = time.monotonic() + STILL_LIMIT_S
    media_size(request.source)
    with opened(request.source, limit_s=STILL_LIMIT_S) as container:
        stream = _picture_stream(container)
        frames = _frames(container, stream, until, places)
        image = _developed(request, _best(frames), stream, until) if frames else None
    return _first_picture(request, until) if image is None else image


def cover(request: CoverRequest) -> ImageFacts:
    """Save the picture a file carries, byte for byte; `format` of the answer says which kind it is.

    Raises:
        Unprocessable: `no_cover`; `image_unreadable` and its like; `not_written`; those of `media.probe`.
        NotFound, TimedOut: as `media.probe`.
    """
    media_size(request.source)
    with opened(request.source, limit_s=STILL_LIMIT_S, is_quick=True) as container:
        track = read.cover_track(container.streams)
        if track is None:
            raise Unprocessable("There is no picture inside this file.", code="no_cover")
        packet = next(iter(container.demux(container.streams[track])), None)
        body = bytes(packet) if packet is not None and 0 < packet.size <= COVER_LIMIT_BYTES else b""
    if not body:
        raise Unprocessable("There is no picture inside this file.", code="no_cover")
    written(body, request.target)
    return image_facts(request.target)


def moment(request: MomentRequest) -> ImageFacts:
    """Save the frame of a moment as JPEG.

    Raises:
        As `still`.
    """
    image = next(frames_from(request.source, request.at_ms, 0, max_side=request.max_side), None)
    if image is None:
        # Beyond the end, or in a file that cannot be entered in the middle.
        image = _last_frame(request)
    saved(image, request.target)
    return image_facts(request.target)


def frames_from(source: str, begin_ms: int, step_ms: int, *, max_side: int) -> Iterator[Image.Image]:
    """Frames of a film from a moment on, one in each step, developed.

    Raises:
        As `still`.
    """
    until = time.monotonic() + STILL_LIMIT_S
    media_size(source)
    request = StillRequest(source=source, target="", max_width=max_side)
    with opened(source, limit_s=STILL_LIMIT_S) as container:
        stream = _picture_stream(container)
        start_s = (container.start_time or 0) / SECOND_US
        container.seek(begin_ms * 1000 + (container.start_time or 0))
        due_s = start_s + begin_ms / 1000
        for frame in container.decode(stream):
            if time.monotonic() > until:
                return
            if frame.time is None or frame.time + FRAME_S < due_s:
                continue
            image = _developed(request, frame, stream, until)
            image.thumbnail((max_side, max_side))
            yield image
            due_s += step_ms / 1000


def _last_frame(request: MomentRequest) -> Image.Image:
    """The last of the final seconds' frames, or the first of all."""
    with opened(request.source, limit_s=STILL_LIMIT_S, is_quick=True) as container:
        length_ms = read.duration_ms(container) or 0
    found = deque(frames_from(request.source, max(0, length_ms - 2000), 100, max_side=request.max_side), maxlen=1)
    if found:
        return found[0]
    wish = StillRequest(source=request.source, target="", max_width=request.max_side)
    first = _first_picture(wish, time.monotonic() + STILL_LIMIT_S)
    first.thumbnail((request.max_side, request.max_side))
    return first


def _picture_stream(container: InputContainer) -> VideoStream:
    found = [
        stream
        for stream in container.streams.video
        if stream.codec_context is not None and not int(stream.disposition) & read.ATTACHED_PICTURE
    ]
    if not found:
        raise Unprocessable("This file has no picture.", code="no_video")
    return next((stream for stream in found if int(stream.disposition) & read.DEFAULT), found[0])


def _first_picture(request: StillRequest, until: float) -> Image.Image:
    """The very first frame, from a file opened anew: a decoder that has seen the end gives nothing more."""
    with opened(request.source, limit_s=STILL_LIMIT_S) as container:
        stream = _picture_stream(container)
        frame = _next_frame(container, stream)
        if frame is None:
            raise Unprocessable("No picture could be taken from this film.", code="still_failed")
        return _developed(request, frame, stream, until)


def _frames(
    container: InputContainer, stream: VideoStream, until: float, places: tuple[float, ...]
) -> list[VideoFrame]:
    """Up to three different frames; none in a file that cannot be entered in the middle."""
    length_us = (read.duration_ms(container) or 0) * 1000
    found: dict[object, VideoFrame] = {}
    stream.codec_context.skip_frame = "NONKEY"
    for place in places if length_us else ():
        if found and time.monotonic() > until:
            break
        try:
            container.seek(round(place * length_us) + (container.start_time or 0))
        except DAMAGE:
            break
        frame = _next_frame(container, stream)
        if frame is not None:
            found.setdefault(frame.pts, frame)
    return list(found.values())


def _next_frame(container: InputContainer, stream: VideoStream) -> VideoFrame | None:
    try:
        for packet in itertools.islice(container.demux(stream), PACKET_LIMIT):
            for frame in packet.decode():
                return frame
    except DAMAGE:
        return None
    return None


def _best(frames: list[VideoFrame]) -> VideoFrame:
    def worth(frame: VideoFrame) -> tuple[bool, float]:
        facts = ImageStat.Stat(_picture(frame.reformat(width=160, height=90, format="gray")))
        return LUMA[0] <= facts.mean[0] <= LUMA[1], facts.var[0]

    return max(frames, key=worth)


def _developed(request: StillRequest, frame: VideoFrame, stream: VideoStream, until: float) -> Image.Image:
    """Make the picture people would see: square pixels, upright, in the colours of an ordinary screen."""
    ratio = stream.codec_context.sample_aspect_ratio or stream.sample_aspect_ratio
    stretch = float(ratio) if ratio and 0.1 < ratio < 10 else 1.0
    shown = (frame.width * max(1.0, stretch), frame.height / min(1.0, stretch))
    shrink = min(1.0, request.max_width / shown[frame.rotation % 180 != 0])
    width, height = (max(2, round(side * shrink / 2) * 2) for side in shown)
    if frame.color_trc in HDR_TRANSFERS:
        mapped = _tone_mapped(request.source, frame, (width, height), until)
        if mapped is not None:
            return mapped
    matrix = frame.colorspace if frame.colorspace in {BT709, BT2020} else BT709 if frame.height >= 720 else None
    flat = frame.reformat(width=width, height=height, format="rgb24", src_colorspace=matrix, interpolation="BICUBIC")
    image = _picture(flat)
    turn = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
    quarter = turn.get(frame.rotation % 360)
    return image if quarter is None else image.transpose(quarter)


def _picture(frame: VideoFrame) -> Image.Image:
    image: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]  # PyAV forgot its annotations here
    return image


def _tone_mapped(source: str, frame: VideoFrame, size: tuple[int, int], until: float) -> Image.Image | None:
    """Have ffmpeg turn an HDR picture into an ordinary one; None when it cannot (the plain one is pale)."""
    program = _program()
    left_s = min(TONE_MAP_LIMIT_S, until - time.monotonic())
    if program is None or left_s <= 0:
        return None
    width, height = size if frame.rotation % 180 == 0 else size[::-1]
    words: dict[str, Any] = {"ss": max(0.0, frame.time or 0.0), "format_whitelist": SAFE_DEMUXERS}
    node = ffmpeg.input(f"file:{source}", protocol_whitelist="file", **words).output(
        "pipe:1", vframes=1, f="image2pipe", vcodec="png", vf=TONE_MAP.format(width=width, height=height)
    )
    command = ffmpeg.compile(node, cmd=program)
    quiet = [command[0], "-nostdin", "-hide_banner", "-loglevel", "error", *command[1:]]
    try:
        done = subprocess.run(quiet, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=left_s)
        return Image.open(io.BytesIO(done.stdout), formats=("PNG",)).convert("RGB")
    except (OSError, subprocess.SubprocessError, *DAMAGE):
        return None


@cache
def _program() -> str | None:
    found = find_ffmpeg()
    return found.path if found else None


av.logging.set_level(None)
