"""The household's provider in the whole program: what is told of it, signing out there, a newcomer's picture."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from homemedia.core.http.outbound import Outbound
from tests.support.app import House, a_house
from tests.support.oidc import CLIENT_ID, CLIENT_SECRET, StandIn

PATH = "/api/home/accounts/oidc"


async def provide(house: House, there: StandIn, **more: Any) -> None:
    await house.claim()
    body = {"enabled": True, "issuer": there.issuer, "clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET}
    await house.send("PUT", PATH, body | {"signup": "auto"} | more)


async def come_in(house: House, there: StandIn) -> Any:
    """A browser that has come in by the provider."""
    device = house.stranger()
    answer = await device.post(f"{PATH}/begin", json={})
    url = there.approve((await answer.json())["url"])
    answer = await device.post(f"{PATH}/finish", json={"url": url})
    assert answer.status == 200, await answer.text()
    return device


async def test_server_tells_of_its_provider_once_there_is_one(tmp_path: Path) -> None:
    async with StandIn() as there, a_house(tmp_path) as house:
        assert (await house.get("/api/server"))["auth"] == {"password": True, "cloud": False, "cloudName": None}
        await provide(house, there, buttonText="Login with SSO")

        assert (await house.get("/api/server"))["auth"] == {"password": True, "cloud": True, "cloudName": "SSO"}
        assert await house.get(f"{PATH}/offer") == {"name": "SSO", "takesInvites": True, "autoLaunch": False}


async def test_who_came_by_the_provider_is_led_there_to_sign_out(tmp_path: Path) -> None:
    async with StandIn() as there, a_house(tmp_path) as house:
        await provide(house, there)
        device = await come_in(house, there)

        for client, expected in ((device, f"{there.issuer}/end"), (house.client, "/auth/login?autoLaunch=0")):
            answer = await client.post("/api/auth/logout", headers={"Accept": "application/json"})
            assert await answer.json() == {"successful": True, "redirectUri": expected}


async def test_signing_out_does_not_wait_for_a_provider_that_is_gone(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        async with StandIn() as there:
            await provide(house, there)
            device = await come_in(house, there)

        answer = await device.post("/api/auth/logout", headers={"Accept": "application/json"})
        assert answer.status == 200


async def test_picture_that_lies_in_the_house_is_left_out(tmp_path: Path) -> None:
    async with StandIn() as there, a_house(tmp_path) as house:
        await provide(house, there)
        there.claims["picture"] = f"{there.issuer}/jwks"
        device = await come_in(house, there)

        await house.idle()
        me = await (await device.get("/api/auth/me")).json()
        assert me["profileImagePath"] == ""
        assert there.requests["/jwks"] == 1, "for the keys alone"


async def test_newcomer_is_shown_with_the_providers_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (64, 64), (20, 90, 120)).save(drawn, "PNG")
    asked: list[str] = []

    async def fetch(_self: Outbound, url: str) -> tuple[bytes, str]:
        asked.append(url)
        return drawn.getvalue(), "image/png"

    monkeypatch.setattr(Outbound, "fetch_picture", fetch)
    async with StandIn() as there, a_house(tmp_path) as house:
        await provide(house, there)
        there.claims["picture"] = "https://pictures.example.org/anna.png"
        device = await come_in(house, there)
        await house.idle()

        me = await (await device.get("/api/auth/me")).json()
        assert me["profileImagePath"] == f"{me['id']}.jpg"
        assert asked == ["https://pictures.example.org/anna.png"]
        await come_in(house, there)
        await house.idle()
        assert len(asked) == 1, "only of somebody new"
