"""The page of a link in a real browser: nobody is signed in, neither on the phone nor at the desk."""

import io
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from tests.browser.conftest import Opener, on_shared_loop
from tests.support.app import House
from tests.support.samples import a_film
from tests.support.uploads import uploaded

SHARES = "/api/v1/shares"
# What plays ends within 5 s; the rest is for a machine that has much to do.
GONE_MS = 10_000
PLAY = """() => {
  const video = document.querySelector('link-page').renderRoot.querySelector('video');
  video.loop = true;
  return video.play();
}"""
LONG_AGO_S = 1_600_000_000


def picture(color: str) -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (640, 480), color).save(body, "JPEG")
    return body.getvalue()


class Lent:
    """A house with an album and a film, each behind a link."""

    house: House
    album: dict[str, str]
    film: dict[str, str]


@on_shared_loop
async def lent(claimed: House) -> AsyncIterator[Lent]:
    film = a_film(claimed.media / "Films" / "Thorn (1999).mp4", seconds=8)
    os.utime(film, (LONG_AGO_S, LONG_AGO_S))
    library = await claimed.add_library("Films", "movie", claimed.media / "Films")
    (item,) = (await claimed.get(f"/api/libraries/{library['id']}/items"))["items"]
    photos = [await uploaded(claimed.client, picture(one), f"{one}.jpg") for one in ("red", "green", "blue")]
    album = await claimed.send("POST", "/api/albums", {"albumName": "Summer", "assetIds": photos}, 201)
    await claimed.idle()
    found = Lent()
    found.house = claimed
    rights = {"can_add": True, "can_see_metadata": True}
    wish = {"target_type": "collection", "target_id": album["id"], "recipient_type": "public_link"}
    found.album = await claimed.send("POST", SHARES, wish | {"permissions": rights, "note": "The good ones"})
    wish = {"target_type": "media", "target_id": item["id"], "recipient_type": "public_link"}
    found.film = await claimed.send("POST", SHARES, wish | {"password": "sea-shell"})
    yield found


def address(house: House, link: dict[str, str]) -> str:
    return f"{house.url}/share/{link['public_token']}"


async def is_playing(page: Page) -> None:
    await page.wait_for_function(
        """() => {
          const find = (root) => root.querySelector('video') ??
            [...root.querySelectorAll('*')].map((one) => one.shadowRoot && find(one.shadowRoot)).find(Boolean);
          const video = find(document);
          return video && video.currentTime > 0.3 && video.videoWidth > 0;
        }"""
    )


async def test_album_is_looked_at_added_to_and_taken_home_on_the_phone(
    lent: Lent, opened: Opener, tmp_path: Path
) -> None:
    page = await opened(address(lent.house, lent.album), phone=True)
    await expect(page.get_by_role("heading", name="Summer")).to_be_visible()
    await expect(page.get_by_text("Shared by admin · 3 photos and videos")).to_be_visible()
    await expect(page.get_by_text("The good ones")).to_be_visible()
    await page.get_by_role("link", name="Photo blue.jpg").click()
    await expect(page).to_have_url(re.compile(r"\?item="))
    await expect(page.locator("link-viewer").get_by_text("blue.jpg")).to_be_visible()
    shown = await page.locator("link-viewer .pswp__item[aria-hidden=false] img").last.bounding_box()
    assert shown is not None
    assert (round(shown["x"]), round(shown["width"])) == (0, 390)
    async with page.expect_download() as told:
        await page.locator("link-viewer").get_by_role("link", name="Download").click()
    assert (await told.value).suggested_filename == "blue.jpg"
    await page.go_back()
    await expect(page.locator("link-viewer")).to_have_count(0)
    new = tmp_path / "yellow.jpg"
    new.write_bytes(picture("yellow"))
    await page.locator("input[type=file]").set_input_files(new)
    await expect(page.get_by_text("4 photos and videos")).to_be_visible()
    await expect(page.get_by_role("link", name="Photo yellow.jpg")).to_be_visible()
    async with page.expect_download() as told:
        await page.get_by_role("link", name="Download all").click()
    assert (await told.value).suggested_filename == "Summer.zip"


async def test_film_behind_a_password_plays_until_the_link_is_taken_back(lent: Lent, opened: Opener) -> None:
    page = await opened(address(lent.house, lent.film))
    await expect(page.get_by_role("heading", name="This link wants a password")).to_be_visible()
    for wrong in ("sea-shall", "sea-shull"):
        await page.locator("input[name=password]").fill(wrong)
        # The words of the first try stand there already when the second is made.
        async with page.expect_response(lambda answer: answer.status == 401):
            await page.keyboard.press("Enter")
        await expect(page.get_by_text("That is not the password.")).to_be_visible()
    await page.locator("input[name=password]").fill("sea-shell")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Thorn")).to_be_visible()
    await page.evaluate(PLAY)
    await is_playing(page)
    entries = await lent.house.get(f"{SHARES}/{lent.film['id']}/activity")
    assert [entry["action"] for entry in entries] == ["accessed", "password_failed", "password_failed", "created"]
    # Loaded anew it is the same visit.
    await page.reload()
    await expect(page.get_by_role("heading", name="Thorn")).to_be_visible()
    # What it holds already would last for a while.
    await page.evaluate(PLAY)
    await is_playing(page)

    async with lent.house.client.delete(f"{SHARES}/{lent.film['id']}") as answer:
        assert answer.status == 204
    await expect(page.get_by_role("heading", name="This link leads nowhere")).to_be_visible(timeout=GONE_MS)
    assert await page.locator("video").count() == 0


@pytest.mark.parametrize("name", ["nothing", "a" * 200])
async def test_link_that_leads_nowhere_says_so(claimed: House, opened: Opener, name: str) -> None:
    page = await opened(f"{claimed.url}/share/{name}")

    await expect(page.get_by_role("heading", name="This link leads nowhere")).to_be_visible()
