"""What members of a house with 100,000 photos wait for: `python benchmarks/photo_browse.py [photos]`.

Asked over HTTP on loopback; the body is read, not parsed. Times in ms.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.support.app import House, a_house
from tests.support.photos import photos

CITIES = [(f"City {number}", f"State {number % 40}", f"Country {number % 12}") for number in range(300)]
CAMERAS = [(f"Make {number % 6}", f"Model {number}") for number in range(25)]
DAY_MS = 86_400_000
YEARS = 8
BEGIN = 1_451_606_400_000  # 2016-01-01
ROUNDS = 60


def facts(number: int, chance: random.Random, count: int) -> dict[str, Any]:
    """A photo of a family that takes as many in every month."""
    taken_at = BEGIN + int(number / count * YEARS * 365 * DAY_MS)
    found: dict[str, Any] = {
        "taken_at": taken_at,
        "local_taken_at": taken_at + 3_600_000,
        "thumbhash": chance.randbytes(24),
        "is_favorite": int(chance.random() < 0.03),
        "kind": "VIDEO" if chance.random() < 0.05 else "IMAGE",
        "size_bytes": chance.randrange(500_000, 12_000_000),
        "created_at": taken_at + DAY_MS,
        "updated_at": taken_at + DAY_MS,
    }
    if chance.random() < 0.7:
        # Most are taken at home.
        city, state, country = CITIES[int(chance.random() ** 4 * len(CITIES))]
        found |= {"city": city, "state": state, "country": country, "latitude": 40.0, "longitude": 10.0}
    make, model = CAMERAS[int(chance.random() ** 3 * len(CAMERAS))]
    found |= {"make": make, "model": model, "iso": 100, "f_number": 1.8}
    if chance.random() < 0.02:
        found["description"] = chance.choice(["sunset at the beach", "birthday of Ann", "the new bicycle"])
    return found


@asynccontextmanager
async def a_full_house(count: int) -> AsyncIterator[House]:
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        async with a_house(Path(folder)) as house:
            await house.claim()
            owner = (await house.get("/api/users/me"))["id"]
            for start in range(0, count, 10_000):
                some = [facts(number, chance, count) for number in range(start, min(start + 10_000, count))]
                await photos(house.server.db, owner, some)

            async def is_indexed() -> bool:
                return not await house.server.db.read("SELECT 1 FROM photo_unindexed LIMIT 1")

            began = time.perf_counter()
            await house.until(is_indexed, patience_s=600)
            print(f"indexed {count} photos in {time.perf_counter() - began:.1f} s")
            yield house


async def measure(house: House, name: str, method: str, path: str, body: Mapping[str, Any] | None = None) -> None:
    times: list[float] = []
    size = 0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        async with house.client.request(method, path, json=body) as answer:
            size = len(await answer.read())
            assert answer.status < 300, await answer.text()
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    p50, p99 = statistics.median(times), times[int(len(times) * 0.99) - 1]
    print(f"| {name} | {p50:.1f} | {p99:.1f} | {size // 1024} KiB |", flush=True)


async def run(count: int) -> None:
    async with a_full_house(count) as house:
        print("| | p50 ms | p99 ms | answer |\n|---|---|---|---|")
        get, post = "GET", "POST"
        await measure(house, "all months", get, "/api/timeline/buckets")
        await measure(
            house,
            "all months, as the web asks",
            get,
            "/api/timeline/buckets?withStacked=true&withPartners=true&visibility=timeline",
        )
        await measure(
            house,
            "one month of 1,000",
            get,
            "/api/timeline/bucket?timeBucket=2018-05-01&withStacked=true&visibility=timeline",
        )
        await measure(house, "statistics", get, "/api/assets/statistics")
        await measure(house, "favourites by month", get, "/api/timeline/buckets?isFavorite=true")
        await measure(house, "months of when they came", get, "/api/timeline/buckets?orderBy=createdAt")
        metadata = "/api/search/metadata"
        await measure(house, "search, everything, 250", post, metadata, {"size": 250})
        await measure(house, "search, page 90 of 1,000", post, metadata, {"size": 1000, "page": 90})
        await measure(house, "search, common city", post, metadata, {"city": "City 0", "size": 250})
        await measure(house, "search, rare city", post, metadata, {"city": "City 290", "size": 250})
        await measure(house, "search, common make", post, metadata, {"make": "Make 0", "size": 250})
        await measure(house, "search, favourites", post, metadata, {"isFavorite": True, "size": 250})
        await measure(
            house, "search, one year", post, metadata, {"takenAfter": "2018-01-01", "takenBefore": "2019-01-01"}
        )
        await measure(house, "search, file name", post, metadata, {"originalFileName": "img_9999", "size": 250})
        await measure(house, "search, largest", post, metadata, {"orderBy": {"field": "fileSizeInBytes"}, "size": 250})
        await measure(house, "words, rare", post, "/api/search/smart", {"query": "beach sunset"})
        await measure(house, "words, common", post, "/api/search/smart", {"query": "summer 2018"})
        await measure(house, "words, everywhere", post, "/api/search/smart", {"query": "make"})
        await measure(house, "countries", get, "/api/search/suggestions?type=country")
        await measure(house, "cities", get, "/api/search/suggestions?type=city")
        await measure(house, "suggestions for c", get, "/api/search/suggestions?query=c")
        await measure(house, "explore", get, "/api/search/explore")
        await measure(house, "random 250", post, "/api/search/random", {})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", nargs="?", type=int, default=100_000)
    asyncio.run(run(parser.parse_args().photos))
