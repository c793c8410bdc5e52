"""A whole file that browsers play, its index in front: what is kept beside a video that not all of them play.

Source:
    Photos contract 8.5.
"""

from typing import Any

import ffmpeg

from homemedia.media.commands import audio, copied, filters, software, source
from homemedia.media.commands.plan import RunPlan
from homemedia.media.playable import Conversion, Policy

# As in runs for players, and word of how far it is on standard output.
ALWAYS = ("-nostdin", "-hide_banner", "-nostats", "-loglevel", "warning", "-y", "-progress", "pipe:1")
# Times as fine as the muxer's: phones film at uneven rates.
TIMESCALE = 90_000
KEYFRAME_S = 4


def stored_command(program: str, path: str, target: str, wish: Conversion, policy: Policy) -> list[str]:
    """Build the command line that writes `target`, program first; how far it is goes to standard output.

    Args:
        program: ffmpeg.
        path: the video.
        target: what is written, whatever lies there.
        wish: what becomes of it.
        policy: how the picture is made.
    """
    video, sound = wish.video, wish.audio
    plan = RunPlan(
        ffmpeg=program,
        path=path,
        video=video,
        audio=sound,
        stream=wish.stream,
        preset=policy.preset,
        crf=policy.crf,
    )
    opened = source.opened(plan)
    options = _whole()
    if video.action == "copy":
        streams: list[Any] = [opened[str(video.track)]]
        options |= copied.video_options(plan, video)
    else:
        streams = [filters.pictured(opened, plan, video)]
        options |= _picture_options(plan, policy)
    if sound is not None:
        streams.append(opened[str(sound.track)])
        options |= audio.audio_options(plan, sound)
    head = [program, *ALWAYS, *(software.setup(plan) if video.needs_reshaping else ())]
    made: list[str] = ffmpeg.compile(ffmpeg.output(*streams, f"file:{target}", **options), cmd=head)
    return made


def _whole() -> dict[str, str | int | None]:
    # Nothing of where and when it was filmed: who is shown a video is not shown that.
    return {
        "map_metadata": -1,
        "map_chapters": -1,
        "sn": None,
        "dn": None,
        "max_muxing_queue_size": 2048,
        "format": "mp4",
        "movflags": "+faststart",
        "video_track_timescale": TIMESCALE,
    }


def _picture_options(plan: RunPlan, policy: Policy) -> dict[str, str | int]:
    options: dict[str, str | int] = {
        "c:v": "libx264",
        "preset": plan.preset,
        "crf": plan.crf,
        "profile:v": "high",
        "pix_fmt": "yuv420p",
        "g": round(KEYFRAME_S * plan.frame_rate),
        "fps_mode": "vfr",
    }
    if policy.max_bitrate:
        options |= {"maxrate": policy.max_bitrate, "bufsize": 2 * policy.max_bitrate}
    if policy.threads:
        options["threads"] = policy.threads
    return options
