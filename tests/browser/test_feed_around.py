"""What stands around the feed: talk with its failures and keys, sending in, one's own clips, the host's page."""

import re
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.conftest import HOST, Opener, on_shared_loop
from tests.browser.test_pairing import plain, sign_in
from tests.support.app import House, a_house
from tests.support.clips import a_clip
from tests.support.household import Person, a_household

PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")

pytestmark = pytest.mark.asyncio(loop_scope="session")


@on_shared_loop
async def people(claimed: House) -> dict[str, Person]:
    return await a_household(claimed, "ann", "ben")


@on_shared_loop
async def quiet_house(tmp_path: Path) -> AsyncIterator[House]:
    """A claimed house whose index of downloaders is nowhere."""
    async with a_house(tmp_path) as house:
        await house.claim()
        yield house


async def at(opened: Opener, house: House, path: str, name: str = "admin", **how: Any) -> Page:
    page = await opened(plain(house, f"/sign-in?next={path}"), **how)
    await sign_in(page, name if name == "admin" else f"{name}@example.org")
    await expect(page.locator(".cluster .me")).to_be_visible()
    return page


def said(page: Page, text: str) -> Locator:
    return page.get_by_role("article").filter(has_text=text)


async def test_names_in_a_text_are_those_of_members_longest_first(calls: Callable[[str, str], Awaitable[Any]]) -> None:
    pieces = "m.pieces('Hi @a.b, @a and x@a or @nobody', ['a', 'a.b']).map((one) => one.name ?? one.text)"

    assert await calls("feed/talk.js", pieces) == ["Hi ", "a.b", ", ", "a", " and x@a or @nobody"]
    longer = "m.pieces('@a.c and @a-c, @a. Or @a', ['a']).map((one) => one.name ?? one.text)"
    assert await calls("feed/talk.js", longer) == ["@a.c and @a-c, ", "a", ". Or ", "a"]
    assert await calls("feed/talk.js", "m.mentionAt('Look @an', 8)") == {"start": 5, "word": "an"}
    assert await calls("feed/talk.js", "m.mentionAt('mail ann@example.org', 20)") is None
    assert await calls("feed/talk.js", "m.mentionAt('Look @an there', 14)") is None


async def test_one_reaction_takes_the_place_of_another(calls: Callable[[str, str], Awaitable[Any]]) -> None:
    before = "{'❤️': {count: 2, reacted: true}, '😂': {count: 1, reacted: false}}"

    assert await calls("feed/talk.js", f"m.reacted({before}, '😂')") == {
        "❤️": {"count": 1, "reacted": False},
        "😂": {"count": 2, "reacted": True},
    }
    assert await calls("feed/talk.js", f"m.reacted({before}, '❤️')") == {
        "❤️": {"count": 1, "reacted": False},
        "😂": {"count": 1, "reacted": False},
    }


@pytest.mark.parametrize(
    ("shared", "link"),
    [
        ("{url: 'https://youtu.be/abc'}", "https://youtu.be/abc"),
        ("{text: 'Look at this: https://vm.tiktok.com/x1/.', title: 'A cat'}", "https://vm.tiktok.com/x1/"),
        ("{title: 'https://x.com/a/status/1'}", "https://x.com/a/status/1"),
        ("{text: '(https://vimeo.com/1)'}", "https://vimeo.com/1"),
        ("{text: 'no link at all'}", ""),
        ("{text: 'javascript:alert(1)'}", ""),
    ],
)
async def test_link_is_found_in_what_apps_share(
    calls: Callable[[str, str], Awaitable[Any]], shared: str, link: str
) -> None:
    assert await calls("feed/sites.js", f"m.sharedLink({shared})") == link


async def test_site_is_told_by_its_longest_name(calls: Callable[[str, str], Awaitable[Any]]) -> None:
    site = "m.siteOf(m.linkOf('{}'))?.key ?? null"

    assert await calls("feed/sites.js", site.format("music.youtube.com/watch?v=1")) == "youtube_music"
    assert await calls("feed/sites.js", site.format("https://www.tiktok.com/@a/video/1")) == "tiktok"
    assert await calls("feed/sites.js", site.format("https://tiktok.com.evil.example/")) is None
    assert await calls("feed/sites.js", "m.linkOf('two words')") is None


