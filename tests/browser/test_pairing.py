"""A TV and its code in a real browser, shown, confirmed, refused, ended; the secure address beside the plain one."""

import re
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web
from playwright.async_api import Page, expect

from homemedia.serve import bind
from tests.browser.conftest import HOST, FakeHouse, Opener, on_shared_loop, problem
from tests.support.app import PASSWORD, House, a_house

CODE = re.compile("^[A-Z]{3}-[A-Z]{3}$")
PAIRING = "home/accounts/pairing"
QR = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z"/></svg>'


@on_shared_loop
async def secure(tmp_path: Any) -> AsyncIterator[House]:
    """A claimed house that can serve HTTPS."""
    async with a_house(tmp_path, host="127.0.0.1", tls_port=0) as house:
        await house.claim()
        await house.server.about.https.attach(house.runner, bind)
        try:
            yield house
        finally:
            await house.server.about.https.detach()


def plain(house: House, path: str) -> str:
    return house.url.replace("127.0.0.1", HOST) + path


async def sign_in(page: Page, name: str = "admin") -> None:
    await page.locator("input[name=username]").fill(name)
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")


async def test_television_is_signed_in_by_the_phone(claimed: House, opened: Opener) -> None:
    tv = await opened(plain(claimed, "/sign-in?next=/watchlist"), dark=True)
    await tv.get_by_role("link", name="Sign in with another device").click()
    code = tv.locator("pair-page .code")
    await expect(code).to_have_text(CODE)
    assert await tv.locator("hm-qr img").evaluate(
        "async (image) => { await image.decode(); return image.naturalWidth; }"
    )
    letters = await code.inner_text()

    phone = await opened(plain(claimed, f"/settings/pair?code={letters}"), phone=True)
    await sign_in(phone)
    await expect(phone.get_by_text("It will be signed in as you.", exact=False)).to_be_visible()
    await phone.get_by_role("button", name="Let it in").click()
    await expect(phone.get_by_role("heading", name="is signed in")).to_be_visible()

    await tv.wait_for_url("**/watchlist")
    await tv.goto(plain(claimed, "/admin/members"))
    await expect(tv.get_by_role("heading", name="This page is for administrators", level=1)).to_be_attached()


async def test_code_is_typed_and_refused(claimed: House, opened: Opener) -> None:
    tv = await opened(plain(claimed, "/pair"))
    code = tv.locator("pair-page .code")
    await expect(code).to_have_text(CODE)
    letters = (await code.inner_text()).strip()
    phone = await opened(plain(claimed, "/sign-in?next=/tv"), phone=True)
    await sign_in(phone)

    field = phone.get_by_label("Code on the screen")
    await field.fill("abc")
    await phone.keyboard.press("Enter")
    await expect(field).to_have_accessible_description("The code has six letters.")
    await field.fill(letters.lower().replace("-", " "))
    await phone.keyboard.press("Enter")
    await phone.get_by_role("button", name="Not mine").click()

    await expect(phone.get_by_role("heading", name="was not let in")).to_be_visible()
    await expect(tv.get_by_role("heading", name="This screen was not let in")).to_be_visible()
    await tv.get_by_role("button", name="Show a new code").click()
    await expect(tv.locator("pair-page .code")).not_to_have_text(letters)


async def test_ended_code_is_followed_by_a_new_one(house_of_cards: FakeHouse, opened: Opener) -> None:
    codes = iter(["BBB-BBB", "CCC-CCC", "DDD-DDD"])

    def begin(_: web.Request) -> dict[str, Any]:
        return {"code": next(codes), "secret": "s", "url": "u", "qr": QR, "interval": 0.05, "expiresAt": 0}

    ended = iter([True])

    def collect(_: web.Request) -> Any:
        return problem(410, "pairing_expired", "Ended.") if next(ended, False) else {"state": "waiting"}

    house_of_cards.user = None
    house_of_cards.answers |= {PAIRING: begin, f"{PAIRING}/session": collect}
    tv = await opened(house_of_cards.url("/pair"))

    await expect(tv.locator("pair-page .code")).to_have_text("CCC-CCC")


