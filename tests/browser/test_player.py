"""The player in a real browser before the real server: plays, comes back to its place, goes on, says why not."""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Request, Route, expect

from tests.browser.conftest import Opener
from tests.support.app import House
from tests.support.samples import a_film, a_long_film

STAGE = "document.querySelector('player-page')?.stage"
NEAR_THE_END = f"(s => s.seek(s.duration - 1500))({STAGE})"
DAY_S = 86_400
EPISODES = ("Take-off", "Landing", "The Meadow")

Calls = Callable[[str, str], Awaitable[Any]]


def a_minute(path: Path) -> Path:
    """A film of a minute, which no busy machine sees the end of before a test does; made in no time."""
    return a_film(path, seconds=60, size="64x36", rate=2)


class Cinema:
    """The house and windows of its administrator; `reports` are what the player told."""

    def __init__(self, house: House, opened: Opener) -> None:
        self.house = house
        self.reports: list[dict[str, Any]] = []
        self._opened = opened

    async def _read(self, kind: str) -> list[dict[str, Any]]:
        then = time.time() - DAY_S  # so that nobody waits for the files to become steady
        for path in self.house.media.rglob("*.*"):
            os.utime(path, (then, then))
        library = await self.house.add_library("Films", kind, self.house.media)
        items: list[dict[str, Any]] = (await self.house.get(f"/api/libraries/{library['id']}/items"))["items"]
        return items

    async def films(self) -> dict[str, str]:
        """Read the folder; rating keys by title."""
        return {item["title"]: item["id"] for item in await self._read("movie")}

    async def episodes(self) -> list[str]:
        """Read the folder as shows; rating keys of the only show's episodes."""
        (show,) = await self._read("show")
        episodes = await self.house.get(f"/api/media/{show['id']}/episodes")
        return [item["id"] for item in episodes["items"]]

    async def window(self, path: str, **how: Any) -> Page:
        cookie: dict[str, Any] = {
            "name": "immich_access_token",
            "value": self.house.token,
            "domain": "127.0.0.1",
            "path": "/",
        }
        cookie |= {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
        page = await self._opened(self.house.url + path, storage_state={"cookies": [cookie], "origins": []}, **how)
        page.on("request", self._heard)
        return page

    async def plays(self, key: str, **how: Any) -> Page:
        """A window in which this plays."""
        page = await self.window(f"/play/{key}", **how)
        await runs(page)
        return page

    async def state(self, key: str) -> dict[str, Any]:
        found = await self.house.get(f"/api/watch-state?keys={key}")
        state: dict[str, Any] = found["states"][key]
        return state

    def _heard(self, request: Request) -> None:
        if request.url.endswith("/api/progress"):
            self.reports.append(json.loads(request.post_data or "{}"))


@pytest.fixture
def cinema(claimed: House, opened: Opener) -> Cinema:
    return Cinema(claimed, opened)


async def holds(page: Page, what: str) -> None:
    """Wait until an expression over the stage `s` holds."""
    await page.wait_for_function(f"() => {{ const s = {STAGE}; return s && ({what}); }}")


async def runs(page: Page) -> None:
    """Wait until pictures come; presses play where the browser wants a person to."""
    await holds(page, "s.isBlocked || s.isShowing")
    if await page.evaluate(f"{STAGE}.isBlocked"):
        await page.get_by_role("button", name="Play", exact=True).first.click()
    await holds(page, "s.isShowing")


async def test_a_film_plays_and_its_time_advances(cinema: Cinema) -> None:
    a_minute(cinema.house.media / "Heat (1995).mp4")
    key = (await cinema.films())["Heat"]

    page = await cinema.plays(key)

    await holds(page, "s.video.currentTime > 0.5")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Heat")
    assert await page.title() == "Heat · Attic"
    assert await page.evaluate(f"{STAGE}.video.currentSrc.includes('token')") is False


async def test_it_begins_where_it_was_left_and_can_start_over(cinema: Cinema) -> None:
    a_long_film(cinema.house.media / "Heat (1995).mp4", minutes=6)
    key = (await cinema.films())["Heat"]
    await cinema.house.send("POST", "/api/progress", {"ratingKey": key, "offset": 120_000})

    page = await cinema.plays(key)

    await holds(page, "s.time > 120_000 && s.time < 140_000")
    await page.get_by_role("button", name="Start over").click()
    await holds(page, "s.time > 0 && s.time < 10_000")


async def test_an_address_with_a_time_begins_there(cinema: Cinema) -> None:
    a_long_film(cinema.house.media / "Heat (1995).mp4", minutes=6)
    key = (await cinema.films())["Heat"]

    page = await cinema.window(f"/play/{key}?at=60000")
    await runs(page)

    await holds(page, "s.time > 60_000 && s.time < 80_000")


async def test_pausing_and_leaving_tell_the_server_where_one_was(cinema: Cinema) -> None:
    a_long_film(cinema.house.media / "Heat (1995).mp4", minutes=6)
    key = (await cinema.films())["Heat"]
    page = await cinema.plays(key)

    await page.keyboard.press("5")
    await holds(page, "s.time > 180_000 && !s.isWaiting")
    await page.keyboard.press("k")
    await holds(page, "!s.isPlaying")
    await page.keyboard.press("Escape")
    await page.wait_for_url(f"**/films/{key}")

    async def is_known() -> bool:
        return bool(180_000 <= (await cinema.state(key))["offset"] < 200_000)

    async def is_over() -> bool:
        return bool(cinema.reports[-1]["state"] == "stopped")

    await cinema.house.until(is_known)
    await cinema.house.until(is_over)
    assert [cinema.reports[0]["state"], cinema.reports[-2]["state"]] == ["playing", "paused"]
    assert {report["ratingKey"] for report in cinema.reports} == {key}


async def test_a_report_that_fails_does_not_disturb_playing(cinema: Cinema) -> None:
    a_minute(cinema.house.media / "Heat (1995).mp4")
    key = (await cinema.films())["Heat"]
    page = await cinema.window("/")
    await page.route("**/api/progress", lambda route: route.abort("connectionrefused"))
    await page.goto(f"{cinema.house.url}/play/{key}")
    await runs(page)

    await holds(page, "s.time > 1000")

    assert cinema.reports
    assert await page.evaluate("document.querySelector('player-page').playing.shownTrouble") is None


async def test_an_episode_goes_on_to_the_next_and_the_last_back_to_the_show(cinema: Cinema) -> None:
    for number, title in enumerate(EPISODES, 1):
        a_minute(cinema.house.media / "The Loud Bird" / "Season 1" / f"The Loud Bird S01E0{number} {title}.mp4")
    first, second, third = await cinema.episodes()
    page = await cinema.plays(first)
    await expect(page.get_by_role("heading", level=1)).to_have_text("The Loud Bird")

    await page.keyboard.press("9")
    await page.evaluate(NEAR_THE_END)
    await page.wait_for_url(f"**/play/{second}")
    await runs(page)
    await page.keyboard.press("n")
    await page.wait_for_url(f"**/play/{third}")
    await runs(page)
    await page.keyboard.press("9")
    await page.evaluate(NEAR_THE_END)
    await page.wait_for_url("**/shows/*")

    async def is_watched() -> bool:
        return bool((await cinema.state(first))["watched"] and (await cinema.state(third))["watched"])

    await cinema.house.until(is_watched)
    assert (await cinema.state(second))["watched"] is False


async def test_not_tonight_ends_the_evening(cinema: Cinema) -> None:
    for number, title in enumerate(EPISODES, 1):
        a_long_film(cinema.house.media / "The Loud Bird" / "Season 1" / f"The Loud Bird S01E0{number} {title}.mp4")
    first = (await cinema.episodes())[0]
    page = await cinema.plays(first)

    await page.keyboard.press("k")
    await page.keyboard.press("9")
    await page.keyboard.press("ArrowRight")
    card = page.get_by_role("region", name="Next episode")
    await expect(card).to_contain_text("Next in 20 s")
    await expect(card).to_contain_text("E2 — Landing")
    await card.get_by_role("button", name="Not tonight").click()
    await expect(card).to_be_hidden()
    await page.evaluate(f"{STAGE}.seek({STAGE}.duration - 300)")
    await page.keyboard.press("k")

    await page.wait_for_url("**/shows/*")


async def test_several_parts_are_one_film(cinema: Cinema) -> None:
    folder = cinema.house.media / "Novecento (1976)"
    for part in (1, 2):
        a_minute(folder / f"Novecento (1976) - part{part}.mp4")
    key = (await cinema.films())["Novecento"]
    page = await cinema.plays(key)
    await holds(page, "Math.round(s.duration / 1000) === 120")

    await page.evaluate(f"{STAGE}.seek(58_000)")

    await holds(page, "s.index === 1 && s.time > 60_500 && s.isShowing")
    await page.keyboard.press("k")
    await page.keyboard.press("1")
    await holds(page, "s.index === 0 && s.time >= 11_000 && s.time < 13_000")


async def test_a_version_the_browser_plays_is_taken_before_one_it_does_not(cinema: Cinema) -> None:
    folder = cinema.house.media / "Heat (1995)"
    a_film(folder / "Heat (1995) - Old.avi", seconds=2, codec="mpeg4", audio="ac3")
    a_film(folder / "Heat (1995) - Wide.mp4", seconds=30, size="64x36", rate=2)
    key = (await cinema.films())["Heat"]
    refusal = {"code": "unplayable", "message": "Nobody can convert it."}

    page = await cinema.plays(key)
    assert await page.evaluate(f"{STAGE}.feed.kind") == "direct"
    await page.route("**/api/transcode/*", lambda route: route.fulfill(status=422, json=refusal))
    await page.keyboard.press("c")
    await page.get_by_role("menuitemradio", name="Old").click()

    said = page.get_by_role("alert")
    await expect(said).to_contain_text("This file cannot be played here")
    await expect(said).to_contain_text("The picture is MPEG-4 and the sound Dolby Digital")
    await expect(said.get_by_role("link", name="Download")).to_be_visible()
    await said.get_by_role("button", name="Play Wide").click()
    await runs(page)


async def test_a_file_that_vanished_is_said_to_be_gone(cinema: Cinema) -> None:
    film = a_film(cinema.house.media / "Heat (1995).mp4", seconds=2)
    key = (await cinema.films())["Heat"]
    film.unlink()

    page = await cinema.window(f"/play/{key}")

    said = page.get_by_role("alert")
    await expect(said).to_contain_text("This file is no longer where it was")
    await said.get_by_role("button", name="Go back").click()
    await page.wait_for_url(f"**/films/{key}")


async def test_a_disk_that_is_away_is_not_a_lost_film(cinema: Cinema) -> None:
    a_minute(cinema.house.media / "Heat (1995).mp4")
    key = (await cinema.films())["Heat"]
    page = await cinema.window("/")

    async def away(route: Route) -> None:
        await route.fulfill(status=503, json={"code": "storage_unavailable", "message": "Not connected."})

    await page.route("**/api/stream/*", away)
    await page.goto(f"{cinema.house.url}/play/{key}")
    said = page.get_by_role("alert")
    await expect(said).to_contain_text("The disk with this file is not there")
    await page.unroute("**/api/stream/*")
    await said.get_by_role("button", name="Try again").click()

    await runs(page)


async def test_it_waits_for_a_server_that_is_away_and_goes_on(cinema: Cinema) -> None:
    a_minute(cinema.house.media / "Heat (1995).mp4")
    key = (await cinema.films())["Heat"]
    page = await cinema.window("/")
    await page.route("**/api/stream/*", lambda route: route.abort("connectionrefused"))
    await page.route("**/api/server", lambda route: route.abort("connectionrefused"), times=2)
    await page.goto(f"{cinema.house.url}/play/{key}")
    await expect(page.get_by_role("alert")).to_contain_text("The server is not answering")

    await page.unroute("**/api/stream/*")

    await runs(page)
    await expect(page.get_by_role("alert")).to_be_hidden()


async def test_a_trailer_plays_and_leaves_no_trace(cinema: Cinema) -> None:
    folder = cinema.house.media / "Heat (1995)"
    a_film(folder / "Heat (1995).mp4", seconds=2)
    a_minute(folder / "Heat (1995)-trailer.mp4")
    film = await cinema.house.get(f"/api/media/{(await cinema.films())['Heat']}")
    extra = film["extras"][0]

    page = await cinema.window(f"/play/{extra['id']}?file={extra['fileId']}")
    await runs(page)
    await holds(page, "s.time > 500")

    assert cinema.reports == []


async def test_keys_and_what_a_reader_hears(cinema: Cinema) -> None:
    chapters = ("Opening night", "Rain", "Home again")
    a_film(cinema.house.media / "Heat (1995).mp4", seconds=60, size="64x36", rate=2, chapters=chapters)
    key = (await cinema.films())["Heat"]
    page = await cinema.plays(key)
    await page.keyboard.press(" ")
    await holds(page, "!s.isPlaying")
    bar = page.get_by_role("slider", name="Time")

    await page.keyboard.press("0")
    await page.keyboard.press("]")
    await expect(bar).to_have_attribute("aria-valuetext", "0:20 of 1:00, Rain")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("l")
    await expect(bar).to_have_attribute("aria-valuetext", "0:40 of 1:00, Home again")
    await page.keyboard.press("Shift+ArrowLeft")
    await expect(bar).to_have_attribute("aria-valuetext", "0:10 of 1:00, Opening night")
    await page.keyboard.press("m")
    await expect(page.get_by_role("button", name="Unmute")).to_be_visible()
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_role("slider", name="Volume")).to_have_attribute("aria-valuetext", "5 %")
    await page.keyboard.press("?")
    await expect(page.get_by_text("10 seconds back and forward")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await bar.focus()
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.querySelector('player-page').shadowRoot.activeElement.label") == "Play"
    await page.keyboard.press(" ")
    await holds(page, "s.isShowing")


async def test_all_leaves_after_three_seconds_and_a_touch_brings_it_back(cinema: Cinema) -> None:
    a_minute(cinema.house.media / "Heat (1995).mp4")
    key = (await cinema.films())["Heat"]
    page = await cinema.plays(key, phone=True)
    player = page.locator("player-page")

    await expect(player).to_have_attribute("asleep", "")
    await page.touchscreen.tap(195, 300)
    await expect(player).not_to_have_attribute("asleep", "")
    await page.evaluate(f"{STAGE}.pause()")
    before = await page.evaluate(f"{STAGE}.time")

    async def has_gone_forward() -> bool:
        # Both at once; where a busy machine lets them come too far apart they count as two, and are made again.
        await asyncio.gather(page.touchscreen.tap(350, 300), page.touchscreen.tap(350, 300))
        return bool(await page.evaluate(f"{STAGE}.time") >= before + 10_000)

    await cinema.house.until(has_gone_forward)
    # Awake, for who sleeps shows none; some are not for phones.
    small = """() => document.querySelector('player-page').wake()
        ?? [...document.querySelector('player-page').shadowRoot.querySelectorAll('hm-icon-button')]
        .map((one) => one.getBoundingClientRect()).filter((box) => box.width)
        .filter((box) => box.width < 44 || box.height < 44 || box.left < 0 || box.right > innerWidth).length"""
    await page.wait_for_function(f"() => ({small})() === 0")


PARTS = "[{duration: 4000}, {duration: 6000}, {duration: 5000}]"
PURE: list[tuple[str, str, Any]] = [
    ("parts", f"m.locate({PARTS}, 0)", {"index": 0, "offset": 0}),
    ("parts", f"m.locate({PARTS}, 3999)", {"index": 0, "offset": 3999}),
    ("parts", f"m.locate({PARTS}, 4000)", {"index": 1, "offset": 0}),
    ("parts", f"m.locate({PARTS}, 14999)", {"index": 2, "offset": 4999}),
    ("parts", f"m.locate({PARTS}, 99999)", {"index": 2, "offset": 5000}),
    ("parts", "m.locate([{duration: null}], 7000)", {"index": 0, "offset": 7000}),
    ("parts", f"m.startOf({PARTS}, 2)", 10000),
    ("parts", f"m.lengthOf({PARTS})", 15000),
    ("parts", "m.lengthOf([{duration: 4000}, {duration: null}])", 0),
    ("parts", "m.readUntil([[0, 10], [5000, 9000]], 6000)", 9000),
    ("parts", "m.readUntil([[5000, 9000]], 1000)", 1000),
    ("chapters", "m.segments([], 1000)", [{"title": None, "start": 0, "end": 1000}]),
    (
        "chapters",
        "m.segments([{title: 'A', start: 1}, {title: '', start: 400}, {title: 'C', start: 401}], 1000)",
        [{"title": "A", "start": 0, "end": 400}, {"title": None, "start": 400, "end": 1000}],
    ),
    (
        "chapters",
        "m.segments([{title: 'B', start: 600}, {title: 'A', start: 300}, {title: 'late', start: 2000}], 1000)",
        [
            {"title": None, "start": 0, "end": 300},
            {"title": "A", "start": 300, "end": 600},
            {"title": "B", "start": 600, "end": 1000},
        ],
    ),
    ("chapters", "m.nextCard({at: 1169000, duration: 1200000})", {"shown": False, "seconds": None}),
    ("chapters", "m.nextCard({at: 1188500, duration: 1200000})", {"shown": True, "seconds": 12}),
    (
        "chapters",
        "m.nextCard({at: 1100000, duration: 1200000, markers: [{type: 'credits', start: 1090000, end: 1200000}]})",
        {"shown": True, "seconds": None},
    ),
    ("chapters", "m.nextCard({at: 30000, duration: 60000})", {"shown": False, "seconds": None}),
    ("chapters", "m.nextCard({at: 5, duration: 0})", {"shown": False, "seconds": None}),
    ("chapters", "m.skippable([{type: 'intro', start: 0, end: 60000}], 30000)?.end", 60000),
    ("chapters", "m.skippable([{type: 'credits', start: 0, end: 60000}], 30000)", None),
    ("reporter", "m.isDue(null, {state: 'paused', offset: 0}, 0)", False),
    ("reporter", "m.isDue(null, {state: 'playing', offset: 0}, 0)", True),
    ("reporter", "m.isDue({state: 'playing', offset: 0, at: 0}, {state: 'playing', offset: 9000}, 9999)", False),
    ("reporter", "m.isDue({state: 'playing', offset: 0, at: 0}, {state: 'playing', offset: 9000}, 10000)", True),
    ("reporter", "m.isDue({state: 'playing', offset: 0, at: 0}, {state: 'stopped', offset: 9}, 9)", True),
    ("reporter", "m.isDue({state: 'stopped', offset: 0, at: 0}, {state: 'paused', offset: 9}, 9)", False),
    ("source", "m.chooseVersion([[{id: 1}], [{id: 2}]], {fileId: 2})", 1),
    ("source", "m.chooseVersion([[{id: 1, container: 'avi', videoCodec: 'x'}], [{id: 2}]], {plays: () => false})", 1),
    ("source", "m.chooseVersion([[{id: 1, available: false}], [{id: 2}]])", 1),
    ("source", "m.chooseVersion([])", -1),
]


async def test_pure_decisions(calls: Calls) -> None:
    found = [(module, expression, await calls(f"player/{module}.js", expression)) for module, expression, _ in PURE]

    assert found == PURE
