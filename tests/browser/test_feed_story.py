"""The family's feed on two phones: one sends a link, the other is told, watches and talks; both see the same."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Opener, on_shared_loop
from tests.browser.test_pairing import plain, sign_in
from tests.support.app import House, a_house
from tests.support.household import Person, a_household
from tests.support.push import PushedBrowser, PushService
from tests.support.video_site import VideoSite

CAPTION = "She has been like this since Tuesday."
# Once round: it begins anew behind its end.
WATCHED_WHOLE = """(film) => new Promise((done, fail) => {
    let last = 0;
    const look = () => {
        if (film.currentTime < last - 1) return done(true);
        last = film.currentTime;
        return setTimeout(look, 20);
    };
    look();
    setTimeout(() => fail(new Error(`it stood still at ${last}`)), 50_000);
})"""


@on_shared_loop
async def site() -> AsyncIterator[VideoSite]:
    async with VideoSite() as made:
        yield made


@on_shared_loop
async def pushes() -> AsyncIterator[PushService]:
    async with PushService() as made:
        yield made


@on_shared_loop
async def feeding(tmp_path: Path, site: VideoSite) -> AsyncIterator[House]:
    """A claimed house that fetches clips from one site on loopback."""
    own = {"push_hosts": ("127.0.0.1",)}
    async with a_house(tmp_path, notifications=own, clips={"allowed_private_hosts": (site.host,)}) as house:
        await house.claim()
        yield house


async def switched_on(house: House) -> None:
    await house.send("POST", "/api/group/provider/install", {"providerId": "ytdlp"}, 201)
    await house.send("PATCH", "/api/group/provider", {"providerId": "ytdlp"})


async def phone_of(opened: Opener, house: House, name: str, path: str, **how: Any) -> Page:
    page = await opened(plain(house, f"/sign-in?next={path}"), phone=True, **how)
    await sign_in(page, f"{name}@example.org")
    await page.wait_for_url(re.compile(rf"{re.escape(path)}($|\?)"))
    return page


def on_screen(page: Page) -> Locator:
    """The clip one looks at."""
    return page.locator(".slide:not([inert]) hm-clip-view")


def deed(page: Page, name: str) -> Locator:
    return on_screen(page).get_by_role("button", name=re.compile(name))


async def pushed(service: PushService, browser: PushedBrowser, house: House) -> dict[str, Any]:
    """What the notice of a new clip says to the browser."""

    def said() -> list[dict[str, Any]]:
        all_said = [json.loads(browser.opened(body)) for _, body in service.taken]
        return [one for one in all_said if one["tag"].startswith("new-clip-")]

    async def has_come() -> bool:
        return bool(said())

    await house.until(has_come)
    (only,) = said()
    return only


async def tells(person: Person, service: PushService, name: str) -> PushedBrowser:
    browser = PushedBrowser()
    await person.done("POST", "/push/subscribe", {"endpoint": service.address(name), "keys": browser.keys})
    return browser


async def send_in(ann: Page, link: str) -> None:
    await expect(ann.get_by_role("heading", name="Send each other what you find")).to_be_visible()
    await ann.get_by_role("button", name="Send a clip").first.click()
    await ann.get_by_label("Link", exact=True).fill(link)
    await ann.get_by_role("button", name="A caption or a comment").click()
    await ann.get_by_label("Caption").fill(CAPTION)
    await ann.get_by_role("button", name="Send to everyone").click()
    await expect(ann.get_by_text("It is in the feed")).to_be_visible()
    await ann.get_by_role("link", name="Look at it").click()
    await expect(on_screen(ann).get_by_text(CAPTION)).to_be_visible()


async def talk(ann: Page, ben: Page) -> None:
    """He asks, she answers, and each finds the other's words without asking for them."""
    await deed(ben, "^Comments$").click()
    await ben.get_by_label("Write to everyone").fill("Whose chair is that?")
    await ben.get_by_role("button", name="Send", exact=True).click()
    await expect(ben.get_by_role("article").filter(has_text="Whose chair is that?")).to_be_visible()
    await deed(ann, "^1 comment · 1 new$").click()
    question = ann.get_by_role("article").filter(has_text="Whose chair is that?")
    await question.get_by_role("button", name="Reply").click()
    await ann.get_by_label("Write an answer").press_sequentially("Hers, @be")
    await ann.get_by_role("option", name="ben").click()
    await ann.get_by_label("Write an answer").press_sequentially("look")
    await ann.get_by_role("button", name="Send", exact=True).click()
    answer = ben.locator(".replies").get_by_role("article").filter(has_text="Hers, @ben look")
    await expect(answer.get_by_text("Ann")).to_be_visible()
    await answer.get_by_role("button", name="Heart", exact=True).click()
    await expect(ann.locator(".replies").get_by_role("button", name="1 heart")).to_be_visible()
    for page in (ann, ben):
        await expect(page.get_by_role("heading", name="2 comments")).to_be_visible()


