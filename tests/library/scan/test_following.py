"""Which sidecar lies beside which picture."""

import pytest

from homemedia.library.scan.following import sidecar_names, sidecars_of
from homemedia.library.scan.wanted import FileRef


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("a/lake.jpg", {"lake.jpg.xmp", "lake.xmp"}),
        ("LAKE.NEF", {"lake.nef.xmp", "lake.xmp"}),
        ("a/b.c.mov", {"b.c.mov.xmp", "b.c.xmp"}),
    ],
)
def test_sidecars_are_called_like_their_picture(path: str, names: set[str]) -> None:
    assert sidecar_names(path) == names


def test_each_sidecar_belongs_to_a_picture_of_its_own_folder() -> None:
    files = ["a/lake.jpg", "a/lake.xmp", "a/sea.JPG", "a/sea.JPG.XMP", "b/lake.xmp", "b/tree.mov", "b/tree.xmp"]
    refs = [
        FileRef(number, path, "xmp" if path.lower().endswith("xmp") else "photo", 1)
        for number, path in enumerate(files)
    ]

    assert {one.file_id: one.of_file_id for one in sidecars_of(refs)} == {1: 0, 3: 2, 4: None, 6: 5}
