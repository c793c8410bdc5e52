"""Looks into folders for the folder picker (watch §16.1). Blocking; runs in a lane with a time limit.

Threat: an administrator's browser must not become a window into the machine. Folders of the system and our own have
no entry and do not open, also not through a link; of files nothing is told but name and size, never contents.
"""

import itertools
import os
import stat
import string
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from homemedia.core.problems import BadRequest, Forbidden, NotFound
from homemedia.library.naming.ignore import AUDIO_EXTENSIONS, VIDEO_EXTENSIONS
from homemedia.library.naming.stacks import natural, split_name
from homemedia.server.mounts import remote_paths

MAX_ENTRIES = 5_000
# Names read before sorting; a folder of more is no folder of films.
MAX_READ = 100_000
IS_WINDOWS = sys.platform == "win32"
SYSTEM_TREES = ("/proc", "/sys", "/dev", "/run", "/boot", "/etc", "/root")
# Where desktop systems put the disks one plugs in: inside /run, and the one part of it that is no business of theirs.
REMOVABLE = "/run/media"
_HIDDEN_NAMES = frozenset({"$recycle.bin", "system volume information", "lost+found", "@eadir", "#recycle"})
_FOLDS_CASE = sys.platform in {"win32", "darwin"}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in a folder. `size_bytes` of files only."""

    name: str
    path: str
    is_dir: bool
    is_readable: bool
    size_bytes: int | None = None


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A folder: folders first, then files, each in natural order; `resolved` only when it differs from `path`."""

    path: str
    resolved: str | None
    parent: str | None
    entries: list[Entry]
    is_truncated: bool


class Walls:
    """Which folders may be looked into.

    Args:
        own: our own folders (data, transcode).
        roots: trees everything is narrowed to; empty means the whole machine.
        trees: folders of the system.
    """

    def __init__(
        self, own: Iterable[Path] = (), roots: Iterable[str] = (), *, trees: Iterable[str] | None = None
    ) -> None:
        given = [*(system_trees() if trees is None else trees), *map(str, own)]
        # Both as written and as it really lies: /etc is a link on some systems, the data folder may be one.
        self._closed = {_folded(path) for tree in given for path in (os.path.normpath(tree), os.path.realpath(tree))}
        self._roots = tuple(os.path.realpath(root) for root in roots)
        self._open = {_folded(REMOVABLE)}

    @property
    def is_narrowed(self) -> bool:
        return bool(self._roots)

    @property
    def roots(self) -> list[str]:
        """Where browsing begins."""
        if self._roots:
            return list(self._roots)
        if IS_WINDOWS:  # pragma: no cover - checked on Windows
            return list(drives())
        return ["/", REMOVABLE] if os.path.isdir(REMOVABLE) else ["/"]  # noqa: PTH112 - plain text throughout

    def forbids(self, path: str) -> bool:
        """Whether a path lies in a closed tree; say the path as it is written and as it resolves."""
        folded = _folded(path)
        if any(_is_below(folded, opened) for opened in self._open):
            return False
        return any(_is_below(folded, closed) for closed in self._closed)

    def shuts_out(self, resolved: str) -> bool:
        """Whether a resolved path may not be shown: closed, or outside of what browsing is narrowed to."""
        if self.forbids(resolved):
            return True
        return bool(self._roots) and not any(_is_below(_folded(resolved), _folded(root)) for root in self._roots)


def system_trees() -> list[str]:
    if IS_WINDOWS:  # pragma: no cover - checked on Windows
        names = ("SystemRoot", "ProgramData", "ProgramFiles", "ProgramFiles(x86)")
        return [os.environ[name] for name in names if os.environ.get(name)]
    return list(SYSTEM_TREES)


def drives() -> Iterator[str]:
    """Letters of the drives there are, on Windows."""
    for letter in string.ascii_uppercase:
        if os.path.isdir(f"{letter}:\\"):  # noqa: PTH112 - plain text throughout
            yield f"{letter}:\\"


def checked_path(text: str) -> str:
    """An absolute path without `..`.

    Raises:
        BadRequest: `path_not_absolute`.
        Forbidden: a path to another machine (UNC): opening it would send this one's credentials there.
    """
    if "\0" in text or not os.path.isabs(text):  # noqa: PTH117 - plain text throughout
        raise BadRequest("This is not an absolute path.", code="path_not_absolute", field="path")
    if IS_WINDOWS and text.replace("/", "\\").startswith("\\\\"):  # pragma: no cover - checked on Windows
        raise _closed()
    path = os.path.normpath(text)
    # POSIX leaves two leading slashes alone, and no system we run on means anything by them.
    return "/" + path.lstrip("/") if path.startswith("//") else path


