from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from homemedia.accounts import Caller, SessionEnded, Viewer
from homemedia.accounts.api_keys.words import covers, is_word
from homemedia.accounts.tokens import TokenType
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes
from tests.accounts.porch import Porch, Seen

Client = TestClient[Any, Any]


class PhotoDoors:
    """Routes as the photo API has them."""

    routes = Routes("doors", prefix="/api/photo-doors", family=Family.PHOTOS)

    @routes.get("/read", permission="asset.read")
    async def read(self, actor: Caller) -> Seen:
        return Seen(user_id=actor.user_id)

    @routes.get("/bytes", permission="asset.view")
    async def data(self, actor: Viewer) -> Seen:
        return Seen(user_id=actor.user_id)

    @routes.post("/write", permission="asset.update")
    async def write(self, actor: Caller) -> Seen:
        return Seen(user_id=actor.user_id)


@pytest.fixture
async def client(porch: Porch) -> Client:
    porch.more_owners.append(PhotoDoors())
    return await porch.open()


@pytest.fixture
async def token(porch: Porch, client: Client) -> str:
    return await porch.claim(client)


async def make(client: Client, *words: str, **body: Any) -> dict[str, Any]:
    answer = await client.post("/api/api-keys", json={"permissions": list(words) or ["all"]} | body)
    assert answer.status == 201, await answer.text()
    return dict(await answer.json())


async def said(client: Client, method: str, path: str, key: str | None = None, **more: Any) -> tuple[int, str]:
    headers = more.pop("headers", {}) | ({} if key is None else {"x-api-key": key})
    answer = await client.request(method, path, headers=headers, **more)
    body = await answer.json() if answer.content_type == "application/json" and await answer.read() else {}
    return answer.status, body.get("message", "") if isinstance(body, dict) else ""


@pytest.mark.parametrize(
    ("word", "is_good"),
    [
        ("all", True),
        ("asset.read", True),
        ("asset.edit.create", True),
        ("adminUser.delete", True),
        ("timeline.download", True),
        ("", False),
        ("asset", False),
        ("asset.", False),
        (".read", False),
        ("nonsense.read", False),
        ("asset.re ad", False),
        ("asset.read\n", False),
        ("all.read", False),
        ("asset.edit.create.more", False),
    ],
)
def test_words_are_areas_and_verbs(word: str, *, is_good: bool) -> None:
    assert is_word(word) is is_good


def test_nobody_gives_away_more_than_he_has() -> None:
    assert covers(None, ["all"])
    assert covers(["all"], ["asset.read"])
    assert covers(["asset.read", "user.read"], ["user.read"])
    assert not covers(["asset.read"], ["all"])
    assert not covers([], ["asset.read"])


@pytest.mark.usefixtures("token")
async def test_key_is_told_once_and_kept_as_a_hash(porch: Porch, client: Client) -> None:
    made = await make(client, "user.read", name="Backup")
    listed = await (await client.get("/api/api-keys")).json()
    row = (await porch.db.read("SELECT secret_hash, permissions FROM api_key"))[0]

    assert set(made) == {"id", "name", "permissions", "createdAt", "updatedAt", "lastUsedAt", "secret", "apiKey"}
    assert len(made["secret"]) == 43
    assert made["apiKey"] == {name: made[name] for name in made["apiKey"]} == listed[0]
    assert made["secret"].encode() not in row["secret_hash"]
    assert (listed[0]["name"], listed[0]["permissions"], row["permissions"]) == (
        "Backup",
        ["user.read"],
        '["user.read"]',
    )


async def test_key_opens_what_its_words_say_and_no_more(porch: Porch, client: Client, token: str) -> None:
    key = (await make(client, "asset.read", "user.read"))["secret"]
    everything = (await make(client))["secret"]
    device = porch.device()

    assert (await said(device, "GET", "/api/photo-doors/read", key))[0] == 200
    assert await said(device, "POST", "/api/photo-doors/write", key) == (
        403,
        "Missing required permission: asset.update",
    )
    assert await said(device, "GET", "/api/libraries", key) == (403, "Missing required permission: all")
    assert await said(device, "GET", "/api/home/doors/admin", key) == (403, "Missing required permission: all")
    for path in ("/api/photo-doors/read", "/api/libraries", "/api/home/doors/admin", "/api/home/doors/media"):
        assert (await said(device, "GET", path, everything))[0] == 200, path


