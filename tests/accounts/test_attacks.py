"""What somebody tries who should not get in: guessing, planted cookies, names that look like others', old invites."""

import asyncio
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from homemedia.accounts.models import Device
from homemedia.accounts.sweeper import Sweeper
from homemedia.core.ids import new_uuid
from homemedia.core.problems import AppError
from tests.accounts.porch import PASSWORD, Porch

Client = TestClient[Any, Any]
DAY_MS = 86_400_000
COOKIE = "immich_access_token"


async def guess(client: Client, name: str = "ann", said: str = "wrong", **headers: str) -> int:
    answer = await client.post("/api/auth/login", json={"username": name, "password": said}, headers=headers)
    return answer.status


async def whose(porch: Porch, token: str) -> str | None:
    answer = await porch.device().get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})
    return str((await answer.json())["username"]) if answer.status == 200 else None


async def test_guessing_from_many_addresses_keeps_none_out_but_the_guessers(porch: Porch) -> None:
    client = await porch.open(proxies=("127.0.0.1/32",))
    await porch.claim(client, username="Ann")
    looked_at = 0
    for number in range(4):
        statuses = [await guess(client, **{"X-Forwarded-For": f"203.0.113.{number}"}) for _ in range(7)]
        assert statuses == [401] * 5 + [429] * 2
        looked_at += statuses.count(401)

    assert looked_at == 20
    # Nobody can lock the owner out: his own address has not guessed.
    assert await guess(client, "ann", PASSWORD, **{"X-Forwarded-For": "192.168.1.2"}) == 200
    assert await guess(client, "ann", PASSWORD, **{"X-Forwarded-For": "203.0.113.3"}) == 429


async def test_addresses_of_one_network_guess_as_one(porch: Porch) -> None:
    client = await porch.open(proxies=("127.0.0.1/32",))
    await porch.claim(client, username="Ann")
    tries = [await guess(client, **{"X-Forwarded-For": f"2001:db8:1:2::{number:x}"}) for number in range(1, 9)]

    assert tries == [401] * 5 + [429] * 3
    assert await guess(client, "ann", PASSWORD, **{"X-Forwarded-For": "2001:db8:1:3::1"}) == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP", "True-Client-IP"])
async def test_made_up_addresses_are_no_way_around(porch: Porch, client: Client, header: str) -> None:
    await porch.claim(client, username="Ann")
    statuses = [await guess(client, **{header: f"for=203.0.113.{number}"}) for number in range(7)]

    assert statuses == [401] * 5 + [429] * 2


async def test_spellings_of_a_name_share_its_tries(porch: Porch, client: Client) -> None:
    await porch.claim(client, username="Ann")
    spelled = ["ann", "ANN", " Ann ", "\uff41\uff4e\uff4e", "aNn", "ann", "Ann"]

    assert [await guess(client, name) for name in spelled] == [401] * 5 + [429] * 2


async def test_an_own_account_buys_no_more_tries_of_anothers(porch: Porch, client: Client) -> None:
    await porch.claim(client, username="Ann")
    await porch.add_member("mallory")
    statuses = []
    for _ in range(8):
        statuses.append(await guess(client))
        assert await guess(client, "mallory", PASSWORD) == 200

    assert statuses == [401] * 5 + [429] * 3


async def test_sign_in_takes_no_session_that_was_planted(porch: Porch, client: Client) -> None:
    await porch.claim(client, username="Ann")
    await porch.add_member("mallory")
    answer = await porch.device().post("/api/auth/login", json={"username": "mallory", "password": PASSWORD})
    planted = (await answer.json())["token"]
    sessions = {row["session_id"] for row in await porch.db.read("SELECT session_id FROM session")}

    for cookie in (planted, "0" * 40, f"{planted}x"):
        victim = porch.device()
        headers = {"Cookie": f"{COOKIE}={cookie}; immich_is_authenticated=true"}
        answer = await victim.post("/api/auth/login", json={"username": "ann", "password": PASSWORD}, headers=headers)
        fresh = (await answer.json())["token"]

        assert answer.cookies[COOKIE].value == fresh != planted
        assert await whose(porch, fresh) == "Ann"
        assert await whose(porch, planted) == "mallory"
    now = {row["session_id"] for row in await porch.db.read("SELECT session_id FROM session")}
    assert len(now - sessions) == 3


