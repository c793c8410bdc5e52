"""Public links, through the whole house: what opens one, what it shows, what it counts, how often one may guess."""

import asyncio
import io
import os
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
import pytest
from aiohttp import ClientError, FormData
from PIL import Image

from homemedia.sharing.links.desk import guest_of
from tests.support.estate import SHARES, Estate, an_estate
from tests.support.fakes import FakeClock
from tests.support.photos import NEW_YEAR
from tests.support.uploads import uploaded

BOTH = ("/api/v1/shared", "/api/shared")
MINUTE = 60_000
# More than sockets hold by themselves.
LARGE = 32 << 20


def a_jpeg_with_place() -> bytes:
    """A picture that tells its camera and where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "SecretCam"
    exif[0x8825] = {1: "N", 2: (48.0, 12.0, 0.0), 3: "E", 4: (16.0, 20.0, 0.0)}
    body = io.BytesIO()
    Image.new("RGB", (640, 480), "#7a3b2e").save(body, "JPEG", exif=exif)
    return body.getvalue()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def estate(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Estate]:
    async with an_estate(tmp_path, clock=clock) as made:
        made.people["visitor"] = made.house.stranger()
        yield made


async def linked_album(estate: Estate, count: int = 3, **more: Any) -> dict[str, Any]:
    """A link to an album of Ben's."""
    photos = [await estate.photo("ben", taken_at=NEW_YEAR + one) for one in range(count)]
    album = await estate.album("ben", *photos)
    return await estate.share("ben", album, "link", target_type="collection", **more)


async def opened(estate: Estate, link: dict[str, Any], status: int = 200, **asked: Any) -> Any:
    """What a visitor is answered."""
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    found, body = await estate.ask("visitor", "GET", f"/api/v1/shared/{link['public_token']}?{query}")
    assert found == status, body
    return body


async def refusal(estate: Estate, link: dict[str, Any], **asked: Any) -> tuple[int, str]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    status, body = await estate.ask("visitor", "GET", f"/api/v1/shared/{link['public_token']}?{query}")
    return status, body.get("code", "")


async def changed(estate: Estate, link: dict[str, Any], **fields: Any) -> Any:
    status, body = await estate.ask("ben", "PATCH", f"{SHARES}/{link['id']}", fields)
    assert status == 200, body
    return body


async def count_of(estate: Estate, link: dict[str, Any]) -> int:
    _, body = await estate.ask("ben", "GET", f"{SHARES}/{link['id']}")
    return int(body["access_count"])


# What it shows


async def test_link_opens_without_an_account_at_both_addresses_and_by_its_slug(estate: Estate) -> None:
    link = await linked_album(estate, slug="summer-2025", note="The good ones")
    for base in BOTH:
        for name in (link["public_token"], "summer-2025", "SUMMER-2025"):
            status, body = await estate.ask("visitor", "GET", f"{base}/{name}")
            assert status == 200
            assert (body["title"], body["owner_name"], body["note"], body["total"]) == (
                "Summer",
                "ben",
                "The good ones",
                3,
            )
            assert body["items"][0]["stream_url"].startswith("/api/v1/shared/")


async def test_answer_names_no_account_path_or_counter(estate: Estate) -> None:
    link = await linked_album(estate)
    async with estate.people["visitor"].get(f"/api/v1/shared/{link['public_token']}") as answer:
        text = await answer.text()
        headers = answer.headers

    for told in (*estate.ids.values(), str(estate.house.folder), "access_count", "label", "email"):
        assert told not in text
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Cache-Control"] == "no-store"


async def test_pages_follow_each_other_and_numbers_are_clamped(estate: Estate) -> None:
    link = await linked_album(estate, 5)
    first = await opened(estate, link, limit=2)
    rest = await opened(estate, link, offset=2, limit=100_000, access=first["access_token"])

    assert (len(first["items"]), len(rest["items"]), rest["limit"], rest["total"]) == (2, 3, 200, 5)
    assert not {one["id"] for one in first["items"]} & {one["id"] for one in rest["items"]}
    assert await refusal(estate, link, limit="x") == (400, "invalid_request")
    assert (await opened(estate, link, offset=50))["items"] == []


async def test_without_metadata_a_photo_tells_neither_name_nor_time(estate: Estate) -> None:
    photo = await estate.photo("ben", original_name="at home.jpg", latitude=48.2, longitude=16.3, city="Vienna")
    album = await estate.album("ben", photo)
    link = await estate.share("ben", album, "link", target_type="collection")
    (item,) = (await opened(estate, link))["items"]

    assert (item["title"], item["taken_at"], item["metadata"]) == ("Item 1", None, None)
    await changed(estate, link, permissions={"can_see_metadata": True})
    (item,) = (await opened(estate, link))["items"]
    assert (item["title"], item["metadata"]["city"]) == ("at home.jpg", "Vienna")


