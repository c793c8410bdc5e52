"""Names in music: artists in one line of text, discs, what the names of sound files and their folders say. Pure.

Which files make an album is decided in `albums.py`.
"""

import re
from collections.abc import Iterable, Sequence

import msgspec

from homemedia.library.naming.normal import normalise

VARIOUS = "Various Artists"
UNKNOWN_ARTIST = "Unknown Artist"
UNKNOWN_ALBUM = "Unknown Album"
UNTITLED = "Untitled"
VARIOUS_NAMES = frozenset(
    {"various artists", "various artist", "various", "va", "v a", "multiple artists", "compilations", "compilation"}
    | {"diverse", "diverse interpreten", "verschiedene", "verschiedene interpreten", "sampler", "samplers"}
    | {"artistes varies", "artistes divers", "varios artistas", "varios", "artisti vari", "diverse artiesten"}
    | {"soundtracks", "soundtrack", "ost"}
)

_GUESTS = re.compile(r"\s*[\s(\[](?:feat\.?|ft\.?|featuring)\s+(?P<guests>[^()\[\]]+)[)\]]?\s*", re.IGNORECASE)
# `&`, `+`, `x` and a bare slash belong to names: Simon & Garfunkel, AC/DC.
_SEVERAL = re.compile(r"\s*[;\0]\s*|\s+//?\s+")
_SEVERAL_GUESTS = re.compile(r"\s*[;\0]\s*|\s+//?\s+|,\s+(?!the\b)", re.IGNORECASE)
_DISC_WORD = r"(?:cd|disc|disk|dvd|vinyl|lp)"
_DISC_FOLDER = re.compile(
    rf"{_DISC_WORD}[ ._#\-]*0*(\d{{1,2}})(?:\s*(?:of|von|/)\s*\d+)?(?:\s*[-:(\[].*)?", re.IGNORECASE
)
_DISC_BEHIND = re.compile(
    rf"(?P<title>.*\S)\s*[ ._\-,(\[]+{_DISC_WORD}[ ._#\-]*0*(?P<disc>\d{{1,2}})(?:\s*(?:of|von|/)\s*\d+)?[)\]]?"
    r"(?:\s*[-:]\s.*)?",
    re.IGNORECASE,
)
_YEAR = r"(?P<year>(?:1[89]|20)\d\d)"
_YEAR_BEHIND = re.compile(rf"(?P<title>.*\S)\s*[(\[]{_YEAR}(?:-\d\d){{0,2}}[)\]](?P<rest>.*)")
_YEAR_BEFORE = re.compile(rf"[(\[]{_YEAR}(?:-\d\d){{0,2}}[)\]]\s*[-_.]?\s*(?P<title>[^\s(\[].*)")
_YEAR_ALONE = re.compile(rf"[(\[]?{_YEAR}[)\]]?")
# What people write of a rip, not of an album; `Deluxe Edition` is a name and stays.
_RIP = re.compile(
    r"\s*[(\[{](?:[^)\]}]*\b)?(?:flac|mp3|aac|alac|opus|ogg|wav|m4a|wma|ape|320|256|192|128|v0|v2|cbr|vbr|kbps|web|"
    r"cd ?rip|vinyl ?rip|lossless|24[- ]?bit|16[- ]?bit|24-\d+|16-44)(?:\b[^)\]}]*)?[)\]}]",
    re.IGNORECASE,
)
_DASH = re.compile(r"\s+[-–—]\s+")  # noqa: RUF001 - the dashes people and tag editors write
_DISC_AND_NUMBER = re.compile(r"(?:cd|disc|d)?\s*(\d{1,2})[-.x](\d{2,3})(?:\s*[-._)]\s*|\s+)(\S.*)", re.IGNORECASE)
_NUMBER_AND_SIGN = re.compile(r"[(\[]?(?:track\s*)?(\d{1,3})[)\]]?(?:\s*[-._)]+\s*)(\S.*)", re.IGNORECASE)
_NUMBER_AND_BLANK = re.compile(r"(\d{1,3})\s+(\S.*)")
_ONLY_NUMBER = re.compile(r"(?:track|titel|piste|pista)?\s*(\d{1,3})", re.IGNORECASE)


class Artists(msgspec.Struct, frozen=True):
    """Who made a track: `main` in order, `guests` after `feat.`; nobody twice."""

    main: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return self.main + self.guests


def split_artists(values: Sequence[str], title: str | None = None) -> Artists:
    """Read the artists of a track.

    Args:
        values: of the tag, usually one; several values are several artists.
        title: of the track, whose `(feat. Otto)` names guests as well.
    """
    main: list[str] = []
    guests: list[str] = []
    for value in _without_sums(values):
        rest = value
        if (found := _GUESTS.search(value)) and found.start() > 0:
            rest = value[: found.start()]
            guests += _SEVERAL_GUESTS.split(found["guests"])
        main += _SEVERAL.split(rest)
    if title and (found := _GUESTS.search(title)) and found.start() > 0:
        guests += _SEVERAL_GUESTS.split(found["guests"])
    taken: set[str] = set()
    return Artists(_new(main, taken), _new(guests, taken))


def _new(names: Iterable[str], taken: set[str]) -> tuple[str, ...]:
    """Those not in `taken` yet, which they enter."""
    kept = []
    for name in names:
        clean = name.strip()
        key = name_key(clean)
        if clean and key not in taken:
            taken.add(key)
            kept.append(clean)
    return tuple(kept)


