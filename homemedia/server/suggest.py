"""Finds the folders a household keeps its videos and music in, for the first-run wizard.

Blocking, and done when its time is up.

It looks at names and sizes only, and at what lies across the network last.
"""

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from homemedia.server.browse import REMOVABLE, Walls, is_hidden, is_playable, is_sound
from homemedia.server.guesses import Kind, is_generic, is_music, kind_by_content, kind_by_name, scan_seconds
from homemedia.server.mounts import Mount, mounts, remote_paths

BUDGET_S = 2.0
# The share of the budget in which folders are found; the rest is for counting.
FINDING_SHARE = 0.4
LEVELS = 2
MAX_DEPTH = 12
MAX_SUGGESTIONS = 60
MAX_FOLDERS = 2_000
SAMPLE = 200
SHARED_PLACES = ("/media", "/mnt", "/srv", REMOVABLE, "/Volumes")
HOME_FOLDERS = (
    *("Videos", "Movies", "Films", "Filme", "Vídeos", "Vidéos", "Video", "Filmy", "TV", "TV Shows", "Serien"),
    *("Music", "Musik", "Musique", "Música", "Musica", "Muziek", "Muzyka"),
)
# What the desktop says of a folder; of that for videos their names tell more.
XDG: dict[str, Kind | None] = {"XDG_VIDEOS_DIR": None, "XDG_MUSIC_DIR": "music"}
_SYSTEM_MOUNTS = frozenset({"/", "/boot", "/boot/efi", "/home", "/usr", "/var", "/tmp", "/opt", "/nix"})  # noqa: S108


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """What a folder seems to hold; `kind` None where nothing was seen.

    Counts are of videos, of music of songs, and complete or a lower bound; `all_files` are files of any kind.
    """

    path: str
    name: str
    kind: Kind | None
    files: int
    size_bytes: int
    is_complete: bool
    all_files: int = 0

    @property
    def scan_seconds(self) -> int:
        return scan_seconds(self.files)


class Deadline:
    """A moment after which nothing more is begun."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    @property
    def left_s(self) -> float:
        return max(0.0, self._at - time.monotonic())

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._at


class _Look(msgspec.Struct):
    """What one folder shows at first sight."""

    folders: list[str]
    videos: list[str]


class Search:
    """One search for media folders. `found` grows while it runs, so that a disk that never answers costs only itself.

    Args:
        home: the home folder of the user we run as.
        walls: what may be looked into.
        budget_s: time for everything.
        starts: folders whose first two levels are looked through; default: where systems put disks.
        remote: where network disks are mounted; they are looked at last.
    """

    def __init__(
        self,
        home: Path,
        walls: Walls,
        *,
        budget_s: float = BUDGET_S,
        starts: Sequence[str] | None = None,
        remote: frozenset[str] | None = None,
    ) -> None:
        self.found: list[Suggestion] = []
        self._home = home
        self._walls = walls
        self._budget_s = budget_s
        self._starts = starts
        self._remote = remote_paths() if remote is None else remote
        self._seen: set[str] = set()

    def run(self) -> list[Suggestion]:
        """The likely media folders, those in the home folder first; none lies inside another."""
        whole = Deadline(self._budget_s)
        finding = Deadline(self._budget_s * FINDING_SHARE)
        told = {str(self._home / name): kind for name, kind in _xdg_folders(self._home).items()}
        named = [*told, *(str(self._home / name) for name in HOME_FOLDERS)]
        shared = [str(start) for start in (shared_places() if self._starts is None else self._starts)]
        near: dict[str, Kind | None] = {}
        for start, level in [*((folder, 1) for folder in named), *((folder, 0) for folder in shared)]:
            near |= self._find(start, level, finding, told.get(start))
        self._count_all(near, whole)
        far: dict[str, Kind | None] = {}
        for start in sorted(self._remote):
            self._remote -= {start}
            far |= self._find(start, 1, whole)
        self._count_all(far, whole)
        return self.found

    def _find(self, folder: str, level: int, deadline: Deadline, told: Kind | None = None) -> dict[str, Kind | None]:
        """Folders below `folder` that look like media, or the folder itself where it does (from level 1 on).

        `told`: what somebody says it holds.
        """
        if deadline.is_over or len(self._seen) > MAX_FOLDERS or level > LEVELS + 1 or folder in self._remote:
            return {}
        real = os.path.realpath(folder)
        if real in self._seen or real in self._remote or self._walls.shuts_out(real):
            return {}
        look = _look(folder, self._walls)
        if look is None:
            return {}
        self._seen.add(real)
        name = os.path.basename(folder)  # noqa: PTH119 - plain text throughout
        kind = told or (kind_by_name(name) if level else None)
        if kind is not None:
            return {folder: kind}
        inner: dict[str, Kind | None] = {}
        for child in look.folders:
            inner |= self._find(_joined(folder, child), level + 1, deadline)
        if inner or not level:
            return inner
        return {folder: None} if look.videos or (is_generic(name) and look.folders) else {}

    def _count_all(self, found: dict[str, Kind | None], whole: Deadline) -> None:
        paths = list(found)[:MAX_SUGGESTIONS]
        for number, path in enumerate(paths):
            suggestion = _count(path, found[path], self._walls, Deadline(whole.left_s / (len(paths) - number)))
            # A folder named for films that could not be counted in time is still worth a suggestion.
            if suggestion.files or (not suggestion.is_complete and suggestion.kind is not None):
                self.found.append(suggestion)


def children(folder: str, walls: Walls, *, budget_s: float = BUDGET_S) -> list[Suggestion]:
    """Each folder directly in `folder` with what it holds, by name; kind None where nothing was seen."""
    whole = Deadline(budget_s)
    look = _look(folder, walls)
    names = look.folders if look is not None else []
    return [
        _count(_joined(folder, name), kind_by_name(name), walls, Deadline(whole.left_s / (len(names) - number)))
        for number, name in enumerate(names)
    ]


def shared_places(table: Sequence[Mount] | None = None) -> list[str]:
    """Where disks are: the customary folders and every further mount of a disk, without the system's own."""
    mounted = [mount.path for mount in (mounts() if table is None else table) if mount.is_disk and not mount.is_remote]
    customary = [place for place in SHARED_PLACES if os.path.isdir(place)]  # noqa: PTH112 - plain text throughout
    further = [
        path
        for path in mounted
        if path not in _SYSTEM_MOUNTS and not any(path.startswith(place + "/") for place in customary)
    ]
    return [*customary, *further]


