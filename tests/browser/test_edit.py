"""Matching and editing by hand, before the real server with a stand-in for TMDb; and what is said when it is away."""

import os
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Page, expect

from tests.browser.conftest import FakeHouse, Opener, on_shared_loop, problem
from tests.support.app import House, a_house
from tests.support.samples import a_film
from tests.support.tmdb import KEY, StandIn, picture

DAY_S = 86_400
WRONG, RIGHT = "Thorn Warfare", "Thorn"
WRONG_ID = 910007


class Desk:
    """A real house whose TMDb is the stand-in; windows of its administrator."""

    def __init__(self, house: House, standin: StandIn, opened: Opener) -> None:
        self.house = house
        self.standin = standin
        self._opened = opened

    async def films(self, *names: str) -> dict[str, str]:
        """Make films of these names; rating keys by title."""
        folder = self.house.media / "films"
        for name in names:
            a_film(folder / f"{name}.mp4", seconds=2)
        _age(folder)
        library = await self.house.add_library("Films", "movie", folder)
        items = (await self.house.get(f"/api/libraries/{library['id']}/items"))["items"]
        return {item["title"]: item["id"] for item in items}

    async def enter_key(self) -> None:
        await self.house.send("PUT", "/api/home/library/tmdb", {"key": KEY})

    async def item(self, key: str) -> dict[str, Any]:
        found: dict[str, Any] = await self.house.get(f"/api/media-item/{key}")
        return found

    async def window(self, path: str, **how: Any) -> Page:
        cookie = {"name": "immich_access_token", "value": self.house.token, "domain": "127.0.0.1", "path": "/"}
        signed = cookie | {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
        return await self._opened(self.house.url + path, storage_state={"cookies": [signed], "origins": []}, **how)


def _age(folder: Path) -> None:
    """Make files look a day old, so that nobody waits for them to become steady."""
    then = time.time() - DAY_S
    for path in folder.rglob("*.*"):
        os.utime(path, (then, then))


@on_shared_loop
async def desk(tmp_path: Path, opened: Opener) -> AsyncIterator[Desk]:
    async with StandIn() as standin:
        there = {"tmdb_url": standin.url, "tmdb_image_url": standin.image_url}
        async with a_house(tmp_path, library=there) as house:
            await house.claim()
            yield Desk(house, standin, opened)


def heading(page: Page, name: str) -> Any:
    return page.get_by_role("heading", name=name, exact=True)


def toasted(page: Page, text: str) -> Any:
    return page.locator("hm-toasts").get_by_text(text)


def undo(page: Page) -> Any:
    return page.locator("hm-toasts").get_by_role("button", name="Undo").last


async def from_the_menu(page: Page, name: str) -> None:
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("menuitem", name=name).click()


async def test_wrong_match_is_fixed_and_the_fixing_undone(desk: Desk) -> None:
    keys = await desk.films("Thorn (1999)")
    await desk.enter_key()
    key = keys[RIGHT]
    await desk.house.idle()
    await desk.house.send("POST", f"/api/match/{key}/apply", {"tmdbId": WRONG_ID})
    page = await desk.window(f"/films/{key}")
    await expect(heading(page, WRONG)).to_be_visible()
    await from_the_menu(page, "Fix match")
    await page.get_by_label("Title", exact=True).fill("Thorn")
    await page.get_by_label("Year", exact=True).fill("1999")
    await page.get_by_role("button", name="Search", exact=True).click()
    await page.get_by_role("button", name="Choose Thorn (1999)").click()
    await expect(heading(page, "Is it this one?")).to_be_visible()
    await page.get_by_role("button", name="Use this one").click()
    await expect(toasted(page, "This is Thorn now")).to_be_visible()
    await expect(heading(page, RIGHT)).to_be_visible()
    assert (await desk.item(key))["matchState"] == "manual"
    await undo(page).click()
    await expect(heading(page, WRONG)).to_be_visible()
    assert (await desk.item(key))["ids"]["tmdb"] == WRONG_ID


async def test_title_is_edited_locked_and_given_back(desk: Desk) -> None:
    keys = await desk.films("Salt Road (2015)")
    page = await desk.window(f"/films/{keys['Salt Road']}")
    await expect(heading(page, "Salt Road")).to_be_visible()
    await page.keyboard.press("e")
    await expect(heading(page, "Edit film")).to_be_visible()
    await page.get_by_label("Title", exact=True).fill("The Salt Road")
    genres = page.get_by_role("combobox", name="Genres")
    await genres.fill("Western")
    await genres.press("Enter")
    await genres.fill("Drama, Noir")
    await genres.press("Enter")
    await genres.press("Backspace")
    await expect(page.get_by_text("2 changes")).to_be_visible()
    await page.keyboard.press("Control+s")
    await expect(toasted(page, "Saved")).to_be_visible()
    await expect(heading(page, "The Salt Road")).to_be_visible()
    known = await desk.item(keys["Salt Road"])
    assert known["fields"]["genres"] == ["Western", "Drama"]
    assert {"title", "genres"} <= set(known["locked"])
    await undo(page).click()
    await expect(heading(page, "Salt Road")).to_be_visible()
    assert (await desk.item(keys["Salt Road"]))["locked"] == []


async def test_poster_is_added_chosen_and_taken_back(desk: Desk, tmp_path: Path) -> None:
    keys = await desk.films("Salt Road (2015)")
    key = keys["Salt Road"]
    before = (await desk.item(key))["artwork"]["thumb"]
    page = await desk.window(f"/edit/{key}")
    posters = page.locator("hm-picture-choice").filter(has=page.get_by_role("heading", name="Poster"))
    file = tmp_path / "poster.jpg"
    file.write_bytes(picture("poster", "Ours", "ours", "original"))
    await posters.locator("input[type=file]").set_input_files(file)
    await expect(toasted(page, "The picture was changed")).to_be_visible()
    await expect(posters.get_by_role("radio", name="added by you", checked=True)).to_be_visible()
    shown = (await desk.item(key))["artwork"]["thumb"]
    assert [one["manual"] for one in shown if one["selected"]] == [True]
    await undo(page).click()
    await expect(posters.get_by_role("radio", name="added by you", checked=True)).to_have_count(0)
    after = (await desk.item(key))["artwork"]["thumb"]
    assert [one["id"] for one in after if one["selected"]] == [one["id"] for one in before if one["selected"]]


async def test_file_that_is_no_picture_is_refused_where_it_was_dropped(desk: Desk, tmp_path: Path) -> None:
    keys = await desk.films("Salt Road (2015)")
    page = await desk.window(f"/edit/{keys['Salt Road']}")
    file = tmp_path / "poster.jpg"
    file.write_bytes(b"no picture at all")
    posters = page.locator('hm-picture-choice[data-kind="thumb"]')
    await posters.locator("input[type=file]").set_input_files(file)
    await expect(posters.get_by_role("alert")).to_be_visible()


async def test_what_the_server_refuses_is_said_at_its_field(desk: Desk) -> None:
    keys = await desk.films("Salt Road (2015)")
    page = await desk.window(f"/edit/{keys['Salt Road']}")
    await page.get_by_label("Year", exact=True).fill("3015")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator('hm-field[name="year"]').get_by_role("alert")).to_be_visible()
    await page.get_by_label("Title", exact=True).fill("")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator('hm-field[name="title"]').get_by_text("This is needed.")).to_be_visible()


