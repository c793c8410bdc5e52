import asyncio
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from homemedia.accounts.events import SessionEnded
from homemedia.accounts.tokens import TokenType
from tests.accounts.key_login.wallet import Wallet, bearing, problem
from tests.accounts.porch import Porch
from tests.accounts.test_guard import claims_of

Client = TestClient[Any, Any]
DAY_MS = 86_400_000
MINUTE_MS = 60_000


@pytest.fixture
async def tokens(owner: Wallet) -> dict[str, Any]:
    return await owner.enter()


@pytest.fixture
async def device(porch: Porch, owner: Wallet) -> Client:
    del owner
    return porch.device()


async def renew(device: Client, token: str, status: int = 200) -> dict[str, Any]:
    answer = await device.post("/api/auth/refresh_token", headers=bearing(token), data=b"whatever")
    body: dict[str, Any] = await answer.json()
    assert answer.status == status, body
    return body


async def opens(device: Client, token: str) -> bool:
    return (await device.get("/api/libraries", headers=bearing(token))).status == 200


async def test_renewal_gives_a_new_pair_of_the_same_session(device: Client, tokens: dict[str, Any]) -> None:
    answer = await device.post("/api/auth/refresh_token", headers=bearing(tokens["refreshToken"]))
    body = await answer.json()
    before, after = claims_of(tokens["refreshToken"]), claims_of(body["refreshToken"])

    assert set(body) == {"success", "accessToken", "refreshToken", "expires_in"}
    assert (body["success"], body["expires_in"]) == (True, 900)
    assert (before["sid"], before["sub"]) == (after["sid"], after["sub"])
    assert before["jti"] != after["jti"]
    assert after["exp"] - after["iat"] == 30 * 86_400
    assert after["typ"] == "refresh"
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert await opens(device, body["accessToken"])


async def test_device_that_renews_stays_for_months_and_one_that_does_not_is_out(
    porch: Porch, device: Client, tokens: dict[str, Any]
) -> None:
    token = tokens["refreshToken"]
    for _ in range(3):
        porch.clock.pass_ms(29 * DAY_MS)
        token = (await renew(device, token))["refreshToken"]
    porch.clock.pass_ms(30 * DAY_MS)

    assert (await renew(device, token, 401))["code"] == "refresh_invalid"
    session = (await porch.db.read("SELECT expires_at FROM session ORDER BY expires_at DESC LIMIT 1"))[0]
    assert session["expires_at"] == porch.clock.now_ms()


async def test_only_the_hash_of_a_refresh_token_is_kept(porch: Porch, tokens: dict[str, Any]) -> None:
    rows = await porch.db.read("SELECT * FROM refresh_token")
    jti = claims_of(tokens["refreshToken"])["jti"]

    assert jti not in str([tuple(row) for row in rows])


async def test_replayed_refresh_token_ends_the_session_for_both(
    porch: Porch, device: Client, tokens: dict[str, Any]
) -> None:
    second = await renew(device, tokens["refreshToken"])
    porch.clock.pass_ms(20_000)
    porch.events.clear()

    stolen = await renew(device, tokens["refreshToken"], 401)

    assert (stolen["code"], stolen["success"]) == ("refresh_reused", False)
    assert porch.events == [SessionEnded(claims_of(tokens["refreshToken"])["sid"])]
    assert not await opens(device, second["accessToken"])
    assert (await renew(device, second["refreshToken"], 401))["code"] == "refresh_invalid"
    assert (await renew(device, tokens["refreshToken"], 401))["code"] == "refresh_invalid"


async def test_replay_within_the_grace_is_theft_once_the_successor_was_used(
    device: Client, tokens: dict[str, Any]
) -> None:
    second = await renew(device, tokens["refreshToken"])
    await renew(device, second["refreshToken"])

    assert (await renew(device, tokens["refreshToken"], 401))["code"] == "refresh_reused"


async def test_answer_that_was_lost_signs_nobody_out(porch: Porch, device: Client, tokens: dict[str, Any]) -> None:
    await renew(device, tokens["refreshToken"])
    porch.clock.pass_ms(19_999)

    again = await renew(device, tokens["refreshToken"])
    porch.clock.pass_ms(10 * MINUTE_MS)
    later = await renew(device, again["refreshToken"])

    assert await opens(device, later["accessToken"])


async def test_pair_that_was_lost_is_worth_nothing_after_the_grace(
    porch: Porch, device: Client, tokens: dict[str, Any]
) -> None:
    lost = await renew(device, tokens["refreshToken"])
    kept = await renew(device, tokens["refreshToken"])
    porch.clock.pass_ms(20_000)

    assert (await renew(device, lost["refreshToken"], 401))["code"] == "refresh_reused"
    assert (await renew(device, kept["refreshToken"], 401))["code"] == "refresh_invalid"


async def test_renewals_at_once_all_get_a_pair_and_the_session_lives(device: Client, tokens: dict[str, Any]) -> None:
    found = await asyncio.gather(*(renew(device, tokens["refreshToken"]) for _ in range(5)))

    assert len({body["refreshToken"] for body in found}) == 5
    assert all([await opens(device, body["accessToken"]) for body in found])
    # Whichever of them comes first within the grace goes on.
    assert await opens(device, (await renew(device, found[-1]["refreshToken"]))["accessToken"])


