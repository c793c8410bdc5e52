"""The films inside motion photos, as Google's and Samsung's phones write them, in a whole house."""

import base64
import hashlib
import io
import os
import struct
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.photos.test_settle import upload
from tests.support.app import House, a_house
from tests.support.samples import a_film

MET = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{}</rdf:RDF></x:xmpmeta>'
CAMERA = 'xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"'


def a_still(packet: str | None = None, shade: int = 90) -> bytes:
    body = io.BytesIO()
    more = {} if packet is None else {"xmp": MET.format(packet).encode()}
    Image.new("RGB", (300, 200), (shade, 120, 200)).save(body, "JPEG", **more)
    return body.getvalue()


def a_micro_video(film: bytes, shade: int = 90) -> bytes:
    """As Pixels before 2020 write it: how far from the end the film begins."""
    words = f'GCamera:MicroVideo="1" GCamera:MicroVideoVersion="1" GCamera:MicroVideoOffset="{len(film)}"'
    return a_still(f"<rdf:Description {CAMERA} {words}/>", shade) + film


def a_motion_photo(film: bytes, shade: int = 90) -> bytes:
    """As Pixels write it: a directory of what lies behind the picture."""
    packet = (
        f'<rdf:Description {CAMERA} xmlns:Container="http://ns.google.com/photos/1.0/container/"'
        ' xmlns:Item="http://ns.google.com/photos/1.0/container/item/" GCamera:MotionPhoto="1"'
        ' GCamera:MotionPhotoVersion="1"><Container:Directory><rdf:Seq>'
        '<rdf:li rdf:parseType="Resource"><Container:Item Item:Mime="image/jpeg" Item:Semantic="Primary"'
        ' Item:Length="0" Item:Padding="0"/></rdf:li>'
        '<rdf:li rdf:parseType="Resource"><Container:Item Item:Mime="video/mp4" Item:Semantic="MotionPhoto"'
        f' Item:Length="{len(film)}" Item:Padding="0"/></rdf:li>'
        "</rdf:Seq></Container:Directory></rdf:Description>"
    )
    return a_still(packet, shade) + film


def a_samsung(film: bytes, shade: int = 90) -> bytes:
    """As Galaxies write it: blocks with names, and a directory of them at the very end."""
    name = b"MotionPhoto_Data"
    block = struct.pack("<HHI", 0, 0x0A30, len(name)) + name + film
    entry = struct.pack("<HHII", 0, 0x0A30, len(block), len(block))
    directory = b"SEFH" + struct.pack("<II", 106, 1) + entry
    return a_still(None, shade) + block + directory + struct.pack("<I", len(directory)) + b"SEFT"


MAKERS = {"micro video": a_micro_video, "motion photo": a_motion_photo, "samsung": a_samsung}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as running:
        await running.claim()
        yield running


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return a_film(tmp_path_factory.mktemp("films") / "part.mp4").read_bytes()


@pytest.fixture(scope="module")
def other_film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return a_film(tmp_path_factory.mktemp("films") / "part.mp4", seconds=2).read_bytes()


async def rows_of(house: House) -> dict[str, Any]:
    rows = await house.server.db.read("SELECT * FROM photo")
    return {row["original_name"]: dict(row) for row in rows}


async def ask(house: House, method: str, path: str, body: Any) -> tuple[int, Any]:
    async with house.client.request(method, path, json=body) as answer:
        return answer.status, await answer.text()


@pytest.mark.parametrize("maker", MAKERS)
async def test_the_film_is_marked_as_part_of_its_picture(house: House, film: bytes, maker: str) -> None:
    still_id = await upload(house, MAKERS[maker](film), "IMG_1.jpg")
    await house.idle()

    rows = await rows_of(house)
    part = rows["IMG_1.mp4"]
    assert (part["is_embedded"], part["visibility"]) == (1, "hidden")
    assert (rows["IMG_1.jpg"]["is_embedded"], rows["IMG_1.jpg"]["live_video_id"]) == (0, part["photo_id"])
    assert part["checksum"] == hashlib.sha1(film, usedforsecurity=False).digest()
    status, text = await ask(house, "PUT", f"/api/assets/{still_id}", {"livePhotoVideoId": None})
    assert (status, "Cannot unlink Android motion photos" in text) == (400, True)
    info = await house.send("POST", "/api/download/info", {"assetIds": [still_id]}, 201)
    assert info["archives"][0]["assetIds"] == [still_id]
    await ask(house, "DELETE", "/api/assets", {"ids": [still_id], "force": True})
    await house.idle()
    assert not await rows_of(house)
    assert (await house.get("/api/users/me"))["quotaUsageInBytes"] == 0


