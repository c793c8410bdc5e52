"""Whole scans of music libraries on a real disk: what tags make of files, what stays through retagging and moves."""

import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from homemedia.library.models import Library
from homemedia.library.scan.context import Scope
from homemedia.library.scan.scanner import ScanWish
from homemedia.media import AudioTags
from tests.library.scan.conftest import LONG_AGO_S, World, states
from tests.support.samples import a_poster

SALT: dict[str, Any] = {
    "title": "Salt",
    "artists": ("Mira",),
    "album": "Hours",
    "album_artists": ("Mira",),
    "year": 1999,
    "track": 1,
}
TIDE = SALT | {"title": "Low Tide", "track": 2}


def a_song(world: World, path: str, /, *, at_s: float = LONG_AGO_S, **tags: Any) -> Path:
    """A file that holds its tags as JSON, which the fake worker reads."""
    return world.file(f"music/{path}", msgspec.json.encode(AudioTags(**tags)), at_s=at_s)


async def a_library(world: World) -> Library:
    return await world.library("music", "music")


async def tree(world: World) -> list[tuple[str, str, list[str]]]:
    """Artist, album and the tracks of it that are there."""
    rows = await world.rows(
        "SELECT artist.title AS artist, album.title AS album, track.title AS track"
        " FROM item AS track JOIN item AS album ON album.item_id = track.parent_id"
        " JOIN item AS artist ON artist.item_id = album.parent_id"
        " WHERE track.kind = 'track' AND track.missing_since_at IS NULL AND album.missing_since_at IS NULL"
        " AND artist.missing_since_at IS NULL"
        " ORDER BY artist.sort_title, album.sort_title, track.parent_number, track.number, track.sort_title"
    )
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        found.setdefault((row["artist"], row["album"]), []).append(row["track"])
    return [(artist, album, tracks) for (artist, album), tracks in found.items()]


async def keys(world: World) -> dict[str, str]:
    rows = await world.rows("SELECT kind || ' ' || title AS name, rating_key FROM item")
    return {row["name"]: row["rating_key"] for row in rows}


async def test_tags_make_artists_albums_and_tracks(world: World) -> None:
    a_song(world, "Mira/Hours/01.mp3", **SALT, genres=("Folk",), composers=("K. Lind",), label="Quay")
    a_song(world, "Mira/Hours/02.mp3", **TIDE, genres=("Folk", "Jazz"))
    library = await a_library(world)

    result = await world.scan(library)

    assert result.result == "ok"
    assert states(result.counts) == {"added": 2}
    assert await tree(world) == [("Mira", "Hours", ["Salt", "Low Tide"])]
    album, track = await world.item("Hours"), await world.item("Low Tide")
    assert (album["year"], album["studio"], album["duration_ms"]) == (1999, "Quay", None)
    assert (track["number"], track["parent_number"]) == (2, 1)
    assert track["duration_ms"] > 0
    assert track["identity_key"] == "music/artist/mira/album/hours/1999/disc/1/track/2"
    labels = await world.rows(
        "SELECT value FROM item_label WHERE item_id = :id AND kind = 'genre' ORDER BY position", id=album["item_id"]
    )
    assert [row["value"] for row in labels] == ["Folk", "Jazz"]
    credited = await world.rows(
        "SELECT item.kind, job, performer.name FROM credit JOIN performer USING (performer_id)"
        " JOIN item USING (item_id) ORDER BY item.item_id, job"
    )
    assert [tuple(row.values()) for row in credited] == [
        ("album", "albumartist", "Mira"),
        ("track", "artist", "Mira"),
        ("track", "composer", "K. Lind"),
        ("track", "artist", "Mira"),
    ]
    files = await world.rows("SELECT kind, container, quick_hash IS NOT NULL AS hashed, probed_at FROM file")
    assert {(row["kind"], row["container"], row["hashed"]) for row in files} == {("audio", "mp3", 1)}


