"""The map and the towns of photos, before a stand-in: drawn by ourselves, moved by mouse and keys, opened by marks."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import LINA, FakeHouse, Opener, problem
from tests.support.photo_extras import PhotoExtras

Call = Callable[[str, str], Awaitable[Any]]


def stand(house: FakeHouse, count: int = 42) -> PhotoExtras:
    made = PhotoExtras(str(LINA["id"]), count)
    house.further = made.answer
    return made


def marks(page: Page) -> Locator:
    return page.locator("photo-map .mark")


async def test_marks_count_photos_of_a_town_and_open_them(house_of_cards: FakeHouse, opened: Opener) -> None:
    made = stand(house_of_cards)
    arezzo = [one for one in made.assets if one["exifInfo"]["city"] == "Arezzo"]
    page = await opened(house_of_cards.url("/photos/map"))
    await expect(marks(page)).to_have_count(2)
    mark = page.get_by_role("button", name=f"{len(arezzo)} photos, Arezzo")
    await mark.click()
    await expect(page.locator("photo-viewer .photo-words")).to_contain_text("Arezzo")
    assert f"photo={arezzo[0]['id']}" in page.url
    await page.keyboard.press("ArrowRight")
    await expect(page).to_have_url(re.compile(f"photo={arezzo[1]['id']}"))
    await page.keyboard.press("Escape")
    await expect(page.locator("photo-viewer")).to_have_count(0)
    await expect(mark).to_be_visible()


async def test_map_is_drawn_without_asking_anybody_else(house_of_cards: FakeHouse, opened: Opener) -> None:
    stand(house_of_cards)
    page = await opened("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(house_of_cards.url("/photos/map"))
    await expect(marks(page)).to_have_count(2)
    map_ = page.locator("photo-map")
    async with asyncio.timeout(30):
        while not await map_.evaluate("(one) => Boolean(one.world)"):
            await asyncio.sleep(0.02)
    home = house_of_cards.url("")
    assert [one for one in asked if not one.startswith((home, "blob:", "data:"))] == []
    colours = await page.evaluate(
        """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
            const map = document.querySelector('photo-map-page').shadowRoot.querySelector('photo-map');
            const canvas = map.shadowRoot.querySelector('canvas');
            const seen = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            const found = new Map();
            for (let i = 0; i < seen.length; i += 4 * 97) {
                const key = `${seen[i]},${seen[i + 1]},${seen[i + 2]}`;
                found.set(key, (found.get(key) ?? 0) + 1);
            }
            done([...found.values()].sort((a, b) => b - a).slice(0, 2).map((n) => n / (seen.length / 4 / 97)));
        })))"""
    )
    assert len(colours) == 2
    assert min(colours) > 0.02, "land and sea are both there"


async def test_keys_and_buttons_move_the_map_and_the_address_keeps_the_place(
    house_of_cards: FakeHouse, opened: Opener
) -> None:
    stand(house_of_cards)
    page = await opened(house_of_cards.url("/photos/map?at=46.5,8.4,6"))
    await expect(marks(page).first).to_be_visible()
    await page.get_by_role("group", name="Map").focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("+")
    await expect(page).to_have_url(re.compile(r"at=46\.5\d*(,|%2C)(8\.[5-9]|9|1\d)[\d.]*(,|%2C)7$"))
    await page.get_by_role("button", name="Farther").click()
    await expect(page).to_have_url(re.compile(r"(,|%2C)6$"))
    await page.get_by_role("button", name="Show everything").click()
    await expect(marks(page)).to_have_count(2)


async def test_dragging_moves_the_map_and_opens_nothing(house_of_cards: FakeHouse, opened: Opener) -> None:
    stand(house_of_cards)
    page = await opened(house_of_cards.url("/photos/map"))
    box = await marks(page).first.bounding_box()
    assert box
    await page.mouse.move(box["x"] + 20, box["y"] + 20)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 90, box["y"] + 60, steps=4)
    await page.mouse.up()
    await expect(page).to_have_url(re.compile("at="))
    assert "photo=" not in page.url
    moved = await marks(page).first.bounding_box()
    assert moved
    assert abs(moved["x"] - box["x"] - 70) < 8


async def test_map_without_places_and_with_trouble_says_so(house_of_cards: FakeHouse, opened: Opener) -> None:
    made = stand(house_of_cards, 0)
    page = await opened(house_of_cards.url("/photos/map"), phone=True)
    await expect(page.get_by_role("heading", name="No places known")).to_be_visible()
    made.refuses = lambda _request: problem(500, "internal", "The disk is full.")
    await page.reload()
    await expect(page.get_by_text("The disk is full.")).to_be_visible()


async def test_towns_stand_by_country_and_lead_to_their_photos(house_of_cards: FakeHouse, opened: Opener) -> None:
    stand(house_of_cards)
    page = await opened(house_of_cards.url("/photos/places"))
    await expect(page.get_by_role("heading", name="Italy")).to_be_visible()
    await page.locator("photo-card", has_text="Arezzo").click()
    await expect(page.get_by_role("heading", name="Arezzo")).to_be_visible()
    await expect(page.locator("photo-tile").first).to_be_visible()


async def test_details_show_where_a_photo_was_taken(house_of_cards: FakeHouse, opened: Opener) -> None:
    made = stand(house_of_cards)
    page = await opened(house_of_cards.url(f"/photos?photo={made.assets[0]['id']}"))
    await page.get_by_role("button", name="Details", exact=True).click()
    await page.get_by_role("link", name="Open the map").click()
    await expect(page).to_have_url(re.compile(r"/photos/map\?at=43\.46"))
    await expect(marks(page).first).to_be_visible()


async def test_marks_of_near_photos_are_one_and_stay_where_they_are(calls: Call) -> None:
    points = "[[0.5, 0.5], [0.5001, 0.5001], [0.5, 0.52], [0.9, 0.9]].map(([x, y], id) => ({ id, x, y, city: 'A' }))"
    counts = f"m.marksOf({points}, %d).map((one) => one.photos.length)"
    assert await calls("photos/clusters.js", counts % 2) == [3, 1]
    assert await calls("photos/clusters.js", counts % 9) == [2, 1, 1]
    area = "{ left: 0.4, top: 0.4, right: 0.6, foot: 0.6 }"
    inside = f"m.marksOf({points}, 9, {area}).map((one) => one.key).join() === "
    whole = f"m.marksOf({points}, 9).filter((one) => one.x < 0.6).map((one) => one.key).join()"
    assert await calls("photos/clusters.js", inside + whole)


async def test_place_under_the_pointer_stays_there_while_the_map_comes_nearer(calls: Call) -> None:
    view = "{ x: 0.5, y: 0.4, zoom: 4 }"
    seen = f"((to) => [to.x + 100 / m.spread(6), 0.5 + 100 / m.spread(4)])(m.around({view}, 6, 100, 0))"
    before, after = await calls("photos/mercator.js", seen)
    assert abs(before - after) < 1e-9
    there = await calls("photos/mercator.js", "m.toGlobe(...m.toMap(11.88, 43.46))")
    assert (round(there["lat"], 6), round(there["lon"], 6)) == (43.46, 11.88)
    assert await calls("photos/mercator.js", "m.placeIn('91,0,4') ?? m.placeIn('x') ?? m.placeIn(undefined)") is None
