"""Who looks on hears of members, devices, invites and pictures as they change, and of nobody else's affairs."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, FormData
from aiohttp.test_utils import TestClient
from PIL import Image

from homemedia.core.http.live import CLOSE_STOPPING
from tests.support.app import House, a_house

Heard = list[tuple[str, str | None]]


class Listener:
    """One open socket."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket

    async def heard(self) -> Heard:
        """The events since the last question: (name, whose)."""
        await self._socket.send_json({"type": "ping", "id": "p"})
        found: Heard = []
        async with asyncio.timeout(10):
            while (frame := await self._socket.receive_json())["type"] != "pong":
                if frame["type"] == "event":
                    found.append((frame["event"], frame.get("user_id")))
        return found


class Home:
    house: House
    ben: TestClient[Any, Any]
    ben_id: str
    admin_id: str
    by_admin: Listener
    by_ben: Listener


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with a_house(tmp_path) as house:
        await house.claim()
        found = Home()
        found.house, found.ben = house, house.stranger()
        body = {"username": "ben", "password": "1234"}
        found.ben_id = (await house.send("POST", "/api/users", body, 201))["user"]["id"]
        found.admin_id = (await house.get("/api/auth/me"))["id"]
        assert (await found.ben.post("/api/auth/login", json=body)).status == 200
        async with house.client.ws_connect("/ws") as first, found.ben.ws_connect("/ws") as second:
            for socket in (first, second):
                await socket.send_json({"type": "hello", "id": "1", "events": ["members"]})
                assert (await socket.receive_json())["type"] == "ready"
            found.by_admin, found.by_ben = Listener(first), Listener(second)
            yield found


async def test_changed_member_is_told_to_himself_and_administrators(home: Home) -> None:
    await home.house.send("PUT", f"/api/users/{home.ben_id}", {"displayName": "Ben the Great"})

    assert await home.by_admin.heard() == [("member.changed", home.ben_id)]
    assert await home.by_ben.heard() == [("member.changed", home.ben_id)]


async def test_others_members_changes_are_not_told(home: Home) -> None:
    await home.house.send("POST", "/api/users", {"username": "cal", "password": "1234"}, 201)

    assert [name for name, _ in await home.by_admin.heard()] == ["member.changed"]
    assert await home.by_ben.heard() == []


async def test_picture_is_told_to_everybody(home: Home) -> None:
    body, form = io.BytesIO(), FormData()
    Image.new("RGB", (64, 64)).save(body, "PNG")
    form.add_field("file", body.getvalue(), filename="me.png")

    async with home.house.client.post("/api/users/profile-image", data=form) as answer:
        assert answer.status == 201

    assert await home.by_admin.heard() == [("member.picture", home.admin_id)]
    assert await home.by_ben.heard() == [("member.picture", home.admin_id)]


async def test_device_that_signs_in_and_out_is_told_to_its_owner_and_administrators(home: Home) -> None:
    phone = home.house.stranger()
    entered = await phone.post("/api/auth/login", json={"username": "admin", "password": "correct horse"})
    assert entered.status == 200
    await phone.post("/api/auth/logout")

    mine = [("sessions.changed", home.admin_id)]
    assert (await home.by_admin.heard()).count(mine[0]) == 2
    assert await home.by_ben.heard() == []


async def test_devices_of_a_member_are_told_to_him(home: Home) -> None:
    phone = home.house.stranger()
    await phone.post("/api/auth/login", json={"username": "ben", "password": "1234"})

    assert ("sessions.changed", home.ben_id) in await home.by_admin.heard()
    assert ("sessions.changed", home.ben_id) in await home.by_ben.heard()


async def test_invites_are_told_to_administrators_alone(home: Home) -> None:
    invite = (await home.house.send("POST", "/api/invites", {"label": "Cal"}, 201))["invite"]
    made = await home.by_admin.heard()
    token = invite["url"].rsplit("/", 1)[1]
    guest = {"username": "cal", "password": "1234"}
    async with home.house.stranger().post(f"/api/invites/{token}/accept", json=guest) as answer:
        assert answer.status == 201
    taken = await home.by_admin.heard()
    await home.house.send("DELETE", f"/api/invites/{invite['id']}")
    revoked = await home.by_admin.heard()

    assert made == revoked == [("invites.changed", None)]
    assert ("invites.changed", None) in taken
    assert await home.by_ben.heard() == []


async def test_standing_code_is_taken_as_it_is_read_aloud(home: Home) -> None:
    code = (await home.house.get("/api/home/accounts/standing-invite"))["code"]
    spoken = " ".join(code[at : at + 4].upper() for at in range(0, len(code), 4))

    for written in (spoken, spoken.replace(" ", "-")):
        assert (await home.house.get(f"/api/invite-info/{written}"))["server"]["name"] == "Attic"


async def test_stop_waits_for_no_page_that_is_open(claimed: House) -> None:
    socket = await claimed.client.ws_connect("/ws")
    await socket.send_json({"type": "hello", "id": "1"})
    assert (await socket.receive_json())["type"] == "ready"

    async with asyncio.timeout(10):
        await claimed.runner.cleanup()

    assert (await socket.receive()).data == CLOSE_STOPPING
