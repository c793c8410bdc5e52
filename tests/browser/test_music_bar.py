"""The bar of music: it plays on while one looks around, goes from song to song, and outlives a reload."""

import json
import os
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Opener, on_shared_loop
from tests.support.app import House
from tests.support.samples import a_film, a_song

Calls = Callable[[str, str], Awaitable[Any]]
SIZES = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
AUDIOS = "[...document.querySelector('hm-app').shadowRoot.querySelectorAll('hm-music-bar audio')]"
HEARD = f"{AUDIOS}.find((one) => !one.paused)"
# Songs so short are over before a busy machine has looked: the window itself keeps what it told the lock screen.
NOTE_TITLES = """() => {
    const told = Object.getOwnPropertyDescriptor(MediaSession.prototype, 'metadata');
    window.titles = [];
    Object.defineProperty(navigator.mediaSession, 'metadata', {
        get() { return told.get.call(this); },
        set(value) {
            told.set.call(this, value);
            if (value && window.titles.at(-1) !== value.title) window.titles.push(value.title);
        },
    });
}"""
LONG_S, SHORT_S = 40, 1.5

# A queue of four letters, and what is left of it after some steps: the present one, then all in their order.
STEPS = [
    ("q.next(), q.next()", "C ABCD"),
    ("q.next(), q.previous()", "A ABCD"),
    ("q.previous()", "A ABCD"),
    ("q.jump(3), q.next()", "D ABCD"),
    ("q.jump(3), q.turnRepeat(), q.next()", "A ABCD"),
    ("q.turnRepeat(), q.previous()", "D ABCD"),
    ("q.repeat = 'one', q.next({ isAuto: true })", "A ABCD"),
    ("q.repeat = 'one', q.next()", "B ABCD"),
    ("q.jump(1), q.remove(0)", "B BCD"),
    ("q.jump(1), q.remove(3)", "B ABC"),
    ("q.remove(2)()", "A ABCD"),
    ("q.jump(2), q.add(['X', 'Y'])", "C ABCDXY"),
    ("q.jump(2), q.add(['X', 'Y'], { isNext: true })", "C ABCXYD"),
    ("q.jump(2), q.shuffle(true), q.shuffle(false)", "C ABCD"),
    ("q.set(['X', 'Y', 'Z'], { start: 1 })", "Y XYZ"),
]
QUEUE = "((q) => (q.set(['A', 'B', 'C', 'D']), {}, q.current + ' ' + q.list.join('')))(new m.Queue())"

GAINS = [
    ("null, false", 1),
    ("{ track: null, trackPeak: null, album: null, albumPeak: null }, true", 1),
    ("{ track: -6.0206, trackPeak: 1, album: -12.0412, albumPeak: 1 }, false", 0.5),
    ("{ track: -6.0206, trackPeak: 1, album: -12.0412, albumPeak: 1 }, true", 0.25),
    ("{ track: -6.0206, trackPeak: 1, album: null, albumPeak: null }, true", 0.5),
    ("{ track: null, trackPeak: null, album: -12.0412, albumPeak: 1 }, false", 0.25),
    ("{ track: 6.0206, trackPeak: 0.25, album: null, albumPeak: null }, false", 2),
    ("{ track: 6.0206, trackPeak: 0.8, album: null, albumPeak: null }, false", 1.25),
    ("{ track: 6.0206, trackPeak: null, album: null, albumPeak: null }, false", 1),
    ("{ track: 1, trackPeak: 2, album: null, albumPeak: null }, false", 0.5),
]


@pytest.mark.parametrize(("steps", "left"), STEPS, ids=[steps for steps, _ in STEPS])
async def test_queue_goes_where_it_is_told(calls: Calls, steps: str, left: str) -> None:
    assert await calls("music/queue.js", QUEUE.replace("{}", f"({steps})")) == left


async def test_shuffling_keeps_the_song_that_plays_and_loses_none(calls: Calls) -> None:
    found = await calls("music/queue.js", QUEUE.replace("{}", "q.jump(2), q.shuffle(true)"))

    assert found[0] == found[2] == "C"
    assert sorted(found[2:]) == ["A", "B", "C", "D"]


