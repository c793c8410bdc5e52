"""Members look at their photos over HTTP: the shapes of the contract, and what each may see."""

import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from homemedia.core.ids import new_uuid
from tests.support.app import House, a_house
from tests.support.photos import NEW_YEAR, a_photo, photos

DAY = 86_400_000


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        await house.claim()
        yield house


async def me(house: House) -> str:
    return str((await house.get("/api/users/me"))["id"])


async def empty(house: House, method: str, path: str, body: Any = None, status: int = 204) -> None:
    async with house.client.request(method, path, json=body) as answer:
        assert answer.status == status, await answer.text()


def put(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


async def test_own_photo_is_shown_and_an_unknown_one_is_not_found(house: House) -> None:
    photo_id = await a_photo(house.server.db, await me(house))

    shown = await house.get(f"/api/assets/{photo_id.upper()}")
    unknown = await house.get(f"/api/assets/{new_uuid()}", 400)
    wrong = await house.get("/api/assets/7", 400)

    assert shown["id"] == photo_id
    assert shown["owner"]["id"] == shown["ownerId"]
    assert unknown["message"] == "Not found or no asset.read access"
    assert "Invalid UUID" in wrong["message"]


async def test_all_photos_are_listed_by_their_last_change(house: House) -> None:
    own = await me(house)
    last = await a_photo(house.server.db, own, updated_at=NEW_YEAR + 5, deleted_at=NEW_YEAR)
    first = await a_photo(house.server.db, own, updated_at=NEW_YEAR + 1)
    await a_photo(house.server.db, own, visibility="hidden")
    await a_photo(house.server.db, own, visibility="locked")

    async with house.client.get("/api/assets") as answer:
        listed = await answer.json()
        assert answer.headers["X-Total-Count"] == "2"
    later = await house.get(f"/api/assets?updatedAfter={NEW_YEAR + 2}")
    page = await house.get("/api/assets?limit=1&offset=1")

    assert [one["id"] for one in listed] == [first, last]
    assert [one["isTrashed"] for one in listed] == [False, True]
    assert [one["id"] for one in later] == [last]
    assert [one["id"] for one in page] == [last]


async def test_photo_is_edited_and_says_so(house: House) -> None:
    photo_id = await a_photo(house.server.db, await me(house))
    body = {
        "isFavorite": True,
        "isArchived": True,
        "description": "  At the sea ",
        "rating": 4,
        "dateTimeOriginal": "2019-03-21T09:04:22.348-07:00",
        "latitude": 41.5,
        "longitude": 12,
    }

    edited = await house.send("PUT", f"/api/assets/{photo_id}", body)

    assert (edited["isFavorite"], edited["isArchived"], edited["visibility"]) == (True, True, "archive")
    assert edited["fileCreatedAt"] == "2019-03-21T16:04:22.348Z"
    assert edited["localDateTime"] == "2019-03-21T09:04:22.348Z"
    exif = edited["exifInfo"]
    assert (exif["timeZone"], exif["description"], exif["rating"]) == ("UTC-7", "At the sea", 4)
    assert (exif["latitude"], exif["longitude"]) == (41.5, 12)
    assert [one["timeBucket"] for one in await house.get("/api/timeline/buckets")] == ["2019-03-01"]
    back = await house.send("PUT", f"/api/assets/{photo_id}", {"isArchived": False, "rating": 0, "description": None})
    assert (back["visibility"], back["exifInfo"]["rating"], back["exifInfo"]["description"]) == ("timeline", None, "")


@pytest.mark.parametrize(
    "body",
    [
        {"latitude": 1},
        {"latitude": 91, "longitude": 0},
        {"rating": 6},
        {"dateTimeOriginal": "soon"},
        {"visibility": "somewhere"},
        {"livePhotoVideoId": "7"},
        {"isFavorite": "yes"},
    ],
)
async def test_edit_that_makes_no_sense_is_refused(house: House, body: dict[str, Any]) -> None:
    photo_id = await a_photo(house.server.db, await me(house))

    refused = await house.send("PUT", f"/api/assets/{photo_id}", body, 400)

    assert refused["errors"]


async def test_many_photos_are_edited_alike_or_none(house: House) -> None:
    own = await me(house)
    ids = await photos(house.server.db, own, [{"taken_at": NEW_YEAR}, {"taken_at": NEW_YEAR + DAY}])

    await empty(house, "PUT", "/api/assets", {"ids": list(ids), "isFavorite": True, "dateTimeRelative": 60})
    await house.send("PUT", "/api/assets", {"ids": [ids[0], new_uuid()], "isFavorite": False}, 400)

    shown = [await house.get(f"/api/assets/{one}") for one in ids]
    assert [one["isFavorite"] for one in shown] == [True, True]
    assert shown[0]["fileCreatedAt"] == "2026-01-01T01:00:00.000Z"


async def test_statistics_count_what_is_not_hidden_locked_or_trashed(house: House) -> None:
    own = await me(house)
    for facts in (
        {},
        {"kind": "VIDEO", "visibility": "archive"},
        {"visibility": "hidden"},
        {"visibility": "locked"},
        {"deleted_at": 1},
        {"is_favorite": 1},
    ):
        await a_photo(house.server.db, own, **facts)

    assert await house.get("/api/assets/statistics") == {"images": 2, "videos": 1, "total": 3}
    assert (await house.get("/api/assets/statistics?isTrashed=true"))["total"] == 1
    assert (await house.get("/api/assets/statistics?isFavorite=true"))["total"] == 1
    assert (await house.get("/api/assets/statistics?visibility=archive"))["videos"] == 1
    refused = await house.get("/api/assets/statistics?visibility=locked", 401)
    assert refused["message"] == "Elevated permission is required"


async def test_locked_photo_is_seen_only_while_the_pin_opens_it(house: House) -> None:
    photo_id = await a_photo(house.server.db, await me(house), visibility="locked")
    await house.get(f"/api/assets/{photo_id}", 400)
    await house.get("/api/timeline/buckets?visibility=locked", 401)

    await empty(house, "POST", "/api/auth/pin-code", {"pinCode": "123456"})
    await empty(house, "POST", "/api/auth/session/unlock", {"pinCode": "123456"})

    assert (await house.get(f"/api/assets/{photo_id}"))["visibility"] == "locked"
    assert len(await house.get("/api/timeline/buckets?visibility=locked")) == 1
    assert await house.get("/api/timeline/buckets") == []


async def test_apps_keep_things_with_photos(house: House) -> None:
    photo_id = await a_photo(house.server.db, await me(house))
    where = f"/api/assets/{photo_id}/metadata"

    kept = await house.send("PUT", where, {"items": [{"key": "mobile-app", "value": {"iCloudId": "7"}}]})

    assert kept[0]["value"] == {"iCloudId": "7"}
    assert (await house.get(f"{where}/mobile-app"))["key"] == "mobile-app"
    await empty(house, "DELETE", f"{where}/mobile-app")
    assert await house.get(where) == []
    await house.get(f"{where}/mobile-app", 400)
    many = {"items": [{"assetId": photo_id, "key": "a", "value": {}}]}
    assert (await house.send("PUT", "/api/assets/metadata", many))[0]["assetId"] == photo_id
    await empty(house, "DELETE", "/api/assets/metadata", {"items": [{"assetId": photo_id, "key": "a"}]})


async def test_months_and_their_photos_add_up(house: House) -> None:
    own = await me(house)
    await a_photo(house.server.db, own, taken_at=NEW_YEAR - 1, local_taken_at=NEW_YEAR + 3_600_000 * 2 - 1)
    await a_photo(house.server.db, own, taken_at=NEW_YEAR + DAY, width=3000, height=4000, city="Rome", is_favorite=1)
    await a_photo(house.server.db, own, taken_at=NEW_YEAR - DAY, kind="VIDEO", duration_ms=5000, visibility="archive")
    await a_photo(house.server.db, own, visibility="hidden")

    months = await house.get("/api/timeline/buckets")
    month = await house.get("/api/timeline/bucket?timeBucket=2026-01-01&withCoordinates=true&withStacked=true")

    assert months == [{"timeBucket": "2026-01-01", "count": 2}, {"timeBucket": "2025-12-01", "count": 1}]
    assert month["city"] == ["Rome", None]
    assert month["ratio"] == [0.75, 1.333]
    assert month["localOffsetHours"] == [0, 2]
    assert month["fileCreatedAt"][1] == "2025-12-31T23:59:59.999"
    assert {len(column) for column in month.values()} == {2}
    assert month["stack"] == [None, None]
    assert (await house.get("/api/timeline/bucket?timeBucket=%2B2025-12-01"))["duration"] == [5000]
    assert (await house.get("/api/timeline/buckets?order=asc&visibility=timeline&isFavorite=true"))[0]["count"] == 1
    assert (await house.get("/api/timeline/bucket?timeBucket=1999-01-01T00:00:00.000Z"))["id"] == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("withPartners=true&isTrashed=true", 400),
        ("withPartners=true&isFavorite=true", 400),
        ("withPartners=true&visibility=archive", 400),
        ("userId=00000000-0000-4000-8000-000000000000", 400),
        ("albumId=00000000-0000-4000-8000-000000000000", 400),
        ("bbox=1,2,3", 400),
        ("bbox=nan,2,3,4", 400),
        ("order=up", 400),
        ("visibility=locked", 401),
        ("withPartners=true", 200),
        ("orderBy=createdAt&withStacked=true", 200),
        ("bbox=170,-10,-170,10", 200),
    ],
)
async def test_timeline_refuses_what_it_cannot_show(house: House, query: str, status: int) -> None:
    await house.get(f"/api/timeline/buckets?{query}", status)
    await house.get(f"/api/timeline/bucket?timeBucket=2026-01-01&{query}", status)


