"""The first run and signing in, as a person goes through them, before the real server."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, Request, Route, expect

from tests.browser.conftest import HOST, Gate, Opener
from tests.support.app import PASSWORD, House
from tests.support.samples import a_film, a_long_film

LONG_AGO_S = 1_600_000_000


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of who runs the server: two films, a show, a folder of papers. Nothing else is searched."""
    folder = tmp_path / "home"
    for name in ("Films/Thorn (1999).mp4", "Films/Salt Road (2015).mp4", "Videos/Series/Late Show S01E01.mp4"):
        film = a_long_film(folder / name, minutes=1)
        os.utime(film, (LONG_AGO_S, LONG_AGO_S))
    (folder / "Papers/Old").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setattr("homemedia.server.suggest.shared_places", list)
    return folder


async def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        await page.locator(f"input[name={name}]").fill(value)


async def claim_by_hand(page: Page) -> None:
    """Go through the first page of the wizard."""
    await fill(page, serverName="Attic", username="mara", password=PASSWORD)
    await page.get_by_role("button", name="Next").click()
    await page.wait_for_url("**/setup/folders")


async def sign_in_by_hand(page: Page, password: str = PASSWORD) -> None:
    await fill(page, username="admin", password=password)
    await page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("host", "how"),
    [
        pytest.param("127.0.0.1", {}, id="on the machine itself"),
        pytest.param(HOST, {}, id="by a name, where browsers withhold half their set"),
        pytest.param(HOST, {"phone": True}, id="on a phone"),
    ],
)
async def test_first_run_leads_from_an_empty_server_to_a_film_that_can_be_played(
    house: House, opened: Opener, host: str, how: dict[str, bool]
) -> None:
    page = await opened(house.url.replace("127.0.0.1", host), **how)
    await page.wait_for_url("**/setup")
    await claim_by_hand(page)

    await expect(page.get_by_role("checkbox", name="Use Films")).to_be_checked()
    await expect(page.get_by_role("checkbox", name="Use Series")).to_be_checked()
    await expect(page.get_by_label("What is in Series")).to_have_value("show")
    await page.get_by_role("button", name="Use 2 folders").click()

    await page.wait_for_url("**/setup/ready")
    await expect(page.get_by_role("heading", name="Your house is ready")).to_be_visible()
    await expect(page.get_by_text("2 films")).to_be_visible()
    await page.get_by_role("link", name="Go to Home").click()
    await page.get_by_role("link", name="Thorn").first.press("Enter")
    await expect(page.get_by_role("heading", name="Thorn")).to_be_visible()
    await page.locator("a[href^='/play/'], hm-button[href^='/play/']").first.click()
    await page.wait_for_function("() => document.querySelector('player-page')?.stage?.time > 0")


async def test_music_is_found_and_read_like_films(house: House, home: Path, opened: Opener) -> None:
    for number in (1, 2):
        song = home / f"Musik/Nils Frahm/Felt/{number:02} Song.mp3"
        song.parent.mkdir(parents=True, exist_ok=True)
        a_film(song, codec=None, audio="mp3", seconds=1, is_silent=True)
        os.utime(song, (LONG_AGO_S, LONG_AGO_S))
    page = await opened(house.url)
    await claim_by_hand(page)

    await expect(page.get_by_role("checkbox", name="Use Musik")).to_be_checked()
    await expect(page.get_by_label("What is in Musik")).to_have_value("music")
    await expect(page.get_by_text("2 songs")).to_be_visible()
    await page.get_by_role("button", name="Use 3 folders").click()
    await page.wait_for_url("**/setup/ready")
    await expect(page.get_by_text("1 artist")).to_be_visible()

    await page.goto(f"{house.url}/admin/libraries/new")
    await page.get_by_text("Options").click()
    await expect(page.get_by_label("Details from")).to_be_visible()
    await page.get_by_role("radio", name="Music").click()
    await expect(page.get_by_text("Take covers from inside the songs")).to_be_visible()
    await expect(page.get_by_label("Details from")).to_have_count(0)


