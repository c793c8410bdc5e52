"""The accounts of a household: who may keep them, what each change ends, and what nobody can do by mistake."""

import asyncio
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from homemedia.accounts import MemberChanged, SessionEnded
from tests.accounts.porch import PASSWORD, Ask, Porch

Client = TestClient[Any, Any]


@pytest.fixture
async def boss(porch: Porch, client: Client) -> str:
    """The administrator's token; `client` has his cookie."""
    return await porch.claim(client, username="Ann")


async def add(client: Client, name: str = "ben", status: int = 201, **body: Any) -> Any:
    answer = await client.post("/api/users", json={"username": name, "password": "1234"} | body)
    found = await answer.json()
    assert answer.status == status, found
    return found.get("user", found)


async def put(client: Client, user_id: str, status: int = 200, **body: Any) -> Any:
    answer = await client.put(f"/api/users/{user_id}", json=body)
    found = await answer.json()
    assert answer.status == status, found
    return found.get("user", found)


async def enter(porch: Porch) -> tuple[int, str]:
    answer = await porch.device().post("/api/auth/login", json={"username": "ben", "password": "1234"})
    return answer.status, str((await answer.json()).get("token", ""))


async def id_of(client: Client, name: str) -> str:
    members = await (await client.get("/api/users")).json()
    return str(next(one["id"] for one in members if one["username"] == name))


@pytest.mark.usefixtures("boss")
async def test_member_is_made_with_all_that_was_said(porch: Porch, client: Client) -> None:
    made = await add(
        client,
        "Ben",
        displayName="Uncle Ben",
        email="Ben@Example.org",
        libraries=["films"],
        expiresAt=2_000_000_000,
        restrictions={"maxAge": 12, "schedule": [{"days": ["mon"], "from": "15:00", "to": "19:30"}]},
    )

    listed = {one["username"]: one for one in await (await client.get("/api/users")).json()}
    limits = await (await client.get(f"/api/users/{made['id']}/restrictions")).json()

    assert made == {
        "id": made["id"],
        "username": "Ben",
        "displayName": "Uncle Ben",
        "isAdmin": False,
        "email": "ben@example.org",
        "enabled": True,
        "state": "active",
        "createdAt": made["createdAt"],
        "lastSeenAt": None,
        "expiresAt": 2_000_000_000,
        "libraries": ["films"],
        "hasPassword": True,
    }
    assert listed["Ben"] == made | {
        "activeSessions": 0,
        "name": "Uncle Ben",
        "avatarColor": listed["Ben"]["avatarColor"],
        "profileImagePath": "",
        "profileChangedAt": made["createdAt"],
    }
    assert listed["Ann"]["activeSessions"] == 1
    assert (listed["Ann"]["libraries"], listed["Ann"]["email"]) == ("all", None)
    assert limits == {
        "userId": made["id"],
        "maxAge": 12,
        "allowedRatings": [],
        "blockedRatings": [],
        "blockUnrated": True,
        "allowedLabels": [],
        "blockedLabels": [],
        "libraries": ["films"],
        "allowTranscode": True,
        "allowDownload": True,
        "maxStreams": None,
        "maxBitrate": None,
        "schedule": [{"days": ["mon"], "from": "15:00", "to": "19:30"}],
    }
    assert MemberChanged(made["id"]) in porch.events