async def test_map_shows_where_photos_were_taken(house: House) -> None:
    own = await me(house)
    photo_id = await a_photo(house.server.db, own, latitude=41.9, longitude=12.5, city="Rome", country="Italy")
    await a_photo(house.server.db, own)

    shown = await house.get("/api/map/markers")

    assert shown == [{"id": photo_id, "lat": 41.9, "lon": 12.5, "city": "Rome", "state": None, "country": "Italy"}]


async def test_search_answers_as_the_contract_says(house: House) -> None:
    own = await me(house)
    ids = await photos(house.server.db, own, [{"taken_at": NEW_YEAR + number, "city": "Rome"} for number in range(5)])

    first = await house.send("POST", "/api/search/metadata", {"size": 2, "withExif": True})
    behind = await house.send("POST", "/api/search/metadata", {"size": 2, "page": int(first["assets"]["nextPage"])})
    by_cursor = await house.send("POST", "/api/search/metadata", {"size": 2, "cursor": first["assets"]["nextCursor"]})
    last = await house.send("POST", "/api/search/metadata", {"size": 2, "page": 3})
    beyond = await house.send("POST", "/api/search/metadata", {"size": 2, "page": 9})

    assert first["albums"] == {"total": 0, "count": 0, "items": [], "facets": []}
    assert (first["assets"]["total"], first["assets"]["count"], first["assets"]["nextPage"]) == (5, 2, "2")
    assert [one["id"] for one in first["assets"]["items"]] == [ids[4], ids[3]]
    assert behind["assets"]["items"] == by_cursor["assets"]["items"]
    assert (last["assets"]["count"], last["assets"]["nextPage"], last["assets"]["nextCursor"]) == (1, None, None)
    assert (beyond["assets"]["count"], beyond["assets"]["total"]) == (0, 5)
    assert (await house.send("POST", "/api/search/smart", {"query": "rome"}))["assets"]["total"] == 5
    assert (await house.send("POST", "/api/search/smart", {}, 400))["message"].startswith("Either `query`")
    assert await house.send("POST", "/api/search/statistics", {"city": "Rome"}) == {"total": 5}
    assert len(await house.send("POST", "/api/search/random", {"size": 3})) == 3
    assert len(await house.send("POST", "/api/search/large-assets?size=2")) == 2
    assert await house.get("/api/search/suggestions?type=city&includeNull=true") == ["Rome"]
    assert await house.get("/api/search/suggestions?query=RO") == ["Rome"]
    await house.get("/api/search/suggestions?type=weather", 400)
    await house.get("/api/search/suggestions", 400)
    assert (await house.get("/api/search/explore"))[0]["items"][0]["value"] == "Rome"
    assert [one["id"] for one in await house.get("/api/search/cities")] == [ids[4]]
    assert len(await house.get("/api/assets/random?count=2")) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"size": 0},
        {"size": 1001},
        {"page": 0},
        {"cursor": "x"},
        {"takenAfter": "soon"},
        {"personIds": ["7"]},
        {"order": "up"},
        {"filter": {"weather": {"eq": 1}}},
    ],
)
async def test_search_that_makes_no_sense_is_refused(house: House, body: dict[str, Any]) -> None:
    refused = await house.send("POST", "/api/search/metadata", body, 400)

    assert refused["errors"]


