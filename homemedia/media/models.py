"""What is known of a media file, a still, a picture: plain structs that cross from the worker to the server.

Nothing here loads a decoder, so the server may import it freely. `Probe` is kept in the database as msgpack; a field
is only ever added at the end, with a default.
"""

from typing import Literal

import msgspec

Hdr = Literal["none", "hdr10", "hdr10plus", "hlg", "dv5", "dv7", "dv8"]
Fit = Literal["cover", "contain"]
Format = Literal["jpeg", "webp", "png"]

PROBE_LIMIT_S = 30.0
STILL_LIMIT_S = 20.0
IMAGE_LIMIT_S = 30.0
KEYFRAMES_LIMIT_S = 8.0  # watch contract 9.2


class VideoStream(msgspec.Struct, frozen=True, kw_only=True):
    """One moving picture; width and height as coded, before `rotation` (degrees clockwise to show it) and `sar`."""

    track: int
    codec: str
    profile: str | None = None
    level: int | None = None
    tier: str | None = None
    width: int
    height: int
    frame_rate: float | None = None
    bit_depth: int | None = None
    pixel_format: str | None = None
    chroma: str | None = None
    interlaced: bool = False
    hdr: Hdr = "none"
    color_transfer: str | None = None
    color_primaries: str | None = None
    color_space: str | None = None
    dolby_vision: int | None = None
    sar: str = "1:1"
    rotation: int = 0
    bitrate: int | None = None
    default: bool = False


class AudioStream(msgspec.Struct, frozen=True, kw_only=True):
    track: int
    codec: str
    profile: str | None = None
    channels: int
    layout: str | None = None
    sample_rate: int
    bitrate: int | None = None
    language: str | None = None
    title: str | None = None
    default: bool = False
    commentary: bool = False
    hearing_impaired: bool = False
    visual_impaired: bool = False


class SubtitleStream(msgspec.Struct, frozen=True, kw_only=True):
    """`format` is srt, ass, vtt, mov_text, pgs, vobsub, dvb, …; `text` whether it can be shown without burning in."""

    track: int
    format: str
    text: bool
    language: str | None = None
    title: str | None = None
    forced: bool = False
    hearing_impaired: bool = False
    default: bool = False
    commentary: bool = False


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    title: str | None
    start_ms: int
    end_ms: int


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    mime: str
    size: int