async def test_address_for_other_devices_can_be_copied_where_there_is_no_clipboard(
    house: House, opened: Opener
) -> None:
    page = await opened(house.url.replace("127.0.0.1", HOST) + "/setup")
    await claim_by_hand(page)
    await page.route(
        "**/api/home/server/addresses", lambda route: route.fulfill(json={"addresses": ["http://attic.local:8420"]})
    )
    await page.get_by_role("button", name="Do this later").click()

    assert not await page.evaluate("isSecureContext")
    await expect(page.get_by_role("heading", name="Ready when you are")).to_be_visible()
    await page.get_by_role("button", name="Copy http://attic.local:8420").click()
    await expect(page.get_by_text("Address copied")).to_be_visible()


async def test_mistakes_on_the_first_page_are_said_at_their_fields(house: House, opened: Opener) -> None:
    page = await opened(house.url + "/setup")
    await fill(page, serverName="Attic", username="", password="short")
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("This is needed.")).to_be_visible()
    await expect(page.get_by_text("At least 6 characters, please.")).to_be_visible()
    await expect(page.locator("input[name=username]")).to_be_focused()
    assert (await house.get("/api/server"))["setupRequired"] is True


async def test_who_comes_second_to_an_empty_house_is_led_to_sign_in(house: House, opened: Opener) -> None:
    page = await opened(house.url + "/setup")
    await fill(page, serverName="Attic", username="ben", password=PASSWORD)
    await house.claim()
    await page.keyboard.press("Enter")

    await page.wait_for_url("**/sign-in?from=setup")
    await expect(page.get_by_text("This house is set up already.")).to_be_visible()


async def test_setup_from_afar_asks_for_the_code_of_the_log(house: House, opened: Opener) -> None:
    page = await opened(house.url + "/setup", extra_http_headers={"X-Forwarded-For": "203.0.113.9"})
    await fill(page, serverName="Attic", username="mara", password=PASSWORD)
    await page.keyboard.press("Enter")
    code = page.get_by_label("Setup code")
    await code.fill("0" * 9)
    await code.press("Enter")
    await expect(page.get_by_text("This setup code is not the right one.")).to_be_visible()

    await code.fill(house.server.setup_code)
    await code.press("Enter")

    await page.wait_for_url("**/setup/folders")


async def test_reloading_in_the_middle_of_the_first_run_strands_nobody(house: House, opened: Opener) -> None:
    page = await opened(house.url + "/setup")
    await claim_by_hand(page)
    await page.reload()
    await expect(page.get_by_role("heading", name="Where are your films and shows?")).to_be_visible()
    await page.goto(house.url + "/setup")
    await page.wait_for_url("**/setup/folders")
    await page.get_by_role("button", name="Use 2 folders").click()
    await page.wait_for_url("**/setup/ready")
    await page.goto(house.url + "/setup/folders")

    await expect(page.get_by_role("button", name="Go on without")).to_be_visible()
    await page.goto(house.url + "/setup/ready")
    await expect(page.get_by_role("heading", name="Your house is ready")).to_be_visible()


async def test_server_that_goes_away_in_the_first_run_makes_nothing_twice(house: House, opened: Opener) -> None:
    page = await opened(house.url + "/setup")
    await claim_by_hand(page)
    made: list[Request] = []

    async def second_is_lost(route: Route) -> None:
        if route.request.method == "POST":
            made.append(route.request)
        await (route.abort() if len(made) == 2 and route.request is made[-1] else route.continue_())

    await page.route("**/api/libraries", second_is_lost)
    await page.get_by_role("button", name="Use 2 folders").click()
    await expect(page.get_by_text("The server is not answering. Nothing was saved.")).to_be_visible()
    await page.get_by_role("button", name="Use 2 folders").click()

    await page.wait_for_url("**/setup/ready")
    libraries = await page.evaluate("fetch('/api/libraries').then((answer) => answer.json())")
    assert sorted(library["name"] for library in libraries["libraries"]) == ["Films", "Shows"]