async def test_many_photos_come_as_one_archive(house: House) -> None:
    own = await me(house)
    ids = await photos(house.server.db, own, [{"original_name": "a.jpg", "size_bytes": 3}] * 2)
    root = (await house.server.db.read("SELECT path FROM root WHERE library_id IS NULL"))[0]["path"]
    for row in await house.server.db.read("SELECT path FROM file"):
        put(Path(root, row["path"]), b"123")

    plan = await house.send("POST", "/api/download/info", {"assetIds": list(ids), "archiveSize": 1}, 201)
    async with house.client.post("/api/download/archive", json={"assetIds": list(ids)}) as answer:
        assert answer.status == 200
        data = await answer.read()
    whole = await house.send("POST", "/api/download/info", {"userId": own}, 201)

    assert (plan["totalSize"], [part["size"] for part in plan["archives"]]) == (6, [3, 3])
    assert whole["archives"][0]["size"] == 6
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["a.jpg", "a+1.jpg"]
        assert archive.testzip() is None
    refused = {"assetIds": [ids[0], new_uuid()]}
    await house.send("POST", "/api/download/archive", refused, 400)
    await house.send("POST", "/api/download/info", refused, 400)
    await house.send("POST", "/api/download/info", {}, 400)
    await house.send("POST", "/api/download/info", {"albumId": new_uuid()}, 400)


