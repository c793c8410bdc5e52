"""Who holds a link opens what its contract lists and nothing else: every route is walked with the link's credentials.

One house for the whole file; what is asked here is refused before anything is done.
"""

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient

from homemedia.app import declared_routes
from homemedia.core.http.families import ALL, Family
from homemedia.core.http.routes import Route
from homemedia.sharing.links.door import COOKIE
from tests.support.app import House, a_house
from tests.support.photos import a_photo

pytestmark = pytest.mark.asyncio(loop_scope="module")

# What a visitor may call (photos §6.7); all else is shut.
LISTED = {
    "GET /api/shared-links/me",
    "GET /api/albums/{id}",
    "GET /api/albums/{id}/map-markers",
    "GET /api/timeline/buckets",
    "GET /api/timeline/bucket",
    "GET /api/assets/{id}",
    "GET /api/assets/{id}/thumbnail",
    "GET /api/assets/{id}/video/playback",
    "GET /api/assets/{id}/original",
    "POST /api/download/info",
    "POST /api/download/archive",
    "POST /api/assets",
    "POST /api/search/metadata",
}
DECLARED = declared_routes()
CLOSED = [route for route in DECLARED if route.needs is not None and not route.admits_guest]
# Not let in; the last one is who asks the clip routes too often, which is asked after the guard.
REFUSALS = {401, 403, 429}


class Hall:
    """A house, a link to an album in it, and a device that nobody is signed in at."""

    house: House
    device: TestClient[Any, Any]
    key: str
    access: str
    album: str
    inside: str
    outside: str
    member_id: str

    async def refused(
        self, routes: Iterable[Route], *, headers: Mapping[str, str] | None = None, **query: str
    ) -> list[tuple[str, int]]:
        """Those of the routes that answer who comes with these credentials with anything but a refusal."""
        opened = []
        for route in routes:
            path = self.filled(route)
            async with self.device.request(
                route.method, path, params=query, headers=headers, json={}, allow_redirects=False
            ) as answer:
                if answer.status not in REFUSALS:
                    opened.append((f"{route.method} {path}", answer.status))
        return opened

    def filled(self, route: Route) -> str:
        """With ids of things that lie in the link, where a route names one."""
        known = {"albums": self.album, "assets": self.inside, "users": self.member_id}
        word = route.path.split("/")[2] if route.path.count("/") > 1 else ""
        return re.sub(r"\{[^}]*\}", known.get(word, "1"), route.path)

    async def ask(self, method: str, path: str, body: Any = None, **query: str) -> tuple[int, Any]:
        query = {"key": self.key} | query
        async with self.device.request(method, path, params=query, json=body) as answer:
            raw = await answer.read()
            return answer.status, await answer.json() if answer.content_type == "application/json" and raw else raw


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hall]:
    async with a_house(tmp_path_factory.mktemp("hall")) as house:
        await house.claim()
        found = Hall()
        found.house, found.device = house, house.stranger()
        found.member_id = (await house.get("/api/auth/me"))["id"]
        db = house.server.db
        found.inside, found.outside = await a_photo(db, found.member_id), await a_photo(db, found.member_id)
        body = {"albumName": "Summer", "assetIds": [found.inside]}
        found.album = (await house.send("POST", "/api/albums", body, 201))["id"]
        wish = {"type": "ALBUM", "albumId": found.album, "slug": "summer"}
        found.key = (await house.send("POST", "/api/shared-links", wish, 201))["key"]
        async with found.device.get(f"/api/v1/shared/{found.key}") as answer:
            found.access = (await answer.json())["access_token"]
        yield found


async def test_routes_that_admit_guests_are_those_of_the_contract() -> None:
    assert {f"{route.method} {route.path}" for route in DECLARED if route.admits_guest} == LISTED


async def test_key_opens_no_other_route(hall: Hall) -> None:
    assert len(CLOSED) > 200
    assert await hall.refused(CLOSED, key=hall.key) == []
    assert await hall.refused(CLOSED, slug="summer") == []
    assert await hall.refused(CLOSED, headers={"x-immich-share-key": hall.key}) == []
    assert await hall.refused(CLOSED, headers={"x-immich-share-slug": "summer"}) == []


async def test_route_of_photos_says_forbidden_and_not_who_are_you(hall: Hall) -> None:
    for route in CLOSED:
        if route.family is Family.PHOTOS and route.permission != ALL:
            status, body = await hall.ask(route.method, hall.filled(route), {})
            assert (status, body["message"]) == (403, "Forbidden"), route.path


