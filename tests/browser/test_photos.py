"""Photos in the client: rows, choosing, the viewer, adding, albums, the search and the trash, before a stand-in."""

import asyncio
import base64
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web
from PIL import Image
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import LINA, FakeHouse, Opener, on_shared_loop, problem
from tests.support.app import House
from tests.support.photo_stand import PhotoStand

SIZES = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FIRST_DAY = "Saturday, 10 October"
Shelf = Callable[..., PhotoStand]


@on_shared_loop
async def shelf(house_of_cards: FakeHouse) -> Shelf:
    """Puts a made-up timeline behind the stand-in."""

    def make(count: int, **how: Any) -> PhotoStand:
        stand = PhotoStand(str(LINA["id"]), count, **how)
        house_of_cards.further = stand.answer
        return stand

    return make


def tiles(page: Page) -> Locator:
    return page.locator("photo-tile")


def tile(page: Page, stand: PhotoStand, index: int) -> Locator:
    """The tile of an asset, by its place in the stand."""
    return page.locator(f'photo-tile:has(a[href="?photo={stand.assets[index]["id"]}"])')


def writes(stand: PhotoStand, method: str) -> list[tuple[str, Any]]:
    return [(path, body) for one, path, body in stand.asked if one == method]


async def soon(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_so():
            await asyncio.sleep(0.02)


def toast(page: Page, text: str) -> Locator:
    return page.locator("hm-toasts .toast").filter(has_text=text)


def file(name: str, content: bytes = b"picture") -> dict[str, Any]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


async def add(page: Page, *files: dict[str, Any]) -> None:
    async with page.expect_file_chooser() as chosen:
        await page.get_by_role("button", name="Add photos").first.click()
    await (await chosen.value).set_files(list(files))  # type: ignore[arg-type]


@SIZES
async def test_days_stand_over_rows_that_fill_the_page(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf, *, phone: bool
) -> None:
    shelf(60)
    page = await opened(house_of_cards.url("/photos"), phone=phone)
    await expect(page.get_by_role("heading", name=FIRST_DAY)).to_be_visible()
    await expect(page.locator("photo-day").first.get_by_text("Arezzo")).to_be_visible()
    row: list[Any] = await page.evaluate(
        """() => {
            const grid = document.querySelector('photo-timeline-page').shadowRoot.querySelector('photo-list').grid;
            const boxes = [0, 1, 2, 3, 4, 5].map((i) => grid.placeAt(i)).filter((one) => one.y === grid.placeAt(0).y);
            return [boxes.at(-1).x + boxes.at(-1).width, grid.clientWidth, boxes[0].height];
        }"""
    )
    assert row[0] == pytest.approx(row[1], abs=1)
    assert 80 < row[2] < 260
    assert await page.evaluate(SIDEWAYS) == 0


async def test_only_what_is_seen_of_a_long_timeline_is_in_the_document(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(12_000, per_day=9)
    page = await opened(house_of_cards.url("/photos"))
    await expect(tiles(page).first).to_be_visible()
    assert await tiles(page).count() < 120
    scrubber = page.get_by_role("slider", name="Months")
    await scrubber.press("End")
    month = stand.assets[-1]["localDateTime"][:7]
    begins = next(i for i, one in enumerate(stand.assets) if one["localDateTime"].startswith(month))
    await expect(tile(page, stand, begins)).to_be_visible()
    assert await tiles(page).count() < 160


async def test_month_that_comes_in_late_moves_nothing_that_is_looked_at(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    shelf(3_000)
    page = await opened(house_of_cards.url("/photos"))
    scrubber = page.get_by_role("slider", name="Months")
    for _ in range(3):
        await scrubber.press("ArrowDown")
    month = await scrubber.get_attribute("aria-valuetext")
    await expect(page.locator("photo-day").first).to_be_visible()
    await scrubber.press("ArrowUp")
    await scrubber.press("ArrowDown")
    await expect(scrubber).to_have_attribute("aria-valuetext", month or "")


async def test_ticks_and_shift_choose_what_lies_between(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(30)
    page = await opened(house_of_cards.url("/photos"))
    await tile(page, stand, 1).hover()
    await tile(page, stand, 1).get_by_role("checkbox", name="Choose").click()
    await expect(page.get_by_text("1 selected")).to_be_visible()
    await tile(page, stand, 5).click(modifiers=["Shift"])
    await expect(page.get_by_text("5 selected")).to_be_visible()
    await tile(page, stand, 3).click()
    await expect(page.locator("photo-tile[chosen]")).to_have_count(4)
    await page.get_by_role("button", name="Favourite", exact=True).click()
    chosen = {stand.assets[i]["id"] for i in (1, 2, 4, 5)}
    await soon(lambda: bool(writes(stand, "PUT")))
    path, body = writes(stand, "PUT")[0]
    assert (path, set(body["ids"]), body["isFavorite"]) == ("assets", chosen, True)
    await page.keyboard.press("Escape")
    await expect(page.locator("photo-tile[chosen]")).to_have_count(0)


async def test_day_is_chosen_whole(house_of_cards: FakeHouse, opened: Opener, shelf: Shelf) -> None:
    shelf(30)
    page = await opened(house_of_cards.url("/photos"))
    await page.locator("photo-day").first.hover()
    await page.get_by_role("button", name=f"Choose all of {FIRST_DAY}").click()
    await expect(page.get_by_text("7 selected")).to_be_visible()


async def test_finger_that_rests_chooses_and_opens_nothing(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(30)
    page = await opened(house_of_cards.url("/photos"), phone=True)
    box = await tile(page, stand, 1).bounding_box()
    assert box is not None
    touch = await page.context.new_cdp_session(page)
    point = {"x": box["x"] + 30, "y": box["y"] + 30}
    await touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    await expect(page.get_by_text("1 selected")).to_be_visible()
    other = await tile(page, stand, 4).bounding_box()
    assert other is not None
    moved = {"x": other["x"] + 30, "y": other["y"] + 30}
    await touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [moved]})
    await expect(page.get_by_text("4 selected")).to_be_visible()
    await touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await expect(page.locator("photo-viewer")).to_have_count(0)


@SIZES
async def test_photo_opens_over_the_rows_and_back_closes_it(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf, *, phone: bool
) -> None:
    stand = shelf(30)
    page = await opened(house_of_cards.url("/photos"), phone=phone)
    await tile(page, stand, 1).click()
    await expect(page).to_have_url(re.compile(stand.assets[1]["id"]))
    await expect(page.locator("photo-viewer .pswp__img").first).to_be_visible()
    await page.keyboard.press("ArrowRight")
    await expect(page).to_have_url(re.compile(stand.assets[2]["id"]))
    await page.go_back()
    await expect(page.locator("photo-viewer")).to_have_count(0)
    await expect(page).to_have_url(re.compile(r"/photos$"))
    assert not [one for one in stand.asked if one[0] != "GET"], "looking changes nothing"


async def test_address_of_a_photo_opens_it_where_it_stands(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(2_000)
    page = await opened(house_of_cards.url(f"/photos?photo={stand.assets[1500]['id']}"))
    await expect(page.locator("photo-viewer .pswp__img").first).to_be_visible()
    await page.keyboard.press("ArrowLeft")
    await expect(page).to_have_url(re.compile(stand.assets[1499]["id"]))


async def test_details_show_what_is_known_and_take_words(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(30)
    page = await opened(house_of_cards.url("/photos"))
    await tile(page, stand, 0).click()
    await page.get_by_role("button", name="Details", exact=True).click()
    await expect(page.get_by_text("f/1.6 · 1/887 s · 6 mm · ISO 80")).to_be_visible()
    await expect(page.locator("photo-info").get_by_text("IMG_0000.jpg")).to_be_visible()
    field = page.get_by_label("Description")
    await field.fill("In the square")
    await field.blur()
    await soon(lambda: stand.assets[0]["exifInfo"]["description"] == "In the square")


async def test_deleted_photo_goes_from_the_rows_and_undo_brings_it_back(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(30)
    page = await opened(house_of_cards.url("/photos"))
    await tile(page, stand, 1).click()
    await expect(page.locator("photo-viewer .pswp__img").first).to_be_visible()
    await page.keyboard.press("Delete")
    await expect(page).to_have_url(re.compile(stand.assets[2]["id"]))
    await page.keyboard.press("Escape")
    await expect(tile(page, stand, 1)).to_have_count(0)
    await toast(page, "In the trash, for 30 days").get_by_role("button", name="Undo").click()
    await expect(tile(page, stand, 1)).to_be_visible()
    assert writes(stand, "DELETE") == [("assets", {"ids": [stand.assets[1]["id"]]})]


async def test_change_the_server_refuses_is_taken_back(house_of_cards: FakeHouse, opened: Opener, shelf: Shelf) -> None:
    stand = shelf(30)
    stand.refuses = lambda request: (
        problem(400, "no_access", "Not found or no asset.update access") if request.method == "PUT" else None
    )
    page = await opened(house_of_cards.url("/photos"))
    await tile(page, stand, 1).hover()
    await tile(page, stand, 1).get_by_role("checkbox", name="Choose").click()
    await page.get_by_role("button", name="Archive", exact=True).click()
    await expect(toast(page, "Not found or no asset.update access")).to_be_visible()
    await expect(tile(page, stand, 1)).to_be_visible()


async def test_archive_and_trash_are_pages_of_their_own(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(30)
    stand.assets[4]["visibility"] = "archive"
    stand.assets[5]["isTrashed"] = True
    stand.assets[6]["isTrashed"] = True
    page = await opened(house_of_cards.url("/photos/archive"))
    await expect(tiles(page)).to_have_count(1)
    await page.goto(house_of_cards.url("/photos/trash"))
    await expect(tiles(page)).to_have_count(2)
    await tile(page, stand, 5).hover()
    await tile(page, stand, 5).get_by_role("checkbox", name="Choose").click()
    await page.get_by_role("button", name="Restore").click()
    await expect(tiles(page)).to_have_count(1)
    await page.get_by_role("button", name="Empty the trash").first.click()
    await page.locator("hm-confirm").get_by_role("button", name="Empty the trash").click()
    await expect(page.get_by_text("The trash is empty")).to_be_visible()
    assert len(stand.assets) == 29


async def test_files_that_are_chosen_come_in_and_known_ones_are_not_sent_again(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(3)
    page = await opened(house_of_cards.url("/photos"))
    await expect(tiles(page)).to_have_count(3)
    await add(page, file("one.jpg", b"one"), file("two.jpg", b"two"), file("notes.txt", b"no picture"))
    await expect(page.get_by_text("2 photos added")).to_be_visible()
    await expect(page.get_by_text("1 file left out: no photo or video")).to_be_visible()
    await expect(tiles(page)).to_have_count(5)
    sent = len([one for one in stand.asked if one[:2] == ("POST", "assets")])
    await add(page, file("one.jpg", b"one"), file("three.jpg", b"three"))
    await expect(page.get_by_text("1 photo added")).to_be_visible()
    await expect(page.get_by_text("1 already here")).to_be_visible()
    assert len([one for one in stand.asked if one[:2] == ("POST", "assets")]) == sent + 1


async def test_files_are_dropped_anywhere_on_the_page(house_of_cards: FakeHouse, opened: Opener, shelf: Shelf) -> None:
    stand = shelf(0)
    page = await opened(house_of_cards.url("/photos"))
    await expect(page.get_by_text("No photos yet")).to_be_visible()
    data = await page.evaluate_handle(
        """() => {
            const data = new DataTransfer();
            for (const name of ['a.jpg', 'b.jpg']) data.items.add(new File([name], name, {type: 'image/jpeg'}));
            return data;
        }"""
    )
    await page.dispatch_event("body", "dragenter", {"dataTransfer": data})
    await expect(page.get_by_text("Drop to add them")).to_be_visible()
    await page.dispatch_event("body", "drop", {"dataTransfer": data})
    await expect(page.get_by_text("2 photos added")).to_be_visible()
    await expect(tiles(page)).to_have_count(2)
    assert len(stand.assets) == 2


async def test_upload_that_fails_says_why_and_is_tried_again(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(0)
    bad = {"is": True}
    stand.refuses = lambda request: (
        problem(500, "internal", "Internal server error") if bad["is"] and request.path == "/api/assets" else None
    )
    page = await opened(house_of_cards.url("/photos"))
    await add(page, file("one.jpg"))
    await expect(page.get_by_text("1 could not be added")).to_be_visible()
    await expect(page.get_by_text("Internal server error")).to_be_visible()
    bad["is"] = False
    await page.get_by_role("button", name="Try one.jpg again").click()
    await expect(page.get_by_text("1 photo added")).to_be_visible()


async def test_full_room_pauses_the_rest_with_a_sentence(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(0)
    full = {"is": True}
    stand.refuses = lambda request: (
        problem(400, "quota", "Quota has been exceeded!") if full["is"] and request.path == "/api/assets" else None
    )
    page = await opened(house_of_cards.url("/photos"))
    await add(page, *(file(f"{n}.jpg", str(n).encode()) for n in range(6)))
    await expect(page.get_by_text("Your room on this server is full")).to_be_visible()
    assert not stand.assets
    full["is"] = False
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_text("6 photos added")).to_be_visible()


async def test_pause_ends_what_is_on_its_way_and_going_on_brings_all(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(0)
    gate = asyncio.Event()
    answer = stand.answer

    async def slowly(request: web.Request) -> web.StreamResponse | None:
        if request.path == "/api/assets" and request.method == "POST":
            await gate.wait()
        return await answer(request)

    house_of_cards.further = slowly
    page = await opened(house_of_cards.url("/photos"))
    await add(page, *(file(f"{n}.jpg", str(n).encode()) for n in range(5)))
    await page.get_by_role("button", name="Pause").click()
    await expect(page.get_by_text("Paused")).to_be_visible()
    gate.set()
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_text(re.compile("photos? added"))).to_be_visible()
    await expect(tiles(page).first).to_be_visible()


@SIZES
async def test_album_is_made_of_what_is_chosen(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf, *, phone: bool
) -> None:
    stand = shelf(30)
    page = await opened(house_of_cards.url("/photos"), phone=phone)
    await page.get_by_role("button", name="More", exact=True).first.click()
    await page.get_by_role("menuitem", name="Choose photos").click()
    await tile(page, stand, 0).click()
    await tile(page, stand, 1).click()
    await page.get_by_role("button", name="Add to album").locator("visible=true").click()
    await page.get_by_label("New album").fill("Arezzo")
    await page.get_by_role("button", name="Create").click()
    await expect(toast(page, "2 photos added to Arezzo")).to_be_visible()
    await page.get_by_role("link", name="Albums").click()
    await page.get_by_role("link", name=re.compile("^Arezzo, 2 photos")).click()
    await expect(tiles(page)).to_have_count(2)
    title = page.get_by_label("Name of the album")
    await title.fill("Arezzo in autumn")
    await title.press("Enter")
    await soon(lambda: next(iter(stand.albums.values()))["albumName"] == "Arezzo in autumn")


async def test_photos_are_put_into_an_album_from_the_timeline_and_taken_out(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(30)
    album = stand.add_album("Kittens", [stand.assets[0]["id"]])
    page = await opened(house_of_cards.url(f"/photos/albums/{album['id']}"))
    await expect(tiles(page)).to_have_count(1)
    await page.get_by_role("link", name="Choose from the timeline").first.click()
    await expect(page.get_by_role("heading", name="Add to Kittens")).to_be_visible()
    await tile(page, stand, 3).click()
    await page.get_by_role("button", name="Add to album").click()
    await expect(tiles(page)).to_have_count(2)
    await tile(page, stand, 0).hover()
    await tile(page, stand, 0).get_by_role("checkbox", name="Choose").click()
    await page.get_by_role("button", name="Remove from album").locator("visible=true").click()
    await expect(tiles(page)).to_have_count(1)
    assert album["ids"] == [stand.assets[3]["id"]]


async def test_search_finds_by_words_and_by_town(house_of_cards: FakeHouse, opened: Opener, shelf: Shelf) -> None:
    stand = shelf(60)
    page = await opened(house_of_cards.url("/photos"))
    await page.get_by_role("searchbox", name="Search").fill("arezzo")
    await expect(page).to_have_url(re.compile(r"/photos/search\?q=arezzo"))
    found = [one for one in stand.assets if one["exifInfo"]["city"] == "Arezzo"]
    await expect(page.get_by_text(f"{len(found)} photos")).to_be_visible()
    await page.goto(house_of_cards.url("/photos/search"))
    await page.get_by_role("button", name="Town").click()
    await page.get_by_role("menuitem", name="Furka Pass").click()
    await expect(tiles(page).first).to_be_visible()
    await expect(page).to_have_url(re.compile("city=Furka"))


async def test_nothing_found_and_nothing_there_are_said(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    shelf(5)
    page = await opened(house_of_cards.url("/photos/search?q=zebra"))
    await expect(page.get_by_text("Nothing found")).to_be_visible()
    await page.goto(house_of_cards.url("/photos/albums"))
    await expect(page.get_by_text("No albums yet")).to_be_visible()
    await page.goto(house_of_cards.url("/photos/albums/00000000-0000-0000-0000-000000000999"))
    await expect(page.get_by_text("This album is not there")).to_be_visible()


async def test_photo_of_others_shows_up_when_the_house_tells(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(3)
    page = await opened(house_of_cards.url("/photos"))
    await expect(tiles(page)).to_have_count(3)
    await soon(lambda: bool(house_of_cards.sockets))
    first = stand.assets[0]
    stand.assets.insert(0, first | {"id": "00000000-0000-0000-0000-00000000beef"})
    await house_of_cards.tell({"event": "photos.changed", "photo_ids": []})
    await expect(tiles(page)).to_have_count(4)


ARRIVED = """(files) => {
    const data = new DataTransfer();
    for (const [name, text] of files) {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], name, {type: 'image/jpeg'}));
    }
    return data;
}"""


def a_picture(taken: str, colour: tuple[int, int, int]) -> str:
    """A small JPEG as base64, taken in Arezzo at that time."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = taken
    exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 27.0, 48.0), 3: "E", 4: (11.0, 52.0, 42.0)})
    made = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(made, "JPEG", exif=exif.tobytes())
    return base64.b64encode(made.getvalue()).decode()


async def test_what_is_dropped_is_kept_found_and_brought_back_from_the_trash(claimed: House, opened: Opener) -> None:
    cookie = {"name": "immich_access_token", "value": claimed.token, "domain": "127.0.0.1", "path": "/"}
    signed = cookie | {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    page = await opened(claimed.url + "/photos", storage_state={"cookies": [signed], "origins": []})
    await expect(page.get_by_text("No photos yet")).to_be_visible()
    files = [
        ["square.jpg", a_picture("2024:06:01 10:00:00", (180, 90, 40))],
        ["tower.jpg", a_picture("2024:06:01 11:00:00", (40, 90, 180))],
        ["garden.jpg", a_picture("2023:05:02 09:00:00", (40, 180, 90))],
    ]
    await page.dispatch_event("body", "drop", {"dataTransfer": await page.evaluate_handle(ARRIVED, files)})
    await expect(page.get_by_text("3 photos added")).to_be_visible()
    await page.locator("photo-upload-panel").get_by_role("button", name="Close").click()
    await expect(page.get_by_role("heading", name="1 June 2024")).to_be_visible()
    await expect(page.locator("photo-tile img.there")).to_have_count(3)

    await page.locator("photo-day").first.hover()
    await page.get_by_role("button", name="Choose all of 1 June 2024").click()
    await page.get_by_role("button", name="Add to album").locator("visible=true").click()
    await page.get_by_label("New album").fill("Arezzo")
    await page.get_by_role("button", name="Create").click()
    await page.get_by_role("link", name="Albums").click()
    await page.get_by_role("link", name=re.compile("^Arezzo, 2 photos")).click()
    await expect(tiles(page)).to_have_count(2)

    await page.get_by_role("searchbox", name="Search").fill("garden")
    await expect(tiles(page)).to_have_count(1)
    await page.goto(claimed.url + "/photos/search?year=2024")
    await expect(tiles(page)).to_have_count(2)
    async with claimed.client.get("/api/server/features") as answer:
        features = await answer.json()
    if features["reverseGeocoding"]:
        await page.goto(claimed.url + "/photos/places")
        await page.get_by_role("link", name=re.compile("^Arezzo")).click()
        await expect(tiles(page)).to_have_count(3)

    await page.goto(claimed.url + "/photos")
    await tiles(page).first.click()
    await expect(page.locator("photo-viewer .pswp__img").first).to_be_visible()
    await page.keyboard.press("Delete")
    await page.keyboard.press("Escape")
    await expect(tiles(page)).to_have_count(2)
    await page.goto(claimed.url + "/photos/trash")
    await expect(tiles(page)).to_have_count(1)
    await tiles(page).first.hover()
    await tiles(page).first.get_by_role("checkbox", name="Choose").click()
    await page.get_by_role("button", name="Restore").locator("visible=true").click()
    await expect(page.get_by_text("The trash is empty")).to_be_visible()
    await page.goto(claimed.url + "/photos")
    await expect(tiles(page)).to_have_count(3)
