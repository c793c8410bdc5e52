"""Notes: workspaces of blocks, in step on every device."""

from functools import partial
from typing import Any

from homemedia.accounts import MemberChanged, SessionEnded
from homemedia.app.accounts import Accounts
from homemedia.app.base import Base
from homemedia.app.entrance import Entrance
from homemedia.app.heap_files import ROUTES as FILE_ROUTES
from homemedia.app.heap_files import HeapFiles, limits_of
from homemedia.app.heap_folders import HeapFolders
from homemedia.app.library import Library
from homemedia.app.photos import Photos
from homemedia.app.sharing import Sharing
from homemedia.core.http.live import LiveChannel
from homemedia.core.workers import WorkerPool
from homemedia.heaps.blocks import Blocks
from homemedia.heaps.blocks_routes import BlockRoutes, TrashRoutes
from homemedia.heaps.documents import Documents
from homemedia.heaps.events import (
    BlockChanged,
    BlockRestored,
    BlocksDerived,
    BlocksGone,
    BlockUpdated,
    HeapChanged,
)
from homemedia.heaps.facts import FactKeeper
from homemedia.heaps.finding import Finding
from homemedia.heaps.finding_routes import FindingRoutes
from homemedia.heaps.heaps import Heaps as HeapService
from homemedia.heaps.history import History
from homemedia.heaps.mill import WORKER, Mill
from homemedia.heaps.opened_routes import OpenedRoutes
from homemedia.heaps.rooms import Rooms
from homemedia.heaps.routes import HeapRoutes, SyncRoutes
from homemedia.heaps.scans_routes import ScanRoutes
from homemedia.heaps.shared_targets import HeapTargets
from homemedia.heaps.sight import HeapSight
from homemedia.heaps.sync import Sync
from homemedia.heaps.telling import Teller
from homemedia.heaps.trash import Trash, all_of
from homemedia.heaps.usage import DocumentRoom, HeapUsage
from homemedia.heaps.wire import encoded
from homemedia.sharing import GrantsChanged

GROUP = "blocks"
MAX_TOLD_IDS = 100

ROUTES: tuple[Any, ...] = (
    HeapRoutes,
    SyncRoutes,
    BlockRoutes,
    TrashRoutes,
    *FILE_ROUTES,
    ScanRoutes,
    OpenedRoutes,
    FindingRoutes,
)


