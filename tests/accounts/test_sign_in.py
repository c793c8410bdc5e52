import asyncio
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from homemedia.accounts import SessionEnded
from homemedia.core.problems import BadRequest, NotFound
from tests.accounts.porch import PASSWORD, Ask, Porch

Client = TestClient[Any, Any]


async def login(client: Client, name: str, password: str = PASSWORD, **headers: str) -> tuple[int, Any]:
    answer = await client.post("/api/auth/login", json={"username": name, "password": password}, headers=headers)
    return answer.status, await answer.json()


@pytest.fixture
async def token(porch: Porch, client: Client) -> str:
    return await porch.claim(client, username="Ann")


async def test_login_answers_both_contracts(porch: Porch, client: Client, token: str) -> None:
    status, body = await login(porch.device(), "ann")

    assert status == 200
    assert body["accessToken"] == body["token"] != token
    assert body["userId"] == body["user"]["id"]
    assert (body["userEmail"], body["name"], body["isAdmin"]) == ("Ann@homemedia.invalid", "Ann", True)
    assert (body["profileImagePath"], body["shouldChangePassword"], body["isOnboarded"]) == ("", False, False)


async def test_photo_form_answers_201_and_sets_the_cookie(porch: Porch, client: Client, token: str) -> None:
    await porch.add_member("bob", email="bob@example.org")

    answer = await client.post("/api/auth/login", json={"email": " Bob@Example.org ", "password": PASSWORD})

    assert answer.status == 201
    assert (await answer.json())["userEmail"] == "bob@example.org"
    assert answer.cookies["immich_access_token"].value == (await answer.json())["accessToken"]


@pytest.mark.parametrize(
    "asked",
    ["Ännchen Straße", "ÄNNCHEN STRASSE", "  ännchen strasse ", "A\u0308nnchen Straße", "\uff21\u0308nnchen Straße"],
)
async def test_names_are_the_same_however_they_are_typed(porch: Porch, client: Client, asked: str) -> None:
    await porch.claim(client, username="Ännchen Straße")

    assert (await login(client, asked))[0] == 200


async def test_address_wins_over_a_user_name_that_looks_like_it(porch: Porch, client: Client, token: str) -> None:
    await porch.add_member("bob@example.org", "something else")
    bob = await porch.add_member("bob", email="bob@example.org")

    status, body = await login(client, "bob@example.org")

    assert (status, body["userId"]) == (200, bob)


async def test_every_refusal_looks_the_same(porch: Porch, client: Client, token: str) -> None:
    await porch.add_member("disabled", state="disabled")
    await porch.add_member("pending", state="pending")
    await porch.add_member("removed", state="removed")
    await porch.add_member("expired", expires_at=1)
    await porch.add_member("keyonly", None)
    checks: list[str | None] = []
    check = porch.passwords.check

    async def counted(stored: str | None, password: str) -> Any:
        checks.append(stored)
        return await check(stored, password)

    porch.passwords.check = counted  # type: ignore[method-assign]

    names = ["disabled", "pending", "removed", "expired", "keyonly", "nobody", "", "x" * 5000]
    answers = [await login(client, name) for name in names]
    answers.append(await login(client, "Ann", "wrong"))
    answers.append(await login(client, "Ann", PASSWORD + "x" * 5000))

    assert {status for status, _ in answers} == {401}
    assert len({str(body) for _, body in answers}) == 1
    assert answers[0][1]["code"] == "bad_credentials"
    assert len(checks) == len(answers)


@pytest.mark.usefixtures("dear_passwords")
async def test_unknown_names_cost_the_same_work(porch: Porch) -> None:
    stored = await porch.passwords.hash(PASSWORD)
    ran: list[str] = []
    tool = porch.passwords._tool()

    class Noted:
        hash = tool.hash
        check_needs_rehash = tool.check_needs_rehash

        def verify(self, stored: str, password: str) -> bool:
            ran.append(stored.rsplit("$", 2)[0])
            return tool.verify(stored, password)

    porch.passwords._hasher = Noted()  # type: ignore[assignment]
    for known in (stored, None):
        assert not (await porch.passwords.check(known, "wrong")).is_right

    assert ran == ["$argon2id$v=19$m=19456,t=2,p=1"] * 2