async def test_each_file_is_opened_once_and_second_scan_finds_nothing_to_do(world: World) -> None:
    a_song(world, "Mira/Hours/01.mp3", **SALT)
    library = await a_library(world)
    await world.scan(library)
    stamps = await world.rows("SELECT stamp FROM item")

    second = await world.scan(library)

    assert len(world.tools.probed) == 1
    assert states(second.counts) == {"unchanged": 1}
    assert await world.rows("SELECT stamp FROM item") == stamps


async def test_folders_name_what_tags_do_not(world: World) -> None:
    world.file("music/The Lanterns/Harbour Songs (1998)/01 - Salt.mp3")
    world.file("music/The Lanterns/Harbour Songs (1998)/02 - Low Tide.mp3")
    world.file("music/lost.mp3")

    await world.scan(await a_library(world))

    assert await tree(world) == [
        ("The Lanterns", "Harbour Songs", ["Salt", "Low Tide"]),
        ("Unknown Artist", "Unknown Album", ["lost"]),
    ]
    assert (await world.item("The Lanterns"))["sort_title"] == "lanterns"


async def test_artist_over_many_folders_is_one_and_albums_of_two_discs_too(world: World) -> None:
    a_song(world, "a/01.mp3", **SALT)
    a_song(world, "b/01.mp3", **SALT | {"album": "Later", "title": "Dawn"})
    a_song(world, "c/CD1/01.mp3", **SALT | {"album": "Both", "title": "One", "year": None})
    a_song(world, "d/01.mp3", **SALT | {"album": "Both", "title": "Two", "disc": 2, "year": None})

    await world.scan(await a_library(world))

    assert await tree(world) == [
        ("Mira", "Both", ["One", "Two"]),
        ("Mira", "Hours", ["Salt"]),
        ("Mira", "Later", ["Dawn"]),
    ]
    assert len(await world.titles("artist")) == 1


async def test_albums_of_one_title_by_two_artists_and_of_two_years_stay_apart(world: World) -> None:
    for number, (artist, year) in enumerate([("Mira", 1994), ("Mira", 2001), ("Otto", 2001)]):
        own = {"artists": (artist,), "album_artists": (artist,), "album": artist, "year": year, "title": f"T{number}"}
        a_song(world, f"{number}/01.mp3", **SALT | own | {"album": "Blue"})

    await world.scan(await a_library(world))

    rows = await world.rows("SELECT year FROM item WHERE kind = 'album' ORDER BY year")
    assert [row["year"] for row in rows] == [1994, 2001, 2001]


async def test_tracks_of_undeclared_discs_in_two_folders_lose_none(world: World) -> None:
    a_song(world, "a/01.mp3", **SALT)
    library = await a_library(world)
    await world.scan(library)
    a_song(world, "b/01.mp3", **SALT | {"title": "Dawn"})

    await world.scan(library)

    assert await tree(world) == [("Mira", "Hours", ["Dawn", "Salt"])]
    assert len(await world.rows("SELECT DISTINCT identity_key FROM item WHERE kind = 'track'")) == 2


async def test_same_album_in_two_formats_is_one_with_two_versions(world: World) -> None:
    a_song(world, "flac/01.flac", **SALT)
    a_song(world, "mp3/01.mp3", **SALT, label="so that it differs")

    await world.scan(await a_library(world))

    assert await tree(world) == [("Mira", "Hours", ["Salt"])]
    assert len(await world.rows("SELECT file_id FROM item_file")) == 2


