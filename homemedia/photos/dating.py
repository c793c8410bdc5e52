"""When a photo was taken, from what its file says (photos §8.2). Pure; times in ms."""

import datetime as dt
from typing import TYPE_CHECKING

import msgspec

from homemedia.media.photo_models import PhotoFacts
from homemedia.photos.models import EPOCH

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

MINUTE_MS = 60_000


class Dated(msgspec.Struct, frozen=True):
    """`taken_at`: the instant; `local_taken_at`: the wall's clock as if UTC; `time_zone`: IANA, else "UTC+5:30"."""

    taken_at: int
    local_taken_at: int
    time_zone: str | None


def dated(facts: PhotoFacts, *, uploaded_at: int, modified_at: int) -> Dated:
    """Decide when a photo was taken.

    Args:
        facts: what its file says.
        uploaded_at: what its device said when it sent it.
        modified_at: when the file was last written, as the device said.
    """
    if facts.clock_ms is None:
        found = min(uploaded_at, modified_at)
        return Dated(found, found + (_offset_at(facts.zone, found) or 0) * MINUTE_MS, _known(facts.zone))
    clock = facts.clock_ms
    if facts.is_utc:
        offset = _offset_at(facts.zone, clock)
        return Dated(clock, clock + (offset or 0) * MINUTE_MS, None if offset is None else facts.zone)
    if facts.offset_min is not None:
        instant = clock - facts.offset_min * MINUTE_MS
        is_there = _offset_at(facts.zone, instant) == facts.offset_min
        return Dated(instant, clock, facts.zone if is_there else offset_name(facts.offset_min))
    offset = _offset_on_wall(facts.zone, clock)
    if offset is not None:
        return Dated(clock - offset * MINUTE_MS, clock, facts.zone)
    if facts.gps_offset_min is not None:
        return Dated(clock - facts.gps_offset_min * MINUTE_MS, clock, offset_name(facts.gps_offset_min))
    return Dated(clock, clock, None)


def offset_name(minutes: int) -> str:
    """How the photo API names an offset: UTC+2, UTC-7, UTC+5:30, UTC+0."""
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


def _known(zone: str | None) -> str | None:
    return zone if _zone(zone) is not None else None


def _zone(name: str | None) -> "ZoneInfo | None":
    if name is None:
        return None
    import zoneinfo  # noqa: PLC0415 - half a megabyte that only photos with a zone need

    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None  # a system without that zone's table


def _offset_at(name: str | None, instant: int) -> int | None:
    """Minutes from UTC at an instant."""
    zone = _zone(name)
    if zone is None:
        return None
    return _minutes((EPOCH + dt.timedelta(milliseconds=instant)).astimezone(zone).utcoffset())


def _offset_on_wall(name: str | None, clock: int) -> int | None:
    """Minutes from UTC when the wall's clock shows this; of an hour that is lived twice, the first."""
    zone = _zone(name)
    if zone is None:
        return None
    return _minutes((EPOCH + dt.timedelta(milliseconds=clock)).replace(tzinfo=zone).utcoffset())


def _minutes(offset: dt.timedelta | None) -> int | None:
    return None if offset is None else round(offset.total_seconds() / 60)
