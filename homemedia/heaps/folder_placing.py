"""Puts a file at its place in a folder of the household: the part of it that reads and writes disks. Blocking.

A disk may be silent for so long that nobody waits for the answer any more, and no thread can be ended. So a placing can
be called off: then nothing of it stays, whenever the disk comes back.
"""

import contextlib
import os
import re
import threading
import time
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from homemedia.core.ids import new_hex
from homemedia.core.parts import leaves_enough
from homemedia.core.problems import StorageFull, Unavailable
from homemedia.core.uploads import sync_folder
from homemedia.library.managed_store import Spot
from homemedia.library.scan.disks import Pulse
from homemedia.library.scan.roots import RootFacts, look_at
from homemedia.library.scan.walk import MAX_INODE

PIECE: Final = 1 << 20
MOST_NAMES: Final = 10_000
PART: Final = ".part"
LEFT: Final = re.compile(r"\.[0-9a-f]{16}\.part")
# Nobody is still writing what was last touched so long ago.
LEFT_S: Final = 24 * 3600.0


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is to lie in a folder.

    Attributes:
        root: the folder behind the heap, as it is known.
        below: where in it; '' on top.
        name: safe on every system.
        source: its bytes; they stay.
        modified_at: ms.
        known: names in that folder that rows tell of, also of files that are gone.
    """

    root: RootFacts
    below: str
    name: str
    source: Path
    modified_at: int
    known: tuple[str, ...]


class Holds:
    """Paths of files that have no row yet, each with its root; a path is held by one at a time."""

    def __init__(self) -> None:
        self._held: set[tuple[int, str]] = set()
        self._taking = threading.Lock()

    def __contains__(self, place: object) -> bool:
        return place in self._held

    def take(self, place: tuple[int, str]) -> bool:
        """False where somebody else has it."""
        with self._taking:
            if place in self._held:
                return False
            self._held.add(place)
            return True

    def let_go(self, place: tuple[int, str]) -> None:
        with self._taking:
            self._held.discard(place)


class Placing:
    """One file on its way to its place, as its thread and whoever waits for it see it.

    Args:
        wanted: which.
        holds: who is to know of it before its row is written.
    """

    def __init__(self, wanted: Wanted, holds: Holds) -> None:
        self._wanted = wanted
        self._holds = holds
        self._ending = threading.Lock()
        self._is_off = False
        self._spot: Spot | None = None

    def put(self, *, pulse: Pulse) -> Spot:
        """Copy the file, and give it a name that is free.

        Raises:
            Unavailable: the root is away, or a link leads out of it.
            StorageFull: too little room would be left.
            OSError: the disk refuses; `InterruptedError`: it was called off.
        """
        wanted = self._wanted
        folder = _folder(wanted.root, wanted.below)
        if not leaves_enough(folder, wanted.source.stat().st_size):
            raise StorageFull("There is too little room left on the disk of this folder.")
        # Names that no row tells of, hidden or just written by somebody else.
        taken = {_folded(name) for name in (*wanted.known, *_names(folder))}
        part = folder / f".{new_hex(8)}{PART}"
        try:
            self._copy(part, pulse)
            with contextlib.suppress(OSError):  # some disks know no rights, some no times
                part.chmod(folder.stat().st_mode & 0o666 | 0o600)
                os.utime(part, ns=(wanted.modified_at * 1_000_000, wanted.modified_at * 1_000_000))
            return self._name(part, folder, taken)
        finally:
            part.unlink(missing_ok=True)

    def call_off(self) -> Spot | None:
        """Nobody waits for it any more; what lies at its place already, which is to be taken away."""
        with self._ending:
            self._is_off = True
            return self._spot

    def end(self) -> None:
        """Its row is written, or it was taken away."""
        if self._spot is not None:
            self._holds.let_go((self._wanted.root.root_id, self._spot.path))

    def _copy(self, part: Path, pulse: Pulse) -> None:
        """The bytes under another name on the folder's own disk, synced."""
        with self._wanted.source.open("rb") as read, part.open("xb") as write:
            while piece := read.read(PIECE):
                self._check()
                write.write(piece)
                pulse.beat()
            write.flush()
            os.fsync(write.fileno())
        pulse.beat()
        self._check()

    def _check(self) -> None:
        if self._is_off:
            raise InterruptedError

    def _name(self, part: Path, folder: Path, taken: set[str]) -> Spot:
        below, root_id = self._wanted.below, self._wanted.root.root_id
        for name in numbered(self._wanted.name, taken):
            path = f"{below}/{name}" if below else name
            if not self._holds.take((root_id, path)):
                continue
            is_named = False
            try:
                is_named = _named(part, folder / name)
                if is_named:
                    sync_folder(folder)
                    return self._handed(_spot(folder / name, path))
            finally:
                if self._spot is None:
                    if is_named:
                        (folder / name).unlink(missing_ok=True)
                    self._holds.let_go((root_id, path))
        raise StorageFull("There are too many files of this name in the folder.")

    def _handed(self, spot: Spot) -> Spot:
        with self._ending:
            self._check()
            self._spot = spot
        return spot


