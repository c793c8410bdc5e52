"""What the slices tell: albums, partners, invitations, sign-ins, libraries."""

import shutil
from typing import Any

from tests.accounts.key_login.wallet import Wallet
from tests.notifications.conftest import Post
from tests.support.app import PASSWORD
from tests.support.household import Person

OURS = "/home/notifications"


async def told(person: Person) -> list[tuple[str, str]]:
    """Types and sentences in somebody's inbox, what came last first."""
    return [(one["type"], one["message"]) for one in (await person.get(OURS))["notices"]]


async def host_told(post: Post) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await post.house.get(f"/api{OURS}"))["notices"]
    return found


async def test_album_tells_who_comes_in_what_is_new_and_what_is_said(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    photos = [await ann.upload(b"\xff\xd8\xff no picture %d" % number, f"{number}.jpg") for number in range(3)]
    album = await ann.done("POST", "/albums", {"albumName": "Summer", "assetIds": photos[:1]})
    await ann.done("PUT", f"/albums/{album['id']}/users", {"albumUsers": [{"userId": ben.id, "role": "viewer"}]})

    for photo in photos[1:]:
        await ann.done("PUT", f"/albums/{album['id']}/assets", {"ids": [photo]})
    said = await ben.done("POST", "/activities", {"albumId": album["id"], "type": "comment", "comment": "So good"})
    await ben.done("POST", "/activities", {"albumId": album["id"], "type": "like"})
    await ann.done("PUT", f"/albums/{album['id']}/user/{ben.id}", {"role": "editor"})

    assert await told(ben) == [
        ("share_updated", 'Ann changed what you may do with "Summer"'),
        ("album_photos", 'Ann added 2 photos to "Summer"'),
        ("share_created", 'Ann shared "Summer" with you'),
    ]
    assert await told(ann) == [
        ("album_like", 'Ben likes "Summer"'),
        ("album_comment", 'Ben wrote in "Summer": So good'),
    ]
    shown = (await ben.get(OURS))["notices"][1]
    assert shown["details"]["photoIds"] == photos[1:]
    assert shown["path"] == f"/photos/albums/{album['id']}"
    await ben.done("DELETE", f"/activities/{said['id']}")
    assert [type_ for type_, _ in await told(ann)] == ["album_like"]
    await ann.done("DELETE", f"/albums/{album['id']}/user/{ben.id}")
    assert (await told(ben))[0] == ("share_revoked", '"Summer" is no longer shared with you')


async def test_who_leaves_an_album_is_not_told_so(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    album = await ann.done("POST", "/albums", {"albumName": "Summer"})
    await ann.done("PUT", f"/albums/{album['id']}/users", {"albumUsers": [{"userId": ben.id}]})

    await ben.done("DELETE", f"/albums/{album['id']}/user/me")

    assert [type_ for type_, _ in await told(ben)] == ["share_created"]


async def test_partner_is_told_of_all_photos(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]

    await ann.done("POST", "/partners", {"sharedWithId": ben.id})

    notice = (await ben.get("/v1/notifications/shares"))[0]
    assert notice["message"] == "Ann shows you all their photos"
    assert (notice["target_type"], notice["target_id"]) == ("user_library", ann.id)
    assert notice["share_id"]


async def test_inviter_is_told_who_came(post: Post) -> None:
    made = (await post.house.send("POST", "/api/invites", {}, 201))["invite"]
    body = {"username": "cleo", "password": PASSWORD, "displayName": "Cleo"}

    async with post.house.stranger().post(f"/api/invites/{made['token']}/accept", json=body) as answer:
        assert answer.status in {200, 201}, await answer.text()

    assert [(one["type"], one["message"], one["path"]) for one in await host_told(post)] == [
        ("member_joined", "Cleo joined by your invitation", "/admin/members")
    ]


async def test_sign_in_on_a_new_device_is_told_once(post: Post) -> None:
    ann = post.people["ann"]
    chrome = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140 Safari/537.36"}

    for _ in range(2):
        body = {"email": "ann@example.org", "password": PASSWORD}
        async with post.house.stranger().post("/api/auth/login", json=body, headers=chrome) as answer:
            assert answer.status == 201

    assert await told(ann) == [("signed_in", "Somebody signed in to your account with Chrome · Linux")]


async def test_administrators_hear_of_lost_disks_until_they_are_back(post: Post) -> None:
    house = post.house
    folder = house.media / "films"
    folder.mkdir(parents=True)
    (folder / "Broken (2001).mkv").write_bytes(b"no film at all")
    library = await house.add_library("Films", "movie", folder)
    broken = await host_told(post)
    await house.scan(library["id"])
    assert len(await host_told(post)) == len(broken)

    shutil.move(folder, house.media / "away")
    await house.scan(library["id"])
    lost = await host_told(post)
    shutil.move(house.media / "away", folder)
    await house.scan(library["id"])

    assert [one["message"] for one in broken] == ['1 file in "Films" could not be read']
    assert lost[0]["message"] == 'The library "Films" cannot be reached'
    assert lost[0]["path"] == f"/admin/libraries/{library['id']}/problems"
    assert [one["type"] for one in await host_told(post)] == ["scan_problems"]
    assert await told(post.people["ann"]) == []


async def test_administrators_hear_who_waits_until_somebody_decided(post: Post) -> None:
    wallet = Wallet(post.house.stranger())
    await wallet.enter(403)
    waiting = await host_told(post)
    user_id = waiting[0]["subjectId"]

    await post.house.send("PUT", f"/api/users/{user_id}", {"enabled": True})

    assert [one["type"] for one in waiting] == ["member_waiting"]
    assert waiting[0]["message"].endswith(" waits to be let in")
    assert await host_told(post) == []
