"""Bytes that are nearly updates, state vectors and messages, by every way they can come: refused, and no harm done.

Ten minutes of them: `pytest -m long tests/heaps/test_fuzz.py`.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable

import pytest
from aiohttp import WSMsgType

from homemedia.app import server as app_server
from homemedia.heaps import crdt, messages
from homemedia.heaps.lib0 import var_uint
from tests.heaps.conftest import HEAP, Notes, a_note, b64
from tests.heaps.test_crdt import texts

CASES, LONG_S = 250, 600.0
TAKEN = {"created", "applied", "unchanged", "pending"}
STATUSES = TAKEN | {"invalid_update", "invalid_encoding", "too_large", "not_found", "version_mismatch"}
HOSTILE = (b"", b"\x00", b"\xff" * 9, b"\x80" * 30, var_uint(1 << 31), var_uint((1 << 53) - 1), bytes(4096))
# One such update a block goes on from; many blocks, so that what one does to its block is seen there.
BLOCKS = 12


def mutated(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """The same bytes, changed in one place or several."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(made) + 1)
        match chance.randrange(6):
            case 0 if made:
                made[at % len(made)] ^= 1 << chance.randrange(8)
            case 1:
                del made[at : at + chance.randrange(1, 8)]
            case 2:
                made[at:at] = chance.choice(HOSTILE)
            case 3:
                made[at:at] = chance.randbytes(chance.randrange(1, 6))
            case 4:
                made[at:] = chance.choice(others)[at:]
            case _:
                made[at:at] = made[at : at + 16]
    return bytes(made)


class Stranger:
    """Sends what is nearly right."""

    def __init__(self, notes: Notes, seed: int) -> None:
        self.notes = notes
        self.chance = random.Random(seed)  # noqa: S311 - the same every time
        self.updates = [*texts(seed), a_note("a title", "words 😀", tags=("another-block",), mentions=("some-block",))]
        self.updates.append(crdt.merged(self.updates))
        self.vectors = [crdt.vector_of(update) for update in self.updates]

    def update(self) -> bytes:
        return mutated(self.chance.choice(self.updates), self.updates, self.chance)

    def vector(self) -> bytes:
        return mutated(self.chance.choice(self.vectors), self.vectors, self.chance)

    @property
    def block(self) -> str:
        return f"block-{self.chance.randrange(BLOCKS):04}"

    async def push(self) -> None:
        block = {"block_id": self.block, "workspace_id": HEAP, "update": b64(self.update())}
        if self.chance.random() < 0.5:
            block["state_vector"] = b64(self.vector())
        if self.chance.random() < 0.1:
            block["update"] = mutated(block["update"].encode(), [b"AAA="], self.chance).decode("latin-1")
        async with self.notes.house.client.post("/api/sync/push", json={"blocks": [block]}) as answer:
            told = await answer.json()
            assert answer.status in {200, 400, 413}, told
        assert {one["status"] for one in told.get("results", ())} <= STATUSES, told

    async def pull(self) -> None:
        block = {"block_id": self.block, "state_vector": b64(self.vector())}
        async with self.notes.house.client.post("/api/sync/pull", json={"blocks": [block]}) as answer:
            told = await answer.json()
            assert answer.status in {200, 400}, told

    async def socket(self) -> None:
        made: list[Callable[[], bytes]] = [
            lambda: messages.step_1(self.vector()),
            lambda: messages.step_2(self.update()),
            lambda: messages.update(self.update()),
            lambda: mutated(messages.step_1(crdt.EMPTY_VECTOR), self.updates, self.chance),
            lambda: mutated(messages.update(self.updates[0]), self.updates, self.chance),
            lambda: messages.awareness(mutated(b"\x01\x07\x02\x02{}", self.vectors, self.chance)),
            lambda: self.chance.randbytes(self.chance.randrange(40)),
        ]
        path = f"/ws?block_id={self.block}&heap_id={HEAP}"
        async with self.notes.house.client.ws_connect(path) as socket:
            for _ in range(self.chance.randrange(1, 6)):
                await socket.send_bytes(self.chance.choice(made)())
            # Whoever is not shown the door is answered.
            await socket.send_bytes(messages.step_1(crdt.EMPTY_VECTOR))
            async with asyncio.timeout(20):
                async for message in socket:
                    if message.type is WSMsgType.BINARY and message.data[:2] == b"\x00\x01":
                        return
        assert socket.close_code == 4400

    async def go_on(self) -> None:
        await self.chance.choice((self.push, self.push, self.pull, self.socket))()

    async def look(self) -> None:
        """Every block takes what is right all the same, and is read."""
        for number in range(BLOCKS):
            block_id = f"block-{number:04}"
            assert (await self.notes.push(block_id, a_note("fine")))["status"] in TAKEN
            pulled = await self.notes.pull(block_id)
            assert pulled["status"] == "update", pulled
            told = await self.notes.house.send("POST", f"/api/block/{block_id}", {})
            assert told["success"] is True
        await self.notes.settle()
        assert await self.notes.house.get("/api/health")


def quiet(caplog: pytest.LogCaptureFixture) -> bool:
    return not [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info]


@pytest.fixture(autouse=True)
def without_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """More is asked here in a minute than anybody may."""
    monkeypatch.setattr(app_server, "HEAPS_A_MINUTE", 1_000_000)


async def test_nearly_right_bytes_do_no_harm(notes: Notes, caplog: pytest.LogCaptureFixture) -> None:
    stranger = Stranger(notes, 1)

    for _ in range(CASES):
        await stranger.go_on()

    await stranger.look()
    assert quiet(caplog)


@pytest.mark.long
async def test_nearly_right_bytes_do_no_harm_for_ten_minutes(notes: Notes, caplog: pytest.LogCaptureFixture) -> None:
    end, seed = time.monotonic() + LONG_S, 1
    while time.monotonic() < end:
        seed += 1
        stranger = Stranger(notes, seed)
        for _ in range(CASES):
            await stranger.go_on()
        await stranger.look()
        assert quiet(caplog)
