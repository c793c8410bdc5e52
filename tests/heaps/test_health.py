"""How syncing is, in counters; and what a listener learns of heaps."""

import asyncio
from typing import Any

import pytest
from aiohttp import WSMsgType

from homemedia.core.problems import Unavailable
from homemedia.heaps import crdt, facts_store, messages
from homemedia.heaps.facts import FactKeeper
from tests.heaps.conftest import HEAP, Notes, a_note

BLOCK = "block-of-tests"
PATH = f"/ws?block_id={BLOCK}&heap_id={HEAP}"


async def test_health_counts_what_is_open(notes: Notes) -> None:
    before = await notes.house.get("/sync/health")
    async with notes.house.client.ws_connect(PATH) as socket:
        await socket.send_bytes(messages.update(a_note("typed")))
        await socket.send_bytes(messages.step_1(crdt.EMPTY_VECTOR))
        await socket.receive_bytes()
        await socket.receive_bytes()
        await notes.settle()

        told = await notes.house.get("/sync/health")
        realtime = (await notes.house.get("/api/health"))["diagnostics"]["realtime"]

    assert (before["status"], before["connections"], before["rooms"]) == ("ok", 0, 0)
    assert told["last_commit_ms"] > 0
    assert told | {"server_time": 0, "last_commit_ms": 0} == {
        "status": "ok",
        "server_time": 0,
        "connections": 1,
        "rooms": 1,
        "pending_commit": 0,
        "pending_derive": 0,
        "last_commit_ms": 0,
        "writer": "ok",
        "worker": "ok",
    }
    assert realtime == {
        "connections": 1,
        "document_mode": 1,
        "session_mode": 0,
        "rooms": 1,
        "messages_in": 2,
        "messages_out": 0,
        "updates_received": 1,
        "updates_pending_commit": 0,
        "slow_consumers_dropped": 0,
        "compactions": 0,
    }


async def test_writer_that_waits_for_seconds_is_told_with_the_same_body(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = notes.house.server.heaps.rooms
    well = await notes.house.get("/sync/health")
    monkeypatch.setattr(type(rooms.writer), "waits_s", property(lambda _self: 5.5))

    told = await notes.house.get("/sync/health", 503)

    assert set(told) == set(well)
    assert (told["status"], told["writer"]) == ("error", "stalled")


async def test_disk_that_fails_ends_who_wrote_and_takes_it_when_he_comes_again(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = notes.house.server.heaps.documents

    async def take(_entries: Any) -> Any:
        raise Unavailable("The disk does not take anything.")

    with monkeypatch.context() as patch:
        patch.setattr(documents, "take", take)
        async with notes.house.client.ws_connect(PATH) as socket:
            await socket.send_bytes(messages.update(a_note("typed")))
            async for message in socket:
                assert message.type is WSMsgType.BINARY
            assert socket.close_code == 1011

    assert (await notes.push(BLOCK, a_note("typed")))["status"] == "created"
    assert (await notes.house.get("/sync/health"))["pending_commit"] == 0


async def test_one_block_that_cannot_be_written_keeps_nobody_elses(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = notes.house.server.heaps.documents
    real = documents.take

    async def take(entries: Any) -> Any:
        if any(entry.block_id == "a-bad-block" for entry in entries):
            raise Unavailable("This cannot be merged.")
        return await real(entries)

    monkeypatch.setattr(documents, "take", take)
    ways = [f"/ws?block_id={name}&heap_id={HEAP}" for name in ("a-bad-block", BLOCK)]
    async with notes.house.client.ws_connect(ways[0]) as bad, notes.house.client.ws_connect(ways[1]) as good:
        await bad.receive_bytes()
        await good.receive_bytes()
        await bad.send_bytes(messages.update(a_note("bad")))
        await good.send_bytes(messages.update(a_note("good")))
        await good.send_bytes(messages.step_1(crdt.EMPTY_VECTOR))
        assert (await good.receive_bytes())[:2] == b"\x00\x01"
        assert (await bad.receive()).data == 1011

    assert (await notes.pull(BLOCK))["status"] == "update"


async def test_who_subscribes_to_a_heap_learns_whether_he_is_behind(notes: Notes) -> None:
    await notes.settle()
    now = (await notes.delta())["server_time"]
    async with notes.house.client.ws_connect("/ws") as socket:
        await socket.send_json({"type": "hello", "id": "1"})
        ready = await socket.receive_json()
        await socket.send_json({"type": "subscribe", "id": "2", "heap_id": HEAP, "since": now})
        current = await socket.receive_json()
        await notes.push(BLOCK, a_note("news"))
        frame = await socket.receive_json()
        while frame.get("event") != "block.changed":
            frame = await socket.receive_json()
    async with notes.house.client.ws_connect("/ws") as socket:
        await socket.send_json({"type": "subscribe", "id": "3", "heap_id": HEAP, "since": now})
        later = await socket.receive_json()
        await socket.send_json({"type": "subscribe", "id": "4", "heap_id": "no-such-heap"})
        refused = await socket.receive_json()

    assert ready["epoch"] == (await notes.delta())["epoch"]
    assert (current["behind"], later["behind"], refused["error"]) == (False, True, "not_found")
    assert (frame["heap_id"], frame["block_id"]) == (HEAP, BLOCK)


async def test_what_could_not_be_looked_into_at_the_start_is_tried_again(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    await notes.settle()
    house = notes.house
    db, documents = house.server.base.db, house.server.heaps.documents
    monkeypatch.setattr(house.server.heaps.facts, "grown", lambda _block_ids: None)
    documents.on_grown = lambda _block_ids: None
    await notes.push(BLOCK, a_note("Plums"))
    calls: list[int] = []
    due = facts_store.due

    async def failing(read: Any, limit: int) -> list[str]:
        calls.append(limit)
        if len(calls) == 1:
            raise Unavailable("The database does not answer.")
        return await due(read, limit)

    monkeypatch.setattr(facts_store, "due", failing)
    keeper = FactKeeper(db, documents)
    keeper.again_s = 0.01

    async with keeper, asyncio.timeout(10):
        while not (await house.send("POST", f"/api/block/{BLOCK}", {}))["block"]["title"]:
            await asyncio.sleep(0)

    assert not keeper.is_failing
