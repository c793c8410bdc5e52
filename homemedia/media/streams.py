"""From PyAV's streams to our structs. Loaded in the worker only.

Numbers of a damaged file may be anything; what makes no sense becomes None.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import av
from av.audio.stream import AudioStream as AvAudio
from av.container import InputContainer
from av.subtitles.stream import SubtitleStream as AvSubtitle
from av.video.stream import VideoStream as AvVideo

from homemedia.media.models import Attachment, AudioStream, Chapter, SubtitleStream, Tags, VideoStream
from homemedia.media.pure import SUBTITLE_FORMATS, TEXT_SUBTITLES, language_tag

DEFAULT, COMMENT, FORCED, HEARING, VISUAL, ATTACHED_PICTURE = 1, 8, 64, 128, 256, 1024

TEXT_LIMIT = 4000
CHAPTER_LIMIT = 1000
LONGEST_MS = 30 * 24 * 3600 * 1000
INTERLACED = frozenset({2, 3, 4, 5})  # AV_FIELD_TT, BB, TB, BT

# Enough of ITU-T H.273 for what is shown and decided; other numbers are "not known".
TRANSFERS = {
    1: "bt709", 4: "gamma22", 5: "gamma28", 6: "smpte170m", 7: "smpte240m", 8: "linear", 13: "iec61966-2-1",
    14: "bt2020-10", 15: "bt2020-12", 16: "smpte2084", 17: "smpte428", 18: "arib-std-b67",
}  # fmt: skip
PRIMARIES = {
    1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "film", 9: "bt2020", 10: "smpte428",
    11: "smpte431", 12: "smpte432",
}  # fmt: skip
MATRICES = {
    0: "gbr", 1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "ycgco", 9: "bt2020nc",
    10: "bt2020c", 14: "ictcp",
}  # fmt: skip

# What H.264 profiles say of the pixels, for a file opened without decoding. Others (4:2:2, 4:4:4) allow several.
H264_PIXELS = {
    "Baseline": "yuv420p",
    "Constrained Baseline": "yuv420p",
    "Extended": "yuv420p",
    "Main": "yuv420p",
    "High": "yuv420p",
    "Constrained High": "yuv420p",
    "Progressive High": "yuv420p",
    "High 10": "yuv420p10le",
    "High 10 Intra": "yuv420p10le",
}


def video_stream(stream: AvVideo, *, rotation: int, dolby_vision: int | None) -> VideoStream | None:
    """Describe a video stream; `hdr` is decided by the caller. None when it has no decoder or no size."""
    context = stream.codec_context
    if context is None or not (0 < context.width < 65536 and 0 < context.height < 65536):
        return None
    codec = context.codec.canonical_name
    pixels = context.pix_fmt or (H264_PIXELS.get(context.profile or "") if codec == "h264" else None)
    depth, chroma = pixel_facts(pixels)
    level = context.level
    return VideoStream(
        track=stream.index,
        codec=codec,
        profile=context.profile,
        level=level if 0 < level < 1000 else None,
        tier=_tier(codec, context.extradata),
        width=context.width,
        height=context.height,
        frame_rate=_frame_rate(stream.average_rate) or _frame_rate(stream.base_rate),
        bit_depth=depth,
        pixel_format=pixels,
        chroma=chroma,
        interlaced=context.field_order in INTERLACED,
        color_transfer=TRANSFERS.get(context.color_trc),
        color_primaries=PRIMARIES.get(context.color_primaries),
        color_space=MATRICES.get(context.colorspace),
        dolby_vision=dolby_vision,
        sar=_ratio(context.sample_aspect_ratio or stream.sample_aspect_ratio),
        rotation=rotation,
        bitrate=_bitrate(stream),
        default=bool(int(stream.disposition) & DEFAULT),
    )


def audio_stream(stream: AvAudio) -> AudioStream | None:
    context = stream.codec_context
    if context is None:
        return None
    flags = int(stream.disposition)
    title = _text(stream.metadata.get("title"))
    return AudioStream(
        track=stream.index,
        codec=context.codec.canonical_name,
        profile=context.profile,
        channels=context.channels,
        layout=_text(context.layout.name),
        sample_rate=context.sample_rate,
        bitrate=_bitrate(stream),
        language=language_tag(stream.metadata.get("language")),
        title=title,
        default=bool(flags & DEFAULT),
        commentary=bool(flags & COMMENT) or _says(title, "commentary", "kommentar", "commentaire", "comentario"),
        hearing_impaired=bool(flags & HEARING),
        visual_impaired=bool(flags & VISUAL) or _says(title, "audio description", "descriptive"),
    )


def subtitle_stream(stream: AvSubtitle) -> SubtitleStream | None:
    context = stream.codec_context
    if context is None:
        return None
    flags = int(stream.disposition)
    title = _text(stream.metadata.get("title"))
    name = context.codec.canonical_name
    kind = SUBTITLE_FORMATS.get(name, name)
    return SubtitleStream(
        track=stream.index,
        format=kind,
        text=kind in TEXT_SUBTITLES,
        language=language_tag(stream.metadata.get("language")),
        title=title,
        forced=bool(flags & FORCED) or _says(title, "forced"),
        hearing_impaired=bool(flags & HEARING) or _says(title, "sdh", "hearing impaired", "[cc]", "(cc)"),
        default=bool(flags & DEFAULT),
        commentary=bool(flags & COMMENT) or _says(title, "commentary"),
    )


def attachments(streams: Iterable[Any]) -> tuple[Attachment, ...]:
    """Files inside the file (fonts); pictures are covers, which ffmpeg shows as video."""
    return tuple(
        Attachment(
            name=_text(stream.metadata.get("filename")) or f"attachment-{stream.index}",
            mime=_text(stream.mimetype) or "application/octet-stream",
            size=len(stream.data or b""),
        )
        for stream in streams
        if stream.type == "attachment"
    )


def chapters(found: Iterable[Any]) -> tuple[Chapter, ...]:
    """Chapters in order of their start; those that end before they begin are left out."""
    made = []
    for chapter in list(found)[:CHAPTER_LIMIT]:
        base = chapter["time_base"] or Fraction(1, 1000)
        start, end = (round(chapter[name] * base * 1000) for name in ("start", "end"))
        if 0 <= start < end <= LONGEST_MS:
            made.append(Chapter(title=_text(chapter["metadata"].get("title")), start_ms=start, end_ms=end))
    return tuple(sorted(made, key=lambda chapter: chapter.start_ms))


def tags(container: InputContainer) -> Tags:
    """What the file says of itself; Ogg keeps it on the stream instead of the container."""
    found: dict[str, str] = {}
    sources: list[Mapping[str, str]] = [container.metadata]
    if container.format.name == "ogg":
        sources += [stream.metadata for stream in container.streams]
    for source in sources:
        for key, value in source.items():
            text = _text(value)
            if text:
                found.setdefault(key.casefold(), text)

    def first(*names: str) -> str | None:
        return next((found[name] for name in names if name in found), None)

    return Tags(
        title=first("title"),
        artist=first("artist"),
        album=first("album"),
        album_artist=first("album_artist", "albumartist"),
        genre=first("genre"),
        date=first("date", "date_released", "year"),
        description=first("description", "synopsis", "summary"),
        comment=first("comment"),
        show=first("show"),
        season=_number(first("season_number", "season")),
        episode=_number(first("episode_sort", "episode_number")),
        track=_number(first("track", "tracknumber")),
        disc=_number(first("disc", "discnumber")),
        created_at=created_at(
            first("com.apple.quicktime.creationdate"), first("creation_time"), first("date_recorded")
        ),
    )


def created_at(*said: str | None) -> int | None:
    """Read the first date that is one, in ms UTC.

    Cameras that do not know the time write the epoch of their format (1904 or 1970): nothing before 1971 counts.
    """
    for text in said:
        try:
            moment = datetime.fromisoformat(text or "")
        except ValueError:
            continue
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if 1971 <= aware.year <= 2200:
            return round(aware.timestamp() * 1000)
    return None


def duration_ms(container: InputContainer) -> int | None:
    """Length of the file: what the container says, else its longest stream; None when neither is believable."""
    lengths = [] if container.duration is None else [container.duration / 1000]
    if lengths and container.format.name.startswith("matroska"):
        lengths[0] -= start_ms(container)  # there it is when the film ends, not how long it is
    if not lengths or lengths[0] <= 0:
        lengths = [
            float(stream.duration * stream.time_base * 1000)
            for stream in container.streams
            if stream.duration and stream.time_base
        ]
    longest = round(max(lengths, default=0))
    return longest if 0 < longest <= LONGEST_MS else None


def start_ms(container: InputContainer) -> int:
    """The first time stamp, 0 for files that begin before it."""
    return max(0, round((container.start_time or 0) / 1000))


def cover_track(streams: Iterable[Any]) -> int | None:
    """The stream of the embedded picture; one named cover comes before others (Matroska may hold several)."""
    pictures = [stream for stream in streams if stream.type == "video" and int(stream.disposition) & ATTACHED_PICTURE]
    named = [stream for stream in pictures if str(stream.metadata.get("filename", "")).lower().startswith("cover")]
    return next((int(stream.index) for stream in [*named, *pictures]), None)


def pixel_facts(name: str | None) -> tuple[int | None, str | None]:
    """Bits of a sample and chroma sampling (`4:2:0`, `4:0:0` for grey) of a pixel format's name."""
    if not name:
        return None, None
    try:
        pixels = av.VideoFormat(name)
    except ValueError:
        return None, None
    components = pixels.components
    depth = components[0].bits if components else None
    if len(components) < 3:
        return depth, "4:0:0"
    shifts = (16 // (pixels.chroma_width(16) or 16), 16 // (pixels.chroma_height(16) or 16))
    return depth, {(1, 1): "4:4:4", (2, 1): "4:2:2", (2, 2): "4:2:0", (4, 1): "4:1:1", (4, 4): "4:1:0"}.get(shifts)


def _tier(codec: str, extradata: bytes | None) -> str | None:
    """Main or high: one bit of the configuration record (hvcC byte 1, av1C byte 2)."""
    if not extradata or len(extradata) < 4:
        return None
    if codec == "hevc" and extradata[0] == 1:
        return "high" if extradata[1] & 0x20 else "main"
    if codec == "av1" and extradata[0] == 0x81:
        return "high" if extradata[2] & 0x80 else "main"
    return None


def _bitrate(stream: AvVideo | AvAudio) -> int | None:
    said = stream.codec_context.bit_rate or _number(stream.metadata.get("BPS") or stream.metadata.get("BPS-eng"))
    return said if said and 0 < said < 1 << 40 else None


def _frame_rate(rate: Fraction | None) -> float | None:
    return round(float(rate), 3) if rate and 0 < rate <= 1000 else None


def _ratio(ratio: Fraction | None) -> str:
    return f"{ratio.numerator}:{ratio.denominator}" if ratio and ratio > 0 else "1:1"


def _number(text: str | None) -> int | None:
    """The number at the start of `3`, `3/12` or `03`."""
    digits = (text or "").split("/")[0].strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 13 else None


def _text(value: str | None) -> str | None:
    """Words without what a page or a database cannot show: controls, halves of characters, endless length."""
    if not value:
        return None
    clean = "".join(letter for letter in value[:TEXT_LIMIT] if letter.isprintable() or letter in "\n\t")
    return clean.encode("utf-8", "ignore").decode("utf-8").strip() or None


def _says(title: str | None, *words: str) -> bool:
    return title is not None and any(word in title.casefold() for word in words)
