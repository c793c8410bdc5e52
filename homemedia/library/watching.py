"""The system's word on changes: watchdog, made fit for large libraries. Only this module knows it.

Two things of watchdog 7.1 are replaced (both seen with 55,000 folders):
- After an overflow of the kernel's queue it removes and adds all watches, which overflows the queue again, for ever and
  with nothing delivered. The watches are still good; what was lost is found by a scan. So: forget, and tell.
- A folder that gets no watch because the system's limit is reached is passed over in silence. So: tell.
"""

import errno
import os
import stat
import sys
import threading
from collections.abc import Callable
from typing import Any

import msgspec
from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver, ObservedWatch

# Without opens and reads: adding watches opens every folder, and would fill the queue by itself.
EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    FileClosedEvent,
    DirCreatedEvent,
    DirMovedEvent,
    DirDeletedEvent,
]
STOP_S = 1.5


class Heard(msgspec.Struct, frozen=True):
    """One thing that happened: `created`, `closed`, `moved`, `deleted`, or `lost` when nobody knows what did.

    `path` is absolute, for `moved` the new one ('' when it left), `before` the old one ('' when it came from outside).
    """

    root_id: int
    what: str
    path: str
    before: str = ""
    is_folder: bool = False
    is_link: bool = False


class NoWatches(Exception):  # noqa: N818 - a state of the system, told to the administrator
    """The system's limit of watched folders is reached."""


if sys.platform == "linux":
    from dataclasses import dataclass

    from watchdog.observers.inotify import InotifyFullEmitter, InotifyWatchGroup
    from watchdog.observers.inotify_c import InotifyFD

    @dataclass
    class Group(InotifyWatchGroup):
        """The watches below one root."""

        tell_lost: Callable[[], None] = lambda: None
        tell_full: Callable[[], None] = lambda: None

        def on_queue_overflow(self) -> None:
            with self._lock:
                if not self.is_active:
                    return
                self._move_event_grouper.discard_pending_events()
            self.tell_lost()

        def _add_callback(self, path: bytes) -> None:
            try:
                wd = self._inotify_fd.add_callback(path, self.event_mask, self._callback, self._id)
            except OSError as err:
                if err.errno in (errno.ENOSPC, errno.EMFILE):
                    self.tell_full()
                if path == self.path:
                    raise
                return
            self._active_callbacks_by_path[path] = wd
            self._active_callbacks_by_watch[wd] = path

    class Emitter(InotifyFullEmitter):
        """Reports moves into and out of the root as moves, which tells them from files begun inside."""

        def __init__(self, *args: Any, lost: Callable[[str], None], full: Callable[[str], None], **more: Any) -> None:  # noqa: ANN401
            super().__init__(*args, **more)
            self._lost = lost
            self._full = full

        def on_thread_start(self) -> None:
            self._inotify = Group(
                self._inotify_fd,
                self.watch.path.encode("utf-8", "surrogateescape"),
                is_recursive=True,
                event_mask=self.get_event_mask_from_filter(),
                tell_lost=lambda: self._lost(str(self.watch.path)),
                tell_full=lambda: self._full(str(self.watch.path)),
            )

    class Observer(BaseObserver):
        """One inotify descriptor for all roots."""

        tells_closes = True

        def __init__(self, lost: Callable[[str], None], full: Callable[[str], None]) -> None:
            self._descriptor = InotifyFD()
            self._descriptor.start()
            super().__init__(Emitter, timeout=1.0, inotify_fd=self._descriptor, lost=lost, full=full)

        def on_thread_stop(self) -> None:
            super().on_thread_stop()
            self._descriptor.stop()
            self._descriptor.join(STOP_S)
else:  # pragma: no cover - checked on Windows and macOS
    from watchdog.observers import Observer as SystemObserver

    class Observer(SystemObserver):  # type: ignore[misc, valid-type]
        """The system's own way; it does not tell when a file was closed."""

        tells_closes = False

        def __init__(self, lost: Callable[[str], None], full: Callable[[str], None]) -> None:
            _ = lost, full
            super().__init__(timeout=1.0)


class Handler(FileSystemEventHandler):
    """Hands on the events of one root."""

    def __init__(self, root_id: int, tell: Callable[[Heard], None]) -> None:
        self._root_id = root_id
        self._tell = tell

    def dispatch(self, event: FileSystemEvent) -> None:
        path, before = str(event.src_path), ""
        what = event.event_type
        if what == "moved":
            path, before = str(event.dest_path or ""), path
        is_new = what in {"created", "moved"} and not event.is_directory
        # One look at a local folder that was just written: the system does not tell links from files.
        is_link, is_whole = _look(path) if is_new else (False, False)
        # A further name of a file that is there is never closed, and stands for one that was put here whole.
        if what == "created" and is_whole:
            what = "moved"
        self._tell(Heard(self._root_id, what, path, before, event.is_directory, is_link))


def _look(path: str) -> tuple[bool, bool]:
    """Whether a name is a symbolic link; and whether it is a further name of something else, which nobody writes."""
    try:
        facts = os.lstat(path)
    except OSError:
        return False, False
    is_link = stat.S_ISLNK(facts.st_mode)
    return is_link, is_link or facts.st_nlink > 1


class Ears:
    """Watches folders. Blocking: call it from a thread of its own."""

    def __init__(self, tell: Callable[[Heard], None]) -> None:
        self._tell = tell
        self._observer: Observer | None = None
        self._watches: dict[int, ObservedWatch] = {}
        self._root_of: dict[str, int] = {}
        self._full: set[str] = set()
        self._lock = threading.Lock()

    @property
    def tells_closes(self) -> bool:
        """Whether this system reports that a file was closed after writing."""
        return Observer.tells_closes

    def is_listening(self, root_id: int) -> bool:
        """Whether the root is watched; no more when it was removed or its disk taken away."""
        watch = self._watches.get(root_id)
        if watch is None or self._observer is None:
            return False
        return any(emitter.watch is watch and emitter.is_alive() for emitter in self._observer.emitters)

    def listen(self, root_id: int, path: str) -> None:
        """Watch a root with everything below; reads all its folders.

        Raises:
            NoWatches: not all of it could be watched; none of it is then.
            OSError: the root cannot be watched.
        """
        with self._lock:
            self._drop(root_id)
            if self._observer is None:
                self._observer = Observer(self._on_lost, self._full.add)
                self._observer.daemon = True
                self._observer.start()
            self._full.discard(path)
            self._root_of[path] = root_id
            try:
                watch = self._observer.schedule(Handler(root_id, self._tell), path, recursive=True, event_filter=EVENTS)
            except OSError as err:
                if err.errno in (errno.ENOSPC, errno.EMFILE):
                    raise NoWatches from err
                raise
            self._watches[root_id] = watch
            if path in self._full:
                self._drop(root_id)
                raise NoWatches

    def forget(self, root_id: int) -> None:
        with self._lock:
            self._drop(root_id)

    def close(self) -> None:
        """End all threads, within 2 s."""
        with self._lock:
            observer, self._observer = self._observer, None
            self._watches.clear()
        if observer is not None:
            observer.stop()
            observer.join(STOP_S)

    def _drop(self, root_id: int) -> None:
        watch = self._watches.pop(root_id, None)
        if watch is not None and self._observer is not None:
            self._observer.unschedule(watch)

    def _on_lost(self, path: str) -> None:
        root_id = self._root_of.get(path)
        if root_id is not None:
            self._tell(Heard(root_id, "lost", path))
