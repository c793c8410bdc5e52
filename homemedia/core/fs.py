"""Files of our own: the lock on the data folder, whole-or-nothing writes, what kind of disk a path lies on."""

import contextlib
import os
import sys
from pathlib import Path
from typing import IO

import msgspec

from homemedia.core.problems import StartRefused


class Running(msgspec.Struct, frozen=True):
    """Who holds a data folder: written into its lock file for the second start to read."""

    pid: int
    url: str = ""


class DataLock:
    """Held by the one server of a data folder for as long as it runs; a crash releases it with the process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def acquire(self) -> Running | None:
        """Take the lock; None when we have it, else who does.

        Raises:
            StartRefused: the lock file cannot be made.
        """
        try:
            # Not a `with`: the open file is the lock.
            held = self._path.open("a+b")
        except OSError as err:
            raise StartRefused(f"The data folder {self._path.parent} cannot be written: {err.strerror}.") from err
        if not _lock(held):
            held.seek(0)
            text = held.read()
            held.close()
            try:
                return msgspec.json.decode(text, type=Running)
            except msgspec.DecodeError:
                return Running(pid=0)
        self._file = held
        self.note("")
        return None

    def note(self, url: str) -> None:
        """Write down where we answer, for the second start."""
        if self._file is None:
            return
        self._file.seek(0)
        self._file.truncate()
        self._file.write(msgspec.json.encode(Running(pid=os.getpid(), url=url)))
        self._file.flush()

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


if sys.platform == "win32":  # pragma: no cover - checked on Windows
    import msvcrt

    # Locked far behind the text, so that others may still read who we are.
    _LOCK_AT = 1 << 20

    def _lock(held: IO[bytes]) -> bool:
        held.seek(_LOCK_AT)
        try:
            msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(held: IO[bytes]) -> bool:
        try:
            fcntl.flock(held.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def write_over(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a person's own file whole or not at all, where a link points to, with the rights it had. Blocking.

    Args:
        path: of the file.
        content: what it shall hold.
        mode: the rights of a file that is not there yet.

    Raises:
        OSError: the disk refuses.
    """
    real = Path(os.path.realpath(path))
    with contextlib.suppress(FileNotFoundError):
        mode = real.stat().st_mode & 0o777
    write_whole(real, content, mode=mode)
    real.chmod(mode)
    # Windows opens no folders, and keeps its renames without being asked.
    with contextlib.suppress(PermissionError):
        folder = os.open(real.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def write_whole(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write a file so that it is there whole or not at all, also after a power cut."""
    part = path.with_name(f".{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