async def test_device_from_afar_is_warned_of(house_of_cards: FakeHouse, opened: Opener) -> None:
    card = {
        "deviceType": "Chrome",
        "deviceOS": "Linux",
        "address": "203.0.113.9",
        "atHome": False,
        "createdAt": 1,
        "expiresAt": 2,
    }
    house_of_cards.answers[PAIRING] = lambda _: card
    phone = await opened(house_of_cards.url("/settings/pair?code=BCD-FGH"), phone=True)

    await expect(phone.get_by_text("If somebody sent you the code, do not let it in.", exact=False)).to_be_visible()
    assert await phone.get_by_role("switch").count() == 1


async def test_plain_address_says_where_the_sign_in_is_kept(secure: House, opened: Opener) -> None:
    admin = await opened(plain(secure, "/sign-in?next=/admin/https"))
    await sign_in(admin)
    await admin.get_by_role("switch", name="Serve the secure address").click()
    await expect(admin.get_by_text("On each device, once")).to_be_visible()
    port = secure.server.about.https.port

    page = await opened(f"https://{HOST}:{port}/sign-in", ignore_https_errors=True)
    await sign_in(page)
    await page.wait_for_url(f"https://{HOST}:{port}/")
    assert all(cookie["secure"] for cookie in await page.context.cookies())
    await page.goto(plain(secure, "/sign-in?next=/watchlist"))
    await sign_in(page)
    await expect(page.get_by_text("This browser did not keep the sign-in.", exact=False)).to_be_visible()
    await page.get_by_role("link", name="Sign in at the secure address").click()

    await page.wait_for_url(f"https://{HOST}:{port}/watchlist")


async def test_device_is_told_the_steps_of_its_own_kind(secure: House, opened: Opener) -> None:
    await secure.send("PUT", "/api/home/server/https", {"on": True})
    agent = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile Safari/604.1"
    )
    phone = await opened(plain(secure, "/https"), phone=True, user_agent=agent)

    await expect(phone.get_by_text("Certificate Trust Settings", exact=False)).to_be_visible()
    async with phone.expect_download() as got:
        await phone.get_by_role("link", name="Download the certificate").click()
    assert (await got.value).suggested_filename.endswith(".crt")
    await phone.get_by_role("radio", name="TV").click()
    await expect(phone.get_by_text("TVs take no certificates", exact=False)).to_be_visible()


async def test_who_joins_where_the_browser_can_is_offered_the_app(house_of_cards: FakeHouse, opened: Opener) -> None:
    invite: dict[str, Any] = {"label": "", "expiresAt": None, "usesLeft": 1, "invitedBy": "Mara", "libraries": []}
    house_of_cards.user = None
    house_of_cards.answers["invite-info/good"] = lambda _: {
        "valid": True,
        "server": {"name": "Attic"},
        "invite": invite,
    }

    def accept(_: web.Request) -> dict[str, Any]:
        house_of_cards.user = {"id": "1", "username": "gran", "displayName": "Gran", "isAdmin": False}
        return {}

    house_of_cards.answers["invites/good/accept"] = accept
    phone = await opened(house_of_cards.url("/join/good"), phone=True)
    await phone.evaluate(
        """() => { const event = new Event('beforeinstallprompt', { cancelable: true });
          event.prompt = async () => { window.asked = true; return { outcome: 'accepted' }; };
          window.dispatchEvent(event); }"""
    )
    await phone.get_by_label("Your name").fill("Gran")
    await phone.locator("input[name=password]").fill("sesame")
    await phone.keyboard.press("Enter")

    await expect(phone.get_by_role("heading", name="Welcome, Gran")).to_be_visible()
    await phone.get_by_role("button", name="Install").click()
    assert await phone.evaluate("window.asked")
    await phone.get_by_role("link", name="Open HomeMedia").click()
    await phone.wait_for_url(house_of_cards.url("/"))
