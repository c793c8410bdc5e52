"""A household points HomeMedia at its music: artists, albums and songs appear as their tags say, with their covers."""

import os
import time
from pathlib import Path
from typing import Any

from tests.support.app import House
from tests.support.samples import a_poster, a_song

DAY_S = 86_400


def _aged(path: Path) -> Path:
    """A file that has lain there since yesterday, so that nobody waits for it to become steady."""
    then = time.time() - DAY_S
    os.utime(path, (then, then))
    return path


def _song(folder: Path, name: str, tone: int, *, has_cover: bool = False, **tags: Any) -> None:
    _aged(a_song(folder / name, tags=tags, tone=tone, has_cover=has_cover))


def _music(folder: Path) -> Path:
    """Two albums of one artist, one of them on two discs, a compilation, an album without tags, a playlist."""
    music = folder / "Music"
    harbour: dict[str, Any] = {"artist": "The Lanterns", "album": "Harbour Songs", "date": "1998", "genre": "Folk"}
    home = music / "The Lanterns"
    _song(home / "Harbour Songs", "01.mp3", 440, title="Salt", track="1/2", **harbour)
    guest = harbour | {"artist": "The Lanterns feat. Mira Kestrel"}
    _song(home / "Harbour Songs", "02.mp3", 450, title="Low Tide", track="2/2", **guest)
    _aged(a_poster(home / "Harbour Songs" / "Cover.jpg", size=(300, 300)))
    hours: dict[str, Any] = {"artist": "The Lanterns", "album": "Small Hours", "date": "2011"}
    _song(home / "Small Hours" / "CD1", "01.flac", 460, has_cover=True, title="Evening", track="1", **hours)
    _song(home / "Small Hours" / "CD2", "01.flac", 470, title="Morning", track="1", **hours)
    roof: dict[str, Any] = {"album": "Summer on the Roof", "date": "2019"}
    _song(music / "Roof", "01.m4a", 480, title="Haze", artist="Mira Kestrel", track="1", **roof)
    _song(music / "Roof", "02.opus", 490, title="Verano", artist="Señora Azul", track="2", **roof)
    _song(music / "Mira Kestrel" / "Field Notes (2016)", "01 - Meadow.wv", 500)
    playlist = music / "Sunday.m3u8"
    playlist.write_text("#EXTM3U\nThe Lanterns/Harbour Songs/01.mp3\nRoof/02.opus\ngone.mp3\n", encoding="utf-8")
    _aged(playlist)
    return music


async def _titles(house: House, library: Any, kind: str) -> list[str]:
    page = await house.get(f"/api/libraries/{library['id']}/items?type={kind}&sort=title")
    return [item["title"] for item in page["items"]]


async def _named(house: House, library: Any, kind: str, title: str) -> Any:
    page = await house.get(f"/api/libraries/{library['id']}/items?type={kind}")
    return next(item for item in page["items"] if item["title"] == title)


async def test_music_appears_as_its_tags_and_folders_say(claimed: House) -> None:
    library = await claimed.add_library("Music", "music", _music(claimed.media))

    assert await _titles(claimed, library, "artist") == ["The Lanterns", "Mira Kestrel", "Various Artists"]
    albums = await _titles(claimed, library, "album")
    hours = await _named(claimed, library, "album", "Small Hours")
    tracks = await claimed.get(f"/api/media/{hours['id']}/children")
    listed = await claimed.get("/api/libraries")

    assert albums == ["Field Notes", "Harbour Songs", "Small Hours", "Summer on the Roof"]
    assert hours["year"] == 2011
    assert [(one["title"], one["parentIndex"], one["index"]) for one in tracks["items"]] == [
        ("Evening", 1, 1),
        ("Morning", 2, 1),
    ]
    assert all(one["duration"] > 0 for one in tracks["items"])
    assert listed["libraries"][0]["itemCount"] == 3


async def test_covers_are_served_from_folders_and_from_songs(claimed: House) -> None:
    library = await claimed.add_library("Music", "music", _music(claimed.media))
    await claimed.idle()

    for title in ("Harbour Songs", "Small Hours"):
        album = await _named(claimed, library, "album", title)
        assert album["thumbKind"] == "cover"
        async with claimed.client.get(album["thumb"], params={"w": "240"}) as answer:
            assert answer.status == 200
            assert answer.content_type in {"image/jpeg", "image/webp"}


async def test_artists_albums_and_songs_are_found_by_words(claimed: House) -> None:
    await claimed.add_library("Music", "music", _music(claimed.media))

    found = {}
    for words in ("lanterns", "small hours", "verano", "senora"):
        answer = await claimed.get(f"/api/search?q={words.replace(' ', '+')}")
        found[words] = (answer["results"][0]["type"], answer["results"][0]["title"])

    assert found == {
        "lanterns": ("artist", "The Lanterns"),
        "small hours": ("album", "Small Hours"),
        "verano": ("track", "Verano"),
        "senora": ("track", "Verano"),
    }


async def test_playlist_tells_what_is_missing(claimed: House) -> None:
    await claimed.add_library("Music", "music", _music(claimed.media))
    (one,) = (await claimed.get("/api/home/library/playlists"))["playlists"]

    playlist = await claimed.get(f"/api/home/library/playlists/{one['id']}")

    assert (one["title"], one["trackCount"]) == ("Sunday", 2)
    assert [(entry["title"], entry["missing"]) for entry in playlist["entries"]] == [
        ("Salt", False),
        ("Verano", False),
        ("gone", True),
    ]


async def test_library_removed_and_added_again_keeps_every_key(claimed: House) -> None:
    music = _music(claimed.media)
    library = await claimed.add_library("Music", "music", music)
    before = {kind: await _keys(claimed, library, kind) for kind in ("artist", "album", "track")}
    await claimed.send("DELETE", f"/api/libraries/{library['id']}")
    await claimed.idle()

    again = await claimed.add_library("Music", "music", music)

    assert {kind: await _keys(claimed, again, kind) for kind in ("artist", "album", "track")} == before


async def _keys(house: House, library: Any, kind: str) -> dict[str, str]:
    page = await house.get(f"/api/libraries/{library['id']}/items?type={kind}")
    return {item["title"]: item["id"] for item in page["items"]}


async def test_database_is_whole_by_its_own_check_after_a_scan(claimed: House) -> None:
    await claimed.add_library("Music", "music", _music(claimed.media))

    rows = await claimed.server.db.read("PRAGMA integrity_check")

    assert [row[0] for row in rows] == ["ok"]
