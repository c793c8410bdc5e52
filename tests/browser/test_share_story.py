"""The whole of a link's life as people live it: two things are given away, looked at, guessed at, and taken back."""

import re
import time

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.test_link_page import is_playing, picture
from tests.browser.test_player import Cinema
from tests.browser.test_sharing import PLAY
from tests.support.app import House
from tests.support.samples import a_long_film
from tests.support.uploads import uploaded

WORD = "sea-shell"
# What plays ends within 5 s; the rest is for a machine that has much to do.
ENDS_S = 10.0


@pytest.fixture
def cinema(claimed: House, opened: Opener) -> Cinema:
    return Cinema(claimed, opened)


async def linked(page: Page, *, may_download: bool) -> str:
    """Make a link with a password in the dialog that is open; its address."""
    await page.get_by_role("switch", name="Anyone with the link").click()
    await page.get_by_role("button", name="Password", exact=True).click()
    await page.get_by_label("Password for the link").fill(WORD)
    await page.get_by_role("button", name="Set", exact=True).click()
    await expect(page.get_by_role("button", name="With a password")).to_be_visible()
    if may_download:
        await page.get_by_role("button", name="No download").click()
        await page.get_by_role("menuitemradio", name="May download").click()
        await expect(page.get_by_role("button", name="May download")).to_be_visible()
    return await page.get_by_role("status", name="Address of the link").inner_text()


async def entered(page: Page, word: str) -> None:
    await page.locator("input[name=password]").fill(word)
    await page.keyboard.press("Enter")


async def looking(opened: Opener, address: str) -> Page:
    """The page of somebody who knows the word, and took the album home."""
    visitor = await opened(address)
    await expect(visitor.get_by_role("heading", name="This link wants a password")).to_be_visible()
    assert "Summer" not in await visitor.content()
    await entered(visitor, WORD)
    await expect(visitor.get_by_role("heading", name="Summer")).to_be_visible()
    await visitor.get_by_role("link", name=re.compile("^Photo ")).first.click()
    await expect(visitor.locator("link-viewer .pswp__item[aria-hidden=false] img").last).to_be_visible()
    await visitor.go_back()
    async with visitor.expect_download() as told:
        await visitor.get_by_role("link", name="Download all").click()
    assert (await told.value).suggested_filename == "Summer.zip"
    return visitor


async def guess(opened: Opener, address: str) -> None:
    """Try words until one has to wait."""
    guesser = await opened(address)
    for number in range(5):
        await entered(guesser, f"wrong {number}")
        await expect(guesser.get_by_text("That is not the password.")).to_be_visible()
    await entered(guesser, WORD)
    await expect(guesser.get_by_role("heading", name="Wait a little")).to_be_visible()


async def test_album_and_film_are_given_away_looked_at_guessed_at_and_taken_back(
    cinema: Cinema, opened: Opener
) -> None:
    house = cinema.house
    photos = [await uploaded(house.client, picture(one), f"{one}.jpg") for one in ("red", "green", "blue")]
    album = await house.send("POST", "/api/albums", {"albumName": "Summer", "assetIds": photos}, 201)
    a_long_film(house.media / "Heat (1995).mp4", minutes=6)
    key = (await cinema.films())["Heat"]
    await house.idle()

    # The owner gives both away by the dialog.
    of_album = await cinema.window(f"/photos/albums/{album['id']}")
    await of_album.get_by_role("button", name="More", exact=True).click()
    await of_album.get_by_role("menuitem", name="Share").click()
    await expect(of_album.get_by_role("heading", name="Share Summer")).to_be_visible()
    to_album = await linked(of_album, may_download=True)
    of_film = await cinema.window(f"/films/{key}")
    await of_film.get_by_role("button", name="Share", exact=True).click()
    await expect(of_film.get_by_role("heading", name="Share Heat")).to_be_visible()
    to_film = await linked(of_film, may_download=True)

    # Somebody without an account looks at the album and takes it home.
    visitor = await looking(opened, to_album)

    # And the film.
    watching = await opened(to_film)
    await entered(watching, WORD)
    await expect(watching.get_by_role("heading", name="Heat")).to_be_visible()
    async with watching.expect_download() as told:
        await watching.get_by_role("link", name="Download").click()
    assert (await told.value).suggested_filename == "Heat.mp4"
    await watching.locator("video").evaluate(PLAY)
    await is_playing(watching)

    # Somebody else guesses: after five he waits, with the right word as well; who is inside goes on.
    await guess(opened, to_album)
    await visitor.reload()
    await expect(visitor.get_by_role("heading", name="Summer")).to_be_visible()

    # The owner sees it all.
    await of_album.get_by_role("button", name=re.compile("^Not opened yet|^Opened once")).click()
    await expect(of_album.get_by_text("Wrong password")).to_have_count(5)
    await expect(of_album.get_by_text("Opened", exact=True)).to_have_count(1)
    await expect(of_album.get_by_text("Downloaded")).to_have_count(1)
    await expect(of_album.get_by_text(re.compile("^password · admin"))).to_have_count(1)
    await of_film.get_by_role("button", name=re.compile("^Not opened yet|^Opened once")).click()
    await expect(of_film.get_by_text("Opened", exact=True)).to_be_visible()
    await of_film.keyboard.press("Escape")

    # Taken back, what plays ends.
    await of_film.get_by_role("switch", name="Anyone with the link").click()
    began = time.monotonic()
    await expect(of_film.get_by_text("The link opens nothing any more")).to_be_visible()
    await expect(watching.get_by_role("heading", name="This link leads nowhere")).to_be_visible()
    assert time.monotonic() - began < ENDS_S
    assert await watching.locator("video").count() == 0
