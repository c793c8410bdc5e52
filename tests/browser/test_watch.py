"""Home, grids, film and show pages, search: before the real server, and before one of cards for long lists, faults."""

import os
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Page, expect

from tests.browser.conftest import FakeHouse, Opener, problem
from tests.support.app import House
from tests.support.samples import a_film, a_long_film

DAY_S = 86_400
MANY = 100_000
NFO = "<movie><title>{title}</title><year>{year}</year><genre>{genre}</genre><plot>{plot}</plot></movie>"
FILMS = [("Deep Fir", 2019, "Drama"), ("Salt Road", 2015, "Western"), ("The Brook", 2023, "Drama")]
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NODES = """() => {
    const inside = (one) => (one.shadowRoot ? all(one.shadowRoot) : 0);
    const all = (root) => [...root.querySelectorAll('*')].reduce((sum, one) => sum + 1 + inside(one), 0);
    return all(document);
}"""

Calls = Callable[[str, str], Awaitable[Any]]


class Household:
    """The real house with a few films, a show and a home video; windows of its administrator."""

    def __init__(self, house: House, opened: Opener) -> None:
        self.house = house
        self._opened = opened

    async def films(self) -> dict[str, str]:
        """Rating keys by title."""
        folder = self.house.media / "films"
        for title, year, genre in FILMS:
            a_long_film(folder / f"{title} ({year}).mp4", minutes=6)
            words = NFO.format(title=title, year=year, genre=genre, plot=f"What happened at {title}.")
            (folder / f"{title} ({year}).nfo").write_text(words, encoding="utf-8")
        return await self._added("Films", "movie", folder)

    async def show(self) -> tuple[str, dict[str, str]]:
        """The show's rating key, and its episodes' by title."""
        folder = self.house.media / "shows"
        for number, title in enumerate(("Digging", "Landing", "Stone"), 1):
            a_film(folder / "Well-Diggers" / "Season 1" / f"Well-Diggers - S01E{number:02d} - {title}.mp4")
        (key,) = (await self._added("Shows", "show", folder)).values()
        episodes = await self.house.get(f"/api/media/{key}/episodes")
        return key, {item["title"]: item["id"] for item in episodes["items"]}

    async def video(self) -> None:
        folder = self.house.media / "videos"
        a_film(folder / "2019" / "Lake.mp4")
        await self._added("Home videos", "video", folder)

    async def begin(self, key: str, minutes: float = 3) -> None:
        """Report that this was watched up to there."""
        await self.house.send("POST", "/api/progress", {"ratingKey": key, "offset": int(minutes * 60_000)})

    async def state(self, key: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.house.get(f"/api/watch-state?keys={key}"))["states"][key]
        return found

    async def window(self, path: str, **how: Any) -> Page:
        cookie = {"name": "immich_access_token", "value": self.house.token, "domain": "127.0.0.1", "path": "/"}
        signed = cookie | {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
        return await self._opened(self.house.url + path, storage_state={"cookies": [signed], "origins": []}, **how)

    async def _added(self, name: str, kind: str, folder: Path) -> dict[str, str]:
        _age(folder)
        library = await self.house.add_library(name, kind, folder)
        items = (await self.house.get(f"/api/libraries/{library['id']}/items"))["items"]
        return {item["title"]: item["id"] for item in items}


def _age(folder: Path) -> None:
    """Make files look a day old, so that nobody waits for them to become steady."""
    then = time.time() - DAY_S
    for path in folder.rglob("*.*"):
        os.utime(path, (then, then))


@pytest.fixture
def household(claimed: House, opened: Opener) -> Household:
    return Household(claimed, opened)


def heading(page: Page, name: str) -> Any:
    return page.get_by_role("heading", name=name, exact=True)


def card(page: Page, name: str) -> Any:
    """The link of a poster or card, by how its name begins."""
    return page.locator("hm-poster, hm-card").get_by_role("link", name=re.compile(f"^{re.escape(name)}\\b")).first


def toasted(page: Page, text: str) -> Any:
    return page.locator("hm-toasts").get_by_text(text)


async def test_home_shows_what_was_scanned(household: Household) -> None:
    keys = await household.films()
    await household.show()
    await household.video()
    await household.begin(keys["Deep Fir"])
    page = await household.window("/")
    await expect(heading(page, "Continue watching")).to_be_visible()
    await expect(card(page, "Deep Fir, Film · 3 min left")).to_be_visible()
    await expect(heading(page, "Recently added")).to_be_visible()
    for title in ("The Brook", "Well-Diggers", "Lake"):
        await expect(card(page, title)).to_be_visible()
    await expect(card(page, "Deep Fir, Film · 3 min left")).to_have_attribute("href", f"/play/{keys['Deep Fir']}")


async def test_film_that_comes_in_while_home_is_shown_needs_no_reload(household: Household) -> None:
    await household.films()
    page = await household.window("/")
    await expect(card(page, "Salt Road")).to_be_visible()
    await household.video()
    await expect(card(page, "Lake")).to_be_visible()


async def test_filter_stands_in_the_address_and_is_there_after_back(household: Household) -> None:
    await household.films()
    page = await household.window("/films")
    await expect(page.get_by_text("3 films")).to_be_visible()
    await page.get_by_role("button", name="Genre").click()
    await page.get_by_role("menuitemradio", name="Drama").click()
    await expect(page).to_have_url(re.compile(r"/films\?genre=Drama$"))
    await expect(page.get_by_text("2 of 3 films")).to_be_visible()
    await expect(card(page, "Salt Road")).to_have_count(0)
    await card(page, "The Brook").click(position={"x": 20, "y": 20})
    await expect(heading(page, "The Brook")).to_be_visible()
    await page.go_back()
    await expect(page).to_have_url(re.compile(r"/films\?genre=Drama$"))
    await expect(page.get_by_text("2 of 3 films")).to_be_visible()
    await page.get_by_role("button", name="Remove").click()
    await expect(page.get_by_text("3 films", exact=True)).to_be_visible()


async def test_filters_that_leave_nothing_can_be_cleared(household: Household) -> None:
    await household.films()
    page = await household.window("/films?genre=Drama&year=1950-1959")
    await expect(heading(page, "Nothing fits these filters")).to_be_visible()
    await page.get_by_role("button", name="Clear all").click()
    await expect(card(page, "Salt Road")).to_be_visible()


async def test_phone_filters_in_a_sheet(household: Household) -> None:
    await household.films()
    page = await household.window("/films", phone=True)
    await page.get_by_role("button", name="Filters").click()
    await page.get_by_role("button", name="Western").click()
    await page.get_by_role("button", name="Show 1 of 3 films").click()
    await expect(card(page, "Salt Road")).to_be_visible()
    await expect(card(page, "The Brook")).to_have_count(0)
    await expect(page).to_have_url(re.compile("genre=Western"))


async def test_film_page_says_what_it_is_and_that_it_plays(household: Household) -> None:
    keys = await household.films()
    page = await household.window(f"/films/{keys['The Brook']}")
    await expect(heading(page, "The Brook")).to_be_visible()
    await expect(page).to_have_title("The Brook · Attic")
    await expect(page.get_by_text("What happened at The Brook.")).to_be_visible()
    await expect(page.get_by_text("Plays as it is")).to_be_visible()
    await expect(page.get_by_role("link", name="Play", exact=True)).to_have_attribute(
        "href", f"/play/{keys['The Brook']}"
    )
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("menuitem", name="About the file").click()
    await expect(page.get_by_text("The Brook (2023).mp4")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_text("The Brook (2023).mp4")).to_have_count(0)


async def test_film_marked_as_watched_can_be_undone_with_its_place(household: Household) -> None:
    keys = await household.films()
    key = keys["Deep Fir"]
    await household.begin(key)
    page = await household.window(f"/films/{key}")
    await expect(page.get_by_text("Resume at 3:00")).to_be_visible()
    await page.keyboard.press("w")
    await expect(page.get_by_text("Resume at 3:00")).to_have_count(0)
    await expect(toasted(page, "Deep Fir is marked as watched")).to_be_visible()
    assert (await household.state(key))["watched"]
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("Resume at 3:00")).to_be_visible()
    assert (await household.state(key))["offset"] == 180_000


