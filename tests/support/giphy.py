"""A stand-in for GIPHY on loopback: answers of the real shape, faults on demand.

By hand: `python -m tests.support.giphy PORT`, then start the server with `HOMEMEDIA_CLIPS_GIF_URL` as printed.
"""

import argparse
import asyncio
import sys
from typing import Any, Literal, Self

from aiohttp import web

KEY = "Gt0yWj4rLz6sQp1vXn8mKb3cHd7fUe2a"
Fault = Literal["none", "refuse", "limit", "broken", "hang", "garbage", "strange", "redirect"]
WORDS = ("Cat", "Dog", "Dance", "Applause", "Facepalm", "Party")


class StandIn:
    """An async context manager; `url` is what the setting `clips.gif_url` wants.

    Attributes:
        asked: every request in order: what was asked for, and its query with the key.
        fault: how it answers from now on.
    """

    def __init__(self, *, port: int = 0, key: str = KEY) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.fault: Fault = "none"
        self._key = key
        self._port = port
        self._runner: web.AppRunner | None = None
        self._let_go = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1/gifs"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/v1/gifs/{what:search|trending}", self._answer)
        self._runner = web.AppRunner(app, handle_signals=False, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = int(self._runner.addresses[0][1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._let_go.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        what, asked = request.match_info["what"], dict(request.query)
        self.asked.append((what, asked))
        if self.fault == "hang":
            await self._let_go.wait()
        if self.fault == "refuse" or asked.get("api_key") != self._key:
            return web.json_response({"data": [], "meta": {"status": 401, "msg": "Unauthorized"}}, status=401)
        if self.fault == "limit":
            return web.json_response({"meta": {"status": 429}}, status=429)
        if self.fault == "broken":
            return web.Response(status=500, text="oops")
        if self.fault == "garbage":
            return web.Response(text="<html>hotel</html>", content_type="text/html")
        if self.fault == "redirect":
            raise web.HTTPFound(f"http://127.0.0.1:{self._port}/elsewhere")
        offset, limit = int(asked["offset"]), int(asked["limit"])
        found = [self._gif(asked.get("q", "trending"), number) for number in range(offset, offset + limit)]
        body = {"data": found, "meta": {"status": 200, "msg": "OK"}, "pagination": {"offset": offset, "count": limit}}
        return web.json_response(body)

    def _gif(self, words: str, number: int) -> dict[str, Any]:
        host = "evilgiphy.com" if self.fault == "strange" and number % 2 else "media.giphy.com"
        at = f"https://{host}/media/{words.replace(' ', '-')}{number}"
        return {
            "type": "gif",
            "id": f"{words}{number}",
            "title": f"{WORDS[number % len(WORDS)]} GIF",
            "images": {
                "original": {"url": f"{at}/giphy.gif", "width": "480", "height": "360"},
                "downsized": {"url": f"{at}/giphy-downsized.gif", "width": "480", "height": "360"},
                "fixed_width": {
                    "url": f"{at}/200w.gif",
                    "webp": f"{at}/200w.webp",
                    "width": "200",
                    "height": str(150 + number % 50),
                },
                "fixed_width_still": {"url": f"{at}/200w_s.gif", "width": "200", "height": "150"},
            },
        }


async def _serve(port: int) -> None:
    async with StandIn(port=port) as giphy:
        sys.stdout.write(f"HOMEMEDIA_CLIPS_GIF_URL={giphy.url}\nkey: {KEY}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    asyncio.run(_serve(parser.parse_args().port))
