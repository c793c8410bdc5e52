"""The folder in which segments lie while somebody watches: ours alone, empty at each start. Everything here blocks."""

import contextlib
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from homemedia.media.hls.fmp4 import Close, Data, Event, Init, Open

MARKER = ".homemedia-transcode"
_SESSION = re.compile(r"[0-9a-f]{32}")
OWN = "homemedia"


def prepare(folder: Path) -> Path:
    """Make the folder, and remove what an earlier run of the server left in it.

    Threat: the folder is a setting, and a wrong one must not cost anybody a file. What has no marker of ours and is not
    empty is left alone, with a folder of our own inside; of a marked one only folders named like sessions go.

    Returns:
        Where sessions may lie.

    Raises:
        OSError: it cannot be made or written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / MARKER).exists() and any(folder.iterdir()):
        folder = folder / OWN
        folder.mkdir(mode=0o700, exist_ok=True)
    with contextlib.suppress(OSError):
        folder.chmod(0o700)
    if (folder / MARKER).exists():
        empty(folder)
    (folder / MARKER).touch(mode=0o600)
    return folder


def empty(folder: Path) -> None:
    """Remove every session's folder."""
    for entry in folder.iterdir():
        if _SESSION.fullmatch(entry.name) and entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)


def make(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a session's folder with what its runs read from there; the folder around it may have been tidied away."""
    if not folder.parent.exists():
        prepare(folder.parent)
    folder.mkdir(mode=0o700)
    for name, body in files.items():
        (folder / name).write_bytes(body)


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def repeat(folder: Path, source: str, target: str) -> int:
    """Put a copy of one segment in the place of another; its size."""
    shutil.copyfile(folder / source, folder / f"{target}.part")
    (folder / f"{target}.part").replace(folder / target)
    return (folder / target).stat().st_size


def drop(folder: Path, names: list[str]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)


class Made(msgspec.Struct, frozen=True):
    """What a piece of a stream brought: the description (`init`), or segment `number` of `size` bytes."""

    number: int | None = None
    size: int = 0
    init: bytes = b""


class Pieces:
    """Writes what a cutter says to files: `n.m4s.part` while it grows, `n.m4s` once it is whole. Blocks."""

    def __init__(self, folder: Path, suffix: str) -> None:
        self._folder = folder
        self._suffix = suffix
        self._part: Path | None = None
        self._file: contextlib.ExitStack = contextlib.ExitStack()
        self._write: Callable[[bytes], int] = _nowhere
        self._size = 0
        self._described = b""

    def take(self, event: Event) -> Made | None:
        """Do what an event asks for.

        Raises:
            OSError: the disk is full or away.
        """
        if isinstance(event, Data):
            self._write(event.body)
            self._size += len(event.body)
        elif isinstance(event, Open):
            self._open(event.number)
            return self._describe()
        elif isinstance(event, Close):
            return self._close(event.number)
        elif isinstance(event, Init):
            self._described = event.body
        return None

    def _describe(self) -> Made | None:
        """Write the description down now that something follows it: one before nothing describes nothing."""
        body, self._described = self._described, b""
        if not body:
            return None
        # The first run's stays: whoever has read it must be able to read everything after it.
        target = self._folder / "init.mp4"
        if not target.exists():
            part = self._folder / "init.mp4.part"
            part.write_bytes(body)
            part.replace(target)
        return Made(init=body)

    def _open(self, number: int) -> None:
        self.close()
        self._part = self._folder / f"{number}.{self._suffix}.part"
        self._write = self._file.enter_context(self._part.open("wb")).write
        self._size = 0

    def _close(self, number: int) -> Made:
        part, size = self._part, self._size
        self._file.close()
        self._write, self._part = _nowhere, None
        if part is not None:
            part.replace(part.with_suffix(""))
        return Made(number, size)

    def close(self) -> None:
        """Leave an unfinished segment behind as if it had never been begun."""
        part, self._part = self._part, None
        self._write = _nowhere
        with contextlib.suppress(OSError):
            self._file.close()
        if part is not None:
            part.unlink(missing_ok=True)


def _nowhere(_body: bytes) -> int:
    return 0
