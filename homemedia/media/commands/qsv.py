"""Intel Quick Sync.

Source:
    Watch contract 11.2; ffmpeg's `vpp_qsv`.
"""

from typing import Any

from homemedia.media.commands import filters
from homemedia.media.commands.plan import RunPlan
from homemedia.media.commands.rates import device_options
from homemedia.media.plans import VideoPlan

# Its decoders are encoders' twins with names of their own.
DECODERS = {"h264": "h264_qsv", "hevc": "hevc_qsv", "vp9": "vp9_qsv", "av1": "av1_qsv", "mpeg2video": "mpeg2_qsv"}
PRESETS = {"ultrafast": "veryfast", "superfast": "veryfast"}  # it has none quicker


def setup(plan: RunPlan) -> list[str]:
    device = f"qsv=hw:hw_any,child_device={plan.encoder.device}" if plan.encoder.device else "qsv=hw"
    return ["-init_hw_device", device, "-filter_hw_device", "hw"]


def input_options(plan: RunPlan, video: VideoPlan) -> dict[str, str]:
    if not plan.stays_on_device or video.codec_from not in DECODERS:
        return {}
    return {
        "hwaccel": "qsv",
        "hwaccel_device": "hw",
        "hwaccel_output_format": "qsv",
        "c:v": DECODERS[video.codec_from],
    }


def picture(source: Any, plan: RunPlan, video: VideoPlan) -> Any:  # noqa: ANN401 - the graph library has no types
    if not input_options(plan, video):
        return filters.pictured(source, plan, video, "nv12").filter("hwupload", extra_hw_frames=64)
    options: dict[str, str | int] = {"w": video.width, "h": video.height, "format": "nv12"}
    if video.deinterlace:
        options["deinterlace"] = "advanced"
    if video.tone_map:
        options["tonemap"] = 1
    return source[str(video.track)].filter("vpp_qsv", **options).filter("setsar", 1)


def video_options(plan: RunPlan, video: VideoPlan) -> dict[str, str | int]:
    return device_options(plan, video) | {
        "preset": PRESETS.get(plan.preset, plan.preset),
        "look_ahead": 0,
        "forced_idr": 1,
    }
