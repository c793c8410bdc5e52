from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from homemedia.accounts.password_login import OtherWays
from homemedia.core.problems import Conflict
from tests.accounts.porch import PASSWORD, Porch

ISSUER = "https://id.example.org"
PATH = "/api/home/accounts/password-login"
Client = TestClient[Any, Any]


@pytest.fixture
async def host(porch: Porch) -> Client:
    client = await porch.open()
    await porch.claim(client, username="gran")
    await porch.add_member("kid")
    return client


async def link(porch: Porch, username: str, issuer: str = ISSUER) -> None:
    async with porch.db.write() as tx:
        await tx.run(
            "INSERT INTO user_identity (issuer, subject, user_id, linked_at)"
            " SELECT :issuer, username, user_id, 1 FROM user WHERE username = :username",
            {"issuer": issuer, "username": username},
        )


async def close(client: Client, *, enabled: bool = False) -> tuple[int, dict[str, Any]]:
    answer = await client.put(PATH, json={"enabled": enabled})
    return answer.status, await answer.json()


async def login(porch: Porch, field: str, name: str, password: str = PASSWORD) -> tuple[int, str]:
    answer = await porch.device().post("/api/auth/login", json={field: name, "password": password})
    return answer.status, (await answer.json()).get("code", "")


async def test_passwords_are_closed_in_both_forms_and_opened_again(porch: Porch, host: Client) -> None:
    await link(porch, "gran")
    porch.password_login.ways = lambda: OtherWays(issuer=ISSUER)

    assert await close(host) == (200, {"enabled": False, "mayClose": True})

    for name in ("gran", "kid", "nobody"):
        assert await login(porch, "username", name) == (401, "password_login_disabled")
        assert await login(porch, "email", name) == (401, "password_login_disabled")
    assert (await close(host, enabled=True))[0] == 200
    assert await login(porch, "username", "kid") == (200, "")
    assert await login(porch, "email", "kid") == (201, "")


@pytest.mark.parametrize(
    ("columns", "ways"),
    [
        ({}, OtherWays(issuer=ISSUER)),
        ({"phone": "+15550000001", "email": "gran@example.org"}, OtherWays()),
        ({"phone": "+15550000001"}, OtherWays(by_mail=True)),
        ({"email": "gran@example.org"}, OtherWays(by_phone=True)),
    ],
)
async def test_who_has_no_other_way_does_not_close_them(
    porch: Porch, host: Client, columns: dict[str, Any], ways: OtherWays
) -> None:
    await porch.set("user", "username = 'gran'", display_name="Gran", **columns)
    await link(porch, "gran", "https://another.example.org")
    await link(porch, "kid")
    porch.password_login.ways = lambda: ways

    status, answer = await close(host)

    assert (status, answer["code"]) == (409, "no_other_way")
    assert await login(porch, "username", "gran") == (200, "")


@pytest.mark.parametrize(
    ("columns", "ways"),
    [
        ({"phone": "+15550000001"}, OtherWays(by_phone=True)),
        ({"email": "gran@example.org"}, OtherWays(by_mail=True)),
    ],
)
async def test_codes_are_another_way(porch: Porch, host: Client, columns: dict[str, Any], ways: OtherWays) -> None:
    await porch.set("user", "username = 'gran'", **columns)
    porch.password_login.ways = lambda: ways

    assert (await close(host))[0] == 200


async def test_last_other_way_that_goes_opens_them_for_administrators_alone(porch: Porch, host: Client) -> None:
    await link(porch, "gran")
    porch.password_login.ways = lambda: OtherWays(issuer=ISSUER)
    await close(host)

    porch.password_login.ways = OtherWays

    assert await login(porch, "username", "gran") == (200, "")
    assert await login(porch, "username", "kid") == (401, "password_login_disabled")
    assert await login(porch, "username", "kid", "wrong") == (401, "bad_credentials")
    assert await login(porch, "email", "kid") == (401, "password_login_disabled")


async def test_expiring_and_disabled_administrators_hold_nothing_open(porch: Porch, host: Client) -> None:
    for name, columns in (("aunt", {"expires_at": 1 << 50}), ("uncle", {"state": "disabled"})):
        await porch.add_member(name, is_admin=True, **columns)
        await link(porch, name)
    porch.password_login.ways = lambda: OtherWays(issuer=ISSUER)

    with pytest.raises(Conflict):
        await porch.password_login.change(is_on=False, by=None)


async def test_members_do_not_touch_the_switch(porch: Porch, host: Client) -> None:
    client = porch.device()
    assert (await client.post("/api/auth/login", json={"username": "kid", "password": PASSWORD})).status == 200

    assert (await client.get(PATH)).status == 403
    assert (await close(client))[0] == 403
