"""Albums: what they say, and who may do what with them, row by row of the contract's tables."""

import pytest

from homemedia.photos.albums.events import AlbumChanged, AlbumGone
from homemedia.photos.albums.service import is_wanted
from tests.photos.gallery import NOBODY, Gallery
from tests.support.photos import NEW_YEAR

DAY_MS = 86_400_000


async def test_new_album_says_all_the_contract_names(gallery: Gallery) -> None:
    first = await gallery.photo("ann", taken_at=NEW_YEAR)
    second = await gallery.photo("ann", taken_at=NEW_YEAR + DAY_MS)
    body = {
        "albumName": "Vacation",
        "description": "2026",
        "assetIds": [first, second, first],
        "albumUsers": [{"userId": gallery.ids["vic"], "role": "viewer"}],
        "sharedWithUserIds": [gallery.ids["ed"], gallery.ids["ann"]],
    }

    made = await gallery.done("ann", "POST", "/albums", body, status=201)

    assert made["albumName"] == "Vacation"
    assert made["description"] == "2026"
    assert made["ownerId"] == made["owner"]["id"] == gallery.ids["ann"]
    assert [(one["user"]["name"], one["role"]) for one in made["albumUsers"]] == [
        ("ann", "owner"),
        ("ed", "editor"),
        ("vic", "viewer"),
    ]
    assert (made["assetCount"], made["shared"], made["hasSharedLink"]) == (2, True, False)
    assert (made["isActivityEnabled"], made["activityEnabled"], made["order"]) == (True, True, "desc")
    assert made["albumThumbnailAssetId"] == first
    assert (made["startDate"], made["endDate"]) == ("2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z")
    assert "lastModifiedAssetTimestamp" in made
    assert [one["id"] for one in made["assets"]] == [second, first]


async def test_empty_album_has_no_dates_and_no_thumbnail(gallery: Gallery) -> None:
    made = await gallery.done("ann", "POST", "/albums", {"albumName": ""}, status=201)

    assert made["albumThumbnailAssetId"] is None
    assert (made["assets"], made["assetCount"], made["shared"]) == ([], 0, False)
    assert not {"startDate", "endDate", "lastModifiedAssetTimestamp", "contributorCounts"} & made.keys()


async def test_what_one_may_not_share_does_not_come_into_a_new_album(gallery: Gallery) -> None:
    own, other = await gallery.photo("ann"), await gallery.photo("sam")
    locked = await gallery.photo("ann", visibility="locked")

    made = await gallery.done(
        "ann", "POST", "/albums", {"albumName": "A", "assetIds": [own, other, locked, NOBODY]}, status=201
    )

    assert [one["id"] for one in made["assets"]] == [own]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "Invalid input: expected string, received undefined"),
        ({"albumName": 5}, "Invalid input: expected string, received number"),
        ({"albumName": "A", "assetIds": ["x"]}, "Invalid UUID"),
        ({"albumName": "A", "albumUsers": [{"userId": NOBODY}]}, "User not found"),
        ({"albumName": "A", "albumUsers": [{"userId": "x"}]}, "Invalid UUID"),
        ({"albumName": "A", "sharedWithUserIds": [NOBODY]}, "User not found"),
        (
            {"albumName": "A", "albumUsers": [{"userId": NOBODY, "role": "boss"}]},
            'Invalid option: expected one of "editor"|"owner"|"viewer"',
        ),
        (
            {"albumName": "A", "albumUsers": [{"userId": NOBODY, "role": "owner"}]},
            'Invalid option: expected one of "editor"|"viewer"',
        ),
    ],
    ids=str,
)
async def test_album_of_another_form_is_refused(gallery: Gallery, body: dict[str, object], words: str) -> None:
    assert await gallery.refused("ann", "POST", "/albums", body) == words
    assert await gallery.get("ann", "/albums") == []


# The table of photos §6.4


