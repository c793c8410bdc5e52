"""Nobody makes more of his credential than it is: of a sign-in link, of what it was exchanged for, of his account.

Every route that changes something is asked with everything an account can be taken over by.
"""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient

from homemedia.app import declared_routes
from homemedia.core.http.routes import Needs
from homemedia.library.events import ScanFinished
from tests.support.app import House, a_house

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVIL = {
    "email": "evil@home.example",
    "password": "evil horse",
    "newPassword": "evil horse",
    "phone": "+4915112345678",
    "phoneNumber": "+4915112345678",
    "action": "onboard",
    "code": "000000",
    "pinCode": "123456",
    "newPinCode": "123456",
    "name": "evil",
    "username": "evil",
    "displayName": "evil",
    "permissions": ["all"],
    "isAdmin": True,
    "is_admin": True,
    "enabled": True,
    "duration": 3600,
    "publicKey": "GKAqskuKT17VdDKavoptfdJQvE5JeSX3EYPUkPPec6Vzg",
    "public_key": "GKAqskuKT17VdDKavoptfdJQvE5JeSX3EYPUkPPec6Vzg",
    "restrictions": None,
    "libraries": "all",
}
# They end the session that asks, or what it asks by; tests/accounts asks them.
ENDING = {"POST /api/auth/logout", "DELETE /api/sessions", "DELETE /api/sessions/{id}"}
# What somebody could come in by, or be, of every account.
ACCOUNTS = """
    SELECT user_id, username, email, phone, password_hash, pin_hash, is_admin, state, expires_at, sees_all_libraries,
           (SELECT group_concat(api_key_id) FROM api_key WHERE api_key.user_id = user.user_id) AS api_keys,
           (SELECT count(*) FROM user_key WHERE user_key.user_id = user.user_id) AS keys,
           (SELECT count(*) FROM user_identity WHERE user_identity.user_id = user.user_id) AS identities,
           (SELECT max_age FROM restriction WHERE restriction.user_id = user.user_id) AS max_age
      FROM user ORDER BY user_id
"""


class Court:
    house: House
    device: TestClient[Any, Any]
    ids: dict[str, str]

    async def accounts(self) -> list[dict[str, Any]]:
        return [dict(row) for row in await self.house.server.db.read(ACCOUNTS)]

    async def ways(self) -> dict[str, int]:
        rows = await self.house.server.db.read("SELECT way, count(*) AS n FROM session GROUP BY way")
        return {row["way"]: row["n"] for row in rows}

    async def link_of(self, name: str) -> str:
        return str((await self.house.get(f"/api/users/{self.ids[name]}/share-link"))["token"])

    async def login(self, **body: str) -> str:
        async with self.device.post("/api/auth/login", json=body) as answer:
            assert answer.status == 200, await answer.text()
            token = str((await answer.json())["token"])
        self.device.session.cookie_jar.clear()
        return token

    async def ask_everything(self, token: str, aim: str) -> list[str]:
        """Ask every route that changes something, of `aim` where one is named; those that said yes."""
        said_yes = []
        for route in declared_routes():
            name = f"{route.method} {route.path}"
            if route.method == "GET" or route.needs is None or name in ENDING:
                continue
            path = re.sub(r"\{[^}]*\}", aim, route.path)
            options: dict[str, Any] = {"headers": {"Authorization": f"Bearer {token}"}, "json": EVIL}
            async with self.device.request(route.method, path, **options) as answer:
                assert answer.status < 500 or answer.status == 503, f"{name}: {await answer.text()}"
                if answer.status < 300:
                    said_yes.append(name)
                if route.needs is Needs.ADMIN:
                    assert answer.status in {401, 403}, f"{name}: {answer.status}"
        self.device.session.cookie_jar.clear()
        return said_yes


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def court(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Court]:
    async with a_house(tmp_path_factory.mktemp("court")) as house:
        await house.claim()
        found = Court()
        found.house, found.device, found.ids = house, house.stranger(), {}
        for name, is_admin in (("boss", True), ("child", False), ("other", False)):
            body = {"username": name, "password": "123456", "isAdmin": is_admin}
            made = await house.send("POST", "/api/users", body, 201)
            found.ids[name] = made["user"]["id"]
        await house.send("PUT", f"/api/users/{found.ids['child']}/restrictions", {"maxAge": 6})
        # As one who comes in by a key or by a provider: there is no password that could be asked for.
        async with house.server.db.write() as tx:
            await tx.run("UPDATE user SET password_hash = NULL WHERE username = 'boss'")
        yield found


