import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from joserfc import jwt
from joserfc.jwk import OKPKey

from homemedia.accounts.tokens import TokenType
from tests.accounts.porch import Ask, Porch

Client = TestClient[Any, Any]
DAY_MS = 86_400_000


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def claims_of(token: str) -> dict[str, Any]:
    middle = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4))))


@pytest.fixture
async def token(porch: Porch, client: Client) -> str:
    token = await porch.claim(client)
    client.session.cookie_jar.clear()
    return token


async def test_token_says_who_and_which_session_and_gives_no_right(porch: Porch, token: str) -> None:
    claims = claims_of(token)

    assert set(claims) == {"iss", "sub", "sid", "typ", "iat", "jti"}
    assert (claims["typ"], claims["iss"]) == ("access", porch.keys.identity.public_text)


async def test_bearer_token_opens(ask: Ask, token: str) -> None:
    assert (await ask(token))[0] == 200


@pytest.mark.parametrize(
    "garbled",
    ["", "x", "a.b.c", "..", "é.é.é", "x" * 5000, "a.b.c.d", "eyJhbGciOiJFZDI1NTE5In0", "null", "a b"],
)
async def test_garbled_tokens_are_refused(ask: Ask, token: str, garbled: str) -> None:
    assert await ask(garbled) == (401, "unauthorized")


async def test_every_cut_and_every_changed_letter_is_refused(porch: Porch, token: str) -> None:
    for place in range(0, len(token), 7):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        for attempt in (token[:place], changed):
            with pytest.raises(Exception, match="Sign in first"):
                porch.tokens.read(attempt, {TokenType.ACCESS})


@pytest.mark.parametrize("alg", ["none", "None", "EdDSA", "HS256", "ed25519"])
async def test_other_algorithms_are_refused(porch: Porch, ask: Ask, token: str, alg: str) -> None:
    signed = f"{part({'alg': alg, 'kid': porch.keys.token.key_id})}.{token.split('.')[1]}"
    mac = hmac.new(porch.keys.token.public_bytes, signed.encode(), hashlib.sha256).digest()
    forged = base64.urlsafe_b64encode(mac).rstrip(b"=").decode()

    for signature in ("", token.split(".")[2], forged):
        assert await ask(f"{signed}.{signature}") == (401, "unauthorized")


@pytest.mark.parametrize("pair", ["identity", "stranger"])
async def test_other_keys_are_refused(porch: Porch, ask: Ask, token: str, pair: str) -> None:
    own = porch.keys.identity
    key = OKPKey.generate_key("Ed25519")
    if pair == "identity":
        key = OKPKey.import_key({"kty": own.kty, "crv": own.crv, "d": own.d, "x": own.x})

    for kid in (porch.keys.token.key_id, own.key_id):
        forged = jwt.encode({"alg": "Ed25519", "kid": kid}, claims_of(token), key, algorithms=["Ed25519"])
        assert await ask(forged) == (401, "unauthorized")


@pytest.mark.parametrize(
    "kind", [kind for kind in TokenType if kind is not TokenType.ACCESS], ids=lambda kind: kind.value
)
async def test_no_other_type_passes_for_an_access_token(porch: Porch, ask: Ask, token: str, kind: TokenType) -> None:
    claims = claims_of(token)
    other = porch.tokens.issue(kind, user_id=claims["sub"], session_id=claims["sid"], lifetime_s=60)

    assert await ask(other) == (401, "unauthorized")


async def test_token_with_an_end_expires_after_the_leeway(porch: Porch, ask: Ask, token: str) -> None:
    claims = claims_of(token)
    short = porch.tokens.issue(TokenType.ACCESS, user_id=claims["sub"], session_id=claims["sid"], lifetime_s=60)

    porch.clock.pass_ms(90_000)
    within = await ask(short)
    porch.clock.pass_ms(1_000)
    after = await ask(short)

    assert within[0] == 200
    assert after == (401, "token_expired")
    assert (await ask(token))[0] == 200


async def test_session_of_another_member_does_not_fit(porch: Porch, ask: Ask, token: str) -> None:
    other = await porch.add_member("bob")

    assert await ask(porch.tokens.issue(TokenType.ACCESS, user_id=other, session_id=claims_of(token)["sid"])) == (
        401,
        "unauthorized",
    )


@pytest.mark.parametrize(
    ("table", "columns", "code"),
    [
        ("session", {"revoked_at": 1}, "session_revoked"),
        ("session", {"expires_at": 1}, "token_expired"),
        ("session", {"last_used_at": 1}, "token_expired"),
        ("user", {"state": "disabled"}, "session_revoked"),
        ("user", {"state": "removed"}, "session_revoked"),
        ("user", {"expires_at": 1}, "session_revoked"),
        ("user", {"is_admin": 0}, "unauthorized"),
    ],
)
async def test_what_ended_opens_nothing(
    porch: Porch, ask: Ask, token: str, table: str, columns: dict[str, Any], code: str
) -> None:
    await porch.set(table, "1 = 1", **columns)

    assert await ask(token) == (401, code)


