"""What a killed server left: files without rows, rows without files, halves of uploads."""

import asyncio
import os
from pathlib import Path

from tests.photos.test_uploads import JPEG, files, row, used
from tests.support.app import House, a_house
from tests.support.uploads import sent, uploaded


def owner_folder(house: House) -> Path:
    return next((house.server.places.media_dir / "photos").iterdir())


async def forget_rows(house: House, photo_id: str) -> None:
    """As if the server had been killed before its commit."""
    found = await row(house, photo_id)
    async with house.server.db.write() as tx:
        await tx.run("DELETE FROM photo WHERE photo_id = :id", {"id": photo_id})
        await tx.run("DELETE FROM file WHERE file_id = :id", {"id": found["file_id"]})
        await tx.run("UPDATE user SET used_bytes = used_bytes - :size", {"size": found["size_bytes"]})


async def sweep(house: House) -> None:
    async with house.server.db.write() as tx:
        await tx.enqueue("photo-sweep", "start")
    await house.idle()


async def test_file_without_a_row_becomes_a_photo_of_its_owner(claimed: House) -> None:
    photo_id = await uploaded(claimed.client, JPEG, "a.jpg", sidecar=b"<x/>")
    await claimed.idle()
    await forget_rows(claimed, photo_id)

    await sweep(claimed)

    rows = await claimed.server.db.read("SELECT photo_id, original_name, modified_at FROM photo")
    assert [(one["original_name"], one["modified_at"]) for one in rows] == [("a.jpg", 1_709_632_800_000)]
    assert await used(claimed) == len(JPEG)
    status, body = await sent(claimed.client, JPEG, "again.jpg")
    assert (status, body["id"]) == (200, rows[0]["photo_id"])
    assert list(files(claimed)) == ["2024/03/a.jpg", "2024/03/a.jpg.xmp"]


async def test_file_that_was_sent_again_meanwhile_is_kept_once(claimed: House) -> None:
    photo_id = await uploaded(claimed.client, JPEG, "a.jpg")
    await claimed.idle()
    await forget_rows(claimed, photo_id)
    await uploaded(claimed.client, JPEG, "a.jpg")

    await sweep(claimed)

    assert list(files(claimed)) == ["2024/03/a+1.jpg"]
    assert len(await claimed.server.db.read("SELECT 1 FROM photo")) == 1


async def test_file_moved_by_hand_is_found_again(claimed: House) -> None:
    photo_id = await uploaded(claimed.client, JPEG, "a.jpg")
    await claimed.idle()
    old = owner_folder(claimed) / "2024" / "03" / "a.jpg"
    new = owner_folder(claimed) / "2024" / "05" / "b.jpg"
    new.parent.mkdir()
    old.rename(new)

    await sweep(claimed)

    assert (await row(claimed, photo_id))["path"].endswith("2024/05/b.jpg")
    async with claimed.client.get(f"/api/assets/{photo_id}/original") as answer:
        assert await answer.read() == JPEG


async def test_row_without_a_file_is_missing_until_it_comes_back(claimed: House) -> None:
    await uploaded(claimed.client, JPEG, "a.jpg")
    await claimed.idle()
    path = owner_folder(claimed) / "2024" / "03" / "a.jpg"
    path.rename(claimed.folder / "away")

    await sweep(claimed)
    rows = await claimed.server.db.read("SELECT missing_since_at FROM file WHERE kind = 'photo'")
    assert rows[0]["missing_since_at"] is not None
    (claimed.folder / "away").rename(path)
    await sweep(claimed)

    rows = await claimed.server.db.read("SELECT missing_since_at FROM file WHERE kind = 'photo'")
    assert rows[0]["missing_since_at"] is None


async def test_what_is_nobody_s_photo_is_left_where_it_lies(claimed: House) -> None:
    await uploaded(claimed.client, JPEG, "a.jpg")
    await claimed.idle()
    folder = owner_folder(claimed)
    (folder / "notes.txt").write_text("mine")
    (folder / "empty.jpg").touch()
    stranger = folder.parent / "nobody" / "2024"
    stranger.mkdir(parents=True)
    (stranger / "x.jpg").write_bytes(os.urandom(10))

    await sweep(claimed)

    assert (folder / "notes.txt").exists()
    assert (stranger / "x.jpg").exists()
    assert not (folder / "empty.jpg").exists()
    assert len(await claimed.server.db.read("SELECT 1 FROM photo")) == 1


async def test_sweep_beside_uploads_adopts_nothing_twice(claimed: House) -> None:
    async def upload(number: int) -> None:
        await uploaded(claimed.client, os.urandom(200_000), f"{number % 4}.jpg")

    await asyncio.gather(*(upload(number) for number in range(12)), *(sweep(claimed) for _ in range(3)))
    await sweep(claimed)

    assert len(await claimed.server.db.read("SELECT 1 FROM photo")) == 12
    assert len(files(claimed)) == 12


async def test_start_clears_half_uploads_and_the_folder_may_have_moved(tmp_path: Path) -> None:
    async with a_house(tmp_path / "one") as house:
        await house.claim()
        photo_id = await uploaded(house.client, JPEG)
        await house.idle()
        (house.server.photos.managed.staging.folder / "half.part").write_bytes(b"half")
        token = house.token
    (tmp_path / "one").rename(tmp_path / "two")

    async with a_house(tmp_path / "two") as house:
        await house.idle()
        assert list(house.server.photos.managed.staging.folder.iterdir()) == []
        headers = {"Authorization": f"Bearer {token}"}
        async with house.client.get(f"/api/assets/{photo_id}/original", headers=headers) as answer:
            assert await answer.read() == JPEG


async def test_file_moved_to_a_folder_that_comes_first_is_not_taken_for_a_copy(claimed: House) -> None:
    photo_id = await uploaded(claimed.client, JPEG, "a.jpg")
    await claimed.idle()
    old = owner_folder(claimed) / "2024" / "03" / "a.jpg"
    new = owner_folder(claimed) / "2023" / "a.jpg"
    new.parent.mkdir()
    old.rename(new)

    await sweep(claimed)

    assert (await row(claimed, photo_id))["path"].endswith("2023/a.jpg")
    assert new.read_bytes() == JPEG
    rows = await claimed.server.db.read("SELECT missing_since_at FROM file WHERE kind = 'photo'")
    assert rows[0]["missing_since_at"] is None
