"""Which folders' pictures belong to an album or an artist, and what a dead disk means to them."""

import threading
from pathlib import Path

import pytest

from homemedia.library.artwork.beside_music import MusicPictures, folders_of
from homemedia.library.artwork.local import of_album, of_artist
from homemedia.library.artwork.music_store import Place
from homemedia.library.scan.disks import Disks, DiskSilent
from tests.support.builders import a_database
from tests.support.fakes import FakeClock


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


async def test_disk_that_is_silent_hides_only_its_own_pictures(tmp_path: Path) -> None:
    gate, disks = threading.Event(), Disks(0.05)
    with pytest.raises(DiskSilent):
        await disks.ask("/music", gate.wait)
    (tmp_path / "Hours").mkdir()
    (tmp_path / "Hours" / "cover.jpg").write_bytes(b"picture")
    there = Place(item_id=2, kind="album", title="Hours", lacks=True, root=str(tmp_path), folder="Hours", is_alone=True)

    async with a_database(tmp_path) as db:
        pictures = MusicPictures(db, FakeClock(), disks, "library")
        seen = await pictures._look([[a_place("Mira/Hours")], [there]])
    gate.set()

    assert [(one.item_id, one.thumb is not None) for one in seen] == [(2, True)]