@pytest.mark.parametrize(
    ("wants_owned", "wants_shared", "expected"),
    [
        (None, None, "own alone, own shared, other"),
        (True, None, "own alone, own shared"),
        (False, None, "other"),
        (None, True, "own shared, other"),
        (None, False, "own alone"),
        (True, False, "own alone"),
        (True, True, "own shared"),
        (False, True, "other"),
        (False, False, ""),
    ],
)
def test_list_is_filtered_as_the_table_says(
    *, wants_owned: bool | None, wants_shared: bool | None, expected: str
) -> None:
    albums = {"own alone": (True, False), "own shared": (True, True), "other": (False, True)}

    found = [
        name
        for name, (is_own, is_shared) in albums.items()
        if is_wanted(is_own=is_own, is_shared=is_shared, wants_owned=wants_owned, wants_shared=wants_shared)
    ]

    assert ", ".join(found) == expected


async def test_list_shows_what_one_can_open_newest_first(gallery: Gallery) -> None:
    alone = await gallery.album("ann")
    gallery.clock.pass_ms(1)
    shared = await gallery.shared_album()
    gallery.clock.pass_ms(1)
    other = await gallery.album("sam", ann="viewer")
    await gallery.album("sam")

    assert [one["id"] for one in await gallery.get("ann", "/albums")] == [other, shared, alone]
    assert "assets" not in (await gallery.get("ann", "/albums"))[0]
    assert [one["id"] for one in await gallery.get("ann", "/albums?shared=true")] == [other, shared]
    assert [one["id"] for one in await gallery.get("ann", "/albums?shared=false")] == [alone]
    assert [one["id"] for one in await gallery.get("ann", "/albums?isOwned=false&shared=false")] == []
    assert [one["id"] for one in await gallery.get("ann", "/albums?isShared=false&shared=true")] == [alone]
    assert [one["id"] for one in await gallery.get("ann", f"/albums?id={shared}")] == [shared]
    assert [one["id"] for one in await gallery.get("ann", "/albums?name=Trip&isOwned=true")] == [shared, alone]
    assert await gallery.get("ann", "/albums?name=trip") == []
    assert await gallery.get("ann", "/albums/statistics") == {"owned": 2, "shared": 2, "notShared": 1}


async def test_albums_holding_a_photo_are_found_whatever_else_is_asked(gallery: Gallery) -> None:
    photo = await gallery.photo("ann")
    album = await gallery.album("ann", photo)
    await gallery.album("ann")

    assert [one["id"] for one in await gallery.get("ann", f"/albums?assetId={photo}&isShared=true")] == [album]
    assert await gallery.get("sam", f"/albums?assetId={photo}") == []
    assert await gallery.refused("ann", "GET", "/albums?assetId=5") == "Invalid UUID"
    assert (await gallery.ask("ann", "GET", "/albums?isOwned=maybe"))[0] == 400


# Who may do what: photos §4.1

ALLOWED = {
    ("GET", ""): ("album.read", {"ann", "ed", "vic"}),
    ("GET", "/map-markers"): ("album.read", {"ann", "ed", "vic"}),
    ("PATCH", ""): ("album.update", {"ann", "ed"}),
    ("PUT", "/assets"): ("albumAsset.create", {"ann", "ed"}),
    ("DELETE", "/assets"): ("albumAsset.delete", {"ann", "ed"}),
    ("PUT", "/users"): ("album.share", {"ann"}),
    ("PUT", "/user/{vic}"): ("album.share", {"ann"}),
    ("DELETE", ""): ("album.delete", {"ann"}),
}
BODIES: dict[tuple[str, str], object] = {
    ("PATCH", ""): {"albumName": "New"},
    ("PUT", "/assets"): {"ids": []},
    ("DELETE", "/assets"): {"ids": []},
    ("PUT", "/users"): {"sharedUserIds": []},
    ("PUT", "/user/{vic}"): {"role": "editor"},
}


@pytest.mark.parametrize("ask", ALLOWED, ids=str)
async def test_each_may_do_what_the_table_says(gallery: Gallery, ask: tuple[str, str]) -> None:
    photo = await gallery.photo("ann")
    album = await gallery.shared_album(photo)
    await gallery.partner("ann", "pat")
    method, below = ask
    word, allowed = ALLOWED[ask]
    path = f"/albums/{album}{below.format(**gallery.ids)}"

    for who in ("sam", "pat", "vic", "ed", "ann"):
        status, answer = await gallery.ask(who, method, path, BODIES.get(ask))
        if who in allowed:
            assert status in {200, 204}, (who, answer)
        else:
            assert (status, answer["message"]) == (400, f"Not found or no {word} access"), who


