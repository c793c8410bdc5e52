"""Where an item lives on the disk, so that what lies beside it (pictures, NFO files) can be found. Pure.

Folders are absolute, with '/' between parts whatever the system; nothing here touches the disk.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

DISC_FOLDERS = frozenset({"video_ts", "bdmv"})
# A folder's names by their lower-case form; a folder that cannot be read is absent.
Listings = Mapping[str, Mapping[str, str]]


class PlacedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A video file of an item.

    Attributes:
        root: absolute path of the library folder.
        path: below the root.
        is_alone: no other film has a file in this folder.
    """

    root: str
    path: str
    is_alone: bool = True


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """One folder an item lives in.

    Attributes:
        folder: absolute.
        stems: names without extension of its video files there, first version first; none for a disc's structure.
        is_own: the folder holds this one film and is no library folder, so `poster.jpg` there is the film's.
        is_alone: the folder holds this one film.
        disc: the folder `VIDEO_TS` or `BDMV` inside, as it is written.
    """

    folder: str
    stems: tuple[str, ...] = ()
    is_own: bool = False
    is_alone: bool = False
    disc: str | None = None


class ShowPlace(msgspec.Struct, frozen=True):
    """The folders of a show, and those that belong to one of its seasons alone, by season number."""

    folders: tuple[str, ...] = ()
    seasons: Mapping[int | None, tuple[str, ...]] = {}


def join(*parts: str) -> str:
    """Parts of a path with one '/' between them; empty parts count for nothing."""
    head, *rest = [part for part in parts if part]
    return "/".join([head.rstrip("/") if rest else head, *rest])


def stem(name: str) -> str:
    """A file name without its extension: `.hidden` keeps its name, `a.b.mkv` is `a.b`."""
    head, dot, _ = name.rpartition(".")
    return head if dot and head else name


def homes(files: Iterable[PlacedFile]) -> list[Home]:
    """The folders an item's files lie in, in the order of the files; each once."""
    found: dict[str, Home] = {}
    for file in files:
        *folders, name = file.path.split("/")
        disc = _disc(folders)
        if disc is not None:
            folders, disc_name = folders[:disc], folders[disc]
            home = Home(folder=join(file.root, *folders), is_own=bool(folders), is_alone=bool(folders), disc=disc_name)
            found.setdefault(home.folder, home)
            continue
        folder = join(file.root, *folders)
        known = found.get(folder)
        stems = (*(known.stems if known else ()), stem(name))
        found[folder] = Home(folder=folder, stems=stems, is_own=bool(folders) and file.is_alone, is_alone=file.is_alone)
    return list(found.values())


def _disc(folders: Sequence[str]) -> int | None:
    """At which part of a path a disc's structure begins."""
    return next((index for index, part in enumerate(folders) if part.lower() in DISC_FOLDERS), None)


def show_place(files: Iterable[tuple[int | None, PlacedFile]]) -> ShowPlace:
    """Find a show's folders from its episodes.

    The show lives in first-level folders; a folder below belongs to a season when no other season has an episode in it.

    Args:
        files: season number and file of each episode.

    Returns:
        Show folders in the order of the files; of a season's folders the outermost first.
    """
    shows: dict[str, None] = {}
    used_by: dict[str, set[int | None]] = {}
    for season, file in files:
        folders = file.path.split("/")[:-1]
        if not folders:
            continue
        shows[join(file.root, folders[0])] = None
        for depth in range(2, len(folders) + 1):
            used_by.setdefault(join(file.root, *folders[:depth]), set()).add(season)
    seasons: dict[int | None, list[str]] = {}
    for folder, numbers in used_by.items():
        if len(numbers) == 1:
            seasons.setdefault(next(iter(numbers)), []).append(folder)
    outermost_first = {
        number: tuple(sorted(found, key=lambda path: path.count("/"))) for number, found in seasons.items()
    }
    return ShowPlace(tuple(shows), outermost_first)