async def test_a_video_that_came_by_itself_can_be_unlinked(house: House, film: bytes) -> None:
    video_id = await upload(house, film, "MOV_1.mp4")
    still_id = await upload(house, a_still(), "IMG_1.jpg")
    await house.send("PUT", f"/api/assets/{still_id}", {"livePhotoVideoId": video_id})
    await house.idle()

    info = await house.send("POST", "/api/download/info", {"assetIds": [still_id]}, 201)
    assert info["archives"][0]["assetIds"] == [still_id, video_id]
    await house.send("PUT", f"/api/assets/{still_id}", {"livePhotoVideoId": None})

    rows = await rows_of(house)
    assert (rows["IMG_1.jpg"]["live_video_id"], rows["MOV_1.mp4"]["visibility"]) == (None, "timeline")


async def test_scanned_motion_photos_move_too_and_follow_their_files(
    house: House, film: bytes, other_film: bytes
) -> None:
    folder = house.media / "Phone"
    folder.mkdir(parents=True)
    path = folder / "IMG_2.jpg"
    path.write_bytes(a_samsung(film))
    os.utime(path, (1_500_000_000, 1_500_000_000))
    library = await house.add_library("Phone", "photo", folder)
    first = await rows_of(house)
    assert first["IMG_2.jpg"]["live_video_id"] == first["IMG_2.mp4"]["photo_id"]
    assert (first["IMG_2.mp4"]["is_embedded"], first["IMG_2.mp4"]["library_id"]) == (1, None)
    async with house.client.get(f"/api/assets/{first['IMG_2.mp4']['photo_id']}/video/playback") as answer:
        assert answer.status == 200

    path.write_bytes(a_motion_photo(other_film, 30))
    os.utime(path, (1_600_000_000, 1_600_000_000))
    await house.scan(library["id"])
    second = await rows_of(house)
    assert second["IMG_2.jpg"]["photo_id"] == first["IMG_2.jpg"]["photo_id"]
    assert second["IMG_2.mp4"]["photo_id"] != first["IMG_2.mp4"]["photo_id"]
    assert second["IMG_2.jpg"]["live_video_id"] == second["IMG_2.mp4"]["photo_id"]
    assert len(second) == 2

    path.write_bytes(a_still(shade=10))
    os.utime(path, (1_600_000_100, 1_600_000_100))
    await house.scan(library["id"])
    third = await rows_of(house)
    assert list(third) == ["IMG_2.jpg"]
    assert third["IMG_2.jpg"]["live_video_id"] is None
    assert (await house.get("/api/users/me"))["quotaUsageInBytes"] == 0


async def test_an_upload_of_a_scanned_picture_is_taken_and_shown_as_its_double(house: House) -> None:
    body = a_still()
    folder = house.media / "Phone"
    folder.mkdir(parents=True)
    (folder / "IMG_3.jpg").write_bytes(body)
    os.utime(folder / "IMG_3.jpg", (1_500_000_000, 1_500_000_000))
    await house.add_library("Phone", "photo", folder)
    checksum = base64.b64encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()

    check = {"assets": [{"id": "one", "checksum": checksum}]}
    before = await house.send("POST", "/api/assets/bulk-upload-check", check)
    photo_id = await upload(house, body, "IMG_3.jpg")
    await house.idle()

    assert before["results"][0]["action"] == "accept"
    after = await house.send("POST", "/api/assets/bulk-upload-check", check)
    assert (after["results"][0]["action"], after["results"][0]["assetId"]) == ("reject", photo_id)
    (group,) = await house.get("/api/duplicates")
    assert {one["libraryId"] is None for one in group["assets"]} == {True, False}
