"""The icon's pictures as files."""

import io
from pathlib import Path

import pytest
from PIL import Image

from homemedia.desktop.facts import STATES, STEPS
from homemedia.desktop.picture import FOLDER, SIDES, TEMPLATE_SIDES, Picture

NAMES = [*STATES, *(f"scanning-{step}" for step in range(STEPS + 1))]


def opened(file: Path) -> Image.Image:
    return Image.open(io.BytesIO(file.read_bytes()))


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_is_there_in_every_size(name: str) -> None:
    picture = Picture(name)

    for side in SIDES:
        assert opened(picture.path(side)).size == (side, side)
    for side in TEMPLATE_SIDES:
        template = opened(picture.template(side)).convert("RGBA")
        assert template.size == (side, side)
        # macOS takes the shape alone and colours it: anything but black would be lost.
        assert template.split()[3].getbbox() is not None
        assert [band.getextrema() for band in template.split()[:3]] == [(0, 0)] * 3


def test_no_two_pictures_are_alike() -> None:
    contents = [Picture(name).path(22).read_bytes() for name in NAMES if name != "scanning"]

    assert len(set(contents)) == len(contents)


def test_no_picture_lies_there_that_nobody_shows() -> None:
    named = {Picture(name).path(side) for name in NAMES for side in SIDES}
    named |= {Picture(name).template(side) for name in NAMES for side in TEMPLATE_SIDES}

    assert set(FOLDER.iterdir()) == named


@pytest.mark.parametrize(("asked", "given"), [(16, 22), (22, 22), (24, 32), (44, 44), (48, 64), (512, 64)])
def test_the_next_larger_size_is_given(asked: int, given: int) -> None:
    assert Picture("ready").path(asked).name == f"ready-{given}.png"


def test_windows_gets_all_sizes_in_one_file() -> None:
    file = io.BytesIO()

    Picture("attention").save(file, "ICO")

    icon = Image.open(file)
    assert icon.info["sizes"] == {(side, side) for side in SIDES}
    assert icon.convert("RGBA").tobytes() == opened(Picture("attention").path(64)).convert("RGBA").tobytes()
