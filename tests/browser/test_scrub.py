"""Looking for a scene in a real browser: the picture above the bar of time is that of the time it names."""

import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import FloatRect, Locator, Page, expect

from tests.browser.conftest import Opener, on_shared_loop
from tests.support.app import House, a_house
from tests.support.samples import a_clock

DAY_S = 86_400
SECONDS = 60
PLAYER = "document.querySelector('player-page')"
# What the eight columns of a clock film say, read off the picture above the bar; null where there is none yet.
SECOND = """() => {
  const bar = document.querySelector('player-page')?.renderRoot?.querySelector('player-timeline');
  const shown = bar?.renderRoot.querySelector('player-scrub-picture[ready]');
  const canvas = shown?.renderRoot.querySelector('canvas');
  if (!canvas) return null;
  const row = canvas.getContext('2d').getImageData(0, canvas.height / 2, canvas.width, 1).data;
  const isLight = (column) => row[4 * Math.round(((column + 0.5) * canvas.width) / 8) + 1] > 128;
  return [0, 1, 2, 3, 4, 5, 6, 7].reduce((sum, column) => sum + (isLight(column) ? 2 ** column : 0), 0);
}"""

NAMES_STAY = """() => {
  const later = window.setTimeout;
  window.setTimeout = (work, ms, ...rest) => (ms === 1500 ? 0 : later(work, ms, ...rest));
}"""

Calls = Callable[[str, str], Awaitable[Any]]


@on_shared_loop
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path, playback={"previews": True}) as made:
        await made.claim()
        yield made


@on_shared_loop
async def film(house: House) -> str:
    """A film whose picture tells its second, with its small pictures made; its rating key."""
    path = a_clock(house.media / "Clock (2020).mp4", seconds=SECONDS)
    os.utime(path, (time.time() - DAY_S,) * 2)
    library = await house.add_library("Films", "movie", house.media)
    items = await house.get(f"/api/libraries/{library['id']}/items")
    return str(items["items"][0]["id"])


async def plays(house: House, opened: Opener, key: str, **how: Any) -> Page:
    """A window in which the film stands still at its beginning."""
    cookie: dict[str, Any] = {"name": "immich_access_token", "value": house.token, "domain": "127.0.0.1", "path": "/"}
    cookie |= {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    state: Any = {"cookies": [cookie], "origins": []}
    page = await opened(f"{house.url}/play/{key}?at=1000", storage_state=state, **how)
    await page.wait_for_function(f"() => {PLAYER}?.stage?.hasStarted && {PLAYER}.stage.duration > 0")
    await page.evaluate(f"() => {PLAYER}.stage.pause()")
    await expect(page.locator("player-timeline .bar")).to_be_visible()
    return page


async def shows(page: Page, second: int) -> None:
    """Wait until the picture above the bar is of a second, or of one beside it."""
    await page.wait_for_function(
        f"() => {{ const at = ({SECOND})(); return at !== null && Math.abs(at - {second}) <= 1; }}"
    )


async def box_of(place: Locator) -> FloatRect:
    box = await place.bounding_box()
    assert box is not None
    return box


async def point(page: Page, second: float) -> None:
    bar = await box_of(page.locator("player-timeline .bar"))
    await page.mouse.move(bar["x"] + bar["width"] * second / SECONDS, bar["y"] + bar["height"] / 2)


async def test_pointer_over_the_bar_shows_the_picture_of_that_time(house: House, opened: Opener, film: str) -> None:
    page = await plays(house, opened, film)
    preview = page.locator("player-timeline .preview")

    for second in (40, 12, 55):
        await point(page, second + 0.5)
        await shows(page, second)
        await expect(preview).to_have_text(f"0:{second}")

    await page.mouse.move(300, 300)
    await expect(preview).to_have_count(0)


async def test_picture_stays_inside_the_player(house: House, opened: Opener, film: str) -> None:
    page = await plays(house, opened, film)
    bar = await box_of(page.locator("player-timeline .bar"))

    for second in (0.1, 30, SECONDS - 0.1):
        await point(page, second)
        await shows(page, int(second))
        picture = await box_of(page.locator("player-scrub-picture"))
        assert picture["x"] >= bar["x"] - 1
        assert picture["x"] + picture["width"] <= bar["x"] + bar["width"] + 1
        assert picture["y"] + picture["height"] < bar["y"] + bar["height"] / 2
        assert abs(picture["width"] / picture["height"] - 16 / 9) < 0.05


async def test_key_shows_where_it_leads(house: House, opened: Opener, film: str) -> None:
    page = await plays(house, opened, film)
    await page.mouse.move(300, 300)
    # What a key shows goes by itself; here it stays as long as it takes to look at.
    await page.evaluate(NAMES_STAY)

    await page.keyboard.press("5")

    await shows(page, 30)
    await page.locator("player-timeline .bar").focus()
    await page.keyboard.press("ArrowUp")
    await shows(page, 40)


async def test_finger_on_the_bar_shows_the_picture_and_seeks_when_it_lets_go(
    house: House, opened: Opener, film: str
) -> None:
    page = await plays(house, opened, film, phone=True)
    bar = await box_of(page.locator("player-timeline .bar"))
    touch = await page.context.new_cdp_session(page)

    async def finger(what: str, second: float | None) -> None:
        at = [] if second is None else [{"x": bar["x"] + bar["width"] * second / SECONDS, "y": bar["y"] + 20}]
        await touch.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": at})

    await finger("touchStart", 10.5)
    await shows(page, 10)
    await finger("touchMove", 45.5)
    await shows(page, 45)
    await finger("touchEnd", None)

    await expect(page.locator("player-timeline .preview")).to_have_count(0)
    await page.wait_for_function(f"() => Math.abs({PLAYER}.stage.time - 45500) < 1500")


async def test_without_pictures_time_alone_is_shown(house: House, opened: Opener, film: str) -> None:
    async with house.server.db.write() as tx:
        await tx.run("UPDATE trickplay SET state = 'failed', sentence = 'No.'")
    page = await plays(house, opened, film)

    await point(page, 40.5)

    await expect(page.locator("player-timeline .preview")).to_have_text("0:40")
    await expect(page.locator("player-scrub-picture")).to_have_count(0)


FILM = "{interval: 10000, width: 320, height: 180, columns: 10, rows: 10, count: 213, sheets: ['a', 'b', 'c']}"


@pytest.mark.parametrize(
    ("at", "tile"),
    [
        (-5, ("a", 0, 0)),
        (0, ("a", 0, 0)),
        (9999, ("a", 0, 0)),
        (10_000, ("a", 320, 0)),
        (105_000, ("a", 0, 180)),
        (999_000, ("a", 2880, 1620)),
        (1_000_000, ("b", 0, 0)),
        (2_125_000, ("c", 640, 180)),
        (99_000_000, ("c", 640, 180)),
    ],
)
async def test_moment_has_its_place_on_a_sheet(calls: Calls, at: int, tile: tuple[str, int, int]) -> None:
    found = await calls("player/scrub.js", f"m.tileAt({FILM}, {at})")

    assert (found["address"], found["x"], found["y"]) == tile
    assert (found["width"], found["height"]) == (320, 180)