async def test_queue_is_read_back_as_it_was_and_nothing_else_is(calls: Calls) -> None:
    kept = "JSON.parse(JSON.stringify(q))"
    again = await calls(
        "music/queue.js", QUEUE.replace("{}", f"q.jump(2), q.shuffle(true), q.restore({kept})").replace("'D']", "'D']")
    )
    broken = await calls(
        "music/queue.js", "[null, {}, {tracks: [1], order: [4], at: 0}].map((one) => new m.Queue().restore(one))"
    )

    assert again[0] == "C"
    assert broken == [False, False, False]


@pytest.mark.parametrize(("given", "factor"), GAINS, ids=[given for given, _ in GAINS])
async def test_replay_gain_makes_louder_or_quieter_and_clips_nothing(calls: Calls, given: str, factor: float) -> None:
    assert await calls("music/gain.js", f"m.factorOf({given})") == pytest.approx(factor, abs=0.001)


class MusicRoom:
    """A house with real songs, and windows of its administrator."""

    def __init__(self, house: House, opened: Opener) -> None:
        self.house = house
        self._opened = opened
        self.songs: dict[str, Path] = {}
        self.album = ""
        self.artist = ""

    async def fill(self, *titles: str, seconds: float = LONG_S, tags: dict[str, str] | None = None) -> None:
        """An album "Spaces" by Nils with these songs."""
        folder = self.house.media / "music"
        for number, title in enumerate(titles, 1):
            words = {"title": title, "artist": "Nils", "album": "Spaces", "track": str(number)} | (tags or {})
            song = a_song(folder / "Nils" / "Spaces" / f"{number:02} {title}.flac", tags=words, seconds=seconds)
            os.utime(song, (time.time() - 86_400,) * 2)
            self.songs[title] = song
        library = await self.house.add_library("Music", "music", folder)
        album = (await self.house.get(f"/api/libraries/{library['id']}/items?type=album"))["items"][0]
        self.album, self.artist = album["id"], album["parentId"]

    async def window(self, path: str, **how: Any) -> Page:
        cookie = {"name": "immich_access_token", "value": self.house.token, "domain": "127.0.0.1", "path": "/"}
        signed = cookie | {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
        return await self._opened(self.house.url + path, storage_state={"cookies": [signed], "origins": []}, **how)

    async def at_the_album(self, **how: Any) -> Page:
        page = await self.window(f"/music/album/{self.album}", **how)
        await expect(page.get_by_role("heading", name="Spaces", exact=True)).to_be_visible()
        return page


@on_shared_loop
async def room(claimed: House, opened: Opener) -> MusicRoom:
    return MusicRoom(claimed, opened)


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Music")


def button(page: Page, name: str) -> Locator:
    return bar(page).get_by_role("button", name=name, exact=True)


async def press_play(page: Page) -> None:
    await page.locator("album-page").get_by_role("button", name="Play", exact=True).click()


async def heard(page: Page, beyond_s: float = 0.2) -> None:
    """Wait until something sounds, so far into it."""
    await page.wait_for_function(f"() => {HEARD}?.currentTime > {beyond_s}")


async def silent(page: Page) -> None:
    await page.wait_for_function(f"() => {AUDIOS}.every((one) => one.paused)")


async def place(page: Page) -> float:
    return float(await page.evaluate(f"Math.max(...{AUDIOS}.map((one) => one.currentTime))"))


@SIZES
async def test_music_plays_on_while_one_looks_around(room: MusicRoom, *, phone: bool) -> None:
    await room.fill("One", "Two")
    page = await room.at_the_album(phone=phone)
    await expect(bar(page)).to_have_count(0)

    await press_play(page)
    await heard(page)
    await page.locator("a.place").filter(has_text="Home").click()
    await expect(page.locator("home-page")).to_be_visible()

    await expect(bar(page).get_by_text("One", exact=True)).to_be_visible()
    await heard(page, await place(page) + 0.3)
    sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(sideways) <= 0


async def test_songs_follow_each_other_and_count_as_played(room: MusicRoom) -> None:
    await room.fill("One", "Two", "Three", seconds=SHORT_S)
    page = await room.at_the_album()
    await page.evaluate(NOTE_TITLES)

    await press_play(page)

    await page.wait_for_function("() => window.titles.slice(0, 3).join() === 'One,Two,Three'")
    await expect(bar(page).get_by_text("One", exact=True)).to_be_visible()
    await silent(page)

    async def all_counted() -> bool:
        tracks = (await room.house.get(f"/api/media/{room.album}/episodes"))["items"]
        return [track["viewCount"] for track in tracks] == [1, 1, 1]

    await room.house.until(all_counted)


async def test_next_song_lies_ready_before_this_one_ends(room: MusicRoom) -> None:
    await room.fill("One", "Two", seconds=10)
    page = await room.at_the_album()

    await press_play(page)
    await heard(page)

    await page.wait_for_function(
        f"() => {AUDIOS}.every((one) => one.src) && {AUDIOS}.some((one) => one.paused && one.readyState === 4)"
    )


async def test_press_on_a_song_plays_it_and_another_press_pauses(room: MusicRoom) -> None:
    await room.fill("One", "Two")
    page = await room.at_the_album()
    two = page.locator("watch-track").filter(has_text="Two")

    await two.click()
    await heard(page)
    await expect(bar(page).get_by_text("Two", exact=True)).to_be_visible()
    await expect(two).to_have_attribute("playing", "")
    await two.click()

    await silent(page)


async def test_queue_outlives_a_reload_silent_and_at_its_place(room: MusicRoom) -> None:
    await room.fill("One", "Two")
    page = await room.at_the_album()
    await press_play(page)
    await button(page, "Next song").click()
    await heard(page, 1)

    await page.reload()

    await expect(bar(page).get_by_text("Two", exact=True)).to_be_visible()
    await silent(page)
    await button(page, "Play").click()
    await heard(page, 1)
    await button(page, "Previous song").click()
    await expect(bar(page).get_by_text("One", exact=True)).to_be_visible()


async def test_bar_is_played_by_keys(room: MusicRoom) -> None:
    await room.fill("One", "Two")
    page = await room.at_the_album()
    await press_play(page)
    await heard(page)

    await bar(page).focus()
    await page.keyboard.press("Space")
    await silent(page)
    before = await place(page)
    await page.keyboard.press("ArrowRight")
    await page.wait_for_function(f"() => {AUDIOS}.some((one) => one.currentTime > {before + 9})")
    await page.keyboard.press("m")
    await page.wait_for_function(f"() => {AUDIOS}.every((one) => one.muted)")
    await page.keyboard.press("n")
    await expect(bar(page).get_by_text("Two", exact=True)).to_be_visible()
    await page.keyboard.press("r")

    await expect(button(page, "Repeat: all")).to_have_attribute("aria-pressed", "true")


async def test_songs_of_an_album_are_as_loud_as_its_gain_says(room: MusicRoom) -> None:
    gains = {"REPLAYGAIN_TRACK_GAIN": "-6.02 dB", "REPLAYGAIN_ALBUM_GAIN": "-12.04 dB"}
    await room.fill("One", "Two", tags=gains)
    page = await room.at_the_album()
    await press_play(page)
    await heard(page)

    await page.wait_for_function(f"() => Math.abs({HEARD}?.volume - 0.25) < 0.01")
    await button(page, "Shuffle").click()

    await page.wait_for_function(f"() => Math.abs({HEARD}?.volume - 0.5) < 0.01")


async def test_lock_screens_are_told_what_plays(room: MusicRoom) -> None:
    await room.fill("One", "Two")
    page = await room.at_the_album()
    await press_play(page)
    await heard(page)

    await page.wait_for_function("() => navigator.mediaSession.metadata?.title === 'One'")

    told = await page.evaluate(
        "(({ title, artist, album }) => ({ title, artist, album }))(navigator.mediaSession.metadata)"
    )
    assert told == {"title": "One", "artist": "Nils", "album": "Spaces"}


async def test_song_whose_file_is_gone_is_passed_over_and_told(room: MusicRoom) -> None:
    await room.fill("One", "Two", "Three")
    page = await room.at_the_album()
    room.songs["Two"].unlink()
    await press_play(page)
    await heard(page)

    await button(page, "Next song").click()

    await expect(page.get_by_text("Two was skipped. Its file is not there.")).to_be_visible()
    await expect(bar(page).get_by_text("Three", exact=True)).to_be_visible()
    await heard(page)


async def test_songs_can_be_taken_out_of_what_comes_and_put_back(room: MusicRoom) -> None:
    await room.fill("One", "Two", "Three")
    page = await room.at_the_album()
    await press_play(page)
    await button(page, "Up next").click()
    coming = page.locator("music-queue").get_by_role("listitem")
    await expect(coming).to_have_count(2)

    await coming.filter(has_text="Two").hover()
    await page.get_by_role("button", name="Take Two out").click()
    await expect(coming).to_have_count(1)
    await page.get_by_role("button", name="Undo").click()
    await expect(coming).to_have_count(2)
    await coming.filter(has_text="Three").get_by_role("button").first.click()

    await expect(bar(page).get_by_text("Three", exact=True).first).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("music-queue")).to_have_count(0)
    await expect(button(page, "Up next")).to_be_focused()


