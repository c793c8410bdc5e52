"""SubStation Alpha, old (SSA) and new (ASS). Pure.

Source:
    Watch contract 10.2; the format's own text "Sub Station Alpha v4.00+ Script Format", and what libass does.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from homemedia.media.subtitles.cues import LATEST_MS, TOP, Cue, at_top, clean, is_at_top, plain

_TIME = re.compile(r"^\s*(\d{1,6}):(\d{1,2}):(\d{1,2})[.:,](\d{1,3})\s*$")
_BLOCK = re.compile(r"\{([^{}]*)\}")
_DRAWING = re.compile(r"\\p(\d{1,3})")
_EVENT: Final = ("marked", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")
_TOP_NEW: Final = frozenset({"7", "8", "9"})
_TOP_OLD: Final = frozenset({"5", "6", "7"})
_DIALOGUE = re.compile(r"^(\s*(?:Dialogue|Comment)\s*:\s*)(.*)$", re.IGNORECASE)
_HEAD: Final = """[Script Info]
ScriptType: v4.00+
WrapStyle: 0
ScaledBorderAndShadow: yes
PlayResX: 1280
PlayResY: 720

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,48,&H00FFFFFF,&H000000FF,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,2,1,2,40,40,40,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def is_ass(text: str) -> bool:
    """Whether the first lines are those of a script."""
    return any(
        line.strip().casefold() in {"[script info]", "[v4+ styles]", "[v4 styles]", "[events]"}
        for line in text[:4096].splitlines()
    )


def parse(text: str) -> list[Cue]:
    """What is said in a script, without looks and drawings; equal texts at the same time once.

    Signs are often drawn by several equal lines above each other, one for each colour.
    """
    cues: dict[Cue, None] = {}
    tops: set[str] = set()
    order: tuple[str, ...] = _EVENT
    section = ""
    styles: tuple[str, ...] = ()
    for line in text.splitlines():
        line = line.strip()  # noqa: PLW2901 - the same line
        if line.startswith("["):
            section, order = line.casefold(), _EVENT
            continue
        kind, _, rest = line.partition(":")
        kind = kind.strip().casefold()
        if kind == "format":
            named = tuple(word.strip().casefold() for word in rest.split(","))
            styles, order = (named, order) if "styles" in section else (styles, named)
        elif kind == "style" and "styles" in section:
            _note_style(rest, styles, tops, is_old="+" not in section)
        elif kind == "dialogue" and (cue := _cue(rest, order, tops)) is not None:
            cues.setdefault(cue)
    return list(cues)


def _note_style(rest: str, styles: tuple[str, ...], tops: set[str], *, is_old: bool) -> None:
    values = dict(zip(styles, (value.strip() for value in rest.split(",")), strict=False))
    if values.get("alignment") in (_TOP_OLD if is_old else _TOP_NEW):
        tops.add(values.get("name", "").lstrip("*"))


def _cue(rest: str, order: tuple[str, ...], tops: set[str]) -> Cue | None:
    # The text is the last field, and commas in it are its own.
    values = dict(zip(order, rest.split(",", len(order) - 1), strict=False))
    start_ms, end_ms = _ms(values.get("start", "")), _ms(values.get("end", ""))
    if start_ms is None or end_ms is None:
        return None
    said, is_top = _spoken(values.get("text", ""))
    if is_top is None:
        is_top = values.get("style", "").strip().lstrip("*") in tops
    return Cue(start_ms, end_ms, clean(said), TOP if is_top else "")


def _spoken(raw: str) -> tuple[str, bool | None]:
    """The text of a line, and whether an override puts it at the top; None when none says where."""
    parts: list[str] = []
    is_top: bool | None = None
    draws = False
    at = 0
    for block in _BLOCK.finditer(raw):
        if not draws:
            parts.append(raw[at : block.start()])
        at = block.end()
        if (drawing := _DRAWING.findall(block[1])) and drawing[-1] != "":
            draws = drawing[-1].strip("0") != ""
        if is_top is None and re.search(r"\\an?\d", block[1]):
            is_top = at_top(block[1])
    if not draws:
        parts.append(raw[at:])
    said = "".join(parts)
    return said.replace(r"\N", "\n").replace(r"\n", "\n").replace(r"\h", "\xa0"), is_top


def _ms(text: str) -> int | None:
    found = _TIME.match(text)
    if found is None:
        return None
    seconds = (int(found[1]) * 60 + int(found[2])) * 60 + int(found[3])
    return min(seconds * 1000 + int(found[4].ljust(3, "0")), LATEST_MS + 1)


def write(cues: Iterable[Cue]) -> str:
    """Cues as a script with one plain style."""
    return _HEAD + "".join(
        f"Dialogue: 0,{_time(cue.start_ms)},{_time(cue.end_ms)},Default,,0,0,0,,{_styled(cue)}\n" for cue in cues
    )


def _styled(cue: Cue) -> str:
    text = cue.text.replace("{", "(").replace("}", ")").replace("\\", "\N{FULLWIDTH REVERSE SOLIDUS}")
    text = re.sub(r"<([ibu])>", r"{\\\g<1>1}", text)
    text = re.sub(r"</([ibu])>", r"{\\\g<1>0}", text)
    return (r"{\an8}" if is_at_top(cue) else "") + plain(text).replace("\n", r"\N")


def moved(text: str, by_ms: int) -> str:
    """A script with all its lines moved in time, everything else as it is."""
    return text if not by_ms else "\n".join(_moved(text.splitlines(), by_ms)) + "\n"


def _moved(lines: Iterable[str], by_ms: int) -> Iterator[str]:
    order: tuple[str, ...] = _EVENT
    section = ""
    for line in lines:
        if line.lstrip().startswith("["):
            section = line.strip().casefold()
        elif section == "[events]" and line.lstrip().casefold().startswith("format"):
            order = tuple(word.strip().casefold() for word in line.partition(":")[2].split(","))
        elif section == "[events]" and (found := _DIALOGUE.match(line)):
            values = found[2].split(",", len(order) - 1)
            times = [order.index(name) for name in ("start", "end") if name in order[: len(values)]]
            if len(times) == 2:
                start_ms, end_ms = (_ms(values[at]) for at in times)
                if start_ms is not None and end_ms is not None:
                    if end_ms + by_ms <= 0:
                        continue
                    values[times[0]], values[times[1]] = _time(max(0, start_ms + by_ms)), _time(end_ms + by_ms)
                    yield found[1] + ",".join(values)
                    continue
        yield line


def _time(ms: int) -> str:
    hundredths = (ms + 5) // 10
    seconds, hundredths = divmod(hundredths, 100)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}.{hundredths:02}"
