"""Sharing as a person does it: a film to a member, another by a link, the page of that link without an account."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.test_player import Cinema
from tests.support.app import House
from tests.support.samples import a_long_film
from tests.support.streams import a_neighbour

WORD = "sea-shell"
# Playing is begun anew where the page has just given the film its source.
PLAY = """
    async (video) => { video.muted = true;
      for (;;) { try { return await video.play(); } catch (error) { if (error.name !== 'AbortError') throw error; } } }
"""


@pytest.fixture
def cinema(claimed: House, opened: Opener) -> Cinema:
    return Cinema(claimed, opened)


async def opened_dialog(page: Page) -> None:
    await page.get_by_role("button", name="Share", exact=True).click()
    await expect(page.get_by_role("heading", name="Share Heat")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
async def test_a_film_is_given_to_a_member_and_taken_back(cinema: Cinema, *, phone: bool) -> None:
    a_long_film(cinema.house.media / "Heat (1995).mp4", minutes=1)
    key = (await cinema.films())["Heat"]
    await a_neighbour(cinema.house)
    page = await cinema.window(f"/films/{key}", phone=phone)
    if phone:
        await page.get_by_role("button", name="More", exact=True).click()
        await page.get_by_role("menuitem", name="Share").click()
    else:
        await opened_dialog(page)

    field = page.get_by_role("combobox", name="Whom to share with")
    await field.fill("bo")
    await expect(page.get_by_role("option", name="Bob")).to_be_visible()
    await field.press("Enter")
    await page.get_by_role("button", name="Share with Bob").click()

    await expect(page.get_by_text("Shared with Bob")).to_be_visible()
    (given,) = await cinema.house.get("/api/v1/shares/outgoing")
    assert (given["target_id"], given["recipient_name"]) == (key, "Bob")
    assert given["permissions"]["can_download"] is True

    await page.goto(f"{cinema.house.url}/shared/by-me")
    await page.get_by_role("button", name="Heat", exact=True).click()
    await page.get_by_role("menuitem", name="Stop sharing").click()
    await expect(page.get_by_role("heading", name="You share nothing")).to_be_visible()
    assert await cinema.house.get("/api/v1/shares/outgoing") == []


async def test_a_link_with_a_password_opens_plays_is_seen_and_ends(cinema: Cinema, opened: Opener) -> None:
    a_long_film(cinema.house.media / "Heat (1995).mp4", minutes=6)
    key = (await cinema.films())["Heat"]
    page = await cinema.window(f"/films/{key}")
    await opened_dialog(page)
    link = page.get_by_role("switch", name="Anyone with the link")
    await link.click()
    await page.get_by_role("button", name="Password", exact=True).click()
    await page.get_by_label("Password for the link").fill(WORD)
    await page.get_by_role("button", name="Set", exact=True).click()
    await expect(page.get_by_role("button", name="With a password")).to_be_visible()
    address = await page.get_by_role("status", name="Address of the link").inner_text()

    visitor = await opened(address)
    await expect(visitor.get_by_role("heading", name="This link wants a password")).to_be_visible()
    await visitor.get_by_role("textbox", name="Password").fill("something else")
    await visitor.get_by_role("button", name="Open").click()
    await expect(visitor.get_by_text("That is not the password.")).to_be_visible()
    await visitor.get_by_role("textbox", name="Password").fill(WORD)
    await visitor.get_by_role("button", name="Open").click()
    await expect(visitor.get_by_role("heading", name="Heat")).to_be_visible()
    video = visitor.locator("video")
    await video.evaluate(PLAY)
    await visitor.wait_for_function(
        "() => { const found = [document]; while (found.length) { const at = found.pop();"
        " const video = at.querySelector('video'); if (video) return video.currentTime > 0.2;"
        " for (const one of at.querySelectorAll('*')) if (one.shadowRoot) found.push(one.shadowRoot); } }"
    )

    await page.get_by_role("button", name=re.compile("^Not opened yet|^Opened once")).click()
    await expect(page.get_by_text("Wrong password")).to_be_visible()
    await expect(page.get_by_text("Opened", exact=True)).to_be_visible()
    await page.keyboard.press("Escape")

    await link.click()
    await expect(page.get_by_text("The link opens nothing any more")).to_be_visible()
    await visitor.reload()
    await expect(visitor.get_by_role("heading", name="This link leads nowhere")).to_be_visible()
