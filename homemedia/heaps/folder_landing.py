"""Files that members send into folders: they land where the folder lies, and are their blocks' at once (heaps §9.3).

Written beside their place under a hidden name, which no scan takes, synced, and given their name in one step that
replaces nothing. A scan that comes upon a file before its row leaves it to us.

Threat: the name and the block come from outside. A name is one part of a path and safe on every system; a folder on
the way may have become a link, so its real path is compared with the root's.
"""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.digests import Digests
from homemedia.core.problems import BadRequest, Unavailable
from homemedia.core.uploads import told
from homemedia.heaps import folders_store as store
from homemedia.heaps import landing_store
from homemedia.heaps.files.models import Wish
from homemedia.heaps.folder_placing import Holds, Placing, Wanted, take_away
from homemedia.heaps.folders_store import FolderHeap
from homemedia.library.managed import safe_name
from homemedia.library.managed_store import Spot
from homemedia.library.naming.ignore import ignored_name
from homemedia.library.scan.disks import Disks, DiskSilent, Pulse
from homemedia.library.scan.walk import is_left_out

Settle = Callable[[FolderHeap, Sequence[int]], Awaitable[None]]
Tell = Callable[[Write, int], Awaitable[None]]


class Landing:
    """Puts files into the folders behind heaps.

    Args:
        db: where files stand.
        disks: which disks answer.
        derive: looks into documents of blocks at once.
        settle: has the blocks of some files say what they are.
        clock: the time.

    Attributes:
        placing: files that have no row yet.
    """

    def __init__(
        self,
        db: Database,
        disks: Disks,
        derive: Callable[[Sequence[str]], Awaitable[None]],
        settle: Settle,
        clock: Clock | None = None,
    ) -> None:
        self._db = db
        self._disks = disks
        self._derive = derive
        self._settle = settle
        self._clock = clock or Clock()
        self.placing = Holds()

    async def takes(self, heap_id: str) -> bool:
        """Whether there is a folder behind a heap into which may be written."""
        return await self._folder(heap_id) is not None

    async def check_name(self, heap_id: str, block_id: str, name: str) -> None:
        """Let a file pass that no pattern in the heap's folder leaves out, before it is sent.

        Raises:
            BadRequest: `ignored_name`.
            Unavailable: the folder is away, or its disk does not answer.
        """
        heap = await self._folder(heap_id)
        if heap is not None:
            await self._derive([block_id])
            below = await landing_store.folder_of(self._db.read, heap_id, block_id)
            await self._check_seen(heap, below, _landing_name(name))

    async def _check_seen(self, heap: FolderHeap, below: str, name: str) -> None:
        with _in_words(heap):
            is_hidden = await self._disks.ask(
                heap.path, is_left_out, str(heap.path), f"{below}/{name}" if below else name
            )
        if is_hidden:
            raise BadRequest(
                f"Files called “{name}” are left out of this folder, so it would not be seen. Give it another name.",
                code="ignored_name",
                field="name",
            )

    async def _folder(self, heap_id: str) -> FolderHeap | None:
        heap = await store.of_heap(self._db.read, heap_id)
        return None if heap is None or heap.read_only else heap

    async def land(self, wish: Wish, source: Path, digests: Digests, mime: str, tell: Tell) -> bool:
        """Make a file a block's in the heap's folder; False where the heap has none that may be written in.

        Args:
            wish: whose, for which block, under which name.
            source: synced; it stays where it is.
            digests: of it.
            mime: as its bytes say.
            tell: what else is to be written with the block's link; given the file's number.

        Raises:
            StorageFull: the disk is full.
            Unavailable: the disk refuses or does not answer; the folder is away.
            BadRequest: `ignored_name`: no scan would see it.
        """
        heap = await self._folder(wish.heap_id)
        name = _landing_name(wish.name)
        if heap is None or ignored_name(name, is_folder=False) is not None:
            return False
        # Where the block hangs is told by its document.
        await self._derive([wish.block_id])
        below = await landing_store.folder_of(self._db.read, wish.heap_id, wish.block_id)
        await self._check_seen(heap, below, name)
        root = await landing_store.root_facts(self._db.read, heap.root_id)
        if root is None:  # the heap went meanwhile
            return False
        known = await landing_store.names(self._db.read, heap.root_id, below)
        wanted = Wanted(root=root, below=below, name=name, source=source, modified_at=wish.modified_at, known=known)
        placed = self._placed(heap, wanted)
        async with placed as spot, self._db.write(durable=True) as tx:
            now = self._clock.now_ms()
            file_id = await landing_store.enter(tx, heap.root_id, spot, digests, mime=mime, now=now)
            is_first = await landing_store.stand(tx, wish, file_id)
            await landing_store.link(tx, wish, file_id, mime=mime, path=spot.path, now=now)
            await tell(tx, file_id)
        if is_first:
            await self._settle(heap, [file_id])
            await self._derive([wish.block_id])
        return True

    @contextlib.asynccontextmanager
    async def _placed(self, heap: FolderHeap, wanted: Wanted) -> AsyncIterator[Spot]:
        """The file at its place, taken away again when no row came of it."""
        placing = Placing(wanted, self.placing)
        try:
            with _in_words(heap):
                spot = await self._disks.ask(heap.path, placing.put, pulse=Pulse())
            yield spot
        except BaseException:
            left = placing.call_off()
            if left is not None:
                with contextlib.suppress(OSError, DiskSilent):
                    await self._disks.ask(heap.path, take_away, heap.path, left)
            raise
        finally:
            placing.end()


@contextlib.contextmanager
def _in_words(heap: FolderHeap) -> Iterator[None]:
    try:
        with told():
            yield
    except DiskSilent as err:
        raise Unavailable(
            f"The disk of “{heap.title}” does not answer.", code="source_unavailable", retry_after_s=30
        ) from err


def _landing_name(name: str) -> str:
    """A name that every disk takes and every scan sees; ends that mark half-received files are left behind."""
    clean = safe_name(name)
    return f"_{clean.lstrip('.')}" if clean.startswith(".") else clean
