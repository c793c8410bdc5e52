"""Writes what a person says of an item into an NFO file, and leaves everything else in it as it stands. Pure.

The text is changed in place: an element that is not spoken of keeps its bytes, its order, its comments. What comes out
is read again before it counts, so a file that we do not understand is never written.

Source: watch contract §6.2; https://kodi.wiki/view/NFO_files.
"""

import codecs
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from homemedia.library.metadata.nfo import ROOT, BrokenNfo, NfoKind, decoded, parse

ROOT_NAMES: Mapping[str, str] = MappingProxyType(
    {"movie": "movie", "video": "movie", "show": "tvshow", "season": "season", "episode": "episodedetails"}
)
FITTING: Mapping[str, frozenset[NfoKind]] = MappingProxyType(
    {
        "movie": frozenset({"movie", "video"}),
        "video": frozenset({"movie", "video", "episode"}),
        "show": frozenset({"show"}),
        "season": frozenset({"season"}),
        "episode": frozenset({"episode"}),
    }
)
# Of each field the element we write, and others that mean the same and would speak against it.
ELEMENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "title": ("title", "localtitle"),
        "original_title": ("originaltitle",),
        "sort_title": ("sorttitle",),
        "year": ("year",),
        "release_date": ("premiered", "releasedate"),
        "air_date": ("aired",),
        "summary": ("plot", "outline"),
        "tagline": ("tagline",),
        "content_rating": ("mpaa", "certification"),
        "studio": ("studio",),
        "status": ("status",),
        "number": ("episode",),
        "genres": ("genre",),
        "labels": ("tag",),
        "directors": ("director",),
        "writers": ("credits", "writer"),
    }
)
STATUS: Mapping[str, str] = MappingProxyType({"continuing": "Continuing", "ended": "Ended"})
IDS: Mapping[str, str] = MappingProxyType({"tmdb_id": "tmdb", "imdb_id": "imdb", "tvdb_id": "tvdb"})
OUR_RATING = "homemedia"
FIELDS = (*ELEMENTS, "rating", "collection", *IDS)

