"""The acceptance checks of the contracts of sharing: which test holds each, and those that nothing else holds.

`HELD` names the tests by their files below `tests/`; a check is held when all of them pass.
"""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError
from PIL import Image

from homemedia.sharing.upkeep import Upkeep
from tests.support.estate import SHARES, Estate, an_estate
from tests.support.fakes import FakeClock
from tests.support.samples import a_film
from tests.support.uploads import sent, uploaded

TESTS = Path(__file__).parent.parent
HERE, SHARING, LINKS = "flows/test_share_acceptance.py", "flows/test_shares.py", "sharing/test_links.py"
INBOX, PHOTO_LINKS, PARTNERS = "notifications/test_inbox.py", "photos/test_shared_links.py", "photos/test_partners.py"
HELD: dict[str, tuple[tuple[str, str], ...]] = {
    "shares 1": ((SHARING, "test_each_route_answers_in_both_forms_alike_and_to_members_alone"),),
    "shares 2": ((SHARING, "test_fixed_words_are_no_ids_and_ids_have_one_form"),),
    "shares 3": ((SHARING, "test_share_opens_a_film_for_whom_it_names_and_nobody_else"),),
    "shares 4": (
        (SHARING, "test_household_share_is_for_everybody_also_who_comes_later"),
        (HERE, "test_who_leaves_the_household_loses_what_it_was_given"),
    ),
    "shares 5": (
        (SHARING, "test_wishes_that_cannot_be_are_refused_each_by_its_code"),
        (SHARING, "test_same_thing_is_shared_once_with_the_same_member"),
    ),
    "shares 6": ((LINKS, "test_openings_are_counted_and_asking_is_none"),),
    "shares 7": ((LINKS, "test_password_is_asked_for_and_never_told"),),
    "shares 8": (
        (LINKS, "test_sixth_guess_waits_after_a_restart_too"),
        (LINKS, "test_fiftieth_guess_locks_and_its_maker_is_told"),
    ),
    "shares 9": (
        (SHARING, "test_link_keeps_its_secrets_and_gets_a_new_token"),
        (LINKS, "test_log_tells_visits_and_guesses_and_no_secret"),
    ),
    "shares 10": ((LINKS, "test_visit_goes_on_without_the_password_until_that_is_changed"),),
    "shares 11": ((LINKS, "test_of_two_who_come_at_once_for_the_last_opening_one_is_let_in"),),
    "shares 12": ((LINKS, "test_link_for_members_asks_for_a_sign_in"),),
    "shares 13": (
        (SHARING, "test_end_comes_and_is_put_off"),
        (LINKS, "test_link_that_is_over_says_so_and_comes_back"),
    ),
    "shares 14": (
        (LINKS, "test_without_the_right_nothing_is_taken_home"),
        (LINKS, "test_fetched_pictures_tell_no_place_and_an_archive_holds_all"),
    ),
    "shares 15": ((LINKS, "test_what_lies_outside_or_in_the_trash_is_not_there"),),
    "shares 16": (
        (SHARING, "test_changes_keep_clear_and_refuse"),
        (SHARING, "test_recipient_changes_his_own_view_and_nothing_else"),
    ),
    "shares 17": ((LINKS, "test_rotated_and_revoked_links_lead_nowhere"),),
    "shares 18": ((SHARING, "test_share_ends_at_once_and_for_good"),),
    "shares 19": ((SHARING, "test_several_are_revoked_all_or_none"),),
    "shares 20": (
        (SHARING, "test_running_stream_ends_with_the_share_and_others_go_on"),
        (SHARING, "test_stream_goes_on_by_another_share"),
    ),
    "shares 21": ((SHARING, "test_what_is_passed_on_gives_no_more_and_ends_with_what_it_came_from"),),
    "shares 22": (
        (HERE, "test_album_of_ones_own_hands_out_nothing_of_the_library"),
        (PARTNERS, "test_what_a_partner_put_into_his_album_leaves_with_the_partnership"),
    ),
    "shares 23": ((SHARING, "test_photo_leaves_and_enters_with_its_album"),),
    "shares 24": (
        (SHARING, "test_thing_in_the_trash_rests_and_comes_back"),
        (SHARING, "test_share_of_what_is_deleted_for_good_is_over_and_told"),
        (HERE, "test_deleted_album_library_and_film_are_told_by_name"),
    ),
    "shares 25": (
        (SHARING, "test_log_tells_the_giving_side_what_happened"),
        (HERE, "test_what_a_member_changes_in_an_album_is_logged"),
    ),
    "shares 26": ((INBOX, "test_share_routes_mark_only_what_is_theirs_and_the_callers"),),
    "shares 27": ((SHARING, "test_lists_are_paged_newest_first_and_say_how_much_there_is"),),
    "shares 28": (
        (SHARING, "test_other_doors_make_the_same_rows"),
        (HERE, "test_what_other_doors_do_is_logged_and_told_alike"),
    ),
    "shares 29": (
        (LINKS, "test_answer_names_no_account_path_or_counter"),
        (HERE, "test_answers_of_links_are_kept_and_found_by_nobody"),
    ),
    "shares 30": (
        (SHARING, "test_shares_of_who_was_disabled_rest_until_he_is_back"),
        (HERE, "test_links_of_who_is_disabled_rest_and_of_who_is_purged_are_over"),
    ),
    "photos 9": (
        ("flows/test_photo_rights.py", "test_each_call_is_open_to_whom_the_table_says"),
        ("photos/test_albums.py", "test_each_may_do_what_the_table_says"),
        ("contract/test_guests.py", "test_listed_routes_open_what_lies_inside_and_nothing_else"),
        (PHOTO_LINKS, "test_password_guards_every_call_and_login_keeps_it_open"),
        (PHOTO_LINKS, "test_without_metadata_nothing_is_told_of_photos"),
        (PHOTO_LINKS, "test_visitor_uploads_into_the_album_where_he_may"),
        (HERE, "test_link_to_single_photos_holds_what_is_brought"),
        (PHOTO_LINKS, "test_bytes_of_a_link_are_sent_and_archived"),
    ),
    "photos 10": (
        ("flows/test_photo_acceptance.py", "test_partner_s_photos_come_and_go_with_his_word"),
        (PARTNERS, "test_partners_are_listed_in_both_directions"),
        ("photos/test_sync.py", "test_partner_s_photos_come_and_go"),
    ),
}