async def test_comment_that_does_not_get_through_says_so_and_is_sent_again(
    claimed: House, people: dict[str, Person], opened: Opener
) -> None:
    clip_id = await a_clip(claimed.server.db, people["ann"].id, caption="A cat")
    page = await at(opened, claimed, f"/feed?clip={clip_id}", "ben")

    async def refuse(route: Route) -> None:
        if route.request.method == "POST":
            await route.fulfill(status=503, json={"message": "The disk is full.", "code": "disk_full"})
        else:
            await route.continue_()

    await page.route("**/comments", refuse)
    await page.get_by_label("Write to everyone").fill("Hello there")
    await page.keyboard.press("Enter")
    await expect(said(page, "Hello there")).to_contain_text("Not sent")
    await expect(said(page, "Hello there").get_by_role("alert")).to_contain_text("The disk is full.")
    await page.unroute("**/comments")
    await said(page, "Hello there").get_by_role("button", name="Try again").click()

    await expect(said(page, "Hello there")).to_contain_text("Just now")
    await expect(said(page, "Hello there")).to_have_count(1)
    await expect(page.get_by_role("heading", name="1 comment")).to_be_visible()
    found = (await people["ann"].get(f"/clips/{clip_id}/comments"))["comments"]
    assert [one["text"] for one in found] == ["Hello there"]


