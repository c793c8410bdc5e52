"""Partners: who shows all his photos to whom; and who may do what with a photo, row by row of the contract's table."""

from collections.abc import Callable
from typing import Any

import pytest

from homemedia.accounts import Member
from homemedia.photos import visible
from homemedia.photos.albums.events import PartnersChanged
from tests.photos.gallery import NOBODY, Gallery

SIGHTS: dict[str, Callable[[Member, int], visible.Sight]] = {
    "asset.read": visible.readable,
    "asset.download": visible.downloadable,
    "asset.update": visible.own,
    "asset.share": visible.shareable,
}
# Photos of Ann's by what they are; in an album with Ed and Vic, while Pat is her partner.
KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "archived": {"visibility": "archive"},
    "trashed": {"deleted_at": 1},
    "locked": {"visibility": "locked"},
}
TABLE = {
    "asset.read": {
        "plain": {"ann", "ed", "vic", "pat"},
        "archived": {"ann", "ed", "vic"},
        "trashed": {"ann"},
        "locked": set(),
    },
    "asset.download": {
        "plain": {"ann", "ed", "vic", "pat"},
        "archived": {"ann", "ed", "vic"},
        "trashed": {"ann"},
        "locked": set(),
    },
    "asset.update": {"plain": {"ann"}, "archived": {"ann"}, "trashed": {"ann"}, "locked": set()},
    "asset.share": {"plain": {"ann", "pat"}, "archived": {"ann"}, "trashed": {"ann"}, "locked": set()},
}


@pytest.mark.parametrize("word", TABLE)
async def test_each_may_do_with_a_photo_what_the_table_says(gallery: Gallery, word: str) -> None:
    photos = {kind: await gallery.photo("ann", **facts) for kind, facts in KINDS.items()}
    album = await gallery.shared_album()
    async with gallery.db.write() as tx:
        for photo in photos.values():
            row = {"album": album, "photo": photo, "by": gallery.ids["ann"]}
            await tx.run(
                "INSERT INTO album_photo (album_id, photo_id, added_by, added_at, stamp)"
                " VALUES (:album, :photo, :by, 0, 0)",
                row,
            )
    await gallery.partner("ann", "pat")

    found = {
        kind: {
            who
            for who in ("ann", "ed", "vic", "pat", "sam")
            if await visible.permitted(
                gallery.db.read, SIGHTS[word](await gallery.member(who), gallery.clock.now_ms()), [photo]
            )
        }
        for kind, photo in photos.items()
    }

    assert found == TABLE[word]


async def test_moving_part_is_seen_with_its_photo(gallery: Gallery) -> None:
    video = await gallery.photo("ann", kind="VIDEO", visibility="hidden")
    still = await gallery.photo("ann", live_video_id=video)
    await gallery.shared_album(still)

    for who, expected in (("vic", {video}), ("sam", set())):
        sight = visible.readable(await gallery.member(who), gallery.clock.now_ms())
        assert await visible.permitted(gallery.db.read, sight, [video]) == expected


async def test_partners_are_listed_in_both_directions(gallery: Gallery) -> None:
    made = await gallery.done("ann", "POST", f"/partners/{gallery.ids['pat']}", status=201)
    assert (made["name"], made["inTimeline"], made["id"]) == ("pat", False, gallery.ids["pat"])
    await gallery.done("sam", "POST", "/partners", {"sharedWithId": gallery.ids["ann"]}, status=201)

    assert [one["name"] for one in await gallery.get("ann", "/partners?direction=shared-by")] == ["pat"]
    assert [one["name"] for one in await gallery.get("ann", "/partners?direction=shared-with")] == ["sam"]
    assert [one["name"] for one in await gallery.get("pat", "/partners?direction=shared-with")] == ["ann"]
    assert await gallery.get("pat", "/partners?direction=shared-by") == []


async def test_partner_s_photos_come_into_the_timeline_when_wanted(gallery: Gallery) -> None:
    await gallery.partner("ann", "pat")
    path = f"/partners/{gallery.ids['ann']}"

    assert (await gallery.done("pat", "PUT", path, {"inTimeline": True}))["inTimeline"] is True
    assert (await gallery.get("pat", "/partners?direction=shared-with"))[0]["inTimeline"] is True
    assert (await gallery.get("ann", "/partners?direction=shared-by"))[0]["inTimeline"] is True
    assert (await gallery.done("pat", "PUT", path, {"inTimeline": False}))["inTimeline"] is False
    said = [event for event in gallery.porch.events if isinstance(event, PartnersChanged)]
    assert {(one.shared_by_id, one.shared_with_id) for one in said} == {(gallery.ids["ann"], gallery.ids["pat"])}