class Heaps:
    """The slice's parts.

    Attributes:
        documents: of blocks.
        heaps: the workspaces.
        rooms: blocks that are open right now.
        facts: what lists show of documents.
        history: folds documents, and keeps what they were.
        room: whose quota is full.
        sync: what devices ask and send by HTTP.
        trash: what was thrown away.
        sight: who of those that listen sees which heaps.
        files: what blocks carry.
        folders: folders behind heaps, and their scans.
    """

    documents: Documents
    heaps: HeapService
    rooms: Rooms
    facts: FactKeeper
    history: History
    room: DocumentRoom
    sync: Sync
    trash: Trash
    sight: HeapSight
    files: HeapFiles

    def __init__(
        self, base: Base, entrance: Entrance, accounts: Accounts, sharing: Sharing, library: Library, photos: Photos
    ) -> None:
        self._base = base
        self._entrance = entrance
        self._accounts = accounts
        self._sharing = sharing
        self.folders = HeapFolders(base, library)
        self.files = HeapFiles(base, entrance, sharing, library, photos)

    async def start(self) -> list[object]:
        """Build it; its routes."""
        base, bus = self._base, self._base.bus
        mill = Mill(await base.stack.enter("worker of notes", WorkerPool(WORKER, limit=1)))
        documents = self.documents = Documents(base.db, mill, base.clock)
        heaps = self.heaps = HeapService(base.db, documents, base.clock)
        heaps.register(base.jobs)
        self._accounts.members.purgers.append(heaps.forget_owner)
        room = self.room = DocumentRoom(base.db, base.clock)
        limits = limits_of(base.settings)
        documents.full, heaps.is_full, heaps.max_heaps = room.full, room.is_full, limits.max_heaps
        self._accounts.key_login.use, self._accounts.key_login.limits = HeapUsage(base.db).of, limits
        self._sharing.targets.register(HeapTargets(base.clock))
        self._entrance.sweeper.more.append(heaps.sweep)
        rooms = self.rooms = await base.stack.enter(
            "open notes", Rooms(base.db, documents, heaps, self._entrance.guard.of_socket, base.clock)
        )
        rooms.renew = self._accounts.members.fresh
        bus.subscribe(BlockUpdated, rooms.updated)
        bus.subscribe(BlockUpdated, Teller(bus).hear)
        bus.subscribe(BlocksGone, rooms.gone)
        bus.subscribe(HeapChanged, rooms.heap_changed)
        bus.subscribe(SessionEnded, lambda event: rooms.end(lambda actor: actor.session_id == event.session_id))
        bus.subscribe(MemberChanged, lambda _event: rooms.look_again())
        bus.subscribe(GrantsChanged, lambda _event: rooms.look_again())
        facts = self.facts = await base.stack.enter("facts of notes", FactKeeper(base.db, documents, base.clock))
        history = self.history = await base.stack.enter("history of notes", History(base.db, documents, base.clock))
        blocks = Blocks(base.db, documents, heaps, base.clock)
        trash = self.trash = Trash(base.db, documents, heaps, blocks, facts, base.clock)
        self._entrance.sweeper.more.extend((trash.sweep, history.thin))
        file_routes = await self.files.start(heaps, blocks)
        scan_routes = await self.folders.start(heaps, documents, facts, self.files)
        # What belongs to a scanned folder is let go of first, so that it is not taken for bytes of ours.
        trash.release = all_of(self.folders.folders.release, self.files.keeper.release)
        self.sight = HeapSight(base.db, base.clock)
        bus.subscribe(HeapChanged, self.sight.changed)
        sync = self.sync = Sync(base.db, documents, heaps, base.clock)
        block_routes = BlockRoutes(blocks, documents, history, base.clock)
        block_routes.sign = self.files.sign
        return [
            HeapRoutes(heaps, self.folders.folders, base.clock),
            SyncRoutes(sync),
            block_routes,
            TrashRoutes(trash, base.clock),
            *file_routes,
            *scan_routes,
            FindingRoutes(Finding(base.db, blocks, base.clock)),
        ]

    def tell(self, live: LiveChannel) -> None:
        """What the live channel says of notes, to those who see their heap."""
        sees = self.sight.sees
        self.files.tell(live, sees)
        self.folders.tell(live, self.sight)
        for what in ("created", "updated", "deleted"):
            live.forward(
                HeapChanged,
                f"heap.{what}",
                "heaps",
                partial(_heap_frame, what),
                lambda actor, event: sees(actor, event.heap_id),
            )
        live.forward(
            BlockChanged,
            "block.changed",
            GROUP,
            _changed_frame,
            lambda actor, event: sees(actor, event.heap_id),
        )
        live.forward(
            BlocksDerived,
            "blocks.derived",
            GROUP,
            lambda event: {"heap_id": event.heap_id, "block_ids": event.block_ids[:MAX_TOLD_IDS]},
            lambda actor, event: sees(actor, event.heap_id),
        )
        live.forward(
            BlocksGone,
            "block.deleted",
            GROUP,
            lambda event: {
                "heap_id": event.heap_id,
                "block_id": event.block_ids[0],
                "block_ids": event.block_ids[:MAX_TOLD_IDS],
                "permanent": event.permanent,
                "updated_at": event.changed,
            },
            lambda actor, event: sees(actor, event.heap_id),
        )
        live.forward(
            BlockRestored,
            "block.restored",
            GROUP,
            lambda event: {"heap_id": event.heap_id, "block_id": event.block_id, "updated_at": event.changed},
            lambda actor, event: sees(actor, event.heap_id),
        )


def _heap_frame(what: str, event: HeapChanged) -> dict[str, Any] | None:
    return {"heap_id": event.heap_id} if event.what == what else None


def _changed_frame(event: BlockChanged) -> dict[str, Any]:
    return {
        "heap_id": event.heap_id,
        "block_id": event.block_id,
        "sync_version": event.sync_version,
        "updated_at": event.changed,
        "state_vector": encoded(event.vector),
        "origin_session": event.session_id,
    }
