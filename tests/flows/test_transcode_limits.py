"""A converted stream of somebody who is restricted: what ends it, how wide it may be, whether it is made at all.

One house and one film for the whole file: each test says first what is taken away from the child.
"""

import os
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient

from homemedia.playback import limits
from homemedia.playback.session import Session
from tests.support.app import House, a_house
from tests.support.samples import a_film
from tests.support.streams import listed

pytestmark = pytest.mark.asyncio(loop_scope="module")

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Den:
    """A house with a film that must be encoded, and a child."""

    house: House
    child: TestClient[Any, Any]
    child_id: str
    film: int

    async def restrict(self, **body: Any) -> None:
        """Take this away from the child and nothing else; it is signed in."""
        path = f"/api/users/{self.child_id}"
        await self.house.send("PUT", path, {"enabled": True, "restrictions": None, "libraries": "all"})
        await self.house.send("PUT", f"{path}/restrictions", body)

    async def sign_in(self) -> str:
        """Sign the child in; the session's id."""
        async with self.child.post("/api/auth/login", json={"username": "child", "password": "1234"}) as answer:
            assert answer.status == 200, await answer.text()
        async with self.child.get("/api/sessions") as answer:
            return str(next(one["id"] for one in await answer.json() if one["current"]))

    async def asked(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        async with self.child.request(method, path, **options) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, await answer.json() if is_json else await answer.read()

    async def watch(self, **body: Any) -> Session:
        """A stream that has begun: its description and its first piece were fetched."""
        status, opened = await self.asked("POST", f"/api/transcode/{self.film}", json=body)
        assert status == 201, opened
        self.opened = opened
        url = opened["playlistUrl"]
        self.list = listed((await self.asked("GET", url))[1].decode(), url.rpartition("/stream.m3u8")[0])
        assert (await self.asked("GET", self.list.urls[0]))[0] == 200
        return next(
            one for one in self.house.server.playback.sessions.living() if one.session_id == opened["sessionId"]
        )

    async def ends(self, session: Session) -> None:
        """Wait until a stream is gone with all it made, and nothing opens it again."""

        async def is_gone() -> bool:
            return session not in self.house.server.playback.sessions.living() and not session.folder.exists()

        await self.house.until(is_gone)
        bare = self.house.stranger()
        for url in (self.opened["playlistUrl"], self.list.urls[0], self.list.urls[-1]):
            for client in (self.child, bare):
                async with client.get(url) as answer:
                    assert answer.status in {401, 404, 410}, f"{url}: {answer.status}"

    @property
    def not_now(self) -> list[dict[str, Any]]:
        """A schedule that has no room for today."""
        today = datetime.fromtimestamp(self.house.server.clock.now_ms() / 1000).weekday()  # noqa: DTZ006 - the server's
        return [{"days": [DAYS[(today + 3) % 7]], "from": "10:00", "to": "11:00"}]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Den]:
    folder = tmp_path_factory.mktemp("den")
    look, limits.LOOK_EVERY_S = limits.LOOK_EVERY_S, 0.05
    film = a_film(folder / "media" / "Harbour (2001).mkv", seconds=30, size="320x180", rate=10, codec="mpeg4")
    os.utime(film, (0, 0))
    async with a_house(folder) as house:
        await house.claim()
        library = await house.add_library("Films", "movie", folder / "media")
        (item,) = (await house.get(f"/api/libraries/{library['id']}/items"))["items"]
        found = Den()
        found.house, found.child = house, house.stranger()
        found.film = (await house.get(f"/api/media/{item['id']}"))["files"][0]["id"]
        made = await house.send("POST", "/api/users", {"username": "child", "password": "1234"}, 201)
        found.child_id = made["user"]["id"]
        yield found
    limits.LOOK_EVERY_S = look


@pytest_asyncio.fixture(loop_scope="module")
async def den(opened: Den) -> AsyncIterator[Den]:
    await opened.restrict()
    await opened.sign_in()
    yield opened
    await opened.restrict()


async def test_stream_ends_when_his_time_is_over(den: Den) -> None:
    session = await den.watch()

    await den.restrict(schedule=den.not_now)

    await den.ends(session)
    for method, path in (("POST", f"/api/transcode/{den.film}"), ("GET", f"/api/stream/{den.film}")):
        status, body = await den.asked(method, path)
        assert (status, body["code"]) == (403, "outside_schedule")


