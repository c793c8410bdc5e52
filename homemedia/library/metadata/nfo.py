"""Reads NFO files: XML in Kodi's form, as Kodi, Jellyfin, Emby and tinyMediaManager write it. Pure.

Such files come from strangers and from decades of tools. DTDs and entities are never resolved: what stands before the
root is cut off, and named entities are read as text. Everything that is not understood is left out; only a file in
which nothing can be found is broken.

Source: watch contract §6.2; https://kodi.wiki/view/NFO_files.
"""

import codecs
import html
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_BYTES = 5 << 20
MAX_TITLE = 500
MAX_TEXT = 20_000
MAX_ENTRIES = 100
MAX_ENTRY = 100
MAX_NUMBER = 999_999
MOST_SEASONS = 9999  # years count as seasons of daily shows
AFTER_ALL = 4096  # Kodi's number of the episode behind every season's last
MAX_ID = (1 << 31) - 1

NfoKind = Literal["movie", "show", "season", "episode", "video", "link"]
ROOTS: dict[str, NfoKind] = {
    "movie": "movie",
    "tvshow": "show",
    "season": "season",
    "episodedetails": "episode",
    "musicvideo": "video",
    "video": "video",
}
ROOT = re.compile(rf"<\s*({'|'.join(ROOTS)})(?=[\s/>])", re.IGNORECASE)
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# Python knows more encodings than texts are written in; punycode alone takes minutes over a large file.
_CHARSET = re.compile(
    r"(?:utf|iso|windows|cp|latin|ascii|us-ascii|koi8|big5|gb|shift|euc|mac)[A-Za-z0-9._-]*", re.IGNORECASE
)
_STRAY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_NAMED = re.compile(r"&[A-Za-z][A-Za-z0-9]{1,30};")
_CDATA = "<![CDATA["
_DECLARATION = re.compile(r"<\?xml[^<>]*\?>")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BAD_REFERENCE = re.compile(r"&#(?:[0-9]+|[xX][0-9a-fA-F]+);")
_IMDB = re.compile(r"tt[0-9]{7,10}")
_WHOLE = re.compile(r"[0-9]{1,12}")
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,9})?")
_LINKS = (
    ("imdb", re.compile(r"imdb\.com/(?:[a-z-]{2,5}/)?title/(tt[0-9]{7,10})", re.IGNORECASE)),
    ("tmdb", re.compile(r"themoviedb\.org/(?:movie|tv)/([0-9]{1,10})", re.IGNORECASE)),
    ("tvdb", re.compile(r"thetvdb\.com/\S{0,80}?(?:[?&]id=|series/)([0-9]{1,10})", re.IGNORECASE)),
)
# What Jellyfin and Emby put among the actors, though it stands elsewhere too.
_NO_ACTORS = frozenset({"director", "writer", "producer", "composer", "creator"})


class BrokenNfo(Exception):  # noqa: N818 - a finding about a file, told to a person
    """Nothing can be read from the file; the text is a sentence that says why."""


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the cast; `thumb` is an address or a path, as written."""

    name: str
    role: str = ""
    order: int | None = None
    thumb: str | None = None


class Ids(msgspec.Struct, frozen=True, kw_only=True):
    """What the world's catalogues call it."""

    tmdb: int | None = None
    imdb: str | None = None
    tvdb: int | None = None


