"""The whole first evening in a real browser: wizard, scan, home, film page, and the film plays.

Once at 127.0.0.1, which browsers trust, and once under a plain-HTTP name, where they withhold what they give to HTTPS.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.support.app import House
from tests.support.samples import a_film, a_long_film

YESTERDAY = 1_700_000_000
ARGUMENTS = [
    "--no-sandbox",
    "--autoplay-policy=no-user-gesture-required",
    "--host-resolver-rules=MAP attic.local 127.0.0.1",
]
# Whether any video of the page, in whichever shadow root it stands, has moved on.
PLAYS = """() => {
  const inside = (node) => [...(node.shadowRoot?.children ?? []), ...(node.children ?? [])];
  const below = (node) => inside(node).flatMap((child) => [child, ...below(child)]);
  return below(document.body).some((node) => node.localName === 'video' && node.currentTime > 0.5 && !node.paused);
}"""


def _media(folder: Path) -> Path:
    films = folder / "Films"
    a_long_film(films / "The Brook (2023)" / "The Brook (2023).mp4", minutes=6)
    a_film(films / "Harbour Lights (2011)" / "Harbour Lights (2011).mp4", seconds=2)
    for path in [films, *films.rglob("*")]:
        os.utime(path, (YESTERDAY, YESTERDAY))
    return films


async def _through_the_wizard(page: Page, films: Path) -> None:
    await expect(page.get_by_role("heading", level=1)).to_contain_text("What is this house called")
    await page.get_by_label("Name of the house").fill("Attic")
    await page.get_by_label("Your name for signing in").fill("lina")
    await page.locator("input[name=password]").fill("correct horse")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Where are your films and shows")
    await page.get_by_role("button", name="Type a path").click()
    await page.get_by_label("Path of a folder").fill(str(films.parent))
    await page.keyboard.press("Enter")
    await page.get_by_role("checkbox", name="Use Films").click()
    await page.get_by_role("button", name="Use 1 folder").click()
    await expect(page).to_have_url(re.compile("/setup/ready$"))
    await page.get_by_role("link", name="Go to Home").click()


@pytest.mark.parametrize("name", ["127.0.0.1", "attic.local"])
async def test_from_the_wizard_to_a_playing_film(house: House, chromium: str, name: str) -> None:
    films = _media(house.media)
    async with async_playwright() as tools:
        browser = await tools.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(20_000)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))

        await page.goto(house.url.replace("127.0.0.1", name))
        assert await page.evaluate("isSecureContext") is (name == "127.0.0.1")
        await _through_the_wizard(page, films)
        await page.get_by_role("link", name="The Brook").first.click(position={"x": 12, "y": 12})
        await expect(page.get_by_role("heading", level=1)).to_have_text("The Brook")
        await page.get_by_role("link", name="Play").first.click()
        await page.wait_for_function(PLAYS)

        assert complaints == []
        await browser.close()
