"""AMD's encoder on Windows. Pictures it decodes come back to the processor by themselves: all filters work on them."""

from typing import Any

from homemedia.media.commands import filters
from homemedia.media.commands.plan import RunPlan
from homemedia.media.commands.rates import device_options, native_decoder
from homemedia.media.plans import VideoPlan

QUALITIES = {"medium": "balanced", "slow": "quality"}


def setup(_plan: RunPlan) -> list[str]:
    return []


def input_options(plan: RunPlan, video: VideoPlan) -> dict[str, str]:
    return {"hwaccel": "d3d11va", **native_decoder(video)} if plan.decodes_on_device else {}


def picture(source: Any, plan: RunPlan, video: VideoPlan) -> Any:  # noqa: ANN401 - the graph library has no types
    return filters.pictured(source, plan, video, "nv12")


def video_options(plan: RunPlan, video: VideoPlan) -> dict[str, str | int]:
    return device_options(plan, video) | {
        "usage": "transcoding",
        "quality": QUALITIES.get(plan.preset, "speed"),
        "rc": "vbr_peak",
        "forced_idr": 1,
    }
