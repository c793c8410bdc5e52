"""What comes next in the music: moved by hand and by keys, cleared, added to; and songs made louder than they are."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Opener
from tests.browser.test_music_bar import MusicRoom, button, heard, press_play
from tests.support.app import House

Calls = Callable[[str, str], Awaitable[Any]]

# What is done to a queue A B C D of which B plays, and what is left of it.
STEPS = [
    ("q.move(2, 3)", "B ABDC"),
    ("q.move(3, 2)", "B ABDC"),
    ("q.move(2, 2)", "B ABCD"),
    ("q.move(1, 3)", "B ABCD"),
    ("q.move(3, 0)", "B ABCD"),
    ("q.move(3, 4)", "B ABCD"),
    ("q.move(3, 2), q.shuffle(true), q.shuffle(false)", "B ABDC"),
    ("q.add(['X'], { isNext: true }), q.shuffle(true), q.shuffle(false)", "B ABXCD"),
    ("q.clearComing()", "B AB"),
    ("q.clearComing()()", "B ABCD"),
    ("(undo => (q.add(['X']), undo()))(q.clearComing())", "B ABX"),
]
QUEUE = "((q) => (q.set(['A', 'B', 'C', 'D'], { start: 1 }), {}, q.current + ' ' + q.list.join('')))(new m.Queue())"
WATCH_GAINS = """() => {
    window.gains = [];
    const { createGain } = AudioContext.prototype;
    AudioContext.prototype.createGain = function () {
        const node = createGain.call(this);
        window.gains.push(node);
        return node;
    };
}"""
LOUDEST = "Math.max(0, ...window.gains.map((node) => node.gain.value))"


@pytest.fixture
async def room(claimed: House, opened: Opener) -> MusicRoom:
    return MusicRoom(claimed, opened)


@pytest.mark.parametrize(("steps", "left"), STEPS, ids=[steps for steps, _ in STEPS])
async def test_what_comes_is_put_in_order_and_what_plays_stays(calls: Calls, steps: str, left: str) -> None:
    assert await calls("music/queue.js", QUEUE.replace("{}", f"({steps})")) == left


def lines(page: Page) -> Locator:
    return page.locator("music-queue").get_by_role("listitem").locator(".name")


async def test_songs_are_moved_by_hand_and_by_keys(room: MusicRoom) -> None:
    await room.fill("One", "Two", "Three", "Four")
    page = await room.at_the_album()
    await press_play(page)
    await button(page, "Up next").click()
    await expect(lines(page)).to_have_text(["Two", "Three", "Four"])

    two, four = (page.get_by_role("button", name=f"Move {title}") for title in ("Two", "Four"))
    await two.drag_to(four)
    await expect(lines(page)).to_have_text(["Three", "Four", "Two"])
    await expect(two).to_be_focused()

    await page.keyboard.press("ArrowUp")
    await expect(lines(page)).to_have_text(["Three", "Two", "Four"])
    await expect(page.locator("music-queue").get_by_role("status")).to_have_text("Two is now 2 of 3")
    await (
        page.locator("music-queue").get_by_role("listitem").filter(has_text="Three").get_by_role("button").first.focus()
    )
    await page.keyboard.press("Alt+ArrowDown")
    await expect(lines(page)).to_have_text(["Two", "Three", "Four"])
    await page.keyboard.press("Delete")
    await expect(lines(page)).to_have_text(["Two", "Four"])

    await button(page, "Next song").click()
    await expect(lines(page)).to_have_text(["Four"])


async def test_what_comes_is_cleared_and_brought_back(room: MusicRoom) -> None:
    await room.fill("One", "Two", "Three")
    page = await room.at_the_album()
    await press_play(page)
    await button(page, "Up next").click()

    await page.get_by_role("button", name="Clear", exact=True).click()
    await expect(page.get_by_text("Nothing comes after this song.")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()

    await expect(lines(page)).to_have_text(["Two", "Three"])


async def test_a_quiet_song_is_made_louder(room: MusicRoom) -> None:
    await room.fill("One", "Two", tags={"REPLAYGAIN_ALBUM_GAIN": "+6.02 dB", "REPLAYGAIN_ALBUM_PEAK": "0.25"})
    page = await room.at_the_album()
    await page.evaluate(WATCH_GAINS)

    await press_play(page)
    await heard(page)

    await page.wait_for_function(f"() => Math.abs({LOUDEST} - 2) < 0.01")
    await page.keyboard.press("Escape")
    await button(page, "Mute").click()
    await expect(button(page, "Unmute")).to_be_visible()
    assert await page.evaluate(LOUDEST) == pytest.approx(2, abs=0.01)


async def test_a_song_is_put_next_or_at_the_end(room: MusicRoom) -> None:
    await room.fill("One", "Two", "Three")
    page = await room.at_the_album()
    await press_play(page)
    await button(page, "Up next").click()
    await expect(lines(page)).to_have_text(["Two", "Three"])

    for way in ("Play next", "Add to the end"):
        await page.get_by_role("button", name="More about Three").click()
        await page.get_by_role("menuitem", name=way).click()

    await expect(lines(page)).to_have_text(["Three", "Two", "Three", "Three"])