@pytest.mark.usefixtures("boss")
async def test_members_see_who_is_there_and_no_more(porch: Porch, client: Client) -> None:
    await add(client, "ben")
    gone = await add(client, "cat")
    await put(client, gone["id"], enabled=False)
    token = (await enter(porch))[1]

    answer = await porch.device().get("/api/users", headers={"Authorization": f"Bearer {token}"})
    members = await answer.json()

    assert [one["name"] for one in members] == ["Ann", "ben"]
    assert set(members[1]) == {"id", "email", "name", "avatarColor", "profileImagePath", "profileChangedAt"}
    assert members[1]["email"] == "ben@homemedia.invalid"
    assert members[1]["profileChangedAt"].endswith("Z")


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize("name", ["BEN", " ben ", "\uff42\uff45\uff4e", "Ben"])
async def test_names_that_only_look_different_are_taken(client: Client, name: str) -> None:
    await add(client, "ben", email="ben@example.org")

    assert (await add(client, name, 409))["code"] == "username_taken"
    other = await add(client, "other")
    assert (await put(client, other["id"], 409, username=name))["code"] == "username_taken"
    assert (await put(client, other["id"], 409, email="BEN@example.org"))["code"] == "email_taken"


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"password": "123"}, "password"),
        ({"password": "12345", "isAdmin": True}, "password"),
        ({"password": "x" * 1025}, "password"),
        ({"username": "a/b"}, "username"),
        ({"username": ""}, "username"),
        ({"username": "x" * 65}, "username"),
        ({"displayName": "\u202eben"}, "displayName"),
        ({"email": "nobody"}, "email"),
        ({"expiresAt": -1}, "expiresAt"),
        ({"restrictions": {"maxAge": -1}}, "restrictions.maxAge"),
        ({"restrictions": {"schedule": [{"days": ["mon"], "from": "25:00", "to": "1:00"}]}}, None),
        ({"restrictions": {"schedule": [{"days": ["mon"], "from": "10:00", "to": "10:00"}]}}, "schedule"),
    ],
)
async def test_bad_account_is_refused_with_its_field(client: Client, body: dict[str, Any], field: str | None) -> None:
    found = await add(client, "ben", 400, **body)

    assert found["code"] == "invalid_request"
    assert field is None or found["details"][0]["field"] == field


@pytest.mark.usefixtures("boss")
async def test_unknown_libraries_and_ratings_are_refused(client: Client) -> None:
    ben = await add(client)

    assert (await add(client, "cat", 400, libraries=["nothing"]))["code"] == "unknown_library"
    assert (await put(client, ben["id"], 400, libraries=["nothing"]))["code"] == "unknown_library"
    for body, code in (
        ({"libraries": ["nothing"]}, "unknown_library"),
        ({"allowedRatings": ["Blue"]}, "unknown_rating"),
        ({"blockedRatings": ["Blue"]}, "unknown_rating"),
    ):
        answer = await client.put(f"/api/users/{ben['id']}/restrictions", json=body)
        assert (answer.status, (await answer.json())["code"]) == (400, code)


@pytest.mark.usefixtures("boss")
async def test_restrictions_are_merged(client: Client) -> None:
    ben = await add(client)
    path = f"/api/users/{ben['id']}/restrictions"

    async def change(**body: Any) -> Any:
        answer = await client.put(path, json=body)
        assert answer.status == 200, await answer.text()
        return await answer.json()

    first = await change(blockedLabels=["horror"])
    aged = await change(maxAge=12)
    loose = await change(blockUnrated=False)
    older = await change(maxAge=16, libraries=["shows"], maxStreams=2)
    freed = await change(maxAge=None, blockedLabels=[], libraries="all")
    again = await change(allowedRatings=["PG"], blockUnrated=False)

    assert (first["blockUnrated"], aged["blockUnrated"], aged["blockedLabels"]) == (False, True, ["horror"])
    assert (loose["maxAge"], loose["blockUnrated"]) == (12, False)
    assert (older["maxAge"], older["blockUnrated"], older["libraries"], older["maxStreams"]) == (
        16,
        False,
        ["shows"],
        2,
    )
    assert (freed["maxAge"], freed["blockedLabels"], freed["libraries"], freed["maxStreams"]) == (None, [], "all", 2)
    assert (again["allowedRatings"], again["blockUnrated"]) == (["PG"], False)


async def test_administrators_cannot_be_restricted(client: Client, boss: str) -> None:
    ann = await id_of(client, "Ann")
    ben = await add(client, restrictions={"maxAge": 6}, libraries=["films"])

    answer = await client.put(f"/api/users/{ann}/restrictions", json={"maxAge": 12})
    assert (answer.status, (await answer.json())["code"]) == (409, "admin_unrestricted")
    refused = await add(client, "cat", 409, isAdmin=True, password="123456", restrictions={"maxAge": 6})
    listed = await add(client, "cat", 409, isAdmin=True, password="123456", libraries=["films"])
    raised = await put(client, ben["id"], isAdmin=True)
    limits = await (await client.get(f"/api/users/{ben['id']}/restrictions")).json()

    assert {refused["code"], listed["code"]} == {"admin_unrestricted"}
    assert (raised["isAdmin"], raised["libraries"]) == (True, "all")
    assert (limits["maxAge"], limits["libraries"]) == (None, "all")