async def test_leaving_with_changes_is_asked_about(desk: Desk) -> None:
    keys = await desk.films("Salt Road (2015)")
    page = await desk.window(f"/edit/{keys['Salt Road']}")
    await page.get_by_label("Title", exact=True).fill("Another")
    asked: list[str] = []

    async def stay(dialog: Any) -> None:
        asked.append(dialog.message)
        await dialog.dismiss()

    page.on("dialog", stay)
    await page.get_by_role("link", name="Home").first.click()
    await expect(page).to_have_url(re.compile("/edit/"))
    assert asked == ["What you changed is not saved. Leave all the same?"]
    await page.get_by_role("button", name="Discard").click()
    await page.get_by_role("link", name="Home").first.click()
    await expect(page).not_to_have_url(re.compile("/edit/"))


async def test_several_titles_are_changed_together_and_taken_back(desk: Desk) -> None:
    keys = await desk.films("Deep Fir (2019)", "Salt Road (2015)", "The Brook (2023)")
    page = await desk.window("/films")
    await page.get_by_role("button", name="Select", exact=True).click()
    for title in ("Deep Fir", "The Brook"):
        await page.get_by_role("checkbox", name=re.compile(title)).click(position={"x": 30, "y": 40})
    bar = page.locator("hm-action-bar[open]")
    await expect(bar.get_by_text("2 chosen")).to_be_visible()
    await bar.get_by_role("button", name="Edit").click()
    await page.get_by_role("combobox", name="Add labels").fill("family evening")
    await page.get_by_role("button", name="Change 2 titles").click()
    await expect(toasted(page, "2 titles were changed")).to_be_visible()
    await expect(bar).to_have_count(0)

    async def labelled() -> list[str]:
        return [
            title for title, key in keys.items() if (await desk.item(key))["fields"]["labels"] == ["family evening"]
        ]

    assert sorted(await labelled()) == ["Deep Fir", "The Brook"]
    await undo(page).click()
    await expect(toasted(page, "2 titles are as they were before")).to_be_visible()
    assert await labelled() == []


