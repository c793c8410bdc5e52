import asyncio
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from homemedia.accounts import HouseholdChanged, MemberChanged, store
from homemedia.accounts.models import Device
from tests.accounts.porch import PASSWORD, Porch

Client = TestClient[Any, Any]
FOREIGN = {"X-Forwarded-For": "203.0.113.9"}


async def test_claim_signs_in_names_the_house_and_tells_everybody(porch: Porch, client: Client) -> None:
    answer = await client.post(
        "/api/auth/setup", json={"password": PASSWORD, "username": " Ann ", "serverName": "Attic"}
    )

    body = await answer.json()
    assert answer.status == 200
    assert body["user"]["username"] == "Ann"
    assert body["user"]["isAdmin"] is True
    assert body["user"]["libraries"] == "all"
    household = await porch.household.read()
    assert (household.name, household.is_claimed) == ("Attic", True)
    assert HouseholdChanged() in porch.events
    assert MemberChanged(body["user"]["id"]) in porch.events
    me = await client.get("/api/auth/me")
    assert (await me.json())["user"]["id"] == body["user"]["id"]
    rows = await porch.db.read("SELECT host_id FROM household")
    assert rows[0]["host_id"] == body["user"]["id"]


async def test_cookies_of_a_sign_in_are_closed_to_scripts_and_other_sites(client: Client) -> None:
    answer = await client.post("/api/auth/setup", json={"password": PASSWORD})

    token = answer.cookies["immich_access_token"]
    assert (token["httponly"], token["samesite"], token["path"]) == (True, "Lax", "/")
    assert token["max-age"] == str(400 * 86_400)
    assert token["secure"] == ""
    assert answer.cookies["immich_auth_type"].value == "password"
    assert answer.cookies["immich_is_authenticated"]["httponly"] == ""


async def test_cookie_is_secure_exactly_behind_https(porch: Porch) -> None:
    client = await porch.open(proxies=("127.0.0.1",))
    headers = {"X-Forwarded-For": "192.168.1.7", "X-Forwarded-Proto": "https"}

    answer = await client.post("/api/auth/setup", json={"password": PASSWORD}, headers=headers)

    assert answer.status == 200
    assert answer.cookies["immich_access_token"]["secure"] is True


async def test_of_two_racing_claims_one_wins(porch: Porch, client: Client) -> None:
    answers = await asyncio.gather(
        *(client.post("/api/auth/setup", json={"password": PASSWORD, "username": f"p{number}"}) for number in range(6))
    )

    codes = sorted([answer.status for answer in answers])
    assert codes == [200, 403, 403, 403, 403, 403]
    rows = await porch.db.read("SELECT count(*) AS n FROM user")
    assert rows[0]["n"] == 1


@pytest.mark.parametrize(
    "columns", [{}, {"password_hash": None}, {"state": "disabled"}], ids=["plain", "no password", "disabled"]
)
async def test_any_administrator_closes_the_setup(porch: Porch, client: Client, columns: dict[str, Any]) -> None:
    await porch.add_member("root", is_admin=True, **columns)

    answer = await client.post("/api/auth/setup", json={"password": PASSWORD})

    assert (answer.status, (await answer.json())["code"]) == (403, "setup_closed")


@pytest.mark.parametrize(
    "headers",
    [
        FOREIGN,
        {"Forwarded": "for=192.168.1.5"},
        {"X-Forwarded-For": "192.168.1.5"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "rebound.evil.example"},
        {"Host": "evil.example@localhost"},
        {"Host": "localhost/evil.example"},
        {"Host": "[evil"},
    ],
    ids=str,
)
async def test_strangers_need_the_setup_code(porch: Porch, client: Client, headers: dict[str, str]) -> None:
    body = {"password": PASSWORD}

    without = await client.post("/api/auth/setup", json=body, headers=headers)
    wrong = await client.post("/api/auth/setup", json=body | {"setupCode": "x"}, headers=headers)
    right = await client.post("/api/auth/setup", json=body | {"setupCode": porch.claims.setup_code}, headers=headers)

    assert (without.status, (await without.json())["code"]) == (403, "setup_code_required")
    assert (wrong.status, (await wrong.json())["code"]) == (403, "setup_code_wrong")
    assert right.status == 200


@pytest.mark.parametrize(
    "host", ["attic.local:8420", "attic", "192.168.1.2:8420", "[fe80::1]:8420", "media.home.arpa", "LocalHost"]
)
async def test_names_of_the_house_may_claim_without_code(client: Client, host: str) -> None:
    headers = {"Host": host, "Origin": f"http://{host}"}

    answer = await client.post("/api/auth/setup", json={"password": PASSWORD}, headers=headers)

    assert answer.status == 200, await answer.text()


async def test_setup_code_has_five_tries_an_hour(porch: Porch, client: Client) -> None:
    body = {"password": PASSWORD, "setupCode": "00000000x"}
    for _ in range(5):
        assert (await client.post("/api/auth/setup", json=body, headers=FOREIGN)).status == 403

    body["setupCode"] = porch.claims.setup_code
    late = await client.post("/api/auth/setup", json=body, headers=FOREIGN)
    porch.clock.pass_ms(3_600_000)
    later = await client.post("/api/auth/setup", json=body, headers=FOREIGN)

    assert late.status == 429
    assert int(late.headers["Retry-After"]) == 3600
    assert later.status == 200


async def test_setup_code_is_eight_digits(porch: Porch) -> None:
    assert len(porch.claims.setup_code) == 8
    assert porch.claims.setup_code.isdigit()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "password"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 1025}, "password"),
        ({"password": 123456}, "password"),
        ({"password": PASSWORD, "username": ""}, "username"),
        ({"password": PASSWORD, "username": "a/b"}, "username"),
        ({"password": PASSWORD, "username": "a\u202eb"}, "username"),
        ({"password": PASSWORD, "username": "x" * 65}, "username"),
        ({"password": PASSWORD, "serverName": "  "}, "serverName"),
        ({"password": PASSWORD, "serverName": "a\nb"}, "serverName"),
    ],
)
async def test_bad_claims_name_the_field(client: Client, body: dict[str, Any], field: str) -> None:
    answer = await client.post("/api/auth/setup", json=body)

    found = await answer.json()
    assert (answer.status, found["code"]) == (400, "invalid_request")
    assert found["details"][0]["field"] == field


async def test_nothing_opens_while_the_house_is_unclaimed(porch: Porch, client: Client) -> None:
    user_id = await porch.add_member("early")
    known = await store.known_by_id(porch.db.read, user_id)
    assert known is not None
    async with porch.db.write() as tx:
        token = (await porch.sessions.open(tx, known.member, way="invite", device=Device())).token

    door = await client.get("/api/libraries", headers={"Authorization": f"Bearer {token}"})
    login = await client.post("/api/auth/login", json={"username": "early", "password": PASSWORD})
    photo = await client.post("/api/auth/login", json={"email": "early", "password": PASSWORD})

    assert door.status == 401
    assert (login.status, (await login.json())["code"]) == (403, "setup_required")
    assert photo.status == 401
