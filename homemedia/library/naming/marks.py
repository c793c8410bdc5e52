"""The mark in a file's name that tells which episode it holds: `S01E02`, `1x02`, a date, ` - 05`.

Finds the mark only; what it means beside its folders is decided in `episodes.py`.
"""

import datetime as dt
import re
from collections.abc import Iterator

import msgspec

from homemedia.library.naming.dates import find_date, is_plausible_year
from homemedia.library.naming.seasons import EPISODE_WORDS, SEASON_WORDS
from homemedia.library.naming.shows import after_name
from homemedia.library.naming.tags import HEAD, first_strong

FIRST_LOOSE_RULE = 6
"""From this rule on a number without a season counts through the whole show."""
LAST_CERTAIN_RULE = 9
FURTHEST_EPISODE = 50


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """An episode mark: its numbers and where it stands in the stem."""

    rule: int
    """Number of the rule in the contract's list, 1 the surest."""
    start: int
    end: int
    season: int | None = None
    index: int | None = None
    index_end: int | None = None
    """Last of several episodes in one file."""
    air_date: dt.date | None = None
    is_long: bool = False
    """Whether the number was written with three or four digits."""


SXE = re.compile(
    # Spanish and Portuguese releases write T01E02. `S2 x264` is a season and a tag.
    HEAD + r"(?:s(?=\d+[ ._\-]*[ex])|t(?=\d+e))(\d{1,4})"
    r"(?:[ ._]{0,3}-?[ ._]{0,3}e(?:p)?[ ._]?|[ ._]?x[ ._]?(?!26[45](?!\d))e?)(\d{1,4})(?!\d)",
    re.IGNORECASE,
)
WORDS = re.compile(
    HEAD
    + rf"(?:(?:{SEASON_WORDS})[ ._\-]{{0,3}}(\d{{1,4}})|s(\d{{1,4}}))[ ._\-,]{{1,4}}"
    + rf"(?:{EPISODE_WORDS}|e)[ ._\-]{{0,3}}(\d{{1,4}})(?!\d)",
    re.IGNORECASE,
)
CROSS = re.compile(HEAD + r"(\d{1,4})[x×](\d{1,4})(?=$|[\W_]|[xev]\d|-)", re.IGNORECASE)  # noqa: RUF001 - the sign is meant
EPISODE = re.compile(
    HEAD + rf"(?:(?:{EPISODE_WORDS})[ ._\-#]{{0,3}}|e)(\d{{1,4}})(?![\d])(?!\.\d)"
    r"|第[ ]?(\d{1,4})[ ]?[話话集回]|(?<!\d)(\d{1,4})[ ]?[화회]",
    re.IGNORECASE,
)
BRACKET = re.compile(r"\[(\d{1,4})(?:v\d)?(?:-(\d{1,4}))?(?:[ ._]?end)?\]", re.IGNORECASE)
LEADING = re.compile(r"\[?(\d{1,3})(?:v\d)?\]?(?=[ ._\-]|$)", re.IGNORECASE)
BEHIND_NAME = re.compile(r"[ ._\-#]{1,6}(\d{1,4})(?:v\d)?(?=$|[ ._\-\[(])", re.IGNORECASE)
# `The Baxters 5 - 02`: the number behind the dash is the episode.
DASH_FOLLOWS = re.compile(r"[ ._]{1,3}-[ ._]{1,3}\d{1,4}(?:v\d)?(?=$|[ ._\-\[(])", re.IGNORECASE)
DASH = re.compile(r"[ ._]-[ ._](\d{1,4})(?:v\d)?(?=$|[ ._\-\[(])", re.IGNORECASE)
# `Kaze S2 - 05`, `Kaze 2nd Season - 05`
SEASON_BEFORE = re.compile(
    rf"[ ._]\(?(?:s(\d{{1,2}})|(?:{SEASON_WORDS})[ ._]?(\d{{1,2}})"
    rf"|(\d{{1,2}})(?:st|nd|rd|th|\.)?[ ._]?(?:{SEASON_WORDS}))\)?$",
    re.IGNORECASE,
)
BEFORE_DASH = re.compile(r"(?<=[^\W\d][ ._])(\d{1,4})(?:v\d)?(?=[ ._]-[ ._])", re.IGNORECASE)
TRAILING = re.compile(r"(?:^|[ ._#]|(?<!\d)-)(\d{1,4})(?:v\d)?[ ._\-]{0,4}$", re.IGNORECASE)
BRACKETS_BEHIND = re.compile(r"[ ._\-]{0,4}[\[({].*$")