async def test_what_lies_outside_or_in_the_trash_is_not_there(estate: Estate) -> None:
    link = await linked_album(estate, 1)
    other = await estate.photo("ben")
    inside = (await opened(estate, link))["items"][0]["id"]
    base = f"/api/v1/shared/{link['public_token']}/media"
    for media_id in (other, "nothing", "../etc", estate.items["Alpha"]):
        for what in ("thumbnail", "preview", "stream", "original"):
            status, _ = await estate.ask("visitor", "GET", f"{base}/{media_id}/{what}")
            assert status == 404, (media_id, what)
    await estate.ask("ben", "DELETE", "/api/assets", {"ids": [inside]})

    assert (await opened(estate, link))["items"] == []


async def test_film_plays_in_ranges_is_converted_and_taken_home(estate: Estate) -> None:
    link = await estate.share("admin", estate.items["Alpha"], "link")
    found = await opened(estate, link)
    (item,) = found["items"]
    visitor = estate.people["visitor"]
    async with visitor.get(item["stream_url"], headers={"Range": "bytes=0-99"}) as answer:
        assert (answer.status, len(await answer.read())) == (206, 100)
        assert answer.headers["Content-Disposition"].startswith("inline")
    async with visitor.get(item["download_url"]) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        whole = len(await answer.read())
    assert whole == item["size"]
    async with visitor.get(item["hls_url"]) as answer:
        text = await answer.text()
        assert (answer.status, answer.content_type) == (200, "application/vnd.apple.mpegurl")
    variant = next(line for line in text.splitlines() if line and not line.startswith("#"))
    async with visitor.get(variant) as answer:
        assert answer.status == 200
        segments = await answer.text()
    base = variant.rpartition("/")[0]
    segment = next(line for line in segments.splitlines() if line and not line.startswith("#"))
    async with visitor.get(f"{base}/{segment}") as answer:
        assert answer.status == 200
    # The token opens this one stream, and neither the file nor another's.
    token = variant.partition("token=")[2]
    file_id = await estate.file_of("Alpha")
    for path in (f"/api/stream/{file_id}", f"/api/media/{file_id}/info", "/api/libraries", "/api/stream/0"):
        status, _ = await estate.ask("visitor", "GET", f"{path}?token={token}")
        assert status in {401, 404}, path
    assert len(estate.house.server.playback.sessions.living()) == 1

    await estate.ask("admin", "DELETE", f"{SHARES}/{link['id']}")
    await estate.house.until(lambda: _nobody_plays(estate))
    status, _ = await estate.ask("visitor", "GET", variant)
    assert status == 404


async def test_file_of_a_film_has_its_own_name_only_where_the_link_tells(estate: Estate) -> None:
    visitor = estate.people["visitor"]
    for more, name in (({}, "Alpha.mp4"), ({"permissions": {"can_see_metadata": True}}, "Alpha%20%282001%29.mp4")):
        found = await opened(estate, await estate.share("admin", estate.items["Alpha"], "link", **more))
        for url in (found["items"][0]["stream_url"], found["items"][0]["download_url"]):
            async with visitor.get(url) as answer:
                assert answer.headers["Content-Disposition"].endswith(f"''{name}")
        async with visitor.get(found["archive_url"]) as answer:
            with zipfile.ZipFile(io.BytesIO(await answer.read())) as archive:
                assert archive.namelist() == [unquote(name)]


async def _nobody_plays(estate: Estate) -> bool:
    return not estate.house.server.playback.sessions.living()


async def test_show_opens_down_to_its_episodes(estate: Estate) -> None:
    link = await estate.share("admin", estate.items["Gamma"], "link")
    found = await opened(estate, link)

    assert [item["title"] for item in found["items"]] == ["1. One", "2. Two"]
    assert all(item["stream_url"] for item in found["items"])
    assert await refusal(estate, link, parent=estate.items["Alpha"]) == (404, "share_not_found")