async def test_five_failures_for_a_name_close_it_for_a_while(porch: Porch, client: Client, token: str) -> None:
    for _ in range(5):
        assert (await login(client, "ANN", "wrong"))[0] == 401

    answer = await client.post("/api/auth/login", json={"username": "ann", "password": PASSWORD})
    other = await login(client, "bob", "wrong")
    porch.clock.pass_ms(900_000)
    later = await login(client, "ann")

    assert (answer.status, answer.headers["Retry-After"]) == (429, "900")
    assert other[0] == 401
    assert later[0] == 200


async def test_twenty_failures_from_one_address_close_it(porch: Porch, client: Client, token: str) -> None:
    for number in range(20):
        assert (await login(client, f"guess{number}"))[0] == 401

    assert (await login(client, "ann"))[0] == 429


async def test_limits_count_tries_that_come_at_once(porch: Porch, client: Client, token: str) -> None:
    answers = await asyncio.gather(*(login(client, "ann", f"guess{number}") for number in range(12)))

    assert sorted(status for status, _ in answers) == [401] * 5 + [429] * 7


async def test_success_clears_the_counter_of_the_name(porch: Porch, client: Client, token: str) -> None:
    for _ in range(3):
        for _ in range(4):
            assert (await login(client, "ann", "wrong"))[0] == 401
        assert (await login(client, "ann"))[0] == 200


async def test_photo_form_waits_instead_of_saying_429(porch: Porch, client: Client, token: str) -> None:
    body = {"email": "ann", "password": "wrong"}
    for _ in range(5):
        await client.post("/api/auth/login", json=body)
    assert porch.slept == []

    answer = await client.post("/api/auth/login", json=body | {"password": PASSWORD})

    assert answer.status == 401
    assert porch.slept == [2.0]


async def test_addresses_behind_a_named_proxy_count_apart(porch: Porch) -> None:
    client = await porch.open(proxies=("127.0.0.1/32",))
    await porch.claim(client, username="Ann")
    for _ in range(5):
        await login(client, "ann", "wrong", **{"X-Forwarded-For": "203.0.113.1"})

    assert (await login(client, "ann", **{"X-Forwarded-For": "203.0.113.1"}))[0] == 429
    assert (await login(client, "ann", **{"X-Forwarded-For": "203.0.113.2"}))[0] == 200


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid_request"),
        ({"username": "ann"}, 400, "invalid_request"),
        ({"password": PASSWORD}, 400, "invalid_request"),
        ({"username": 1, "password": PASSWORD}, 400, "invalid_request"),
        ({"shareToken": "x"}, 401, "bad_credentials"),
        ([], 400, "invalid_request"),
        (None, 400, "invalid_request"),
    ],
    ids=str,
)
async def test_incomplete_logins_are_told_so(client: Client, token: str, body: Any, status: int, code: str) -> None:
    answer = await client.post("/api/auth/login", json=body, data=None if body is not None else b"null")

    assert (answer.status, (await answer.json())["code"]) == (status, code)


async def test_me_stands_at_the_top_and_under_user(client: Client, token: str) -> None:
    me = await (await client.get("/api/auth/me")).json()

    assert {name: me[name] for name in me["user"]} == me["user"]
    assert me["preferences"] == {"audioLanguage": None, "subtitleLanguage": None, "subtitleMode": "forced"}
    assert me["restrictions"]["userId"] == me["id"]
    assert me["restrictions"]["libraries"] == "all"


@pytest.mark.parametrize("name", ["password", "currentPassword", "oldPassword"])
async def test_changed_password_ends_other_devices_and_keeps_this_one(
    porch: Porch, client: Client, token: str, ask: Ask, name: str
) -> None:
    _, other = await login(porch.device(), "ann")

    answer = await client.post("/api/auth/change-password", json={name: PASSWORD, "newPassword": "better horse"})

    body = await answer.json()
    assert answer.status == 200, body
    assert (body["ok"], body["name"], body["status"]) == (True, "Ann", "active")
    assert body["createdAt"] == "2026-01-01T00:00:00.000Z"
    assert (await ask(body["token"]))[0] == 200
    assert (await ask(token))[0] == 200
    assert await ask(other["token"]) == (401, "session_revoked")
    assert sum(isinstance(event, SessionEnded) for event in porch.events) == 1
    assert (await login(client, "ann", "better horse"))[0] == 200
    assert (await login(client, "ann"))[0] == 401


