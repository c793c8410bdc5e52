import asyncio
import time
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from nacl.signing import VerifyKey

from homemedia.accounts.key_login.service import KeyLogin
from homemedia.accounts.key_login.signatures import unbase58
from homemedia.accounts.keys import base58
from tests.accounts.key_login.wallet import Wallet, bearing, problem
from tests.accounts.porch import PASSWORD, Porch
from tests.accounts.test_guard import claims_of, part

Client = TestClient[Any, Any]
MINUTE_MS = 60_000
FOREIGN = {"X-Forwarded-For": "203.0.113.7"}


async def users(porch: Porch) -> list[dict[str, Any]]:
    rows = await porch.db.read("SELECT username, state, pending_for, is_admin FROM user ORDER BY created_at, username")
    return [dict(row) for row in rows]


# The challenge


async def test_challenge_names_server_key_nonce_and_end(porch: Porch, stranger: Wallet) -> None:
    answer = await stranger.client.post("/api/auth/create_session", json={"public_key": stranger.public_key})
    body = await answer.json()
    name, version, server, caller, nonce, ends = body["challenge"].split(":")

    assert (body["success"], body["server_public_key"]) == (True, porch.keys.identity.public_text)
    assert (name, version, server, caller) == ("homemedia-login", "v1", body["server_public_key"], stranger.public_key)
    assert len(unbase58(nonce)) == 32
    assert int(ends) == body["expires_at"] == porch.clock.now_ms() + 300_000
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


async def test_challenge_is_kept_as_a_hash_and_makes_no_account(porch: Porch, stranger: Wallet) -> None:
    text = await stranger.challenge(email="x@example.org")

    rows = await porch.db.read("SELECT * FROM challenge")
    assert text not in str([tuple(row) for row in rows])
    assert len(rows) == 1
    assert len(await users(porch)) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "invalid_request"),
        (b"{}", "invalid_request"),
        (b"[]", "invalid_json"),
        (b'"x"', "invalid_json"),
        (b"null", "invalid_json"),
        (b"{", "invalid_json"),
        (b"\xff", "invalid_json"),
        (b'{"public_key": 5}', "invalid_request"),
        (b'{"public_key": "0OIl"}', "invalid_encoding"),
        (b'{"public_key": ""}', "invalid_encoding"),
        (b'{"public_key": "' + b"z" * 20_000 + b'"}', "invalid_encoding"),
        (b'{"public_key": "x", "email": "' + b"e" * 255 + b'"}', "invalid_request"),
    ],
)
async def test_bad_bodies_are_told(client: Client, body: bytes, code: str) -> None:
    began = time.perf_counter()
    answer = await client.post("/api/auth/create_session", data=body, headers={"Content-Type": "text/plain"})

    assert await problem(answer) == (400, code)
    assert (await answer.json())["success"] is False
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("path", ["verify_session", "verify_key"])
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"public_key": "z" * 20_000}, "invalid_encoding"),
        ({"signature": "z" * 20_000, "signed_message": "z" * 20_000}, "invalid_encoding"),
        ({"signature": "1" * 64 + "é", "signed_message": ""}, "invalid_encoding"),
        ({"server_challenge": "a.b.c"}, "invalid_request"),
        ({"server_challenge": ""}, "invalid_request"),
        ({"public_key": None}, "invalid_request"),
        ({"email": "e" * 255}, "invalid_request"),
    ],
)
async def test_bad_proofs_are_told_before_the_challenge_is_used(
    stranger: Wallet, path: str, change: dict[str, Any], code: str
) -> None:
    message = await stranger.challenge()
    show = stranger.show if path == "verify_session" else stranger.show_key

    refused = await show(message, **change)
    after = await stranger.show_key(message)

    assert await problem(refused) == (400, code)
    assert after.status == 200


# Coming in


async def test_first_key_claims_the_household(porch: Porch, client: Client) -> None:
    wallet = Wallet(client)

    body = await wallet.enter(email="Anna@Example.org", server_challenge="0123456789abcdef")

    assert {name: body[name] for name in ("success", "expires_in", "selfhosted", "name", "public_url")} == {
        "success": True,
        "expires_in": 900,
        "selfhosted": True,
        "name": "attic",
        "public_url": None,
    }
    assert (body["user"]["name"], body["user"]["is_admin"]) == ("Anna", True)
    assert await users(porch) == [{"username": "Anna", "state": "active", "pending_for": None, "is_admin": 1}]
    household = (await porch.db.read("SELECT host_id FROM household"))[0]
    assert household["host_id"] == body["user"]["id"]
    assert (await porch.db.read("SELECT email FROM user"))[0]["email"] is None
    door = await client.get("/api/home/doors/admin", headers=bearing(body["accessToken"]))
    assert door.status == 200


