"""immich-go's calls, one after the other as its 0.32 makes them: a Go program, which no registry of ours carries.

It looks at the server, holds the jobs, reads everything that is there page by page, uploads in chunks what is new,
puts it into albums and under tags, sets what its sources knew, and lets the jobs go on (photos §12.2, §14.7).
"""

import hashlib
import io
import json
import zipfile
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.clients.conftest import a_picture
from tests.support.app import House

HELD = ("thumbnailGeneration", "metadataExtraction", "videoConversion", "faceDetection", "smartSearch")
EVER = "0001-01-01T00:00:00.000Z"
# What its documentation has people tick for a key; the last two for what `archive` asks besides.
WORDS = (
    *("asset.read", "asset.statistics", "asset.update", "asset.upload", "asset.copy", "asset.replace", "asset.delete"),
    *("asset.download", "album.create", "album.read", "albumAsset.create", "server.about", "stack.create"),
    *("tag.asset", "tag.create", "user.read", "job.create", "job.read", "person.read", "tag.read"),
)
BOUNDARY = "c9f1e5b0"
# What its own reader of an answer takes: a missing one ends it.
ITEM = {"id", "ownerId", "checksum", "originalFileName", "fileCreatedAt", "fileModifiedAt", "isTrashed", "isFavorite"}
SIDECAR = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="5"/></rdf:RDF></x:xmpmeta>'
)


