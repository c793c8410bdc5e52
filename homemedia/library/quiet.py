"""Waits until a folder is quiet: pure, time is handed in. Collects what was heard, and says what to visit when.

A copied folder is one scan, not a thousand: each event puts its folder off a little, but never beyond a limit.
"""

import msgspec

from homemedia.library.naming.ignore import PATTERN_FILES, file_kind, ignored_name
from homemedia.library.scan.context import Scope
from homemedia.library.scan.diff import FileReports
from homemedia.library.scan.walk import readable

QUIET_S = 0.3
# Files that nobody says were closed are steady after 5 s.
UNTOLD_S = 5.1
# A folder that never gets quiet is looked at all the same; the contract allows a minute.
AT_MOST_S = 10.0
KEEP_REPORTS_S = 120.0
NEW_FOLDER_S = 10.0
# File systems stamp files by a clock that lags a few ms.
CLOCK_LAG_NS = 50_000_000


class _Waiting(msgspec.Struct):
    first_s: float
    due_s: float
    deep: bool


class Reports(FileReports):
    """Which files were closed, and which are being written, by absolute path."""

    def __init__(self) -> None:
        self._closed: dict[str, tuple[float, int]] = {}
        self._begun: dict[str, float] = {}

    def close(self, path: str, now_s: float, now_ns: int) -> None:
        self._begun.pop(path, None)
        self._closed[path] = (now_s, now_ns)

    def begin(self, path: str, now_s: float) -> None:
        self._closed.pop(path, None)
        self._begun[path] = now_s

    def forget(self, path: str) -> None:
        self._begun.pop(path, None)
        self._closed.pop(path, None)

    def doubt(self, folder: str) -> None:
        """Word of what is below a folder was lost, perhaps that a file was closed: by its time alone it is told."""
        self._begun = {path: at for path, at in self._begun.items() if not path.startswith(f"{folder}/")}

    def stale_at(self) -> float | None:
        """When the oldest file that is being written is to be forgotten."""
        return min(self._begun.values()) + KEEP_REPORTS_S if self._begun else None

    def is_closed(self, path: str, mtime_ns: int) -> bool:
        """Closed or renamed into place, and not written since."""
        told = self._closed.get(path)
        return told is not None and mtime_ns <= told[1] + CLOCK_LAG_NS

    def is_busy(self, path: str) -> bool:
        return path in self._begun

    def sweep(self, now_s: float) -> None:
        """Forget what is old; somebody who holds a file open for minutes without writing does not hide it for ever."""
        if len(self._closed) + len(self._begun) > 0:
            self._closed = {path: told for path, told in self._closed.items() if now_s - told[0] < KEEP_REPORTS_S}
            self._begun = {path: at for path, at in self._begun.items() if now_s - at < KEEP_REPORTS_S}


