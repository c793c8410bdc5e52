"""What a file says of itself in its tags, in the fields of an item. Pure.

Only home videos listen to it: the titles inside films and episodes are mostly release names (watch contract §6.1).
"""

import re
from datetime import UTC, date, datetime

from homemedia.library.metadata.models import Facts
from homemedia.media import Tags

# Cameras without a set clock count from the beginning of their epoch.
FIRST_YEAR = 1975
MAX_TITLE = 500
MAX_TEXT = 20_000
MAX_ENTRY = 100
_FILE_LIKE = re.compile(r".*\.[a-z0-9]{2,4}", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(?:[-:./]?(\d{2})[-:./]?(\d{2}))?")


def facts_of(library_kind: str, tags: Tags) -> Facts:
    """Fields that the tags know; nothing outside of home video libraries."""
    if library_kind != "video":
        return {}
    released = _day(tags)
    facts: Facts = {
        "title": _title(tags.title),
        "summary": _text(tags.description) or _text(tags.comment),
        "release_date": released,
        "year": int(released[:4]) if released else _year(tags.date),
        "directors": _names(tags.artist),
        "genres": _names(tags.genre),
        "collection": _line(tags.album),
    }
    return {field: value for field, value in facts.items() if value not in (None, "", [])}


def _title(text: str | None) -> str | None:
    """A title, unless it is the name of a file: editors write that of their project."""
    title = " ".join((text or "").split())[:MAX_TITLE]
    return None if not title or _FILE_LIKE.fullmatch(title) or "/" in title or "\\" in title else title


def _line(text: str | None) -> str | None:
    return " ".join((text or "").split())[:MAX_ENTRY].strip() or None


def _text(text: str | None) -> str | None:
    return (text or "").strip()[:MAX_TEXT] or None


def _names(text: str | None) -> list[str]:
    parts = (_line(part) for part in re.split(r"[;/|]", text or ""))
    return list(dict.fromkeys(part for part in parts if part))[:20]


def _day(tags: Tags) -> str | None:
    """The day it was taken: the date someone wrote, else the moment the camera noted."""
    match = _DATE.match((tags.date or "").strip())
    if match and match[2]:
        try:
            day = date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            day = None
        if day is not None and FIRST_YEAR <= day.year <= 2100:
            return day.isoformat()
    if tags.created_at is None:
        return None
    try:
        moment = datetime.fromtimestamp(tags.created_at / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.date().isoformat() if FIRST_YEAR <= moment.year <= 2100 else None


def _year(text: str | None) -> int | None:
    match = _DATE.match((text or "").strip())
    return int(match[1]) if match and FIRST_YEAR <= int(match[1]) <= 2100 else None
