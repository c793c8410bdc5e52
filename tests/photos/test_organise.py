"""Tags and stacks."""

import msgspec
import pytest

from homemedia.media.photo_models import PhotoFacts
from homemedia.photos.events import PhotosChanged
from homemedia.photos.settle_store import Owed
from tests.photos.gallery import NOBODY, Gallery
from tests.support.photos import NEW_YEAR


def owed(gallery: Gallery, who: str, photo_id: str) -> Owed:
    """A photo as those who look into its file are told of it."""
    return msgspec.convert(
        dict.fromkeys(Owed.__struct_fields__)
        | {"photo_id": photo_id, "owner_id": gallery.ids[who], "file_id": 1, "kind": "IMAGE", "original_name": "a.jpg"}
        | {"todo": 0, "taken_at": 0, "modified_at": 0, "root": "/", "path": "a"},
        Owed,
    )


async def tag(gallery: Gallery, name: str, who: str = "ann", **more: str) -> str:
    return str((await gallery.done(who, "POST", "/tags", {"name": name} | more, status=201))["id"])


# Tags


async def test_tags_stand_below_one_another(gallery: Gallery) -> None:
    places = await tag(gallery, "Places")
    rome = await gallery.done(
        "ann", "POST", "/tags", {"name": "Rome", "parentId": places, "color": "FF0000"}, status=201
    )

    assert (rome["name"], rome["value"], rome["parentId"], rome["color"]) == ("Rome", "Places/Rome", places, "#ff0000")
    listed = await gallery.get("ann", "/tags")
    assert [one["value"] for one in listed] == ["Places", "Places/Rome"]
    assert not {"parentId", "color"} & listed[0].keys()
    assert await gallery.get("sam", "/tags") == []


async def test_tags_are_made_with_all_above_them_and_once(gallery: Gallery) -> None:
    made = await gallery.done("ann", "PUT", "/tags", {"tags": ["A/B/C", " A / B", "D", "D"]})

    assert [one["value"] for one in made] == ["A/B/C", "A/B", "D"]
    assert [one["value"] for one in await gallery.get("ann", "/tags")] == ["A", "A/B", "A/B/C", "D"]
    assert await gallery.done("ann", "PUT", "/tags", {"tags": ["A/B/C"]}) == made[:1]


async def test_renamed_tag_takes_along_what_lies_below_it(gallery: Gallery) -> None:
    await gallery.done("ann", "PUT", "/tags", {"tags": ["A/B/C", "A/Bee", "D"]})
    ids = {one["value"]: one["id"] for one in await gallery.get("ann", "/tags")}

    moved = await gallery.done("ann", "PUT", f"/tags/{ids['A/B']}", {"name": " Places / Rome "})

    assert (moved["id"], moved["name"], moved["value"]) == (ids["A/B"], "Rome", "Places/Rome")
    listed = {one["value"]: one for one in await gallery.get("ann", "/tags")}
    assert list(listed) == ["A", "A/Bee", "D", "Places", "Places/Rome", "Places/Rome/C"]
    assert listed["Places/Rome"]["parentId"] == listed["Places"]["id"]
    assert listed["Places/Rome/C"]["parentId"] == ids["A/B"]
    top = await gallery.done("ann", "PUT", f"/tags/{ids['A/B']}", {"name": "Rome", "color": "#00ff00"})
    assert "parentId" not in top
    assert top["color"] == "#00ff00"


async def test_tag_is_not_renamed_to_one_that_is_there_or_below_itself(gallery: Gallery) -> None:
    await gallery.done("ann", "PUT", "/tags", {"tags": ["A", "B"]})
    tag_id = next(one["id"] for one in await gallery.get("ann", "/tags") if one["value"] == "A")

    assert await gallery.refused("ann", "PUT", f"/tags/{tag_id}", {"name": "B"})
    assert await gallery.refused("ann", "PUT", f"/tags/{tag_id}", {"name": "A/B"})
    assert await gallery.refused("ann", "PUT", f"/tags/{tag_id}", {"name": "/"})
    assert (await gallery.ask("sam", "PUT", f"/tags/{tag_id}", {"name": "C"}))[0] == 400
    assert [one["value"] for one in await gallery.get("ann", "/tags")] == ["A", "B"]


