"""What changed in a folder: pure, from what lies there now and what was known.

Every entry of a listing ends in exactly one of the lists; what was known and lies there no more is `gone`.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import msgspec

from homemedia.library.scan.walk import Entry

STEADY_NS = 5_000_000_000
# Of these an empty one is a file like others; of media it is one whose bytes are still to come.
ANY_FILE = "file"


class Known(NamedTuple):
    """A file as the database knows it."""

    file_id: int
    name: str
    size_bytes: int
    mtime_ns: int
    inode: int
    kind: str
    is_missing: bool
    has_failed: bool


class FolderDiff(msgspec.Struct, kw_only=True):
    """The entries of one folder, sorted by what is to be done."""

    added: list[Entry]
    changed: list[tuple[Known, Entry]]
    """Other size or time: read again."""
    returned: list[tuple[Known, Entry]]
    """Missing before, there again as it was."""
    renumbered: list[tuple[Known, Entry]]
    """Same size and time, other inode: the same file on a disk mounted anew, or an exact copy in its place."""
    same: list[Known]
    failed: list[Known]
    """As they were, and they could not be read then."""
    deferred: list[Entry]
    gone: list[Known]


def compare(entries: Iterable[Entry], known: Iterable[Known], is_steady: Callable[[Entry], bool]) -> FolderDiff:
    """Sort the entries of one folder.

    Args:
        entries: what lies there.
        known: rows of this folder, missing ones included.
        is_steady: whether an entry that is new or changed has been written to its end.
    """
    diff = FolderDiff(added=[], changed=[], returned=[], renumbered=[], same=[], failed=[], deferred=[], gone=[])
    by_name = {row.name: row for row in known}
    for entry in entries:
        row = by_name.pop(entry.name, None)
        if row is not None and (row.size_bytes, row.mtime_ns) == (entry.size_bytes, entry.mtime_ns):
            if row.is_missing:
                diff.returned.append((row, entry))
            elif row.inode != entry.inode:
                diff.renumbered.append((row, entry))
            else:
                (diff.failed if row.has_failed else diff.same).append(row)
        elif (entry.size_bytes == 0 and entry.kind != ANY_FILE) or not is_steady(entry):
            diff.deferred.append(entry)
        elif row is None:
            diff.added.append(entry)
        else:
            diff.changed.append((row, entry))
    diff.gone = [row for row in by_name.values() if not row.is_missing]
    return diff


class FileReports:
    """What the system reported of files, by absolute path. This one heard nothing; the watcher's did."""

    def is_closed(self, path: str, mtime_ns: int) -> bool:
        """Whether the file, last written at `mtime_ns`, was closed since, or renamed into place."""
        _ = path, mtime_ns
        return False

    def is_busy(self, path: str) -> bool:
        """Whether somebody was seen to begin writing it, and not to end."""
        _ = path
        return False


def steady_by_time(now_ns: int, folder: str, reports: FileReports) -> Callable[[Entry], bool]:
    """Whether a file was last written more than 5 s ago, unless the system says more.

    A time in the future says nothing, so such a file counts as steady.

    Args:
        now_ns: the wall clock.
        folder: absolute path of the folder the entries lie in.
        reports: what the system told.

    Source:
        Design 7.42.
    """

    def is_steady(entry: Entry) -> bool:
        path = f"{folder}/{entry.name}"
        if reports.is_closed(path, entry.mtime_ns):
            return True
        age_ns = now_ns - entry.mtime_ns
        return not reports.is_busy(path) and not 0 <= age_ns < STEADY_NS

    return is_steady


class Candidate(NamedTuple):
    """A file known elsewhere with the size of a new one. `is_there` tells whether its old path still exists."""

    file_id: int
    name: str
    mtime_ns: int
    inode: int
    quick_hash: str | None
    is_there: bool


def moved_from(entry: Entry, quick_hash: str, candidates: Sequence[Candidate]) -> Candidate | None:
    """Which vanished file a new one is: that of equal quick hash, by preference of the same name, else the same inode.

    A file that was never hashed is recognised by inode and time.
    """

    def is_it(candidate: Candidate) -> bool:
        if candidate.is_there:
            return False
        # All empty files hold the same.
        if candidate.quick_hash is not None and entry.size_bytes:
            return candidate.quick_hash == quick_hash
        return (candidate.inode, candidate.mtime_ns) == (entry.inode, entry.mtime_ns)

    found = [candidate for candidate in candidates if is_it(candidate)]
    return max(
        found, key=lambda candidate: (candidate.name == entry.name, candidate.inode == entry.inode), default=None
    )