async def test_folder_opens_with_what_lies_in_it_and_as_deep_as_it_says(estate: Estate) -> None:
    rows = await estate.house.server.db.read(
        "SELECT folder.folder_id FROM folder JOIN root ON root.root_id = folder.root_id"
        " WHERE root.library_id = :library AND folder.parent_id IS NULL",
        {"library": estate.library_id},
    )
    link = await estate.share("admin", str(rows[0]["folder_id"]), "link", target_type="folder")
    found = await opened(estate, link)
    assert [item["title"] for item in found["items"]] == ["Alpha", "Beta"]
    async with estate.people["visitor"].get(found["items"][1]["stream_url"], headers={"Range": "bytes=0-9"}) as answer:
        assert answer.status == 206
    async with estate.people["visitor"].get(found["archive_url"]) as answer:
        with zipfile.ZipFile(io.BytesIO(await answer.read())) as archive:
            assert archive.namelist() == ["Alpha.mp4", "Beta.mp4"]
    await estate.ask("admin", "PATCH", f"{SHARES}/{link['id']}", {"inherit_to_children": False})
    found = await opened(estate, link)
    assert [item["title"] for item in found["items"]] == ["Alpha"]


async def test_without_the_right_nothing_is_taken_home(estate: Estate) -> None:
    link = await linked_album(estate, 1, permissions={"can_download": False})
    found = await opened(estate, link)
    (item,) = found["items"]
    base = f"/api/v1/shared/{link['public_token']}/media/{item['id']}"

    assert (item["download_url"], item["size"], found["archive_url"]) == (None, None, None)
    assert (await estate.ask("visitor", "GET", f"{base}/original"))[0] == 404
    archive = f"/api/home/sharing/shared/{link['public_token']}/archive"
    assert (await estate.ask("visitor", "GET", archive))[0] == 404


async def test_fetched_pictures_tell_no_place_and_an_archive_holds_all(estate: Estate) -> None:
    content = a_jpeg_with_place()
    photo = await uploaded(estate.people["ben"], content, "at home.jpg")
    await estate.house.idle()
    album = await estate.album("ben", photo)
    link = await estate.share("ben", album, "link", target_type="collection")
    found = await opened(estate, link)
    (item,) = found["items"]
    visitor = estate.people["visitor"]
    assert b"SecretCam" in content
    for name in ("thumbnail_url", "preview_url", "stream_url", "download_url"):
        async with visitor.get(item[name]) as answer:
            body = await answer.read()
            assert answer.status == 200
            assert body[:3] == b"\xff\xd8\xff" or body[:4] == b"RIFF", name
            assert b"SecretCam" not in body
            assert "home" not in answer.headers["Content-Disposition"]
    async with visitor.get(found["archive_url"]) as answer:
        packed = await answer.read()
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert [(one.filename, one.date_time[0]) for one in archive.infolist()] == [("Item 1.jpg", 1980)]
    await changed(estate, link, permissions={"can_see_metadata": True})
    found = await opened(estate, link)
    async with visitor.get(found["items"][0]["download_url"]) as answer:
        assert await answer.read() == content
    async with visitor.get(found["archive_url"]) as answer:
        packed = await answer.read()
        assert int(answer.headers["Content-Length"]) == len(packed)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["at home.jpg"]
        assert archive.read("at home.jpg") == content


# What opens it


async def test_password_is_asked_for_and_never_told(estate: Estate) -> None:
    link = await linked_album(estate, password="sea-shell")
    status, body = await estate.ask("visitor", "GET", f"/api/v1/shared/{link['public_token']}")
    assert (status, body["code"], body["has_password"]) == (401, "password_required", True)
    assert "Summer" not in str(body)
    assert await refusal(estate, link, password="sea-shall") == (401, "password_incorrect")
    assert (await opened(estate, link, password="sea-shell"))["password_protected"] is True
    async with estate.people["visitor"].get(
        f"/api/v1/shared/{link['public_token']}", headers={"X-Share-Password": "sea-shell"}
    ) as answer:
        assert answer.status == 200
    async with estate.people["visitor"].get(f"/api/v1/shared/{link['public_token']}") as answer:
        assert answer.headers["WWW-Authenticate"] == "SharePassword"
    # Who made it is asked too.
    assert (await estate.ask("ben", "GET", f"/api/v1/shared/{link['public_token']}"))[0] == 401


async def test_visit_goes_on_without_the_password_until_that_is_changed(estate: Estate) -> None:
    link = await linked_album(estate, password="sea-shell")
    found = await opened(estate, link, password="sea-shell")
    access = found["access_token"]

    assert (await opened(estate, link, access=access))["total"] == 3
    assert await count_of(estate, link) == 1
    status, _ = await estate.ask("visitor", "GET", found["items"][0]["stream_url"].partition("?")[0])
    assert status == 401
    await changed(estate, link, password="sea-horse")
    assert await refusal(estate, link, access=access) == (401, "password_required")
    assert await refusal(estate, link, access="forged") == (401, "password_required")