async def test_mark_that_the_server_refuses_is_taken_back(household: Household) -> None:
    keys = await household.films()
    page = await household.window(f"/films/{keys['Salt Road']}")
    refusal = {"error": "x", "message": "The disk is full.", "statusCode": 507, "code": "storage_full", "details": []}
    await page.route("**/api/mark-watched/*", lambda route: route.fulfill(status=507, json=refusal))
    await page.get_by_role("button", name="Mark as watched").click()
    await expect(toasted(page, "The disk is full.")).to_be_visible()
    await expect(page.get_by_role("button", name="Mark as watched")).to_be_visible()


async def test_undo_of_a_season_leaves_what_was_watched_before(household: Household) -> None:
    show, episodes = await household.show()
    await household.house.send("POST", f"/api/mark-watched/{episodes['Digging']}")
    page = await household.window(f"/shows/{show}")
    await expect(page.get_by_role("link", name="Play S1 · E2")).to_be_visible()
    await expect(page.get_by_text("2 unwatched")).to_be_visible()
    await page.get_by_role("button", name="Mark season as watched").click()
    await expect(page.get_by_text("All watched")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("2 unwatched")).to_be_visible()
    await household.house.until(lambda: is_unwatched(household, episodes["Stone"]))
    assert (await household.state(episodes["Digging"]))["watched"]


