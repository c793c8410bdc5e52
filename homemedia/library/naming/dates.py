"""Years and dates as they stand in file names. Whether a number is a year or a date, never what it means."""

import datetime as dt
import re
import time

import msgspec

FIRST_FILM_YEAR = 1888  # Roundhay Garden Scene

YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([-._ ])(\d{2})\2(\d{2})(?!\d)")
DAY_FIRST = re.compile(r"(?<!\d)(\d{2})([-._ ])(\d{2})\2(\d{4})(?!\d)")
PACKED = re.compile(r"(?<!\d)((?:18|19|20)\d{2})(\d{2})(\d{2})(?!\d)")


class FoundDate(msgspec.Struct, frozen=True):
    """A calendar date and where it stands in the text."""

    day: dt.date
    start: int
    end: int


def is_plausible_year(number: int) -> bool:
    """Whether a film or show can be of that year: from the first film to the year after next."""
    return FIRST_FILM_YEAR <= number <= time.gmtime().tm_year + 2


def calendar_date(year: int, month: int, day: int) -> dt.date | None:
    """The date, when the calendar has it and the year is plausible."""
    if not is_plausible_year(year):
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def find_date(text: str) -> FoundDate | None:
    """The first date in the text: `2018-03-24` (also with dots, underscores or blanks), `24.03.2018`, `20180324`.

    `03.24.2018` is taken as month first, since no calendar knows the other reading.
    """
    for match in YEAR_FIRST.finditer(text):
        if day := calendar_date(int(match[1]), int(match[3]), int(match[4])):
            return FoundDate(day, match.start(), match.end())
    for match in DAY_FIRST.finditer(text):
        year, first, second = int(match[4]), int(match[1]), int(match[3])
        if day := calendar_date(year, second, first) or calendar_date(year, first, second):
            return FoundDate(day, match.start(), match.end())
    for match in PACKED.finditer(text):
        if day := calendar_date(int(match[1]), int(match[2]), int(match[3])):
            return FoundDate(day, match.start(), match.end())
    return None
