"""Every route of the photo document's first list with exactly its requests, and every photo route with bad ones.

The answers have at least the keys of the document's examples, of those types (photos §6, §14.14), and whatever is
refused says so in the one body (photos §3, §14.15).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from homemedia.app import declared_routes
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Route
from tests.support.app import PASSWORD, House
from tests.support.household import Person, a_household
from tests.support.uploads import MARCH, uploaded

JPEG = b"\xff\xd8\xff\xe0 not much of a picture"
NOBODY = "00000000-0000-4000-8000-000000000000"
ROUTES = [route for route in declared_routes() if route.family is Family.PHOTOS]
NAMES = [f"{route.method} {route.path}" for route in ROUTES]
# What the document shows, by the keys and their types; a list stands for its elements.
LOGIN = {"accessToken": str, "userId": str, "userEmail": str, "name": str, "isAdmin": bool, "profileImagePath": str}
PARTNER = {"id": str, "email": str, "name": str, "inTimeline": bool}
ASSET = {
    "id": str,
    "ownerId": str,
    "deviceAssetId": str,
    "deviceId": str,
    "type": str,
    "originalPath": str,
    "originalFileName": str,
    "fileCreatedAt": str,
    "fileModifiedAt": str,
    "isFavorite": bool,
    "isArchived": bool,
    "isTrashed": bool,
    "checksum": str,
}
ALBUM = {
    "id": str,
    "ownerId": str,
    "albumName": str,
    "description": str,
    "createdAt": str,
    "updatedAt": str,
    "albumThumbnailAssetId": str,
    "shared": bool,
    "albumUsers": list,
    "assetCount": int,
    "activityEnabled": bool,
}
FEATURES = {"clipEncode": bool, "facialRecognition": bool, "map": bool, "oauth": bool, "search": bool, "trash": bool}
OAUTH = {"enabled": bool, "autoRegister": bool, "autoLaunch": bool, "buttonText": str}
SERVER = {"version": str, "diskAvailable": str, "diskSize": str, "diskUse": str, "diskUsagePercentage": (int, float)}
CONFIG = {"loginPageMessage": str, "trashDays": int, "isInitialized": bool}
LINK = {
    "id": str,
    "key": str,
    "url": str,
    "type": str,
    "userId": str,
    "createdAt": str,
    "allowUpload": bool,
    "allowDownload": bool,
    "showMetadata": bool,
    "assets": list,
}
CHECKED = {"results": [{"id": str, "action": str}]}
SEARCHED = {"assets": {"total": int, "count": int, "items": [ASSET]}}
Step = tuple[str, str, Any, int, Any]


@pytest.fixture
async def people(claimed: House) -> dict[str, Person]:
    return await a_household(claimed, "ann", "ben")


def faults(found: Any, wanted: Any, where: str = "") -> Iterator[str]:
    """What of the wanted keys and types an answer lacks."""
    if isinstance(wanted, dict):
        if not isinstance(found, dict):
            yield f"{where}: {found!r} is no object"
            return
        for name, kind in wanted.items():
            if name not in found:
                yield f"{where}.{name} is missing"
            else:
                yield from faults(found[name], kind, f"{where}.{name}")
    elif isinstance(wanted, list):
        if not isinstance(found, list) or not found:
            yield f"{where}: {found!r} is no list with anything in it"
            return
        for one in found:
            yield from faults(one, wanted[0], f"{where}[]")
    elif not isinstance(found, wanted) or (isinstance(found, bool) and wanted is int):
        yield f"{where} is {found!r}"


def steps(ids: dict[str, str]) -> list[Step]:
    """Method, path, body, status and the answer's form; in an order in which each is possible."""
    photo, album = ids["photo"], ids["album"]
    return [
        ("POST", "/auth/validateToken", None, 200, {"authStatus": bool}),
        ("GET", "/oauth/config", None, 200, OAUTH),
        ("GET", "/assets?updatedAfter=2024-01-01T00:00:00.000Z", None, 200, [ASSET]),
        ("GET", f"/assets/{photo}", None, 200, ASSET),
        ("PUT", f"/assets/{photo}", {"isFavorite": True, "isArchived": False, "description": "Sea"}, 200, ASSET),
        ("POST", "/assets/bulk-upload-check", {"assets": [{"id": "1", "checksum": "0" * 40}]}, 200, CHECKED),
        ("GET", "/albums?shared=false", None, 200, [ALBUM]),
        ("GET", f"/albums/{album}", None, 200, ALBUM | {"assets": [ASSET]}),
        ("PATCH", f"/albums/{album}", {"albumName": "Trip", "activityEnabled": False}, 200, ALBUM),
        ("PUT", f"/albums/{album}/assets", {"ids": [ids["video"]]}, 200, [{"id": str, "success": bool}]),
        ("DELETE", f"/albums/{album}/assets", {"ids": [ids["video"]]}, 200, [{"id": str, "success": bool}]),
        ("PUT", f"/albums/{album}/users", {"sharedUserIds": [ids["ben"]]}, 200, ALBUM),
        ("GET", "/albums?shared=true", None, 200, [ALBUM]),
        ("POST", "/search/metadata", {"isFavorite": True, "takenAfter": "2024-01-01"}, 200, SEARCHED),
        ("POST", "/search/smart", {"query": "sea"}, 200, SEARCHED),
        ("GET", "/search/suggestions?query=a&type=city", None, 200, list),
        ("POST", f"/partners/{ids['ben']}", None, 201, PARTNER),
        ("GET", "/partners?direction=shared-by", None, 200, [PARTNER]),
        ("DELETE", f"/partners/{ids['ben']}", None, 204, None),
        ("GET", "/server/info", None, 200, SERVER),
        ("GET", "/server/features", None, 200, FEATURES),
        ("GET", "/server/config", None, 200, CONFIG),
        ("DELETE", f"/albums/{album}", None, 204, None),
        ("DELETE", "/assets", {"ids": [photo], "force": False}, 204, None),
        (
            "POST",
            "/auth/change-password",
            {"password": PASSWORD, "newPassword": "a new pass phrase"},
            200,
            {"id": str, "email": str, "name": str},
        ),
    ]


