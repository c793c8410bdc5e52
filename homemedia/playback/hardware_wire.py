"""What GET and PUT /api/hardware say (watch contract 3.11)."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from homemedia.core.http.wire import Wire
from homemedia.media.hardware import DECODED, Candidate, DeviceTrial, Tried, short_version
from homemedia.playback.hardware import Report, Struck
from homemedia.playback.hardware_settings import Acceleration, HardwareSettings, Preset

SOFTWARE = "software"
Path = Annotated[str, Meta(max_length=4096, pattern=r"^[^\x00]*$")]
Seconds = Annotated[int, Meta(ge=10, le=86_400)]
Lines = Annotated[int, Meta(ge=0, le=4320)]


class HardwareRequest(Wire, frozen=True):
    """Any of the settings; null sets one back. `rescan` tries all devices again."""

    acceleration: Acceleration | UnsetType | None = UNSET
    device: Annotated[str, Meta(max_length=200)] | UnsetType | None = UNSET
    preset: Preset | UnsetType | None = UNSET
    crf: Annotated[int, Meta(ge=16, le=32)] | UnsetType | None = UNSET
    allow_hevc: bool | UnsetType | None = UNSET
    max_height: Lines | UnsetType | None = UNSET
    max_sessions: Annotated[int, Meta(ge=0, le=100)] | UnsetType | None = UNSET
    max_sessions_per_user: Annotated[int, Meta(ge=1, le=100)] | UnsetType | None = UNSET
    segment_seconds: Annotated[int, Meta(ge=2, le=10)] | UnsetType | None = UNSET
    ahead_seconds: Seconds | UnsetType | None = UNSET
    idle_seconds: Seconds | UnsetType | None = UNSET
    session_seconds: Annotated[int, Meta(ge=60, le=86_400)] | UnsetType | None = UNSET
    temp_dir: Path | UnsetType | None = UNSET
    temp_limit_mb: Annotated[int, Meta(ge=256, le=100_000_000)] | UnsetType | None = UNSET
    tone_mapping: Literal["auto", "off"] | UnsetType | None = UNSET
    dialogue_boost: bool | UnsetType | None = UNSET
    ffmpeg_path: Path | UnsetType | None = UNSET
    rescan: bool = False

    def changes(self) -> dict[str, Any]:
        """By name of the setting, what shall be other than it is."""
        named = {name: getattr(self, name) for name in self.__struct_fields__ if name != "rescan"}
        usual = msgspec.structs.asdict(HardwareSettings())
        return {name: usual[name] if value is None else value for name, value in named.items() if value is not UNSET}


class Program(Wire, frozen=True):
    path: str | None
    version: str | None
    ok: bool
    problems: list[str]


class Encoder(Wire, frozen=True):
    name: str
    ok: bool
    fps: float | UnsetType = UNSET
    error: str | UnsetType = UNSET


class Decoders(msgspec.Struct, frozen=True):
    h264: bool
    hevc: bool
    hevc10: bool
    vp9: bool
    av1: bool


class Device(Wire, frozen=True):
    """`failures` and `disabledUntil` (Unix seconds) speak of sessions, `error` of the trial; `ffmpeg` tried best."""

    id: str
    api: str
    name: str
    usable: bool
    encoders: list[Encoder]
    decoders: Decoders
    tone_mapping: bool
    failures: int
    disabled_until: int | None
    error: str | None
    ffmpeg: str | None


class Software(Wire, frozen=True):
    """`fps1080` is null until it was measured."""

    encoder: str
    fps1080: float | None
    tone_mapping: bool


class Settings(Wire, frozen=True):
    acceleration: str
    device: str
    preset: str
    crf: int
    allow_hevc: bool
    max_height: int
    max_sessions: int
    max_sessions_per_user: int
    segment_seconds: int
    ahead_seconds: int
    idle_seconds: int
    session_seconds: int
    temp_dir: str
    temp_limit_mb: int
    tone_mapping: str
    dialogue_boost: bool
    ffmpeg_path: str


class Limits(Wire, frozen=True):
    max_sessions: int


class HardwareAnswer(Wire, frozen=True):
    """`active` is the id of the device in use, or `software`."""

    ffmpeg: Program
    active: str
    probed_at: int | None
    probing: bool
    devices: list[Device]
    software: Software
    settings: Settings
    limits: Limits


def hardware_answer(report: Report) -> HardwareAnswer:
    program, settings = report.program, msgspec.structs.asdict(report.settings)
    return HardwareAnswer(
        ffmpeg=Program(
            path=report.ffmpeg.path if report.ffmpeg else None,
            version=short_version(report.ffmpeg.version) if report.ffmpeg else None,
            ok=program is not None and not report.problems,
            problems=report.problems,
        ),
        active=report.active.candidate.id if report.active else SOFTWARE,
        probed_at=None if report.probed_at_ms is None else report.probed_at_ms // 1000,
        probing=report.is_probing,
        devices=[
            *(_device(trial, report.struck.get(trial.candidate.id, Struck())) for trial in report.trials),
            *(_untried(candidate) for candidate in report.untried),
        ],
        software=Software(
            encoder="libx264",
            fps1080=report.software_fps,
            tone_mapping=program is not None and program.can_tone_map,
        ),
        settings=Settings(**settings | {"temp_dir": str(report.temp_dir)}),
        limits=Limits(max_sessions=report.max_sessions),
    )


def _device(trial: DeviceTrial, struck: Struck) -> Device:
    return Device(
        id=trial.candidate.id,
        api=trial.candidate.api,
        name=trial.candidate.name,
        usable=trial.is_usable,
        encoders=[_encoder(one) for one in trial.encoders],
        decoders=Decoders(**{kind: kind in trial.decoders for kind in DECODED}),
        tone_mapping=trial.maps_tone,
        failures=struck.failures,
        disabled_until=None if struck.until_ms is None else struck.until_ms // 1000,
        error=trial.error,
        ffmpeg=trial.ffmpeg_version,
    )


def _untried(candidate: Candidate) -> Device:
    return Device(
        id=candidate.id,
        api=candidate.api,
        name=candidate.name,
        usable=False,
        encoders=[],
        decoders=Decoders(**dict.fromkeys(DECODED, False)),
        tone_mapping=False,
        failures=0,
        disabled_until=None,
        error=None,
        ffmpeg=None,
    )


def _encoder(tried: Tried) -> Encoder:
    return Encoder(name=tried.name, ok=tried.ok, fps=tried.fps or UNSET, error=tried.error or UNSET)