async def is_unwatched(household: Household, key: str) -> bool:
    return not (await household.state(key))["watched"]


async def test_episode_leads_to_its_neighbours_and_its_show(household: Household) -> None:
    show, episodes = await household.show()
    page = await household.window(f"/episodes/{episodes['Landing']}")
    await expect(heading(page, "Landing")).to_be_visible()
    await page.get_by_role("link", name="Next episode").click()
    await expect(heading(page, "Stone")).to_be_visible()
    await page.get_by_role("link", name="Previous episode").click()
    await expect(heading(page, "Landing")).to_be_visible()
    await page.get_by_role("link", name="All episodes").click()
    await expect(page).to_have_url(re.compile(f"/shows/{show}"))
    await expect(heading(page, "1 · Digging")).to_be_visible()


async def test_dismissed_film_leaves_and_comes_back_with_undo(household: Household) -> None:
    keys = await household.films()
    await household.begin(keys["Deep Fir"])
    page = await household.window("/")
    begun = card(page, "Deep Fir, Film · 3 min left")
    await begun.click(button="right", position={"x": 200, "y": 20})
    await page.get_by_role("menuitem", name="Remove from Continue watching").click()
    await expect(heading(page, "Continue watching")).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(begun).to_be_visible()


async def test_search_finds_while_one_types(household: Household) -> None:
    await household.films()
    page = await household.window("/films")
    await expect(card(page, "The Brook")).to_be_visible()
    await page.keyboard.press("/")
    await page.keyboard.type("bro", delay=20)
    await expect(page).to_have_url(re.compile(r"/search\?q=bro"))
    await expect(card(page, "The Brook")).to_be_visible()
    await expect(card(page, "Salt Road")).to_have_count(0)
    await page.keyboard.type("qzx", delay=20)
    await expect(heading(page, "Nothing found for “broqzx”")).to_be_visible()


async def test_pause_after_a_word_costs_nothing_of_what_one_types(household: Household) -> None:
    await household.films()
    page = await household.window("/films")
    await expect(card(page, "The Brook")).to_be_visible()
    field = page.get_by_role("searchbox", name="Search")
    await field.press_sequentially("salt ", delay=20)
    await expect(card(page, "Salt Road")).to_be_visible()
    await expect(field).to_have_value("salt ")
    await field.press_sequentially("ro", delay=20)
    await page.keyboard.press("Shift")
    await expect(page).to_have_url(re.compile(r"/search\?q=salt%20ro"))
    await expect(field).to_have_value("salt ro")


async def test_phone_searches_with_a_field_of_its_own(household: Household) -> None:
    await household.films()
    page = await household.window("/search", phone=True)
    field = page.get_by_role("searchbox", name="Search")
    await expect(field).to_be_focused()
    await field.press_sequentially("salt road ", delay=20)
    await expect(card(page, "Salt Road")).to_be_visible()
    await expect(field).to_have_value("salt road ")


async def test_unknown_film_says_that_it_is_not_here(household: Household) -> None:
    page = await household.window("/films/000000000000")
    await expect(heading(page, "This is not here any more")).to_be_visible()
    await page.get_by_role("link", name="Back to Home").click()
    await expect(page).to_have_url(re.compile("/$"))


async def test_no_page_scrolls_sideways_on_a_small_phone(household: Household) -> None:
    keys = await household.films()
    show, episodes = await household.show()
    await household.begin(keys["Deep Fir"])
    page = await household.window("/", phone=True)
    await page.set_viewport_size({"width": 375, "height": 812})
    film, episode = f"/films/{keys['Deep Fir']}", f"/episodes/{episodes['Stone']}"
    for path in (
        "/",
        "/films",
        "/films?view=list",
        film,
        f"/shows/{show}",
        episode,
        "/search?q=the",
        "/recent",
        "/continue",
    ):
        await page.goto(household.house.url + path)
        await expect(page.get_by_role("heading", level=1).first).to_be_attached()
        await expect(page.locator("hm-skeleton, .bone")).to_have_count(0)
        assert await page.evaluate(SIDEWAYS) <= 0, path


