"""Artists, albums, tracks and playlists as the pages read them, over HTTP and a real database."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from homemedia.accounts import Member
from homemedia.core.http.errors import dress, edge
from homemedia.core.http.routes import Needs, mount
from homemedia.library.browse import Browse
from homemedia.library.browse_routes import BrowseRoutes
from homemedia.library.music import discs_of, gain_of
from homemedia.library.playlists import Playlists
from homemedia.library.playlists_routes import PlaylistRoutes
from homemedia.media import AudioTags
from homemedia.playback import WATCH_SQL
from tests.support.builders import DAY_MS, Builders, a_database
from tests.support.fakes import FakeClock
from tests.support.music import Shelf, a_music_shelf

GAIN = {"gain_track_db": -7.5, "gain_track_peak": 0.98, "gain_album_db": -8.0, "gain_album_peak": 1.0}


class House(Builders):
    client: TestClient[Any, Any]
    member: Member
    browse: Browse

    async def get(self, path: str, status: int = 200) -> Any:
        async with self.client.get(path) as answer:
            body = await answer.json()
            assert answer.status == status, body
            return body

    async def titles(self, path: str, of: str = "items") -> list[str]:
        return [one["title"] for one in (await self.get(path))[of]]


@contextlib.asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[tuple[House, Shelf]]:
    """A house with an empty music library."""
    async with a_database(folder) as db:
        house = House(db)
        house.member = await house.a_member("alice", is_admin=True)
        house.browse = Browse(db, WATCH_SQL, FakeClock(house.at_ms))
        app = web.Application(middlewares=[edge])
        app.on_response_prepare.append(dress)

        async def guard(_request: web.Request, _needs: Needs) -> Member:
            return house.member

        mount(app, (BrowseRoutes(house.browse), PlaylistRoutes(Playlists(db, house.browse))), guard)
        async with TestClient(TestServer(app)) as house.client:
            yield house, await a_music_shelf(house)


def kept(tags: Mapping[str, Any]) -> bytes:
    return msgspec.msgpack.encode(AudioTags(**tags))


# --- pure ---


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (GAIN, (-7.5, 0.98, -8.0, 1.0)),
        ({"gain_track_db": -3.0}, (-3.0, None, None, None)),
        ({"title": "Says", "artists": ("Nils Frahm",)}, None),
        ({"gain_track_peak": 0.5}, None),
    ],
    ids=["all", "track alone", "no gain", "a peak without gain"],
)
def test_gain_is_read_from_kept_tags(tags: Mapping[str, Any], expected: tuple[float | None, ...] | None) -> None:
    gain = gain_of(kept(tags))

    assert (gain and (gain.track, gain.track_peak, gain.album, gain.album_peak)) == expected


def test_tags_of_another_program_give_no_gain() -> None:
    assert gain_of(None) is None
    assert gain_of(b"\x91\x01") is None
    assert gain_of(msgspec.msgpack.encode({"gain_track_db": "loud"})) is None


def test_tracks_without_a_disc_are_on_the_first() -> None:
    tracks: Sequence[Mapping[str, Any]] = [
        {"parent_number": 2, "duration_ms": 5},
        {"parent_number": None, "duration_ms": 3},
        {"parent_number": 1, "duration_ms": None},
    ]

    discs = discs_of(tracks)

    assert [(disc.index, disc.track_count, disc.duration) for disc in discs] == [(1, 2, 3), (2, 1, 5)]


# --- cards ---


async def test_cards_tell_what_lies_below_artists_and_albums(tmp_path: Path) -> None:
    async with a_house(tmp_path) as (house, shelf):
        frahm = await shelf.artist("Nils Frahm")
        old = await shelf.album(frahm, "Felt", year=2011, thumb_tag="felt", thumb_tone="#221100")
        new = await shelf.album(frahm, "Spaces", year=2013, thumb_tag="spaces")
        await shelf.track(old, "Keep", number=1)
        await shelf.track(new, "An Aborted Beginning", number=1, disc=1, minutes=1)
        await shelf.track(new, "Says", number=1, disc=2, minutes=8)

        [artist] = (await house.get(f"/api/libraries/{shelf.library.library_id}/items"))["items"]
        albums = (await house.get(f"/api/media/{frahm.key}/children"))["items"]

        assert (artist["type"], artist["albumCount"], artist["trackCount"]) == ("artist", 2, 3)
        assert artist["available"] is True
        assert [album["title"] for album in albums] == ["Spaces", "Felt"]
        assert (albums[0]["trackCount"], albums[0]["discCount"], albums[0]["duration"]) == (2, 2, 9 * 60_000)
        assert (albums[0]["parentId"], albums[0]["parentTitle"]) == (frahm.key, "Nils Frahm")
        # Without a picture of his own an artist is shown by the cover of his newest album.
        assert (artist["thumb"], artist["thumbTag"], artist["thumbKind"]) == (
            f"/api/artwork/{new.key}/thumb",
            "spaces",
            "still",
        )


async def test_artist_with_a_picture_keeps_it(tmp_path: Path) -> None:
    async with a_house(tmp_path) as (house, shelf):
        frahm = await shelf.artist("Nils Frahm", thumb_tag="face", thumb_kind="poster")
        await shelf.album(frahm, "Felt", thumb_tag="felt")

        artist = await house.get(f"/api/media/{frahm.key}")

        assert (artist["thumb"], artist["thumbKind"]) == (f"/api/artwork/{frahm.key}/thumb", "poster")


async def test_what_left_the_lists_is_not_counted(tmp_path: Path) -> None:
    async with a_house(tmp_path) as (house, shelf):
        frahm = await shelf.artist("Nils Frahm")
        gone = await shelf.album(frahm, "Gone", missing_since_at=1)
        await shelf.track(gone, "Gone", missing_since_at=1)
        felt = await shelf.album(frahm, "Felt")
        await shelf.track(felt, "Keep")
        await shelf.track(felt, "Lost", missing_since_at=1)

        artist = await house.get(f"/api/media/{frahm.key}")

        assert (artist["albumCount"], artist["trackCount"]) == (1, 1)
        assert [(album["title"], album["trackCount"]) for album in artist["albums"]] == [("Felt", 1)]


async def test_page_of_artists_takes_no_statement_for_each(tmp_path: Path) -> None:
    async with a_house(tmp_path) as (house, shelf):
        asked = 0
        read = house.db.read

        async def counting(sql: str, args: Any = ()) -> list[sqlite3.Row]:
            nonlocal asked
            asked += 1
            return await read(sql, args)

        house.db.read = counting  # type: ignore[method-assign]
        numbers = []
        for round_ in range(2):
            for number in range(5):
                artist = await shelf.artist(f"Artist {round_} {number}")
                await shelf.track(await shelf.album(artist, "One"), "Track", path=f"{round_} {number}.flac")
            asked = 0
            await house.get(f"/api/libraries/{shelf.library.library_id}/items")
            numbers.append(asked)

        assert numbers[0] == numbers[1]


async def test_music_is_listed_by_artist_unless_albums_or_tracks_are_asked_for(tmp_path: Path) -> None:
    async with a_house(tmp_path) as (house, shelf):
        artist = await shelf.artist("Portishead")
        album = await shelf.album(artist, "Dummy", year=1994)
        await shelf.album(artist, "Third", year=2008)
        await shelf.track(album, "Roads", number=8, by=["Portishead"], gain=GAIN)
        listed = f"/api/libraries/{shelf.library.library_id}/items"

        by_year = await house.get(f"{listed}?type=album&sort=year&order=desc")
        [track] = (await house.get(f"{listed}?type=track"))["items"]

        assert await house.titles(listed) == ["Portishead"]
        assert await house.titles(f"{listed}?type=artist") == ["Portishead"]
        assert [one["title"] for one in by_year["items"]] == ["Third", "Dummy"]
        assert by_year["letters"] == {"D": 1, "T": 1}
        assert (track["title"], track["index"], track["artists"]) == ("Roads", 8, ["Portishead"])
        assert track["gain"]["track"] == -7.5
        await house.get(f"{listed}?type=movie", 400)


# --- pages ---


async def test_album_has_its_tracks_by_disc_and_number_with_their_files(tmp_path: Path) -> None:
    async with a_house(tmp_path) as (house, shelf):
        artist = await shelf.artist("Nina Simone")
        album = await shelf.album(artist, "Best Of", year=2003, studio="Verve", genres=["Jazz"])
        await shelf.track(album, "Second disc", number=1, disc=2)
        await shelf.track(album, "Two", number=2, disc=1)
        await shelf.track(album, "Bonus", disc=1)
        await shelf.track(album, "Ten", number=10, disc=1)
        await shelf.track(album, "One", number=1, gain=GAIN, by=["Nina Simone", "Hal Mooney"])

        detail = await house.get(f"/api/media/{album.key}")
        children = await house.get(f"/api/media/{album.key}/children")
        episodes = await house.get(f"/api/media/{album.key}/episodes")

        in_order = ["One", "Two", "Ten", "Bonus", "Second disc"]
        assert [track["title"] for track in detail["tracks"]] == in_order
        assert [track["title"] for track in children["items"]] == in_order
        assert episodes["items"] == children["items"]
        assert (detail["studio"], detail["genres"], detail["artists"]) == ("Verve", ["Jazz"], ["Nina Simone"])
        assert [disc["trackCount"] for disc in detail["discs"]] == [4, 1]
        assert detail["files"] == []
        one = detail["tracks"][0]
        assert (one["index"], one["parentIndex"], one["duration"]) == (1, None, 240_000)
        assert (one["parentId"], one["grandparentId"], one["grandparentTitle"]) == (
            album.key,
            artist.key,
            "Nina Simone",
        )
        assert one["artists"] == ["Nina Simone", "Hal Mooney"]
        assert one["gain"] == {"track": -7.5, "trackPeak": 0.98, "album": -8.0, "albumPeak": 1.0}
        assert [file["audioCodec"] for file in one["files"]] == ["flac"]
        assert detail["tracks"][1]["gain"] is None


async def test_artist_appears_on_the_albums_of_others_once(tmp_path: Path) -> None:
    async with a_house(tmp_path) as (house, shelf):
        frahm = await shelf.artist("Nils Frahm")
        await shelf.album(frahm, "Felt", year=2011, genres=["Ambient", "Piano"])
        await shelf.album(frahm, "Spaces", year=2013, genres=["Piano"])
        various = await shelf.artist("Various Artists")
        mix = await shelf.album(various, "LateNightTales", year=2015)
        for number in (1, 2):
            await shelf.appears_on(frahm, await shelf.track(mix, f"Track {number}", number=number))
        arnalds = await shelf.artist("Ólafur Arnalds")
        await shelf.appears_on(frahm, await shelf.album(arnalds, "Trance Frendz", year=2016))

        artist = await house.get(f"/api/media/{frahm.key}")

        assert [album["title"] for album in artist["appearsOn"]] == ["Trance Frendz", "LateNightTales"]
        assert artist["appearsOn"][1]["parentTitle"] == "Various Artists"
        assert artist["appearsOn"][1]["trackCount"] == 2
        assert artist["genres"] == ["Piano", "Ambient"]


async def test_track_leads_to_its_album_and_to_its_neighbours(tmp_path: Path) -> None:
    async with a_house(tmp_path) as (house, shelf):
        album = await shelf.album(await shelf.artist("Nils Frahm"), "Spaces", thumb_tag="cover")
        first = await shelf.track(album, "One", number=1, disc=1)
        second = await shelf.track(album, "Two", number=2, disc=1)
        third = await shelf.track(album, "Three", number=1, disc=2)

        middle = await house.get(f"/api/media/{second.key}")
        start = await house.get(f"/api/media/{first.key}")
        end = await house.get(f"/api/media/{third.key}")

        assert (middle["previous"], middle["next"]) == (first.key, third.key)
        assert (start["previous"], end["next"]) == (None, None)
        assert (middle["album"]["title"], middle["album"]["trackCount"]) == ("Spaces", 3)
        assert (middle["thumb"], middle["thumbTag"]) == (f"/api/artwork/{album.key}/thumb", "cover")
        assert len(middle["files"]) == 1


async def test_people_of_music_are_its_artists(tmp_path: Path) -> None:
    async with a_house(tmp_path) as (house, shelf):
        album = await shelf.album(await shelf.artist("Various Artists"), "Mix")
        track = await shelf.track(album, "Duet", by=["Ella Fitzgerald", "Louis Armstrong"])
        await shelf.credit(track, "composer", ["George Gershwin"])

        of_track = await house.get(f"/api/cast/{track.key}")
        of_album = await house.get(f"/api/cast/{album.key}")

        assert [one["name"] for one in of_track["cast"]] == ["Ella Fitzgerald", "Louis Armstrong"]
        assert [(one["name"], one["job"]) for one in of_track["crew"]] == [("George Gershwin", "Composer")]
        assert [one["name"] for one in of_album["cast"]] == ["Various Artists"]


# --- lists over all ---


async def test_new_music_comes_in_albums(tmp_path: Path) -> None:
    async with a_house(tmp_path) as (house, shelf):
        artist = await shelf.artist("Nils Frahm", added_at=house.at_ms)
        for day, title in enumerate(("Spaces", "Felt")):
            album = await shelf.album(artist, title, added_at=house.at_ms - day * DAY_MS)
            for number in range(1, 4):
                await shelf.track(album, f"{title} {number}", number=number, added_at=house.at_ms)
        films = await house.a_library("Films")
        await house.a_film(films, "Heat", added_at=house.at_ms - 5 * DAY_MS)

        assert await house.titles("/api/discover/recent") == ["Spaces", "Felt", "Heat"]
        assert await house.titles(f"/api/libraries/{shelf.library.library_id}/recent") == ["Spaces", "Felt"]
        assert await house.titles("/api/discover/recent?type=album") == ["Spaces", "Felt"]
        assert await house.titles("/api/discover/recent?type=artist") == ["Nils Frahm"]
        assert len(await house.titles("/api/discover/recent?type=track")) == 6
        assert await house.titles("/api/discover/recent?type=movie") == ["Heat"]


async def test_search_finds_artists_albums_and_tracks(tmp_path: Path) -> None:
    async with a_house(tmp_path) as (house, shelf):
        artist = await shelf.artist("Portishead")
        album = await shelf.album(artist, "Dummy")
        await shelf.track(album, "Roads", by=["Portishead"])

        by_name = (await house.get("/api/search?q=portishead"))["results"]
        tracks = await house.titles("/api/search?q=portishead&type=track", "results")
        album_found = (await house.get("/api/search?q=dummi"))["results"]
        track_found = (await house.get("/api/search?q=roads"))["results"]

        assert [one["type"] for one in by_name] == ["artist", "album", "track"]
        assert (by_name[0]["albumCount"], by_name[1]["parentTitle"]) == (1, "Portishead")
        assert tracks == ["Roads"]
        assert [one["title"] for one in album_found] == ["Dummy"]
        assert (track_found[0]["parentTitle"], track_found[0]["artists"]) == ("Dummy", ["Portishead"])


# --- playlists ---


async def test_playlist_has_its_tracks_in_order_and_tells_what_is_not_there(tmp_path: Path) -> None:
    async with a_house(tmp_path) as (house, shelf):
        artist = await shelf.artist("Nils Frahm")
        felt = await shelf.album(artist, "Felt", thumb_tag="felt")
        spaces = await shelf.album(artist, "Spaces", thumb_tag="spaces")
        await shelf.track(felt, "Keep", minutes=3)
        await shelf.track(spaces, "Says", minutes=8)
        lines = ["Spaces/Says.flac", "Felt/Keep.flac", "lost/Some Song.mp3", "lost/b.mp3", "Spaces/Says.flac"]
        playlist_id = await shelf.playlist("Evening", lines, titles=[None, None, None, "Band - Song"])

        listed = (await house.get("/api/home/library/playlists"))["playlists"]
        detail = await house.get(f"/api/home/library/playlists/{playlist_id}")

        assert listed == [
            {
                "id": playlist_id,
                "title": "Evening",
                "libraryId": shelf.library.library_id,
                "trackCount": 3,
                "duration": 19 * 60_000,
                "thumbs": [f"/api/artwork/{spaces.key}/thumb?v=spaces", f"/api/artwork/{felt.key}/thumb?v=felt"],
                "updatedAt": house.at_ms // 1000,
            }
        ]
        assert {key: detail[key] for key in listed[0]} == listed[0]
        assert [(one["title"], one["missing"]) for one in detail["entries"]] == [
            ("Says", False),
            ("Keep", False),
            ("Some Song", True),
            ("Band - Song", True),
            ("Says", False),
        ]
        assert detail["entries"][0]["track"]["parentTitle"] == "Spaces"
        assert "track" not in detail["entries"][2]


async def test_what_a_member_may_not_see_is_neither_played_nor_named(tmp_path: Path) -> None:
    async with a_house(tmp_path) as (house, shelf):
        album = await shelf.album(await shelf.artist("Nils Frahm"), "Felt", thumb_tag="felt")
        await shelf.track(album, "Keep")
        await shelf.track(album, "Hidden", missing_since_at=1)
        mixed = await shelf.playlist("Mixed", ["Felt/Hidden.flac", "Felt/Keep.flac"])
        hidden = await shelf.playlist("Secret", ["Felt/Hidden.flac"])

        detail = await house.get(f"/api/home/library/playlists/{mixed}")

        assert [one["title"] for one in detail["entries"]] == ["Keep"]
        assert detail["trackCount"] == 1
        assert await house.titles("/api/home/library/playlists", "playlists") == ["Mixed"]
        await house.get(f"/api/home/library/playlists/{hidden}", 404)


async def test_playlists_are_listed_by_library_and_title(tmp_path: Path) -> None:
    async with a_house(tmp_path) as (house, shelf):
        other = await a_music_shelf(house, "Children's music")
        for title in ("The Zoo", "An Evening", "Morning"):
            await shelf.playlist(title, ["gone.mp3"])
        await other.playlist("Lullabies", [])

        everywhere = await house.titles("/api/home/library/playlists", "playlists")
        of_one = await house.titles(f"/api/home/library/playlists?libraryId={shelf.library.library_id}", "playlists")

        assert everywhere == ["An Evening", "Morning", "The Zoo", "Lullabies"]
        assert of_one == ["An Evening", "Morning", "The Zoo"]


@pytest.mark.parametrize(
    "path",
    ["/api/home/library/playlists/7", "/api/home/library/playlists/x", "/api/home/library/playlists?libraryId=no"],
)
async def test_unknown_playlists_are_not_found(tmp_path: Path, path: str) -> None:
    async with a_house(tmp_path) as (house, _shelf):
        assert (await house.get(path, 404))["code"] == "not_found"