async def test_path_that_cannot_be_opened_is_said_where_it_was_typed(house: House, home: Path, opened: Opener) -> None:
    page = await opened(house.url + "/setup")
    await claim_by_hand(page)
    await page.get_by_role("button", name="Type a path").click()
    path = page.get_by_label("Path of a folder")

    await path.fill(str(home / "Nowhere"))
    await path.press("Enter")
    await expect(page.get_by_text("There is no such folder.")).to_be_visible()
    await path.fill("/proc")
    await path.press("Enter")
    await expect(page.get_by_text("This folder belongs to the system and cannot be opened here.")).to_be_visible()
    await path.fill(str(home))
    await path.press("Enter")
    await expect(page.get_by_role("button", name="Open Papers").first).to_be_visible()


async def test_path_one_types_is_kept_when_the_places_come_late(house: House, home: Path, opened: Opener) -> None:
    page, gate = await opened(house.url + "/setup"), Gate()
    await page.route("**/api/home/server/suggestions", gate.hold)
    await claim_by_hand(page)
    await gate.reached()
    await page.get_by_role("button", name="Type a path").click()
    path = page.get_by_label("Path of a folder")
    await path.fill("/half a pa")
    gate.let_go()
    await expect(page.get_by_role("checkbox", name="Use Films")).to_be_checked()

    await expect(path).to_have_value("/half a pa")
    await path.fill(str(home / "Papers"))
    await path.press("Enter")
    await expect(page.get_by_role("button", name="Open Old").first).to_be_visible()
    await expect(path).to_have_count(0)


async def test_path_one_types_is_kept_when_the_folder_one_went_to_before_comes_late(
    house: House, opened: Opener
) -> None:
    page, gate = await opened(house.url + "/setup"), Gate()
    await claim_by_hand(page)
    await page.route("**/api/browse-fs**", gate.hold)
    await page.get_by_role("button", name="Home folder").click()
    await gate.reached()
    await page.get_by_role("button", name="Type a path").click()
    path = page.get_by_label("Path of a folder")
    await path.fill("/half a pa")
    gate.let_go()
    await expect(page.get_by_role("button", name="Open Papers").first).to_be_visible()

    await expect(path).to_have_value("/half a pa")


@pytest.mark.parametrize("name", ["Papers", "Nowhere"])
async def test_path_that_was_typed_is_opened_though_the_places_come_later(
    house: House, home: Path, opened: Opener, name: str
) -> None:
    page, gate = await opened(house.url + "/setup"), Gate()
    await page.route("**/api/home/server/suggestions", gate.hold)
    await claim_by_hand(page)
    await gate.reached()
    await page.get_by_role("button", name="Type a path").click()
    path = page.get_by_label("Path of a folder")
    await path.fill(str(home / name))
    await path.press("Enter")
    there = page.get_by_role("button", name="Open Old").first
    missing = page.get_by_text("There is no such folder.")
    await expect(there if name == "Papers" else missing).to_be_visible()
    gate.let_go()
    await expect(page.get_by_role("button", name="Home folder")).to_be_visible()

    await expect(page.get_by_role("button", name="Use 2 folders")).to_be_visible()
    if name == "Papers":
        await expect(there).to_be_visible()
    else:
        await expect(page.get_by_role("checkbox", name="Use Films")).to_be_checked()
        await expect(missing).to_be_visible()
        await expect(path).to_have_value(str(home / name))


