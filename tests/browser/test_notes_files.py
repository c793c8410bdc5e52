"""Files in notes: sent in pieces, dropped and pasted where they belong, shown as what they are; all of a notebook."""

import base64
import io
import re
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Locator, Page, expect

from tests.browser import notebooks
from tests.browser.conftest import HOST, Gate
from tests.browser.notebooks import TITLE, Look, Notebooks, at_end, begun, text_of, title_of, two_writers
from tests.browser.test_link_page import picture
from tests.support.samples import a_song

notes, look = notebooks.notes, notebooks.look
GIVEN = """
  const data = new DataTransfer();
  for (const [name, type, text] of files) {
    data.items.add(new File([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))], name, {type}));
  }
"""
DROPPED = (
    "(words, [files, below]) => {"
    + GIVEN
    + """
  const box = words.getBoundingClientRect();
  const at = {clientX: box.left + 8, clientY: below ? box.bottom - 2 : box.top + 2};
  const how = {dataTransfer: data, ...at, bubbles: true, composed: true, cancelable: true};
  words.dispatchEvent(new DragEvent('drop', how));
}"""
)
PASTED = (
    "(words, files) => {"
    + GIVEN
    + """
  const how = {clipboardData: data, bubbles: true, composed: true, cancelable: true};
  words.dispatchEvent(new ClipboardEvent('paste', how));
}"""
)
ORDER = """(root) => [...root.children].map((one) => {
  const copy = one.cloneNode(true);
  copy.querySelectorAll('.caret').forEach((caret) => caret.remove());
  return one.name ?? copy.textContent;
})"""
LARGE = 33 << 20


def as_given(*names: str) -> list[list[str]]:
    """Pictures as a browser hands them over."""
    return [[f"{one}.jpg", "image/jpeg", base64.b64encode(picture(one)).decode()] for one in names]


async def blocks_of(page: Page) -> list[str]:
    """Words and names of files in the order of the page."""
    found: list[str] = await text_of(page).evaluate(ORDER)
    return found


async def until_blocks(page: Page, expected: list[str]) -> None:
    """Wait until the blocks of the page are these."""
    await page.wait_for_function(
        f"([root, expected]) => JSON.stringify(({ORDER})(root)) === expected",
        arg=[await text_of(page).element_handle(), dumps(expected)],
    )


def dumps(words: list[str]) -> str:
    return "[" + ",".join(f'"{one}"' for one in words) + "]"


async def chosen(page: Page, files: Any) -> None:
    """Choose files behind "/file"."""
    async with page.expect_file_chooser() as told:
        await page.keyboard.type("/file")
        await expect(page.get_by_role("option")).to_have_count(1)
        await page.keyboard.press("Enter")
    await (await told.value).set_files(files)


def deeds_of(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"What can be done with {name}")


async def test_file_is_sent_into_a_note_stops_goes_on_and_is_there_for_others(notes: Notebooks, look: Look) -> None:
    gate = Gate()
    lina, mara = await two_writers(notes, look, host=HOST)
    await mara.route("**/api/upload/chunk/**/1", gate.hold)
    await at_end(mara)
    await mara.keyboard.press("Enter")
    content = bytes(range(256)) * 10_000
    await chosen(mara, {"name": "Tickets.pdf", "mimeType": "application/pdf", "buffer": content})
    await gate.reached()
    await expect(lina.get_by_text("Tickets.pdf")).to_be_visible()
    await mara.get_by_role("button", name="Pause").click()
    gate.let_go()
    await expect(mara.get_by_text("Paused")).to_be_visible()
    await mara.get_by_role("button", name="Go on").click()
    for page in (mara, lina):
        await expect(page.get_by_role("button", name="Download Tickets.pdf")).to_be_visible()
    async with lina.expect_download() as got:
        await lina.get_by_role("button", name="Download Tickets.pdf").click()
    assert Path(await (await got.value).path()).read_bytes() == content  # noqa: ASYNC240 - a small one