async def test_each_route_answers_the_document_s_request_with_its_keys(
    claimed: House, people: dict[str, Person]
) -> None:
    ann, ben = people["ann"], people["ben"]
    login = {"email": "ann@example.org", "password": PASSWORD}
    async with claimed.stranger().post("/api/auth/login", json=login) as answer:
        wrong = [*faults(await answer.json(), LOGIN, "POST /auth/login")]
        assert answer.status == 201
    fields = {"deviceAssetId": "a-1", "deviceId": "CLI", "fileModifiedAt": MARCH, "isArchived": "false"}
    ids = {"ben": ben.id, "photo": await ann.upload(JPEG, isVisible="true", duration="0:00:00.00000", **fields)}
    ids["video"] = await ann.upload(b"not much of a film", "v.mp4")
    made = await ann.done("POST", "/albums", {"albumName": "Vacation 2024", "assetIds": [ids["photo"]]})
    wrong += faults(made, ALBUM, "POST /albums")
    ids["album"] = made["id"]
    await claimed.idle()

    shared = {"type": "ALBUM", "albumId": ids["album"], "allowUpload": False, "expiresAt": "2099-01-01T00:00:00.000Z"}
    link = await ann.done("POST", "/shared-links", shared | {"allowDownload": True, "showMetadata": True})
    wrong += faults(link, LINK, "POST /shared-links")
    wrong += faults(await ann.get("/shared-links/me"), [LINK], "GET /shared-links/me")
    assert await ann.ask("DELETE", f"/shared-links/{link['id']}") == (204, None)

    for method, path, body, status, form in steps(ids):
        found, told = await ann.ask(method, path, body)
        assert found == status, f"{method} {path}: {found} {told}"
        wrong += [] if form is None else faults(told, form, f"{method} {path}")
    for tail, kind in (("thumbnail?size=thumbnail", 404), ("original", 200), ("video/playback", 400)):
        async with ann.device.get(f"/api/assets/{ids['photo']}/{tail}") as answer:
            assert answer.status == kind, tail
    async with ann.device.get(f"/api/assets/{ids['video']}/video/playback", headers={"Range": "bytes=0-3"}) as answer:
        assert (answer.status, await answer.read()) == (206, b"not ")
    await ann.done("POST", f"/partners/{ben.id}")
    wrong += faults(await ben.done("PUT", f"/partners/{ann.id}", {"inTimeline": True}), PARTNER, "PUT /partners/{id}")
    async with claimed.stranger().get("/api/server/ping") as answer:
        assert await answer.json() == {"res": "pong"}
    for path in ("/oauth/authorize", "/oauth/callback"):
        body = {"redirectUri": f"{claimed.url}/", "url": f"{claimed.url}/?code=x&state=y"}
        status, told = await ann.ask("POST", path, body)
        assert (status, told["statusCode"]) == (400, 400), path
    async with ann.device.post("/api/auth/logout", headers={"Accept": "*/*"}) as answer:
        assert (answer.status, await answer.read()) == (204, b"")
    assert wrong == []


