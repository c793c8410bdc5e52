"""What goes on in notes right now: how syncing is, what open sockets count, and what a listener has missed."""

from typing import Any

from homemedia.accounts import Member, SessionEnded
from homemedia.app.accounts import Accounts
from homemedia.app.base import Base
from homemedia.app.entrance import Entrance
from homemedia.app.heaps import Heaps
from homemedia.core.http.live import LiveChannel
from homemedia.heaps import health
from homemedia.heaps.health_routes import HealthRoutes
from homemedia.heaps.scan_channel import ScanChannel
from homemedia.heaps.scans_wire import ScanCard, scan_card
from homemedia.library.events import ScanFinished, ScanProgressed, ScanStarted
from homemedia.server.wire import Realtime

ROUTES: tuple[Any, ...] = (HealthRoutes,)


class HeapLive:
    """Tells of it.

    Attributes:
        scans: the old address for how scans go.
    """

    def __init__(self, base: Base, entrance: Entrance, accounts: Accounts, heaps: Heaps) -> None:
        self._base = base
        self._accounts = accounts
        self._heaps = heaps
        self.scans = ScanChannel(entrance.guard.of_socket, self._active, base.clock)

    async def start(self) -> list[object]:
        """Build it; its routes."""
        heaps, scans, bus, clock = self._heaps, self.scans, self._base.bus, self._base.clock
        scans.renew = self._accounts.members.fresh
        bus.subscribe(ScanStarted, scans.hear)
        bus.subscribe(ScanProgressed, scans.hear)
        bus.subscribe(ScanFinished, scans.hear)
        bus.subscribe(SessionEnded, lambda event: scans.end(lambda actor: actor.session_id == event.session_id))
        self._base.stack.push("old channel of scans", scans.close)
        return [HealthRoutes(lambda: health.look(heaps.rooms, heaps.facts, clock))]

    async def tell(self, live: LiveChannel) -> None:
        """Whoever listens learns which database it is, and whether he missed something."""
        live.behind = self._heaps.sync.is_behind
        live.epoch = await self._heaps.sync.epoch()

    def realtime(self, live: LiveChannel) -> Realtime:
        """What is counted of live connections; who is behind them is nobody's business."""
        rooms, figures = self._heaps.rooms, self._heaps.rooms.figures
        return Realtime(
            connections=live.count + rooms.connections,
            document_mode=rooms.connections,
            session_mode=live.count,
            rooms=rooms.count,
            messages_in=figures.messages_in,
            messages_out=figures.messages_out,
            updates_received=figures.updates_received,
            updates_pending_commit=rooms.writer.pending,
            slow_consumers_dropped=figures.slow_consumers_dropped,
            compactions=self._heaps.history.compactions,
        )

    async def _active(self, actor: Member) -> tuple[dict[int, ScanCard], dict[int, ScanCard]]:
        running, ended = await self._heaps.folders.scans.active(actor)
        return {one.scan_id: scan_card(one) for one in running}, {one.scan_id: scan_card(one) for one in ended}