async def test_document_shows_its_first_page_and_a_song_asks_for_no_cover_it_has_not(
    notes: Notebooks, look: Look, tmp_path: Path
) -> None:
    page = await look(host=HOST)
    asked: list[str] = []
    page.on("response", lambda answer: asked.append(answer.url) if "/thumbnail/" in answer.url else None)
    await begun(page)
    written = io.BytesIO()
    Image.new("RGB", (300, 400), "teal").save(written, "PDF")
    song = a_song(tmp_path / "song.mp3")
    await chosen(page, {"name": "Offer.pdf", "mimeType": "application/pdf", "buffer": written.getvalue()})
    await chosen(page, song)
    await expect(page.get_by_role("button", name="Play song.mp3")).to_be_visible()
    first = page.locator("hm-file-block").first.locator("img")
    await expect(first).to_be_visible()
    assert await first.evaluate("(one) => one.decode().then(() => one.naturalWidth < one.naturalHeight)")
    await notes.house.idle()
    assert [one.rpartition("/thumbnail/")[2].partition("/")[0] for one in asked] == ["medium"]


async def test_pictures_of_a_note_stand_in_a_row(notes: Notebooks, look: Look) -> None:
    page = await look()
    await begun(page)
    colours = ("red", "green", "blue")
    await chosen(page, [{"name": f"{one}.jpg", "mimeType": "image/jpeg", "buffer": picture(one)} for one in colours])
    shown = [page.get_by_role("img", name=f"{one}.jpg") for one in colours]
    for one in shown:
        await expect(one).to_be_visible()
    boxes = [await one.bounding_box() for one in shown]
    assert len({box["y"] for box in boxes if box}) == 1
    pictures = [page.get_by_role("button", name=f"Look at {one}.jpg") for one in colours]
    for one in pictures:
        await expect(one).to_be_visible()
    await pictures[1].click()
    await expect(page.get_by_role("dialog", name="green.jpg")).to_be_visible()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("dialog", name="blue.jpg")).to_be_visible()
    await page.keyboard.press("Escape")
    await shown[0].hover()
    await deeds_of(page, "red.jpg").click()
    await page.get_by_role("menuitemradio", name="As wide as the text").click()
    await expect(page.locator("hm-file-block").first).to_have_attribute("wide", "full")
    await deeds_of(page, "red.jpg").click()
    await page.get_by_role("menuitem", name="Rename").click()
    await page.get_by_role("textbox", name="Name").fill("square.jpg")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("img", name="square.jpg")).to_be_visible()
    await notes.until_listed("square.jpg")
    await deeds_of(page, "square.jpg").click()
    await page.get_by_role("menuitem", name="Remove from the note").click()
    await expect(page.locator("hm-file-block")).to_have_count(2)


async def test_files_come_where_they_fall_and_where_they_are_pasted_and_take_nobody_his_cursor(
    notes: Notebooks, look: Look
) -> None:
    lina, mara = await two_writers(notes, look, host=HOST)
    for page in (lina, mara):
        await at_end(page)
    await lina.keyboard.press("Enter")
    await expect(text_of(mara).locator("p")).to_have_count(2)
    await at_end(mara)
    await expect(text_of(lina).locator(".caret")).to_have_count(1)

    await text_of(lina).locator("p").last.evaluate(PASTED, as_given("red", "green"))
    words = ["Five days, no car.", "red.jpg", "green.jpg", ""]
    for page in (lina, mara):
        await until_blocks(page, words)
    await expect(text_of(lina).locator(".caret")).to_have_count(1)
    await expect(text_of(mara).locator(".caret")).to_have_count(1)

    first = text_of(mara).get_by_text("Five days")
    await first.evaluate(DROPPED, [as_given("blue"), False])
    await until_blocks(lina, ["blue.jpg", *words])
    await first.evaluate(DROPPED, [as_given("black", "white"), True])
    await until_blocks(lina, ["blue.jpg", words[0], "black.jpg", "white.jpg", *words[1:]])
    await expect(lina.get_by_role("img", name="white.jpg")).to_be_visible()


