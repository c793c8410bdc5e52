import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from yarl import URL

from homemedia.core.http.errors import REQUEST_ID, WHO
from homemedia.server.requests import FOLD_MS, KEPT, Narrowed, RequestLog
from tests.support.app import House, a_house
from tests.support.fakes import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def log(clock: FakeClock) -> RequestLog:
    return RequestLog(lambda _request: "192.168.1.20", clock)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        await house.claim()
        yield house


def asked(path: str, *, method: str = "GET", who: str | None = None, agent: str = "test") -> web.Request:
    request = make_mocked_request(method, path, headers={"User-Agent": agent})
    request[REQUEST_ID] = "0123456789abcdef"
    if who is not None:
        request[WHO] = who
    return request


def test_newest_stands_first_and_all_are_counted(log: RequestLog) -> None:
    for number in range(5):
        log.observe(asked(f"/api/media/{number}"), 200, 10, 1.0)

    found, total = log.find(Narrowed(), 2)

    assert [entry.path for entry in found] == ["/api/media/4", "/api/media/3"]
    assert total == 5


def test_ring_forgets_the_oldest(log: RequestLog) -> None:
    for number in range(KEPT + 3):
        log.observe(asked(f"/api/media/{number}"), 200, 0, 0.0)

    found, total = log.find(Narrowed(), KEPT + 3)

    assert total == len(found) == KEPT
    assert found[-1].path == "/api/media/3"


def test_pictures_of_a_minute_are_one_entry(log: RequestLog, clock: FakeClock) -> None:
    for number in range(30):
        log.observe(asked(f"/api/artwork/key{number}/thumb", who="u"), 200, 100, float(number))
    clock.pass_ms(FOLD_MS)
    log.observe(asked("/api/artwork/key0/thumb", who="u"), 200, 100, 1.0)

    (later, first), _ = log.find(Narrowed(), 10)

    assert (first.path, first.count, first.size_bytes, first.duration_ms) == ("/api/artwork/…", 30, 3000, 29.0)
    assert later.count == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("/api/stream/1", 206, "u"), ("/api/stream/2", 206, "u")),
        (("/api/stream/1", 206, "u"), ("/api/stream/1", 206, "v")),
        (("/api/stream/1", 206, "u"), ("/api/stream/1", 404, "u")),
        (("/api/transcode/ab/1.m4s", 200, "u"), ("/api/transcode/cd/1.m4s", 200, "u")),
    ],
)
def test_swarms_of_different_things_people_and_ends_stay_apart(
    log: RequestLog, one: tuple[str, int, str], other: tuple[str, int, str]
) -> None:
    for path, status, who in (one, other, one):
        log.observe(asked(path, who=who), status, 1, 1.0)

    assert sorted(entry.count for entry in log.find(Narrowed(), 10)[0]) == [1, 2]


@pytest.mark.parametrize(
    ("narrowed", "paths"),
    [
        (Narrowed(first_status=400, last_status=499), ["/api/users"]),
        (Narrowed(first_status=500, last_status=500), ["/api/search"]),
        (Narrowed(user_id="u"), ["/api/search", "/api/libraries"]),
        (Narrowed(path="/api/l"), ["/api/libraries"]),
        (Narrowed(level="warning"), ["/api/search", "/api/users"]),
        (Narrowed(level="error"), ["/api/search"]),
        (Narrowed(since_ms=10**15), []),
    ],
)
def test_narrowed_list_holds_only_what_was_asked_for(log: RequestLog, narrowed: Narrowed, paths: list[str]) -> None:
    log.observe(asked("/api/libraries", who="u"), 200, 1, 1.0)
    log.observe(asked("/api/users"), 401, 1, 1.0)
    log.observe(asked("/api/search", who="u"), 500, 1, 1.0)

    assert [entry.path for entry in log.find(narrowed, 10)[0]] == paths


@pytest.mark.parametrize(
    "path",
    [
        "/api/search?token=hunter2secret&q=x",
        "/api/search?%74oken=hunter2secret",
        "/api/search?PASSWORD=hunter2secret",
        "/api/search?q=1&key=hunter2secret&slug=hunter2secret",
        "/api/search?sessionKey=hunter2secret;apiKey=hunter2secret",
        "/api/search?password=my%20hunter2secret",
        "/api/search?password=my+hunter2secret",
        "/api/search?next=/api/stream/1%3Ftoken%3Dhunter2secret",
        "/3/movie/603?api_key=hunter2secret",
        "/join/k3v9q0hunter2secret",
        "/s/k3v9q0hunter2secret?access=hunter2secret",
    ],
)
def test_no_secret_of_an_address_is_kept(log: RequestLog, path: str) -> None:
    log.observe(asked(path), 200, 1, 1.0)

    (entry,), _ = log.find(Narrowed(), 1)

    assert "hunter2secret" not in f"{entry.path}?{entry.query}"


def test_text_from_outside_is_kept_on_one_line_and_within_bounds(log: RequestLog) -> None:
    log.observe(asked("/api/" + "x" * 5000, agent="a\x1b[2J" + "b" * 5000), 404, 1, 1.0)

    (entry,), _ = log.find(Narrowed(), 1)

    assert len(entry.path) == len(entry.user_agent) == 500
    assert "\x1b" not in entry.user_agent


async def test_bytes_that_are_no_text_spoil_neither_list_nor_answer(house: House) -> None:
    at = URL(house.url)
    reader, writer = await asyncio.open_connection(at.host, at.port)
    writer.write(b"GET /api/health HTTP/1.1\r\nHost: a\r\nUser-Agent: odd \xff\xfe\r\nConnection: close\r\n\r\n")
    await reader.read()
    writer.close()
    await writer.wait_closed()

    answer = await house.get("/api/logs?path=/api/health")

    assert answer["logs"][0]["userAgent"] == r"odd \udcff\udcfe"


async def test_administrator_sees_who_asked_for_what(house: House) -> None:
    await house.get("/api/libraries?limit=1")
    await house.get("/api/media/nosuchkey000", status=404)

    answer = await house.get("/api/logs?limit=2")

    missed, listed = answer["logs"]
    assert (missed["path"], missed["status"], missed["level"]) == ("/api/media/nosuchkey000", 404, "warning")
    assert (listed["path"], listed["query"], listed["username"]) == ("/api/libraries", "limit=1", "admin")
    assert listed["bytes"] > 0
    assert answer["total"] >= 3


async def test_entry_bears_the_id_of_its_answer(house: House) -> None:
    async with house.client.get("/api/libraries") as answer:
        request_id = answer.headers["X-Request-Id"]

    assert (await house.get("/api/logs?path=/api/libraries"))["logs"][0]["requestId"] == request_id


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=9", "status"),
        ("status=6xx", "status"),
        ("status=4xxx", "status"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=x", "limit"),
        ("since=-1", "since"),
        ("level=loud", "level"),
    ],
)
async def test_bad_query_names_its_field(house: House, query: str, field: str) -> None:
    answer = await house.get(f"/api/logs?{query}", status=400)

    assert answer["code"] == "invalid_request"
    assert answer["details"][0]["field"] == field


async def test_log_is_closed_to_strangers(house: House) -> None:
    stranger: Any = house.stranger()

    async with stranger.get("/api/logs") as answer:
        assert answer.status == 401
