"""What an edit makes of what is known of a photo. Pure."""

import datetime as dt
import re
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.core.problems import BadRequest
from homemedia.photos.times import read_time

MINUTE_MS: Final = 60_000
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_OFFSET_IN_TIME: Final = re.compile(r"(?:(?P<utc>[Zz])|(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})?)$")
_OFFSET: Final = re.compile(r"(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?$", re.IGNORECASE)
FIRST_MS: Final = -62_135_596_800_000  # of the year 1
LAST_MS: Final = 253_402_300_799_999  # of the year 9999


class Taken(msgspec.Struct, frozen=True):
    """When a photo was taken: the instant and the clock on the wall, both in ms, and the zone's name if known."""

    at: int
    local_at: int
    zone: str | None


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What of a photo can be edited by hand.

    Attributes:
        locked: what was edited by hand, so that nothing found in the file overwrites it.
    """

    is_favorite: bool
    visibility: str
    description: str
    rating: int | None
    taken: Taken
    original_at: int | None
    latitude: float | None
    longitude: float | None
    live_video_id: str | None
    duplicate_id: str | None
    locked: frozenset[str]


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """What to change; what is UNSET stays.

    Attributes:
        archives: into the archive, or out of it; `visibility` wins.
        shift_min: moves the date by minutes.
    """

    is_favorite: bool | UnsetType = UNSET
    visibility: str | UnsetType = UNSET
    archives: bool | UnsetType = UNSET
    description: str | UnsetType = UNSET
    rating: int | UnsetType | None = UNSET
    taken: Taken | UnsetType = UNSET
    shift_min: int | UnsetType = UNSET
    zone: str | UnsetType = UNSET
    position: tuple[float, float] | UnsetType = UNSET
    live_video_id: str | UnsetType | None = UNSET
    duplicate_id: str | UnsetType | None = UNSET

    @property
    def is_of_facts(self) -> bool:
        """Whether it says what otherwise the file says, so that it belongs into the file beside it."""
        facts = (self.description, self.rating, self.taken, self.shift_min, self.zone, self.position)
        return any(one is not UNSET for one in facts)


def edited(known: Known, edit: Edit) -> Known:
    """What is known of a photo after an edit.

    Raises:
        BadRequest: the date would leave the years 1 to 9999; there is no such zone.
    """
    more: dict[str, object] = {}
    locked = set(known.locked)
    for name in ("is_favorite", "visibility", "live_video_id", "duplicate_id"):
        if (value := getattr(edit, name)) is not UNSET:
            more[name] = value
    if edit.archives is not UNSET and edit.visibility is UNSET:
        more["visibility"] = _archived(known.visibility, is_wanted=bool(edit.archives))
    if edit.description is not UNSET:
        more["description"] = edit.description
        locked.add("description")
    if edit.rating is not UNSET:
        more["rating"] = edit.rating or None
        locked.add("rating")
    if edit.position is not UNSET:
        more["latitude"], more["longitude"] = edit.position
        locked |= {"latitude", "longitude"}
    taken = known.taken if edit.taken is UNSET else edit.taken
    if edit.shift_min is not UNSET:
        taken = _shifted(taken, edit.shift_min)
    if edit.zone is not UNSET:
        taken = in_zone(taken, edit.zone)
    if taken != known.taken or edit.taken is not UNSET:
        more["taken"], more["original_at"] = taken, taken.at
        locked |= {"dateTimeOriginal", "timeZone"}
    return msgspec.structs.replace(known, **more, locked=frozenset(locked))


def read_taken(text: str, field: str = "dateTimeOriginal") -> Taken:
    """A time with its offset as a person enters it; one without is UTC's.

    Raises:
        BadRequest: it is no time.
    """
    at = read_time(text, field)
    has_time = "T" in text.upper() or " " in text.strip()
    found = _OFFSET_IN_TIME.search(text.strip()) if has_time else None
    if found is None or found["utc"]:
        return Taken(at, at, "UTC+0" if found else None)
    minutes = _minutes(found)
    return Taken(at, at + minutes * MINUTE_MS, zone_text(minutes))


def zone_text(minutes: int) -> str:
    """An offset from UTC as the photo API names it: "UTC+2", "UTC-5:30"."""
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")


def in_zone(taken: Taken, zone: str) -> Taken:
    """The same instant on the clocks of a zone, "Europe/Rome" or "UTC+2".

    Raises:
        BadRequest: there is no such zone.
    """
    if zone.upper() in {"UTC", "GMT", "Z"}:
        return Taken(taken.at, taken.at, "UTC+0")
    found = _OFFSET.match(zone)
    if found is not None:
        minutes = _minutes(found)
        return Taken(taken.at, taken.at + minutes * MINUTE_MS, zone_text(minutes))
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - half a megabyte that only such a change needs

    try:
        offset = (_EPOCH + dt.timedelta(milliseconds=taken.at)).astimezone(ZoneInfo(zone)).utcoffset()
    except (ValueError, OSError, LookupError, OverflowError):
        raise BadRequest("There is no such time zone.", field="timeZone", reason="is no time zone") from None
    return Taken(taken.at, taken.at + int((offset or dt.timedelta()).total_seconds() * 1000), zone)


def _archived(visibility: str, *, is_wanted: bool) -> str:
    if is_wanted:
        return "archive"
    return "timeline" if visibility == "archive" else visibility


def _minutes(found: re.Match[str]) -> int:
    minutes = int(found["hours"]) * 60 + int(found["minutes"] or 0)
    return -minutes if found["sign"] == "-" else minutes


def _shifted(taken: Taken, minutes: int) -> Taken:
    by = minutes * MINUTE_MS
    if not all(FIRST_MS <= at + by <= LAST_MS for at in (taken.at, taken.local_at)):
        raise BadRequest("No calendar reaches that far.", field="dateTimeRelative", reason="is out of range")
    return Taken(taken.at + by, taken.local_at + by, taken.zone)
