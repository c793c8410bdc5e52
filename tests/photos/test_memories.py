"""What members are reminded of, and what they have twice."""

import pytest

from homemedia.media.photo_models import PhotoFacts
from homemedia.photos.organise.duplicates import heads_around
from homemedia.photos.organise.memories import same_day, spread
from tests.photos.gallery import NOBODY, Gallery
from tests.photos.test_organise import owed
from tests.support.photos import NEW_YEAR

DAY_MS = 86_400_000
HASH = bytes.fromhex("d50f06650a47887787788777778777887087")
YEAR_BEFORE = NEW_YEAR - 365 * DAY_MS


async def memory(gallery: Gallery, *photo_ids: str, who: str = "ann", **more: object) -> dict[str, object]:
    body = {"type": "on_this_day", "data": {"year": 2019}, "memoryAt": "2026-01-01", "assetIds": list(photo_ids)}
    return dict(await gallery.done(who, "POST", "/memories", body | more, status=201))


async def test_kept_memory_has_all_the_contract_names(gallery: Gallery) -> None:
    own, other = await gallery.photo("ann"), await gallery.photo("sam")

    made = await memory(gallery, own, other, NOBODY, showAt="2026-01-01T00:00:00+01:00", isSaved=True)

    assert (made["type"], made["data"], made["isSaved"]) == ("on_this_day", {"year": 2019}, True)
    assert (made["memoryAt"], made["showAt"]) == ("2026-01-01T00:00:00.000Z", "2025-12-31T23:00:00.000Z")
    assert not {"hideAt", "seenAt", "deletedAt"} & made.keys()
    assert [one["id"] for one in made["assets"]] == [own]  # type: ignore[attr-defined]
    assert await gallery.get("ann", f"/memories/{made['id']}") == made
    assert await gallery.get("sam", "/memories") == []


@pytest.mark.parametrize(
    "change",
    [{"type": "birthday"}, {"data": {}}, {"data": {"year": 0}}, {"memoryAt": "May"}, {"assetIds": ["x"]}],
    ids=str,
)
async def test_memory_of_another_form_is_refused(gallery: Gallery, change: dict[str, object]) -> None:
    body = {"type": "on_this_day", "data": {"year": 2019}, "memoryAt": "2026-01-01"} | change

    assert (await gallery.ask("ann", "POST", "/memories", body))[0] == 400


async def test_memories_are_shown_in_their_time(gallery: Gallery) -> None:
    photo = await gallery.photo("ann")
    always = await memory(gallery, photo, memoryAt="2026-01-03")
    today = await memory(gallery, photo, showAt="2026-01-01", hideAt="2026-01-01T23:59:59.999Z", isSaved=True)

    async def found(query: str) -> list[object]:
        return [one["id"] for one in await gallery.get("ann", f"/memories?{query}")]

    assert await found("for=2026-01-01T12:00:00Z") == [always["id"], today["id"]]
    assert await found("for=2026-01-01T12:00:00Z&order=asc") == [today["id"], always["id"]]
    assert await found("for=2026-01-02") == [always["id"]]
    assert await found("isSaved=true") == [today["id"]]
    assert await found("size=1") == [always["id"]]
    assert len(await found("order=random")) == 2
    assert await found("isTrashed=true") == []
    assert await gallery.get("ann", "/memories/statistics?for=2026-01-02") == {"total": 1}
    assert (await gallery.ask("ann", "GET", "/memories?for=then"))[0] == 400
    assert (await gallery.ask("ann", "GET", "/memories?order=up"))[0] == 400


async def test_photos_that_left_the_timeline_drop_out(gallery: Gallery) -> None:
    photo = await gallery.photo("ann")
    made = await memory(gallery, photo)
    await gallery.porch.set("photo", f"photo_id = '{photo}'", visibility="archive")

    assert await gallery.get("ann", "/memories") == []
    assert (await gallery.get("ann", f"/memories/{made['id']}"))["assets"] == []


