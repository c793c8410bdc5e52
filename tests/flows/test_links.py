"""Addresses for programs that cannot sign in: they open one file, no longer than the sign-in they came from."""

import os
import time

import pytest

from tests.support.app import House
from tests.support.samples import a_film

LINKS = "/api/home/playback/links"


@pytest.fixture
async def films(claimed: House) -> dict[str, int]:
    """File numbers by title."""
    for name in ("Heat (1995)", "Thorn (1999)"):
        film = a_film(claimed.media / f"{name}.mp4")
        os.utime(film, (time.time() - 86_400,) * 2)  # so that nobody waits for it to become steady
    library = await claimed.add_library("Films", "movie", claimed.media)
    items = (await claimed.get(f"/api/libraries/{library['id']}/items"))["items"]
    details = [await claimed.get(f"/api/media/{item['id']}") for item in items]
    return {item["title"]: item["files"][0]["id"] for item in details}


async def test_link_opens_its_file_without_a_sign_in_and_no_other(claimed: House, films: dict[str, int]) -> None:
    link = await claimed.send("POST", LINKS, {"fileId": films["Heat"]}, status=201)

    stranger = claimed.stranger()
    async with stranger.get(link["url"], headers={"Range": "bytes=0-99"}) as opened:
        assert (opened.status, len(await opened.read())) == (206, 100)
    token = link["url"].partition("?")[2]
    for other in (f"/api/stream/{films['Thorn']}", f"/api/media/{films['Heat']}/info", "/api/libraries"):
        async with stranger.get(f"{other}?{token}") as refused:
            assert refused.status == 401
    assert link["expiresIn"] == 86_400


async def test_link_ends_with_the_sign_in_it_came_from(claimed: House, films: dict[str, int]) -> None:
    link = await claimed.send("POST", LINKS, {"fileId": films["Heat"]}, status=201)

    await claimed.send("POST", "/api/auth/logout", status=204)

    async with claimed.stranger().get(link["url"]) as refused:
        assert refused.status == 401


async def test_link_to_what_one_does_not_see_is_not_made(claimed: House, films: dict[str, int]) -> None:
    unknown = max(films.values()) + 1

    async with claimed.stranger().post(LINKS, json={"fileId": films["Heat"]}) as nobody:
        assert nobody.status == 401
    refused = await claimed.send("POST", LINKS, {"fileId": unknown}, status=404)
    assert refused["code"] == "not_found"
