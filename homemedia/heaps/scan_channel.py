"""The old address for how scans go (heaps §7.2): text frames, and nothing is asked of it. Our own client uses `/ws`.

A socket outlives a right, so what its member sees is looked up for every frame, and who he is every few seconds.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Mapping

import msgspec
from aiohttp import web

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.http.errors import problem_response
from homemedia.core.http.families import Family
from homemedia.core.problems import AppError
from homemedia.heaps.scans import ScanEvent
from homemedia.heaps.scans_wire import ScanCard

CLOSE_UNAUTHORIZED, CLOSE_STOPPING = 4401, 4503
LOOK_EVERY_S = 10.0
AGAIN_S = 1.0
MAX_FRAME_BYTES = 64 << 10

Authenticate = Callable[[web.Request, str | None], Awaitable[Member]]
Renew = Callable[[Member], Awaitable[Member | None]]
# By number, as they stand in answers: scans that a member sees, under way and just ended.
Active = Callable[[Member], Awaitable[tuple[Mapping[int, ScanCard], Mapping[int, ScanCard]]]]


class _Listener:
    def __init__(self, socket: web.WebSocketResponse, actor: Member) -> None:
        self.socket = socket
        self.actor = actor
        self.looked_at_s = 0.0
        self.news: set[int] = set()
        # Scans that were told as under way: their end has to be told.
        self.under_way: dict[int, ScanCard] = {}
        self.wake = asyncio.Event()

    async def say(self, **frame: object) -> None:
        await self.socket.send_str(msgspec.json.encode(frame).decode())


class ScanChannel:
    """Every open socket of that address.

    Attributes:
        renew: asked who a listener is by now; None when he may not come in any more.
        again_s: how long is waited when nothing could be looked up.
    """

    def __init__(self, authenticate: Authenticate, active: Active, clock: Clock | None = None) -> None:
        self._authenticate = authenticate
        self._active = active
        self._clock = clock or Clock()
        self._listeners: set[_Listener] = set()
        self.renew: Renew = _as_he_was
        self.again_s = AGAIN_S

    @property
    def count(self) -> int:
        """How many sockets are open."""
        return len(self._listeners)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one socket until it is closed, its session ends or the server stops."""
        socket = web.WebSocketResponse(heartbeat=20, max_msg_size=MAX_FRAME_BYTES)
        socket.headers["Deprecation"] = "true"
        if not socket.can_prepare(request).ok:
            headers = {"Upgrade": "websocket", "Deprecation": "true"}
            return problem_response(
                426, "upgrade_required", "This address is a WebSocket.", None, headers, family=Family.HEAPS
            )
        try:
            actor: Member | None = await self._authenticate(request, None)
        except AppError:
            actor = None
        await socket.prepare(request)
        if actor is None:
            await socket.close(code=CLOSE_UNAUTHORIZED)
            return socket
        listener = _Listener(socket, actor)
        listener.looked_at_s = self._clock.monotonic_s()
        self._listeners.add(listener)
        writer = asyncio.create_task(self._tell(listener), name="scans")
        try:
            async for _ in socket:  # whatever is said, it is not for us
                pass
        finally:
            self._listeners.discard(listener)
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await writer
        return socket

    def hear(self, event: ScanEvent) -> None:
        """A scan has begun, come further or ended."""
        for listener in self._listeners:
            listener.news.add(event.scan_id)
            listener.wake.set()

    async def end(self, whose: Callable[[Member], bool]) -> None:
        """Close the sockets of everybody for whom `whose` is true: their session has ended."""
        await self._close([one for one in self._listeners if whose(one.actor)], CLOSE_UNAUTHORIZED)

    async def close(self) -> None:
        """The server stops."""
        await self._close(list(self._listeners), CLOSE_STOPPING)

    async def _close(self, listeners: list[_Listener], code: int) -> None:
        await asyncio.gather(*(one.socket.close(code=code) for one in listeners), return_exceptions=True)

    async def _tell(self, listener: _Listener) -> None:
        await listener.say(type="connected", server_time=self._clock.now_ms())
        is_first = True
        while await self._is_current(listener):
            news, listener.news = listener.news, set()
            try:
                running, ended = await self._active(listener.actor)
            except AppError:
                # What the database does not say now is said when it can.
                listener.news |= news
                await asyncio.sleep(self.again_s)
                continue
            # What has just ended may stand among both.
            known = {**running, **ended}
            over = listener.under_way.keys() - running.keys()
            told = news | over | (running.keys() if is_first else set())
            for scan_id in sorted(told):
                scan = known.get(scan_id) or self._replaced(listener.under_way.get(scan_id), known.values())
                if scan is not None:
                    await listener.say(type="scan_update", scan=scan)
            listener.under_way = {scan_id: scan for scan_id, scan in running.items() if scan_id not in ended}
            is_first = False
            await listener.wake.wait()
            listener.wake.clear()

    def _replaced(self, scan: ScanCard | None, known: Collection[ScanCard]) -> ScanCard | None:
        """The end of a scan of which nothing stands any more, because the next one of its heap has ended too."""
        if scan is None or scan.heap_id not in {one.heap_id for one in known}:
            return None
        return msgspec.structs.replace(scan, status="done", finished_at=self._clock.now_ms(), current=None)

    async def _is_current(self, listener: _Listener) -> bool:
        now_s = self._clock.monotonic_s()
        if now_s - listener.looked_at_s < LOOK_EVERY_S:
            return True
        try:
            actor = await self.renew(listener.actor)
        except AppError:  # the database does not say, so nothing is told
            actor = None
        if actor is None:
            await listener.socket.close(code=CLOSE_UNAUTHORIZED)
            return False
        listener.actor, listener.looked_at_s = actor, now_s
        return True


async def _as_he_was(actor: Member) -> Member | None:
    return actor
