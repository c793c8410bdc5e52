"""The feed before a whole house: clips that play, what is watched, and what comes while one looks on."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, Route, expect

from homemedia.clips.events import ClipProgress, ClipsChanged
from tests.browser.conftest import HOST, Opener, on_shared_loop
from tests.support.app import House
from tests.support.clips import a_clip, a_clip_file
from tests.support.household import Person, a_household
from tests.support.samples import a_film

PATIENCE_S = 60
AT_ONCE_MS = 100
DECK = "document.querySelector('feed-page')?.renderRoot?.querySelector('hm-clip-deck')"
VIEWS = f"[...({DECK}?.renderRoot?.querySelectorAll('hm-clip-view') ?? [])]"
FILMS = f"{VIEWS}.map((one) => one.stage?.film).filter(Boolean)"
PLAYS = f"() => {FILMS}.some((film) => !film.paused && film.currentTime > 0)"
AHEAD = f"() => {FILMS}.length > 1 && {FILMS}.every((film) => film.readyState > 1)"
WAITED = "performance.getEntriesByName('clip-first-frame').map((one) => one.duration)"

# As phones have it, wherever the browser under test is more generous.
ONLY_AFTER_A_TAP = """
    const play = HTMLMediaElement.prototype.play;
    let isTouched = false;
    addEventListener('pointerup', () => { isTouched = true; }, true);
    HTMLMediaElement.prototype.play = function () {
      if (this.muted || isTouched) return play.call(this);
      return Promise.reject(new DOMException('not yet', 'NotAllowedError'));
    };
"""


class Household:
    """A house in which Mara sends and the administrator watches."""

    def __init__(self, house: House, mara: Person, film: bytes) -> None:
        self.house = house
        self.mara = mara
        self._film = film

    @property
    def db(self) -> Any:
        return self.house.server.db

    async def sent(self, words: str, *, film: bytes | None = None, **columns: Any) -> str:
        """A clip of Mara's that plays; its id."""
        clip_id = await a_clip(self.db, self.mara.id, **{"caption": words, "duration_ms": 2000} | columns)
        if columns.get("status", "ready") == "ready":
            await a_clip_file(self.house, clip_id, film or self._film, ".mp4")
        return clip_id

    def tell(self, *clip_ids: str, what: Any = "status") -> None:
        self.house.server.bus.publish(ClipsChanged(clip_ids=clip_ids, what=what))

    async def waiting(self) -> int:
        return int((await self.house.get("/api/clips/unwatched-count"))["count"])

    def state(self, host: str = "127.0.0.1") -> dict[str, Any]:
        cookie = {"name": "immich_access_token", "value": self.house.token, "domain": host, "path": "/", "expires": -1}
        return {"cookies": [{**cookie, "httpOnly": True, "secure": False, "sameSite": "Lax"}], "origins": []}


@on_shared_loop
async def family(claimed: House, tmp_path: Path) -> Household:
    people = await a_household(claimed, "mara")
    film = a_film(tmp_path / "clip.mp4", seconds=2, size="180x320", rate=24).read_bytes()
    return Household(claimed, people["mara"], film)


Look = Callable[..., Awaitable[Page]]


@pytest.fixture
def look(family: Household, opened: Opener) -> Look:
    async def looked(path: str = "/feed", *, host: str = "127.0.0.1", **how: Any) -> Page:
        url = family.house.url.replace("127.0.0.1", host)
        return await opened(url + path, storage_state=family.state(host), **how)

    return looked


def words(page: Page, text: str) -> Locator:
    return page.locator(".slide:not([inert]) hm-clip-view").get_by_text(text, exact=True)


async def swipe_up(page: Page) -> None:
    """A finger from low on the screen to high on it."""
    hand = await page.context.new_cdp_session(page)
    points = [[{"x": 180, "y": y}] for y in range(640, 120, -20)]
    for at, finger in enumerate(points):
        await hand.send(
            "Input.dispatchTouchEvent", {"type": "touchMove" if at else "touchStart", "touchPoints": finger}
        )
    await hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