async def test_memory_is_seen_kept_and_dropped(gallery: Gallery) -> None:
    made = await memory(gallery, await gallery.photo("ann"))
    path = f"/memories/{made['id']}"

    changed = await gallery.done("ann", "PUT", path, {"isSaved": True, "seenAt": "2026-01-01T08:00:00Z"})
    assert (changed["isSaved"], changed["seenAt"]) == (True, "2026-01-01T08:00:00.000Z")
    changed = await gallery.done("ann", "PUT", path, {"seenAt": None, "memoryAt": "2020-02-02"})
    assert ("seenAt" in changed, changed["memoryAt"], changed["isSaved"]) == (False, "2020-02-02T00:00:00.000Z", True)
    for method, body, word in (("GET", None, "read"), ("PUT", {}, "update"), ("DELETE", None, "delete")):
        assert await gallery.refused("sam", method, path, body) == f"Not found or no memory.{word} access"
    await gallery.done("ann", "DELETE", path, status=204)
    assert await gallery.refused("ann", "GET", path) == "Not found or no memory.read access"
    assert [one["id"] for one in await gallery.get("ann", "/memories?isTrashed=true")] == [made["id"]]


async def test_each_photo_of_a_memory_is_answered_for(gallery: Gallery) -> None:
    one, two, other = await gallery.photo("ann"), await gallery.photo("ann"), await gallery.photo("sam")
    path = f"/memories/{(await memory(gallery, one))['id']}/assets"

    assert await gallery.done("ann", "PUT", path, {"ids": [one, two, other]}) == [
        {"id": one, "success": False, "error": "duplicate"},
        {"id": two, "success": True},
        {"id": other, "success": False, "error": "no_permission"},
    ]
    assert await gallery.done("ann", "DELETE", path, {"ids": [one, other]}) == [
        {"id": one, "success": True},
        {"id": other, "success": False, "error": "not_found"},
    ]
    assert await gallery.refused("sam", "PUT", path, {"ids": []}) == "Not found or no memoryAsset.create access"
    assert await gallery.refused("sam", "DELETE", path, {"ids": []}) == "Not found or no memoryAsset.delete access"


# What is made each night


async def test_this_day_of_earlier_years_is_remembered_once(gallery: Gallery) -> None:
    old = await gallery.photos("ann", 30, taken_at=YEAR_BEFORE + 1000, thumbhash=HASH)
    await gallery.photo("ann", taken_at=YEAR_BEFORE, visibility="archive", thumbhash=HASH)
    await gallery.photo("ann", taken_at=NEW_YEAR, thumbhash=HASH)
    await gallery.photo("ann", taken_at=YEAR_BEFORE + 30 * DAY_MS, thumbhash=HASH)
    await gallery.photo("ann", taken_at=YEAR_BEFORE + 2 * DAY_MS)  # of which there are no pictures
    soon = await gallery.photo("ann", taken_at=YEAR_BEFORE + 3 * DAY_MS, thumbhash=HASH)

    for _ in range(2):
        await gallery.memories.sweep()

    found = await gallery.get("ann", "/memories?order=asc")
    assert [one["data"]["year"] for one in found] == [2025, 2025]
    today, later = found
    assert (today["showAt"], today["hideAt"]) == ("2026-01-01T00:00:00.000Z", "2026-01-01T23:59:59.999Z")
    assert today["memoryAt"] == "2025-01-01T00:00:00.000Z"
    assert len(today["assets"]) == 20
    assert {one["id"] for one in today["assets"]} <= set(old)
    assert [one["id"] for one in later["assets"]] == [soon]
    assert later["showAt"] == "2026-01-04T00:00:00.000Z"


async def test_dropped_memory_is_not_made_again(gallery: Gallery) -> None:
    await gallery.photo("ann", taken_at=YEAR_BEFORE, thumbhash=HASH)
    await gallery.memories.sweep()
    (made,) = await gallery.get("ann", "/memories")
    await gallery.done("ann", "DELETE", f"/memories/{made['id']}", status=204)

    await gallery.memories.sweep()

    assert await gallery.get("ann", "/memories") == []


async def test_only_saved_memories_outlive_a_month(gallery: Gallery) -> None:
    photo = await gallery.photo("ann")
    await memory(gallery, photo)
    saved = await memory(gallery, photo, isSaved=True)
    gallery.clock.pass_ms(31 * DAY_MS)

    await gallery.memories.sweep()

    assert await gallery.rows("SELECT memory_id FROM memory") == [{"memory_id": saved["id"]}]


