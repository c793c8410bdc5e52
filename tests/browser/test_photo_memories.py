"""Memories over the timeline and as a story, before a stand-in."""

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import LINA, FakeHouse, Opener
from tests.browser.test_photos import soon, toast, writes
from tests.support.photo_extras import PhotoExtras


def stand(house: FakeHouse) -> PhotoExtras:
    made = PhotoExtras(str(LINA["id"]), 40)
    made.remember(2019, 6, 7, 8)
    made.remember(2016, 9)
    house.further = made.answer
    return made


async def pause(page: Page) -> None:
    """The story waits, so that a slow machine finds it where it was."""
    await page.get_by_role("button", name="Pause").click()
    await expect(page.get_by_role("button", name="Go on")).to_be_visible()


async def test_story_of_a_day_is_told_by_keys_and_taps(house_of_cards: FakeHouse, opened: Opener) -> None:
    made = stand(house_of_cards)
    page = await opened(house_of_cards.url("/photos"))
    await page.get_by_role("link", name=re.compile("2019.*3 photos")).click()
    await pause(page)
    story = page.locator("photo-story")
    bars = story.get_by_role("progressbar")
    await expect(bars).to_have_attribute("aria-valuenow", "1")
    await page.keyboard.press("ArrowRight")
    await expect(bars).to_have_attribute("aria-valuenow", "2")
    await page.keyboard.press("ArrowLeft")
    await expect(bars).to_have_attribute("aria-valuenow", "1")
    await page.mouse.click(1000, 600)
    await page.mouse.click(1000, 600)
    await expect(bars).to_have_attribute("aria-valuenow", "3")
    await page.mouse.click(1000, 600)
    await expect(bars).to_have_attribute("aria-valuemax", "1")
    await soon(lambda: len([body for _, body in writes(made, "PUT") if "seenAt" in body]) == 2)
    await page.mouse.click(1000, 600)
    await expect(story).to_have_count(0)
    await expect(page).to_have_url(re.compile("/photos$"))


async def test_finger_that_rests_holds_the_story(house_of_cards: FakeHouse, opened: Opener) -> None:
    stand(house_of_cards)
    page = await opened(house_of_cards.url("/photos"), phone=True)
    await page.get_by_role("link", name=re.compile("2019")).tap()
    bar = page.locator("photo-story .bars b").first
    await expect(page.locator("photo-story img.there")).to_be_visible()
    await page.mouse.move(200, 500)
    await page.mouse.down()
    held = page.locator("photo-story .stage.held")
    await expect(held).to_have_count(1)
    before = await bar.evaluate("(one) => one.style.getPropertyValue('--part')")
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert await bar.evaluate("(one) => one.style.getPropertyValue('--part')") == before
    await page.mouse.up()
    await expect(held).to_have_count(0)
    await expect(page.locator("photo-story").get_by_role("progressbar")).to_have_attribute("aria-valuenow", "1")


async def test_memory_is_kept_and_found_again(house_of_cards: FakeHouse, opened: Opener) -> None:
    made = stand(house_of_cards)
    page = await opened(house_of_cards.url(f"/photos?memory={made.memories[1]['id']}"))
    await pause(page)
    await page.get_by_role("button", name="Keep this memory").click()
    await soon(lambda: made.memories[1]["isSaved"])
    await page.keyboard.press("Escape")
    await page.goto(house_of_cards.url("/photos/memories"))
    await expect(page.locator("photo-memory-card")).to_have_count(2)


async def test_memory_is_hidden_and_brought_back(house_of_cards: FakeHouse, opened: Opener) -> None:
    made = stand(house_of_cards)
    page = await opened(house_of_cards.url("/photos"))
    await page.get_by_role("link", name=re.compile("2019")).click()
    await pause(page)
    await page.locator("photo-story").get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Do not show this again").click()
    await expect(toast(page, "not shown again")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("photo-memory-card")).to_have_count(1)
    await toast(page, "not shown again").get_by_role("button", name="Undo").click()
    await expect(page.locator("photo-memory-card")).to_have_count(2)
    assert [one["data"]["year"] for one in made.memories] == [2016, 2019]


async def test_day_without_memories_shows_nothing_of_them(house_of_cards: FakeHouse, opened: Opener) -> None:
    made = stand(house_of_cards)
    made.memories = []
    page = await opened(house_of_cards.url("/photos"))
    await expect(page.locator("photo-tile").first).to_be_visible()
    await expect(page.get_by_text("On this day")).to_have_count(0)
    await page.goto(house_of_cards.url("/photos/memories"))
    await expect(page.get_by_role("heading", name="No memories of this day")).to_be_visible()
