"""The command line that takes the text out of a film, in one pass. Pure.

Source:
    Watch contract 10.3.
"""

from collections.abc import Sequence
from pathlib import PurePath
from types import MappingProxyType
from typing import Final

import msgspec

from homemedia.media.models import Attachment, Probe
from homemedia.media.pure import SAFE_DEMUXERS
from homemedia.media.subtitles.cues import MAX_BYTES

# As they are where a file of their own can hold them, so that their characters can be told here; else as SubRip.
_COPIED: Final = MappingProxyType({"srt": "srt", "ass": "ass", "vtt": "webvtt"})
_ENDINGS: Final = MappingProxyType({"srt": "srt", "ass": "ass", "webvtt": "vtt"})
# Text to a probe, but there is no decoder of it.
_UNDECODED: Final = frozenset({"ttml", "hdmv_text"})
_FONT_KINDS: Final = ("font/", "application/x-truetype", "application/x-font", "application/vnd.ms-opentype")
FONT_ENDINGS: Final = frozenset({".ttf", ".otf", ".ttc", ".otc"})
FONTS: Final = "fonts"
MAX_FONT_BYTES: Final = 40 << 20
MAX_FONTS: Final = 100
MAX_ALL_FONTS_BYTES: Final = 200 << 20


class Extraction(msgspec.Struct, frozen=True):
    """What to take out: stream numbers with their formats, and which attachments are fonts."""

    streams: tuple[tuple[int, str], ...]
    fonts: tuple[int, ...] = ()

    def name(self, track: int) -> str | None:
        """The file of a stream, None when it cannot be taken out."""
        for number, form in self.streams:
            if number == track:
                return f"{track}.{_ENDINGS[_COPIED.get(form, 'srt')]}"
        return None

    @property
    def without_fonts(self) -> "Extraction":
        return Extraction(self.streams)


def extraction_of(probe: Probe) -> Extraction:
    """All text streams of a film, and its fonts where they may matter."""
    streams = tuple(
        (stream.track, stream.format) for stream in probe.subtitles if stream.text and stream.format not in _UNDECODED
    )
    has_styles = any(form == "ass" for _, form in streams)
    return Extraction(streams, _fonts(probe.attachments) if has_styles else ())


def _fonts(attachments: Sequence[Attachment]) -> tuple[int, ...]:
    chosen: list[int] = []
    left = MAX_ALL_FONTS_BYTES
    for number, one in enumerate(attachments):
        is_font = one.mime.lower().startswith(_FONT_KINDS) or PurePath(one.name).suffix.lower() in FONT_ENDINGS
        if is_font and 0 < one.size <= min(MAX_FONT_BYTES, left) and len(chosen) < MAX_FONTS:
            chosen.append(number)
            left -= one.size
    return tuple(chosen)


def command(ffmpeg: str, path: str, extraction: Extraction) -> list[str]:
    """The arguments of ffmpeg, which writes into the folder it is started in; there is a folder for fonts in it.

    Threat: names of attachments come from the file and may lead anywhere; the files are named here instead.
    """
    words = [ffmpeg, "-hide_banner", "-nostdin", "-loglevel", "error", "-y"]
    for number in extraction.fonts:
        words += [f"-dump_attachment:t:{number}", f"{FONTS}/{number}.ttf"]
    words += ["-protocol_whitelist", "file,pipe", "-format_whitelist", SAFE_DEMUXERS, "-i", f"file:{path}"]
    for track, form in extraction.streams:
        muxer = _COPIED.get(form, "srt")
        codec = "copy" if form in _COPIED else "srt"
        words += ["-map", f"0:{track}", "-map_metadata", "-1", "-map_chapters", "-1", "-c", codec]
        words += ["-fs", str(MAX_BYTES), "-f", muxer, f"{track}.{_ENDINGS[muxer]}"]
    return words
