"""How files become something else than items: what a slice above the library must bring to hear of them.

The library knows files; whose photos they are it does not know. A slice that makes things of a library's files gives
the scanner a `Follower`, which `app` hands over.
"""

from collections.abc import Collection, Sequence
from typing import Protocol

from homemedia.library.models import Library


class Follower(Protocol):
    """Makes things of the files of some libraries. Each of these may be asked again for what it did already."""

    async def settle(self, library: Library, folder_ids: Sequence[int], told: Collection[int]) -> None:
        """Have what is made of the files of some folders be as the files are: new, changed, moved, gone, back.

        Args:
            library: theirs.
            folder_ids: whole folders, with their missing files.
            told: files whose sidecars came, changed or went.
        """
        ...

    async def finish(self, library: Library) -> None:
        """A scan has come to its end: hashes are known now."""
        ...

    async def refresh(self, library: Library) -> int:
        """Look into every file of a library again, in the background; how many."""
        ...

    async def forget(self, file_ids: Sequence[int]) -> None:
        """Nothing may refer to these files any more: their rows go next."""
        ...
