"""Looking after libraries, the house and one's own account, in a real browser."""

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from homemedia.library.scan import probing, scanner
from homemedia.library.scan.context import Work
from tests.browser.conftest import FakeHouse, Opener
from tests.support.app import PASSWORD, House
from tests.support.samples import a_film, damaged

LONG_AGO_S = 1_600_000_000
NEW_PASSWORD = "battery staple"
DAMAGED = "This file is damaged: its head or index cannot be read."


def films(folder: Path, *names: str) -> Path:
    """A folder of small films that nobody is still writing."""
    for name in names:
        film = a_film(folder / f"{name}.mp4", seconds=1)
        os.utime(film, (LONG_AGO_S, LONG_AGO_S))
    return folder


async def window(house: House, opened: Opener, path: str, **how: Any) -> Page:
    """A window of the signed-in administrator."""
    page = await opened(f"{house.url}/sign-in?next={path}", **how)
    await page.locator("input[name=username]").fill("admin")
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(house.url + path)
    return page


async def choose_folder(page: Page, folder: Path) -> None:
    """Choose a folder by its path in the form of a library."""
    await page.get_by_role("button", name="Add a folder").click()
    await page.get_by_role("button", name="Type a path").click()
    path = page.get_by_label("Path of a folder")
    await path.fill(str(folder))
    await path.press("Enter")
    await page.get_by_role("checkbox", name=f"Use {folder.name}", exact=True).click()
    await page.get_by_role("button", name="Use this folder").click()


async def pick(page: Page, library: str, what: str) -> None:
    """Choose from a library's menu."""
    await page.get_by_role("button", name=f"More about {library}").click()
    await page.get_by_role("menuitem", name=what).click()


async def test_library_is_added_read_before_ones_eyes_and_removed_again(
    claimed: House, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = films(claimed.media / "Cinema", "Thorn (1999)", "Salt Road (2015)")
    broken = damaged(folder / "Thorn (1999).mp4", folder / "Half Moon (2003).mp4", "head")
    os.utime(broken, (LONG_AGO_S, LONG_AGO_S))
    may_look = asyncio.Event()

    async def held(work: Work, tools: probing.Prober, _: asyncio.Event) -> None:
        await probing.probe_all(work, tools, may_look)

    monkeypatch.setattr(scanner, "probe_all", held)
    page = await window(claimed, opened, "/admin/libraries")
    await page.get_by_role("link", name="Add library").first.click()
    await choose_folder(page, folder)
    await expect(page.get_by_role("textbox", name="Name")).to_have_value("Cinema")
    await page.get_by_role("button", name="Add and start reading").click()

    panel = page.locator("hm-scan-panel")
    await expect(panel.get_by_role("heading", name="Reading “Cinema”")).to_be_visible()
    await expect(panel.get_by_role("listitem")).to_have_text(["Ready 0", "Waiting 3"], use_inner_text=True)
    may_look.set()
    await expect(panel).to_have_count(0)
    await expect(page.get_by_text("3 films · read just now")).to_be_visible()

    await page.get_by_role("link", name="See it").click()
    await expect(page.get_by_role("heading", name="1 file of Cinema could not be read")).to_be_visible()
    await expect(page.get_by_text(DAMAGED)).to_be_visible()
    await expect(page.get_by_text(str(broken))).to_be_visible()

    await page.get_by_role("link", name="Libraries").first.click()
    await pick(page, "Cinema", "Remove")
    await page.get_by_role("button", name="Remove", exact=True).click()
    await expect(page.get_by_text("No libraries yet")).to_be_visible()
    await expect(page.get_by_text("Cinema was removed. Its files are untouched.")).to_be_visible()
    assert len(list(folder.iterdir())) == 3
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("region", name="Cinema")).to_be_visible()


async def test_scan_that_is_stopped_says_so_and_can_go_on(
    claimed: House, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = films(claimed.media / "Cinema", "Thorn (1999)")
    may_look = asyncio.Event()

    async def held(work: Work, tools: probing.Prober, _: asyncio.Event) -> None:
        await probing.probe_all(work, tools, may_look)

    monkeypatch.setattr(scanner, "probe_all", held)
    body = {"name": "Cinema", "type": "movie", "paths": [str(folder)]}
    await claimed.send("POST", "/api/libraries", body, 201)
    page = await window(claimed, opened, "/admin/libraries")
    await page.get_by_role("button", name="Stop").click()

    await expect(page.get_by_text("Reading “Cinema” was stopped. What it found stays.")).to_be_visible()
    await expect(page.get_by_text("1 film · stopped just now")).to_be_visible()
    may_look.set()
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_text("1 film · read just now")).to_be_visible()


