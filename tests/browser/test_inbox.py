"""The bell, the inbox and the page of notices in a real browser, before the whole house."""

import json
import re
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.conftest import HOST, Opener
from tests.browser.test_pairing import plain, sign_in
from tests.support.app import House
from tests.support.household import Person, a_household
from tests.support.push import PushedBrowser

# Chromium without a screen is connected to no push service: the browser's half is made up, the server's is real.
PUSH_STANDS_IN = """
    { const made = { endpoint: 'https://push.example.org/send/abcdefghijklmnopqrstuvwxyz', keys: %s };
      const unsubscribe = async () => { window.kept = null; return true; };
      const shown = { ...made, options: {}, toJSON: () => made, unsubscribe };
      window.kept = null;
      PushManager.prototype.subscribe = async () => (window.kept = shown);
      PushManager.prototype.getSubscription = async () => window.kept; }
"""


def bell(page: Page, name: str = "Inbox") -> Any:
    return page.locator(".cluster").get_by_role("link", name=re.compile(f"^{name}"))


def row(page: Page, text: str) -> Any:
    return page.locator("inbox-page li").filter(has_text=text)


async def shared(house: House, ben: Person, name: str) -> None:
    """Ben lets the administrator into an album."""
    me = (await house.get("/api/auth/me"))["id"]
    album = await ben.done("POST", "/albums", {"albumName": name})
    await ben.done("PUT", f"/albums/{album['id']}/users", {"albumUsers": [{"userId": me}]})


async def test_bell_lights_up_in_every_tab_and_goes_out_in_every_tab(claimed: House, opened: Opener) -> None:
    ben = (await a_household(claimed, "ben"))["ben"]
    first = await opened(plain(claimed, "/sign-in?next=/inbox"))
    await sign_in(first)
    await expect(row(first, "Somebody signed in to your account")).to_be_visible()
    await first.get_by_role("button", name="Mark all as read").click()
    await expect(bell(first, "Inbox$")).to_be_visible()
    second = await first.context.new_page()
    await second.goto(plain(claimed, "/settings"))
    await expect(bell(second, "Inbox$")).to_be_visible()

    await shared(claimed, ben, "Summer")

    await expect(bell(first, "Inbox, 1 unread notice")).to_be_visible()
    await expect(bell(second, "Inbox, 1 unread notice")).to_be_visible()
    notice = row(first, "Ben let you into the album “Summer”")
    await expect(notice.get_by_text("Unread")).to_be_attached()
    await notice.get_by_role("link").focus()
    await first.keyboard.press("Enter")
    await first.wait_for_url("**/photos/albums/*")
    await expect(bell(second, "Inbox$")).to_be_visible()
    await first.go_back()
    await expect(row(first, "Ben let you into").get_by_text("Unread")).to_have_count(0)


async def test_notices_are_marked_removed_and_brought_back(claimed: House, opened: Opener) -> None:
    ben = (await a_household(claimed, "ben"))["ben"]
    for name in ("Spring", "Summer", "Autumn"):
        await shared(claimed, ben, name)
    page = await opened(plain(claimed, "/sign-in?next=/inbox"), phone=True, dark=True)
    await sign_in(page)
    await expect(page.get_by_role("heading", name="Today")).to_be_visible()
    await expect(page.locator("inbox-page .is-unread")).to_have_count(4)

    await row(page, "Autumn").get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Remove").click()
    await expect(row(page, "Autumn")).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(row(page, "Autumn")).to_be_visible()
    await page.get_by_role("button", name="Mark all as read").click()
    await expect(page.locator("inbox-page .is-unread")).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator("inbox-page .is-unread")).to_have_count(4)
    await row(page, "Spring").get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Mark as read").click()
    await expect(page.locator("inbox-page .is-unread")).to_have_count(3)

    await row(page, "Summer").get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Remove").click()
    await page.goto(plain(claimed, "/inbox"))
    await expect(row(page, "Autumn")).to_be_visible()
    await expect(row(page, "Summer")).to_have_count(0)
    await page.get_by_role("button", name="Mark all as read").click()
    await page.get_by_role("button", name="How you hear of things").click()
    await page.get_by_role("menuitem", name="Remove what was read").click()
    await expect(page.get_by_text("Nothing waits for you")).to_be_visible()


