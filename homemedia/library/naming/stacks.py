"""Parts of one recording: `Film cd1.avi`, `Film cd2.avi`. Used by films, episodes and home videos alike."""

import re
from collections import defaultdict
from collections.abc import Iterable

import msgspec

PART = re.compile(
    r"[ ._\-]{1,8}([\[({]?)(cd|dvd|disc|disk|part|pt)[ ._\-]{0,8}([1-9]\d?|0[1-9]|[a-d])[\])}]?$",
    re.IGNORECASE,
)
PART_WORD = re.compile(r"[\[({]?(?:cd|dvd|disc|disk|part|pt)[ ._\-]*(?:\d{1,2}|[a-d])[\])}]?", re.IGNORECASE)
PIECES = re.compile(r"(\d+)")


class Unit(msgspec.Struct, frozen=True):
    """One recording: its stem without the part words, and its files in order (one, or two and more)."""

    stem: str
    files: tuple[str, ...]


def split_name(name: str) -> tuple[str, str]:
    """The stem and the extension (lower case, without the dot) of a file name or path; either may be empty."""
    base = name.rpartition("/")[2]
    stem, dot, extension = base.rpartition(".")
    return (stem, extension.lower()) if dot and stem else (base, "")


def natural(text: str) -> list[tuple[int, str]]:
    """A sort key in which `2` comes before `10` and case does not count."""
    return [
        (int(piece), "") if position % 2 else (-1, piece.casefold())
        for position, piece in enumerate(PIECES.split(text))
    ]


def stack(files: Iterable[str]) -> list[Unit]:
    """Join files that are parts of one recording.

    Files with the same text before, the same word and the same kind of counter are one recording when there are at
    least two and they count 1, 2, 3 … (or a, b, c …) without a hole. A lone `cd2` is a recording of its own.

    Args:
        files: names, or paths of files of one folder.

    Returns:
        Every file in exactly one unit, in natural order of the names.

    Source:
        Watch contract 5.2, rule 1.
    """
    ordered = sorted(files, key=_place)
    counted: dict[tuple[str, str, bool], list[tuple[int, str, str]]] = defaultdict(list)
    for file in ordered:
        stem, extension = split_name(file)
        if match := PART.search(stem):
            prefix, counter = stem[: match.start()], match[3].lower()
            if prefix:
                number = int(counter) if counter.isdigit() else ord(counter) - ord("a") + 1
                counted[prefix.casefold(), match[2].lower(), counter.isdigit()].append((number, extension, file))
    units: dict[str, Unit] = {}
    for members in counted.values():
        for parts in _complete(members):
            stem, _ = split_name(parts[0])
            match = PART.search(stem)
            unit = Unit(stem[: match.start()] if match else stem, parts)
            units.update(dict.fromkeys(parts, unit))
    result: list[Unit] = []
    for file in ordered:
        known = units.get(file)
        if known is None:
            result.append(Unit(split_name(file)[0], (file,)))
        elif known.files[0] == file:
            result.append(known)
    return result


def _place(file: str) -> tuple[list[tuple[int, str]], str]:
    """By stem first, so that `Film.mkv` comes before `Film (2008).mkv`."""
    return natural(split_name(file)[0]), file


def _complete(members: list[tuple[int, str, str]]) -> list[tuple[str, ...]]:
    """The runs 1, 2, 3 … in counted files; where two copies lie side by side, one run per extension."""
    if len({number for number, _, _ in members}) < len(members):
        by_extension: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for member in members:
            by_extension[member[1]].append(member)
        if len(by_extension) == 1:
            return []
        return [run for group in by_extension.values() for run in _complete(group)]
    members = sorted(members)
    numbers = [number for number, _, _ in members]
    if len(members) < 2 or numbers != list(range(1, len(members) + 1)):
        return []
    return [tuple(file for _, _, file in members)]
