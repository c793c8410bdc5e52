"""Two members with the phone's app: one backs up, the other sees it as a partner and in an album (photos §12.3)."""

import asyncio
import io
import json
import os
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from PIL import Image

from tests.flows.test_photo_app import an_ear
from tests.support.app import PASSWORD, House
from tests.support.household import a_household
from tests.support.phone import Phone
from tests.support.uploads import base64_sum, sent, uploaded

ANDROID = {"User-Agent": "immich-android/3.2.0", "deviceModel": "Pixel 9", "deviceType": "Android"}
AT_ONCE, ON_A_SCREEN = 3, 50
# What the app asks for beside its database; all are to be answered.
ELSEWHERE: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/auth/validateToken", None),
    ("GET", "/memories?for=2024-03-05T00:00:00.000Z", None),
    ("GET", "/people?withHidden=true", None),
    ("POST", "/search/smart", {"query": "sea", "page": 1, "size": 100}),
    ("POST", "/search/metadata", {"page": 1, "size": 100, "withExif": True, "visibility": "timeline"}),
    ("GET", "/search/suggestions?type=country", None),
    ("GET", "/search/explore", None),
    ("GET", "/map/markers?withPartners=true", None),
    ("GET", "/timeline/buckets?withPartners=true&withStacked=true&visibility=timeline", None),
    ("GET", "/partners?direction=shared-with", None),
    ("GET", "/albums", None),
    ("GET", "/stacks", None),
    ("GET", "/tags", None),
    ("GET", "/server/about", None),
    ("GET", "/server/storage", None),
    ("GET", "/server/version-check", None),
)


def a_picture(shade: int) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((320, 240), shade).convert("RGB").save(out, "JPEG")
    return out.getvalue()


async def opened(device: TestClient[Any, Any], email: str) -> str:
    """The app is started: it finds the server, signs in, reads the account; its token."""
    for path in ("/.well-known/immich", "/api/server/ping", "/api/server/version", "/api/server/features"):
        async with device.get(path) as answer:
            assert answer.status == 200, path
    async with device.get("/api/server/config") as answer:
        assert (await answer.json())["isInitialized"] is True
    async with device.post("/api/auth/login", json={"email": email, "password": PASSWORD}, headers=ANDROID) as answer:
        assert answer.status == 201
        told = await answer.json()
        assert told["shouldChangePassword"] is False or told["userEmail"] == email
        assert answer.cookies["immich_access_token"].value == told["accessToken"]
    for path in ("/api/users/me", "/api/users/me/preferences"):
        async with device.get(path) as answer:
            assert answer.status == 200, path
    return str(told["accessToken"])


async def backed_up(device: TestClient[Any, Any], pictures: list[bytes]) -> list[str]:
    """The ids of pictures that the app sends, three at once."""
    limit = asyncio.Semaphore(AT_ONCE)

    async def send(number: int, content: bytes) -> str:
        async with limit:
            name, metadata = (
                f"IMG_{number}.jpg",
                json.dumps([{"key": "mobile-app", "value": {"iCloudId": str(number)}}]),
            )
            fields = {"deviceAssetId": str(number), "deviceId": "phone", "filename": name, "duration": "0"}
            return await uploaded(device, content, name, headers=ANDROID, metadata=metadata, **fields)

    return await asyncio.gather(*(send(number, content) for number, content in enumerate(pictures)))


async def looked_at(device: TestClient[Any, Any], photos: list[str]) -> None:
    """A screen fills with thumbnails, all asked for at once; one is opened."""

    async def thumbnail(number: int) -> int:
        photo_id = photos[number % len(photos)]
        async with device.get(f"/api/assets/{photo_id}/thumbnail?size=thumbnail&edited=true&c=x") as answer:
            assert answer.content_type == "image/webp"
            await answer.read()
            return answer.status

    assert set(await asyncio.gather(*(thumbnail(number) for number in range(ON_A_SCREEN)))) == {200}
    async with device.get(f"/api/assets/{photos[0]}/thumbnail?size=preview") as answer:
        assert answer.content_type == "image/jpeg"


async def up_to_date(app: Phone) -> None:
    """The app has all there is, and finds what else it asks for."""
    await app.sync()
    # Who was told of a photo in an album may be told once more.
    await app.sync()
    assert await app.sync() == []
    for method, path, body in ELSEWHERE:
        async with app.client.request(method, f"/api{path}", json=body) as answer:
            assert answer.status == 200, f"{method} {path}: {await answer.text()}"


