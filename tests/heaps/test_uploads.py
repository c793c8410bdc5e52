"""Files of blocks: sent in chunks or at once, kept once, sent back by parts."""

import hashlib
from typing import Any

import pycrdt
import pytest

from homemedia.heaps import crdt
from tests.heaps.conftest import HEAP, Notes

BLOCK = "block-of-tests"
KIB = 1 << 10
CHUNK = 256 * KIB
SIX_CHUNKS = bytes(range(251)) * (CHUNK * 6 // 251 - 7)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def of(data: bytes, block_id: str = BLOCK) -> str:
    """Where an upload of these bytes stands."""
    return f"{HEAP}/{block_id}/{sha(data)}"


def pieces(data: bytes) -> list[bytes]:
    return [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]


def a_file_note(data: bytes, name: str = "Plums.bin", mime: str = "application/octet-stream") -> bytes:
    """The document of a block with a file, as a client makes it."""
    doc = pycrdt.Doc[Any]()
    told: list[bytes] = []
    doc.observe(lambda event: told.append(event.update))
    with doc.transaction():
        doc.get("meta", type=pycrdt.Map)["type"] = "file"
        fact = {"name": name, "size": len(data), "mime": mime, "added_at": 5}
        doc.get("files", type=pycrdt.Map)[sha(data)] = fact
    return crdt.merged(told)


class Sender:
    """A client that sends files."""

    def __init__(self, notes: Notes) -> None:
        self.notes, self.house = notes, notes.house

    async def begin(self, data: bytes, status: int = 201, block_id: str = BLOCK, **more: Any) -> Any:
        body = {"hash": sha(data), "size": len(data), "chunk_size": CHUNK, "name": "Plums.bin", **more}
        return await self.house.send("POST", f"/api/upload/init/{HEAP}/{block_id}", body, status)

    async def put(self, data: bytes, index: int, status: int = 200, *, piece: bytes | None = None, **head: str) -> Any:
        body = pieces(data)[index] if piece is None else piece
        path = f"/api/upload/chunk/{of(data)}/{index}"
        async with self.house.client.put(path, data=body, headers=head) as answer:
            found = await answer.json()
            assert answer.status == status, found
            return found

    async def end(self, data: bytes, status: int = 200, block_id: str = BLOCK) -> Any:
        return await self.house.send("POST", f"/api/upload/complete/{of(data, block_id)}", {}, status)

    async def whole(self, data: bytes) -> Any:
        await self.begin(data)
        for index in range(len(pieces(data))):
            await self.put(data, index)
        return await self.end(data)

    async def bytes_at(self, path: str, status: int = 200, **head: str) -> bytes:
        async with self.house.client.get(path, headers=head) as answer:
            assert answer.status == status, await answer.text()
            return await answer.read()


@pytest.fixture
def sender(notes: Notes) -> Sender:
    return Sender(notes)


async def test_file_comes_in_chunks_of_any_order_and_is_sent_back_by_parts(sender: Sender) -> None:
    data, notes = SIX_CHUNKS, sender.notes
    begun = await sender.begin(data)
    assert (begun["status"], begun["total_chunks"], begun["chunk_size"]) == ("created", 6, CHUNK)
    for index in (5, 0, 3, 1):
        assert (await sender.put(data, index))["status"] == "accepted"

    told = await notes.house.get(f"/api/upload/status/{of(data)}")
    assert (told["received"], told["missing"], told["status"]) == ([[0, 1], [3, 3], [5, 5]], [2, 4], "uploading")
    assert (await sender.end(data, 409))["details"][0]["missing"] == [2, 4]
    assert (await sender.begin(data, 200))["status"] == "resumed"
    assert (await sender.put(data, 3))["status"] == "duplicate"
    await sender.put(data, 2)
    await sender.put(data, 4)
    kept = await sender.end(data)
    assert (kept["status"], kept["file_hash"]) == ("complete", sha(data))
    assert await sender.end(data) == kept

    await notes.push(BLOCK, a_file_note(data))
    await notes.settle()
    page = await notes.house.send("POST", f"/api/block/{BLOCK}", {})
    assert (page["file"]["available"], page["file"]["file_id"]) == (True, kept["file_id"])
    assert await sender.bytes_at(f"/api/file/{BLOCK}/raw/Plums.bin") == data
    assert (
        await sender.bytes_at(f"/api/file/{kept['file_id']}/raw/x", 206, Range="bytes=300000-300009")
        == data[300000:300010]
    )
    stranger = notes.house.stranger()
    async with stranger.get(page["file"]["urls"]["stream"]) as answer:
        assert (answer.status, await answer.read()) == (200, data)
    async with stranger.get(page["file"]["urls"]["stream"].replace(BLOCK, "another-block")) as answer:
        assert answer.status == 401