def browse(path: str, walls: Walls, *, with_files: bool, with_hidden: bool) -> Listing:
    """What lies in a folder.

    Raises:
        BadRequest: `path_not_absolute`.
        Forbidden: `path_forbidden`.
        NotFound: `path_not_found`.
    """
    if path == "/" and (IS_WINDOWS or (walls.is_narrowed and walls.shuts_out("/"))):
        return _roots_of(walls)
    path = checked_path(path)
    if walls.forbids(path):
        raise _closed()
    resolved = _resolved(path)
    if walls.shuts_out(resolved):
        raise _closed()
    folders, files, is_cut = _read(path, walls, with_files=with_files, with_hidden=with_hidden)
    names = [(name, True) for name in sorted(folders, key=natural)] + [
        (name, False) for name in sorted(files, key=natural)
    ]
    remote = remote_paths()
    entries = [_entry(os.path.join(path, name), name, remote, is_dir=is_dir) for name, is_dir in names[:MAX_ENTRIES]]  # noqa: PTH118
    return Listing(
        path=path,
        resolved=resolved if resolved != path else None,
        parent=_parent(path, resolved, walls),
        entries=[entry for entry in entries if entry is not None],
        is_truncated=is_cut or len(names) > MAX_ENTRIES,
    )


def is_hidden(name: str) -> bool:
    return name.startswith((".", "$")) or name.casefold() in _HIDDEN_NAMES


def is_playable(name: str) -> bool:
    return split_name(name)[1] in VIDEO_EXTENSIONS


def is_sound(name: str) -> bool:
    return split_name(name)[1] in AUDIO_EXTENSIONS


def _read(path: str, walls: Walls, *, with_files: bool, with_hidden: bool) -> tuple[list[str], list[str], bool]:
    """Names of folders and of files, unsorted, and whether there were more."""
    folders: list[str] = []
    files: list[str] = []
    try:
        with os.scandir(path) as scan:
            for entry in itertools.islice(scan, MAX_READ):
                if is_hidden(entry.name) and not with_hidden:
                    continue
                try:
                    is_dir = entry.is_dir()
                    is_link = entry.is_symlink()
                except OSError:
                    continue
                if not is_dir and not (with_files and is_playable(entry.name)):
                    continue
                if walls.forbids(entry.path) or (is_link and walls.shuts_out(os.path.realpath(entry.path))):
                    continue
                (folders if is_dir else files).append(entry.name)
            is_cut = next(scan, None) is not None
    except (FileNotFoundError, NotADirectoryError) as err:
        raise _gone() from err
    except PermissionError as err:
        raise Forbidden("HomeMedia may not read this folder.", code="path_forbidden") from err
    except OSError as err:
        raise _gone() from err
    return folders, files, is_cut


def _entry(path: str, name: str, remote: frozenset[str], *, is_dir: bool) -> Entry | None:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        # A name that is no text cannot be asked for in JSON either: it is shown, and cannot be chosen.
        shown = os.fsencode(path).decode("utf-8", "replace")
        return Entry(name=shown.rpartition(os.sep)[2], path=shown, is_dir=is_dir, is_readable=False)
    if is_dir:
        # A dead network disk must not keep its living neighbours from being listed.
        is_readable = path in remote or os.access(path, os.R_OK | os.X_OK)
        return Entry(name=name, path=path, is_dir=True, is_readable=is_readable)
    try:
        found = os.stat(path)  # noqa: PTH116 - plain text throughout
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    is_readable = os.access(path, os.R_OK)
    return Entry(name=name, path=path, is_dir=False, is_readable=is_readable, size_bytes=found.st_size)


def _resolved(path: str) -> str:
    try:
        return os.path.realpath(path, strict=True)
    except PermissionError as err:
        raise Forbidden("HomeMedia may not read this folder.", code="path_forbidden") from err
    except (OSError, UnicodeError) as err:
        raise _gone() from err


def _parent(path: str, resolved: str, walls: Walls) -> str | None:
    parent = os.path.dirname(path)  # noqa: PTH120 - plain text throughout
    if walls.is_narrowed and resolved in walls.roots:
        return "/"
    if parent == path:
        return "/" if IS_WINDOWS else None
    return parent


def _roots_of(walls: Walls) -> Listing:
    """The virtual folder above all roots."""
    entries = [
        Entry(name=root, path=root, is_dir=True, is_readable=os.access(root, os.R_OK | os.X_OK)) for root in walls.roots
    ]
    return Listing(path="/", resolved=None, parent=None, entries=entries, is_truncated=False)


def _is_below(path: str, tree: str) -> bool:
    return path == tree or path.startswith(tree.rstrip(os.sep) + os.sep)


def _folded(path: str) -> str:
    return path.casefold() if _FOLDS_CASE else path


def _closed() -> Forbidden:
    return Forbidden("This folder belongs to the system and cannot be opened here.", code="path_forbidden")


def _gone() -> NotFound:
    return NotFound("There is no such folder.", code="path_not_found")
