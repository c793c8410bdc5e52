"""Who watches what, before the eyes of an administrator; and a film that goes on on another device."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.test_player import Cinema, holds, runs
from tests.support.app import PASSWORD, House
from tests.support.samples import a_film, a_long_film
from tests.support.streams import a_neighbour

TELEVISION = "Mozilla/5.0 (Linux; Android 12; BRAVIA) Chrome/120"
ENDED = "The administrator ended this."


@pytest.fixture
def cinema(claimed: House, opened: Opener) -> Cinema:
    return Cinema(claimed, opened)


async def window_of(house: House, opened: Opener, token: str, path: str, **how: Any) -> Page:
    """A window of whoever the token is of."""
    cookie = {"name": "immich_access_token", "value": token, "domain": "127.0.0.1", "path": "/", "expires": -1}
    cookie |= {"httpOnly": True, "secure": False, "sameSite": "Lax"}
    return await opened(house.url + path, storage_state={"cookies": [cookie], "origins": []}, **how)


async def another_device(house: House) -> str:
    """A second sign-in of the administrator; its token."""
    body = {"username": "admin", "password": PASSWORD}
    async with house.stranger().post("/api/auth/login", json=body, headers={"User-Agent": TELEVISION}) as answer:
        token: str = (await answer.json())["token"]
        return token


async def stops(page: Page, label: str) -> None:
    """End a play by its menu, and mean it."""
    await page.get_by_role("button", name=f"More about {label}").click()
    await page.get_by_role("menuitem", name="Stop playing").click()
    await page.get_by_role("button", name="Stop playing").click()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
async def test_viewers_come_and_go_and_are_stopped(cinema: Cinema, opened: Opener, *, phone: bool) -> None:
    a_long_film(cinema.house.media / "Heat (1995).mp4", minutes=6)
    key = (await cinema.films())["Heat"]
    bob = (await a_neighbour(cinema.house))["Authorization"].removeprefix("Bearer ")
    page = await cinema.window("/admin", phone=phone)
    await expect(page.get_by_role("link", name="Activity")).to_have_attribute("aria-current", "page")
    await expect(page.get_by_role("heading", name="Nobody is watching")).to_be_visible()

    viewer = await window_of(cinema.house, opened, bob, f"/play/{key}")
    await runs(viewer)

    row = page.get_by_role("listitem", name="Heat for Bob")
    await expect(row).to_contain_text("Plays as it is")
    await expect(row).to_contain_text(re.compile(r"H\.264 \d+p"))
    await expect(row).to_contain_text(re.compile(r"Bob · A device"))
    await expect(page.get_by_text(re.compile(r"1 person · .*all at home"))).to_be_visible()
    await row.get_by_role("button").click()
    await page.get_by_role("menuitem", name="How it plays").click()
    await expect(page.locator("hm-dialog").get_by_text("Sent so far")).to_be_visible()
    await page.keyboard.press("Escape")
    await viewer.evaluate("document.querySelector('player-page').stage.pause()")
    await expect(row).to_contain_text("Paused")

    await stops(page, "Heat for Bob")

    await expect(page.get_by_text("“Heat” was stopped for Bob")).to_be_visible()
    await expect(page.get_by_role("heading", name="Nobody is watching")).to_be_visible()
    await expect(viewer.get_by_text(ENDED)).to_be_visible()


async def test_stream_says_why_it_is_converted_and_ends_for_its_viewer(cinema: Cinema) -> None:
    a_film(cinema.house.media / "Thorn (1999).avi", seconds=120, size="160x90", rate=10, codec="mpeg4")
    key = (await cinema.films())["Thorn"]
    viewer = await cinema.plays(key)
    page = await cinema.window("/admin/activity")

    row = page.get_by_role("listitem", name="Thorn for admin")
    await expect(row).to_contain_text("Converted")
    await expect(row).to_contain_text(re.compile(r"MPEG-4 90p → H\.264 90p, processor, [\d.]+. speed"))
    await expect(row).to_contain_text("The player cannot play MPEG-4.")
    await stops(page, "Thorn for admin")

    await expect(page.get_by_role("heading", name="Nobody is watching")).to_be_visible()
    await expect(viewer.get_by_text("You ended this on another device.")).to_be_visible()


async def test_film_that_plays_elsewhere_goes_on_here(cinema: Cinema, opened: Opener) -> None:
    a_long_film(cinema.house.media / "Heat (1995).mp4", minutes=6)
    key = (await cinema.films())["Heat"]
    home = await cinema.window("/")
    await expect(home.get_by_role("heading", name="Recently added")).to_be_visible()
    await expect(home.get_by_role("heading", name="Continue watching")).to_have_count(0)
    other = await window_of(cinema.house, opened, await another_device(cinema.house), f"/play/{key}?at=60000")
    await runs(other)

    film = await cinema.window(f"/films/{key}")
    await expect(film.get_by_text("Playing on Sony TV on Android")).to_be_visible()
    await other.evaluate("document.querySelector('player-page').stage.pause()")
    await expect(film.get_by_text("Paused on Sony TV on Android")).to_be_visible()
    await expect(home.get_by_role("heading", name="Continue watching").first).to_be_visible()
    place = await other.evaluate("document.querySelector('player-page').stage.time")
    await film.get_by_role("button", name="Continue “Heat” here").click()

    await runs(film)
    await holds(film, f"s.time >= {place} - 1000")
    await expect(other.get_by_text("This goes on on another device.")).to_be_visible()


async def test_what_was_watched_stays_in_the_last_days(cinema: Cinema) -> None:
    a_film(cinema.house.media / "Heat (1995).mp4", seconds=20, size="64x36", is_silent=True)
    key = (await cinema.films())["Heat"]
    bob = await a_neighbour(cinema.house)
    page = await cinema.window("/admin/activity")
    await expect(page.get_by_role("heading", name="Nothing was watched")).to_be_visible()

    for offset in (0, 19_500):
        body = {"ratingKey": key, "offset": offset, "state": "playing"}
        async with cinema.house.stranger().post("/api/progress", json=body, headers=bob) as answer:
            assert answer.status == 200
    await page.reload()

    row = page.get_by_role("listitem", name="Heat, watched by Bob")
    await expect(row).to_contain_text("to the end")
    await expect(row.get_by_role("link", name="Heat")).to_have_attribute("href", f"/films/{key}")
    async with cinema.house.stranger().get("/api/home/playback/history", headers=bob) as refused:
        assert refused.status == 403
