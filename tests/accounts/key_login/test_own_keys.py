from typing import Any

from aiohttp.test_utils import TestClient

from homemedia.accounts.events import SessionEnded
from tests.accounts.key_login.wallet import Wallet, bearing, problem
from tests.accounts.porch import Porch
from tests.accounts.test_guard import claims_of

Client = TestClient[Any, Any]
KEYS = "/api/home/accounts/keys"


async def test_member_sees_his_keys_and_nobody_elses(porch: Porch, client: Client) -> None:
    token = await porch.claim(client)
    client.session.cookie_jar.clear()
    own, other = Wallet(client), Wallet(client, 2)
    await other.enter(403)
    porch.clock.pass_ms(1000)
    await own.enter(headers=bearing(token), email="admin@example.org")
    porch.clock.pass_ms(1000)
    await own.enter()

    body = await (await client.get(KEYS, headers=bearing(token))).json()

    assert body == {
        "keys": [
            {
                "publicKey": own.public_key,
                "label": "admin@example.org",
                "createdAt": porch.clock.now_ms() - 1000,
                "lastUsedAt": porch.clock.now_ms(),
            }
        ]
    }


async def test_removed_key_opens_nothing_any_more(porch: Porch, client: Client) -> None:
    token = await porch.claim(client)
    client.session.cookie_jar.clear()
    wallet = Wallet(client)
    tokens = await wallet.enter(headers=bearing(token))
    porch.events.clear()

    removed = await client.delete(f"{KEYS}/{wallet.public_key}", headers=bearing(token))

    assert removed.status == 204
    assert porch.events == [SessionEnded(claims_of(tokens["accessToken"])["sid"])]
    used = await client.post("/api/me", headers=bearing(tokens["accessToken"]))
    assert await problem(used) == (401, "session_revoked")
    assert (await client.post("/api/me", headers=bearing(token))).status == 200
    assert (await wallet.enter(403))["code"] == "approval_required"


async def test_only_ones_own_keys_can_be_removed(porch: Porch, client: Client) -> None:
    token = await porch.claim(client)
    client.session.cookie_jar.clear()
    wallet = Wallet(client)
    await wallet.enter(403)

    for key in (wallet.public_key, "nothing", "z" * 2000):
        assert await problem(await client.delete(f"{KEYS}/{key}", headers=bearing(token))) == (404, "not_found")
    assert (await wallet.enter(403))["code"] == "approval_required"


async def test_last_way_in_stays(porch: Porch, owner: Wallet) -> None:
    tokens = await owner.enter()
    device, headers = porch.device(), bearing(tokens["accessToken"])
    second = Wallet(device, 5)
    last = await device.delete(f"{KEYS}/{owner.public_key}", headers=headers)
    await second.enter(headers=headers)
    first = await device.delete(f"{KEYS}/{owner.public_key}", headers=headers)

    assert await problem(last) == (409, "last_way_in")
    assert first.status == 204
    assert (await device.post("/api/me", headers=headers)).status == 200


async def test_members_keys_are_for_administrators(porch: Porch, client: Client) -> None:
    admin = await porch.claim(client)
    bob = await porch.add_member("bob")
    login = await porch.device().post("/api/auth/login", json={"username": "bob", "password": "correct horse"})
    own = (await login.json())["token"]
    client.session.cookie_jar.clear()
    path = f"/api/home/accounts/members/{bob}/keys"

    assert await problem(await client.get(path, headers=bearing(own))) == (403, "admin_required")
    assert await (await client.get(path, headers=bearing(admin))).json() == {"keys": []}
    nobody = await client.get("/api/home/accounts/members/x/keys", headers=bearing(admin))
    assert await problem(nobody) == (404, "not_found")
