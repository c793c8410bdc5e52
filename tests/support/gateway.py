"""A gateway for SMS and a verify service on loopback; their refusals can be chosen. Enter it to have it run.

By hand: `python -m tests.support.gateway PORT` prints every request.
"""

import asyncio
import sys
from typing import Any, Self

import msgspec
from aiohttp import web


class Request(msgspec.Struct, frozen=True):
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str


class Gateway:
    """`status` is what it answers to messages; `code` what the verify service would have sent.

    `check` is the status of a check of a code; None compares it.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.status = 201
        self.location = ""
        self.code = "246810"
        self.check: int | None = None
        self.answer: bytes | None = None
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def start(self, port: int = 0) -> None:
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        server = site._server
        assert isinstance(server, asyncio.Server)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        taken = Request(request.method, request.path, dict(request.query), dict(request.headers), await request.text())
        self.requests.append(taken)
        if request.path.endswith("/VerificationCheck"):
            return await self._checked(request)
        headers = {"Location": self.location} if self.location else {}
        return web.Response(status=self.status, body=self.answer or b"{}", headers=headers)

    async def _checked(self, request: web.Request) -> web.Response:
        if self.check is not None:
            return web.Response(status=self.check, body=self.answer or b"")
        form: Any = await request.post()
        status = "approved" if form["Code"] == self.code else "pending"
        return web.json_response({"status": status})


async def _by_hand(port: int) -> None:
    gateway = Gateway()
    await gateway.start(port)
    seen = 0
    while True:
        await asyncio.sleep(0.2)
        for request in gateway.requests[seen:]:
            print(request, flush=True)  # noqa: T201 - by hand
        seen = len(gateway.requests)


if __name__ == "__main__":
    asyncio.run(_by_hand(int(sys.argv[1])))
