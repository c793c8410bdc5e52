"""Which sound files make an album, and whose it is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homemedia.library.naming.albums import Album, SoundFile, group_albums, unit_of_sound
from homemedia.media import AudioTags


def a_file(path: str, **tags: Any) -> SoundFile:
    for name in ("artists", "album_artists", "genres"):
        if isinstance(tags.get(name), str):
            tags[name] = (tags[name],)
    return SoundFile(path, AudioTags(**tags))


def told(albums: list[Album]) -> list[tuple[str, str, int | None, list[str]]]:
    return [(album.artist, album.title, album.year, [track.title for track in album.tracks]) for album in albums]


@pytest.mark.parametrize(
    ("folder", "unit"),
    [
        ("Lanterns/Hours", "Lanterns/Hours"),
        ("Lanterns/Hours/CD1", "Lanterns/Hours"),
        ("Lanterns/Hours/Disc 2", "Lanterns/Hours"),
        ("Lanterns/Hours (Disc 2)", "Lanterns"),
        ("CD1", ""),
        ("", ""),
    ],
)
def test_discs_are_looked_at_with_their_album(folder: str, unit: str) -> None:
    assert unit_of_sound(folder) == unit


def test_tags_name_everything() -> None:
    files = [
        a_file(
            f"x/{number}.mp3",
            title=f"T{number}",
            artists="Mira",
            album="Hours",
            album_artists="Mira",
            year=1999,
            date="1999-05-01",
            track=number,
            genres=("Folk", "Jazz"),
            label="Quay",
        )
        for number in (2, 1)
    ]

    (album,) = group_albums(files)

    assert told([album]) == [("Mira", "Hours", 1999, ["T1", "T2"])]
    assert (album.release_date, album.genres, album.label) == ("1999-05-01", ("Folk", "Jazz"), "Quay")
    assert [(track.disc, track.number, track.artists) for track in album.tracks] == [
        (1, 1, ("Mira",)),
        (1, 2, ("Mira",)),
    ]


def test_names_speak_where_tags_are_silent() -> None:
    files = [a_file("The Lanterns/Hours (1999)/01 - Salt.mp3"), a_file("The Lanterns/Hours (1999)/02 - Low Tide.mp3")]

    assert told(group_albums(files)) == [("The Lanterns", "Hours", 1999, ["Salt", "Low Tide"])]


@pytest.mark.parametrize(
    ("path", "artist", "album", "title"),
    [
        ("Hours/01 Salt.mp3", "Unknown Artist", "Hours", "Salt"),
        ("Mira - Hours/01 Salt.mp3", "Mira", "Hours", "Salt"),
        ("Hours/Mira - Salt.mp3", "Mira", "Hours", "Salt"),
        ("Salt.mp3", "Unknown Artist", "Unknown Album", "Salt"),
        ("Mira - Salt.mp3", "Mira", "Unknown Album", "Salt"),
        ("Mira/Hours/CD2/01 Salt.mp3", "Mira", "Hours", "Salt"),
        ("Mira/Hours/01 Mira - Salt.mp3", "Mira", "Hours", "Salt"),
        ("Various Artists/Roof/01 Mira - Salt.mp3", "Various Artists", "Roof", "Salt"),
        ("Compilations/Roof/01 Mira - Salt.mp3", "Various Artists", "Roof", "Salt"),
    ],
)
def test_file_without_any_tag(path: str, artist: str, album: str, title: str) -> None:
    assert told(group_albums([a_file(path)])) == [(artist, album, None, [title])]


def test_guests_leave_the_album_to_its_artist() -> None:
    files = [
        a_file("x/1.mp3", artists="Mira", album="Hours", title="A", track=1),
        a_file("x/2.mp3", artists="Mira feat. Otto", album="Hours", title="B", track=2),
        a_file("x/3.mp3", artists="Mira & Otto", album="Hours", title="C", track=3),
    ]

    (album,) = group_albums(files)

    assert album.artist == "Mira"
    assert [track.artists for track in album.tracks] == [("Mira",), ("Mira", "Otto"), ("Mira & Otto",)]


@pytest.mark.parametrize("is_flagged", [True, False])
def test_several_artists_without_an_album_artist_make_a_compilation(is_flagged: bool) -> None:  # noqa: FBT001 - a table
    files = [
        a_file(f"Roof/{number}.mp3", artists=name, album="Roof", title=name, track=number, is_compilation=is_flagged)
        for number, name in enumerate(("Mira", "Otto", "Dora"), start=1)
    ]

    assert told(group_albums(files)) == [("Various Artists", "Roof", None, ["Mira", "Otto", "Dora"])]


def test_artists_folder_decides_whose_album_it_is() -> None:
    files = [
        a_file("Mira/Hours/1.mp3", artists="Mira", album="Hours", title="A", track=1),
        a_file("Mira/Hours/2.mp3", artists="Otto", album="Hours", title="B", track=2),
    ]

    assert told(group_albums(files)) == [("Mira", "Hours", None, ["A", "B"])]


@pytest.mark.parametrize("has_album_artist", [True, False])
def test_one_title_by_two_artists_is_two_albums(has_album_artist: bool) -> None:  # noqa: FBT001 - a table
    files = [
        a_file(
            f"x/{name}{number}.mp3",
            artists=name,
            album="Greatest Hits",
            title=f"{name} {number}",
            track=number,
            album_artists=(name,) if has_album_artist else (),
        )
        for name in ("Mira", "Otto")
        for number in (1, 2)
    ]

    assert told(group_albums(files)) == [
        ("Mira", "Greatest Hits", None, ["Mira 1", "Mira 2"]),
        ("Otto", "Greatest Hits", None, ["Otto 1", "Otto 2"]),
    ]


def test_discs_come_from_tags_folders_and_titles() -> None:
    by_tag = [a_file(f"Hours/{disc}.mp3", artists="M", album="Hours", disc=disc, track=1, title="T") for disc in (1, 2)]
    by_folder = [a_file(f"Hours/CD{disc}/1.mp3", artists="M", album="Hours", track=1, title="T") for disc in (1, 2)]
    wrong = [a_file(f"Hours/CD{disc}/1.mp3", artists="M", album="Hours", disc=1, title="T") for disc in (1, 2)]
    by_title = [
        a_file(f"Hours{disc}/1.mp3", artists="M", album=f"Hours (Disc {disc})", track=1, title="T") for disc in (1, 2)
    ]
    by_name = [a_file(f"M/Hours/{disc}-01 T.mp3") for disc in (1, 2)]

    for files in (by_tag, by_folder, wrong, by_title, by_name):
        (album,) = group_albums(files)
        assert album.title == "Hours"
        assert [track.disc for track in album.tracks] == [1, 2]


def test_two_formats_of_a_track_are_one_track() -> None:
    files = [
        a_file(f"x/1.{suffix}", artists="Mira", album="Hours", title="Salt", track=1) for suffix in ("flac", "mp3")
    ]

    (album,) = group_albums(files)

    assert [track.files for track in album.tracks] == [("x/1.flac", "x/1.mp3")]


def test_two_titles_with_one_number_stay_two_tracks() -> None:
    files = [a_file(f"x/{t}.mp3", artists="Mira", album="Hours", title=t, track=1) for t in ("Salt", "Tide")]

    (album,) = group_albums(files)

    assert [(track.title, track.is_numbered_twice) for track in album.tracks] == [("Salt", False), ("Tide", True)]


def test_songs_of_many_years_give_their_collection_none() -> None:
    files = [a_file(f"x/{y}.mp3", artists="Mira", album="Best Of", title=str(y), year=y) for y in (1971, 1985, 1999)]

    assert group_albums(files)[0].year is None


def test_loose_song_in_an_artists_folder_is_of_no_album_of_that_name() -> None:
    assert told(group_albums([a_file("Mira/Salt.mp3", artists="Mira", title="Salt")])) == [
        ("Mira", "Unknown Album", None, ["Salt"])
    ]


TEXT = st.text(max_size=8)
TAGS = st.builds(
    AudioTags,
    title=st.none() | TEXT,
    album=st.none() | TEXT,
    artists=st.lists(TEXT, max_size=2).map(tuple),
    album_artists=st.lists(TEXT, max_size=2).map(tuple),
    track=st.none() | st.integers(1, 3),
    disc=st.none() | st.integers(1, 2),
    year=st.none() | st.integers(1990, 1992),
    is_compilation=st.booleans(),
)
PART = st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1, max_size=6)


@given(st.dictionaries(st.lists(PART, min_size=1, max_size=3).map("/".join), TAGS, max_size=6))
def test_every_file_is_in_exactly_one_track(files: dict[str, AudioTags]) -> None:
    albums = group_albums([SoundFile(path, tags) for path, tags in sorted(files.items())])

    found = [path for album in albums for track in album.tracks for path in track.files]
    assert sorted(found) == sorted(files)
    assert all(album.title and album.artist for album in albums)
    assert all(track.title for album in albums for track in album.tracks)
