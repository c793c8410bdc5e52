"""Season folders, in the languages people name them in."""

import re

from homemedia.library.naming.dates import is_plausible_year

SEASON_WORDS = (
    "season|series|staffel|saison|stagione|temporada|seizoen|säsong|sæson|sesong|kausi|sezon|sezona|série|serie"
    "|sezóna|séria|évad|sezonul|temporadă|hooaeg|sezonas|sezóny|σεζόν|сезон|시즌|シーズン|季|musim|mùa"
)
EPISODE_WORDS = (
    "episode|episodes|ep|eps|folge|épisode|episodio|episódio|capitulo|capítulo|aflevering|avsnitt|jakso|odcinek|díl"
    "|серия|эпизод|bölüm"
)
SPECIALS = "specials?|spéciaux|hors[ ._-]?série|especiales|especiais|speciali|спешлы|スペシャル|스페셜"
ORDINAL = r"(?:st|nd|rd|th|\.|ª|º|er|ère|e|ème)?"

# What may follow a season's number: the end, or more text behind a separator, but neither an episode nor a range.
TAIL = r"(?![\d])(?![ ._]*(?:[-&+]|to)[ ._]*(?:s|season)?\d{1,2}(?![\dpx]))(?:$|[ ._\-\[\](){}:,])"

SEASON_FOLDER = re.compile(
    rf"""(?:
    (?P<special>{SPECIALS})
    | (?:{SEASON_WORDS})[ ._\-\#:]*(?P<after>\d{{1,4}})
    | s(?P<letter>\d{{1,4}})
    | (?P<before>\d{{1,4}}){ORDINAL}[ ._\-]*(?:{SEASON_WORDS})
    | 第[ ]?(?P<cjk>\d{{1,3}})[ ]?(?:季|期|シーズン)
    ){TAIL}""",
    re.IGNORECASE | re.VERBOSE,
)
SEPARATOR = r"(?<=[^\s._\-\[({])[ ._\-]{1,8}[\[(]?"
SEASON_IN_NAME = re.compile(
    rf"""{SEPARATOR}(?:
    s(?P<letter>\d{{1,4}})(?P<episode>[ ._]?e\d+)?(?!\w)
    | (?:{SEASON_WORDS})[ ._\-\#:]*(?P<after>\d{{1,2}})(?!\w)
    | (?P<before>\d{{1,2}}){ORDINAL}[ ._\-]*(?:{SEASON_WORDS})(?!\w)
    | 第[ ]?(?P<cjk>\d{{1,3}})[ ]?(?:季|期|シーズン)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
RANGE = re.compile(r"[ ._]*(?:[-&+]|to)[ ._]*(?:s|season)?[ ._]*\d{1,2}(?![\dpx])", re.IGNORECASE)
PLAIN = re.compile(r"\d{1,4}")
YEAR_BEHIND = re.compile(r"[ ._\-]*[(\[]\d{4}(?:-\d{0,4})?[)\]]")
SEPARATORS = " ._-"


def season_of_folder(name: str, rest: str | None = None) -> int | None:
    """The season a folder stands for, 0 for specials; None when it is no season folder.

    Args:
        name: of the folder, composed (NFC).
        rest: what follows the show's name in it, when it starts with that.

    Source:
        Watch contract 5.3.
    """
    season = _season(name.strip())
    if season is None and rest is not None:
        if year := YEAR_BEHIND.match(rest):
            rest = rest[year.end() :]
        season = _season(rest.strip(SEPARATORS))
    return season


def season_in_name(name: str) -> tuple[int, int | None] | None:
    """Where a season begins in a show's own name, and which; (position, None) for a range such as `S01-S05`."""
    match = SEASON_IN_NAME.search(name)
    if match is None:
        return None
    if RANGE.match(name, match.end()):
        return match.start(), None
    return match.start(), _number(match)


def _season(text: str) -> int | None:
    if PLAIN.fullmatch(text):
        number = int(text)
        return number if 1 <= number <= 999 or is_plausible_year(number) else None
    match = SEASON_FOLDER.match(text)
    if match is None:
        return None
    return 0 if match["special"] else _number(match)


def _number(match: re.Match[str]) -> int:
    return int(match["after"] or match["letter"] or match["before"] or match["cjk"])
