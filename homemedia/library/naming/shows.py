"""What a show's folder says: its title, year and ids, and the season when the folder is one season's release."""

import re
import unicodedata
from functools import lru_cache

import msgspec

from homemedia.library.naming.seasons import EPISODE_WORDS, season_in_name
from homemedia.library.naming.titles import Ids, parse_title

GROUP = re.compile(r"\s*\[[^\[\]]*\][ ._\-]*(?=\S)")
NUMBER_IN_GROUP = re.compile(
    rf"\s*\[(?:\d{{1,3}}|s\d{{1,4}}.*|\d+x\d+|(?:{EPISODE_WORDS})?[ ._]*\d{{1,4}})\]", re.IGNORECASE
)


class ShowName(msgspec.Struct, frozen=True, kw_only=True):
    """A show as its folder (or, in a library root, its file) names it."""

    title: str
    year: int | None = None
    is_year_certain: bool = False
    title_with_year: str | None = None
    """Only with a soft year: the title had the number been no year."""
    ids: Ids = Ids()
    season: int | None = None
    """When the folder's own name tells one: `Tidewater.S02.1080p.WEB-DL`."""


@lru_cache(maxsize=2048)  # every file of a show asks for the same folder
def parse_show(name: str) -> ShowName:
    """Take the name of a show's folder apart.

    A leading `[Group]` is dropped, and everything from ` S01` or ` Season 1` on.

    Source:
        Watch contract 5.3.
    """
    bare = drop_group(compose(name))
    season = None
    if found := season_in_name(bare):
        cut, season = found
        bare = bare[:cut]
    parts = parse_title(bare)
    return ShowName(
        title=parts.title or name,
        year=parts.year,
        is_year_certain=parts.is_year_certain,
        title_with_year=parts.title_with_year,
        ids=parts.ids or parse_title(name).ids,
        season=season,
    )


def drop_group(stem: str) -> str:
    """The name without the `[Group]` in front; a bracket that holds a number or mark stays, and so does a lone one."""
    match = GROUP.match(stem)
    return stem[match.end() :] if match and not NUMBER_IN_GROUP.match(stem) else stem


def compose(text: str) -> str:
    """The text with letters and marks composed, as other systems than macOS write them."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def after_name(text: str, title: str) -> int | None:
    """Where a show's title ends at the start of a text; None when the text does not start with it.

    Only letters and digits are compared, without case: `Tide.Water.S04` starts with "Tide Water".
    """
    position, has_sign = 0, False
    for sign in title:
        if not sign.isalnum():
            continue
        while position < len(text) and not text[position].isalnum():
            position += 1
        if position == len(text) or text[position].lower() != sign.lower():
            return None
        position += 1
        has_sign = True
    if not has_sign or (position < len(text) and text[position].isalnum()):
        return None
    return position
