"""Files open for sending: one descriptor per file however many people watch it, and reads that never hold up the loop.

Opening, looking and reading cold bytes happen in a lane of threads, each with a bound in time: a sleeping disk takes
seconds and a dead network disk for ever. What lies in memory already is read in place, where the system can say so.
"""

import asyncio
import collections
import dataclasses
import errno
import os
import stat
import threading
import weakref
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final, Self, TypeVar

from aiohttp import ClientConnectionResetError, web

from homemedia.core.problems import NotFound, Unavailable
from homemedia.core.threads import Lane

T = TypeVar("T")
# Says whether an opened file, by its facts, may be sent.
Admits = Callable[[os.stat_result], bool]
WAIT_LIMIT_S: Final = 10.0  # watch §3.7
_IDLE_S: Final = 0.4  # a descriptor nobody reads is closed after this; with the look below it is less than 1 s
_FRESH_S: Final = 1.0  # a descriptor is checked against its path when the last look is older
_LOOK_EVERY_S: Final = 0.4  # how often a waiting reader is asked whether it is still there
_MOST_IDLE: Final = 64  # idle descriptors at most: a quick walk over a library must not use up the process' 1,024
_WORKERS: Final = 8
_PER_PLACE: Final = 4  # of the workers, so that one dead disk leaves the others theirs
_PROBE_STEP: Final = 1024 * 1024
_SCRATCH: Final = 256 * 1024
_NOWAIT: Final[int] = getattr(os, "RWF_NOWAIT", 0)  # Linux only
_GONE: Final = {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP}


