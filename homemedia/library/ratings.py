"""Age ratings of many countries read as an age. Pure.

Source:
    Watch contract 14, as TMDb names the countries' ratings.
"""

import re
from types import MappingProxyType

# By country (ISO 3166-1), ratings as `_key` makes them; a plain number speaks for itself.
AGES = MappingProxyType(
    {
        "us": {
            "g": 0,
            "tvy": 0,
            "tvg": 0,
            "tvy7": 7,
            "tvy7fv": 7,
            "pg": 10,
            "tvpg": 10,
            "pg13": 13,
            "tv14": 14,
            "r": 17,
            "nc17": 17,
            "tvma": 17,
            "x": 18,
        },
        "gb": {"u": 0, "pg": 8, "12a": 12, "12": 12, "15": 15, "18": 18, "r18": 21},
        "de": {"0": 0, "6": 6, "12": 12, "16": 16, "18": 18},
        "fr": {"u": 0, "tp": 0, "10": 10, "12": 12, "16": 16, "18": 18},
        "nl": {"al": 0, "6": 6, "9": 9, "12": 12, "14": 14, "16": 16, "18": 18},
        "se": {"btl": 0, "7": 7, "11": 11, "15": 15},
        "no": {"a": 0, "6": 6, "9": 9, "12": 12, "15": 15, "18": 18},
        "dk": {"a": 0, "7": 7, "11": 11, "15": 15},
        "fi": {"s": 0, "k7": 7, "k12": 12, "k16": 16, "k18": 18},
        "ie": {"g": 4, "pg": 12, "12a": 12, "15a": 15, "16": 16, "18": 18},
        "it": {"t": 0, "6+": 6, "14+": 14, "18+": 18},
        "es": {"a": 0, "7": 7, "12": 12, "16": 16, "18": 18},
        "au": {"g": 0, "pg": 15, "m": 15, "ma15+": 15, "r18+": 18},
        "ca": {"c": 0, "g": 0, "c8": 8, "pg": 8, "14a": 14, "18a": 18},
        "br": {"l": 0, "10": 10, "12": 12, "14": 14, "16": 16, "18": 18},
        "jp": {"g": 0, "pg12": 12, "r15+": 15, "r18+": 18},
    }
)
# What people write for a country or its board.
PLACES = MappingProxyType({**{code: code for code in AGES}, "uk": "gb", "usa": "us", "fsk": "de", "bbfc": "gb"})
NO_RATING = frozenset({"nr", "ur", "unrated", "notrated", "na", "none"})

_NUMBER = re.compile(r"(\d{1,2})\+?")
_RATED = re.compile(r"^(?:rated|rating:?)\s+", re.IGNORECASE)
_REASON = re.compile(r"\s+for\s.*$", re.IGNORECASE | re.DOTALL)
_PLACED = re.compile(r"\s*([a-z]{2,4})\s*[:/]\s*(.+)", re.IGNORECASE | re.DOTALL)
_BOARD = re.compile(r"\s*(fsk|bbfc)[\s_-]*(.+)", re.IGNORECASE | re.DOTALL)
_BETWEEN = re.compile(r"[/|,;]")


def fold(text: str) -> str:
    """A rating or label as it is compared: without regard to case and superfluous blanks."""
    return " ".join(text.split()).casefold()


def is_none(rating: str) -> bool:
    """Whether a rating says in so many words that there is none: `NR` and its like."""
    return _key(rating) in NO_RATING


def age_of(rating: str | None, country: str = "US") -> int | None:
    """The age from which a rating lets people in, in years.

    Understands `DE:16`, `de/16`, `Rated R`, `FSK-16`, `16+` and `16 / R`, of which the first that resolves counts.

    Args:
        rating: as a source wrote it.
        country: two letters; where a rating without a country is looked up first, then the US, then everywhere.

    Returns:
        None for no rating, for `NR` and its like, and for a rating that nobody knows.
    """
    if rating is None or _key(rating) in NO_RATING:
        return None
    placed = _placed(rating)
    if placed is not None:
        return _in_place(*placed)
    for part in _BETWEEN.split(rating):
        placed = _placed(part)
        age = _bare(part, country) if placed is None else _in_place(*placed)
        if age is not None:
            return age
    return None


def _placed(rating: str) -> tuple[str, str] | None:
    """Country and rating of `DE:16` and `FSK-16`; None when no country is named."""
    for shape in (_PLACED, _BOARD):
        match = shape.fullmatch(rating)
        if match is not None and (place := PLACES.get(match[1].casefold())) is not None:
            return place, match[2]
    return None


def _in_place(place: str, rating: str) -> int | None:
    for part in _BETWEEN.split(rating):
        nested = _placed(part)
        where, text = nested if nested is not None else (place, part)
        key = _key(text)
        if (age := AGES[where].get(key, _number(key))) is not None:
            return age
    return None


def _bare(rating: str, country: str) -> int | None:
    key = _key(rating)
    if key in NO_RATING:
        return None
    for place in (PLACES.get(country.casefold(), ""), "us"):
        if (age := AGES.get(place, {}).get(key)) is not None:
            return age
    if (number := _number(key)) is not None:
        return number
    # Where countries disagree, the strictest is taken.
    return max((ages[key] for ages in AGES.values() if key in ages), default=None)


def _number(key: str) -> int | None:
    match = _NUMBER.fullmatch(key)
    return int(match[1]) if match else None


def _key(rating: str) -> str:
    text = _REASON.sub("", _RATED.sub("", rating.strip()))
    return re.sub(r"[\s_./-]", "", text).casefold()
