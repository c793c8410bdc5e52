"""Hears of changes on the disks, waits until they are through, and asks for scans. The scanner decides what changed.

One part of the server owns the threads; what they hear is gathered and handled on the loop.
"""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec

from homemedia.core.db import Database
from homemedia.core.events import EventBus
from homemedia.core.problems import NotFound
from homemedia.core.threads import Lane
from homemedia.library import libraries_store
from homemedia.library.events import LibrariesChanged, ScanFinished
from homemedia.library.models import Library, Root
from homemedia.library.quiet import Quiet, Reports, WatchedRoot
from homemedia.library.scan.context import Scope
from homemedia.library.scan.disks import Disks, DiskSilent
from homemedia.library.scan.roots import can_be_read, is_local

if TYPE_CHECKING:
    from homemedia.library.watching import Ears, Heard

_log = logging.getLogger(__name__)
CLOSE_S = 2.0
# Nobody tells of a disk that is pulled out or put back, and one stat a minute wakes none.
LOOK_EVERY_S, LOOK_LIMIT_S = 60.0, 10.0

# Device and inode of a root; None when it is not there or does not answer.
Face = tuple[int, int] | None
# Of a root, by path below it: real paths of the folders outside that are linked there.
Links = Callable[[int], Mapping[str, str]]
MOST_LINKS = 200
Ask = Callable[[str, Sequence[Scope]], Awaitable[object]]
NETWORK = "Its disk is on the network, which does not tell of changes. It is looked through every 15 minutes."
NO_WATCHES = (
    "The system's limit of watched folders is reached, so it is looked through every 15 minutes. "
    "To change that, raise fs.inotify.max_user_watches."
)
CANNOT = "It cannot be watched ({why}), so it is looked through every 15 minutes."
SILENT = "Its disk does not answer, so it is looked through again once it does."


class Ear(msgspec.Struct, frozen=True, kw_only=True):
    """What one watch hears: a root, or a folder `target` that is linked into one at `at`."""

    root_id: int
    at: str = ""
    target: str = ""


