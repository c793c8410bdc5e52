"""Photos that came in get their facts and their pictures, in a whole house."""

import hashlib
import io
import struct
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.support.app import House, a_house
from tests.support.samples import a_film

TAKEN = "2024-01-15T10:30:00.000Z"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as running:
        await running.claim()
        yield running


def a_jpeg(size: tuple[int, int] = (600, 400), *, kind: str = "JPEG", **tags: Any) -> bytes:
    """A picture with EXIF: `tags` by their hex number, "x" before those of the camera."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    exif = Image.Exif()
    for name, value in tags.items():
        number = int(name[1:], 16)
        (exif if name.startswith("m") else exif.get_ifd(0x8769))[number] = value
    body = io.BytesIO()
    image.save(body, kind, exif=exif)
    return body.getvalue()


async def upload(house: House, body: bytes, name: str = "beach.jpg") -> str:
    form = aiohttp.FormData()
    form.add_field("fileCreatedAt", TAKEN)
    form.add_field("fileModifiedAt", TAKEN)
    form.add_field("assetData", body, filename=name)
    async with house.client.post("/api/assets", data=form) as answer:
        assert answer.status == 201, await answer.text()
        return str((await answer.json())["id"])


async def picture(house: House, photo_id: str, size: str = "thumbnail") -> Image.Image:
    async with house.client.get(f"/api/assets/{photo_id}/thumbnail?size={size}") as answer:
        assert answer.status == 200, await answer.text()
        return Image.open(io.BytesIO(await answer.read()))


async def test_an_uploaded_photo_gets_its_pictures_and_facts(house: House) -> None:
    photo_id = await upload(house, a_jpeg((3000, 2000), m010f="Acme", x9003="2023:06:01 12:00:00", x9011="+02:00"))
    await house.idle()
    small, large = await picture(house, photo_id), await picture(house, photo_id, "preview")
    assert (small.format, small.size) == ("WEBP", (375, 250))
    assert (large.format, large.size) == ("JPEG", (2160, 1440))
    row = (await house.server.db.read("SELECT * FROM photo JOIN photo_exif USING (photo_id)"))[0]
    assert (row["make"], row["time_zone"], row["width"], row["height"]) == ("Acme", "UTC+2", 3000, 2000)
    assert (row["taken_at"], row["local_taken_at"]) == (1685613600000, 1685620800000)
    assert (row["todo"], row["failure"]) == (0, None)
    assert len(row["thumbhash"]) > 5


async def test_a_picture_lying_on_its_side_is_shown_upright(house: House) -> None:
    photo_id = await upload(house, a_jpeg((900, 600), m0112=6))
    await house.idle()
    assert (await picture(house, photo_id)).size == (250, 375)
    row = (await house.server.db.read("SELECT width, height, exif_width FROM photo JOIN photo_exif USING (photo_id)"))[
        0
    ]
    assert tuple(row) == (600, 900, 900)


async def test_a_damaged_picture_stays_without_pictures(house: House) -> None:
    photo_id = await upload(house, a_jpeg((900, 600), x9003="2023:06:01 12:00:00")[:9000])
    await house.idle()
    for size in ("thumbnail", "preview", "fullsize"):
        async with house.client.get(f"/api/assets/{photo_id}/thumbnail?size={size}") as answer:
            assert answer.status == 404
            assert (await answer.json())["message"] == "Asset media not found"
    row = (await house.server.db.read("SELECT failure, todo, taken_at FROM photo"))[0]
    assert tuple(row) == ("This picture is damaged.", 0, 1685620800000)


@pytest.mark.parametrize("size", [(20_000, 1), (1, 20_000), (20_000, 300)])
async def test_strips_of_any_length_have_pictures(house: House, size: tuple[int, int]) -> None:
    photo_id = await upload(house, a_jpeg(size))
    await house.idle()
    small, large = await picture(house, photo_id), await picture(house, photo_id, "preview")
    assert (max(small.size), max(large.size)) == (16_000, 16_000)


def a_bomb(side: int = 30_000) -> bytes:
    """A PNG of 110 kB that would be 900 million pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    packer = zlib.compressobj(9)
    row = bytes(side // 8 + 1)
    rows = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def test_a_small_file_of_a_billion_pixels_is_handed_to_no_browser_as_a_picture(house: House) -> None:
    body = a_bomb()
    photo_id = await upload(house, body, "night.png")
    await house.idle()
    for size in ("thumbnail", "preview", "fullsize"):
        async with house.client.get(f"/api/assets/{photo_id}/thumbnail?size={size}") as answer:
            assert answer.status == 404
    async with house.client.get(f"/api/assets/{photo_id}/original") as answer:
        assert await answer.read() == body


async def test_a_web_page_named_like_a_picture_has_no_pictures(house: House) -> None:
    photo_id = await upload(house, b"<html><script>alert(1)</script></html>", "kind.svg")
    await house.idle()
    async with house.client.get(f"/api/assets/{photo_id}/thumbnail?size=preview") as answer:
        assert answer.status == 404


async def test_pictures_of_deleted_photos_go_with_them(house: House) -> None:
    photo_id = await upload(house, a_jpeg())
    await house.idle()
    kept = house.folder / "data" / "renditions"
    assert len([path for path in kept.rglob("*") if path.is_file()]) == 2
    async with house.client.delete("/api/assets", json={"ids": [photo_id], "force": True}) as answer:
        assert answer.status in {204, 404, 405}
        if answer.status != 204:
            pytest.skip("nothing deletes photos yet")
    await house.idle()
    assert not [path for path in kept.rglob("*") if path.is_file()]


@pytest.mark.parametrize("size", ["original", "huge"])
async def test_sizes_that_there_are_not_are_refused(house: House, size: str) -> None:
    photo_id = await upload(house, a_jpeg())
    async with house.client.get(f"/api/assets/{photo_id}/thumbnail?size={size}") as answer:
        assert answer.status == 400
    await house.idle()


async def test_the_film_inside_a_picture_becomes_its_moving_part(house: House, tmp_path: Path) -> None:
    film = a_film(tmp_path / "part.mp4").read_bytes()
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" GCamera:MicroVideo="1" '
        f'GCamera:MicroVideoOffset="{len(film)}"/></rdf:RDF></x:xmpmeta>'
    )
    body = io.BytesIO()
    Image.linear_gradient("L").save(body, "JPEG", xmp=xmp.encode())
    await upload(house, body.getvalue() + film, "IMG_7.jpg")
    await house.idle()
    rows = await house.server.db.read("SELECT * FROM photo ORDER BY kind")
    still, video = rows
    assert still["live_video_id"] == video["photo_id"]
    assert (video["original_name"], video["visibility"]) == ("IMG_7.mp4", "hidden")
    assert video["checksum"] == hashlib.sha1(film, usedforsecurity=False).digest()
    assert (video["width"] > 0, video["duration_ms"] > 0, video["todo"] & 3) == (True, True, 0)
    used = await house.server.db.read("SELECT used_bytes FROM user")
    assert used[0]["used_bytes"] == len(body.getvalue()) + 2 * len(film)


