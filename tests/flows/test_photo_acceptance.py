"""The acceptance checks of the photo API, over HTTP alone, as its clients see them (photos §14).

Those of Immich's own programs stand in `tests/clients`, who may do what in `test_photo_rights.py`, the walk through
all routes in `tests/contract/test_photo_walk.py`, links with what is shared.
"""

import asyncio
import hashlib
import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from tests.support.app import PASSWORD, House
from tests.support.household import Person, a_household
from tests.support.phone import Phone
from tests.support.uploads import base64_sum, sent

BIG_BYTES = 50 << 20
CAMERA = {
    0x010F: "Canon",
    0x0110: "EOS R5",
    0x9003: "2012:08:05 11:39:59",
    0x8827: 200,
    0x829D: 11.0,
    0x829A: 1 / 160,
    0x920A: 75.0,
}
CHICAGO = {1: "N", 2: (41.0, 13.0, 13.08), 3: "W", 4: (96.0, 4.0, 17.85)}
COLORS = [(250, 10, 10), (10, 250, 10), (10, 10, 250), (250, 250, 10)]  # of the quarters, row by row
# What a camera writes for a picture lying so, and how to lay an upright one that way.
LYING: dict[int, list[Image.Transpose]] = {
    1: [],
    2: [Image.Transpose.FLIP_LEFT_RIGHT],
    3: [Image.Transpose.ROTATE_180],
    4: [Image.Transpose.FLIP_TOP_BOTTOM],
    5: [Image.Transpose.TRANSPOSE],
    6: [Image.Transpose.ROTATE_90],
    7: [Image.Transpose.TRANSVERSE],
    8: [Image.Transpose.ROTATE_270],
}


@pytest.fixture
async def people(claimed: House) -> dict[str, Person]:
    return await a_household(claimed, "ann", "ed", "pat")


def a_picture(shade: int = 0, size: tuple[int, int] = (64, 48), *, place: bool = False, **exif: Any) -> bytes:
    """A JPEG with what a camera writes, each shade another."""
    written = Image.Exif()
    written.get_ifd(0x8769).update({tag: value for tag, value in CAMERA.items() if tag > 0x8000})
    written.update({tag: value for tag, value in CAMERA.items() if tag < 0x8000})
    if place:
        written.get_ifd(0x8825).update(CHICAGO)
    written.update({int(tag): value for tag, value in exif.items()})
    out = io.BytesIO()
    Image.new("RGB", size, (20 * shade % 256, 90, 30)).save(out, "JPEG", exif=written)
    return out.getvalue()


def quarters(orientation: int) -> bytes:
    """A JPEG that shows four colours, 640 by 320 when upright, stored as an orientation says."""
    picture = Image.new("RGB", (640, 320))
    pen = ImageDraw.Draw(picture)
    for number, color in enumerate(COLORS):
        left, top = 320 * (number % 2), 160 * (number // 2)
        pen.rectangle((left, top, left + 319, top + 159), fill=color)
    for turn in LYING[orientation]:
        picture = picture.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, quality=95)
    return out.getvalue()


async def read(person: Person, path: str, **headers: str) -> tuple[int, bytes, Mapping[str, str]]:
    async with person.device.get(f"/api{path}", headers=headers) as answer:
        return answer.status, await answer.read(), answer.headers


def lying(house: House) -> set[str]:
    """The files below the managed root."""
    return {str(path) for path in house.server.places.media_dir.rglob("*") if path.is_file()}


# 5: the same bytes twice at once


async def test_one_large_file_sent_twice_at_once_is_one_photo(claimed: House, people: dict[str, Person]) -> None:
    ann, content = people["ann"], os.urandom(BIG_BYTES)

    answers = await asyncio.gather(*(sent(ann.device, content, f"{number}.mp4") for number in range(2)))

    assert sorted(status for status, _ in answers) == [200, 201]
    assert len({body["id"] for _, body in answers}) == 1
    assert await ann.used() == BIG_BYTES
    assert len(lying(claimed)) == 1


# 8: what cameras write


async def test_camera_s_facts_are_answered_as_it_wrote_them(claimed: House, people: dict[str, Person]) -> None:
    ann = people["ann"]
    photo_id = await ann.upload(a_picture(size=(512, 341)))
    await claimed.idle()

    asset = await ann.get(f"/assets/{photo_id}")

    assert (asset["width"], asset["height"], asset["fileCreatedAt"]) == (512, 341, "2012-08-05T11:39:59.000Z")
    told = asset["exifInfo"]
    shot = (told["iso"], told["fNumber"], told["exposureTime"], told["focalLength"])
    assert shot == (200, 11, "1/160", 75)
    assert (told["dateTimeOriginal"], told["timeZone"]) == ("2012-08-05T11:39:59.000Z", None)
    assert (told["exifImageWidth"], told["exifImageHeight"]) == (512, 341)