async def test_the_last_administrator_stays_one(client: Client, boss: str) -> None:
    ann = await id_of(client, "Ann")

    for body in ({"isAdmin": False}, {"enabled": False}, {"expiresAt": 2_000_000_000}):
        assert (await put(client, ann, 409, **body))["code"] == "last_admin"
    answer = await client.delete(f"/api/users/{ann}")
    assert (answer.status, (await answer.json())["code"]) == (409, "cannot_delete_self")

    await add(client, "ben", isAdmin=True, password="123456")
    assert (await put(client, ann, isAdmin=False))["isAdmin"] is False


@pytest.mark.usefixtures("boss")
async def test_of_two_administrators_who_demote_each_other_one_stays(porch: Porch, client: Client) -> None:
    ann = await id_of(client, "Ann")
    ben = await add(client, "ben", isAdmin=True, password="123456")
    other = porch.device()
    await other.post("/api/auth/login", json={"username": "ben", "password": "123456"})

    answers = await asyncio.gather(
        client.put(f"/api/users/{ben['id']}", json={"isAdmin": False}),
        other.put(f"/api/users/{ann}", json={"isAdmin": False}),
    )

    rows = await porch.db.read("SELECT count(*) AS admins FROM user WHERE is_admin = 1")
    assert min(answer.status for answer in answers) == 200
    assert rows[0]["admins"] == 1


@pytest.mark.usefixtures("boss")
async def test_who_is_made_a_host_next_is_the_oldest_administrator(porch: Porch, client: Client) -> None:
    ann = await id_of(client, "Ann")
    porch.clock.pass_ms(1000)
    ben = await add(client, "ben", isAdmin=True, password="123456")
    porch.clock.pass_ms(1000)
    await add(client, "cat", isAdmin=True, password="123456")

    await put(client, ann, isAdmin=False)

    assert (await porch.db.read("SELECT host_id FROM household"))[0]["host_id"] == ben["id"]


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize("body", [{"password": "4321"}, {"enabled": False}])
async def test_reset_or_switched_off_account_is_out_at_once(
    porch: Porch, client: Client, ask: Ask, body: dict[str, Any]
) -> None:
    ben = await add(client)
    token = (await enter(porch))[1]
    session = (await porch.db.read("SELECT session_id FROM session WHERE user_id = :id", {"id": ben["id"]}))[0]

    await put(client, ben["id"], **body)

    assert await ask(token) == (401, "session_revoked")
    assert SessionEnded(session["session_id"]) in porch.events
    assert (await enter(porch))[0] == 401


@pytest.mark.usefixtures("boss")
async def test_switched_on_again_he_comes_in(porch: Porch, client: Client) -> None:
    ben = await add(client)
    assert (await put(client, ben["id"], enabled=False))["state"] == "disabled"
    assert (await put(client, ben["id"], enabled=True))["state"] == "active"

    assert (await enter(porch))[0] == 200


async def test_administrator_who_sets_his_own_password_stays_in(client: Client, boss: str, ask: Ask) -> None:
    await put(client, await id_of(client, "Ann"), password="another one")

    assert await ask(boss) == (200, "")


@pytest.mark.usefixtures("boss")
async def test_removed_member_is_out_and_his_name_is_free(porch: Porch, client: Client, ask: Ask) -> None:
    ben = await add(client, "ben", libraries=["films"], email="ben@example.org")
    token = (await enter(porch))[1]

    answer = await client.delete(f"/api/users/{ben['id']}")

    assert (answer.status, await answer.json()) == (200, {"deleted": True, "id": ben["id"]})
    assert await ask(token) == (401, "session_revoked")
    assert (await enter(porch))[0] == 401
    assert [one["username"] for one in await (await client.get("/api/users")).json()] == ["Ann"]
    assert ben["id"] not in porch.access.named
    assert (await client.delete(f"/api/users/{ben['id']}")).status == 404
    assert (await add(client, "ben", email="ben@example.org"))["id"] != ben["id"]


@pytest.mark.usefixtures("boss")
async def test_what_he_owned_is_dropped_after_a_week_and_his_name_stays(porch: Porch, client: Client) -> None:
    ben = await add(client, "ben", displayName="Uncle Ben", restrictions={"maxAge": 12})
    dropped: list[str] = []

    async def drop(_tx: object, user_id: str) -> None:
        dropped.append(user_id)

    porch.members.purgers.append(drop)
    await client.delete(f"/api/users/{ben['id']}")
    porch.clock.pass_ms(7 * 86_400_000 - 1)
    (job,) = await porch.jobs.open("member-purge")
    limits = "SELECT count(*) AS n FROM restriction"
    assert (await porch.db.read(limits))[0]["n"] == 1
    porch.clock.pass_ms(1)
    async with porch.jobs:
        async with asyncio.timeout(10):
            while await porch.jobs.open("member-purge"):
                await asyncio.sleep(0.01)

    row = (await porch.db.read("SELECT state, display_name, password_hash FROM user WHERE user_id = :id", ben))[0]
    assert job.key.startswith(f"{ben['id']}/")
    assert dropped == [ben["id"]]
    assert (await porch.db.read(limits))[0]["n"] == 0
    assert tuple(row) == ("removed", "Uncle Ben", None)