async def test_wishes_are_kept_and_plain_http_leads_to_the_secure_address(claimed: House, opened: Opener) -> None:
    page = await opened(plain(claimed, "/sign-in?next=/settings/notices"))
    await sign_in(page)
    await expect(page.get_by_role("link", name="Set up the secure address")).to_have_attribute("href", "/admin/https")

    await page.get_by_role("switch", name="Albums: on devices", exact=True).click()
    await page.get_by_role("switch", name="Quiet hours", exact=True).click()
    await page.get_by_label("From").select_option("21:30")
    await expect(page.get_by_text("By the clock of Europe/Berlin.")).to_be_visible()
    quiet = {"from": "21:30", "to": "07:00", "timeZone": "Europe/Berlin"}

    async def is_kept() -> bool:
        return bool((await claimed.get("/api/home/notifications/preferences"))["quiet"] == quiet)

    # A page that is left does not send what is still on its way.
    await claimed.until(is_kept)
    await page.reload()

    await expect(page.get_by_role("switch", name="Albums: on devices", exact=True)).not_to_be_checked()
    await expect(page.get_by_role("switch", name="Shared with you: on devices")).to_be_checked()
    await expect(page.get_by_label("From")).to_have_value("21:30")
    assert await is_kept()


async def test_device_is_switched_on_and_shows_what_is_pushed(claimed: House, opened: Opener) -> None:
    page = await opened(f"{claimed.url}/sign-in", permissions=["notifications"])
    await page.context.add_init_script(PUSH_STANDS_IN % json.dumps(PushedBrowser().keys))
    await page.goto(f"{claimed.url}/sign-in?next=/settings/notices")
    await sign_in(page)
    await page.get_by_role("button", name="Show notices on this device").click()
    await expect(page.locator("hm-notice").filter(has_text="Notices are shown on this device")).to_be_visible()
    browsers = (await claimed.get("/api/home/notifications/push"))["browsers"]
    assert [one["device"] for one in browsers] == ["Chrome · Linux"]

    control = await page.context.new_cdp_session(page)
    registrations: list[str] = []
    control.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(one["registrationId"] for one in event["registrations"]),
    )
    await control.send("ServiceWorker.enable")
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    pushed = {"title": "Attic", "body": "Ben shared “Summer” with you", "url": "/photos/albums", "tag": "share-1"}
    await control.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": claimed.url, "registrationId": registrations[-1], "data": json.dumps(pushed)},
    )
    shown = await page.evaluate("""async () => {
        const worker = await navigator.serviceWorker.ready;
        for (;;) {
            const found = await worker.getNotifications();
            if (found.length) return found.map((one) => [one.title, one.body, one.tag, one.data.url]);
            await new Promise((done) => requestAnimationFrame(done));
        }
    }""")
    assert shown == [["Attic", "Ben shared “Summer” with you", "share-1", "/photos/albums"]]

    await page.get_by_role("button", name="Show none here").click()
    await expect(page.get_by_role("button", name="Show notices on this device")).to_be_visible()
    assert (await claimed.get("/api/home/notifications/push"))["browsers"] == []


async def test_page_goes_where_the_service_worker_says(claimed: House, opened: Opener) -> None:
    page = await opened(f"{claimed.url}/sign-in?next=/settings")
    await sign_in(page)
    await expect(bell(page)).to_be_visible()

    await page.evaluate(
        "navigator.serviceWorker.dispatchEvent(new MessageEvent('message', { data: { type: 'open', url: '/inbox' } }))"
    )

    await page.wait_for_url("**/inbox")
    assert HOST not in page.url
