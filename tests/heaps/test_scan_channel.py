"""The old address for how scans go: who listens hears of scans of heaps he sees, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from homemedia.core.problems import AppError, Unavailable
from homemedia.heaps.scan_channel import ScanChannel, _Listener
from homemedia.heaps.scans_wire import ScanCard
from tests.support.app import House, a_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as opened:
        await opened.claim()
        folder = opened.media / "papers"
        folder.mkdir()
        (folder / "letter.txt").write_text("Dear all")
        body = {"id": "heap-of-papers", "title": "Papers", "type": "folder", "source": {"path": str(folder)}}
        await opened.send("POST", "/api/heap/add", body, 201)
        await opened.idle()
        yield opened


async def test_listener_hears_how_a_scan_begins_and_ends(house: House) -> None:
    async with house.client.ws_connect("/api/ws") as socket:
        assert socket._response.headers["Deprecation"] == "true"
        assert (await socket.receive_json())["type"] == "connected"
        await socket.send_str("whatever is said, it is not for us")
        started = await house.send("POST", "/api/scan_folder", {"heap_id": "heap-of-papers"}, 202)

        frame = await socket.receive_json()
        while frame["scan"]["status"] != "done":
            assert frame["scan"]["scan_id"] == started["scan_id"]
            frame = await socket.receive_json()

    assert frame["type"] == "scan_update"
    assert frame["scan"]["heap_id"] == "heap-of-papers"


@pytest.mark.parametrize("path", ["/api/ws", "/api/ws?token=x"])
async def test_stranger_is_shown_out(house: House, path: str) -> None:
    async with house.stranger().ws_connect(path) as socket:
        await socket.receive()

        assert socket.close_code == 4401


async def test_ended_session_ends_it(house: House) -> None:
    async with house.client.ws_connect("/api/ws") as socket:
        await socket.receive_json()
        async with house.client.post("/api/auth/logout") as answer:
            assert answer.status < 300
        await socket.receive()

        assert socket.close_code == 4401


async def test_plain_request_is_told_to_upgrade(house: House) -> None:
    async with house.client.get("/api/ws") as answer:
        assert answer.status == 426
        assert answer.headers["Upgrade"] == "websocket"


async def told_of(channel: ScanChannel, listener: _Listener, *active: object) -> list[ScanCard]:
    """What a listener is told, one look at what is under way after another."""
    said: list[dict[str, Any]] = []
    looks = iter(active)

    async def say(**frame: Any) -> None:
        said.append(frame)

    async def look(_actor: object) -> object:
        found = next(looks, None)
        if found is None:
            raise asyncio.CancelledError
        if isinstance(found, AppError):
            raise found
        listener.wake.set()
        return found

    listener.say = say  # type: ignore[method-assign]
    channel._active = look  # type: ignore[assignment]
    channel.again_s = 0
    with pytest.raises(asyncio.CancelledError):
        await channel._tell(listener)
    return [frame["scan"] for frame in said if frame["type"] == "scan_update"]


def a_scan(scan_id: int, status: str = "indexing") -> ScanCard:
    fields: dict[str, Any] = {field.name: None for field in msgspec.structs.fields(ScanCard)}
    return ScanCard(**fields | {"scan_id": str(scan_id), "heap_id": "heap-of-papers", "status": status})


@pytest.mark.parametrize(
    ("looks", "told"),
    [
        # Over before anybody looked, and heard of before that.
        ([({7: "indexing"}, {7: "done"})], ["done"]),
        # Nobody could look at the moment at which the end was heard of.
        ([({7: "indexing"}, {}), None, ({}, {7: "done"})], ["indexing", "done"]),
        # The next one has ended too, and only one result stands.
        ([({7: "indexing"}, {}), ({}, {8: "failed"})], ["indexing", "done"]),
        # Nothing of its heap is to be seen any more.
        ([({7: "indexing"}, {}), ({}, {})], ["indexing"]),
    ],
)
async def test_end_of_a_scan_is_told_whenever_it_is_looked_for(looks: list[Any], told: list[str]) -> None:
    channel = ScanChannel(None, None)  # type: ignore[arg-type]
    listener = _Listener(None, None)  # type: ignore[arg-type]
    listener.looked_at_s = channel._clock.monotonic_s()
    listener.news.add(7)
    active = [
        Unavailable("not now")
        if look is None
        else tuple({scan_id: a_scan(scan_id, status) for scan_id, status in part.items()} for part in look)
        for look in looks
    ]

    said = await told_of(channel, listener, *active)

    assert [scan.status for scan in said if scan.scan_id == "7"] == told
