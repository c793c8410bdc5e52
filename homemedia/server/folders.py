"""The folder picker's questions, asked in threads of their own with a limit, so that a dead disk hangs nobody."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from homemedia.core.problems import TimedOut
from homemedia.library.scan.disks import Disks, DiskSilent
from homemedia.server.browse import Listing, Walls, browse
from homemedia.server.facts import LibraryFacts
from homemedia.server.info import space_of
from homemedia.server.mounts import mounts
from homemedia.server.suggest import Search, Suggestion, children

LIMIT_S = 5.0
# What stands for all disks together, where each of them is looked at.
ALL = "all disks"
T = TypeVar("T")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A good place to begin: "home", "videos", "pictures" or "drive". Space in bytes of drives that answered."""

    kind: str
    name: str
    path: str
    free_bytes: int | None = None
    total_bytes: int | None = None


class Suggestions(msgspec.Struct, frozen=True, kw_only=True):
    """`in_library`: path of a suggestion to the library that has it already."""

    found: list[Suggestion]
    places: list[Place]
    in_library: Mapping[str, str]
    is_complete: bool


class Picked(msgspec.Struct, frozen=True, kw_only=True):
    """A listing and which of its entries belong to a library: entry path to library id."""

    listing: Listing
    in_library: Mapping[str, str]
    roots: list[str]


class FolderService:
    """Lists and suggests folders.

    Args:
        walls: what may be looked into.
        library: knows which folders are taken.
        disks: who asks disks, and gives up on those that do not answer.
        home: home folder of the user we run as.
        limit_s: how long a disk may think.
    """

    def __init__(
        self,
        walls: Walls,
        library: LibraryFacts,
        disks: Disks,
        *,
        home: Path | None = None,
        limit_s: float = LIMIT_S,
    ) -> None:
        self._walls = walls
        self._library = library
        self._disks = disks
        self._found: list[Suggestion] = []
        self._home = home or _home_folder()
        self._limit_s = limit_s

    async def listing(self, path: str, *, with_files: bool, with_hidden: bool) -> Picked:
        """What lies in a folder.

        Raises:
            BadRequest: `path_not_absolute`.
            Forbidden: `path_forbidden`.
            NotFound: `path_not_found`.
            TimedOut: `storage_timeout`, the disk does not answer.
        """

        def look() -> tuple[Listing, list[str]]:
            listing = browse(path, self._walls, with_files=with_files, with_hidden=with_hidden)
            return listing, self._walls.roots

        listing, roots = await self._in_time(path, look)
        taken = await self._library.roots()
        return Picked(listing=listing, in_library=_taken([entry.path for entry in listing.entries], taken), roots=roots)

    async def suggestions(self, path: str | None) -> Suggestions:
        """Likely media folders of this machine, or what each folder in `path` holds.

        Raises:
            BadRequest, Forbidden, NotFound, TimedOut: as `listing`, for `path`.
        """
        if path is not None:
            found = await self._in_time(path, lambda: children(self._opened(path), self._walls))
            return await self._answer(found, [])
        search = Search(self._home, self._walls)

        def look() -> list[Place]:
            search.run()
            return self._places()

        try:
            places = await self._disks.ask_within(self._limit_s, ALL, look)
        except DiskSilent:
            # Some disk does not answer; what the others hold is known all the same, also while nobody asks again.
            self._found = list(search.found) or self._found
            return msgspec.structs.replace(await self._answer(self._found, []), is_complete=False)
        return await self._answer(search.found, places)

    async def _answer(self, found: list[Suggestion], places: list[Place]) -> Suggestions:
        return Suggestions(
            found=found,
            places=places,
            in_library=_taken([one.path for one in found], await self._library.roots()),
            is_complete=all(one.is_complete for one in found),
        )

    def _opened(self, path: str) -> str:
        """The path as it may be looked into, or browse's refusal."""
        return browse(path, self._walls, with_files=False, with_hidden=False).path

    def _places(self) -> list[Place]:
        home = [
            Place(kind=kind, name=folder.name, path=str(folder))
            for kind, folder in (
                ("home", self._home),
                ("videos", self._home / "Videos"),
                ("pictures", self._home / "Pictures"),
            )
            if folder.is_dir() and not self._walls.shuts_out(os.path.realpath(folder))
        ]
        # Network disks are left out: asking a dead one for its space would cost the whole answer.
        disks = [mount.path for mount in mounts() if mount.is_disk and not mount.is_remote]
        drives = []
        for disk in dict.fromkeys(disks):
            if not self._walls.shuts_out(disk) and not _is_of_system(disk):
                space = space_of(Path(disk))
                drives.append(
                    Place(
                        kind="drive",
                        name=Path(disk).name or disk,
                        path=disk,
                        free_bytes=space.free,
                        total_bytes=space.total,
                    )
                )
        return [*home, *drives]

    async def _in_time(self, path: str, look: Callable[[], T]) -> T:
        try:
            return await self._disks.ask_about(self._limit_s, path, look)
        except DiskSilent:
            raise TimedOut("The disk does not answer. Is it connected?", code="storage_timeout") from None


def _home_folder() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        # A container may run us as a user nobody has heard of.
        return Path(os.sep)


def _is_of_system(path: str) -> bool:
    return path.startswith(("/boot", "/snap", "/var", "/usr", "/nix"))


def _taken(paths: list[str], roots: Mapping[str, str]) -> dict[str, str]:
    """Those of `paths` that are a library's folder or lie inside one, with its id; the innermost folder wins."""
    found = {}
    for path in paths:
        fitting = [root for root in roots if path == root or path.startswith(root.rstrip("/") + "/")]
        if fitting:
            found[path] = roots[max(fitting, key=len)]
    return found
