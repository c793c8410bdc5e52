"""Files that members send into folders: where they land, under which names, and whose blocks they are."""

import hashlib
from pathlib import Path
from typing import Any

import pycrdt
import pytest

from homemedia.heaps import crdt
from homemedia.heaps.folder_placing import numbered
from tests.heaps.conftest import b64
from tests.heaps.test_folders import HEAP, blocks, folder, house, lay, open_folder, purge, scan, settle
from tests.support.app import House

__all__ = ["folder", "house"]

NEW = "block-of-upload"
SENT_MS = 1_600_000_000_000


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def send(house: House, data: bytes, name: str, block_id: str = NEW, heap_id: str = HEAP) -> dict[str, Any]:
    """One file by pieces, as a client sends it."""
    at = f"{heap_id}/{block_id}"
    wish = {"hash": sha(data), "size": len(data), "name": name, "modified_at": SENT_MS}
    async with house.client.post(f"/api/upload/init/{at}", json=wish) as answer:
        begun: dict[str, Any] = await answer.json()
        assert answer.status in {200, 201}, begun
    if begun["status"] != "exists":
        if data:
            async with house.client.put(f"/api/upload/chunk/{at}/{sha(data)}/0", data=data) as answer:
                assert answer.status == 200, await answer.text()
        begun = await house.send("POST", f"/api/upload/complete/{at}/{sha(data)}", {})
    await settle(house)
    return begun


async def push(house: House, block_id: str, kind: str, tags: tuple[str, ...] = ()) -> None:
    """A block as a client makes one."""
    doc = pycrdt.Doc[Any]()
    told: list[bytes] = []
    doc.observe(lambda event: told.append(event.update))
    with doc.transaction():
        doc.get("meta", type=pycrdt.Map)["type"] = kind
        for tag in tags:
            doc.get("tags", type=pycrdt.Map)[tag] = {"added_at": 5}
    block = {"block_id": block_id, "workspace_id": HEAP, "update": b64(crdt.merged(told))}
    assert (await house.send("POST", "/api/sync/push", {"blocks": [block]}))["results"][0]["success"]
    await settle(house)


