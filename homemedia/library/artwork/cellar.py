"""The folder of pictures we made ourselves: frame grabs and embedded covers, named by their content.

Blocking; the callers run it in a lane.
"""

import os
import time
from collections.abc import Collection
from pathlib import Path

from homemedia.core.ids import new_hex

# A picture this young may belong to a row that is not written yet.
YOUNG_S = 3600.0
_MAKING = "making"


class Cellar:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new_target(self) -> Path:
        """Where a picture may be written before it is kept."""
        making = self._folder / _MAKING
        making.mkdir(mode=0o700, parents=True, exist_ok=True)
        return making / new_hex(8)

    def keep(self, made: Path, content_hash: str, extension: str) -> str:
        """Move a finished picture to its place; the same picture twice is one file.

        Returns:
            Its absolute path.
        """
        place = self._folder / content_hash[:2] / f"{content_hash}.{extension}"
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made.replace(place)
        return str(place)

    def tidy(self, known: Collection[str]) -> list[str]:
        """Delete what no item refers to any more.

        Args:
            known: absolute paths that items refer to, ours and others.

        Returns:
            Those of `known` whose file is gone.
        """
        refers = set(known)
        found: set[str] = set()
        before = time.time() - YOUNG_S
        for folder, _, names in os.walk(self._folder):
            for name in names:
                path = os.path.join(folder, name)  # noqa: PTH118 - a hundred thousand Path objects take seconds
                if path in refers:
                    found.add(path)
                elif os.stat(path).st_mtime < before:  # noqa: PTH116 - likewise
                    os.unlink(path)  # noqa: PTH108 - likewise
        return [path for path in refers - found if not os.path.exists(path)]  # noqa: PTH110 - likewise
