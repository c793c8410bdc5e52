import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from homemedia.core.http.cors import Cors
from homemedia.core.http.errors import dress, edge
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Needs, Routes, mount
from homemedia.core.http.wire import Wire
from homemedia.core.problems import Unauthorized

NOTES = "https://notes.example"
EVIL = "https://evil.example"
ASKS = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}


class Said(Wire, frozen=True, kw_only=True):
    ok: bool


class Doors:
    routes = Routes("doors", prefix="/api")

    @routes.get("/block/{id}", public=True, family=Family.HEAPS)
    async def heap(self, id: str) -> Said:
        return Said(ok=bool(id))

    @routes.post("/block/{id}", public=True, family=Family.HEAPS)
    async def refused(self, id: str) -> Said:
        raise Unauthorized(f"Not you, {id}.")

    @routes.get("/films", public=True)
    async def films(self) -> Said:
        return Said(ok=True)


async def nobody(_request: web.Request, _needs: Needs) -> None:
    raise Unauthorized("Sign in first.")


@contextlib.asynccontextmanager
async def served(*origins: str) -> AsyncIterator[TestClient[Any, Any]]:
    app = web.Application(middlewares=[edge])
    app.on_response_prepare.append(dress)
    Cors(origins).mount(app, mount(app, [Doors()], nobody))
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_heap_routes_answer_every_origin_without_credentials() -> None:
    async with served() as client:
        for method, status in (("GET", 200), ("HEAD", 200), ("POST", 401)):
            answer = await client.request(method, "/api/block/1", headers={"Origin": EVIL})

            assert answer.status == status
            assert answer.headers["Access-Control-Allow-Origin"] == EVIL
            assert "Origin" in answer.headers["Vary"]
            assert "Access-Control-Allow-Credentials" not in answer.headers
            assert answer.headers["Access-Control-Expose-Headers"] == (
                "ETag, Content-Range, Accept-Ranges, Content-Length, Retry-After"
            )


async def test_preflight_of_a_heap_route_says_what_may_be_sent() -> None:
    async with served() as client:
        answer = await client.options("/api/block/1", headers={"Origin": EVIL} | ASKS)

    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == EVIL
    assert answer.headers["Access-Control-Allow-Methods"] == "GET,HEAD,POST,PUT,DELETE,OPTIONS"
    assert answer.headers["Access-Control-Allow-Headers"] == (
        "Authorization, Content-Type, Range, If-Range, If-None-Match, X-Chunk-SHA256, X-Session-Id"
    )
    assert answer.headers["Access-Control-Max-Age"] == "600"
    assert "Access-Control-Allow-Credentials" not in answer.headers


async def test_all_other_routes_answer_no_other_origin() -> None:
    async with served() as client:
        answer = await client.get("/api/films", headers={"Origin": EVIL})
        asked = await client.options("/api/films", headers={"Origin": EVIL} | ASKS)

    assert not [name for name in answer.headers if name.startswith("Access-Control")]
    assert asked.status == 405
    assert not [name for name in asked.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize(("origin", "is_allowed"), [(NOTES, True), (EVIL, False), ("null", False), ("", False)])
async def test_named_origins_may_ask_everything_without_credentials(origin: str, is_allowed: bool) -> None:  # noqa: FBT001
    async with served(f"{NOTES}/") as client:
        answer = await client.get("/api/films", headers={"Origin": origin})
        asked = await client.options("/api/films", headers={"Origin": origin} | ASKS)

    assert answer.headers.get("Access-Control-Allow-Origin") == (origin if is_allowed else None)
    assert asked.status == (204 if is_allowed else 405)
    assert ("PATCH" in asked.headers.get("Access-Control-Allow-Methods", "")) is is_allowed
    assert "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


async def test_origin_that_cannot_be_written_is_not_mirrored() -> None:
    async with served() as client:
        answer = await client.get("/api/block/1", headers={"Origin": "https://ü.example"})

    assert answer.status == 200
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_who_names_no_origin_is_told_none() -> None:
    async with served() as client:
        answer = await client.get("/api/block/1")

    assert "Access-Control-Allow-Origin" not in answer.headers
