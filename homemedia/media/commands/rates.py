"""What all encoders in hardware are told alike: a rate that varies around the target, and no B-frames."""

from homemedia.media.commands.keyframes import keyframe_options
from homemedia.media.commands.plan import RunPlan
from homemedia.media.plans import VideoPlan

USUAL_BITRATE = 4_000_000


def device_options(plan: RunPlan, video: VideoPlan) -> dict[str, str | int]:
    """Encoder, target rate, profile and keyframes."""
    rate = video.bitrate or USUAL_BITRATE
    makes_hevc = plan.encoder.name.startswith("hevc")
    # Apple's players take HEVC by no other name.
    named: dict[str, str | int] = {"tag:v": "hvc1"} if makes_hevc and plan.format == "fmp4" else {}
    return named | {
        "c:v": plan.encoder.name,
        "b:v": rate,
        "maxrate": rate,
        "bufsize": 2 * rate,
        "profile:v": "main" if makes_hevc else "high",
        # Their reordering is the driver's; without it decode and presentation times are the same on every one.
        "bf": 0,
        **keyframe_options(plan),
    }


def native_decoder(video: VideoPlan) -> dict[str, str]:
    """AV1 is decoded by a library unless told otherwise, and a library does not ask the device."""
    return {"c:v": "av1"} if video.codec_from == "av1" else {}
