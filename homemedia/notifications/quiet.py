"""Whether a member sleeps, and when he wakes; pure but for the zones' own rules."""

import datetime as dt

from homemedia.notifications.kinds import Kind
from homemedia.notifications.models import Quiet, Wishes

DAY_MINUTES = 24 * 60
MINUTE_MS = 60_000


def zone_of(name: str) -> dt.tzinfo | None:
    """The zone of a name; None, which means the server's own, for a name that this machine does not know."""
    if not name:
        return None
    import zoneinfo  # noqa: PLC0415 - half a megabyte that only who named a zone needs

    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def is_zone(name: str) -> bool:
    """Whether a name is a zone's, so far as this machine knows."""
    return not name or zone_of(name) is not None


def quiet_for_ms(quiet: Quiet | None, at_ms: int) -> int:
    """How long the quiet hours still last at a time in ms; 0 when it is none of them.

    Hours that begin when they end are none. A night of the changing clock is an hour longer or shorter.
    """
    if quiet is None:
        return 0
    begins, ends = _minutes(quiet.begins), _minutes(quiet.ends)
    utc = dt.datetime.fromtimestamp(at_ms / 1000, tz=dt.UTC)
    local = utc.astimezone(zone_of(quiet.time_zone))
    minute = local.hour * 60 + local.minute
    is_quiet = begins <= minute < ends if begins <= ends else minute >= begins or minute < ends
    if not is_quiet:
        return 0
    left = (ends - minute) % DAY_MINUTES or DAY_MINUTES
    return left * MINUTE_MS - at_ms % MINUTE_MS


def is_pushed(wishes: Wishes, kind: Kind) -> bool:
    """Whether a member wants a kind pushed."""
    return wishes.push.get(kind.name, kind.push)


def is_mailed(wishes: Wishes, kind: Kind) -> bool:
    """Whether a member wants a kind in his digest."""
    return wishes.mail.get(kind.name, kind.mail)


def _minutes(text: str) -> int:
    hour, _, minute = text.partition(":")
    return (int(hour) * 60 + int(minute)) % DAY_MINUTES