async def test_access_token_lives_a_quarter_of_an_hour_and_says_so(porch: Porch, owner: Wallet) -> None:
    body = await owner.enter()
    claims = claims_of(body["accessToken"])

    assert set(claims) == {"iss", "sub", "sid", "typ", "iat", "jti", "exp"}
    assert claims["exp"] - claims["iat"] == 900
    porch.clock.pass_ms(900_000 + 31_000)
    late = await porch.device().get("/api/libraries", headers=bearing(body["accessToken"]))
    assert await problem(late) == (401, "token_expired")


async def test_signature_may_come_as_base64(owner: Wallet) -> None:
    message = await owner.challenge()

    assert (await owner.show(message, signature=owner.sign_64(message))).status == 200


async def test_sign_in_is_a_session_like_all_others(porch: Porch, owner: Wallet) -> None:
    agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"}
    body = await owner.enter(headers=agent)
    device, headers = porch.device(), bearing(body["accessToken"])

    listed = await (await device.get("/api/sessions", headers=headers)).json()
    own = next(one for one in listed if one["current"])
    ended = await device.delete(f"/api/sessions/{own['id']}", headers=headers)

    assert (own["deviceType"], own["deviceOS"]) == ("Firefox", "Linux")
    assert ended.status == 204
    assert await problem(await device.get("/api/libraries", headers=headers)) == (401, "session_revoked")
    renewed = await device.post("/api/auth/refresh_token", headers=bearing(body["refreshToken"]))
    assert await problem(renewed) == (401, "refresh_invalid")


async def test_no_cookie_is_set(owner: Wallet) -> None:
    answer = await owner.show(await owner.challenge())

    assert answer.status == 200
    assert not answer.cookies
    assert "Set-Cookie" not in answer.headers


async def test_server_proves_itself_only_to_who_has_shown_his_key(porch: Porch, owner: Wallet) -> None:
    text = "r4nd0m-r4nd0m-r4nd0m"
    wrong = await owner.show(await owner.challenge(), signature=base58(bytes([1]) * 64), server_challenge=text)
    body = await owner.enter(server_challenge=text)

    assert "server_signature" not in await wrong.json()
    key = VerifyKey(unbase58(body["server_public_key"]))
    assert key.verify(text.encode(), unbase58(body["server_signature"])) == text.encode()
    assert body["server_public_key"] == porch.keys.identity.public_text
    assert "server_signature" not in await owner.enter()


async def test_a_token_to_be_is_not_signed(porch: Porch, owner: Wallet) -> None:
    claims = {"iss": porch.keys.identity.public_text, "sub": "x", "sid": "x", "typ": "access", "iat": 1, "jti": "x"}
    signing_input = f"{part({'alg': 'Ed25519', 'kid': porch.keys.token.key_id})}.{part(claims)}"

    refused = await owner.show(await owner.challenge(), server_challenge=signing_input)

    assert await problem(refused) == (400, "invalid_request")


# Attacks on the challenge


@pytest.mark.parametrize("again", ["show", "show_key"])
async def test_replayed_challenge_is_refused(owner: Wallet, again: str) -> None:
    message = await owner.challenge()
    first = await owner.show(message)

    assert first.status == 200
    assert await problem(await getattr(owner, again)(message)) == (401, "challenge_invalid")


async def test_wrong_signature_burns_the_challenge(owner: Wallet) -> None:
    message = await owner.challenge()
    wrong = await owner.show(message, signature=owner.sign(message + " "))
    right = await owner.show(message)

    assert await problem(wrong) == (401, "bad_signature")
    assert await problem(right) == (401, "challenge_invalid")


async def test_of_many_shows_at_once_one_is_good(owner: Wallet) -> None:
    message = await owner.challenge()
    answers = await asyncio.gather(*(owner.show(message) for _ in range(8)))

    assert sorted(answer.status for answer in answers) == [200] + [401] * 7


