"""Title, year, ids and edition from the name of a film's file or folder.

The first step of every naming rule. It looks at one name only and always has an answer; what a folder adds stands in
`movies.py`, what an episode mark adds in `episodes.py`.
"""

import re

import msgspec

from homemedia.library.naming.dates import is_plausible_year
from homemedia.library.naming.tags import HEAD, TAIL, first_strong, without_tag_brackets


class Ids(msgspec.Struct, frozen=True):
    """What databases call the film, as written in a name."""

    tmdb: int | None = None
    imdb: str | None = None
    tvdb: int | None = None

    def __bool__(self) -> bool:
        return self.tmdb is not None or self.imdb is not None or self.tvdb is not None

    def over(self, other: "Ids") -> "Ids":
        """These ids, and the other's where these say nothing."""
        return Ids(
            tmdb=other.tmdb if self.tmdb is None else self.tmdb,
            imdb=other.imdb if self.imdb is None else self.imdb,
            tvdb=other.tvdb if self.tvdb is None else self.tvdb,
        )


class NameParts(msgspec.Struct, frozen=True, kw_only=True):
    """What one name says. `title` is never empty unless the name is."""

    title: str
    year: int | None = None
    is_year_certain: bool = False
    """False also for a soft year, which may as well belong to the title."""
    title_with_year: str | None = None
    """Only with a soft year: the title had the number been no year."""
    alternative: str | None = None
    ids: Ids = Ids()
    edition: str | None = None
    rest: str = ""
    """What follows the year or the first tag, dots already turned."""
    has_tags: bool = False
    """Whether a strong release tag ended the title."""


ID = re.compile(
    r"[\[{(]\s*(?:(tmdb|imdb|tvdb)(?:id)?[-=: ]\s*(tt\d{5,10}|\d{1,10})|(tt\d{7,10}))\s*[\]})]",
    re.IGNORECASE,
)
EDITION = re.compile(r"\{edition-([^{}]*)\}", re.IGNORECASE)
YEAR_IN_BRACKETS = re.compile(r"[(\[](\d{4})(?:[-\u2013](?:\d{4})?)?[)\]]")
BARE_YEAR = re.compile(HEAD + r"\d{4}" + TAIL)
# A year beside two-digit numbers with the same separator is a date: 2013.12.09, 14.11.1996.
DATE_AFTER = re.compile(r"([-._ ])(?:0\d|1[0-2])\1(?:[0-2]\d|3[01])(?!\d)")
DATE_BEFORE = re.compile(r"(?<!\d)(?:[0-2]\d|3[01])([-._ ])(?:[0-2]\d|3[01])\1$")
LEADING_YEAR = re.compile(r"(\d{4}) ?- +(?=\S)")
ARTICLE_BEHIND = re.compile(r"^(.*\S), ?(The|An?)$", re.IGNORECASE)
AKA = re.compile(r" (?:AKA|aka|a\.k\.a\.) ")

ACRONYM = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?")
# Dots inside H.264 and DDP5.1 belong to the tag.
TAG_DOT = re.compile(r"(?<=[A-Za-z]\d)\.(?=\d(?!\d))|(?<=(?<![A-Za-z])[hxHX])\.(?=26[45])")
SEPARATORS = " _-\u2013\u2014,;:~|\t"
OPENERS = "([{"


def parse_title(stem: str) -> NameParts:
    """Take a name without extension apart.

    Never raises and never gives an empty title for a name that holds anything but blanks.

    Source:
        Watch contract 5.1; the order of steps is the contract's.
    """
    bare, ids, edition = take_ids(stem)
    dotted = " " not in bare
    for match in YEAR_IN_BRACKETS.finditer(bare):
        before = bare[: match.start()]
        if is_plausible_year(int(match[1])) and has_word(before):
            if dotted:
                before = turn_dots(before)
            title, alternative = polish(without_tag_brackets(before), whole=before)
            rest = bare[match.end() :]
            return NameParts(
                title=title,
                year=int(match[1]),
                is_year_certain=True,
                alternative=alternative,
                ids=ids,
                edition=edition,
                rest=turn_dots(rest) if dotted else rest,
            )
    text = turn_dots(bare) if dotted else bare
    tag = first_strong(text)
    head = text[: tag.start()] if tag else text
    if found := last_bare_year(head):
        title, alternative = polish(without_tag_brackets(head[: found.start()]), whole=text)
        rest = text[found.end() :]
        is_certain = has_word(rest)
        return NameParts(
            title=title,
            year=int(found[0]),
            is_year_certain=is_certain,
            title_with_year=None if is_certain else polish(head, whole=text)[0],
            alternative=alternative,
            ids=ids,
            edition=edition,
            rest=rest,
            has_tags=tag is not None,
        )
    lead = LEADING_YEAR.match(head)
    if lead and is_plausible_year(int(lead[1])) and has_word(head[lead.end() :]):
        title, alternative = polish(without_tag_brackets(head[lead.end() :]), whole=text)
        return NameParts(
            title=title,
            year=int(lead[1]),
            title_with_year=polish(head, whole=text)[0],
            alternative=alternative,
            ids=ids,
            edition=edition,
            rest=text[len(head) :],
            has_tags=tag is not None,
        )
    title, alternative = polish(without_tag_brackets(head), whole=text or stem)
    return NameParts(
        title=title,
        alternative=alternative,
        ids=ids,
        edition=edition,
        rest=text[len(head) :],
        has_tags=tag is not None,
    )