class Quiet:
    """Folders that something happened in, until they are due.

    Args:
        tells_closes: whether the system reports closes, so that a file that was begun is waited for.
    """

    def __init__(self, *, tells_closes: bool = True) -> None:
        self.reports = Reports()
        self._tells_closes = tells_closes
        self._waiting: dict[tuple[int, str], _Waiting] = {}
        self._new_folders: dict[str, float] = {}

    def created(self, root: "WatchedRoot", path: str, now_s: float, *, is_folder: bool) -> None:
        """Something began to exist here; a file is waited for until it is closed."""
        if is_folder:
            self._new_folders[path] = now_s
            self._note(root, path, now_s, QUIET_S, deep=True)
            return
        if not root.takes(path):
            return
        folder = path.rpartition("/")[0]
        # In a folder that is watched only now, the close may have come before the watch.
        if self._tells_closes and now_s - self._new_folders.get(folder, -NEW_FOLDER_S) >= NEW_FOLDER_S:
            self.reports.begin(path, now_s)
        self._note(root, folder, now_s, UNTOLD_S, keeps=True)

    def closed(self, root: "WatchedRoot", path: str, now_s: float, now_ns: int) -> None:
        """A file was closed after writing."""
        if root.takes(path):
            self.reports.close(path, now_s, now_ns)
            self._note(root, path.rpartition("/")[0], now_s, QUIET_S)

    def moved(self, root: "WatchedRoot", before: str, path: str, now_s: float, now_ns: int, *, is_folder: bool) -> None:
        """Something was renamed; '' stands for a place outside."""
        if before:
            self.deleted(root, before, now_s, is_folder=is_folder)
        if path and is_folder:
            self._new_folders[path] = now_s
            self._note(root, path, now_s, QUIET_S, deep=True)
        elif path:
            self.closed(root, path, now_s, now_ns)

    def deleted(self, root: "WatchedRoot", path: str, now_s: float, *, is_folder: bool) -> None:
        """Something is gone from here."""
        self.reports.forget(path)
        if is_folder:
            self._note(root, path, now_s, QUIET_S, deep=True)
        elif root.takes(path):
            self._note(root, path.rpartition("/")[0], now_s, QUIET_S)

    def lost(self, root: "WatchedRoot", now_s: float) -> None:
        """Nobody knows what happened: look everywhere."""
        self.reports.doubt(root.path.rstrip("/"))
        self._note(root, root.path, now_s, QUIET_S, deep=True)

    def next_due(self) -> float | None:
        """When something is due next, or a report too old to be kept."""
        stale = self.reports.stale_at()
        times = [waiting.due_s for waiting in self._waiting.values()]
        return min(times if stale is None else [*times, stale], default=None)

    def take_due(self, now_s: float) -> dict[int, list[Scope]]:
        """What to visit now, by root."""
        due: dict[int, list[Scope]] = {}
        for (root_id, folder), waiting in list(self._waiting.items()):
            if waiting.due_s <= now_s:
                del self._waiting[root_id, folder]
                due.setdefault(root_id, []).append(Scope(root_id=root_id, path=folder, deep=waiting.deep))
        self.reports.sweep(now_s)
        self._new_folders = {path: at for path, at in self._new_folders.items() if now_s - at < NEW_FOLDER_S}
        return due

    def forget_root(self, root_id: int) -> None:
        self._waiting = {key: waiting for key, waiting in self._waiting.items() if key[0] != root_id}

    def _note(
        self, root: "WatchedRoot", folder: str, now_s: float, delay_s: float, *, deep: bool = False, keeps: bool = False
    ) -> None:
        below = root.below(folder)
        if root.passes_by(below):
            return
        key = root.root_id, below
        waiting = self._waiting.get(key)
        if waiting is None:
            self._waiting[key] = _Waiting(now_s, now_s + delay_s, deep)
            return
        waiting.deep = waiting.deep or deep
        if not keeps:
            waiting.due_s = min(now_s + delay_s, waiting.first_s + AT_MOST_S)


class WatchedRoot(msgspec.Struct, frozen=True, kw_only=True):
    """A root as the watcher sees it. `owned`: folders of our own below it."""

    root_id: int
    library_id: str
    kind: str
    path: str
    owned: tuple[str, ...] = ()

    def below(self, path: str) -> str:
        """An absolute path as one below the root, '' for the root; of names that cannot be the folder around them."""
        below = path[len(self.path.rstrip("/")) + 1 :]
        if not below.isascii() and readable(below) != below:
            parts = below.split("/")
            bad = next(at for at, part in enumerate(parts) if readable(part) != part)
            return "/".join(parts[:bad])
        return below

    def passes_by(self, below: str) -> bool:
        """Whether no scan enters this folder: what happens there is nobody's business, and often is our own doing."""
        return any(ignored_name(name, is_folder=True) is not None for name in below.split("/") if name) or any(
            f"{below}/".startswith(f"{own}/") for own in self.owned
        )

    def takes(self, path: str) -> bool:
        """Whether a file of this name can change anything for the library."""
        name = path.rpartition("/")[2]
        return file_kind(name, self.kind) is not None or name in PATTERN_FILES or name == ".nomedia"
