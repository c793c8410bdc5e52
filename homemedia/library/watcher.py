"""Hears of changes on the disks, waits until they are through, and asks for scans. The scanner decides what changed.

One part of the server owns the threads; what they hear is gathered and handled on the loop.
"""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from homemedia.core.db import Database
from homemedia.core.events import EventBus
from homemedia.core.problems import NotFound
from homemedia.core.threads import Lane
from homemedia.library import libraries_store
from homemedia.library.events import LibrariesChanged, ScanFinished
from homemedia.library.models import Library, Root
from homemedia.library.quiet import Quiet, Reports, WatchedRoot
from homemedia.library.scan.context import Scope
from homemedia.library.scan.roots import is_local

if TYPE_CHECKING:
    from homemedia.library.watching import Ears, Heard

_log = logging.getLogger(__name__)
CLOSE_S = 2.0
# Nobody tells of a disk that is pulled out or put back, and one stat a minute wakes none.
LOOK_EVERY_S, LOOK_LIMIT_S = 60.0, 10.0

# Device and inode of a root; None when it is not there.
Face = tuple[int, int] | None
Ask = Callable[[str, Sequence[Scope]], Awaitable[object]]
NETWORK = "Its disk is on the network, which does not tell of changes. It is looked through every 15 minutes."
NO_WATCHES = (
    "The system's limit of watched folders is reached, so it is looked through every 15 minutes. "
    "To change that, raise fs.inotify.max_user_watches."
)
CANNOT = "It cannot be watched ({why}), so it is looked through every 15 minutes."