async def test_openings_are_counted_and_asking_is_none(estate: Estate) -> None:
    link = await linked_album(estate)
    found = await opened(estate, link)
    await opened(estate, link)
    await opened(estate, link, access=found["access_token"])
    status, _ = await estate.ask("visitor", "HEAD", f"/api/v1/shared/{link['public_token']}")
    await estate.ask("visitor", "GET", f"/share/{link['public_token']}", headers={"Accept": "text/html"})

    assert (status, await count_of(estate, link)) == (200, 2)


async def test_of_two_who_come_at_once_for_the_last_opening_one_is_let_in(estate: Estate) -> None:
    link = await linked_album(estate, max_accesses=1)
    path = f"/api/v1/shared/{link['public_token']}"
    answers = await asyncio.gather(*(estate.ask("visitor", "GET", path) for _ in range(4)))
    inside = [body for status, body in answers if status == 200]

    assert [body["code"] for status, body in answers if status != 200] == ["share_expired"] * 3
    assert len(inside) == 1
    # He who is in finishes.
    assert (await opened(estate, link, access=inside[0]["access_token"]))["total"] == 3
    assert await refusal(estate, link) == (404, "share_expired")


async def test_link_for_members_asks_for_a_sign_in(estate: Estate) -> None:
    link = await linked_album(estate, require_login=True)

    assert await refusal(estate, link) == (401, "authentication_required")
    assert (await estate.ask("cat", "GET", f"/api/v1/shared/{link['public_token']}"))[0] == 200


async def test_link_that_is_over_says_so_and_comes_back(estate: Estate, clock: FakeClock) -> None:
    link = await linked_album(estate, expires_in_hours=2)
    access = (await opened(estate, link))["access_token"]
    clock.pass_ms(2 * 60 * MINUTE)

    assert await refusal(estate, link, access=access) == (404, "share_expired")
    await changed(estate, link, expires_in_hours=5)
    assert (await opened(estate, link))["total"] == 3


async def test_rotated_and_revoked_links_lead_nowhere(estate: Estate) -> None:
    link = await linked_album(estate)
    after = await changed(estate, link, rotate_token=True)
    assert await refusal(estate, link) == (404, "share_not_found")
    assert (await opened(estate, after))["total"] == 3
    await estate.ask("ben", "DELETE", f"{SHARES}/{link['id']}")
    assert await refusal(estate, after) == (404, "share_not_found")


# How often one may guess


async def test_sixth_guess_waits_after_a_restart_too(estate: Estate, clock: FakeClock) -> None:
    link = await linked_album(estate, password="sea-shell")
    for _ in range(5):
        assert await refusal(estate, link, password="wrong") == (401, "password_incorrect")
    # Nothing of it is kept in memory.
    assert not estate.house.server.sharing.links._locks
    async with estate.people["visitor"].get(f"/api/v1/shared/{link['public_token']}?password=sea-shell") as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "900")
    clock.pass_ms(15 * MINUTE)
    assert (await opened(estate, link, password="sea-shell"))["total"] == 3


async def test_guesses_at_once_are_no_way_around(estate: Estate) -> None:
    link = await linked_album(estate, password="sea-shell")
    found = await asyncio.gather(*(refusal(estate, link, password=f"wrong{one}") for one in range(9)))

    assert sorted(code for _, code in found) == ["password_incorrect"] * 5 + ["too_many_attempts"] * 4


async def test_fiftieth_guess_locks_and_its_maker_is_told(estate: Estate) -> None:
    link = await linked_album(estate, password="sea-shell")
    at = estate.house.server.clock.now_ms() - MINUTE
    async with estate.house.server.db.write() as tx:
        await tx.many(
            "INSERT INTO share_activity (share_id, happened_at, action, ip_group)"
            " VALUES (:share, :at, 'password_failed', '203.0.113.9')",
            [{"share": link["id"], "at": at + one} for one in range(49)],
        )
    assert await refusal(estate, link, password="wrong") == (429, "link_locked")
    assert await refusal(estate, link, password="sea-shell") == (429, "link_locked")
    _, told = await estate.ask("ben", "GET", "/api/v1/notifications/shares")
    assert [one["notification_type"] for one in told] == ["share_link_locked"]
    estate.house.server.clock.pass_ms(1)  # type: ignore[attr-defined]
    await changed(estate, link, password="sea-horse")
    assert (await opened(estate, link, password="sea-horse"))["total"] == 3


