"""The whole way with real files: a film, its frame, its poster in the wished size."""

import io
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.errors import dress, edge
from homemedia.core.http.ranges import keep_open_files
from homemedia.core.http.routes import Needs, mount
from homemedia.core.jobs import Jobs
from homemedia.core.places import Places
from homemedia.library.artwork import ArtworkMaker, ArtworkRoutes, Renditions
from homemedia.library.metadata import MetadataReader
from homemedia.media import MediaTools, ProbeRequest
from tests.support import samples
from tests.support.builders import Builders, Item, Library, a_database


class Cinema:
    """A library folder with real films, and a client that looks at their pictures."""

    def __init__(self, db: Database, tools: MediaTools, client: TestClient[Any, Any], folder: Path) -> None:
        self.db = db
        self.house = Builders(db)
        self.tools = tools
        self.client = client
        self.folder = folder
        self.reader: MetadataReader
        self.maker: ArtworkMaker
        self.jobs: Jobs

    async def a_film(self, films: Library, path: str) -> Item:
        [result] = await self.tools.probe([ProbeRequest(str(self.folder / path))])
        item = await self.house.an_item(films, title=path)
        folder_id = await self.house.insert("folder", {"root_id": films.root_id, "path": path.rpartition("/")[0]})
        await self.house.a_file(films, item, path=path, probe=result.probe, folder_id=folder_id)
        await self.reader.refresh([item.item_id])
        return item

    async def make_pictures(self, films: Library) -> None:
        async with self.db.write() as tx:
            await self.maker.wish(tx, films.library_id)
        async with self.jobs:
            while await self.jobs.open("artwork"):
                running = [run.task for run in self.jobs.running("artwork") if run.task]
                if running:
                    await running[0]
                # The lane's own bookkeeping takes a turn or two of the database.
                await self.db.read("SELECT 1", {})

    async def picture(self, item: Item, query: str = "", kind: str = "thumb") -> Image.Image:
        async with self.client.get(f"/api/artwork/{item.key}/{kind}{query}") as answer:
            assert answer.status == 200, await answer.text()
            return Image.open(io.BytesIO(await answer.read()))


@pytest.fixture
async def cinema(tmp_path: Path) -> AsyncIterator[Cinema]:
    places = Places(tmp_path / "data", tmp_path / "transcode")
    places.make()
    async with (
        a_database(tmp_path) as db,
        MediaTools() as tools,
        Renditions(places.cache_dir / "images", tools) as renditions,
    ):
        reader = MetadataReader(db, tools, Clock())
        member = await Builders(db).a_member("alice")

        async def guard(_request: web.Request, _needs: Needs) -> object:
            return member

        jobs = Jobs(db)
        jobs.lane("image", 1)
        db.on_jobs = jobs.wake
        app = web.Application(middlewares=[edge])
        app.on_response_prepare.append(dress)
        app.cleanup_ctx.append(keep_open_files)
        mount(app, [ArtworkRoutes(db, renditions)], guard)
        async with (
            ArtworkMaker(db, tools, jobs, places, Clock()) as maker,
            TestClient(TestServer(app)) as client,
        ):
            maker.register()
            cinema = Cinema(db, tools, client, tmp_path / "films")
            cinema.reader, cinema.maker, cinema.jobs = reader, maker, jobs
            yield cinema


async def test_film_shows_its_frame_its_cover_or_its_poster(cinema: Cinema) -> None:
    films = await cinema.house.a_library(root=cinema.folder)
    samples.a_film(cinema.folder / "bare" / "bare.mkv", seconds=2)
    samples.a_film_with_cover(cinema.folder / "covered" / "covered.mp4")
    samples.a_film(cinema.folder / "poster" / "poster film.mkv", seconds=2)
    samples.a_poster(cinema.folder / "poster" / "poster.jpg", size=(1000, 1500))
    bare = await cinema.a_film(films, "bare/bare.mkv")
    covered = await cinema.a_film(films, "covered/covered.mp4")
    poster = await cinema.a_film(films, "poster/poster film.mkv")

    await cinema.make_pictures(films)

    rows = await cinema.db.read("SELECT title, thumb_kind, thumb_tone, thumb_point FROM item ORDER BY item_id", {})
    assert [row["thumb_kind"] for row in rows] == ["still", "poster", "poster"]
    assert all(row["thumb_tone"] and row["thumb_point"] for row in rows)
    assert (await cinema.picture(bare)).size == (320, 180)
    assert (await cinema.picture(bare, "?w=480", "art")).size == (320, 180)
    assert (await cinema.picture(bare, "?w=120&h=180")).size == (120, 180)
    assert (await cinema.picture(covered, "?w=240")).size == (240, 360)
    assert (await cinema.picture(poster, "?w=200&format=webp")).format == "WEBP"
    assert (await cinema.picture(poster, "?w=320&h=480&fit=contain")).size == (320, 480)


async def test_cached_picture_is_quick(cinema: Cinema) -> None:
    films = await cinema.house.a_library(root=cinema.folder)
    samples.a_film(cinema.folder / "a" / "a.mkv")
    samples.a_poster(cinema.folder / "a" / "poster.jpg", size=(1000, 1500))
    film = await cinema.a_film(films, "a/a.mkv")
    address = f"/api/artwork/{film.key}/thumb?w=320"
    took_ms = []
    for _ in range(100):
        started = time.perf_counter()
        async with cinema.client.get(address) as answer:
            await answer.read()
        took_ms.append((time.perf_counter() - started) * 1000)

    # Of one request after the other, on a machine that does other things too; alone it takes about 2 ms.
    assert sorted(took_ms[1:])[50] < 50
