"""Blocks that are open right now: what one types the others see at once, and it is on disk within a tenth of a second.

Document mode of `/ws` (heaps §7.1), as a stock y-websocket provider speaks it: binary frames alone. A socket is a guest
of one block; rights are looked at when it opens, every few seconds, and whenever grants change.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Self

from aiohttp import WSMsgType, web

from homemedia.accounts import Member
from homemedia.accounts.device import device_of
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.errors import problem_response
from homemedia.core.http.families import Family
from homemedia.core.problems import AppError
from homemedia.heaps import connection, crdt, documents_store, messages
from homemedia.heaps.connection import Connection
from homemedia.heaps.documents import Author, Documents, Entry
from homemedia.heaps.events import BlocksGone, BlockUpdated, HeapChanged
from homemedia.heaps.heaps import Heaps
from homemedia.heaps.lib0 import MalformedError
from homemedia.heaps.models import Heap, is_id
from homemedia.heaps.room import Figures, Room
from homemedia.heaps.writing import Writer

MAX_MESSAGE_BYTES = 32 << 20
# Above what is refused: the library's own close code makes stock providers come back in a tight loop.
MAX_FRAME_BYTES = 64 << 20
MAX_CONNECTIONS = 32
LOOK_EVERY_S = 10.0
RENEW_S = 24 * 3600.0
BURST = 2000
A_SECOND = 200.0
STOP_WAIT_S = 3.0
Authenticate = Callable[[web.Request, str | None], Awaitable[Member]]
Renew = Callable[[Member], Awaitable[Member | None]]


class Rooms:
    """Every open block. An async context manager: at the end what is pending is written, and everybody told.

    Attributes:
        renew: asked who somebody is by now; None when he may not come in any more.
        figures: for `/api/health`.
        writer: brings to the disk what comes.
    """

    def __init__(
        self, db: Database, documents: Documents, heaps: Heaps, authenticate: Authenticate, clock: Clock | None = None
    ) -> None:
        self._db = db
        self._documents = documents
        self._heaps = heaps
        self._authenticate = authenticate
        self._clock = clock or Clock()
        self._rooms: dict[str, Room] = {}
        self._looking: asyncio.Task[None] | None = None
        self.writer = Writer(documents, self._clock)
        self.renew: Renew = _as_he_was
        self.figures = Figures()

    async def __aenter__(self) -> Self:
        await self.writer.__aenter__()
        self._looking = asyncio.create_task(self._keep_looking(), name="rooms-look")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        await self.writer.__aexit__()
        open_now = self._connections()
        for one in open_now:
            one.end(connection.CLOSE_STOPPING)
        if open_now:
            await asyncio.wait([asyncio.ensure_future(one.ended()) for one in open_now], timeout=STOP_WAIT_S)

    @property
    def count(self) -> int:
        """How many blocks are open."""
        return len(self._rooms)

    @property
    def connections(self) -> int:
        return sum(len(room.connections) for room in self._rooms.values())

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one socket of a block until it is closed."""
        socket = web.WebSocketResponse(max_msg_size=MAX_FRAME_BYTES, heartbeat=20, timeout=STOP_WAIT_S)
        if not socket.can_prepare(request).ok:
            return problem_response(
                426,
                "upgrade_required",
                "This address is a WebSocket.",
                None,
                {"Upgrade": "websocket"},
                family=Family.HEAPS,
            )
        try:
            actor: Member | None = await self._authenticate(request, None)
        except AppError:
            actor = None
        await socket.prepare(request)
        if actor is None:
            await socket.close(code=connection.CLOSE_UNAUTHORIZED)
            return socket
        found = await self._entrance(request, actor)
        # Counted last: between this and its place nobody else comes in.
        if sum(1 for one in self._connections() if one.actor.user_id == actor.user_id) >= MAX_CONNECTIONS:
            found = connection.CLOSE_TOO_MANY
        if isinstance(found, int):
            await socket.close(code=found)
            return socket
        heap, sync_version = found
        block_id = request.query["block_id"]
        device = device_of(request.headers, "").device_type
        one = Connection(socket, actor, block_id, heap, device, sync_version)
        one.opened_at_s = one.looked_at_s = self._clock.monotonic_s()
        room = self._rooms.setdefault(block_id, Room(block_id, self.figures))
        room.connections.add(one)
        try:
            async with one:
                document = await self._documents.one(one.block_id)
                room.greet(one, document.vector if document is not None else crdt.EMPTY_VECTOR)
                await self._listen(room, one)
                await one.ended()
        finally:
            self._leave(room, one)
        return socket

    async def _entrance(self, request: web.Request, actor: Member) -> tuple[Heap, int] | int:
        """The heap that the wanted block lies in and the generation of its document, or the code to close with."""
        block_id, heap_id = request.query["block_id"], request.query.get("heap_id", "")
        if not is_id(block_id):
            return connection.CLOSE_UNKNOWN
        read = self._db.read
        head = (await documents_store.heads(read, [block_id])).get(block_id)
        grave = (await documents_store.graves(read, [block_id])).get(block_id)
        known = head or grave
        named = known.heap_id if known is not None else heap_id
        heap = (await self._heaps.among(read, actor, [named])).get(named)
        # What is not there yet may be made by who may write.
        if heap is None or heap.deleted_at is not None or (known is None and not heap.may_write):
            return connection.CLOSE_UNKNOWN
        if grave is not None:
            return connection.CLOSE_PURGED
        held, current = _number(request.query.get("sync_version")), head.sync_version if head is not None else 1
        if 0 < held < current:
            return connection.CLOSE_VERSION
        return heap, max(held, current)

    async def _listen(self, room: Room, one: Connection) -> None:
        tokens, last_s = float(BURST), self._clock.monotonic_s()
        async for message in one.socket:
            if message.type is WSMsgType.TEXT:
                continue  # a stock provider sends none, and is never sent one
            if message.type is not WSMsgType.BINARY:
                break
            self.figures.messages_in += 1
            now_s = self._clock.monotonic_s()
            tokens, last_s = min(BURST, tokens + (now_s - last_s) * A_SECOND) - 1, now_s
            if tokens < 0:
                await asyncio.sleep(-tokens / A_SECOND)
            if len(message.data) > MAX_MESSAGE_BYTES:
                one.end(connection.CLOSE_TOO_LARGE)
                return
            try:
                await self._hear(room, one, message.data)
            except crdt.TooLongError:
                one.end(connection.CLOSE_TOO_LARGE)
                return
            except (MalformedError, crdt.InvalidUpdateError, crdt.InvalidVectorError):
                one.end(connection.CLOSE_MALFORMED)
                return
            except AppError:
                # The database or the worker cannot say; he comes back.
                one.end(connection.CLOSE_FAILED)
                return
            if one.is_ending:
                return

    async def _hear(self, room: Room, one: Connection, frame: bytes) -> None:
        said = messages.read(frame)
        if said.kind == "step_1":
            crdt.checked_vector(said.data)
            if not await self.writer.settled():
                one.end(connection.CLOSE_FAILED)
                return
            document = await self._documents.one(one.block_id)
            lacking = await self._documents.mill.lacking(
                document.update if document is not None else crdt.EMPTY_UPDATE, said.data
            )
            one.send(messages.step_2(lacking))
        elif said.kind == "update":
            await self._take(room, one, await self._documents.mill.checked(said.data))
        elif said.kind == "awareness":
            room.be_aware(one, said.data, self._clock.monotonic_s())
        elif said.kind == "query":
            room.who_is_here(one)

    async def _take(self, room: Room, one: Connection, data: bytes) -> None:
        if not one.heap.may_write:
            if not one.is_told_read_only:
                one.is_told_read_only = True
                one.send(messages.denied("read-only"))
            return
        if data == crdt.EMPTY_UPDATE:
            return
        if not await self.writer.has_room(one):
            one.end(connection.CLOSE_FAILED)
            return
        self.figures.updates_received += 1
        room.tell(messages.update(data), one)
        by = Author(user_id=one.actor.user_id, device=one.device or None, socket=one.id)
        entry = Entry(block_id=one.block_id, heap_id=one.heap.heap_id, data=data, by=by, sync_version=one.sync_version)
        self.writer.put(one, entry)

    def _leave(self, room: Room, one: Connection) -> None:
        room.leave(one)
        if not room.connections and self._rooms.get(room.block_id) is room:
            del self._rooms[room.block_id]

    # --- what happens elsewhere

    def updated(self, event: BlockUpdated) -> None:
        """A document has grown: by another way than its sockets, who are told, or into another generation."""
        room = self._rooms.get(event.block_id)
        if room is None:
            return
        for one in tuple(room.connections):
            if one.sync_version < event.sync_version:
                one.end(connection.CLOSE_VERSION)
        if event.by_socket is None:
            room.tell(messages.update(event.data))

    def gone(self, event: BlocksGone) -> None:
        """Blocks were purged: who has them open is told; trashed ones go on."""
        if event.permanent:
            for block_id in event.block_ids:
                self.end_block(block_id, connection.CLOSE_PURGED)

    def heap_changed(self, event: HeapChanged) -> None:
        if event.what == "deleted":
            for one in self._connections():
                if one.heap.heap_id == event.heap_id:
                    one.end(connection.CLOSE_UNKNOWN)

    def end_block(self, block_id: str, code: int) -> None:
        """Close every socket of a block."""
        room = self._rooms.get(block_id)
        for one in tuple(room.connections) if room is not None else ():
            one.end(code)

    def end(self, whose: Callable[[Member], bool]) -> None:
        """Close the sockets of everybody for whom `whose` is true: their session has ended."""
        for one in self._connections():
            if whose(one.actor):
                one.end(connection.CLOSE_UNAUTHORIZED)

    async def look_again(self) -> None:
        """Rights may have changed: everybody may from now on what he may by now."""
        for one in self._connections():
            await self._look(one)

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S / 2)
            now_s = self._clock.monotonic_s()
            for room in tuple(self._rooms.values()):
                room.expire(now_s)
            for one in self._connections():
                if now_s - one.opened_at_s >= RENEW_S:
                    one.end(connection.CLOSE_RENEW)
                elif now_s - one.looked_at_s >= LOOK_EVERY_S:
                    with contextlib.suppress(AppError):  # the database does not say; asked again soon
                        await self._look(one)

    async def _look(self, one: Connection) -> None:
        one.looked_at_s = self._clock.monotonic_s()
        actor = await self.renew(one.actor)
        if actor is None:
            one.end(connection.CLOSE_UNAUTHORIZED)
            return
        one.actor = actor
        heap_id = one.heap.heap_id
        heap = (await self._heaps.among(self._db.read, actor, [heap_id])).get(heap_id)
        if heap is None or heap.deleted_at is not None:
            one.end(connection.CLOSE_UNKNOWN)
            return
        one.is_told_read_only = one.is_told_read_only and not heap.may_write
        one.heap = heap

    def _connections(self) -> list[Connection]:
        return [one for room in self._rooms.values() for one in room.connections]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0


async def _as_he_was(actor: Member) -> Member | None:
    return actor
