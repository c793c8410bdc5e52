"""What all subtitle formats have in common: cues, their text, and what is too much. Pure.

The text of a cue is kept as WebVTT has it: `&` and `<` escaped, tags balanced, lines apart by a line break, none empty.
"""

import re
from collections.abc import Iterable
from typing import Final

import msgspec

from homemedia.core.problems import Unprocessable

MAX_BYTES: Final = 20 << 20
# A film has about 1,500; scripts with letters that move have been seen with 150,000.
MAX_CUES: Final = 250_000
DEEPEST: Final = 16
LATEST_MS: Final = 1000 * 60 * 60 * 1000

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,15})((?:[\s.][^<>]{0,400})?/?)>")
_OVERRIDE = re.compile(r"\{\\[^{}\n]{0,400}\}")
_ALIGNMENT = re.compile(r"\\(an?)(\d{1,2})")
_ENTITY = re.compile(r"&(amp|lt|gt|quot|apos|#39|nbsp|lrm|rlm);")
_CHARACTERS: Final = {
    "amp": "&",
    "lt": "<",
    "gt": ">",
    "quot": '"',
    "apos": "'",
    "#39": "'",
    "nbsp": "\xa0",
    "lrm": "\u200e",
    "rlm": "\u200f",
}
# A cue's text ends at a line break or the end of the file only: everything else that could end a line goes.
_CONTROLS: Final = dict.fromkeys(
    [*(code for code in range(0x20) if code not in {0x09, 0x0A}), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF, 0xFFFE]
)
PLAIN_TAGS: Final = frozenset({"i", "b", "u"})
VTT_TAGS: Final = frozenset({"i", "b", "u", "c", "v", "lang", "ruby", "rt"})


class UnreadableSubtitle(Unprocessable):
    """Nothing can be made of a file; the one error of this package."""

    default_code = "subtitle_unreadable"


class Cue(msgspec.Struct, frozen=True, gc=False):
    """A text that is shown for a while. `settings` are WebVTT's (`line:5% align:start`)."""

    start_ms: int
    end_ms: int
    text: str
    settings: str = ""


TOP: Final = "line:5%"


def is_at_top(cue: Cue) -> bool:
    """Whether a cue belongs into the upper half, as far as other formats can say so."""
    for word in cue.settings.split():
        if word.startswith("line:"):
            place = word[5:].split(",")[0]
            number = place.rstrip("%")
            if number.replace(".", "", 1).isdigit() and number.isascii():
                return float(number) < (50 if place.endswith("%") else 5)
    return False


def in_order(cues: Iterable[Cue]) -> list[Cue]:
    """Cues by their start, without those that show nothing or end before they begin.

    Raises:
        UnreadableSubtitle: there are more than anybody reads.
    """
    kept = [cue for cue in cues if cue.end_ms > cue.start_ms >= 0 and cue.text and cue.end_ms <= LATEST_MS]
    if len(kept) > MAX_CUES:
        raise UnreadableSubtitle("This file has more subtitles than can be read.")
    kept.sort(key=lambda cue: cue.start_ms)
    return kept


def shifted(cues: Iterable[Cue], by_ms: int) -> list[Cue]:
    """Cues moved in time; those that would end before the film begins are left out.

    Source:
        Watch contract 10.2.
    """
    if not by_ms:
        return list(cues)
    return [
        Cue(max(0, cue.start_ms + by_ms), cue.end_ms + by_ms, cue.text, cue.settings)
        for cue in cues
        if cue.end_ms + by_ms > 0
    ]


def marked_up(raw: str, *, tags: frozenset[str] = PLAIN_TAGS) -> tuple[str, bool]:
    r"""Text with tags and overrides as WebVTT wants it, and whether an override puts it at the top.

    `{\an7}` to `{\an9}` mean the top (and `{\a5}` to `{\a7}` of older programs); all other `{\…}` are dropped, as
    are tags not in `tags`.
    """
    top = False
    if "{\\" in raw:
        top = any(at_top(found) for found in _OVERRIDE.findall(raw))
        raw = _OVERRIDE.sub("", raw)
    return clean(raw, tags=tags), top


def at_top(override: str) -> bool:
    """Whether the first alignment in an override block is one at the top."""
    found = _ALIGNMENT.search(override)
    return found is not None and found[2] in (("7", "8", "9") if found[1] == "an" else ("5", "6", "7"))


def clean(raw: str, *, tags: frozenset[str] = frozenset()) -> str:
    """Text with the given tags kept and balanced, all else escaped, without empty lines and control characters."""
    text = raw.translate(_CONTROLS).strip()
    if "<" not in text and "&" not in text:
        return _lines(text.replace("-->", "--&gt;"))
    written: list[str] = []
    unclosed: list[str] = []
    at = 0
    for tag in _TAG.finditer(text):
        written.append(_escaped(text[at : tag.start()]))
        at = tag.end()
        name = tag[2].lower()
        if name == "br":
            written.append("\n")
        elif name not in tags:
            continue
        elif tag[1]:
            written += _closed(unclosed, name)
        elif len(unclosed) < DEEPEST and not (name in PLAIN_TAGS and name in unclosed):
            unclosed.append(name)
            written.append(f"<{name}{_annotation(name, tag[3])}>")
    written += [_escaped(text[at:]), *(f"</{name}>" for name in reversed(unclosed))]
    return _lines("".join(written))


def plain(text: str) -> str:
    """A cue's text without escapes and without any tag."""
    return unescaped(_TAG.sub("", text))


def unescaped(text: str) -> str:
    return _ENTITY.sub(lambda found: _CHARACTERS[found[1]], text)


def _closed(unclosed: list[str], name: str) -> list[str]:
    """The end tags that close `name` and what was opened inside; nothing when it is not open."""
    if name not in unclosed:
        return []
    ended = []
    while True:
        last = unclosed.pop()
        ended.append(f"</{last}>")
        if last == name:
            return ended


def _annotation(name: str, rest: str) -> str:
    """Classes, speaker or language of a tag; `<i>` and its like have none."""
    rest = " ".join(rest.rstrip("/").split())
    if name in PLAIN_TAGS or not rest:
        return ""
    if rest.startswith("."):
        return re.sub(r"&(?!\w+;)", "&amp;", rest)
    return " " + rest.replace("&", "&amp;") if name in {"v", "lang"} else ""


def _escaped(text: str) -> str:
    # What is escaped already (files made from web pages) is not escaped twice.
    text = unescaped(text) if "&" in text else text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("-->", "--&gt;")


def _lines(text: str) -> str:
    lines = [line.strip() for line in text.split("\n")]
    kept = "\n".join(line for line in lines if line)
    # Tags around nothing show nothing.
    return kept if _TAG.sub("", kept).strip("\xa0 \n") else ""
