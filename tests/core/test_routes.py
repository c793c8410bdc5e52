import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Any

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from msgspec import Meta

from homemedia.core.http import routes
from homemedia.core.http.errors import dress, edge
from homemedia.core.http.openapi import document
from homemedia.core.http.routes import Needs, Routes, mount
from homemedia.core.http.wire import Cookie, Query, Reply, Wire
from homemedia.core.problems import Forbidden, NotFound, Unavailable

Someone = Annotated[str, Needs.USER]
Boss = Annotated[str, Needs.ADMIN]


class Thing(Wire, frozen=True, kw_only=True):
    thing_id: int
    long_name: str = ""


class Page(Query, frozen=True, kw_only=True):
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    is_new: bool = False
    sort_by: str | None = None


class Things:
    routes = Routes("things", prefix="/api")

    @routes.get("/things/{id}")
    async def one(self, actor: Someone, id: int) -> Thing:
        """Answer one thing."""
        return Thing(thing_id=id, long_name=actor)

    @routes.get("/things/newest")
    async def newest(self, actor: Someone) -> Thing:
        """Answer the newest thing."""
        return Thing(thing_id=0, long_name="newest")

    @routes.get("/things")
    async def many(self, actor: Someone, query: Page) -> list[int | bool | str | None]:
        """Answer what was asked for."""
        return [query.limit, query.is_new, query.sort_by]

    @routes.post("/things", status=201)
    async def make(self, actor: Boss, body: Thing) -> Reply[Thing]:
        """Make a thing."""
        return Reply(body, headers={"X-Made": "yes"}, cookies=[Cookie(name="a", value="b", max_age_s=5)])

    @routes.post("/things/poke")
    async def poke(self, actor: Someone, body: Thing | None = None) -> Thing:
        """Poke, with or without words."""
        return body or Thing(thing_id=-1)

    @routes.get("/open", public=True)
    async def open_to_all(self) -> Thing:
        """Answer anybody."""
        raise Unavailable("Not now.", retry_after_s=7)


async def guard(request: web.Request, needs: Needs) -> str:
    who = request.headers.get("X-Who", "")
    if needs is Needs.ADMIN and who != "boss":
        raise Forbidden("Only for the boss.", code="admin_required")
    return who


@pytest.fixture
async def client(aiohttp_client: Callable[[web.Application], Awaitable[TestClient[Any, Any]]]) -> TestClient[Any, Any]:
    app = web.Application(middlewares=[edge])
    app.on_response_prepare.append(dress)
    mount(app, [Things()], guard)
    return await aiohttp_client(app)


async def _json(client: TestClient[Any, Any], method: str, path: str, **more: Any) -> tuple[int, Any]:
    async with client.request(method, path, **more) as answer:
        return answer.status, await answer.json()


async def test_names_travel_in_camel_case(client: TestClient[Any, Any]) -> None:
    assert await _json(client, "GET", "/api/things/7", headers={"X-Who": "me"}) == (
        200,
        {"thingId": 7, "longName": "me"},
    )


async def test_fixed_words_come_before_placeholders(client: TestClient[Any, Any]) -> None:
    assert (await _json(client, "GET", "/api/things/newest"))[1]["longName"] == "newest"


async def test_parameters_are_read_as_their_types_and_empty_ones_are_absent(client: TestClient[Any, Any]) -> None:
    assert (await _json(client, "GET", "/api/things?limit=7&isNew=1&sortBy=&x=y"))[1] == [7, True, None]


@pytest.mark.parametrize("wrong", ["limit=x", "limit=0", "limit=201", "limit=1.5", "limit=-1"])
async def test_wrong_parameter_is_named(client: TestClient[Any, Any], wrong: str) -> None:
    status, body = await _json(client, "GET", f"/api/things?{wrong}")

    assert (status, body["code"], body["details"][0]["field"]) == (400, "invalid_request", "limit")


async def test_missing_field_is_named(client: TestClient[Any, Any]) -> None:
    status, body = await _json(client, "POST", "/api/things", json={}, headers={"X-Who": "boss"})

    assert (status, body["details"]) == (400, [{"field": "thingId", "reason": "is required"}])


