"""All facts of a media file, by PyAV. Loaded in the worker only; decoding is avoided wherever headers suffice.

636 damaged files (cut, zeroed, random, bytes flipped) gave exceptions and no crash; the pool would outlive one.
"""

import itertools
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

import av
import av.logging
import msgspec
from av.container import InputContainer
from av.video.stream import VideoStream

from homemedia.core.problems import AppError, NotFound, TimedOut, Unprocessable
from homemedia.media import streams as read
from homemedia.media.boxes import TrackHeader, matroska_dolby, mp4_tracks
from homemedia.media.models import Probe, ProbeRequest, ProbeResult
from homemedia.media.models import VideoStream as VideoFacts
from homemedia.media.pure import SAFE_DEMUXERS, container_name, hdr_kind

av.logging.set_level(None)

# Raised by PyAV on damaged files (measured); anything else is a bug of ours and ends as `operation_failed`.
DAMAGE = (av.FFmpegError, OSError, ValueError, MemoryError, IndexError, OverflowError, ZeroDivisionError)

SAFE = {"format_whitelist": SAFE_DEMUXERS, "protocol_whitelist": "file"}
MAGIC = (b"\x1a\x45\xdf\xa3", b"\x30\x26\xb2\x75", b"OggS", b"FLV", b"fLaC", b"ID3", b"\x00\x00\x01\xba")
PICTURE_BRANDS = frozenset({"avif", "heic", "heix", "heim", "heis", "mif1", "jxl"})  # pictures in an MP4's clothes
MP4_MAGIC = (b"ftyp", b"moov", b"mdat", b"wide", b"free")
DOLBY_CODECS = frozenset({"hevc", "av1"})
FRAME_TRIES = 40

T = TypeVar("T")


def probe_many(requests: list[ProbeRequest]) -> list[ProbeResult]:
    """Look into files one after the other; one result each, in order, whatever they are."""
    results = []
    for request in requests:
        try:
            found = probe(request.path, limit_s=request.limit_s, needs_video=request.needs_video)
            results.append(ProbeResult(path=request.path, probe=found))
        except AppError as err:
            results.append(ProbeResult(path=request.path, code=err.code, error=err.message))
    return results


def probe(path: str, *, limit_s: float, needs_video: bool = False) -> Probe:
    """Look into one file.

    Args:
        path: of a file.
        limit_s: for each wait on the disk.
        needs_video: refuse a file with sound alone.

    Raises:
        NotFound: `file_missing`.
        TimedOut: `timeout`: the disk does not answer.
        Unprocessable: `empty_file`; `not_media`; `no_video`; `probe_failed`: media once, but damaged.
    """
    size = media_size(path)
    with opened(path, limit_s=limit_s, is_quick=True) as container:
        found = None if _wants_decoding(container) else describe(path, container, size)
    if found is None:
        with opened(path, limit_s=limit_s) as container:
            found = describe(path, container, size)
    if not found.video and not found.audio:
        raise Unprocessable("This file is damaged: nothing in it can be played.", code="probe_failed")
    if needs_video and not found.video:
        raise Unprocessable("This file has sound, but no picture.", code="no_video")
    return found


def media_size(path: str) -> int:
    """Size of a regular file that has content.

    Raises:
        NotFound: `file_missing`.
        Unprocessable: `empty_file`, `not_media` (a folder, a pipe), `probe_failed` (not readable).
    """
    try:
        facts = Path(path).stat()
    except (FileNotFoundError, NotADirectoryError) as err:
        raise NotFound("The file is not there any more.", code="file_missing") from err
    except (OSError, ValueError) as err:
        raise Unprocessable("The file cannot be read.", code="probe_failed") from err
    if not stat.S_ISREG(facts.st_mode):
        raise Unprocessable("This is not a file.", code="not_media")
    if facts.st_size == 0:
        raise Unprocessable("The file is empty.", code="empty_file")
    return facts.st_size


@contextmanager
def opened(path: str, *, limit_s: float, is_quick: bool = False) -> Iterator[InputContainer]:
    """Open a file with PyAV and turn its many exceptions into ours, those raised in the block included.

    Args:
        path: of a regular file.
        limit_s: for each wait on the disk.
        is_quick: decode nothing while opening: a 4K H.264 file opens in 3 ms instead of 25, but tells neither the
            pixels' format nor what only a decoder sees.

    Raises:
        As `probe`.
    """
    options = SAFE | ({"skip_frame": "all"} if is_quick else {})
    try:
        # "replace": 3 % of damaged files and many old tags are not UTF-8. The prefix keeps a name with a colon or a
        # protocol in it from being anything but a file.
        with av.open(
            f"file:{path}", metadata_errors="replace", options=options, timeout=(limit_s, limit_s)
        ) as container:
            if container.metadata.get("major_brand", "").strip() in PICTURE_BRANDS:
                raise Unprocessable("This is a picture, whatever its name says.", code="not_media")
            yield container
    except AppError:
        raise
    except (av.TimeoutError, av.ExitError) as err:
        raise TimedOut("The disk did not answer in time.", code="timeout") from err
    except av.FileNotFoundError as err:
        raise NotFound("The file is not there any more.", code="file_missing") from err
    except DAMAGE as err:
        if _looks_like_media(path):
            raise Unprocessable("This file is damaged: its head or index cannot be read.", code="probe_failed") from err
        raise Unprocessable("This is not a film or sound file, whatever its name says.", code="not_media") from err


