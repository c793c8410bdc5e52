"""Where an encoder has to put keyframes, so that each segment begins with one."""

import math
from typing import Any

from homemedia.media.commands.plan import RunPlan, seconds
from homemedia.media.hls.table import SECOND_US


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
    stretches = _stretches(_times(plan))
    due = ""
    for first, start_us, step_us in reversed(stretches):
        count = f"(n_forced-{first})" if first else "n_forced"
        steady = f"{seconds(start_us)}+{count}*{seconds(step_us)}" if start_us else f"{count}*{seconds(step_us)}"
        due = f"if(lt(n_forced,{_after(stretches, first)}),{steady},{due})" if due else steady
    return due


def _after(stretches: list[tuple[int, int, int]], first: int) -> int:
    return next(one[0] for one in stretches if one[0] > first)


def _times(plan: RunPlan) -> list[int]:
    """When keyframes are due, the very first picture's included; what comes after goes on as the last two did."""
    table, count = plan.table, plan.first + 2
    if table is None:
        starts = [plan.ss_us + plan.p_us, plan.ss_us + plan.p_us + plan.segment_us]
    else:
        starts = list(table.boundaries_us[plan.first : -1])
        # The end of the film is no beginning; a last segment may be longer or shorter than the others.
        starts += [starts[-1] + plan.segment_us] if len(starts) < count - plan.first else []
    times = [start - plan.ss_us for start in starts]
    return times if plan.p_us == 0 else [0, *times]


def _stretches(times: list[int]) -> list[tuple[int, int, int]]:
    """(number of the first, its time, distance of those after it) for times that lie evenly for a while each."""
    found: list[tuple[int, int, int]] = []
    at = 0
    while at < len(times) - 1:
        step = times[at + 1] - times[at]
        end = at + 1
        while end + 1 < len(times) and times[end + 1] - times[end] == step:
            end += 1
        found.append((at, times[at], step))
        # The last of a stretch is the first of the next.
        at = end
    return found
