"""How files become something else than items: what a slice above the library must bring to hear of them.

The library knows files; whose photos they are it does not know. A slice that makes things of a library's files gives
the scanner a `Follower`, which `app` hands over.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from homemedia.library.models import Library, LibraryKind


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

    async def finish(self, library: Library, *, is_whole: bool) -> None:
        """A scan has come to its end: hashes are known now. `is_whole`: it looked at everything."""
        ...

    async def refresh(self, library: Library) -> int:
        """Look into every file of a library again, in the background; how many."""
        ...

    async def forget(self, file_ids: Sequence[int]) -> None:
        """Nothing may refer to these files any more: their rows go next."""
        ...


class ByKind:
    """A follower for each kind of library."""

    def __init__(self, followers: Mapping[LibraryKind, Follower]) -> None:
        self._followers = followers

    async def settle(self, library: Library, folder_ids: Sequence[int], told: Collection[int]) -> None:
        """As `Follower.settle`, by the one for this library."""
        await self._followers[library.kind].settle(library, folder_ids, told)

    async def finish(self, library: Library, *, is_whole: bool) -> None:
        """As `Follower.finish`."""
        await self._followers[library.kind].finish(library, is_whole=is_whole)

    async def refresh(self, library: Library) -> int:
        """As `Follower.refresh`."""
        return await self._followers[library.kind].refresh(library)

    async def forget(self, file_ids: Sequence[int]) -> None:
        """As `Follower.forget`, by all of them."""
        for follower in self._followers.values():
            await follower.forget(file_ids)