async def test_names_are_completed_by_keys_and_comments_are_edited_and_deleted(
    claimed: House, people: dict[str, Person], opened: Opener
) -> None:
    clip_id = await a_clip(claimed.server.db, people["ann"].id, caption="A cat")
    page = await at(opened, claimed, f"/feed?clip={clip_id}", "ben", dark=True)
    line = page.get_by_label("Write to everyone")

    await line.press_sequentially("@a")
    await expect(page.get_by_role("option")).to_have_count(2)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Tab")
    await expect(line).to_have_value("@ann ")
    await line.press_sequentially("look @")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("option")).to_have_count(0)
    await page.keyboard.press("Backspace")
    await page.keyboard.press("Enter")
    await expect(said(page, "@ann look").locator(".name")).to_have_text("@ann")

    async def is_told() -> bool:
        told = (await people["ann"].get("/notifications"))["notifications"]
        return [one["type"] for one in told] == ["mention"]

    # The comment stands there before it is on its way.
    await claimed.until(is_told)

    await said(page, "@ann look").hover()
    await page.get_by_role("button", name="More for this comment").click()
    await page.get_by_role("menuitem", name="Edit").click()
    await page.get_by_label("Edit").fill("@ann see")
    await page.get_by_role("button", name="Save", exact=True).last.click()
    await expect(said(page, "@ann see")).to_be_visible()
    await said(page, "@ann see").hover()
    await page.get_by_role("button", name="More for this comment").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await expect(page.get_by_text("Nobody has said anything yet.")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(said(page, "@ann see")).to_be_visible()
    await people["ann"].done("POST", f"/clips/{clip_id}/comments/viewed")
    await page.reload()
    await said(page, "@ann see").hover()
    await expect(page.get_by_role("button", name="Reply")).to_be_visible()
    await expect(page.get_by_role("button", name="More for this comment")).to_have_count(0)


async def test_host_switches_fetching_on_where_it_is_missing_and_members_are_told_whom_to_ask(
    quiet_house: House, opened: Opener
) -> None:
    await a_household(quiet_house, "ben")
    ben = await at(opened, quiet_house, "/feed/add", "ben", phone=True)
    host = await at(opened, quiet_house, "/feed/add", phone=True, dark=True)

    await expect(ben.locator("hm-add-clip")).to_contain_text("Whoever looks after the server can switch it on")
    await host.get_by_role("button", name="Switch it on").click()

    await expect(host.get_by_label("Link", exact=True)).to_be_visible()
    await host.get_by_label("Link", exact=True).fill("https://youtu.be/abc")
    await expect(host.get_by_text("From YouTube")).to_be_visible()
    await host.goto(plain(quiet_house, "/settings/feed"))
    provider = host.locator("hm-clip-provider")
    await expect(provider.get_by_text("Switched on")).to_be_visible()
    await provider.get_by_role("button", name="Pause").click()
    await expect(provider.get_by_text("Paused")).to_be_visible()
    await provider.get_by_role("button", name="Switch off").click()
    await host.locator("hm-confirm").get_by_role("button", name="Switch off").click()
    await expect(provider.get_by_role("button", name="Switch on")).to_be_visible()


async def test_host_chooses_sites_and_deletes_many_clips_with_a_way_back(
    claimed: House, people: dict[str, Person], opened: Opener
) -> None:
    for number in range(3):
        await a_clip(claimed.server.db, people["ann"].id, caption=f"Clip no. {number}")
    page = await at(opened, claimed, "/settings/feed")

    await page.get_by_role("radio", name="Only these").click()
    await page.get_by_role("button", name="Kick").click()
    await expect(page.get_by_text("Clips of 19 of 20 sites are taken.")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("Clips of 19 of 20 sites are taken.")).to_be_visible()
    group = (await claimed.get("/api/auth"))["group"]
    assert group["platformFilterMode"] == "allow"
    assert '"kick"' not in group["platformFilterList"]

    rows = page.locator("hm-clip-storage li")
    for number in (0, 2):
        await page.get_by_role("checkbox", name=f"Choose Clip no. {number}").click()
    await page.locator("hm-action-bar").get_by_role("button", name="Delete").click()
    await expect(rows).to_have_count(1)
    await page.get_by_role("button", name="Undo").click()
    await expect(rows).to_have_count(3)
    await page.get_by_role("checkbox", name="Choose Clip no. 1").click()
    await page.locator("hm-action-bar").get_by_role("button", name="Delete").click()
    await expect(rows).to_have_count(2)
    await page.goto(plain(claimed, "/settings/feed"))
    await expect(rows).to_have_count(2)
    assert (await claimed.get("/api/group/stats"))["clipCount"] == 2


async def test_moving_pictures_are_sent_once_the_house_has_a_key(
    claimed: House, people: dict[str, Person], opened: Opener
) -> None:
    clip_id = await a_clip(claimed.server.db, people["ann"].id, caption="A cat")
    host = await at(opened, claimed, "/settings/feed")
    await host.get_by_label("Key", exact=True).fill("abcdefghijkl")
    await host.locator(".gif").get_by_role("button", name="Save").click()
    await expect(host.get_by_text("A key is set. It is never shown again.")).to_be_visible()
    gif = "https://media.giphy.com/media/abc/giphy.gif"
    found = {"id": "abc", "title": "Cat GIF", "url": gif, "stillUrl": gif, "shareUrl": gif, "width": 40, "height": 30}
    asked: list[str] = []

    async def search(route: Route) -> None:
        asked.append(route.request.url.partition("?")[2])
        await route.fulfill(json={"gifs": [found] if "dog" not in asked[-1] else []})

    page = await opened(plain(claimed, "/sign-in"), phone=True)
    await page.route("**/api/gifs/search*", search)
    await page.route("https://media.giphy.com/**", lambda route: route.fulfill(body=PIXEL, content_type="image/gif"))
    await page.goto(plain(claimed, f"/sign-in?next=/feed?clip={clip_id}%26comments=true"))
    await sign_in(page, "ben@example.org")
    await page.get_by_role("button", name="GIF").click()
    await page.get_by_label("Search GIFs").fill("dog")
    await expect(page.get_by_text("No GIF for “dog”.")).to_be_visible()
    await page.get_by_label("Search GIFs").fill("cat")
    await page.get_by_role("button", name="Cat GIF").click()
    await page.get_by_role("button", name="Send", exact=True).click()

    shown = page.locator("article img.gif")
    await expect(shown).to_have_js_property("naturalWidth", 1)
    assert asked[0] == "limit=20"

    async def is_kept() -> bool:
        comments = (await people["ann"].get(f"/clips/{clip_id}/comments"))["comments"]
        return [one["gifUrl"] for one in comments] == [gif]

    # It stands there before it is on its way.
    await claimed.until(is_kept)

    await claimed.send("PUT", "/api/home/clips/gif-key", {"key": None})
    await page.reload()
    await expect(page.locator("article").get_by_role("link", name="GIF")).to_have_attribute("href", gif)
    await expect(shown).to_have_count(0)


async def test_own_clips_are_named_anew_tried_again_and_deleted_while_nobody_has_seen_them(
    claimed: House, people: dict[str, Person], opened: Opener
) -> None:
    db, ann = claimed.server.db, people["ann"]
    await a_clip(db, ann.id, caption="Old words")
    seen = await a_clip(db, ann.id, caption="Known")
    await a_clip(db, ann.id, status="failed", source_title=None)
    await people["ben"].done("POST", f"/clips/{seen}/watched", {"watchPercent": 80})
    page = await at(opened, claimed, "/feed/mine", "ann", phone=True)

    await expect(page.get_by_role("listitem")).to_have_count(3)
    await expect(page.get_by_role("listitem").filter(has_text="Known")).to_contain_text("Seen by 1")
    await expect(page.get_by_text("This clip is not available.")).to_be_visible()
    await page.get_by_role("button", name="More: Known").click()
    await expect(page.get_by_role("menuitem", name="Delete")).to_have_attribute("aria-disabled", "true")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="More: Old words").click()
    await page.get_by_role("menuitem", name="Edit the caption").click()
    await page.get_by_role("textbox", name="Caption").fill("New words")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("link", name="New words")).to_be_visible()
    await page.get_by_role("button", name="More: New words").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await page.locator("hm-confirm").get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("listitem")).to_have_count(2)

    # Why it failed stands where its title would, and is not offered as its caption.
    await page.get_by_role("button", name="More: TikTok").click()
    await page.get_by_role("menuitem", name="Edit the caption").click()
    await expect(page.get_by_role("textbox", name="Caption")).to_have_value("")