async def test_place_of_a_photo_tells_its_time_zone(claimed: House, people: dict[str, Person]) -> None:
    pytest.importorskip("tzfpy")
    ann = people["ann"]
    photo_id = await ann.upload(a_picture(place=True))
    await claimed.idle()

    asset = await ann.get(f"/assets/{photo_id}")

    assert asset["exifInfo"]["timeZone"] == "America/Chicago"
    assert asset["fileCreatedAt"] == "2012-08-05T16:39:59.000Z"
    assert asset["localDateTime"] == "2012-08-05T11:39:59.000Z"


@pytest.mark.parametrize("size", ["thumbnail", "preview"])
async def test_pictures_of_every_orientation_stand_upright(
    claimed: House, people: dict[str, Person], size: str
) -> None:
    ann = people["ann"]
    ids = {number: await ann.upload(quarters(number), f"{number}.jpg") for number in LYING}
    await claimed.idle()

    for number, photo_id in ids.items():
        asset = await ann.get(f"/assets/{photo_id}")
        assert (asset["width"], asset["height"]) == (640, 320), number
        status, content, _ = await read(ann, f"/assets/{photo_id}/thumbnail?size={size}")
        assert status == 200
        picture = Image.open(io.BytesIO(content)).convert("RGB")
        assert picture.size == ((500, 250) if size == "thumbnail" else (640, 320)), number
        wide, high = picture.size
        for corner, color in enumerate(COLORS):
            at = (wide // 4 + wide // 2 * (corner % 2), high // 4 + high // 2 * (corner // 2))
            seen = picture.getpixel(at)
            assert isinstance(seen, tuple)
            assert max(abs(have - want) for have, want in zip(seen, color, strict=True)) < 40, (number, corner)


# 10: partners


async def test_partner_s_photos_come_and_go_with_his_word(claimed: House, people: dict[str, Person]) -> None:
    ann, pat = people["ann"], people["pat"]
    shown, kept = await ann.upload(a_picture(1)), await ann.upload(a_picture(2))
    await ann.done("PUT", f"/assets/{kept}", {"visibility": "archive"})
    await ann.done("POST", f"/partners/{pat.id}")
    app = Phone(pat.device)

    assert [one["id"] for one in await ann.get("/partners?direction=shared-by")] == [pat.id]
    assert [(one["id"], one["inTimeline"]) for one in await pat.get("/partners?direction=shared-with")] == [
        (ann.id, False)
    ]
    assert await ann.get("/partners?direction=shared-with") == await pat.get("/partners?direction=shared-by") == []
    assert (await ann.ask("GET", "/partners"))[0] == 400
    assert await pat.counted("withPartners=true&visibility=timeline") == 0
    await app.sync()
    assert app.ids("assets") == {shown, kept}

    told = await pat.done("PUT", f"/partners/{ann.id}", {"inTimeline": True})
    assert (told["id"], told["inTimeline"]) == (ann.id, True)
    assert await pat.counted("withPartners=true&visibility=timeline") == 1
    assert await pat.counted(f"userId={ann.id}&visibility=timeline") == 1
    assert await pat.found() == {shown}
    assert await pat.found(visibility="archive") == set()
    assert (await pat.ask("GET", f"/timeline/buckets?userId={ann.id}&visibility=archive"))[0] == 400
    assert (await pat.ask("GET", f"/assets/{kept}"))[0] == 400
    assert (await read(pat, f"/assets/{kept}/original"))[0] == 404

    await ann.done("DELETE", f"/partners/{pat.id}")
    assert (await pat.ask("GET", f"/assets/{shown}"))[0] == 400
    assert await pat.counted("withPartners=true&visibility=timeline") == 0
    assert "PartnerDeleteV1" in await app.sync()
    assert app.tables["partners"] == {}


# 11: the trash


async def test_trash_hides_gives_back_and_empties(claimed: House, people: dict[str, Person]) -> None:
    ann = people["ann"]
    first, second = await ann.upload(a_picture(1), "first.jpg"), await ann.upload(a_picture(2), "second.jpg")
    await claimed.idle()
    album = (await ann.done("POST", "/albums", {"albumName": "Trip", "assetIds": [first, second]}))["id"]
    before, used = lying(claimed), await ann.used()

    await ann.done("DELETE", "/assets", {"ids": [first]})
    assert (await ann.counted(), await ann.counted("isTrashed=true")) == (1, 1)
    assert await ann.found() == {second}
    assert (await ann.get(f"/albums/{album}?withoutAssets=true"))["assetCount"] == 1
    assert await ann.used() == used

    assert await ann.done("POST", "/trash/restore/assets", {"ids": [first]}) == {"count": 1}
    assert await ann.counted() == 2
    assert {one["id"] for one in (await ann.get(f"/albums/{album}"))["assets"]} == {first, second}

    await ann.done("DELETE", "/assets", {"ids": [first]})
    assert await ann.done("POST", "/trash/empty") == {"count": 1}
    await claimed.idle()
    assert (await ann.ask("GET", f"/assets/{first}"))[0] == 400
    assert (await read(ann, f"/assets/{first}/thumbnail"))[0] == 404
    gone = before - lying(claimed)
    assert {Path(path).name for path in gone} == {"first.jpg"}
    assert 0 < await ann.used() < used
    rows = await claimed.server.db.read("SELECT count(*) AS n FROM rendition")
    assert rows[0]["n"] == 2


# 12: the phone's database


async def test_database_of_a_phone_is_what_the_server_answers(claimed: House, people: dict[str, Person]) -> None:
    ann, ed = people["ann"], people["ed"]
    photos = [await ann.upload(a_picture(shade), f"{shade}.jpg") for shade in range(4)]
    own = await ed.upload(a_picture(9), "own.jpg")
    await claimed.idle()
    app = Phone(ed.device)
    kinds = await app.sync()

    assert kinds.index("UserV1") < kinds.index("AssetV2") < kinds.index("AssetExifV1")
    assert app.lines[-1]["type"] == "SyncCompleteV1"
    assert await app.sync() == []
    assert app.ids("assets") == {own}

    members = [{"userId": ed.id, "role": "viewer"}]
    album = await ann.done("POST", "/albums", {"albumName": "Trip", "assetIds": photos[:3], "albumUsers": members})
    kinds = await app.sync()
    assert {"AlbumV2", "AlbumUserV1", "AlbumToAssetV1"} <= {kind.replace("Backfill", "") for kind in kinds}
    assert app.ids("assets") == {own, *photos[:3]}
    assert app.row("album_users", album["id"], ann.id)["role"] == "owner"
    assert await app.sync() == []

    await ann.done("PUT", f"/assets/{photos[0]}", {"description": "at the sea", "isFavorite": True})
    await ann.done("DELETE", "/assets", {"ids": [photos[1]]})
    await ann.done("DELETE", f"/albums/{album['id']}/assets", {"ids": [photos[2]]})
    await ann.done("PUT", f"/albums/{album['id']}/assets", {"ids": [photos[3]]})
    await app.sync()
    shown = await ed.get(f"/albums/{album['id']}")
    kept = {asset for _, asset in app.tables["album_assets"]}
    visible = {asset for asset in kept if app.row("assets", asset)["deletedAt"] is None}
    assert visible == {one["id"] for one in shown["assets"]} == {photos[0], photos[3]}
    for one in shown["assets"]:
        row = app.row("assets", one["id"])
        for name in ("ownerId", "checksum", "isFavorite", "fileCreatedAt", "localDateTime", "width", "thumbhash"):
            assert row[name] == one[name], name
        assert app.row("exifs", one["id"])["description"] == one["exifInfo"]["description"]
    assert app.row("albums", album["id"])["name"] == shown["albumName"]

    await ann.done("DELETE", f"/albums/{album['id']}/user/{ed.id}")
    assert "AlbumDeleteV1" in await app.sync()
    assert app.tables["albums"] == app.tables["album_assets"] == {}


async def test_key_keeps_no_phone_s_database(claimed: House, people: dict[str, Person]) -> None:
    ann = people["ann"]
    key = (await ann.done("POST", "/api-keys", {"permissions": ["all"]}))["secret"]

    for path, body in (("stream", {"types": ["UsersV1"]}), ("ack", {"acks": []})):
        async with claimed.stranger().post(f"/api/sync/{path}", json=body, headers={"x-api-key": key}) as answer:
            assert answer.status == 403
            assert (await answer.json())["message"] == "Sync endpoints cannot be used with API keys"


# 13: parts of files

CONTENT = bytes(range(256)) * 4
PARTS: dict[str, tuple[int, bytes]] = {
    "bytes=0-0": (206, CONTENT[:1]),
    "bytes=-1": (206, CONTENT[-1:]),
    "bytes=5-": (206, CONTENT[5:]),
    "bytes=5-9": (206, CONTENT[5:10]),
    "bytes=0-99999": (206, CONTENT),
    "bytes=0-1,4-5": (200, CONTENT),
    "bytes=9-5": (200, CONTENT),
}


@pytest.mark.parametrize(("name", "tail"), [("a.jpg", "original"), ("v.mp4", "original"), ("v.mp4", "video/playback")])
async def test_files_come_in_the_parts_asked_for(
    claimed: House, people: dict[str, Person], name: str, tail: str
) -> None:
    ann = people["ann"]
    path = f"/assets/{await ann.upload(CONTENT, name)}/{tail}"

    for header, wanted in PARTS.items():
        status, content, headers = await read(ann, path, Range=header)
        assert (status, content) == wanted, header
        assert headers["Accept-Ranges"] == "bytes"
    status, _, headers = await read(ann, path, Range=f"bytes={len(CONTENT)}-")
    assert (status, headers["Content-Range"]) == (416, f"bytes */{len(CONTENT)}")
    status, content, headers = await read(ann, path)
    assert (status, content) == (200, CONTENT)
    assert (await read(ann, path, **{"If-None-Match": headers["ETag"]}))[0] == 304
    assert (await read(ann, path, **{"If-Modified-Since": headers["Last-Modified"]}))[0] == 304
    part = {"If-Range": '"other"', "Range": "bytes=0-0"}
    assert (await read(ann, path, **part))[:2] == (200, CONTENT)
    async with ann.device.head(f"/api{path}") as answer:
        assert (answer.status, answer.headers["Content-Length"]) == (200, str(len(CONTENT)))


# 4, and the archive of them: bytes stay what they were


async def test_originals_and_archives_hold_the_bytes_that_were_sent(claimed: House, people: dict[str, Person]) -> None:
    ann = people["ann"]
    wanted = {f"{number}.jpg": a_picture(number) for number in range(5)}
    ids = {name: await ann.upload(content, name) for name, content in wanted.items()}
    await claimed.idle()

    for name, photo_id in ids.items():
        _, content, _ = await read(ann, f"/assets/{photo_id}/original")
        assert content == wanted[name]
        assert (await ann.get(f"/assets/{photo_id}"))["checksum"] == base64_sum(content)
    info = await ann.done("POST", "/download/info", {"assetIds": list(ids.values())})
    assert info["totalSize"] == sum(map(len, wanted.values()))
    async with ann.device.post("/api/download/archive", json={"assetIds": list(ids.values())}) as answer:
        assert answer.status == 200
        archive = zipfile.ZipFile(io.BytesIO(await answer.read()))
    assert {name: archive.read(name) for name in archive.namelist()} == wanted
    assert archive.testzip() is None


async def test_each_way_of_hearing_of_a_photo_tells_one_checksum(claimed: House, people: dict[str, Person]) -> None:
    ann, content = people["ann"], a_picture()
    photo_id = await ann.upload(content)
    digest = hashlib.sha1(content, usedforsecurity=False)

    checks = [{"id": "/a b/ü.jpg", "checksum": base64_sum(content)}, {"id": "x", "checksum": digest.hexdigest()}]
    results = (await ann.done("POST", "/assets/bulk-upload-check", {"assets": checks}))["results"]
    assert [(one["id"], one["action"], one["assetId"]) for one in results] == [
        ("/a b/ü.jpg", "reject", photo_id),
        ("x", "reject", photo_id),
    ]
    for checksum in (base64_sum(content), digest.hexdigest(), digest.hexdigest().upper()):
        assert await ann.found(checksum=checksum) == {photo_id}


async def test_signing_in_by_the_wrong_password_is_one_refusal(claimed: House, people: dict[str, Person]) -> None:
    told = set()
    for email, password in (("ann@example.org", "wrong words"), ("nobody@example.org", PASSWORD)):
        async with claimed.stranger().post("/api/auth/login", json={"email": email, "password": password}) as answer:
            told.add((answer.status, (await answer.json())["message"]))
    assert told == {(401, "Incorrect email or password")}