async def test_a_picture_that_browsers_cannot_show_is_shown_in_full(house: House) -> None:
    body = io.BytesIO()
    Image.linear_gradient("L").resize((1900, 1600)).convert("RGB").save(body, "TIFF", compression="tiff_deflate")
    photo_id = await upload(house, body.getvalue(), "scan.tif")
    await house.idle()
    for _ in range(2):
        full = await picture(house, photo_id, "fullsize")
        assert (full.format, full.size) == ("JPEG", (1900, 1600))
    jpeg = a_jpeg()
    photo_id = await upload(house, jpeg)
    async with house.client.get(f"/api/assets/{photo_id}/thumbnail?size=fullsize") as answer:
        assert await answer.read() == jpeg


async def test_pictures_are_asked_for_again_only_when_they_changed(house: House) -> None:
    photo_id = await upload(house, a_jpeg())
    await house.idle()
    async with house.client.get(f"/api/assets/{photo_id}/thumbnail") as answer:
        assert answer.headers["Cache-Control"] == "private, max-age=86400, no-transform"
        assert answer.headers["Content-Disposition"] == "inline; filename*=UTF-8''beach_thumbnail.webp"
        tag = answer.headers["ETag"]
    async with house.client.get(f"/api/assets/{photo_id}/thumbnail", headers={"If-None-Match": tag}) as answer:
        assert answer.status == 304


async def test_nothing_of_the_owner_is_left_in_pictures(house: House) -> None:
    photo_id = await upload(house, a_jpeg(m010f="Acme", m9c9d="Somebody"))
    await house.idle()
    for size in ("thumbnail", "preview"):
        shown = await picture(house, photo_id, size)
        assert not dict(shown.getexif())
        assert "xmp" not in shown.info


async def test_strangers_see_no_pictures(house: House) -> None:
    photo_id = await upload(house, a_jpeg())
    await house.idle()
    async with house.stranger().get(f"/api/assets/{photo_id}/thumbnail") as answer:
        assert answer.status == 401


async def test_two_halves_of_a_live_photo_find_each_other(house: House, tmp_path: Path) -> None:
    mark = b"8C0A-11\0"
    note = b"Apple iOS\0\0\1MM" + struct.pack(">H", 1) + struct.pack(">HHII", 0x11, 2, len(mark), 30) + b"\0\0" + mark
    tags = {"com.apple.quicktime.content.identifier": "8C0A-11"}
    film = a_film(tmp_path / "part.mov", tags=tags, options={"movflags": "use_metadata_tags"})
    video = await upload(house, film.read_bytes(), "IMG_1.mov")
    still = await upload(house, a_jpeg(x927c=note), "IMG_1.jpg")
    await house.idle()
    rows = await house.server.db.read("SELECT photo_id, live_video_id, visibility FROM photo ORDER BY kind")
    assert [tuple(row) for row in rows] == [(still, video, "timeline"), (video, None, "hidden")]
