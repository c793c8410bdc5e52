"""Where an encoder has to put keyframes, so that each segment begins with one."""

import math
from typing import Any

from homemedia.media.commands.plan import RunPlan, seconds
from homemedia.media.hls.table import SECOND_US

# An uneven beginning (a short first segment) is a handful of pieces; the expression is evaluated for each frame.
MOST_UNEVEN = 8


def keyframe_options(plan: RunPlan) -> dict[str, str | int]:
    """`-g` and, where the encoder obeys, `-force_key_frames`."""
    whole = plan.segment_us / SECOND_US * plan.frame_rate
    if not plan.encoder.forces_keyframes:
        return {"g": max(1, round(whole))}
    return {"g": math.ceil(2 * whole), "force_key_frames": f"expr:gte(t,{_due(plan)})"}


def on_the_clock(stream: Any, plan: RunPlan) -> Any:  # noqa: ANN401 - the graph library has no types
    """Stamp the first picture with the beginning of the run, from which keyframes are counted.

    Their times count from the first picture that comes out. At 25 a second and a beginning at 7.5 s that is 7.52, the
    keyframe meant for 8.00 falls on 8.04, and a picture is lost where two runs meet (measured). The first picture lies
    in the pre-roll and is thrown away; in the first run it makes a film that begins late begin at once.
    """
    start = seconds(plan.ss_us - plan.opens_at_us)
    return stream.filter("setpts", f"if(gte(T,{start})*not(gte(PREV_INPTS,{start}/TB)),{start}/TB,PTS)")


def _due(plan: RunPlan) -> str:
    """When the next keyframe is due, by how many were made (`n_forced`); 0 is where reading begins."""
    length = seconds(plan.segment_us)
    starts = _uneven(plan)
    if starts:
        # n_forced 0 is the first picture, 1 the first segment.
        due = f"{seconds(starts[-1])}+(n_forced-{len(starts)})*{length}"
        for number, start_us in reversed(list(enumerate(starts[:-1], 1))):
            due = f"if(lte(n_forced,{number}),{seconds(start_us)},{due})"
        return f"if(n_forced,{due},0)"
    if plan.first == 0:
        return f"n_forced*{length}"
    return f"max(0,{seconds(plan.p_us)}+(n_forced-1)*{length})"


def _uneven(plan: RunPlan) -> list[int]:
    """Starts of the segments from the wanted one to the last before which lengths differ; empty when all are even."""
    if plan.table is None:
        return []
    table, last = plan.table, plan.table.count - 1
    until = plan.first
    for number in range(plan.first, min(last, plan.first + MOST_UNEVEN)):
        if table.duration_us(number) != plan.segment_us:
            until = number + 1
    if until == plan.first:
        return []
    starts = [table.start_us(number) - plan.ss_us for number in range(plan.first, until + 1)]
    return starts[1:] if plan.p_us == 0 else starts
