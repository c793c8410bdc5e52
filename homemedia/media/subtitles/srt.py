"""SubRip: read whatever calls itself that, write it as it should be. Pure.

Source:
    Watch contract 10.2. There is no specification; the tolerances are those that files in the wild need.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from homemedia.media.subtitles.cues import LATEST_MS, TOP, Cue, UnreadableSubtitle, is_at_top, marked_up, unescaped

# One to three parts with or without a fraction, apart by comma, dot or (seen) a colon.
_TIME: Final = r"(-?\d{1,6}(?:[ \t]?:[ \t]?\d{1,2}){0,2}(?:[ \t]?[.,:][ \t]?\d{1,9})?)"
_TIMING = re.compile(rf"^[ \t]*{_TIME}[ \t]*[-–—=]{{1,3}}[ \t]?(?:>|&gt;)[ \t]*{_TIME}(?![\d:])")  # noqa: RUF001 - dashes that stand there
_FRACTION = re.compile(r"^(.*?)[.,](\d+)$")
_HALF_TIMING = re.compile(r"[\d:.,\s>-]+")
_VTT_ONLY = re.compile(r"</?(?:c|v|lang|ruby|rt)(?:[\s.][^<>]*)?>")


def read_time(text: str) -> int:
    """A time in ms: `1`, `1.5`, `02:03,250`, `1:02:03`, `01:02:03:250`; below 0 for negative ones."""
    text = text.replace(" ", "").replace("\t", "")
    sign = -1 if text.startswith("-") else 1
    text = text.lstrip("-")
    found = _FRACTION.match(text)
    whole, fraction = (found[1], found[2]) if found else (text, "")
    parts = whole.split(":")
    if len(parts) == 4 or (not fraction and len(parts) > 1 and len(parts[-1]) > 2):
        fraction = parts.pop()
    seconds = 0
    for part in parts:
        seconds = seconds * 60 + int(part)
    return sign * min(seconds * 1000 + int(fraction[:3].ljust(3, "0")), LATEST_MS + 1)


def parse(text: str) -> list[Cue]:
    """The cues of a SubRip text, in the order of the file.

    Raises:
        UnreadableSubtitle: there is no timing line in it.
    """
    cues = [
        Cue(max(0, start_ms), end_ms, *_dressed("\n".join(lines)))
        for start_ms, end_ms, lines in _blocks(text.splitlines())
    ]
    if not cues:
        raise UnreadableSubtitle("This file has no subtitles in it.")
    return cues


def _dressed(raw: str) -> tuple[str, str]:
    text, is_top = marked_up(raw)
    return text, TOP if is_top else ""


def _blocks(lines: Iterable[str]) -> Iterator[tuple[int, int, list[str]]]:
    """Times and lines of each cue. A cue lasts until the next timing line: blank lines inside it are its own."""
    times: tuple[int, int] | None = None
    body: list[str] = []
    number: int | None = None
    for line in lines:
        found = _TIMING.match(line)
        if found is None:
            body.append(line)
            continue
        number = _take_number(body, number)
        if times is not None:
            yield *times, body
        times, body = (read_time(found[1]), read_time(found[2])), []
    if times is not None:
        _take_junk(body)
        yield *times, body


def _take_number(body: list[str], before: int | None) -> int | None:
    """Take the number of the next cue off the end of this one's lines; the number, or None when there was none.

    A number without a blank line before it is one only if it follows the last: else somebody says it.
    """
    at = len(body) - 1
    while at >= 0 and not body[at].strip():
        at -= 1
    if at < 0:
        return before
    word = body[at].strip().lstrip("\ufeff")
    if not (word.isascii() and word.isdigit() and len(word) < 10):
        return None
    if not (at and not body[at - 1].strip()) and before is not None and int(word) != before + 1:
        return None
    if at == 0 and before is None and len(body) > 1:
        return None  # the only line of a cue in a file without numbers
    del body[at:]
    return int(word)


def _take_junk(body: list[str]) -> None:
    """Take a number without a cue, or half a timing line, off the end of the file."""
    while body and (not body[-1].strip() or (_HALF_TIMING.fullmatch(body[-1]) and _is_apart(body))):
        body.pop()


def _is_apart(body: list[str]) -> bool:
    return "" in (line.strip() for line in body[:-1]) and any(line.strip() for line in body[:-1])


def write(cues: Iterable[Cue]) -> str:
    """Cues as SubRip."""
    parts: list[str] = []
    for number, cue in enumerate(cues, 1):
        text = unescaped(_VTT_ONLY.sub("", cue.text) if "<" in cue.text else cue.text)
        top = r"{\an8}" if is_at_top(cue) else ""
        parts.append(f"{number}\n{_time(cue.start_ms)} --> {_time(cue.end_ms)}\n{top}{text}\n")
    return "\n".join(parts)


def _time(ms: int) -> str:
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02},{ms:03}"