async def test_reply_sets_status_headers_and_cookies(client: TestClient[Any, Any]) -> None:
    async with client.post("/api/things", json={"thingId": 1}, headers={"X-Who": "boss"}) as answer:
        assert (answer.status, answer.headers["X-Made"]) == (201, "yes")
        assert "HttpOnly" in answer.headers["Set-Cookie"]
        assert "SameSite=Lax" in answer.headers["Set-Cookie"]


async def test_guard_is_asked_before_the_body_is_read(client: TestClient[Any, Any]) -> None:
    assert (await _json(client, "POST", "/api/things", data=b"{"))[1]["code"] == "admin_required"


async def test_body_may_be_left_out_where_the_signature_says_so(client: TestClient[Any, Any]) -> None:
    assert (await _json(client, "POST", "/api/things/poke"))[1]["thingId"] == -1
    assert (await _json(client, "POST", "/api/things/poke", json={"thingId": 3}))[1]["thingId"] == 3


async def test_busy_says_when_to_come_back(client: TestClient[Any, Any]) -> None:
    async with client.get("/api/open") as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "7")


async def test_head_works_wherever_get_does(client: TestClient[Any, Any]) -> None:
    async with client.head("/api/things/7") as answer:
        assert (answer.status, await answer.read()) == (200, b"")


def test_route_without_an_actor_must_say_that_it_is_public() -> None:
    routes = Routes("x")

    with pytest.raises(TypeError, match="public=True"):

        @routes.get("/x")
        async def forgotten(self: object) -> Thing:
            raise NotFound("")


def test_handler_must_take_what_its_path_names() -> None:
    routes = Routes("x")

    with pytest.raises(TypeError, match="its path names"):

        @routes.get("/x/{id}", public=True)
        async def forgotten(self: object) -> Thing:
            raise NotFound("")


def test_document_says_who_may_call_what_and_with_what() -> None:
    made = document([route for route, _ in Things.routes.declared], version="1")
    many = made["paths"]["/api/things"]

    assert made["openapi"] == "3.1.0"
    assert [parameter["name"] for parameter in many["get"]["parameters"]] == ["limit", "isNew", "sortBy"]
    assert many["post"]["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Thing"
    }
    assert made["paths"]["/api/open"]["get"]["security"] == []
    assert "Page" not in made["components"]["schemas"]
    assert msgspec.json.encode(made)


@pytest.mark.parametrize(
    "raw", [b'{"x":' + b"[" * 100_000, b'{"thingId":1,"unknown":' + b"[" * 90_000 + b"]" * 90_000 + b"}"]
)
async def test_body_nested_thousands_deep_is_no_json(client: TestClient[Any, Any], raw: bytes) -> None:
    status, body = await _json(client, "POST", "/api/things", headers={"X-Who": "boss"}, data=raw)

    assert (status, body["code"]) == (400, "invalid_json")


async def test_packed_body_is_refused(client: TestClient[Any, Any]) -> None:
    packed = zlib.compress(b'{"thingId":1}')

    status, body = await _json(
        client, "POST", "/api/things", headers={"X-Who": "boss", "Content-Encoding": "deflate"}, data=packed
    )

    assert (status, body["code"]) == (415, "unsupported_media_type")


async def test_body_that_never_ends_is_not_waited_for(
    client: TestClient[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "BODY_LIMIT_S", 0.05)
    never = asyncio.Event()

    async def drip() -> AsyncIterator[bytes]:
        yield b'{"thing'
        await never.wait()

    status, body = await _json(client, "POST", "/api/things", headers={"X-Who": "boss"}, data=drip())

    assert (status, body["code"]) == (408, "request_timeout")


async def test_body_that_breaks_off_in_a_bad_chunk_is_damaged(client: TestClient[Any, Any]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    writer.write(b"POST /api/things HTTP/1.1\r\nHost: a\r\nX-Who: boss\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")
    await writer.drain()
    await asyncio.sleep(0)
    writer.write(b"zz\r\n")
    answer = await reader.read(100)
    writer.close()
    await writer.wait_closed()

    assert b" 400 " in answer