async def test_duplicate_is_told_in_both_documents_words(claimed: House) -> None:
    first = await uploaded(claimed.client, JPEG)
    async with claimed.client.get(f"/api/assets/{first}") as answer:
        checksum = (await answer.json())["checksum"]

    checks = {"assets": [{"id": "1", "checksum": checksum}, {"id": "2", "checksum": "nonsense"}]}
    (known, new) = (await claimed.send("POST", "/api/assets/bulk-upload-check", checks))["results"]

    told = {"id": "1", "action": "reject", "reason": "duplicate", "assetId": first, "isTrashed": False}
    assert known == told
    assert (new["id"], new["action"]) == ("2", "accept")


# Bad requests


def _filled(route: Route, value: str) -> str:
    return re.sub(r"\{[^}]*\}", value, route.path)


def is_refusal(status: int, body: Any) -> bool:
    """Whether a body says all that clients read of a refusal."""
    return (
        isinstance(body, dict)
        and body.get("statusCode") == status
        and bool(body.get("error"))
        and bool(body.get("message"))
        and bool(body.get("correlationId"))
    )


async def _told(house: House, route: Route, path: str, **sent: Any) -> tuple[int, Any]:
    async with house.client.request(route.method, path, **sent) as answer:
        assert answer.status < 500, f"{route.method} {path}: {await answer.text()}"
        if answer.status < 400:
            await answer.read()
            return answer.status, None
        return answer.status, await answer.json()


async def test_every_refusal_has_the_one_body(claimed: House) -> None:
    """What has an id is asked with one that is none and with one of nobody; what has a body with six bad ones."""
    json = {"Content-Type": "application/json"}
    wrong, refused = [], 0
    for route in ROUTES:
        if route.path.endswith(("/auth/logout", "/admin-sign-up")):
            continue
        questions: list[tuple[str, dict[str, Any]]] = []
        if "{" in route.path:
            questions += [(_filled(route, "nonsense"), {}), (_filled(route, NOBODY), {})]
        if route.body is not None:
            path = _filled(route, NOBODY)
            questions += [
                (path, {"data": raw, "headers": json}) for raw in (b"", b"{", b"[1]", b"\xff\xfe", b'"x"', b"[" * 9999)
            ]
            questions.append((path, {"data": b"a=b", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}))
        for path, sent in questions:
            status, body = await _told(claimed, route, path, **sent)
            if status >= 400:
                refused += 1
                if not is_refusal(status, body):
                    wrong.append((route.method, path, sent, status, body))
    assert wrong == []
    assert refused > 400


async def test_refusals_of_strangers_have_it_too(claimed: House) -> None:
    stranger = claimed.stranger()
    for route in ROUTES:
        if route.needs is None:
            continue
        async with stranger.request(route.method, _filled(route, NOBODY), json={}) as answer:
            body = await answer.json()
            assert (answer.status, is_refusal(401, body)) == (401, True), route.path
            assert body["message"] == "Authentication required"
            assert answer.headers["X-Correlation-ID"] == body["correlationId"]


@pytest.mark.parametrize("path", ["assets", "search/metadata", "albums", "tags", "people"])
async def test_body_beyond_any_limit_is_refused_in_it(claimed: House, path: str) -> None:
    async with claimed.client.post(f"/api/{path}", data=_much(33 << 20), headers={"Content-Type": "x/y"}) as answer:
        assert 400 <= answer.status < 500
        assert is_refusal(answer.status, await answer.json())


async def _much(size: int) -> Any:
    for _ in range(size >> 16):
        yield b" " * (1 << 16)


async def test_no_route_of_the_document_is_missing_here() -> None:
    """The walk above asks for every done row of the first list but those of other tests."""
    rows = Path(__file__).with_name("photos.routes.tsv").read_text(encoding="utf-8").splitlines()
    done = {tuple(row.split("\t")[:2]) for row in rows if row.split("\t")[3] == "done"}
    walked = {(method, re.sub("PHOTO|ALBUM|BEN|VIDEO", "{}", path.split("?")[0])) for method, path in _asked()}
    assert {(method, re.sub(r"\{[^}]*\}", "{}", path)) for method, path in done} - walked == set()


def _asked() -> list[tuple[str, str]]:
    ids = {"photo": "PHOTO", "video": "VIDEO", "album": "ALBUM", "ben": "BEN"}
    asked = [(method, f"/api{path}") for method, path, *_ in steps(ids)]
    asked += [("POST", "/api/auth/login"), ("POST", "/api/assets"), ("POST", "/api/albums")]
    asked += [("GET", f"/api/assets/PHOTO/{tail}") for tail in ("thumbnail", "original", "video/playback")]
    asked += [("PUT", "/api/partners/BEN"), ("GET", "/api/server/ping"), ("POST", "/api/auth/logout")]
    asked += [("POST", "/api/shared-links"), ("GET", "/api/shared-links/me"), ("DELETE", "/api/shared-links/{}")]
    return [*asked, ("POST", "/api/oauth/authorize"), ("POST", "/api/oauth/callback")]