class Tags(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the file says of itself; `created_at` in ms UTC; numbers only where the tag is a number."""

    title: str | None = None
    artist: str | None = None
    album: str | None = None
    album_artist: str | None = None
    genre: str | None = None
    date: str | None = None
    description: str | None = None
    comment: str | None = None
    show: str | None = None
    season: int | None = None
    episode: int | None = None
    track: int | None = None
    disc: int | None = None
    created_at: int | None = None


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """All facts of one file. `video` may be empty (sound alone); `cover_track` is an attached picture's stream.

    `start_ms` is the first time stamp: all our times count from there.
    """

    container: str
    duration_ms: int | None
    bitrate: int | None
    size_bytes: int
    video: tuple[VideoStream, ...] = ()
    audio: tuple[AudioStream, ...] = ()
    subtitles: tuple[SubtitleStream, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    tags: Tags = Tags()
    cover_track: int | None = None
    start_ms: int = 0

    @property
    def main_video(self) -> VideoStream | None:
        """The stream a player shows: the default one, else the first."""
        return next((stream for stream in self.video if stream.default), self.video[0] if self.video else None)

    @property
    def main_audio(self) -> AudioStream | None:
        return next((stream for stream in self.audio if stream.default), self.audio[0] if self.audio else None)


class ProbeRequest(msgspec.Struct, frozen=True):
    """`needs_video`: a file with sound alone is then answered with `no_video`."""

    path: str
    limit_s: float = PROBE_LIMIT_S
    needs_video: bool = True


class ProbeResult(msgspec.Struct, frozen=True, kw_only=True):
    """Either `probe`, or a `code` with a sentence in `error`.

    Codes: `empty_file`, `not_media`, `no_video`, `probe_failed`, `file_missing`, `timeout`.
    """

    path: str
    probe: Probe | None = None
    code: str | None = None
    error: str | None = None


class KeyframesRequest(msgspec.Struct, frozen=True):
    """`track`: number of the stream; None: the first picture. `limit_s` for reading what has no index."""

    path: str
    track: int | None = None
    limit_s: float = KEYFRAMES_LIMIT_S


class StillRequest(msgspec.Struct, frozen=True, kw_only=True):
    source: str
    target: str
    max_width: int = 1920


class MomentRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The frame shown at `at_ms`, the last one where that lies beyond the end; no side longer than `max_side`."""

    source: str
    target: str
    at_ms: int
    max_side: int


class AnimationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A short moving picture: of a film three seconds, of a moving picture its first frames; `format` webp or gif."""

    source: str
    target: str
    is_film: bool
    max_side: int
    format: Literal["webp", "gif"]


class ImageFacts(msgspec.Struct, frozen=True, kw_only=True):
    """`width` and `height` as shown (EXIF orientation applied).

    `tone`: dominant dark tone '#rrggbb'. `focus_x`, `focus_y`: point of interest, 0 to 1 from the left and from the
    top. `content_hash`: of the file's bytes, 32 hex characters.
    """

    width: int
    height: int
    format: str
    tone: str
    focus_x: float
    focus_y: float
    content_hash: str


class CoverRequest(msgspec.Struct, frozen=True, kw_only=True):
    """`target` without a suffix gets the picture's bytes as they are."""

    source: str
    target: str


class RenderRequest(msgspec.Struct, frozen=True, kw_only=True):
    """How large a picture is wanted; a side left out follows from the other, both left out: at most 1920 wide.

    `focus_x`, `focus_y`: what `cover` crops around, 0 to 1; the centre by default.
    `box`: only this part of it is shown: left, top, right, bottom as shares of the upright picture.
    """

    source: str
    width: int | None = None
    height: int | None = None
    fit: Fit = "contain"
    box: tuple[float, float, float, float] | None = None
    format: Format = "jpeg"
    quality: int = 82
    focus_x: float = 0.5
    focus_y: float = 0.5


class Rendering(msgspec.Struct, frozen=True, kw_only=True):
    body: bytes
    content_type: str
    width: int
    height: int


class Guess(msgspec.Struct, frozen=True, kw_only=True):
    """What a name seems to say; `kind` is movie or episode."""

    kind: str
    title: str | None = None
    year: int | None = None
    season: int | None = None
    episodes: tuple[int, ...] = ()
    episode_title: str | None = None
    absolute: tuple[int, ...] = ()
    air_date: str | None = None
    edition: str | None = None
    part: int | None = None
    release_group: str | None = None
    resolution: str | None = None


class AudioTags(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a sound file says of itself, several values where the file has several; kept in the database as msgpack.

    `disc` and `track` are None where the tag is no number above 0. `date` is as it was written, `year` the number in
    it. Gains are in dB against -18 LUFS (those of Opus are brought to it), peaks are 1.0 at full scale. A field is only
    ever added, with a default.
    """

    title: str | None = None
    artists: tuple[str, ...] = ()
    album: str | None = None
    album_artists: tuple[str, ...] = ()
    date: str | None = None
    year: int | None = None
    track: int | None = None
    track_total: int | None = None
    disc: int | None = None
    disc_total: int | None = None
    genres: tuple[str, ...] = ()
    composers: tuple[str, ...] = ()
    is_compilation: bool = False
    label: str | None = None
    gain_track_db: float | None = None
    gain_track_peak: float | None = None
    gain_album_db: float | None = None
    gain_album_peak: float | None = None
    has_cover: bool = False
    sort_artist: str | None = None
    sort_album_artist: str | None = None
    mb_track: str | None = None
    mb_album: str | None = None
    mb_artists: tuple[str, ...] = ()
    mb_album_artists: tuple[str, ...] = ()


class AudioResult(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of a sound file: both `tags` and `probe`, or a `code` with a sentence in `error`.

    Codes: as `ProbeResult`, but `no_video`; and `no_sound`.
    """

    path: str
    tags: AudioTags | None = None
    probe: Probe | None = None
    code: str | None = None
    error: str | None = None
