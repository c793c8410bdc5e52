"""More of the player: chapters, subtitles by key, ways to other devices, and ways on from what went wrong."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Error, Page, Route, expect

from tests.browser.conftest import Opener
from tests.browser.test_player import STAGE, Calls, Cinema, holds, runs
from tests.support.app import House
from tests.support.samples import a_clock, a_film
from tests.support.streams import open_stream, set_pace

CHAPTERS = ("Intro", "Rain", "Home again")
SAID = "1\n00:00:00,500 --> 00:04:50,000\nWhere is the bird?\n"
SEGMENTS = "**/api/transcode/*/*.m4s*"
GO = """path => import(new URL('router.js', document.querySelector('script[type="module"]').src).href).then(
    ({ go }) => go(path))"""
PLAYER = "document.querySelector('player-page')"


@pytest.fixture
def cinema(claimed: House, opened: Opener) -> Cinema:
    return Cinema(claimed, opened)


def a_tale(cinema: Cinema) -> Path:
    """A film long enough for a slow machine: five minutes with three chapters, the first an intro."""
    heat = cinema.house.media / "Heat (1995).mp4"
    return a_film(heat, seconds=300, size="64x36", rate=2, chapters=CHAPTERS, is_silent=True)


async def stands(page: Page) -> None:
    """Pause, so that time passes only where the test says so."""
    await page.keyboard.press("k")
    await holds(page, "!s.isPlaying")


async def test_chapters_are_listed_and_gone_to(cinema: Cinema) -> None:
    a_tale(cinema)
    page = await cinema.plays((await cinema.films())["Heat"])

    await stands(page)

    await page.keyboard.press("h")
    first = page.get_by_role("menuitemradio", name="Intro")
    await expect(first).to_be_focused()
    await expect(first).to_be_checked()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await holds(page, "s.time === 200_000")
    await expect(page.get_by_role("menu")).to_have_count(0)

    await page.get_by_role("button", name="Chapter 3 of 3 · Home again: all chapters").click()
    await page.get_by_role("menuitemradio", name="Rain").click()
    await holds(page, "s.time === 100_000")


async def test_an_intro_is_passed_over_by_key_and_button(cinema: Cinema) -> None:
    a_tale(cinema)
    page = await cinema.plays((await cinema.films())["Heat"])
    await stands(page)

    await page.get_by_role("button", name="Skip intro").click()
    await holds(page, "s.time === 100_000")
    await expect(page.get_by_role("button", name="Skip intro")).to_have_count(0)
    await page.keyboard.press("0")
    await expect(page.get_by_role("button", name="Skip intro")).to_be_visible()
    await page.keyboard.press("s")

    await holds(page, "s.time === 100_000")


async def test_subtitles_come_and_go_and_are_moved_by_keys(cinema: Cinema) -> None:
    a_tale(cinema)
    (cinema.house.media / "Heat (1995).en.srt").write_text(SAID)
    page = await cinema.plays((await cinema.films())["Heat"])
    drawn = page.locator("player-page .captions")

    await page.keyboard.press("v")
    await expect(drawn).to_have_text("Where is the bird?")
    await page.keyboard.press("g")
    await page.wait_for_function(f"() => {PLAYER}.captions.shift === 500")
    await page.keyboard.press("Shift+g")
    await page.wait_for_function(f"() => {PLAYER}.captions.shift === 0")
    await page.keyboard.press("c")
    await page.get_by_role("menuitem", name="Size, place and timing").click()
    await page.get_by_role("radio", name="Black").click()
    await expect(drawn).to_have_attribute("data-ground", "black")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")

    await page.keyboard.press("v")
    await expect(drawn).to_have_text("")


async def test_a_panel_opened_by_its_key_is_closed_by_one_escape(cinema: Cinema) -> None:
    a_tale(cinema)
    page = await cinema.plays((await cinema.films())["Heat"])
    panel = page.get_by_role("dialog", name="How it plays")

    await page.keyboard.press("w")
    await expect(panel).to_contain_text("Read ahead")
    await page.keyboard.press("Escape")
    await expect(panel).to_have_count(0)
    await expect(page.get_by_role("menu")).to_have_count(0)
    await page.keyboard.press("c")
    await page.get_by_role("menuitem", name="How it plays").click()
    await panel.get_by_role("button", name="Back to the choices").click()

    await expect(page.get_by_role("menu")).to_be_visible()


async def test_another_program_gets_an_address_that_needs_no_sign_in(cinema: Cinema) -> None:
    film = a_tale(cinema)
    page = await cinema.plays((await cinema.films())["Heat"])

    await page.get_by_role("button", name="Play elsewhere").click()
    panel = page.get_by_role("dialog", name="Play elsewhere")
    field = panel.get_by_role("textbox", name="Address")
    async with page.expect_download() as saved:
        await panel.get_by_role("link", name="Open in a video program").click()

    listed = (await (await saved.value).path()).read_text()
    address = await field.input_value()
    assert (await saved.value).suggested_filename == "Heat.m3u"
    assert listed.startswith("#EXTM3U\n#EXTINF:300,Heat\n")
    assert listed.endswith(f"{address}\n")
    async with cinema.house.stranger().get(address.removeprefix(cinema.house.url)) as opened:
        assert (opened.status, len(await opened.read())) == (200, film.stat().st_size)


async def test_a_film_stopped_from_elsewhere_says_so_and_keeps_its_place(cinema: Cinema) -> None:
    a_clock(cinema.house.media / "Heat (1995).mkv", audio="ac3")
    page = await cinema.plays((await cinema.films())["Heat"])
    session = await page.evaluate(f"{STAGE}.feed.sessionId")

    await cinema.house.send("DELETE", f"/api/home/playback/activity/{session}")

    said = page.get_by_role("alert")
    await expect(said).to_contain_text("Playback was stopped")
    await expect(said).to_contain_text("Your place is kept.")
    await expect(said.get_by_role("button", name="Play on")).to_be_visible()
    assert await page.evaluate(f"{STAGE}.isPlaying") is False


REFUSALS = [
    (409, "too_many_streams", "You are watching on other devices already"),
    (507, "disk_full", "The server\u2019s disk for converted films is full"),
    (503, "too_many_sessions", "The server is busy with other films"),
]


@pytest.mark.parametrize(("status", "code", "heading"), REFUSALS, ids=[code for _, code, _ in REFUSALS])
async def test_a_refusal_is_told_and_can_be_tried_again(cinema: Cinema, status: int, code: str, heading: str) -> None:
    a_clock(cinema.house.media / "Heat (1995).mkv", audio="ac3")
    key = (await cinema.films())["Heat"]
    refusal = {"code": code, "message": "No."}

    async def refuses(route: Route) -> None:
        await route.fulfill(status=status, json=refusal, headers={"Retry-After": "3600"})

    page = await cinema.window("/")
    await page.route("**/api/transcode/*", refuses)
    await page.goto(f"{cinema.house.url}/play/{key}")
    said = page.get_by_role("alert")
    await expect(said).to_contain_text(heading)
    await page.unroute("**/api/transcode/*")

    await said.get_by_role("button", name="Try again").click()

    await runs(page)


async def test_a_seek_while_the_list_of_a_stream_is_on_the_way_begins_there(cinema: Cinema) -> None:
    a_clock(cinema.house.media / "Heat (1995).mkv", audio="ac3")
    page = await cinema.plays((await cinema.films())["Heat"])
    await stands(page)

    await page.evaluate(
        f"(s => {{ s.addEventListener('feed', () => s.seek(40_500), {{ once: true }}); s.again(); }})({STAGE})"
    )

    await holds(page, "s.video.readyState >= 2 && s.time > 40_000")


async def test_a_slow_line_is_named_and_less_is_offered(cinema: Cinema) -> None:
    a_clock(cinema.house.media / "Heat (1995).mkv", audio="ac3", size="854x480")
    page = await cinema.plays((await cinema.films())["Heat"])
    await stands(page)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    await page.route(SEGMENTS, hold)

    await page.evaluate(f"{STAGE}.seek(45_500)")
    await holds(page, "s.isWaiting")
    # As if it had waited for a minute, and as if its file were larger.
    await page.evaluate(
        f"(p => {{ p.playing.file.bitrate = 2e6; p.stage.waitsSince -= 60_000; p.requestUpdate(); }})({PLAYER})"
    )
    await expect(page.get_by_text("The line to the server is slow for this quality.")).to_be_visible()
    await page.get_by_role("button", name="Go on at 360p").click()
    await holds(page, "s.feed?.info.video?.height === 360")
    await page.unroute(SEGMENTS)
    for route in held:
        with contextlib.suppress(Error):  # asked no more
            await route.continue_()

    await holds(page, "s.video.readyState >= 2 && s.video.videoHeight === 360 && s.time > 45_000")


async def test_what_one_can_do_with_a_begun_film_stands_in_one_line(cinema: Cinema) -> None:
    a_tale(cinema)
    key = (await cinema.films())["Heat"]
    await cinema.house.send("POST", "/api/progress", {"ratingKey": key, "offset": 30_000})
    page = await cinema.window(f"/films/{key}")
    await expect(page.get_by_role("link", name="Start over")).to_be_visible()

    tops = (
        "[...document.querySelector('film-page').shadowRoot.querySelectorAll('.acts > *')].map((one) => one.offsetTop)"
    )

    assert len(set(await page.evaluate(tops))) == 1


ONE = "[{address: 'http://a/1', duration: 61_000}]"
TWO = "[{address: 'http://a/1', duration: 61_000}, {address: 'http://a/2', duration: null}]"
HEALTH = "{ahead: 12_400, pictures: 1200, lost: 3, width: 1920, height: 1080, line: 8e6}"
PURE: list[tuple[str, str, Any]] = [
    ("elsewhere", f"m.listOf('Heat', {ONE})", "#EXTM3U\n#EXTINF:61,Heat\nhttp://a/1\n"),
    ("elsewhere", f"m.listOf('A\\nB', {ONE}, 999)", "#EXTM3U\n#EXTINF:61,A B\nhttp://a/1\n"),
    (
        "elsewhere",
        f"m.listOf('Heat', {TWO}, 30_500)",
        "#EXTM3U\n#EXTINF:61,Heat (1/2)\n#EXTVLCOPT:start-time=30\nhttp://a/1\n#EXTINF:-1,Heat (2/2)\nhttp://a/2\n",
    ),
    (
        "why",
        f"m.measured({HEALTH})",
        [["Read ahead", "12 s"], ["Shown", "1920 \u00d7 1080 · 3 of 1,200 pictures left out"], ["Line", "8 Mbit/s"]],
    ),
    ("why", "m.measured({ahead: 0, pictures: 0, lost: 0, width: 0, height: 0, line: null})", [["Read ahead", "0 s"]]),
]


async def test_pure_decisions_about_ways(calls: Calls) -> None:
    found = [(module, expression, await calls(f"player/{module}.js", expression)) for module, expression, _ in PURE]

    assert found == PURE


async def test_who_plays_too_much_sees_where_and_stops_one_to_play_here(cinema: Cinema) -> None:
    for title in ("Heat (1995).mkv", "Ronin (1998).mkv"):
        a_clock(cinema.house.media / title, audio="ac3")
    films = await cinema.films()
    set_pace(cinema.house, max_per_user=1)
    file = (await cinema.house.get(f"/api/media/{films['Ronin']}"))["files"][0]["id"]
    sofa = await open_stream(cinema.house, file, clientName="The television")

    page = await cinema.window(f"/play/{films['Heat']}")

    said = page.get_by_role("alert")
    await expect(said).to_contain_text("You are watching on other devices already")
    await expect(said.get_by_role("listitem")).to_contain_text(["Ronin"])
    await expect(said.get_by_role("listitem")).to_contain_text(["The television · since"])
    await said.get_by_role("button", name="Stop “Ronin” on The television").click()
    await runs(page)
    assert sofa["sessionId"] not in {one.session_id for one in cinema.house.server.playback.sessions.living()}


async def test_stream_that_was_asked_for_and_left_is_ended(cinema: Cinema) -> None:
    a_clock(cinema.house.media / "Heat (1995).mkv", audio="ac3")
    key = (await cinema.films())["Heat"]
    page = await cinema.window("/")
    asked, may_go_on = asyncio.Event(), asyncio.Event()

    async def holds_back(route: Route) -> None:
        asked.set()
        await may_go_on.wait()
        await route.continue_()

    await page.route("**/api/transcode/*", holds_back)
    await page.evaluate(GO, f"/play/{key}")
    async with asyncio.timeout(20):
        await asked.wait()
    await page.evaluate(GO, "/")
    async with page.expect_request(lambda request: request.method == "DELETE"):
        may_go_on.set()

    await cinema.house.until(lambda: _none_lives(cinema.house))


async def _none_lives(house: House) -> bool:
    return not house.server.playback.sessions.living()