async def test_upload_goes_on_after_the_page_was_loaded_again(notes: Notebooks, look: Look, tmp_path: Path) -> None:
    page = await look(host=HOST)
    page.on("dialog", lambda dialog: dialog.accept())
    await begun(page)
    gate = Gate()
    await page.route(re.compile(r"/api/upload/chunk/.*/[1-9]\d*$"), gate.hold)
    large = tmp_path / "Film.bin"
    with large.open("wb") as file:
        file.truncate(LARGE)
    other = tmp_path / "other" / "Film.bin"
    other.parent.mkdir()
    other.write_bytes(b"another")
    await chosen(page, {"name": "Tickets.pdf", "mimeType": "application/pdf", "buffer": bytes(range(256)) * 20_000})
    await chosen(page, large)
    await gate.reached()
    await expect(page.get_by_role("progressbar", name="Sending Film.bin")).to_be_visible()
    await notes.until_listed(TITLE)
    await page.reload()
    gate.let_go()
    await expect(page.get_by_role("button", name="Download Tickets.pdf")).to_be_visible()
    on_their_way = page.get_by_role("region", name="Files on their way")
    await expect(on_their_way).to_have_count(0)
    address = page.url
    await page.get_by_role("link", name="Trips").last.click()
    await expect(on_their_way.get_by_text("Was interrupted")).to_be_visible()
    await on_their_way.get_by_role("link").click()
    await expect(page).to_have_url(address)
    again = page.get_by_role("button", name="Choose the file")
    await expect(page.get_by_text("Was interrupted")).to_be_visible()
    for path, said in ((other, "That is another file."), (large, "added by admin")):
        async with page.expect_file_chooser() as told:
            await again.click()
        await (await told.value).set_files(path)
        await expect(page.get_by_text(said).last).to_be_visible()
    await expect(page.get_by_role("button", name="Download Film.bin")).to_be_visible()


async def test_block_is_dragged_by_mouse_and_by_finger(notes: Notebooks, look: Look) -> None:
    page = await look()
    await begun(page)
    for word in ("one", "two", "three"):
        await page.keyboard.type(word)
        await page.keyboard.press("Enter")
    await text_of(page).get_by_text("three").hover()
    grip = await middle(page.get_by_role("button", name="Drag, or open"))
    first = await middle(text_of(page).get_by_text("one"))
    await page.mouse.move(*grip)
    await page.mouse.down()
    await page.mouse.move(grip[0] + 9, grip[1] - 9)
    await page.mouse.move(first[0], first[1] - 9, steps=3)
    await expect(page.locator(".drop-line")).to_be_visible()
    await page.mouse.up()
    await until_blocks(page, ["three", "one", "two", ""])
    await notes.until_listed(TITLE)

    path = page.url.removeprefix(notes.house.url)
    phone = await look(path, phone=True)
    await text_of(phone).get_by_text("two").tap()
    grip = await middle(phone.get_by_role("button", name="Drag, or open"))
    first = await middle(text_of(phone).get_by_text("three"))
    finger = await phone.context.new_cdp_session(phone)
    for kind, y in (("Start", grip[1]), ("Move", grip[1] - 12), ("Move", first[1] - 9), ("End", None)):
        points = [] if y is None else [{"x": grip[0], "y": y}]
        await finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
    for one in (phone, page):
        await until_blocks(one, ["two", "three", "one", ""])


async def middle(what: Locator) -> tuple[float, float]:
    """The middle of something in the window."""
    box = await what.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def test_everything_of_a_notebook_is_an_outline_that_unfolds_or_cards(notes: Notebooks, look: Look) -> None:
    page = await look()
    await begun(page, "Italy")
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("menuitem", name="Make it a tag").click()
    await page.get_by_role("button", name="New note with this tag").click()
    await expect(title_of(page)).to_be_focused()
    await page.keyboard.type(TITLE)
    await page.keyboard.press("Enter")
    await page.keyboard.type("The bells are included.")
    await page.keyboard.press("Enter")
    await chosen(page, {"name": "red.jpg", "mimeType": "image/jpeg", "buffer": picture("red")})
    await expect(page.get_by_role("img", name="red.jpg")).to_be_visible()
    await notes.until_listed(TITLE)

    await page.get_by_role("link", name="Trips").last.click()
    await page.get_by_role("link", name="Everything in it").click()
    lines = page.get_by_role("list", name="Everything in it").get_by_role("link")
    await expect(lines).to_contain_text(["Italy", "red.jpg"])
    await lines.first.focus()
    await page.keyboard.press("ArrowRight")
    await expect(lines).to_have_count(3)
    await expect(lines.nth(1)).to_contain_text("The bells are included.")

    await page.get_by_role("radio", name="Cards").click()
    await expect(lines.filter(has_text="The bells are included.")).to_be_visible()
    await page.get_by_role("tab", name="Files").click()
    await expect(lines).to_have_count(1)
    await expect(page.locator("hm-block-card hm-art[state=there], hm-block-card hm-art[state=at-once]")).to_be_visible()
    await page.goto(f"{notes.house.url}/notes/{notes.heap}/all")
    await expect(page.get_by_role("radio", name="Cards")).to_be_checked()
    await lines.filter(has_text=TITLE).click()
    await expect(text_of(page)).to_contain_text("The bells are included.")
