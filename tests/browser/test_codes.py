"""One-time codes in a real browser: read out by the host, sent by e-mail, one's own number proved."""

import re
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import ClientSession
from playwright.async_api import Page, expect

from tests.browser.conftest import Opener, on_shared_loop
from tests.support.app import PASSWORD, House
from tests.support.mail import MailServer


@on_shared_loop
async def mail() -> AsyncIterator[MailServer]:
    async with MailServer(user="attic", password="pa ss") as server:
        yield server


async def sign_in(page: Page, name: str = "admin") -> None:
    await page.locator("input[name=username]").fill(name)
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")


async def post(house: House, path: str, body: dict[str, Any]) -> Any:
    async with ClientSession() as client:
        login = {"username": "admin", "password": PASSWORD}
        token = (await (await client.post(house.url + "/api/auth/login", json=login)).json())["token"]
        headers = {"Authorization": f"Bearer {token}"}
        return await (await client.post(house.url + path, json=body, headers=headers)).json()


async def test_code_is_read_out_by_the_host_and_typed_on_the_phone(claimed: House, opened: Opener) -> None:
    await post(claimed, "/api/group/members", {"username": "Mara", "phone": "(555) 000-0002"})
    host = await opened(claimed.url + "/sign-in")
    await sign_in(host)
    await expect(host.locator("hm-page-header")).to_be_visible()
    phone = await opened(claimed.url + "/sign-in?next=/settings", phone=True)

    await phone.get_by_role("link", name="one-time code").click()
    who = phone.get_by_label("Phone number or e-mail")
    await who.fill("0151 234")
    await phone.keyboard.press("Enter")
    await expect(who).to_have_accessible_description(re.compile("country code first"))
    await who.fill("00 1 (555) 000-0002")
    await phone.keyboard.press("Enter")
    digits = phone.get_by_label("Code of six digits")
    await expect(digits).to_be_focused()
    told = await host.get_by_text("Code for Mara:").inner_text()
    code = "".join(re.findall(r"\d", told))
    await digits.fill("000000" if code != "000000" else "111111")
    await phone.keyboard.press("Enter")
    await expect(digits).to_have_accessible_description(re.compile("not the code"))
    await digits.fill(code)
    await phone.keyboard.press("Enter")

    await phone.wait_for_url("**/settings")
    await expect(phone.get_by_text("+15550000002")).to_be_visible()


async def test_mail_is_set_up_tried_and_used(claimed: House, opened: Opener, mail: MailServer) -> None:
    host = await opened(claimed.url + "/sign-in?next=/admin/senders")
    await sign_in(host)
    await host.get_by_role("button", name="Set up").first.click()
    await host.get_by_label("Mail server").fill("127.0.0.1")
    await host.get_by_label("Encryption").select_option("none")
    await host.get_by_label("Port").fill(str(mail.port))
    await host.get_by_label("From").fill("attic@example.org")
    await host.get_by_label("User name").fill("attic")
    await host.get_by_label("Password", exact=True).fill("wrong")
    await host.get_by_role("button", name="Save", exact=True).click()
    await host.get_by_label("Send a test to").fill("gran@example.org")
    await host.get_by_role("button", name="Send a test").click()
    await expect(host.get_by_role("alert")).to_have_text("127.0.0.1 did not take the user name and password.")
    await host.get_by_label("Password", exact=True).fill("pa ss")
    await host.get_by_role("button", name="Save", exact=True).click()
    await expect(host.get_by_label("Password", exact=True)).to_have_value("")
    await host.get_by_role("button", name="Send a test").click()
    await expect(host.get_by_text("Has gran@example.org received it?")).to_be_visible()
    assert mail.recipients == ["gran@example.org"]

    await host.goto(claimed.url + "/settings")
    await host.get_by_label("E-mail").fill("ann@example.org")
    await host.get_by_role("button", name="Save", exact=True).first.click()
    await expect(host.get_by_text("Saved")).to_be_visible()
    await host.get_by_role("button", name="Add a number").click()
    await host.get_by_label("Phone number").fill("+49 151 000 0009")
    await host.get_by_role("button", name="Send a code").click()
    digits = host.get_by_label("Code of six digits")
    await expect(digits).to_be_focused()
    await digits.fill(mail.letters[-1]["Subject"][:6])
    await host.get_by_role("button", name="Confirm").click()
    await expect(host.get_by_text("+491510000009")).to_be_visible()
