"""A house with notebooks in it, for tests of notes in browsers: `notes` and `look` become fixtures of a module."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Opener, on_shared_loop
from tests.support.app import PASSWORD, House
from tests.support.household import Person, a_household

SIGN_IN = "(body) => fetch('/api/auth/login', {method: 'POST', body: JSON.stringify(body)}).then((one) => one.status)"
TITLE = "Arezzo, spring trip"


class Notebooks:
    """A house with Mara in it, and a notebook of the administrator's."""

    def __init__(self, house: House, mara: Person) -> None:
        self.house = house
        self.mara = mara
        self.heap = ""

    async def made(self, title: str = "Trips") -> str:
        answer = await self.house.send("POST", "/api/heap/add", {"title": title}, 201)
        self.heap = answer["heap"]["id"]
        return self.heap

    async def shared(self, *, to_write: bool) -> str:
        """Given to Mara; the share's id."""
        rights = {"can_download": True, "can_add": to_write, "can_edit": to_write, "can_remove": to_write}
        recipient = {"recipient_type": "user", "recipient_user_id": self.mara.id}
        body = {"target_type": "heap", "target_id": self.heap, "permissions": rights, **recipient}
        return str((await self.house.send("POST", "/api/v1/shares", body))["id"])

    async def listed(self) -> dict[str, Any]:
        """Titles of its notes, and what lists tell of each."""
        page = await self.house.send("POST", "/api/heap", {"heap_id": self.heap})
        return {one["title"]: one for one in page["blocks"]}

    async def until_listed(self, title: str) -> str:
        """Wait until the server shows a note in lists; its id."""

        async def holds() -> bool:
            return title in await self.listed()

        await self.house.until(holds)
        return str((await self.listed())[title]["block_id"])


@on_shared_loop
async def notes(claimed: House) -> Notebooks:
    made = Notebooks(claimed, (await a_household(claimed, "mara"))["mara"])
    await made.made()
    return made


Look = Callable[..., Awaitable[Page]]


@pytest.fixture
def look(notes: Notebooks, opened: Opener) -> Look:
    async def looked(path: str | None = None, *, as_mara: bool = False, host: str = "127.0.0.1", **how: Any) -> Page:
        base = notes.house.url.replace("127.0.0.1", host)
        page = await opened(f"{base}/sign-in", **how)
        who = {"email": "mara@example.org"} if as_mara else {"username": "admin"}
        assert await page.evaluate(SIGN_IN, {**who, "password": PASSWORD}) < 300
        await page.goto(f"{base}{path or f'/notes/{notes.heap}'}")
        return page

    return looked


def text_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="The note")


def title_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Title")


def in_list(page: Page, title: str) -> Locator:
    return page.get_by_role("navigation", name="Notebooks and their notes").get_by_role("link", name=title)


async def written(page: Page) -> list[str]:
    """What stands in the note, paragraph by paragraph, without the cursors of others."""
    found: list[str] = await text_of(page).evaluate(
        "(root) => [...root.querySelectorAll('p, h2, h3')].map((one) => { const copy = one.cloneNode(true);"
        " copy.querySelectorAll('.caret').forEach((caret) => caret.remove());"
        " return copy.textContent.replaceAll('\\u2060', ''); })"
    )
    return found


async def begun(page: Page, title: str = TITLE) -> None:
    """Begin a note in the notebook that is open, the cursor in its words."""
    await page.get_by_role("button", name="New note or notebook").click()
    await page.get_by_role("menuitem", name="New note", exact=True).click()
    await expect(title_of(page)).to_be_focused()
    await page.keyboard.type(title)
    await page.keyboard.press("Enter")
    await expect(text_of(page)).to_be_focused()


async def two_writers(notes: Notebooks, look: Look, **how: Any) -> tuple[Page, Page]:
    """Lina and Mara with one note open."""
    await notes.shared(to_write=True)
    lina = await look()
    await begun(lina)
    await lina.keyboard.type("Five days, no car.")
    await notes.until_listed(TITLE)
    path = re.sub(r"^https?://[^/]+", "", lina.url)
    mara = await look(path, as_mara=True, **how)
    await expect(text_of(mara)).to_contain_text("Five days, no car.")
    return lina, mara


async def at_end(page: Page) -> None:
    await text_of(page).click()
    await page.keyboard.press("Control+End")