async def test_tag_of_another_form_is_refused(gallery: Gallery) -> None:
    await tag(gallery, "A")
    status, answer = await gallery.ask("ann", "POST", "/tags", {"name": "A"})
    assert (status, answer["message"]) == (400, "A tag with that name already exists")
    small = "Too small: expected string to have >=1 characters"
    for name in ("", " ", "/"):
        assert await gallery.refused("ann", "POST", "/tags", {"name": name}) == small
    assert await gallery.refused("ann", "PUT", "/tags", {"tags": ["A", ""]}) == small
    assert (await gallery.ask("ann", "POST", "/tags", {"name": "x" * 1001}))[0] == 400
    assert await gallery.refused("ann", "POST", "/tags", {"name": "B", "color": "red"}) == (
        "Invalid input: expected hex color"
    )
    assert await gallery.refused("ann", "POST", "/tags", {"name": "B", "parentId": "x"}) == "Invalid UUID"
    assert await gallery.refused("ann", "POST", "/tags", {"name": "B", "parentId": NOBODY}) == (
        "Not found or no tag.read access"
    )
    assert [one["value"] for one in await gallery.get("ann", "/tags")] == ["A"]


@pytest.mark.parametrize(
    ("method", "below", "body", "word"),
    [
        ("GET", "", None, "tag.read"),
        ("PUT", "", {"color": "#fff"}, "tag.update"),
        ("DELETE", "", None, "tag.delete"),
        ("PUT", "/assets", {"ids": []}, "tag.asset"),
        ("DELETE", "/assets", {"ids": []}, "tag.asset"),
    ],
)
async def test_tags_are_their_owner_s_alone(gallery: Gallery, method: str, below: str, body: object, word: str) -> None:
    theirs = await tag(gallery, "A", "sam")

    for found in (theirs, NOBODY):
        assert await gallery.refused("ann", method, f"/tags/{found}{below}", body) == f"Not found or no {word} access"
    assert await gallery.refused("ann", method, f"/tags/5{below}", body) == "Invalid UUID"


async def test_tag_is_painted_and_wiped(gallery: Gallery) -> None:
    made = await tag(gallery, "A", color="#abcdef")

    assert (await gallery.done("ann", "PUT", f"/tags/{made}", {"color": "123"}))["color"] == "#123"
    assert (await gallery.done("ann", "PUT", f"/tags/{made}", {}))["color"] == "#123"
    assert "color" not in await gallery.done("ann", "PUT", f"/tags/{made}", {"color": None})


async def test_each_photo_tagged_is_answered_for(gallery: Gallery) -> None:
    one, two, other = await gallery.photo("ann"), await gallery.photo("ann"), await gallery.photo("sam")
    made = await tag(gallery, "A")
    path = f"/tags/{made}/assets"
    await gallery.done("ann", "PUT", path, {"ids": [one]})

    assert await gallery.done("ann", "PUT", path, {"ids": [one, two, other, NOBODY, two]}) == [
        {"id": one, "success": False, "error": "duplicate"},
        {"id": two, "success": True},
        {"id": other, "success": False, "error": "no_permission"},
        {"id": NOBODY, "success": False, "error": "no_permission"},
        {"id": two, "success": False, "error": "duplicate"},
    ]
    assert await gallery.done("ann", "DELETE", path, {"ids": [two, other]}) == [
        {"id": two, "success": True},
        {"id": other, "success": False, "error": "not_found"},
    ]
    assert await gallery.rows("SELECT photo_id FROM photo_tag") == [{"photo_id": one}]
    said = [event for event in gallery.porch.events if isinstance(event, PhotosChanged)]
    assert [event.photo_ids for event in said] == [(one,), (two,), (two,)]