async def test_missing_album_is_refused_like_another_s(gallery: Gallery) -> None:
    assert await gallery.refused("ann", "GET", f"/albums/{NOBODY}") == "Not found or no album.read access"
    assert await gallery.refused("ann", "GET", "/albums/5") == "Invalid UUID"
    assert await gallery.refused("ann", "DELETE", f"/albums/{NOBODY}") == "Not found or no album.delete access"


async def test_member_sees_photos_of_an_album_and_no_others(gallery: Gallery) -> None:
    shown, hidden = await gallery.photos("ann", 2)
    album = await gallery.shared_album(shown)

    assert await gallery.seen("vic", album) == [shown]
    assert await gallery.seen("ed", album) == [shown]
    answer = await gallery.get("vic", f"/albums/{album}?withoutAssets=true")
    assert "assets" not in answer
    assert [one["user"]["name"] for one in answer["albumUsers"]] == ["ann", "vic", "ed"]
    assert hidden not in await gallery.seen("vic", album)


async def test_album_counts_neither_trash_nor_what_is_locked_or_hidden(gallery: Gallery) -> None:
    shown, archived, trashed, locked, hidden = await gallery.photos("ann", 5)
    album = await gallery.album("ann", trashed, shown, archived, locked, hidden)
    for photo, column in (
        (archived, "visibility = 'archive'"),
        (trashed, "deleted_at = 1"),
        (locked, "visibility = 'locked'"),
        (hidden, "visibility = 'hidden'"),
    ):
        async with gallery.db.write() as tx:
            await tx.run(f"UPDATE photo SET {column} WHERE photo_id = :photo", {"photo": photo})  # noqa: S608

    answer = await gallery.get("ann", f"/albums/{album}")

    assert {one["id"] for one in answer["assets"]} == {shown, archived}
    assert answer["assetCount"] == 2
    # The first one put in stood for it, and lies in the trash.
    assert answer["albumThumbnailAssetId"] in {shown, archived}


async def test_sorted_the_other_way_round(gallery: Gallery) -> None:
    photos = [await gallery.photo("ann", taken_at=NEW_YEAR + number) for number in range(3)]
    album = await gallery.album("ann", *photos)

    changed = await gallery.done("ann", "PATCH", f"/albums/{album}", {"order": "asc"})

    assert changed["order"] == "asc"
    assert await gallery.seen("ann", album) == photos


async def test_change_keeps_what_it_does_not_name(gallery: Gallery) -> None:
    first, second = await gallery.photos("ann", 2)
    album = await gallery.album("ann", first, second)
    path = f"/albums/{album}"

    changed = await gallery.done("ann", "PATCH", path, {"description": "x", "activityEnabled": False})
    assert (changed["albumName"], changed["description"], changed["isActivityEnabled"]) == ("Trip", "x", False)
    assert "assets" not in changed
    changed = await gallery.done("ann", "PATCH", path, {"isActivityEnabled": True, "activityEnabled": False})
    assert changed["activityEnabled"] is True
    changed = await gallery.done("ann", "PATCH", path, {"description": None, "albumThumbnailAssetId": second})
    assert (changed["description"], changed["albumThumbnailAssetId"]) == ("", second)
    outside = await gallery.photo("ann")
    assert await gallery.refused("ann", "PATCH", path, {"albumThumbnailAssetId": outside}) == "is not in the album"
    status, answer = await gallery.ask("ann", "PATCH", path, {"albumThumbnailAssetId": outside})
    assert (status, answer["message"]) == (400, "Invalid album thumbnail")
    assert (await gallery.ask("ann", "PATCH", path, {"order": "up"}))[0] == 400


async def test_removed_album_takes_its_grants_along_and_leaves_the_photos(gallery: Gallery) -> None:
    photo = await gallery.photo("ann")
    album = await gallery.shared_album(photo)

    await gallery.done("ann", "DELETE", f"/albums/{album}", status=204)

    assert await gallery.get("vic", "/albums") == []
    assert await gallery.rows("SELECT 1 FROM photo") == [{"1": 1}]
    assert await gallery.rows("SELECT 1 FROM share WHERE revoked_at IS NULL") == []
    (gone,) = [event for event in gallery.porch.events if isinstance(event, AlbumGone)]
    assert set(gone.user_ids) == {gallery.ids[name] for name in ("ann", "ed", "vic")}