async def test_challenge_is_good_for_its_own_key_alone(porch: Porch, owner: Wallet) -> None:
    thief = Wallet(porch.device(), seed=9)
    message = await owner.challenge()

    taken = await thief.show(message)
    as_owner = await thief.show(message, public_key=owner.public_key)

    assert await problem(taken) == (401, "challenge_invalid")
    assert await problem(as_owner) == (401, "bad_signature")


async def test_challenge_of_another_server_is_worth_nothing(porch: Porch, owner: Wallet) -> None:
    own = (await owner.challenge()).split(":")
    other = base58(bytes(range(32)))

    for place, value in ((2, other), (3, other), (4, base58(bytes(32))), (5, str(porch.clock.now_ms() + 10**9))):
        changed = ":".join([*own[:place], value, *own[place + 1 :]])
        assert await problem(await owner.show(changed)) == (401, "challenge_invalid")


@pytest.mark.parametrize("change", [" ", "\n", "\0", "\ufeff"])
async def test_changed_challenge_is_refused(owner: Wallet, change: str) -> None:
    message = await owner.challenge()

    assert await problem(await owner.show(message + change)) == (401, "challenge_invalid")


async def test_free_text_is_no_challenge(owner: Wallet) -> None:
    assert await problem(await owner.show_key("I am Anna")) == (401, "challenge_invalid")


async def test_old_challenge_is_refused(porch: Porch, owner: Wallet) -> None:
    message = await owner.challenge()
    porch.clock.pass_ms(300_000)

    assert await problem(await owner.show(message)) == (401, "challenge_invalid")


async def test_challenge_outlives_a_restart(porch: Porch, owner: Wallet) -> None:
    message = await owner.challenge()
    porch.key_login = KeyLogin(porch.db, porch.keys.identity, porch.claims, porch.sessions, porch.pairs, porch.clock)
    later = Wallet(await porch.open(), seed=3)

    assert (await later.show(message)).status == 200


async def test_key_of_small_order_opens_nothing(porch: Porch, client: Client) -> None:
    point = bytes([1]) + bytes(31)
    key = base58(point)
    asked = await client.post("/api/auth/create_session", json={"public_key": key})
    message = (await asked.json())["challenge"]
    body = {"public_key": key, "message": message, "signature": base58(point + bytes(32))}

    assert await problem(await client.post("/api/auth/verify_session", json=body)) == (401, "bad_signature")
    assert await users(porch) == []


async def test_of_one_keys_challenges_five_are_open(porch: Porch, owner: Wallet) -> None:
    messages = []
    for number in range(6):
        if number == 4:
            porch.clock.pass_ms(MINUTE_MS)
        porch.clock.pass_ms(1)
        messages.append(await owner.challenge())

    assert await problem(await owner.show(messages[0])) == (401, "challenge_invalid")
    assert (await owner.show(messages[1])).status == 200


async def test_ten_thousand_open_challenges_are_enough(porch: Porch, stranger: Wallet) -> None:
    async with porch.db.write() as tx:
        await tx.many(
            """INSERT INTO challenge (challenge_hash, kind, subject, created_at, expires_at)
               VALUES (:hash, 'key', 'x', 0, :expires_at)""",
            ({"hash": number.to_bytes(4, "big"), "expires_at": porch.clock.now_ms() + 1} for number in range(10_000)),
        )
    full = await stranger.client.post("/api/auth/create_session", json={"public_key": stranger.public_key})
    porch.clock.pass_ms(1)

    assert await problem(full) == (429, "rate_limited")
    assert "Retry-After" in full.headers
    assert await stranger.challenge()
    assert (await porch.db.read("SELECT count(*) AS n FROM challenge"))[0]["n"] == 1


async def test_answer_is_the_same_for_every_key(porch: Porch, owner: Wallet) -> None:
    waiting, unknown = Wallet(porch.device(), seed=20), Wallet(porch.device(), seed=21)
    await waiting.enter(status=403)
    shapes = set()
    for wallet in (owner, waiting, unknown):
        answer = await wallet.client.post("/api/auth/create_session", json={"public_key": wallet.public_key})
        body = await answer.json()
        shapes.add((answer.status, tuple(body), len(body["challenge"].split(":"))))

    assert len(shapes) == 1


# Limits


