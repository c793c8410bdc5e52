"""Two people watch, one a file as it is, one a stream; administrators see both, and may end what they see."""

import asyncio
import struct
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientWebSocketResponse

from tests.support.app import House
from tests.support.samples import a_film
from tests.support.streams import a_neighbour, films, watch

ACTIVITY = "/api/home/playback/activity"
MINE = "/api/home/playback/mine"
# More than sockets hold, so that a reader who stops reading holds his connection.
ROOM = 48 << 20


@pytest.fixture
async def cinema(claimed: House) -> dict[str, int]:
    """File ids: Harbour is large and plays as it is, Thorn must be converted."""
    harbour = a_film(claimed.media / "Harbour (2001).mp4", seconds=20, size="320x180")
    pad(harbour)
    a_film(claimed.media / "Thorn (1999).mkv", seconds=40, size="160x90", rate=10, codec="mpeg4")
    return await films(claimed)


def pad(film: Path) -> None:
    """Make a film large by a box of nothing at its end."""
    with film.open("r+b") as file:
        end = file.seek(0, 2)
        file.write(struct.pack(">I4s", ROOM, b"free"))
        file.truncate(end + ROOM)


async def plays_of(house: House, who: dict[str, str] | None = None, path: str = MINE) -> list[dict[str, Any]]:
    async with house.client.get(path, headers=who) as answer:
        assert answer.status == 200, await answer.text()
        found: list[dict[str, Any]] = (await answer.json())["playing"]
        return found


async def tells(house: House, who: dict[str, str] | None, file_id: int, state: str, offset: int = 1000) -> None:
    info = await house.get(f"/api/media/{file_id}/info")
    body = {"ratingKey": info["ratingKey"], "fileId": file_id, "offset": offset, "state": state}
    async with house.client.post("/api/progress", json=body, headers=who) as answer:
        assert answer.status == 200, await answer.text()


async def hears(socket: ClientWebSocketResponse, name: str) -> dict[str, Any]:
    """The next event of a name."""
    async with asyncio.timeout(30):
        while True:
            frame: dict[str, Any] = await socket.receive_json()
            if frame.get("event") == name:
                return frame


async def test_administrators_see_a_file_and_a_stream_with_how_they_play(
    claimed: House, cinema: dict[str, int]
) -> None:
    bob = await a_neighbour(claimed)
    async with claimed.stranger().get(f"/api/stream/{cinema['Harbour']}", headers=bob) as reading:
        await reading.content.readexactly(200_000)
        await tells(claimed, bob, cinema["Harbour"], "playing", 5000)
        stream = await watch(claimed, cinema["Thorn"], clientName="Sofa")
        await stream.segment(0)

        converted, direct = await plays_of(claimed, path=ACTIVITY)
        status = await claimed.get("/api/status")

    assert (direct["user"]["name"], direct["item"]["title"], direct["method"]) == ("Bob", "Harbour", "directPlay")
    assert (direct["state"], direct["reasons"], direct["sessionId"]) == ("playing", [], None)
    assert (direct["video"]["codec"], direct["video"]["height"], direct["container"]) == ("h264", 180, "mp4")
    assert 5000 <= direct["position"] <= 20_000
    assert direct["sent"] >= 200_000
    assert direct["bandwidth"] > 0
    assert (direct["isHome"], direct["address"], direct["conversion"]) == (True, "127.0.0.1", None)
    assert (converted["id"], converted["method"]) == (stream.id, "transcode")
    assert "VideoCodecNotSupported" in converted["reasons"]
    assert (converted["video"]["codecFrom"], converted["video"]["codec"]) == ("mpeg4", "h264")
    assert (converted["device"]["client"], converted["conversion"]["encoder"]) == ("Sofa", "libx264")
    assert converted["conversion"]["speed"] > 0
    assert converted["sent"] > 0
    assert {one["method"] for one in status["activeSessions"]} == {"directPlay", "transcode"}
    assert status["sessions"] == 2


