"""What is said and liked in albums."""

import pytest

from tests.photos.gallery import NOBODY, Gallery


async def say(gallery: Gallery, who: str, album: str, text: str, **more: str) -> str:
    body = {"albumId": album, "type": "comment", "comment": text} | more
    return str((await gallery.done(who, "POST", "/activities", body, status=201))["id"])


async def test_members_comment_and_like(gallery: Gallery) -> None:
    photo = await gallery.photo("ann")
    album = await gallery.shared_album(photo)
    await say(gallery, "vic", album, " Nice! ")
    gallery.clock.pass_ms(1)
    await say(gallery, "ed", album, "This one", assetId=photo)
    gallery.clock.pass_ms(1)
    like = {"albumId": album, "assetId": photo, "type": "like"}
    liked = await gallery.done("ann", "POST", "/activities", like, status=201)

    assert (liked["type"], liked["comment"], liked["assetId"], liked["user"]["name"]) == ("like", None, photo, "ann")
    assert await gallery.done("ann", "POST", "/activities", like, status=200) == liked
    said = await gallery.get("vic", f"/activities?albumId={album}")
    assert [(one["user"]["name"], one["comment"]) for one in said] == [
        ("vic", "Nice!"),
        ("ed", "This one"),
        ("ann", None),
    ]
    count = f"/activities/statistics?albumId={album}"
    assert await gallery.get("vic", count) == {"comments": 2, "likes": 1}
    assert await gallery.get("vic", f"{count}&assetId={photo}") == {"comments": 1, "likes": 1}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("level=album", ["vic"]),
        ("level=asset", ["vic", "ed", "ann"]),
        ("type=like", ["ann"]),
        ("type=comment", ["vic", "ed"]),
        ("assetId={photo}", ["ed", "ann"]),
        ("userId={ed}", ["ed"]),
    ],
)
async def test_activities_are_filtered(gallery: Gallery, query: str, names: list[str]) -> None:
    photo = await gallery.photo("ann")
    album = await gallery.shared_album(photo)
    await say(gallery, "vic", album, "a")
    gallery.clock.pass_ms(1)
    await say(gallery, "ed", album, "b", assetId=photo)
    gallery.clock.pass_ms(1)
    await gallery.done("ann", "POST", "/activities", {"albumId": album, "assetId": photo, "type": "like"}, status=201)

    found = await gallery.get("ann", f"/activities?albumId={album}&{query.format(photo=photo, **gallery.ids)}")

    assert [one["user"]["name"] for one in found] == names


async def test_who_may_not_say_anything_is_refused(gallery: Gallery) -> None:
    photo = await gallery.photo("ann")
    album = await gallery.shared_album()
    no = "Not found or no activity.create access"

    async def refused(who: str, **body: object) -> str:
        return await gallery.refused(who, "POST", "/activities", {"albumId": album, "type": "like"} | body)

    assert await refused("sam") == no
    assert await refused("ann", assetId=photo) == no
    assert await refused("ann", albumId=NOBODY) == no
    assert await refused("ann", albumId="x") == "Invalid UUID"
    assert await refused("ann", type="wave") == 'Invalid option: expected one of "comment"|"like"'
    for comment in ("", " ", None):
        words = await refused("ann", type="comment", comment=comment)
        assert words == "Too small: expected string to have >=1 characters"
    await gallery.done("ann", "PATCH", f"/albums/{album}", {"isActivityEnabled": False})
    assert await refused("ann") == no
    assert await gallery.refused("sam", "GET", f"/activities?albumId={album}") == "Not found or no album.read access"
    words = await gallery.refused("sam", "GET", f"/activities/statistics?albumId={album}")
    assert words == "Not found or no activity.statistics access"
    assert (await gallery.ask("ann", "GET", "/activities"))[0] == 400


async def test_author_and_owner_take_back(gallery: Gallery) -> None:
    album = await gallery.shared_album()
    his, hers, other = [await say(gallery, "vic", album, text) for text in "abc"]
    no = "Not found or no activity.delete access"

    assert await gallery.refused("ed", "DELETE", f"/activities/{his}") == no
    assert await gallery.refused("sam", "DELETE", f"/activities/{his}") == no
    await gallery.done("vic", "DELETE", f"/activities/{his}", status=204)
    await gallery.done("ann", "DELETE", f"/activities/{hers}", status=204)
    assert await gallery.refused("vic", "DELETE", f"/activities/{his}") == no
    assert [one["id"] for one in await gallery.get("ann", f"/activities?albumId={album}")] == [other]


async def test_what_was_said_of_a_photo_leaves_the_album_with_it(gallery: Gallery) -> None:
    removed, trashed = await gallery.photos("ann", 2)
    album = await gallery.shared_album(removed, trashed)
    await say(gallery, "vic", album, "a", assetId=removed)
    await say(gallery, "vic", album, "b", assetId=trashed)

    await gallery.done("ann", "DELETE", f"/albums/{album}/assets", {"ids": [removed]})
    await gallery.porch.set("photo", f"photo_id = '{trashed}'", deleted_at=1)
    assert await gallery.get("vic", f"/activities?albumId={album}") == []
    assert await gallery.get("vic", f"/activities/statistics?albumId={album}") == {"comments": 0, "likes": 0}
    await gallery.porch.set("photo", f"photo_id = '{trashed}'", deleted_at=None)
    assert [one["comment"] for one in await gallery.get("vic", f"/activities?albumId={album}")] == ["b"]


async def test_words_of_who_was_purged_keep_their_author(gallery: Gallery) -> None:
    album = await gallery.shared_album()
    await say(gallery, "vic", album, "Bye")
    await gallery.porch.set("user", f"user_id = '{gallery.ids['vic']}'", state="removed", removed_at=1, purged_at=2)

    (said,) = await gallery.get("ann", f"/activities?albumId={album}")

    assert (said["user"]["id"], said["user"]["name"]) == (gallery.ids["vic"], "vic")