class Nfo(msgspec.Struct, frozen=True, kw_only=True):
    """What one root element says; None and empty where it is silent.

    Attributes:
        rating: 0 to 10.
        votes: how many people rated; above 0.
        display_season: where a special is to be seen: before `display_episode` of this season, after all of it when
            that is None, at its beginning when it is 0.
        runtime_min: in minutes.
        premiered: YYYY-MM-DD, as `aired`.
        thumbs: addresses of posters, as `fanart` of backgrounds.
    """

    kind: NfoKind
    title: str | None = None
    original_title: str | None = None
    sort_title: str | None = None
    year: int | None = None
    premiered: str | None = None
    aired: str | None = None
    plot: str | None = None
    tagline: str | None = None
    mpaa: str | None = None
    rating: float | None = None
    votes: int | None = None
    runtime_min: int | None = None
    studio: str | None = None
    status: str | None = None
    collection: str | None = None
    season: int | None = None
    episode: int | None = None
    display_season: int | None = None
    display_episode: int | None = None
    ids: Ids = Ids()
    directors: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    actors: tuple[Actor, ...] = ()
    genres: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    thumbs: tuple[str, ...] = ()
    fanart: tuple[str, ...] = ()


def parse(raw: bytes) -> list[Nfo]:
    """Read a file: one entry for each root element; one of kind `link` when there is only an address.

    Addresses before or after the roots count as ids of the first, where it names none itself.

    Args:
        raw: the whole file.

    Returns:
        At least one entry, in the order of the file.

    Raises:
        BrokenNfo: it is too large, is no XML, or holds nothing we know.
    """
    if len(raw) > MAX_BYTES:
        raise BrokenNfo("The file is larger than 5 MiB.")
    text = _FORBIDDEN.sub("", decoded(raw))
    first = ROOT.search(text)
    if first is None:
        ids = ids_of_links(text)
        if ids == Ids():
            raise BrokenNfo("It holds neither a description nor an address.")
        return [Nfo(kind="link", ids=ids)]
    end = _end_of_roots(text, first)
    around = ids_of_links(text[: first.start()] + "\n" + text[end:])
    roots = [root for root in _elements(text[first.start() : end]) if _name(root) in ROOTS]
    if not roots:
        raise BrokenNfo("It holds no description.")
    found = [_read(root) for root in roots[:MAX_ENTRIES]]
    found[0] = msgspec.structs.replace(found[0], ids=_over(found[0].ids, around))
    return found


def ids_of_links(text: str) -> Ids:
    """The ids in addresses of IMDb, TMDb and TVDB; the first of each."""
    hits = {name: match[1] for name, pattern in _LINKS if (match := pattern.search(text))}
    return Ids(tmdb=_id_number(hits.get("tmdb")), imdb=hits.get("imdb"), tvdb=_id_number(hits.get("tvdb")))


def _over(own: Ids, other: Ids) -> Ids:
    return Ids(tmdb=own.tmdb or other.tmdb, imdb=own.imdb or other.imdb, tvdb=own.tvdb or other.tvdb)


