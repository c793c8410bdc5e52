"""Shared links, as the photo API's clients make, change and open them."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from homemedia.sharing.links.door import COOKIE
from tests.support.estate import SHARES, Estate, an_estate
from tests.support.fakes import FakeClock
from tests.support.photos import NEW_YEAR
from tests.support.uploads import sent, uploaded

LINKS = "/api/shared-links"
KEYS = {
    "id", "key", "slug", "url", "type", "userId", "description", "password", "createdAt", "expiresAt", "allowUpload",
    "allowDownload", "showMetadata", "assets",
}  # fmt: skip
# What the photo API's own clients take for an asset without its facts.
BARE = {
    "id", "type", "originalMimeType", "thumbhash", "localDateTime", "duration", "livePhotoVideoId", "hasMetadata",
    "width", "height",
}  # fmt: skip
UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def estate(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Estate]:
    async with an_estate(tmp_path, clock=clock) as made:
        made.people["visitor"] = made.house.stranger()
        yield made


async def done(estate: Estate, who: str, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    found, answer = await estate.ask(who, method, path, body)
    assert found == status, (path, found, answer)
    return answer


async def said(estate: Estate, who: str, method: str, path: str, body: Any = None, status: int = 400) -> str:
    return str((await done(estate, who, method, path, body, status))["message"])


async def linked(estate: Estate, count: int = 2, **more: Any) -> tuple[dict[str, Any], str, list[str]]:
    """A link of Ben's to an album: link, album, photos."""
    photos = [
        await estate.photo("ben", taken_at=NEW_YEAR + one, latitude=48.2, longitude=16.3, city="Vienna")
        for one in range(count)
    ]
    album = await estate.album("ben", *photos)
    return await done(estate, "ben", "POST", LINKS, {"type": "ALBUM", "albumId": album, **more}, 201), album, photos


def jpeg(color: str = "#446688") -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (320, 240), color).save(body, "JPEG")
    return body.getvalue()


# Made, listed, changed, ended


async def test_album_link_has_the_shape_of_its_document(estate: Estate) -> None:
    link, album, _ = await linked(estate)

    assert set(link) == KEYS | {"album"}
    assert (link["type"], link["assets"], link["password"], link["slug"]) == ("ALBUM", [], None, None)
    assert (link["allowUpload"], link["allowDownload"], link["showMetadata"]) == (True, True, True)
    assert (link["album"]["id"], "assets" in link["album"], link["userId"]) == (album, False, estate.ids["ben"])
    assert link["url"] == f"{estate.house.url}/share/{link['key']}"
    assert len(link["key"]) == 43


async def test_link_to_photos_holds_them_in_order(estate: Estate) -> None:
    photos = [await estate.photo("ben") for _ in range(3)]
    body = {"type": "INDIVIDUAL", "assetIds": [photos[2], photos[0], photos[2]]}
    link = await done(estate, "ben", "POST", LINKS, body, 201)

    assert set(link) == KEYS
    assert [one["id"] for one in link["assets"]] == [photos[2], photos[0]]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"type": "ALBUM"}, "Invalid albumId"),
        ({"type": "INDIVIDUAL"}, "Invalid assetIds"),
        ({"type": "INDIVIDUAL", "assetIds": []}, "Invalid assetIds"),
        ({"type": "ALBUM", "albumId": UNKNOWN}, "Not found or no album.share access"),
        ({"type": "INDIVIDUAL", "assetIds": [UNKNOWN]}, "Not found or no asset.share access"),
        ({"type": "OTHER"}, "Validation failed"),
        ({"type": "ALBUM", "albumId": "x"}, "Invalid UUID"),
    ],
)
async def test_what_cannot_be_linked_is_refused(estate: Estate, body: dict[str, Any], message: str) -> None:
    assert await said(estate, "ben", "POST", LINKS, body) == message


async def test_others_things_are_not_linked_but_partners_are(estate: Estate) -> None:
    photo = await estate.photo("cat")
    album = await estate.album("cat", photo)
    wish = {"type": "INDIVIDUAL", "assetIds": [photo]}
    assert await said(estate, "ben", "POST", LINKS, wish) == "Not found or no asset.share access"
    assert "album.share" in await said(estate, "ben", "POST", LINKS, {"type": "ALBUM", "albumId": album})
    await done(estate, "cat", "POST", f"/api/partners/{estate.ids['ben']}", status=201)
    link = await done(estate, "ben", "POST", LINKS, wish, 201)
    path = f"/api/assets/{photo}?key={link['key']}"
    await done(estate, "visitor", "GET", path)
    # When she stops showing him hers, his link shows them no more.
    await done(estate, "cat", "DELETE", f"/api/partners/{estate.ids['ben']}", status=204)
    await done(estate, "visitor", "GET", path, status=400)