def _without_sums(values: Sequence[str]) -> Sequence[str]:
    """Without a value that only joins the others: taggers write `A feat. B` and beside it `A` and `B`."""
    if len(values) < 3:
        return values
    keys = [f" {normalise(value)} " for value in values]
    return [
        value
        for at, value in enumerate(values)
        if sum(key in keys[at] for other, key in enumerate(keys) if other != at and key.strip()) < 2
    ]


def name_key(name: str) -> str:
    """What an artist or album is known by: `AC/DC`, `AC-DC` and `ac dc` are one. Of mere signs (`!!!`) the signs."""
    return normalise(name) or name.strip().casefold().replace("/", " ")


def is_various(name: str) -> bool:
    """Whether a name stands for many artists at once."""
    return name_key(name) in VARIOUS_NAMES


def disc_of_folder(name: str) -> int | None:
    """The disc a folder is called after, if it holds nothing but one: `CD1`, `Disc 2 - Live`."""
    match = _DISC_FOLDER.fullmatch(name.strip())
    return int(match[1]) or None if match else None


def split_disc(title: str) -> tuple[str, int | None]:
    """An album's title without the disc behind it: `Harbour Songs (Disc 2)` → `Harbour Songs`, 2."""
    match = _DISC_BEHIND.fullmatch(title.strip())
    if match is None or not int(match["disc"]):
        return title.strip(), None
    return match["title"].rstrip(" -,([") or title.strip(), int(match["disc"])


class AlbumName(msgspec.Struct, frozen=True):
    """What the name of a folder says of an album."""

    title: str
    year: int | None = None
    artist: str | None = None
    disc: int | None = None


def parse_album(folder: str) -> AlbumName:
    """Read a folder's name: `Title (1999)`, `1999 - Title`, `Artist - Title (1999) [FLAC]`, `Title CD2`."""
    text = folder.strip() if " " in folder else folder.replace("_", " ").strip()
    text = _RIP.sub("", text).strip() or text
    text, disc = split_disc(text)
    year: int | None = None
    if match := _YEAR_BEHIND.fullmatch(text):
        year, text = int(match["year"]), f"{match['title']} {match['rest'].strip()}".strip()
        if disc is None:
            text, disc = split_disc(text)
    artist: str | None = None
    pieces = _DASH.split(text)
    if year is None and (match := _YEAR_BEFORE.fullmatch(text)):
        year, pieces = int(match["year"]), [match["title"]]
    elif year is None and len(pieces) > 1 and (match := _YEAR_ALONE.fullmatch(pieces[0].strip())):
        year, pieces = int(match["year"]), [" - ".join(pieces[1:])]
    elif year is None and len(pieces) > 2 and (match := _YEAR_ALONE.fullmatch(pieces[1].strip())):
        year, pieces = int(match["year"]), [pieces[0], *pieces[2:]]
    if len(pieces) > 1:
        artist, pieces = pieces[0].strip(), pieces[1:]
    title = " - ".join(piece.strip() for piece in pieces).strip(" -") or folder.strip()
    return AlbumName(title=title, year=year, artist=artist, disc=disc)


class TrackName(msgspec.Struct, frozen=True):
    """What the name of a sound file says; `artist` is what stands before a dash and may be part of the title."""

    title: str
    number: int | None = None
    disc: int | None = None
    artist: str | None = None


def parse_track(stem: str, *, siblings: int = 0) -> TrackName:
    """Read a file's name without its extension: `01 - Title`, `1-03 Title`, `Artist - Title`, `Artist - 01 - Title`.

    Args:
        stem: the name.
        siblings: how many sound files lie in its folder. A number with nothing but a blank behind it is one only when
            it is padded or no higher than that: `99 Luftballons` is a title.
    """
    text = stem.strip()
    if " " not in text:
        text = text.replace("_", " ").strip()
    number, disc, rest = _number(text, siblings)
    pieces = [piece.strip() for piece in _DASH.split(rest) if piece.strip()]
    if number is None:
        for at, piece in enumerate(pieces[1:-1], start=1):
            if piece.isascii() and piece.isdecimal() and len(piece) <= 3 and int(piece):
                number = int(piece)
                pieces = [pieces[0], *pieces[at + 1 :]]
                break
    if len(pieces) > 1:
        return TrackName(" - ".join(pieces[1:]), number, disc, pieces[0])
    return TrackName(rest.strip() or text or UNTITLED, number, disc)


def _number(text: str, siblings: int) -> tuple[int | None, int | None, str]:
    """Number, disc, and what remains."""
    if match := _ONLY_NUMBER.fullmatch(text):
        return int(match[1]) or None, None, text
    if match := _DISC_AND_NUMBER.fullmatch(text):
        return int(match[2]) or None, int(match[1]) or None, match[3]
    if match := _NUMBER_AND_SIGN.fullmatch(text):
        return int(match[1]) or None, None, match[2]
    if (match := _NUMBER_AND_BLANK.fullmatch(text)) and (match[1].startswith("0") or int(match[1]) <= max(siblings, 1)):
        return int(match[1]) or None, None, match[2]
    return None, None, text


def artist_key(name: str) -> str:
    """What an artist item is known by."""
    return f"music/artist/{name_key(name)}"


def album_keys(artist: str, title: str, year: int | None) -> tuple[str, ...]:
    """What an album is known by: with its year, and without, so that a date that comes late finds it again."""
    bare = f"{artist_key(artist)}/album/{name_key(title)}"
    return (bare,) if year is None else (f"{bare}/{year}", bare)


def track_key(album: str, disc: int | None, number: int | None, title: str) -> str:
    """What a track is known by, from the first key of its album: by number, else by title."""
    place = f"track/{number}" if number is not None else f"title/{name_key(title)}"
    return f"{album}/disc/{disc or 1}/{place}"
