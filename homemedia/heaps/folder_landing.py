"""Files that members send into folders: they land where the folder lies, and are their blocks' at once (heaps §9.3).

Written beside their place under a hidden name, which no scan takes, synced, and given their name in one step that
replaces nothing. A scan that comes upon a file before its row leaves it to us.

Threat: the name and the block come from outside. A name is one part of a path and safe on every system; a folder on
the way may have become a link, so its real path is compared with the root's.
"""

import contextlib
import logging
import os
import shutil
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.digests import Digests
from homemedia.core.ids import new_hex
from homemedia.core.problems import StorageFull, Unavailable
from homemedia.core.uploads import sync_folder, told
from homemedia.heaps import folders_store as store
from homemedia.heaps import landing_store
from homemedia.heaps.files.models import Wish
from homemedia.heaps.folders_store import FolderHeap
from homemedia.library import managed_store
from homemedia.library.managed import safe_name
from homemedia.library.managed_store import Spot
from homemedia.library.naming.ignore import ignored_name
from homemedia.library.scan.disks import Disks, DiskSilent, Pulse
from homemedia.library.scan.walk import MAX_INODE

_log = logging.getLogger(__name__)

LIMIT_S: Final = 60.0
PART: Final = ".part"
PIECE: Final = 1 << 20
KEPT_FREE_BYTES, KEPT_FREE_SHARE = 1 << 30, 0.02
MOST_NAMES: Final = 10_000

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
        placing: paths of files that have no row yet, with their root.
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
        self.placing: set[tuple[int, str]] = set()

    async def takes(self, heap_id: str) -> bool:
        """Whether there is a folder behind a heap into which may be written."""
        return await self._folder(heap_id) is not None

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
        """
        heap = await self._folder(wish.heap_id)
        name = _landing_name(wish.name)
        if heap is None or ignored_name(name, is_folder=False) is not None:
            return False
        # Where the block hangs is told by its document.
        await self._derive([wish.block_id])
        below = await landing_store.folder_of(self._db.read, wish.heap_id, wish.block_id)
        known = await managed_store.in_folder(self._db.read, heap.root_id, below) if below else {}
        known |= {} if below else await landing_store.on_top(self._db.read, heap.root_id)
        taken = {_folded(path.rpartition("/")[2]) for path in known if path.rpartition("/")[0] == below}
        placed = self._placed(heap, below, name, source, wish.modified_at, taken)
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
    async def _placed(
        self, heap: FolderHeap, below: str, name: str, source: Path, modified_at: int, taken: set[str]
    ) -> AsyncIterator[Spot]:
        """The file at its place, taken away again when no row came of it."""
        with _in_words(heap):
            pulse = Pulse()
            held = self._held(heap.root_id)
            spot = await self._disks.ask(
                heap.path, _put, heap.path, below, name, source, modified_at, taken, held, pulse=pulse
            )
        try:
            yield spot
        except BaseException:
            with contextlib.suppress(OSError, DiskSilent):
                await self._disks.ask(heap.path, _take_away, heap.path, spot)
            raise
        finally:
            self.placing.discard((heap.root_id, spot.path))

    def _held(self, root_id: int) -> Callable[[str], None]:
        return lambda path: self.placing.add((root_id, path))


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


def _folded(name: str) -> str:
    """Equal for names that some disk takes for the same."""
    return unicodedata.normalize("NFC", name).casefold()


def numbered(name: str, taken: set[str]) -> Iterator[str]:
    """The name, then "name (2).jpg", "name (3).jpg" …, without those that are taken. Pure."""
    stem, dot, ending = name.rpartition(".")
    if not stem:
        stem, dot, ending = name, "", ""
    for number in range(1, MOST_NAMES):
        candidate = name if number == 1 else f"{stem} ({number}){dot}{ending}"
        if _folded(candidate) not in taken:
            yield candidate


def _folder(root: str, below: str) -> Path:
    """The folder a file goes to, made where it is gone; inside the root whatever links lie on the way. Blocking.

    Raises:
        Unavailable: the root is away.
    """
    real = Path(root).resolve()
    if not real.is_dir() or not os.access(real, os.W_OK):
        raise Unavailable(
            "The folder of these notes is away, or may not be written in.", code="source_unavailable", retry_after_s=30
        )
    folder = real / below
    if not folder.resolve().is_relative_to(real):
        raise Unavailable("A link leads out of the folder of these notes.", code="source_unavailable")
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
    return folder


def _put(
    root: str,
    below: str,
    name: str,
    source: Path,
    modified_at: int,
    taken: set[str],
    held: Callable[[str], None],
    pulse: Pulse,
) -> Spot:
    """Blocking; what cannot be ended leaves nothing."""
    folder = _folder(root, below)
    size, disk = source.stat().st_size, shutil.disk_usage(folder)
    if disk.free - size < max(KEPT_FREE_BYTES, int(disk.total * KEPT_FREE_SHARE)):
        raise StorageFull("There is too little room left on the disk of this folder.")
    # Names that no row tells of, hidden or just written by somebody else.
    taken = taken | {_folded(other.name) for other in folder.iterdir()}
    part = folder / f".{new_hex(8)}{PART}"
    try:
        _copy(source, part, pulse)
        part.chmod(folder.stat().st_mode & 0o666 | 0o600)
        os.utime(part, ns=(modified_at * 1_000_000, modified_at * 1_000_000))
        for candidate in numbered(name, taken):
            path = f"{below}/{candidate}" if below else candidate
            held(path)
            if _named(part, folder / candidate):
                break
        else:
            raise StorageFull("There are too many files of this name in the folder.")
    finally:
        part.unlink(missing_ok=True)
    sync_folder(folder)
    facts = (folder / candidate).stat()
    return Spot(path=path, size_bytes=facts.st_size, mtime_ns=facts.st_mtime_ns, inode=facts.st_ino & MAX_INODE)


def _copy(source: Path, part: Path, pulse: Pulse) -> None:
    """The bytes under another name on the folder's own disk, synced."""
    with source.open("rb") as read, part.open("xb") as write:
        while piece := read.read(PIECE):
            write.write(piece)
            pulse.beat()
        write.flush()
        os.fsync(write.fileno())
    pulse.beat()


def _named(part: Path, target: Path) -> bool:
    """Give a file its name, in one step and replacing nothing; False where the name is taken."""
    try:
        os.link(part, target)
    except FileExistsError:
        return False
    except OSError:
        # Disks without links: the name is taken first, so that nobody else's file is replaced.
        try:
            target.open("xb").close()
        except FileExistsError:
            return False
        part.replace(target)
    return True


def _take_away(root: str, spot: Spot) -> None:
    target = Path(root) / spot.path
    facts = target.lstat()
    if (facts.st_size, facts.st_ino & MAX_INODE) == (spot.size_bytes, spot.inode):
        target.unlink()