async def look_into_the_inbox(ann: Page) -> None:
    """Of what Ben did, the heart alone is news: what he said she has read."""
    await ann.get_by_role("button", name="Close").click()
    await expect(deed(ann, "^2 comments$")).to_be_visible()
    await ann.get_by_role("link", name="Home").click()
    await ann.get_by_role("link", name=re.compile("^Inbox")).click()
    row = ann.locator("inbox-page li").filter(has_text="Ben reacted")
    await expect(row.get_by_text("Unread")).to_be_attached()
    await expect(row.locator("hm-art")).to_have_count(1)
    await expect(ann.locator("inbox-page li").filter(has_text="Ben commented")).to_have_count(0)
    await row.get_by_role("link").click()
    await expect(on_screen(ann).get_by_text(CAPTION)).to_be_visible()


async def test_two_members_share_a_clip_and_talk_about_it(
    feeding: House, site: VideoSite, pushes: PushService, opened: Opener
) -> None:
    people = await a_household(feeding, "ann", "ben")
    await switched_on(feeding)
    ann = await phone_of(opened, feeding, "ann", "/feed")
    ben = await phone_of(opened, feeding, "ben", "/inbox", dark=True)
    bens_browser = await tells(people["ben"], pushes, "ben")

    await send_in(ann, site.url("/v/a-cat.mp4?seconds=4&size=270x480"))

    # Ben is told: on his phone, and at the place in the bar of the page that is open.
    notice = await pushed(pushes, bens_browser, feeding)
    assert notice["body"] == f'Ann added "{CAPTION}"'
    assert notice["badgeCount"] == 1
    assert notice["tag"] == f"new-clip-{notice['url'].removeprefix('/feed?clip=')}"
    await ben.get_by_role("link", name="Feed, 1 unseen").click()

    # He watches it to the end and gives a heart, which Ann sees.
    await expect(on_screen(ben).get_by_text(CAPTION)).to_be_visible()
    assert await on_screen(ben).locator("video").evaluate(WATCHED_WHOLE)
    await deed(ben, "^Heart$").click()
    await expect(deed(ben, "^Heart, 1$")).to_have_attribute("aria-pressed", "true")
    await expect(deed(ann, "^Heart, 1$")).to_have_attribute("aria-pressed", "false")

    await talk(ann, ben)
    assert (await people["ben"].get("/notifications/unread-count"))["count"] == 0
    await look_into_the_inbox(ann)

    # Ben goes on, and Ann sees how far he came.
    await ben.get_by_role("button", name="Close").click()
    await expect(deed(ben, "^2 comments$")).to_be_visible()
    await on_screen(ben).evaluate("(view) => view.closest('.slide').nextElementSibling.scrollIntoView()")
    await expect(ben.get_by_role("heading", name="You have seen everything")).to_be_visible()
    await deed(ann, "^More$").click()
    await ann.get_by_role("menuitem", name="Who watched · 2").click()
    await expect(ann.get_by_role("listitem").filter(has_text="Ben")).to_contain_text("To the end")
    await expect(ann.get_by_role("listitem").filter(has_text="You")).to_contain_text("Sent it")
    for person in people.values():
        assert (await person.get("/clips/unwatched-count"))["count"] == 0


async def test_what_is_sent_is_followed_told_elsewhere_and_never_taken_twice(
    feeding: House, site: VideoSite, opened: Opener
) -> None:
    await a_household(feeding, "ann")
    await switched_on(feeding)
    ann = await phone_of(opened, feeding, "ann", "/feed/add")
    link = ann.get_by_label("Link", exact=True)
    slow = site.url("/slow/train.mp4?kbps=60")

    await link.fill(slow)
    await ann.get_by_role("button", name="Send to everyone").click()
    await expect(ann.get_by_text(re.compile(r"Fetching · \d+ %"))).to_be_visible()
    await ann.get_by_role("link", name="Home").click()
    await expect(ann.get_by_text("“train” is in the feed")).to_be_visible()
    await ann.get_by_role("button", name="Look at it").click()
    await expect(on_screen(ann)).to_be_visible()
    looked_at = ann.url

    await ann.goto(plain(feeding, f"/feed/add?text=Look: {slow}&title=Train"))
    await expect(link).to_have_value(slow)
    await ann.get_by_role("button", name="Send to everyone").click()
    await expect(ann.get_by_text("You sent it yourself.")).to_be_visible()
    await ann.locator("hm-add-clip").get_by_role("link", name="Look at it").click()
    await ann.wait_for_url(looked_at)

    await ann.goto(plain(feeding, "/feed/add"))
    await link.fill("https://example.org/film")
    await ann.get_by_role("button", name="Send to everyone").click()
    await expect(link).to_have_attribute("aria-invalid", "true")
    await link.fill(site.url("/gone"))
    await ann.get_by_role("button", name="Send to everyone").click()
    await expect(ann.get_by_text("It could not be fetched")).to_be_visible()
    await expect(ann.locator("hm-add-clip .bad")).to_have_text("Unavailable or private")
    await ann.get_by_role("button", name="Try again").click()
    await expect(ann.get_by_text("It could not be fetched")).to_be_visible()