async def test_guests_appear_on_pages_of_artists_who_have_one(world: World) -> None:
    a_song(world, "Mira/Hours/01.mp3", **SALT | {"artists": ("Mira feat. Otto",)})
    a_song(world, "Otto/Rail/01.mp3", **SALT | {"artists": ("Otto",), "album_artists": ("Otto",), "album": "Rail"})
    a_song(world, "Mix/01.mp3", **SALT | {"artists": ("Dora",), "album_artists": ("V.A.",), "album": "Mix"})
    library = await a_library(world)

    await world.scan(library)
    again = await world.scan(library)

    rows = await world.rows(
        "SELECT artist.title AS artist, item.title FROM item_artist JOIN item AS artist ON artist.item_id = artist_id"
        " JOIN item ON item.item_id = item_artist.item_id"
    )
    assert [(row["artist"], row["title"]) for row in rows] == [("Otto", "Salt")]
    assert again.result == "ok"
    assert await world.titles("artist") == ["Mira", "Otto", "Various Artists"]


async def test_retagged_title_keeps_its_rating_key(world: World) -> None:
    a_song(world, "x/01.mp3", **SALT | {"title": "slat"})
    library = await a_library(world)
    await world.scan(library)
    before = await keys(world)

    a_song(world, "x/01.mp3", at_s=LONG_AGO_S + 60, **SALT)
    await world.scan(library)

    after = await keys(world)
    assert after["track Salt"] == before["track slat"]
    assert after["album Hours"] == before["album Hours"]


async def test_retagged_year_and_spelling_of_an_album_keep_its_rating_key(world: World) -> None:
    for number in (1, 2):
        a_song(world, f"x/0{number}.mp3", **SALT | {"track": number, "title": f"T{number}"})
    library = await a_library(world)
    await world.scan(library)
    before = await keys(world)

    for number in (1, 2):
        tags = SALT | {"track": number, "title": f"T{number}", "year": 1998, "album": "HOURS"}
        a_song(world, f"x/0{number}.mp3", at_s=LONG_AGO_S + 60, **tags)
    await world.scan(library)

    after = await keys(world)
    assert after["album HOURS"] == before["album Hours"]
    assert after["track T1"] == before["track T1"]
    assert (await world.item("HOURS"))["year"] == 1998


async def test_retagged_album_moves_its_track_and_what_is_empty_goes(world: World) -> None:
    a_song(world, "x/01.mp3", **SALT)
    a_song(
        world, "y/01.mp3", **SALT | {"artists": ("Otto",), "album_artists": ("Otto",), "album": "Rail", "title": "Tide"}
    )
    library = await a_library(world)
    await world.scan(library)
    before = await keys(world)

    a_song(world, "y/01.mp3", at_s=LONG_AGO_S + 60, **TIDE)
    await world.scan(library)

    assert await tree(world) == [("Mira", "Hours", ["Salt", "Low Tide"])]
    assert await world.titles("artist") == ["Mira"]
    assert await world.titles("album") == ["Hours"]
    after = await keys(world)
    assert after["track Low Tide"] == before["track Tide"]
    assert after["track Salt"] == before["track Salt"]


async def test_moved_file_and_renamed_folder_keep_their_tracks(world: World) -> None:
    a_song(world, "Mira/Hours/01.mp3", **SALT)
    library = await a_library(world)
    await world.scan(library)
    before = await keys(world)

    (world.disk / "music/Mira").rename(world.disk / "music/Old")
    result = await world.scan(library)

    assert states(result.counts) == {"moved": 1}
    assert await keys(world) == before
    assert len(world.tools.probed) == 1


async def test_lost_files_leave_and_come_back_with_their_albums(world: World) -> None:
    first = a_song(world, "x/01.mp3", **SALT)
    a_song(world, "y/01.mp3", **SALT | {"artists": ("Otto",), "album_artists": ("Otto",), "album": "Rail"})
    library = await a_library(world)
    await world.scan(library)
    before = await keys(world)
    kept = first.read_bytes()
    first.unlink()
    await world.scan(library)
    gone = await tree(world)

    world.file("music/x/01.mp3", kept)
    await world.scan(library)

    assert gone == [("Otto", "Rail", ["Salt"])]
    assert [artist for artist, _, _ in await tree(world)] == ["Mira", "Otto"]
    assert await keys(world) == before


