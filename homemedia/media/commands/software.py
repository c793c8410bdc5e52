"""libx264 on the processor.

Source:
    Watch contract 8.3 and 9.4.
"""

from typing import Any

from homemedia.media.commands import filters
from homemedia.media.commands.keyframes import keyframe_options
from homemedia.media.commands.plan import RunPlan
from homemedia.media.plans import VideoPlan

LEVEL, LARGE_LEVEL = "4.2", "5.1"


def level(video: VideoPlan) -> str:
    """The level that is written into the stream, so that its name is known before it is made."""
    return LARGE_LEVEL if max(video.height, video.width * 9 / 16) > 1088 else LEVEL


def setup(plan: RunPlan) -> list[str]:
    if plan.video is not None and plan.video.needs_reshaping:
        return ["-init_hw_device", "vulkan=vk", "-filter_hw_device", "vk"]
    return []


def input_options(_plan: RunPlan, _video: VideoPlan) -> dict[str, str]:
    return {}


def picture(source: Any, plan: RunPlan, video: VideoPlan) -> Any:  # noqa: ANN401 - the graph library has no types
    return filters.pictured(source, plan, video)


def video_options(plan: RunPlan, video: VideoPlan) -> dict[str, str | int]:
    options: dict[str, str | int] = {
        "c:v": plan.encoder.name,
        "preset": plan.preset,
        "crf": plan.crf,
        "profile:v": "high",
        "level:v": level(video),
        "pix_fmt": "yuv420p",
        "sc_threshold": 0,
        **keyframe_options(plan),
    }
    if video.bitrate:
        options |= {"maxrate": video.bitrate, "bufsize": 2 * video.bitrate}
    return options
