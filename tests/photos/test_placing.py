"""Files lie by the month their photos were taken in."""

import io

from PIL import Image

from tests.photos.test_uploads import files, row
from tests.support.app import House
from tests.support.uploads import uploaded

DATE_TIME_ORIGINAL = 0x9003
EXIF = 0x8769


def a_jpeg(taken: str) -> bytes:
    """A picture that says when it was taken."""
    picture = Image.new("RGB", (64, 48), "green")
    exif = Image.Exif()
    exif.get_ifd(EXIF)[DATE_TIME_ORIGINAL] = taken
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


async def test_photo_lies_in_the_month_that_its_camera_wrote(claimed: House) -> None:
    content = a_jpeg("2012:08:05 11:39:59")
    photo_id = await uploaded(claimed.client, content, "a.jpg", sidecar=b"<x/>")
    await claimed.idle()

    assert files(claimed) == {"2012/08/a.jpg": content, "2012/08/a.jpg.xmp": b"<x/>"}
    assert (await row(claimed, photo_id))["path"].endswith("2012/08/a.jpg")
    async with claimed.client.get(f"/api/assets/{photo_id}/original") as answer:
        assert await answer.read() == content


async def test_photos_of_one_name_and_month_lie_beside_each_other(claimed: House) -> None:
    contents = [a_jpeg(f"2012:08:05 11:39:{second:02d}") for second in range(3)]
    for content in contents:
        await uploaded(claimed.client, content, "a.jpg")
    await claimed.idle()

    found = files(claimed)
    assert all(path.startswith("2012/08/a") for path in found)
    assert sorted(found.values()) == sorted(contents)


async def test_file_stays_where_the_disk_knows_no_links(claimed: House) -> None:
    content = a_jpeg("2012:08:05 11:39:59")
    claimed.server.photos.managed._link = lambda *_args: None  # type: ignore[method-assign]

    photo_id = await uploaded(claimed.client, content, "a.jpg")
    await claimed.idle()

    assert list(files(claimed)) == ["2024/03/a.jpg"]
    assert (await row(claimed, photo_id))["local_taken_at"] == 1_344_166_799_000