def test_leap_day_has_its_own_years() -> None:
    leap_day = 1_709_164_800_000  # 2024-02-29

    assert same_day(leap_day, 2020) == leap_day - 1461 * DAY_MS
    assert same_day(leap_day, 2023) is None
    assert same_day(leap_day, 2024) is None
    assert same_day(leap_day, 2025) is None


def test_photos_of_a_day_are_chosen_from_all_of_it() -> None:
    assert spread(list("abcdefghij"), 3) == ["a", "d", "g"]
    assert spread(list("ab"), 3) == ["a", "b"]


# Look-alikes


async def look(gallery: Gallery, *photo_ids: str) -> None:
    for photo_id in photo_ids:
        await gallery.duplicates.look(owed(gallery, "ann", photo_id), PhotoFacts())


def changed(at: int, by: int) -> bytes:
    body = bytearray(HASH)
    body[at] += by
    return bytes(body)


async def test_copies_of_a_picture_are_found(gallery: Gallery) -> None:
    small = await gallery.photo("ann", thumbhash=HASH, size_bytes=10, width=400, height=300)
    large = await gallery.photo("ann", thumbhash=changed(7, 1), size_bytes=99)
    copy = await gallery.photo("ann", thumbhash=changed(0, 1), size_bytes=99, make="Apple")
    others = [
        await gallery.photo("ann", thumbhash=HASH[:10] + bytes.fromhex("1f") + HASH[11:]),
        await gallery.photo("ann", thumbhash=HASH, width=3000, height=4000),
        await gallery.photo("ann", thumbhash=HASH, kind="VIDEO", duration_ms=9000),
        await gallery.photo("ann", thumbhash=HASH, deleted_at=1),
        await gallery.photo("ann"),
        await gallery.photo("sam", thumbhash=HASH),
    ]

    await look(gallery, small, large, copy, *others)

    (found,) = await gallery.get("ann", "/duplicates")
    assert {one["id"] for one in found["assets"]} == {small, large, copy}
    assert all(one["duplicateId"] == found["duplicateId"] for one in found["assets"])
    assert found["suggestedKeepAssetIds"] == [copy]
    assert await gallery.get("sam", "/duplicates") == []


async def test_what_only_looks_alike_is_said_so(gallery: Gallery) -> None:
    await look(gallery, *await gallery.photos("ann", 2, thumbhash=HASH))
    (found,) = await gallery.get("ann", "/duplicates")
    body = {"ids": [found["duplicateId"], NOBODY]}

    await gallery.done("sam", "DELETE", "/duplicates", body, status=204)
    assert len(await gallery.get("ann", "/duplicates")) == 1
    await gallery.done("ann", "DELETE", "/duplicates", body, status=204)
    assert await gallery.get("ann", "/duplicates") == []
    assert await gallery.refused("ann", "DELETE", "/duplicates", {"ids": ["x"]}) == "Invalid UUID"


async def test_photos_of_one_stack_are_no_duplicates(gallery: Gallery) -> None:
    photos = await gallery.photos("ann", 2, thumbhash=HASH)
    await gallery.done("ann", "POST", "/stacks", {"assetIds": photos}, status=201)

    await look(gallery, *photos)

    assert await gallery.get("ann", "/duplicates") == []


async def test_group_of_which_one_is_left_is_none(gallery: Gallery) -> None:
    photos = await gallery.photos("ann", 2, thumbhash=HASH)
    await look(gallery, *photos)
    await gallery.porch.set("photo", f"photo_id = '{photos[0]}'", deleted_at=1)

    assert await gallery.get("ann", "/duplicates") == []


def test_heads_around_hold_those_whose_averages_differ_by_one() -> None:
    heads = set(heads_around(HASH))

    assert HASH[:3].hex().upper() in heads
    assert changed(0, 1)[:3].hex().upper() in heads
    assert changed(0, 2)[:3].hex().upper() not in heads
    assert len(heads) <= 81
