"""What administrators decide about converting, and the choice of an encoder that follows from it. Pure.

Source:
    Watch contract 3.11 and 11.3.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Literal

import msgspec

from homemedia.media.commands import SOFTWARE, EncoderChoice
from homemedia.media.hardware import Abilities, DeviceTrial, Tried
from homemedia.playback.decide import Machine
from homemedia.playback.serving import Pace

Acceleration = Literal["auto", "none", "vaapi", "qsv", "nvenc", "videotoolbox", "amf", "v4l2m2m"]
Preset = Literal["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"]

# Ties go to devices that share the machine's memory.
RANKS = {"vaapi": 0, "qsv": 0, "nvenc": 1}
LAST_RANK = 2
# A device is measured at 720 lines; what it would do at 1080.
OF_1080 = (1280 * 720) / (1920 * 1080)
# A device slower than the processor is still taken while it can do this much: it leaves the processor to the house.
FAST_ANYWAY_FPS = 120.0
# libx264 at our preset until it was measured: pictures of 1080 lines a core and second, and the cores it makes use of.
FPS_A_CORE, USEFUL_CORES = 25.0, 8
HARDWARE_SESSIONS, FPS_A_SESSION = 6, 30.0
FAILURES, FAILURES_WITHIN_MS, STRUCK_OUT_MS = 3, 600_000, 3_600_000


class HardwareSettings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Kept as JSON in the table `setting`. Spans in seconds; 0 of `max_sessions` and `max_height`: none of ours."""

    acceleration: Acceleration = "auto"
    device: str = ""
    preset: Preset = "veryfast"
    crf: int = 22
    allow_hevc: bool = False
    max_height: int = 1080
    max_sessions: int = 0
    max_sessions_per_user: int = 3
    segment_seconds: int = 4
    ahead_seconds: int = 60
    idle_seconds: int = 60
    session_seconds: int = 1800
    temp_dir: str = ""
    temp_limit_mb: int = 10240
    tone_mapping: Literal["auto", "off"] = "auto"
    dialogue_boost: bool = False
    ffmpeg_path: str = ""


def best(
    trials: Iterable[DeviceTrial],
    settings: HardwareSettings,
    *,
    struck_out: Collection[str] = (),
    software_fps: float | None = None,
) -> DeviceTrial | None:
    """Choose the device to encode on; None for the processor.

    Args:
        trials: of every device, with every ffmpeg.
        settings: what the administrator wants.
        struck_out: ids of devices that failed of late.
        software_fps: pictures of 1080 lines the processor makes a second, when measured.
    """
    if settings.acceleration == "none":
        return None
    able = [one for one in trials if one.is_usable and one.candidate.id not in struck_out]
    if settings.acceleration != "auto":
        able = [one for one in able if one.candidate.api == settings.acceleration]
    if settings.device:
        able = [one for one in able if one.candidate.id == settings.device]
    elif settings.acceleration == "auto" and software_fps is not None:
        able = [one for one in able if one.fps >= min(software_fps / OF_1080, FAST_ANYWAY_FPS)]
    return min(able, key=lambda one: (-one.fps, RANKS.get(one.candidate.api, LAST_RANK)), default=None)


def choice_of(trial: DeviceTrial | None, usual: str) -> EncoderChoice:
    """How to speak to a device; `usual` is the program everything else is done with."""
    return SOFTWARE if trial is None or trial.h264 is None else _choice(trial, trial.h264, usual)


def hevc_choice_of(trial: DeviceTrial | None, settings: HardwareSettings, usual: str) -> EncoderChoice | None:
    """How to have a device make HEVC, for players that take it; None when it cannot or shall not."""
    if trial is None or trial.hevc is None or not trial.hevc.ok or not settings.allow_hevc:
        return None
    return _choice(trial, trial.hevc, usual)


def _choice(trial: DeviceTrial, encoder: Tried, usual: str) -> EncoderChoice:
    return EncoderChoice(
        family=trial.candidate.family,
        name=encoder.name,
        device=trial.candidate.device,
        ffmpeg="" if trial.ffmpeg == usual else trial.ffmpeg,
        decodes=trial.is_quicker_alone,
        reads=trial.decoders,
        maps_tone=trial.maps_tone,
        forces_keyframes=encoder.obeys,
    )


def machine_of(
    program: Abilities | None,
    trial: DeviceTrial | None,
    settings: HardwareSettings,
    software_fps: float,
    *,
    maps_dolby: bool = False,
) -> Machine:
    """What may be converted."""
    if program is None or program.is_old or not program.can_encode:
        return Machine(has_ffmpeg=False, can_tone_map=False, max_height=settings.max_height)
    maps = settings.tone_mapping == "auto"
    hevc = hevc_choice_of(trial, settings, "")
    return Machine(
        encoder=choice_of(trial, "").name,
        hevc_encoder=hevc.name if hevc is not None else "",
        is_software=trial is None,
        fps_1080=software_fps if trial is None else round(trial.fps * OF_1080, 1),
        max_height=settings.max_height,
        can_tone_map=maps and (program.can_tone_map or (trial is not None and trial.maps_tone)),
        can_map_dolby=maps and maps_dolby,
    )


def estimated_fps(cores: int | None) -> float:
    """What the processor makes, roughly, until it was measured."""
    return FPS_A_CORE * min(cores or 1, USEFUL_CORES)


def most_sessions(settings: HardwareSettings, trial: DeviceTrial | None, software_fps: float) -> int:
    """How many may encode at once."""
    if settings.max_sessions:
        return settings.max_sessions
    return HARDWARE_SESSIONS if trial is not None else max(1, int(software_fps // FPS_A_SESSION))


def pace_of(settings: HardwareSettings, max_encoding: int) -> Pace:
    return Pace(
        segment_s=float(settings.segment_seconds),
        ahead_s=float(settings.ahead_seconds),
        idle_s=float(settings.idle_seconds),
        session_s=float(settings.session_seconds),
        max_encoding=max_encoding,
        max_per_user=settings.max_sessions_per_user,
        temp_limit_bytes=settings.temp_limit_mb << 20,
    )


def struck_out_until(failures_ms: Sequence[int]) -> int | None:
    """Until when a device is left alone: three failures within ten minutes cost an hour.

    Args:
        failures_ms: when it failed, ascending.
    """
    for first, last in zip(failures_ms, failures_ms[FAILURES - 1 :], strict=False):
        if last - first <= FAILURES_WITHIN_MS:
            return last + STRUCK_OUT_MS
    return None


def problems_of(program: Abilities | None) -> list[str]:
    """What a program lacks, in sentences."""
    if program is None:
        return ["No ffmpeg was found. Films that a player takes as they are can still be played."]
    lacks = {
        "libx264": "It was built without libx264, so films can only be repacked, not converted.",
        "aac": "It was built without an encoder for AAC, so sound cannot be converted.",
        "zscale": "It was built without zscale, so HDR cannot be shown on ordinary screens.",
        "tonemap": "It was built without tonemap, so HDR cannot be shown on ordinary screens.",
        "subtitles": "It was built without libass, so subtitles cannot be drawn into the picture.",
    }
    old = [f"Version {program.version} is too old; 5.0 or newer is needed."] if program.is_old else []
    return [*old, *(lacks[name] for name in program.missing)]