# --- before a server of cards: long lists, news, faults ---


def a_card(number: int, **more: Any) -> dict[str, Any]:
    letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[min(25, number // (MANY // 26))]
    film = {"id": f"k{number:011d}", "type": "movie", "title": f"{letter} film {number}", "year": 1980, "summary": None}
    film |= {
        "thumb": None,
        "thumbTag": None,
        "thumbKind": None,
        "thumbTone": None,
        "thumbPoint": "0.5,0.4",
        "art": None,
    }
    film |= {"artTag": None, "addedAt": 1_700_000_000, "duration": 5_400_000, "genres": [], "releaseDate": None}
    film |= {"libraryId": "films", "watched": False, "viewOffset": 0, "viewCount": 0, "lastViewedAt": None}
    return film | {"contentRating": None, "available": True, "videoResolution": "1080"} | more


class Shelf:
    """Answers for one library of any length, whose films go by numbers."""

    def __init__(self, house: FakeHouse, count: int) -> None:
        self.count = count
        self.marked: set[str] = set()
        house.answers["libraries/films/items"] = self.items
        house.answers["home/library/genres"] = lambda _request: {"genres": []}
        for number in range(60):
            house.answers[f"mark-watched/k{number:011d}"] = self.mark

    def items(self, request: web.Request) -> Any:
        offset, limit = int(request.query.get("offset", 0)), int(request.query["limit"])
        films = [a_card(number) for number in range(offset, min(self.count, offset + limit))]
        for film in films:
            film["watched"] = film["id"] in self.marked
        page = {"library": {"id": "films", "name": "Films", "type": "movie"}, "items": films, "offset": offset}
        letters = dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", self.count // 26)
        letters["Z"] += self.count % 26
        return page | {"totalCount": self.count, "limit": limit} | ({} if offset else {"letters": letters})

    def mark(self, request: web.Request) -> Any:
        key = request.path.rsplit("/", 1)[1]
        self.marked.add(key)
        return {"ratingKey": key, "watched": True, "changed": 1}


async def test_hundred_thousand_films_keep_the_document_small(opened: Opener, house_of_cards: FakeHouse) -> None:
    Shelf(house_of_cards, MANY)
    page = await opened(house_of_cards.url("/films"))
    await expect(card(page, "A film 0")).to_be_visible()
    await page.locator("hm-letter-bar button[data-letter=M]").click()
    await expect(card(page, "M film 46153")).to_be_visible()
    await page.locator("h1").evaluate("(heading) => heading.focus()")
    await page.keyboard.press("End")
    last = card(page, f"Z film {MANY - 1}")
    await expect(last).to_be_visible()
    await expect(page.locator("hm-letter-bar button[data-letter=Z]")).to_have_attribute("aria-current", "true")
    assert await page.evaluate(NODES) < 3000


async def test_arrow_keys_lead_through_the_grid_and_w_marks(opened: Opener, house_of_cards: FakeHouse) -> None:
    shelf = Shelf(house_of_cards, 30)
    page = await opened(house_of_cards.url("/films"))
    await expect(card(page, "A film 0")).to_be_visible()
    for key, title in [
        ("ArrowDown", "A film 0"),
        ("ArrowRight", "A film 1"),
        ("ArrowDown", "A film 8"),
        ("End", "A film 29"),
    ]:
        await page.keyboard.press(key)
        await expect(card(page, title)).to_be_focused()
    await page.keyboard.press("w")
    await expect(toasted(page, "A film 29 is marked as watched")).to_be_visible()
    assert shelf.marked == {"k00000000029"}
    await expect(page.locator("hm-poster").filter(has_text="A film 29").get_by_title("Watched")).to_be_attached()


async def test_new_films_wait_above_the_fold_while_one_is_further_down(
    opened: Opener, house_of_cards: FakeHouse
) -> None:
    shelf = Shelf(house_of_cards, 500)
    page = await opened(house_of_cards.url("/films"))
    await expect(card(page, "A film 0")).to_be_visible()
    await page.evaluate("window.scrollTo(0, 3000)")
    await expect(card(page, "A film 70")).to_be_visible()
    shelf.count = 503
    await house_of_cards.tell({"event": "library.changed", "library_id": "films", "cursor": 7})
    chip = page.get_by_role("button", name="3 new")
    await expect(chip).to_be_visible()
    assert await page.evaluate("window.scrollY") == 3000
    await chip.click()
    await expect(page).to_have_url(re.compile("sort=added"))
    await expect(page.get_by_text("503 films")).to_be_visible()
    await expect(chip).to_have_count(0)


async def test_page_that_failed_comes_with_the_next_try(opened: Opener, house_of_cards: FakeHouse) -> None:
    house_of_cards.answers["libraries/films/items"] = lambda _request: problem(
        503, "unavailable", "The disk is asleep."
    )
    page = await opened(house_of_cards.url("/films"))
    await expect(page.get_by_text("The disk is asleep.")).to_be_visible()
    Shelf(house_of_cards, 3)
    await page.get_by_role("button", name="Try again").click()
    await expect(card(page, "A film 2")).to_be_visible()


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ({"container": "mp4", "videoCodec": "h264", "audioCodec": "aac"}, "all"),
        ({"container": "mkv", "videoCodec": "vp9", "audioCodec": "opus"}, "all"),
        ({"container": "mkv", "videoCodec": "av1", "audioCodec": "flac"}, "all"),
        ({"container": "webm", "videoCodec": "vp8", "audioCodec": "vorbis"}, "all"),
        ({"container": "avi", "videoCodec": "h264", "audioCodec": "aac"}, "container"),
        ({"container": "mkv", "videoCodec": "hevc", "audioCodec": "aac"}, "picture"),
        ({"container": "mp4", "videoCodec": "mpeg4", "audioCodec": "aac"}, "picture"),
        ({"container": "mkv", "videoCodec": "h264", "audioCodec": "ac3"}, "sound"),
        ({"container": "mkv", "videoCodec": "h264", "audioCodec": "dts"}, "sound"),
        ({"container": "mp4", "videoCodec": "h264", "audioCodec": None}, "all"),
    ],
)
async def test_what_is_in_the_way_of_playing_here_is_named(calls: Calls, file: dict[str, Any], what: str) -> None:
    text = str(file).replace("None", "null")
    seen = await calls("watch/playable.js", f"m.judge({text})")
    missing = [name for name in ("container", "picture", "sound") if not seen[name]]
    assert (missing[0] if missing else "all") == what
    assert await calls("watch/playable.js", f"m.playsHere({text})") is (what == "all")