# What lies in them


async def test_each_id_put_in_is_answered_for(gallery: Gallery) -> None:
    inside, new, other = await gallery.photo("ann"), await gallery.photo("ann"), await gallery.photo("sam")
    locked = await gallery.photo("ann", visibility="locked")
    album = await gallery.album("ann", inside)

    answer = await gallery.done(
        "ann", "PUT", f"/albums/{album}/assets", {"ids": [inside, new.upper(), other, locked, NOBODY, new]}
    )

    assert answer == [
        {"id": inside, "success": False, "error": "duplicate"},
        {"id": new, "success": True},
        {"id": other, "success": False, "error": "no_permission"},
        {"id": locked, "success": False, "error": "no_permission"},
        {"id": NOBODY, "success": False, "error": "no_permission"},
        {"id": new, "success": False, "error": "duplicate"},
    ]
    assert set(await gallery.seen("ann", album)) == {inside, new}
    assert await gallery.refused("ann", "PUT", f"/albums/{album}/assets", {"ids": [new, "x"]}) == "Invalid UUID"
    assert (await gallery.ask("ann", "PUT", f"/albums/{album}/assets", {}))[0] == 400


async def test_editor_takes_out_only_his_own_and_the_owner_anything(gallery: Gallery) -> None:
    hers, his = await gallery.photo("ann"), await gallery.photo("ed")
    album = await gallery.shared_album(hers)
    path = f"/albums/{album}/assets"
    await gallery.done("ed", "PUT", path, {"ids": [his]})

    assert await gallery.done("ed", "DELETE", path, {"ids": [hers, his, NOBODY]}) == [
        {"id": hers, "success": False, "error": "no_permission"},
        {"id": his, "success": True},
        {"id": NOBODY, "success": False, "error": "not_found"},
    ]
    await gallery.done("ed", "PUT", path, {"ids": [his]})
    assert await gallery.done("ann", "DELETE", path, {"ids": [his, his]}) == [
        {"id": his, "success": True},
        {"id": his, "success": False, "error": "duplicate"},
    ]
    assert await gallery.seen("vic", album) == [hers]


async def test_album_says_who_gave_how_many(gallery: Gallery) -> None:
    album = await gallery.shared_album(*await gallery.photos("ann", 1))
    await gallery.done("ed", "PUT", f"/albums/{album}/assets", {"ids": await gallery.photos("ed", 2)})

    answer = await gallery.get("vic", f"/albums/{album}")

    assert answer["contributorCounts"] == [
        {"userId": gallery.ids["ed"], "assetCount": 2},
        {"userId": gallery.ids["ann"], "assetCount": 1},
    ]


async def test_another_photo_stands_for_the_album_when_the_chosen_one_leaves(gallery: Gallery) -> None:
    old, new = await gallery.photo("ann"), await gallery.photo("ann", taken_at=NEW_YEAR + 1)
    album = await gallery.album("ann", old, new)

    await gallery.done("ann", "DELETE", f"/albums/{album}/assets", {"ids": [old]})
    assert (await gallery.get("ann", f"/albums/{album}"))["albumThumbnailAssetId"] == new
    await gallery.done("ann", "DELETE", f"/albums/{album}/assets", {"ids": [new]})
    assert (await gallery.get("ann", f"/albums/{album}"))["albumThumbnailAssetId"] is None
    await gallery.done("ann", "PUT", f"/albums/{album}/assets", {"ids": [old]})
    assert (await gallery.get("ann", f"/albums/{album}"))["albumThumbnailAssetId"] == old