async def test_other_devices_stay_when_asked_to(porch: Porch, client: Client, token: str, ask: Ask) -> None:
    _, other = await login(porch.device(), "ann")
    body = {"password": PASSWORD, "newPassword": "better horse", "invalidateSessions": False}

    assert (await client.post("/api/auth/change-password", json=body)).status == 200

    assert (await ask(other["token"]))[0] == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"password": "wrong", "newPassword": "better horse"}, "wrong_password"),
        ({"newPassword": "better horse"}, "wrong_password"),
        ({"password": PASSWORD, "newPassword": "short"}, "invalid_request"),
        ({"password": PASSWORD}, "invalid_request"),
    ],
    ids=str,
)
async def test_password_is_not_changed_without_the_old_one(
    client: Client, token: str, body: dict[str, str], code: str
) -> None:
    answer = await client.post("/api/auth/change-password", json=body)

    assert (answer.status, (await answer.json())["code"]) == (400, code)
    assert (await login(client, "ann"))[0] == 200


async def test_guessing_the_old_password_is_limited_too(client: Client, token: str) -> None:
    body = {"password": "wrong", "newPassword": "better horse"}
    for _ in range(5):
        assert (await client.post("/api/auth/change-password", json=body)).status == 400

    assert (await client.post("/api/auth/change-password", json=body | {"password": PASSWORD})).status == 429


async def test_member_without_password_may_set_one(porch: Porch, client: Client, token: str) -> None:
    user_id = await porch.add_member("keyonly", None)
    async with porch.db.write() as tx:
        await tx.run("UPDATE session SET user_id = :user_id", {"user_id": user_id})
    rows = await porch.db.read("SELECT session_id FROM session")
    own = porch.sessions.token_for(user_id, rows[0]["session_id"])

    answer = await client.post(
        "/api/auth/change-password", json={"newPassword": "1234"}, headers={"Authorization": f"Bearer {own}"}
    )

    assert answer.status == 200
    assert (await login(client, "keyonly", "1234"))[0] == 200


async def test_child_may_use_a_pin_and_an_administrator_may_not(porch: Porch, token: str) -> None:
    await porch.add_member("kid")

    assert (await porch.sign_in.reset_password("kid", "1234")).username == "kid"
    with pytest.raises(BadRequest, match="at least 6"):
        await porch.sign_in.reset_password("ann", "1234")


async def test_reset_ends_every_session(porch: Porch, client: Client, token: str, ask: Ask) -> None:
    member = await porch.sign_in.reset_password(" ANN ", "brand new")

    assert member.username == "Ann"
    assert await ask(token) == (401, "session_revoked")
    assert (await login(client, "ann", "brand new"))[0] == 200


async def test_reset_of_nobody_is_said(porch: Porch) -> None:
    with pytest.raises(NotFound, match="no member named bob"):
        await porch.sign_in.reset_password("bob", "brand new")


async def test_login_that_races_a_reset_does_not_survive_it(porch: Porch, client: Client, token: str) -> None:
    check = porch.passwords.check

    async def overtaken(stored: str | None, password: str) -> Any:
        verdict = await check(stored, password)
        porch.passwords.check = check  # type: ignore[method-assign]
        await porch.sign_in.reset_password("ann", "brand new")
        return verdict

    porch.passwords.check = overtaken  # type: ignore[method-assign]

    assert (await login(client, "ann"))[0] == 401


@pytest.mark.usefixtures("dear_passwords")
async def test_hash_of_weaker_days_is_replaced_at_sign_in(porch: Porch, client: Client, token: str) -> None:
    from argon2 import PasswordHasher  # noqa: PLC0415

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    await porch.set("user", "username = 'Ann'", password_hash=weak)

    assert (await login(client, "ann"))[0] == 200

    row = (await porch.db.read("SELECT password_hash FROM user"))[0]
    assert row["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_page_of_another_site_signs_nobody_in(porch: Porch, client: Client, token: str) -> None:
    body = {"username": "ann", "password": PASSWORD}
    for headers, is_own in (
        ({"Origin": "http://evil.example"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({}, True),
    ):
        answer = await porch.device().post("/api/auth/login", json=body, headers=headers)

        assert answer.status == 200
        assert bool(answer.cookies) is is_own, headers