async def test_damaged_file_is_listed_by_its_name_and_told_of(world: World) -> None:
    world.file("music/Mira/Hours/01 - Salt.mp3", b"bad")
    a_song(world, "Mira/Hours/02.mp3", **TIDE)
    library = await a_library(world)

    result = await world.scan(library)

    assert states(result.counts) == {"added": 1, "failed": 1}
    assert await tree(world) == [("Mira", "Hours", ["Salt", "Low Tide"])]
    assert await world.problems(library) == {"01 - Salt.mp3": "not_media"}


async def test_forced_scan_reads_tags_again(world: World) -> None:
    path = a_song(world, "x/01.mp3", **SALT)
    library = await a_library(world)
    await world.scan(library)
    a_song(world, "x/01.mp3", **SALT | {"title": "Tals"})
    assert path.stat().st_size

    await world.scan(library, ScanWish(force=True))

    assert await tree(world) == [("Mira", "Hours", ["Tals"])]


async def test_scan_of_one_disc_settles_the_whole_album(world: World) -> None:
    a_song(world, "x/CD1/01.mp3", **SALT)
    library = await a_library(world)
    await world.scan(library)
    root = library.roots[0].root_id
    a_song(world, "x/CD2/01.mp3", **SALT | {"title": "Dawn"})

    await world.scan(library, ScanWish(scopes=(Scope(root_id=root, path="x/CD2", deep=False),)))

    assert await tree(world) == [("Mira", "Hours", ["Salt", "Dawn"])]


async def test_covers_beside_albums_and_portraits_of_artists_are_found(world: World) -> None:
    a_song(world, "Mira/Hours/CD1/01.mp3", **SALT)
    a_song(world, "Mira/Rail/01.mp3", **SALT | {"album": "Rail"})
    for name in ("Mira/artist.png", "Mira/Hours/FOLDER.JPG", "Mira/Rail/front.webp", "cover.jpg"):
        a_poster(world.disk / "music" / name, size=(40, 40))
        shutil.copystat(world.disk / "music/Mira/Rail/01.mp3", world.disk / "music" / name)
    library = await a_library(world)

    await world.scan(library)

    rows = await world.rows(
        "SELECT item.title, artwork.path FROM artwork JOIN item USING (item_id) ORDER BY item.title"
    )
    root = f"{world.disk}/music"
    assert [(row["title"], row["path"]) for row in rows] == [
        ("Hours", f"{root}/Mira/Hours/FOLDER.JPG"),
        ("Mira", f"{root}/Mira/artist.png"),
        ("Rail", f"{root}/Mira/Rail/front.webp"),
    ]
    assert (await world.item("Hours"))["thumb_kind"] == "cover"


async def test_cover_that_comes_later_and_goes_again_is_seen(world: World) -> None:
    a_song(world, "Mira/Hours/01.mp3", **SALT)
    library = await a_library(world)
    await world.scan(library)
    cover = a_poster(world.disk / "music/Mira/Hours/cover.jpg", size=(40, 40))
    shutil.copystat(world.disk / "music/Mira/Hours/01.mp3", cover)
    await world.scan(library)
    there = (await world.item("Hours"))["thumb_tag"]
    cover.unlink()

    await world.scan(library)

    assert there is not None
    assert (await world.item("Hours"))["thumb_tag"] is None


async def test_portrait_that_comes_later_is_seen(world: World) -> None:
    a_song(world, "Mira/Hours/01.mp3", **SALT)
    library = await a_library(world)
    await world.scan(library)
    portrait = a_poster(world.disk / "music/Mira/artist.jpg", size=(40, 40))
    shutil.copystat(world.disk / "music/Mira/Hours/01.mp3", portrait)

    await world.scan(library)

    assert (await world.item("Mira"))["thumb_tag"] is not None


