"""What an uploaded file is called and where it lies, by an administrator's template (photos §10.5). Pure.

The words are upstream's: `{{y}}/{{y}}-{{MM}}-{{dd}}/{{filename}}`, the clock that of the wall where it was taken.
The file's ending is put behind by itself.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec

from homemedia.library.managed import safe_name
from homemedia.photos.models import EPOCH, PhotoKind

MOST_LETTERS: Final = 500
MOST_FOLDERS: Final = 8
MONTHS: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - reads better
)
_WORD: Final = re.compile(r"\{\{\{?\s*([^{}]*?)\s*\}?\}\}")


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """What a template may speak of. `album`: the name of one it is in."""

    photo_id: str
    owner_id: str
    name: str
    kind: str
    local_taken_at: int
    make: str | None = None
    model: str | None = None
    lens_model: str | None = None
    album: str | None = None

    @property
    def clock(self) -> dt.datetime:
        return EPOCH + dt.timedelta(milliseconds=self.local_taken_at)


def _on_clock(form: str) -> Callable[[Placed], str]:
    return lambda one: one.clock.strftime(form)


WORDS: Final[Mapping[str, Callable[[Placed], str]]] = MappingProxyType(
    {
        "y": lambda one: f"{one.clock.year:04d}",
        "yy": lambda one: f"{one.clock.year % 100:02d}",
        "M": lambda one: str(one.clock.month),
        "MM": _on_clock("%m"),
        "MMM": lambda one: MONTHS[one.clock.month - 1][:3],
        "MMMM": lambda one: MONTHS[one.clock.month - 1],
        "W": lambda one: str(one.clock.isocalendar().week),
        "WW": lambda one: f"{one.clock.isocalendar().week:02d}",
        "d": lambda one: str(one.clock.day),
        "dd": _on_clock("%d"),
        "h": lambda one: str(one.clock.hour % 12 or 12),
        "hh": lambda one: f"{one.clock.hour % 12 or 12:02d}",
        "H": lambda one: str(one.clock.hour),
        "HH": _on_clock("%H"),
        "m": lambda one: str(one.clock.minute),
        "mm": _on_clock("%M"),
        "s": lambda one: str(one.clock.second),
        "ss": _on_clock("%S"),
        "SSS": lambda one: f"{one.clock.microsecond // 1000:03d}",
        "filename": lambda one: _parted(one.name)[0],
        "ext": lambda one: _parted(one.name)[1].lstrip("."),
        "filetype": lambda one: "VID" if one.kind == PhotoKind.VIDEO.value else "IMG",
        "filetypefull": lambda one: "VIDEO" if one.kind == PhotoKind.VIDEO.value else "IMAGE",
        "assetId": lambda one: one.photo_id,
        "assetIdShort": lambda one: one.photo_id[-12:],
        "make": lambda one: one.make or "",
        "model": lambda one: one.model or "",
        "lensModel": lambda one: one.lens_model or "",
        "album": lambda one: one.album or "",
    }
)
# One of these keeps files apart.
TELLING: Final = frozenset({"filename", "assetId", "assetIdShort"})


class Choice(msgspec.Struct, frozen=True):
    """`{{#if word}}…{{else}}…{{/if}}`."""

    word: str
    then: tuple["str | Word | Choice", ...]
    otherwise: tuple["str | Word | Choice", ...]


class Word(msgspec.Struct, frozen=True):
    name: str


Part = str | Word | Choice


class Template(msgspec.Struct, frozen=True):
    """A template that was read."""

    parts: tuple[Part, ...]

    def place(self, photo: Placed) -> tuple[str, str]:
        """The folder below the member's own ("" for none), and the file's name."""
        text = _said(self.parts, photo)
        steps = [step for part in text.split("/") if (step := part.strip(" .")) and part.strip(".")]
        steps = [safe_name(step) for step in steps[-MOST_FOLDERS - 1 :]] or [safe_name(photo.photo_id)]
        ending = _parted(photo.name)[1]
        return "/".join(steps[:-1]), safe_name(steps[-1] + ending)


def read_template(text: str) -> Template:
    """Read a template.

    Raises:
        ValueError: it speaks of what there is not, or files would not be told apart by it; the text is for a person.
    """
    if len(text) > MOST_LETTERS:
        raise ValueError(f"has more than {MOST_LETTERS} letters")
    rest = iter(_tokens(text))
    parts, _ = _parts(rest, "")
    if not TELLING & {part.name for part in parts if isinstance(part, Word)}:
        raise ValueError("needs {{filename}} or {{assetId}}")
    return Template(parts)


def _tokens(text: str) -> Iterator[str | Word]:
    at = 0
    for found in _WORD.finditer(text):
        if text[at : found.start()]:
            yield text[at : found.start()]
        yield Word(found[1])
        at = found.end()
    if text[at:]:
        yield text[at:]


def _parts(rest: Iterator[str | Word], inside: str) -> tuple[tuple[Part, ...], str]:
    """What stands up to the end, or up to the word that ends a choice, and that word."""
    parts: list[Part] = []
    for token in rest:
        if isinstance(token, str):
            if "{{" in token or "}}" in token:
                raise ValueError("has a bracket that is not closed")
            parts.append(token)
        elif token.name in {"else", "/if"}:
            if not inside:
                raise ValueError(f"has {{{{{token.name}}}}} without {{{{#if …}}}}")
            return tuple(parts), token.name
        elif token.name.startswith("#if "):
            parts.append(_choice(rest, token.name[4:].strip()))
        else:
            parts.append(_known(token.name))
    if inside:
        raise ValueError("has {{#if …}} without {{/if}}")
    return tuple(parts), ""


def _choice(rest: Iterator[str | Word], word: str) -> Choice:
    then, end = _parts(rest, word)
    otherwise: tuple[Part, ...] = ()
    if end == "else":
        otherwise, end = _parts(rest, word)
        if end == "else":
            raise ValueError("has {{else}} twice")
    return Choice(_known(word).name, then, otherwise)


def _known(word: str) -> Word:
    if word not in WORDS:
        raise ValueError(f"speaks of {{{{{word}}}}}, which there is not")
    return Word(word)


def _said(parts: Sequence[Part], photo: Placed) -> str:
    said = []
    for part in parts:
        if isinstance(part, str):
            said.append(part)
        elif isinstance(part, Word):
            # A slash in what somebody called his album makes no folder.
            said.append(WORDS[part.name](photo).replace("/", "_"))
        else:
            said.append(_said(part.then if WORDS[part.word](photo) else part.otherwise, photo))
    return "".join(said)


def _parted(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending) if stem else (name, "")