async def test_words_one_adds_while_a_typed_path_is_looked_for_are_kept(
    house: House, home: Path, opened: Opener
) -> None:
    page, gate = await opened(house.url + "/setup"), Gate()
    await claim_by_hand(page)
    await expect(page.get_by_role("checkbox", name="Use Films")).to_be_checked()
    await page.route("**/api/browse-fs**", gate.hold)
    await page.get_by_role("button", name="Type a path").click()
    path = page.get_by_label("Path of a folder")
    await path.fill(str(home / "Pa"))
    await path.press("Enter")
    await gate.reached()
    await path.fill(str(home / "Papers"))
    gate.let_go()
    await expect(page.get_by_text("There is no such folder.")).to_be_visible()

    await expect(path).to_have_value(str(home / "Papers"))


async def test_folder_that_is_chosen_brings_what_lies_in_it(house: House, opened: Opener) -> None:
    page = await opened(house.url + "/setup")
    await claim_by_hand(page)
    await page.get_by_role("button", name="Home folder").click()
    await page.get_by_role("checkbox", name="Use Papers").click()
    await expect(page.get_by_role("button", name="Use 3 folders")).to_be_visible()
    await page.get_by_role("checkbox", name="Use home").click()

    await expect(page.get_by_text("Comes with “home”")).to_have_count(3)
    await expect(page.get_by_role("button", name="Use 1 folder")).to_be_visible()
    await page.get_by_role("checkbox", name="Use home").click()
    await expect(page.get_by_text("Nothing chosen yet")).to_be_visible()


async def test_folder_the_server_may_not_read_cannot_be_chosen(house: House, opened: Opener) -> None:
    page = await opened(house.url + "/setup")
    entry = {"name": "Locked", "path": "/x/Locked", "type": "dir", "readable": False, "inLibrary": None}
    listing = {"path": "/x", "parent": "/", "entries": [entry], "truncated": False, "roots": ["/"]}
    await page.route("**/api/browse-fs**", lambda route: route.fulfill(json=listing))
    await claim_by_hand(page)
    await page.get_by_role("button", name="Home folder").click()

    await expect(page.get_by_text("May not be read by the user HomeMedia runs as")).to_be_visible()
    await expect(page.get_by_role("checkbox", name="Use Locked")).to_be_disabled()


async def test_sign_in_leads_back_to_where_one_wanted_to_go(claimed: House, opened: Opener) -> None:
    page = await opened(claimed.url + "/settings/devices?x=1")
    await page.wait_for_url("**/sign-in?next=*")
    await expect(page.locator("input[name=username]")).to_be_focused()
    await sign_in_by_hand(page)

    await page.wait_for_url("**/settings/devices?x=1")


async def test_wrong_password_says_no_more_than_that_and_the_sixth_try_says_how_long_to_wait(
    claimed: House, opened: Opener
) -> None:
    page = await opened(claimed.url + "/sign-in")
    await sign_in_by_hand(page, "not this one")
    await expect(page.get_by_text("This name and password do not belong together.")).to_be_visible()
    for _ in range(5):
        # While it is signing in the button says so, and a press would be lost.
        await expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
        async with page.expect_response("**/api/auth/login"):
            await page.locator("input[name=password]").press("Enter")

    await expect(page.get_by_text("Too many tries. Wait 15 min, then try again.")).to_be_visible()


async def test_password_managers_see_a_plain_form_of_two_fields(claimed: House, opened: Opener) -> None:
    page = await opened(claimed.url + "/sign-in")

    await expect(page.locator("sign-in-page")).to_be_visible()
    fields = await page.evaluate(
        "[...document.querySelectorAll('form input')].map((it) => [it.type, it.autocomplete, it.form !== null])"
    )
    assert fields == [["text", "username", True], ["password", "current-password", True]]


async def test_house_that_is_set_up_has_no_first_run(claimed: House, opened: Opener) -> None:
    page = await opened(claimed.url + "/setup")
    await page.wait_for_url("**/sign-in")
    await sign_in_by_hand(page)
    await page.wait_for_url(claimed.url + "/")
    await expect(
        page.get_by_role("heading", name="No films here yet").or_(page.locator("home-page hm-empty"))
    ).to_be_visible()