async def test_visit_opens_nothing_that_members_open(hall: Hall) -> None:
    everything = [route for route in DECLARED if route.needs is not None]

    assert await hall.refused(everything, access=hall.access) == []
    assert await hall.refused(everything, token=hall.access) == []
    assert await hall.refused(everything, headers={"Authorization": f"Bearer {hall.access}"}) == []
    assert await hall.refused(everything, headers={"X-Share-Access": hall.access}) == []
    assert await hall.refused(everything, headers={"Cookie": f"{COOKIE}={hall.access}"}) == []
    assert await hall.refused(everything, headers={"Cookie": f"immich_access_token={hall.access}"}) == []


async def test_key_counts_alone_beside_a_session(hall: Hall) -> None:
    headers = {"Authorization": f"Bearer {hall.house.token}"}
    routes = [route for route in CLOSED if route.family is Family.PHOTOS]

    assert await hall.refused(routes, headers=headers, key=hall.key) == []
    status, _ = await hall.ask("GET", f"/api/assets/{hall.outside}")
    async with hall.device.get(f"/api/assets/{hall.outside}", params={"key": hall.key}, headers=headers) as answer:
        assert (status, answer.status) == (400, 400)


async def test_listed_routes_open_what_lies_inside_and_nothing_else(hall: Hall) -> None:
    month = {"timeBucket": "2026-01-01"}
    inside: list[tuple[str, str, Any, dict[str, str], int]] = [
        ("GET", "/api/shared-links/me", None, {}, 200),
        ("GET", f"/api/albums/{hall.album}", None, {}, 200),
        ("GET", f"/api/albums/{hall.album}/map-markers", None, {}, 200),
        ("GET", "/api/timeline/buckets", None, {"albumId": hall.album}, 200),
        ("GET", "/api/timeline/bucket", None, {"albumId": hall.album} | month, 200),
        ("GET", f"/api/assets/{hall.inside}", None, {}, 200),
        ("POST", "/api/download/info", {"albumId": hall.album}, {}, 201),
        ("POST", "/api/download/info", {"assetIds": [hall.inside]}, {}, 201),
        ("POST", "/api/search/metadata", {"albumIds": [hall.album]}, {}, 200),
    ]
    for method, path, body, query, wanted in inside:
        status, answer = await hall.ask(method, path, body, **query)
        assert status == wanted, (path, answer)
    other = (await hall.house.send("POST", "/api/albums", {"albumName": "Own"}, 201))["id"]
    outside: list[tuple[str, str, Any, dict[str, str], int]] = [
        ("GET", f"/api/albums/{other}", None, {}, 400),
        ("GET", "/api/timeline/buckets", None, {}, 400),
        ("GET", "/api/timeline/buckets", None, {"albumId": other}, 400),
        ("GET", "/api/timeline/buckets", None, {"albumId": hall.album, "isTrashed": "true"}, 400),
        ("GET", "/api/timeline/buckets", None, {"albumId": hall.album, "visibility": "locked"}, 400),
        ("GET", f"/api/assets/{hall.outside}", None, {}, 400),
        ("GET", f"/api/assets/{hall.outside}/thumbnail", None, {}, 404),
        ("GET", f"/api/assets/{hall.outside}/original", None, {}, 404),
        ("POST", "/api/download/info", {"assetIds": [hall.inside, hall.outside]}, {}, 400),
        ("POST", "/api/download/info", {"userId": hall.member_id}, {}, 400),
        ("POST", "/api/download/archive", {"assetIds": [hall.outside]}, {}, 400),
        ("POST", "/api/search/metadata", {}, {}, 400),
        ("POST", "/api/search/metadata", {"albumIds": [other]}, {}, 400),
    ]
    for method, path, body, query, wanted in outside:
        status, answer = await hall.ask(method, path, body, **query)
        assert status == wanted, (path, answer)


async def test_link_that_leads_nowhere_is_refused_in_the_photo_apis_words(hall: Hall) -> None:
    for query, words in (({"key": "nothing"}, "Invalid share key"), ({"slug": "nothing"}, "Invalid share slug")):
        async with hall.device.get(f"/api/albums/{hall.album}", params=query) as answer:
            assert (answer.status, (await answer.json())["message"]) == (401, words)
