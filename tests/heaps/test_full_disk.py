"""A disk that is full: nothing is told as written that is not, and the server goes on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from homemedia.core.problems import StorageFull
from homemedia.heaps.documents import Author, Entry
from tests.heaps.conftest import HEAP, Notes, a_note, b64

BLOCK = "block-of-tests"


@asynccontextmanager
async def full(*, durable: bool = False) -> AsyncIterator[None]:
    raise StorageFull("The disk is full.")
    yield


async def test_push_to_a_full_disk_is_refused_and_taken_when_there_is_room(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = a_note("Trip")
    with monkeypatch.context() as broken:
        broken.setattr(notes.house.server.db, "write", full)
        block = {"block_id": BLOCK, "workspace_id": HEAP, "update": b64(update)}
        answer = await notes.house.send("POST", "/api/sync/push", {"blocks": [block]}, 507)

    assert answer["code"] == "disk_full"
    assert (await notes.push(BLOCK, update))["status"] == "created"


async def test_socket_updates_that_find_no_room_are_told_as_not_written(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [
        Entry(block_id=block_id, heap_id=HEAP, data=a_note("Trip"), by=Author(user_id=None))
        for block_id in (BLOCK, "block-of-others")
    ]
    rooms = notes.house.server.heaps.rooms

    with monkeypatch.context() as broken:
        broken.setattr(notes.house.server.db, "write", full)
        assert await rooms.writer._take_in(entries) == [None, None]

    assert await rooms.writer._take_in(entries) == ["created", "created"]
