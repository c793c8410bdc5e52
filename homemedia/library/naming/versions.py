"""Versions of one film or episode: their labels, their order, and which one plays first."""

import re
from collections.abc import Iterable, Mapping

import msgspec

from homemedia.library.naming.stacks import natural
from homemedia.library.naming.tags import height_in

BRACKETS = re.compile(r"[\[\](){}]")
SEPARATORS = " .-_\u2013\u2014,;:~|\t"


class Version(msgspec.Struct, frozen=True):
    """One version: its label (None for the plain one), its place (0 plays first), its files in order of parts."""

    label: str | None
    index: int
    files: tuple[str, ...]


def clean_label(text: str) -> str | None:
    """A version's label from what follows the title: no brackets, no separators around it; None when empty."""
    # Separators between two bracket groups go with the brackets, a dash inside a word stays.
    words = (word.strip(SEPARATORS) for word in BRACKETS.sub(" ", text).split())
    return " ".join(word for word in words if word) or None


def arrange(
    labelled: Iterable[tuple[str | None, tuple[str, ...]]], heights: Mapping[str, int] | None = None
) -> tuple[Version, ...]:
    """Order versions, the default first, and tell equal labels apart by ` #2`, ` #3`.

    The plain version leads, then falling picture height, then labels in natural order.

    Args:
        labelled: (label, files) of each version; equal labels are numbered in the order given.
        heights: picture height by file, once files were probed; before, what the label says.

    Source:
        Watch contract 5.2, rule 6.
    """
    seen: dict[str, int] = {}
    named: list[tuple[str | None, tuple[str, ...]]] = []
    for label, files in labelled:
        key = (label or "").casefold()
        count = seen[key] = seen.get(key, 0) + 1
        named.append((label if count == 1 else f"{label or ''} #{count}".strip(), files))

    def place(entry: tuple[str | None, tuple[str, ...]]) -> tuple[bool, int, list[tuple[int, str]]]:
        label, files = entry
        height = (heights or {}).get(files[0], 0) or height_in(label or "")
        return label is not None, -height, natural(label or "")

    return tuple(Version(label, index, files) for index, (label, files) in enumerate(sorted(named, key=place)))
