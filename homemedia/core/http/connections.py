"""How connections are taken: what is no HTTP gets the one error body too, and nobody holds one without asking.

Threat: anything may connect, port scanners and old televisions among them. aiohttp alone answers such bytes with an
echo of themselves, writes a traceback with the caller's cookies into the log, unpacks bodies of any size and waits for
a first request for ever.
"""

import asyncio
import errno
import logging
import sys
from typing import Any

from aiohttp import web

from homemedia.core.http.errors import SECURITY_HEADERS, content_policy, problem_response

_log = logging.getLogger(__name__)
FIRST_REQUEST_S = 30.0
# asyncio waits a minute for each half-open TLS connection.
HANDSHAKE_S = 20.0
# Many systems give a program 1,024 open files where it could have hundreds of thousands; each connection is one.
WANTED_FILES = 65_536
SAID_EVERY_S = 60.0
_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


class Connection(web.RequestHandler):
    """One client's connection."""

    __slots__ = ("_first_request",)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._first_request = asyncio.get_running_loop().call_later(FIRST_REQUEST_S, self._give_up)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._first_request.cancel()
        super().connection_lost(exc)

    def _give_up(self) -> None:
        # Later requests have aiohttp's own limit, that of an idle connection.
        if not self._request_count:
            self.force_close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - it repeats what the client sent
    ) -> web.StreamResponse:
        """What came is no request, or went wrong outside of every handler."""
        if status >= 500:
            _log.error("a request from %s failed", request.remote, exc_info=exc)
            response = problem_response(500, "internal", "Something went wrong inside HomeMedia. The log tells more.")
        else:
            _log.info("what %s sent is no HTTP request (%s)", request.remote, type(exc).__name__)
            response = problem_response(400, "bad_http", "This is not a valid HTTP request.")
        if request.writer.output_size > 0:
            raise ConnectionError("a part of the answer is sent already")
        response.headers.update(SECURITY_HEADERS)
        response.headers["Content-Security-Policy"] = content_policy("")
        response.force_close()
        return response


class Listener(web.SockSite):
    """A listening socket whose connections are `Connection`s."""

    async def start(self) -> None:
        await web.BaseSite.start(self)
        loop = asyncio.get_running_loop()
        if loop.get_exception_handler() is None:
            loop.set_exception_handler(_Trouble())
        server = self._runner.server
        if server is None:
            raise RuntimeError("the runner must be set up before its listeners")
        # Bodies stay as they came: see `routes`, which refuses compressed ones.
        self._server = await loop.create_server(
            lambda: Connection(
                server,
                loop=loop,
                access_log=None,  # type: ignore[arg-type] # none is written
                auto_decompress=False,
            ),
            sock=self._sock,
            ssl=self._ssl_context,
            ssl_handshake_timeout=None if self._ssl_context is None else HANDSHAKE_S,
            backlog=self._backlog,
        )


class _Trouble:
    """What the loop complains of. One flood of connections is one line a minute, not a traceback for each try."""

    def __init__(self) -> None:
        self._silent_until = 0.0

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        err = context.get("exception")
        if not (isinstance(err, OSError) and err.errno in _EXHAUSTED and "socket" in context):
            loop.default_exception_handler(context)
        elif loop.time() >= self._silent_until:
            self._silent_until = loop.time() + SAID_EVERY_S
            _log.warning("no more connections can be taken just now: %s", err.strerror)


def raise_file_limit() -> None:
    """Have as many open files as the system lets us have."""
    if sys.platform == "win32":  # pragma: no cover - knows no such limit
        return
    import resource  # noqa: PLC0415 - does not exist on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_FILES if hard == resource.RLIM_INFINITY else min(WANTED_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError) as err:
            # macOS names no limit as the hard one and refuses more than its own.
            _log.debug("the limit of %s open files stays: %s", soft, err)