@pytest.mark.parametrize("kind", [kind for kind in TokenType if kind is not TokenType.REFRESH])
async def test_no_other_token_renews(porch: Porch, device: Client, tokens: dict[str, Any], kind: TokenType) -> None:
    claims = claims_of(tokens["refreshToken"])
    other = porch.tokens.issue(
        kind, user_id=claims["sub"], session_id=claims["sid"], lifetime_s=60, token_id=claims["jti"]
    )

    assert (await renew(device, other, 401))["code"] == "refresh_invalid"


async def test_refresh_token_opens_nothing(device: Client, tokens: dict[str, Any]) -> None:
    token = tokens["refreshToken"]

    assert not await opens(device, token)
    assert (await device.get("/api/libraries", params={"token": token})).status == 401
    assert (await device.get("/api/libraries", cookies={"immich_access_token": token})).status == 401
    assert await problem(await device.post("/api/me", headers=bearing(token))) == (401, "unauthorized")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "x" * 5000])
async def test_garbled_refresh_token_is_refused(device: Client, tokens: dict[str, Any], token: str) -> None:
    del tokens

    assert (await renew(device, token, 401))["code"] == "refresh_invalid"


async def test_refresh_token_in_the_body_or_a_cookie_is_not_read(device: Client, tokens: dict[str, Any]) -> None:
    token = tokens["refreshToken"]
    answer = await device.post(
        "/api/auth/refresh_token",
        json={"refreshToken": token, "refresh_token": token},
        cookies={"immich_access_token": token},
    )

    assert await problem(answer) == (401, "refresh_invalid")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_forged_and_unknown_refresh_tokens_are_refused(
    porch: Porch, device: Client, tokens: dict[str, Any]
) -> None:
    claims = claims_of(tokens["refreshToken"])
    bob = await porch.add_member("bob")
    unknown = porch.tokens.issue(TokenType.REFRESH, user_id=claims["sub"], session_id=claims["sid"], lifetime_s=60)
    of_another = porch.tokens.issue(
        TokenType.REFRESH, user_id=bob, session_id=claims["sid"], lifetime_s=60, token_id=claims["jti"]
    )
    of_another_session = porch.tokens.issue(
        TokenType.REFRESH, user_id=claims["sub"], session_id="x", lifetime_s=60, token_id=claims["jti"]
    )

    for token in (unknown, of_another, of_another_session):
        assert (await renew(device, token, 401))["code"] == "refresh_invalid"
    await renew(device, tokens["refreshToken"])


@pytest.mark.parametrize(
    ("table", "columns", "status", "code"),
    [
        ("user", {"state": "disabled"}, 403, "account_blocked"),
        ("user", {"state": "removed"}, 403, "account_blocked"),
        ("user", {"expires_at": 1}, 403, "account_blocked"),
        ("session", {"revoked_at": 1}, 401, "refresh_invalid"),
        ("session", {"expires_at": 1}, 401, "refresh_invalid"),
        ("refresh_token", {"expires_at": 1}, 401, "refresh_invalid"),
    ],
)
async def test_what_is_over_is_not_renewed(
    porch: Porch, device: Client, tokens: dict[str, Any], table: str, columns: dict[str, Any], status: int, code: str
) -> None:
    await porch.set(table, "1 = 1", **columns)

    assert (await renew(device, tokens["refreshToken"], status))["code"] == code


async def test_session_that_was_ended_is_not_renewed(device: Client, tokens: dict[str, Any]) -> None:
    answer = await device.post("/api/auth/logout", headers=bearing(tokens["accessToken"]))

    assert answer.status == 204
    assert (await renew(device, tokens["refreshToken"], 401))["code"] == "refresh_invalid"


async def test_renewals_are_limited_by_session(porch: Porch, device: Client, tokens: dict[str, Any]) -> None:
    token = tokens["refreshToken"]
    for _ in range(10):
        token = (await renew(device, token))["refreshToken"]

    limited = await device.post("/api/auth/refresh_token", headers=bearing(token))
    assert await problem(limited) == (429, "rate_limited")
    porch.clock.pass_ms(MINUTE_MS)
    await renew(device, token)


async def test_renewals_are_limited_by_address(device: Client, tokens: dict[str, Any]) -> None:
    del tokens
    for _ in range(30):
        await renew(device, "x", 401)

    assert (await renew(device, "x", 429))["code"] == "rate_limited"


async def test_expired_refresh_tokens_are_dropped(porch: Porch, device: Client, tokens: dict[str, Any]) -> None:
    token = (await renew(device, tokens["refreshToken"]))["refreshToken"]
    porch.clock.pass_ms(29 * DAY_MS)
    token = (await renew(device, token))["refreshToken"]
    porch.clock.pass_ms(2 * DAY_MS)
    await renew(device, token)

    rows = await porch.db.read(
        "SELECT count(*) AS n FROM refresh_token WHERE session_id = :id", {"id": claims_of(token)["sid"]}
    )
    assert rows[0]["n"] == 2
