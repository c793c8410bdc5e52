"""Recognises a library's folder at another place: copied to a new disk, renamed, a level higher or deeper.

Then its rows are led to the new place instead of being dropped there and made anew here: items keep everything, and
files of the same bytes are not probed again.
"""

# Paths are text here, as everywhere in the scan.
# ruff: noqa: PTH116
import os
import stat
from collections.abc import Iterable, Mapping, Sequence

import msgspec

MOST_CHILDREN = 200
DEPTH = 3


class Shift(msgspec.Struct, frozen=True, order=True):
    """What lay in `before` lies in `after` now; both below their roots, '' for the root itself."""

    before: str = ""
    after: str = ""


class Relocation(msgspec.Struct, frozen=True):
    """A root's new path, and how the paths below it change."""

    path: str
    shift: Shift


def nested(old: str, new: str) -> Shift | None:
    """How paths change when one of two roots lies inside the other; None when neither does. Pure."""
    outer, inner = old.rstrip("/") + "/", new.rstrip("/") + "/"
    if inner.startswith(outer):
        return Shift(before=inner[len(outer) :].rstrip("/"))
    if outer.startswith(inner):
        return Shift(after=outer[len(inner) :].rstrip("/"))
    return None


def find_shift(new: str, some: Sequence[tuple[str, int]]) -> Shift | None:
    """Where in a folder some known files lie, most of them by the same names and of the same size. Blocking.

    Args:
        new: absolute path of the folder.
        some: (path below the old root, size) of some of its files.
    """
    if not some:
        return None
    if _hits(new, some, Shift()) * 2 >= len(some):
        return Shift()
    for child in _folders(new):
        if _hits(new, some, Shift(after=child)) * 2 >= len(some):
            return Shift(after=child)
    best: tuple[int, Shift] | None = None
    for before in befores(path for path, _ in some):
        inside = [(path, size) for path, size in some if path.startswith(f"{before}/")]
        hits = _hits(new, inside, Shift(before=before))
        if hits * 2 >= len(inside) and (best is None or hits > best[0]):
            best = hits, Shift(before=before)
    return best[1] if best else None


def befores(paths: Iterable[str]) -> list[str]:
    """The folders that these paths may have lain in, the outer ones first. Pure."""
    found = {
        "/".join(parts[:depth])
        for parts in (path.split("/")[:-1] for path in paths)
        for depth in range(1, min(len(parts), DEPTH) + 1)
    }
    return sorted(found, key=lambda folder: (folder.count("/"), folder))


def assign(found: Mapping[tuple[int, str], Shift]) -> dict[int, Relocation]:
    """Which root went where: each root and each path once, those whose paths do not change first. Pure.

    Args:
        found: what speaks for it, by root and new path.
    """
    result: dict[int, Relocation] = {}
    for (root_id, path), shift in sorted(found.items(), key=lambda entry: (entry[1], entry[0])):
        if root_id not in result and all(one.path != path for one in result.values()):
            result[root_id] = Relocation(path, shift)
    return result


def shifted(path: str, shift: Shift) -> str | None:
    """A path below the old root as one below the new; None when it lies outside. Pure."""
    if shift.before:
        if path != shift.before and not path.startswith(f"{shift.before}/"):
            return None
        path = path[len(shift.before) + 1 :]
    return "/".join(part for part in (shift.after, path) if part)


def _hits(new: str, some: Sequence[tuple[str, int]], shift: Shift) -> int:
    hits = 0
    for path, size_bytes in some:
        try:
            found = os.stat(f"{new}/{shifted(path, shift)}")
        except (OSError, ValueError):
            continue
        hits += stat.S_ISREG(found.st_mode) and found.st_size == size_bytes
    return hits


def _folders(path: str) -> list[str]:
    try:
        with os.scandir(path) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir() and not entry.name.startswith("."))
    except OSError:
        return []
    return names[:MOST_CHILDREN]