def a_jpeg(color: str = "#7a3b2e") -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (64, 48), color).save(body, "JPEG")
    return body.getvalue()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def estate(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Estate]:
    async with an_estate(tmp_path, clock=clock) as made:
        made.people["visitor"] = made.house.stranger()
        yield made


def test_every_check_has_a_test() -> None:
    assert [name for name in HELD if name.startswith("shares ")] == [f"shares {number}" for number in range(1, 31)]
    for check, tests in HELD.items():
        for file, name in tests:
            found = re.search(rf"^(?:async )?def {name}\(", (TESTS / file).read_text(), re.MULTILINE)
            assert found, f"{check}: {file} has no {name}"


async def notices(estate: Estate, who: str) -> list[tuple[str, str | None]]:
    """What somebody has not read yet, oldest first: kind, and what it is about."""
    status, found = await estate.ask(who, "GET", "/api/v1/notifications/shares")
    assert status == 200
    return [(one["notification_type"], one["target_title"]) for one in reversed(found)]


async def actions(estate: Estate, who: str, share_id: str) -> list[str]:
    status, entries = await estate.ask(who, "GET", f"{SHARES}/{share_id}/activity")
    assert status == 200, entries
    return [entry["action"] for entry in entries]


async def upkeep(estate: Estate) -> None:
    server = estate.house.server
    await Upkeep(server.db, server.sharing.shares, server.clock).sweep()


async def test_who_leaves_the_household_loses_what_it_was_given(estate: Estate) -> None:
    await estate.share("admin", estate.items["Alpha"], "everyone")
    assert await estate.sees("cat", "Alpha")

    assert (await estate.ask("admin", "DELETE", f"/api/group/members/{estate.ids['cat']}"))[0] in {200, 204}

    assert (await estate.ask("cat", "GET", f"/api/media/{estate.items['Alpha']}"))[0] == 401


async def test_album_of_ones_own_hands_out_nothing_of_the_library(estate: Estate) -> None:
    await estate.share("admin", estate.items["Alpha"], "ben")
    album = await estate.album("ben", await estate.photo("ben"))
    status, _ = await estate.ask("ben", "PUT", f"/api/albums/{album}/assets", {"ids": [estate.items["Alpha"]]})
    assert status == 400

    await estate.share("ben", album, "cat", target_type="collection")

    assert not await estate.sees("cat", "Alpha")


