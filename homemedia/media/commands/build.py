"""Puts a command line together from the parts of its family."""

from types import MappingProxyType
from typing import Any, Protocol

import ffmpeg
import msgspec

from homemedia.media.commands import (
    amf,
    audio,
    copied,
    muxing,
    nvenc,
    qsv,
    software,
    source,
    v4l2m2m,
    vaapi,
    videotoolbox,
)
from homemedia.media.commands.holes import filled
from homemedia.media.commands.keyframes import on_the_clock
from homemedia.media.commands.plan import SOFTWARE, Family, RunPlan
from homemedia.media.plans import VideoPlan

# Whatever the run does. Global options stand in front: the graph library would put them behind the output.
ALWAYS = ("-nostdin", "-hide_banner", "-nostats", "-loglevel", "warning")
# Times as fine as the muxer's: counted in frames they would be rounded to another grid by each run.
ENCODER_CLOCK = "1:90000"


class Encoding(Protocol):
    """What a module of a family offers."""

    def setup(self, plan: RunPlan) -> list[str]: ...
    def input_options(self, plan: RunPlan, video: VideoPlan) -> dict[str, str]: ...
    def picture(self, source: Any, plan: RunPlan, video: VideoPlan) -> Any: ...  # noqa: ANN401 - untyped graph
    def video_options(self, plan: RunPlan, video: VideoPlan) -> dict[str, str | int]: ...


FAMILIES: MappingProxyType[Family, Encoding] = MappingProxyType(
    {
        "software": software,
        "vaapi": vaapi,
        "qsv": qsv,
        "nvenc": nvenc,
        "videotoolbox": videotoolbox,
        "amf": amf,
        "v4l2m2m": v4l2m2m,
    }
)


def command(plan: RunPlan) -> list[str]:
    """Build the whole command line of a run, program first; it writes to standard output.

    Raises:
        ValueError: the plan holds neither picture nor sound.
    """
    video, sound = plan.video, plan.audio
    if video is None and sound is None:
        raise ValueError("a run needs a picture or a sound")
    if video is not None and (video.needs_reshaping or plan.fills_holes):
        plan = msgspec.structs.replace(plan, encoder=SOFTWARE)  # the one way there is to show it
    family = FAMILIES[plan.encoder.family]
    head = [plan.encoder.ffmpeg or plan.ffmpeg, *ALWAYS]
    options: dict[str, Any] = muxing.output_options(plan)
    streams = []
    if video is not None and video.action == "transcode":
        head += family.setup(plan)
        opened = source.opened(plan, **family.input_options(plan, video))
        picture = family.picture(opened, plan, video)
        streams.append(on_the_clock(filled(picture, plan) if plan.fills_holes else picture, plan))
        options |= family.video_options(plan, video) | {"enc_time_base:v": ENCODER_CLOCK, "fps_mode": "vfr"}
    else:
        opened = source.opened(plan)
        if video is not None:
            streams.append(opened[str(video.track)])
            options |= copied.video_options(plan, video)
    if sound is not None:
        streams.append(opened[str(sound.track)])
        options |= audio.audio_options(plan, sound)
    made: list[str] = ffmpeg.compile(ffmpeg.output(*streams, "pipe:1", **options), cmd=head)
    return made
