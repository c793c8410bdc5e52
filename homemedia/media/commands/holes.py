"""Repeats pictures where a film has none for long, so that every segment of it holds some.

A film of slides, or one with a damaged stretch, has no picture for longer than a segment lasts. An encoder makes no
keyframe there, players find nothing to show and stop.
"""

from typing import Any

import ffmpeg

from homemedia.media.commands.plan import RunPlan, seconds

# Pictures a second; where the film has its own, hardly more than nothing is added.
RATE = 2


def filled(stream: Any, plan: RunPlan) -> Any:  # noqa: ANN401 - the graph library has no types
    """The picture, and its last one again at every half second, until the film ends.

    `streamselect` answers at the times of all its inputs with a picture of the first: a second input that nobody sees
    is its clock, and ends it.
    """
    end_us = plan.table.end_us if plan.table is not None else plan.ss_us + plan.segment_us
    length = seconds(max(0, end_us - plan.opens_at_us))
    clock = ffmpeg.input(f"color=size=16x16:rate={RATE}:duration={length}", format="lavfi")["0"]
    lasting = stream.filter("tpad", stop=-1, stop_mode="clone")
    # It gives all its streams one form, the clock's would do as well.
    pixels = "yuv420p"
    return ffmpeg.filter([lasting, clock.filter("format", pixels)], "streamselect", inputs=2, map=0)
