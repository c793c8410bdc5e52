"""Names in music: tables of what people and taggers write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homemedia.library.naming.music import (
    AlbumName,
    Artists,
    TrackName,
    album_keys,
    artist_key,
    disc_of_folder,
    is_various,
    parse_album,
    parse_track,
    split_artists,
    split_disc,
    track_key,
)
from homemedia.library.naming.sorting import sort_title


@pytest.mark.parametrize(
    ("values", "main", "guests"),
    [
        (["AC/DC"], ["AC/DC"], []),
        (["Mira feat. Otto"], ["Mira"], ["Otto"]),
        (["Mira ft. Otto"], ["Mira"], ["Otto"]),
        (["Mira (feat. Otto)"], ["Mira"], ["Otto"]),
        (["Mira [Featuring Otto]"], ["Mira"], ["Otto"]),
        (["Mira feat. Otto, Dora; Lind"], ["Mira"], ["Otto", "Dora", "Lind"]),
        (["Mira feat. Tyler, The Creator"], ["Mira"], ["Tyler, The Creator"]),
        (["Mira; Otto"], ["Mira", "Otto"], []),
        (["Mira / Otto"], ["Mira", "Otto"], []),
        (["Mira & Otto"], ["Mira & Otto"], []),
        (["Mira", "Otto & Dora"], ["Mira", "Otto & Dora"], []),
        (["Mira feat. Otto", "Mira", "Otto"], ["Mira", "Otto"], []),
        (["Mira & Otto", "Mira", "Otto"], ["Mira", "Otto"], []),
        (["Mira", "MIRA"], ["Mira"], []),
        (["Featuring Bob"], ["Featuring Bob"], []),
        (["Lift"], ["Lift"], []),
        (["!!!"], ["!!!"], []),
        ([], [], []),
        ([" ; "], [], []),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else None,
)
def test_artists_of_a_tag_are_told_apart(values: list[str], main: list[str], guests: list[str]) -> None:
    assert split_artists(values) == Artists(tuple(main), tuple(guests))


@pytest.mark.parametrize(
    ("title", "guests"),
    [
        ("Salt (feat. Otto)", ["Otto"]),
        ("Salt ft. Otto [Live]", ["Otto"]),
        ("Salt (feat. Mira)", []),
        ("Feat. of Strength", []),
        ("Salt", []),
    ],
)
def test_guests_in_a_title_count(title: str, guests: list[str]) -> None:
    assert split_artists(["Mira"], title).guests == tuple(guests)


@pytest.mark.parametrize(
    ("folder", "disc"),
    [
        ("CD1", 1),
        ("cd 02", 2),
        ("Disc 2", 2),
        ("disk_3 - Live", 3),
        ("CD 1 of 2", 1),
        ("LP2", 2),
        ("CD", None),
        ("CD0", None),
        ("CDs", None),
        ("Discovery 2", None),
        ("Album CD1", None),
    ],
)
def test_folders_of_single_discs(folder: str, disc: int | None) -> None:
    assert disc_of_folder(folder) == disc


@pytest.mark.parametrize(
    ("title", "bare", "disc"),
    [
        ("Hours (Disc 2)", "Hours", 2),
        ("Hours [CD1]", "Hours", 1),
        ("Hours - CD 2", "Hours", 2),
        ("Hours, Disc 1: Evening", "Hours", 1),
        ("Hours CD2", "Hours", 2),
        ("Discovery 2", "Discovery 2", None),
        ("Hours (Disc 0)", "Hours (Disc 0)", None),
        ("CD1", "CD1", None),
    ],
)
def test_disc_behind_a_title_is_taken_off(title: str, bare: str, disc: int | None) -> None:
    assert split_disc(title) == (bare, disc)


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("Hours", AlbumName("Hours")),
        ("Hours (1999)", AlbumName("Hours", 1999)),
        ("1999 - Hours", AlbumName("Hours", 1999)),
        ("[1999] Hours", AlbumName("Hours", 1999)),
        ("The Lanterns - Hours (1999) [FLAC]", AlbumName("Hours", 1999, "The Lanterns")),
        ("The Lanterns - 1999 - Hours", AlbumName("Hours", 1999, "The Lanterns")),
        ("The Lanterns - Hours", AlbumName("Hours", None, "The Lanterns")),
        ("1999 - Live - Two", AlbumName("Live - Two", 1999)),
        ("Hours (1999) CD2", AlbumName("Hours", 1999, None, 2)),
        ("Hours [24bit FLAC]", AlbumName("Hours")),
        ("Hours (Deluxe Edition)", AlbumName("Hours (Deluxe Edition)")),
        ("Hours (2011 Remaster)", AlbumName("Hours (2011 Remaster)")),
        ("Small_Hours", AlbumName("Small Hours")),
        ("1984", AlbumName("1984")),
        ("1989 (Deluxe)", AlbumName("1989 (Deluxe)")),
        ("(1999)", AlbumName("(1999)")),
    ],
    ids=str,
)
def test_names_of_album_folders(folder: str, expected: AlbumName) -> None:
    assert parse_album(folder) == expected


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("01 - Salt", TrackName("Salt", 1)),
        ("01. Salt", TrackName("Salt", 1)),
        ("03 Salt", TrackName("Salt", 3)),
        ("1-03 Salt", TrackName("Salt", 3, 1)),
        ("2.03 - Salt", TrackName("Salt", 3, 2)),
        ("(03) Salt", TrackName("Salt", 3)),
        ("01_low_tide", TrackName("low tide", 1)),
        ("Mira - Salt", TrackName("Salt", None, None, "Mira")),
        ("01 Mira - Salt", TrackName("Salt", 1, None, "Mira")),
        ("Mira - 01 - Salt", TrackName("Salt", 1, None, "Mira")),
        ("Mira - Hours - 05 - Salt", TrackName("Salt", 5, None, "Mira")),
        ("7 Salt", TrackName("Salt", 7)),
        ("99 Balloons", TrackName("99 Balloons")),
        ("Track 07", TrackName("Track 07", 7)),
        ("07", TrackName("07", 7)),
        ("Salt", TrackName("Salt")),
        ("100% Salt", TrackName("100% Salt")),
    ],
    ids=str,
)
def test_names_of_sound_files(stem: str, expected: TrackName) -> None:
    assert parse_track(stem, siblings=8) == expected


@pytest.mark.parametrize("name", ["Various Artists", "VARIOUS ARTISTS", "V.A.", "VA", "Verschiedene Interpreten"])
def test_many_artists_have_many_names(name: str) -> None:
    assert is_various(name)


def test_spellings_of_one_artist_are_one_and_sorted_without_the_article() -> None:
    assert artist_key("AC/DC") == artist_key("AC-DC") == "music/artist/ac dc"
    assert artist_key("Señora Azul") == artist_key("senora azul")
    assert artist_key("!!!") != artist_key("???")
    assert sort_title("The Beatles", "en") == "beatles"


def test_keys_hang_on_each_other() -> None:
    keys = album_keys("The Lanterns", "Hours", 1999)

    assert keys == ("music/artist/the lanterns/album/hours/1999", "music/artist/the lanterns/album/hours")
    assert track_key(keys[0], None, 3, "Salt") == f"{keys[0]}/disc/1/track/3"
    assert track_key(keys[0], 2, None, "Low Tide!") == f"{keys[0]}/disc/2/title/low tide"


@given(st.text(max_size=60))
def test_every_name_has_an_answer(text: str) -> None:
    assert parse_track(text, siblings=3).title or not text.strip()
    assert parse_album(text or "x").title or not text.strip()
    split_artists([text, text + "; " + text], text)
    assert "/" not in artist_key(text).removeprefix("music/artist/")