async def test_slugs_are_one_of_a_kind_and_any_password_will_do(estate: Estate) -> None:
    link, _, _ = await linked(estate, slug="Summer_25", password="abc")
    assert (link["password"], link["url"]) == ("********", f"{estate.house.url}/s/Summer_25")
    album = await estate.album("ben")
    wish = {"type": "ALBUM", "albumId": album, "slug": "summer_25"}

    assert await said(estate, "ben", "POST", LINKS, wish) == "Shared link with this slug already exists"
    assert await said(estate, "ben", "POST", LINKS, wish | {"slug": "no spaces"}) == "Validation failed"


async def test_links_are_their_makers_and_listed_newest_first(estate: Estate, clock: FakeClock) -> None:
    first, album, photos = await linked(estate)
    clock.pass_ms(1000)
    second = await done(estate, "ben", "POST", LINKS, {"type": "INDIVIDUAL", "assetIds": photos}, 201)

    for path in (LINKS, f"{LINKS}/me"):
        assert [one["id"] for one in await done(estate, "ben", "GET", path)] == [second["id"], first["id"]]
        assert await done(estate, "cat", "GET", path) == []
    assert [one["id"] for one in await done(estate, "ben", "GET", f"{LINKS}?albumId={album}")] == [first["id"]]
    assert (await done(estate, "ben", "GET", f"{LINKS}/{first['id']}"))["id"] == first["id"]
    for method, body in (("GET", None), ("PATCH", {}), ("DELETE", None)):
        assert await said(estate, "cat", method, f"{LINKS}/{first['id']}", body) == "Shared link not found"
    # One row behind both documents.
    outgoing = await done(estate, "ben", "GET", f"{SHARES}/outgoing")
    assert {one["id"]: one["origin"] for one in outgoing} == dict.fromkeys((first["id"], second["id"]), "photo_link")


async def test_change_leaves_what_is_absent_and_clears_what_is_null(estate: Estate) -> None:
    link, _, _ = await linked(estate, password="abc", description="Good", expiresAt="2027-01-01T00:00:00.000Z")
    path = f"{LINKS}/{link['id']}"
    after = await done(estate, "ben", "PATCH", path, {"password": "********", "allowUpload": False})
    assert (after["password"], after["description"], after["allowUpload"]) == ("********", "Good", False)
    assert await said(estate, "visitor", "GET", f"{LINKS}/me?key={link['key']}&password=abd", status=401)
    assert (await done(estate, "visitor", "GET", f"{LINKS}/me?key={link['key']}&password=abc"))["id"] == link["id"]
    after = await done(estate, "ben", "PATCH", path, {"password": None, "description": "", "expiresAt": None})
    assert (after["password"], after["description"], after["expiresAt"]) == (None, None, None)
    after = await done(estate, "ben", "PATCH", path, {"expiresAt": "2027-01-01T00:00:00.000Z", "slug": "mine"})
    assert (after["expiresAt"], after["slug"]) == ("2027-01-01T00:00:00.000Z", "mine")
    after = await done(estate, "ben", "PATCH", path, {"changeExpiryTime": True, "slug": ""})
    assert (after["expiresAt"], after["slug"]) == (None, None)
    after = await done(estate, "ben", "PATCH", path, {"showMetadata": False})
    # What is known of a photo stands in its file.
    assert (after["showMetadata"], after["allowDownload"]) == (False, False)


async def test_deleted_link_is_gone_at_once(estate: Estate) -> None:
    link, album, _ = await linked(estate)
    await done(estate, "visitor", "GET", f"/api/albums/{album}?key={link['key']}")
    await done(estate, "ben", "DELETE", f"{LINKS}/{link['id']}", status=204)

    assert await said(estate, "visitor", "GET", f"/api/albums/{album}?key={link['key']}", status=401)
    assert await said(estate, "ben", "DELETE", f"{LINKS}/{link['id']}") == "Shared link not found"