async def test_version_that_plays_is_offered_where_the_chosen_one_does_not(
    opened: Opener, house_of_cards: FakeHouse
) -> None:
    file = {"id": 1, "streamUrl": "/api/stream/1", "container": "mkv", "videoCodec": "hevc", "audioCodec": "aac"}
    file |= {"videoResolution": "4k", "width": 3840, "height": 2160, "duration": 5_400_000, "size": 18_400_000_000}
    file |= {"bitrate": 1, "version": "4K", "versionIndex": 0, "part": 1, "partCount": 1, "hdr": "hdr10"}
    file |= {"audioChannels": 6, "audioLanguages": ["cs"], "subtitleLanguages": [], "available": True, "addedAt": 1}
    small = file | {"id": 2, "videoCodec": "h264", "version": "1080p", "versionIndex": 1, "height": 1080, "hdr": "none"}
    small["videoResolution"] = "1080"
    film = a_card(7, files=[file, small], extras=[], tagline=None)
    house_of_cards.answers["media/k7"] = lambda _request: film
    decision: dict[str, Any] = {"fileId": 1, "method": "transcode", "reasons": ["VideoCodecNotSupported"]}
    decision |= {"video": {"from": "hevc"}, "audio": None, "audioTracks": [], "subtitle": {"action": "none"}}
    decision |= {"subtitleTracks": [], "encoder": "libx264", "expectedSpeed": None}
    house_of_cards.answers["media/1/playback-info"] = lambda _request: decision
    house_of_cards.answers["media/2/playback-info"] = lambda _request: (
        decision | {"fileId": 2, "method": "directPlay", "reasons": []}
    )
    page = await opened(house_of_cards.url("/films/k7"))
    await expect(page.get_by_text("The 4K HDR version would have to be converted")).to_be_visible()
    await page.get_by_role("button", name="Version").click()
    await page.get_by_role("menuitemradio", name="4K HDR").click()
    await expect(page.get_by_text("Will be converted for this browser")).to_be_visible()
    await expect(page.get_by_text("The picture is HEVC, which this browser cannot play.")).to_be_visible()
    await expect(page.get_by_role("link", name="Play", exact=True)).to_have_attribute("href", re.compile("file=1$"))
    await page.get_by_role("button", name="Use the 1080p version").click()
    await expect(page.get_by_text("Plays as it is")).to_be_visible()