async def test_two_phones_share_what_one_of_them_backs_up(claimed: House) -> None:
    people = await a_household(claimed, "ann", "ben")
    ann, ben = claimed.stranger(), claimed.stranger()
    ann_token, ben_token = await opened(ann, "ann@example.org"), await opened(ben, "ben@example.org")
    ann_app, ben_app = Phone(ann), Phone(ben)
    await asyncio.gather(ann_app.sync(), ben_app.sync())
    assert ann_app.ids("users") == ben_app.ids("users")

    # Ann's phone backs up: of a live photo the video goes first.
    pictures, moving = [a_picture(shade) for shade in range(20, 32)], os.urandom(5000)
    async with an_ear(claimed, {"Cookie": f"immich_access_token={ann_token}"}) as ear:
        video = await uploaded(ann, moving, "IMG_0.MOV", visibility="hidden", filename="IMG_0.MOV")
        photos = await backed_up(ann, pictures)
        still = await uploaded(ann, a_picture(99), "IMG_0.HEIC", livePhotoVideoId=video)
        await ear.wait_for("AssetUploadReadyV2")
    await claimed.idle()
    await ann_app.sync()
    known = {row["checksum"] for row in ann_app.tables["assets"].values()}
    assert {base64_sum(content) for content in (*pictures, moving)} <= known
    assert ann_app.row("assets", still)["livePhotoVideoId"] == video
    assert ann_app.row("assets", video)["visibility"] == "hidden"
    assert len(ann_app.tables["metadata"]) == len(photos)
    assert (await sent(ann, pictures[0]))[1]["status"] == "duplicate"
    assert ben_app.ids("assets") == set()

    # She shows Ben everything, and puts some into an album with him.
    async with an_ear(claimed, {"Cookie": f"immich_access_token={ben_token}"}) as ear:
        await people["ann"].done("POST", "/partners", {"sharedWithId": people["ben"].id})
        members = [{"userId": people["ben"].id, "role": "editor"}]
        body = {"albumName": "Trip", "assetIds": photos[:5], "albumUsers": members}
        album = (await people["ann"].done("POST", "/albums", body))["id"]
        assert await ear.wait_for("on_album_update") == album
    kinds = {kind.replace("Backfill", "") for kind in await ben_app.sync()}
    assert {"PartnerV1", "PartnerAssetV2", "PartnerAssetExifV1", "AlbumV2"} <= kinds
    assert {*photos, still} <= ben_app.ids("assets")
    assert ben_app.row("album_users", album, people["ann"].id)["role"] == "owner"
    assert ben_app.row("album_users", album, people["ben"].id)["role"] == "editor"
    assert {asset for _, asset in ben_app.tables["album_assets"]} == set(photos[:5])
    await looked_at(ben, photos)
    async with ben.get(f"/api/assets/{video}/video/playback", headers={"Range": "bytes=0-99"}) as answer:
        assert (answer.status, await answer.read()) == (206, moving[:100])

    # He puts one of his own into it; Ann's phone has it at its next sync.
    own = await uploaded(ben, a_picture(120), "own.jpg")
    await claimed.idle()
    (result,) = await people["ben"].done("PUT", f"/albums/{album}/assets", {"ids": [own]})
    assert result["success"] is True
    await asyncio.gather(up_to_date(ann_app), up_to_date(ben_app))
    assert (album, own) in ann_app.tables["album_assets"]
    assert ann_app.row("assets", own)["ownerId"] == people["ben"].id

    # She takes it all back.
    await people["ann"].done("DELETE", f"/albums/{album}/user/{people['ben'].id}")
    await people["ann"].done("DELETE", f"/partners/{people['ben'].id}")
    await ben_app.sync()
    assert ben_app.tables["albums"] == ben_app.tables["partners"] == {}
    assert {row["id"] for row in ben_app.tables["assets"].values() if row["ownerId"] == people["ben"].id} == {own}
    async with ben.get(f"/api/assets/{photos[0]}/thumbnail") as answer:
        assert answer.status == 404


@pytest.mark.parametrize("quota", [1000])
async def test_full_quota_stops_the_backup_in_the_words_the_app_looks_for(claimed: House, quota: int) -> None:
    people = await a_household(claimed, "ann")
    ann = people["ann"]
    await claimed.send("PUT", f"/api/admin/users/{ann.id}", {"quotaSizeInBytes": quota})
    assert (await sent(ann.device, b"x" * 900, "a.jpg"))[0] == 201

    status, told = await sent(ann.device, b"y" * 900, "b.jpg")

    assert (status, told["message"]) == (400, "Quota has been exceeded!")
    assert await ann.used() == 900
