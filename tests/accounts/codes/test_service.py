"""Codes: how often they are sent, how often they are tried, what is kept of them (clips §5.3)."""

import logging
from typing import Any

import pytest

from homemedia.accounts.codes.senders import Purpose
from homemedia.accounts.codes.service import Asked
from homemedia.core.problems import BadRequest, TooMany
from tests.accounts.codes.bench import PHONE, Bench, Client, call
from tests.accounts.porch import Porch
from tests.support.gateway import Gateway

SENDERS = "/api/home/accounts/senders"
ANN = Asked(user_id="ann", phone=PHONE, who="Ann")
SECOND_MS = 1000


async def test_code_goes_to_the_log_and_to_administrators(
    bench: Bench, host: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        await bench.codes.send(ANN, Purpose.SIGN_IN)

    (waiting,) = (await call(host, "GET", SENDERS))["waiting"]
    assert waiting == {"to": PHONE, "who": "Ann", "code": bench.code, "expiresAt": "2026-01-01T00:10:00.000Z"}
    assert f"one-time code for Ann ({PHONE}): {bench.code}" in caplog.text
    await bench.codes.use(ANN, bench.code, Purpose.SIGN_IN)
    assert (await call(host, "GET", SENDERS))["waiting"] == []


async def test_code_that_is_over_is_not_shown_any_more(porch: Porch, bench: Bench, host: Client) -> None:
    await bench.codes.send(ANN, Purpose.SIGN_IN)
    porch.clock.pass_ms(600 * SECOND_MS)

    assert (await call(host, "GET", SENDERS))["waiting"] == []


async def test_six_digits_are_kept_as_a_hash(porch: Porch, bench: Bench) -> None:
    await bench.codes.send(ANN, Purpose.SIGN_IN)

    (row,) = await porch.db.read("SELECT challenge_hash, data, expires_at - created_at AS life FROM challenge")
    assert (len(bench.code), bench.code.isdigit(), len(row["challenge_hash"])) == (6, True, 32)
    assert bench.code not in row["data"]
    assert row["life"] == 600_000


async def test_new_code_kills_the_old_one(porch: Porch, bench: Bench) -> None:
    await bench.codes.send(ANN, Purpose.SIGN_IN)
    old = bench.code
    for _ in range(3):
        porch.clock.pass_ms(30 * SECOND_MS)
        await bench.codes.send(ANN, Purpose.SIGN_IN)
        if bench.code != old:
            break

    with pytest.raises(BadRequest):
        await bench.codes.use(ANN, old, Purpose.SIGN_IN)
    await bench.codes.use(ANN, bench.code, Purpose.SIGN_IN)


async def test_one_in_half_a_minute_and_five_in_ten_are_sent(porch: Porch, bench: Bench) -> None:
    begun = porch.clock.at_ms
    for _ in range(5):
        await bench.codes.send(ANN, Purpose.SIGN_IN)
        with pytest.raises(TooMany) as soon:
            # Also for another purpose, and for whoever else names the number.
            await bench.codes.send(Asked(user_id="bob", phone=PHONE), Purpose.PROVE)
        assert soon.value.retry_after_s is not None
        porch.clock.pass_ms(30 * SECOND_MS)

    with pytest.raises(TooMany) as often:
        await bench.codes.send(ANN, Purpose.SIGN_IN)
    assert often.value.retry_after_s == 450
    porch.clock.pass_ms(begun + 600 * SECOND_MS - porch.clock.at_ms)
    await bench.codes.send(ANN, Purpose.SIGN_IN)


async def test_account_bears_so_many_wrong_codes_a_day(porch: Porch, bench: Bench) -> None:
    for turn in range(50):
        if turn % 5 == 0:
            porch.clock.pass_ms(150 * SECOND_MS)
            await bench.codes.send(ANN, Purpose.SIGN_IN)
        with pytest.raises(BadRequest):
            await bench.codes.use(ANN, bench.wrong_code, Purpose.SIGN_IN)
    porch.clock.pass_ms(150 * SECOND_MS)
    await bench.codes.send(ANN, Purpose.SIGN_IN)

    with pytest.raises(TooMany):
        await bench.codes.use(ANN, bench.code, Purpose.SIGN_IN)
    # To prove a number is another matter, and so is another member.
    porch.clock.pass_ms(150 * SECOND_MS)
    await bench.codes.send(Asked(user_id="bob", phone="+15550000002"), Purpose.SIGN_IN)
    await bench.codes.use(Asked(user_id="bob", phone="+15550000002"), bench.code, Purpose.SIGN_IN)


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "x" * 100_000, "\ud800", "\uff11\uff12\uff13\uff14\uff15\uff16"]
)
async def test_what_is_no_code_is_a_wrong_one(bench: Bench, code: str) -> None:
    await bench.codes.send(ANN, Purpose.SIGN_IN)

    with pytest.raises(BadRequest) as caught:
        await bench.codes.use(ANN, code, Purpose.SIGN_IN)

    assert caught.value.code == "wrong_code"


async def test_sender_that_fails_leaves_no_code_and_one_may_ask_again_at_once(
    porch: Porch, bench: Bench, host: Client, caplog: pytest.LogCaptureFixture
) -> None:
    await bench.member("ann", PHONE)
    porch.clock.pass_ms(60 * SECOND_MS)
    async with Gateway() as gateway:
        await call(host, "PUT", SENDERS, 200, {"http": {"url": f"{gateway.url}/send"}})
        gateway.status = 500
        failed = await bench.act(host, "login-send-code", 500, phone=PHONE)
        none = await porch.db.read("SELECT subject FROM challenge WHERE kind = 'code'")
        gateway.status = 200
        await bench.act(host, "login-send-code", phone=PHONE)
        gateway.status = 429
        porch.clock.pass_ms(30 * SECOND_MS)
        limited = await bench.act(host, "login-send-code", 429, phone=PHONE)

    assert "could not send" in failed["error"].lower()
    assert none == []
    assert limited["code"] == "rate_limited"
    assert "127.0.0.1 refused the message (answer 500)" in caplog.text


async def test_verify_service_decides_and_lets_nobody_in_twice(porch: Porch, bench: Bench, host: Client) -> None:
    await bench.member("ann", PHONE)
    porch.clock.pass_ms(60 * SECOND_MS)
    client = porch.device()

    async def bring(status: int, code: str) -> Any:
        return await bench.act(client, "login-verify-code", status, phone=PHONE, code=code)

    async with Gateway() as gateway:
        verify = {"account": "AC1", "service": "VA1", "secret": "s3cret", "url": gateway.url}
        await call(host, "PUT", SENDERS, 200, {"verify": verify})
        await bench.act(client, "login-send-code", phone=PHONE)
        assert (await bring(400, "000000"))["code"] == "wrong_code"
        gateway.check = 503
        assert (await bring(500, gateway.code))["code"] == "code_not_sent"
        gateway.check = None
        await bring(200, gateway.code)
        assert (await bring(400, gateway.code))["code"] == "no_code"

        porch.clock.pass_ms(60 * SECOND_MS)
        await bench.act(client, "login-send-code", phone=PHONE)
        gateway.check = 404
        assert (await bring(400, gateway.code))["code"] == "no_code"
        gateway.check = 429
        await bring(429, gateway.code)
        # Whoever made the code is gone.
        await call(host, "PUT", SENDERS, 200, {"verify": None})
        assert (await bring(400, gateway.code))["code"] == "no_code"