_MARKUP = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    r"|<(?P<close>/?)\s*(?P<name>[A-Za-z_][\w:.-]*)(?P<attributes>(?:[^<>\"'/]|/(?!>)|\"[^\"<]*\"|'[^'<]*')*)(?P<lone>/?)>",
    re.DOTALL,
)
_ENCODING = re.compile(r"""(<\?xml[^>]{0,200}?encoding\s*=\s*["'])[A-Za-z0-9._-]{1,40}(["'])""")
_TYPE = re.compile(r"""\btype\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_NAME = re.compile(r"""\bname\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_DEFAULT = re.compile(r"""(\bdefault\s*=\s*)(?:"true"|'true')""", re.IGNORECASE)
_NOT_DEFAULT = re.compile(r"""(\bdefault\s*=\s*)(?:"false"|'false')""", re.IGNORECASE)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IMDB = re.compile(r"tt[0-9]{7,10}")


class CannotWriteNfo(Exception):  # noqa: N818 - a finding about a file, told to a person
    """The file is left as it is; the text is a sentence that says why."""


class Element(msgspec.Struct, frozen=True):
    """Where an element stands in a text; `inner` from behind its opening tag to its closing one."""

    name: str
    start: int
    end: int
    inner_start: int
    inner_end: int
    attributes: str
    is_lone: bool


def new_nfo(item_kind: str, values: Mapping[str, Any], *, season: int | None = None) -> bytes:
    """A file of its own for an item.

    Args:
        item_kind: movie, video, show, season or episode.
        values: by field; those of `FIELDS` count.
        season: of an episode, or the number of a season.
    """
    name = ROOT_NAMES[item_kind]
    number = {"episode": "season", "season": "seasonnumber"}.get(item_kind)
    head = f"  <{number}>{season}</{number}>\n" if number and season is not None else ""
    text = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<{name}>\n{head}</{name}>\n'
    return _changed(text, values).encode()


def changed_nfo(raw: bytes, item_kind: str, values: Mapping[str, Any]) -> bytes:
    """The file with these fields said differently, all else as it was.

    Args:
        raw: the whole file.
        item_kind: as above.
        values: by field; None or an empty list takes the field out.

    Raises:
        CannotWriteNfo: it is broken, holds several descriptions, or describes another kind of thing.
    """
    try:
        nfos = parse(raw)
    except BrokenNfo as err:
        raise CannotWriteNfo(f"The NFO file is broken, so it was left as it is. {err}") from err
    if len(nfos) > 1:
        raise CannotWriteNfo("The NFO file describes several episodes, so it was left as it is.")
    text = decoded(raw)
    if nfos[0].kind == "link":
        # An address alone may follow a description.
        text = new_nfo(item_kind, {}).decode() + text
    elif nfos[0].kind not in FITTING[item_kind]:
        raise CannotWriteNfo("The NFO file describes another kind of thing, so it was left as it is.")
    made = _ENCODING.sub(r"\g<1>UTF-8\g<2>", _changed(text, values), count=1)
    body = made.encode("utf-8", errors="replace")
    if raw.startswith(codecs.BOM_UTF8):
        body = codecs.BOM_UTF8 + body
    try:
        again = parse(body)
    except BrokenNfo as err:
        raise CannotWriteNfo("The NFO file could not be changed safely, so it was left as it is.") from err
    if len(again) != 1:
        raise CannotWriteNfo("The NFO file could not be changed safely, so it was left as it is.")
    return body


def _changed(text: str, values: Mapping[str, Any]) -> str:
    for field in FIELDS:
        if field in values:
            text = _set(text, field, values[field])
    return text


def _set(text: str, field: str, value: Any) -> str:  # noqa: ANN401 - as the fields are
    root = root_of(text)
    if field in ELEMENTS:
        names = ELEMENTS[field]
        there = [child for child in children(text, root) if child.name in names]
        return _replaced(text, root, there, [_element(names[0], one) for one in _texts(field, value)])
    if field == "rating":
        return _set_rating(text, root, value)
    if field == "collection":
        return _set_collection(text, root, value)
    return _set_id(text, root, IDS[field], value)


def _texts(field: str, value: Any) -> list[str]:  # noqa: ANN401 - as the fields are
    if value is None or value == "":
        return []
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    return [STATUS.get(value, value) if field == "status" else str(value)]


def _element(name: str, text: str) -> str:
    return f"<{name}>{_escaped(text)}</{name}>"


def _escaped(text: str) -> str:
    from xml.sax.saxutils import escape  # noqa: PLC0415 - readers of XML that only writing needs

    # A bare carriage return would be read as a line feed.
    return escape(_FORBIDDEN.sub("", text), {"\r": "&#13;"})


def _set_rating(text: str, root: Element, value: float | None) -> str:
    """Put a rating of ours before those of others; None, or what others say anyway, takes it away again.

    Theirs are never taken out: beside the value they hold votes that nobody could bring back.
    """
    text = _without_our_rating(text, root)
    if value is None or _rating_in(text) == value:
        return text
    own = f'<rating name="{OUR_RATING}" max="10" default="true"><value>{value:g}</value></rating>'
    root = root_of(text)
    ratings = _ratings(text, root)
    if ratings is None:
        return _replaced(text, root, [], [f"<ratings>{own}</ratings>"])
    theirs = _DEFAULT.sub(r'\1"false"', text[ratings.inner_start : ratings.inner_end])
    return text[: ratings.inner_start] + own + theirs + text[ratings.inner_end :]


def _without_our_rating(text: str, root: Element) -> str:
    ratings = _ratings(text, root)
    if ratings is None:
        return text
    all_ratings = children(text, ratings)
    others = [child for child in all_ratings if _attribute(_NAME, child) != OUR_RATING]
    if len(others) == len(all_ratings):
        return text
    if not others:
        return _cut(text, ratings)
    theirs = _without(text, ratings, lambda one: _attribute(_NAME, one) == OUR_RATING)
    # The one that we took the word from; files name their main one first.
    theirs = _NOT_DEFAULT.sub(r'\1"true"', theirs, count=1)
    return text[: ratings.inner_start] + theirs + text[ratings.inner_end :]


def _ratings(text: str, root: Element) -> Element | None:
    return next((child for child in children(text, root) if child.name == "ratings" and not child.is_lone), None)


def _rating_in(text: str) -> float | None:
    try:
        return parse(text.encode())[0].rating
    except BrokenNfo:
        return None


def _without(text: str, parent: Element, unwanted: Callable[[Element], bool]) -> str:
    """The inside of an element without some of its children."""
    inner, at = "", parent.inner_start
    for child in children(text, parent):
        if unwanted(child):
            inner += text[at : child.start]
            at = child.end
    return inner + text[at : parent.inner_end]


def _set_collection(text: str, root: Element, value: str | None) -> str:
    there = [child for child in children(text, root) if child.name == "set"]
    if not value:
        return _replaced(text, root, there, [])
    if there and not there[0].is_lone:
        inner = [child for child in children(text, there[0]) if child.name == "name" and not child.is_lone]
        if inner:
            return text[: inner[0].inner_start] + _escaped(value) + text[inner[0].inner_end :]
    return _replaced(text, root, there, [f"<set><name>{_escaped(value)}</name></set>"])


def _set_id(text: str, root: Element, catalogue: str, value: int | str | None) -> str:
    all_children = children(text, root)

    def means_it(child: Element) -> bool:
        if child.name == "uniqueid":
            return _attribute(_TYPE, child) == catalogue
        if child.name in {f"{catalogue}id", f"{catalogue}_id"}:
            return True
        if child.name != "id":
            return False
        is_imdb = _IMDB.fullmatch(text[child.inner_start : child.inner_end].strip()) is not None
        return catalogue == ("imdb" if is_imdb else "tmdb" if root.name == "movie" else "tvdb")

    there = [child for child in all_children if means_it(child)]
    if value is None:
        return _replaced(text, root, there, [])
    if [(child.name, text[child.inner_start : child.inner_end].strip()) for child in there] == [
        ("uniqueid", str(value))
    ]:
        return text
    is_first = not any(child.name == "uniqueid" and child not in there for child in all_children)
    is_first |= any(_DEFAULT.search(child.attributes) for child in there)
    default = ' default="true"' if is_first else ""
    return _replaced(text, root, there, [f'<uniqueid type="{catalogue}"{default}>{_escaped(str(value))}</uniqueid>'])


def _attribute(pattern: re.Pattern[str], element: Element) -> str:
    match = pattern.search(element.attributes)
    return (match[1] or match[2] or "").strip().lower() if match else ""


def _replaced(text: str, root: Element, there: Sequence[Element], elements: Iterable[str]) -> str:
    """The text with some children of the root replaced by others, which stand where the first of them stood."""
    wanted = list(elements)
    line = _line_start(text, root)
    if not there:
        return _appended(text, root, wanted, line) if wanted else text
    for child in reversed(there[1:]):
        text = _cut(text, child)
    first = there[0]
    if not wanted:
        return _cut(text, first)
    return text[: first.start] + line.join(wanted) + text[first.end :]


def _appended(text: str, root: Element, wanted: Sequence[str], line: str) -> str:
    if root.is_lone:
        opening = text[root.start : root.end - 2].rstrip() + ">"
        name = re.match(r"<\s*([\w:.-]+)", opening)
        inside = "".join(line + one for one in wanted)
        end = line.rstrip(" \t")
        return f"{text[: root.start]}{opening}{inside}{end}</{name[1] if name else root.name}>{text[root.end :]}"
    at = root.inner_end
    # What stands before the closing tag is its own indentation.
    while at > root.inner_start and text[at - 1] in " \t\r\n":
        at -= 1
    tail = text[at : root.inner_end] or line.rstrip(" \t")
    return text[:at] + "".join(line + one for one in wanted) + tail + text[root.inner_end :]


def _cut(text: str, child: Element) -> str:
    """The text without an element, and without the blanks before it when it stands on a line of its own."""
    start = child.start
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    if start > 0 and text[start - 1] == "\n":
        start -= 2 if text[start - 2 : start] == "\r\n" else 1
        return text[:start] + text[child.end :]
    return text[: child.start] + text[child.end :]


def _line_start(text: str, root: Element) -> str:
    """What stands before an element on a line of its own: the way this file does it."""
    first = next(iter(children(text, root)), None)
    if first is not None:
        before = re.search(r"(\r?\n)[ \t]*$", text[root.inner_start : first.start])
        return before[0] if before else ""
    return "\r\n  " if "\r\n" in text else "\n  "


def root_of(text: str) -> Element:
    """The first root element.

    Raises:
        CannotWriteNfo: there is none, or it is not closed.
    """
    match = ROOT.search(text)
    found = _elements(text, match.start(), len(text), most=1) if match else []
    if found:
        return found[0]
    raise CannotWriteNfo("The NFO file could not be changed safely, so it was left as it is.")


def children(text: str, parent: Element) -> list[Element]:
    """The elements directly inside of another, in order."""
    return _elements(text, parent.inner_start, parent.inner_end)


def _elements(text: str, start: int, end: int, *, most: int | None = None) -> list[Element]:
    found: list[Element] = []
    opened: list[re.Match[str]] = []
    for match in _MARKUP.finditer(text, start, end):
        if most is not None and len(found) >= most:
            break
        if match["name"] is None:
            continue
        if match["close"]:
            if not opened:
                break
            opening = opened.pop()
            if not opened:
                found.append(_found(opening, match.start(), match.end()))
        elif match["lone"]:
            if not opened:
                found.append(_found(match, match.end(), match.end(), is_lone=True))
        else:
            opened.append(match)
    return found


def _found(opening: re.Match[str], inner_end: int, end: int, *, is_lone: bool = False) -> Element:
    name = opening["name"].rpartition(":")[2].lower()
    return Element(name, opening.start(), end, opening.end(), inner_end, opening["attributes"], is_lone)