NEXT = re.compile(
    r"(?:"
    r"[ ._]?[-+&]?[ ._]?(?:s\d{1,4})?[ ._]?e(?:p)?(\d{1,4})"
    r"|(?:[ ._]{0,2}-[ ._]{0,2}(?:\d{1,4})?)?x(\d{1,4})"
    r"|-(\d{1,4})(?=[ ._\-\[(]|$)"
    r")(?!\d|[pi](?![^\W_]))",
    re.IGNORECASE,
)
REVISION = re.compile(r"v\d(?![^\W_])", re.IGNORECASE)


def find_mark(stem: str, show: str | None) -> Mark | None:
    """The episode mark of a stem; the first rule that hits wins.

    Args:
        stem: file name without extension and without a leading `[Group]`.
        show: title of the show when a folder names it.

    Source:
        Watch contract 5.3, the list of eleven rules. Beyond it, no number that is a plausible year counts in rules 10
        and 11 either: `Behind the scenes 2019` is no episode 2019.
    """
    return next(_sure(stem), None) or next(_loose(stem, show), None) or next(_last_resort(stem), None)


def _sure(stem: str) -> Iterator[Mark]:
    """Rules 1 to 5: marks that stand for an episode wherever they are."""
    if match := SXE.search(stem):
        yield _mark(stem, 1, match, match[1], match[2])
    if match := WORDS.search(stem):
        yield _mark(stem, 2, match, match[1] or match[2], match[3])
    for match in CROSS.finditer(stem):
        if len(match[1]) < 3 or len(match[2]) < 3:
            yield _mark(stem, 3, match, match[1], match[2])
    if found := find_date(stem):
        start, end = found.start, found.end
        if stem[start - 1 : start] == "(" and stem[end : end + 1] == ")":
            start, end = start - 1, end + 1
        yield Mark(rule=4, start=start, end=end, air_date=found.day)
    if match := EPISODE.search(stem):
        yield _mark(stem, 5, match, None, match[1] or match[2] or match[3])


def _loose(stem: str, show: str | None) -> Iterator[Mark]:
    """Rules 6 to 8: bare numbers in brackets, at the start, behind the show's name."""
    for bracket in BRACKET.finditer(stem):
        if bracket.start() > 0 and not is_plausible_year(int(bracket[1])):
            yield _bracketed(bracket)
    behind_name = after_name(stem, show) if show else None
    if behind_name is None:
        if match := LEADING.match(stem):
            yield _mark(stem, 7, match, None, match[1])
    elif (
        (match := BEHIND_NAME.match(stem, behind_name))
        and not is_plausible_year(int(match[1]))
        and not DASH_FOLLOWS.match(stem, match.end())
    ):
        yield _mark(stem, 8, match, None, match[1])


def _last_resort(stem: str) -> Iterator[Mark]:
    """Rules 9 to 11: bare numbers around a dash or at the end."""
    for match in DASH.finditer(stem):
        if not is_plausible_year(int(match[1])):
            season = SEASON_BEFORE.search(stem[: match.start()])
            yield _mark(stem, 9, match, season and (season[1] or season[2] or season[3]), match[1])
    for match in BEFORE_DASH.finditer(stem):
        if not is_plausible_year(int(match[1])):
            yield _mark(stem, 10, match, None, match[1])
    core = BRACKETS_BEHIND.sub("", stem)
    if tag := first_strong(core):
        core = core[: tag.start()]
    if (last := TRAILING.search(core)) and not is_plausible_year(int(last[1])):
        yield _mark(stem, 11, last, None, last[1])


def _mark(stem: str, rule: int, match: re.Match[str], season: str | None, number: str) -> Mark:
    index = last = int(number)
    end = match.end()
    if rule == 11:
        # The match may have eaten separators that belong to what follows the number.
        end = max(match.span(group)[1] for group in range(1, match.re.groups + 1))
    while follower := NEXT.match(stem, end):
        following = int(follower[1] or follower[2] or follower[3])
        if not last < following <= last + FURTHEST_EPISODE:
            break
        last, end = following, follower.end()
    if revision := REVISION.match(stem, end):
        end = revision.end()
    return Mark(
        rule=rule,
        start=match.start(),
        end=end,
        season=None if season is None else int(season),
        index=index,
        index_end=last if last > index else None,
        is_long=len(number) >= 3,
    )


def _bracketed(match: re.Match[str]) -> Mark:
    index, last = int(match[1]), int(match[2] or 0)
    return Mark(
        rule=6,
        start=match.start(),
        end=match.end(),
        index=index,
        index_end=last if index < last <= index + FURTHEST_EPISODE else None,
        is_long=len(match[1]) >= 3,
    )