def decoded(raw: bytes) -> str:
    """The text of a file, in whatever it was written."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    # UTF-16 without its mark: of Latin letters every other byte is zero.
    if raw[1:6:2] == b"\0\0\0":
        return raw.decode("utf-16-le", errors="replace")
    if raw[0:6:2] == b"\0\0\0":
        return raw.decode("utf-16-be", errors="replace")
    # What it is comes before what it says: files that say utf-8 and are not are common, and so is the opposite.
    match = _ENCODING.match(raw)
    declared = match[1].decode("ascii") if match else ""
    for name in ("utf-8", declared if _CHARSET.fullmatch(declared) else "cp1252", "cp1252"):
        try:
            return raw.decode(name)
        except (UnicodeError, LookupError, ValueError):
            continue
    return raw.decode("latin-1")


def _end_of_roots(text: str, first: re.Match[str]) -> int:
    """Where the last root element ends; the end of the text when it is not closed."""
    ends = [match.end() for match in re.finditer(rf"</\s*(?:{'|'.join(ROOTS)})\s*>", text, re.IGNORECASE)]
    if ends:
        return ends[-1]
    lone = re.compile(r"[^<>]*/>").match(text, first.end())
    return lone.end() if lone else len(text)


def _elements(text: str) -> "list[Element]":
    """The top elements of a run of XML."""
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415 - only where files of this kind lie

    import defusedxml.ElementTree  # noqa: PLC0415 - likewise
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415 - likewise

    mended = "".join(piece if piece.startswith(_CDATA) else _mended(piece) for piece in _pieces(text))
    try:
        wrapped: Element = defusedxml.ElementTree.fromstring(f"<nfo>{mended}</nfo>", forbid_dtd=True)
    except ParseError as err:
        line = getattr(err, "position", (0, 0))[0]
        raise BrokenNfo(f"It is not well-formed XML (line {line}).") from err
    except DefusedXmlException as err:
        raise BrokenNfo("It declares a document type or entities, which are never read.") from err
    except ValueError as err:
        raise BrokenNfo("It is not XML.") from err
    return list(wrapped)


def _pieces(text: str) -> Iterator[str]:
    """The text cut at its CDATA sections, which stand as pieces of their own."""
    at = 0
    while (start := text.find(_CDATA, at)) >= 0:
        yield text[at:start]
        end = text.find("]]>", start)
        at = len(text) if end < 0 else end + 3
        yield text[start:at]
    yield text[at:]


def _mended(text: str) -> str:
    """Markup with its stray ampersands and unknown entities written so that XML takes them."""
    named = _NAMED.sub(_letters, text)
    # A second declaration may stand before each further root.
    return _DECLARATION.sub("", _BAD_REFERENCE.sub(_reference, _STRAY.sub("&amp;", named)))


def _letters(match: re.Match[str]) -> str:
    """A named entity of HTML as its letter; the five of XML and unknown ones as they are."""
    if match[0] in {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"}:
        return match[0]
    letter = html.unescape(match[0])
    return match[0] if "<" in letter or "&" in letter else letter


def _reference(match: re.Match[str]) -> str:
    """A numeric reference, unless it names what XML forbids."""
    digits = match[0][2:-1]
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    allowed = code in {9, 10, 13} or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
    return match[0] if allowed else ""


def _name(element: "Element") -> str:
    """An element's name in lower case, without a namespace."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


class _Parts:
    """The children of an element by their name; nothing deeper is looked at unless asked for."""

    def __init__(self, element: "Element") -> None:
        self._by_name: dict[str, list[Element]] = {}
        for child in element:
            self._by_name.setdefault(_name(child), []).append(child)

    def all(self, *names: str) -> "Iterator[Element]":
        for name in names:
            yield from self._by_name.get(name, ())

    def text(self, *names: str, limit: int = MAX_TITLE) -> str | None:
        """The first that is not empty, on one line."""
        return next((text for child in self.all(*names) if (text := _line(child.text, limit))), None)

    def prose(self, *names: str) -> str | None:
        """The first that is not empty, with its paragraphs."""
        return next((text for child in self.all(*names) if (text := (child.text or "").strip()[:MAX_TEXT])), None)

    def number(self, *names: str) -> int | None:
        return next((number for child in self.all(*names) if (number := _whole(child.text)) is not None), None)

    def list(self, *names: str, by: str) -> tuple[str, ...]:
        """Every value once, split at `by`."""
        values = (value for child in self.all(*names) for value in re.split(by, child.text or ""))
        return _listed(values)


def _read(root: "Element") -> Nfo:
    parts = _Parts(root)
    kind = ROOTS[_name(root)]
    place = _place(parts)
    return Nfo(
        kind=kind,
        title=parts.text("title", "localtitle"),
        original_title=parts.text("originaltitle"),
        sort_title=parts.text("sorttitle"),
        year=_year(parts.number("year")),
        premiered=_date(parts, "premiered", "releasedate"),
        aired=_date(parts, "aired"),
        plot=parts.prose("plot") or parts.prose("outline"),
        tagline=parts.text("tagline"),
        mpaa=parts.text("mpaa") or parts.text("certification"),
        rating=_rating(parts),
        votes=_votes(parts),
        runtime_min=_minutes(parts.text("runtime")),
        studio=next(iter(parts.list("studio", by=r"\s/\s")), None),
        status=_status(parts.text("status")),
        collection=_collection(parts),
        season=parts.number("season", "seasonnumber"),
        episode=parts.number("episode"),
        display_season=place[0],
        display_episode=place[1],
        ids=_ids(parts, kind),
        directors=parts.list("director", by=r"\s/\s"),
        writers=parts.list("credits", "writer", by=r"\s/\s"),
        actors=_actors(parts),
        genres=parts.list("genre", by="[/|]"),
        tags=parts.list("tag", by=r"\s/\s"),
        thumbs=_addresses(thumb for thumb in parts.all("thumb") if _is_poster(thumb)),
        fanart=_addresses(thumb for fanart in parts.all("fanart") for thumb in fanart),
    )


