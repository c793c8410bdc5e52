"""Command lines of trials: a moving test picture through the very options that films are encoded with. Pure."""

from pathlib import Path

import ffmpeg

from homemedia.media.commands import EncoderChoice, RunPlan, command
from homemedia.media.commands.build import ENCODER_CLOCK, FAMILIES
from homemedia.media.hardware.models import Api
from homemedia.media.hls.table import SECOND_US
from homemedia.media.plans import VideoPlan

RATE = 30
SECONDS = 2
SIZE = (1280, 720)
KEY_EVERY_US = SECOND_US // 2
# Numbers of the pictures that shall be keyframes.
KEYS = tuple(range(0, RATE * SECONDS, RATE // 2))
HEAD = ("-nostdin", "-hide_banner", "-nostats", "-loglevel", "info", "-benchmark")
QUIET = ("-nostdin", "-hide_banner", "-nostats", "-loglevel", "warning", "-y")
# A few pictures of each kind a device may decode, made on the processor.
CLIPS = {
    "h264": ("libx264", "yuv420p", {"preset": "ultrafast"}),
    "hevc": ("libx265", "yuv420p", {"preset": "ultrafast", "x265-params": "log-level=none"}),
    "hevc10": ("libx265", "yuv420p10le", {"preset": "ultrafast", "x265-params": "log-level=none"}),
    "vp9": ("libvpx-vp9", "yuv420p", {"deadline": "realtime", "cpu-used": "8"}),
    "av1": ("libsvtav1", "yuv420p", {"preset": "12"}),
}
HDR = (
    "log-level=none:hdr10=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:"
    "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1):max-cll=1000,400"
)
HWACCEL = {
    "vaapi": ("vaapi", "vaapi"),
    "qsv": ("qsv", "qsv"),
    "nvenc": ("cuda", "cuda"),
    "videotoolbox": ("videotoolbox", "videotoolbox_vld"),
    "amf": ("d3d11va", "d3d11"),
}


def encoding(
    program: str, choice: EncoderChoice, *, size: tuple[int, int] = SIZE, seconds: int = SECONDS, rate: int = RATE
) -> list[str]:
    """Encode a test picture to standard output, as a raw stream, and say how long that took."""
    video = VideoPlan(
        action="transcode",
        track=0,
        codec_from="rawvideo",
        codec="h264",
        width=size[0],
        height=size[1],
        bitrate=8_000_000,
        frame_rate=rate,
    )
    plan = RunPlan(ffmpeg=program, path="", segment_us=KEY_EVERY_US, video=video, encoder=choice)
    family = FAMILIES[choice.family]
    source = ffmpeg.input(f"testsrc2=size={size[0]}x{size[1]}:rate={rate}:duration={seconds}", f="lavfi")
    options: dict[str, str | int] = {
        **family.video_options(plan, video),
        "enc_time_base:v": ENCODER_CLOCK,
        "fps_mode": "vfr",
        "format": "hevc" if choice.name.startswith("hevc") else "h264",
    }
    output = ffmpeg.output(family.picture(source, plan, video), "pipe:1", **options)
    made: list[str] = ffmpeg.compile(output, cmd=[program, *HEAD, *family.setup(plan)])
    return made


def clip(program: str, kind: str, path: Path) -> list[str]:
    """Make a short film of a kind of `CLIPS`."""
    encoder, pixels, more = CLIPS[kind]
    source = ffmpeg.input("testsrc2=size=640x360:rate=24:duration=0.5", f="lavfi")
    return _clip(program, source, path, {"c:v": encoder, "pix_fmt": pixels, **more})


def hdr_clip(program: str, path: Path) -> list[str]:
    source = ffmpeg.input("testsrc2=size=640x360:rate=24:duration=0.5", f="lavfi")
    colours = {"color_primaries": "bt2020", "color_trc": "smpte2084", "colorspace": "bt2020nc"}
    more = {"c:v": "libx265", "preset": "ultrafast", "pix_fmt": "yuv420p10le", "x265-params": HDR}
    return _clip(program, source, path, {**colours, **more})


def film_clip(program: str, path: Path) -> list[str]:
    """Three seconds of 1080 lines, to time the whole way on."""
    source = ffmpeg.input("testsrc2=size=1920x1080:rate=24:duration=3", f="lavfi")
    return _clip(program, source, path, {"c:v": "libx264", "preset": "ultrafast", "pix_fmt": "yuv420p"})


def _clip(program: str, source: object, path: Path, options: dict[str, str]) -> list[str]:
    made: list[str] = ffmpeg.compile(
        ffmpeg.output(source, str(path), format="matroska", **options), cmd=[program, *QUIET]
    )
    return made


def decoding(program: str, api: Api, setup: list[str], device: str, kind: str, path: Path) -> list[str]:
    """Decode a clip on a device and fetch the pictures from there, which fails if the processor decoded them."""
    accelerator, form = HWACCEL[api]
    options: dict[str, str] = {"hwaccel": accelerator, "hwaccel_output_format": form}
    if api in {"vaapi", "qsv"}:
        options["hwaccel_device"] = "hw"
    elif api == "nvenc":
        options["hwaccel_device"] = device or "0"
    codec = kind.removesuffix("10")
    if api == "qsv":
        options["c:v"] = f"{codec}_qsv"
    elif codec == "av1":
        options["c:v"] = "av1"
    pixels = "p010le" if kind.endswith("10") else "nv12"
    stream = ffmpeg.input(str(path), **options).video.filter("hwdownload").filter("format", pixels)
    made: list[str] = ffmpeg.compile(ffmpeg.output(stream, "-", format="null"), cmd=[program, *QUIET, *setup])
    return made


def whole_way(program: str, choice: EncoderChoice, path: Path, *, is_hdr: bool = False) -> list[str]:
    """What a session would run for a clip, made half as high."""
    codec = "hevc" if is_hdr else "h264"
    video = VideoPlan(
        action="transcode",
        track=0,
        codec_from=codec,
        codec="h264",
        width=480 if is_hdr else 1280,
        height=270 if is_hdr else 720,
        bitrate=4_000_000,
        frame_rate=24.0,
        tone_map=is_hdr,
    )
    return command(RunPlan(ffmpeg=program, path=str(path), video=video, encoder=choice))