def numbered(name: str, taken: set[str]) -> Iterator[str]:
    """The name, then "name (2).jpg", "name (3).jpg" …, without those that are taken. Pure."""
    stem, dot, ending = name.rpartition(".")
    if not stem:
        stem, dot, ending = name, "", ""
    for number in range(1, MOST_NAMES):
        candidate = name if number == 1 else f"{stem} ({number}){dot}{ending}"
        if _folded(candidate) not in taken:
            yield candidate


def take_away(root: str, spot: Spot) -> None:
    """Remove a file that got no row; what lies there by now instead of it stays."""
    target = Path(root) / spot.path
    facts = target.lstat()
    if (facts.st_size, facts.st_ino & MAX_INODE) == (spot.size_bytes, spot.inode):
        target.unlink()


def _folder(root: RootFacts, below: str) -> Path:
    """The folder a file goes to, made where it is gone; inside the root whatever links lie on the way."""
    # A disk that is not connected leaves an empty folder, which must not be taken for it: what would be written there
    # is seen by nobody once the disk is back.
    real = Path(root.path).resolve()
    if look_at(root).why is not None or not os.access(real, os.W_OK):
        raise Unavailable(
            "The folder of these notes is not as it was, or may not be written in.",
            code="source_unavailable",
            retry_after_s=30,
        )
    folder = real / below
    if not folder.resolve().is_relative_to(real):
        raise Unavailable("A link leads out of the folder of these notes.", code="source_unavailable")
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
    return folder


def _names(folder: Path) -> Iterable[str]:
    """All that lies in a folder, without what a killed server left there, which goes."""
    before_s = time.time() - LEFT_S
    with os.scandir(folder) as entries:
        for entry in entries:
            if LEFT.fullmatch(entry.name) and entry.stat(follow_symlinks=False).st_ctime < before_s:
                with contextlib.suppress(OSError):
                    Path(entry.path).unlink()
            else:
                yield entry.name


def _named(part: Path, target: Path) -> bool:
    """Give a file its name, in one step and replacing nothing; False where the name is taken."""
    try:
        os.link(part, target)
    except FileExistsError:
        return False
    except OSError:
        return _renamed(part, target)
    return True


def _renamed(part: Path, target: Path) -> bool:
    """The same on disks without links: the name is taken first, so that nobody else's file is replaced."""
    try:
        target.open("xb").close()
    except FileExistsError:
        return False
    try:
        part.replace(target)
    except OSError:
        target.unlink(missing_ok=True)
        raise
    return True


def _spot(target: Path, path: str) -> Spot:
    facts = target.stat()
    return Spot(path=path, size_bytes=facts.st_size, mtime_ns=facts.st_mtime_ns, inode=facts.st_ino & MAX_INODE)


def _folded(name: str) -> str:
    """Equal for names that some disk takes for the same."""
    return unicodedata.normalize("NFC", name).casefold()