def names(folder: Path) -> list[str]:
    """All that lies in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir() if path.is_file())


async def test_file_lands_in_the_folder_and_is_its_block_at_once(house: House, folder: Path) -> None:
    await open_folder(house, folder, read_only=False)

    await send(house, b"plums", "Plums.txt")

    assert names(folder) == ["Plums.txt", "letter.txt"]
    assert (folder / "Plums.txt").read_bytes() == b"plums"
    assert (folder / "Plums.txt").stat().st_mtime_ns == SENT_MS * 1_000_000
    assert (await blocks(house))["Plums.txt"]["block_id"] == NEW
    page = await house.send("POST", f"/api/block/{NEW}", {})
    assert (page["file"]["path"], page["file"]["hash"], page["file"]["available"]) == ("Plums.txt", sha(b"plums"), True)


async def test_scan_makes_no_second_block_of_what_was_sent(house: House, folder: Path) -> None:
    await open_folder(house, folder, read_only=False)
    await send(house, b"plums", "Plums.txt")
    before = {title: one["block_id"] for title, one in (await blocks(house)).items()}

    await scan(house)
    await scan(house, force=True)

    assert {title: one["block_id"] for title, one in (await blocks(house)).items()} == before
    (folder / "Plums.txt").rename(folder / "2025/Prunes.txt")
    await scan(house)
    assert (await blocks(house))["Prunes.txt"]["block_id"] == NEW


async def test_file_goes_into_the_folder_that_its_block_hangs_below(house: House, folder: Path) -> None:
    await open_folder(house, folder, read_only=False)
    july = (await blocks(house))["07"]["block_id"]
    await push(house, NEW, "file", (july,))

    await send(house, b"shells", "shells.txt")

    assert (folder / "2025/07/shells.txt").read_bytes() == b"shells"
    page = await house.send("POST", f"/api/block/{NEW}", {})
    assert [tag["title"] for tag in page["relations"]["tags"]] == ["07"]


async def test_folder_that_is_gone_is_made_again(house: House, folder: Path) -> None:
    await open_folder(house, folder, read_only=False)
    july = (await blocks(house))["07"]["block_id"]
    await push(house, NEW, "file", (july,))
    (folder / "2025/07/beach.txt").unlink()
    (folder / "2025/07").rmdir()

    await send(house, b"shells", "shells.txt")

    assert (folder / "2025/07/shells.txt").exists()


async def test_link_that_leads_out_of_the_folder_is_not_written_through(
    house: House, folder: Path, tmp_path: Path
) -> None:
    await open_folder(house, folder, read_only=False)
    july = (await blocks(house))["07"]["block_id"]
    await push(house, NEW, "file", (july,))
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / "2025/07/beach.txt").unlink()
    (folder / "2025/07").rmdir()
    (folder / "2025/07").symlink_to(outside)

    at = f"{HEAP}/{NEW}"
    await house.send("POST", f"/api/upload/init/{at}", {"hash": sha(b"x"), "size": 1, "name": "x.txt"}, 201)
    async with house.client.put(f"/api/upload/chunk/{at}/{sha(b'x')}/0", data=b"x"):
        refused = await house.send("POST", f"/api/upload/complete/{at}/{sha(b'x')}", {}, 503)

    assert refused["code"] == "source_unavailable"
    assert list(outside.iterdir()) == []


async def test_nothing_is_replaced_names_that_differ_in_case_alone_included(house: House, folder: Path) -> None:
    await open_folder(house, folder, read_only=False)

    await send(house, b"mine", "Letter.TXT")

    assert names(folder) == ["Letter (2).TXT", "letter.txt"]
    assert (await blocks(house))["Letter (2).TXT"]["block_id"] == NEW


async def test_name_of_a_missing_file_is_left_to_it(house: House, folder: Path) -> None:
    await open_folder(house, folder, read_only=False)
    (folder / "letter.txt").unlink()
    await scan(house)

    await send(house, b"mine", "letter.txt")

    assert names(folder) == ["letter (2).txt"]


@pytest.mark.parametrize(
    ("name", "lands"),
    [
        ("../../etc/passwd", "passwd"),
        (".bashrc", "_bashrc"),
        ("a:b?.txt", "a_b_.txt"),
        ("CON.txt", "_CON.txt"),
        ("e" * 240 + ".txt", "e" * 196 + ".txt"),
        ("naïve Ωmega ☕.txt", "naïve Ωmega ☕.txt"),
    ],
    ids=["a path", "hidden", "signs that Windows refuses", "a device", "long", "other letters"],
)
async def test_name_is_made_safe(house: House, folder: Path, name: str, lands: str) -> None:
    await open_folder(house, folder, read_only=False)

    await send(house, b"plums", name)

    assert names(folder) == sorted([lands, "letter.txt"])


async def test_half_received_names_lie_in_the_store_since_no_scan_would_see_them(house: House, folder: Path) -> None:
    await open_folder(house, folder, read_only=False)

    await send(house, b"plums", "plums.part")

    assert names(folder) == ["letter.txt"]
    async with house.client.get(f"/api/file/{NEW}/raw/x", allow_redirects=False) as answer:
        assert answer.status in {200, 404}


async def test_name_that_the_folder_leaves_out_is_refused_before_it_is_sent(house: House, folder: Path) -> None:
    (folder / ".heaperignore").write_text("*.log\n!keep.log\n")
    await open_folder(house, folder, read_only=False)

    at = f"/api/upload/init/{HEAP}/{NEW}"
    refused = await house.send("POST", at, {"hash": sha(b"plums"), "size": 5, "name": "today.log"}, 400)
    await send(house, b"plums", "keep.log")

    assert refused["code"] == "ignored_name"
    assert names(folder) == [".heaperignore", "keep.log", "letter.txt"]


async def test_folder_that_is_only_read_stays_as_it_is(house: House, folder: Path) -> None:
    await open_folder(house, folder)

    await send(house, b"plums", "Plums.txt")

    assert names(folder) == ["letter.txt"]


async def test_file_beside_a_note_lies_in_the_folder_and_gets_no_block_of_its_own(house: House, folder: Path) -> None:
    await open_folder(house, folder, read_only=False)
    await push(house, NEW, "document")

    await send(house, b"first", "first.txt")
    await send(house, b"second", "second.txt")
    await scan(house)

    assert names(folder) == ["first.txt", "letter.txt", "second.txt"]
    found = await blocks(house)
    assert "first.txt" not in found
    assert "second.txt" not in found
    page = await house.send("POST", f"/api/block/{NEW}", {})
    assert page["block"]["type"] == "document"


async def test_what_may_be_read_elsewhere_is_copied_here(house: House, folder: Path) -> None:
    await open_folder(house, folder, read_only=False)
    await house.send("POST", "/api/heap/add", {"id": "plain-heap"}, 201)
    await send(house, b"plums", "Plums.txt", "block-elsewhere", "plain-heap")
    doc = pycrdt.Doc[Any]()
    doc.get("meta", type=pycrdt.Map)["type"] = "file"
    block = {"block_id": "block-elsewhere", "workspace_id": "plain-heap", "update": b64(doc.get_update())}
    await house.send("POST", "/api/sync/push", {"blocks": [block]})

    told = await send(house, b"plums", "Prunes.txt")

    assert told["status"] == "exists"
    assert (folder / "Prunes.txt").read_bytes() == b"plums"


async def test_same_bytes_sent_twice_are_two_files_as_a_person_would_copy_them(house: House, folder: Path) -> None:
    await open_folder(house, folder, read_only=False)
    await send(house, b"plums", "Plums.txt")

    await send(house, b"plums", "Plums.txt", "block-of-another")
    await scan(house)

    assert names(folder) == ["Plums (2).txt", "Plums.txt", "letter.txt"]
    found = await blocks(house)
    assert (found["Plums.txt"]["block_id"], found["Plums (2).txt"]["block_id"]) == (NEW, "block-of-another")


async def test_scan_leaves_a_file_alone_that_is_just_put_there(house: House, folder: Path) -> None:
    await open_folder(house, folder, read_only=False)
    rows = await house.server.db.read("SELECT root_id FROM root WHERE library_id IS NOT NULL")
    place = (rows[0]["root_id"], "coming.txt")
    house.server.heaps.folders.landing.placing.take(place)
    lay(folder / "coming.txt", b"coming")
    await scan(house)
    assert "coming.txt" not in await blocks(house)

    house.server.heaps.folders.landing.placing.let_go(place)
    await scan(house)
    assert "coming.txt" in await blocks(house)


async def test_empty_files_are_files_like_others(house: House, folder: Path) -> None:
    lay(folder / "empty.txt", b"")
    lay(folder / "2025/nothing.txt", b"")
    await open_folder(house, folder, read_only=False)
    await send(house, b"", "void.txt")
    before = await blocks(house)
    assert {"empty.txt", "nothing.txt", "void.txt"} <= before.keys()

    # All of them hold the same: none is taken for another that went.
    await purge(house, "empty.txt")
    (folder / "2025/nothing.txt").unlink()
    lay(folder / "fresh.txt", b"", at_s=1_700_000_500)
    await scan(house)

    after = await blocks(house)
    assert "empty.txt" not in after
    assert after["fresh.txt"]["block_id"] != before["nothing.txt"]["block_id"]


async def test_purged_block_takes_what_was_sent_with_it(house: House, folder: Path) -> None:
    await open_folder(house, folder, read_only=False, delete_originals=True)
    await send(house, b"plums", "Plums.txt")

    await purge(house, "Plums.txt")

    assert names(folder) == ["letter.txt"]


def test_names_are_numbered() -> None:
    found = numbered("a.tar.gz", {"a.tar.gz", "a.tar (2).gz"})

    assert [next(found), next(found)] == ["a.tar (3).gz", "a.tar (4).gz"]
    assert next(numbered(".x", {".x"})) == ".x (2)"


async def test_disk_that_is_away_refuses_and_the_file_may_be_sent_again(house: House, folder: Path) -> None:
    await open_folder(house, folder, read_only=False)
    away = folder.with_name("away")
    folder.rename(away)  # noqa: ASYNC240 - a small folder
    at, data = f"{HEAP}/{NEW}", b"plums"
    await house.send("POST", f"/api/upload/init/{at}", {"hash": sha(data), "size": 5, "name": "Plums.txt"}, 201)
    async with house.client.put(f"/api/upload/chunk/{at}/{sha(data)}/0", data=data):
        await house.send("POST", f"/api/upload/complete/{at}/{sha(data)}", {}, 503)

    away.rename(folder)
    await house.send("POST", f"/api/upload/complete/{at}/{sha(data)}", {})

    assert names(folder) == ["Plums.txt", "letter.txt"]


async def test_file_that_a_block_of_the_folder_has_is_not_sent_again(house: House, folder: Path) -> None:
    await open_folder(house, folder, read_only=False)
    await send(house, b"plums", "Plums.txt")

    told = await send(house, b"plums", "Plums.txt")

    assert told["status"] == "exists"
    assert names(folder) == ["Plums.txt", "letter.txt"]


async def test_file_that_went_from_the_folder_is_sent_again(house: House, folder: Path) -> None:
    await open_folder(house, folder, read_only=False)
    await send(house, b"plums", "Plums.txt")
    (folder / "Plums.txt").unlink()

    told = await send(house, b"plums", "Plums.txt")

    assert told["status"] != "exists"