async def test_folder_of_another_library_is_refused_beside_that_folder(claimed: House, opened: Opener) -> None:
    folder = films(claimed.media / "Cinema", "Thorn (1999)")
    await claimed.add_library("Cinema", "movie", folder)
    page = await window(claimed, opened, "/admin/libraries/new")
    await choose_folder(page, claimed.media)
    await page.get_by_role("button", name="Add and start reading").click()

    await expect(page.get_by_role("alert")).to_contain_text(
        "This folder is, holds or lies in a folder of another library."
    )
    await page.get_by_role("button", name=f"Remove {claimed.media}").click()
    await expect(page.get_by_role("button", name="Add and start reading")).to_be_disabled()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text(str(claimed.media), exact=True)).to_be_visible()


async def test_library_is_renamed_and_moved_up(claimed: House, opened: Opener) -> None:
    for name in ("Cinema", "Classics"):
        await claimed.add_library(name, "movie", films(claimed.media / name, f"{name} (1999)"))
    page = await window(claimed, opened, "/admin/libraries")
    await pick(page, "Classics", "Edit")
    await page.get_by_role("textbox", name="Name").fill("Old films")
    await page.get_by_text("Options").click()
    await page.get_by_role("switch", name="Notice new files at once").click()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("region", name="Old films")).to_be_visible()
    await pick(page, "Old films", "Move up")

    async def is_first() -> bool:
        libraries = (await claimed.get("/api/libraries"))["libraries"]
        return [library["name"] for library in libraries] == ["Old films", "Cinema"]

    await claimed.until(is_first)
    changed = (await claimed.get("/api/libraries"))["libraries"][0]
    assert changed["options"]["watchFolders"] is False


async def test_disk_that_is_away_is_told_and_nothing_is_lost(claimed: House, opened: Opener) -> None:
    folder = films(claimed.media / "Cinema", "Thorn (1999)")
    library = await claimed.add_library("Cinema", "movie", folder)
    folder.rename(claimed.media / "away")
    await claimed.scan(library["id"])
    page = await window(claimed, opened, "/admin/libraries")

    await expect(page.get_by_role("alert")).to_contain_text("Cinema cannot be reached")
    await expect(page.get_by_role("alert")).to_contain_text("Nothing was removed")
    (claimed.media / "away").rename(folder)
    await page.get_by_role("button", name="Look again").click()
    await expect(page.get_by_text("Cinema cannot be reached")).to_have_count(0)


async def test_name_and_accent_of_the_house_change_every_window_at_once(claimed: House, opened: Opener) -> None:
    other = await window(claimed, opened, "/settings")
    page = await window(claimed, opened, "/admin/house")
    hue = "() => document.documentElement.style.getPropertyValue('--accent-hue') === '285'"
    await page.get_by_role("radio", name="Violet").click()
    await page.wait_for_function(hue)
    await other.wait_for_function(hue)
    await page.get_by_label("Name of the house").fill("The Brandts")
    await page.get_by_role("button", name="Save").click()

    await expect(page).to_have_title("House · The Brandts")
    await other.reload()
    await other.wait_for_function(hue)
    await expect(other).to_have_title("Account · The Brandts")


async def test_new_password_signs_other_devices_out(claimed: House, opened: Opener) -> None:
    page = await window(claimed, opened, "/settings/devices")
    await expect(page.get_by_text("This device")).to_be_visible()
    await expect(page.get_by_role("button", name="Sign out", exact=True)).to_have_count(1)
    await page.get_by_role("link", name="Account").click()
    await page.locator("input[name=currentPassword]").fill("not this one")
    await page.locator("input[name=newPassword]").fill("short")
    await page.get_by_role("button", name="Change password").click()
    await expect(page.get_by_text("At least 6 characters, please.")).to_be_visible()
    await page.locator("input[name=newPassword]").fill(NEW_PASSWORD)
    await page.get_by_role("button", name="Change password").click()
    await expect(page.locator("hm-field:has([name=currentPassword]) .field-error")).to_be_visible()
    await page.locator("input[name=currentPassword]").fill(PASSWORD)
    await page.get_by_role("button", name="Change password").click()

    await expect(page.get_by_text("Password changed. Your other devices must sign in again.")).to_be_visible()
    await page.get_by_role("link", name="Devices").click()
    await expect(page.get_by_text("No other device is signed in.")).to_be_visible()
    await claimed.get("/api/auth/me", 401)


async def test_member_without_the_right_sees_nothing_of_administration(
    house_of_cards: FakeHouse, opened: Opener
) -> None:
    house_of_cards.user = dict(house_of_cards.user or {}, isAdmin=False)
    page = await opened(house_of_cards.url("/admin/libraries"))

    await expect(page.get_by_role("heading", name="This page is for administrators").last).to_be_visible()
    await page.get_by_role("button", name="Lina: settings and sign out").click()
    await expect(page.get_by_role("menuitem", name="Settings")).to_be_visible()
    await expect(page.get_by_role("menuitem", name="Administration")).to_have_count(0)
    for path in ("/admin", "/admin/house", "/setup/folders", "/setup/ready"):
        await page.goto(house_of_cards.url(path))
        await expect(page.get_by_role("heading", name="This page is for administrators").last).to_be_visible()


