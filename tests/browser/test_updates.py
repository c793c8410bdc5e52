"""The page about updates, and what keeps a phone away, in a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect

from tests.browser.conftest import PHONE, Opener, on_shared_loop
from tests.support.app import PASSWORD, House, a_house


@on_shared_loop
async def updated(tmp_path: Path) -> AsyncIterator[House]:
    """A house whose index of packages knows of a newer version."""

    async def newest(_request: web.Request) -> web.Response:
        return web.json_response({"info": {"version": "9.1.0", "yanked": False}, "releases": {}, "urls": []})

    app = web.Application()
    app.router.add_get("/json", newest)
    async with TestServer(app) as index, a_house(tmp_path, updates_url=str(index.make_url("/json"))) as house:
        await house.claim()
        yield house


async def window(house: House, opened: Opener, path: str, *, phone: bool = False) -> Page:
    """A window of the signed-in administrator."""
    page = await opened(f"{house.url}/sign-in?next={path}", phone=phone)
    await page.locator("input[name=username]").fill("admin")
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(house.url + path)
    return page


async def test_newer_version_is_looked_for_when_told_and_its_way_is_said(updated: House, opened: Opener) -> None:
    page = await window(updated, opened, "/settings/updates")

    await expect(page.get_by_text("Never looked for a newer one")).to_be_visible()
    await page.get_by_role("button", name="Look now").click()
    await expect(page.get_by_text("HomeMedia 9.1.0 is out")).to_be_visible()
    await expect(page.get_by_text("How an update gets here")).to_be_visible()
    await expect(page.get_by_text("No update has changed the database yet")).to_be_visible()
    assert (await updated.get("/api/home/server/updates"))["isChecking"] is False

    await page.get_by_role("switch", name="Look once a day").click()

    async def is_kept() -> bool:
        return bool((await updated.get("/api/home/server/updates"))["isChecking"])

    await updated.until(is_kept)
    await page.reload()
    await expect(page.get_by_role("switch", name="Look once a day")).to_be_checked()


async def test_what_keeps_a_phone_away_is_said_in_the_servers_words(claimed: House, opened: Opener) -> None:
    page = await window(claimed, opened, "/settings/devices", phone=True)

    await expect(page.get_by_text("firewalld")).to_be_hidden()
    await page.get_by_text("Does a phone not find it?").click()

    await expect(page.get_by_text("The same network")).to_be_visible()
    await expect(page.get_by_text("firewalld")).to_be_visible()
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
