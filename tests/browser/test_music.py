"""Music in the client: by artist, album and playlist, with mouse, keys and thumb, before the real server."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Opener, on_shared_loop
from tests.support.app import House
from tests.support.builders import Builders, Item
from tests.support.music import Shelf, a_music_shelf

CORNER = {"x": 30, "y": 30}  # beside the play button of a cover
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SIZES = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])


class MusicRoom:
    """A house with some music, and windows of its administrator."""

    def __init__(self, house: House, opened: Opener, shelf: Shelf) -> None:
        self.house = house
        self.shelf = shelf
        self._opened = opened
        self.items: dict[str, Item] = {}

    async def fill(self) -> None:
        """Two artists with albums, one of two discs, and a compilation."""
        shelf, items = self.shelf, self.items
        items["Nils Frahm"] = frahm = await shelf.artist("Nils Frahm")
        items["Felt"] = felt = await shelf.album(frahm, "Felt", year=2011, genres=["Ambient"])
        items["Keep"] = await shelf.track(felt, "Keep", number=1, by=["Nils Frahm"])
        items["Familiar"] = await shelf.track(felt, "Familiar", number=2, by=["Nils Frahm", "Anne Müller"])
        items["Spaces"] = spaces = await shelf.album(frahm, "Spaces", year=2013, genres=["Piano"])
        items["Says"] = await shelf.track(spaces, "Says", number=1, disc=1, minutes=8)
        items["Over There"] = await shelf.track(spaces, "Over There", number=1, disc=2)
        arnalds = await shelf.artist("Ólafur Arnalds")
        mix = await shelf.album(arnalds, "Late Night", year=2016, genres=["Ambient"])
        await shelf.appears_on(frahm, await shelf.track(mix, "Four", number=1, by=["Ólafur Arnalds", "Nils Frahm"]))

    async def window(self, path: str, **how: Any) -> Page:
        cookie = {"name": "immich_access_token", "value": self.house.token, "domain": "127.0.0.1", "path": "/"}
        signed = cookie | {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
        return await self._opened(self.house.url + path, storage_state={"cookies": [signed], "origins": []}, **how)


@on_shared_loop
async def room(claimed: House, opened: Opener) -> MusicRoom:
    return MusicRoom(claimed, opened, await a_music_shelf(Builders(claimed.server.db)))


def heading(page: Page, name: str) -> Any:
    return page.get_by_role("heading", name=name, exact=True)


def cover(page: Page, name: str) -> Any:
    """The link of an artist's or album's cover, by how its name begins."""
    return page.locator("hm-cover").get_by_role("link", name=re.compile(f"^{re.escape(name)}\\b")).first


def track(page: Page, name: str) -> Any:
    return page.locator("watch-track").filter(has_text=name).first


@SIZES
async def test_artist_leads_to_albums_and_their_songs(room: MusicRoom, *, phone: bool) -> None:
    await room.fill()
    page = await room.window("/music", phone=phone)
    await expect(cover(page, "Nils Frahm, 2 albums")).to_be_visible()
    await cover(page, "Nils Frahm").click()
    await expect(heading(page, "Nils Frahm")).to_be_visible()
    await expect(page.get_by_text("2 albums · 4 songs · Ambient, Piano")).to_be_visible()
    await expect(heading(page, "Appears on")).to_be_visible()
    titles = page.locator("hm-cover:not([bare]) .name")
    await expect(titles).to_have_text(["Spaces", "Felt", "Late Night"])
    await cover(page, "Felt, 2011 · 2 songs").click(position=CORNER)
    await expect(heading(page, "Felt")).to_be_visible()
    await expect(page.get_by_text("2011 · 2 songs · 8 min · Ambient")).to_be_visible()
    await expect(track(page, "Familiar").get_by_text("with Anne Müller")).to_be_visible()
    await expect(track(page, "Keep").get_by_role("button", name="Play Keep, Nils Frahm")).to_be_visible()
    await page.get_by_role("link", name="Nils Frahm", exact=True).click()
    await expect(page).to_have_url(re.compile(f"/music/artist/{room.items['Nils Frahm'].key}$"))
    assert await page.evaluate(SIDEWAYS) <= 0


@SIZES
async def test_view_and_genre_of_albums_stand_in_the_address(room: MusicRoom, *, phone: bool) -> None:
    await room.fill()
    page = await room.window("/music", phone=phone)
    await page.get_by_role("radio", name="Albums").click()
    await expect(page).to_have_url(re.compile(r"/music\?view=albums$"))
    await expect(cover(page, "Late Night")).to_be_visible()
    await page.get_by_role("button", name="Genre").click()
    await page.get_by_role("menuitemradio", name="Piano").click()
    await expect(page).to_have_url(re.compile(r"genre=Piano"))
    await expect(cover(page, "Late Night")).to_have_count(0)
    await cover(page, "Spaces").click(position=CORNER)
    await expect(heading(page, "Spaces")).to_be_visible()
    await page.go_back()
    await expect(cover(page, "Spaces")).to_be_visible()
    await expect(cover(page, "Felt")).to_have_count(0)
    assert await page.evaluate(SIDEWAYS) <= 0


async def test_music_is_walked_through_by_keys_alone(room: MusicRoom) -> None:
    await room.fill()
    page = await room.window("/music")
    # The song never arrives, so that the bar stays with it.
    await page.route("**/api/stream/**", lambda _route: None)
    await expect(cover(page, "Nils Frahm")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await expect(cover(page, "Nils Frahm")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(heading(page, "Nils Frahm")).to_be_visible()
    await cover(page, "Spaces").focus()
    await page.keyboard.press("Enter")
    await expect(heading(page, "Spaces")).to_be_visible()
    await expect(heading(page, "Disc 2")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await expect(track(page, "Says").get_by_role("button").first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(track(page, "Over There").get_by_role("button").first).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(track(page, "Says").get_by_role("button").first).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("region", name="Music").get_by_text("Says")).to_be_visible()


async def test_playlist_names_what_is_not_there(room: MusicRoom) -> None:
    await room.fill()
    lines = ["Spaces/Says.flac", "lost/Gone.mp3", "Felt/Keep.flac"]
    playlist = await room.shelf.playlist("Evening", lines)
    page = await room.window("/music?view=playlists")
    await cover(page, "Evening, 2 songs · 12 min").click()
    await expect(page).to_have_url(re.compile(f"/music/playlist/{playlist}$"))
    await expect(heading(page, "Evening")).to_be_visible()
    await expect(page.locator("watch-track .name")).to_have_text(["Says", "Gone", "Keep"])
    await expect(track(page, "Gone").get_by_text("Not in the library")).to_be_visible()
    await expect(track(page, "Gone").get_by_role("link")).to_have_count(0)


@SIZES
async def test_search_and_home_show_music_as_covers(room: MusicRoom, *, phone: bool) -> None:
    await room.fill()
    page = await room.window("/search?q=nils", phone=phone)
    await expect(heading(page, "Artists")).to_be_visible()
    await expect(heading(page, "Albums")).to_be_visible()
    await expect(heading(page, "Songs")).to_be_visible()
    await expect(track(page, "Familiar")).to_contain_text("Nils Frahm, Anne Müller")
    await page.goto(room.house.url + "/")
    await expect(heading(page, "Music")).to_be_visible()
    await expect(cover(page, "Spaces")).to_be_visible()
    await expect(heading(page, "Recently added")).to_have_count(0)
    assert await page.evaluate(SIDEWAYS) <= 0


async def test_song_whose_file_is_gone_says_so_and_leads_nowhere(room: MusicRoom) -> None:
    artist = await room.shelf.artist("Portishead")
    album = await room.shelf.album(artist, "Dummy")
    gone = await room.shelf.track(album, "Roads", number=1, has_file=False)
    await room.shelf.file(gone, "Dummy/Roads.flac", missing_since_at=1)
    page = await room.window(f"/music/album/{album.key}")
    await expect(track(page, "Roads").get_by_text("The file is not there")).to_be_visible()
    await expect(track(page, "Roads").get_by_role("link")).to_have_count(0)
    await expect(page.get_by_role("link", name="Play")).to_have_count(0)


async def test_music_library_without_music_says_so(room: MusicRoom) -> None:
    page = await room.window("/music")
    await expect(heading(page, "No music yet")).to_be_visible()
    await expect(page.get_by_role("link", name="Look at the libraries")).to_be_visible()


async def test_unknown_album_says_that_it_is_not_here(room: MusicRoom) -> None:
    page = await room.window("/music/album/000000000000")
    await expect(heading(page, "This is not here any more")).to_be_visible()


async def test_failed_list_can_be_asked_for_again(room: MusicRoom) -> None:
    await room.fill()
    page = await room.window("/")
    refusal = {"error": "x", "message": "The disk is busy.", "statusCode": 500, "code": "internal", "details": []}
    await page.route("**/api/libraries/*/items*", lambda route: route.fulfill(status=500, json=refusal))
    await page.get_by_role("link", name="Watch").first.click()
    await expect(page.get_by_text("The disk is busy.")).to_be_visible()
    await page.unroute("**/api/libraries/*/items*")
    await page.get_by_role("button", name="Try again").click()
    await expect(cover(page, "Nils Frahm")).to_be_visible()