@pytest.mark.parametrize("taken", [{"maxAge": 6}, {"libraries": []}, {"allowedLabels": ["family"]}], ids=str)
async def test_stream_ends_when_the_film_is_hidden(den: Den, taken: dict[str, Any]) -> None:
    session = await den.watch()

    await den.restrict(**taken)

    await den.ends(session)
    assert (await den.asked("POST", f"/api/transcode/{den.film}"))[0] == 404


@pytest.mark.parametrize("by", ["device", "himself", "password", "switched off"])
async def test_stream_ends_with_its_sign_in(den: Den, by: str) -> None:
    sign_in = await den.sign_in()
    session = await den.watch()
    path = f"/api/users/{den.child_id}"

    match by:
        case "device":
            async with den.house.client.delete(f"/api/home/accounts/members/{den.child_id}/sessions/{sign_in}") as gone:
                assert gone.status == 204
        case "himself":
            assert (await den.asked("POST", "/api/auth/logout"))[0] < 300
        case "password":
            await den.house.send("PUT", path, {"password": "1234"})
        case _:
            await den.house.send("PUT", path, {"enabled": False})

    await den.ends(session)


async def test_another_device_of_his_goes_on(den: Den) -> None:
    session = await den.watch()
    stranger = den.house.stranger()
    async with stranger.post("/api/auth/login", json={"username": "child", "password": "1234"}) as answer:
        assert answer.status == 200
    async with stranger.post("/api/auth/logout") as answer:
        assert answer.status < 300

    assert session in den.house.server.playback.sessions.living()
    assert (await den.asked("GET", den.list.urls[0]))[0] == 200
    await session.close()


async def test_stream_keeps_to_the_rate_of_its_member_whatever_is_asked_for(den: Den) -> None:
    await den.restrict(maxBitrate=300_000)
    for wish in ({}, {"maxBitrate": 20_000_000}, {"force": "remux"}, {"force": "transcode", "maxBitrate": 9_000_000}):
        status, opened = await den.asked("POST", f"/api/transcode/{den.film}", json=wish)
        assert status == 201, opened
        video, audio = opened["video"], opened["audio"]
        assert video["action"] == "transcode"
        assert video["bitrate"] + (audio["bitrate"] or 0) <= 300_000 * 1.05, wish
        await den.asked("DELETE", f"/api/transcode/{opened['sessionId']}")


async def test_who_may_not_convert_gets_no_encoded_stream(den: Den) -> None:
    await den.restrict(allowTranscode=False)
    for wish in ({}, {"force": "transcode"}, {"maxHeight": 144}, {"maxBitrate": 200_000}, {"subtitleMode": "burn"}):
        status, body = await den.asked("POST", f"/api/transcode/{den.film}", json=wish)
        assert status in {403, 409, 415, 422}, (wish, body)
        assert body["code"] not in {"not_found", "internal"}
    status, info = await den.asked("GET", f"/api/media/{den.film}/playback-info")

    assert status == 200
    assert info["method"] == "impossible"
    assert "TranscodingNotAllowed" in info["reasons"]
    assert not den.house.server.playback.sessions.living()
    # What his player takes as it is, he may see.
    assert (await den.asked("HEAD", f"/api/stream/{den.film}"))[0] == 200


async def test_number_of_streams_counts_converted_ones_and_files_together(den: Den) -> None:
    await den.restrict(maxStreams=1)
    session = await den.watch(clientName="sofa")
    other = den.house.stranger()
    async with other.post("/api/auth/login", json={"username": "child", "password": "1234"}) as answer:
        assert answer.status == 200
    refused = []
    for method, path in (("POST", f"/api/transcode/{den.film}"), ("GET", f"/api/stream/{den.film}")):
        async with other.request(method, path) as answer:
            refused.append((answer.status, (await answer.json())["code"] if answer.status >= 400 else ""))

    assert refused == [(409, "too_many_streams")] * 2
    await session.close()


async def test_stream_that_nobody_comes_for_gives_way_to_another_device(den: Den) -> None:
    playing = den.house.server.playback.sessions
    for one in playing.living():
        playing.end_soon(one)
    await den.restrict(maxStreams=1)
    left = await den.watch(clientName="crashed browser")
    left.last_seen_at -= round(left.pace.idle_s * 1000)
    other = den.house.stranger()
    async with other.post("/api/auth/login", json={"username": "child", "password": "1234"}) as answer:
        assert answer.status == 200

    async with other.post(f"/api/transcode/{den.film}", json={"clientName": "sofa"}) as answer:
        assert answer.status == 201, await answer.text()
        opened = await answer.json()

    assert [one.client_name for one in playing.living()] == ["sofa"]
    async with other.delete(f"/api/transcode/{opened['sessionId']}") as ended:
        assert ended.status == 200