async def test_photos_are_put_into_a_link_and_taken_out(estate: Estate) -> None:
    photos = [await estate.photo("ben") for _ in range(2)]
    foreign = await estate.photo("cat")
    link = await done(estate, "ben", "POST", LINKS, {"type": "INDIVIDUAL", "assetIds": photos[:1]}, 201)
    path = f"{LINKS}/{link['id']}/assets"
    put = await done(estate, "ben", "PUT", path, {"assetIds": [photos[0], photos[1], foreign]})
    assert put == [
        {"assetId": photos[0], "success": False, "error": "duplicate"},
        {"assetId": photos[1], "success": True},
        {"assetId": foreign, "success": False, "error": "no_permission"},
    ]
    taken = await done(estate, "ben", "DELETE", path, {"assetIds": [photos[0], foreign]})
    assert taken == [
        {"assetId": photos[0], "success": True},
        {"assetId": foreign, "success": False, "error": "not_found"},
    ]
    assert [one["id"] for one in (await done(estate, "ben", "GET", f"{LINKS}/{link['id']}"))["assets"]] == [photos[1]]
    assert await said(estate, "cat", "PUT", path, {"assetIds": []}) == "Shared link not found"
    album, _, _ = await linked(estate)
    of_album = f"{LINKS}/{album['id']}/assets"
    assert await said(estate, "ben", "PUT", of_album, {"assetIds": []}) == "Invalid shared link type"


# Opened


async def test_password_guards_every_call_and_login_keeps_it_open(estate: Estate) -> None:
    link, album, photos = await linked(estate, password="abc")
    key = f"key={link['key']}"
    for path in (
        f"{LINKS}/me",
        f"/api/albums/{album}",
        f"/api/assets/{photos[0]}",
        f"/api/timeline/buckets?albumId={album}",
    ):
        joined = f"{path}{'&' if '?' in path else '?'}{key}"
        assert await said(estate, "visitor", "GET", joined, status=401) == "Password required"
        assert await said(estate, "visitor", "GET", f"{joined}&password=x", status=401) == "Invalid password"
    visitor = estate.people["visitor"]
    assert await said(estate, "visitor", "POST", f"{LINKS}/login?{key}", {"password": ""}, 401)
    async with visitor.post(f"{LINKS}/login?{key}", json={"password": "abc"}) as answer:
        # It is the right one, after five that were not: these clients know no 429.
        assert answer.status == 401
    await done(estate, "ben", "PATCH", f"{LINKS}/{link['id']}", {"password": "abcd"})
    estate.house.server.clock.pass_ms(1)  # type: ignore[attr-defined]
    async with visitor.post(f"{LINKS}/login?{key}", json={"password": "abcd"}) as answer:
        assert (answer.status, (await answer.json())["password"]) == (201, "********")
        assert answer.cookies[COOKIE]["httponly"]
    assert (await done(estate, "visitor", "GET", f"/api/albums/{album}?{key}"))["id"] == album
    await done(estate, "ben", "PATCH", f"{LINKS}/{link['id']}", {"password": None})
    text = await said(estate, "visitor", "POST", f"{LINKS}/login?{key}", {"password": "abc"})
    assert text == "Shared link is not password protected"


async def test_visitor_sees_the_link_with_its_album_and_no_address_of_anybody(estate: Estate) -> None:
    link, album, photos = await linked(estate)
    found = await done(estate, "visitor", "GET", f"{LINKS}/me?key={link['key']}")
    shown = await done(estate, "visitor", "GET", f"/api/albums/{album}?key={link['key']}")

    assert (found["id"], found["album"]["id"]) == (link["id"], album)
    assert [one["id"] for one in shown["assets"]] == photos[::-1]
    assert (shown["owner"]["email"], [one["role"] for one in shown["albumUsers"]]) == ("", ["owner"])
    asset = await done(estate, "visitor", "GET", f"/api/assets/{photos[0]}?key={link['key']}")
    assert (asset["exifInfo"]["city"], asset["originalPath"]) == ("Vienna", asset["originalFileName"])
    assert "owner" not in asset


