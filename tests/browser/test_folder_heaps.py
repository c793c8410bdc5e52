"""Notebooks that stand for folders of the server: a tree of what lies there, and files that are put into it."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Opener, on_shared_loop
from tests.browser.test_link_page import picture
from tests.support.app import PASSWORD, House

SIGN_IN = "(body) => fetch('/api/auth/login', {method: 'POST', body: JSON.stringify(body)}).then((one) => one.status)"
# What a screen reader is told to be at.
SPOKEN = "(tree) => tree.getRootNode().getElementById(tree.getAttribute('aria-activedescendant')).ariaLabel"
HEAP = "folder-of-browsers"
OLD_S = 1_700_000_000


def lay(path: Path, data: bytes = b"words") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (OLD_S, OLD_S))


@on_shared_loop
async def folder(claimed: House, tmp_path: Path) -> Path:
    """A notebook of a folder with 300 files in one of its folders."""
    root = tmp_path / "papers"
    for number in range(300):
        lay(root / f"Receipts/receipt {number:03}.txt", str(number).encode())
    lay(root / "Photos/2025/beach.jpg", picture("teal"))
    lay(root / "letter.txt")
    await opened_heap(claimed, root, read_only=False)
    return root


async def opened_heap(house: House, root: Path, **source: Any) -> None:
    body = {"id": HEAP, "title": "Papers", "type": "folder", "source": {"path": str(root), **source}}
    await house.send("POST", "/api/heap/add", body, 201)
    await house.idle()
    await house.server.heaps.facts.settled()


@pytest.fixture
def look(claimed: House, opened: Opener) -> Any:
    async def looked(**how: Any) -> Page:
        page = await opened(f"{claimed.url}/sign-in", **how)
        assert await page.evaluate(SIGN_IN, {"username": "admin", "password": PASSWORD}) < 300
        await page.goto(f"{claimed.url}/notes/{HEAP}")
        return page

    return looked


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("treeitem", name=name, exact=True)


async def test_tree_is_gone_through_by_keys(folder: Path, look: Any) -> None:
    del folder
    page = await look()
    tree = page.get_by_role("tree", name="Folders and files")
    await expect(row(page, "Photos")).to_have_attribute("aria-expanded", "false")
    await tree.focus()
    await page.keyboard.press("Home")
    await page.keyboard.press("ArrowRight")
    await expect(row(page, "2025")).to_have_attribute("aria-level", "2")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="2025")).to_be_visible()
    await expect(page.get_by_role("navigation", name="Where you are").get_by_role("link")).to_have_text(
        ["Papers", "Photos"]
    )
    await expect(page.get_by_role("link", name="beach.jpg")).to_be_visible()
    await tree.focus()
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("ArrowLeft")
    await expect(row(page, "Photos")).to_have_attribute("aria-expanded", "false")
    await page.keyboard.type("rec")
    await page.keyboard.press("ArrowRight")
    await expect(row(page, "receipt 000.txt")).to_have_attribute("aria-setsize", "300")
    await page.keyboard.press("End")
    await page.keyboard.press("ArrowUp")
    await expect(row(page, "receipt 299.txt")).to_be_visible()
    assert await page.get_by_role("treeitem").count() < 80
    await expect(tree).to_have_attribute("aria-activedescendant", re.compile(r"^at-\d+$"))
    assert await tree.evaluate(SPOKEN) == "receipt 299.txt"


async def test_file_is_put_into_the_open_folder_and_is_seen_there(folder: Path, look: Any, tmp_path: Path) -> None:
    page = await look()
    await row(page, "Photos").click()
    await expect(page.get_by_role("heading", name="Photos")).to_be_visible()
    lay(tmp_path / "mine/shells.txt", b"shells")
    async with page.expect_file_chooser() as asked:
        await page.get_by_role("button", name="Add files").click()
    await (await asked.value).set_files([tmp_path / "mine/shells.txt"])
    await expect(page.get_by_text("1 file is in “Photos”")).to_be_visible()
    await expect(page.get_by_role("link", name="shells.txt")).to_be_visible()
    assert (folder / "Photos/shells.txt").read_bytes() == b"shells"


async def test_scan_is_seen_and_stopped_and_a_folder_that_is_away_says_so(
    claimed: House, folder: Path, look: Any
) -> None:
    page = await look()
    await expect(row(page, "Photos")).to_be_visible()
    claimed.server.jobs.hold(["scan"])
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("menuitem", name="Look for changes").click()
    await expect(page.get_by_text("Waits its turn")).to_be_visible()
    await page.get_by_role("button", name="Stop").click()
    await expect(page.get_by_text("Waits its turn")).to_have_count(0)
    claimed.server.jobs.hold([])

    away = folder.with_name("away")
    folder.rename(away)  # noqa: ASYNC240 - a small folder
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("menuitem", name="Look for changes").click()
    await expect(page.get_by_text(f"The folder {folder} is not there")).to_be_visible()
    await expect(row(page, "Photos")).to_be_visible()
    away.rename(folder)
    await page.get_by_role("button", name="Look again").click()
    await expect(page.get_by_text(f"The folder {folder} is not there")).to_have_count(0)


async def test_tree_unfolds_above_the_files_on_phones(folder: Path, look: Any) -> None:
    del folder
    page = await look(phone=True)
    await expect(page.get_by_role("tree")).to_have_count(0)
    await page.get_by_role("button", name="Folders").click()
    await row(page, "Receipts").click()
    await expect(page.get_by_role("heading", name="Receipts")).to_be_visible()
    wide = await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wide
