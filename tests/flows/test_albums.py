"""Albums in the whole house: who is told of them, and what stays of a member's when he is gone."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from tests.support.app import PASSWORD, House, a_house
from tests.support.photos import NEW_YEAR, a_photo

Client = TestClient[Any, Any]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        await house.claim()
        yield house


async def a_member(house: House, name: str) -> tuple[str, Client]:
    """A member's id, and a device he is signed in on."""
    body = {"email": f"{name}@example.org", "password": PASSWORD, "name": name.title()}
    made = await house.send("POST", "/api/admin/users", body, 201)
    device = house.stranger()
    async with device.post("/api/auth/login", json={"email": body["email"], "password": PASSWORD}) as answer:
        assert answer.status == 201, await answer.text()
    return str(made["id"]), device


async def asked(client: Client, method: str, path: str, body: Any = None) -> Any:
    async with client.request(method, path, json=body) as answer:
        assert answer.status < 300, await answer.text()
        return await answer.json() if answer.status != 204 else None


async def names(client: Client) -> list[str]:
    return [one["albumName"] for one in await asked(client, "GET", "/api/albums")]


async def test_member_who_comes_back_is_in_his_albums_again(house: House) -> None:
    ben_id, ben = await a_member(house, "ben")
    await asked(ben, "POST", "/api/albums", {"albumName": "Ben's", "sharedWithUserIds": [(await me(house))]})
    shared = {"albumName": "Ours", "sharedWithUserIds": [ben_id]}
    await house.send("POST", "/api/albums", shared, 201)
    assert await names(house.client) == ["Ours", "Ben's"]

    await house.send("DELETE", f"/api/admin/users/{ben_id}", {})
    assert await names(house.client) == ["Ours"]
    assert (await house.get("/api/albums"))[0]["shared"] is False

    await house.send("POST", f"/api/admin/users/{ben_id}/restore")
    assert await names(house.client) == ["Ours", "Ben's"]
    assert (await house.get("/api/albums"))[0]["shared"] is True


async def test_purged_member_leaves_nothing_but_his_words(house: House) -> None:
    ben_id, ben = await a_member(house, "ben")
    admin_id = await me(house)
    db = house.server.db
    photo_id = await a_photo(db, ben_id, thumbhash=b"\xd5\x07" * 9, taken_at=NEW_YEAR)
    new = {"albumName": "Ben's", "assetIds": [photo_id], "sharedWithUserIds": [admin_id]}
    await asked(ben, "POST", "/api/albums", new)
    await asked(ben, "POST", "/api/tags", {"name": "A"})
    await asked(ben, "POST", "/api/people", {"name": "Amy"})
    memory = {"type": "on_this_day", "data": {"year": 2020}, "memoryAt": "2020-01-01", "assetIds": [photo_id]}
    await asked(ben, "POST", "/api/memories", memory)
    await asked(ben, "POST", f"/api/partners/{admin_id}")
    ours = await house.send("POST", "/api/albums", {"albumName": "Ours", "sharedWithUserIds": [ben_id]}, 201)
    await asked(ben, "POST", "/api/activities", {"albumId": ours["id"], "type": "comment", "comment": "Hi"})
    await asked(ben, "PUT", f"/api/albums/{ours['id']}/assets", {"ids": [photo_id]})
    assert len((await house.get(f"/api/albums/{ours['id']}"))["assets"]) == 1

    await house.send("DELETE", f"/api/admin/users/{ben_id}", {"force": True})
    await house.idle()

    assert await names(house.client) == ["Ours"]
    assert (await house.get(f"/api/albums/{ours['id']}"))["assets"] == []
    assert await house.get("/api/partners?direction=shared-with") == []
    (said,) = await house.get(f"/api/activities?albumId={ours['id']}")
    assert (said["comment"], said["user"]["name"]) == ("Hi", "Ben")
    for table in ("tag", "person", "memory", "album_photo", "photo"):
        assert [tuple(row) for row in await db.read(f"SELECT count(*) FROM {table}")] == [(0,)], table  # noqa: S608
    left = await db.read("SELECT 1 FROM share WHERE recipient_id = :id AND revoked_at IS NULL", {"id": ben_id})
    assert left == []


async def test_those_in_an_album_are_told_of_it_and_nobody_else(house: House) -> None:
    ben_id, ben = await a_member(house, "ben")
    _, sue = await a_member(house, "sue")
    async with ben.ws_connect("/ws") as told, sue.ws_connect("/ws") as stranger:
        for socket in (told, stranger):
            await socket.send_json({"type": "hello"})
            await socket.receive_json()
        made = await house.send("POST", "/api/albums", {"albumName": "Ours", "sharedWithUserIds": [ben_id]}, 201)
        frames = [await told.receive_json(timeout=10) for _ in range(2)]
        heard = {frame["event"]: frame for frame in frames}
        assert set(heard) == {"shares.changed", "album.changed"}
        assert heard["album.changed"]["album_id"] == made["id"]
        await house.send("PUT", "/api/home/accounts/household", {"name": "Cellar"})
        assert (await stranger.receive_json(timeout=10))["event"] == "household.changed"


async def me(house: House) -> str:
    return str((await house.get("/api/users/me"))["id"])
