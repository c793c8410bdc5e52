"""What is recommended, collections, people and filters, before the real server, on wide screens and on phones."""

import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Opener
from tests.support.app import House
from tests.support.samples import a_film

DAY_S = 86_400
NFO = """<movie><title>{title}</title><year>{year}</year><mpaa>{rating}</mpaa><premiered>{year}-03-01</premiered>
<genre>{genre}</genre><tag>{label}</tag>{saga}<director>N. N.</director>
<actor><name>Di Rust</name><role>Keeper</role></actor></movie>"""
SAGA = "<set><name>Harbour Saga</name></set>"
FILMS = [
    ("Deep Fir", 2019, "PG", "Drama", "kids", ""),
    ("Harbour One", 1994, "PG", "Drama", "kids", SAGA),
    ("Harbour Two", 1999, "R", "Western", "rainy day", SAGA),
    ("Harbour Three", 2004, "R", "Drama", "rainy day", SAGA),
    ("Salt Road", 2015, "PG", "Western", "kids", ""),
    ("The Brook", 2023, "R", "Sci-Fi", "kids", ""),
]
DECADE = "1990\u20131999"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Household:
    """The real house with six films, three of them a collection; windows of its administrator."""

    def __init__(self, house: House, opened: Opener) -> None:
        self.house = house
        self._opened = opened

    async def films(self) -> dict[str, str]:
        """Rating keys by title."""
        folder = self.house.media / "films"
        for title, year, rating, genre, label, saga in FILMS:
            a_film(folder / f"{title} ({year}).mp4")
            words = NFO.format(title=title, year=year, rating=rating, genre=genre, label=label, saga=saga)
            (folder / f"{title} ({year}).nfo").write_text(words, encoding="utf-8")
        _age(folder)
        library = await self.house.add_library("Films", "movie", folder)
        items = (await self.house.get(f"/api/libraries/{library['id']}/items"))["items"]
        return {item["title"]: item["id"] for item in items}

    async def watch(self, key: str) -> None:
        await self.house.send("POST", f"/api/mark-watched/{key}")

    async def window(self, path: str, **how: Any) -> Page:
        cookie = {"name": "immich_access_token", "value": self.house.token, "domain": "127.0.0.1", "path": "/"}
        signed = cookie | {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
        return await self._opened(self.house.url + path, storage_state={"cookies": [signed], "origins": []}, **how)


def _age(folder: Path) -> None:
    """Make files look a day old, so that nobody waits for them to become steady."""
    then = time.time() - DAY_S
    for path in folder.rglob("*.*"):
        os.utime(path, (then, then))


@pytest.fixture
def household(claimed: House, opened: Opener) -> Household:
    return Household(claimed, opened)


def heading(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", name=name, exact=True)


def card(page: Page, name: str) -> Locator:
    """The link of a poster, by how its name begins."""
    return page.locator("hm-poster").get_by_role("link", name=re.compile(f"^{re.escape(name)}\\b")).first


async def test_filters_of_every_kind_stand_in_the_address_and_survive_reload_and_back(household: Household) -> None:
    await household.films()
    page = await household.window("/films")
    await expect(page.get_by_text("6 films")).to_be_visible()

    for kind, value in (("Genre", "Drama"), ("Year", DECADE)):
        await page.get_by_role("button", name=kind, exact=True).click()
        await page.get_by_role("menuitemradio", name=value).click()
    for kind, value in (("Age rating", "PG"), ("Collection", "Harbour Saga"), ("Label", "kids")):
        await page.get_by_role("button", name="More", exact=True).click()
        await page.get_by_role("menuitem", name=kind).click()
        await page.get_by_role("menuitemradio", name=value).click()

    await expect(page.get_by_text("1 of 6 films")).to_be_visible()
    address = re.compile(r"genre=Drama&year=1990-1999&contentRating=PG&collection=Harbour\+Saga&label=kids$")
    await expect(page).to_have_url(address)
    await page.reload()
    await expect(page.get_by_text("1 of 6 films")).to_be_visible()
    await card(page, "Harbour One").click(position={"x": 20, "y": 20})
    await expect(heading(page, "Harbour One")).to_be_visible()
    await page.go_back()
    await expect(page).to_have_url(address)
    await expect(page.get_by_text("1 of 6 films")).to_be_visible()
    await page.get_by_role("button", name="Clear all").click()
    await expect(page.get_by_text("6 films", exact=True)).to_be_visible()
    await expect(page).to_have_url(re.compile(r"/films$"))


async def test_order_can_be_turned_round(household: Household) -> None:
    await household.films()
    page = await household.window("/films")
    first = page.locator("hm-virtual-grid .cell[data-index='0'] hm-poster")
    await expect(first).to_contain_text("The Brook")

    await page.get_by_role("button", name="Title, A").click()
    await (
        page.get_by_role("menuitemradio", name="Turn the order round")
        .or_(page.get_by_role("menuitem", name="Turn the order round"))
        .click()
    )

    await expect(first).to_contain_text("Salt Road")
    await expect(page).to_have_url(re.compile(r"order=desc$"))
    await page.get_by_role("button", name="Title, Z").click()
    await page.get_by_role("menuitemradio", name="Year").click()
    await expect(first).to_contain_text("The Brook")
    await expect(page).to_have_url(re.compile(r"/films\?sort=year$"))


async def test_phone_chooses_filters_in_a_sheet_and_takes_them_away_as_chips(household: Household) -> None:
    await household.films()
    page = await household.window("/films", phone=True)

    await page.get_by_role("button", name="Filters").click()
    await page.get_by_role("button", name="Harbour Saga").click()
    await page.get_by_role("button", name="R", exact=True).click()
    await page.get_by_role("button", name="Show 2 of 6 films").click()

    await expect(card(page, "Harbour Two")).to_be_visible()
    await expect(card(page, "Deep Fir")).to_have_count(0)
    await page.get_by_role("button", name="Remove").first.click()
    await expect(page.get_by_text("3 of 6 films")).to_be_visible()
    assert await page.evaluate(SIDEWAYS) <= 0


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
async def test_ways_to_look_at_films_have_addresses(household: Household, *, phone: bool) -> None:
    await household.films()
    page = await household.window("/films", phone=phone)

    await page.get_by_role("radio", name="Recommended").click()
    await expect(page).to_have_url(re.compile(r"/films/recommended$"))
    await expect(heading(page, "Recently added")).to_be_visible()
    await page.get_by_role("radio", name="Collections").click()
    await expect(page).to_have_url(re.compile(r"/films/collections$"))
    await expect(page.get_by_role("link", name=re.compile("^Harbour Saga, 3 films · 1994.2004$"))).to_be_visible()
    await page.go_back()
    await expect(heading(page, "Recently added")).to_be_visible()
    assert await page.evaluate(SIDEWAYS) <= 0


async def test_recommended_rows_say_why(household: Household) -> None:
    keys = await household.films()
    await household.watch(keys["Harbour One"])
    page = await household.window("/films/recommended")
    await expect(heading(page, "Because you watched Harbour One")).to_be_visible()

    row = page.locator("hm-row[heading='Because you watched Harbour One']")
    await row.locator("hm-poster").filter(has_text="Harbour Two").click(button="right")
    await page.get_by_role("menuitem", name="Why is this recommended?").click()

    words = "Because you watched Harbour One: same collection, Harbour Saga; same director, N. N.; with Di Rust."
    await expect(page.get_by_text(words)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_genres_lead_from_recommended_into_the_grid(household: Household) -> None:
    await household.films()
    page = await household.window("/films/recommended")

    await page.get_by_role("link", name=re.compile("^Western")).click()

    await expect(page).to_have_url(re.compile(r"/films\?genre=Western$"))
    await expect(page.get_by_text("2 of 6 films")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
async def test_collection_shows_its_films_in_order_and_plays_the_next(household: Household, *, phone: bool) -> None:
    keys = await household.films()
    await household.watch(keys["Harbour One"])
    page = await household.window("/films/collections", phone=phone)

    await page.get_by_role("link", name="Harbour Saga").click()

    await expect(page).to_have_url(re.compile(r"/collections/Harbour%20Saga\?library="))
    await expect(heading(page, "Harbour Saga")).to_be_visible()
    titles = page.get_by_role("list", name="Harbour Saga").locator("hm-poster .name")
    await expect(titles).to_have_text(["Harbour One", "Harbour Two", "Harbour Three"])
    await expect(page.get_by_role("link", name="Play Harbour Two").first).to_have_attribute(
        "href", f"/play/{keys['Harbour Two']}"
    )
    if not phone:
        await expect(page.get_by_text("1 of 3 watched")).to_be_visible()
    assert await page.evaluate(SIDEWAYS) <= 0


async def test_film_leads_to_its_collection_and_its_people(household: Household) -> None:
    keys = await household.films()
    page = await household.window(f"/films/{keys['Harbour Two']}")

    row = page.locator("hm-row[heading='Harbour Saga']")
    await expect(row.locator("hm-poster")).to_have_count(2)
    await page.get_by_role("link", name="Di Rust Keeper").click()

    await expect(page).to_have_url(re.compile(r"/people/\d+$"))
    await expect(heading(page, "Di Rust")).to_be_visible()
    await expect(page.get_by_text("Actor · 6 films")).to_be_visible()
    await expect(card(page, "The Brook, 2023 · as Keeper")).to_be_visible()
    await page.go_back()
    await expect(heading(page, "Harbour Two")).to_be_visible()


@pytest.mark.parametrize("path", ["/collections/Nothing", "/people/4711"])
async def test_what_is_not_there_says_so(household: Household, path: str) -> None:
    await household.films()
    page = await household.window(path)

    await expect(heading(page, "This is not here any more")).to_be_visible()
