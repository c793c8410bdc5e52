"""Adding photos: what is known is not sent, a reload loses nothing, folders become albums, before a stand-in."""

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Page, expect

from tests.browser.conftest import HOST, LINA, FakeHouse, Opener, on_shared_loop
from tests.support.photo_stand import PhotoStand

Shelf = Callable[[int], PhotoStand]
# Files as the platform's own picker gives them: with handles that outlive the page.
PICKER = """
    (names) => {
        window.showOpenFilePicker = async () => {
            const root = await navigator.storage.getDirectory();
            return Promise.all(names.map(async (name) => {
                const handle = await root.getFileHandle(name, { create: true });
                const writer = await handle.createWritable();
                await writer.write(`bytes of ${name}`);
                await writer.close();
                return handle;
            }));
        };
    }
"""
MANY = """
    (count) => {
        const data = new DataTransfer();
        const type = 'image/jpeg';
        for (let i = 0; i < count; i += 1) data.items.add(new File([String(i)], `IMG_${i}.jpg`, { type }));
        return data;
    }
"""


@on_shared_loop
async def shelf(house_of_cards: FakeHouse) -> Shelf:
    """Puts a made-up timeline behind the stand-in."""

    def make(count: int) -> PhotoStand:
        stand = PhotoStand(str(LINA["id"]), count)
        house_of_cards.further = stand.answer
        return stand

    return make


def on_the_lan(house: FakeHouse, path: str) -> str:
    """The same address as others of the house write it: plain http, without what browsers keep for https."""
    return house.url(path).replace("127.0.0.1", HOST)


def sent(stand: PhotoStand) -> int:
    return len([one for one in stand.asked if one[:2] == ("POST", "assets")])


