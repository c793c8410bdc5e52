"""What is said of files by those who send them, and how wrong questions are answered."""

from typing import Any

import pytest
from aiohttp import FormData

from homemedia.heaps.files.sniffing import UNKNOWN, sniffed
from homemedia.heaps.files.states import LATEST_MS, clean_time
from tests.heaps.conftest import HEAP, Notes
from tests.heaps.test_uploads import BLOCK, Sender, a_file_note, of, sha


@pytest.fixture
def sender(notes: Notes) -> Sender:
    return Sender(notes)


@pytest.mark.parametrize(
    ("name", "mime"),
    [("a.txt", "text/plain"), ("a.md", "text/markdown"), ("a.js", "text/plain"), ("a.svg", UNKNOWN), ("a", UNKNOWN)],
)
def test_empty_file_is_text_where_its_name_says_so(name: str, mime: str) -> None:
    assert sniffed(b"", name) == mime


@pytest.mark.parametrize("way", ["in chunks", "at once"])
async def test_empty_file_is_a_blocks_file_as_any_other(sender: Sender, way: str) -> None:
    house, digest = sender.house, sha(b"")
    if way == "in chunks":
        begun = await sender.begin(b"", name="empty.txt")
        assert (begun["total_chunks"], (await house.get(f"/api/upload/status/{of(b'')}"))["missing"]) == (0, [])
        kept = await sender.end(b"")
    else:
        form = FormData()
        form.add_field("hash", digest)
        form.add_field("file", b"", filename="empty.txt")
        async with house.client.post(f"/api/upload/file/{HEAP}/{BLOCK}", data=form) as answer:
            kept = await answer.json()
            assert answer.status == 200
    await sender.notes.push(BLOCK, a_file_note(b"", "empty.txt", "text/plain"))
    await sender.notes.settle()

    page = await house.send("POST", f"/api/block/{BLOCK}", {})
    assert (kept["file"]["size"], page["file"]["available"], page["file"]["mime"]) == (0, True, "text/plain")
    assert await sender.bytes_at(f"/api/file/{BLOCK}/raw/empty.txt") == b""
    # There is no byte to begin with.
    await sender.bytes_at(f"/api/file/{BLOCK}/raw/empty.txt", 416, Range="bytes=0-")
    assert (await house.get(f"/api/heap/stats/{HEAP}"))["files"]["missing"] == 0
    again = await sender.begin(b"", 200, "another-empty-block")
    assert again["status"] in {"exists", "created"}


@pytest.mark.parametrize("moment", [-11_644_473_600_000, 0, (1 << 52) - 1, 1 << 61])
async def test_file_is_taken_in_whatever_its_clock_said(sender: Sender, moment: int) -> None:
    data = b"plums"
    await sender.begin(data, modified_at=moment)
    await sender.put(data, 0)

    assert (await sender.end(data))["status"] == "complete"


async def test_file_that_comes_at_once_is_taken_in_whatever_its_clock_said(sender: Sender) -> None:
    async def send(moment: str, status: int) -> Any:
        form = FormData()
        form.add_field("hash", sha(b"plums"))
        form.add_field("modified_at", moment)
        form.add_field("file", b"plums", filename="plums.txt")
        async with sender.house.client.post(f"/api/upload/file/{HEAP}/{BLOCK}", data=form) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json()

    assert (await send("yesterday", 400))["details"][0]["field"] == "modified_at"
    assert (await send("9" * 18, 200))["status"] == "uploaded"
    assert (await send("-1", 200))["status"] == "duplicate"


def test_time_is_the_nearest_that_a_disk_keeps() -> None:
    assert [clean_time(moment) for moment in (-5, 5, 1 << 60)] == [0, 5, LATEST_MS]


@pytest.mark.parametrize(
    ("path", "head", "status", "code"),
    [
        ("/api/file/{block}/raw/x", {"Range": "bytes=99-"}, 416, "range_not_satisfiable"),
        ("/api/file/{block}/raw/x", {"If-Match": '"another"'}, 412, "precondition_failed"),
        ("/api/file/{block}/raw/x?hash=zz", {}, 400, "invalid_request"),
        ("/api/file/{block}/raw/x?hash=" + "0" * 64, {}, 404, "not_found"),
        ("/api/file/{block}/video_thumbnail/small/abc", {}, 400, "invalid_request"),
        ("/api/file/{block}/thumbnail/15/x", {}, 400, "invalid_request"),
        ("/ws?block_id={block}", {}, 426, "upgrade_required"),
        ("/api/ws", {}, 426, "upgrade_required"),
    ],
)
async def test_wrong_question_is_answered_in_the_words_of_the_family(
    sender: Sender, path: str, head: dict[str, str], status: int, code: str
) -> None:
    data = b"plums"
    await sender.whole(data)
    await sender.notes.push(BLOCK, a_file_note(data))
    await sender.notes.settle()

    async with sender.house.client.get(path.format(block=BLOCK), headers=head) as answer:
        body = await answer.json()

    assert (answer.status, body["code"], body["success"]) == (status, code, False)