async def soon(asked: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await asked():
            await asyncio.sleep(0.05)


async def test_next_clip_stands_there_when_one_goes_on(family: Household, look: Look) -> None:
    for name in ("one", "two", "three", "four"):
        await family.sent(name)
    page = await look(phone=True)
    for name in ("one", "two", "three"):
        await expect(words(page, name)).to_be_visible()
        await page.wait_for_function(PLAYS)
        await page.wait_for_function(AHEAD)
        assert await page.evaluate(f"{FILMS}.length") <= 3
        assert await page.evaluate(f"{FILMS}.filter((film) => !film.paused).length") == 1
        await page.keyboard.press("ArrowDown")
    await page.wait_for_function(f"() => {WAITED}.length === 4")
    waited = await page.evaluate(WAITED)
    assert min(waited[1:]) < AT_ONCE_MS, waited


async def test_finger_goes_on_by_one_and_the_address_with_it(family: Household, look: Look) -> None:
    await family.sent("one")
    second = await family.sent("two")
    await family.sent("three")
    page = await look(phone=True)
    await expect(words(page, "one")).to_be_visible()
    await swipe_up(page)
    await expect(words(page, "two")).to_be_visible()
    await expect(page).to_have_url(re.compile(f"clip={second}"))
    await page.reload()
    await expect(words(page, "two")).to_be_visible()


async def test_one_push_of_the_wheel_is_one_clip(family: Household, look: Look) -> None:
    for name in ("one", "two", "three"):
        await family.sent(name)
    page = await look()
    await expect(words(page, "one")).to_be_visible()
    await page.mouse.move(580, 400)
    await page.evaluate(
        f"""{{ const box = {DECK}.box;
        for (const deltaY of [40, 120, 120, 90, 60, 30, 12])
          box.dispatchEvent(new WheelEvent('wheel', {{ deltaY, bubbles: true, cancelable: true }})); }}"""
    )
    await expect(words(page, "two")).to_be_visible()
    await page.mouse.wheel(0, -120)
    await expect(words(page, "one")).to_be_visible()


async def test_clip_that_was_watched_counts_and_how_much_of_it(family: Household, look: Look) -> None:
    first = await family.sent("one")
    await family.sent("two")
    page = await look()
    await expect(page.get_by_text("1 unseen")).to_be_visible()
    await page.keyboard.press("j")
    await expect(words(page, "two")).to_be_visible()

    async def is_told() -> bool:
        views = (await family.mara.get(f"/clips/{first}/views"))["views"]
        return any(view["watchPercent"] >= 50 and view["username"] == "admin" for view in views)

    await soon(is_told)
    await page.get_by_role("link", name="Watched").click()
    await expect(words(page, "one")).to_be_visible()


async def test_page_that_goes_tells_by_beacon_on_plain_http(family: Household, look: Look) -> None:
    clip_id = await family.sent("one")
    page = await look(host=HOST)
    assert not await page.evaluate("window.isSecureContext")
    await page.wait_for_function(PLAYS)

    async def is_seen() -> bool:
        return await family.waiting() == 0

    await soon(is_seen)
    await page.goto("about:blank")

    async def is_told() -> bool:
        views = (await family.mara.get(f"/clips/{clip_id}/views"))["views"]
        return any(view["watchPercent"] > 0 and view["username"] == "admin" for view in views)

    await soon(is_told)


async def test_taps_stop_it_and_give_a_heart(family: Household, look: Look) -> None:
    clip_id = await family.sent("one")
    page = await look(phone=True)
    await page.wait_for_function(PLAYS)
    await page.touchscreen.tap(180, 300)
    await page.wait_for_function(f"() => {FILMS}.length && {FILMS}.every((film) => film.paused)")
    await page.touchscreen.tap(180, 300)
    await page.wait_for_function(PLAYS)
    await asyncio.gather(page.touchscreen.tap(180, 300), page.touchscreen.tap(180, 300))
    await expect(page.get_by_role("button", name="Heart, 1")).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_text("hearted by you")).to_be_visible()
    clip = await family.house.get(f"/api/clips/{clip_id}")
    assert clip["reactions"] == {"❤️": {"count": 1, "reacted": True}}