def _look(folder: str, walls: Walls) -> _Look | None:
    folders: list[str] = []
    videos: list[str] = []
    try:
        with os.scandir(folder) as scan:
            for entry in scan:
                if is_hidden(entry.name) or not entry.name.isprintable():
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if not walls.forbids(entry.path):
                        folders.append(entry.name)
                elif is_playable(entry.name):
                    videos.append(entry.name)
    except OSError:
        return None
    return _Look(sorted(folders, key=str.casefold), videos)


class _Tally(msgspec.Struct):
    """What was counted of one sort of files; `sample` holds the first paths, below the folder."""

    files: int = 0
    size_bytes: int = 0
    sample: list[str] = []


def _count(path: str, kind: Kind | None, walls: Walls, share: Deadline) -> Suggestion:
    videos, sounds = _Tally(), _Tally()
    is_complete, all_files = True, 0
    for entry in _files(path, walls):
        if entry is None:
            if share.is_over:
                is_complete = False
                break
            continue
        all_files += 1
        if not (is_playable(entry.name) or is_sound(entry.name)):
            continue
        tally = sounds if is_sound(entry.name) else videos
        tally.files += 1
        if len(tally.sample) < SAMPLE:
            tally.sample.append(entry.path[len(path) :].lstrip("/"))
        try:
            tally.size_bytes += entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue
    if kind is None and is_music(videos.files, sounds.files):
        kind = "music"
    elif kind is None and videos.files:
        kind = kind_by_content(videos.sample)
    meant = sounds if kind == "music" else videos
    name = os.path.basename(path) or path  # noqa: PTH119 - plain text throughout
    return Suggestion(
        path=path,
        name=name,
        kind=kind,
        files=meant.files,
        size_bytes=meant.size_bytes,
        is_complete=is_complete,
        all_files=all_files,
    )


def _files(path: str, walls: Walls) -> Iterator[os.DirEntry[str] | None]:
    """Every file below a folder; None after each folder and each hundredth entry, for a look at the time."""
    waiting = [(path, 0)]
    while waiting:
        folder, depth = waiting.pop()
        yield None
        try:
            with os.scandir(folder) as scan:
                for number, entry in enumerate(scan):
                    if number % 100 == 99:
                        yield None
                    if is_hidden(entry.name):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        if depth < MAX_DEPTH and not walls.forbids(entry.path):
                            waiting.append((entry.path, depth + 1))
                    else:
                        yield entry
        except OSError:
            continue


def _xdg_folders(home: Path) -> dict[str, Kind | None]:
    """The folders the desktop calls Videos and Music, whatever the language: paths below home."""
    try:
        lines = (home / ".config" / "user-dirs.dirs").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    found: dict[str, Kind | None] = {}
    for line in lines:
        name, _, value = line.strip().partition("=")
        value = value.strip('"')
        if name in XDG and value.startswith("$HOME/") and value != "$HOME/":
            found[value.removeprefix("$HOME/")] = XDG[name]
    return found


def _joined(folder: str, name: str) -> str:
    return os.path.join(folder, name)  # noqa: PTH118 - plain text throughout
