"""Photos in folders of the household's own disks: in their owner's timeline, and never touched."""

import hashlib
import os
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.app import House, a_house

OLD_S = 1_650_000_000


def a_picture(path: Path, shade: int = 90, *, size: tuple[int, int] = (96, 64), taken: str | None = None) -> Path:
    """A JPEG of one colour, with the date it was taken where one is given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    if taken is not None:
        exif.get_ifd(0x8769)[0x9003] = taken
    body = BytesIO()
    Image.new("RGB", size, (shade, 120, 255 - shade)).save(body, "JPEG", exif=exif)
    path.write_bytes(body.getvalue())
    os.utime(path, (OLD_S + shade, OLD_S + shade))
    return path


def a_sidecar(path: Path, description: str) -> None:
    path.write_text(
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt>'
        f'<rdf:li xml:lang="x-default">{description}</rdf:li></rdf:Alt></dc:description></rdf:Description>'
        "</rdf:RDF></x:xmpmeta>"
    )
    os.utime(path, (OLD_S, OLD_S))


def files_in(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*"))


async def shown(house: House, **wish: Any) -> dict[str, dict[str, Any]]:
    """What the timeline holds, by file name."""
    body = {"size": 100, "withExif": True} | wish
    found = (await house.send("POST", "/api/search/metadata", body))["assets"]["items"]
    return {one["originalFileName"]: one for one in found}


async def in_timeline(house: House) -> int:
    return sum(one["count"] for one in await house.get("/api/timeline/buckets?visibility=timeline"))


async def admin(house: House) -> str:
    return str((await house.get("/api/users/me"))["id"])


@pytest.fixture
def pictures(claimed: House) -> Path:
    folder = claimed.media / "Pictures"
    a_picture(folder / "2021" / "beach.jpg", 10, taken="2021:07:04 12:30:00")
    a_picture(folder / "2021" / "lake.jpg", 40)
    a_picture(folder / "cat.png", 70)
    (folder / "notes.txt").write_text("nothing to be shown")
    return folder


async def test_pictures_of_a_folder_stand_in_the_timeline_and_stay_where_they_are(
    claimed: House, pictures: Path
) -> None:
    a_sidecar(pictures / "2021" / "lake.xmp", "by the lake")
    before = files_in(pictures)

    library = await claimed.add_library("Pictures", "photo", pictures)

    found = await shown(claimed)
    beach = found["beach.jpg"]
    assert sorted(found) == ["beach.jpg", "cat.png", "lake.jpg"]
    assert (beach["libraryId"], beach["ownerId"]) == (library["id"], await admin(claimed))
    assert beach["localDateTime"] == "2021-07-04T12:30:00.000Z"
    assert (beach["width"], beach["height"], beach["isOffline"]) == (96, 64, False)
    assert beach["originalPath"] == "Pictures/2021/beach.jpg"
    assert len(beach["checksum"]) == 28
    assert found["lake.jpg"]["exifInfo"]["description"] == "by the lake"
    assert await in_timeline(claimed) == 3
    async with claimed.client.get(f"/api/assets/{beach['id']}/thumbnail") as answer:
        assert answer.status == 200
    async with claimed.client.get(f"/api/assets/{beach['id']}/original") as answer:
        assert await answer.read() == (pictures / "2021" / "beach.jpg").read_bytes()
    (card,) = (await claimed.get("/api/libraries"))["libraries"]
    assert (card["type"], card["itemCount"]) == ("photo", 3)
    assert (await claimed.get("/api/users/me"))["quotaUsageInBytes"] == 0
    assert files_in(pictures) == before
    hashes = await claimed.server.db.read("SELECT sha1, quick_hash FROM file WHERE kind = 'photo'")
    assert all(row["sha1"] and row["quick_hash"] for row in hashes)


async def test_a_moved_picture_is_the_same_photo(claimed: House, pictures: Path) -> None:
    library = await claimed.add_library("Pictures", "photo", pictures)
    before = (await shown(claimed))["lake.jpg"]
    await claimed.send("PUT", f"/api/assets/{before['id']}", {"isFavorite": True})

    (pictures / "Holidays").mkdir()
    (pictures / "2021" / "lake.jpg").rename(pictures / "Holidays" / "pond.jpg")
    await claimed.scan(library["id"])

    found = await shown(claimed)
    after = found["pond.jpg"]
    assert sorted(found) == ["beach.jpg", "cat.png", "pond.jpg"]
    assert (after["id"], after["isFavorite"]) == (before["id"], True)
    assert after["checksum"] != before["checksum"]
    assert after["originalPath"] == "Pictures/Holidays/pond.jpg"


async def test_a_picture_that_was_edited_is_looked_into_again(claimed: House, pictures: Path) -> None:
    library = await claimed.add_library("Pictures", "photo", pictures)
    before = (await shown(claimed))["cat.png"]

    a_picture(pictures / "cat.png", 71, size=(60, 90), taken="2019:01:02 03:04:05")
    a_sidecar(pictures / "2021" / "beach.jpg.xmp", "the sea")
    await claimed.scan(library["id"])

    found = await shown(claimed)
    assert found["cat.png"]["id"] == before["id"]
    assert (found["cat.png"]["width"], found["cat.png"]["localDateTime"]) == (60, "2019-01-02T03:04:05.000Z")
    assert found["cat.png"]["thumbhash"] != before["thumbhash"]
    assert found["beach.jpg"]["exifInfo"]["description"] == "the sea"


async def test_a_missing_picture_is_offline_until_it_is_back(claimed: House, pictures: Path) -> None:
    library = await claimed.add_library("Pictures", "photo", pictures)
    lake = (await shown(claimed))["lake.jpg"]["id"]
    away = claimed.media / "away.jpg"

    (pictures / "2021" / "lake.jpg").rename(away)
    await claimed.scan(library["id"])

    assert sorted(await shown(claimed)) == ["beach.jpg", "cat.png"]
    assert await in_timeline(claimed) == 2
    gone = await claimed.get(f"/api/assets/{lake}")
    assert (gone["isOffline"], gone["isTrashed"]) == (True, True)
    assert await claimed.send("POST", "/api/trash/restore/assets", {"ids": [lake]}) == {"count": 0}

    away.rename(pictures / "2021" / "lake.jpg")
    await claimed.scan(library["id"])

    back = (await shown(claimed))["lake.jpg"]
    assert (back["id"], back["isOffline"], back["isTrashed"]) == (lake, False, False)
    assert await in_timeline(claimed) == 3


async def test_what_lay_in_the_trash_lies_there_again_when_its_file_is_back(claimed: House, pictures: Path) -> None:
    library = await claimed.add_library("Pictures", "photo", pictures)
    cat = (await shown(claimed))["cat.png"]["id"]
    async with claimed.client.delete("/api/assets", json={"ids": [cat]}) as answer:
        assert answer.status == 204

    for _ in range(2):
        (pictures / "cat.png").rename(claimed.media / "cat.png")
        await claimed.scan(library["id"])
        (claimed.media / "cat.png").rename(pictures / "cat.png")
        await claimed.scan(library["id"])

    found = await claimed.get(f"/api/assets/{cat}")
    assert (found["isOffline"], found["isTrashed"]) == (False, True)
    assert await claimed.send("POST", "/api/trash/restore/assets", {"ids": [cat]}) == {"count": 1}


async def test_a_folder_that_is_away_for_a_while_loses_nothing(claimed: House, pictures: Path) -> None:
    library = await claimed.add_library("Pictures", "photo", pictures)
    before = await shown(claimed)

    os.rename(pictures, claimed.media / "away")  # noqa: PTH104 - of a fixture
    await claimed.scan(library["id"])
    while_away = await shown(claimed)
    (claimed.media / "away").rename(pictures)
    await claimed.scan(library["id"])

    assert {one["id"] for one in while_away.values()} == {one["id"] for one in before.values()}
    assert await shown(claimed) == before


async def test_a_deleted_photo_does_not_come_back_by_a_scan(claimed: House, pictures: Path) -> None:
    library = await claimed.add_library("Pictures", "photo", pictures)
    cat = (await shown(claimed))["cat.png"]["id"]

    async with claimed.client.delete("/api/assets", json={"ids": [cat], "force": True}) as answer:
        assert answer.status == 204
    await claimed.idle()
    a_picture(pictures / "dog.png", 99)
    await claimed.scan(library["id"])
    await claimed.scan(library["id"], force=True)
    (pictures / "cat.png").rename(pictures / "tom.png")
    await claimed.scan(library["id"])

    assert (pictures / "tom.png").is_file()
    assert sorted(await shown(claimed)) == ["beach.jpg", "dog.png", "lake.jpg"]
    kept = await claimed.server.db.read("SELECT file_id FROM rendition")
    assert len({row["file_id"] for row in kept}) == 3


async def test_another_picture_at_the_place_of_a_deleted_one_is_shown(claimed: House, pictures: Path) -> None:
    library = await claimed.add_library("Pictures", "photo", pictures)
    cat = (await shown(claimed))["cat.png"]["id"]
    async with claimed.client.delete("/api/assets", json={"ids": [cat], "force": True}) as answer:
        assert answer.status == 204

    a_picture(pictures / "cat.png", 72, size=(40, 40))
    await claimed.scan(library["id"])

    assert (await shown(claimed))["cat.png"]["width"] == 40


async def test_a_removed_library_takes_its_photos_along_and_leaves_the_files(claimed: House, pictures: Path) -> None:
    library = await claimed.add_library("Pictures", "photo", pictures)

    await claimed.send("DELETE", f"/api/libraries/{library['id']}")
    await claimed.idle()

    assert await shown(claimed) == {}
    assert await in_timeline(claimed) == 0
    assert (pictures / "cat.png").is_file()
    assert not list(claimed.server.places.renditions_dir.rglob("*.webp"))
    again = await claimed.add_library("Pictures", "photo", pictures)
    assert len(await shown(claimed, libraryId=again["id"])) == 3


async def test_a_folder_taken_from_a_library_takes_its_photos_along(claimed: House, pictures: Path) -> None:
    other = claimed.media / "Scans"
    a_picture(other / "letter.jpg", 33)
    library = await claimed.add_library("Pictures", "photo", pictures, other)
    assert len(await shown(claimed)) == 4

    await claimed.send("PUT", f"/api/libraries/{library['id']}", {"paths": [str(pictures)]})
    await claimed.idle()
    assert sorted(await shown(claimed)) == ["beach.jpg", "cat.png", "lake.jpg"]

    await claimed.send("PUT", f"/api/libraries/{library['id']}", {"paths": [str(pictures / "2021")]})
    await claimed.idle()
    assert sorted(await shown(claimed)) == ["beach.jpg", "lake.jpg"]

    await claimed.send("PUT", f"/api/libraries/{library['id']}", {"paths": [str(pictures)]})
    await claimed.idle()
    assert sorted(await shown(claimed)) == ["beach.jpg", "cat.png", "lake.jpg"]


async def test_photos_belong_to_whom_the_library_was_made_for(claimed: House, pictures: Path) -> None:
    anna = await claimed.send("POST", "/api/users", {"username": "anna", "password": "correct horse"}, 201)
    anna_id = anna.get("id") or anna["user"]["id"]

    library = await claimed.add_library("Pictures", "photo", pictures, options={"ownerId": anna_id})

    device = claimed.stranger()
    async with device.post("/api/auth/login", json={"username": "anna", "password": "correct horse"}) as answer:
        assert answer.status == 200
    async with device.post("/api/search/metadata", json={}) as answer:
        assert (await answer.json())["assets"]["total"] == 3
    async with device.get("/api/libraries") as answer:
        assert (await answer.json())["libraries"] == []
    assert await shown(claimed) == {}
    assert library["options"]["ownerId"] == anna_id
    refused = await claimed.send(
        "PUT", f"/api/libraries/{library['id']}", {"options": {"ownerId": await admin(claimed)}}, 409
    )
    assert refused["code"] == "owner_immutable"
    nobody = {"name": "X", "type": "photo", "paths": [str(claimed.media)], "options": {"ownerId": "nobody"}}
    refused = await claimed.send("POST", "/api/libraries", nobody, 400)
    assert refused["details"][0]["field"] == "options.ownerId"


async def test_a_picture_moved_to_another_members_folder_is_his(claimed: House, pictures: Path) -> None:
    anna = await claimed.send("POST", "/api/users", {"username": "anna", "password": "correct horse"}, 201)
    anna_id = anna.get("id") or anna["user"]["id"]
    hers = claimed.media / "Annas"
    a_picture(hers / "own.jpg", 5)
    mine = await claimed.add_library("Pictures", "photo", pictures)
    other = await claimed.add_library("Annas", "photo", hers, options={"ownerId": anna_id})

    shutil.move(pictures / "cat.png", hers / "cat.png")
    await claimed.scan(other["id"])
    await claimed.scan(mine["id"])

    assert sorted(await shown(claimed)) == ["beach.jpg", "lake.jpg"]
    rows = await claimed.server.db.read("SELECT original_name, owner_id FROM photo WHERE owner_id <> ''")
    assert {row["original_name"] for row in rows if row["owner_id"] == anna_id} == {"cat.png", "own.jpg"}


async def test_changes_on_the_disk_show_within_seconds(tmp_path: Path) -> None:
    async with a_house(tmp_path, watch=True) as house:
        await house.claim()
        folder = house.media / "Pictures"
        a_picture(folder / "first.jpg", 1)
        await house.add_library("Pictures", "photo", folder)

        a_picture(folder / "second.jpg", 2)

        async def has_two() -> bool:
            return await in_timeline(house) == 2

        await house.until(has_two, patience_s=8)
        (folder / "first.jpg").unlink()

        async def has_one() -> bool:
            return await in_timeline(house) == 1

        await house.until(has_one, patience_s=8)


async def test_files_are_read_whole_later_and_again_when_they_change(claimed: House, pictures: Path) -> None:
    library = await claimed.add_library("Pictures", "photo", pictures)

    async def sums() -> dict[str, str]:
        rows = await claimed.server.db.read("SELECT path, sha1, sha256 FROM file WHERE kind = 'photo'")
        return {row["path"]: row["sha1"] for row in rows if row["sha256"]}

    def real() -> dict[str, str]:
        names = ("cat.png", "2021/beach.jpg", "2021/lake.jpg")
        return {name: hashlib.sha1((pictures / name).read_bytes(), usedforsecurity=False).hexdigest() for name in names}

    assert await sums() == real()
    a_picture(pictures / "cat.png", 73)
    await claimed.scan(library["id"])
    assert await sums() == real()


async def test_pictures_that_cannot_be_read_are_told_to_who_looks_after_the_library(
    claimed: House, pictures: Path
) -> None:
    (pictures / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    os.utime(pictures / "broken.jpg", (OLD_S, OLD_S))
    library = await claimed.add_library("Pictures", "photo", pictures)

    found = await claimed.get(f"/api/home/library/{library['id']}/problems")
    a_picture(pictures / "broken.jpg", 74)
    await claimed.scan(library["id"])
    mended = await claimed.get(f"/api/home/library/{library['id']}/problems")

    assert [Path(one["path"]).name for one in found["problems"]] == ["broken.jpg"]
    assert found["problems"][0]["error"]
    assert mended["problems"] == []
    assert len(await shown(claimed)) == 4


async def test_details_of_all_photos_are_read_again_when_somebody_asks(claimed: House, pictures: Path) -> None:
    library = await claimed.add_library("Pictures", "photo", pictures)
    async with claimed.server.db.write() as tx:
        await tx.run("UPDATE photo SET width = NULL")

    await claimed.send("POST", f"/api/libraries/{library['id']}/refresh", {}, 202)
    await claimed.idle()

    assert {one["width"] for one in (await shown(claimed)).values()} == {96}


async def test_a_photo_missing_for_long_waits_beyond_the_trash(claimed: House, pictures: Path) -> None:
    library = await claimed.add_library("Pictures", "photo", pictures)
    (pictures / "cat.png").rename(claimed.media / "cat.png")
    await claimed.scan(library["id"])
    async with claimed.server.db.write() as tx:
        await tx.run("UPDATE photo SET deleted_at = 1 WHERE is_offline = 1")

    await claimed.server.photos.trash.sweep()
    await claimed.idle()
    (claimed.media / "cat.png").rename(pictures / "cat.png")
    await claimed.scan(library["id"])

    assert len(await shown(claimed)) == 3


async def test_an_emptied_trash_lets_go_of_what_is_offline_and_a_file_that_comes_back_is_new(
    claimed: House, pictures: Path
) -> None:
    library = await claimed.add_library("Pictures", "photo", pictures)
    before = (await shown(claimed))["cat.png"]["id"]
    (pictures / "cat.png").rename(claimed.media / "cat.png")
    await claimed.scan(library["id"])

    assert await claimed.send("POST", "/api/trash/empty") == {"count": 1}
    await claimed.idle()
    (claimed.media / "cat.png").rename(pictures / "cat.png")
    await claimed.scan(library["id"])

    assert (await shown(claimed))["cat.png"]["id"] != before


async def test_files_missing_for_a_year_are_forgotten_with_their_photos(claimed: House, pictures: Path) -> None:
    library = await claimed.add_library("Pictures", "photo", pictures)
    (pictures / "cat.png").unlink()
    await claimed.scan(library["id"])
    async with claimed.server.db.write() as tx:
        await tx.run("UPDATE file SET missing_since_at = 1 WHERE missing_since_at IS NOT NULL")

    await claimed.scan(library["id"])

    rows = await claimed.server.db.read("SELECT original_name FROM photo WHERE library_id IS NOT NULL")
    assert sorted(row["original_name"] for row in rows) == ["beach.jpg", "lake.jpg"]
    assert len(await claimed.server.db.read("SELECT 1 FROM file WHERE kind = 'photo'")) == 2