async def test_keys_do_what_the_buttons_do(family: Household, look: Look) -> None:
    await family.sent("one")
    page = await look()
    await page.wait_for_function(PLAYS)
    assert await page.evaluate(f"{FILMS}[0].muted")
    await page.keyboard.press("m")
    await page.wait_for_function(f"() => !{FILMS}[0].muted")
    await page.keyboard.press("l")
    await expect(page.get_by_role("button", name="Heart, 1")).to_be_visible()
    await page.keyboard.press("Space")
    await page.wait_for_function(f"() => {FILMS}[0].paused")
    await page.keyboard.press("r")
    await expect(page.get_by_role("group", name="Reactions")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("c")
    written = page.get_by_role("textbox", name="Write to everyone")
    await expect(written).to_be_focused()
    await page.keyboard.type("well")
    await expect(written).to_have_value("well")


async def test_talk_opens_on_a_phone_and_back_closes_it(family: Household, look: Look) -> None:
    clip_id = await family.sent("one")
    await family.mara.done("POST", f"/clips/{clip_id}/comments", {"text": "Look at her"})
    page = await look(f"/feed?clip={clip_id}", phone=True)
    await page.get_by_role("button", name="1 comment · 1 new").tap()
    await expect(page.get_by_role("dialog", name="1 comment")).to_be_visible()
    await expect(page.get_by_text("Look at her")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(words(page, "one")).to_be_visible()
    await page.goto(f"{family.house.url}/feed?clip={clip_id}&comments=true")
    await expect(page.get_by_text("Look at her")).to_be_visible()
    await page.get_by_role("button", name="Close").tap()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(page).to_have_url(re.compile(f"/feed\\?clip={clip_id}$"))


async def test_clip_of_the_address_comes_first_and_one_that_is_gone_is_told(family: Household, look: Look) -> None:
    seen = await family.sent("seen")
    await family.house.send("POST", f"/api/clips/{seen}/watched")
    await family.sent("new")
    page = await look(f"/feed?clip={seen}")
    await expect(words(page, "seen")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await expect(words(page, "new")).to_be_visible()
    await page.goto(family.house.url + "/feed?clip=00000000-0000-4000-8000-000000000000")
    await expect(page.get_by_text("That clip is not there any more")).to_be_visible()
    await expect(words(page, "new")).to_be_visible()


async def test_clip_that_comes_waits_behind_a_chip_and_what_is_gone_goes(family: Household, look: Look) -> None:
    first = await family.sent("one")
    page = await look(phone=True)
    await page.wait_for_function(PLAYS)
    late = await family.sent("late")
    family.tell(late)
    await page.get_by_role("button", name="1 new").tap()
    await expect(words(page, "late")).to_be_visible()
    await expect(page.get_by_role("button", name="1 new")).to_be_hidden()
    family.tell(late, first, what="removed")
    await expect(page.get_by_role("heading", name="You have seen everything")).to_be_visible()


async def test_clip_whose_time_is_over_while_one_looks_leaves_no_gap(family: Household, look: Look) -> None:
    clip_id = await family.sent("old")
    page = await look()
    await expect(words(page, "old")).to_be_visible()
    async with family.db.write() as tx:
        await family.house.server.clips.removal.expire(tx, [clip_id])
    await expect(page.get_by_role("heading", name="Send each other what you find")).to_be_visible()


async def test_who_watched_is_counted_and_taken_back_while_one_looks(family: Household, look: Look) -> None:
    ben = (await a_household(family.house, "ben"))["ben"]
    clip_id = await family.sent("one")
    page = await look(f"/feed?clip={clip_id}")

    async def counts(number: int) -> None:
        await page.get_by_role("button", name="More", exact=True).click()
        await expect(page.get_by_role("menuitem", name=f"Who watched · {number}", exact=True)).to_be_visible()
        await page.keyboard.press("Escape")

    await soon(lambda: _none_waits(family))
    await counts(2)
    await ben.done("POST", f"/clips/{clip_id}/watched")
    await counts(3)
    await ben.done("DELETE", f"/clips/{clip_id}/watched")
    await counts(2)


async def _none_waits(family: Household) -> bool:
    return await family.waiting() == 0


async def test_fetching_is_followed_and_a_failure_says_why(family: Household, look: Look) -> None:
    coming = await family.sent("coming", status="downloading")
    failed = await family.sent("failed", status="failed")
    page = await look(f"/feed?clip={coming}")
    await expect(page.get_by_text("It is being fetched")).to_be_visible()
    family.house.server.bus.publish(
        ClipProgress(clip_id=coming, stage="fetching", percent=34, bytes_done=3_400_000, bytes_total=10_000_000)
    )
    await expect(page.get_by_text("34 % · 3.4 MB of 10 MB")).to_be_visible()
    await page.goto(f"{family.house.url}/feed?clip={failed}")
    await expect(page.get_by_text("This clip is not available.")).to_be_visible()
    await expect(page.get_by_role("button", name="Try again")).to_be_visible()


async def test_household_without_clips_is_shown_the_ways_in(look: Look) -> None:
    page = await look()
    await expect(page.get_by_role("heading", name="Send each other what you find")).to_be_visible()
    await page.get_by_role("button", name="Paste a link").click()
    await expect(page.get_by_role("dialog", name="Send a clip")).to_be_visible()


async def test_many_that_wait_can_be_hidden_and_brought_back(family: Household, look: Look) -> None:
    for number in range(31):
        await family.sent(f"clip {number}")
    page = await look()
    await expect(page.get_by_role("heading", name="31 clips wait for you")).to_be_visible()
    await page.get_by_role("button", name="Keep the best 30").click()
    await expect(page.get_by_text("1 clip hidden")).to_be_visible()
    assert await family.waiting() == 30
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("31 unseen")).to_be_visible()


async def test_place_says_how_many_wait_until_one_is_there(family: Household, look: Look) -> None:
    clip_id = await family.sent("one")
    page = await look("/settings")
    place = page.get_by_role("navigation", name="Places").get_by_role("link", name=re.compile("Feed"))
    await expect(place).to_have_accessible_name("Feed, 1 unseen")
    await family.house.send("POST", f"/api/clips/{clip_id}/watched")
    await expect(place).to_have_accessible_name("Feed")


async def test_place_says_how_many_wait_whatever_was_read_first(family: Household, look: Look) -> None:
    await family.sent("one")
    page = await look("/settings")
    is_known = asyncio.Event()

    async def late(route: Route) -> None:
        await is_known.wait()
        await route.continue_()

    # The live channel begins when it is known who is here.
    page.on("websocket", lambda _: is_known.set())
    await page.route("**/feed/store.js", late)
    await page.reload(wait_until="commit")
    place = page.get_by_role("navigation", name="Places").get_by_role("link", name=re.compile("Feed"))
    await expect(place).to_have_accessible_name("Feed, 1 unseen")


async def test_sound_that_the_browser_withholds_is_one_tap_away_and_clips_go_on(family: Household, look: Look) -> None:
    await family.house.send("POST", "/api/profile/preferences", {"mutedByDefault": False, "autoScroll": True})
    await family.sent("one")
    await family.sent("two")
    page = await look("/settings", phone=True)
    await page.add_init_script(ONLY_AFTER_A_TAP)
    await page.goto(family.house.url + "/feed")
    await page.get_by_role("button", name="Tap for sound").tap()
    await expect(page.get_by_role("button", name="Tap for sound")).to_be_hidden()
    await expect(words(page, "two")).to_be_visible()
    await page.wait_for_function(f"() => {FILMS}.some((film) => !film.paused && !film.muted)")
    await page.reload()
    await page.wait_for_function(PLAYS)


async def test_song_shows_its_cover_and_where_it_is_from(family: Household, look: Look, tmp_path: Path) -> None:
    sound = a_film(tmp_path / "song.mp3", codec=None, audio="mp3", seconds=2).read_bytes()
    song = await a_clip(family.db, family.mara.id, content_type="music", platform="spotify", caption="Ridge")
    await a_clip_file(family.house, song, sound, ".mp3", "audio")
    async with family.db.write() as tx:
        await tx.run(
            "UPDATE clip SET artist = 'Tanner', spotify_url = :url WHERE clip_id = :id",
            {"url": "https://open.spotify.com/track/1", "id": song},
        )
    page = await look()
    await expect(words(page, "Ridge")).to_be_visible()
    await expect(words(page, "Tanner")).to_be_visible()
    await expect(page.get_by_role("link", name="Spotify")).to_have_attribute("href", "https://open.spotify.com/track/1")
    await page.wait_for_function(PLAYS)


async def test_home_tells_what_is_new_and_leads_to_it(family: Household, look: Look) -> None:
    await family.sent("old")
    newest = await family.sent("new")
    page = await look("/")
    news = page.get_by_role("region", name="New in the feed")
    await expect(news.get_by_role("link", name=re.compile("2 unseen"))).to_be_visible()
    await page.get_by_role("link", name=re.compile("^new")).click()
    await expect(page).to_have_url(re.compile(f"/feed\\?clip={newest}"))
    await expect(words(page, "new")).to_be_visible()


async def test_whoever_wants_no_motion_is_led_on_at_once(family: Household, look: Look) -> None:
    await family.sent("one")
    await family.sent("two")
    page = await look(reduced_motion="reduce")
    await expect(words(page, "one")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await page.wait_for_function(f"() => {DECK}.box.scrollTop === {DECK}.box.clientHeight")


async def test_what_is_new_is_there_again_on_the_way_back_to_home(family: Household, look: Look) -> None:
    await family.sent("one")
    page = await look("/")
    news = page.get_by_role("heading", name="New in the feed")
    await expect(news).to_be_visible()
    await page.get_by_role("link", name="Photos").click()
    await expect(news).to_be_hidden()
    await page.get_by_role("link", name="Home", exact=True).click()
    await expect(news).to_be_visible()