PLAYLIST = (
    "#EXTM3U\n#EXTINF:60,Mira - Salt\n../Mira/Hours/01.mp3\n../../out.mp3\nhttp://x/y\nC:\\m\\Mira\\Hours\\02.mp3\n"
)


async def test_playlists_name_the_files_of_the_library(world: World) -> None:
    a_song(world, "Mira/Hours/01.mp3", **SALT)
    a_song(world, "Mira/Hours/02.mp3", **TIDE)
    world.file("music/Lists/Sunday.m3u", PLAYLIST.encode())
    library = await a_library(world)

    await world.scan(library)

    playlist = (await world.rows("SELECT title, sort_title, library_id FROM playlist"))[0]
    assert playlist == {"title": "Sunday", "sort_title": "sunday", "library_id": library.library_id}
    rows = await world.rows("SELECT path, title, duration_ms, root_id FROM playlist_entry ORDER BY position")
    root = library.roots[0].root_id
    assert [tuple(row.values()) for row in rows] == [
        ("Mira/Hours/01.mp3", "Mira - Salt", 60_000, root),
        ("../../out.mp3", None, None, None),
        ("Mira/Hours/02.mp3", None, None, root),
    ]


async def test_playlist_follows_its_file(world: World) -> None:
    a_song(world, "a.mp3", **SALT)
    playlist = world.file("music/Sunday.m3u8", b"a.mp3\n")
    library = await a_library(world)
    await world.scan(library)
    world.file("music/Sunday.m3u8", b"#PLAYLIST:Monday\na.mp3\nb.mp3\n", at_s=LONG_AGO_S + 60)
    await world.scan(library)
    changed = await world.rows("SELECT title, (SELECT count(*) FROM playlist_entry) AS entries FROM playlist")
    playlist.unlink()

    await world.scan(library)

    assert changed == [{"title": "Monday", "entries": 2}]
    assert await world.rows("SELECT title FROM playlist") == []
    assert await world.rows("SELECT path FROM playlist_entry") == []


async def test_playlist_follows_a_song_that_moves(world: World) -> None:
    song = world.file("music/Old/a.mp3", b"the song" * 50)
    world.file("music/b.mp3", b"another" * 50)
    world.file("music/Sunday.m3u8", b"Old/a.mp3\nb.mp3\nnever there.mp3\n")
    library = await world.library("music", "music")
    await world.scan(library)

    (world.disk / "music/New").mkdir()
    song.rename(world.disk / "music/New/a.mp3")
    for _ in range(2):  # the playlist is read again each time, because of what it names in vain
        await world.scan(library)
        rows = await world.rows("SELECT path FROM playlist_entry ORDER BY position")
        assert [row["path"] for row in rows] == ["New/a.mp3", "b.mp3", "never there.mp3"]


async def test_playlist_finds_a_file_that_comes_later(world: World) -> None:
    world.file("music/Sunday.m3u", b"/elsewhere/Mira/Hours/01.mp3\n")
    library = await a_library(world)
    await world.scan(library)
    a_song(world, "Mira/Hours/01.mp3", **SALT)

    await world.scan(library)

    rows = await world.rows("SELECT path, root_id FROM playlist_entry")
    assert rows == [{"path": "Mira/Hours/01.mp3", "root_id": library.roots[0].root_id}]


@pytest.mark.parametrize("stop_at", [1, 2, 3])
async def test_scan_cut_short_goes_on_where_it_was(world: World, stop_at: int) -> None:
    for number in range(6):
        a_song(world, f"{number}/01.mp3", **SALT | {"album": f"A{number}", "title": f"T{number}"})
    library = await a_library(world)
    calls = 0

    async def fail() -> None:
        nonlocal calls
        calls += 1
        if calls == stop_at:
            raise RuntimeError

    world.tools.before = fail
    for _ in range(2):
        try:
            await world.scan(library)
        except RuntimeError:
            continue

    await world.scan(library)

    assert len(await tree(world)) == 6
    assert len(await world.titles("track")) == 6
