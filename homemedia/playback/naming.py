"""What players are told of a stream before its first piece is made: codecs, as RFC 6381 names them, and rates. Pure.

Only what is sure is said: an encoder in hardware chooses a level of its own, and then there are no names until the
stream has described itself.

Source:
    RFC 6381; RFC 8216, 4.3.4.2; VP Codec ISO Media File Format Binding (levels).
"""

from typing import Literal

import msgspec

from homemedia.media import Probe, VideoStream
from homemedia.media.commands import EncoderChoice, Format
from homemedia.media.commands.plan import WITHOUT_B_FRAMES
from homemedia.media.commands.software import level
from homemedia.media.hls import codecs
from homemedia.media.plans import AudioPlan, VideoPlan
from homemedia.playback.decide import Decision

AAC = "mp4a.40.2"
# Transport streams name MPEG sound by its layer, MP4 by its own number.
IN_TRANSPORT_STREAMS = {"mp3": "mp4a.40.34", "mp2": "mp4a.40.33"}
# libx264 writes the profile that its tools need: at its fastest it uses none that are beyond Baseline.
HIGH, CONSTRAINED_BASELINE = "avc1.6400", "avc1.42C0"
# Pictures a second and pixels a picture up to which each level goes; the level in tenths.
VP9_LEVELS = (
    (829_440, 36_864, 10),
    (2_764_800, 73_728, 11),
    (4_608_000, 122_880, 20),
    (9_216_000, 245_760, 21),
    (20_736_000, 552_960, 30),
    (36_864_000, 983_040, 31),
    (83_558_400, 2_228_224, 40),
    (160_432_128, 2_228_224, 41),
    (311_951_360, 8_912_896, 50),
    (588_251_136, 8_912_896, 51),
    (1_176_502_272, 8_912_896, 52),
    (1_176_502_272, 35_651_584, 60),
    (2_353_004_544, 35_651_584, 61),
    (4_706_009_088, 35_651_584, 62),
)
USUAL_RATE = 25.0
RANGES: dict[str, Literal["PQ", "HLG"]] = {"smpte2084": "PQ", "arib-std-b67": "HLG"}
# Copied pictures are not made to a rate; in the densest seconds they take about twice their mean.
COPIED_PEAK = 2.0
# What tables and heads of packets add: in percent, and in bits/s whatever the rate.
OVERHEAD: dict[Format, tuple[int, int]] = {"fmp4": (1, 16_000), "ts": (5, 50_000)}
GUESSED_VIDEO, GUESSED_AUDIO = 4_000_000, 160_000


class Rates(msgspec.Struct, frozen=True):
    """Bits/s: the most a segment takes, and the mean of all."""

    peak: int
    mean: int


def names(
    decision: Decision,
    probe: Probe | None,
    form: Format,
    encoder: EncoderChoice,
    *,
    preset: str,
    copied: str | None = None,
) -> tuple[str, ...]:
    """The codecs of a stream; empty as long as one of them is not known.

    Args:
        decision: what becomes of the file.
        probe: what is known of it.
        form: what segments are.
        encoder: what makes the picture, if it is made.
        preset: of the encoder.
        copied: name of the file's own picture, when its index told it.
    """
    found: list[str | None] = []
    if decision.video is not None:
        if decision.video.action == "transcode":
            found.append(_encoded(decision.video, encoder, preset))
        else:
            found.append(_copied(decision.video, probe, copied))
    if decision.audio is not None:
        found.append(_sound(decision.audio, probe, form))
    known = tuple(name for name in found if name)
    return known if len(known) == len(found) else ()


def rates(decision: Decision, probe: Probe | None, form: Format, segment_s: float) -> Rates:
    """What a stream takes of a line.

    Pictures that are made keep to a buffer of two seconds at their rate, which the densest segment may use up.
    """
    video, audio = decision.video, decision.audio
    sound = (audio.bitrate or GUESSED_AUDIO) if audio is not None else 0
    if video is None:
        return _with_overhead(sound, sound, form)
    if video.action == "transcode":
        rate = video.bitrate or GUESSED_VIDEO
        return _with_overhead(rate * (segment_s + 2) / segment_s + sound, rate + sound, form)
    rate = video.bitrate or _rest(probe) or GUESSED_VIDEO
    return _with_overhead(rate * COPIED_PEAK + sound, rate + sound, form)


def video_range(video: VideoPlan | None, stream: VideoStream | None) -> Literal["SDR", "PQ", "HLG"]:
    """The range of brightness of what the player gets."""
    if video is None or video.hdr == "none":
        return "SDR"
    transfer = stream.color_transfer if stream is not None else None
    return RANGES.get(transfer or "", "HLG" if video.hdr == "hlg" else "PQ")


def _with_overhead(peak: float, mean: float, form: Format) -> Rates:
    percent, more = OVERHEAD[form]
    return Rates(*(round(rate * (1 + percent / 100)) + more for rate in (peak, mean)))


def _rest(probe: Probe | None) -> int | None:
    """What of a file's rate is left for its picture."""
    if probe is None or probe.bitrate is None:
        return None
    return max(probe.bitrate - sum(stream.bitrate or 0 for stream in probe.audio), 0) or None


def _encoded(video: VideoPlan, encoder: EncoderChoice, preset: str) -> str | None:
    if encoder.family != "software":
        return None
    profile = CONSTRAINED_BASELINE if preset == WITHOUT_B_FRAMES else HIGH
    return f"{profile}{round(float(level(video)) * 10):02X}"


def _copied(video: VideoPlan, probe: Probe | None, told: str | None) -> str | None:
    if video.dolby_vision is not None:
        return None  # its own name, which only the description in the stream gives
    if told is not None:
        return told
    streams = probe.video if probe is not None else ()
    stream = next((one for one in streams if one.track == video.track), None)
    return _vp9(stream) if stream is not None and stream.codec == "vp9" else None


def _vp9(stream: VideoStream) -> str | None:
    """Of the same words as the muxer writes: it reckons the level from size and rate."""
    profile = (stream.profile or "").removeprefix("Profile ")
    depth = stream.bit_depth or 8
    pixels = stream.width * stream.height
    rate = pixels * (stream.frame_rate or USUAL_RATE)
    tenths = next((name for most, size, name in VP9_LEVELS if rate <= most and pixels <= size), None)
    if not profile.isdigit() or tenths is None:
        return None
    return f"vp09.{int(profile):02d}.{tenths:02d}.{depth:02d}"


def _sound(audio: AudioPlan, probe: Probe | None, form: Format) -> str | None:
    if audio.action == "transcode":
        return AAC
    if form == "ts" and audio.codec in IN_TRANSPORT_STREAMS:
        return IN_TRANSPORT_STREAMS[audio.codec]
    streams = probe.audio if probe is not None else ()
    stream = next((one for one in streams if one.track == audio.track), None)
    return codecs.sound(audio.codec, stream.profile if stream is not None else None)
