"""NVIDIA's encoder. Its cards bring no tone mapping of their own to ffmpeg: HDR is then mapped by the processor.

Source:
    Watch contract 11.2; ffmpeg's `scale_cuda`, `yadif_cuda`.
"""

from typing import Any

from homemedia.media.commands import filters
from homemedia.media.commands.plan import RunPlan
from homemedia.media.commands.rates import device_options, native_decoder
from homemedia.media.plans import VideoPlan

PRESETS = {
    "ultrafast": "p1",
    "superfast": "p2",
    "veryfast": "p3",
    "faster": "p4",
    "fast": "p4",
    "medium": "p5",
    "slow": "p6",
}


def setup(_plan: RunPlan) -> list[str]:
    return []


def input_options(plan: RunPlan, video: VideoPlan) -> dict[str, str]:
    if not plan.stays_on_device:
        return {}
    return {
        "hwaccel": "cuda",
        "hwaccel_device": plan.encoder.device or "0",
        "hwaccel_output_format": "cuda",
        **native_decoder(video),
    }


def picture(source: Any, plan: RunPlan, video: VideoPlan) -> Any:  # noqa: ANN401 - the graph library has no types
    if not plan.stays_on_device:
        return filters.pictured(source, plan, video)
    stream = source[str(video.track)]
    if video.deinterlace:
        stream = stream.filter("yadif_cuda", mode="send_frame", deint="all")
    return stream.filter("scale_cuda", w=video.width, h=video.height, format="yuv420p").filter("setsar", 1)


def video_options(plan: RunPlan, video: VideoPlan) -> dict[str, str | int]:
    return device_options(plan, video) | {
        "gpu": plan.encoder.device or "0",
        "preset": PRESETS.get(plan.preset, "p4"),
        "rc": "vbr",
        "forced-idr": 1,
        "no-scenecut": 1,
    }
