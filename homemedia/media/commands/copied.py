"""The picture as it is in the file."""

from homemedia.media.commands.plan import RunPlan
from homemedia.media.plans import RESHAPED, VideoPlan


def video_options(plan: RunPlan, video: VideoPlan) -> dict[str, str | int]:
    options: dict[str, str | int] = {"c:v": "copy"}
    if video.codec == "hevc" and plan.format == "fmp4":
        # Apple's players take parameter sets from the description alone, which this name promises.
        options["tag:v"] = "dvh1" if video.dolby_vision == RESHAPED else "hvc1"
    return options