def file(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


async def add(page: Page, *files: dict[str, Any]) -> None:
    async with page.expect_file_chooser() as chosen:
        await page.get_by_role("button", name="Add photos").first.click()
    await (await chosen.value).set_files(list(files))  # type: ignore[arg-type]


def held_back(house: FakeHouse, stand: PhotoStand, after: int = 0) -> asyncio.Event:
    """From the given number on files wait at the server until the gate is opened."""
    gate = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse | None:
        if request.path == "/api/assets" and request.method == "POST" and sent(stand) >= after:
            await gate.wait()
        return await stand.answer(request)

    house.further = answer
    return gate


async def test_fingerprints_are_right_on_plain_http(house_of_cards: FakeHouse, opened: Opener) -> None:
    page = await opened(on_the_lan(house_of_cards, "/settings/widgets"))
    assert await page.evaluate("window.isSecureContext") is False
    for size in (0, 55, 56, 63, 64, 65, 1_000, 5_000_001):
        content = f"new Uint8Array({size}).map((_, i) => i % 251)"
        found = await house_of_cards.inside(page, "ui/platform.js", f"m.sha1(new Blob([{content}]))")
        assert found == hashlib.sha1(bytes(i % 251 for i in range(size))).hexdigest(), size  # noqa: S324 - as it is named


async def test_what_is_known_is_not_sent_on_plain_http_either(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(0)
    page = await opened(on_the_lan(house_of_cards, "/photos"))
    await add(page, file("one.jpg", b"one"))
    await expect(page.get_by_text("1 photo added")).to_be_visible()
    assert stand.assets[0]["checksum"] == hashlib.sha1(b"one").hexdigest()  # noqa: S324
    before = sent(stand)
    await add(page, file("again.jpg", b"one"))
    await expect(page.get_by_text("Already here").first).to_be_visible()
    assert sent(stand) == before


async def test_what_lies_in_the_trash_is_offered_back(house_of_cards: FakeHouse, opened: Opener, shelf: Shelf) -> None:
    stand = shelf(1)
    stand.assets[0] |= {"checksum": hashlib.sha1(b"one").hexdigest(), "isTrashed": True}  # noqa: S324
    page = await opened(house_of_cards.url("/photos"))
    await add(page, file("one.jpg", b"one"))
    await expect(page.get_by_text("One of them lies in the trash.")).to_be_visible()
    await page.locator("photo-upload-panel").get_by_role("button", name="Restore").click()
    await expect(page.locator("photo-tile")).to_have_count(1)
    assert sent(stand) == 0


async def test_adding_goes_on_by_itself_after_a_reload(house_of_cards: FakeHouse, opened: Opener, shelf: Shelf) -> None:
    stand = shelf(0)
    gate = held_back(house_of_cards, stand)
    page = await opened(house_of_cards.url("/photos"))
    await page.evaluate(PICKER, [f"{n}.jpg" for n in range(5)])
    await page.get_by_role("button", name="Add photos").first.click()
    await expect(page.get_by_text("Adding 0 of 5")).to_be_visible()
    await page.wait_for_function("localStorage.getItem('homemedia.uploads.open')")
    await page.goto(house_of_cards.url("/settings/widgets"))
    gate.set()
    await expect(page.get_by_text("photos added")).to_be_visible()
    assert {one["originalFileName"] for one in stand.assets} == {f"{n}.jpg" for n in range(5)}


async def test_files_that_cannot_be_read_again_are_asked_for_and_only_those_are_sent(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(0)
    gate = held_back(house_of_cards, stand, after=2)
    page = await opened(on_the_lan(house_of_cards, "/photos"))
    page.on("dialog", lambda asked: asyncio.ensure_future(asked.accept()))
    files = [file(f"{n}.jpg", str(n).encode()) for n in range(6)]
    await add(page, *files)
    await expect(page.get_by_text("Adding 2 of 6")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("files were interrupted when the page was closed")).to_be_visible()
    gate.set()
    async with page.expect_file_chooser() as chosen:
        await page.get_by_role("button", name="Choose files").click()
    await (await chosen.value).set_files(files)  # type: ignore[arg-type]
    await expect(page.get_by_text("files were interrupted")).to_have_count(0)
    await expect(page.get_by_text("added")).to_be_visible()
    assert sorted(one["originalFileName"] for one in stand.assets) == [f"{n}.jpg" for n in range(6)]


async def test_folder_becomes_an_album_when_that_is_chosen(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf, tmp_path: Path
) -> None:
    stand = shelf(0)
    for name in ("Italy/a.jpg", "Italy/b.jpg", "Italy/Rome/c.jpg", "Italy/notes.txt"):
        made = tmp_path / name
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_bytes(name.encode())
    page = await opened(house_of_cards.url("/photos"))
    await page.get_by_role("button", name="More", exact=True).first.click()
    async with page.expect_file_chooser() as chosen:
        await page.get_by_role("menuitem", name="Add a folder").click()
    await (await chosen.value).set_files(tmp_path / "Italy")
    await page.get_by_text("An album for each").click()
    await page.get_by_role("checkbox", name="Rome").click()
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_text("3 photos added")).to_be_visible()
    assert [one["albumName"] for one in stand.albums.values()] == ["Italy"]
    names = {one["id"]: one["originalFileName"] for one in stand.assets}
    assert {names[asset_id] for asset_id in next(iter(stand.albums.values()))["ids"]} == {"a.jpg", "b.jpg"}


@pytest.mark.parametrize("count", [10_000])
async def test_only_the_files_that_are_seen_are_drawn(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf, count: int
) -> None:
    stand = shelf(0)
    held_back(house_of_cards, stand)
    page = await opened(house_of_cards.url("/photos"))
    await expect(page.get_by_text("No photos yet")).to_be_visible()
    await page.dispatch_event("body", "drop", {"dataTransfer": await page.evaluate_handle(MANY, count)})
    await expect(page.get_by_text("Adding 0 of 10,000")).to_be_visible()
    await page.get_by_role("button", name="Show the files").click()
    rows = page.locator("photo-upload-panel li")
    await expect(rows.first).to_be_visible()
    assert await rows.count() < 40
    await page.locator("photo-upload-panel .files").evaluate("(list) => (list.scrollTop = list.scrollHeight)")
    await expect(rows.get_by_text("IMG_9999.jpg")).to_be_visible()
    assert await rows.count() < 40


async def test_phones_are_asked_for_pictures_alone_and_for_their_camera(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    shelf(0)
    page = await opened(house_of_cards.url("/photos"), phone=True)
    async with page.expect_file_chooser() as chosen:
        await page.get_by_role("button", name="Add photos").first.click()
    assert await (await chosen.value).element.get_attribute("accept") == "image/*,video/*"
    await page.get_by_role("button", name="More", exact=True).first.click()
    async with page.expect_file_chooser() as chosen:
        await page.get_by_role("menuitem", name="Take a photo").click()
    assert await (await chosen.value).element.get_attribute("capture") == "environment"