async def test_key_of_a_member_is_no_administrator(porch: Porch, client: Client, token: str) -> None:
    await porch.add_member("bob")
    bob = porch.device()
    await bob.post("/api/auth/login", json={"username": "bob", "password": "correct horse"})
    key = (await make(bob))["secret"]

    assert await said(porch.device(), "GET", "/api/admin/users", key) == (403, "Forbidden")
    assert (await said(porch.device(), "GET", "/api/users/me", key))[0] == 200


async def test_key_knows_itself_and_a_session_has_none(porch: Porch, client: Client, token: str) -> None:
    made = await make(client, "user.read", name="Own")
    own = await porch.device().get("/api/api-keys/me", headers={"x-api-key": made["secret"]})

    assert (await own.json())["id"] == made["id"]
    assert await said(client, "GET", "/api/api-keys/me") == (403, "Not authenticated with an API Key")


@pytest.mark.usefixtures("token")
async def test_key_is_renamed_and_given_other_words(porch: Porch, client: Client) -> None:
    made = await make(client, "user.read")
    answer = await client.put(f"/api/api-keys/{made['id'].upper()}", json={"name": "Phone"})
    more = await client.put(f"/api/api-keys/{made['id']}", json={"permissions": ["asset.read", "asset.read"]})

    assert (await answer.json())["permissions"] == ["user.read"]
    assert ((await more.json())["name"], (await more.json())["permissions"]) == ("Phone", ["asset.read"])
    assert (await said(porch.device(), "GET", "/api/users/me", made["secret"]))[0] == 403
    assert SessionEnded(f"key:{made['id']}") in porch.events


@pytest.mark.usefixtures("token")
async def test_rotated_and_deleted_keys_open_nothing(porch: Porch, client: Client) -> None:
    made = await make(client)
    fresh = await (await client.post(f"/api/api-keys/{made['id']}/rotate")).json()
    device = porch.device()

    assert fresh["id"] == made["id"]
    assert await said(device, "GET", "/api/users/me", made["secret"]) == (401, "Invalid API key")
    assert (await said(device, "GET", "/api/users/me", fresh["secret"]))[0] == 200
    assert (await client.delete(f"/api/api-keys/{made['id']}")).status == 204
    assert await said(device, "GET", "/api/users/me", fresh["secret"]) == (401, "Invalid API key")
    assert (await said(device, "GET", "/api/libraries", fresh["secret"]))[0] == 401


@pytest.mark.usefixtures("token")
async def test_anothers_key_is_not_found(porch: Porch, client: Client) -> None:
    made = await make(client)
    await porch.add_member("bob")
    bob = porch.device()
    await bob.post("/api/auth/login", json={"username": "bob", "password": "correct horse"})
    place = f"/api/api-keys/{made['id']}"

    for method, path in (("GET", place), ("PUT", place), ("DELETE", place), ("POST", f"{place}/rotate")):
        body: dict[str, Any] = {"json": {"name": "x"}} if method == "PUT" else {}
        assert await said(bob, method, path, **body) == (400, "API Key not found")
    assert await said(bob, "GET", "/api/api-keys/nope") == (400, "Invalid UUID")


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"permissions": []},
        {"permissions": "all"},
        {"permissions": ["nonsense.read"]},
        {"permissions": ["user.read", ""]},
        {"permissions": ["all"], "name": "x" * 65},
        {"permissions": ["all"], "name": "a\x00b"},
        {"permissions": ["user.read"] * 301},
    ],
    ids=str,
)
async def test_key_of_another_form_is_refused(client: Client, body: dict[str, Any]) -> None:
    answer = await client.post("/api/api-keys", json=body)
    said_of_it = await answer.json()

    assert (answer.status, said_of_it["code"], said_of_it["statusCode"]) == (400, "invalid_request", 400)
    assert said_of_it["correlationId"] == answer.headers["X-Correlation-ID"] == answer.headers["X-Request-Id"]
    assert said_of_it["errors"]


