"""What a source says of a clip, as it is kept (clips §4.1). Pure.

Threat: the words come from whoever runs the page behind the link. They are kept as text, cut to what a caption has
room for; addresses are kept only where a browser may be sent to them.
"""

import math
import re

from homemedia.clips.download.models import Facts
from homemedia.clips.models import MAX_CAPTION, MAX_URL

MAX_NAME = 200
MAX_COUNT = (1 << 53) - 1
MOST_SECONDS = 7 * 24 * 3600
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_WEB = re.compile(r"https?://[^\s\x00-\x1f\x7f\"'<>\\]+", re.IGNORECASE)


def kept_facts(facts: Facts, *, is_music: bool) -> dict[str, object]:
    """The columns of a clip that a source fills; None where it says nothing.

    Args:
        facts: as the source wrote them.
        is_music: the title of a song is its name; of a film what its maker says of it goes first.
    """
    title, description = _text(facts.title, MAX_CAPTION), _text(facts.description, MAX_CAPTION)
    creator = _text(facts.creator_name, MAX_NAME)
    return {
        "source_title": title or description if is_music else description or title,
        "artist": _text(facts.artist, MAX_NAME),
        "album_art_url": _address(facts.album_art_url),
        "spotify_url": _address(facts.spotify_url),
        "apple_music_url": _address(facts.apple_music_url),
        "youtube_music_url": _address(facts.youtube_music_url),
        "creator_name": creator.removeprefix("@") or None if creator else None,
        "creator_url": _address(facts.creator_url),
        "source_view_count": _count(facts.view_count),
    }


def duration_ms(told_s: float | None, found_ms: int | None) -> int | None:
    """How long a clip is: as its file says, else as its source does."""
    if found_ms is not None and found_ms > 0:
        return found_ms
    if told_s is None or not math.isfinite(told_s) or not 0 < told_s <= MOST_SECONDS:
        return None
    return round(told_s * 1000)


def _text(text: str | None, most: int) -> str | None:
    clean = _CONTROL.sub("", text or "").strip()
    if len(clean) > most:
        clean = clean[:most].rstrip() + "…"
    return clean or None


def _address(text: str | None) -> str | None:
    clean = (text or "").strip()
    return clean if len(clean) <= MAX_URL and _WEB.fullmatch(clean) else None


def _count(number: int | None) -> int | None:
    return number if number is not None and 0 <= number <= MAX_COUNT else None
