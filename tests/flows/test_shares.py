"""Members share with each other, through the whole house: who is let in by which grant, and who hears what of it."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from homemedia.sharing.upkeep import DAY_MS, HOUR_MS, Upkeep
from tests.support.estate import SHARES, Estate, an_estate
from tests.support.fakes import FakeClock

UNKNOWN = "00000000-0000-4000-8000-000000000000"
BOTH = ("/api/v1", "/api")
KEYS = {
    "id", "origin", "target_type", "target_id", "target_title", "target_count", "owner_id", "owner_name", "created_by",
    "created_by_name", "parent_share_id", "recipient_type", "recipient_user_id", "recipient_group_id",
    "recipient_name", "permissions", "inherit_to_children", "public_token", "url", "slug", "has_password",
    "require_login", "max_accesses", "note", "label", "notify_on_access", "status", "expires_at", "access_count",
    "last_accessed_at", "created_at", "updated_at", "can_manage", "hidden", "in_timeline", "seen_at",
}  # fmt: skip


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def estate(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Estate]:
    async with an_estate(tmp_path, clock=clock) as made:
        yield made


async def upkeep(estate: Estate) -> None:
    server = estate.house.server
    await Upkeep(server.db, server.sharing.shares, server.clock).sweep()


async def told(estate: Estate, who: str) -> list[str]:
    """The kinds of what somebody has not read yet."""
    status, notices = await estate.ask(who, "GET", "/api/v1/notifications/shares")
    assert status == 200
    return sorted(notice["notification_type"] for notice in notices)


async def listed(estate: Estate, who: str, side: str = "incoming", query: str = "") -> list[Any]:
    status, found = await estate.ask(who, "GET", f"{SHARES}/{side}{query}")
    assert status == 200, found
    rows: list[Any] = found
    return rows


# Both forms, who may ask


async def test_each_route_answers_in_both_forms_alike_and_to_members_alone(estate: Estate) -> None:
    made = await estate.share("admin", estate.items["Alpha"], "ben")
    stranger = estate.house.stranger()

    for path in ("/shares/incoming", "/shares/outgoing", f"/shares/{made['id']}", f"/shares/{made['id']}/activity"):
        one, other = [await estate.ask("admin", "GET", prefix + path) for prefix in BOTH]
        assert one == other
        assert one[0] == 200
    for prefix in BOTH:
        for method, path in (
            ("POST", "/shares"),
            ("POST", "/shares/batch/delete"),
            ("GET", "/shares/incoming"),
            ("GET", "/shares/outgoing"),
            ("GET", f"/shares/{made['id']}"),
            ("PATCH", f"/shares/{made['id']}"),
            ("DELETE", f"/shares/{made['id']}"),
            ("GET", f"/shares/{made['id']}/activity"),
        ):
            async with stranger.request(method, f"{prefix}{path}?token=x", json={}) as answer:
                assert answer.status == 401, path
                assert answer.headers["WWW-Authenticate"] == "Bearer"
                assert (await answer.json())["code"] == "unauthorized"


async def test_fixed_words_are_no_ids_and_ids_have_one_form(estate: Estate) -> None:
    for path in ("not-a-uuid", UNKNOWN, UNKNOWN.replace("-", "")):
        status, body = await estate.ask("ben", "GET", f"{SHARES}/{path}")
        assert (status, body["code"]) == (404, "share_not_found"), path
    status, body = await estate.ask("ben", "PATCH", f"{SHARES}/incoming", {})
    assert (status, body["code"]) == (404, "share_not_found")


# Making


async def test_share_opens_a_film_for_whom_it_names_and_nobody_else(estate: Estate) -> None:
    made = await estate.share("admin", estate.items["Alpha"], "ben", note="See this", label="for Ben")

    assert set(made) == KEYS
    assert (made["status"], made["target_title"], made["can_manage"]) == ("active", "Alpha", True)
    assert [await estate.sees(who, "Alpha") for who in ("ben", "cat")] == [True, False]
    assert not await estate.sees("ben", "Beta")
    (shown,) = await listed(estate, "ben")
    assert set(shown) == KEYS
    hidden = ("label", "notify_on_access", "parent_share_id", "access_count", "last_accessed_at")
    assert [shown[key] for key in hidden] == [None] * 5
    assert (shown["note"], shown["can_manage"], shown["hidden"]) == ("See this", False, False)
    status, body = await estate.ask("cat", "GET", f"{SHARES}/{made['id']}")
    assert (status, body["code"]) == (403, "forbidden")
    assert await told(estate, "ben") == ["share_created"]


async def test_film_that_was_shared_is_listed_searched_and_streamed(estate: Estate) -> None:
    file_id = await estate.file_of("Alpha")
    assert (await estate.ask("ben", "GET", f"/api/stream/{file_id}"))[0] == 404

    await estate.share("admin", estate.items["Alpha"], "ben", permissions={"can_download": False})

    status, body = await estate.ask("ben", "GET", "/api/libraries")
    assert [(one["name"], one["itemCount"]) for one in body["libraries"]] == [("Films", 1)]
    status, body = await estate.ask("ben", "GET", f"/api/libraries/{estate.library_id}/items")
    assert [one["title"] for one in body["items"]] == ["Alpha"]
    status, body = await estate.ask("ben", "GET", "/api/search?q=a")
    assert [one["title"] for one in body["results"]] == ["Alpha"]
    assert (await estate.ask("ben", "GET", f"/api/stream/{file_id}"))[0] == 200
    assert (await estate.ask("ben", "GET", f"/api/media/{file_id}/playback-info"))[0] == 200
    status, body = await estate.ask("ben", "GET", f"/api/stream/{file_id}?download=1")
    assert (status, body["code"]) == (403, "download_not_allowed")


async def test_show_is_shared_with_its_seasons_and_episodes(estate: Estate) -> None:
    made = await estate.share("admin", estate.items["Gamma"], "ben")

    assert made["target_count"] == 2
    for item in ("Gamma", "Season 1", "One", "Two"):
        assert await estate.sees("ben", item), item
    _, body = await estate.ask("ben", "GET", f"/api/media/{estate.items['Gamma']}/children")
    assert len(body["items"]) == 1
    assert not await estate.sees("ben", "Alpha")


async def test_folder_is_shared_with_what_lies_in_it_and_below(estate: Estate) -> None:
    rows = await estate.house.server.db.read("SELECT folder_id FROM folder WHERE path = 'Winter'")

    await estate.share("admin", str(rows[0]["folder_id"]), "ben", target_type="folder")
    assert [await estate.sees("ben", item) for item in ("Alpha", "Beta")] == [False, True]

    rows = await estate.house.server.db.read(
        "SELECT folder_id FROM folder JOIN root USING (root_id) WHERE folder.path = '' AND library_id = :id",
        {"id": estate.library_id},
    )
    top = rows[0]["folder_id"]
    await estate.share("admin", top, "cat", target_type="folder")
    await estate.share("admin", top, "dan", target_type="folder", inherit_to_children=False)
    assert [await estate.sees("cat", item) for item in ("Alpha", "Beta")] == [True, True]
    assert [await estate.sees("dan", item) for item in ("Alpha", "Beta")] == [True, False]
    assert [one["target_title"] for one in await listed(estate, "ben")] == ["Winter"]


async def test_library_is_shared_by_administrators_and_never_by_a_link(estate: Estate) -> None:
    await estate.share("admin", estate.library_id, "ben", target_type="library", permissions={"can_reshare": True})

    assert await estate.sees("ben", "Beta")
    assert await estate.refused("ben", estate.library_id, "cat", target_type="library") == "target_not_shareable"
    assert await estate.refused("admin", estate.library_id, "link", target_type="library") == "permission_not_allowed"
    # One film of it he may pass on.
    await estate.share("ben", estate.items["Beta"], "cat")
    assert await estate.sees("cat", "Beta")


async def test_household_share_is_for_everybody_also_who_comes_later(estate: Estate) -> None:
    made = await estate.share("admin", estate.items["Alpha"], "everyone")
    assert (made["recipient_type"], made["recipient_name"]) == ("group", "Attic")
    assert await estate.sees("cat", "Alpha")
    body = {"username": "new", "password": "1234"}
    added = await estate.house.send("POST", "/api/users", body, 201)
    estate.people["new"] = estate.house.stranger()
    await estate.ask("new", "POST", "/api/auth/login", body)
    assert await estate.sees("new", "Alpha")
    await estate.house.server.bus.settle()
    assert await told(estate, "new") == ["share_created"]

    await estate.house.send("PUT", f"/api/users/{added['user']['id']}", {"enabled": False})
    assert (await estate.ask("new", "GET", f"/api/media/{estate.items['Alpha']}"))[0] == 401


async def test_wishes_that_cannot_be_are_refused_each_by_its_code(estate: Estate) -> None:
    alpha, photo = estate.items["Alpha"], await estate.photo("ben")
    gone = "2020-01-01T00:00:00Z"
    refusals = [
        await estate.refused("admin", "nothing-such", "ben"),
        await estate.refused("ben", alpha, "cat"),
        await estate.refused("admin", photo, "ben"),
        await estate.refused("admin", alpha, UNKNOWN),
        await estate.refused("admin", alpha, "admin"),
        await estate.refused("admin", alpha, "ben", expires_at=gone),
        await estate.refused("admin", alpha, "ben", expires_at="2099-01-01T00:00:00"),
        await estate.refused("admin", alpha, "ben", expires_at="2099-01-01T00:00:00Z", expires_in_hours=2),
        await estate.refused("admin", alpha, "ben", recipient_group_id="everyone"),
        await estate.refused("admin", alpha, "ben", password="sea-shell"),
        await estate.refused("admin", alpha, "ben", max_accesses=2),
        await estate.refused("admin", alpha, "link", permissions={"can_edit": True}),
        await estate.refused("admin", alpha, "ben", permissions={"can_add": True}),
        await estate.refused("admin", alpha, "ben", permissions={"can_view": False}),
        await estate.refused("admin", alpha, "link", password="abc"),
        await estate.refused("admin", alpha, "link", slug="Nö"),
        await estate.refused("admin", alpha, "ben", recipient_type="federated"),
        await estate.refused("admin", alpha, "ben", target_type="spoon"),
        await estate.refused("admin", None, "ben", target_type="media_set", target_ids=[]),
    ]

    assert refusals == [
        "target_not_found",
        "target_not_found",
        "target_not_found",
        "recipient_not_found",
        "cannot_share_with_self",
        "expiry_in_past",
        "invalid_request",
        "invalid_request",
        "invalid_request",
        "invalid_request",
        "invalid_request",
        "permission_not_allowed",
        "permission_not_allowed",
        "permission_not_allowed",
        "password_policy",
        "invalid_request",
        "unsupported_recipient",
        "invalid_request",
        "invalid_request",
    ]
    assert await listed(estate, "admin", "outgoing") == []
    assert await told(estate, "ben") == []


async def test_same_thing_is_shared_once_with_the_same_member(estate: Estate, clock: FakeClock) -> None:
    first = await estate.share("admin", estate.items["Alpha"], "ben", expires_in_hours=1)

    status, body = await estate.wish("admin", estate.items["Alpha"], "ben")
    assert (status, body["code"], body["details"][0]["share_id"]) == (400, "already_shared", first["id"])
    clock.pass_ms(2 * HOUR_MS)
    assert (await estate.share("admin", estate.items["Alpha"], "ben"))["status"] == "active"


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"[]", "application/json", "invalid_json"),
        (b"{}", "text/plain", "invalid_json"),
        (b"{}", "application/json", "invalid_request"),
        (b'{"target_type": 1, "recipient_type": "user"}', "application/json", "invalid_request"),
    ],
)
async def test_body_that_is_none_is_told_so(estate: Estate, body: bytes, kind: str, code: str) -> None:
    async with estate.house.client.post(SHARES, data=body, headers={"Content-Type": kind}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, code)


async def test_body_beyond_64_kib_is_too_large(estate: Estate) -> None:
    status, body = await estate.ask("admin", "POST", SHARES, {"note": "x" * (64 << 10)})

    assert (status, body["code"]) == (413, "payload_too_large")


# Photos


async def test_photo_a_set_and_an_album_open_for_whom_they_were_shared_with(estate: Estate) -> None:
    one, two, three, four = [await estate.photo("ben") for _ in range(4)]
    album = await estate.album("ben", three)

    await estate.share("ben", one, "cat")
    made = await estate.share("ben", None, "cat", target_type="media_set", target_ids=[two, two])
    await estate.share("ben", album, "cat", target_type="album")

    assert [await estate.sees_photo("cat", photo) for photo in (one, two, three, four)] == [True, True, True, False]
    assert not await estate.sees_photo("dan", one)
    assert (made["target_type"], made["target_ids"], made["target_count"]) == ("media_set", [two], 1)
    _, albums = await estate.ask("cat", "GET", "/api/albums?shared=true")
    assert [found["id"] for found in albums] == [album]


async def test_photo_shown_without_its_facts_tells_none(estate: Estate) -> None:
    photo = await estate.photo("ben", city="Lisbon", make="Canon")
    await estate.share("ben", photo, "cat", permissions={"can_see_metadata": False})

    _, whole = await estate.ask("ben", "GET", f"/api/assets/{photo}")
    status, shown = await estate.ask("cat", "GET", f"/api/assets/{photo}")

    assert (status, shown["id"]) == (200, photo)
    assert "Lisbon" in msgspec.json.encode(whole).decode()
    for fact in ("Lisbon", "Canon", whole["originalFileName"]):
        assert fact not in msgspec.json.encode(shown).decode()


async def test_album_shown_without_its_facts_tells_none_in_any_list(estate: Estate) -> None:
    photo = await estate.photo(
        "ben", original_name="harbour.jpg", city="Lisbon", make="Canon", latitude=38.7, longitude=-9.1
    )
    own = await estate.photo("cat", original_name="tram.jpg", city="Lisbon", make="Canon")
    album = await estate.album("ben", photo)
    made = await estate.share(
        "ben", album, "cat", target_type="collection", permissions={"can_see_metadata": False, "can_add": True}
    )
    await estate.ask("cat", "PUT", f"/api/albums/{album}/assets", {"ids": [own]})
    _, whole = await estate.ask("ben", "GET", f"/api/assets/{photo}")
    month = whole["localDateTime"][:8] + "01"
    named = {"albumIds": [album]}
    asked: tuple[tuple[str, str, Any], ...] = (
        ("GET", f"/api/assets/{photo}", None),
        ("GET", f"/api/albums/{album}", None),
        ("GET", f"/api/albums/{album}/map-markers", None),
        ("GET", f"/api/map/markers?albumIds={album}", None),
        ("GET", f"/api/timeline/bucket?timeBucket={month}&albumId={album}&withCoordinates=true", None),
        ("POST", "/api/search/metadata", named),
        ("POST", "/api/search/random", named),
    )
    facts = ("38.7", "harbour")

    for method, path, body in asked:
        before = msgspec.json.encode((await estate.ask("ben", method, path, body))[1]).decode()
        status, shown = await estate.ask("cat", method, path, body)
        text = msgspec.json.encode(shown).decode()
        assert status == 200, (path, shown)
        assert [fact for fact in facts if fact in text] == [], path
        assert any(fact in before for fact in facts), path
        assert (photo in text) == ("markers" not in path), path
    for more in ({"city": "Lisbon"}, {"make": "Canon"}, {"originalFileName": "harbour"}):
        _, found = await estate.ask("cat", "POST", "/api/search/metadata", named | more)
        assert photo not in [one["id"] for one in found["assets"]["items"]], more

    assert (await estate.ask("cat", "GET", f"/api/assets/{photo}/original"))[0] == 404
    assert (await estate.ask("cat", "POST", "/api/download/info", {"assetIds": [photo]}))[0] == 400
    await estate.ask("ben", "PATCH", f"{SHARES}/{made['id']}", {"permissions": {"can_see_metadata": True}})
    assert (await estate.ask("cat", "POST", "/api/download/info", {"assetIds": [photo]}))[0] == 201
    _, found = await estate.ask("cat", "POST", "/api/search/metadata", named | {"city": "Lisbon"})
    assert photo in [one["id"] for one in found["assets"]["items"]]


async def test_photo_leaves_and_enters_with_its_album(estate: Estate) -> None:
    one, two = await estate.photo("ben"), await estate.photo("ben")
    album = await estate.album("ben", one)
    await estate.share("ben", album, "cat", target_type="collection")

    await estate.ask("ben", "DELETE", f"/api/albums/{album}/assets", {"ids": [one]})
    await estate.ask("ben", "PUT", f"/api/albums/{album}/assets", {"ids": [two]})

    assert [await estate.sees_photo("cat", photo) for photo in (one, two)] == [False, True]


async def test_administrator_sees_no_photos_of_others(estate: Estate) -> None:
    photo = await estate.photo("ben")

    assert not await estate.sees_photo("admin", photo)
    assert await estate.refused("admin", photo, "cat") == "target_not_found"


async def test_photo_that_is_gone_for_good_ends_what_was_shared_of_it_at_once(estate: Estate) -> None:
    photo = await estate.photo("ben")
    made = await estate.share("ben", photo, "cat")
    assert [one["id"] for one in await listed(estate, "ben", "outgoing")] == [made["id"]]

    await estate.ask("ben", "DELETE", "/api/assets", {"ids": [photo], "force": True})

    async with asyncio.timeout(10):
        while not await estate.house.server.db.read("SELECT 1 FROM share WHERE revoked_at IS NOT NULL"):
            await asyncio.sleep(0.1)


async def test_thing_in_the_trash_rests_and_comes_back(estate: Estate) -> None:
    photo = await estate.photo("ben")
    made = await estate.share("ben", photo, "cat")

    await estate.ask("ben", "DELETE", "/api/assets", {"ids": [photo]})
    assert not await estate.sees_photo("cat", photo)
    assert [one["status"] for one in await listed(estate, "cat")] == ["suspended"]
    await upkeep(estate)

    await estate.ask("ben", "POST", "/api/trash/restore/assets", {"ids": [photo]})
    assert await estate.sees_photo("cat", photo)
    assert [one["status"] for one in await listed(estate, "cat")] == ["active"]
    await upkeep(estate)
    _, log = await estate.ask("ben", "GET", f"{SHARES}/{made['id']}/activity?action=suspended,resumed")
    assert [entry["action"] for entry in log] == ["resumed", "suspended"]


async def test_share_of_what_is_deleted_for_good_is_over_and_told(estate: Estate) -> None:
    photo = await estate.photo("ben")
    made = await estate.share("ben", photo, "cat")
    async with estate.house.server.db.write() as tx:
        await tx.run("DELETE FROM photo WHERE photo_id = :photo", {"photo": photo})

    await upkeep(estate)

    assert (await estate.ask("ben", "GET", f"{SHARES}/{made['id']}"))[0] == 404
    assert await told(estate, "cat") == ["share_created", "share_revoked"]


async def test_other_doors_make_the_same_rows(estate: Estate) -> None:
    album = await estate.album("ben", await estate.photo("ben"))
    body = {"albumUsers": [{"userId": estate.ids["cat"], "role": "viewer"}]}
    assert (await estate.ask("ben", "PUT", f"/api/albums/{album}/users", body))[0] == 200
    assert (await estate.ask("ben", "POST", "/api/partners", {"sharedWithId": estate.ids["cat"]}))[0] == 201
    await estate.house.send("PUT", f"/api/users/{estate.ids['ben']}", {"libraries": [estate.library_id]})

    mine = {one["origin"]: one for one in await listed(estate, "ben", "outgoing")}
    assert set(mine) == {"album_user", "partner"}
    (library,) = await listed(estate, "admin", "outgoing")
    assert (library["origin"], library["target_title"]) == ("library_access", "Films")

    for share in mine.values():
        assert (await estate.ask("ben", "DELETE", f"{SHARES}/{share['id']}"))[0] == 204
    assert (await estate.ask("admin", "DELETE", f"{SHARES}/{library['id']}"))[0] == 204
    assert not await estate.sees("ben", "Alpha")
    _, partners = await estate.ask("ben", "GET", "/api/partners?direction=shared-by")
    assert partners == []
    _, seen = await estate.ask("ben", "GET", f"/api/albums/{album}")
    assert [one["user"]["id"] for one in seen["albumUsers"] if one["role"] != "owner"] == []


# Changing


async def test_recipient_changes_his_own_view_and_nothing_else(estate: Estate) -> None:
    made = await estate.share("admin", estate.items["Alpha"], "ben")
    path = f"{SHARES}/{made['id']}"

    for body in ({"note": "x"}, {"hidden": True, "note": "x"}, {"permissions": 3}, {"permissions": {"can_add": 1}}):
        status, answer = await estate.ask("ben", "PATCH", path, body)
        assert (status, answer["code"]) == (403, "forbidden"), body
    assert (await estate.ask("ben", "DELETE", path))[0] == 403
    assert (await estate.ask("cat", "PATCH", path, {"expires_at": 5}))[0] == 403

    status, answer = await estate.ask("ben", "PATCH", path, {"hidden": True})
    assert (status, answer["hidden"]) == (200, True)
    assert await listed(estate, "ben") == []
    assert len(await listed(estate, "ben", query="?include_hidden=true")) == 1
    status, body = await estate.ask("ben", "GET", "/api/libraries")
    assert body["libraries"] == []
    assert await estate.sees("ben", "Alpha")


async def test_changes_keep_clear_and_refuse(estate: Estate) -> None:
    made = await estate.share("admin", estate.items["Alpha"], "ben", note="one", expires_in_hours=5)
    path = f"{SHARES}/{made['id']}"

    status, body = await estate.ask("admin", "PATCH", path, {"label": "mine", "permissions": {"can_comment": False}})
    assert status == 200
    assert (body["note"], body["label"], body["permissions"]["can_comment"]) == ("one", "mine", False)
    assert body["permissions"]["can_download"] is True
    status, body = await estate.ask("admin", "PATCH", path, {"note": None, "expires_at": None})
    assert (body["note"], body["expires_at"]) == (None, None)
    assert (await estate.ask("admin", "PATCH", path, {}))[0] == 200
    for change, code in (
        ({"password": ""}, "invalid_request"),
        ({"target_id": "other"}, "immutable_field"),
        ({"recipient_user_id": estate.ids["cat"]}, "immutable_field"),
        ({"rotate_token": True}, "invalid_request"),
        ({"expires_at": "2001-01-01T00:00:00Z"}, "expiry_in_past"),
        ({"permissions": {"can_remove": True}}, "permission_not_allowed"),
        ({"target_ids": ["x"]}, "invalid_request"),
    ):
        status, body = await estate.ask("admin", "PATCH", path, change)
        assert (status, body["code"]) == (400, code), change
    same = {"target_id": made["target_id"], "recipient_user_id": estate.ids["ben"], "origin": "share"}
    assert (await estate.ask("admin", "PATCH", path, same))[0] == 200
    assert await told(estate, "ben") == ["share_created", "share_updated"]


async def test_link_keeps_its_secrets_and_gets_a_new_token(estate: Estate) -> None:
    made = await estate.share("admin", estate.items["Alpha"], "link", password="sea-shell", slug="Summer-25")
    path = f"{SHARES}/{made['id']}"

    assert (len(made["public_token"]), made["slug"], made["has_password"]) == (43, "summer-25", True)
    assert made["url"].endswith("/share/summer-25")
    assert (made["permissions"]["can_see_metadata"], made["permissions"]["can_comment"]) == (False, False)
    assert await estate.refused("admin", estate.items["Beta"], "link", slug="summer-25") == "slug_taken"
    status, body = await estate.ask("admin", "PATCH", path, {"rotate_token": True, "password": "other-one"})
    assert body["public_token"] != made["public_token"]
    status, body = await estate.ask("admin", "PATCH", path, {"password": ""})
    assert (status, body["code"]) == (400, "password_policy")
    status, body = await estate.ask("admin", "PATCH", path, {"password": None, "slug": None, "max_accesses": 3})
    assert (body["has_password"], body["slug"], body["max_accesses"]) == (False, None, 3)
    status, log = await estate.ask("admin", "GET", f"{path}/activity")
    text = msgspec.json.encode(log).decode()
    assert not any(secret in text for secret in ("sea-shell", "other-one", "argon2", body["public_token"]))
    assert [entry["action"] for entry in log] == ["updated", "updated", "created"]


async def test_set_is_given_other_things(estate: Estate) -> None:
    one, two = await estate.photo("ben"), await estate.photo("ben")
    made = await estate.share("ben", None, "cat", target_type="individual", target_ids=[one])

    status, body = await estate.ask("ben", "PATCH", f"{SHARES}/{made['id']}", {"target_ids": [two]})

    assert (status, body["target_ids"]) == (200, [two])
    assert [await estate.sees_photo("cat", photo) for photo in (one, two)] == [False, True]


# Ending


async def test_share_ends_at_once_and_for_good(estate: Estate) -> None:
    made = await estate.share("admin", estate.items["Alpha"], "ben")
    path = f"{SHARES}/{made['id']}"

    assert await estate.ask("admin", "DELETE", path) == (204, b"")

    assert not await estate.sees("ben", "Alpha")
    for method, below in (("GET", ""), ("GET", "/activity"), ("DELETE", ""), ("PATCH", "")):
        status, body = await estate.ask("admin", method, path + below, {} if method == "PATCH" else None)
        assert (status, body["code"]) == (404, "share_not_found")
    assert await told(estate, "ben") == ["share_created", "share_revoked"]


async def test_several_are_revoked_all_or_none(estate: Estate) -> None:
    own = [(await estate.share("ben", await estate.photo("ben"), "cat"))["id"] for _ in range(2)]
    foreign = (await estate.share("cat", await estate.photo("cat"), "ben"))["id"]
    path = f"{SHARES}/batch/delete"

    status, body = await estate.ask("ben", "POST", path, {"share_ids": [*own, foreign]})
    assert (status, body["code"]) == (403, "forbidden")
    assert foreign not in msgspec.json.encode(body).decode()
    assert len(await listed(estate, "ben", "outgoing")) == 2
    for wrong, code in (
        ({"share_ids": []}, "invalid_request"),
        ({}, "invalid_request"),
        ({"share_ids": [1]}, "invalid_request"),
        ({"ids": [str(number) for number in range(201)]}, "too_many_ids"),
    ):
        status, body = await estate.ask("ben", "POST", path, wrong)
        assert (status, body["code"]) == (400, code)
    status, body = await estate.ask("ben", "POST", path, {"ids": [*own, own[0], UNKNOWN]})
    assert (status, body) == (200, {"deleted": 2, "deleted_ids": own, "not_found": [UNKNOWN]})
    status, body = await estate.ask("ben", "POST", path, {"share_ids": own})
    assert (status, body["deleted"]) == (200, 0)


async def test_administrator_stops_a_share_and_does_not_change_it(estate: Estate) -> None:
    made = await estate.share("ben", await estate.photo("ben"), "cat")
    path = f"{SHARES}/{made['id']}"

    assert (await estate.ask("admin", "GET", path))[0] == 200
    assert (await estate.ask("admin", "GET", f"{path}/activity"))[0] == 200
    assert (await estate.ask("admin", "PATCH", path, {"permissions": {"can_reshare": True}}))[0] == 403
    assert (await estate.ask("admin", "DELETE", path))[0] == 204
    # What a link opens is nothing he is handed with that.
    link = await estate.share("ben", await estate.photo("ben"), "link", slug="summer-2025")
    status, seen = await estate.ask("admin", "GET", f"{SHARES}/{link['id']}")
    assert (status, seen["public_token"], seen["url"], seen["slug"]) == (200, None, None, None)
    assert (await estate.ask("admin", "GET", f"/api/home/sharing/shares/{link['id']}/qr"))[0] == 404


async def test_end_comes_and_is_put_off(estate: Estate, clock: FakeClock) -> None:
    made = await estate.share("admin", estate.items["Alpha"], "ben", expires_in_hours=72)
    path = f"{SHARES}/{made['id']}"

    clock.pass_ms(49 * HOUR_MS)
    await upkeep(estate)
    await upkeep(estate)
    assert await told(estate, "ben") == ["share_created", "share_expiring"]
    assert await told(estate, "admin") == ["share_expiring"]
    clock.pass_ms(24 * HOUR_MS)
    assert not await estate.sees("ben", "Alpha")
    assert await listed(estate, "ben") == []
    assert (await estate.ask("ben", "GET", path))[0] == 404
    assert [one["status"] for one in await listed(estate, "admin", "outgoing")] == ["expired"]
    assert [one["status"] for one in await listed(estate, "admin", "outgoing", "?status=active")] == []
    await upkeep(estate)
    await upkeep(estate)
    assert await told(estate, "ben") == ["share_created", "share_expired", "share_expiring"]

    status, body = await estate.ask("admin", "PATCH", path, {"expires_in_hours": 5})
    assert (status, body["status"]) == (200, "active")
    assert await estate.sees("ben", "Alpha")


async def test_shares_of_who_was_disabled_rest_until_he_is_back(estate: Estate) -> None:
    photo = await estate.photo("ben")
    await estate.share("ben", photo, "cat")

    await estate.house.send("PUT", f"/api/users/{estate.ids['ben']}", {"enabled": False})
    assert not await estate.sees_photo("cat", photo)
    assert [one["status"] for one in await listed(estate, "cat")] == ["suspended"]
    await estate.house.send("PUT", f"/api/users/{estate.ids['ben']}", {"enabled": True})
    assert await estate.sees_photo("cat", photo)


async def test_revoked_rows_go_after_a_month(estate: Estate, clock: FakeClock) -> None:
    made = await estate.share("admin", estate.items["Alpha"], "ben")
    await estate.ask("admin", "DELETE", f"{SHARES}/{made['id']}")
    count = "SELECT count(*) AS n FROM share WHERE share_id = :id"

    clock.pass_ms(29 * DAY_MS)
    await upkeep(estate)
    assert (await estate.house.server.db.read(count, {"id": made["id"]}))[0]["n"] == 1
    clock.pass_ms(DAY_MS + HOUR_MS)
    await upkeep(estate)
    assert (await estate.house.server.db.read(count, {"id": made["id"]}))[0]["n"] == 0


# Passing on


async def test_what_is_passed_on_gives_no_more_and_ends_with_what_it_came_from(estate: Estate) -> None:
    alpha = estate.items["Alpha"]
    first = await estate.share(
        "admin", alpha, "ben", permissions={"can_reshare": True, "can_download": False}, expires_in_hours=10
    )

    assert await estate.refused("ben", alpha, "cat", permissions={"can_download": True}) == "permissions_exceed_yours"
    less = {"can_download": False, "can_reshare": True}
    assert await estate.refused("ben", alpha, "cat", permissions=less) == "expiry_exceeds_limit"
    assert await estate.refused("ben", alpha, "link", permissions=less) == "target_not_shareable"
    more = {"permissions": less, "expires_in_hours": 9}
    second = await estate.share("ben", alpha, "cat", **more)
    third = await estate.share("cat", alpha, "dan", **more | {"expires_in_hours": 8})
    assert second["parent_share_id"] == first["id"]
    assert third["parent_share_id"] == second["id"]
    assert await estate.refused("dan", alpha, "eve", **more | {"expires_in_hours": 7}) == "target_not_shareable"
    assert await estate.sees("dan", "Alpha")
    assert "share_created" in await told(estate, "admin")

    await estate.ask("admin", "PATCH", f"{SHARES}/{first['id']}", {"permissions": {"can_reshare": False}})
    assert [await estate.sees(who, "Alpha") for who in ("ben", "cat", "dan")] == [True, False, False]
    await estate.ask("admin", "PATCH", f"{SHARES}/{first['id']}", {"permissions": {"can_reshare": True}})
    assert await estate.sees("dan", "Alpha")
    await estate.ask("admin", "DELETE", f"{SHARES}/{first['id']}")
    assert [await estate.sees(who, "Alpha") for who in ("ben", "cat", "dan")] == [False, False, False]
    assert (await estate.ask("cat", "GET", f"{SHARES}/{third['id']}"))[0] == 404


async def test_owner_sees_what_others_made_of_his_things(estate: Estate) -> None:
    photo = await estate.photo("ben")
    await estate.share("ben", photo, "cat", permissions={"can_reshare": True})
    made = await estate.share("cat", photo, "dan")

    assert await estate.sees_photo("dan", photo)
    assert len(await listed(estate, "ben", "outgoing")) == 1
    found = await listed(estate, "ben", "outgoing", "?include_reshares=true")
    assert {one["created_by_name"] for one in found} == {"ben", "cat"}
    assert (await estate.ask("ben", "DELETE", f"{SHARES}/{made['id']}"))[0] == 204
    assert not await estate.sees_photo("dan", photo)


# Lists and the log


async def test_lists_are_paged_newest_first_and_say_how_much_there_is(estate: Estate, clock: FakeClock) -> None:
    ids: list[str] = []
    for _ in range(3):
        clock.pass_ms(1000)
        ids.insert(0, (await estate.share("ben", await estate.photo("ben"), "cat"))["id"])

    async with estate.people["cat"].get(f"{SHARES}/incoming?limit=2") as answer:
        assert [one["id"] for one in await answer.json()] == ids[:2]
        assert [answer.headers[f"X-{name}"] for name in ("Total-Count", "Offset", "Limit")] == ["3", "0", "2"]
        assert answer.headers["Cache-Control"] == "no-store"
    async with estate.people["ben"].get(f"{SHARES}/outgoing?limit=100000&offset=2") as answer:
        assert [one["id"] for one in await answer.json()] == ids[2:]
        assert answer.headers["X-Limit"] == "200"
    assert await listed(estate, "cat", query="?offset=9") == []
    for side in ("incoming", "outgoing"):
        status, body = await estate.ask("cat", "GET", f"{SHARES}/{side}?limit=x")
        assert (status, body["code"]) == (400, "invalid_request")
    await listed(estate, "cat")
    assert all(one["seen_at"] for one in await listed(estate, "cat"))


async def test_log_tells_the_giving_side_what_happened(estate: Estate, clock: FakeClock) -> None:
    made = await estate.share("admin", estate.items["Alpha"], "ben")
    path = f"{SHARES}/{made['id']}"
    clock.pass_ms(1000)
    await estate.ask("admin", "PATCH", path, {"note": "new"})
    clock.pass_ms(1000)
    await estate.ask("ben", "PATCH", path, {"hidden": True})

    async with estate.house.client.get(f"{path}/activity?limit=2") as answer:
        log = await answer.json()
        assert answer.headers["X-Total-Count"] == "3"
    assert [(entry["action"], entry["actor_name"]) for entry in log] == [("hidden", "ben"), ("updated", "admin")]
    assert log[1]["details"] == {"changed": {"note": [None, "new"]}}
    assert log[0]["actor_ip"] == "127.0.0.1"
    status, body = await estate.ask("ben", "GET", f"{path}/activity")
    assert (status, body["code"]) == (403, "forbidden")


# What is on its way


@pytest.mark.parametrize("query", ["", "?download=1"], ids=["played", "saved"])
async def test_running_stream_ends_with_the_share_and_others_go_on(estate: Estate, query: str) -> None:
    file_id = await estate.file_of("Alpha")
    # More than the buffers of a connection hold.
    os.truncate(estate.house.folder / "films" / "Alpha (2001).mp4", 256 << 20)
    made = await estate.share("admin", estate.items["Alpha"], "ben")
    await estate.share("admin", estate.items["Alpha"], "cat")
    path = f"/api/stream/{file_id}{query}"

    async with contextlib.AsyncExitStack() as stack:
        streams = {
            who: (await stack.enter_async_context(estate.people[who].get(path))).content
            for who in ("ben", "cat", "admin")
        }
        for stream in streams.values():
            await stream.readexactly(1 << 20)
        assert (await estate.ask("admin", "DELETE", f"{SHARES}/{made['id']}"))[0] == 204

        with pytest.raises(aiohttp.ClientError):
            async with asyncio.timeout(5):
                await streams["ben"].readexactly(200 << 20)
        for who in ("cat", "admin"):
            assert len(await streams[who].readexactly(32 << 20)) == 32 << 20
        assert (await estate.ask("ben", "GET", path))[0] == 404


async def test_stream_goes_on_by_another_share(estate: Estate) -> None:
    transfers, cut = estate.house.server.sharing.transfers, []
    made = await estate.share("admin", estate.items["Alpha"], "ben")
    group = await estate.share("admin", estate.items["Alpha"], "everyone")

    async def still() -> bool:
        return await estate.sees("ben", "Alpha")

    with transfers.watch(whose=estate.ids["ben"], still=still, cut=lambda: cut.append("ben")):
        await estate.ask("admin", "DELETE", f"{SHARES}/{made['id']}")
        await estate.house.server.bus.settle()
        assert cut == []
        await estate.ask("admin", "DELETE", f"{SHARES}/{group['id']}")
        await estate.house.server.bus.settle()
        assert cut == ["ben"]


async def test_use_of_a_share_is_logged_once_an_hour_and_told_to_who_gave_it(estate: Estate, clock: FakeClock) -> None:
    photo = await estate.photo("ben")
    made = await estate.share("ben", photo, "cat")
    film = await estate.share("admin", estate.items["Alpha"], "cat")
    quiet = await estate.share("ben", await estate.album("ben", photo), "dan", target_type="album")

    async def log(who: str, share_id: str) -> list[Any]:
        await estate.house.server.sharing.uses.settle()
        _, entries = await estate.ask(who, "GET", f"{SHARES}/{share_id}/activity?action=accessed,downloaded")
        return [(entry["action"], entry["actor_name"], entry["details"]) for entry in entries]

    for _ in range(2):
        assert await estate.sees_photo("cat", photo)
        assert await estate.sees_photo("ben", photo)
        assert await estate.sees("cat", "Alpha")
    assert await log("ben", made["id"]) == [("accessed", "cat", {"via": "media", "media_id": photo})]
    assert len(await log("admin", film["id"])) == 1
    assert await log("ben", quiet["id"]) == []
    clock.pass_ms(HOUR_MS)
    assert await estate.sees_photo("cat", photo)
    assert len(await log("ben", made["id"])) == 2
    _, shown = await estate.ask("ben", "GET", f"{SHARES}/{made['id']}")
    assert (shown["access_count"], shown["last_accessed_at"]) == (2, "2026-01-01T01:00:00.000Z")
    assert await told(estate, "ben") == ["share_accessed"]


async def test_what_the_house_does_not_allow_is_not_made(estate: Estate) -> None:
    shares, alpha = estate.house.server.sharing.shares, estate.items["Alpha"]
    usual = shares.rules

    def ruled(**rules: Any) -> None:
        """The house's rules, read at each question."""
        found = msgspec.structs.replace(usual, **rules)
        shares.rules = shares._maker._settings = shares._showing._rules = found

    ruled(enabled=False)
    assert await estate.refused("admin", alpha, "ben") == "sharing_disabled"
    ruled(public_links=False)
    assert await estate.refused("admin", alpha, "link") == "public_links_disabled"
    ruled(link_password_required=True)
    assert await estate.refused("admin", alpha, "link") == "password_policy"
    ruled(link_max_days=2)
    assert await estate.refused("admin", alpha, "link", expires_in_hours=72) == "expiry_exceeds_limit"
    link = await estate.share("admin", alpha, "link")
    assert link["expires_at"] == "2026-01-03T00:00:00.000Z"
    ruled(max_active_shares_per_user=1)
    assert await estate.refused("admin", alpha, "ben") == "share_limit_reached"
    ruled(public_links=False)
    assert [one["status"] for one in await listed(estate, "admin", "outgoing")] == ["suspended"]
