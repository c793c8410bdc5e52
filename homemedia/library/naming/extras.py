"""Trailers, deleted scenes and the like, by folder or by the end of a name; and samples, which are ignored."""

import re
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from homemedia.library.naming.normal import normalise
from homemedia.library.naming.tags import has_strong
from homemedia.library.naming.titles import last_bare_year


class ExtraKind(StrEnum):
    """The values are those of the wire and the database."""

    TRAILER = "trailer"
    BEHIND_THE_SCENES = "behindTheScenes"
    DELETED_SCENE = "deletedScene"
    FEATURETTE = "featurette"
    INTERVIEW = "interview"
    SCENE = "scene"
    SHORT = "short"
    CLIP = "clip"
    OTHER = "other"
    THEME_VIDEO = "themeVideo"
    SAMPLE = "sample"
    """Never an item: the scanner leaves samples out."""


class Extra(msgspec.Struct, frozen=True):
    """A file that is an extra, and where it hangs."""

    file: str
    kind: ExtraKind
    title: str
    owner_folder: str
    """Path of the folder whose film, show or season it belongs to; '' is the library root."""


FOLDERS = {
    "trailers": ExtraKind.TRAILER,
    "behind the scenes": ExtraKind.BEHIND_THE_SCENES,
    "deleted scenes": ExtraKind.DELETED_SCENE,
    "featurettes": ExtraKind.FEATURETTE,
    "interviews": ExtraKind.INTERVIEW,
    "scenes": ExtraKind.SCENE,
    "shorts": ExtraKind.SHORT,
    "clips": ExtraKind.CLIP,
    "extras": ExtraKind.OTHER,
    "extra": ExtraKind.OTHER,
    "other": ExtraKind.OTHER,
    "bonus": ExtraKind.OTHER,
    "special features": ExtraKind.OTHER,
    "backdrops": ExtraKind.THEME_VIDEO,
    "sample": ExtraKind.SAMPLE,
    "samples": ExtraKind.SAMPLE,
}
SUFFIXES = {
    "trailer": ExtraKind.TRAILER,
    "sample": ExtraKind.SAMPLE,
    "behindthescenes": ExtraKind.BEHIND_THE_SCENES,
    "deleted": ExtraKind.DELETED_SCENE,
    "deletedscene": ExtraKind.DELETED_SCENE,
    "featurette": ExtraKind.FEATURETTE,
    "interview": ExtraKind.INTERVIEW,
    "scene": ExtraKind.SCENE,
    "short": ExtraKind.SHORT,
    "clip": ExtraKind.CLIP,
    "extra": ExtraKind.OTHER,
    "other": ExtraKind.OTHER,
}
NAMES = {
    ExtraKind.TRAILER: "Trailer",
    ExtraKind.BEHIND_THE_SCENES: "Behind the scenes",
    ExtraKind.DELETED_SCENE: "Deleted scene",
    ExtraKind.FEATURETTE: "Featurette",
    ExtraKind.INTERVIEW: "Interview",
    ExtraKind.SCENE: "Scene",
    ExtraKind.SHORT: "Short",
    ExtraKind.CLIP: "Clip",
    ExtraKind.OTHER: "Extra",
    ExtraKind.THEME_VIDEO: "Backdrop",
    ExtraKind.SAMPLE: "Sample",
}

SUFFIX = re.compile(
    r"(?: - |[-._])(trailer|sample)(\d{0,9})$"
    r"|-(behindthescenes|deleted|deletedscene|featurette|interview|scene|short|clip|extra|other)(\d{0,9})$",
    re.IGNORECASE,
)
WHOLE = re.compile(r"(?:movie-)?(trailer|sample)(\d{0,9})", re.IGNORECASE)
# `Film (1990) sample`, but not `The DNA Sample`: only behind a closed bracket, a year or a tag.
LOOSE_SAMPLE = re.compile(r" sample\d{0,9}$", re.IGNORECASE)


def extra_of_folder(name: str) -> ExtraKind | None:
    """What the files of a folder of this name are, when it is one for extras."""
    return FOLDERS.get(normalise(name))


def extra_of_stem(stem: str, folder: str) -> tuple[ExtraKind, str] | None:
    """Kind and title of an extra told by its name alone.

    Args:
        stem: file name without extension.
        folder: name of the folder it lies in; a file named like its folder is the film itself.
    """
    if stem == folder:
        return None
    if match := WHOLE.fullmatch(stem):
        return _told(match[1], match[2])
    if match := SUFFIX.search(stem):
        return _told(match[1] or match[3], match[2] or match[4] or "")
    if match := LOOSE_SAMPLE.search(stem):
        before = stem[: match.start()]
        if before.endswith((")", "]", "}")) or has_strong(before) or last_bare_year(before):
            return ExtraKind.SAMPLE, NAMES[ExtraKind.SAMPLE]
    return None


def extra_of_path(path: str, *, first_level: int = 0, root_name: str = "") -> Extra | None:
    """The extra at a path below the library root, or None when the file is no extra.

    A folder for extras counts wherever it stands below the root, with all that lies in it; the root itself never does,
    whatever it is called.

    Args:
        path: below the library root, '/' between parts.
        first_level: how many folders on top are never folders for extras; 1 in show libraries, where the first
            level is the shows (one of them may be called "Extras").
        root_name: name of the library root's folder, for files that lie in it.

    Source:
        Watch contract 5.4.
    """
    *folders, name = path.split("/")
    stem = name.rpartition(".")[0] or name
    for depth, folder in enumerate(folders):
        if depth >= first_level and (kind := extra_of_folder(folder)):
            title = " ".join(stem.replace("_", " ").split()) or NAMES[kind]
            return Extra(path, kind, title, "/".join(folders[:depth]))
    told = extra_of_stem(stem, folders[-1] if folders else root_name)
    return Extra(path, told[0], told[1], "/".join(folders)) if told else None


def owner_of(stem: str, titles: Sequence[str]) -> int | None:
    """Which of a folder's films an extra hangs on: the only one, else the longest title its stem starts with.

    Returns:
        A position in `titles`, or None when no title fits.
    """
    if len(titles) == 1:
        return 0
    words = normalise(stem)
    best, best_length = None, 0
    for position, title in enumerate(titles):
        start = normalise(title)
        if len(start) > best_length and (words == start or words.startswith(f"{start} ")):
            best, best_length = position, len(start)
    return best


def _told(word: str, digits: str) -> tuple[ExtraKind, str]:
    kind = SUFFIXES[word.lower()]
    return kind, f"{NAMES[kind]} {digits}".strip()
