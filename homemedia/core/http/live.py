"""The live channel: `/ws` text frames that tell our client what changed. Hints without guarantee, ids without contents.

Threat: a page of another site may open a socket with the member's cookie; so the cookie counts only for our own origin,
and every event is filtered by what its listener may see.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from aiohttp import WSMsgType, web

from homemedia.core.clock import Clock
from homemedia.core.events import EventBus
from homemedia.core.http.errors import problem_response
from homemedia.core.ids import new_hex
from homemedia.core.problems import AppError, BadRequest, Forbidden

_log = logging.getLogger(__name__)
E = TypeVar("E")

HELLO_S = 10.0
MAX_QUEUED = 2000
MAX_FRAME_BYTES = 64 << 10
MAX_HEAPS = 1000
CLOSE_UNAUTHORIZED = 4401
CLOSE_STOPPING = 4503

# (request, token of a hello or None) -> the member; raises Unauthorized.
Authenticate = Callable[[web.Request, str | None], Awaitable[Any]]
# A member as he was -> as he is now; None when he may not come in any more.
Renew = Callable[[Any], Awaitable[Any]]
# (member, heap, since) -> whether the heap has changed after that stamp; raises NotFound where he does not see it.
Behind = Callable[[Any, str, int], Awaitable[bool]]
# A socket stays open for days. Ends that come by themselves (of a session, of an account) are looked for so often.
LOOK_EVERY_S = 10.0


class Hello(msgspec.Struct):
    """What a client says; `type` decides which of the fields mean something."""

    type: str
    id: str | None = None
    token: str | None = None
    events: list[str] | None = None
    heap_id: str | None = None
    since: int | None = None


class _Listener:
    def __init__(self, socket: web.WebSocketResponse, actor: Any) -> None:  # noqa: ANN401 - whatever the guard answers
        self.id = new_hex(8)
        self.socket = socket
        self.actor = actor
        self.groups: set[str] | None = None
        self.heaps: set[str] | None = None  # all he sees, until he names one
        self.is_listening = False
        self.queue: deque[bytes] = deque()
        self.wake = asyncio.Event()
        self.looked_at = 0.0
        self.changes = 0
        self.looking = asyncio.Lock()

    def wants(self, group: str, heap_id: str | None) -> bool:
        is_group = self.is_listening and (self.groups is None or group in self.groups)
        return is_group and (heap_id is None or self.heaps is None or heap_id in self.heaps)

    def put(self, frame: bytes, resync: bytes) -> None:
        if len(self.queue) >= MAX_QUEUED:
            # A reader this slow learns that it missed something instead of everything it missed.
            self.queue.clear()
            frame = resync
        self.queue.append(frame)
        self.wake.set()

    async def write(self, is_current: Callable[["_Listener"], Awaitable[bool]]) -> None:
        while True:
            await self.wake.wait()
            self.wake.clear()
            while self.queue:
                if not await is_current(self):
                    return
                await self.socket.send_str(self.queue.popleft().decode())


class LiveChannel:
    """Every open socket of our own client, and which events it wants.

    Attributes:
        renew: asked who a listener is by now.
        behind: asked whether a heap that somebody subscribes to has changed since he last looked.
        is_same: whether two members are the same person; a token is replaced by one of his own alone.
        epoch: which database this is, told in the greeting; "" tells none.
    """

    def __init__(self, bus: EventBus, authenticate: Authenticate, clock: Clock | None = None) -> None:
        self._bus = bus
        self._authenticate = authenticate
        self._clock = clock or Clock()
        self._listeners: set[_Listener] = set()
        self.renew: Renew = _as_he_was
        self.behind: Behind = _never_behind
        self.is_same: Callable[[Any, Any], bool] = lambda one, other: bool(one == other)
        self.epoch = ""

    @property
    def count(self) -> int:
        """How many sockets are open."""
        return len(self._listeners)

    def forward(
        self,
        kind: type[E],
        name: str,
        group: str,
        to_wire: Callable[[E], dict[str, Any] | None],
        may_see: Callable[[Any, E], bool] | None = None,
    ) -> None:
        """Send events of `kind` as frame `name` to those who listen to `group` and may see it.

        Args:
            kind: type of the event on the bus.
            name: the word in the frame's field `event`.
            group: one of the groups a client names in its hello.
            to_wire: the frame's further fields; None sends nothing.
            may_see: (actor, event) -> whether this listener hears of it; everybody when left out.
        """

        def hear(event: E) -> None:
            if not self._listeners:
                return
            fields = to_wire(event)
            if fields is None:
                return
            frame = self._frame({"type": "event", "event": name, "server_time": self._clock.now_ms(), **fields})
            heap_id = fields.get("heap_id")
            for listener in self._listeners:
                if listener.wants(group, heap_id) and (may_see is None or may_see(listener.actor, event)):
                    listener.put(frame, self._resync())

        self._bus.subscribe(kind, hear)

    def _frame(self, fields: dict[str, Any]) -> bytes:
        return msgspec.json.encode(fields)

    def _resync(self) -> bytes:
        return self._frame({"type": "event", "event": "resync", "server_time": self._clock.now_ms()})

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one socket until it is closed, its session ends or the server stops."""
        socket = web.WebSocketResponse(heartbeat=20, max_msg_size=MAX_FRAME_BYTES)
        if not socket.can_prepare(request).ok:
            return problem_response(
                426, "upgrade_required", "This address is a WebSocket.", None, {"Upgrade": "websocket"}
            )
        try:
            actor = await self._authenticate(request, None)
        except AppError:
            actor = None
        await socket.prepare(request)
        hello: Hello | None = None
        if actor is None:
            hello, actor = await self._await_hello(request, socket)
        if actor is None:
            await socket.close(code=CLOSE_UNAUTHORIZED, message=b"unauthorized")
            return socket
        listener = _Listener(socket, actor)
        listener.looked_at = self._clock.monotonic_s()
        self._listeners.add(listener)
        writer = asyncio.create_task(listener.write(self._is_current), name=f"live-{listener.id}")
        try:
            if hello is not None:
                self._greet(listener, hello)
            await self._listen(request, listener)
        finally:
            self._listeners.discard(listener)
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await writer
        return socket

    async def _await_hello(self, request: web.Request, socket: web.WebSocketResponse) -> tuple[Hello | None, Any]:
        try:
            message = await socket.receive(timeout=HELLO_S)
        except TimeoutError:
            return None, None
        hello = _read(message.data) if message.type is WSMsgType.TEXT else None
        if hello is None or hello.type != "hello" or not hello.token:
            return None, None
        try:
            return hello, await self._authenticate(request, hello.token)
        except AppError:
            return None, None

    async def _listen(self, request: web.Request, listener: _Listener) -> None:
        async for message in listener.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            said = _read(message.data)
            if said is None:
                self._answer(listener, {"type": "error", "error": "invalid_json", "message": "Not a JSON object."})
                continue
            try:
                await self._hear(request, listener, said)
            except AppError as err:
                told = {"type": "error", "id": said.id, "error": err.code, "message": err.message, "block_id": None}
                self._answer(listener, told)

    async def _hear(self, request: web.Request, listener: _Listener, said: Hello) -> None:
        """Do what a message says.

        Raises:
            AppError: why not.
        """
        match said.type:
            case "hello":
                self._greet(listener, said)
            case "ping":
                self._answer(listener, {"type": "pong", "id": said.id, "server_time": self._clock.now_ms()})
            case "subscribe":
                await self._subscribe(listener, said)
            case "unsubscribe":
                listener.heaps = (listener.heaps or set()) - {said.heap_id or ""}
                self._agree(listener, said)
            case "auth":
                if not said.token:
                    raise BadRequest("Name a token.", field="token")
                actor = await self._authenticate(request, said.token)
                if not self.is_same(actor, listener.actor):
                    raise Forbidden("This token is somebody else's.")
                listener.actor = actor
                self._agree(listener, said)
            case _:
                raise BadRequest("This message is not known.", code="unknown_type")

    async def _subscribe(self, listener: _Listener, said: Hello) -> None:
        if not said.heap_id:
            raise BadRequest("Name a heap.", field="heap_id")
        is_behind = await self.behind(listener.actor, said.heap_id, max(said.since or 0, 0))
        if listener.heaps is None or len(listener.heaps) < MAX_HEAPS:
            listener.heaps = (listener.heaps or set()) | {said.heap_id}
        self._agree(listener, said, **({} if said.since is None else {"behind": is_behind}))

    def _agree(self, listener: _Listener, said: Hello, **more: object) -> None:
        self._answer(listener, {"type": "ok", "id": said.id, "server_time": self._clock.now_ms(), **more})

    def _greet(self, listener: _Listener, hello: Hello) -> None:
        listener.groups = None if hello.events is None else set(hello.events)
        listener.is_listening = True
        self._answer(
            listener,
            {
                "type": "ready",
                "id": hello.id,
                "session_id": listener.id,
                "protocol": 1,
                "server_time": self._clock.now_ms(),
                **({"epoch": self.epoch} if self.epoch else {}),
            },
        )

    def _answer(self, listener: _Listener, fields: dict[str, Any]) -> None:
        listener.put(self._frame(fields), self._resync())

    async def look_again(self) -> None:
        """Rights have changed: every listener hears from now on what he may hear by now, or nothing."""
        for listener in tuple(self._listeners):
            listener.changes += 1
            listener.looked_at = 0.0
            await self._is_current(listener)

    async def _is_current(self, listener: _Listener) -> bool:
        """Whether a listener may still be told something; closes his socket if not."""
        # One after the other: of two that look at once the first to begin could be the last to say what it saw.
        async with listener.looking:
            now = self._clock.monotonic_s()
            if listener.looked_at and now - listener.looked_at < LOOK_EVERY_S:
                return True
            changes = listener.changes
            try:
                actor = await self.renew(listener.actor)
            except AppError:  # the database does not say, so nothing is told
                actor = None
            if actor is None:
                await listener.socket.close(code=CLOSE_UNAUTHORIZED)
                return False
            listener.actor = actor
            # What changed meanwhile is looked at by whoever waits for his turn.
            listener.looked_at = now if listener.changes == changes else 0.0
            return True

    async def end(self, whose: Callable[[Any], bool]) -> None:
        """Close the sockets of every actor for whom `whose` is true: their session has ended."""
        ended = [listener for listener in self._listeners if whose(listener.actor)]
        await asyncio.gather(*(one.socket.close(code=CLOSE_UNAUTHORIZED) for one in ended), return_exceptions=True)

    async def close(self) -> None:
        """Tell every client that the server stops; each will come back by itself."""
        await asyncio.gather(
            *(one.socket.close(code=CLOSE_STOPPING, message=b"stopping") for one in self._listeners),
            return_exceptions=True,
        )


async def _as_he_was(actor: Any) -> Any:  # noqa: ANN401 - whatever the guard answers
    return actor


async def _never_behind(actor: Any, heap_id: str, since: int) -> bool:  # noqa: ANN401, ARG001 - nobody keeps heaps
    return False


def _read(text: str) -> Hello | None:
    try:
        return msgspec.json.decode(text, type=Hello)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
