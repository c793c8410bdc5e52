"""The household in a real browser: an invite, who joins by it, what is taken from a member, and a TV."""

import os
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Page, expect

from tests.browser.conftest import FakeHouse, Opener, on_shared_loop, problem
from tests.support.app import PASSWORD, House
from tests.support.samples import a_long_film

LONG_AGO_S = 1_600_000_000
INVITE = {
    "valid": True,
    "server": {"name": "Attic"},
    "invite": {
        "label": "Grandparents",
        "expiresAt": None,
        "usesLeft": 1,
        "invitedBy": "Mara",
        "libraries": [{"name": "Films", "type": "movie"}],
    },
}


@on_shared_loop
async def furnished(claimed: House) -> AsyncIterator[House]:
    """A house with a library of films and one of shows."""
    for name in ("Films/Thorn (1999).mp4", "Shows/Late Show/Late Show S01E01.mp4"):
        film = a_long_film(claimed.media / name, minutes=1)
        os.utime(film, (LONG_AGO_S, LONG_AGO_S))
    await claimed.add_library("Films", "movie", claimed.media / "Films")
    await claimed.add_library("Shows", "show", claimed.media / "Shows")
    yield claimed


async def as_admin(house: House, opened: Opener, path: str) -> Page:
    page = await opened(f"{house.url}/sign-in?next={path}")
    await page.locator("input[name=username]").fill("admin")
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(house.url + path)
    return page


async def join(page: Page, name: str) -> None:
    await page.get_by_label("Your name").fill(name)
    await page.locator("input[name=password]").fill("sesame")
    await page.keyboard.press("Enter")


async def add_member(house: House, name: str, **more: Any) -> str:
    body = {"username": name, "displayName": name.title(), "password": "sesame", **more}
    found = await house.send("POST", "/api/users", body, 201)
    return str(found["user"]["id"])


async def make_invite(page: Page, *, without: str) -> str:
    """Make an invite for all libraries but one; its address, as it is shown."""
    await page.get_by_role("button", name="Invite somebody").click()
    await page.get_by_label("For whom").fill("Grandparents")
    await page.get_by_role("radio", name="Chosen ones").click()
    await page.get_by_role("checkbox", name=without).click()
    await page.get_by_role("button", name="Make the link").click()
    await expect(page.get_by_role("heading", name="The invite for Grandparents is ready")).to_be_visible()
    code = page.get_by_role("img", name="QR code")
    assert await code.evaluate("async (image) => { await image.decode(); return image.naturalWidth > 0; }")
    return await page.locator("link-card .address").inner_text()


async def test_who_is_invited_joins_on_the_phone_sees_what_is_granted_and_is_signed_out_from_afar(
    furnished: House, opened: Opener
) -> None:
    admin = await as_admin(furnished, opened, "/admin/invites")
    address = await make_invite(admin, without="Shows")

    phone = await opened(address, phone=True)
    await phone.route_web_socket(re.compile("/ws$"), lambda socket: socket.close())  # the click alone is to tell it
    await expect(phone.get_by_role("heading", name="admin invites you to Attic")).to_be_visible()
    await expect(phone.get_by_text("You will see Films.")).to_be_visible()
    await join(phone, "Gran")
    film = phone.get_by_role("link", name="Thorn").first
    await expect(film).to_be_visible()
    assert await phone.get_by_text("Late Show").count() == 0
    await film.press("Enter")
    await phone.locator("a[href^='/play/'], hm-button[href^='/play/']").first.click()
    await phone.wait_for_function("() => document.querySelector('player-page')?.stage?.time > 0")
    await phone.goto(furnished.url)
    await expect(film).to_be_visible()

    await expect(admin.locator("hm-dialog").get_by_text("Joined: Gran")).to_be_visible()
    await admin.get_by_role("button", name="Done").click()
    await admin.get_by_role("link", name="Members", exact=True).click()
    await admin.get_by_role("link", name="Gran").click()
    await admin.get_by_role("button", name="Sign out", exact=True).click()
    await expect(admin.get_by_text("Signed in nowhere.")).to_be_visible()
    await film.press("Enter")
    await phone.wait_for_url("**/sign-in*")


