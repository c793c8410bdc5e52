"""Videos among photos that the browser cannot play, before a whole house."""

from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import Page, expect

from tests.browser.conftest import Opener
from tests.support.app import House
from tests.support.samples import a_film

PLAYS = "() => document.querySelector('video.photo-film').videoWidth"


async def upload(house: House, name: str, body: bytes) -> str:
    form = aiohttp.FormData()
    form.add_field("assetData", body, filename=name)
    async with house.client.post("/api/assets", data=form) as answer:
        assert answer.status == 201, await answer.text()
        return str((await answer.json())["id"])


async def looked_at(house: House, opened: Opener, photo_id: str) -> Page:
    cookie: dict[str, Any] = {
        "name": "immich_access_token",
        "value": house.token,
        "domain": "127.0.0.1",
        "path": "/",
        "expires": -1,
        "httpOnly": True,
        "secure": False,
        "sameSite": "Lax",
    }
    address = f"{house.url}/photos?photo={photo_id}"
    return await opened(address, storage_state={"cookies": [cookie], "origins": []})


async def test_video_that_no_browser_plays_is_waited_for_and_plays(
    claimed: House, opened: Opener, tmp_path: Path
) -> None:
    claimed.server.jobs.hold(["photo.playable"])
    body = a_film(tmp_path / "clip.avi", codec="mpeg4", audio="mp3").read_bytes()
    page = await looked_at(claimed, opened, await upload(claimed, "clip.avi", body))
    await expect(page.get_by_text("Another one is being made of it")).to_be_visible()

    claimed.server.jobs.hold([])

    await page.wait_for_function(PLAYS)
    await expect(page.locator("photo-viewer .photo-note")).to_be_hidden()
    await claimed.idle()


async def test_video_that_cannot_be_made_playable_is_said_so(claimed: House, opened: Opener) -> None:
    photo_id = await upload(claimed, "noise.mov", bytes(range(256)) * 100)
    await claimed.idle()

    page = await looked_at(claimed, opened, photo_id)

    await expect(page.get_by_text("This video cannot be played here.")).to_be_visible()
