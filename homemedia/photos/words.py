"""What can be said of a photo in words, and how what somebody types is read (photos §6.5). Pure; English."""

import colorsys
import datetime as dt
import re
from collections.abc import Mapping
from typing import Final

import msgspec

from homemedia.library.naming.normal import normalise
from homemedia.library.search import words_of
from homemedia.photos.models import EPOCH

MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
SEASONS: Final = ("winter", "winter", "spring", "spring", "spring", "summer", "summer", "summer", "autumn", "autumn")
SPRING: Final = 3
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FEASTS: Final[Mapping[tuple[int, int], str]] = {
    (12, 24): "christmas",
    (12, 25): "christmas",
    (12, 26): "christmas",
    (12, 31): "newyear silvester",
    (1, 1): "newyear",
    (10, 31): "halloween",
    (2, 14): "valentine",
}
SAME: Final[Mapping[str, str]] = {
    "fall": "autumn",
    "xmas": "christmas",
    "film": "video",
    "films": "video",
    "movie": "video",
    "movies": "video",
    "clip": "video",
    "clips": "video",
    "panoramic": "panorama",
    "grey": "gray",
    "violet": "purple",
}
# Words between words, and what every picture is.
IDLE: Final = frozenset(
    {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with", "my", "our", "me", "us"}
    | {"show", "find", "all", "any", "some", "is", "are", "was", "were", "that", "this", "taken"}
    | {"photo", "photos", "picture", "pictures", "image", "images", "pic", "pics"}
)
PANORAMA_RATIO: Final = 2.3
MAX_QUERY: Final = 300
MAX_WORDS: Final = 12
LONG_WORD: Final = 4
_RELATIVE: Final = re.compile(
    r"\b(?P<which>last|this) (?P<what>year|month|week|spring|summer|autumn|fall|winter)\b|\b(?P<day>today|yesterday)\b"
)
_HISSING: Final = re.compile(r"(?:ch|sh|x|s|z)es$")
_SCREENSHOT: Final = re.compile(r"screen ?shot|bildschirmfoto|capture d ecran")
# Of thumbhash's header: lightness in six bits, two differences of colour in six bits each.
_SIX: Final = 63
_DULL, _DARK, _BRIGHT = 0.14, 0.22, 0.82
_HUES: Final = (
    (20, "red"),
    (45, "orange"),
    (70, "yellow"),
    (165, "green"),
    (255, "blue"),
    (300, "purple"),
    (335, "pink"),
    (361, "red"),
)
_BROWN_BELOW: Final = 0.45


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A query as it was read.

    Attributes:
        words: each must be said of a photo, or begin something that is.
        local_from, local_until: between which clocks on the wall, in ms, the end not included; None for any.
    """

    words: tuple[str, ...]
    local_from: int | None = None
    local_until: int | None = None

    @property
    def is_empty(self) -> bool:
        return not self.words and self.local_from is None

    def match(self, *, is_any: bool = False, columns: str = "") -> str:
        """The words in the language of the index; "" without words."""
        terms = [_term(word) for word in self.words]
        found = (" OR " if is_any else " AND ").join(terms)
        return f"{columns}({found})" if found and columns else found


def read_query(text: str, today: dt.date) -> Asked:
    """What somebody who types this wants to see.

    Args:
        text: as typed.
        today: where he is.
    """
    plain = normalise(text[:MAX_QUERY])
    since = until = None
    if (match := _RELATIVE.search(plain)) is not None:
        since, until = _span(match, today)
        plain = plain[: match.start()] + " " + plain[match.end() :]
    plain = re.sub(r"\bnew year(s?( eve| s eve)?)?\b", "newyear", plain)
    words = [SAME.get(word, word) for word in words_of(plain)]
    return Asked(
        words=tuple(dict.fromkeys(word for word in words if word not in IDLE))[:MAX_WORDS],
        local_from=since,
        local_until=until,
    )


def _term(word: str) -> str:
    """A word of the index's language that begins so; one that may be a plural also as one thing."""
    stem = word
    if len(word) >= LONG_WORD and word.endswith("s") and not word.endswith("ss"):
        stem = word[:-2] if _HISSING.search(word) else word[:-1]
        if word.endswith("ies"):
            return f'("{word[:-1]}"* OR "{word[:-3]}y"*)'
    return f'"{stem}"*'


def _span(match: re.Match[str], today: dt.date) -> tuple[int, int]:
    if (day := match["day"]) is not None:
        first = today - dt.timedelta(days=1) if day == "yesterday" else today
        return _ms(first), _ms(first + dt.timedelta(days=1))
    is_last, what = match["which"] == "last", match["what"]
    if what == "year":
        year = today.year - is_last
        return _ms(dt.date(year, 1, 1)), _ms(dt.date(year + 1, 1, 1))
    if what == "month":
        first = today.replace(day=1)
        if is_last:
            first = (first - dt.timedelta(days=1)).replace(day=1)
        return _ms(first), _ms((first + dt.timedelta(days=32)).replace(day=1))
    if what == "week":
        first = today - dt.timedelta(days=today.weekday() + 7 * is_last)
        return _ms(first), _ms(first + dt.timedelta(days=7))
    return _season(SAME.get(what, what), today, is_last=is_last)


def _season(name: str, today: dt.date, *, is_last: bool) -> tuple[int, int]:
    """The season of this year, or the last one that is over. The winter of a year begins in it."""
    begins = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}[name]
    year = today.year - (begins == len(MONTHS) and today.month < SPRING)
    first, until = _three_months(year, begins)
    if is_last and until > today:
        first, until = _three_months(year - 1, begins)
    return _ms(first), _ms(until)


