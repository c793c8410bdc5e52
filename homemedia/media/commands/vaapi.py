"""Intel and AMD graphics on Linux.

Source:
    Watch contract 11.2; ffmpeg's `scale_vaapi`, `tonemap_vaapi`, `deinterlace_vaapi`.
"""

from typing import Any

from homemedia.media.commands import filters
from homemedia.media.commands.plan import RunPlan
from homemedia.media.commands.rates import device_options, native_decoder
from homemedia.media.plans import VideoPlan


def setup(plan: RunPlan) -> list[str]:
    return ["-init_hw_device", f"vaapi=hw:{plan.encoder.device}", "-filter_hw_device", "hw"]


def input_options(plan: RunPlan, video: VideoPlan) -> dict[str, str]:
    if not plan.stays_on_device:
        return {}
    return {
        "hwaccel": "vaapi",
        "hwaccel_device": "hw",
        "hwaccel_output_format": "vaapi",
        **native_decoder(video),
    }


def picture(source: Any, plan: RunPlan, video: VideoPlan) -> Any:  # noqa: ANN401 - the graph library has no types
    if not plan.stays_on_device:
        return filters.pictured(source, plan, video, "nv12").filter("hwupload")
    stream = source[str(video.track)]
    if video.deinterlace:
        stream = stream.filter("deinterlace_vaapi", rate="frame")
    depth = "p010" if video.tone_map else "nv12"
    stream = stream.filter("scale_vaapi", w=video.width, h=video.height, format=depth)
    if video.tone_map:
        stream = stream.filter("tonemap_vaapi", format="nv12", p="bt709", t="bt709", m="bt709")
    return stream.filter("setsar", 1)


def video_options(plan: RunPlan, video: VideoPlan) -> dict[str, str | int]:
    return device_options(plan, video) | {"rc_mode": "VBR"}