def _looks_like_media(path: str) -> bool:
    try:
        with Path(path).open("rb") as file:
            head = file.read(16)
    except OSError:
        return True
    if head.startswith(b"RIFF"):
        return head[8:12] in {b"AVI ", b"WAVE"}
    return head.startswith(MAGIC) or head[4:8] in MP4_MAGIC


def _wants_decoding(container: InputContainer) -> bool:
    """Tell whether opening without decoding has left a question: of pixels, or of their shape."""
    for stream in container.streams.video:
        context = stream.codec_context
        if context is None or int(stream.disposition) & read.ATTACHED_PICTURE or context.pix_fmt:
            continue
        is_plain = context.codec.canonical_name == "h264" and context.profile in read.H264_PIXELS
        if not is_plain or stream.sample_aspect_ratio is None:
            return True
    return False


def describe(path: str, container: InputContainer, size: int) -> Probe:
    """All facts of an open file; `size` in bytes."""
    all_streams = list(container.streams)
    pictures = [stream for stream in container.streams.video if not int(stream.disposition) & read.ATTACHED_PICTURE]
    demuxer = container.format.name
    duration = read.duration_ms(container)
    codecs = frozenset(s.codec_context.codec.canonical_name for s in all_streams if s.codec_context is not None)
    bitrate = container.bit_rate or (size * 8000 // duration if duration else 0)
    with Path(path).open("rb") as file:
        head = file.read(200)
        headers = _headers(file, demuxer, pictures)
    return Probe(
        container=container_name(demuxer, brand=container.metadata.get("major_brand"), head=head, codecs=codecs),
        duration_ms=duration,
        start_ms=read.start_ms(container),
        bitrate=bitrate if 0 < bitrate < 1 << 40 else None,
        size_bytes=size,
        audio=_known(read.audio_stream(stream) for stream in container.streams.audio),
        subtitles=_known(read.subtitle_stream(stream) for stream in container.streams.subtitles),
        chapters=read.chapters(container.chapters()),
        attachments=read.attachments(all_streams),
        tags=read.tags(container),
        cover_track=read.cover_track(all_streams),
        # Last: it may read a frame.
        video=_known(_video(container, stream, headers.get(stream.id, TrackHeader())) for stream in pictures),
    )


def _headers(file: BinaryIO, demuxer: str, pictures: list[VideoStream]) -> Mapping[int, TrackHeader]:
    """What only the file's own headers tell, by stream id."""
    maybe_dolby = next((stream for stream in pictures if _may_be_dolby(stream)), None)
    if demuxer.startswith("mov"):
        return mp4_tracks(file, wants_dolby=maybe_dolby is not None)
    if demuxer.startswith("matroska") and maybe_dolby is not None:
        return {maybe_dolby.id: TrackHeader(dolby=matroska_dolby(file))}
    return {}


def _may_be_dolby(stream: VideoStream) -> bool:
    context = stream.codec_context
    return context is not None and context.codec.canonical_name in DOLBY_CODECS and "10" in (context.pix_fmt or "")


def _video(container: InputContainer, stream: VideoStream, header: TrackHeader) -> VideoFacts | None:
    dolby = header.dolby
    found = read.video_stream(stream, rotation=header.rotation, dolby_vision=dolby.profile if dolby else None)
    if found is None:
        return None
    is_pq = found.color_transfer == "smpte2084" and dolby is None
    kind = hdr_kind(
        found.color_transfer,
        dolby_vision=dolby.profile if dolby else None,
        compatibility=dolby.compatibility if dolby else None,
        has_dynamic_metadata=is_pq and _has_dynamic_metadata(container, stream),
    )
    return msgspec.structs.replace(found, hdr=kind)


def _has_dynamic_metadata(container: InputContainer, stream: VideoStream) -> bool:
    """Look for HDR10+ on the first picture: it stands nowhere else."""
    try:
        stream.codec_context.skip_frame = "NONKEY"
        for packet in itertools.islice(container.demux(stream), FRAME_TRIES):
            for frame in packet.decode():
                return frame.side_data.get("DYNAMIC_HDR_PLUS") is not None
    except DAMAGE:
        return False
    return False


def _known(found: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(stream for stream in found if stream is not None)
