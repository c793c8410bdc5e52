"""Whether every browser plays a video as it is, and what is made of one that not all do. Pure.

Source:
    Photos contract 8.5 and 10.5, section `ffmpeg`.
"""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

import msgspec

from homemedia.media.models import AudioStream, Probe, VideoStream
from homemedia.media.plans import RESHAPED, AudioPlan, VideoPlan

# Version of what is made: higher, and those of before are made anew.
PIPELINE = 1
When = Literal["required", "optimal", "bitrate", "all", "disabled"]
# What the settings call containers, by what we call them. `mp4` need not be named.
FAMILIES: Mapping[str, str] = MappingProxyType(
    {"mp4": "mp4", "m4v": "mp4", "mov": "mov", "webm": "webm", "ogv": "ogg", "ogg": "ogg", "mkv": "matroska"}
)
ALWAYS = frozenset({"mp4"})
PLAIN_CHROMA = frozenset({None, "", "4:2:0"})
# The one codec of pictures that is put into another container as it is.
COPIED_PICTURE, COPIED_SOUND = "h264", "aac"
STEREO = 2


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """When a video is made anew, and how.

    Attributes:
        when: `required`: not every browser plays it; `optimal`: or it has more lines than `lines`; `bitrate`: or more
            bits than `max_bitrate`; `all`; `disabled`.
        video_codecs: taken as they are; so are `audio_codecs` and `containers` (mov, ogg, webm, …).
        lines: of the shorter side at most; None for as many as there are.
        max_bitrate: bits/s of the picture at most; 0 for any.
        crf: quality of libx264, lower is better.
        preset: of libx264, from `ultrafast` to `veryslow`.
        threads: of the encoder; 0 for as many as it likes.
        maps_tone: HDR is brought down to SDR.
    """

    when: When = "required"
    video_codecs: tuple[str, ...] = ("h264",)
    audio_codecs: tuple[str, ...] = ("aac", "mp3", "opus")
    containers: tuple[str, ...] = ("mov", "ogg", "webm")
    lines: int | None = 720
    max_bitrate: int = 0
    crf: int = 23
    preset: str = "ultrafast"
    threads: int = 0
    maps_tone: bool = True


class Conversion(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a video; `stream` is its picture as the file has it."""

    video: VideoPlan
    audio: AudioPlan | None
    stream: VideoStream
    duration_ms: int | None


def conversion_of(probe: Probe, policy: Policy) -> Conversion | None:
    """What to make of a video; None when it is played as it is, or has no picture."""
    picture, sound = probe.main_video, probe.main_audio
    if picture is None or policy.when == "disabled":
        return None
    is_wanted = policy.when == "all" or _is_wished_smaller(probe, picture, policy)
    makes_picture = is_wanted or not _plays_picture(picture, policy)
    makes_sound = sound is not None and (policy.when == "all" or sound.codec not in policy.audio_codecs)
    family = FAMILIES.get(probe.container)
    if not makes_picture and not makes_sound and (family in ALWAYS or family in policy.containers):
        return None
    # Once it is touched, fields are joined: outside of broadcasts nobody's screen shows them.
    copies = not makes_picture and picture.codec == COPIED_PICTURE and not picture.interlaced
    return Conversion(
        video=_copied(picture) if copies else _made(picture, policy),
        audio=None if sound is None else _sound(sound, copies=not makes_sound and sound.codec == COPIED_SOUND),
        stream=picture,
        duration_ms=probe.duration_ms,
    )


def all_made(found: Conversion, policy: Policy) -> Conversion:
    """The same with nothing copied: for files whose streams fit into no other container."""
    sound = found.audio
    return msgspec.structs.replace(
        found,
        video=_made(found.stream, policy),
        audio=None if sound is None else msgspec.structs.replace(sound, action="transcode", channels=_two(sound)),
    )


def size_of(picture: VideoStream, lines: int | None) -> tuple[int, int]:
    """Width and height as shown, upright with square pixels, the shorter side `lines` at most; even numbers."""
    wide, _, high = picture.sar.partition(":")
    is_known = wide.isdecimal() and high.isdecimal() and int(wide) > 0 and int(high) > 0
    width, height = Fraction(picture.width) * (Fraction(int(wide), int(high)) if is_known else 1), picture.height
    shown = (Fraction(height), width) if picture.rotation % 180 else (width, Fraction(height))
    shrink = min(Fraction(1), Fraction(lines) / min(shown)) if lines else Fraction(1)
    return _even(shown[0] * shrink), _even(shown[1] * shrink)


def _is_wished_smaller(probe: Probe, picture: VideoStream, policy: Policy) -> bool:
    if policy.when == "optimal":
        return policy.lines is not None and min(picture.width, picture.height) > policy.lines
    bitrate = picture.bitrate or probe.bitrate or 0
    return policy.when == "bitrate" and 0 < policy.max_bitrate < bitrate


def _plays_picture(picture: VideoStream, policy: Policy) -> bool:
    if picture.codec not in policy.video_codecs or (picture.hdr != "none" and policy.maps_tone):
        return False
    is_plain = (picture.bit_depth or 8) == 8 and picture.chroma in PLAIN_CHROMA
    return is_plain or picture.codec != "h264"


def _copied(picture: VideoStream) -> VideoPlan:
    width, height = size_of(picture, None)
    return VideoPlan(
        action="copy",
        track=picture.track,
        codec_from=picture.codec,
        codec=picture.codec,
        width=width,
        height=height,
        frame_rate=picture.frame_rate,
    )


def _made(picture: VideoStream, policy: Policy) -> VideoPlan:
    width, height = size_of(picture, policy.lines)
    return VideoPlan(
        action="transcode",
        track=picture.track,
        codec_from=picture.codec,
        codec="h264",
        width=width,
        height=height,
        bitrate=policy.max_bitrate or None,
        frame_rate=picture.frame_rate,
        tone_map=picture.hdr != "none" and policy.maps_tone,
        dolby_vision=RESHAPED if picture.hdr == "dv5" else None,
        deinterlace=picture.interlaced,
        rotation=picture.rotation,
    )


def _sound(sound: AudioStream, *, copies: bool) -> AudioPlan:
    return AudioPlan(
        action="copy" if copies else "transcode",
        track=sound.track,
        codec_from=sound.codec,
        codec=COPIED_SOUND,
        channels=sound.channels if copies else min(sound.channels, STEREO),
    )


def _two(sound: AudioPlan) -> int:
    return min(sound.channels, STEREO)


def _even(side: Fraction) -> int:
    return max(2, round(side / 2) * 2)
