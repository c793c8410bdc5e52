"""Encoders of small boards, as Linux offers them. ffmpeg finds the device by itself; there is seldom more than one."""

from typing import Any

from homemedia.media.commands import filters
from homemedia.media.commands.plan import RunPlan
from homemedia.media.commands.rates import device_options
from homemedia.media.plans import VideoPlan

# What drivers refuse to be told rather than ignore.
UNTOLD = ("profile:v", "maxrate", "bufsize", "bf")


def setup(_plan: RunPlan) -> list[str]:
    return []


def input_options(_plan: RunPlan, _video: VideoPlan) -> dict[str, str]:
    return {}


def picture(source: Any, plan: RunPlan, video: VideoPlan) -> Any:  # noqa: ANN401 - the graph library has no types
    return filters.pictured(source, plan, video)


def video_options(plan: RunPlan, video: VideoPlan) -> dict[str, str | int]:
    return {name: value for name, value in device_options(plan, video).items() if name not in UNTOLD}
