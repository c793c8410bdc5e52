"""Immich's own client library calls everything that this server offers; every answer is as the library declares it.

What it declares is read from its types, so a missing field is found even where the library itself would not look.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

from tests.clients.conftest import a_picture
from tests.support.app import PASSWORD, House
from tests.support.declared import Declared
from tests.support.node import node, node_package, run_program
from tests.support.phone import TYPES, Phone
from tests.support.uploads import uploaded

SDK = "@immich/sdk"
SWEEP = Path(__file__).with_name("sdk_sweep.mjs")
# Parts of upstream's server that this one has not; its settings document leaves them out.
NO_SECTIONS = ("integrityChecks", "job", "library", "logging", "nightlyTasks", "notifications", "templates")
# Each with its reason.
KNOWN = (
    "searchUsers[",  # administrators get watch's list of members as well, with its times (design §7.18)
    "getSearchSuggestions[",  # null stands for "none" where it was asked for
)


def is_known(fault: str) -> bool:
    return fault.startswith(KNOWN) or fault.endswith(tuple(f".{name} is missing" for name in NO_SECTIONS))


def declared() -> Declared:
    return Declared(node_package(SDK) / "build" / "fetch-client.d.ts")


async def test_every_answer_is_what_the_library_declares(house: House, tmp_path: Path) -> None:
    types = declared()
    pictures = []
    for number in range(3):
        pictures.append(tmp_path / f"{number}.jpg")
        pictures[-1].write_bytes(a_picture(number))
    library = node_package(SDK) / "build" / "index.js"
    words = [str(SWEEP), str(library), f"{house.url}/api", "admin@homemedia.invalid", PASSWORD, *map(str, pictures)]

    told = await run_program(node(), *words, patience_s=120.0)
    calls: list[tuple[str, int, Any]] = json.loads(told)

    assert not {name for name, status, _ in calls if status != 200}
    answers = [(name, answer) for name, status, answer in calls if status == 200]
    assert len({name for name, _ in answers}) > 120
    faults = [
        fault
        for name, answer in answers
        if not (isinstance(answer, dict) and answer.keys() == {"bytes"})
        for fault in types.faults(name, answer)
    ]
    assert [fault for fault in faults if not is_known(fault)] == []


async def test_every_line_of_the_stream_is_what_the_library_declares(house: House) -> None:
    types = declared()
    photos = [await uploaded(house.client, a_picture(number), f"{number}.jpg") for number in range(2)]
    await house.idle()
    await house.send("POST", "/api/albums", {"albumName": "Trip", "assetIds": photos}, 201)
    await house.send("POST", "/api/stacks", {"assetIds": photos}, 201)
    person = await house.send("POST", "/api/people", {"name": "Ann"}, 201)
    box = {"imageWidth": 100, "imageHeight": 100, "x": 1, "y": 1, "width": 9, "height": 9}
    async with house.client.post("/api/faces", json={"assetId": photos[0], "personId": person["id"], **box}) as answer:
        assert answer.status == 201
    memory = {"type": "on_this_day", "data": {"year": 2019}, "memoryAt": "2024-03-05T00:00:00.000Z"}
    await house.send("POST", "/api/memories", {**memory, "assetIds": photos}, 201)
    metadata = {"items": [{"key": "mobile-app", "value": {"iCloudId": "x"}}]}
    await house.send("PUT", f"/api/assets/{photos[0]}/metadata", metadata)
    app = Phone(house.client, TYPES)

    kinds = set(await app.sync())

    told = {"AuthUserV1", "UserV1", "AssetV2", "StackV1", "AlbumV2", "AlbumUserV1", "AlbumToAssetV1", "AssetExifV1"}
    told |= {"MemoryV1", "MemoryToAssetV1", "PersonV1", "AssetFaceV2", "UserMetadataV1", "AssetMetadataV1"}
    assert kinds >= told
    odd = {"AlbumAssetCreateV2": "AssetV2", "AlbumAssetExifCreateV1": "AssetExifV1", "MemoryToAssetV1": "MemoryAssetV1"}
    faults = [
        fault
        for line in app.lines
        if not line["type"].startswith("Sync")
        for fault in types.faults_of(f"Sync{odd.get(line['type'], line['type'])}", line["data"])
    ]
    assert faults == []


async def test_pictures_of_a_whole_library_say_the_same_everywhere(house: House) -> None:
    """Buckets, statistics, search and the stream count the same photos (photos §14.6)."""
    await asyncio.gather(*(uploaded(house.client, a_picture(number), f"{number}.jpg") for number in range(12)))
    await house.idle()

    buckets = await house.get("/api/timeline/buckets")
    statistics = await house.get("/api/assets/statistics")
    found = await house.send("POST", "/api/search/metadata", {"size": 1000})
    app = Phone(house.client)
    await app.sync()

    assert sum(one["count"] for one in buckets) == statistics["total"] == len(found["assets"]["items"]) == 12
    assert app.ids("assets") == {one["id"] for one in found["assets"]["items"]}
    for one in found["assets"]["items"]:
        row = app.row("assets", one["id"])
        same = ("checksum", "thumbhash", "fileCreatedAt", "localDateTime", "width", "height", "originalFileName")
        assert {name: row[name] for name in same} == {name: one[name] for name in same}