async def test_plain_address_says_what_it_withholds_and_gives_what_it_can(
    claimed: House, people: dict[str, Person], opened: Opener
) -> None:
    page = await at(opened, claimed, "/feed/setup", "ben")
    assert HOST in page.url

    await expect(page.get_by_text("only at a secure address (https)")).to_be_visible()
    await page.get_by_role("button", name="Make my address").click()
    # The house's own address stands below, before this one has come.
    mine = page.locator(".part").filter(has=page.get_by_role("heading", name="Your own address for it", exact=True))
    address = mine.locator("output")
    await expect(address).to_contain_text(f"http://{HOST}")
    token = re.sub(r".*token=", "", await address.inner_text())
    status, _ = await people["ann"].ask("POST", f"/clips/share?token={token}", {"url": "https://youtu.be/abc"})
    assert status == 400  # known, and there is no downloader
    mark = page.get_by_role("link", name="Send to HomeMedia")
    code = await mark.get_attribute("href") or ""
    assert code.startswith(f"javascript:void(open('http://{HOST}")
    await mark.click()
    await expect(page.get_by_text("Drag it into the bookmarks bar; it works from there.")).to_be_visible()
    await page.get_by_role("button", name="End it").click()
    await expect(page.get_by_role("button", name="Make my address")).to_be_visible()
    status, _ = await people["ann"].ask("POST", f"/clips/share?token={token}", {"url": "https://youtu.be/abc"})
    assert status == 401


async def test_member_chooses_how_clips_play_for_him(claimed: House, people: dict[str, Person], opened: Opener) -> None:
    page = await at(opened, claimed, "/settings", "ben")

    await page.get_by_role("switch", name="Go on to the next clip by itself").click()
    await page.get_by_role("switch", name="Begin without sound").click()
    await page.get_by_label("Order of new clips").select_option("round-robin")
    await expect(page.get_by_text("Saved").first).to_be_visible()

    async def are_kept() -> bool:
        user = (await people["ben"].get("/auth"))["user"]
        return (user["autoScroll"], user["mutedByDefault"], user["feedSortOrder"]) == (True, False, "round-robin")

    # The first of the three is told as saved while the others are on their way.
    await claimed.until(are_kept)
