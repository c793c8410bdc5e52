"""How files look on the wire: in a film's list of versions, and with everything a probe found."""

from homemedia.core.http.wire import Wire


class FileWire(Wire, frozen=True, kw_only=True):
    """One file of an item. Values a probe has not given yet are null; lengths in ms, rates in bits a second."""

    id: int
    stream_url: str
    container: str | None
    video_codec: str | None
    audio_codec: str | None
    video_resolution: str | None
    width: int | None
    height: int | None
    duration: int | None
    size: int
    bitrate: int | None
    version: str | None
    version_index: int
    part: int
    part_count: int
    hdr: str
    audio_channels: int | None
    audio_languages: list[str]
    subtitle_languages: list[str]
    available: bool
    added_at: int


class ChapterWire(Wire, frozen=True, kw_only=True):
    """`start` and `end` in ms from the start of the item, also where it has several parts."""

    title: str
    start: int
    end: int


class MarkerWire(Wire, frozen=True, kw_only=True):
    """`type` is intro, recap or credits."""

    type: str
    start: int
    end: int


class VideoTrack(Wire, frozen=True, kw_only=True):
    track: int
    codec: str
    profile: str | None
    level: int | None
    tier: str | None
    width: int
    height: int
    frame_rate: float | None
    bit_depth: int | None
    pixel_format: str | None
    chroma: str | None
    interlaced: bool
    hdr: str
    color_transfer: str | None
    color_primaries: str | None
    color_space: str | None
    dolby_vision: int | None
    sar: str
    rotation: int
    bitrate: int | None
    default: bool


class AudioTrack(Wire, frozen=True, kw_only=True):
    track: int
    codec: str
    profile: str | None
    channels: int
    layout: str | None
    sample_rate: int
    bitrate: int | None
    language: str | None
    title: str | None
    default: bool
    commentary: bool


class SubtitleTrack(Wire, frozen=True, kw_only=True):
    """`index` counts files beside the film first, then streams inside it; `track` is a stream's number inside."""

    index: int
    track: int | None
    format: str
    text: bool
    external: bool
    language: str | None
    title: str | None
    forced: bool
    hearing_impaired: bool
    default: bool
    url: str


class AttachmentWire(Wire, frozen=True, kw_only=True):
    name: str
    mime: str
    size: int


class FileInfo(Wire, frozen=True, kw_only=True):
    """Everything known of one file. `path` is null but for administrators."""

    file_id: int
    rating_key: str
    container: str | None
    duration: int | None
    size: int
    bitrate: int | None
    path: str | None
    video: list[VideoTrack]
    audio: list[AudioTrack]
    subtitles: list[SubtitleTrack]
    chapters: list[ChapterWire]
    attachments: list[AttachmentWire]
    keyframe_index: str