def search_candidates(parts: NameParts) -> list[tuple[str, int | None]]:
    """What to look a film up by, (title, year) in order; never empty.

    A soft year is tried with, then without the year, then with the year put back into the title.
    """
    tries: list[tuple[str, int | None]] = [(parts.title, parts.year)]
    if parts.year is not None and not parts.is_year_certain:
        tries.append((parts.title, None))
        if parts.title_with_year:
            tries.append((parts.title_with_year, None))
    return tries


def is_unsure(parts: NameParts) -> bool:
    """Whether a second opinion is worth having: no id, no certain year, no tag that ended the title."""
    return not parts.ids and not parts.is_year_certain and not parts.has_tags


def take_ids(stem: str) -> tuple[str, Ids, str | None]:
    """The name without ids and edition, and those. The first of each kind wins."""
    if "[" not in stem and "{" not in stem and "(" not in stem:
        return stem, Ids(), None
    found: dict[str, str] = {}

    def note(match: re.Match[str]) -> str:
        kind = (match[1] or "imdb").lower()
        value = match[2] or match[3]
        if (kind == "imdb") is not value.lower().startswith("tt"):
            return match[0]
        found.setdefault(kind, value.lower())
        return ""

    bare = ID.sub(note, stem)
    edition = None
    if match := EDITION.search(bare):
        edition = match[1].strip() or None
        bare = EDITION.sub("", bare)
    if bare != stem:
        bare = " ".join(bare.split(" ")).rstrip(" ")
    ids = Ids(
        tmdb=int(found["tmdb"]) if "tmdb" in found else None,
        imdb=found.get("imdb"),
        tvdb=int(found["tvdb"]) if "tvdb" in found else None,
    )
    return bare, ids, edition


def turn_dots(text: str) -> str:
    """Dots and underscores as blanks, except within acronyms (R.A.F.T.) and tags (DDP5.1)."""
    if "." not in text:
        return text.replace("_", " ")
    kept = TAG_DOT.sub("\0", text.replace("\0", " "))
    kept = ACRONYM.sub(lambda match: match[0].replace(".", "\0") + " ", kept)
    return " ".join(kept.replace(".", " ").replace("_", " ").replace("\0", ".").split(" "))


def last_bare_year(text: str) -> re.Match[str] | None:
    """The last plausible year that stands alone, is not the first word and no part of a date."""
    best = None
    for match in BARE_YEAR.finditer(text):
        if not is_plausible_year(int(match[0])) or not has_word(text[: match.start()]):
            continue
        if DATE_AFTER.match(text, match.end()) or DATE_BEFORE.search(text[: match.start()]):
            continue
        best = match
    return best


def polish(text: str, *, whole: str) -> tuple[str, str | None]:
    """A title without separators around it, its article in front, and the alternative title if it has one.

    Args:
        text: the part of the name that holds the title.
        whole: what stands in when nothing of it is left.
    """
    text = " ".join(text.split())
    pieces = AKA.split(text, maxsplit=1)
    title = _trimmed(pieces[0])
    alternative = _trimmed(pieces[1]) if len(pieces) == 2 else ""
    if not title:
        title, alternative = (alternative, "") if alternative else (" ".join(whole.split()), "")
    return _article_first(title), _article_first(alternative) or None


def has_word(text: str) -> bool:
    """Whether anything but separators and brackets stands in the text."""
    return bool(text.strip(" ._-\u2013\u2014,;:~|+=()[]{}\t"))


def _trimmed(text: str) -> str:
    text = text.strip(SEPARATORS)
    while text and text[-1] in OPENERS:
        text = text[:-1].rstrip(SEPARATORS)
    return text


def _article_first(title: str) -> str:
    match = ARTICLE_BEHIND.match(title)
    return f"{match[2]} {match[1]}" if match else title