async def test_deleted_album_library_and_film_are_told_by_name(estate: Estate) -> None:
    album = await estate.album("ben", await estate.photo("ben"))
    await estate.share("ben", album, "cat", target_type="collection")
    link = await estate.share("ben", album, "link", target_type="collection")
    await estate.share("admin", estate.library_id, "cat", target_type="library")
    await estate.share("admin", estate.items["Alpha"], "cat")
    assert (await estate.ask("cat", "POST", "/api/v1/notifications/shares/read-all"))[0] == 200

    assert (await estate.ask("ben", "DELETE", f"/api/albums/{album}"))[0] == 204
    assert (await estate.ask("admin", "DELETE", f"/api/libraries/{estate.library_id}"))[0] in {200, 204}
    await upkeep(estate)

    found = await notices(estate, "cat")
    assert sorted(found) == [("share_revoked", "Alpha"), ("share_revoked", "Films"), ("share_revoked", "Summer")]
    assert (await estate.ask("visitor", "GET", f"/api/v1/shared/{link['public_token']}"))[0] == 404


async def test_what_other_doors_do_is_logged_and_told_alike(estate: Estate) -> None:
    cat = estate.ids["cat"]
    album = await estate.album("ben", await estate.photo("ben"))
    body = {"albumUsers": [{"userId": cat, "role": "viewer"}]}
    assert (await estate.ask("ben", "PUT", f"/api/albums/{album}/users", body))[0] == 200
    assert (await estate.ask("ben", "POST", f"/api/partners/{cat}"))[0] == 201
    await estate.house.send("PUT", f"/api/users/{cat}", {"libraries": [estate.library_id]})
    _, mine = await estate.ask("ben", "GET", f"{SHARES}/outgoing")
    _, house = await estate.ask("admin", "GET", f"{SHARES}/outgoing")
    member, partner = (next(one for one in mine if one["origin"] == word) for word in ("album_user", "partner"))
    (library,) = house
    for who, one in (("ben", member), ("ben", partner), ("admin", library)):
        assert await actions(estate, who, one["id"]) == ["created"]

    assert (await estate.ask("ben", "PUT", f"/api/albums/{album}/user/{cat}", {"role": "editor"}))[0] in {200, 204}
    _, entries = await estate.ask("ben", "GET", f"{SHARES}/{member['id']}/activity")
    before, after = entries[0]["details"]["changed"]["permissions"]
    assert (entries[0]["action"], set(after) - set(before)) == ("updated", {"can_add", "can_edit", "can_remove"})

    assert (await estate.ask("cat", "POST", "/api/v1/notifications/shares/read-all"))[0] == 200
    assert (await estate.ask("ben", "DELETE", f"/api/partners/{cat}"))[0] == 204
    assert (await estate.ask("ben", "DELETE", f"/api/albums/{album}/user/{cat}"))[0] == 204
    # Whose list of libraries changes sees what he saw before, or hears of it otherwise.
    await estate.house.send("PUT", f"/api/users/{cat}", {"libraries": "all"})
    assert await notices(estate, "cat") == [("share_revoked", "ben"), ("share_revoked", "Summer")]
    assert (await estate.ask("admin", "GET", f"{SHARES}/{library['id']}"))[0] == 404


async def test_what_was_passed_on_ends_with_the_partnership_it_came_from(estate: Estate) -> None:
    photo = await estate.photo("ben")
    assert (await estate.ask("ben", "POST", f"/api/partners/{estate.ids['cat']}"))[0] == 201
    passed = await estate.share("cat", photo, "dan", permissions={"can_comment": False})
    assert await estate.sees_photo("dan", photo)

    assert (await estate.ask("ben", "DELETE", f"/api/partners/{estate.ids['cat']}"))[0] == 204

    assert not await estate.sees_photo("dan", photo)
    assert (await estate.ask("cat", "GET", f"{SHARES}/{passed['id']}"))[0] == 404
    assert [one for one, _ in await notices(estate, "dan")] == ["share_created", "share_revoked"]