@pytest.mark.usefixtures("token")
async def test_key_grants_and_touches_nothing_beyond_itself(porch: Porch, client: Client) -> None:
    strong = await make(client)
    weak = await make(client, "apiKey.create", "apiKey.update", "apiKey.rotate", "user.update")
    device, key = porch.device(), weak["secret"]
    beyond = (400, "Cannot grant permissions you do not have")

    assert await said(device, "POST", "/api/api-keys", key, json={"permissions": ["all"]}) == beyond
    assert await said(device, "POST", "/api/api-keys", key, json={"permissions": ["asset.read"]}) == beyond
    assert (await said(device, "POST", "/api/api-keys", key, json={"permissions": ["user.update"]}))[0] == 201
    assert await said(device, "POST", f"/api/api-keys/{strong['id']}/rotate", key) == beyond
    assert await said(device, "PUT", f"/api/api-keys/{weak['id']}", key, json={"permissions": ["all"]}) == beyond
    assert await said(device, "PUT", f"/api/api-keys/{strong['id']}", key, json={"name": "x"}) == beyond
    # Codes to sign in with go to the address.
    for way_in in ({"password": "another one"}, {"email": "another@example.org"}):
        assert await said(device, "PUT", "/api/users/me", key, json=way_in) == (
            403,
            "Missing required permission: auth.changePassword",
        )


async def test_no_key_comes_of_a_sign_in_link(porch: Porch, client: Client, token: str) -> None:
    user_id = (await porch.db.read("SELECT user_id FROM user"))[0]["user_id"]
    link = (await (await client.get(f"/api/users/{user_id}/share-link")).json())["token"]
    guest = porch.device()
    await guest.post("/api/auth/login", json={"shareToken": link})

    assert (await said(guest, "GET", "/api/users/me"))[0] == 200
    assert (await said(guest, "POST", "/api/api-keys", json={"permissions": ["all"]}))[0] == 403
    assert (await said(guest, "POST", "/api/sessions", json={}))[0] == 403
    assert (await said(guest, "PUT", "/api/users/me", json={"password": "another one"}))[0] == 403
    assert (await said(guest, "POST", "/api/auth/pin-code", json={"pinCode": "123456"}))[0] == 403