@pytest.mark.usefixtures("boss")
async def test_by_force_all_is_dropped_at_once(porch: Porch, client: Client) -> None:
    ben = await add(client, "ben", restrictions={"maxAge": 12})

    assert (await client.delete(f"/api/users/{ben['id']}?force=true")).status == 200

    assert (await porch.db.read("SELECT count(*) AS n FROM restriction"))[0]["n"] == 0
    assert not await porch.jobs.open("member-purge")


@pytest.mark.usefixtures("boss")
async def test_nobody_else_keeps_accounts(porch: Porch, client: Client) -> None:
    ben = await add(client)
    other = porch.device()
    await other.post("/api/auth/login", json={"username": "ben", "password": "1234"})

    for method, path in (
        ("POST", "/api/users"),
        ("PUT", f"/api/users/{ben['id']}"),
        ("DELETE", f"/api/users/{ben['id']}"),
        ("GET", f"/api/users/{ben['id']}/share-link"),
        ("GET", f"/api/users/{ben['id']}/restrictions"),
        ("PUT", f"/api/users/{ben['id']}/restrictions"),
        ("GET", f"/api/home/accounts/members/{ben['id']}/sessions"),
        ("DELETE", f"/api/home/accounts/members/{ben['id']}/sessions/x"),
    ):
        answer = await other.request(method, path, json={})
        assert (answer.status, (await answer.json())["code"]) == (403, "admin_required"), path
        foreign = await client.request(method, path, json={}, headers={"Sec-Fetch-Site": "cross-site"})
        assert foreign.status == (403 if method != "GET" else 200), path


@pytest.mark.usefixtures("boss")
async def test_unknown_accounts_are_not_found(client: Client) -> None:
    for method, path in (
        ("PUT", "/api/users/nobody"),
        ("DELETE", "/api/users/nobody"),
        ("GET", "/api/users/nobody/share-link"),
        ("GET", "/api/users/nobody/restrictions"),
        ("PUT", "/api/users/nobody/restrictions"),
        ("GET", "/api/home/accounts/members/nobody/sessions"),
        ("DELETE", "/api/home/accounts/members/nobody/sessions/x"),
    ):
        answer = await client.request(method, path, json={})
        assert (answer.status, (await answer.json())["code"]) == (404, "not_found"), path


@pytest.mark.usefixtures("boss")
async def test_administrator_ends_a_device_of_a_member(porch: Porch, client: Client, ask: Ask) -> None:
    ben = await add(client)
    token = (await enter(porch))[1]
    path = f"/api/home/accounts/members/{ben['id']}/sessions"

    (session,) = await (await client.get(path)).json()
    ended = await client.delete(f"{path}/{session['id']}")

    assert (session["current"], ended.status) == (False, 204)
    assert await ask(token) == (401, "session_revoked")
    assert await (await client.get(path)).json() == []


@pytest.mark.usefixtures("boss")
async def test_member_changes_his_own_name_and_languages(porch: Porch, client: Client) -> None:
    await add(client, restrictions={"maxAge": 12}, libraries=["films"])
    other = porch.device()
    await other.post("/api/auth/login", json={"username": "ben", "password": "1234"})

    answer = await other.put("/api/home/accounts/profile", json={"displayName": "Benny", "email": "b@example.org"})
    kept = await other.put("/api/home/accounts/preferences", json={"audioLanguage": "DE", "subtitleMode": "always"})
    bad = await other.put("/api/home/accounts/preferences", json={"audioLanguage": "german please"})
    me = await (await other.get("/api/auth/me")).json()

    assert (answer.status, kept.status, bad.status) == (200, 200, 400)
    assert (me["displayName"], me["email"], me["isAdmin"]) == ("Benny", "b@example.org", False)
    assert me["user"]["libraries"] == me["libraries"] == me["restrictions"]["libraries"] == ["films"]
    assert me["preferences"] == {"audioLanguage": "de", "subtitleLanguage": None, "subtitleMode": "always"}
    assert (me["restrictions"]["maxAge"], me["restrictions"]["blockUnrated"]) == (12, True)
    taken = await client.put("/api/home/accounts/profile", json={"email": "B@example.org"})
    assert (taken.status, (await taken.json())["code"]) == (409, "email_taken")


