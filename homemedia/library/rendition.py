"""Pictures made of files and kept (design §7.45): where they lie, and the table that says which there are.

What is made on demand lies in the cache instead (`library.artwork.renditions`).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

import msgspec

from homemedia.core.db import Reader, Write
from homemedia.core.threads import Lane
from homemedia.library import rendition_store as store

FOLDERS: Final = 256


class Rendition(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that is there; `path` below the folder of renditions."""

    file_id: int
    variant: str
    pipeline: int
    path: str
    mime: str
    width: int | None
    height: int | None
    size_bytes: int
    made_at: int


class KeptRenditions:
    """An async context manager over one folder; it owns a thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lane = Lane("kept renditions", 1)

    async def __aenter__(self) -> Self:
        await self._lane.run(self.folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._lane.close()

    def path_for(self, file_id: int, variant: str, ending: str) -> str:
        """Where a picture of a file belongs, below the folder; file ids are never used twice."""
        return f"{file_id % FOLDERS:02x}/{file_id}-{variant}{ending}"

    def absolute(self, path: str) -> Path:
        return self.folder / path

    async def of(self, read: Reader, file_id: int) -> dict[str, Rendition]:
        """The pictures of a file, by variant."""
        return {row["variant"]: Rendition(**dict(row)) for row in await store.of_file(read, file_id)}

    async def enter(self, tx: Write, rendition: Rendition) -> None:
        """Write down a picture that lies in its place; it stands for what was there of that variant."""
        await store.put(tx, msgspec.structs.asdict(rendition))

    async def drop(self, paths: Sequence[str]) -> None:
        """Delete pictures whose rows are gone, by their paths below the folder."""
        await self._lane.run(self._drop, tuple(paths))

    async def sweep(self, read: Reader) -> int:
        """Delete files without a row, of a server that was killed in between; how many."""
        gone = 0
        for folder in await self._lane.run(self._names, self.folder):
            names = [f"{folder}/{name}" for name in await self._lane.run(self._names, self.folder / folder)]
            known = await store.known(read, names)
            lost = [name for name in names if name not in known]
            await self.drop(lost)
            gone += len(lost)
        return gone

    def _drop(self, paths: tuple[str, ...]) -> None:
        for path in paths:
            (self.folder / path).unlink(missing_ok=True)

    def _names(self, folder: Path) -> list[str]:
        try:
            return sorted(path.name for path in folder.iterdir())
        except (FileNotFoundError, NotADirectoryError):
            return []
