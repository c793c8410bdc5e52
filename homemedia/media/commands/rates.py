"""What all encoders in hardware are told alike: a rate that varies around the target, and no B-frames."""

from homemedia.media.commands.keyframes import keyframe_options
from homemedia.media.commands.plan import RunPlan
from homemedia.media.plans import VideoPlan

USUAL_BITRATE = 4_000_000


def device_options(plan: RunPlan, video: VideoPlan) -> dict[str, str | int]:
    """Encoder, target rate, profile and keyframes."""
    rate = video.bitrate or USUAL_BITRATE
    return {
        "c:v": plan.encoder.name,
        "b:v": rate,
        "maxrate": rate,
        "bufsize": 2 * rate,
        "profile:v": "high" if plan.encoder.name.startswith("h264") else "main",
        # Their reordering is the driver's; without it decode and presentation times are the same on every one.
        "bf": 0,
        **keyframe_options(plan),
    }


def native_decoder(video: VideoPlan) -> dict[str, str]:
    """AV1 is decoded by a library unless told otherwise, and a library does not ask the device."""
    return {"c:v": "av1"} if video.codec_from == "av1" else {}
