"""Formats of older programs: MicroDVD (frames), SubViewer, MPL2 and SAMI (several languages in one file). Pure.

Source:
    Watch contract 10.2; "Understanding SAMI 1.0" for SAMI.
"""

import html
import re
from typing import Final

from homemedia.media.subtitles.cues import LATEST_MS, PLAIN_TAGS, Cue, UnreadableSubtitle, clean, marked_up
from homemedia.media.subtitles.srt import read_time

_FRAMES = re.compile(r"^\s*\{(\d{1,8})\}\{(\d{0,8})\}(.*)$")
_TENTHS = re.compile(r"^\s*\[(\d{1,8})\]\[(\d{0,8})\](.*)$")
_CODE = re.compile(r"\{[A-Za-z]:[^{}]*\}")
_RATE = re.compile(r"^\s*(\d{1,3}(?:[.,]\d{1,6})?)\s*$")
_SUBVIEWER = re.compile(r"^\s*(\d{1,2}:\d{2}:\d{2}[.,]\d{1,3})\s*,\s*(\d{1,2}:\d{2}:\d{2}[.,]\d{1,3})\s*$")
# Of most films; asked only when the film's own is not known.
USUAL_RATE: Final = 24000 / 1001
_LONGEST_MS: Final = 5000

_SYNC = re.compile(r"<\s*sync\b([^<>]*)>", re.IGNORECASE)
_START = re.compile(r"\bstart\s*=\s*[\"']?\s*(-?\d{1,10})", re.IGNORECASE)
_PARAGRAPH = re.compile(r"<\s*p\b([^<>]*)>", re.IGNORECASE)
_CLASS = re.compile(r"\bclass\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_STYLE = re.compile(r"\.([\w-]{1,40})\s*\{([^{}]*)\}")
_LANGUAGE = re.compile(r"\blang\s*:\s*([A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?)", re.IGNORECASE)
_BREAK = re.compile(r"<\s*br\s*/?\s*>", re.IGNORECASE)


def is_microdvd(text: str) -> bool:
    return any(_FRAMES.match(line) for line in text[:4096].splitlines()[:20])


def is_mpl2(text: str) -> bool:
    return any(_TENTHS.match(line) for line in text[:4096].splitlines()[:20])


def is_subviewer(text: str) -> bool:
    return any(_SUBVIEWER.match(line) for line in text[:8192].splitlines())


def is_sami(text: str) -> bool:
    return any("start" in mark.casefold() for mark in _SYNC.findall(text[:65536]))


def parse_microdvd(text: str, frame_rate: float | None) -> list[Cue]:
    """Cues given in frames.

    Args:
        text: the file; a first line `{1}{1}23.976` says the rate.
        frame_rate: of the film, where the file does not say.
    """
    rate = frame_rate if frame_rate and 1 <= frame_rate <= 1000 else USUAL_RATE
    spans: list[tuple[int, int | None, str]] = []
    for line in text.splitlines():
        found = _FRAMES.match(line)
        if found is None:
            continue
        said = _RATE.match(found[3])
        if not spans and found[1] in {"0", "1"} and found[2] in {"0", "1"} and said:
            told = float(said[1].replace(",", "."))
            rate = told if 1 <= told <= 1000 else rate
            continue
        spans.append((int(found[1]), int(found[2]) if found[2] else None, found[3]))
    return _from_spans(spans, 1000 / rate)


def parse_mpl2(text: str) -> list[Cue]:
    """Cues given in tenths of a second."""
    found = [match for match in map(_TENTHS.match, text.splitlines()) if match]
    return _from_spans([(int(one[1]), int(one[2]) if one[2] else None, one[3]) for one in found], 100.0)


def _from_spans(spans: list[tuple[int, int | None, str]], unit_ms: float) -> list[Cue]:
    if not spans:
        raise UnreadableSubtitle("This file has no subtitles in it.")
    cues: list[Cue] = []
    for at, (start, end, raw) in enumerate(spans):
        start_ms = round(start * unit_ms)
        if end is None:
            following = spans[at + 1][0] if at + 1 < len(spans) else None
            longest = start_ms + _LONGEST_MS
            end_ms = longest if following is None else min(longest, round(following * unit_ms))
        else:
            end_ms = round(end * unit_ms)
        lines = (line.removeprefix("/") for line in _CODE.sub("", raw).split("|"))
        text, _ = marked_up("\n".join(lines))
        cues.append(Cue(start_ms, min(end_ms, LATEST_MS + 1), text))
    return cues


def parse_subviewer(text: str) -> list[Cue]:
    """Cues of SubViewer 2: times on a line of their own, `[br]` for a new line."""
    cues: list[Cue] = []
    times: tuple[int, int] | None = None
    body: list[str] = []
    for line in [*text.splitlines(), ""]:
        found = _SUBVIEWER.match(line)
        if found or not line.strip():
            if times is not None and body:
                cues.append(Cue(*times, marked_up("\n".join(body).replace("[br]", "\n"))[0]))
                times = None
            if found:
                times = read_time(found[1]), read_time(found[2])
            body = []
        elif times is not None:
            body.append(line)
    if not cues:
        raise UnreadableSubtitle("This file has no subtitles in it.")
    return cues


def parse_sami(text: str, language: str | None) -> list[Cue]:
    """Cues of one language of a SAMI file.

    Args:
        text: the file.
        language: BCP 47; the first class of that language is taken, else the class that comes first.
    """
    text = _without_comments(text)
    chosen = _class_of(text, language)
    shown: list[tuple[int, str]] = []
    marks = list(_SYNC.finditer(text))
    for at, mark in enumerate(marks):
        start = _START.search(mark[1])
        if start is None:
            continue
        until = marks[at + 1].start() if at + 1 < len(marks) else len(text)
        for name, body in _paragraphs(text[mark.end() : until]):
            if name is None or chosen is None or name == chosen:
                shown.append((max(0, min(int(start[1]), LATEST_MS)), _sami_text(body)))
    if not shown:
        raise UnreadableSubtitle("This file has no subtitles in it.")
    shown.sort(key=lambda one: one[0])
    cues: list[Cue] = []
    for at, (start_ms, said) in enumerate(shown):
        following = next((later for later, _ in shown[at + 1 : at + 4] if later > start_ms), start_ms + _LONGEST_MS)
        cues.append(Cue(start_ms, following, said))
    return cues


def _paragraphs(block: str) -> list[tuple[str | None, str]]:
    """Class and text of each paragraph of one moment."""
    marks = list(_PARAGRAPH.finditer(block))
    if not marks:
        return [(None, block)]
    found: list[tuple[str | None, str]] = []
    for at, mark in enumerate(marks):
        until = marks[at + 1].start() if at + 1 < len(marks) else len(block)
        named = _CLASS.search(mark[1])
        found.append((named[1].casefold() if named else None, block[mark.end() : until]))
    return found


def _class_of(text: str, language: str | None) -> str | None:
    """The class to take, lower case; None when there are none."""
    told: dict[str, str] = {}
    for name, body in _STYLE.findall(text[: 1 << 16]):
        if spoken := _LANGUAGE.search(body):
            told.setdefault(name.casefold(), spoken[1].casefold())
    used = dict.fromkeys(named[1].casefold() for mark in _PARAGRAPH.finditer(text) if (named := _CLASS.search(mark[1])))
    wanted = (language or "").casefold()
    first = wanted.split("-")[0]
    same = [name for name in used if wanted and told.get(name, "").split("-")[0] == first]
    return next((name for name in same if told[name] == wanted), next(iter(same or used), None))


def _without_comments(text: str) -> str:
    """The text without comments; those with styles in them stay."""
    parts: list[str] = []
    at = 0
    while (begin := text.find("<!--", at)) >= 0 and (end := text.find("-->", begin)) >= 0:
        parts.append(text[at:begin])
        if "{" in text[begin:end]:
            parts.append(text[begin : end + 3])
        at = end + 3
    return "".join([*parts, text[at:]])


def _sami_text(body: str) -> str:
    body = _BREAK.sub("\n", re.sub(r"\s+", " ", body))
    tags = re.split(r"(<[^<>]*>)", body)
    # Entities stand in the text alone; unescaped there, they are escaped again as far as it needs to be.
    said = "".join(part if part.startswith("<") else html.unescape(part).replace("<", "\ue000") for part in tags)
    return clean(said, tags=PLAIN_TAGS).replace("\ue000", "&lt;")