def _three_months(year: int, begins: int) -> tuple[dt.date, dt.date]:
    first = dt.date(year, begins, 1)
    return first, (first + dt.timedelta(days=95)).replace(day=1)


def _ms(day: dt.date) -> int:
    return (dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC) - EPOCH) // dt.timedelta(milliseconds=1)


def date_words(local_taken_at: int) -> str:
    """Year, month, season, weekday and feast of a clock on the wall."""
    at = EPOCH + dt.timedelta(milliseconds=local_taken_at)
    season = (
        SEASONS[at.month - 1] if at.month <= len(SEASONS) else ("autumn" if at.month == len(MONTHS) - 1 else "winter")
    )
    feast = FEASTS.get((at.month, at.day), "")
    return f"{at.year} {MONTHS[at.month - 1]} {season} {DAYS[at.weekday()]} {feast}".rstrip()


def kind_words(
    *,
    kind: str,
    name: str,
    width: int | None,
    height: int | None,
    projection: str | None,
    lens: str | None,
    is_live: bool,
) -> str:
    """What sort of picture it is: video, panorama, selfie, screenshot, live."""
    found = ["video"] if kind == "VIDEO" else []
    if projection or (width and height and max(width, height) / min(width, height) >= PANORAMA_RATIO):
        found.append("panorama")
    if lens and "front" in lens.lower():
        found.append("selfie")
    if _SCREENSHOT.search(normalise(name)):
        found.append("screenshot")
    if is_live:
        found.append("live motion")
    return " ".join(found)


def colour_word(thumbhash: bytes | None) -> str:
    """The colour that most of a picture has; "" while nobody knows.

    Source:
        evanw/thumbhash: the first 18 bits are the averages of lightness and of two differences of colour.
    """
    if thumbhash is None or len(thumbhash) < len("rgb"):
        return ""
    header = int.from_bytes(thumbhash[:3], "little")
    light = (header & _SIX) / _SIX
    yellow_blue = (header >> 6 & _SIX) / 31.5 - 1
    red_green = (header >> 12 & _SIX) / 31.5 - 1
    blue = light - 2 / 3 * yellow_blue
    red = (3 * light - blue + red_green) / 2
    hue, saturation, value = colorsys.rgb_to_hsv(*(max(0.0, min(1.0, one)) for one in (red, red - red_green, blue)))
    if value < _DARK:
        return "black"
    if saturation < _DULL:
        return "white" if value > _BRIGHT else "gray"
    name = next(word for limit, word in _HUES if hue * 360 < limit)
    return "brown" if name == "orange" and value < _BROWN_BELOW else name
