"""WebVTT: what browsers show. Read with patience, written exactly. Pure.

Source:
    W3C WebVTT; RFC 8216, 3.5 for the map of times.
"""

import re
from collections.abc import Iterable
from typing import Final

from homemedia.media.subtitles import srt
from homemedia.media.subtitles.cues import VTT_TAGS, Cue, UnreadableSubtitle, clean

# The offset of every stream of ours, 10 s on the 90 kHz clock.
TIMESTAMP_MAP: Final = "X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000"
_TIME: Final = r"((?:\d{1,6}:)?\d{1,2}:\d{1,2}[.,]\d{1,3})"
_TIMING = re.compile(rf"^[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}(.*)$")
_SETTING = re.compile(r"(?:vertical:(?:rl|lr)|(?:line|position|size|align):[\w.,%-]{1,40})")
_PASSING = re.compile(r"<(?:\d{1,6}:)?\d{1,2}:\d{2}\.\d{3}>")


def is_vtt(text: str) -> bool:
    return text.startswith("WEBVTT") and text[6:7] in {"", " ", "\t", "\n", "\r"}


def parse(text: str) -> list[Cue]:
    """The cues of a WebVTT text; comments, styles and regions are left out.

    Raises:
        UnreadableSubtitle: it does not begin as WebVTT does.
    """
    if not is_vtt(text):
        raise UnreadableSubtitle("This file is not what its name says.")
    cues: list[Cue] = []
    timing: re.Match[str] | None = None
    body: list[str] = []
    for line in [*text.splitlines(), ""]:
        found = _TIMING.match(line) if "-->" in line else None
        if found is not None or not line.strip():
            if timing is not None:
                cues.append(_cue(timing, body))
            timing, body = found, []
        elif timing is not None:
            body.append(line)
    return cues


def _cue(timing: re.Match[str], body: list[str]) -> Cue:
    settings = " ".join(word for word in timing[3].split() if _SETTING.fullmatch(word))
    raw = _PASSING.sub("", "\n".join(body))
    return Cue(srt.read_time(timing[1]), srt.read_time(timing[2]), clean(raw, tags=VTT_TAGS), settings)


def write(cues: Iterable[Cue], *, is_for_hls: bool = False) -> str:
    """Cues as WebVTT.

    Args:
        cues: by their start.
        is_for_hls: with the map of times that a playlist's subtitles need.
    """
    parts = [f"WEBVTT\n{TIMESTAMP_MAP}\n" if is_for_hls else "WEBVTT\n"]
    for cue in cues:
        settings = f" {cue.settings}" if cue.settings else ""
        parts.append(f"{_time(cue.start_ms)} --> {_time(cue.end_ms)}{settings}\n{cue.text}\n")
    return "\n".join(parts)


def _time(ms: int) -> str:
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}.{ms:03}"