class Go:
    """The program: its calls, and what it keeps in mind."""

    def __init__(self, session: ClientSession, key: str) -> None:
        self.session = session
        self.headers = {"x-api-key": key, "Accept": "application/json", "User-Agent": "immich-go/0.32.0"}
        self.known: dict[str, dict[str, Any]] = {}

    async def call(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        async with self.session.request(method, f"/api{path}", json=body, headers=self.headers) as answer:
            text = await answer.text()
            assert answer.status == status, f"{method} {path}: {answer.status} {text}"
            return json.loads(text) if text else None

    async def start(self) -> None:
        assert await self.call("GET", "/server/ping") == {"res": "pong"}
        me = await self.call("GET", "/users/me")
        assert me["id"]
        assert me["email"]
        assert ".jpg" in (await self.call("GET", "/server/media-types"))["image"]
        assert (await self.call("GET", "/server/about"))["version"].startswith("v3.")
        assert (await self.call("GET", "/assets/statistics"))["total"] >= 0
        await self.jobs("pause")
        await self.index()

    async def jobs(self, command: str) -> None:
        for name in HELD:
            told = await self.call("PUT", f"/jobs/{name}", {"command": command, "force": False})
            assert told["queueStatus"]["isPaused"] is (command == "pause")
        assert HELD[0] in await self.call("GET", "/jobs")

    async def index(self) -> None:
        """Every photo there is, also those in the trash."""
        for visibility in ("timeline", "archive", "hidden"):
            await self._pages({"visibility": visibility})
            await self._pages({"visibility": visibility, "trashedAfter": EVER})

    async def _pages(self, wanted: Mapping[str, Any]) -> None:
        page: str | None = "1"
        while page is not None:
            body = {"page": int(page), "size": 1000, "withExif": True, "order": "asc", **wanted}
            assets = (await self.call("POST", "/search/metadata", body))["assets"]
            for one in assets["items"]:
                assert one.keys() >= ITEM
                assert len(one["checksum"]) == 28
                assert one["exifInfo"]["fileSizeInByte"] > 0
                assert {"dateTimeOriginal", "rating"} <= one["exifInfo"].keys()
                self.known[one["checksum"]] = one
            page = assets["nextPage"]

    async def upload(self, name: str, content: bytes, sidecar: str = "", **fields: str) -> str:
        """The id of a photo, sent in chunks unless it is known."""
        checksum = b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()
        if checksum in self.known:
            return str(self.known[checksum]["id"])
        at = "2021-06-05T04:03:02.000Z"
        given = {
            "deviceAssetId": f"{name}-{len(content)}",
            "deviceId": "gl65",
            "assetType": "image",
            "fileCreatedAt": at,
            "fileModifiedAt": at,
            "isFavorite": "false",
            "visibility": "timeline",
            "fileExtension": name[name.rindex(".") :],
            "duration": "0",
            "isReadOnly": "false",
        } | fields
        headers = self.headers | {
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "x-immich-checksum": checksum,
        }
        parts = _parts(given, name, content, sidecar)
        async with self.session.post("/api/assets", data=parts, headers=headers) as answer:
            told = await answer.json()
            assert (answer.status, told["status"]) == (201, "created"), told
            return str(told["id"])


async def _parts(fields: Mapping[str, str], name: str, content: bytes, sidecar: str) -> AsyncIterator[bytes]:
    """A form as Go writes it, of no told length."""
    for field, value in fields.items():
        yield f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
    files = [("assetData", name, content)] + ([("sidecarData", f"{name}.xmp", sidecar.encode())] if sidecar else [])
    for field, title, bytes_ in files:
        quoted = title.replace("\\", "\\\\").replace('"', '\\"')
        yield (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{quoted}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        for start in range(0, len(bytes_), 1000):
            yield bytes_[start : start + 1000]
        yield b"\r\n"
    yield f"--{BOUNDARY}--\r\n".encode()


@pytest.fixture
async def go(house: House) -> AsyncIterator[Go]:
    key = (await house.send("POST", "/api/api-keys", {"permissions": WORDS}, 201))["secret"]
    async with ClientSession(house.url) as session:
        yield Go(session, key)


async def test_folder_is_uploaded_once(house: House, go: Go) -> None:
    folder = {f"{number}.jpg": a_picture(number) for number in range(4)} | {'qu"ote ü.jpg': a_picture(9)}
    await go.start()
    for name, content in folder.items():
        await go.upload(name, content, SIDECAR if name == "1.jpg" else "")
    await go.jobs("resume")
    await house.idle()

    again = Go(go.session, go.headers["x-api-key"])
    await again.start()
    await again.jobs("resume")
    ids = {name: await again.upload(name, content) for name, content in folder.items()}

    assert (await go.call("GET", "/assets/statistics"))["total"] == len(folder)
    assert {one["originalFileName"] for one in again.known.values()} == folder.keys()
    rated = await go.call("GET", f"/assets/{ids['1.jpg']}")
    assert rated["exifInfo"]["rating"] == 5
    for name, photo_id in ids.items():
        async with go.session.get(f"/api/assets/{photo_id}/original", headers=go.headers) as answer:
            assert await answer.read() == folder[name]


async def test_what_another_service_knew_comes_along(house: House, go: Go) -> None:
    """As it takes over Google Photos: albums, favourites, what was archived or thrown away, dates, places, tags."""
    await go.start()
    favourite = await go.upload("a.jpg", a_picture(1), isFavorite="true")
    archived = await go.upload("b.jpg", a_picture(2), visibility="archive")
    trashed = await go.upload("c.jpg", a_picture(3))
    await go.call("DELETE", "/assets", {"ids": [trashed], "force": False}, status=204)
    known = {"description": "At the sea", "rating": 4, "latitude": 41.9, "longitude": 12.5}
    date = {"dateTimeOriginal": "2015-07-08T09:10:11+02:00"}
    told = await go.call("PUT", f"/assets/{favourite}", {**known, **date, "isFavorite": True})
    assert told["exifInfo"]["description"] == "At the sea"
    assert (told["fileCreatedAt"], told["localDateTime"]) == ("2015-07-08T07:10:11.000Z", "2015-07-08T09:10:11.000Z")
    albums = {one["albumName"]: one["id"] for one in await go.call("GET", "/albums")}
    assert albums == {}
    album = await go.call("POST", "/albums", {"albumName": "Rome", "description": "2015", "assetIds": []}, status=201)
    results = await go.call("PUT", f"/albums/{album['id']}/assets", {"ids": [favourite, archived]})
    assert [one["success"] for one in results] == [True, True]
    (tag,) = await go.call("PUT", "/tags", {"tags": ["people/Ann"]})
    assert (await go.call("PUT", f"/tags/{tag['id']}/assets", {"ids": [favourite]}))[0]["success"]
    assert await go.call("PUT", "/tags/assets", {"tagIds": [tag["id"]], "assetIds": [archived]}) == {"count": 1}
    await go.call("POST", "/stacks", {"assetIds": [favourite, archived]}, status=201)
    await go.jobs("resume")
    await house.idle()

    await go.index()
    by_id = {one["id"]: one for one in go.known.values()}
    assert by_id.keys() == {favourite, archived, trashed}
    assert (by_id[favourite]["isFavorite"], by_id[favourite]["exifInfo"]["rating"]) == (True, 4)
    assert by_id[favourite]["fileCreatedAt"] == "2015-07-08T07:10:11.000Z"
    assert (by_id[archived]["visibility"], by_id[trashed]["isTrashed"]) == ("archive", True)
    inside = await go.call("POST", "/search/metadata", {"albumIds": [album["id"]], "size": 1000, "page": 1})
    assert {one["id"] for one in inside["assets"]["items"]} == {favourite, archived}


async def test_better_copy_takes_the_place_of_another(house: House, go: Go) -> None:
    small, large = a_picture(1, (80, 60)), a_picture(1, (800, 600))
    await go.start()
    old = await go.upload("a.jpg", small, isFavorite="true")
    album = await go.call("POST", "/albums", {"albumName": "Rome", "assetIds": [old]}, status=201)
    new = await go.upload("a.jpg", large)

    await go.call("PUT", "/assets/copy", {"sourceId": old, "targetId": new}, status=204)
    await go.call("DELETE", "/assets", {"ids": [old], "force": False}, status=204)

    kept = await go.call("GET", f"/assets/{new}")
    assert kept["isFavorite"] is True
    assert [one["id"] for one in (await go.call("GET", f"/albums/{album['id']}"))["assets"]] == [new]


async def test_archive_gives_back_the_same_bytes(house: House, go: Go) -> None:
    """`archive from-immich`: searches by filters, the lists that they choose from, and every original."""
    contents = {f"{number}.jpg": a_picture(number) for number in range(3)}
    await go.start()
    ids = {name: await go.upload(name, content) for name, content in contents.items()}
    await go.jobs("resume")
    await house.idle()

    assert await go.call("GET", "/search/suggestions?type=camera-make") == ["Canon"]
    assert await go.call("GET", "/people") == {"people": [], "hasNextPage": False, "total": 0, "hidden": 0}
    assert await go.call("GET", "/tags") == []
    body = {"page": 1, "size": 1000, "withExif": True, "make": "Canon", "takenAfter": "2019-01-01T00:00:00.000Z"}
    found = (await go.call("POST", "/search/metadata", body))["assets"]["items"]
    assert {one["originalFileName"]: one["id"] for one in found} == ids
    for one in found:
        assert await go.call("GET", f"/albums?assetId={one['id']}") == []
        async with go.session.get(f"/api/assets/{one['id']}/original", headers=go.headers) as answer:
            assert await answer.read() == contents[one["originalFileName"]]
    info = await go.call("POST", "/download/info", {"assetIds": list(ids.values())}, status=201)
    asked = {"assetIds": info["archives"][0]["assetIds"]}
    async with go.session.post("/api/download/archive", json=asked, headers=go.headers) as answer:
        archive = zipfile.ZipFile(io.BytesIO(await answer.read()))
    assert {name: archive.read(name) for name in archive.namelist()} == contents


async def test_member_s_key_may_not_hold_the_jobs(house: House, go: Go) -> None:
    body = {"email": "ben@example.org", "password": "correct horse", "name": "Ben"}
    await house.send("POST", "/api/admin/users", body, 201)
    device = house.stranger()
    async with device.post("/api/auth/login", json=body) as answer:
        assert answer.status == 201
    async with device.post("/api/api-keys", json={"permissions": ["all"]}) as answer:
        go.headers["x-api-key"] = (await answer.json())["secret"]

    refusal = await go.call("PUT", f"/jobs/{HELD[0]}", {"command": "pause"}, status=403)

    assert refusal["message"] == "Forbidden"