@pytest.mark.usefixtures("token")
async def test_there_is_an_end_to_keys(porch: Porch, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("homemedia.accounts.api_keys.service.MAX_KEYS", 1)
    await make(client)

    assert (await said(client, "POST", "/api/api-keys", json={"permissions": ["all"]}))[0] == 400


@pytest.mark.usefixtures("token")
async def test_use_of_a_key_is_written_down(porch: Porch, client: Client) -> None:
    made = await make(client)
    porch.clock.pass_ms(120_000)
    await said(porch.device(), "GET", "/api/users/me", made["secret"])
    await porch.sessions.flush()

    shown = await (await client.get(f"/api/api-keys/{made['id']}")).json()
    assert shown["lastUsedAt"] == "2026-01-01T00:02:00.000Z"


@pytest.mark.usefixtures("token")
async def test_key_ends_with_its_member_and_outlives_his_password(porch: Porch, client: Client) -> None:
    key = (await make(client))["secret"]
    body = {"password": "correct horse", "newPassword": "battery staple"}
    assert (await said(client, "POST", "/api/auth/change-password", json=body))[0] == 200
    assert (await said(porch.device(), "GET", "/api/users/me", key))[0] == 200

    await porch.add_member("second", is_admin=True)
    await porch.set("user", "username <> 'second'", state="disabled")
    assert (await said(porch.device(), "GET", "/api/users/me", key))[0] == 401


# Where a credential is read


@pytest.mark.parametrize("name", ["x-immich-user-token", "x-immich-session-token"])
async def test_photo_routes_read_the_headers_of_their_clients(
    porch: Porch, client: Client, token: str, name: str
) -> None:
    device = porch.device()

    assert (await said(device, "GET", "/api/photo-doors/read", headers={name: token}))[0] == 200
    assert (await said(device, "GET", "/api/libraries", headers={name: token}))[0] == 401


async def test_credential_in_an_address_opens_bytes_alone(porch: Porch, client: Client, token: str) -> None:
    key = (await make(client))["secret"]
    device = porch.device()

    for name, value in (("sessionKey", token), ("apiKey", key)):
        assert (await said(device, "GET", f"/api/photo-doors/bytes?{name}={value}"))[0] == 200
        assert (await said(device, "GET", f"/api/photo-doors/read?{name}={value}"))[0] == 401
        assert (await said(device, "GET", f"/api/libraries?{name}={value}"))[0] == 401
        assert (await said(device, "GET", f"/api/home/doors/media?{name}={value}"))[0] == 401
    assert (await said(device, "GET", f"/api/photo-doors/bytes?token={token}"))[0] == 401


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "Authentication required"),
        ({"Authorization": "Bearer nonsense"}, "Invalid user token"),
        ({"x-immich-user-token": "nonsense"}, "Invalid user token"),
        ({"Cookie": "immich_access_token=nonsense"}, "Invalid user token"),
        ({"x-api-key": "nonsense"}, "Invalid API key"),
        ({"x-immich-share-key": "nonsense"}, "Invalid share key"),
        ({"x-immich-share-slug": "nonsense"}, "Invalid share slug"),
    ],
    ids=str,
)
async def test_refusal_says_what_was_wrong(porch: Porch, token: str, sent: dict[str, str], message: str) -> None:
    assert await said(porch.device(), "GET", "/api/photo-doors/read", headers=sent) == (401, message)


async def test_first_credential_of_the_order_counts(porch: Porch, client: Client, token: str) -> None:
    key = (await make(client))["secret"]
    good = {
        "x-immich-user-token": token,
        "Authorization": f"Bearer {token}",
        "Cookie": f"immich_access_token={token}",
        "x-api-key": key,
    }
    names = list(good)
    device = porch.device()

    for place, name in enumerate(names):
        rest = {other: good[other] for other in names[place + 1 :]}
        bad = good[name].replace(token, "stale") if name != "x-api-key" else "stale"
        assert (await said(device, "GET", "/api/photo-doors/read", headers={name: bad} | rest))[0] == 401, name
        assert (await said(device, "GET", "/api/photo-doors/read", headers={name: good[name]} | rest))[0] == 200
    for link in ("key", "slug"):
        assert (await said(device, "GET", f"/api/photo-doors/read?{link}=x", headers=good))[0] == 401
        assert (await said(device, "GET", f"/api/libraries?{link}=x", headers=good))[0] == 200


async def test_cookie_of_another_sites_page_is_forbidden_in_photo_words(porch: Porch, token: str) -> None:
    sent = {"Cookie": f"immich_access_token={token}", "Origin": "http://evil.example"}

    assert await said(porch.device(), "POST", "/api/photo-doors/write", headers=sent) == (403, "Forbidden")


async def test_access_token_cannot_stand_for_a_key(porch: Porch, client: Client, token: str) -> None:
    made = await make(client)
    user_id = (await porch.db.read("SELECT user_id FROM user"))[0]["user_id"]
    forged = porch.tokens.issue(TokenType.ACCESS, user_id=user_id, session_id=f"key:{made['id']}")

    assert (await said(porch.device(), "GET", "/api/libraries", headers={"Authorization": f"Bearer {forged}"}))[
        0
    ] == 401


@pytest.mark.usefixtures("token")
async def test_logout_with_a_key_ends_nothing(porch: Porch, client: Client) -> None:
    key = (await make(client, "user.read"))["secret"]

    assert (await said(porch.device(), "POST", "/api/auth/logout", key))[0] == 204
    assert (await said(porch.device(), "GET", "/api/users/me", key))[0] == 200
    assert (await said(client, "GET", "/api/users/me"))[0] == 200
