"""The watchlist in the client: a bookmark at once, with a way back, a page, a row at home; other windows follow."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Opener, on_shared_loop
from tests.support.app import House
from tests.support.builders import Builders, Item, Library

SIZES = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
ADD, REMOVE = "Add to watchlist", "Remove from watchlist"


class Household(Builders):
    """A house with films and a show, and windows of its administrator."""

    house: House
    opened: Opener
    films: Library
    heat: Item
    ran: Item
    fargo: Item

    async def fill(self) -> None:
        self.films = await self.a_library("Films")
        self.heat = await self.a_film(self.films, "Heat", year=1995)
        self.ran = await self.a_film(self.films, "Ran", year=1985)
        self.fargo, _ = await self.a_series(await self.a_library("Shows", kind="show"), "Fargo", {1: 2})

    async def wish(self, *items: Item) -> None:
        for item in items:
            await self.house.send("POST", f"/api/watchlist/{item.key}")

    async def wishes(self) -> list[str]:
        return [item["title"] for item in (await self.house.get("/api/watchlist"))["items"]]

    async def are(self, *titles: str) -> None:
        async def hold() -> bool:
            return await self.wishes() == list(titles)

        await self.house.until(hold)

    async def window(self, path: str, **how: Any) -> Page:
        cookie = {"name": "immich_access_token", "value": self.house.token, "domain": "127.0.0.1", "path": "/"}
        signed = cookie | {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
        return await self.opened(self.house.url + path, storage_state={"cookies": [signed], "origins": []}, **how)


@on_shared_loop
async def home(claimed: House, opened: Opener) -> Household:
    made = Household(claimed.server.db)
    made.house, made.opened = claimed, opened
    await made.fill()
    return made


def bookmark(page: Page, name: str, *, phone: bool = False) -> Locator:
    return page.get_by_role("button", name="Save" if phone else name, exact=True)


def poster(page: Page, title: str) -> Locator:
    return page.locator("hm-poster").get_by_role("link", name=title).first


@SIZES
async def test_bookmark_saves_at_once_and_can_be_taken_back(home: Household, *, phone: bool) -> None:
    page = await home.window(f"/films/{home.heat.key}", phone=phone)

    await bookmark(page, ADD, phone=phone).click()
    await expect(bookmark(page, REMOVE, phone=phone)).to_have_attribute("aria-pressed", "true")
    await home.are("Heat")
    await page.get_by_role("button", name="Undo").click()

    await expect(bookmark(page, ADD, phone=phone)).to_have_attribute("aria-pressed", "false")
    await home.are()


async def test_show_is_saved_by_a_key(home: Household) -> None:
    page = await home.window(f"/shows/{home.fargo.key}")
    await expect(bookmark(page, ADD)).to_be_visible()

    await page.keyboard.press("b")

    await expect(bookmark(page, REMOVE)).to_be_visible()
    await home.are("Fargo")


@SIZES
async def test_page_shows_the_newest_wish_first(home: Household, *, phone: bool) -> None:
    await home.wish(home.heat, home.fargo)
    page = await home.window("/films", phone=phone)

    await page.get_by_role("link", name="Watchlist", exact=True).click()

    await expect(page.locator("hm-poster .name")).to_have_text(["Fargo", "Heat"])
    await expect(page.get_by_text("2 titles")).to_be_visible()
    sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(sideways) <= 0


async def test_empty_list_says_how_to_fill_it(home: Household) -> None:
    page = await home.window("/watchlist")

    await expect(page.get_by_text("Nothing on your watchlist")).to_be_visible()
    await page.get_by_role("link", name="Look around").click()

    await expect(poster(page, "Heat")).to_be_visible()


async def test_home_has_a_row_of_it_that_follows_other_windows(home: Household) -> None:
    await home.wish(home.heat)
    page = await home.window("/")
    row = page.locator("hm-row").filter(has=page.get_by_role("heading", name="Watchlist"))
    await expect(row.locator("hm-poster .name")).to_have_text(["Heat"])

    await home.wish(home.ran)

    await expect(row.locator("hm-poster .name")).to_have_text(["Ran", "Heat"])
    await row.get_by_role("link", name="See all").click()
    await expect(page.locator("watchlist-page hm-poster .name")).to_have_text(["Ran", "Heat"])


async def test_bookmark_of_another_window_follows(home: Household) -> None:
    page = await home.window(f"/films/{home.heat.key}")
    await expect(bookmark(page, ADD)).to_be_visible()

    await home.wish(home.heat)

    await expect(bookmark(page, REMOVE)).to_be_visible()


async def test_what_is_marked_as_watched_leaves_and_comes_back_by_undo(home: Household) -> None:
    await home.wish(home.heat)
    page = await home.window(f"/films/{home.heat.key}")

    await page.get_by_role("button", name="Mark as watched", exact=True).click()
    await home.are()
    await expect(bookmark(page, ADD)).to_be_visible()
    await page.get_by_role("button", name="Undo").click()

    await home.are("Heat")
    await expect(bookmark(page, REMOVE)).to_be_visible()


async def test_menu_of_a_card_takes_it_off(home: Household) -> None:
    await home.wish(home.heat, home.ran)
    page = await home.window("/watchlist")

    await poster(page, "Heat").click(button="right", position={"x": 20, "y": 20})
    await page.get_by_role("menuitem", name=REMOVE).click()

    await expect(page.locator("hm-poster .name")).to_have_text(["Ran"])
    await home.are("Ran")


async def test_what_is_no_longer_there_stays_and_says_so(home: Household) -> None:
    await home.wish(home.heat)
    async with home.db.write() as tx:
        await tx.run("UPDATE item SET missing_since_at = 1 WHERE rating_key = :key", {"key": home.heat.key})
        await tx.run("UPDATE file SET missing_since_at = 1")
    page = await home.window("/watchlist")

    await expect(page.locator("hm-poster").get_by_text("The file is not there")).to_be_visible()
