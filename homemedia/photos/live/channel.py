"""The sockets of the photo API's apps: who listens, for how long, and how something is said to somebody.

Threat: a page of another site may open a socket with the member's cookie, and a socket outlives a right. So who asks is
decided by the guard before the socket's own protocol begins, and before something is said it is looked again, every few
seconds, whether the listener may still hear it.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import msgspec
from aiohttp import web

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.http.families import FAMILY, Family
from homemedia.core.problems import AppError

_log = logging.getLogger(__name__)

PATH = "/api/socket.io"
# What apps send is a greeting and signs of life.
MAX_BYTES = 64 << 10
PING_S = 25
LOOK_EVERY_S = 10.0
WHO_LISTENS: web.RequestKey[Member] = web.RequestKey("who_listens", Member)

Authenticate = Callable[[web.Request], Awaitable[Member]]
Renew = Callable[[Member], Awaitable[Member | None]]
Greet = Callable[[], tuple[str, object]]


class Listener(msgspec.Struct):
    """One socket: whose it is, and when that was looked at last (in s)."""

    sid: str
    member: Member
    looked_at: float


class AppChannel:
    """Every open socket of the photo API's apps.

    Socket.IO is loaded when the first of them comes: a house without such apps does without its 7 MB.

    Args:
        authenticate: the guard; raises what it refuses with.
        renew: a member as he is now; None when he may not come in any more.
        greet: what is said first, name and content.
        clock: the time.
    """

    def __init__(self, authenticate: Authenticate, renew: Renew, greet: Greet, clock: Clock | None = None) -> None:
        self._authenticate = authenticate
        self._renew = renew
        self._greet = greet
        self._clock = clock or Clock()
        self._listeners: dict[str, Listener] = {}
        self._server: Any = None

    @property
    def count(self) -> int:
        """How many sockets are open."""
        return len(self._listeners)

    def mount(self, app: web.Application) -> None:
        for path in (PATH, f"{PATH}/"):
            app.router.add_get(path, self.handle)
            app.router.add_post(path, self.handle)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one request of the socket's protocol.

        Raises:
            Unauthorized, Forbidden: whoever opens a socket may not.
        """
        request[FAMILY] = Family.PHOTOS
        if "sid" not in request.query:
            request[WHO_LISTENS] = await self._authenticate(request)
        response: web.StreamResponse = await self._opened().handle_request(request)
        return response

    def listens(self, user_id: str) -> bool:
        """Whether a member listens, by any of his apps."""
        return any(one.member.user_id == user_id for one in self._listeners.values())

    async def tell(self, user_ids: Iterable[str] | None, name: str, *content: object) -> None:
        """Say something to every app of these members, or of all.

        Args:
            user_ids: whom; None for everybody.
            name: of the event.
            content: structs or plain values, as they stand in an answer.
        """
        wanted = None if user_ids is None else set(user_ids)
        await self._tell((one for one in self._of(wanted)), name, content)

    async def end(self, session_id: str, name: str, *content: object) -> None:
        """Close the sockets of a session that has ended, and say so."""
        ended = [one for one in self._listeners.values() if one.member.session_id == session_id]
        for one in ended:
            await self._server.emit(name, tuple(map(msgspec.to_builtins, content)), to=one.sid)
            await self._drop(one)

    async def look_again(self, user_id: str) -> None:
        """A member was changed: he hears on if he still may."""
        for one in self._of({user_id}):
            one.looked_at = 0.0
            await self._is_current(one)

    async def close(self) -> None:
        """Close every socket."""
        for one in tuple(self._listeners.values()):
            await self._drop(one)
        if self._server is not None:
            await self._server.shutdown()
            self._server = None

    def _of(self, user_ids: set[str] | None) -> list[Listener]:
        return [one for one in self._listeners.values() if user_ids is None or one.member.user_id in user_ids]

    async def _tell(self, listeners: Iterable[Listener], name: str, content: tuple[object, ...]) -> None:
        told: tuple[Any, ...] | None = None
        for one in listeners:
            if not await self._is_current(one):
                continue
            told = told or tuple(map(msgspec.to_builtins, content))
            await self._server.emit(name, told, to=one.sid)

    async def _is_current(self, listener: Listener) -> bool:
        now = self._clock.monotonic_s()
        if listener.looked_at and now - listener.looked_at < LOOK_EVERY_S:
            return True
        try:
            member = await self._renew(listener.member)
        except AppError:  # the database does not say, so nothing is told
            return False
        if member is None:
            await self._drop(listener)
            return False
        listener.member, listener.looked_at = member, now
        return True

    async def _drop(self, listener: Listener) -> None:
        self._listeners.pop(listener.sid, None)
        await self._server.disconnect(listener.sid)

    def _opened(self) -> Any:  # noqa: ANN401 - a library without types
        if self._server is None:
            import socketio  # type: ignore[import-untyped]  # noqa: PLC0415 - see the class

            quiet = logging.getLogger(f"{__name__}.protocol")
            quiet.setLevel(logging.ERROR)
            # Whose page it is the guard has looked at.
            self._server = socketio.AsyncServer(
                async_mode="aiohttp",
                cors_allowed_origins=[],
                max_http_buffer_size=MAX_BYTES,
                ping_interval=PING_S,
                logger=quiet,
                engineio_logger=quiet,
            )
            self._server.on("connect", self._connected)
            self._server.on("disconnect", self._disconnected)
        return self._server

    async def _connected(self, sid: str, environ: dict[str, Any], _auth: object = None) -> bool:
        member = environ["aiohttp.request"].get(WHO_LISTENS)
        if member is None:
            return False
        self._listeners[sid] = Listener(sid, member, self._clock.monotonic_s())
        name, content = self._greet()
        await self._server.emit(name, msgspec.to_builtins(content), to=sid)
        return True

    async def _disconnected(self, sid: str, *_why: object) -> None:
        self._listeners.pop(sid, None)
