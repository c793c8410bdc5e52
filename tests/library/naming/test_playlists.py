"""Playlists as many programs write them, and where the files they name may lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homemedia.library.naming.playlists import Entry, parse_playlist, places_of


@pytest.mark.parametrize(
    ("data", "entries"),
    [
        (b"a.mp3\nb.mp3\n", [Entry("a.mp3"), Entry("b.mp3")]),
        (b"#EXTM3U\r\n#EXTINF:123,Mira - Salt\r\na.mp3\r\n", [Entry("a.mp3", "Mira - Salt", 123_000)]),
        (b"#EXTM3U\r#EXTINF:-1,Radio\ra.mp3", [Entry("a.mp3", "Radio")]),
        (b'#EXTINF:123 tvg-id="x",Salt, and more\na.mp3', [Entry("a.mp3", "Salt, and more", 123_000)]),
        (b"#EXTINF:12.7,Salt\na.mp3\nb.mp3", [Entry("a.mp3", "Salt", 12_000), Entry("b.mp3")]),
        (b"#EXTINF:oops\na.mp3", [Entry("a.mp3")]),
        (b"\xef\xbb\xbfa.mp3", [Entry("a.mp3")]),
        ("\ufeffé.mp3".encode("utf-16"), [Entry("é.mp3")]),
        ("é.mp3".encode(), [Entry("é.mp3")]),
        ("é.mp3".encode("latin-1"), [Entry("é.mp3")]),
        (b"..\\Mira\\a.mp3", [Entry("../Mira/a.mp3")]),
        (b"C:\\Music\\a.mp3", [Entry("C:/Music/a.mp3")]),
        (b"file:///music/a%20b.mp3", [Entry("/music/a b.mp3")]),
        (b"file://localhost/music/a.mp3", [Entry("/music/a.mp3")]),
        (b"file:///C:/Music/a.mp3", [Entry("C:/Music/a.mp3")]),
        (b"http://radio.example/a.mp3\nHTTPS://x/y\nrtsp://x/y\n", []),
        (b"# a remark\n\n   \n..\n/\n", []),
        (b"", []),
    ],
    ids=lambda value: repr(value)[:40] if isinstance(value, bytes) else None,
)
def test_lines_are_read_as_they_are_written(data: bytes, entries: list[Entry]) -> None:
    assert list(parse_playlist(data).entries) == entries


def test_title_of_the_playlist_itself() -> None:
    assert parse_playlist(b"#EXTM3U\n#PLAYLIST: Sunday morning \na.mp3").title == "Sunday morning"
    assert parse_playlist(b"a.mp3").title is None


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("a.mp3", (0, "Lists/a.mp3")),
        ("./x/a.mp3", (0, "Lists/x/a.mp3")),
        ("../Mira/a.mp3", (0, "Mira/a.mp3")),
        ("/music/Mira/a.mp3", (0, "Mira/a.mp3")),
        ("/more/Mira/a.mp3", (1, "Mira/a.mp3")),
        ("../../more/a.mp3", (1, "a.mp3")),
        ("C:/Users/me/Mira/Hours/a.mp3", (None, "Users/me/Mira/Hours/a.mp3")),
        ("/old/Mira/a.mp3", (None, "old/Mira/a.mp3")),
    ],
)
def test_place_of_an_entry_below_the_roots(path: str, first: tuple[int | None, str]) -> None:
    assert places_of(path, "/music/Lists", ["/music", "/more"])[0] == first


@pytest.mark.parametrize("path", ["../../etc/passwd", "../../../../etc/passwd", "../../music2/a.mp3", "../.."])
def test_paths_never_leave_the_roots(path: str) -> None:
    assert places_of(path, "/music/Lists", ["/music"]) == []


def test_accents_are_tried_in_both_forms() -> None:
    assert {place[1] for place in places_of("e\u0301.mp3", "/music", ["/music"])} == {"e\u0301.mp3", "\u00e9.mp3"}


@given(st.binary(max_size=400))
def test_any_bytes_are_read(data: bytes) -> None:
    for entry in parse_playlist(data).entries:
        assert entry.path
        assert "\\" not in entry.path
        for _, place in places_of(entry.path, "/music/Lists", ["/music"]):
            assert not place.startswith("/")
            assert ".." not in place.split("/")


@given(st.lists(st.sampled_from(["..", ".", "a", "b.mp3", "", "C:", "~", "etc"]), min_size=1, max_size=8).map("/".join))
def test_no_path_climbs_out(path: str) -> None:
    for _, place in places_of(path, "/music/Lists", ["/music"]):
        assert not place.startswith("/")
        assert ".." not in place.split("/")
