"""Names of the places where photos were taken, without asking anybody (photos §8.9).

The table of towns is made once by a worker; where there is nothing to make it of, places have no names.
"""

import asyncio
import logging
import math
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple, Self

from homemedia.core.problems import AppError
from homemedia.core.threads import Lane
from homemedia.media.gazetteer import cell_of, key_of
from homemedia.media.tools import MediaTools

_log = logging.getLogger(__name__)

FILE: Final = "places-2.db"
FILES_BEFORE: Final = ("places.db",)
# A photo belongs to the nearest town up to here, and to its country a little further; on the sea to nobody.
TOWN_KM: Final = 25.0
COUNTRY_KM: Final = 60.0
KM_A_DEGREE: Final = 111.2
# A town's people live on so much room each: who is in the middle of a large one is not in the village beside.
PEOPLE_A_KM2: Final = 10_000
NEAR: Final = """
    SELECT latitude, longitude, city, state, country, population
      FROM place WHERE cell IN (SELECT value FROM json_each(?))
"""
COUNTRY_OF_ZONE: Final = "SELECT country FROM zone WHERE name = ?"
# Names that begin so before those in which it stands elsewhere, the larger town first.
BEGIN_SO: Final = """
    SELECT latitude, longitude, city, state, country, population FROM place
     WHERE name_key >= :key AND name_key < :key || char(1114111)
     ORDER BY name_key <> :key, population DESC LIMIT :limit
"""
HOLD_SO: Final = """
    SELECT latitude, longitude, city, state, country, population FROM place
     WHERE instr(name_key, :key) > 1 ORDER BY population DESC LIMIT :limit
"""
NAMED_AT_MOST: Final = 20


class Place(NamedTuple):
    """Where something is, in words; None where nobody can say."""

    city: str | None = None
    state: str | None = None
    country: str | None = None


class Town(NamedTuple):
    latitude: float
    longitude: float
    city: str
    state: str | None
    country: str
    population: int


class Whereabouts:
    """An async context manager; it owns a thread and an open file.

    Args:
        tools: makes the table.
        folder: GeoNames' files, if the administrator put them there.
        cache: where the table is kept.
    """

    def __init__(self, tools: MediaTools, folder: Path, cache: Path) -> None:
        self._tools = tools
        self._source = folder
        self._file = cache / FILE
        self._lane = Lane("places", 1)
        self._db: sqlite3.Connection | None = None
        self._is_asked = False
        self._opening = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._db is not None:
            await self._lane.run(self._db.close)
        await self._lane.close()

    async def is_ready(self) -> bool:
        """Whether places have names here; the table is made at the first question."""
        return await self._opened() is not None

    async def place_of(self, north: float, east: float) -> Place:
        """The names of a position in degrees."""
        db = await self._opened()
        if db is None:
            return Place()
        found = await self._lane.run(_look, db, north, east)
        if found.country is not None:
            return found
        try:
            zone = await self._tools.zone(north, east)
        except AppError as err:
            _log.info("nobody tells whose country this is: %s", err.message)
            return found
        return found if zone is None else found._replace(country=await self._lane.run(_country_of, db, zone))

    async def named(self, name: str) -> list[Town]:
        """Towns of a name, or whose names begin so, or hold it: twenty at most, the likeliest first."""
        db, key = await self._opened(), key_of(name.strip())
        return [] if db is None or not key else await self._lane.run(_named_so, db, key)

    async def _opened(self) -> sqlite3.Connection | None:
        async with self._opening:  # photos that come in while the table is made wait for it
            if self._db is None and not self._is_asked:
                self._is_asked = True
                self._db = await self._made()
        return self._db

    async def _made(self) -> sqlite3.Connection | None:
        if not await self._lane.run(self._file.exists):
            for name in FILES_BEFORE:
                await self._lane.run(self._file.with_name(name).unlink, missing_ok=True)
            try:
                count = await self._tools.places(self._source, self._file)
                _log.info("%d places have names", count)
            except AppError as err:
                _log.info("places have no names: %s", err.message)
                return None
        try:
            return await self._lane.run(_open, self._file)
        except sqlite3.Error as err:
            _log.warning("the table of places cannot be read: %s", err)
            await self._lane.run(self._file.unlink, missing_ok=True)
            return None


def cells_around(north: float, east: float) -> list[int]:
    """The squares of one degree that lie within reach of a position."""
    reach = COUNTRY_KM / KM_A_DEGREE
    wide = min(180.0, reach / max(0.01, math.cos(math.radians(min(89.0, abs(north) + reach)))))
    rows = range(math.floor(north - reach), math.floor(north + reach) + 1)
    columns = range(math.floor(east - wide), math.floor(east + wide) + 1)
    return sorted({cell_of(row, (column + 180) % 360 - 180) for row in rows for column in columns})


def choose(towns: Iterable[Sequence[object]], north: float, east: float) -> Place:
    """The town that a position belongs to: the largest it lies within, else the nearest."""
    around = sorted(
        ((distance_km(north, east, town.latitude, town.longitude), town) for town in (Town(*row) for row in towns)),  # type: ignore[arg-type]  # the table's own columns
        key=lambda pair: pair[0],
    )
    within = [town for apart, town in around if apart <= math.sqrt(town.population / PEOPLE_A_KM2 / math.pi)]
    if within:
        return _named(max(within, key=lambda town: town.population))
    if not around or around[0][0] > COUNTRY_KM:
        return Place()
    apart, nearest = around[0]
    return _named(nearest) if apart <= TOWN_KM else Place(country=nearest.country or None)


def distance_km(north: float, east: float, other_north: float, other_east: float) -> float:
    """How far two positions are apart on the globe."""
    first, second = math.radians(north), math.radians(other_north)
    down, across = (second - first) / 2, math.radians(other_east - east) / 2
    share = math.sin(down) ** 2 + math.cos(first) * math.cos(second) * math.sin(across) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(share)))


def _named(town: Town) -> Place:
    return Place(town.city or None, town.state or None, town.country or None)


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False)
    try:
        with closing(db.execute("SELECT city FROM place LIMIT 1")) as found:
            found.fetchone()
    except sqlite3.Error:
        db.close()
        raise
    return db


def _look(db: sqlite3.Connection, north: float, east: float) -> Place:
    with closing(db.execute(NEAR, (str(cells_around(north, east)),))) as found:
        return choose(found, north, east)


def _country_of(db: sqlite3.Connection, zone: str) -> str | None:
    with closing(db.execute(COUNTRY_OF_ZONE, (zone,))) as found:
        row = found.fetchone()
    return None if row is None else row[0]


def _named_so(db: sqlite3.Connection, key: str) -> list[Town]:
    towns: list[Town] = []
    for sql in (BEGIN_SO, HOLD_SO):
        with closing(db.execute(sql, {"key": key, "limit": NAMED_AT_MOST - len(towns)})) as found:
            towns += [Town(*row) for row in found]
    return towns