async def test_challenges_are_limited_by_key_and_by_address(porch: Porch, stranger: Wallet) -> None:
    for _ in range(5):
        await stranger.challenge()
    by_key = await stranger.client.post("/api/auth/create_session", json={"public_key": stranger.public_key})
    for seed in range(100, 105):
        await Wallet(stranger.client, seed).challenge()
    other = Wallet(stranger.client, 200)
    by_address = await stranger.client.post("/api/auth/create_session", json={"public_key": other.public_key})

    assert await problem(by_key) == (429, "rate_limited")
    assert await problem(by_address) == (429, "rate_limited")
    porch.clock.pass_ms(MINUTE_MS)
    assert await other.challenge()


async def test_proofs_are_limited_by_address(stranger: Wallet) -> None:
    for _ in range(10):
        assert (await stranger.show("nothing")).status == 401

    limited = await stranger.show_key("nothing")
    assert await problem(limited) == (429, "rate_limited")
    assert 1 <= int(limited.headers["Retry-After"]) <= 60


# Whose key it is


async def test_unknown_key_waits_for_an_administrator(porch: Porch, stranger: Wallet) -> None:
    text = "0123456789abcdef"
    refused = await stranger.enter(403, email="bob@example.org", server_challenge=text)
    answer = await stranger.show_key(await stranger.challenge(), server_challenge=text)

    assert (refused["code"], refused["approval_required"], refused["success"]) == ("approval_required", True, False)
    assert refused["server_public_key"] == porch.keys.identity.public_text
    assert refused["server_signature"]
    assert await answer.json() == {
        "success": True,
        "verified": True,
        "approval_required": True,
        "server_public_key": refused["server_public_key"],
        "server_challenge": text,
        "server_signature": refused["server_signature"],
    }
    assert (await users(porch))[1] == {
        "username": "bob",
        "state": "pending",
        "pending_for": "approval",
        "is_admin": 0,
    }
    assert (await porch.db.read("SELECT count(*) AS n FROM session"))[0]["n"] == 1


async def test_address_named_when_the_challenge_was_asked_for_is_kept(porch: Porch, stranger: Wallet) -> None:
    message = await stranger.challenge(email="bob\u202e@example.org")
    await stranger.show(message)

    assert (await porch.db.read("SELECT label FROM user_key"))[0]["label"] == "bob@example.org"


async def test_approval_counts_at_once(porch: Porch, client: Client) -> None:
    admin = bearing(await porch.claim(client))
    wallet = Wallet(porch.device())
    await wallet.enter(403, email="bob@example.org")
    listed = await (await client.get("/api/users", headers=admin)).json()
    bob = next(one for one in listed if one["state"] == "pending")
    keys = await (await client.get(f"/api/home/accounts/members/{bob['id']}/keys", headers=admin)).json()

    approved = await client.put(f"/api/users/{bob['id']}", json={"enabled": True}, headers=admin)
    body = await wallet.enter()

    assert (bob["username"], bob["enabled"]) == ("bob", False)
    assert [(key["publicKey"], key["label"]) for key in keys["keys"]] == [(wallet.public_key, "bob@example.org")]
    assert (await approved.json())["user"]["state"] == "active"
    assert body["user"] == {"id": bob["id"], "name": "bob", "is_admin": False}


async def test_blocking_ends_everything_at_once(porch: Porch, client: Client) -> None:
    admin = bearing(await porch.claim(client))
    wallet = Wallet(porch.device())
    bob = await porch.add_member("bob")
    await porch.set("user", "username = 'bob'", password_hash=None)
    async with porch.db.write() as tx:
        await tx.run(
            "INSERT INTO user_key (public_key, user_id, created_at) VALUES (:key, :id, 1)",
            {"key": wallet.public_key, "id": bob},
        )
    tokens = await wallet.enter()

    await client.put(f"/api/users/{bob}", json={"enabled": False}, headers=admin)

    used = await wallet.client.post("/api/me", headers=bearing(tokens["accessToken"]))
    renewed = await wallet.client.post("/api/auth/refresh_token", headers=bearing(tokens["refreshToken"]))
    assert await problem(used) == (401, "session_revoked")
    assert await problem(renewed) == (403, "account_blocked")
    assert (await wallet.enter(403))["code"] == "account_blocked"
    assert await problem(await wallet.show_key(await wallet.challenge())) == (403, "account_blocked")


@pytest.mark.parametrize("columns", [{"state": "removed"}, {"state": "disabled"}, {"expires_at": 1}], ids=str)
async def test_who_is_gone_stays_out(porch: Porch, client: Client, columns: dict[str, Any]) -> None:
    await porch.claim(client)
    wallet = Wallet(porch.device())
    await wallet.enter(403)
    await porch.set("user", "pending_for = 'approval'", **({"state": "active"} | columns))

    assert (await wallet.enter(403))["code"] == "account_blocked"


