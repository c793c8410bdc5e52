"""Files of blocks: sent in chunks or at once, kept once, sent back by parts."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pycrdt
import pytest
from aiohttp import FormData
from PIL import Image

from homemedia.heaps import crdt
from tests.heaps.conftest import HEAP, Notes
from tests.support.app import a_house
from tests.support.samples import a_film

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

    async def put(
        self, data: bytes, index: int, status: int = 200, *, piece: bytes | None = None, told: str = ""
    ) -> Any:
        body = pieces(data)[index] if piece is None else piece
        path = f"/api/upload/chunk/{of(data)}/{index}"
        head = {"X-Chunk-SHA256": told} if told else {}
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


async def test_chunk_that_is_not_what_was_told_is_not_kept(sender: Sender) -> None:
    data = SIX_CHUNKS
    await sender.begin(data)

    refused = await sender.put(data, 0, 422, told=sha(b"other"))
    short = await sender.put(data, 0, 422, piece=b"short")
    await sender.put(data, 6, 400, piece=b"beyond")
    assert (refused["code"], refused["success"]) == ("hash_mismatch", False)
    assert (short["code"], short["details"][0]["expected"]) == ("bad_chunk_size", CHUNK)
    assert (await sender.house.get(f"/api/upload/status/{of(data)}"))["received_chunks"] == 0
    await sender.put(data, 0, told=sha(pieces(data)[0]))
    assert (await sender.put(data, 0, 409, told=sha(b"other")))["code"] == "chunk_conflict"


async def test_file_of_another_hash_has_failed_and_may_be_begun_again(sender: Sender) -> None:
    data = SIX_CHUNKS
    await sender.begin(data)
    for index in range(6):
        await sender.put(data, index, piece=pieces(data)[index][::-1])

    refused = await sender.end(data, 422)
    told = await sender.house.get(f"/api/upload/status/{of(data)}")
    assert (refused["code"], told["status"], told["error"]) == ("hash_mismatch", "failed", "hash_mismatch")
    assert (await sender.begin(data, restart=True))["received"] == []
    for index in range(6):
        await sender.put(data, index)
    assert (await sender.end(data))["status"] == "complete"


async def test_same_bytes_lie_once_and_need_not_be_sent_again(sender: Sender) -> None:
    data, notes = SIX_CHUNKS, sender.notes
    first = await sender.whole(data)
    await notes.push(BLOCK, a_file_note(data))

    again = await sender.begin(data, 200, "second-block")
    assert (again["status"], again["file_id"], again["total_chunks"]) == ("exists", first["file_id"], 0)
    objects = list((notes.house.folder / "data" / "media" / "objects").iterdir())
    assert [path.name for path in objects] == [sha(data)]
    rows = await notes.house.server.db.read("SELECT used_bytes FROM user")
    assert [row["used_bytes"] for row in rows] == [len(data)]


async def test_who_only_knows_a_hash_gets_no_bytes(sender: Sender) -> None:
    data, house = b"a secret of another member", sender.house
    await sender.whole(data)
    await sender.notes.push(BLOCK, a_file_note(data))
    await house.send("POST", "/api/users", {"username": "eve", "password": "correct horse"}, 201)
    eve = house.stranger()
    async with eve.post("/api/auth/login", json={"username": "eve", "password": "correct horse"}) as answer:
        assert answer.status == 200
    async with eve.post("/api/heap/add", json={"id": "heap-of-eve"}) as answer:
        assert answer.status == 201

    body = {"hash": sha(data), "size": len(data)}
    async with eve.post("/api/upload/init/heap-of-eve/block-of-eve", json=body) as answer:
        assert (answer.status, (await answer.json())["status"]) == (201, "created")
    async with eve.get(f"/api/status/file/heap-of-eve/block-of-eve/{sha(data)}") as answer:
        assert (await answer.json())["status"] == "uploading"
    for path in (f"/api/file/{BLOCK}/raw/x", "/api/file/1/raw/x", f"/api/upload/status/{of(data)}"):
        async with eve.get(path) as answer:
            assert answer.status == 404, path
    async with eve.post(f"/api/upload/init/heap-of-eve/{BLOCK}", json=body) as answer:
        assert answer.status == 404


async def test_quota_counts_what_is_only_begun(sender: Sender) -> None:
    data, db = SIX_CHUNKS, sender.house.server.db
    async with db.write() as tx:
        await tx.run("UPDATE user SET quota_bytes = :bytes", {"bytes": len(data) + 10})
    await sender.begin(data)

    body = {"hash": sha(b"x" * 20), "size": 20}
    refused = await sender.house.send("POST", f"/api/upload/init/{HEAP}/second-block", body, 507)
    assert refused["code"] == "quota_exceeded"


async def test_small_file_comes_at_once_and_goes_with_its_block(sender: Sender) -> None:
    house, notes = sender.house, sender.notes
    page = b"<html><script>alert(1)</script></html>"

    async def send(digest: str, status: int) -> Any:
        form = FormData()
        form.add_field("hash", digest)
        form.add_field("file", page, filename="cat.jpg", content_type="image/jpeg")
        async with house.client.post(f"/api/upload/file/{HEAP}/{BLOCK}", data=form) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json()

    assert (await send(sha(b"other"), 422))["code"] == "hash_mismatch"
    assert (await send(sha(page), 200))["status"] == "uploaded"
    assert (await send(sha(page), 200))["status"] == "duplicate"
    await notes.push(BLOCK, a_file_note(page, "cat.jpg", "image/jpeg"))
    await notes.settle()
    async with house.client.get(f"/api/stream/{BLOCK}/cat.jpg") as answer:
        assert answer.headers["Content-Type"] == "text/html"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    stats = await house.get(f"/api/heap/stats/{HEAP}")
    assert (stats["files"]["count"], stats["files"]["missing"]) == (1, 0)

    await house.send("POST", f"/api/home/heaps/{HEAP}/trash", {"block_ids": [BLOCK]})
    assert await sender.bytes_at(f"/api/file/{BLOCK}/raw/cat.jpg") == page
    await house.send("DELETE", f"/api/trash/{HEAP}")
    await sender.bytes_at(f"/api/file/{BLOCK}/raw/cat.jpg", 404)
    await house.idle()
    assert not list((house.folder / "data" / "media" / "objects").glob("*"))
    rows = await house.server.db.read("SELECT used_bytes FROM user")
    assert [row["used_bytes"] for row in rows] == [0]


async def test_picture_is_shown_small_by_us_or_by_its_client(sender: Sender) -> None:
    house, notes = sender.house, sender.notes
    out = io.BytesIO()
    Image.new("RGB", (600, 300), "plum").save(out, "PNG")
    data = out.getvalue()
    await sender.whole(data)
    await notes.push(BLOCK, a_file_note(data, "plum.png", "image/png"))
    await notes.settle()
    await house.idle()

    page = await house.send("POST", f"/api/block/{BLOCK}", {})
    assert (page["file"]["width"], page["file"]["height"], page["file"]["kind"]) == (600, 300, "image")
    async with house.stranger().get(page["file"]["urls"]["thumbnail"]) as answer:
        assert (answer.status, answer.content_type) == (200, "image/webp")
        assert Image.open(io.BytesIO(await answer.read())).size == (256, 128)
    small = f"/api/file/{BLOCK}/thumbnail/200/x.jpg?fit=cover"
    assert Image.open(io.BytesIO(await sender.bytes_at(small))).size == (256, 256)
    await sender.bytes_at(f"/api/file/{BLOCK}/thumbnail/9/x.jpg", 400)
    stored = f"/api/download/thumbnail/{BLOCK}/{sha(data)}/image"
    await sender.bytes_at(f"{stored}/small")
    await sender.bytes_at(f"{stored}/tiny", 404)

    form = FormData()
    form.add_field("thumbnail", data, filename="a.png")
    form.add_field("type", "image")
    form.add_field("size", "tiny")
    async with house.client.post(f"/api/upload/thumbnail/{BLOCK}/{sha(data)}/image_tiny", data=form) as answer:
        assert (answer.status, (await answer.json())["thumbnail"]["width"]) == (200, 600)
    assert Image.open(io.BytesIO(await sender.bytes_at(f"{stored}/tiny"))).size == (600, 300)


async def test_upload_goes_on_after_the_server_was_started_again(tmp_path: Path) -> None:
    data = SIX_CHUNKS
    async with a_house(tmp_path) as house:
        await house.claim()
        await house.send("POST", "/api/heap/add", {"id": HEAP}, 201)
        sender = Sender(Notes(house))
        await sender.begin(data)
        for index in (0, 1, 4):
            await sender.put(data, index)
        token = house.token
    async with a_house(tmp_path) as house:
        house.client.session.headers["Authorization"] = f"Bearer {token}"
        sender = Sender(Notes(house))
        missing = (await sender.begin(data, 200))["received"]
        assert missing == [[0, 1], [4, 4]]
        for index in (2, 3, 5):
            await sender.put(data, index)
        kept = await sender.end(data)
        assert kept["file_hash"] == sha(data)
        assert not list((tmp_path / "data" / "media" / "staging" / "resumed").iterdir())


async def test_film_is_shown_at_any_moment_and_moving(sender: Sender, tmp_path: Path) -> None:
    house, notes = sender.house, sender.notes
    data = a_film(tmp_path / "plums.mp4", seconds=3).read_bytes()
    await sender.whole(data)
    await notes.push(BLOCK, a_file_note(data, "plums.mp4", "video/mp4"))
    await notes.settle()
    await house.idle()

    at = f"/api/file/{BLOCK}/video_thumbnail/tiny"
    for position in ("0", "1.5", "50p", "9999"):
        assert max(Image.open(io.BytesIO(await sender.bytes_at(f"{at}/{position}"))).size) == 64
    await sender.bytes_at(f"{at}/soon", 400)
    frame = Image.open(io.BytesIO(await sender.bytes_at(f"/api/file/{BLOCK}/thumbnail/small/x.webp")))
    assert (frame.format, max(frame.size)) == ("WEBP", 256)
    for name, form in (("x.webp", "WEBP"), ("x.gif", "GIF")):
        moving = Image.open(io.BytesIO(await sender.bytes_at(f"/api/file/{BLOCK}/animated_thumbnail/64/{name}")))
        assert (moving.format, max(moving.size)) == (form, 64)
        assert 2 <= getattr(moving, "n_frames", 1) <= 36
    text = b"no film"
    await sender.whole(text)
    shown = f"?hash={sha(text)}"
    await sender.bytes_at(f"{at}/1{shown}", 404)
    await sender.bytes_at(f"/api/file/{BLOCK}/animated_thumbnail/tiny/x{shown}", 404)
    await sender.bytes_at(f"/api/file/{BLOCK}/thumbnail/tiny/x{shown}", 404)
