"""Sockets of a block while the database stalls, and what is too large for them."""

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType

from homemedia.heaps import crdt, messages, writing
from homemedia.heaps import rooms as rooms_module
from homemedia.heaps.documents import Documents, Entry, Taken
from tests.heaps.conftest import HEAP, Notes, a_note, b64
from tests.heaps.test_sync import edit

BLOCK = "block-of-tests"
PATH = f"/ws?block_id={BLOCK}&heap_id={HEAP}"


class Stalled:
    """A database that writes nothing until it may."""

    def __init__(self) -> None:
        self.may = asyncio.Event()
        self.most = 0

    @asynccontextmanager
    async def over(self, notes: Notes, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator["Stalled"]:
        take, writer = Documents.take, notes.house.server.heaps.rooms.writer

        async def waiting(documents: Documents, entries: Sequence[Entry]) -> list[Taken]:
            self.most = max(self.most, writer.pending)
            await self.may.wait()
            self.most = max(self.most, writer.pending)
            return await take(documents, entries)

        monkeypatch.setattr(Documents, "take", waiting)
        yield self
        self.may.set()


async def until(what: Any) -> None:
    async with asyncio.timeout(20):
        while not what():
            await asyncio.sleep(0.005)


async def closed_with(socket: ClientWebSocketResponse) -> int | None:
    async with asyncio.timeout(20):
        while not socket.closed:
            await socket.receive()
    return socket.close_code


async def test_update_above_the_limit_is_too_large_and_not_malformed(notes: Notes) -> None:
    async with notes.house.client.ws_connect(PATH, max_msg_size=0) as socket:
        await socket.send_bytes(messages.update(b"\x01" * (crdt.MAX_UPDATE_BYTES + 1)))
        assert await closed_with(socket) == 4413

    async with notes.house.client.ws_connect(PATH) as socket:
        await socket.send_bytes(messages.update(b"\xff" * 300))
        assert await closed_with(socket) == 4400


async def test_update_above_the_limit_is_too_large_in_a_push(notes: Notes) -> None:
    # As many characters as the longest that is allowed.
    block = {"block_id": BLOCK, "workspace_id": HEAP, "update": b64(b"\x01" * (crdt.MAX_UPDATE_BYTES + 1))}
    body = io.BytesIO(msgspec.json.encode({"blocks": [block]}))
    async with notes.house.client.post("/api/sync/push", data=body) as answer:
        refused = (await answer.json())["results"][0]

    assert refused["status"] == "too_large"


async def test_who_has_sent_his_share_is_not_read_from_while_the_database_stalls(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = await notes.note(BLOCK, "Plums")
    monkeypatch.setattr(writing, "MAX_EACH", 20)
    rooms = notes.house.server.heaps.rooms
    async with (
        Stalled().over(notes, monkeypatch) as stalled,
        notes.house.client.ws_connect(PATH) as socket,
    ):
        for number in range(60):
            await socket.send_bytes(messages.update(edit(known, icon=str(number))))
        await until(lambda: rooms.writer.pending >= 20)
        for _ in range(50):
            await asyncio.sleep(0)
        told = (rooms.writer.pending, rooms.figures.updates_received)
        stalled.may.set()
        await until(lambda: rooms.figures.updates_received == 60 and not rooms.writer.pending)

    assert told == (20, 20)
    assert stalled.most <= 20


async def test_all_senders_together_wait_for_what_can_be_held(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    known = await notes.note(BLOCK, "Plums")
    monkeypatch.setattr(writing, "MAX_BYTES", 300)
    rooms = notes.house.server.heaps.rooms
    update = messages.update(edit(known, icon="x" * 200))
    async with (
        Stalled().over(notes, monkeypatch) as stalled,
        notes.house.client.ws_connect(PATH) as one,
        notes.house.client.ws_connect(PATH) as other,
    ):
        for socket in (one, other, one, other):
            await socket.send_bytes(update)
        await until(lambda: rooms.writer.pending >= 2)
        for _ in range(50):
            await asyncio.sleep(0)
        held = rooms.writer.pending
        stalled.may.set()
        await until(lambda: rooms.figures.updates_received == 4 and not rooms.writer.pending)

    assert held == 2


async def test_who_waits_for_too_long_is_let_go_and_sends_it_again(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = await notes.note(BLOCK, "Plums")
    monkeypatch.setattr(writing, "MAX_EACH", 1)
    rooms = notes.house.server.heaps.rooms
    rooms.writer.patience_s = 0.05
    first, second = edit(known, icon="1"), edit(known, pinned=True)
    async with Stalled().over(notes, monkeypatch):
        async with notes.house.client.ws_connect(PATH) as socket:
            await socket.send_bytes(messages.update(first))
            await socket.send_bytes(messages.update(second))
            assert await closed_with(socket) == 1011
        async with notes.house.client.ws_connect(PATH) as late:
            # What he would be answered is not on disk, and nobody knows for how long.
            await late.send_bytes(messages.step_1(crdt.EMPTY_VECTOR))
            assert await closed_with(late) == 1011
    await until(lambda: not rooms.writer.pending)

    async with notes.house.client.ws_connect(PATH) as socket:
        await socket.send_bytes(messages.update(second))
        await until(lambda: rooms.figures.updates_received == 2 and not rooms.writer.pending)
    await notes.settle()
    page = await notes.house.send("POST", f"/api/block/{BLOCK}", {})
    assert (page["block"]["icon"], page["block"]["pinned"]) == ("1", True)


async def test_mistake_of_ours_stops_nobody_elses_words(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    take = Documents.take

    async def broken(documents: Documents, entries: Sequence[Entry]) -> list[Taken]:
        if any(entry.block_id == BLOCK for entry in entries):
            raise ZeroDivisionError
        return await take(documents, entries)

    monkeypatch.setattr(Documents, "take", broken)
    rooms = notes.house.server.heaps.rooms
    async with notes.house.client.ws_connect(PATH) as socket:
        await socket.send_bytes(messages.update(a_note("Plums")))
        assert await closed_with(socket) == 1011
    async with notes.house.client.ws_connect(PATH.replace(BLOCK, "another-block")) as socket:
        await socket.send_bytes(messages.update(a_note("Pears")))
        await until(lambda: rooms.figures.updates_received == 2 and not rooms.writer.pending)

    assert (await notes.pull("another-block"))["status"] == "update"


async def test_full_quota_closes_for_good(notes: Notes) -> None:
    async with notes.house.server.db.write() as tx:
        await tx.run("UPDATE user SET quota_bytes = 1", {})
    notes.house.server.heaps.room._known.clear()
    async with notes.house.client.ws_connect(PATH) as socket:
        await socket.send_bytes(messages.update(a_note("Plums")))
        assert await closed_with(socket) == 4413


async def test_sockets_that_come_at_once_are_no_more_than_one_may_have(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    await notes.note(BLOCK, "Plums")
    monkeypatch.setattr(rooms_module, "MAX_CONNECTIONS", 3)
    rooms = notes.house.server.heaps.rooms
    sockets = await asyncio.gather(*(notes.house.client.ws_connect(PATH) for _ in range(8)))

    await until(lambda: rooms.connections == 3)
    codes = [socket.close_code for socket in sockets if (await socket.receive()).type is not WSMsgType.BINARY]
    await asyncio.gather(*(socket.close() for socket in sockets))

    assert codes == [4429] * 5
