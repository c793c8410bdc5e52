"""A Chromium of our own, and the client alone before a stand-in for the server.

The stand-in answers what the frame asks for with made-up things, and sends the content policy of the real one, so that
anything inline or foreign fails the test that met it.

The browser outlives a test, so all tests here run on one loop: an async fixture for them is marked `on_shared_loop`.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
import pytest_asyncio
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Route,
    async_playwright,
    expect,
)

from homemedia.web.files import ClientFiles
from homemedia.web.pages import Pages
from tests.support.app import House, a_house
from tests.support.reruns import RERUNS

POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; worker-src 'self' blob:; "
    "style-src 'self'; script-src 'self'; frame-ancestors 'none'"
)
# What takes a moment on a free machine may take many on one that runs two of these at once.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
HOST = "attic.local"
# What Playwright switches off, and the suggestions below an address bar that nobody sees: pages of their own in every
# window, which cost as much as the page that is tested.
OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,"
    "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch,"
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup"
)
ARGUMENTS = ["--no-sandbox", f"--host-resolver-rules=MAP {HOST} 127.0.0.1", f"--disable-features={OFF}"]
# A toast goes after eight seconds; who tests on a busy machine may need longer to press its Undo.
TOASTS_STAY = """
    { const later = window.setTimeout;
      window.setTimeout = (work, ms, ...rest) => later(work, ms === 8000 ? 240_000 : ms, ...rest); }
    delete window.showOpenFilePicker; // files are given to fields
"""
on_shared_loop = pytest_asyncio.fixture(loop_scope="session")
LINA = {"id": "9b1d3f5a-7c0e-4a52-8f6b-1d2e3c4b5a69", "username": "lina", "displayName": "Lina", "isAdmin": True}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here not in item.path.parents:
            continue
        item.add_marker(RERUNS)
        if item.get_closest_marker("asyncio"):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@on_shared_loop
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A server nobody has claimed yet."""
    async with a_house(tmp_path) as opened:
        yield opened


@on_shared_loop
async def claimed(house: House) -> House:
    """A server with an administrator, who is signed in."""
    await house.claim()
    return house


def required(name: str) -> bool:
    """Whether a missing `name` is a failure here rather than a reason to skip."""
    return name in os.environ.get("HOMEMEDIA_TESTS_REQUIRE", "").replace(",", " ").split()


@pytest.fixture
def chromium() -> str:
    """Where Chromium is; without one the test is skipped, or fails where HOMEMEDIA_TESTS_REQUIRE names it."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    found = os.environ.get("HOMEMEDIA_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found:
        return found
    reason = "no Chromium on this machine (install one, or name it in HOMEMEDIA_CHROMIUM)"
    if required("chromium"):
        pytest.fail(reason)
    pytest.skip(reason)


class Chromium:
    """One headless browser for all tests of a worker: each test has windows of its own, as of a fresh profile."""

    def __init__(self, tools: Playwright) -> None:
        self._tools = tools
        self._running: Browser | None = None

    async def browser(self, path: str) -> Browser:
        """The one that runs; another, should a test have brought it down."""
        if self._running is None or not self._running.is_connected():
            self._running = await self._tools.chromium.launch(executable_path=path, args=ARGUMENTS)
        return self._running

    async def close(self) -> None:
        if self._running is not None:
            await self._running.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_chromium() -> AsyncIterator[Chromium]:
    async with async_playwright() as tools:
        made = Chromium(tools)
        yield made
        await made.close()


@on_shared_loop
async def browser(chromium: str, shared_chromium: Chromium) -> Browser:
    """A headless browser that finds attic.local on this machine, as a network would."""
    return await shared_chromium.browser(chromium)


class Opener(Protocol):
    """Opens an address in a window of its own."""

    async def __call__(self, url: str, *, phone: bool = False, dark: bool = False, **context: Any) -> Page: ...


@on_shared_loop
async def opened(browser: Browser) -> AsyncIterator[Opener]:
    """Opens pages; what they complain of (content policy, errors nobody caught) fails the test at its end."""
    complaints: list[str] = []
    windows: list[BrowserContext] = []

    def hear(said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text:
            complaints.append(said.text)

    async def window(url: str, *, phone: bool = False, dark: bool = False, **context: Any) -> Page:
        made = await browser.new_context(
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            is_mobile=phone,
            has_touch=phone,
            color_scheme="dark" if dark else "light",
            locale="en-GB",
            timezone_id="Europe/Berlin",
            **context,
        )
        windows.append(made)
        await made.add_init_script(TOASTS_STAY)
        page = await made.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", hear)
        await page.goto(url)
        return page

    yield window
    for one in windows:
        await one.close()
    assert complaints == []


class Gate:
    """Questions of a page held back until they are let go: `await page.route(pattern, gate.hold)`."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self._open = asyncio.Event()

    async def hold(self, route: Route) -> None:
        self._asked.set()
        await self._open.wait()
        await route.continue_()

    async def reached(self) -> None:
        """Wait until something has been asked."""
        async with asyncio.timeout(PATIENCE_MS / 1000):
            await self._asked.wait()

    def let_go(self) -> None:
        """Now and from now on."""
        self._open.set()


