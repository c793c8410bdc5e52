"""What a player can play: named profiles and those that a player describes itself.

Source:
    Watch contract 8.1. Levels are the codec's own numbers: H.264 41 is 4.1, HEVC 153 is 5.1.
"""

import base64
import binascii
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from homemedia.core.problems import BadRequest

ANYTHING = "*"
Name = Annotated[str, Meta(min_length=1, max_length=32)]
Names = Annotated[tuple[Name, ...], Meta(max_length=64)]


class VideoRule(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Bounds for one codec; what is left out does not bound."""

    profiles: Names | None = None
    max_level: int | None = None
    max_bit_depth: int | None = None
    containers: Names | None = None


class AudioRule(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    max_channels: int | None = None
    containers: Names | None = None


class HlsRule(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What may be copied into the segments of a stream; the sound of `only_ts` only into transport streams.

    Chromium takes MP3 by itself or out of a transport stream, but not in MP4.
    """

    fmp4: bool = True
    video_codecs: Names = ("h264",)
    audio_codecs: Names = ("aac", "mp3", "opus", "flac")
    only_ts: Names = ("mp3",)


WEB_VIDEO: Final[Mapping[str, VideoRule]] = MappingProxyType(
    {
        "h264": VideoRule(profiles=("baseline", "main", "high"), max_level=52, max_bit_depth=8),
        "vp8": VideoRule(),
        "vp9": VideoRule(max_bit_depth=8, containers=("webm", "mp4")),
        "av1": VideoRule(profiles=("main",), max_bit_depth=10),
    }
)
WEB_AUDIO: Final[Mapping[str, AudioRule]] = MappingProxyType(
    {
        "aac": AudioRule(),
        "mp3": AudioRule(),
        "opus": AudioRule(),
        "vorbis": AudioRule(containers=("webm",)),
        "flac": AudioRule(),
    }
)


class Profile(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a player plays. What a description leaves out is as in `web`; rates in bits/s."""

    name: Annotated[str, Meta(max_length=64)] = "web"
    containers: Names = ("mp4", "webm")
    max_bitrate: Annotated[int, Meta(ge=1)] | None = None
    max_height: Annotated[int, Meta(ge=1)] | None = 2160
    max_frame_rate: Annotated[float, Meta(gt=0)] | None = None
    max_audio_channels: Annotated[int, Meta(ge=1)] = 6
    hls: HlsRule = HlsRule()
    video: Mapping[str, VideoRule] = msgspec.field(default_factory=lambda: dict(WEB_VIDEO))
    audio: Mapping[str, AudioRule] = msgspec.field(default_factory=lambda: dict(WEB_AUDIO))
    subtitles: Names = ("vtt",)
    hdr: Names = ()
    interlaced: bool = False
    anamorphic: bool = True
    track_select: bool = False


WEB = Profile()
_HEVC10 = VideoRule(profiles=("main", "main10"), max_level=153, max_bit_depth=10)
_H264 = WEB.video["h264"]
_ANY_VIDEO, _ANY_AUDIO = VideoRule(), AudioRule()
_TV_HDR = ("hdr10", "hlg")

PROFILES: Final[Mapping[str, Profile]] = MappingProxyType(
    {
        "web": WEB,
        "safari": Profile(
            name="safari",
            containers=("mp4", "mov"),
            hls=HlsRule(video_codecs=("h264", "hevc"), audio_codecs=("aac", "mp3", "flac", "ac3", "eac3", "alac")),
            video={"h264": _H264, "hevc": _HEVC10},
            audio=dict.fromkeys(("aac", "mp3", "flac", "ac3", "eac3", "alac"), _ANY_AUDIO),
            hdr=("hdr10", "hlg", "dv5", "dv8"),
        ),
        "chromecast": Profile(
            name="chromecast",
            containers=("mp4", "webm", "mkv"),
            max_height=1080,
            hls=HlsRule(audio_codecs=("aac", "mp3", "opus", "flac", "ac3", "eac3")),
            video={
                "h264": VideoRule(profiles=("baseline", "main", "high"), max_level=42, max_bit_depth=8),
                "vp8": _ANY_VIDEO,
                "vp9": VideoRule(max_bit_depth=8),
            },
            audio=dict.fromkeys(("aac", "mp3", "opus", "vorbis", "flac", "ac3", "eac3"), _ANY_AUDIO),
        ),
        "androidtv": Profile(
            name="androidtv",
            containers=("mkv", "mp4", "ts", "webm"),
            max_audio_channels=8,
            hls=HlsRule(
                video_codecs=("h264", "hevc", "vp9", "av1"),
                audio_codecs=("aac", "mp3", "ac3", "eac3", "opus", "flac"),
                only_ts=(),
            ),
            video={"h264": _H264, "hevc": _HEVC10, "vp9": _ANY_VIDEO, "av1": VideoRule(max_bit_depth=10)},
            audio=dict.fromkeys(("aac", "mp3", "ac3", "eac3", "dts", "opus", "flac"), _ANY_AUDIO),
            subtitles=("srt", "vtt", "ass"),
            hdr=_TV_HDR,
            track_select=True,
        ),
        "tv": Profile(
            name="tv",
            containers=("mkv", "mp4", "ts"),
            hls=HlsRule(video_codecs=("h264", "hevc"), audio_codecs=("aac", "mp3", "ac3", "eac3")),
            video={"h264": _H264, "hevc": _HEVC10, "vp9": _ANY_VIDEO},
            audio=dict.fromkeys(("aac", "mp3", "ac3", "eac3"), _ANY_AUDIO),
            subtitles=("srt", "vtt"),
            hdr=_TV_HDR,
        ),
        "all": Profile(
            name="all",
            containers=(ANYTHING,),
            max_height=None,
            max_audio_channels=64,
            hls=HlsRule(video_codecs=("h264", "hevc", "vp9", "av1"), audio_codecs=(ANYTHING,), only_ts=()),
            video={ANYTHING: _ANY_VIDEO},
            audio={ANYTHING: _ANY_AUDIO},
            subtitles=(ANYTHING,),
            hdr=(ANYTHING,),
            interlaced=True,
            track_select=True,
        ),
    }
)


MOST_PROFILE_CHARS = 4096


def parse(text: str) -> Profile:
    """A profile as an address has it: a name, or a description as JSON in base64url.

    Raises:
        BadRequest: `unknown_profile`, or the description is not of the expected form.
    """
    if not text or text in PROFILES:
        return named(text or "web")
    if len(text) > MOST_PROFILE_CHARS:
        raise BadRequest("The profile is too long.", field="profile", reason=f"at most {MOST_PROFILE_CHARS} characters")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return named(text)
    if not raw.lstrip().startswith(b"{"):
        return named(text)
    try:
        return msgspec.json.decode(raw, type=Profile)
    except (msgspec.DecodeError, UnicodeDecodeError) as err:
        raise BadRequest("The profile is not of the expected form.", field="profile", reason=str(err)) from None


def named(name: str) -> Profile:
    """The profile of this name.

    Raises:
        BadRequest: `unknown_profile`.
    """
    try:
        return PROFILES[name]
    except KeyError:
        raise BadRequest(
            f"There is no profile of that name; there are {', '.join(PROFILES)}.",
            code="unknown_profile",
            field="profile",
            reason="is not known",
        ) from None
