"""Files that are new at their place and known from another: the same quick hash, and the old path is gone."""

# Paths are text here: a Path of each file would cost more than reading its folder.
# ruff: noqa: PTH112, PTH208
import os
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence

from homemedia.library.models import Root
from homemedia.library.scan import store
from homemedia.library.scan.context import Work
from homemedia.library.scan.diff import moved_from
from homemedia.library.scan.disks import DiskSilent, Pulse
from homemedia.library.scan.hashing import quick_hash
from homemedia.library.scan.walk import Entry

BySize = Mapping[int, Sequence[store.Elsewhere]]


async def find_moves(work: Work, root: Root, new: Sequence[tuple[str, Entry]]) -> dict[tuple[str, str], int]:
    """File ids of those new files that are known ones, by (folder, name).

    Args:
        work: the run.
        root: where they lie now.
        new: (folder below the root, entry) of files without a row.
    """
    sizes = {entry.size_bytes for _, entry in new}
    elsewhere = await store.candidates(work.db.read, work.library, sizes, newest=work.newest_file)
    if not elsewhere:
        return {}
    gone = await _gone(work, elsewhere)
    by_size: dict[int, list[store.Elsewhere]] = defaultdict(list)
    for one in elsewhere:
        if one.candidate.file_id in gone:
            by_size[one.size_bytes].append(one)
    suspects = [(folder, entry) for folder, entry in new if entry.size_bytes in by_size]
    if not suspects:
        return {}
    pulse = Pulse()
    return await work.disks.ask(root.path, _decide, root.path, suspects, by_size, pulse=pulse)


async def _gone(work: Work, elsewhere: Sequence[store.Elsewhere]) -> set[int]:
    """Those that lie where they lay no more. Of a disk that is away nobody can say what is gone from it."""
    by_root: dict[str, list[store.Elsewhere]] = defaultdict(list)
    for one in elsewhere:
        by_root[one.root_path].append(one)
    found: set[int] = set()
    for root_path, some in by_root.items():
        pulse = Pulse()
        try:
            found |= await work.disks.ask(root_path, _vanished, root_path, some, pulse=pulse)
        except DiskSilent:
            if any(root.path == root_path for root in work.library.roots):
                raise
    return found


def _vanished(root_path: str, some: Sequence[store.Elsewhere], pulse: Pulse) -> set[int]:
    if not os.path.isdir(root_path):
        return set()
    listed: dict[str, frozenset[str]] = {}
    found = set()
    for one in some:
        if not lies_there(root_path, one.path, listed):
            found.add(one.candidate.file_id)
        pulse.beat()
    return found


def lies_there(root_path: str, path: str, listed: dict[str, frozenset[str]]) -> bool:
    """Whether a path is there under exactly this name.

    Where names differ in case or accents only and the disk takes them for the same, `film.mkv` answers for `Film.mkv`;
    what the folder above calls it decides.

    Args:
        root_path: of the library.
        path: below it.
        listed: what folders hold, kept between questions.
    """
    if not os.path.lexists(f"{root_path}/{path}"):
        return False
    folder = root_path
    for name in path.split("/"):
        if _has_twins(name):
            if folder not in listed:
                try:
                    listed[folder] = frozenset(os.listdir(folder))
                except OSError:
                    return True
            if name not in listed[folder]:
                return False
        folder = f"{folder}/{name}"
    return True


def _has_twins(name: str) -> bool:
    """Whether there are other names that some disks take for this one."""
    return name.swapcase() != name or not unicodedata.is_normalized("NFD", name)


def _decide(
    root_path: str, suspects: Sequence[tuple[str, Entry]], by_size: BySize, pulse: Pulse
) -> dict[tuple[str, str], int]:
    """Hashes the new files that may be moved ones. Blocking."""
    moved: dict[tuple[str, str], int] = {}
    taken: set[int] = set()
    for folder, entry in suspects:
        candidates = [one.candidate for one in by_size.get(entry.size_bytes, ()) if one.candidate.file_id not in taken]
        if not candidates:
            continue
        try:
            hashed = quick_hash(f"{root_path}/{store.joined(folder, entry.name)}")
        except OSError:
            continue
        pulse.beat()
        found = moved_from(entry, hashed, candidates)
        if found is not None:
            moved[folder, entry.name] = found.file_id
            taken.add(found.file_id)
    return moved