def _line(text: str | None, limit: int = MAX_TITLE) -> str | None:
    return " ".join(unicodedata.normalize("NFC", text).split())[:limit].strip() or None if text else None


def _listed(values: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for value in values:
        line = _line(value, MAX_ENTRY)
        if line and len(found) < MAX_ENTRIES:
            found.setdefault(line.casefold(), line)
    return tuple(found.values())


def _whole(text: str | None) -> int | None:
    match = _WHOLE.match((text or "").strip())
    number = int(match[0]) if match else None
    return number if number is not None and number <= MAX_NUMBER else None


def _number(text: str | None) -> float | None:
    match = _NUMBER.match((text or "").strip())
    return float(match[0].replace(",", ".")) if match else None


def _year(number: int | None) -> int | None:
    return number if number is not None and 1870 <= number <= 2100 else None


def _date(parts: _Parts, *names: str) -> str | None:
    for child in parts.all(*names):
        try:
            found = date.fromisoformat((child.text or "").strip()[:10])
        except ValueError:
            continue
        if 1870 <= found.year <= 2100:
            return found.isoformat()
    return None


def _minutes(text: str | None) -> int | None:
    """`136`, `136 min`, `2:16:00`, `2h 16m`."""
    if text is None:
        return None
    if clock := re.match(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?$", text):
        minutes = int(clock[1]) * 60 + int(clock[2])
    elif hours := re.match(r"([0-9]{1,2})\s*h(?:ours?)?\s*([0-9]{0,2})", text, re.IGNORECASE):
        minutes = int(hours[1]) * 60 + int(hours[2] or 0)
    else:
        minutes = _whole(text) or 0
    return minutes if 0 < minutes <= 6000 else None


def _place(parts: _Parts) -> tuple[int | None, int | None]:
    """Season and episode before which a special is to be seen, in Kodi's words or in Jellyfin's.

    Kodi writes -1 for nowhere, and 4096 for "after the season".
    """
    season = parts.number("displayseason")
    number = parts.number("displayepisode")
    if season is None or season < 0:
        season = parts.number("airsbefore_season")
        number = parts.number("airsbefore_episode") or 0
    if season is None or season < 0:
        season, number = parts.number("airsafter_season"), None
    if season is None or not 0 < season <= MOST_SEASONS:
        return None, None
    return season, number if number is not None and 0 <= number < AFTER_ALL else None


def _rated(parts: _Parts) -> "list[Element]":
    """The ratings of a list, the one marked as default first."""
    rated = [rating for ratings in parts.all("ratings") for rating in ratings if _name(rating) == "rating"]
    return sorted(rated, key=lambda rating: rating.get("default", "").strip().lower() != "true")


def _votes(parts: _Parts) -> int | None:
    """How many people gave the rating that `_rating` takes."""
    counts = [child for rating in _rated(parts)[:1] for child in rating if _name(child) == "votes"]
    for child in (*counts, *parts.all("votes")):
        written = re.sub(r"[\s.,']", "", child.text or "")
        if _WHOLE.fullmatch(written) and int(written) > 0:
            return int(written)
    return None


def _rating(parts: _Parts) -> float | None:
    """The rating marked as default, else the first, else the old single one; 0 means nobody rated it."""
    for rating in _rated(parts):
        values = [child.text for child in rating if _name(child) == "value"] or [rating.text]
        scaled = _scaled(_number(values[0]), _number(rating.get("max")))
        if scaled is not None:
            return scaled
    for rating in parts.all("rating"):
        scaled = _scaled(_number(rating.text), _number(rating.get("max")))
        if scaled is not None:
            return scaled
    return None


def _scaled(value: float | None, top: float | None) -> float | None:
    if value is None or value <= 0 or not math.isfinite(value):
        return None
    rating = round(value * 10 / (top if top and top > 0 else 10), 2)
    return rating if 0 < rating <= 10 else None


def _status(text: str | None) -> str | None:
    word = (text or "").casefold()
    if word.startswith(("continuing", "returning", "in production")):
        return "continuing"
    return "ended" if word.startswith(("ended", "cancel")) else None


def _collection(parts: _Parts) -> str | None:
    for found in parts.all("set"):
        name = next((_line(child.text, MAX_ENTRY) for child in found if _name(child) == "name"), None)
        if name or (name := _line(found.text, MAX_ENTRY)):
            return name
    return None


def _ids(parts: _Parts, kind: NfoKind) -> Ids:
    named: dict[str, str] = {}
    for child in parts.all("uniqueid"):
        named.setdefault(child.get("type", "").strip().lower(), (child.text or "").strip())
    for name in ("tmdb", "imdb", "tvdb"):
        # Jellyfin and tinyMediaManager write tmdbid, Emby imdb_id.
        for child in parts.all(f"{name}id", f"{name}_id"):
            if not named.get(name):
                named[name] = (child.text or "").strip()
    for child in parts.all("id"):
        # The old single id: of IMDb by its form, else of the catalogue Kodi asked in those days.
        text = (child.text or "").strip()
        named.setdefault("imdb" if _IMDB.fullmatch(text) else "tmdb" if kind == "movie" else "tvdb", text)
    imdb = _IMDB.search(named.get("imdb", ""))
    return Ids(tmdb=_id_number(named.get("tmdb")), imdb=imdb[0] if imdb else None, tvdb=_id_number(named.get("tvdb")))


def _id_number(text: str | None) -> int | None:
    if not text or not _WHOLE.fullmatch(text):
        return None
    return number if 0 < (number := int(text)) <= MAX_ID else None


def _actors(parts: _Parts) -> tuple[Actor, ...]:
    found: dict[tuple[str, str], Actor] = {}
    for child in parts.all("actor"):
        inner = _Parts(child)
        name = inner.text("name", limit=MAX_ENTRY) or _line(child.text, MAX_ENTRY)
        if name is None or (inner.text("type") or "").casefold() in _NO_ACTORS or len(found) >= MAX_ENTRIES:
            continue
        role = inner.text("role", limit=2 * MAX_ENTRY) or ""
        actor = Actor(
            name=name, role=role, order=inner.number("order", "sortorder"), thumb=inner.text("thumb", limit=2000)
        )
        found.setdefault((name.casefold(), role.casefold()), actor)
    # Stable: those without an order stay where they stood, behind those with one.
    return tuple(sorted(found.values(), key=lambda actor: MAX_NUMBER if actor.order is None else actor.order))


def _is_poster(thumb: "Element") -> bool:
    """Whether a picture is of the thing itself and upright: shows list banners and posters of seasons as well."""
    return (
        thumb.get("aspect", "poster").lower() in {"", "poster", "thumb"} and thumb.get("type", "").lower() != "season"
    )


def _addresses(elements: "Iterable[Element]") -> tuple[str, ...]:
    texts = ((element.text or "").strip() for element in elements)
    unique = dict.fromkeys(text for text in texts if text.startswith(("http://", "https://")) and len(text) <= 2000)
    return tuple(unique)[:MAX_ENTRIES]