async def test_forgotten_session_is_told_as_ended(porch: Porch, ask: Ask, token: str) -> None:
    async with porch.db.write() as tx:
        await tx.run("DELETE FROM session")

    assert await ask(token) == (401, "session_revoked")


async def test_refusal_carries_the_challenge(client: Client) -> None:
    answer = await client.get("/api/libraries")

    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_rights_are_asked_of_the_database_at_every_request(porch: Porch, client: Client, token: str) -> None:
    await porch.add_member("second", is_admin=True)
    headers = {"Authorization": f"Bearer {token}"}
    before = await client.get("/api/home/doors/admin", headers=headers)

    await porch.set("user", "username <> 'second'", is_admin=0)
    after = await client.get("/api/home/doors/admin", headers=headers)

    assert before.status == 200
    assert (after.status, (await after.json())["code"]) == (403, "admin_required")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/libraries", 200),
        ("/api/auth/me", 200),
        ("/api/home/doors/media", 200),
        ("/api/home/doors/user", 401),
        ("/api/sessions", 401),
    ],
)
async def test_token_in_the_address_opens_watch_and_media_only(
    client: Client, token: str, path: str, status: int
) -> None:
    assert (await client.get(path, params={"token": token})).status == status


async def test_header_wins_over_cookie_and_address(porch: Porch, client: Client, token: str) -> None:
    answer = await client.get(
        "/api/libraries",
        params={"token": token},
        headers={"Authorization": "Bearer stale", "Cookie": f"immich_access_token={token}"},
    )

    assert answer.status == 401


async def test_a_proxys_basic_authorization_is_no_credential_of_ours(client: Client, token: str) -> None:
    headers = {"Authorization": "Basic dTpw", "Cookie": f"other=1; immich_access_token={token}; x=y"}

    assert (await client.get("/api/libraries", headers=headers)).status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://attic.local:8420"}, 200),
        ({"Origin": "http://ATTIC.local:8420"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://attic.local"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": "https://media.example"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://attic.local"}, 403),
        ({"Origin": "https://attic.local:8420"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[broken"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
    ids=str,
)
async def test_cookie_counts_for_our_own_pages_only(porch: Porch, headers: dict[str, str], status: int) -> None:
    client = await porch.open(public_url="https://media.example/")
    token = await porch.claim(client)
    sent = {"Host": "attic.local:8420", "Cookie": f"immich_access_token={token}"} | headers

    written = await client.post("/api/progress", headers=sent)
    read = await client.get("/api/libraries", headers=sent)

    assert written.status == status
    assert read.status == 200


async def test_bearer_token_needs_no_origin_of_ours(client: Client, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}", "Origin": "http://evil.example"}

    assert (await client.post("/api/progress", headers=headers)).status == 200


async def test_use_is_written_once_a_minute_and_in_one_go(porch: Porch, ask: Ask, token: str) -> None:
    claimed_at = porch.clock.now_ms()
    porch.clock.pass_ms(59_999)
    await ask(token)
    await porch.sessions.flush()
    early = (await porch.db.read("SELECT last_used_at FROM session"))[0]["last_used_at"]

    porch.clock.pass_ms(1)
    await ask(token)
    await ask(token)
    await porch.sessions.flush()
    row = (
        await porch.db.read("SELECT session.last_used_at, user.last_seen_at FROM session JOIN user USING (user_id)")
    )[0]

    assert early == claimed_at
    assert (row["last_used_at"], row["last_seen_at"]) == (claimed_at + 60_000, claimed_at + 60_000)


async def test_uses_are_written_when_the_server_stops(porch: Porch, ask: Ask, token: str) -> None:
    async with porch.sessions:
        porch.clock.pass_ms(120_000)
        await ask(token)

    row = (await porch.db.read("SELECT last_used_at FROM session"))[0]
    assert row["last_used_at"] == porch.clock.now_ms()


async def test_cookie_is_renewed_once_a_day(porch: Porch, client: Client, token: str) -> None:
    headers = {"Cookie": f"immich_access_token={token}"}
    porch.clock.pass_ms(DAY_MS - 1)
    same_day = await client.get("/api/libraries", headers=headers)
    porch.clock.pass_ms(1)
    next_day = await client.get("/api/libraries", headers=headers)
    await porch.sessions.flush()
    again = await client.get("/api/libraries", headers=headers)

    assert "immich_access_token" not in same_day.cookies
    assert next_day.cookies["immich_access_token"].value == token
    assert next_day.cookies["immich_access_token"]["max-age"] == str(400 * 86_400)
    assert "immich_access_token" not in again.cookies


async def test_session_unused_for_400_days_has_ended(porch: Porch, ask: Ask, token: str) -> None:
    porch.clock.pass_ms(400 * DAY_MS + 1)

    assert await ask(token) == (401, "token_expired")