async def test_closed_household_takes_nobody_new(porch: Porch) -> None:
    porch.key_login = KeyLogin(
        porch.db, porch.keys.identity, porch.claims, porch.sessions, porch.pairs, porch.clock, takes_new=False
    )
    client = await porch.open()
    first = Wallet(client)
    await first.enter()
    late = Wallet(client, 2)

    assert (await late.enter(403))["code"] == "registration_closed"
    assert len(await users(porch)) == 1
    await first.enter()


async def test_unclaimed_household_is_not_taken_from_afar(porch: Porch, client: Client) -> None:
    wallet = Wallet(client)
    for headers in (
        FOREIGN,
        {"Origin": "http://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
    ):
        assert (await wallet.enter(403, headers=headers))["code"] == "setup_required"

    assert await users(porch) == []


async def test_of_two_keys_at_an_unclaimed_household_one_claims_it(porch: Porch, client: Client) -> None:
    wallets = [Wallet(client, seed) for seed in (31, 32)]
    messages = [await wallet.challenge() for wallet in wallets]
    answers = await asyncio.gather(*(wallet.show(message) for wallet, message in zip(wallets, messages, strict=True)))

    assert sorted(answer.status for answer in answers) == [200, 403]
    assert sorted(user["state"] for user in await users(porch)) == ["active", "pending"]


async def test_newcomers_are_limited_by_address(porch: Porch, stranger: Wallet) -> None:
    for seed in range(40, 43):
        await Wallet(stranger.client, seed).enter(403)
    late = Wallet(stranger.client, 43)
    message = await late.challenge()

    assert await problem(await late.show(message)) == (429, "rate_limited")
    porch.clock.pass_ms(60 * MINUTE_MS)
    await late.enter(403)


async def test_only_fifty_wait(porch: Porch, stranger: Wallet) -> None:
    for number in range(50):
        await porch.add_member(f"w{number}", None, state="pending", pending_for="approval")

    answer = await stranger.show(await stranger.challenge())

    assert await problem(answer) == (429, "rate_limited")
    assert int(answer.headers["Retry-After"]) > 60


async def test_hint_selects_nobody_and_names_are_numbered(porch: Porch, client: Client) -> None:
    await porch.claim(client)
    await porch.add_member("anna", PASSWORD, email="anna@example.org")
    device = porch.device()
    for seed in (50, 51):
        await Wallet(device, seed).enter(403, email="anna@example.org")
    await Wallet(device, 52).enter(403, email="/:?#")

    names = [user["username"] for user in await users(porch)]
    assert {"anna", "anna2", "anna3"} <= set(names)
    assert any(name.startswith("key-") for name in names)
    assert (await porch.db.read("SELECT count(*) AS n FROM user WHERE email IS NOT NULL"))[0]["n"] == 1


# Adding a key


async def test_key_shown_with_a_members_token_is_his(porch: Porch, client: Client) -> None:
    await porch.claim(client)
    bob = await porch.add_member("bob")
    login = await client.post("/api/auth/login", json={"username": "bob", "password": PASSWORD})
    token = (await login.json())["token"]
    client.session.cookie_jar.clear()
    wallet = Wallet(client)

    body = await wallet.enter(headers=bearing(token))
    again = await wallet.enter()

    assert body["user"]["id"] == again["user"]["id"] == bob
    assert len(await users(porch)) == 2


async def test_key_shown_with_our_own_pages_cookie_is_his_and_not_with_anothers(porch: Porch, client: Client) -> None:
    token = await porch.claim(client)
    client.session.cookie_jar.clear()
    cookie = {"Cookie": f"immich_access_token={token}"}
    own, other = Wallet(client), Wallet(client, 2)

    added = await own.enter(headers=cookie)
    stranger = await other.enter(403, headers=cookie | {"Sec-Fetch-Site": "cross-site"})

    assert added["user"]["is_admin"]
    assert stranger["code"] == "approval_required"


async def test_token_that_does_not_hold_adds_nothing(porch: Porch, client: Client) -> None:
    await porch.claim(client)
    client.session.cookie_jar.clear()
    wallet = Wallet(client)

    refused = await wallet.enter(401, headers=bearing("stale"))
    stale_cookie = await wallet.enter(403, headers={"Cookie": "immich_access_token=stale"})

    assert refused["code"] == "unauthorized"
    assert stale_cookie["code"] == "approval_required"


async def test_known_key_signs_its_owner_in_whatever_token_comes_along(porch: Porch, owner: Wallet) -> None:
    await porch.add_member("bob")
    login = await porch.device().post("/api/auth/login", json={"username": "bob", "password": PASSWORD})
    bobs = (await login.json())["token"]

    assert (await owner.enter(headers=bearing("stale")))["user"]["is_admin"]
    assert (await owner.enter(headers=bearing(bobs)))["user"]["is_admin"]


async def test_sign_in_link_adds_no_key(porch: Porch, client: Client) -> None:
    admin = bearing(await porch.claim(client))
    bob = await porch.add_member("bob")
    link = await (await client.get(f"/api/users/{bob}/share-link", headers=admin)).json()
    device = porch.device()
    exchanged = await (await device.post("/api/auth/login", json={"shareToken": link["token"]})).json()
    device.session.cookie_jar.clear()
    wallet = Wallet(device)

    for token in (link["token"], exchanged["token"]):
        refused = await wallet.show(await wallet.challenge(), headers=bearing(token))
        assert await problem(refused) == (403, "forbidden")
    assert (await porch.db.read("SELECT count(*) AS n FROM user_key"))[0]["n"] == 0


async def test_member_has_twenty_keys_at_most(porch: Porch, client: Client) -> None:
    token = await porch.claim(client)
    user_id = claims_of(token)["sub"]
    async with porch.db.write() as tx:
        for number in range(20):
            await tx.run(
                "INSERT INTO user_key (public_key, user_id, created_at) VALUES (:key, :id, 1)",
                {"key": f"k{number}", "id": user_id},
            )
    wallet = Wallet(client)

    refused = await wallet.show(await wallet.challenge(), headers=bearing(token))

    assert await problem(refused) == (409, "too_many_keys")


# What members and strangers are told


async def test_instance_tells_members_more(porch: Porch, client: Client) -> None:
    token = await porch.claim(client)
    client.session.cookie_jar.clear()

    plain = await (await client.get("/api")).json()
    slashed = await (await client.get("/api/")).json()
    wrong = await client.get("/api/", headers=bearing("wrong"))
    member = await (await client.get("/api/", headers=bearing(token))).json()

    assert plain == slashed == await wrong.json()
    assert wrong.status == 200
    assert set(plain) == {"status", "version", "public_key", "name", "public_url", "selfhosted"}
    assert (plain["status"], plain["public_key"]) == ("ok", porch.keys.identity.public_text)
    assert member == plain | {"is_admin": True, "license": {"type": "none", "valid": True}}


async def test_member_is_told_of_keys_room_and_limits(porch: Porch, owner: Wallet) -> None:
    tokens = await owner.enter()
    await porch.set("user", "is_admin = 1", quota_bytes=5000, used_bytes=1234)

    body = await (await owner.client.post("/api/me", headers=bearing(tokens["accessToken"]))).json()

    assert body["success"] is True
    assert (body["name"], body["email"], body["status"], body["is_admin"]) == ("anna", None, "approved", True)
    assert (body["public_key"], body["public_keys"]) == (owner.public_key, [owner.public_key])
    assert (body["subscriptions"], body["entitlements"]) == ([], [{"key": "self_hosted", "value": True}])
    assert body["usage"] == {
        "heaps": 0,
        "blocks": 0,
        "files": 0,
        "storage_bytes": 1234,
        "trash_bytes": 0,
        "upload_reserved_bytes": 0,
        "document_bytes": 0,
    }
    assert body["limits"] == {
        "storage_bytes": 5000,
        "max_file_bytes": None,
        "max_heaps": None,
        "max_block_bytes": 67108864,
        "max_chunk_bytes": 67108864,
    }
    assert body["created_at"] == body["last_login_at"] == porch.clock.now_ms()
    assert body["avatar_url"] is None


async def test_member_without_a_key_is_told_so(porch: Porch, client: Client) -> None:
    token = await porch.claim(client)

    body = await (await client.post("/api/me", headers=bearing(token), data=b"ignored")).json()

    assert (body["public_key"], body["public_keys"]) == (None, [])


async def test_strangers_are_told_nothing_of_members(client: Client) -> None:
    answer = await client.post("/api/me")

    assert await problem(answer) == (401, "unauthorized")
    assert (await answer.json())["success"] is False
