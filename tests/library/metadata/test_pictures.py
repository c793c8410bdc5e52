"""Pictures that NFO files name by their addresses."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from homemedia.core.db import Database
from homemedia.core.http.outbound import Outbound
from homemedia.core.jobs import JobRow, JobRun, Jobs
from homemedia.library.metadata.facts import facts_of
from homemedia.library.metadata.nfo import parse
from homemedia.library.metadata.pictures import KIND, LANE, NamedPictures
from tests.library.artwork.fake_imaging import FakeImaging
from tests.support.builders import Builders, Item, Library, a_database
from tests.support.fakes import FakeClock
from tests.support.tmdb import StandIn

ORIGINS = "SELECT kind, origin FROM artwork WHERE item_id = :id AND source = 'download' ORDER BY kind"
DAY_MS = 86_400_000


class Desk:
    def __init__(self, db: Database, far: StandIn, folder: Path, *, trusted: bool = True) -> None:
        self.db, self.far, self.clock = db, far, FakeClock()
        self.house = Builders(db)
        self.imaging = FakeImaging()
        self.jobs = Jobs(db, self.clock)
        self.jobs.lane(LANE, 1)
        self.outbound = Outbound(trusted=("127.0.0.1",) if trusted else ())
        self.named = NamedPictures(db, self.jobs, self.outbound, self.imaging.tools(), folder, self.clock)
        self.named.register()

    def url(self, name: str) -> str:
        return f"{self.far.origin}/t/p/w92/{name}"

    async def says(self, item: Item, field: str, *names: str) -> None:
        """What the item's NFO names; nothing when there are none."""
        async with self.db.write() as tx:
            args = {"id": item.item_id, "field": field}
            await tx.run("DELETE FROM item_field WHERE item_id = :id AND field = :field", args)
        if names:
            value = msgspec.json.encode([self.url(name) for name in names]).decode()
            row = {"item_id": item.item_id, "field": field, "source": "nfo", "value": value}
            await self.house.insert("item_field", row)

    async def fetch(self, library: Library, *items: Item) -> None:
        async with self.db.write() as tx:
            await self.named.notice(tx, [item.item_id for item in items])
        row = JobRow(1, KIND, library.library_id, b"{}", "running", 1, 0, 0)
        await self.named._work(JobRun(row))

    async def origins(self, item: Item) -> dict[str, str]:
        rows = await self.db.read(ORIGINS, {"id": item.item_id})
        return {row["kind"]: row["origin"].rpartition("/")[2] for row in rows}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with StandIn() as far, a_database(tmp_path) as db:
        made = Desk(db, far, tmp_path / "artwork")
        async with made.outbound, made.named:
            yield made


async def test_poster_and_background_that_an_nfo_names_are_fetched_once(desk: Desk) -> None:
    films = await desk.house.a_library()
    film = await desk.house.an_item(films)
    await desk.says(film, "thumb_urls", "poster-1-0.jpg")
    await desk.says(film, "art_urls", "backdrop-1-0.jpg")

    await desk.fetch(films, film)
    await desk.fetch(films, film)

    assert await desk.origins(film) == {"art": "backdrop-1-0.jpg", "thumb": "poster-1-0.jpg"}
    assert sum(desk.far.requests.values()) == 2
    rows = await desk.db.read("SELECT thumb_tag, art_tag FROM item WHERE item_id = :id", {"id": film.item_id})
    assert all(rows[0])


async def test_first_address_that_gives_a_picture_wins(desk: Desk) -> None:
    films = await desk.house.a_library()
    film = await desk.house.an_item(films)
    await desk.says(film, "thumb_urls", "nothing.jpg", "poster-1-1.jpg", "poster-1-2.jpg")

    await desk.fetch(films, film)

    assert await desk.origins(film) == {"thumb": "poster-1-1.jpg"}


async def test_dead_address_is_tried_again_on_another_day(desk: Desk) -> None:
    films = await desk.house.a_library()
    film = await desk.house.an_item(films)
    await desk.says(film, "thumb_urls", "nothing.jpg")
    await desk.fetch(films, film)
    await desk.fetch(films, film)
    assert sum(desk.far.requests.values()) == 1

    desk.clock.pass_ms(DAY_MS)
    await desk.fetch(films, film)

    assert sum(desk.far.requests.values()) == 2


async def test_picture_beside_the_film_stands_above_an_address(desk: Desk) -> None:
    films = await desk.house.a_library()
    film = await desk.house.an_item(films)
    beside = {"kind": "thumb", "source": "local", "path": "/x/poster.jpg", "content_hash": "a" * 32}
    await desk.house.insert("artwork", beside | {"item_id": film.item_id})
    await desk.says(film, "thumb_urls", "poster-1-0.jpg")

    await desk.fetch(films, film)

    assert desk.far.requests.total() == 0


async def test_address_that_is_named_no_more_takes_its_picture_along(desk: Desk) -> None:
    films = await desk.house.a_library()
    film = await desk.house.an_item(films)
    await desk.says(film, "thumb_urls", "poster-1-0.jpg")
    await desk.fetch(films, film)

    await desk.says(film, "thumb_urls")
    await desk.fetch(films, film)

    assert await desk.origins(film) == {}


@pytest.mark.parametrize("source", ["local", "none"])
async def test_library_that_asks_nobody_fetches_nothing(desk: Desk, source: str) -> None:
    films = await desk.house.a_library(options=f'{{"metadataSource": "{source}"}}')
    film = await desk.house.an_item(films)
    await desk.says(film, "thumb_urls", "poster-1-0.jpg")

    await desk.fetch(films, film)

    assert desk.far.requests.total() == 0


async def test_nfo_reaches_nothing_inside_the_house(tmp_path: Path) -> None:
    async with StandIn() as far, a_database(tmp_path) as db:
        desk = Desk(db, far, tmp_path / "artwork", trusted=False)
        async with desk.outbound, desk.named:
            films = await desk.house.a_library()
            film = await desk.house.an_item(films)
            await desk.says(film, "thumb_urls", "poster-1-0.jpg")

            await desk.fetch(films, film)

        assert far.requests.total() == 0
        assert await desk.origins(film) == {}


async def test_nothing_is_queued_where_nothing_is_named(desk: Desk) -> None:
    films = await desk.house.a_library()
    film = await desk.house.an_item(films)

    async with desk.db.write() as tx:
        await desk.named.notice(tx, [film.item_id])

    assert await desk.jobs.open(KIND) == []


@pytest.mark.parametrize(
    ("thumb", "found"),
    [
        ("<thumb>{0}</thumb>", ["http://x.example/a.jpg"]),
        ('<thumb aspect="poster">{0}</thumb>', ["http://x.example/a.jpg"]),
        ('<thumb aspect="banner">{0}</thumb>', []),
        ('<thumb aspect="poster" type="season" season="1">{0}</thumb>', []),
        ("<thumb>poster.jpg</thumb>", []),
    ],
)
def test_which_pictures_of_an_nfo_count(thumb: str, found: list[str]) -> None:
    text = f"<tvshow><title>A</title>{thumb.format('http://x.example/a.jpg')}</tvshow>"

    said: dict[str, Any] = facts_of("show", parse(text.encode()), "US")

    assert said.get("thumb_urls", []) == found