class Watcher:
    """Watches the folders of all libraries that want it. An async context manager.

    Args:
        db: where libraries stand.
        bus: tells when libraries change.
        ask: asks for a scan: (library id, scopes).
    """

    def __init__(self, db: Database, bus: EventBus, ask: Ask) -> None:
        self._db = db
        self._bus = bus
        self._ask = ask
        self._lane = Lane("watch", 1)
        self._quiet = Quiet()
        self._roots: dict[int, WatchedRoot] = {}
        self._heard: deque[Heard] = deque()
        self._has_news = asyncio.Event()
        self._is_told = False
        self._sync_wanted = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._ends: list[Callable[[], None]] = []
        self._faces: dict[int, Face] = {}
        self._ears: Ears | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.is_settled = asyncio.Event()
        """Set while every library is watched as it should be."""

    @property
    def reports(self) -> Reports:
        """What is known of files being written, for the scanner."""
        return self._quiet.reports

    async def __aenter__(self) -> Self:
        # Loaded here: a server told not to watch need not carry it.
        from homemedia.library.watching import Ears  # noqa: PLC0415

        self._loop = asyncio.get_running_loop()
        self._ears = Ears(self._hear)
        self._quiet = Quiet(tells_closes=self._ears.tells_closes)
        for event in (LibrariesChanged, ScanFinished):
            self._ends.append(self._bus.subscribe(event, lambda _event: self._sync_wanted.set()))
        self._sync_wanted.set()
        self._tasks = [
            asyncio.create_task(self._keep_in_step(), name="watcher-roots"),
            asyncio.create_task(self._listen(), name="watcher-events"),
            asyncio.create_task(self._keep_looking(), name="watcher-disks"),
        ]
        return self

    async def __aexit__(self, *_: object) -> None:
        for end in self._ends:
            end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._ears is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_S):
                    await self._lane.run(self._ears.close)
        await self._lane.close(limit_s=0.5)

    # What the threads heard

    def _hear(self, heard: "Heard") -> None:
        """Called by watchdog's thread: keep it, and wake the loop once for many."""
        self._heard.append(heard)
        if not self._is_told and self._loop is not None:
            self._is_told = True
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._has_news.set)

    async def _listen(self) -> None:
        while True:
            due = self._quiet.next_due()
            wait_s = None if due is None else max(0.0, due - time.monotonic())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._has_news.wait()
            self._has_news.clear()
            self._is_told = False
            self._take_in()
            await self._ask_for_due()

    def _take_in(self) -> None:
        now_s, now_ns = time.monotonic(), time.time_ns()
        while self._heard:
            heard = self._heard.popleft()
            root = self._roots.get(heard.root_id)
            if root is None:
                continue
            if heard.what == "created":
                self._quiet.created(root, heard.path, now_s, is_folder=heard.is_folder)
            elif heard.what == "closed":
                self._quiet.closed(root, heard.path, now_s, now_ns)
            elif heard.what == "moved":
                self._quiet.moved(root, heard.before, heard.path, now_s, now_ns, is_folder=heard.is_folder)
            elif heard.what == "deleted":
                self._quiet.deleted(root, heard.path, now_s, is_folder=heard.is_folder)
            else:
                _log.warning("changes below %s came too fast and were lost; it is looked through", root.path)
                self._quiet.lost(root, now_s)

    async def _ask_for_due(self) -> None:
        wishes: dict[str, list[Scope]] = {}
        for root_id, scopes in self._quiet.take_due(time.monotonic()).items():
            if root_id in self._roots:
                wishes.setdefault(self._roots[root_id].library_id, []).extend(scopes)
        for library_id, scopes in wishes.items():
            with contextlib.suppress(NotFound):
                await self._ask(library_id, scopes)

    # Which roots are watched

    async def _keep_in_step(self) -> None:
        while True:
            await self._sync_wanted.wait()
            self._sync_wanted.clear()
            self.is_settled.clear()
            try:
                await self._sync()
            except Exception:  # noqa: BLE001 - the edge of a task's loop
                _log.exception("watching folders stumbled; the next change of a library tries again")
            if not self._sync_wanted.is_set():
                self.is_settled.set()

    async def _sync(self) -> None:
        libraries = await libraries_store.libraries(self._db.read)
        wanted = {
            root.root_id: (library, root)
            for library in libraries
            if library.options.watch_folders
            for root in library.roots
        }
        for root_id in [root_id for root_id in self._roots if root_id not in wanted]:
            await self._forget(root_id)
        for library in libraries:
            for root in library.roots:
                if root.root_id not in wanted:
                    await self._note(root, "off", None)
        for library, root in wanted.values():
            await self._watch(library, root)

    async def _watch(self, library: Library, root: Root) -> None:
        ears = self._ears
        if ears is None or (root.root_id in self._roots and ears.is_listening(root.root_id)):
            return
        self._roots[root.root_id] = WatchedRoot(
            root_id=root.root_id, library_id=library.library_id, kind=library.kind.value, path=root.path
        )
        why = await self._lane.run(_listen_to, ears, root)
        if why is None:
            await self._note(root, "on", None)
            if library.last_scan_at is not None:
                # What happened before we listened.
                await self._ask(library.library_id, [Scope(root_id=root.root_id)])
        else:
            self._roots.pop(root.root_id, None)
            await self._note(root, "polling", why)

    # Which roots are there

    async def _keep_looking(self) -> None:
        while True:
            try:
                async with asyncio.timeout(LOOK_LIMIT_S):
                    await self.look()
            except TimeoutError:
                _log.warning("a disk with a library on it does not answer")
            except Exception:  # noqa: BLE001 - the edge of a task's loop
                _log.exception("looking for the libraries' disks stumbled; it goes on in a minute")
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Have roots scanned, and watched anew, that went, came back or were replaced since the last look."""
        libraries = await libraries_store.libraries(self._db.read)
        roots = {
            root.root_id: (library.library_id, root.path)
            for library in libraries
            if library.options.watch_folders
            for root in library.roots
        }
        faces = await self._lane.run(_faces, {root_id: path for root_id, (_, path) in roots.items()})
        before, self._faces = self._faces, faces
        # A root never seen before is news only when it is gone and nobody knows yet.
        known = {root.root_id for library in libraries if library.is_available for root in library.roots}
        changed = [
            root_id
            for root_id, face in faces.items()
            if (before[root_id] != face if root_id in before else face is None and root_id in known)
        ]
        for root_id in changed:
            library_id, path = roots[root_id]
            _log.info("%s %s; its library is looked through", path, "is gone" if faces[root_id] is None else "is back")
            await self._forget(root_id)
            with contextlib.suppress(NotFound):
                await self._ask(library_id, [Scope(root_id=root_id)])
        if changed:
            self._sync_wanted.set()

    async def _forget(self, root_id: int) -> None:
        self._roots.pop(root_id, None)
        self._quiet.forget_root(root_id)
        if self._ears is not None:
            await self._lane.run(self._ears.forget, root_id)

    async def _note(self, root: Root, watching: str, why: str | None) -> None:
        if (root.watching, root.watching_why) == (watching, why):
            return
        async with self._db.write() as tx:
            await tx.run(libraries_store.SET_WATCHING, {"root_id": root.root_id, "watching": watching, "why": why})


def _faces(paths: dict[int, str]) -> dict[int, Face]:
    """Which folder lies at each path, disks on the network left out. Blocking."""
    found: dict[int, Face] = {}
    for root_id, path in paths.items():
        if is_local(path):
            try:
                facts = Path(path).stat()
                found[root_id] = (facts.st_dev, facts.st_ino)
            except OSError:
                found[root_id] = None
    return found


def _listen_to(ears: "Ears", root: Root) -> str | None:
    """Begin to watch a root; why it cannot be. Blocking: reads all its folders."""
    from homemedia.library.watching import NoWatches  # noqa: PLC0415 - as above

    if not is_local(root.path):
        return NETWORK
    try:
        ears.listen(root.root_id, root.path)
    except NoWatches:
        return NO_WATCHES
    except OSError as err:
        return CANNOT.format(why=err.strerror)
    return None
