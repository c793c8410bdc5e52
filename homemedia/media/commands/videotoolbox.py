"""Apple's encoder. Pictures it decodes come back to the processor by themselves, so all filters work on them."""

from typing import Any

from homemedia.media.commands import filters
from homemedia.media.commands.plan import RunPlan
from homemedia.media.commands.rates import device_options, native_decoder
from homemedia.media.plans import VideoPlan


def setup(_plan: RunPlan) -> list[str]:
    return []


def input_options(plan: RunPlan, video: VideoPlan) -> dict[str, str]:
    return {"hwaccel": "videotoolbox", **native_decoder(video)} if plan.decodes_on_device else {}


def picture(source: Any, plan: RunPlan, video: VideoPlan) -> Any:  # noqa: ANN401 - the graph library has no types
    return filters.pictured(source, plan, video, "nv12")


def video_options(plan: RunPlan, video: VideoPlan) -> dict[str, str | int]:
    # Refuse rather than encode on the processor in disguise: libx264 does that better.
    return device_options(plan, video) | {"allow_sw": 0}
