"""From any text format to any other. Pure."""

from typing import Final, Literal

from homemedia.media.subtitles import ass, others, srt, vtt
from homemedia.media.subtitles import cues as limits
from homemedia.media.subtitles.charset import decoded
from homemedia.media.subtitles.cues import Cue, UnreadableSubtitle, in_order, shifted

Target = Literal["vtt", "srt", "ass", "original"]
Form = Literal["vtt", "srt", "ass", "microdvd", "mpl2", "subviewer", "sami"]

CONTENT_TYPES: Final = {
    "vtt": "text/vtt",
    "srt": "application/x-subrip",
    "ass": "text/x-ssa",
    "sami": "text/plain",
    "microdvd": "text/plain",
    "mpl2": "text/plain",
    "subviewer": "text/plain",
}
# What every cue of a format has.
_MARKS: Final[dict[Form, str]] = {
    "vtt": "-->",
    "srt": ">",
    "ass": "ialogue",
    "sami": "=",
    "microdvd": "}{",
    "mpl2": "][",
    "subviewer": ",",
}


def form_of(text: str) -> Form:
    """What a text is, by what stands in it: the endings of files say too little (`.sub` is three formats)."""
    text = text.lstrip("\ufeff \t\r\n")
    if vtt.is_vtt(text):
        return "vtt"
    if ass.is_ass(text):
        return "ass"
    if others.is_sami(text):
        return "sami"
    if others.is_microdvd(text):
        return "microdvd"
    if others.is_mpl2(text):
        return "mpl2"
    return "subviewer" if others.is_subviewer(text) and "-->" not in text[:8192] else "srt"


def read(text: str, *, language: str | None = None, frame_rate: float | None = None) -> list[Cue]:
    """The cues of a text in any format, by their start.

    Args:
        text: the whole file.
        language: chooses among the languages of one file (SAMI).
        frame_rate: of the film, for formats that count frames.

    Raises:
        UnreadableSubtitle: no subtitles are in it.
    """
    text = text.lstrip("\ufeff \t\r\n")
    form = form_of(text)
    # Before the work, not after it.
    if text.count(_MARKS[form]) > limits.MAX_CUES:
        raise UnreadableSubtitle("This file has more subtitles than can be read.")
    if form == "vtt":
        cues = vtt.parse(text)
    elif form == "ass":
        cues = ass.parse(text)
    elif form == "sami":
        cues = others.parse_sami(text, language)
    elif form == "microdvd":
        cues = others.parse_microdvd(text, frame_rate)
    elif form == "mpl2":
        cues = others.parse_mpl2(text)
    elif form == "subviewer":
        cues = others.parse_subviewer(text)
    else:
        cues = srt.parse(text)
    return in_order(cues)


def converted(
    raw: bytes,
    target: Target,
    *,
    language: str | None = None,
    frame_rate: float | None = None,
    shift_ms: int = 0,
    is_for_hls: bool = False,
) -> tuple[bytes, Form]:
    """A subtitle file in another format, always as UTF-8 without a mark, and which format that is.

    Args:
        raw: the file.
        target: `original` keeps the format.
        language: of the file, as far as known; decides about characters.
        frame_rate: of the film.
        shift_ms: how much later everything is shown.
        is_for_hls: WebVTT with the map of times that HLS needs.

    Raises:
        UnreadableSubtitle: nothing can be made of it.
    """
    text = decoded(raw, language)
    form = form_of(text)
    if target == "original" and (not shift_ms or form == "ass"):
        # Also what stays as it is must be something.
        read(text, language=language, frame_rate=frame_rate)
        return _utf8(ass.moved(text, shift_ms) if form == "ass" else text), form
    if target == "ass" and form == "ass":
        ass.parse(text)
        return _utf8(ass.moved(text, shift_ms)), "ass"
    cues = shifted(read(text, language=language, frame_rate=frame_rate), shift_ms)
    made: Form = form if target == "original" and form in {"vtt", "srt"} else "srt" if target == "original" else target
    if made == "vtt":
        return _utf8(vtt.write(cues, is_for_hls=is_for_hls)), made
    return _utf8(srt.write(cues) if made == "srt" else ass.write(cues)), made


def _utf8(text: str) -> bytes:
    return text.removeprefix("\ufeff").encode("utf-8", errors="ignore")


__all__ = ["CONTENT_TYPES", "Form", "Target", "UnreadableSubtitle", "converted", "form_of", "read"]
