"""The shell, its files and its manifest: every readable address outside `/api` gets the shell.

The client finds the rest by itself.
"""

from collections.abc import Callable

import msgspec
from aiohttp import web

from homemedia.core.threads import Lane
from homemedia.web.files import ClientFile, ClientFiles

FOREVER = "public, max-age=31536000, immutable"
# Addresses that answer machines: an unknown one below them is told so in JSON, never with a page.
_NOT_PAGES = ("/api/", "/assets/", "/ws", "/sync/", "/.well-known/")


class Pages:
    """Serves the client.

    Args:
        files: the client's files.
        household_name: what the house is called at this moment, for the manifest.
    """

    def __init__(self, files: ClientFiles, household_name: Callable[[], str]) -> None:
        self._files = files
        self._household_name = household_name
        self._lane = Lane("client files", 1)
        self._base = f"/assets/{files.build}"
        self._shell = shell_of(files).encode()
        self._manifest = files.text("manifest.webmanifest").replace("{{assets}}", self._base)

    def mount(self, app: web.Application) -> None:
        """Add the addresses to `app`; after everything else, since the last one takes all that is left."""
        app.on_cleanup.append(self._close)
        app.router.add_get("/assets/{build}/{path:.+}", self.asset)
        app.router.add_get("/manifest.webmanifest", self.manifest)
        app.router.add_get("/favicon.ico", self.favicon)
        app.router.add_get("/robots.txt", self.robots)
        app.router.add_get("/sw.js", self.worker)
        # Not below /api: there the router itself tells an unknown address from a wrong method.
        app.router.add_get("/{path:(?!api/).*}", self.shell)

    async def shell(self, request: web.Request) -> web.StreamResponse:
        """The page that loads the client, for any address a person may type."""
        asks_for_html = "text/html" in request.headers.get("Accept", "")
        if request.path.startswith(_NOT_PAGES) or request.path == "/api" or not asks_for_html:
            raise web.HTTPNotFound
        return web.Response(
            body=self._shell, content_type="text/html", charset="utf-8", headers={"Cache-Control": "no-cache"}
        )

    async def asset(self, request: web.Request) -> web.StreamResponse:
        """A file of the client. An old build's address leads to today's file, uncached: a page open over an update."""
        file = await self._file(request.match_info["path"])
        if file is None:
            raise web.HTTPNotFound
        is_current = request.match_info["build"] == self._files.build
        return _send(request, file, FOREVER if is_current else "no-cache")

    async def favicon(self, request: web.Request) -> web.StreamResponse:
        """The small icon, where browsers look for it unasked."""
        file = await self._file("icons/favicon.ico") or await self._file("icons/icon-192.png")
        if file is None:
            raise web.HTTPNotFound
        return _send(request, file, "public, max-age=86400")

    async def robots(self, _request: web.Request) -> web.StreamResponse:
        """A family's server is in no search engine."""
        return web.Response(text="User-agent: *\nDisallow: /\n")

    async def worker(self, request: web.Request) -> web.StreamResponse:
        """What shows notices while no page is open; at the root, since it looks after all below its own address."""
        file = await self._file("sw.js")
        if file is None:
            raise web.HTTPNotFound
        return _send(request, file, "no-cache")

    async def manifest(self, _request: web.Request) -> web.StreamResponse:
        """What the browser needs to install the client under the household's name."""
        named = msgspec.json.decode(self._manifest)
        named["name"] = self._household_name()
        return web.Response(
            body=msgspec.json.encode(named),
            content_type="application/manifest+json",
            headers={"Cache-Control": "no-cache"},
        )

    async def _close(self, _app: web.Application) -> None:
        await self._lane.close()

    async def _file(self, path: str) -> ClientFile | None:
        return self._files.ready(path) or await self._lane.run(self._files.get, path)


def shell_of(files: ClientFiles) -> str:
    """The page that loads the client."""
    return files.text("index.html").replace("{{assets}}", f"/assets/{files.build}").replace("{{lang}}", "en")


def _send(request: web.Request, file: ClientFile, cache_control: str) -> web.Response:
    headers = {"ETag": file.etag, "Cache-Control": cache_control}
    if request.headers.get("If-None-Match") == file.etag:
        return web.Response(status=304, headers=headers)
    body = file.body
    if file.is_zipped:
        headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
        else:
            body = file.plain()
    is_text = file.content_type.startswith("text/")
    return web.Response(
        body=body, content_type=file.content_type, charset="utf-8" if is_text else None, headers=headers
    )
