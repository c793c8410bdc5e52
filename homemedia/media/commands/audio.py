"""The sound: copied, or as AAC with one, two or six channels.

Source:
    Watch contract 8.4.
"""

from homemedia.media.commands.plan import RunPlan
from homemedia.media.plans import AudioPlan

SAMPLE_RATE = 48_000
USUAL_BITRATES = {1: 96_000, 2: 160_000, 6: 384_000}
# `5.1` has its surrounds at the back: of six, the one order the encoder writes without a table players cannot read.
LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}
MINUS_3_DB = "0.707107"


def audio_options(plan: RunPlan, audio: AudioPlan) -> dict[str, str | int]:
    if audio.action == "copy":
        # Transport streams carry AAC with a head on each frame, MP4 without.
        is_headed = audio.codec == "aac" and plan.format == "fmp4"
        return {"c:a": "copy", "bsf:a": "aac_adtstoasc"} if is_headed else {"c:a": "copy"}
    return {
        "c:a": "aac",
        "b:a": audio.bitrate or USUAL_BITRATES.get(audio.channels, USUAL_BITRATES[2]),
        "ac": audio.channels,
        "ar": SAMPLE_RATE,
        "af": _filters(plan, audio),
    }


def _filters(plan: RunPlan, audio: AudioPlan) -> str:
    """Keep in step over gaps, and mix down: fronts 1, centre and surrounds 0.707, no bass channel, never above 1."""
    centre = "1" if plan.dialogue_boost and audio.channels == 2 else MINUS_3_DB
    mix = {
        "async": "1",
        "center_mix_level": centre,
        "surround_mix_level": MINUS_3_DB,
        "lfe_mix_level": "0",
        # Without a bound samples in floating point are not normalised, and loud scenes clip in the encoder.
        "rematrix_maxval": "1",
    }
    resample = ":".join(f"{name}={value}" for name, value in mix.items())
    return f"aresample={resample},aformat=sample_rates={SAMPLE_RATE}:channel_layouts={LAYOUTS[audio.channels]}"