async def test_several_tags_go_on_several_photos(gallery: Gallery) -> None:
    photos, other = await gallery.photos("ann", 2), await gallery.photo("sam")
    tags = [await tag(gallery, name) for name in "AB"]
    body = {"tagIds": [*tags, await tag(gallery, "C", "sam")], "assetIds": [*photos, other]}

    assert await gallery.done("ann", "PUT", "/tags/assets", body) == {"count": 4}
    assert await gallery.done("ann", "PUT", "/tags/assets", body) == {"count": 0}
    assert await gallery.refused("ann", "PUT", "/tags/assets", {"tagIds": ["x"], "assetIds": []}) == "Invalid UUID"


async def test_removed_tag_takes_those_below_it_along(gallery: Gallery) -> None:
    photo = await gallery.photo("ann")
    (leaf,) = await gallery.done("ann", "PUT", "/tags", {"tags": ["A/B"]})
    await gallery.done("ann", "PUT", f"/tags/{leaf['id']}/assets", {"ids": [photo]})

    await gallery.done("ann", "DELETE", f"/tags/{leaf['parentId']}", status=204)

    assert await gallery.get("ann", "/tags") == []
    assert await gallery.rows("SELECT 1 FROM photo_tag") == []


async def test_keywords_of_a_file_become_tags(gallery: Gallery) -> None:
    photo = await gallery.photo("ann")
    for _ in range(2):  # read again, it says the same
        async with gallery.db.write() as tx:
            facts = PhotoFacts(keywords=("Places/Rome", "holiday", "/", "x" * 2000))
            await gallery.tags.take_keywords(tx, owed(gallery, "ann", photo), facts)

    assert [one["value"] for one in await gallery.get("ann", "/tags")] == ["Places", "Places/Rome", "holiday"]
    bearing = await gallery.rows(
        "SELECT tag.value FROM photo_tag JOIN tag ON tag.tag_id = photo_tag.tag_id ORDER BY tag.value"
    )
    assert [row["value"] for row in bearing] == ["Places/Rome", "holiday"]


# Stacks


async def stack(gallery: Gallery, *photo_ids: str) -> str:
    body = {"assetIds": list(photo_ids)}
    return str((await gallery.done("ann", "POST", "/stacks", body, status=201))["id"])


async def test_first_photo_stands_for_a_stack(gallery: Gallery) -> None:
    first, second, third = [await gallery.photo("ann", taken_at=NEW_YEAR - number) for number in range(3)]

    made = await gallery.done("ann", "POST", "/stacks", {"assetIds": [first, second, third, first]}, status=201)

    assert made["primaryAssetId"] == first
    assert [one["id"] for one in made["assets"]] == [first, third, second]
    assert made["assets"][1]["stack"] == {"id": made["id"], "primaryAssetId": first, "assetCount": 3}
    assert await gallery.get("ann", f"/stacks/{made['id']}") == made
    assert await gallery.get("ann", f"/stacks?primaryAssetId={first}") == [made]
    assert await gallery.get("ann", f"/stacks?primaryAssetId={second}") == []
    assert await gallery.get("sam", "/stacks") == []


async def test_stack_led_by_one_of_them_comes_along(gallery: Gallery) -> None:
    photos = await gallery.photos("ann", 5)
    old = await stack(gallery, *photos[:2])
    other = await stack(gallery, *photos[2:4])

    # The second is led by another photo: it loses one and is too small then.
    made = await stack(gallery, photos[4], photos[0], photos[3])

    found = await gallery.get("ann", "/stacks")
    assert [one["id"] for one in found] == [made]
    assert {one["id"] for one in found[0]["assets"]} == {photos[4], photos[0], photos[1], photos[3]}
    assert await gallery.rows("SELECT photo_id FROM photo WHERE stack_id IS NULL") == [{"photo_id": photos[2]}]
    for gone in (old, other):
        assert await gallery.refused("ann", "GET", f"/stacks/{gone}") == "Not found or no stack.read access"


