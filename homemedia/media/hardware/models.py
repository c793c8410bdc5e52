"""What is found out about encoders of a machine: plain structs, kept in the database as they are."""

from typing import Literal

import msgspec

from homemedia.media.commands import Family

Api = Literal["vaapi", "qsv", "nvenc", "videotoolbox", "amf", "v4l2m2m"]
DECODED = ("h264", "hevc", "hevc10", "vp9", "av1")


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A device that may encode. `device` as its family names it: a render node, a number, or nothing."""

    api: Api
    device: str = ""
    name: str = ""

    @property
    def id(self) -> str:
        return f"{self.api}:{self.device}" if self.device else self.api

    @property
    def family(self) -> Family:
        return self.api


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """One encoder, tried. `fps`: pictures of 1280 by 720 a second; `obeys`: keyframes come where they are asked for."""

    name: str
    ok: bool
    fps: float | None = None
    obeys: bool = True
    error: str | None = None


class DeviceTrial(msgspec.Struct, frozen=True, kw_only=True):
    """A device, tried with one ffmpeg.

    Attributes:
        candidate: the device.
        ffmpeg: path of the program it was tried with.
        ffmpeg_version: of that program.
        encoders: the one for H.264 first.
        decoders: which codecs it decodes, of `DECODED`.
        maps_tone: it brings HDR down to SDR.
        is_quicker_alone: decoding on it too makes the whole quicker.
        tried_at_ms: when.
    """

    candidate: Candidate
    ffmpeg: str
    ffmpeg_version: str
    encoders: tuple[Tried, ...] = ()
    decoders: tuple[str, ...] = ()
    maps_tone: bool = False
    is_quicker_alone: bool = False
    tried_at_ms: int = 0

    @property
    def h264(self) -> Tried | None:
        return next((one for one in self.encoders if one.name.startswith("h264_")), None)

    @property
    def hevc(self) -> Tried | None:
        return next((one for one in self.encoders if one.name.startswith("hevc_")), None)

    @property
    def is_usable(self) -> bool:
        return self.h264 is not None and self.h264.ok

    @property
    def fps(self) -> float:
        return (self.h264.fps if self.h264 is not None and self.h264.ok else None) or 0.0

    @property
    def error(self) -> str | None:
        return None if self.is_usable or self.h264 is None else self.h264.error


class Abilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a program was built with, as far as we use it.

    Attributes:
        path: the program.
        version: as a person writes it, `5.1.9`.
        missing: names of parts we need and do not find.
        can_tone_map: HDR to SDR on the processor.
        has_libplacebo: which shows profile 5 of Dolby Vision, given a graphics card.
        is_old: below the oldest version we know.
    """

    path: str
    version: str
    missing: tuple[str, ...] = ()
    can_tone_map: bool = True
    has_libplacebo: bool = False
    is_old: bool = False

    @property
    def can_encode(self) -> bool:
        return not {"libx264", "aac"} & set(self.missing)