async def test_new_password_opens_no_session_that_was_planted(porch: Porch, client: Client) -> None:
    """A session somebody else opened with the old password is over; the token that is answered is of the own one."""
    token = await porch.claim(client, username="Ann")
    stolen = (
        await (await porch.device().post("/api/auth/login", json={"username": "ann", "password": PASSWORD})).json()
    )["token"]
    answer = await porch.device().post(
        "/api/auth/change-password",
        json={"password": PASSWORD, "newPassword": "another one"},
        headers={"Authorization": f"Bearer {token}"},
    )

    assert answer.status == 200
    assert await whose(porch, stolen) is None
    assert await whose(porch, (await answer.json())["token"]) == "Ann"


@pytest.mark.parametrize(
    "name",
    ["ANN", "\uff21nn", "\u0430nn", "an\u200bn", "ann\u200d", "\u2060ann", "a\u00adnn", "ann\ufe0f", "ann "],
)
async def test_who_is_invited_cannot_look_like_the_administrator(porch: Porch, client: Client, name: str) -> None:
    await porch.claim(client, username="Ann", serverName="Attic")
    made = (await (await client.post("/api/invites", json={})).json())["invite"]
    answer = await porch.device().post(
        f"/api/invites/{made['token']}/accept", json={"username": name, "password": "1234"}
    )

    assert (answer.status, (await answer.json())["code"]) in {(409, "username_taken"), (400, "invalid_request")}
    assert [row["uses"] for row in await porch.db.read("SELECT use_count AS uses FROM invite")] == [0]


async def test_nobody_takes_anothers_name_for_his_address(porch: Porch, client: Client) -> None:
    """At sign-in either may be typed: it would lock the other one out."""
    await porch.claim(client, username="boss@home.example")
    made = (await (await client.post("/api/invites", json={"maxUses": 9})).json())["invite"]
    join = f"/api/invites/{made['token']}/accept"
    mallory = {"username": "mallory", "password": "1234"}

    taken = await porch.device().post(join, json=mallory | {"email": "Boss@Home.example"})
    joined = await porch.device().post(join, json=mallory | {"email": "mal@home.example"})
    headers = {"Authorization": f"Bearer {(await joined.json())['token']}"}
    changed = await porch.device().put(
        "/api/home/accounts/profile", json={"email": "boss@home.example"}, headers=headers
    )
    other = await porch.device().post(join, json={"username": "MAL@home.example", "password": "1234"})
    own = await porch.device().put("/api/home/accounts/profile", json={"displayName": "Mal"}, headers=headers)

    found = [(answer.status, (await answer.json()).get("code")) for answer in (taken, changed, other)]
    assert found == [(409, "email_taken"), (409, "email_taken"), (409, "username_taken")]
    assert (joined.status, own.status) == (201, 200)
    assert await guess(porch.device(), "boss@home.example", PASSWORD) == 200


async def test_twenty_of_one_name_at_once_make_one_account_and_one_use(porch: Porch, client: Client) -> None:
    await porch.claim(client, username="Ann")
    made = (await (await client.post("/api/invites", json={"maxUses": 20})).json())["invite"]
    address = iter(range(1, 250))

    async def join() -> str:
        from homemedia.accounts.invites import Acceptance  # noqa: PLC0415 - used here alone

        try:
            who = Acceptance(username="Gran", password="1234")
            await porch.invites.accept(made["token"], who, Device(address=f"192.168.1.{next(address)}"))
        except AppError as err:
            return err.code
        return "joined"

    found = await asyncio.gather(*(join() for _ in range(20)))
    (row,) = await porch.db.read("SELECT use_count AS uses, (SELECT count(*) FROM invite_use) AS noted FROM invite")

    assert sorted(found) == ["joined"] + ["username_taken"] * 19
    assert (row["uses"], row["noted"]) == (1, 1)