async def test_film_is_heard_alone(room: MusicRoom) -> None:
    await room.fill("One", "Two")
    film = a_film(room.house.media / "films" / "Heat (1995).mp4", seconds=20)
    os.utime(film, (time.time() - 86_400,) * 2)
    films = await room.house.add_library("Films", "movie", room.house.media / "films")
    key = (await room.house.get(f"/api/libraries/{films['id']}/items"))["items"][0]["id"]
    page = await room.at_the_album()
    await press_play(page)
    await heard(page)

    await page.evaluate(
        "(href) => document.body.appendChild(Object.assign(document.createElement('a'), { href })).click()",
        f"/play/{key}",
    )
    await expect(page.locator("player-page")).to_be_visible()

    await silent(page)
    await expect(bar(page)).to_be_hidden()
    await page.go_back()
    await expect(button(page, "Play")).to_be_visible()


async def test_phone_shows_it_large_with_what_comes_next(room: MusicRoom) -> None:
    await room.fill("One", "Two")
    page = await room.at_the_album(phone=True)
    await press_play(page)
    await heard(page)

    await button(page, "One, show large").click()
    large = page.get_by_role("dialog", name="Music")
    await expect(large.get_by_role("heading", name="One")).to_be_visible()
    await large.get_by_role("button", name="Next song").click()
    await expect(large.get_by_role("heading", name="Two")).to_be_visible()
    await large.get_by_role("button", name="Up next").click()
    await expect(large.get_by_text("Nothing comes after this song.")).to_be_visible()
    await page.keyboard.press("Escape")

    await expect(large).to_have_count(0)
    await expect(button(page, "Two, show large")).to_be_focused()