async def test_links_that_lead_nowhere_are_asked_for_a_while(estate: Estate) -> None:
    link = await linked_album(estate)
    found = await opened(estate, link)
    for number in range(60):
        status, _ = await estate.ask("visitor", "GET", f"/api/v1/shared/unknown-{number}")
        assert status == 404
    assert (await estate.ask("visitor", "GET", "/api/v1/shared/unknown"))[0] == 429
    # Also the one that is there: else whoever guesses would see which it is.
    assert await refusal(estate, link) == (429, "rate_limited")
    # Who is inside did not guess.
    await opened(estate, link, access=found["access_token"])
    assert await refusal(estate, link, access="made.up.text") == (429, "rate_limited")


async def test_log_tells_visits_and_guesses_and_no_secret(estate: Estate) -> None:
    link = await linked_album(estate, password="sea-shell")
    await refusal(estate, link, password="sea-shall")
    await opened(estate, link, password="sea-shell")
    _, entries = await estate.ask("ben", "GET", f"{SHARES}/{link['id']}/activity")

    assert [entry["action"] for entry in entries] == ["accessed", "password_failed", "created"]
    assert (entries[0]["actor_name"], entries[0]["details"], entries[0]["actor_ip"]) == (
        "visitor",
        {"via": "public_link"},
        "127.0.0.1",
    )
    assert "sea-sh" not in msgspec.json.encode(entries).decode()
    _, told = await estate.ask("ben", "GET", "/api/v1/notifications/shares")
    assert [(one["notification_type"], one["actor_name"]) for one in told] == [("share_accessed", "visitor")]


# What comes in


def form(content: bytes, name: str = "new.jpg") -> FormData:
    made = FormData(quote_fields=False)
    made.add_field("file", io.BytesIO(content), filename=name, content_type="application/octet-stream")
    return made


async def test_visitor_adds_a_photo_where_he_may(estate: Estate) -> None:
    link = await linked_album(estate, 1, permissions={"can_add": True})
    found = await opened(estate, link)
    async with estate.people["visitor"].post(found["upload_url"], data=form(a_jpeg_with_place())) as answer:
        item = await answer.json()
        assert answer.status == 200, item
    after = await opened(estate, link, access=found["access_token"])

    assert item["id"] in {one["id"] for one in after["items"]}
    # It is the maker's.
    assert (await estate.ask("ben", "GET", f"/api/assets/{item['id']}"))[0] == 200
    await changed(estate, link, permissions={"can_add": False})
    async with estate.people["visitor"].post(found["upload_url"], data=form(b"x")) as answer:
        assert answer.status == 404


# The page


async def test_page_has_tags_of_what_is_open_and_none_of_what_is_shut(estate: Estate) -> None:
    link = await linked_album(estate, slug="summer-2025")
    for path in (f"/share/{link['public_token']}", "/s/summer-2025"):
        async with estate.people["visitor"].get(path) as answer:
            text = await answer.text()
            assert (answer.status, answer.content_type) == (200, "text/html")
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert '<meta property="og:title" content="Summer">' in text
        assert "3 shared photos &amp; videos" in text
        assert '<meta name="referrer" content="no-referrer">' in text
    await changed(estate, link, password="sea-shell")
    async with estate.people["visitor"].get(f"/share/{link['public_token']}") as answer:
        assert (answer.status, "og:" in await answer.text()) == (200, False)
    async with estate.people["visitor"].get("/share/nothing") as answer:
        assert (answer.status, answer.content_type) == (404, "text/html")


async def test_what_is_sent_by_a_link_stops_when_it_is_taken_back_and_its_owners_goes_on(estate: Estate) -> None:
    film = await uploaded(estate.people["ben"], os.urandom(LARGE), "long.mp4")
    album = await estate.album("ben", film)
    link = await estate.share("ben", album, "link", target_type="collection")
    (item,) = (await opened(estate, link))["items"]
    own = await estate.people["ben"].get(f"/api/assets/{film}/original")
    async with own, estate.people["visitor"].get(item["download_url"]) as answer:
        await answer.content.readexactly(1000)
        await estate.ask("ben", "DELETE", f"{SHARES}/{link['id']}")
        with pytest.raises(ClientError):
            async with asyncio.timeout(5):
                await answer.read()
        assert len(await own.read()) == LARGE


async def test_visit_ends_with_what_opened_it(estate: Estate) -> None:
    link = await linked_album(estate)
    links = estate.house.server.sharing.links
    share, standing, maker = await links.current(link["id"])
    guest = guest_of(share, maker, standing.rights)
    assert await links.again(guest)
    await changed(estate, link, note="Other words")
    assert await links.again(guest)
    await changed(estate, link, password="sea-shell")
    assert not await links.again(guest)