async def test_what_a_member_changes_in_an_album_is_logged(estate: Estate) -> None:
    album = await estate.album("ben", await estate.photo("ben"))
    rights = {"can_add": True, "can_remove": True, "can_edit": True}
    made = await estate.share("ben", album, "cat", target_type="collection", permissions=rights)
    photo = await estate.photo("cat")

    for method in ("PUT", "DELETE"):
        assert (await estate.ask("cat", method, f"/api/albums/{album}/assets", {"ids": [photo]}))[0] == 200
    assert (await estate.ask("cat", "PATCH", f"/api/albums/{album}", {"albumName": "Lake"}))[0] == 200
    assert (await estate.ask("ben", "PATCH", f"/api/albums/{album}", {"albumName": "Sea"}))[0] == 200

    _, entries = await estate.ask("ben", "GET", f"{SHARES}/{made['id']}/activity?action=added,removed,edited")
    assert [(one["action"], one["actor_id"], one["details"]["ids"]) for one in entries] == [
        ("edited", estate.ids["cat"], [album]),
        ("removed", estate.ids["cat"], [photo]),
        ("added", estate.ids["cat"], [photo]),
    ]


async def test_answers_of_links_are_kept_and_found_by_nobody(estate: Estate) -> None:
    album = await estate.album("ben", await uploaded(estate.people["ben"], a_jpeg()))
    link = await estate.share("ben", album, "link", target_type="collection")
    token = link["public_token"]
    _, body = await estate.ask("visitor", "GET", f"/api/v1/shared/{token}")

    for path in (f"/api/v1/shared/{token}", f"/api/shared/{token}", body["archive_url"], f"/share/{token}"):
        async with estate.people["visitor"].get(path) as answer:
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow", path
            assert answer.headers["Referrer-Policy"] == "no-referrer", path
            if "/share/" not in path:
                assert answer.headers["Cache-Control"] == "no-store", path
    # Bytes may lie in the visitor's own browser, and nowhere else.
    async with estate.people["visitor"].get(body["items"][0]["stream_url"]) as answer:
        assert answer.headers["Cache-Control"].startswith("private"), answer.headers
        await answer.read()


async def test_links_of_who_is_disabled_rest_and_of_who_is_purged_are_over(estate: Estate) -> None:
    album = await estate.album("ben", await estate.photo("ben"))
    link = await estate.share("ben", album, "link", target_type="collection")
    path = f"/api/v1/shared/{link['public_token']}"

    await estate.house.send("PUT", f"/api/users/{estate.ids['ben']}", {"enabled": False})
    assert (await estate.ask("visitor", "GET", path))[0] == 404
    await estate.house.send("PUT", f"/api/users/{estate.ids['ben']}", {"enabled": True})
    assert (await estate.ask("visitor", "GET", path))[0] == 200

    status, _ = await estate.ask("admin", "DELETE", f"/api/admin/users/{estate.ids['ben']}", {"force": True})
    assert status == 200
    await estate.house.idle()
    assert (await estate.ask("visitor", "GET", path))[0] == 404
    rows = await estate.house.server.db.read(
        "SELECT revoked_at IS NOT NULL AS is_over FROM share WHERE share_id = :id", {"id": link["id"]}
    )
    assert [row["is_over"] for row in rows] == [1]


# What links of the photo API do more


async def test_link_to_single_photos_holds_what_is_brought(estate: Estate) -> None:
    first = await uploaded(estate.people["ben"], a_jpeg("red"), "one.jpg")
    wish = {"type": "INDIVIDUAL", "assetIds": [first], "allowUpload": True}
    status, link = await estate.ask("ben", "POST", "/api/shared-links", wish)
    assert (status, link["allowUpload"]) == (201, True)
    key = link["key"]

    status, brought = await sent(
        estate.people["visitor"], a_jpeg("green"), "two.jpg", headers={"x-immich-share-key": key}
    )
    assert status == 201, brought

    _, seen = await estate.ask("visitor", "GET", f"/api/shared-links/me?key={key}")
    assert [one["id"] for one in seen["assets"]] == [first, brought["id"]]
    _, shared = await estate.ask("visitor", "GET", f"/api/v1/shared/{key}")
    assert (shared["total"], shared["permissions"]["can_add"]) == (2, True)
    assert "added" in await actions(estate, "ben", link["id"])
    # By the share routes it is changed as every other.
    status, changed = await estate.ask("ben", "PATCH", f"{SHARES}/{link['id']}", {"permissions": {"can_add": False}})
    assert (status, changed["permissions"]["can_add"]) == (200, False)
    status, _ = await sent(estate.people["visitor"], a_jpeg("blue"), "3.jpg", headers={"x-immich-share-key": key})
    assert status == 401