async def test_without_metadata_nothing_is_told_of_photos(estate: Estate) -> None:
    link, album, photos = await linked(estate, showMetadata=False)
    key = f"key={link['key']}"
    asset = await done(estate, "visitor", "GET", f"/api/assets/{photos[0]}?{key}")
    shown = await done(estate, "visitor", "GET", f"/api/albums/{album}?{key}")
    search = await done(
        estate, "visitor", "POST", f"/api/search/metadata?{key}", {"albumIds": [album], "city": "Nowhere"}
    )
    path = f"/api/timeline/bucket?albumId={album}&timeBucket=2026-01-01&withCoordinates=true&{key}"
    month = await done(estate, "visitor", "GET", path)

    assert set(asset) == set(shown["assets"][0]) == set(search["assets"]["items"][0]) == BARE
    # What it does not show cannot be searched for either.
    assert search["assets"]["total"] == 2
    assert month["city"] == month["country"] == month["latitude"] == month["longitude"] == [None, None]
    assert await done(estate, "visitor", "GET", f"/api/albums/{album}/map-markers?{key}") == []
    assert (await estate.ask("visitor", "GET", f"/api/assets/{photos[0]}/original?{key}"))[0] == 404
    assert await said(estate, "visitor", "POST", f"/api/download/info?{key}", {"albumId": album})


async def test_archived_are_shown_trashed_and_locked_never(estate: Estate) -> None:
    archived = await estate.photo("ben", visibility="archive")
    trashed, locked = await estate.photo("ben"), await estate.photo("ben")
    album = await estate.album("ben", archived, trashed, locked)
    link = await done(estate, "ben", "POST", LINKS, {"type": "ALBUM", "albumId": album}, 201)
    await done(estate, "ben", "DELETE", "/api/assets", {"ids": [trashed]}, 204)
    async with estate.house.server.db.write() as tx:
        await tx.run("UPDATE photo SET visibility = 'locked' WHERE photo_id = :id", {"id": locked})
    shown = await done(estate, "visitor", "GET", f"/api/albums/{album}?key={link['key']}")

    assert [one["id"] for one in shown["assets"]] == [archived]
    for photo in (trashed, locked):
        await done(estate, "visitor", "GET", f"/api/assets/{photo}?key={link['key']}", status=400)


async def test_visitor_uploads_into_the_album_where_he_may(estate: Estate) -> None:
    link, album, _ = await linked(estate)
    headers = {"x-immich-share-key": link["key"]}
    visitor = estate.people["visitor"]
    status, body = await sent(visitor, jpeg(), headers=headers, visibility="locked", isFavorite="true")
    assert status == 201, body
    shown = await done(estate, "visitor", "GET", f"/api/albums/{album}?key={link['key']}")
    assert body["id"] in {one["id"] for one in shown["assets"]}
    asset = await done(estate, "ben", "GET", f"/api/assets/{body['id']}")
    assert (asset["visibility"], asset["isFavorite"], asset["ownerId"]) == ("timeline", False, estate.ids["ben"])
    await done(estate, "ben", "PATCH", f"{LINKS}/{link['id']}", {"allowUpload": False})
    status, _ = await sent(estate.people["visitor"], jpeg("#123456"), headers=headers)
    assert status == 401


async def test_bytes_of_a_link_are_sent_and_archived(estate: Estate) -> None:
    content = jpeg()
    photo = await uploaded(estate.people["ben"], content, "beach.jpg")
    await estate.house.idle()
    link = await done(estate, "ben", "POST", LINKS, {"type": "INDIVIDUAL", "assetIds": [photo]}, 201)
    visitor, key = estate.people["visitor"], f"key={link['key']}"
    for path in (f"/api/assets/{photo}/thumbnail", f"/api/assets/{photo}/thumbnail?size=preview"):
        async with visitor.get(f"{path}{'&' if '?' in path else '?'}{key}") as answer:
            assert answer.status == 200
    async with visitor.get(f"/api/assets/{photo}/original?{key}") as answer:
        assert await answer.read() == content
    async with visitor.post(f"/api/download/archive?{key}", json={"assetIds": [photo]}) as answer:
        assert (answer.status, answer.content_type) == (200, "application/zip")


async def test_expired_link_is_an_invalid_key(estate: Estate, clock: FakeClock) -> None:
    link, album, _ = await linked(estate, expiresAt="2026-01-01T01:00:00.000Z")
    clock.pass_ms(3_600_000)

    assert (
        await said(estate, "visitor", "GET", f"/api/albums/{album}?key={link['key']}", status=401)
        == "Invalid share key"
    )
