"""Notes of folders: what stands between heaps and the library that scans for them."""

from typing import Any

from homemedia.app.base import Base
from homemedia.app.heap_files import HeapFiles
from homemedia.app.library import Library
from homemedia.core.http.live import LiveChannel
from homemedia.heaps.documents import Documents
from homemedia.heaps.events import HeapChanged
from homemedia.heaps.facts import FactKeeper
from homemedia.heaps.files.media import BlockMedia
from homemedia.heaps.folder_blocks import FolderBlocks
from homemedia.heaps.folder_landing import Landing
from homemedia.heaps.folders import Folders
from homemedia.heaps.heaps import Heaps
from homemedia.heaps.opened_routes import OpenedRoutes
from homemedia.heaps.reindexing import Reindexing
from homemedia.heaps.scans import ScanEvent, Scans
from homemedia.heaps.scans_routes import ScanRoutes
from homemedia.heaps.sight import HeapSight
from homemedia.library.events import ScanFinished, ScanProgressed, ScanStarted
from homemedia.library.following import ByKind
from homemedia.library.models import LibraryKind


class HeapFolders:
    """Folder heaps and their scans.

    Attributes:
        folders: puts folders behind heaps; is told of purged blocks.
        scans: of them.
        landing: puts what is sent into them.
    """

    folders: Folders
    scans: Scans
    landing: Landing

    def __init__(self, base: Base, library: Library) -> None:
        self._base = base
        self._library = library

    async def start(self, heaps: Heaps, documents: Documents, facts: FactKeeper, files: HeapFiles) -> list[object]:
        """Build it; its routes."""
        base, library = self._base, self._library
        blocks = FolderBlocks(base.db, documents, library.disks, base.clock)
        photos = library.scanner.follower
        if photos is None:
            raise RuntimeError("photos follow the scanner first")
        library.scanner.follower = library.libraries.follower = ByKind(
            {LibraryKind.PHOTO: photos, LibraryKind.FOLDER: blocks}
        )
        library.scanner.on_whole = blocks.read_whole
        landing = self.landing = Landing(base.db, library.disks, facts.derive, blocks.settle_files, base.clock)
        blocks.placing = landing.placing
        files.keeper.land, files.keeper.lands = landing.land, landing.takes
        files.keeper.check_name = landing.check_name
        self.folders = Folders(base.db, heaps, library.libraries, library.desk, library.disks, base.clock)
        self.folders.register(base.jobs)
        self.scans = Scans(base.db, library.desk, library.libraries, library.disks, base.jobs, base.clock)
        await self.scans.learn()
        base.bus.subscribe(HeapChanged, self.folders.hidden)
        base.bus.subscribe(HeapChanged, lambda _event: self.scans.learn())
        reindexing = Reindexing(base.db, heaps, BlockMedia(base.db, heaps), self.scans, base.jobs)
        reindexing.register()
        reindexing.derive = facts.derive
        reindexing.anew = files.pictures.anew
        return [ScanRoutes(self.scans, reindexing, base.clock), OpenedRoutes(self.folders)]

    def tell(self, live: LiveChannel, sight: HeapSight) -> None:
        """How scans go, to those who see their heap."""

        def frame(event: ScanEvent) -> dict[str, Any] | None:
            heap_id = self.scans.heap_of(event)
            if heap_id is None:
                return None
            told = self.scans.progress(event)
            return {
                "heap_id": heap_id,
                "scan": {
                    "scan_id": str(event.scan_id),
                    "heap_id": heap_id,
                    "workspace_id": heap_id,
                    "processed": told.get("done", 0),
                    "total": told.get("total", 0),
                },
            }

        def sees(actor: Any, event: ScanEvent) -> bool:  # noqa: ANN401 - the live channel knows no members
            heap_id = self.scans.heap_of(event)
            return heap_id is not None and sight.sees(actor, heap_id)

        live.forward(ScanStarted, "scan.started", "scans", frame, sees)
        live.forward(ScanProgressed, "scan.progress", "scans", frame, sees)
        live.forward(ScanFinished, "scan.finished", "scans", frame, sees)
