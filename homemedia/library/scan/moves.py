"""Files that are new at their place and known from another: the same quick hash, and the old path is gone."""

# Paths are text here: a Path of each file would cost more than reading its folder.
# ruff: noqa: PTH112
import os
from collections import defaultdict
from collections.abc import Sequence

from homemedia.library.models import Root
from homemedia.library.scan import store
from homemedia.library.scan.context import Work
from homemedia.library.scan.diff import moved_from
from homemedia.library.scan.hashing import quick_hash
from homemedia.library.scan.walk import Entry


async def find_moves(work: Work, root: Root, new: Sequence[tuple[str, Entry]]) -> dict[tuple[str, str], int]:
    """File ids of those new files that are known ones, by (folder, name).

    Args:
        work: the run.
        root: where they lie now.
        new: (folder below the root, entry) of files without a row.
    """
    elsewhere = await store.candidates(work.db.read, work.library.kind.value, {entry.size_bytes for _, entry in new})
    if not elsewhere:
        return {}
    return await work.lane.run(_decide, root.path, list(new), elsewhere)


def _decide(
    root_path: str, new: list[tuple[str, Entry]], elsewhere: list[store.Elsewhere]
) -> dict[tuple[str, str], int]:
    """Blocking: asks the disk whether old paths are still there, and hashes the new files that may be moved ones."""
    by_size: dict[int, list[store.Elsewhere]] = defaultdict(list)
    reachable: dict[str, bool] = {}
    for one in elsewhere:
        if one.root_path not in reachable:
            reachable[one.root_path] = os.path.isdir(one.root_path)
        # Of a disk that is away nobody can say what is gone from it.
        if reachable[one.root_path] and not os.path.lexists(f"{one.root_path}/{one.path}"):
            by_size[one.size_bytes].append(one)
    moved: dict[tuple[str, str], int] = {}
    for folder, entry in new:
        candidates = [one.candidate for one in by_size.get(entry.size_bytes, ())]
        if not candidates:
            continue
        try:
            hashed = quick_hash(f"{root_path}/{store.joined(folder, entry.name)}")
        except OSError:
            continue
        found = moved_from(entry, hashed, candidates)
        if found is not None:
            moved[folder, entry.name] = found.file_id
            by_size[entry.size_bytes] = [
                one for one in by_size[entry.size_bytes] if one.candidate.file_id != found.file_id
            ]
    return moved