async def test_stack_of_another_form_is_refused(gallery: Gallery) -> None:
    one, other = await gallery.photo("ann"), await gallery.photo("sam")
    small = "Too small: expected array to have >=2 items"

    for ids in ([], [one], [one, one]):
        assert await gallery.refused("ann", "POST", "/stacks", {"assetIds": ids}) == small
    assert await gallery.refused("ann", "POST", "/stacks", {"assetIds": [one, other]}) == (
        "Not found or no asset.update access"
    )
    assert await gallery.refused("ann", "POST", "/stacks", {"assetIds": [one, "x"]}) == "Invalid UUID"


async def test_another_photo_leads_a_stack(gallery: Gallery) -> None:
    first, second = await gallery.photos("ann", 2)
    made = await stack(gallery, first, second)
    path = f"/stacks/{made}"

    assert (await gallery.done("ann", "PUT", path, {"primaryAssetId": second}))["primaryAssetId"] == second
    status, answer = await gallery.ask("ann", "PUT", path, {"primaryAssetId": await gallery.photo("ann")})
    assert (status, answer["message"]) == (400, "Primary asset must be in the stack")
    body = {"primaryAssetId": first}
    assert await gallery.refused("sam", "PUT", path, body) == "Not found or no stack.update access"


async def test_photos_leave_a_stack_until_one_is_left(gallery: Gallery) -> None:
    first, second, third = await gallery.photos("ann", 3)
    made = await stack(gallery, first, second, third)
    path = f"/stacks/{made}/assets/"

    assert await gallery.refused("ann", "DELETE", path + first) == "Cannot remove primary asset from stack"
    assert await gallery.refused("ann", "DELETE", path + NOBODY) == "Asset not in stack"
    assert await gallery.refused("sam", "DELETE", path + second) == "Not found or no stack.update access"
    await gallery.done("ann", "DELETE", path + second, status=204)
    assert len((await gallery.get("ann", f"/stacks/{made}"))["assets"]) == 2
    await gallery.done("ann", "DELETE", path + third, status=204)
    assert await gallery.get("ann", "/stacks") == []
    assert await gallery.rows("SELECT 1 FROM photo WHERE stack_id IS NOT NULL") == []


async def test_stacks_are_dissolved(gallery: Gallery) -> None:
    photos = await gallery.photos("ann", 6)
    stacks = [await stack(gallery, *photos[start : start + 2]) for start in (0, 2, 4)]

    await gallery.done("ann", "DELETE", f"/stacks/{stacks[0]}", status=204)
    assert await gallery.refused("ann", "DELETE", "/stacks", {"ids": [stacks[1], NOBODY]}) == (
        "Not found or no stack.delete access"
    )
    assert await gallery.refused("sam", "DELETE", f"/stacks/{stacks[1]}") == "Not found or no stack.delete access"
    assert len(await gallery.get("ann", "/stacks")) == 2
    await gallery.done("ann", "DELETE", "/stacks", {"ids": stacks[1:]}, status=204)
    assert await gallery.rows("SELECT 1 FROM stack") == []
    assert len(await gallery.rows("SELECT 1 FROM photo WHERE stack_id IS NULL")) == 6


async def test_trashed_photos_are_not_shown_in_a_stack(gallery: Gallery) -> None:
    first, second, third = await gallery.photos("ann", 3)
    made = await stack(gallery, first, second, third)
    await gallery.porch.set("photo", f"photo_id = '{third}'", deleted_at=1)

    assert {one["id"] for one in (await gallery.get("ann", f"/stacks/{made}"))["assets"]} == {first, second}


async def test_purged_member_s_tags_and_stacks_go(gallery: Gallery) -> None:
    await stack(gallery, *await gallery.photos("ann", 2))
    await tag(gallery, "A")
    await tag(gallery, "B", "sam")

    async with gallery.db.write() as tx:
        for part in (gallery.tags, gallery.stacks, gallery.people, gallery.memories):
            await part.forget(tx, gallery.ids["ann"])

    assert await gallery.rows("SELECT value FROM tag") == [{"value": "B"}]
    assert await gallery.rows("SELECT 1 FROM stack") == []
