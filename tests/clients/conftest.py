import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from tests.support.app import House, a_house

SEA = {271: "Canon", 272: "EOS R5", 306: "2019:03:21 11:04:22"}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        await house.claim()
        yield house


@pytest.fixture
async def key(house: House) -> str:
    """An API key that may do everything."""
    return str((await house.send("POST", "/api/api-keys", {"permissions": ["all"]}, 201))["secret"])


def a_picture(number: int, size: tuple[int, int] = (160, 120)) -> bytes:
    """A JPEG with what a camera writes, each number another."""
    exif = Image.Exif()
    for tag, value in (SEA | {272: f"EOS {number % 5}", 306: f"2019:03:{number % 28 + 1:02d} 11:04:22"}).items():
        exif[tag] = value
    out = io.BytesIO()
    Image.new("RGB", size, (number % 256, number // 256 % 256, 99)).save(out, "JPEG", exif=exif)
    return out.getvalue()
