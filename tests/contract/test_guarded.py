"""Nothing is open by accident: every address of the server has a rule of who may ask, and the rule holds.

One house for the whole file; what is asked here is refused before anything is done.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient

from homemedia.accounts.tokens import TokenType
from homemedia.app import declared_routes
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Needs, Route
from tests.support.app import House, a_house

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Made by hand, not typed: each looks at who asks by itself, or has nothing to hide.
BY_HAND = {
    "/ws": "asks the guard in its handshake or first frame",
    "/api/ws": "asks the guard right after its handshake",
    "/api/socket.io": "asks the guard in its handshake",
    "/api/socket.io/": "asks the guard in its handshake",
    "/assets/{build}/{path}": "the client, the same for everybody",
    "/manifest.webmanifest": "names the household, as the sign-in page does",
    "/favicon.ico": "a picture",
    "/robots.txt": "keeps search engines out",
    "/sw.js": "the client's service worker, the same for everybody",
    "/{path}": "the shell of the client, the same for everybody",
}
# Levels of the documents at which a route takes no session: nothing, or a credential of its own.
OPEN_LEVELS = {"none", "refresh", "shortcut"}
# Public routes of our own, which no document lists, each with its reason.
OPEN_OURS = {
    "GET /api/openapi.json": "the document, the same for everybody",
    "POST /api/home/accounts/pairing": "a television that nobody is signed in at asks for a code",
    "POST /api/home/accounts/pairing/session": "and comes with its secret",
    "GET /api/home/accounts/codes": "the sign-in page asks whether codes can be sent",
    "GET /api/home/accounts/oidc/offer": "the sign-in page asks whether there is a provider, and its button's text",
    "POST /api/home/accounts/oidc/begin": "the way to the provider, for who is not signed in yet",
    "POST /api/home/accounts/oidc/setup": "claiming a new server, by the rules of the claim",
    "POST /api/home/accounts/oidc/finish": "and back from it, with what the provider says",
    "GET /api/home/sharing/shared/{token}/archive": "who holds a link takes home what lies behind it",
    "GET /api/home/server/https": "the join page asks whether it can be reached by HTTPS",
    "GET /api/home/server/https/authority.crt": "what a device must trust, before anybody signs in on it",
    "GET /api/home/desktop/state": "the icon beside the clock, with the word of the data folder",
    "POST /api/home/desktop/scanning": "likewise",
    "POST /api/home/desktop/stop": "likewise",
    "POST /api/home/desktop/restart": "likewise",
}
EVIL = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
DECLARED = declared_routes()
CLOSED = [route for route in DECLARED if route.needs is not None]
PUBLIC = [route for route in DECLARED if route.needs is None]
COOKIE = "immich_access_token"


def _shape(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.rstrip("/").split("/"))


def _levels(*names: str) -> dict[str, str]:
    """Level by method and shape of every row of these documents; of one in two documents the first."""
    found: dict[str, str] = {}
    for name in names:
        for line in Path(__file__).with_name(f"{name}.routes.tsv").read_text(encoding="utf-8").splitlines():
            method, path, level = line.split("\t")[:3]
            found.setdefault(f"{method} {_shape(path)}", level)
    return found


def _filled(route: Route) -> str:
    return re.sub(r"\{[^}]*\}", "1", route.path)


class Hall:
    """A claimed house, a member, and a device that has neither cookie nor token of its own."""

    house: House
    device: TestClient[Any, Any]
    child_id: str
    child: str
    link: str

    async def asked(self, route: Route, **options: Any) -> tuple[int, str]:
        """Status and code of an answer."""
        options = {"json": {}} | options
        async with self.device.request(route.method, _filled(route), **options) as answer:
            is_json = answer.content_type == "application/json"
            assert answer.status < 500, f"{route.method} {route.path}: {await answer.text()}"
            return answer.status, (await answer.json()).get("code", "") if is_json and answer.status >= 400 else ""

    async def all_refuse(
        self, routes: Iterable[Route], status: int, codes: set[str], **options: Any
    ) -> list[tuple[str, int, str]]:
        """Those of the routes that answer anything else than a refusal."""
        found = [(f"{route.method} {route.path}", *await self.asked(route, **options)) for route in routes]
        return [one for one in found if one[1] != status or one[2] not in codes]

    async def token_of(self, username: str) -> str:
        async with self.device.post("/api/auth/login", json={"username": username, "password": "1234"}) as answer:
            assert answer.status == 200, await answer.text()
            token = str((await answer.json())["token"])
        self.device.session.cookie_jar.clear()
        return token


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hall]:
    # Every route is asked many times over.
    tmp, patch = tmp_path_factory.mktemp("hall"), pytest.MonkeyPatch()
    patch.setattr("homemedia.app.server.CLIPS_A_MINUTE", 10_000)
    async with a_house(tmp) as house:
        patch.undo()
        await house.claim()
        found = Hall()
        found.house, found.device = house, house.stranger()
        made = await house.send("POST", "/api/users", {"username": "child", "password": "1234"}, 201)
        found.child_id = made["user"]["id"]
        await house.send("PUT", f"/api/users/{found.child_id}/restrictions", {"maxAge": 6, "libraries": []})
        found.child = await found.token_of("child")
        admin = (await house.get("/api/auth/me"))["id"]
        found.link = (await house.get(f"/api/users/{admin}/share-link"))["token"]
        yield found


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_every_address_is_a_typed_route_or_named_here(hall: Hall) -> None:
    typed = {(route.method, route.path) for route in hall.house.server.routes}
    # Browsers ask before they read the heap routes from another site's page, and may not of what only looks like one.
    asked = {route.path for route in DECLARED if route.family is Family.HEAPS or route.path.startswith("/api/trash/")}
    strangers: set[str] = set()
    for route in hall.house.server.http.router.routes():
        info = route.resource.get_info() if route.resource is not None else {}
        path = str(info.get("path") or info.get("formatter"))
        is_asked = route.method == "OPTIONS" and path in asked
        if (route.method, path) not in typed and not (route.method == "HEAD" and ("GET", path) in typed):
            strangers |= set() if is_asked else {path}

    assert strangers == set(BY_HAND)
    assert {(route.method, route.path) for route in DECLARED} == typed


async def test_what_is_public_is_so_in_a_document_or_for_a_reason() -> None:
    levels = _levels("watch", "photos", "photos.extra", "clips", "clips.extra", "heaps", "shares", "shares.extra")
    levels |= {name.replace("/api/v1/", "/api/"): level for name, level in levels.items() if "/api/v1/" in name}
    opened = {
        f"{route.method} {route.path}"
        for route in PUBLIC
        if levels.get(f"{route.method} {_shape(route.path)}") not in OPEN_LEVELS
    }

    assert opened <= set(OPEN_OURS), "say why anybody may ask this"


async def test_restricted_member_has_no_right_of_an_administrator(hall: Hall) -> None:
    routes = [route for route in CLOSED if route.needs is Needs.ADMIN]

    assert await hall.all_refuse(routes, 403, {"admin_required"}, headers=_bearer(hall.child)) == []
    # Not even the link of an administrator.
    assert await hall.all_refuse(routes, 403, {"admin_required"}, headers=_bearer(hall.link)) == []


async def test_token_of_another_kind_opens_no_route(hall: Hall) -> None:
    claims = hall.house.server.entrance.tokens.read(hall.house.token, {TokenType.ACCESS})
    session, admin = claims.sid, claims.sub
    for kind in (TokenType.REFRESH, TokenType.GUEST, TokenType.SHARE):
        token = hall.house.server.entrance.tokens.issue(kind, user_id=admin, session_id=session, lifetime_s=60)
        assert await hall.all_refuse(CLOSED, 401, {"unauthorized"}, headers=_bearer(token)) == [], kind
    # One that opens something opens nothing else.
    other = [route for route in CLOSED if "/transcode/" not in route.path]
    token = hall.house.server.entrance.tokens.issue(
        TokenType.MEDIA, user_id=admin, session_id=session, lifetime_s=60, resource="nothing/77"
    )
    assert await hall.all_refuse(other, 401, {"unauthorized"}, headers=_bearer(token)) == []
    assert await hall.all_refuse(other, 401, {"unauthorized"}, params={"token": token}) == []


async def test_member_who_is_out_opens_no_route(hall: Hall) -> None:
    made = await hall.house.send("POST", "/api/users", {"username": "gone", "password": "1234"}, 201)
    token, path = await hall.token_of("gone"), f"/api/users/{made['user']['id']}"
    await hall.house.send("PUT", path, {"enabled": False})
    disabled = await hall.all_refuse(CLOSED, 401, {"session_revoked"}, headers=_bearer(token))
    async with hall.house.client.delete(path) as answer:
        assert answer.status == 200
    removed = await hall.all_refuse(CLOSED, 401, {"session_revoked"}, headers=_bearer(token))

    assert (disabled, removed) == ([], [])


async def test_token_in_an_address_opens_what_the_document_says(hall: Hall) -> None:
    watch = _levels("watch")

    def may(route: Route) -> bool:
        return route.needs is Needs.MEDIA or f"{route.method} {_shape(route.path)}" in watch

    closed = [route for route in CLOSED if not may(route)]
    opened = [route for route in CLOSED if route.needs is Needs.ADMIN and may(route)]

    assert await hall.all_refuse(closed, 401, {"unauthorized"}, params={"token": hall.child}) == []
    assert await hall.all_refuse(opened, 403, {"admin_required"}, params={"token": hall.child}) == []


async def test_page_of_another_site_changes_nothing_with_the_cookie(hall: Hall) -> None:
    routes = [route for route in CLOSED if route.method in UNSAFE]
    headers = {"Cookie": f"{COOKIE}={hall.house.token}", **EVIL}

    assert len(routes) > 30
    assert await hall.all_refuse(routes, 403, {"forbidden"}, headers=headers) == []
    assert await hall.all_refuse(routes, 403, {"forbidden"}, headers={**headers, "Sec-Fetch-Site": "same-site"}) == []


async def test_page_of_another_site_is_not_let_read_and_plants_no_cookie(hall: Hall) -> None:
    told = []
    for route in DECLARED:
        if route.family is Family.HEAPS:  # mirrors the origin, and takes no cookie from it
            continue
        body: dict[str, Any] | None = None if route.method == "GET" else {}
        async with hall.device.request(
            route.method, _filled(route), json=body, headers=EVIL, allow_redirects=False
        ) as answer:
            allowed = [name for name in answer.headers if name.lower().startswith("access-control-")]
            if allowed or COOKIE in answer.cookies:
                told.append(f"{route.method} {route.path}: {allowed} {answer.cookies.keys()}")
    hall.device.session.cookie_jar.clear()

    assert told == []


async def test_other_methods_are_no_way_around(hall: Hall) -> None:
    told = []
    for route in CLOSED:
        for method in ("HEAD", "OPTIONS", "TRACE"):
            if route.method != "GET" and method == "HEAD":
                continue
            overriding = {"X-HTTP-Method-Override": route.method, "X-Original-URL": "/api/health"}
            async with hall.device.request(method, _filled(route), headers=overriding) as answer:
                if answer.status < 400 and route.family is not Family.HEAPS:
                    told.append(f"{method} {route.path}: {answer.status}")

    assert told == []


async def test_odd_spelling_of_an_address_opens_nothing(hall: Hall) -> None:
    port = hall.device.port
    for path in (
        "/api/users/",
        "//api/users",
        "/api//users",
        "/API/users",
        "/api/./users",
        "/api/health/../users",
        "/api/%75sers",
        "/api%2fusers",
        "/api/users;a=b",
        "/api/users/..%2f..%2fusers",
        "/api/users%00",
        "/api/users?token=x&token=y",
        "http://127.0.0.1/api/users",
    ):
        # As bytes on the wire: a client would tidy the address.
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()

        status, _, body = answer.partition(b"\r\n")
        assert status.split()[1] in {b"200", b"301", b"400", b"401", b"404", b"405"}, (path, status)
        assert b"child" not in body, path


async def test_head_makes_no_link(hall: Hall) -> None:
    before = await hall.house.server.db.read("SELECT count(*) AS n FROM session")
    async with hall.house.client.head(f"/api/users/{hall.child_id}/share-link") as answer:
        assert answer.status == 405
    after = await hall.house.server.db.read("SELECT count(*) AS n FROM session")

    assert before[0]["n"] == after[0]["n"]


async def test_document_tells_nothing_of_this_household(hall: Hall) -> None:
    """It is the same for everybody: no example in it is a thing, a name or an id of the house."""
    async with hall.device.get("/api/openapi.json") as answer:
        text = await answer.text()
    household = await hall.house.get("/api/home/accounts/household")

    assert answer.status == 200
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-", text)
    for told in (hall.child_id, household["name"], str(hall.house.folder)):
        assert told not in text
