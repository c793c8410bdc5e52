"""DVD and Blu-ray folders as they come off a disc: one film, its main feature found by name and size."""

import re
from collections import defaultdict
from collections.abc import Mapping
from enum import Enum

from homemedia.library.naming.movies import MovieGroup
from homemedia.library.naming.titles import is_unsure, parse_title
from homemedia.library.naming.versions import Version, clean_label


class DiscKind(Enum):
    DVD = "VIDEO_TS"
    BLU_RAY = "BDMV"


TITLE_SET = re.compile(r"VTS_(\d\d)_([1-9])\.VOB", re.IGNORECASE)


def disc_home(folder: str) -> tuple[str, DiscKind] | None:
    """The film's folder for a folder inside a disc structure, and which structure it is.

    Args:
        folder: path below the library root, '/' between parts, '' for the root.

    Returns:
        `("Film (2010)", DiscKind.BLU_RAY)` for `Film (2010)/BDMV/STREAM`; None outside such structures.
    """
    parts = folder.split("/")
    for depth, part in enumerate(parts):
        if part.upper() in {"BDMV", "VIDEO_TS"}:
            return "/".join(parts[:depth]), DiscKind(part.upper())
    return None


def main_feature(kind: DiscKind, sizes: Mapping[str, int]) -> tuple[str, ...]:
    """The files that are the film, in playing order; empty when the structure holds none.

    Args:
        kind: which structure.
        sizes: size in bytes of every file in it, by path or name.

    Source:
        Watch contract 4.2: the largest `.m2ts` below `STREAM`; the parts 1 to 9 of the largest DVD title set.
    """
    if kind is DiscKind.BLU_RAY:
        streams = [path for path in sizes if _is_stream(path)]
        return (max(streams, key=lambda path: (sizes[path], path)),) if streams else ()
    sets: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for path in sizes:
        if match := TITLE_SET.fullmatch(path.rpartition("/")[2]):
            sets[match[1]].append((int(match[2]), path))
    if not sets:
        return ()
    largest = max(sorted(sets), key=lambda number: sum(sizes[path] for _, path in sets[number]))
    return tuple(path for _, path in sorted(sets[largest]))


def disc_movie(folder_name: str, files: tuple[str, ...]) -> MovieGroup:
    """The film of a disc folder, named by the folder that holds the structure.

    Args:
        folder_name: name of that folder (the library root's own when the structure lies there).
        files: what `main_feature` found, not empty.
    """
    parts = parse_title(folder_name)
    label = " ".join(filter(None, (parts.edition, clean_label(parts.rest)))) or None
    return MovieGroup(
        title=parts.title,
        year=parts.year,
        is_year_certain=parts.is_year_certain,
        title_with_year=parts.title_with_year,
        alternative=parts.alternative,
        ids=parts.ids,
        versions=(Version(label, 0, files),),
        is_unsure=is_unsure(parts),
    )


def _is_stream(path: str) -> bool:
    folders, _, name = path.rpartition("/")
    in_streams = not folders or folders.rpartition("/")[2].upper() == "STREAM"
    return in_streams and name.lower().endswith((".m2ts", ".mts"))
