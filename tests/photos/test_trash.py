"""Photos go into the trash, come back, and go for good with everything that was theirs."""

from pathlib import Path
from typing import Any

from homemedia.core.ids import new_uuid
from tests.photos.test_uploads import JPEG, files, row, second_member, used
from tests.support.app import House, a_house
from tests.support.fakes import FakeClock
from tests.support.uploads import sent, uploaded

DAY_MS = 24 * 3600 * 1000


async def delete(house: House, *ids: str, force: bool = False, status: int = 204) -> Any:
    async with house.client.delete("/api/assets", json={"ids": ids, "force": force}) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json() if status != 204 else None


async def left(house: House) -> set[str]:
    return {row["photo_id"] for row in await house.server.db.read("SELECT photo_id FROM photo")}


async def counts(house: House) -> dict[int, int]:
    """Photos outside and inside the trash, as the months tell."""
    rows = await house.server.db.read("SELECT is_trashed, sum(photos) AS n FROM photo_month GROUP BY is_trashed")
    return {row["is_trashed"]: row["n"] for row in rows if row["n"]}


async def test_trashed_photo_keeps_its_file_and_comes_back(claimed: House) -> None:
    first, second = await uploaded(claimed.client, JPEG), await uploaded(claimed.client, JPEG + b"2")

    await delete(claimed, first, second, first.upper())
    assert await counts(claimed) == {1: 2}
    async with claimed.client.get(f"/api/assets/{first}/original") as answer:
        assert answer.status == 200

    assert await claimed.send("POST", "/api/trash/restore/assets", {"ids": [first]}) == {"count": 1}
    assert await claimed.send("POST", "/api/trash/restore/assets", {"ids": []}) == {"count": 0}
    assert await claimed.send("POST", "/api/trash/restore") == {"count": 1}
    assert await counts(claimed) == {0: 2}
    assert await used(claimed) == 2 * len(JPEG) + 1


async def test_emptied_trash_gives_back_bytes_and_quota(claimed: House) -> None:
    first, second = await uploaded(claimed.client, JPEG, sidecar=b"<x/>"), await uploaded(claimed.client, JPEG + b"2")
    await claimed.idle()
    await delete(claimed, first)

    assert await claimed.send("POST", "/api/trash/empty") == {"count": 1}
    await claimed.idle()

    assert await left(claimed) == {second}
    assert list(files(claimed)) == ["2024/03/IMG_1+1.jpg"]
    assert await used(claimed) == len(JPEG) + 1
    assert await claimed.send("POST", "/api/trash/empty") == {"count": 0}
    await uploaded(claimed.client, JPEG)


async def test_removed_for_good_leaves_no_file_no_row_and_no_folder(claimed: House) -> None:
    photo_id = await uploaded(claimed.client, JPEG, sidecar=b"<x/>")
    await claimed.idle()

    await delete(claimed, photo_id, force=True)
    await claimed.idle()

    assert files(claimed) == {}
    assert await used(claimed) == 0
    assert await claimed.server.db.read("SELECT 1 FROM file WHERE kind = 'photo'") == []
    assert await claimed.server.db.read("SELECT 1 FROM rendition") == []
    owner = next((claimed.server.places.media_dir / "photos").iterdir())
    assert list(owner.iterdir()) == []
    tombs = await claimed.server.db.read("SELECT ids FROM photo_tombstone WHERE kind = 'asset'")
    assert [row["ids"] for row in tombs] == [f'{{"assetId":"{photo_id}"}}']


async def test_deleting_what_is_not_one_s_own_changes_nothing(claimed: House) -> None:
    own = await uploaded(claimed.client, JPEG)
    another_s = await uploaded(await second_member(claimed), JPEG)

    for ids in ([own, another_s], [own, new_uuid()]):
        body = await delete(claimed, *ids, force=True, status=400)
        assert body["message"] == "Not found or no asset.delete access"
        await claimed.send("POST", "/api/trash/restore/assets", {"ids": ids}, 400)
    body = await delete(claimed, own, "x", status=400)
    assert body["message"] == "Invalid UUID"
    assert await counts(claimed) == {0: 2}


async def test_trash_that_is_switched_off_removes_at_once(claimed: House) -> None:
    photo_id = await uploaded(claimed.client, JPEG)

    claimed.server.photos.trash.days = lambda: 0
    await delete(claimed, photo_id)

    assert await left(claimed) == set()


async def test_moving_part_goes_with_its_last_still(claimed: House) -> None:
    video = await uploaded(claimed.client, b"moving", "a.mov")
    first = await uploaded(claimed.client, JPEG, livePhotoVideoId=video)
    second = await uploaded(claimed.client, JPEG + b"2", livePhotoVideoId=video)

    await delete(claimed, first)
    assert (await row(claimed, video))["deleted_at"] is None
    await delete(claimed, first, force=True)
    assert await left(claimed) == {video, second}
    await delete(claimed, second, force=True)

    assert await left(claimed) == set()
    assert await used(claimed) == 0


async def test_stack_gets_another_first_photo_and_ends_below_two(claimed: House) -> None:
    ids = [await uploaded(claimed.client, JPEG + bytes([number])) for number in range(3)]
    stack_id = new_uuid()
    async with claimed.server.db.write() as tx:
        await tx.run(
            "INSERT INTO stack SELECT :stack, owner_id, photo_id, 0, 0, 0 FROM photo WHERE photo_id = :first",
            {"stack": stack_id, "first": ids[0]},
        )
        await tx.run("UPDATE photo SET stack_id = :stack", {"stack": stack_id})

    await delete(claimed, ids[0], force=True)
    rows = await claimed.server.db.read("SELECT primary_photo_id FROM stack")
    assert rows[0]["primary_photo_id"] in ids[1:]
    await delete(claimed, ids[1], force=True)

    assert await claimed.server.db.read("SELECT 1 FROM stack") == []
    assert (await row(claimed, ids[2]))["stack_id"] is None


async def test_trash_is_emptied_by_time(tmp_path: Path) -> None:
    clock = FakeClock()
    async with a_house(tmp_path, clock=clock) as house:
        await house.claim()
        old, young = await uploaded(house.client, JPEG), await uploaded(house.client, JPEG + b"2")
        await delete(house, old)
        clock.pass_ms(29 * DAY_MS)
        await delete(house, young)
        await house.server.photos.trash.sweep()
        await house.idle()
        assert await left(house) == {old, young}
        clock.pass_ms(DAY_MS)

        await house.server.photos.trash.sweep()
        await house.idle()

        assert await left(house) == {young}


async def test_photos_of_a_purged_member_go_with_him(claimed: House) -> None:
    device = await second_member(claimed)
    await uploaded(device, JPEG)
    own = await uploaded(claimed.client, JPEG)
    bob = next(one["id"] for one in await claimed.get("/api/users") if one["username"] == "bob")

    async with claimed.client.delete(f"/api/admin/users/{bob}", json={"force": True}) as answer:
        assert answer.status == 200, await answer.text()
    await claimed.idle()

    assert await left(claimed) == {own}
    assert len(files(claimed)) == 1


async def test_answer_to_an_upload_in_the_trash_tells_so_in_checks(claimed: House) -> None:
    photo_id = await uploaded(claimed.client, JPEG)
    await delete(claimed, photo_id)

    assert (await sent(claimed.client, JPEG))[1]["id"] == photo_id
    assert await counts(claimed) == {1: 1}