async def test_name_that_is_taken_is_told_at_its_field(house_of_cards: FakeHouse, opened: Opener) -> None:
    house_of_cards.user = None
    house_of_cards.answers["invite-info/good"] = lambda _: INVITE
    house_of_cards.answers["invites/good/accept"] = lambda _: problem(409, "username_taken", "This is taken.")
    page = await opened(house_of_cards.url("/join/good"), phone=True)
    await join(page, "Ben")

    name = page.get_by_label("Your name")
    await expect(name).to_have_accessible_description("Somebody here has this name already. Try another.")
    await expect(name).to_be_focused()


async def test_link_opened_by_somebody_who_is_in_asks_what_he_wants(house_of_cards: FakeHouse, opened: Opener) -> None:
    house_of_cards.answers["invite-info/good"] = lambda _: INVITE
    page = await opened(house_of_cards.url("/join/good"), phone=True)

    await expect(page.get_by_role("heading", name="You are signed in as")).to_be_visible()
    await expect(page.get_by_role("button", name="Sign out and join as somebody else")).to_be_visible()


@pytest.mark.parametrize(
    ("status", "code", "heading"),
    [
        (404, "invite_not_found", "This link leads nowhere"),
        (410, "invite_expired", "This invite has ended"),
        (410, "invite_used", "This invite has been used"),
        (410, "invite_revoked", "This invite was taken back"),
        (429, "rate_limited", "Too many tries"),
    ],
)
async def test_invite_that_leads_nowhere_says_why(
    house_of_cards: FakeHouse, opened: Opener, status: int, code: str, heading: str
) -> None:
    def answer(_: web.Request) -> web.Response:
        return problem(status, code, "No.")

    house_of_cards.user = None
    house_of_cards.answers["invite-info/spent"] = answer
    page = await opened(house_of_cards.url("/join/spent"), phone=True)

    await expect(page.get_by_role("heading", name=heading)).to_be_visible()
    await page.get_by_role("link", name="Sign in").click()
    await page.wait_for_url("**/sign-in")


async def test_limit_by_age_is_kept_and_can_be_taken_back(claimed: House, opened: Opener) -> None:
    ben = await add_member(claimed, "ben")
    page = await as_admin(claimed, opened, f"/admin/members/{ben}")
    await page.get_by_label("For age").select_option("12")
    await expect(page.get_by_role("switch", name="Hide what has no rating")).to_be_checked()

    async def is_kept() -> bool:
        return bool((await claimed.get(f"/api/users/{ben}/restrictions"))["maxAge"] == 12)

    await claimed.until(is_kept)

    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_label("For age")).to_have_value("")
    assert (await claimed.get(f"/api/users/{ben}/restrictions"))["maxAge"] is None


async def test_last_administrator_stays_one_and_is_told_so(claimed: House, opened: Opener) -> None:
    me = (await claimed.get("/api/auth/me"))["id"]
    page = await as_admin(claimed, opened, f"/admin/members/{me}")
    switch = page.get_by_role("switch", name="Looks after the server")
    await switch.click()

    await expect(page.get_by_text("The household needs an administrator who stays.")).to_be_visible()
    await expect(switch).to_be_checked()


async def test_television_comes_in_by_the_link_that_was_made_for_it(claimed: House, opened: Opener) -> None:
    ben = await add_member(claimed, "ben")
    page = await as_admin(claimed, opened, f"/admin/members/{ben}")
    await page.get_by_role("button", name="Link for a TV").click()
    address = await page.locator("link-card .address").inner_text()

    tv = await opened(address)
    await expect(tv.get_by_role("button", name="Ben: settings and sign out")).to_be_visible()
    assert "token" not in tv.url