async def test_members_see_their_own_and_strangers_nothing(claimed: House, cinema: dict[str, int]) -> None:
    bob, ann = await a_neighbour(claimed, "bob"), await a_neighbour(claimed, "ann")
    await tells(claimed, bob, cinema["Harbour"], "playing")
    (own,) = await plays_of(claimed, bob)

    assert own["user"]["username"] == "bob"
    assert (own["isHere"], own["address"]) == (True, None)
    assert await plays_of(claimed, ann) == []
    stranger = claimed.stranger()
    for who, method, path, status in (
        (None, "GET", ACTIVITY, 401),
        (None, "GET", MINE, 401),
        (None, "DELETE", f"{ACTIVITY}/{own['id']}", 401),
        (bob, "GET", ACTIVITY, 403),
        (ann, "DELETE", f"{ACTIVITY}/{own['id']}", 404),
        (ann, "DELETE", f"{ACTIVITY}/nobody", 404),
    ):
        async with stranger.request(method, path, headers=who) as answer:
            assert answer.status == status, (method, path)
    async with stranger.delete(f"{ACTIVITY}/{own['id']}", headers=bob) as answer:
        assert await answer.json() == {"stopped": True}
    assert await plays_of(claimed, bob) == []


async def test_player_leaves_the_list_with_its_last_report(claimed: House, cinema: dict[str, int]) -> None:
    await tells(claimed, None, cinema["Harbour"], "playing")
    stream = await watch(claimed, cinema["Thorn"])
    assert len(await plays_of(claimed)) == 2

    await tells(claimed, None, cinema["Harbour"], "stopped")
    await claimed.send("DELETE", f"/api/transcode/{stream.id}")

    assert await plays_of(claimed) == []


async def test_stopped_reader_is_cut_off_and_its_device_told(claimed: House, cinema: dict[str, int]) -> None:
    bob = await a_neighbour(claimed)
    phone = claimed.stranger()
    async with phone.ws_connect("/ws", headers=bob) as socket:
        await socket.send_json({"type": "hello"})
        async with phone.get(f"/api/stream/{cinema['Harbour']}", headers=bob) as reading:
            await reading.content.readexactly(200_000)
            await tells(claimed, bob, cinema["Harbour"], "playing")
            await hears(socket, "playback.activity")
            (play,) = await plays_of(claimed, path=ACTIVITY)

            assert await claimed.send("DELETE", f"{ACTIVITY}/{play['id']}") == {"stopped": True}

            with pytest.raises(ClientError):
                await reading.read()
        told = await hears(socket, "playback.stopped")
    assert (told["rating_key"], told["message"]) == (play["item"]["id"], "The administrator ended this.")
    async with phone.get(f"/api/stream/{cinema['Harbour']}", headers=bob) as answer:
        assert (answer.status, (await answer.json())["code"]) == (403, "playback_stopped")
    assert await plays_of(claimed, path=ACTIVITY) == []


async def test_ended_stream_is_not_opened_anew_by_its_player_alone(claimed: House, cinema: dict[str, int]) -> None:
    bob = await a_neighbour(claimed)
    path = f"/api/transcode/{cinema['Thorn']}"
    async with claimed.client.post(path, json={}, headers=bob) as answer:
        opened = await answer.json()

    await claimed.send("DELETE", f"/api/transcode/{opened['sessionId']}")

    async with claimed.client.post(path, json={}, headers=bob) as answer:
        assert (answer.status, (await answer.json())["message"]) == (403, "The administrator ended this.")
    async with claimed.client.post(path, json={}) as answer:
        assert answer.status == 201


async def test_saving_a_file_and_looking_into_it_is_not_watching(claimed: House, cinema: dict[str, int]) -> None:
    address = f"/api/stream/{cinema['Harbour']}"
    async with claimed.client.get(f"{address}?download=1") as answer:
        await answer.content.readexactly(200_000)
        async with claimed.client.get(address, headers={"Range": "bytes=0-999"}) as glance:
            assert len(await glance.read()) == 1000
        async with claimed.client.head(address) as head:
            assert head.status == 200

        assert await plays_of(claimed) == []


async def test_member_over_his_limit_is_refused_a_file_and_a_stream(claimed: House, cinema: dict[str, int]) -> None:
    bob = await a_neighbour(claimed)
    claimed.server.playback.activity.limit_of = lambda member: 0 if member.username == "bob" else None

    for method, path in (("GET", f"/api/stream/{cinema['Harbour']}"), ("POST", f"/api/transcode/{cinema['Thorn']}")):
        async with claimed.client.request(method, path, headers=bob) as answer:
            assert (answer.status, (await answer.json())["code"]) == (409, "too_many_streams")
            assert answer.headers["Retry-After"] == "30"
    await watch(claimed, cinema["Thorn"])
