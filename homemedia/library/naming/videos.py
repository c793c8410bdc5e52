"""Home videos: title, labels and date from a path. One item per file, parts joined; nothing is looked up online."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable

import msgspec

from homemedia.library.naming.dates import calendar_date, find_date
from homemedia.library.naming.shows import compose
from homemedia.library.naming.stacks import stack


class NameDate(msgspec.Struct, frozen=True):
    """When a name says the recording was made."""

    when: dt.datetime
    """Naive; midnight when only the day is known."""
    has_time: bool
    is_utc: bool
    """Pixel cameras write UTC; all others the clock of the place."""


class HomeVideo(msgspec.Struct, frozen=True, kw_only=True):
    """One home video."""

    title: str
    labels: tuple[str, ...]
    """Names of the folders it lies in, outermost first, each once."""
    date: NameDate | None
    files: tuple[str, ...]
    """Paths below the library root, in order of parts."""


# 20190704_123456, 2019-07-04 12.34.56, 2019-07-04T12:34:56, 20190704123456; also behind a camera's prefix.
MOMENT = re.compile(
    r"(?<!\d)((?:18|19|20)\d{2})([-._ ]?)(\d{2})\2(\d{2})(?:[-_ T]| at |[ _-]{3})?"
    r"([01]\d|2[0-3])([-.:_h]?)([0-5]\d)(?:\6([0-5]\d))?(?:\d{3})?(?!\d)"
)
UTC_CAMERA = re.compile(r"PXL_", re.IGNORECASE)


def group_videos(paths: Iterable[str]) -> list[HomeVideo]:
    """Join the parts of home videos, and read title, labels and date of each.

    Args:
        paths: below the library root, '/' between parts.

    Returns:
        Every path in exactly one video, folder by folder in natural order.

    Source:
        Watch contract 4.1 (`video`).
    """
    by_folder: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        by_folder[path.rpartition("/")[0]].append(path)
    videos: list[HomeVideo] = []
    for folder, files in by_folder.items():
        labels = tuple(dict.fromkeys(compose(part).strip() for part in folder.split("/") if part.strip()))
        for unit in stack(files):
            stem = compose(unit.stem)
            title = " ".join(stem.split()) or stem
            videos.append(HomeVideo(title=title, labels=labels, date=date_in_name(stem), files=unit.files))
    return videos


def date_in_name(stem: str) -> NameDate | None:
    """Day, and time where there is one, that cameras, phones and people write into names.

    `VID_20190704_123456`, `PXL_20210101_123456789`, `2019-07-04 12.34.56`, `VID-20200101-WA0001`, `04.07.2019`.
    """
    for match in MOMENT.finditer(stem):
        if day := calendar_date(int(match[1]), int(match[3]), int(match[4])):
            time = dt.time(int(match[5]), int(match[7]), int(match[8] or 0))
            return NameDate(dt.datetime.combine(day, time), has_time=True, is_utc=UTC_CAMERA.match(stem) is not None)
    if found := find_date(stem):
        return NameDate(dt.datetime.combine(found.day, dt.time()), has_time=False, is_utc=False)
    return None
