"""How ffmpeg opens a file: nothing but media, from nothing but the disk."""

from typing import Any

import ffmpeg

from homemedia.media.commands.plan import RunPlan, seconds
from homemedia.media.pure import SAFE_DEMUXERS


def opened(plan: RunPlan, **more: str) -> Any:  # noqa: ANN401 - the graph library has no types
    """The file as the beginning of a graph; `more` are options of the input."""
    options: dict[str, str | None] = {
        "protocol_whitelist": "file,pipe",
        "format_whitelist": SAFE_DEMUXERS,
        **more,
    }
    if plan.opens_at_us:
        options["ss"] = seconds(plan.opens_at_us)
    if plan.copies_video:
        # AVI and old transport streams stamp what they carry incompletely; nothing is decoded here that would mend it.
        options["fflags"] = "+genpts"
        if plan.ss_us:
            options["noaccurate_seek"] = None
    return ffmpeg.input(f"file:{plan.path}", **options)