def status(last: dict[str, Any]) -> dict[str, Any]:
    """An answer of scan-status with one library's last scan."""
    known = {"scanId": "1", "libraryId": "films", "kind": "scan", "result": "ok", "finishedAt": 1, "durationMs": 1}
    states = dict.fromkeys(("added", "unchanged", "updated", "moved", "duplicate", "ignored", "deferred"), 0)
    known |= {"failed": 0, "errors": [], "why": None, "states": states}
    return {"scanning": False, "scans": [], "last": [known | last]}


async def test_great_loss_waits_for_a_person_to_say_so(house_of_cards: FakeHouse, opened: Opener) -> None:
    films = {"id": "films", "name": "Films", "type": "movie", "itemCount": 900, "lastScanAt": 1, "available": False}
    loss = {"path": "/films", "code": "mass_loss", "error": "800 of 900 files are gone."}
    house_of_cards.answers["libraries"] = lambda _: {"libraries": [films]}
    house_of_cards.answers["scan-status"] = lambda _: status({"result": "unavailable", "errors": [loss]})
    house_of_cards.answers["libraries/films/scan"] = lambda _: {"status": "started", "scanId": "2"}
    page = await opened(house_of_cards.url("/admin/libraries"))
    await expect(page.get_by_role("alert")).to_contain_text("To be safe nothing was removed.")

    async with page.expect_request("**/api/libraries/films/scan") as asked:
        await page.get_by_role("button", name="They are really gone").click()

    assert (await asked.value).post_data_json == {"force": True}
    await expect(page.get_by_text("Looking for changes in Films")).to_be_visible()


async def test_folder_that_cannot_be_watched_says_what_happens_instead(
    house_of_cards: FakeHouse, opened: Opener
) -> None:
    why = "Its disk is on the network, which does not tell of changes. It is looked through every 15 minutes."
    films = {"id": "films", "name": "Films", "type": "movie", "itemCount": 3, "lastScanAt": 1, "available": True}
    films["watching"] = [{"path": "/mnt/nas/films", "why": why}]
    house_of_cards.answers["libraries"] = lambda _: {"libraries": [films]}
    house_of_cards.answers["scan-status"] = lambda _: status({})
    page = await opened(house_of_cards.url("/admin/libraries"))

    await expect(page.get_by_text(why)).to_be_visible()


NONE = dict.fromkeys(
    ("added", "unchanged", "updated", "moved", "duplicate", "ignored", "failed", "deferred", "total"), 0
)
# A scan as the server tells of it, and the parts a person sees.
SCANS: list[Any] = [
    pytest.param(
        {"phase": "discover", "done": 12, "total": 0, "states": NONE | {"added": 9, "ignored": 3, "total": 12}},
        {"New": 9, "Skipped": 3},
        id="a first look",
    ),
    pytest.param(
        {"phase": "discover", "done": 9, "total": 0, "states": NONE | {"unchanged": 7, "moved": 2, "total": 9}},
        {"New": 0, "Changed": 2, "As before": 7},
        id="a later look",
    ),
    pytest.param(
        {
            "phase": "probe",
            "done": 24_033,
            "total": 31_850,
            "states": NONE | {"added": 31_431, "ignored": 400, "duplicate": 12, "failed": 7, "total": 31_850},
        },
        {"Ready": 23_614, "Skipped": 412, "Could not read": 7, "Waiting": 7_817},
        id="looking into files",
    ),
    pytest.param(
        {"phase": "match", "done": 1, "total": 9, "states": NONE | {"added": 8, "deferred": 1, "total": 9}},
        {"Ready": 8, "Still copied": 1},
        id="reading details",
    ),
]


@pytest.mark.parametrize(("scan", "parts"), SCANS)
async def test_parts_of_a_scan_add_up_to_all_its_files(
    house_of_cards: FakeHouse, opened: Opener, scan: dict[str, Any], parts: dict[str, int]
) -> None:
    page = await opened(house_of_cards.url("/settings/widgets"))

    module = f"{house_of_cards.assets}/admin/scan-states.js"
    found = await page.evaluate(
        "([m, scan]) => import(m).then((it) => it.partsOf(scan))", [module, {"kind": "scan", **scan}]
    )

    assert {part["label"]: part["value"] for part in found} == parts
    assert sum(parts.values()) == scan["states"]["total"]


async def test_pages_of_administration_say_when_they_cannot_be_loaded(
    house_of_cards: FakeHouse, opened: Opener
) -> None:
    page = await opened(house_of_cards.url("/admin/house"))
    await expect(page.get_by_text("There is nothing here.")).to_be_visible()
    house_of_cards.answers["home/accounts/household"] = lambda _: {"name": "Attic", "accent": None}
    await page.get_by_role("button", name="Try again").click()

    await expect(page.get_by_label("Name of the house")).to_have_value("Attic")
