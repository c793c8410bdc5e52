from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from homemedia.accounts import SessionEnded
from homemedia.accounts.device import device_of
from tests.accounts.porch import PASSWORD, Ask, Porch

Client = TestClient[Any, Any]
DAY_MS = 86_400_000
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1"


@pytest.fixture
async def token(porch: Porch, client: Client) -> str:
    return await porch.claim(client, username="Ann")


async def second(porch: Porch, name: str = "ann", **headers: str) -> str:
    answer = await porch.device().post(
        "/api/auth/login", json={"username": name, "password": PASSWORD}, headers=headers
    )
    return str((await answer.json())["token"])


async def test_devices_are_listed_with_what_they_told(porch: Porch, client: Client, token: str) -> None:
    porch.clock.pass_ms(1500)
    await second(porch, **{"User-Agent": FIREFOX})

    sessions = await (await client.get("/api/sessions")).json()

    assert [session["current"] for session in sessions] == [False, True]
    assert sessions[0] == {
        "id": sessions[0]["id"],
        "createdAt": "2026-01-01T00:00:01.500Z",
        "updatedAt": "2026-01-01T00:00:01.500Z",
        "current": False,
        "deviceType": "Firefox",
        "deviceOS": "Linux",
        "appVersion": None,
        "isPendingSyncReset": False,
    }


async def test_ended_device_is_out_at_its_next_request(porch: Porch, client: Client, token: str, ask: Ask) -> None:
    other = await second(porch)
    sessions = await (await client.get("/api/sessions")).json()
    found = next(session for session in sessions if not session["current"])

    answer = await client.delete(f"/api/sessions/{found['id']}")

    assert (answer.status, await answer.read()) == (204, b"")
    assert await ask(other) == (401, "session_revoked")
    assert SessionEnded(found["id"]) in porch.events
    assert (await client.delete(f"/api/sessions/{found['id']}")).status == 400


async def test_nobody_ends_anothers_session(porch: Porch, client: Client, token: str, ask: Ask) -> None:
    await porch.add_member("bob")
    bobs = await second(porch, "bob")
    row = (await porch.db.read("SELECT session_id FROM session JOIN user USING (user_id) WHERE username = 'bob'"))[0]

    answer = await client.delete(f"/api/sessions/{row['session_id']}")

    assert (answer.status, (await answer.json())["code"]) == (400, "not_found")
    assert (await ask(bobs))[0] == 200


async def test_all_other_devices_can_be_signed_out_at_once(porch: Porch, client: Client, token: str, ask: Ask) -> None:
    others = [await second(porch), await second(porch)]

    assert (await client.delete("/api/sessions")).status == 204

    assert [await ask(other) for other in others] == [(401, "session_revoked")] * 2
    assert (await ask(token))[0] == 200


async def test_logout_ends_the_session_and_clears_the_cookies(client: Client, token: str, ask: Ask) -> None:
    answer = await client.post("/api/auth/logout")

    assert (answer.status, await answer.read()) == (204, b"")
    names = ("immich_access_token", "immich_auth_type", "immich_is_authenticated")
    assert all(answer.cookies[name]["max-age"] == "0" for name in names)
    assert await ask(token) == (401, "session_revoked")
    assert (await client.get("/api/libraries")).status == 401


async def test_logout_answers_json_to_who_asks_for_exactly_that(client: Client, token: str) -> None:
    answer = await client.post("/api/auth/logout", headers={"Accept": "application/json"})

    assert answer.status == 200
    assert await answer.json() == {"successful": True, "redirectUri": "/auth/login?autoLaunch=0"}


async def test_long_ended_sessions_are_swept(porch: Porch, client: Client, token: str) -> None:
    await second(porch)
    await client.post("/api/auth/logout")
    porch.clock.pass_ms(31 * DAY_MS)

    assert await porch.sessions.sweep() == 1

    porch.clock.pass_ms(370 * DAY_MS)
    assert await porch.sessions.sweep() == 1


@pytest.mark.parametrize(
    ("headers", "device"),
    [
        ({}, ("", "", "")),
        ({"User-Agent": FIREFOX}, ("Firefox", "Linux", "")),
        ({"User-Agent": EDGE}, ("Edge", "Windows", "")),
        ({"User-Agent": SAFARI}, ("Safari", "iOS", "")),
        ({"User-Agent": "immich-android/3.2.0"}, ("Immich", "Android", "3.2.0")),
        ({"User-Agent": "immich-go/0.32.1 (linux)"}, ("immich-go", "", "0.32.1")),
        ({"User-Agent": "curl/8"}, ("", "", "")),
        ({"deviceType": "Phone", "deviceModel": "Pixel\t9"}, ("Phone", "Pixel9", "")),
        ({"deviceType": "x" * 500}, ("x" * 80, "", "")),
    ],
)
def test_device_is_read_from_its_headers(headers: dict[str, str], device: tuple[str, str, str]) -> None:
    found = device_of(headers, "192.168.1.2")

    assert (found.device_type, found.device_os, found.app_version) == device
    assert found.address == "192.168.1.2"