class TestLinks:
    """Sign-in links of televisions."""

    async def _link(self, client: Client, user_id: str, **query: Any) -> Any:
        answer = await client.get(f"/api/users/{user_id}/share-link", params=query)
        assert answer.status == 200, await answer.text()
        assert answer.headers["Cache-Control"] == "no-store"
        return await answer.json()

    async def test_link_comes_in_as_the_member_until_it_ends(
        self, porch: Porch, client: Client, ask: Ask, boss: str
    ) -> None:
        ben = await add(client)

        link = await self._link(client, ben["id"], expiresIn=300)

        assert link["url"].endswith(f"/#/share?token={link['token']}")
        assert link["userId"] == ben["id"]
        assert await ask(link["token"]) == (200, "")
        porch.clock.pass_ms(331_000)
        assert (await ask(link["token"]))[0] == 401
        for wrong in (299, 2_592_001, "x"):
            answer = await client.get(f"/api/users/{ben['id']}/share-link", params={"expiresIn": wrong})
            assert answer.status == 400

    async def test_even_an_administrators_link_has_no_rights_of_one(
        self, porch: Porch, client: Client, boss: str
    ) -> None:
        link = await self._link(client, await id_of(client, "Ann"))
        header = {"Authorization": f"Bearer {link['token']}"}
        stranger = porch.device()

        me = await (await stranger.get("/api/auth/me", headers=header)).json()
        refused = await stranger.get("/api/home/doors/admin", headers=header)
        password = await stranger.post(
            "/api/auth/change-password", headers=header, json={"currentPassword": PASSWORD, "newPassword": "another"}
        )
        profile = await stranger.put("/api/home/accounts/profile", headers=header, json={"displayName": "Eve"})
        exchanged = await stranger.post("/api/auth/login", json={"shareToken": link["token"]})
        own = {"Authorization": f"Bearer {(await exchanged.json())['token']}"}
        still = await porch.device().get("/api/home/doors/admin", headers=own)

        assert (me["isAdmin"], me["user"]["isAdmin"], me["username"]) == (False, False, "Ann")
        assert (refused.status, (await refused.json())["code"]) == (403, "admin_required")
        assert (password.status, (await password.json())["code"]) == (403, "forbidden")
        assert (profile.status, (await profile.json())["code"]) == (403, "forbidden")
        assert (exchanged.status, (await exchanged.json())["user"]["isAdmin"]) == (200, False)
        assert still.status == 403

    async def test_link_is_exchanged_for_a_session(self, porch: Porch, client: Client, ask: Ask, boss: str) -> None:
        ben = await add(client)
        link = await self._link(client, ben["id"])

        answer = await porch.device().post("/api/auth/login", json={"shareToken": link["token"]})
        token = (await answer.json())["token"]
        porch.clock.pass_ms(8 * 86_400_000)

        assert await ask(token) == (200, "")
        late = await porch.device().post("/api/auth/login", json={"shareToken": link["token"]})
        assert (late.status, (await late.json())["code"]) == (401, "bad_credentials")

    async def test_link_is_void_when_sessions_end(self, porch: Porch, client: Client, ask: Ask, boss: str) -> None:
        ben = await add(client)
        link = await self._link(client, ben["id"])

        await put(client, ben["id"], password="4321")

        assert await ask(link["token"]) == (401, "session_revoked")
        answer = await porch.device().post("/api/auth/login", json={"shareToken": link["token"]})
        assert (answer.status, (await answer.json())["code"]) == (401, "bad_credentials")
        for nonsense in ("x", boss, "é"):
            answer = await porch.device().post("/api/auth/login", json={"shareToken": nonsense})
            assert answer.status == 401

    async def test_there_is_none_for_who_is_switched_off(self, client: Client, boss: str) -> None:
        ben = await add(client)
        await put(client, ben["id"], enabled=False)

        answer = await client.get(f"/api/users/{ben['id']}/share-link")

        assert (answer.status, (await answer.json())["code"]) == (409, "account_not_active")
