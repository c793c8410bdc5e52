"""A database, a stand-in for TMDb and everything that asks it, with a clock that is turned by hand."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from homemedia.core.db import Database
from homemedia.core.jobs import JobRow, JobRun, Jobs, Retry
from homemedia.core.places import Places
from homemedia.library.metadata import MetadataReader
from homemedia.library.tmdb.client import TmdbClient
from homemedia.library.tmdb.keys import KeyRing
from homemedia.library.tmdb.matcher import KIND, LANE, Matcher
from homemedia.library.tmdb.pace import Pace
from homemedia.library.tmdb.pictures import PictureHouse
from homemedia.library.tmdb.service import TmdbService
from homemedia.library.tmdb.writing import Scribe
from tests.library.artwork.fake_imaging import FakeImaging
from tests.support.builders import Builders, Item, Library, a_database
from tests.support.fakes import FakeClock
from tests.support.tmdb import KEY, StandIn

MATCH = "SELECT state, tmdb_id, score, retry_at, tries, problem FROM item_match WHERE item_id = :id"
FIELDS = "SELECT field, value FROM item_field WHERE item_id = :id AND source = :source"


class Quick:
    """Seconds that pass when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


class Desk:
    """Everything that asks TMDb, without the server around it."""

    def __init__(self, db: Database, standin: StandIn, folder: Path, clock: FakeClock) -> None:
        self.db, self.standin, self.clock = db, standin, clock
        self.folder = folder / "media"
        self.folder.mkdir()
        self.house = Builders(db)
        self.events: list[object] = []
        db.on_events = self.events.append
        time = Quick()
        places = Places(data_dir=folder / "data", transcode_dir=folder / "data" / "transcode")
        places.make()
        self.keys = KeyRing(db, clock, KEY)
        self.client = TmdbClient(
            url=standin.url,
            image_url=standin.image_url,
            folder=places.cache_dir / "tmdb",
            clock=clock,
            secret=lambda: self.keys.secret,
            pace=Pace(monotonic=time.monotonic, sleep=time.sleep),
            sleep=time.sleep,
        )
        self.imaging = FakeImaging()
        tools = self.imaging.tools()
        self.pictures = PictureHouse(db, self.client, tools, places, clock)
        self.jobs = Jobs(db, clock)
        self.jobs.lane(LANE, 1)
        self.scribe = Scribe(db, self.client, self.pictures, clock)
        self.matcher = Matcher(db, self.jobs, self.client, self.scribe, self.keys, clock)
        self.matcher.register()
        self.service = TmdbService(db, self.client, self.scribe, self.matcher, self.pictures, self.keys, clock)
        self.reader = MetadataReader(db, tools, clock)
        self.reader.on_read = (self.matcher.owe,)

    def use_key(self, secret: str) -> None:
        """As if it came from the settings; empty for none."""
        self.keys._fixed = ""
        self.keys._secret = secret or None

    async def a_library(self, kind: str = "movie", **more: Any) -> Library:
        return await self.house.a_library(kind.title() + "s", kind=kind, root=self.folder, **more)

    async def a_film(self, library: Library, title: str, year: int | None = None, path: str = "") -> Item:
        """A film as a scan makes it, its details not read yet."""
        name = f"{title} ({year})" if year else title
        item = await self.house.an_item(
            library, title=title, year=year, identity_key=f"movie/name/{title.casefold()}/{year or '-'}"
        )
        await self.named(item, title=title, year=year)
        await self.known_by(item)
        await self.house.a_file(library, item, path=path or f"{name}/{name}.mkv")
        return item

    async def a_show(self, library: Library, title: str, seasons: dict[int, int]) -> tuple[Item, list[Item]]:
        """A show with its seasons and episodes, as a scan makes them; the show and all below it in order."""
        show = await self.house.a_show(library, title, identity_key=f"show/name/{title.casefold()}/-")
        await self.named(show, title=title)
        await self.known_by(show)
        below = []
        for number, count in seasons.items():
            season = await self.house.a_season(library, show, number, identity_key=f"{show.identity_key}/s{number}")
            await self.named(season, title=f"Season {number}", number=number)
            await self.known_by(season)
            below.append(season)
            for at in range(1, count + 1):
                episode = await self.house.an_episode(
                    library,
                    season,
                    at,
                    season_number=number,
                    has_file=False,
                    identity_key=f"{show.identity_key}/s{number}/e{at}",
                )
                await self.named(episode, title=f"Episode {at}", number=at)
                await self.known_by(episode)
                await self.house.a_file(library, episode, path=f"{title}/Season {number}/{title} S{number}E{at}.mkv")
                below.append(episode)
        return show, below

    async def named(self, item: Item, **facts: object) -> None:
        """What the names of its files say."""
        for field, value in facts.items():
            if value is not None:
                await self.put(item, field, value, "filename")

    async def put(self, item: Item, field: str, value: object, source: str, *, is_locked: int = 0) -> None:
        row = {"item_id": item.item_id, "field": field, "source": source, "is_locked": is_locked}
        await self.house.insert("item_field", row | {"value": msgspec.json.encode(value).decode()})

    async def known_by(self, item: Item) -> None:
        row = {"identity_key": item.identity_key, "item_id": item.item_id, "library_kind": item.kind}
        await self.house.insert("item_identity", row)

    async def read(self, *items: Item) -> None:
        """The step of a scan that reads details; what it finds is owed from then on."""
        await self.reader.refresh([item.item_id for item in items])

    async def match_all(self, library: Library) -> None:
        """One run of the job.

        Raises:
            Retry: it wants to come again.
        """
        row = JobRow(1, KIND, library.library_id, b"{}", "running", 1, 0, 0)
        await self.matcher._work(JobRun(row))

    async def retry_of(self, library: Library) -> int | None:
        """The same; how many ms later it wants to come again, None for not at all."""
        try:
            await self.match_all(library)
        except Retry as err:
            return err.after_ms
        return None

    async def item(self, item: Item) -> dict[str, Any]:
        rows = await self.db.read("SELECT * FROM item WHERE item_id = :id", {"id": item.item_id})
        return dict(rows[0])

    async def match(self, item: Item) -> dict[str, Any]:
        rows = await self.db.read(MATCH, {"id": item.item_id})
        return dict(rows[0]) if rows else {}

    async def said(self, item: Item, source: str = "tmdb") -> dict[str, Any]:
        """What a source says of an item."""
        rows = await self.db.read(FIELDS, {"id": item.item_id, "source": source})
        return {row["field"]: msgspec.json.decode(row["value"]) for row in rows}

    async def db_run(self, sql: str, item: Item) -> None:
        async with self.db.write() as tx:
            await tx.run(sql, {"id": item.item_id})

    async def column(self, sql: str, item: Item) -> list[Any]:
        return [row[0] for row in await self.db.read(sql, {"id": item.item_id})]


@pytest.fixture
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn() as opened:
        yield opened


@pytest.fixture
async def desk(tmp_path: Path, standin: StandIn) -> AsyncIterator[Desk]:
    clock = FakeClock()
    async with a_database(tmp_path, clock=clock) as db:
        made = Desk(db, standin, tmp_path, clock)
        async with made.client, made.pictures:
            yield made
