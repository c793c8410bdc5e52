"""The pictures of the icon: PNG files beside this module, made by packaging/make_icons.py.

No picture library: a backend that takes a file gets its path, one that writes a file gets `save`.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import IO

FOLDER = Path(__file__).resolve().parent / "pictures"
SIDES = (22, 32, 44, 64)
TEMPLATE_SIDES = (18, 36)


class Picture:
    """One picture in all its sizes. pystray asks such an object for nothing but `save`."""

    def __init__(self, name: str) -> None:
        self.name = name

    def path(self, side: int) -> Path:
        """The file that is at least `side` pixels wide, or the widest."""
        return FOLDER / f"{self.name}-{_fitting(side, SIDES)}.png"

    def template(self, side: int) -> Path:
        """The black form, from which macOS makes its own for light and dark bars."""
        return FOLDER / f"{self.name}-template-{_fitting(side, TEMPLATE_SIDES)}.png"

    def save(self, file: IO[bytes], format: str) -> None:
        """Write it as "PNG" (one size) or "ICO" (all of them)."""
        file.write(self.ico() if format == "ICO" else self.path(SIDES[-1]).read_bytes())

    def ico(self) -> bytes:
        """All sizes in one file as Windows takes it.

        Source:
            The format's directory: a head of 6 bytes, 16 for each entry; since Vista an entry may be a whole PNG.
        """
        contents = [(side, self.path(side).read_bytes()) for side in SIDES]
        at = 6 + 16 * len(contents)
        head = struct.pack("<HHH", 0, 1, len(contents))
        for side, content in contents:
            head += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(content), at)
            at += len(content)
        return head + b"".join(content for _, content in contents)


def _fitting(side: int, sides: tuple[int, ...]) -> int:
    return next((there for there in sides if there >= side), sides[-1])
