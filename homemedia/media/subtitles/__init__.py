"""Subtitles as text: characters, formats, times. Pure: bytes in, bytes out, one named error."""

from homemedia.media.subtitles.charset import decoded
from homemedia.media.subtitles.cues import MAX_BYTES, Cue, UnreadableSubtitle
from homemedia.media.subtitles.formats import CONTENT_TYPES, Form, Target, converted, form_of, read

__all__ = [
    "CONTENT_TYPES",
    "MAX_BYTES",
    "Cue",
    "Form",
    "Target",
    "UnreadableSubtitle",
    "converted",
    "decoded",
    "form_of",
    "read",
]