async def test_partner_s_timeline_grows_and_shrinks_at_once(gallery: Gallery) -> None:
    shown = await gallery.photo("ann")
    await gallery.photo("ann", visibility="archive")
    await gallery.photo("ann", deleted_at=1)
    query = "withPartners=true&visibility=timeline"
    await gallery.partner("ann", "pat")
    assert (await gallery.counted("pat", query), await gallery.found("pat")) == (0, [])

    await gallery.done("pat", "PUT", f"/partners/{gallery.ids['ann']}", {"inTimeline": True})
    assert (await gallery.counted("pat", query), await gallery.found("pat")) == (1, [shown])

    await gallery.done("ann", "DELETE", f"/partners/{gallery.ids['pat']}", status=204)
    assert (await gallery.counted("pat", query), await gallery.found("pat")) == (0, [])


async def test_what_cannot_be_a_partner_is_refused(gallery: Gallery) -> None:
    await gallery.partner("ann", "pat")
    ask = gallery.refused

    assert await ask("ann", "POST", f"/partners/{gallery.ids['pat']}") == "Partner already exists"
    assert (await gallery.ask("ann", "POST", f"/partners/{gallery.ids['ann']}"))[0] == 400
    assert (await gallery.ask("ann", "POST", f"/partners/{NOBODY}"))[0] == 400
    assert await ask("ann", "POST", "/partners/5") == "Invalid UUID"
    assert await ask("ann", "POST", "/partners", {}) == "Invalid input: expected string, received undefined"
    assert (await gallery.ask("ann", "GET", "/partners"))[0] == 400
    assert (await gallery.ask("ann", "GET", "/partners?direction=both"))[0] == 400
    # The other way round nobody shows anything.
    path = f"/partners/{gallery.ids['pat']}"
    assert await ask("ann", "PUT", path, {"inTimeline": True}) == "Not found or no partner.update access"
    assert (await gallery.ask("pat", "PUT", f"/partners/{gallery.ids['ann']}", {}))[0] == 400
    assert await ask("ann", "DELETE", f"/partners/{gallery.ids['sam']}") == "Partner not found"


async def test_either_ends_a_partnership(gallery: Gallery) -> None:
    await gallery.partner("ann", "pat")
    await gallery.partner("pat", "ann")

    await gallery.done("ann", "DELETE", f"/partners/{gallery.ids['pat']}", status=204)
    assert await gallery.get("pat", "/partners?direction=shared-with") == []
    assert len(await gallery.get("pat", "/partners?direction=shared-by")) == 1
    # She shows him nothing any more, so it is what he shows her that ends.
    await gallery.done("ann", "DELETE", f"/partners/{gallery.ids['pat']}", status=204)
    assert await gallery.get("pat", "/partners?direction=shared-by") == []


async def test_removed_partners_are_listed_no_more(gallery: Gallery) -> None:
    await gallery.partner("ann", "pat")
    await gallery.porch.set("user", f"user_id = '{gallery.ids['ann']}'", state="removed", removed_at=1)

    assert await gallery.get("pat", "/partners?direction=shared-with") == []


async def test_what_a_partner_put_into_his_album_leaves_with_the_partnership(gallery: Gallery) -> None:
    photo = await gallery.photo("ann")
    await gallery.partner("ann", "pat")
    album = await gallery.album("pat", photo, vic="viewer")
    assert await gallery.seen("vic", album) == [photo]
    assert await gallery.found("vic", albumIds=[album]) == [photo]
    assert await gallery.counted("vic", f"albumId={album}") == 1

    await gallery.done("ann", "DELETE", f"/partners/{gallery.ids['pat']}", status=204)

    assert await gallery.seen("vic", album) == []
    assert await gallery.seen("pat", album) == []
    assert (await gallery.get("pat", f"/albums/{album}"))["assetCount"] == 0
    for who in ("pat", "vic"):
        assert await gallery.found(who, albumIds=[album]) == []
        assert await gallery.counted(who, f"albumId={album}") == 0
        sight = visible.readable(await gallery.member(who), gallery.clock.now_ms())
        assert await visible.permitted(gallery.db.read, sight, [photo]) == set()