async def test_photos_go_into_several_albums_at_once(gallery: Gallery) -> None:
    photo, other = await gallery.photo("ann"), await gallery.photo("sam")
    one, two = await gallery.album("ann", photo), await gallery.album("ann")
    theirs = await gallery.album("sam", ann="viewer")
    path = "/albums/assets"

    assert await gallery.done("ann", "PUT", path, {"albumIds": [one, two, theirs], "assetIds": [photo, other]}) == {
        "success": True
    }
    assert (await gallery.seen("ann", two), await gallery.seen("ann", theirs)) == ([photo], [])
    assert await gallery.done("ann", "PUT", path, {"albumIds": [one, two], "assetIds": [photo]}) == {
        "success": False,
        "error": "duplicate",
    }
    for body in ({"albumIds": [theirs], "assetIds": [photo]}, {"albumIds": [one], "assetIds": [other]}):
        assert await gallery.done("ann", "PUT", path, body) == {"success": False, "error": "no_permission"}


async def test_many_photos_are_sent_in_order(gallery: Gallery) -> None:
    photos = await gallery.photos("ann", 600)
    album = await gallery.album("ann", *photos)

    assert await gallery.seen("ann", album) == sorted(photos)
    assert (await gallery.get("ann", f"/albums/{album}?withoutAssets=true"))["assetCount"] == 600


async def test_markers_say_where_photos_were_taken(gallery: Gallery) -> None:
    rome = await gallery.photo("ann", latitude=41.9, longitude=12.5, city="Rome", country="Italy")
    album = await gallery.shared_album(rome, await gallery.photo("ann"))

    assert await gallery.get("vic", f"/albums/{album}/map-markers") == [
        {"id": rome, "lat": 41.9, "lon": 12.5, "city": "Rome", "state": None, "country": "Italy"}
    ]


async def test_locked_photos_leave_albums_with_what_was_said_of_them(gallery: Gallery) -> None:
    photo = await gallery.photo("ann")
    album = await gallery.shared_album(photo)
    async with gallery.db.write() as tx:
        await tx.run("DELETE FROM album_photo", {})
        await gallery.contents.left(tx, [(album, photo)])

    told = [event for event in gallery.porch.events if isinstance(event, AlbumChanged)][-1]
    assert set(told.user_ids) == {gallery.ids[name] for name in ("ann", "ed", "vic")}
    assert (await gallery.get("ann", f"/albums/{album}"))["albumThumbnailAssetId"] is None


# Who is let in


@pytest.mark.parametrize("form", ["sharedUserIds", "with roles", "albumUserRoles", "albumUsers", "albumUsers bare"])
async def test_members_are_let_in_by_each_form(gallery: Gallery, form: str) -> None:
    vic = gallery.ids["vic"]
    as_viewer = [{"userId": vic, "role": "viewer"}]
    bodies: dict[str, tuple[object, str]] = {
        "sharedUserIds": ({"sharedUserIds": [vic]}, "editor"),
        "with roles": ({"sharedUserIds": [vic], "albumUserRoles": as_viewer}, "viewer"),
        "albumUserRoles": ({"albumUserRoles": as_viewer}, "viewer"),
        "albumUsers": ({"albumUsers": as_viewer}, "viewer"),
        "albumUsers bare": ({"albumUsers": [{"userId": vic}]}, "editor"),
    }
    body, role = bodies[form]
    album = await gallery.album("ann")

    answer = await gallery.done("ann", "PUT", f"/albums/{album}/users", body)

    assert [(one["user"]["name"], one["role"]) for one in answer["albumUsers"]] == [("ann", "owner"), ("vic", role)]
    assert (answer["shared"], "assets" in answer) == (True, False)
    (said,) = [event for event in gallery.porch.events if isinstance(event, AlbumChanged) and event.invited]
    assert (said.invited, said.actor_id) == ((vic,), gallery.ids["ann"])


async def test_who_is_in_already_keeps_his_role(gallery: Gallery) -> None:
    album = await gallery.shared_album()
    body = {"sharedUserIds": [gallery.ids["vic"], gallery.ids["ann"]]}

    answer = await gallery.done("ann", "PUT", f"/albums/{album}/users", body)

    assert [(one["user"]["name"], one["role"]) for one in answer["albumUsers"]][1:] == [
        ("ed", "editor"),
        ("vic", "viewer"),
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "Invalid input: expected array, received undefined"),
        ({"albumUsers": []}, "Too small: expected array to have >=1 items"),
        ({"sharedUserIds": ["x"]}, "Invalid UUID"),
        ({"sharedUserIds": [NOBODY]}, "User not found"),
        ({"albumUsers": [{"userId": NOBODY, "role": "owner"}]}, 'Invalid option: expected one of "editor"|"viewer"'),
    ],
    ids=str,
)
async def test_nobody_is_let_in_by_another_form(gallery: Gallery, body: object, words: str) -> None:
    album = await gallery.album("ann")

    assert await gallery.refused("ann", "PUT", f"/albums/{album}/users", body) == words


