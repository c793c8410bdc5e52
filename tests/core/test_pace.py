"""How often one login may ask the routes of a family (clips §1.2)."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from homemedia.core.http.errors import WHO, edge
from homemedia.core.http.families import Family
from homemedia.core.http.limits import FamilyPace, RateLimit
from homemedia.core.http.routes import Needs, Routes, mount
from homemedia.core.http.wire import Wire
from homemedia.core.problems import Unauthorized
from tests.support.fakes import FakeClock

Client = TestClient[Any, Any]


class Answer(Wire, frozen=True, kw_only=True):
    ok: bool = True


class Feed:
    routes = Routes("feed", prefix="/api", family=Family.CLIPS)

    @routes.get("/open", public=True)
    async def get_open(self) -> Answer:
        """Answer anybody."""
        return Answer()

    @routes.get("/own")
    async def get_own(self, actor: Annotated[str, Needs.USER]) -> Answer:
        """Answer a member."""
        return Answer()

    @routes.get("/picture", public=True, produces="image/jpeg")
    async def get_picture(self) -> web.Response:
        """Send a picture."""
        return web.Response(body=b"")

    @routes.get("/other", public=True, family=Family.HOUSE)
    async def get_other(self) -> Answer:
        """Answer for another family."""
        return Answer()


async def guard(request: web.Request, needs: Needs) -> str:
    who = request.headers.get("Who")
    if who is None:
        raise Unauthorized("Sign in first.")
    request[WHO] = who
    return who


@pytest.fixture
async def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def client(clock: FakeClock) -> AsyncIterator[Client]:
    app = web.Application(middlewares=[edge])
    pace = FamilyPace(
        {Family.CLIPS: RateLimit(3, 60.0, clock=clock)}, lambda request: request.headers.get("From", "10.0.0.1")
    )
    mount(app, [Feed()], guard, pace)
    async with TestClient(TestServer(app)) as made:
        yield made


async def statuses(client: Client, path: str, times: int = 4, **headers: str) -> list[int]:
    return [(await client.get(path, headers=headers)).status for _ in range(times)]


async def test_each_login_has_its_own_count(client: Client, clock: FakeClock) -> None:
    assert await statuses(client, "/api/own", Who="ann") == [200, 200, 200, 429]
    assert await statuses(client, "/api/own", Who="bob") == [200, 200, 200, 429]
    over = await client.get("/api/own", headers={"Who": "ann"})
    assert (over.headers["Retry-After"], (await over.json())["code"]) == ("60", "rate_limited")

    clock.pass_ms(60_000)
    assert await statuses(client, "/api/own", 1, Who="ann") == [200]


async def test_who_did_not_sign_in_is_counted_by_address(client: Client) -> None:
    assert await statuses(client, "/api/own") == [401, 401, 401, 429]
    assert await statuses(client, "/api/open", 1) == [429]
    # One IPv6 line is one caller, whatever address of it he takes.
    assert await statuses(client, "/api/open", 3, From="2001:db8::1") == [200] * 3
    assert await statuses(client, "/api/open", 1, From="2001:db8::2") == [429]
    assert await statuses(client, "/api/open", 1, From="10.0.0.2") == [200]


async def test_pictures_and_other_families_are_not_counted(client: Client) -> None:
    assert await statuses(client, "/api/picture", 10) == [200] * 10
    assert await statuses(client, "/api/other", 10) == [200] * 10
    assert await statuses(client, "/api/open") == [200, 200, 200, 429]
