"""The old address for how scans go: who listens hears of scans of heaps he sees, and nothing else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

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
