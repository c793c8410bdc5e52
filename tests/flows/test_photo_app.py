"""The phone's app as it was recorded (photos §12.3): found, signed in, brought up to date, backing up, told of it."""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import socketio  # type: ignore[import-untyped]
from aiohttp import ClientSession
from PIL import Image

from tests.support.app import PASSWORD, House, a_house
from tests.support.phone import Phone
from tests.support.uploads import base64_sum, sent, uploaded

PATIENCE_S = 20.0
ANDROID = {"User-Agent": "immich-android/3.2.0", "deviceModel": "Pixel 9", "deviceType": "Android"}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        await house.claim()
        yield house


def a_picture(shade: int = 90) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (shade, 60, 30)).save(out, "JPEG")
    return out.getvalue()


class Ear:
    """An app's socket, and what was said on it."""

    def __init__(self, session: ClientSession) -> None:
        self.client = socketio.AsyncClient(reconnection=False, http_session=session)
        self.heard: list[tuple[str, Any]] = []
        self._news = asyncio.Event()
        self.client.on("*", self._hear)

    async def _hear(self, name: str, *content: Any) -> None:
        self.heard.append((name, content[0] if content else None))
        self._news.set()

    async def wait_for(self, name: str) -> Any:
        """The content of the first event of a name."""
        async with asyncio.timeout(PATIENCE_S):
            while not (found := [content for told, content in self.heard if told == name]):
                self._news.clear()
                await self._news.wait()
        return found[0]


@contextlib.asynccontextmanager
async def an_ear(house: House, headers: dict[str, str], transport: str = "websocket") -> AsyncIterator[Ear]:
    # A session of its own: of one it made itself, a client that is refused leaves the connection open.
    async with ClientSession() as session:
        ear = Ear(session)
        await ear.client.connect(house.url, headers, transports=[transport], socketio_path="/api/socket.io")
        try:
            yield ear
        finally:
            # A client that polls would wait half a minute for the answer to its last question.
            await ear.client.eio.disconnect(abort=transport == "polling")


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_app_signs_in_syncs_backs_up_and_hears_of_it(house: House) -> None:
    device = house.stranger()
    for path in ("/.well-known/immich", "/api/server/ping", "/api/server/version", "/api/server/features"):
        async with device.get(path) as answer:
            assert answer.status == 200, path
    body = {"email": "admin@homemedia.invalid", "password": PASSWORD}
    async with device.post("/api/auth/login", json=body, headers=ANDROID) as answer:
        assert answer.status == 201
        token = (await answer.json())["accessToken"]
        assert answer.cookies["immich_access_token"].value == token
    for path in ("/api/users/me", "/api/users/me/preferences"):
        async with device.get(path) as answer:
            assert answer.status == 200, path
    app = Phone(device)
    await app.sync()
    assert app.tables["assets"] == {}

    async with an_ear(house, {"Cookie": f"immich_access_token={token}"}) as ear:
        picture = a_picture()
        photo_id = await uploaded(device, picture, "IMG_1.jpg", filename="IMG_1.jpg", duration="0", deviceId="phone")
        ready = await ear.wait_for("AssetUploadReadyV2")
        shown = await ear.wait_for("on_upload_success")
    kinds = await app.sync()

    assert ear.heard[0] == ("on_server_version", {"major": 3, "minor": 2, "patch": 2, "prerelease": None})
    assert {"AssetV2", "AssetExifV1"} <= set(kinds)
    # What the socket brought is what the stream brings, so the app need not ask for it.
    assert ready == {"asset": app.row("assets", photo_id), "exif": app.row("exifs", photo_id)}
    assert shown["id"] == photo_id
    assert ready["asset"]["checksum"] == base64_sum(picture)
    assert ready["asset"]["thumbhash"]
    status, again = await sent(device, picture)
    assert (status, again["status"], again["id"]) == (200, "duplicate", photo_id)

    async with device.post("/api/albums", json={"albumName": "Camera", "assetIds": [photo_id]}) as answer:
        album_id = (await answer.json())["id"]
    await app.sync()
    assert app.row("album_users", album_id, app.row("assets", photo_id)["ownerId"])["role"] == "owner"
    assert (album_id, photo_id) in app.tables["album_assets"]
    assert app.row("albums", album_id)["thumbnailAssetId"] == photo_id
    assert await app.sync() == []

    address = f"/api/assets/{photo_id}/thumbnail?size=thumbnail&edited=true&c=x"
    async with device.get(address) as answer:
        assert (answer.status, answer.content_type) == (200, "image/webp")


async def test_apps_hear_of_the_trash_and_of_changes(house: House) -> None:
    photo_id = await uploaded(house.client, a_picture())
    await house.idle()
    async with an_ear(house, bearer(house.token), "polling") as ear:
        await house.send("PUT", f"/api/assets/{photo_id}", {"isFavorite": True})
        assert (await ear.wait_for("on_asset_update"))["isFavorite"] is True
        async with house.client.delete("/api/assets", json={"ids": [photo_id]}) as answer:
            assert answer.status == 204
        assert await ear.wait_for("on_asset_trash") == [photo_id]
        await house.send("POST", "/api/trash/restore", {})
        assert await ear.wait_for("on_asset_restore") == [photo_id]
        async with house.client.delete("/api/assets", json={"ids": [photo_id], "force": True}) as answer:
            assert answer.status == 204
        assert await ear.wait_for("on_asset_delete") == photo_id


async def test_others_hear_nothing_of_one_s_photos(house: House) -> None:
    body = {"email": "ben@example.org", "password": PASSWORD, "name": "Ben"}
    await house.send("POST", "/api/admin/users", body, 201)
    async with house.stranger().post("/api/auth/login", json=body) as answer:
        token = (await answer.json())["accessToken"]
    async with an_ear(house, bearer(token)) as ben, an_ear(house, bearer(house.token)) as own:
        await uploaded(house.client, a_picture())
        await own.wait_for("AssetUploadReadyV2")
        assert [name for name, _ in ben.heard] == ["on_server_version"]


async def test_socket_ends_with_its_session(house: House) -> None:
    async with house.stranger().post(
        "/api/auth/login", json={"email": "admin@homemedia.invalid", "password": PASSWORD}
    ) as answer:
        token = (await answer.json())["accessToken"]
    async with an_ear(house, bearer(token)) as ear:
        async with house.stranger().post("/api/auth/logout", headers=bearer(token)) as answer:
            assert answer.ok
        assert await ear.wait_for("on_session_delete")
        async with asyncio.timeout(PATIENCE_S):
            await ear.client.wait()
        assert not ear.client.connected
    await house.until(_nobody_listens(house))


def _nobody_listens(house: House) -> Any:
    async def holds() -> bool:
        return house.server.live.apps.count == 0

    return holds


@pytest.mark.parametrize("headers", [{}, {"x-api-key": "nonsense"}, {"Authorization": "Bearer x"}])
async def test_stranger_gets_no_socket(house: House, headers: dict[str, str]) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        async with an_ear(house, headers):
            pass
    async with house.stranger().get("/api/socket.io/?EIO=4&transport=polling", headers=headers) as answer:
        assert answer.status == 401


async def test_page_of_another_site_gets_no_socket_by_the_cookie(house: House) -> None:
    headers = {"Cookie": f"immich_access_token={house.token}", "Origin": "https://evil.example"}
    with pytest.raises(socketio.exceptions.ConnectionError):
        async with an_ear(house, headers):
            pass
