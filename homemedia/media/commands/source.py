"""How ffmpeg opens a file: nothing but media, from nothing but the disk."""

from pathlib import PurePath
from typing import Any

import ffmpeg

from homemedia.media.commands.plan import RunPlan, seconds
from homemedia.media.pure import SAFE_DEMUXERS

# The two formats of bitmap subtitles in files of their own; the second reads the other half of its pair.
BITMAPS = {".sup": ("sup", "sup"), ".idx": ("vobsub", "vobsub,mpeg")}


def beside(plan: RunPlan) -> Any:  # noqa: ANN401 - as below
    """Bitmap subtitles in a file of their own. It counts from the film's beginning, not from its first subtitle.

    Raises:
        ValueError: there is no such file, or it is of another format.
    """
    path = plan.bitmap_file or ""
    form, demuxers = BITMAPS.get(PurePath(path).suffix.lower(), ("", ""))
    if not form:
        raise ValueError("bitmap subtitles come as .sup or .idx")
    options = {"format": form, "format_whitelist": demuxers, "protocol_whitelist": "file,pipe", "seek_timestamp": "1"}
    if plan.opens_at_us:
        options["ss"] = seconds(plan.opens_at_us)
    return ffmpeg.input(f"file:{path}", **options)["s:0"]


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
