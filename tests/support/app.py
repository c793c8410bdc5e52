"""A whole house in a temporary folder: the real server, a signed-in administrator, and what a story needs of it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import CookieJar
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import BaseRunner

from homemedia.app import Server
from homemedia.core.clock import Clock
from homemedia.core.places import Places
from homemedia.settings import (
    ClipsSettings,
    LibrarySettings,
    NotificationSettings,
    PlaybackSettings,
    ServerSettings,
    Settings,
    UpdatesSettings,
)
from tests.support.ready import migrated

PASSWORD = "correct horse"
PATIENCE_S = 30.0
# Nobody listens there: a test that means to match names a stand-in.
NO_TMDB = {"tmdb_url": "http://127.0.0.1:9", "tmdb_image_url": "http://127.0.0.1:9"}

# Nor there: what is asked of clips leaves the house for nobody.
NO_SITES = {
    "provider_index_url": "http://127.0.0.1:9",
    "music_resolver_url": "http://127.0.0.1:9",
    "gif_url": "http://127.0.0.1:9",
}
# Nor is it asked there whether there is a newer version.
NO_INDEX = "http://127.0.0.1:9"


class House:
    """One running server with its client."""

    def __init__(self, server: Server, test_server: TestServer, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.media = folder / "media"
        self._test_server = test_server
        self._clients: list[TestClient[Any, Any]] = []
        self.client = self.stranger()
        self.token = ""

    def stranger(self) -> TestClient[Any, Any]:
        """Another device: no cookies, nobody signed in."""
        client = TestClient(self._test_server, cookie_jar=CookieJar(unsafe=True))
        self._clients.append(client)
        return client

    @property
    def url(self) -> str:
        return str(self._test_server.make_url("/")).rstrip("/")

    @property
    def runner(self) -> BaseRunner:
        """What runs the application, for another listener."""
        runner = self._test_server.runner
        assert runner is not None
        return runner

    async def claim(self, password: str = PASSWORD) -> None:
        """Go through the first page of the wizard."""
        body = {"username": "admin", "password": password, "serverName": "Attic"}
        async with self.client.post("/api/auth/setup", json=body) as answer:
            assert answer.status == 200, await answer.text()
            self.token = (await answer.json())["token"]

    async def get(self, path: str, status: int = 200) -> Any:
        """The JSON at `path`."""
        async with self.client.get(path) as answer:
            body = await answer.json()
            assert answer.status == status, f"{path}: {answer.status} {body}"
            return body

    async def send(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """What a request with a JSON body answers."""
        async with self.client.request(method, path, json=body) as answer:
            found = await answer.json()
            assert answer.status == status, f"{method} {path}: {answer.status} {found}"
            return found

    async def add_library(self, name: str, kind: str, *folders: Path, **options: Any) -> Any:
        """Make a library of folders and wait until its first scan has ended."""
        body = {"name": name, "type": kind, "paths": [str(folder) for folder in folders], **options}
        library = (await self.send("POST", "/api/libraries", body, 201))["library"]
        await self.idle()
        return library

    async def scan(self, library_id: str, **body: Any) -> None:
        """Scan and wait for the end."""
        await self.send("POST", f"/api/libraries/{library_id}/scan", body, 202)
        await self.idle()

    async def idle(self) -> None:
        """Wait until no job is queued or running."""
        await self.until(self._has_no_jobs)

    async def _has_no_jobs(self) -> bool:
        rows = await self.server.db.read("SELECT count(*) AS n FROM job WHERE state IN ('queued', 'running')")
        return bool(rows[0]["n"] == 0)

    async def until(self, holds: Callable[[], Awaitable[bool]], *, patience_s: float = PATIENCE_S) -> None:
        """Wait for a state that no event announces; fails after a while."""
        async with asyncio.timeout(patience_s):
            while not await holds():
                await asyncio.sleep(0.01)

    async def close(self) -> None:
        for client in self._clients:
            await client.close()


@contextlib.asynccontextmanager
async def a_house(
    folder: Path,
    *,
    clock: Clock | None = None,
    watch: bool = False,
    library: Mapping[str, Any] | None = None,
    playback: Mapping[str, Any] | None = None,
    notifications: Mapping[str, Any] | None = None,
    clips: Mapping[str, Any] | None = None,
    updates_url: str = NO_INDEX,
    **server: Any,
) -> AsyncIterator[House]:
    """A running server whose data lies below `folder`; ended with everything it started.

    `library`, `playback`, `notifications`, `clips` and `server` are settings of those sections. Small pictures are made
    only where a test asks for them: `idle` would wait for them in every other.
    """
    settings = Settings(
        data_dir=str(folder / "data"),
        server=ServerSettings(announce=False, **server),
        library=LibrarySettings(watch=watch, **(NO_TMDB | dict(library or {}))),
        playback=PlaybackSettings(**({"previews": False} | dict(playback or {}))),
        notifications=NotificationSettings(**dict(notifications or {})),
        clips=ClipsSettings(**(NO_SITES | dict(clips or {}))),
        updates=UpdatesSettings(url=updates_url),
    )
    places = Places(data_dir=folder / "data", transcode_dir=folder / "data" / "cache" / "transcode")
    places.make()
    (folder / "media").mkdir(exist_ok=True)
    migrated(places.database)
    async with Server(settings, places, clock=clock) as running:
        test_server = TestServer(running.http)
        await test_server.start_server()
        house = House(running, test_server, folder)
        for still in (running.playback.trickplay.stillness, running.photos.video_stillness):
            still.calm_s, still.look_s = 0, 0.05
            still.look()
        try:
            yield house
        finally:
            await house.close()
            await test_server.close()