async def test_searched_by_its_id_an_album_that_was_hidden_holds_nothing(estate: Estate) -> None:
    photo = await estate.photo("ben")
    album = await estate.album("ben", photo)
    made = await estate.share("ben", album, "cat", target_type="collection")

    async def found() -> list[str]:
        status, body = await estate.ask("cat", "POST", "/api/search/metadata", {"albumIds": [album]})
        assert status == 200, body
        return [one["id"] for one in body["assets"]["items"]]

    assert await found() == [photo]
    assert (await estate.ask("cat", "PATCH", f"{SHARES}/{made['id']}", {"hidden": True}))[0] == 200
    assert await found() == []
    # It opens by its id all the same.
    assert (await estate.ask("cat", "GET", f"/api/albums/{album}"))[0] == 200
    status, months = await estate.ask("cat", "GET", f"/api/timeline/buckets?albumId={album}")
    assert (status, sum(one["count"] for one in months)) == (200, 1)


async def test_who_changes_too_much_waits(estate: Estate) -> None:
    path = f"{SHARES}/00000000-0000-4000-8000-000000000000"
    answers: list[tuple[int, Any]] = []
    for _ in range(6):
        answers += await asyncio.gather(*(estate.ask("ben", "DELETE", path) for _ in range(100)))
    assert {status for status, _ in answers} == {404}

    async with estate.people["ben"].delete(path) as answer:
        assert (answer.status, (await answer.json())["code"]) == (429, "rate_limited")
        assert int(answer.headers["Retry-After"]) > 0
    assert (await estate.ask("cat", "DELETE", path))[0] == 404
    assert (await estate.ask("ben", "GET", path))[0] == 404


async def test_film_that_cannot_be_read_keeps_no_archive_from_coming(estate: Estate, tmp_path: Path) -> None:
    link = await estate.share("admin", estate.items["Gamma"], "link")
    next(tmp_path.rglob("*S01E01*.mp4")).unlink()  # noqa: ASYNC240 - one file

    token = link["public_token"]
    async with estate.people["visitor"].get(f"/api/home/sharing/shared/{token}/archive") as answer:
        try:
            raw = await answer.read()
        except ClientError as err:
            raise AssertionError("the archive broke off") from err
        assert answer.status == 200
    assert (b"S01E02" in raw or b"Two" in raw, b"S01E01" in raw) == (True, False)


async def test_notice_of_a_film_leads_to_it(estate: Estate) -> None:
    await estate.share("admin", estate.items["Alpha"], "ben")
    await estate.share("admin", estate.items["Gamma"], "ben")
    photo = await estate.photo("cat")
    await estate.share("cat", photo, "ben")

    status, inbox = await estate.ask("ben", "GET", "/api/home/notifications")

    assert status == 200
    assert [one["path"] for one in reversed(inbox["notices"])] == [
        f"/films/{estate.items['Alpha']}",
        f"/shows/{estate.items['Gamma']}",
        f"/photos?photo={photo}",
    ]


async def test_bytes_of_a_link_without_facts_tell_neither_name_nor_time(estate: Estate, tmp_path: Path) -> None:
    film = a_film(tmp_path / "Grandma's birthday.mp4", seconds=1)
    content = await asyncio.to_thread(film.read_bytes)
    brought = await uploaded(estate.people["ben"], content, "Grandma's birthday.mp4")
    wish = {"type": "INDIVIDUAL", "assetIds": [brought], "showMetadata": False}
    _, link = await estate.ask("ben", "POST", "/api/shared-links", wish)
    visitor = estate.people["visitor"]

    for path in (
        f"/api/assets/{brought}/video/playback?key={link['key']}",
        f"/api/v1/shared/{link['key']}/media/{brought}/stream",
    ):
        async with visitor.get(path) as answer:
            assert answer.status == 200, path
            assert "Grandma" not in str(answer.headers), path
            assert "Last-Modified" not in answer.headers, path
            tag = answer.headers["ETag"]
            assert not re.search(r"\d{12}", tag), tag
            await answer.read()
        async with visitor.get(path, headers={"If-None-Match": tag}) as answer:
            assert answer.status == 304
        async with visitor.get(path, headers={"Range": "bytes=0-9", "If-Range": tag}) as answer:
            assert (answer.status, len(await answer.read())) == (206, 10)