class Watcher:
    """Watches the folders of all libraries that want it. An async context manager.

    Args:
        db: where libraries stand.
        bus: tells when libraries change.
        ask: asks for a scan: (library id, scopes), without scopes of all of it.
        links: the linked folders of a root, as the last scan found them.
        disks: who asks for folders that may hang.
        owned: our own folders, which no scan enters.
    """

    def __init__(
        self,
        db: Database,
        bus: EventBus,
        ask: Ask,
        links: Links = lambda _root_id: {},
        disks: Disks | None = None,
        owned: Sequence[Path] = (),
    ) -> None:
        self._db = db
        self._bus = bus
        self._ask = ask
        self._links = links
        self._disks = disks or Disks()
        self._owned = tuple(str(own) for own in owned)
        self._linked: dict[int, Ear] = {}
        self._next_ear = 0
        self._greeted: set[str] = set()
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
            ear = self._linked.get(heard.root_id) or Ear(root_id=heard.root_id)
            root = self._roots.get(ear.root_id)
            if root is None:
                continue
            heard = self._as_seen(heard, ear, root)
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

    def _as_seen(self, heard: "Heard", ear: Ear, root: WatchedRoot) -> "Heard":
        """The same from within the root: paths by way of the link, and links to folders as folders."""
        if ear.target:
            base = f"{root.path}/{ear.at}"
            paths = {
                name: base + path[len(ear.target) :]
                for name, path in (("path", heard.path), ("before", heard.before))
                if path
            }
            return msgspec.structs.replace(heard, **paths)
        if heard.is_folder or not (known := self._links(ear.root_id)):
            is_folder = heard.is_folder
        else:
            is_folder = any(path and root.below(path) in known for path in (heard.path, heard.before))
        is_folder |= heard.is_link and not root.takes(heard.path)
        return msgspec.structs.replace(heard, is_folder=is_folder)

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
        for library in libraries:
            began = [root for root in library.roots if root.root_id in wanted and await self._watch(root, library)]
            for root in library.roots:
                await self._watch_links(root)
            await self._catch_up(library, began)

    async def _catch_up(self, library: Library, began: Sequence[Root]) -> None:
        """Have looked through what happened before we listened; at the start everything, heard or not."""
        is_first = library.library_id not in self._greeted
        self._greeted.add(library.library_id)
        if library.last_scan_at is None or not library.options.watch_folders:
            return
        with contextlib.suppress(NotFound):
            if is_first:
                await self._ask(library.library_id, ())
            elif began:
                await self._ask(library.library_id, [Scope(root_id=root.root_id) for root in began])

    async def _watch(self, root: Root, library: Library) -> bool:
        """Begin to watch a root; whether that is new."""
        ears, known = self._ears, self._roots.get(root.root_id)
        if ears is None:
            return False
        if known is not None and known.path != root.path:
            await self._forget(root.root_id)
        elif known is not None and ears.is_listening(root.root_id):
            return False
        self._roots[root.root_id] = WatchedRoot(
            root_id=root.root_id,
            library_id=library.library_id,
            kind=library.kind.value,
            path=root.path,
            owned=tuple(own[len(root.path.rstrip("/")) + 1 :] for own in self._owned if _is_below(own, root.path)),
        )
        why = await self._listen_to(ears, root.root_id, root.path)
        if why is None:
            await self._note(root, "on", None)
            return True
        self._roots.pop(root.root_id, None)
        await self._note(root, "polling", why)
        return False

    async def _watch_links(self, root: Root) -> None:
        """Hear of what happens in the folders that are linked into a root."""
        ears = self._ears
        links = dict(list(self._links(root.root_id).items())[:MOST_LINKS]) if root.root_id in self._roots else {}
        known = {ear.at: (number, ear) for number, ear in self._linked.items() if ear.root_id == root.root_id}
        for at, (number, ear) in known.items():
            is_heard = ears is not None and ears.is_listening(number)
            if links.get(at) != ear.target or not is_heard:
                await self._drop_link(number)
        still = {ear.at for ear in self._linked.values() if ear.root_id == root.root_id}
        for at, target in links.items():
            if at not in still and ears is not None:
                self._next_ear -= 1
                self._linked[self._next_ear] = Ear(root_id=root.root_id, at=at, target=target)
                if await self._listen_to(ears, self._next_ear, target) is not None:
                    del self._linked[self._next_ear]

    async def _drop_link(self, number: int) -> None:
        del self._linked[number]
        if self._ears is not None:
            await self._lane.run(self._ears.forget, number)

    async def _listen_to(self, ears: "Ears", number: int, path: str) -> str | None:
        """Begin to watch a folder; why it cannot be."""
        try:
            # Watching reads all folders, which may take minutes: so ask first whether the disk answers at all.
            await self._disks.ask_within(LOOK_LIMIT_S, path, can_be_read, path)
        except DiskSilent:
            return SILENT
        return await self._lane.run(_listen_to, ears, number, path)

    # Which roots are there

    async def _keep_looking(self) -> None:
        while True:
            try:
                await self.look()
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
        away = {root.root_id for library in libraries if not library.is_available for root in library.roots}
        # A share on the network is asked for only while it is away: it needs no waking up each minute.
        asked = [root_id for root_id, (_, path) in roots.items() if root_id in away or is_local(path)]
        found = await asyncio.gather(*(self._face(roots[root_id][1]) for root_id in asked))
        faces = dict(zip(asked, found, strict=True))
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

    async def _face(self, path: str) -> Face:
        try:
            return await self._disks.ask_within(LOOK_LIMIT_S, path, face_of, path)
        except DiskSilent:
            return None

    async def _forget(self, root_id: int) -> None:
        for number in [number for number, ear in self._linked.items() if ear.root_id == root_id]:
            await self._drop_link(number)
        self._roots.pop(root_id, None)
        self._quiet.forget_root(root_id)
        if self._ears is not None:
            await self._lane.run(self._ears.forget, root_id)

    async def _note(self, root: Root, watching: str, why: str | None) -> None:
        if (root.watching, root.watching_why) == (watching, why):
            return
        async with self._db.write() as tx:
            await tx.run(libraries_store.SET_WATCHING, {"root_id": root.root_id, "watching": watching, "why": why})


def _is_below(path: str, root: str) -> bool:
    return path.startswith(f"{root.rstrip('/')}/")


def face_of(path: str) -> Face:
    """Which folder lies at a path. Blocking."""
    try:
        facts = Path(path).stat()
    except OSError:
        return None
    return facts.st_dev, facts.st_ino


def _listen_to(ears: "Ears", number: int, path: str) -> str | None:
    """Begin to watch a folder; why it cannot be. Blocking: reads all its folders."""
    from homemedia.library.watching import NoWatches  # noqa: PLC0415 - as above

    if not is_local(path):
        return NETWORK
    try:
        ears.listen(number, path)
    except NoWatches:
        return NO_WATCHES
    except OSError as err:
        return CANNOT.format(why=err.strerror)
    return None