async def test_field_of_several_titles_is_emptied(desk: Desk) -> None:
    keys = await desk.films("Salt Road (2015)", "Thorn (1999)")
    for key in keys.values():
        await desk.house.send("PUT", f"/api/media-item/{key}", {"studio": "Attic Pictures", "contentRating": "PG"})
    page = await desk.window("/films")
    await page.get_by_role("button", name="Select", exact=True).click()
    for title in keys:
        await page.get_by_role("checkbox", name=re.compile(title)).click(position={"x": 30, "y": 40})
    await page.locator("hm-action-bar[open]").get_by_role("button", name="Edit").click()
    await expect(page.get_by_role("button", name="Change 2 titles")).to_be_disabled()
    await page.get_by_role("checkbox", name="Empty: Studio").click()
    await expect(page.get_by_label("Studio", exact=True)).to_be_disabled()
    await page.get_by_role("button", name="Change 2 titles").click()
    await expect(toasted(page, "2 titles were changed")).to_be_visible()

    for key in keys.values():
        fields = (await desk.item(key))["fields"]
        assert (fields["studio"], fields["contentRating"]) == (None, "PG")


async def test_list_of_edits_takes_one_back(desk: Desk) -> None:
    keys = await desk.films("Salt Road (2015)")
    await desk.house.send("PUT", f"/api/media-item/{keys['Salt Road']}", {"title": "Pepper Road"})
    page = await desk.window("/admin/edits")
    await page.get_by_role("button", name="Undo: Pepper Road").click()
    await expect(page.get_by_text("undone")).to_be_visible()
    assert (await desk.item(keys["Salt Road"]))["fields"]["title"] == "Salt Road"


async def test_key_is_tried_before_it_is_kept(desk: Desk) -> None:
    page = await desk.window("/settings/metadata")
    await page.get_by_label("Key for TMDb").fill("f" * 32)
    await page.get_by_role("button", name="Use this key").click()
    await expect(page.locator("edit-key-form").get_by_role("alert")).to_be_visible()
    await page.get_by_label("Key for TMDb").fill(KEY)
    await page.get_by_role("button", name="Use this key").click()
    await expect(page.get_by_text("TMDb answers and takes the key")).to_be_visible()
    await expect(page.get_by_text("This product uses the TMDB API")).to_be_visible()
    await expect(page.get_by_label("Key for TMDb")).to_have_count(0)
    await page.get_by_role("button", name="Remove the key").click()
    await expect(page.get_by_label("Key for TMDb")).to_be_visible()


