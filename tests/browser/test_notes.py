"""Notes before a whole house: several people write at once, alone and without the server, and lose no word."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser import notebooks
from tests.browser.conftest import HOST
from tests.browser.notebooks import (
    TITLE,
    Look,
    Notebooks,
    at_end,
    begun,
    in_list,
    text_of,
    title_of,
    two_writers,
    written,
)

notes, look = notebooks.notes, notebooks.look
FOCUSED = """() => { let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found?.getAttribute('aria-label') ?? found?.localName; }"""
NARROW = {"width": 375, "height": 667}


async def test_two_write_in_one_note_and_see_each_other(notes: Notebooks, look: Look) -> None:
    lina, mara = await two_writers(notes, look, host=HOST, phone=True, dark=True)
    await expect(lina.get_by_role("img", name="Here now: Mara")).to_be_visible()
    await at_end(mara)
    await mara.keyboard.type(" The flat is behind San Domenico.")
    await expect(text_of(lina).locator(".caret .name")).to_have_text("Mara")
    await expect(text_of(lina)).to_contain_text("San Domenico.")
    await at_end(lina)
    await lina.keyboard.type(" Noor wants the room at the back.")
    await expect(text_of(mara)).to_contain_text("at the back.")
    assert await written(lina) == await written(mara)
    await title_of(mara).fill("Arezzo")
    await expect(title_of(lina)).to_have_value("Arezzo")
    await mara.close()
    await expect(lina.get_by_role("img", name="Here now")).to_have_count(0)
    await expect(text_of(lina).locator(".caret")).to_have_count(0)


async def test_what_was_written_without_the_server_is_merged_on_return(notes: Notebooks, look: Look) -> None:
    lina, mara = await two_writers(notes, look)
    await at_end(mara)
    await mara.context.set_offline(True)
    await mara.keyboard.type(" Mara was away \N{GRINNING FACE}.")
    await expect(mara.get_by_text("Not connected. What you write stays here")).to_be_visible()
    await text_of(lina).click()
    await lina.keyboard.press("Control+Home")
    await lina.keyboard.type("Lina was there. ")
    await expect(lina.get_by_text("Saved on all devices")).to_be_visible()
    await mara.context.set_offline(False)
    for page in (lina, mara):
        await expect(text_of(page)).to_contain_text("Mara was away \N{GRINNING FACE}.")
        await expect(text_of(page)).to_contain_text("Lina was there.")
    assert await written(lina) == await written(mara)
    await expect(mara.get_by_text("Not connected.")).to_have_count(0)


async def test_notebook_and_note_are_begun_by_keys_alone(notes: Notebooks, look: Look) -> None:
    page = await look("/notes")
    await page.get_by_role("button", name="New note or notebook").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.wait_for_function(f"() => ({FOCUSED})() === 'What is it called?' || ({FOCUSED})() === 'input'")
    await page.keyboard.type("Recipes")
    await page.keyboard.press("Enter")
    await expect(title_of(page)).to_be_focused()
    await page.keyboard.type("Plum cake")
    await page.keyboard.press("Enter")
    await page.keyboard.type("/head")
    await expect(page.get_by_role("option", name="Heading", exact=True)).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")
    await page.keyboard.type("What it takes")
    await page.keyboard.press("Enter")
    await page.keyboard.type("/to do")
    await page.keyboard.press("Enter")
    await page.keyboard.type("Plums")
    await expect(text_of(page).get_by_role("heading", name="What it takes")).to_be_visible()
    await text_of(page).get_by_role("checkbox").check()
    await expect(page.get_by_role("button", name="What it takes")).to_be_visible()
    await expect(in_list(page, "Plum cake")).to_be_visible()
    await page.reload()
    await expect(text_of(page).get_by_role("checkbox")).to_be_checked()


async def test_mention_leads_to_another_note_which_says_so(notes: Notebooks, look: Look) -> None:
    page = await look()
    await begun(page, "Packing list")
    await notes.until_listed("Packing list")
    await begun(page)
    await page.keyboard.type("See @pack")
    await page.get_by_role("option", name="Packing list").wait_for()
    await page.keyboard.press("Enter")
    link = text_of(page).get_by_role("link", name="Packing list")
    await expect(link).to_be_visible()
    await notes.until_listed(TITLE)
    await link.click()
    await expect(title_of(page)).to_have_value("Packing list")
    back = page.get_by_role("complementary").get_by_role("link", name=TITLE)
    await expect(page.get_by_text("Linked from")).to_be_visible()
    await back.click()
    await expect(title_of(page)).to_have_value(TITLE)


async def thrown_away(page: Page) -> None:
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("menuitem", name="Move to the trash").click()
    await expect(page.get_by_text(f"“{TITLE}” is in the trash").last).to_be_visible()
    await expect(in_list(page, TITLE)).to_have_count(0)


async def test_note_goes_to_the_trash_comes_back_and_is_erased(notes: Notebooks, look: Look) -> None:
    page = await look()
    await begun(page)
    await notes.until_listed(TITLE)
    await thrown_away(page)
    await page.get_by_role("button", name="Undo").click()
    await expect(title_of(page)).to_have_value(TITLE)
    await expect(in_list(page, TITLE)).to_be_visible()

    await thrown_away(page)
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("menuitem", name="Trash", exact=True).click()
    await page.get_by_role("button", name="Put back").click()
    await expect(page.get_by_role("heading", name="The trash is empty")).to_be_visible()
    await in_list(page, TITLE).click()
    await thrown_away(page)
    await page.goto(f"{notes.house.url}/notes/{notes.heap}/trash")
    await page.get_by_role("button", name="Empty the trash").click()
    await page.get_by_role("button", name="Erase", exact=True).click()
    await expect(page.get_by_role("heading", name="The trash is empty")).to_be_visible()
    assert TITLE not in await notes.listed()


async def test_erased_note_that_is_open_elsewhere_says_so(notes: Notebooks, look: Look) -> None:
    _, mara = await two_writers(notes, look)
    block = (await notes.listed())[TITLE]["block_id"]
    await notes.house.send("POST", f"/api/home/heaps/{notes.heap}/trash", {"block_ids": [block]})
    await expect(mara.get_by_text("This note is in the trash.")).to_be_visible()
    await notes.house.send("DELETE", f"/api/trash/{notes.heap}")
    await expect(mara.get_by_role("heading", name="This note is not there any more")).to_be_visible()


async def test_address_that_names_no_note_says_so(notes: Notebooks, look: Look) -> None:
    page = await look(f"/notes/{notes.heap}/there-is-no-such-note")
    await expect(page.get_by_role("heading", name="This note is not there any more")).to_be_visible()
    assert len(await notes.listed()) == 1


async def test_note_that_outgrows_the_room_of_its_writer_says_so(notes: Notebooks, look: Look) -> None:
    page = await look()
    await begun(page)
    await notes.until_listed(TITLE)
    async with notes.house.server.db.write() as tx:
        await tx.run("UPDATE user SET quota_bytes = 1 WHERE is_admin", {})
    await text_of(page).click()
    notes.house.server.heaps.room._known.clear()
    await page.keyboard.insert_text("words " * 1000)
    await expect(page.get_by_text("There is no room left for you on this server.")).to_be_visible()


async def test_search_finds_words_inside_of_notes(notes: Notebooks, look: Look) -> None:
    page = await look()
    await begun(page)
    await page.keyboard.type("The bells of San Domenico are included.")
    await notes.until_listed(TITLE)
    await begun(page, "Furka")
    await notes.until_listed("Furka")
    await page.get_by_role("searchbox", name="Search notes").fill("domenico")
    await expect(page.get_by_text("1 note", exact=True)).to_be_visible()
    await expect(in_list(page, "Furka")).to_have_count(0)
    await in_list(page, TITLE).click()
    await expect(title_of(page)).to_have_value(TITLE)
    await page.get_by_role("searchbox", name="Search notes").fill("nowhere at all")
    await expect(page.get_by_text("Nothing found")).to_be_visible()


async def test_notebook_is_shared_to_read_then_to_write_then_not_at_all(notes: Notebooks, look: Look) -> None:
    lina = await look()
    await begun(lina)
    await notes.until_listed(TITLE)
    await lina.get_by_role("button", name="Share", exact=True).click()
    await expect(lina.get_by_text("A notebook has no link")).to_be_visible()
    await lina.get_by_role("combobox", name="Whom to share with").fill("Mar")
    await lina.keyboard.press("Enter")
    await lina.get_by_role("button", name="Share with Mara").click()
    await expect(lina.get_by_text("Shared with Mara")).to_be_visible()

    mara = await look("/shared", as_mara=True)
    await mara.get_by_role("link", name="Trips").click()
    await in_list(mara, TITLE).click()
    await expect(mara.get_by_text("You may read this notebook, not change it.")).to_be_visible()
    await expect(text_of(mara)).to_have_attribute("contenteditable", "false")
    await expect(title_of(mara)).to_have_attribute("readonly", "")
    await expect(mara.get_by_role("button", name="Share", exact=True)).to_have_count(0)

    await lina.get_by_role("button", name="Share", exact=True).click()
    await lina.get_by_role("button", name="What Mara may do").click()
    await lina.get_by_role("menuitemradio", name="Can write").click()
    await expect(text_of(mara)).to_have_attribute("contenteditable", "true")
    await at_end(mara)
    await mara.keyboard.type("Mara may write now.")
    await expect(text_of(lina)).to_contain_text("Mara may write now.")

    await lina.get_by_role("button", name="What Mara may do").click()
    await lina.get_by_role("menuitem", name="Stop sharing").click()
    await expect(mara.get_by_role("heading", name="This note is not there any more")).to_be_visible()
    await expect(in_list(mara, TITLE)).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_nothing_runs_off_a_narrow_phone(notes: Notebooks, look: Look, *, dark: bool) -> None:
    page = await look(phone=True, dark=dark)
    await page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    await title_of(page).fill("A notebook whose name is longer than a narrow phone is wide")
    await at_end(page)
    await page.keyboard.type("Oneverylongwordthatnobodywouldeverwriteintoanoteunlesshewantedtoseewhathappens")
    await expect(page.get_by_text("Saved on all devices")).to_have_count(1)
    for path in (f"/notes/{notes.heap}", "/notes", f"/notes/{notes.heap}/trash", f"/notes/{notes.heap}/all?view=grid"):
        await page.goto(re.sub(r"/notes.*", path, page.url))
        await expect(page.get_by_role("heading").first).to_be_attached()
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


async def test_note_reads_again_as_it_did_in_a_sitting_before(notes: Notebooks, look: Look) -> None:
    lina, mara = await two_writers(notes, look)
    await at_end(mara)
    await mara.keyboard.press("ControlOrMeta+a")
    await mara.keyboard.type("All is lost")
    await expect(mara.get_by_text("Saved on all devices")).to_be_visible()
    await expect(text_of(lina)).to_have_text(re.compile("All is lost"))
    await lina.get_by_role("button", name="More", exact=True).click()
    await lina.get_by_role("menuitem", name="What it was before").click()
    past = lina.locator("hm-note-history")
    was = past.get_by_role("textbox", name="The note as it was")
    await expect(past.get_by_role("button", name="Mara")).to_be_visible()
    await expect(was).to_contain_text("All is lost")
    await past.get_by_role("button", name="admin").last.click()
    await expect(was).to_contain_text("Five days, no car.")
    await past.get_by_role("button", name="Write it back").click()
    await expect(text_of(mara)).to_contain_text("Five days, no car.")
    await expect(text_of(mara)).not_to_contain_text("All is lost")
    await lina.get_by_role("button", name="Undo").click()
    await expect(text_of(mara)).to_contain_text("All is lost")


async def test_block_is_moved_by_its_handle_and_by_keys(notes: Notebooks, look: Look) -> None:
    page = await look()
    await begun(page)
    await page.keyboard.type("one")
    await page.keyboard.press("Enter")
    await page.keyboard.type("two")
    await text_of(page).get_by_text("two").hover()
    await page.get_by_role("button", name="Drag, or open").click()
    await page.get_by_role("menuitem", name="Move up").click()
    await expect(text_of(page).locator("p").first).to_have_text("two")
    await page.keyboard.press("Alt+ArrowDown")
    await expect(text_of(page).locator("p").first).to_have_text("one")
    await page.keyboard.press("ControlOrMeta+z")
    await expect(text_of(page).locator("p").first).to_have_text("two")
    await text_of(page).get_by_text("two").hover()
    await page.get_by_role("button", name="Add a block below").click()
    await page.get_by_role("option", name="Quotation").click()
    await page.keyboard.type("three")
    await expect(text_of(page).locator("p + blockquote, p ~ blockquote")).to_have_text("three")
    assert (await written(page))[:3] == ["two", "three", "one"]


async def test_fingers_have_a_bar_above_the_keyboard(notes: Notebooks, look: Look) -> None:
    page = await look(phone=True)
    bar = page.locator("hm-format-bar")
    await expect(bar).to_be_hidden()
    await text_of(page).tap()
    await page.get_by_role("button", name="Bold").tap()
    await page.keyboard.type("Bring shoes")
    await expect(text_of(page).locator("strong")).to_have_text("Bring shoes")
    await page.get_by_role("button", name="To do").tap()
    await expect(text_of(page).get_by_role("checkbox")).to_be_visible()
    await page.get_by_role("button", name="Undo").tap()
    await expect(text_of(page).get_by_role("checkbox")).to_have_count(0)


async def test_note_is_a_tag_and_others_are_begun_with_it(notes: Notebooks, look: Look) -> None:
    page = await look()
    await begun(page, "Italy")
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("menuitem", name="Make it a tag").click()
    await page.get_by_role("button", name="New note with this tag").click()
    await page.keyboard.type(TITLE)
    await notes.until_listed(TITLE)
    tag = page.get_by_role("complementary").get_by_role("link", name="Italy")
    await tag.click()
    await expect(page.get_by_role("complementary").get_by_role("link", name=TITLE)).to_be_visible()


async def test_address_of_a_heading_leads_to_it(notes: Notebooks, look: Look) -> None:
    page = await look()
    await begun(page)
    for _ in range(60):
        await page.keyboard.press("Enter")
    await page.keyboard.type("## What it cost")
    await page.keyboard.press("Enter")
    for _ in range(60):
        await page.keyboard.press("Enter")
    await expect(page.get_by_text("Saved on all devices")).to_be_visible()
    await page.evaluate("scrollTo(0, 0)")
    await page.get_by_role("button", name="What it cost").click()
    await expect(page).to_have_url(re.compile("at=what-it-cost$"))
    await page.reload()
    await expect(text_of(page).get_by_role("heading", name="What it cost")).to_be_in_viewport()


async def test_signing_out_leaves_no_document_behind(notes: Notebooks, look: Look) -> None:
    page = await look()
    await begun(page)
    kept = "indexedDB.databases().then((all) => all.filter((one) => one.name.startsWith('homemedia-note-')).length)"
    await expect(page.get_by_text("Saved on all devices")).to_be_visible()
    assert await page.evaluate(kept) > 0
    await page.get_by_role("button", name=re.compile("settings and sign out")).click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await page.wait_for_url(re.compile("sign-in"))
    await page.wait_for_function(f"() => {kept}.then((count) => count === 0)")


async def test_first_page_shows_what_was_written_last(notes: Notebooks, look: Look) -> None:
    page = await look()
    await begun(page)
    await notes.until_listed(TITLE)
    await page.get_by_role("link", name="Home").click()
    await page.get_by_role("link", name=TITLE).click()
    await expect(title_of(page)).to_have_value(TITLE)


async def test_search_of_the_whole_house_finds_a_note_by_its_words(notes: Notebooks, look: Look) -> None:
    page = await look()
    await begun(page)
    await page.keyboard.type("The flat is behind San Domenico")
    block = await notes.until_listed(TITLE)

    async def is_known() -> bool:
        return bool((await notes.house.get("/api/home/heaps/found?q=domenico"))["blocks"])

    await notes.house.until(is_known)

    await page.goto(page.url.split("/notes/")[0] + "/search?q=domenico")
    await page.get_by_role("link", name=TITLE).click()

    await expect(page).to_have_url(re.compile(f"/notes/{notes.heap}/{block}$"))
    await expect(text_of(page)).to_contain_text("San Domenico")