async def test_photo_takes_over_what_another_has(house: House) -> None:
    own = await me(house)
    old = await a_photo(house.server.db, own, is_favorite=1)
    new = await a_photo(house.server.db, own)
    await house.send("PUT", f"/api/assets/{old}", {"description": "By hand"})

    await empty(house, "PUT", "/api/assets/copy", {"sourceId": old, "targetId": new})

    shown = await house.get(f"/api/assets/{new}")
    assert (shown["isFavorite"], shown["exifInfo"]["description"]) == (True, "By hand")
    await house.send("PUT", "/api/assets/copy", {"sourceId": old, "targetId": old}, 400)
    await house.send("PUT", "/api/assets/copy", {"sourceId": old}, 400)


async def test_still_lets_go_of_its_moving_part(house: House) -> None:
    own = await me(house)
    video = await a_photo(house.server.db, own, kind="VIDEO", original_name="a.mov")
    still = await a_photo(house.server.db, own)
    where = f"/api/assets/{still}"

    assert (await house.send("PUT", where, {"livePhotoVideoId": video}))["livePhotoVideoId"] == video
    assert (await house.get(f"/api/assets/{video}"))["visibility"] == "hidden"
    assert (await house.send("PUT", where, {"livePhotoVideoId": None}))["livePhotoVideoId"] is None
    assert (await house.get(f"/api/assets/{video}"))["visibility"] == "timeline"
    for wrong, message in ((still, "must be a video"), (new_uuid(), "not found")):
        assert message in (await house.send("PUT", where, {"livePhotoVideoId": wrong}, 400))["message"]


async def test_photos_are_shown_by_their_folders(house: House) -> None:
    own = await me(house)
    ids = [await a_photo(house.server.db, own, original_name=name) for name in ("b.jpg", "a.jpg")]
    await a_photo(house.server.db, own, visibility="hidden")

    folders = await house.get("/api/view/folder/unique-paths")

    assert len(folders) == len({f"photos/{own}/{one[:2]}" for one in ids})
    listed = [one for folder in folders for one in await house.get(f"/api/view/folder?path={folder}")]
    assert {one["id"] for one in listed} == set(ids)
    assert await house.get("/api/view/folder?path=nowhere") == []
    # Places have names only where the list of them is installed.
    named = await house.get("/api/map/reverse-geocode?lat=41.9&lon=12.5")
    assert named in ([], [{"city": "Rome", "state": "Lazio", "country": "Italy"}])
    await house.get("/api/map/reverse-geocode?lat=91&lon=0", 400)
    await a_photo(house.server.db, own, kind="VIDEO")
    assert (await house.get(f"/api/admin/users/{own}/statistics")) == {"images": 2, "videos": 1, "total": 3}