async def test_refusals_repeat_no_secret(porch: Porch, client: Client) -> None:
    """Neither what was sent nor what is kept stands in an error."""
    await porch.claim(client, username="Ann")
    secret = "hunter2-hunter2"
    for method, path, options in (
        ("POST", "/api/auth/login", {"json": {"username": "ann", "password": secret}}),
        ("POST", "/api/auth/login", {"json": {"username": [secret], "password": secret}}),
        ("POST", "/api/auth/login", {"data": f'{{"password": "{secret}'}),
        ("POST", "/api/auth/login", {"json": {"shareToken": secret}}),
        ("GET", "/api/libraries", {"headers": {"Authorization": f"Bearer {secret}"}}),
        ("GET", "/api/libraries", {"params": {"token": secret}}),
        ("GET", "/api/libraries", {"headers": {"x-api-key": secret}}),
        ("GET", "/api/libraries", {"headers": {"Cookie": f"{COOKIE}={secret}"}}),
        ("GET", f"/api/invite-info/{secret}", {}),
        ("POST", f"/api/invites/{secret}/accept", {"json": {"username": "gran", "password": secret}}),
        ("POST", f"/api/invites/{secret}/accept", {"json": {"username": "gran", "password": {"is": secret}}}),
        ("GET", f"/api/nothing/{secret}", {"params": {"apiKey": secret}}),
        ("PATCH", f"/api/invite-info/{secret}", {}),
    ):
        answer = await porch.device().request(method, path, **options)
        text = await answer.text()

        assert answer.status >= 400, path
        assert secret not in text, f"{path}: {text}"
        assert secret not in str(answer.headers), path
        assert "argon2" not in text


async def test_what_is_over_is_swept_and_what_holds_stays(porch: Porch, client: Client) -> None:
    token = await porch.claim(client, username="Ann")
    sweeper = Sweeper(porch.db, porch.sessions, porch.clock)
    for body in ({"expiresIn": 3600}, {"maxUses": 1}, {}, {"expiresIn": None, "maxUses": 5}):
        assert (await client.post("/api/invites", json=body)).status == 201
    await client.post("/api/home/accounts/standing-invite/regenerate")
    now = porch.clock.now_ms()
    await porch.set("invite", "max_uses = 5", revoked_at=now)
    (session,) = await porch.db.read("SELECT session_id FROM session")
    async with porch.db.write() as tx:
        for number, ends in enumerate((now - 2 * DAY_MS, now + DAY_MS)):
            await tx.run(
                "INSERT INTO challenge (challenge_hash, kind, subject, created_at, expires_at)"
                " VALUES (:hash, 'code', 'x', 1, :ends)",
                {"hash": bytes([number]), "ends": ends},
            )
            await tx.run(
                "INSERT INTO refresh_token (jti_hash, session_id, issued_at, expires_at)"
                " VALUES (:hash, :session, 1, :ends)",
                {"hash": bytes([number]), "session": session["session_id"], "ends": ends - 31 * DAY_MS * (1 - number)},
            )

    async def left() -> list[int]:
        tables = ("invite", "challenge", "refresh_token")
        return [(await porch.db.read(f"SELECT count(*) AS n FROM {table}"))[0]["n"] for table in tables]  # noqa: S608 - ours

    assert await left() == [5, 2, 2]
    await sweeper.sweep()
    assert await left() == [5, 1, 1]
    porch.clock.pass_ms(380 * DAY_MS)
    await sweeper.sweep()
    # The standing one has no end; invites that were over for a year are gone, and the session with its use stays.
    assert (await left())[:2] == [1, 0]
    assert await whose(porch, token) == "Ann"


async def test_sweeper_sweeps_at_its_start_and_ends_quietly(porch: Porch, client: Client) -> None:
    await porch.claim(client, username="Ann")
    async with porch.db.write() as tx:
        await tx.run(
            "INSERT INTO challenge (challenge_hash, kind, subject, created_at, expires_at)"
            " VALUES (:hash, 'oidc', :subject, 1, 2)",
            {"hash": b"x", "subject": new_uuid()},
        )

    async with Sweeper(porch.db, porch.sessions, porch.clock):
        for _ in range(500):
            if not await porch.db.read("SELECT 1 FROM challenge"):
                break
    assert not await porch.db.read("SELECT 1 FROM challenge")