async def test_without_a_key_fix_match_leads_to_where_it_is_entered(desk: Desk) -> None:
    keys = await desk.films("Salt Road (2015)")
    page = await desk.window(f"/match/{keys['Salt Road']}", phone=True)
    await expect(heading(page, "TMDb is not set up")).to_be_visible()
    await page.get_by_role("link", name="Enter a key").click()
    await expect(heading(page, "Posters and descriptions from the internet")).to_be_visible()


async def test_why_a_film_is_here_names_its_file_and_where_the_title_is_from(desk: Desk) -> None:
    keys = await desk.films("Salt Road (2015)")
    page = await desk.window(f"/films/{keys['Salt Road']}")
    await from_the_menu(page, "Why is this here?")
    await expect(page.get_by_text(re.compile(r"Salt Road \(2015\)\.mp4$"))).to_be_visible()
    await expect(page.get_by_text("from the name of the file or folder")).to_be_visible()


FILM = {"id": "abcabcabcabc", "type": "movie", "title": "Thorn", "year": 1999, "genres": [], "libraryId": "films"}
KNOWN = {
    "ratingKey": FILM["id"],
    "type": "movie",
    "fields": {"title": "Thorn", "year": 1999},
    "locked": [],
    "sources": {"title": "filename"},
    "ids": {"tmdb": None, "imdb": None, "tvdb": None},
    "matchState": "none",
    "paths": ["/films/Thorn (1999).mkv"],
    "artwork": {"thumb": [], "art": []},
}


@pytest.mark.parametrize(
    ("status", "code", "says"),
    [
        (502, "tmdb_unreachable", "TMDb does not answer"),
        (429, "tmdb_rate_limited", "TMDb asks to wait"),
        (503, "tmdb_not_configured", "TMDb is not set up"),
        (400, "not_matchable", "Home videos have no match"),
    ],
)
async def test_match_page_says_what_is_in_the_way(
    opened: Opener, house_of_cards: FakeHouse, status: int, code: str, says: str
) -> None:
    house_of_cards.answers[f"media/{FILM['id']}"] = lambda _request: FILM
    house_of_cards.answers[f"media-item/{FILM['id']}"] = lambda _request: KNOWN

    def refuse(_request: web.Request) -> web.Response:
        return problem(status, code, "No.")

    house_of_cards.answers[f"match/{FILM['id']}/search"] = refuse
    page = await opened(house_of_cards.url(f"/match/{FILM['id']}"))
    await expect(page.get_by_text(says)).to_be_visible()


async def test_nothing_found_is_said_with_a_way_on(opened: Opener, house_of_cards: FakeHouse) -> None:
    house_of_cards.answers[f"media/{FILM['id']}"] = lambda _request: FILM
    house_of_cards.answers[f"media-item/{FILM['id']}"] = lambda _request: KNOWN
    house_of_cards.answers[f"match/{FILM['id']}/search"] = lambda _request: {"query": {}, "results": []}
    page = await opened(house_of_cards.url(f"/match/{FILM['id']}"))
    await expect(heading(page, "Nothing found")).to_be_visible()
    await expect(page.get_by_role("link", name="Edit by hand")).to_have_attribute("href", f"/edit/{FILM['id']}")


async def test_members_find_no_way_to_edit(opened: Opener, house_of_cards: FakeHouse) -> None:
    assert house_of_cards.user is not None
    house_of_cards.user["isAdmin"] = False
    house_of_cards.answers[f"media-item/{FILM['id']}"] = lambda _request: KNOWN
    page = await opened(house_of_cards.url(f"/edit/{FILM['id']}"))
    await expect(page.locator("edit-page")).to_have_count(0)
    assert await house_of_cards.inside(page, "edit/menu.js", "m.editItems({id: 'a', type: 'movie'}).length") == 0
