"""Times as the photo API has them (photos §1.5): ISO 8601 in, `YYYY-MM-DDTHH:MM:SS.mmmZ` out; ms in between."""

import datetime as dt
import re

from homemedia.accounts.wire import iso
from homemedia.core.problems import BadRequest

__all__ = ["iso", "read_time"]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MS = dt.timedelta(milliseconds=1)
# datetime reads fractions of at most six digits; cameras' clocks have been seen with nine.
_LONG_FRACTION = re.compile(r"(\.\d{6})\d+")


def read_time(text: str, field: str) -> int:
    """An instant in ms; a date alone is its midnight, a time without offset one of UTC.

    Raises:
        BadRequest: it is no ISO 8601, or before the year 1 or after 9999.
    """
    try:
        moment = dt.datetime.fromisoformat(_LONG_FRACTION.sub(r"\1", text.strip()))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        return (moment.astimezone(dt.UTC) - _EPOCH) // _MS
    except (ValueError, OverflowError):
        reason = "Invalid input: expected date, received string"
        raise BadRequest("Validation failed", field=field, reason=reason) from None