class FakeHouse:
    """The client with a stand-in for the server's answers; a test changes `answers` and `user`."""

    def __init__(self) -> None:
        self.user: dict[str, Any] | None = dict(LINA)
        self.answers: dict[str, Callable[[web.Request], Any]] = {}
        self.further: Callable[[web.Request], Awaitable[web.StreamResponse | None]] | None = None
        self.asked: list[str] = []
        self.sockets: set[web.WebSocketResponse] = set()
        self.files = ClientFiles()
        app = web.Application()
        app.router.add_route("*", "/api/{path:.+}", self._api)
        app.router.add_get("/ws", self._live)
        app.on_response_prepare.append(self._policy)
        Pages(self.files, lambda: "Attic").mount(app)
        self.server = TestServer(app)

    @property
    def assets(self) -> str:
        """Where the client's modules lie."""
        return f"/assets/{self.files.build}"

    def url(self, path: str = "/") -> str:
        return str(self.server.make_url(path))

    async def inside(self, page: Page, module: str, expression: str) -> Any:
        """What an expression over a client module's exports `m` gives in the window."""
        return await page.evaluate(f"import('{self.assets}/{module}').then((m) => ({expression}))")

    async def tell(self, event: dict[str, Any]) -> None:
        """Send an event to every window."""
        for socket in list(self.sockets):
            await socket.send_json({"type": "event", **event})

    async def close(self) -> None:
        for socket in list(self.sockets):
            await socket.close()
        await self.server.close()

    async def _policy(self, _request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Content-Security-Policy"] = POLICY

    async def _api(self, request: web.Request) -> web.StreamResponse:  # noqa: PLR0911 - a table of answers
        path = request.match_info["path"]
        self.asked.append(path)
        if path in self.answers:
            answer = self.answers[path](request)
            return answer if isinstance(answer, web.StreamResponse) else web.json_response(answer)
        if path == "server":
            signing = {"password": True, "cloud": False, "cloudName": None}
            return web.json_response({"name": "Attic", "version": "0.1.0", "setupRequired": False, "auth": signing})
        if self.user is None:
            return problem(401, "unauthorized", "Please sign in.")
        further = await self.further(request) if self.further is not None else None
        if further is not None:
            return further
        if path == "auth/me":
            return web.json_response(self.user)
        if path == "libraries":
            films = {"id": "films", "name": "Films", "type": "movie", "itemCount": 3}
            return web.json_response({"libraries": [films]})
        if path == "home/notifications/count":
            return web.json_response({"unread": 0, "families": {}})
        return problem(404, "not_found", "There is nothing here.")

    async def _live(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.TEXT and message.json().get("type") == "hello":
                self.sockets.add(socket)
                await socket.send_json({"type": "ready", "id": "1", "session_id": "1", "protocol": 1})
        self.sockets.discard(socket)
        return socket


def problem(status: int, code: str, message: str) -> web.Response:
    """An answer in the house's error shape."""
    body = {"error": "Refused", "message": message, "statusCode": status, "code": code, "details": []}
    return web.json_response(body, status=status)


@on_shared_loop
async def house_of_cards() -> AsyncIterator[FakeHouse]:
    """The client before its stand-in."""
    house = FakeHouse()
    await house.server.start_server(shutdown_timeout=0.5)
    yield house
    await house.close()


@on_shared_loop
async def calls(opened: Opener, house_of_cards: FakeHouse) -> Callable[[str, str], Awaitable[Any]]:
    """Evaluates an expression over a module's exports `m`: `await calls("format.js", "m.clock(24000)")`."""
    page = await opened(house_of_cards.url("/settings/widgets"))

    async def call(module: str, expression: str) -> Any:
        return await house_of_cards.inside(page, module, expression)

    return call