@pytest.mark.parametrize("way", ["the link", "what it was exchanged for"])
async def test_link_of_an_administrator_changes_no_account(court: Court, way: str) -> None:
    token = await court.link_of("boss")
    if way != "the link":
        token = await court.login(shareToken=token)
    accounts, ways = await court.accounts(), await court.ways()

    said_yes = await court.ask_everything(token, court.ids["boss"])

    left = [{**row, "username": ""} for row in await court.accounts()]
    assert left == [{**row, "username": ""} for row in accounts], said_yes
    assert await court.ways() == ways
    async with court.device.get("/api/users", headers={"Authorization": f"Bearer {token}"}) as answer:
        assert "evil@home.example" not in await answer.text()


@pytest.mark.parametrize("aim", ["child", "other", "boss"])
async def test_member_gives_himself_nothing_and_changes_nobody_else(court: Court, aim: str) -> None:
    token = await court.login(username="child", password="123456")
    before = {row["user_id"]: row for row in await court.accounts()}

    said_yes = await court.ask_everything(token, court.ids[aim])

    after = {row["user_id"]: row for row in await court.accounts()}
    mine = court.ids["child"]
    assert {key: row for key, row in after.items() if key != mine} == {
        key: row for key, row in before.items() if key != mine
    }, said_yes
    for right in ("is_admin", "state", "expires_at", "sees_all_libraries", "max_age", "phone", "identities", "keys"):
        assert after[mine][right] == before[mine][right], (right, said_yes)
    # What he may change of himself is put back for the next test.
    body = {"username": "child", "password": "123456", "email": None}
    await court.house.send("PUT", f"/api/users/{mine}", body)
    async with court.house.server.db.write() as tx:
        await tx.run("UPDATE user SET pin_hash = NULL WHERE username = 'child'")
        await tx.run("DELETE FROM api_key")


async def test_api_key_makes_no_session_that_would_outlive_it(court: Court) -> None:
    """Whatever words it carries: a session would still be there when the key is taken away."""
    made = await court.house.send("POST", "/api/api-keys", {"name": "all", "permissions": ["all"]}, 201)
    headers = {"x-api-key": made["secret"]}
    begun = await court.house.send("POST", "/api/home/accounts/pairing", {}, 201)
    ways = await court.ways()
    statuses = []
    for path, body in (
        ("/api/home/accounts/pairing/confirm", {"code": begun["code"]}),
        ("/api/home/accounts/pairing/confirm", {"code": begun["code"], "isAdmin": True}),
        ("/api/sessions", {"duration": 3600}),
        ("/api/auth/session/unlock", {"pinCode": "123456"}),
    ):
        async with court.device.post(path, json=body, headers=headers) as answer:
            statuses.append(answer.status)

    assert statuses == [403, 403, 400, 400]
    assert await court.ways() == ways


async def test_live_page_of_an_api_key_closes_with_the_key(court: Court) -> None:
    made = await court.house.send("POST", "/api/api-keys", {"name": "live", "permissions": ["all"]}, 201)
    async with court.device.ws_connect("/ws", headers={"x-api-key": made["secret"]}) as socket:
        await socket.send_json({"type": "hello"})
        assert (await socket.receive_json())["type"] == "ready"
        await court.house.server.live.channel.look_again()
        await socket.send_json({"type": "ping"})
        assert (await socket.receive_json())["type"] == "pong"
        async with court.house.client.delete(f"/api/api-keys/{made['apiKey']['id']}") as answer:
            assert answer.status < 300

        assert (await socket.receive()).data == 4401


async def test_administrator_who_is_none_any_more_hears_as_a_member(court: Court) -> None:
    made = await court.house.send("POST", "/api/users", {"username": "was", "password": "123456", "isAdmin": True}, 201)
    token = await court.login(username="was", password="123456")
    async with court.device.ws_connect("/ws", headers={"Authorization": f"Bearer {token}"}) as socket:
        await socket.send_json({"type": "hello", "events": ["scans"]})
        await socket.receive_json()
        heard = []
        for _ in range(2):
            court.house.server.bus.publish(ScanFinished(7, "x"))
            await court.house.server.bus.settle()
            await socket.send_json({"type": "ping"})
            while (frame := await socket.receive_json())["type"] != "pong":
                heard.append(frame["event"])
            await court.house.send("PUT", f"/api/users/{made['user']['id']}", {"isAdmin": False})
            await court.house.server.bus.settle()

    assert heard == ["scan.finished"]
