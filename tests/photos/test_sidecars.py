"""What members say of their photos is written into XMP files, in a whole house."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from homemedia.media import xmp
from homemedia.media.xmp import Xmp, parse
from homemedia.media.xmp_words import Words
from homemedia.photos.sidecars import KIND, clock_text, put
from tests.flows.test_scanned_photos import a_picture, a_sidecar, files_in, shown
from tests.photos.test_settle import a_jpeg, upload
from tests.support.app import House, a_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as running:
        await running.claim()
        yield running


async def written(house: House) -> None:
    """Wait until everything said is written down."""
    await house.server.jobs.hurry([KIND])
    await house.idle()


async def silently(house: House, method: str, path: str, body: Any) -> None:
    """Ask for something that has no answer."""
    async with house.client.request(method, path, json=body) as answer:
        assert answer.status == 204, await answer.text()


async def original_of(house: House, photo_id: str) -> Path:
    rows = await house.server.db.read(
        "SELECT root.path AS root, file.path FROM photo JOIN file USING (file_id) JOIN root USING (root_id)"
        " WHERE photo_id = :id",
        {"id": photo_id},
    )
    return Path(rows[0]["root"], rows[0]["path"])


def beside(path: Path) -> Xmp:
    return parse(path.with_name(f"{path.name}.xmp").read_bytes())


async def test_words_on_an_uploaded_photo_stand_beside_it(house: House) -> None:
    photo_id = await upload(house, a_jpeg())
    await house.idle()
    assert not list((house.folder / "data" / "media").rglob("*.xmp"))

    change = {"description": "Ann & Ben", "rating": 4, "latitude": 48.85, "longitude": 2.35}
    await house.send("PUT", f"/api/assets/{photo_id}", change)
    await house.send("PUT", f"/api/assets/{photo_id}", {"dateTimeOriginal": "2020-05-01T10:00:00.000+02:00"})
    (tag,) = await house.send("PUT", "/api/tags", {"tags": ["Family/Ann"]})
    await house.send("PUT", f"/api/tags/{tag['id']}/assets", {"ids": [photo_id]})
    await written(house)

    path = await original_of(house, photo_id)
    found = beside(path)
    assert (xmp.description(found), xmp.rating(found), xmp.keywords(found)) == ("Ann & Ben", 4, ("Family/Ann",))
    assert xmp.position(found) == pytest.approx((48.85, 2.35))
    taken = xmp.taken(found)
    assert taken is not None
    assert (taken.clock_ms, taken.offset_min) == (1_588_327_200_000, 120)
    assert not await house.server.db.read("SELECT 1 FROM photo_sidecar_due")


async def test_the_file_goes_where_its_photo_goes(house: House) -> None:
    photo_id = await upload(house, a_jpeg())
    await house.idle()
    await house.send("PUT", f"/api/assets/{photo_id}", {"description": "here"})
    await written(house)
    before = await original_of(house, photo_id)
    template = {"storageTemplate": {"enabled": True, "template": "{{y}}/by {{MMMM}}/{{filename}}-{{dd}}"}}
    await house.send("PUT", "/api/system-config", template)

    await house.send("PUT", "/api/jobs/storageTemplateMigration", {"command": "start"})
    await house.idle()

    after = await original_of(house, photo_id)
    assert after.relative_to(house.folder / "data" / "media").parts[2:] == ("2024", "by January", "beach-15.jpg")
    assert xmp.description(beside(after)) == "here"
    assert not before.with_name(f"{before.name}.xmp").exists()
    await silently(house, "DELETE", "/api/assets", {"ids": [photo_id], "force": True})
    await house.idle()
    assert not list((house.folder / "data" / "media").rglob("*.xmp"))


async def test_a_photo_read_again_keeps_what_was_said_by_hand(house: House) -> None:
    photo_id = await upload(house, a_jpeg(m010e="from the camera"))
    await house.idle()
    await house.send("PUT", f"/api/assets/{photo_id}", {"description": ""})
    (tag,) = await house.send("PUT", "/api/tags", {"tags": ["mine"]})
    await house.send("PUT", f"/api/tags/{tag['id']}/assets", {"ids": [photo_id]})
    await written(house)
    path = await original_of(house, photo_id)
    put(path.with_name(f"{path.name}.xmp"), Words(description="another program", tags=("theirs",), rating=3))

    await silently(house, "POST", "/api/assets/jobs", {"assetIds": [photo_id], "name": "refresh-metadata"})
    await house.idle()

    asset = await house.get(f"/api/assets/{photo_id}")
    assert (asset["exifInfo"]["description"], asset["exifInfo"]["rating"]) == ("", 3)
    assert [one["value"] for one in asset["tags"]] == ["mine"]


async def test_nothing_is_written_beside_scanned_photos_unasked(house: House) -> None:
    folder = house.media / "Pictures"
    a_picture(folder / "cat.jpg")
    a_sidecar(folder / "cat.xmp", "their words")
    before = files_in(folder)
    await house.add_library("Pictures", "photo", folder)
    cat = (await shown(house))["cat.jpg"]
    assert cat["exifInfo"]["description"] == "their words"

    await house.send("PUT", f"/api/assets/{cat['id']}", {"rating": 5})
    await written(house)

    assert files_in(folder) == before
    apart = house.server.places.sidecars_dir / cat["id"][:2] / f"{cat['id']}.xmp"
    assert xmp.rating(parse(apart.read_bytes())) == 5
    async with house.server.db.write() as tx:
        await tx.run("UPDATE photo_exif SET rating = NULL, locked = '[]'")
    await silently(house, "POST", "/api/assets/jobs", {"assetIds": [cat["id"]], "name": "refresh-metadata"})
    await house.idle()
    exif = (await house.get(f"/api/assets/{cat['id']}"))["exifInfo"]
    assert (exif["rating"], exif["description"]) == (5, "their words")
    await silently(house, "DELETE", "/api/assets", {"ids": [cat["id"]], "force": True})
    await house.idle()
    assert not apart.exists()


async def test_a_library_that_wants_it_has_them_beside_its_photos(house: House) -> None:
    folder = house.media / "Pictures"
    cat = a_picture(folder / "cat.jpg")
    a_sidecar(folder / "cat.xmp", "their words")
    library = await house.add_library("Pictures", "photo", folder, options={"saveNfo": True})
    photo_id = (await shown(house))["cat.jpg"]["id"]

    await house.send("PUT", f"/api/assets/{photo_id}", {"rating": 5})
    await written(house)
    await house.scan(library["id"])
    await house.idle()

    assert (xmp.rating(beside(cat)), xmp.description(beside(cat))) == (5, "their words")
    assert "their words" in (folder / "cat.xmp").read_text()
    assert not list(house.server.places.sidecars_dir.rglob("*.xmp"))
    exif = (await house.get(f"/api/assets/{photo_id}"))["exifInfo"]
    assert (exif["rating"], exif["description"]) == (5, "their words")


@pytest.mark.skipif(os.geteuid() == 0, reason="who may write everywhere is never refused")
async def test_a_folder_that_takes_nothing_has_them_in_the_data_folder(house: House) -> None:
    folder = house.media / "Pictures"
    a_picture(folder / "cat.jpg")
    await house.add_library("Pictures", "photo", folder, options={"saveNfo": True})
    photo_id = (await shown(house))["cat.jpg"]["id"]
    folder.chmod(0o500)

    await house.send("PUT", f"/api/assets/{photo_id}", {"rating": 5})
    await written(house)
    folder.chmod(0o700)

    assert len(list(house.server.places.sidecars_dir.rglob("*.xmp"))) == 1


async def test_a_file_that_is_no_xmp_is_left_alone(house: House) -> None:
    photo_id = await upload(house, a_jpeg())
    await house.idle()
    path = await original_of(house, photo_id)
    path.with_name(f"{path.name}.xmp").write_bytes(b"not XML at all")

    await house.send("PUT", f"/api/assets/{photo_id}", {"rating": 5})
    await written(house)

    assert path.with_name(f"{path.name}.xmp").read_bytes() == b"not XML at all"
    assert (await house.get(f"/api/assets/{photo_id}"))["exifInfo"]["rating"] == 5


async def test_many_words_in_a_row_are_one_job(house: House) -> None:
    photo_id = await upload(house, a_jpeg())
    await house.idle()

    for rating in range(1, 6):
        await house.send("PUT", f"/api/assets/{photo_id}", {"rating": rating})

    rows = await house.server.db.read("SELECT 1 FROM job WHERE kind = :kind AND state = 'queued'", {"kind": KIND})
    assert len(rows) == 1
    await written(house)
    assert xmp.rating(beside(await original_of(house, photo_id))) == 5


@pytest.mark.parametrize(
    ("taken", "local", "has_zone", "text"),
    [
        (0, 0, False, "1970-01-01T00:00:00.000"),
        (0, 0, True, "1970-01-01T00:00:00.000+00:00"),
        (19_800_000, 39_600_000, True, "1970-01-01T11:00:00.000+05:30"),
        (19_800_500, 1_800_500, True, "1970-01-01T00:30:00.500-05:00"),
        (-86_400_000, -86_400_000, False, "1969-12-31T00:00:00.000"),
    ],
)
def test_clocks_are_written_with_their_offset(taken: int, local: int, has_zone: bool, text: str) -> None:  # noqa: FBT001
    assert clock_text(taken, local, has_zone=has_zone) == text