async def test_stopping_clears_the_bar_for_good(room: MusicRoom) -> None:
    await room.fill("One", "Two")
    page = await room.at_the_album()
    await press_play(page)
    await heard(page)

    await button(page, "Stop and close").click()

    await expect(bar(page)).to_have_count(0)
    await silent(page)
    await page.reload()
    await expect(page.get_by_role("heading", name="Spaces", exact=True)).to_be_visible()
    assert json.loads(await page.evaluate("sessionStorage.getItem('homemedia.music')") or "null") is None


async def test_artist_plays_all_his_albums(room: MusicRoom) -> None:
    await room.fill("One", "Two")
    page = await room.window(f"/music/artist/{room.artist}")
    await page.get_by_role("button", name="Play", exact=True).click()
    await heard(page)

    await expect(bar(page).get_by_text("One", exact=True)).to_be_visible()
    await button(page, "Up next").click()
    await expect(page.locator("music-queue").get_by_text(re.compile("From Nils"))).to_be_visible()


async def test_stream_of_a_song_that_ended_at_the_server_is_opened_anew(room: MusicRoom) -> None:
    await room.fill("One", seconds=240)
    page = await room.at_the_album()
    # The browser makes nothing of the file, so that it is converted.
    await page.route("**/api/stream/*", lambda route: route.fulfill(status=200, body="no music"))
    await press_play(page)
    await heard(page)
    playing = room.house.server.playback.sessions
    (first,) = playing.living()

    playing.end_soon(first)
    await page.evaluate(f"{HEARD}.currentTime = 200")

    await page.wait_for_function(f"() => {HEARD}?.currentTime > 200.2")
    (second,) = playing.living()
    assert second.client_name == first.client_name
