"""One error body over every route and every kind of refusal."""

import io
import re
from typing import Any

import pytest

from homemedia.app import declared_routes
from tests.support.app import House

KEYS = {"error", "message", "statusCode", "code", "details"}
CLOSED = [route for route in declared_routes() if route.needs is not None]


def _filled(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "1", path)


def _is_error(body: Any, status: int, code: str | None = None) -> bool:
    return (
        set(body) >= KEYS
        and body["statusCode"] == status
        and (code is None or body["code"] == code)
        and isinstance(body["details"], list)
        and bool(body["message"])
    )


async def test_no_route_opens_without_a_sign_in(claimed: House) -> None:
    stranger = claimed.stranger()
    for route in CLOSED:
        async with stranger.request(route.method, _filled(route.path), json={}) as answer:
            body = await answer.json()

            assert answer.status == 401, route.path
            assert _is_error(body, 401, "unauthorized"), route.path
            assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/api/nothing", "/api/libraries/x/y/z", "/api/auth/x", "/api/home"])
async def test_unknown_path_says_that_the_route_is_missing(claimed: House, path: str) -> None:
    async with claimed.client.get(path, headers={"Accept": "text/html"}) as answer:
        assert answer.status == 404
        assert _is_error(await answer.json(), 404, "route_not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/libraries", {"GET", "HEAD", "POST"}),
        ("GET", "/api/libraries/x/scan", {"POST"}),
        ("PUT", "/api/search", {"GET", "HEAD"}),
    ],
)
async def test_wrong_method_names_the_right_ones(claimed: House, method: str, path: str, allowed: set[str]) -> None:
    async with claimed.client.request(method, path, headers={"Accept": "text/html"}) as answer:
        assert answer.status == 405
        assert _is_error(await answer.json(), 405, "method_not_allowed")
        assert {name.strip() for name in answer.headers["Allow"].split(",")} == allowed


@pytest.mark.parametrize("raw", [b"", b"{", b"[1]", b"\xff\xfe", b"null", b'{"name": 7}'])
async def test_bad_body_is_told_apart_and_harms_nothing(claimed: House, raw: bytes) -> None:
    async with claimed.client.post("/api/libraries", data=raw) as answer:
        body = await answer.json()

        assert answer.status == 400
        assert body["code"] in {"invalid_json", "invalid_request"}
        assert _is_error(body, 400)


async def test_field_at_fault_is_named(claimed: House) -> None:
    async with claimed.client.post(
        "/api/libraries", json={"name": "Films", "type": "opera", "paths": ["/x"]}
    ) as answer:
        body = await answer.json()

    assert body["details"][0]["field"] == "type"


async def test_body_beyond_the_limit_is_refused(claimed: House) -> None:
    async with claimed.client.post("/api/libraries", data=io.BytesIO(b" " * ((1 << 20) + 1))) as answer:
        assert answer.status == 413
        assert _is_error(await answer.json(), 413, "payload_too_large")


@pytest.mark.parametrize("wrong", ["99999999999999999999999", "-1", "abc", "1.5", "٣", "%00", "..%2f..%2fetc"])
async def test_id_of_the_wrong_form_is_an_unknown_id(claimed: House, wrong: str) -> None:
    for path in (
        f"/api/stream/{wrong}",
        f"/api/media/{wrong}/info",
        f"/api/media/{wrong}",
        f"/api/libraries/{wrong}/items",
    ):
        async with claimed.client.get(path) as answer:
            assert answer.status == 404, path
            assert _is_error(await answer.json(), 404), path


async def test_every_answer_carries_an_id_and_the_headers_that_protect(claimed: House) -> None:
    for path in ("/api/server", "/api/nothing", "/", "/api/libraries"):
        async with claimed.client.get(path, headers={"Accept": "text/html"}) as answer:
            assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["X-Request-Id"])
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["X-Frame-Options"] == "DENY"
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
            assert "unsafe" not in answer.headers["Content-Security-Policy"]


async def test_fault_inside_tells_nothing_about_itself(claimed: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("/secret/place.py: line 7")

    monkeypatch.setattr(claimed.server.db, "read", broken)

    async with claimed.client.get("/api/libraries") as answer:
        text = await answer.text()

    assert answer.status == 500
    assert "secret" not in text


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/heap/add"), ("PUT", "/api/heaps"), ("POST", "/sync/health")]
)
async def test_wrong_method_of_notes_is_told_in_their_words(claimed: House, method: str, path: str) -> None:
    async with claimed.client.request(method, path) as answer:
        assert answer.status == 405
        assert (await answer.json())["success"] is False
