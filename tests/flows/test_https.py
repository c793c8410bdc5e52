"""A house whose administrator switches HTTPS on: the plain address goes on, the secure one does all the same."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar, TCPConnector
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from homemedia.serve import bind
from tests.support.app import PASSWORD, House, a_house

STATE = "/api/home/server/https/state"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path, host="127.0.0.1", tls_port=0) as house:
        await house.claim()
        https = house.server.about.https
        runner = house.runner
        await https.attach(runner, bind)
        try:
            yield house
        finally:
            await https.detach()


async def switch_on(house: House) -> Any:
    return await house.send("PUT", "/api/home/server/https", {"on": True})


async def secure(house: House) -> ClientSession:
    """A device that has installed what the server hands out."""
    async with house.stranger().get("/api/home/server/https/authority.crt") as answer:
        assert answer.status == 200
        assert answer.content_type == "application/x-x509-ca-cert"
        assert answer.headers["Content-Disposition"].endswith('.crt"')
        trusted = x509.load_der_x509_certificate(await answer.read()).public_bytes(Encoding.PEM).decode()
    context = ssl.create_default_context(cadata=trusted)
    return ClientSession(
        f"https://localhost:{house.server.about.https.port}",
        connector=TCPConnector(ssl=context),
        cookie_jar=CookieJar(),
    )


async def test_device_that_installed_it_signs_in_with_a_secure_cookie(house: House) -> None:
    await switch_on(house)

    async with await secure(house) as device:
        answer = await device.post("/api/auth/login", json={"username": "admin", "password": PASSWORD})
        cookies = answer.headers.getall("Set-Cookie")
        me = await (await device.get("/api/auth/me")).json()

    assert answer.status == 200
    assert all("; Secure" in cookie for cookie in cookies)
    assert me["username"] == "admin"


async def test_plain_address_goes_on_without_secure_cookies(house: House) -> None:
    await switch_on(house)

    answer = await house.stranger().post("/api/auth/login", json={"username": "admin", "password": PASSWORD})

    assert answer.status == 200
    assert not any("; Secure" in cookie for cookie in answer.headers.getall("Set-Cookie"))


async def test_live_channel_speaks_over_it(house: House) -> None:
    await switch_on(house)

    async with await secure(house) as device:
        await device.post("/api/auth/login", json={"username": "admin", "password": PASSWORD})
        async with device.ws_connect("/ws", headers={"Origin": str(device._base_url).rstrip("/")}) as socket:
            await socket.send_json({"type": "hello", "protocol": 1})
            first = await socket.receive_json(timeout=10)

    assert first["type"] != "error"


async def test_links_for_new_devices_lead_to_the_plain_address(house: House) -> None:
    house.server.network.plain_port = 8420
    await switch_on(house)

    async with await secure(house) as device:
        await device.post("/api/auth/login", json={"username": "admin", "password": PASSWORD})
        made = await (await device.post("/api/invites", json={"libraries": "all"})).json()
        paired = await (await device.post("/api/home/accounts/pairing", json={})).json()

    assert made.get("invite", made)["url"].startswith("http://localhost:8420/join/")
    assert paired["url"].startswith("http://localhost:8420/settings/pair?")


async def test_everybody_may_know_where_it_is_and_only_administrators_change_it(house: House) -> None:
    stranger = house.stranger()
    before = await (await stranger.get("/api/home/server/https")).json()
    missing = await stranger.get("/api/home/server/https/authority.crt")

    state = await switch_on(house)

    after = await (await stranger.get("/api/home/server/https")).json()
    assert before == {"port": None, "authority": None}
    assert (missing.status, (await missing.json())["code"]) == (404, "no_authority")
    assert after == {"port": state["port"], "authority": state["authority"]}
    for method, path in (
        ("GET", STATE),
        ("PUT", "/api/home/server/https"),
        ("POST", "/api/home/server/https/authority"),
    ):
        answer = await stranger.request(method, path, json={"on": False} if method == "PUT" else None)
        assert answer.status == 401


async def test_state_tells_addresses_certificate_and_where_devices_find_the_steps(house: House) -> None:
    off = await house.get(STATE)
    on = await switch_on(house)

    assert (off["on"], off["port"], off["certificate"]) == (False, None, None)
    assert (on["on"], on["fixed"], on["problem"]) == (True, False, None)
    assert on["certificate"]["issuer"] == on["authority"]["name"]
    assert "localhost" in on["certificate"]["hosts"]
    assert len(on["authority"]["fingerprint"].split(":")) == 32
    assert on["guide"]["url"].startswith("http://")
    assert on["guide"]["url"].endswith("/https")
    assert on["guide"]["qr"].startswith("<svg")


async def test_new_authority_and_off_again(house: House) -> None:
    first = await switch_on(house)

    second = await house.send("POST", "/api/home/server/https/authority")
    off = await house.send("PUT", "/api/home/server/https", {"on": False})
    refused = await house.send("POST", "/api/home/server/https/authority", status=409)

    assert second["authority"]["fingerprint"] != first["authority"]["fingerprint"]
    assert (off["on"], off["port"]) == (False, None)
    assert refused["code"] == "https_off"
