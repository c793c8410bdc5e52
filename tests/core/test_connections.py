"""What is no HTTP, and who says nothing at all, over the connections of the real server."""

import asyncio
import contextlib
import errno
import json
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from homemedia.core.http import connections
from homemedia.core.http.connections import Listener
from homemedia.serve import bind


async def _echo(request: web.Request) -> web.Response:
    return web.Response(body=await request.read())


@asynccontextmanager
async def a_listener() -> AsyncIterator[int]:
    """The port of a server that sends back what it is sent."""
    app = web.Application()
    app.router.add_post("/echo", _echo)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    (listening,) = bind("127.0.0.1", 0)
    try:
        await Listener(runner, listening).start()
        yield listening.getsockname()[1]
    finally:
        await runner.cleanup()


async def said(port: int, sent: bytes) -> tuple[str, bytes]:
    """Head and body of what comes back until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    with contextlib.suppress(ConnectionError):  # it was closed before we had sent or heard all
        writer.write(sent)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.decode(), body


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\x00\x01\r\n\r\n",
        b"GET /x HTTP/9.9\r\nHost: a\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /x HTTP/1.1\r\nHost: a\r\nCookie: immich_access_token=hush; b=\x01\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    ],
)
async def test_what_is_no_request_gets_the_one_error_body_and_no_word_in_the_log(
    sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with a_listener() as port:
            head, body = await said(port, sent)

    assert " 400 " in head
    assert "nosniff" in head
    assert json.loads(body)["code"] == "bad_http"
    assert "hush" not in caplog.text
    assert "Traceback" not in caplog.text


async def test_packed_body_is_not_unpacked() -> None:
    packed = b"\x1f\x8b any bytes"
    head = b"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Encoding: gzip\r\n"

    async with a_listener() as port:
        _, body = await said(port, head + b"Content-Length: %d\r\n\r\n" % len(packed) + packed)

    assert body == packed


async def test_who_connects_and_asks_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "FIRST_REQUEST_S", 0.05)

    async with a_listener() as port:
        silent = await asyncio.wait_for(said(port, b""), 60)
        half = await asyncio.wait_for(said(port, b"GET /echo HTTP/1.1\r\nHo"), 60)

    assert silent == half == ("", b"")


async def test_flood_of_connections_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async with a_listener():
        loop = asyncio.get_running_loop()
        for _ in range(3):
            loop.call_exception_handler(
                {"message": "accept", "exception": OSError(errno.EMFILE, "Too many open files"), "socket": None}
            )
        floods = len(caplog.records)
        loop.call_exception_handler({"message": "something else", "exception": ValueError("x")})

    assert (floods, len(caplog.records)) == (1, 2)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_as_many_files_as_the_system_allows() -> None:
    import resource  # noqa: PLC0415 - does not exist on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 512), hard))
    try:
        connections.raise_file_limit()
        raised = resource.getrlimit(resource.RLIMIT_NOFILE)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert raised == (min(connections.WANTED_FILES, hard) if hard != resource.RLIM_INFINITY else raised[0], hard)
    assert raised[0] > 512
