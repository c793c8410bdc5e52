"""Which folders' pictures belong to an album or an artist."""

import pytest

from homemedia.library.artwork.beside_music import folders_of
from homemedia.library.artwork.local import of_album, of_artist
from homemedia.library.artwork.music_store import Place


def a_place(folder: str, *, kind: str = "album", title: str = "Mira", is_alone: bool = True) -> Place:
    return Place(item_id=1, kind=kind, title=title, lacks=True, root="/music", folder=folder, is_alone=is_alone)


@pytest.mark.parametrize(
    ("places", "folders"),
    [
        ([a_place("Mira/Hours")], ["/music/Mira/Hours"]),
        ([a_place("Mira/Hours/CD1")], ["/music/Mira/Hours/CD1", "/music/Mira/Hours"]),
        (
            [a_place("Hours/CD1"), a_place("Hours/CD2")],
            ["/music/Hours/CD1", "/music/Hours", "/music/Hours/CD2"],
        ),
        ([a_place("Mixed", is_alone=False)], []),
        ([a_place("")], []),
        ([a_place("CD1")], ["/music/CD1"]),
        ([a_place("Mira/Hours", kind="artist"), a_place("Mira/Rail", kind="artist")], ["/music/Mira"]),
        ([a_place("Sorted/mira/Hours/CD1", kind="artist")], ["/music/Sorted/mira"]),
        ([a_place("Hours", kind="artist")], []),
        ([a_place("", kind="artist")], []),
    ],
)
def test_folders_whose_pictures_count(places: list[Place], folders: list[str]) -> None:
    assert folders_of(places) == folders


def test_names_of_covers_and_portraits_in_their_order() -> None:
    names = ("Front.webp", "FOLDER.JPG", "cover.PNG", "artist.avif", "back.jpg", "fanart.jpg")
    listings = {"/a": {name.lower(): name for name in names}}

    assert of_album(["/a"], listings).thumb == "/a/cover.PNG"
    assert of_artist(["/a"], listings).thumb == "/a/artist.avif"
    assert of_artist(["/a"], listings).art == "/a/fanart.jpg"
    assert of_album(["/b"], {}).thumb is None
