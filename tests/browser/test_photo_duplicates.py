"""Photos that look alike, and stacks, before a stand-in."""

from playwright.async_api import expect

from tests.browser.conftest import LINA, FakeHouse, Opener
from tests.browser.test_photos import soon, tile, toast, writes
from tests.support.photo_extras import PhotoExtras


def stand(house: FakeHouse) -> PhotoExtras:
    made = PhotoExtras(str(LINA["id"]), 30)
    house.further = made.answer
    return made


async def test_suggested_is_kept_the_others_go_and_come_back(house_of_cards: FakeHouse, opened: Opener) -> None:
    made = stand(house_of_cards)
    group = made.pair(0, 1, 2)
    made.pair(3, 4)
    page = await opened(house_of_cards.url("/photos/duplicates"))
    first = page.locator(".group").first
    await expect(first.get_by_role("checkbox", checked=True)).to_have_count(1)
    await first.get_by_role("checkbox").nth(1).click()
    await first.get_by_role("button", name="Move 1 to the trash").click()
    await expect(page.locator(".group")).to_have_count(1)
    await soon(lambda: bool(made.assets[2]["isTrashed"]))
    assert not made.assets[1]["isTrashed"]
    assert group not in made.alike
    await toast(page, "In the trash").get_by_role("button", name="Undo").click()
    await soon(lambda: not made.assets[2]["isTrashed"])
    ids = [made.assets[number]["id"] for number in (0, 1, 2)]
    await soon(lambda: ("assets", {"ids": ids, "duplicateId": group}) in writes(made, "PUT"))


async def test_duplicates_are_settled_by_keys(house_of_cards: FakeHouse, opened: Opener) -> None:
    made = stand(house_of_cards)
    made.pair(0, 1)
    second = made.pair(3, 4)
    page = await opened(house_of_cards.url("/photos/duplicates"), dark=True)
    await expect(page.locator(".group")).to_have_count(2)
    await page.keyboard.press("j")
    await page.keyboard.press("ArrowRight")
    await expect(page.locator(".pick").nth(1)).to_be_focused()
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("Enter")
    await soon(lambda: bool(made.assets[1]["isTrashed"]))
    await expect(page.locator(".group")).to_have_count(1)
    await expect(page.locator(".pick").first).to_be_focused()
    await page.keyboard.press("a")
    await soon(lambda: second not in made.alike)
    assert not made.assets[4]["isTrashed"]
    await expect(page.get_by_role("heading", name="No photos look alike")).to_be_visible()


async def test_chosen_photos_are_stacked_and_taken_apart(house_of_cards: FakeHouse, opened: Opener) -> None:
    made = stand(house_of_cards)
    page = await opened(house_of_cards.url("/photos"))
    for number in (0, 1, 2):
        await tile(page, made, number).hover()
        await tile(page, made, number).get_by_role("checkbox", name="Choose").click()
    bar = page.locator("hm-action-bar")
    await bar.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Stack", exact=True).click()
    await expect(tile(page, made, 0).locator("hm-tag.stack")).to_have_text("3")
    await expect(tile(page, made, 1)).to_have_count(0)
    await toast(page, "3 photos lie on one another").get_by_role("button", name="Undo").click()
    await expect(tile(page, made, 1)).to_be_visible()


async def test_stack_is_looked_through_and_gets_another_cover(house_of_cards: FakeHouse, opened: Opener) -> None:
    made = stand(house_of_cards)
    stack = made.stack(0, 1, 2)
    page = await opened(house_of_cards.url(f"/photos?photo={made.assets[0]['id']}"))
    strip = page.locator("photo-stack-strip button")
    await expect(strip).to_have_count(3)
    await page.keyboard.press("ArrowDown")
    await expect(strip.nth(1)).to_have_attribute("aria-pressed", "true")
    await soon(lambda: made.assets[1]["id"] in page.url)
    await page.locator("photo-viewer").get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Put on top of the stack").click()
    await soon(lambda: made.stacks[stack][0] == made.assets[1]["id"])
    await page.reload()
    await expect(strip).to_have_count(3)