class Disk:
    """The calls to the system, as a seam: tests put a slow, dead or cold disk here."""

    def __init__(self) -> None:
        self._seek_lock = threading.Lock()

    def open(self, path: str) -> tuple[int, os.stat_result]:
        """A descriptor and its facts.

        Looks before it opens: a named pipe would hold the thread for ever, and `O_NONBLOCK`, the usual way round that,
        makes the open of a plain file fail while Samba holds a lease on it.
        """
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - a hot path, on text
            raise FileNotFoundError(errno.ENOENT, "not a regular file", path)
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0))
        return fd, os.fstat(fd)

    def stat(self, path: str) -> os.stat_result:
        return os.stat(path)  # noqa: PTH116 - a hot path, on text

    def close(self, fd: int) -> None:
        os.close(fd)

    def read_now(self, fd: int, offset: int, buffer: bytearray) -> int:
        """Read what lies in memory; how many bytes that were.

        Raises:
            BlockingIOError: the disk would have to be asked.
            OSError: this file system cannot tell (network disks, FUSE; everything but Linux).
        """
        if not _NOWAIT:
            raise OSError(errno.EOPNOTSUPP, "cannot read without waiting here")
        return os.preadv(fd, [buffer], offset, _NOWAIT)

    def read(self, fd: int, offset: int, count: int) -> bytes:
        """At most `count` bytes, fewer at the end only. Waits."""
        parts = []
        while count > 0 and (part := self._pread(fd, count, offset)):
            parts.append(part)
            offset += len(part)
            count -= len(part)
        return b"".join(parts)

    def fill(self, fd: int, offset: int, count: int) -> None:
        """Have a stretch of the file in memory, and the next one under way. Waits for the first."""
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(fd, offset, 2 * count, os.POSIX_FADV_WILLNEED)
        end = offset + count
        scratch = bytearray(min(count, _SCRATCH))
        while offset < end:
            got = os.preadv(fd, [scratch], offset) if hasattr(os, "preadv") else len(self._pread(fd, _SCRATCH, offset))
            if not got:
                return
            offset += got

    def _pread(self, fd: int, count: int, offset: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(fd, count, offset)
        with self._seek_lock:  # Windows
            os.lseek(fd, offset, os.SEEK_SET)
            return os.read(fd, count)


@dataclasses.dataclass(slots=True, eq=False)
class Handle:
    """An open file and what was true of it when last looked at. `refs` readers hold it."""

    path: str
    fd: int
    size: int
    mtime_ns: int
    identity: tuple[int, int, int, int]
    checked_at: float
    refs: int = 0
    can_tell: bool = True  # whether the file system knows what is in memory
    closer: asyncio.TimerHandle | None = None


def _identity(facts: os.stat_result) -> tuple[int, int, int, int]:
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns


def _never() -> bool:
    return False


class OpenFiles:
    """The cache of open files; an async context manager that closes what is left.

    Args:
        disk: the calls to the system.
        limit_s: longest wait for one answer of a disk.
        idle_s: how long a descriptor without readers stays open.
    """

    def __init__(self, *, disk: Disk | None = None, limit_s: float = WAIT_LIMIT_S, idle_s: float = _IDLE_S) -> None:
        self._disk = disk or Disk()
        self._limit_s = limit_s
        self._idle_s = idle_s
        self._lane = Lane("ranges", _WORKERS)
        self._current: dict[str, Handle] = {}  # the newest handle of each path
        self._idle: collections.OrderedDict[int, Handle] = collections.OrderedDict()
        self._open = 0
        self._places: weakref.WeakValueDictionary[str, asyncio.Semaphore] = weakref.WeakValueDictionary()
        self._closings: set[asyncio.Task[None]] = set()
        self._is_ending = False
        self._all_closed = asyncio.Event()
        self._all_closed.set()
        self._probe = bytearray(1)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._is_ending = True
        for handle in list(self._idle.values()):
            self._close(handle)
        if self._closings:
            await asyncio.wait(self._closings, timeout=1.0)
        for closing in self._closings:
            closing.cancel()
        await self._lane.close(limit_s=2.0)

    @property
    def open_count(self) -> int:
        """Descriptors open now, read or idle."""
        return self._open

    async def all_closed(self) -> None:
        """Return when no descriptor is open."""
        await self._all_closed.wait()

    async def acquire(self, path: str, admits: Admits | None = None) -> Handle:
        """An open file with its facts at most a second old; give it back with `release`.

        Args:
            path: the file.
            admits: asked in a thread, with the facts of what was opened, before a byte of it is read.

        Raises:
            NotFound: `file_missing`, also for what `admits` refuses.
            Unavailable: `storage_unavailable`, the disk does not answer or refuses.
        """
        loop = asyncio.get_running_loop()
        handle = self._current.get(path)
        if handle is not None and loop.time() - handle.checked_at > _FRESH_S:
            handle.refs += 1
            self._stop_closing(handle)
            try:
                facts = await self._wait_for_disk(path, lambda: self._disk.stat(path))
            finally:
                self.release(handle)
            if _identity(facts) == handle.identity:
                handle.checked_at = loop.time()
            elif self._current.get(path) is handle:
                del self._current[path]
            handle = self._current.get(path)
        if handle is None:
            handle = await self._opened(path, admits)
        handle.refs += 1
        self._stop_closing(handle)
        return handle

    def release(self, handle: Handle) -> None:
        handle.refs -= 1
        if handle.refs:
            return
        if self._is_ending:
            self._close(handle)
            return
        self._idle[handle.fd] = handle
        handle.closer = asyncio.get_running_loop().call_later(self._idle_s, self._close, handle)
        if len(self._idle) > _MOST_IDLE:
            self._close(next(iter(self._idle.values())))

    def read_now(self, handle: Handle, offset: int, count: int) -> bytearray | None:
        """`count` bytes if all of them lie in memory, else None. Does not wait."""
        if not handle.can_tell:
            return None
        buffer = bytearray(count)
        return buffer if self._read_now(handle, offset, buffer) == count else None

    def is_in_memory(self, handle: Handle, offset: int, count: int) -> bool:
        """Whether the stretch can be sent without waiting for a disk. Samples a byte per MiB; does not wait."""
        end = offset + count
        while handle.can_tell and self._read_now(handle, offset, self._probe) == 1:
            if offset == end - 1:
                return True
            offset = min(offset + _PROBE_STEP, end - 1)
        return False

    async def read(self, handle: Handle, offset: int, count: int, *, gone: Callable[[], bool] = _never) -> bytes:
        """`count` bytes, fewer at the end of the file only, from memory or from the disk."""
        fd = handle.fd
        return await self._wait_for_disk(handle.path, lambda: self._disk.read(fd, offset, count), handle, gone)

    async def fill(self, handle: Handle, offset: int, count: int, *, gone: Callable[[], bool] = _never) -> None:
        """Have the stretch in memory. Raises as `acquire` does; `ClientConnectionResetError` when `gone` says so."""
        fd = handle.fd
        await self._wait_for_disk(handle.path, lambda: self._disk.fill(fd, offset, count), handle, gone)

    def _read_now(self, handle: Handle, offset: int, buffer: bytearray) -> int:
        try:
            return self._disk.read_now(handle.fd, offset, buffer)
        except BlockingIOError:
            return 0
        except OSError:
            handle.can_tell = False
            return 0

    async def _opened(self, path: str, admits: Admits | None) -> Handle:
        """A new handle, or the one that another reader made meanwhile."""
        fd, facts = await self._wait_for_disk(
            path, lambda: self._open_admitted(path, admits), late=lambda got: self._came_late(path, got[0])
        )
        now = asyncio.get_running_loop().time()
        self._open += 1
        self._all_closed.clear()
        known = self._current.get(path)
        if known is not None and known.identity == _identity(facts):
            known.checked_at = now
            self._drop(path, fd, may_wait=not known.can_tell)
            return known
        handle = Handle(path, fd, facts.st_size, facts.st_mtime_ns, _identity(facts), now)
        self._current[path] = handle
        return handle

    def _open_admitted(self, path: str, admits: Admits | None) -> tuple[int, os.stat_result]:
        fd, facts = self._disk.open(path)
        is_admitted = False
        try:
            # Asked of what is open, so that nobody can put another file there in between.
            is_admitted = admits is None or admits(facts)
        finally:
            if not is_admitted:
                self._disk.close(fd)
        if not is_admitted:
            raise FileNotFoundError(errno.ENOENT, "not the file it should be", path)
        return fd, facts

    def _came_late(self, path: str, fd: int) -> None:
        self._open += 1
        self._all_closed.clear()
        self._drop(path, fd, may_wait=True)

    def _stop_closing(self, handle: Handle) -> None:
        self._idle.pop(handle.fd, None)
        if handle.closer is not None:
            handle.closer.cancel()
            handle.closer = None

    def _close(self, handle: Handle) -> None:
        self._stop_closing(handle)
        if self._current.get(handle.path) is handle:
            del self._current[handle.path]
        self._drop(handle.path, handle.fd, may_wait=not handle.can_tell)

    def _drop(self, path: str, fd: int, *, may_wait: bool) -> None:
        """Close a descriptor; in the lane when it may wait for another machine: NFS and FUSE ask theirs even then."""
        if may_wait and not self._is_ending:
            closing = asyncio.get_running_loop().create_task(self._drop_in_lane(path, fd))
            self._closings.add(closing)
            closing.add_done_callback(self._closings.discard)
            return
        self._disk.close(fd)
        self._count_down()

    async def _drop_in_lane(self, path: str, fd: int) -> None:
        async with self._place(path):
            await self._lane.run(self._disk.close, fd)
        self._count_down()

    def _count_down(self) -> None:
        self._open -= 1
        if not self._open:
            self._all_closed.set()

    def _place(self, path: str) -> asyncio.Semaphore:
        """The turns of a disk, told apart well enough by `/mnt/nas/films` or `/media/anna/disk`."""
        key = "/".join(Path(path).parts[:4])
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = asyncio.Semaphore(_PER_PLACE)
        return place

    async def _wait_for_disk(
        self,
        path: str,
        call: Callable[[], T],
        handle: Handle | None = None,
        gone: Callable[[], bool] = _never,
        late: Callable[[T], None] | None = None,
    ) -> T:
        """Run `call` in the lane and translate what the system says.

        A thread inside the kernel cannot be called back. One whose reader has left or given up runs on, holding its
        share of the place and its `handle`; when it returns, `late` gets what it brought.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._limit_s
        place = await self._turn(path, deadline, gone)
        running = loop.create_task(self._lane.run(call))
        if handle is not None:
            handle.refs += 1

        def ended(task: asyncio.Task[T]) -> None:
            place.release()
            if handle is not None:
                self.release(handle)
            if not task.cancelled():
                task.exception()  # the reader may have left: nobody else hears of it

        def brought_late(task: asyncio.Task[T]) -> None:
            if late is not None and not task.cancelled() and task.exception() is None:
                late(task.result())

        running.add_done_callback(ended)
        try:
            await self._wait(running, deadline, gone)
        except BaseException:
            running.add_done_callback(brought_late)
            raise
        try:
            return running.result()
        except OSError as err:
            raise _problem(err) from err
        except ValueError as err:  # a zero byte in the path
            raise NotFound("This file is not on the disk.", code="file_missing") from err

    async def _turn(self, path: str, deadline: float, gone: Callable[[], bool]) -> asyncio.Semaphore:
        """One of the few turns at the disk of `path`, to be given back with `release()`."""
        place = self._place(path)
        if not place.locked():
            await place.acquire()
            return place
        turn = asyncio.get_running_loop().create_task(place.acquire())
        try:
            await self._wait(turn, deadline, gone)
        except BaseException:
            turn.cancel()
            raise
        return place

    async def _wait(self, task: "asyncio.Task[T]", deadline: float, gone: Callable[[], bool]) -> None:
        loop = asyncio.get_running_loop()
        while not task.done():
            left = deadline - loop.time()
            if left <= 0:
                raise Unavailable(
                    "The disk with this file does not answer.", code="storage_unavailable", retry_after_s=10
                )
            if gone():
                raise ClientConnectionResetError("the reader left")
            await asyncio.wait({task}, timeout=min(left, _LOOK_EVERY_S))


def _problem(err: OSError) -> Exception:
    if isinstance(err, ConnectionError):
        return err
    if err.errno in _GONE:
        return NotFound("This file is not on the disk any more.", code="file_missing")
    if err.errno in {errno.EACCES, errno.EPERM}:
        return Unavailable("HomeMedia is not allowed to read this file.", code="storage_unavailable")
    return Unavailable("The disk with this file cannot be read just now.", code="storage_unavailable", retry_after_s=10)


OPEN_FILES: web.AppKey[OpenFiles] = web.AppKey("open_files", OpenFiles)


async def keep_open_files(app: web.Application) -> AsyncIterator[None]:
    """Cleanup context that gives an application its `OpenFiles`: `app.cleanup_ctx.append(keep_open_files)`."""
    async with OpenFiles() as files:
        app[OPEN_FILES] = files
        yield
