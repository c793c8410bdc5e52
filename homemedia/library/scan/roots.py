"""Looks at a library's folder: may it be one, and is it there today. Blocking; runs in a thread with a time limit.

Threat: a disk that is not there must never look like a household that deleted everything. So before anything is
removed, the folder must be readable, hold something if it ever did, and lie on the file system it lay on.
"""

# Paths are text here: a Path of each file would cost more than reading its folder.
# ruff: noqa: PTH116, PTH117, PTH118
import os
import stat
from collections.abc import Iterable
from pathlib import Path

import msgspec

PSEUDO = ("/proc", "/sys", "/dev", "/run")


CONNECT = "Connect its disk and scan again."
REMEDIES = {
    "root_missing": f"{CONNECT} If it lies elsewhere now, choose its new place: all that is known of its titles stays.",
    "root_other_device": "Connect the disk it lay on; or, if this one shall take its place, scan with force.",
    "root_empty": f"{CONNECT} If it is really meant to be empty, scan with force.",
}


class RootFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a root before it is looked at. `some_files`: (path below it, size) of a few."""

    root_id: int
    path: str
    device: int | None
    held_files: bool
    some_files: tuple[tuple[str, int], ...] = ()


class RootState(msgspec.Struct, frozen=True, kw_only=True):
    """`why` is None when the root is as it should be; else a code with a sentence for the administrator."""

    root_id: int
    device: int | None
    why: str | None = None
    sentence: str = ""


def look_at(facts: RootFacts) -> RootState:
    """Whether a root may be scanned, and files that are not in it be called missing.

    Another file system than last time is fine as long as it holds what we know: some systems number their disks anew at
    every start.
    """
    try:
        found = os.stat(facts.path)
        if not stat.S_ISDIR(found.st_mode):
            return _bad(facts, "root_missing", "is no folder any more")
        with os.scandir(facts.path) as entries:
            is_empty = next(iter(entries), None) is None
    except PermissionError:
        return _bad(facts, "root_unreadable", "may not be read by the user HomeMedia runs as")
    except OSError as err:
        return _bad(facts, "root_missing", "is not there" if isinstance(err, FileNotFoundError) else "cannot be read")
    if is_empty and facts.held_files:
        return _bad(facts, "root_empty", "is empty, but held files before")
    if facts.device is not None and found.st_dev != facts.device and facts.held_files and not _holds_ours(facts):
        return _bad(facts, "root_other_device", "lies on another disk than before, without the files known there")
    return RootState(root_id=facts.root_id, device=found.st_dev)


def can_be_read(path: str) -> bool:
    """Whether a folder is there and answers what lies in it."""
    try:
        with os.scandir(path) as entries:
            next(iter(entries), None)
    except OSError:
        return False
    return True


def _holds_ours(facts: RootFacts) -> bool:
    found = 0
    for path, size_bytes in facts.some_files:
        try:
            found += os.stat(os.path.join(facts.path, path)).st_size == size_bytes
        except OSError:
            continue
    return bool(facts.some_files) and found * 2 >= len(facts.some_files)


def _bad(facts: RootFacts, why: str, sentence: str) -> RootState:
    return RootState(
        root_id=facts.root_id,
        device=facts.device,
        why=why,
        sentence=f"The folder {facts.path} {sentence}. Nothing was removed. {REMEDIES.get(why, CONNECT)}",
    )


class PathAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A folder a person chose: its real path, or a code with a sentence."""

    path: str
    code: str | None = None
    sentence: str = ""


def check_choice(chosen: str, owned: Iterable[Path]) -> PathAnswer:  # noqa: PLR0911 - one answer for each reason
    """Whether a folder may belong to a library, and its real path.

    Args:
        chosen: as the person gave it.
        owned: our own folders.
    """
    if not os.path.isabs(chosen) or "\0" in chosen:
        return PathAnswer(path=chosen, code="path_not_found", sentence="Give the whole path of a folder.")
    try:
        real = os.path.realpath(chosen, strict=True)
        found = os.stat(real)
    except PermissionError:
        return _refused(chosen, "path_not_readable", "HomeMedia may not read this folder.")
    except (OSError, ValueError):
        return _refused(chosen, "path_not_found", "There is no such folder.")
    if not stat.S_ISDIR(found.st_mode):
        return _refused(chosen, "path_not_directory", "This is a file, not a folder.")
    if _is_pseudo(real):
        return _refused(chosen, "path_forbidden", "This folder belongs to the operating system.")
    if any(Path(real).is_relative_to(own.resolve()) for own in owned):
        return _refused(chosen, "path_forbidden", "This folder belongs to HomeMedia itself.")
    try:
        real.encode()
        with os.scandir(real) as entries:
            next(iter(entries), None)
    except UnicodeEncodeError:
        return _refused(chosen, "path_forbidden", "The name of this folder is not valid UTF-8. Rename it.")
    except OSError:
        return _refused(chosen, "path_not_readable", "HomeMedia may not read this folder.")
    return PathAnswer(path=real)


def _refused(chosen: str, code: str, sentence: str) -> PathAnswer:
    return PathAnswer(path=chosen, code=code, sentence=sentence)


def _is_pseudo(path: str) -> bool:
    # Disks are mounted below /run/media by desktops.
    if path == "/run/media" or path.startswith("/run/media/"):
        return False
    return any(path == folder or path.startswith(folder + "/") for folder in PSEUDO)


def overlaps(one: str, other: str) -> bool:
    """Whether one of two real paths is the other or lies inside it."""
    one, other = one.rstrip(os.sep) + os.sep, other.rstrip(os.sep) + os.sep
    return one.startswith(other) or other.startswith(one)


def is_local(path: str, mounts: str | None = None) -> bool:
    """Whether the system tells of changes below `path`: not on network file systems, nor on FUSE.

    Args:
        path: real path.
        mounts: content of `/proc/self/mounts`; read when left out. Where there is none, every disk counts as local.
    """
    return not mount_of(path, mounts)[1].startswith(REMOTE)


def mount_of(path: str, mounts: str | None = None) -> tuple[str, str]:
    """Where the disk of a path is mounted, and its kind; asks the system alone, never the disk.

    Without a table of mounts (see `is_local`) the drive of the path, which is '' where there are none, and no kind.
    """
    if mounts is None:
        try:
            mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return os.path.splitdrive(path)[0], ""
    best, kind = "", ""
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        place = parts[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        if overlaps(place, path) and len(place) <= len(path.rstrip("/")) + 1 and len(place) >= len(best):
            best, kind = place, parts[2]
    return best, kind


REMOTE = (
    "nfs",
    "cifs",
    "smb",
    "9p",
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.s3fs",
    "afs",
    "ceph",
    "glusterfs",
    "davfs",
    "virtiofs",
)