async def test_viewer_becomes_editor_and_viewer_again(gallery: Gallery) -> None:
    album = await gallery.shared_album()
    path = f"/albums/{album}/user/{gallery.ids['vic']}"

    await gallery.done("ann", "PUT", path, {"role": "editor"}, status=204)
    await gallery.done("vic", "PATCH", f"/albums/{album}", {"albumName": "Mine"})
    await gallery.done("ann", "PUT", path, {"role": "viewer"}, status=204)
    await gallery.refused("vic", "PATCH", f"/albums/{album}", {"albumName": "Mine"})


async def test_owner_s_role_stays_and_strangers_have_none(gallery: Gallery) -> None:
    album = await gallery.shared_album()
    path = f"/albums/{album}/user/"

    for user, role in (("ann", "viewer"), ("vic", "owner"), ("sam", "viewer")):
        assert (await gallery.ask("ann", "PUT", path + gallery.ids[user], {"role": role}))[0] == 400
    assert (await gallery.ask("ann", "PUT", path + "x", {"role": "viewer"}))[0] == 400


async def test_members_leave_and_are_let_out(gallery: Gallery) -> None:
    photo = await gallery.photo("ann")
    album = await gallery.shared_album(photo)
    path = f"/albums/{album}/user/"

    assert await gallery.refused("vic", "DELETE", path + gallery.ids["ed"]) == "Not found or no album.share access"
    await gallery.done("vic", "DELETE", f"{path}me", status=204)
    assert await gallery.refused("vic", "GET", f"/albums/{album}") == "Not found or no album.read access"
    await gallery.done("ann", "DELETE", path + gallery.ids["ed"], status=204)
    assert await gallery.refused("ed", "DELETE", f"{path}me") == "Not found or no album.share access"
    assert await gallery.refused("ann", "DELETE", path + gallery.ids["ed"]) == "Album not shared with user"
    assert await gallery.refused("ann", "DELETE", f"{path}me") == "Cannot remove album owner"
    assert (await gallery.get("ann", f"/albums/{album}"))["shared"] is False


async def test_albums_of_who_was_removed_are_away_and_come_back_with_him(gallery: Gallery) -> None:
    photo = await gallery.photo("ann")
    album = await gallery.shared_album(photo)
    theirs = await gallery.album("sam", ann="viewer")

    await gallery.porch.set("user", f"user_id = '{gallery.ids['ann']}'", state="removed", removed_at=1)
    assert await gallery.get("vic", "/albums") == []
    assert [one["role"] for one in (await gallery.get("sam", f"/albums/{theirs}"))["albumUsers"]] == ["owner"]
    assert (await gallery.get("sam", f"/albums/{theirs}"))["shared"] is False
    await gallery.porch.set("user", f"user_id = '{gallery.ids['ann']}'", state="active", removed_at=None)
    assert [one["id"] for one in await gallery.get("vic", "/albums")] == [album]


async def test_purged_member_s_albums_grants_and_partners_go(gallery: Gallery) -> None:
    album = await gallery.shared_album()
    theirs = await gallery.album("sam", ann="viewer")
    await gallery.partner("ann", "pat")
    await gallery.partner("sam", "ann")

    async with gallery.db.write() as tx:
        for forget in (gallery.albums.forget, gallery.partners.forget, gallery.grants.forget):
            await forget(tx, gallery.ids["ann"])

    assert await gallery.rows("SELECT album_id FROM album") == [{"album_id": theirs}]
    assert await gallery.rows("SELECT 1 FROM share WHERE revoked_at IS NULL") == []
    assert await gallery.refused("vic", "GET", f"/albums/{album}") == "Not found or no album.read access"
