"""Folder heaps: a block for each file and folder, as the files are, through the library's scanner."""

import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from homemedia.heaps.folder_blocks import DAY_MS, is_due, wish_of
from homemedia.heaps.folders_store import Seen
from tests.support.app import House, a_house
from tests.support.fakes import FakeClock
from tests.support.household import a_household

HEAP = "folder-of-tests"
OLD_S = 1_700_000_000


def lay(path: Path, data: bytes = b"words", *, at_s: int = OLD_S) -> Path:
    """A file that was written long ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (at_s, at_s))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of papers."""
    root = tmp_path / "papers"
    lay(root / "letter.txt", b"Dear Anna")
    lay(root / "2025/07/beach.txt", b"sand")
    return root


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path / "house") as found:
        await found.claim()
        found.server.heaps.facts.rest_s = 0.0
        yield found


async def open_folder(house: House, folder: Path, **source: Any) -> dict[str, Any]:
    body = {"id": HEAP, "title": "Papers", "type": "folder", "source": {"path": str(folder), **source}}
    heap: dict[str, Any] = (await house.send("POST", "/api/heap/add", body, 201))["heap"]
    await settle(house)
    return heap


async def settle(house: House) -> None:
    await house.idle()
    await house.server.heaps.facts.settled()


async def scan(house: House, **wish: Any) -> None:
    await house.send("POST", "/api/scan_folder", {"heap_id": HEAP, **wish}, 202)
    await settle(house)


async def blocks(house: House) -> dict[str, dict[str, Any]]:
    """The live blocks by title."""
    page = await house.send("POST", "/api/heap", {"heap_id": HEAP})
    return {one["title"]: one for one in page["blocks"]}


async def test_folder_becomes_a_heap_with_a_block_for_each_file_and_folder(house: House, folder: Path) -> None:
    made = await open_folder(house, folder)

    found = await blocks(house)
    assert {title: one["type"] for title, one in found.items()} == {
        "Papers": "index", "letter.txt": "file", "2025": "folder", "07": "folder", "beach.txt": "file",
    }  # fmt: skip
    assert made["source"]["path"] == str(folder)


async def test_file_hangs_below_its_folder_and_names_its_bytes(house: House, folder: Path) -> None:
    await open_folder(house, folder)

    found = await blocks(house)
    page = await house.send("POST", f"/api/block/{found['beach.txt']['block_id']}", {})
    assert [tag["title"] for tag in page["relations"]["tags"]] == ["07"]
    assert page["file"]["hash"] == hashlib.sha256(b"sand").hexdigest()
    assert (page["file"]["name"], page["file"]["path"]) == ("beach.txt", "2025/07/beach.txt")


async def test_moved_file_keeps_its_block(house: House, folder: Path) -> None:
    await open_folder(house, folder)
    before = await blocks(house)

    (folder / "2026").mkdir()
    (folder / "2025/07/beach.txt").rename(folder / "2026/shore.txt")
    await scan(house)

    after = await blocks(house)
    assert after["shore.txt"]["block_id"] == before["beach.txt"]["block_id"]
    page = await house.send("POST", f"/api/block/{after['shore.txt']['block_id']}", {})
    assert [tag["title"] for tag in page["relations"]["tags"]] == ["2026"]
    # Nothing is left in the folders it came from.
    assert "07" not in after
    assert "2025" not in after


async def test_other_bytes_at_the_same_path_are_a_new_version(house: House, folder: Path) -> None:
    await open_folder(house, folder)
    before = await blocks(house)

    lay(folder / "letter.txt", b"Dear Anna, and Ben", at_s=OLD_S + 9)
    await scan(house)

    block_id = (await blocks(house))["letter.txt"]["block_id"]
    assert block_id == before["letter.txt"]["block_id"]
    page = await house.send("POST", f"/api/block/{block_id}", {})
    assert page["file"]["hash"] == hashlib.sha256(b"Dear Anna, and Ben").hexdigest()
    assert [one["hash"] for one in page["files"]] == [hashlib.sha256(b"Dear Anna").hexdigest()]


async def test_same_bytes_at_two_paths_are_two_blocks(house: House, folder: Path) -> None:
    lay(folder / "copy.txt", b"sand")

    await open_folder(house, folder)

    found = await blocks(house)
    assert found["copy.txt"]["block_id"] != found["beach.txt"]["block_id"]


async def test_missing_file_is_trashed_by_a_scan_a_day_later_and_comes_back_with_it(
    tmp_path: Path, folder: Path
) -> None:
    clock = FakeClock()
    async with a_house(tmp_path / "later", clock=clock) as house:
        await house.claim()
        await open_folder(house, folder)
        block_id = (await blocks(house))["letter.txt"]["block_id"]

        kept = (folder / "letter.txt").read_bytes()
        (folder / "letter.txt").unlink()
        await scan(house)
        assert "letter.txt" in await blocks(house)
        page = await house.send("POST", f"/api/block/{block_id}", {})
        assert page["file"]["available"] is False

        await scan(house)
        assert "letter.txt" in await blocks(house), "two scans within an hour are too few"

        clock.pass_ms(DAY_MS + 1)
        await scan(house)
        assert "letter.txt" not in await blocks(house)

        lay(folder / "letter.txt", kept)
        await scan(house)
        assert (await blocks(house))["letter.txt"]["block_id"] == block_id


async def test_root_that_is_away_marks_nothing(house: House, folder: Path) -> None:
    await open_folder(house, folder)

    folder.rename(folder.with_name("elsewhere"))  # noqa: ASYNC240 - a small folder
    await scan(house)

    found = await blocks(house)
    page = await house.send("POST", f"/api/block/{found['letter.txt']['block_id']}", {})
    assert page["file"]["available"] is True
    recent = (await house.get("/api/active_scans"))["recent"]
    assert [(one["status"], one["error"]) for one in recent] == [("failed", "source_unavailable")]


async def test_purged_original_does_not_return_and_stays_on_the_disk(house: House, folder: Path) -> None:
    await open_folder(house, folder)

    await purge(house, "letter.txt")
    await scan(house)
    await scan(house, force=True)

    assert "letter.txt" not in await blocks(house)
    assert (folder / "letter.txt").read_bytes() == b"Dear Anna"

    # Other bytes there are another file.
    lay(folder / "letter.txt", b"Dear Ben", at_s=OLD_S + 5)
    await scan(house)
    assert "letter.txt" in await blocks(house)


async def test_original_is_deleted_where_the_heap_says_so(house: House, folder: Path) -> None:
    await open_folder(house, folder, read_only=False, delete_originals=True)

    await purge(house, "letter.txt")

    assert not (folder / "letter.txt").exists()
    assert (folder / "2025/07/beach.txt").exists()


async def test_purged_heap_leaves_the_files_and_frees_the_folder(house: House, folder: Path) -> None:
    await open_folder(house, folder)

    await house.send("DELETE", f"/api/heap/{HEAP}?permanent=true")
    await settle(house)

    assert (folder / "letter.txt").exists()
    assert await house.server.db.read("SELECT path FROM root WHERE library_id IS NOT NULL") == []
    await open_folder(house, folder)
    assert "letter.txt" in await blocks(house)


async def test_library_behind_a_heap_is_nobodys_to_list_or_change(house: House, folder: Path) -> None:
    made = await open_folder(house, folder)

    library_id = made["source"]["library_id"]
    assert (await house.get("/api/libraries"))["libraries"] == []
    await house.send("DELETE", f"/api/libraries/{library_id}", status=404)
    await house.send("PUT", f"/api/libraries/{library_id}", {"name": "Mine"}, 404)
    await house.send("POST", f"/api/libraries/{library_id}/scan", {}, 404)


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"path": "2025/07"}, "path_not_found"),
        ({"path": "{folder}/letter.txt"}, "path_not_directory"),
        ({"path": "{folder}/nothing"}, "path_not_found"),
        ({"path": "{folder}/2025"}, "path_overlap"),
        ({"path": "{house}/data/media"}, "path_forbidden"),
        ({"path": "{folder}", "delete_originals": True}, "invalid_request"),
    ],
    ids=["not whole", "a file", "nothing", "inside another", "our own", "deleting in what is only read"],
)
async def test_folder_that_cannot_be_opened(
    house: House, folder: Path, tmp_path: Path, wish: dict[str, Any], code: str
) -> None:
    if code == "path_overlap":
        await open_folder(house, folder)
    source = wish | {"path": wish["path"].format(folder=folder, house=tmp_path / "house")}

    answer = await house.send("POST", "/api/heap/add", {"type": "folder", "source": source}, 400)

    assert answer["code"] == code


async def test_scan_is_told_with_its_counts_and_joined(house: House, folder: Path) -> None:
    await open_folder(house, folder)
    lay(folder / "new.txt", b"news")

    first = await house.send("POST", "/api/scan_folder", {"path": str(folder / "2025")}, 202)
    assert (first["scan"]["kind"], first["scan"]["heap_id"], first["scan"]["path"]) == ("scan", HEAP, "2025")
    await settle(house)
    assert "new.txt" not in await blocks(house)

    await scan(house)
    assert "new.txt" in await blocks(house)
    (last,) = (await house.get("/api/active_scans"))["recent"]
    assert (last["status"], last["added"], last["unchanged"], last["failed"]) == ("done", 1, 2, 0)


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({}, 400),
        ({"heap_id": "nobodys-heap"}, 404),
        ({"heap_id": HEAP, "path": "../.."}, 403),
        ({"heap_id": HEAP, "path": "nothing/here"}, 404),
        ({"path": "/etc"}, 403),
        ({"heap_id": "plain-heap"}, 400),
    ],
)
async def test_scan_that_cannot_be(house: House, folder: Path, wish: dict[str, Any], status: int) -> None:
    await open_folder(house, folder)
    await house.send("POST", "/api/heap/add", {"id": "plain-heap"}, 201)

    await house.send("POST", "/api/scan_folder", wish, status)


async def test_scan_is_stopped(house: House, folder: Path) -> None:
    await open_folder(house, folder)
    lay(folder / "new.txt", b"news")

    house.server.jobs.hold(["scan"])
    started = await house.send("POST", "/api/scan_folder", {"heap_id": HEAP}, 202)
    (shown,) = (await house.get("/api/active_scans"))["scans"]
    assert (shown["scan_id"], shown["status"]) == (started["scan_id"], "queued")
    again = await house.send("POST", "/api/scan_folder", {"heap_id": HEAP}, 200)
    assert again["already_running"] is True

    stopped = await house.send("POST", "/api/abort_scan", {"scan_id": started["scan_id"]})
    assert stopped["aborted"] == [started["scan_id"]]
    assert (await house.send("POST", "/api/abort_scan", {"heap_id": HEAP}))["aborted"] == []
    await house.send("POST", "/api/abort_scan", {"scan_id": "999999"}, 404)


async def purge(house: House, title: str) -> None:
    """Trash a block and empty the trash."""
    block_id = (await blocks(house))[title]["block_id"]
    await house.send("POST", f"/api/home/heaps/{HEAP}/trash", {"block_ids": [block_id]})
    await house.send("DELETE", f"/api/trash/{HEAP}")
    await settle(house)


async def test_bytes_of_a_folder_are_served_where_they_lie(house: House, folder: Path) -> None:
    await open_folder(house, folder)

    block_id = (await blocks(house))["beach.txt"]["block_id"]
    async with house.client.get(f"/api/file/{block_id}/raw/beach.txt", headers={"Range": "bytes=1-2"}) as answer:
        assert (answer.status, await answer.read()) == (206, b"an")
        assert answer.content_type == "text/plain"


async def test_files_are_looked_into_again(house: House, folder: Path) -> None:
    await open_folder(house, folder)
    block_id = (await blocks(house))["beach.txt"]["block_id"]

    for mode in ("metadata", "search", "thumbnails"):
        started = await house.send("POST", "/api/reindex_files", {"heap_id": HEAP, "mode": mode}, 202)
        assert (started["scan"]["kind"], started["scan"]["heap_id"]) == ("reindex", HEAP)
        await settle(house)
    one = await house.send("POST", "/api/regenerate_file", {"block_id": block_id, "what": ["metadata", "text"]}, 202)
    assert (one["status"], one["block_id"]) == ("queued", block_id)
    await settle(house)

    looked = await house.server.db.read("SELECT count(*) AS n FROM block_file_fact")
    assert looked[0]["n"] == 2
    assert "beach.txt" in await blocks(house)


async def test_everything_is_hashed_again(house: House, folder: Path) -> None:
    await open_folder(house, folder)
    # The same size and time as before: only whoever reads it whole finds out.
    lay(folder / "letter.txt", b"Dear Emma")
    await scan(house)
    old = hashlib.sha256(b"Dear Anna").hexdigest()
    block_id = (await blocks(house))["letter.txt"]["block_id"]
    page = await house.send("POST", f"/api/block/{block_id}", {})
    assert page["file"]["hash"] == old

    started = await house.send("POST", "/api/reindex_files", {"heap_id": HEAP, "mode": "hash"}, 202)
    assert started["scan"]["kind"] == "reindex"
    await settle(house)

    page = await house.send("POST", f"/api/block/{block_id}", {})
    assert page["file"]["hash"] == hashlib.sha256(b"Dear Emma").hexdigest()


async def test_what_is_read_again_is_shown_and_joined(house: House, folder: Path) -> None:
    await open_folder(house, folder)
    house.server.jobs.hold(["heap-reindex"])

    first = await house.send("POST", "/api/reindex_files", {}, 202)
    again = await house.send("POST", "/api/reindex_files", {}, 200)

    assert (again["already_running"], again["scan_id"]) == (True, first["scan_id"])
    (shown,) = (await house.get("/api/active_scans"))["scans"]
    assert (shown["kind"], shown["heap_id"], shown["status"]) == ("reindex", None, "queued")
    house.server.jobs.hold([])
    await settle(house)


async def test_file_that_is_away_cannot_be_looked_into(house: House, folder: Path) -> None:
    await open_folder(house, folder)
    block_id = (await blocks(house))["letter.txt"]["block_id"]
    (folder / "letter.txt").unlink()
    await scan(house)

    refused = await house.send("POST", "/api/regenerate_file", {"key": block_id}, 404)

    assert refused["details"][0]["reason"] == "source_missing"
    await house.send("POST", "/api/regenerate_file", {}, 400)


async def test_folder_is_for_administrators_to_open_and_for_those_it_is_shared_with_to_see(
    house: House, folder: Path
) -> None:
    await open_folder(house, folder)
    mara = (await a_household(house, "mara"))["mara"]
    wish = {"type": "folder", "source": {"path": str(folder.parent / "other")}}
    status, refused = await mara.ask("POST", "/heap/add", wish)
    assert (status, refused["code"]) == (403, "admin_required")
    assert (await mara.ask("POST", "/scan_folder", {"heap_id": HEAP}))[0] == 404
    assert (await mara.done("GET", "/active_scans"))["recent"] == []

    recipient = {"recipient_type": "user", "recipient_user_id": mara.id, "permissions": {"can_download": True}}
    await house.send("POST", "/api/v1/shares", {"target_type": "heap", "target_id": HEAP, **recipient})

    (seen,) = (await mara.done("POST", "/heaps", {}))["heaps"]
    assert "path" not in seen["source"]
    (last,) = (await mara.done("GET", "/active_scans"))["recent"]
    assert (last["heap_id"], last["added"]) == (HEAP, 2)
    assert (await mara.ask("POST", "/scan_folder", {"heap_id": HEAP}))[0] == 403
    assert (await mara.ask("POST", "/reindex_files", {"heap_id": HEAP}))[0] == 403
    assert (await mara.ask("POST", "/reindex_files", {}))[0] == 403


def a_file(**other: Any) -> Seen:
    facts = {"file_id": 1, "folder_id": 2, "path": "a/b.txt", "size_bytes": 4, "mtime_ns": 7_000_000}
    return Seen(**{**facts, "sha256": "new", "missing_since_at": None, **other})


SAID = {"block_id": "block", "hash": "new", "said_path": "a/b.txt"}


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (a_file(), True),
        (a_file(sha256=None), False),
        (a_file(is_dismissed=True), False),
        (a_file(missing_since_at=3), False),
        (a_file(**SAID), False),
        (a_file(**SAID | {"hash": "old"}), True),
        (a_file(**SAID | {"said_path": "b.txt"}), True),
        (a_file(**SAID, is_trashed=True), True),
        (a_file(**SAID | {"hash": None, "said_path": None}), True),
        (a_file(**SAID | {"hash": "old"}, sha256=None), False),
        (a_file(**SAID, missing_since_at=3, is_trashed=True), False),
    ],
    ids=[
        "new", "not read yet", "purged", "new and gone", "as before", "other bytes", "moved", "back", "cut short",
        "other bytes that are not read yet", "still gone",
    ],
)  # fmt: skip
def test_what_is_due(file: Seen, *, expected: bool) -> None:
    assert is_due(file) is expected


def test_first_document_of_a_file_says_what_it_is_and_where_it_lies() -> None:
    wish = wish_of(a_file(), mime="text/plain", parent="folder-a", old_parent=None, now=50)

    assert wish["meta"] == {"type": "file", "created_at": 7}
    assert wish["files"] == {"new": {"name": "b.txt", "size": 4, "mime": "text/plain", "added_at": 50}}
    assert wish["tags"] == {"folder-a": {"added_at": 50}}


def test_moved_file_leaves_its_folder_and_what_people_tagged_it_with_stays() -> None:
    moved = a_file(**SAID | {"said_path": "c/b.txt"})

    wish = wish_of(moved, mime="text/plain", parent="folder-a", old_parent="folder-c", now=50)

    assert wish["tags"] == {"folder-a": {"added_at": 50}, "folder-c": None}
    assert wish["meta"] == {}


def test_file_that_is_back_comes_out_of_the_trash() -> None:
    wish = wish_of(a_file(**SAID, is_trashed=True), mime="text/plain", parent="f", old_parent="f", now=50)

    assert wish["meta"] == {"deleted_at": None, "deleted_by": None}
    assert wish["tags"] == {}


async def test_another_administrator_is_not_told_what_lies_in_a_heap(house: House, folder: Path) -> None:
    made = await open_folder(house, folder)
    mara = (await a_household(house, "mara"))["mara"]
    await house.send("PUT", f"/api/users/{mara.id}", {"isAdmin": True})
    house.server.jobs.hold(["scan"])
    await house.send("POST", "/api/scan_folder", {"heap_id": HEAP}, 202)

    status = (await mara.done("GET", "/scan-status"))["scans"]
    assert [(one["name"], one["current"]) for one in status] == [("", "")]
    (shown,) = (await mara.done("GET", "/active_scans"))["scans"]
    assert (shown["heap_id"], shown["current"], shown["errors"]) == (HEAP, None, [])
    assert (await mara.ask("GET", f"/home/library/{made['source']['library_id']}/problems"))[0] == 404
    house.server.jobs.hold([])
    await settle(house)


async def test_member_opens_a_folder_inside_one_that_is_open_to_him_and_no_other(
    house: House, folder: Path, tmp_path: Path
) -> None:
    mara = (await a_household(house, "mara"))["mara"]
    lay(tmp_path / "outside/secret.txt")
    (folder / "way-out").symlink_to(tmp_path / "outside")
    wish = {"type": "folder", "source": {"path": str(folder / "2025")}}
    assert (await mara.ask("POST", "/heap/add", wish))[0] == 403
    assert (await mara.ask("POST", "/home/heaps/folders", {"user_id": mara.id, "path": str(folder)}))[0] == 403

    made = await house.send("POST", "/api/home/heaps/folders", {"user_id": mara.id, "path": str(folder)}, 201)
    assert [one["path"] for one in (await mara.done("GET", "/home/heaps/folders"))["folders"]] == [made["path"]]
    for outside in ("way-out", "../outside", "..", "nothing"):
        other = {"type": "folder", "source": {"path": str(folder / outside)}}
        assert (await mara.ask("POST", "/heap/add", other))[0] == 403
    status, opened = await mara.ask("POST", "/heap/add", wish)
    await settle(house)
    assert (status, opened["heap"]["role"]) == (201, "owner")

    await house.send("POST", "/api/home/heaps/folders", {"user_id": "nobody", "path": str(folder)}, 404)
    await house.send("POST", "/api/home/heaps/folders", {"user_id": mara.id, "path": "/nowhere"}, 400)
    query = {"user_id": mara.id, "path": made["path"]}
    async with house.client.delete("/api/home/heaps/folders", params=query) as answer:
        assert answer.status == 204
    assert (await mara.done("GET", "/home/heaps/folders"))["folders"] == []
    assert [one["id"] for one in (await mara.done("POST", "/heaps", {}))["heaps"]] == [opened["heap"]["id"]]


async def test_folder_that_becomes_a_link_while_it_is_opened_is_not_opened(
    house: House, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara = (await a_household(house, "mara"))["mara"]
    lay(tmp_path / "outside/secret.txt")
    await house.send("POST", "/api/home/heaps/folders", {"user_id": mara.id, "path": str(folder)}, 201)

    async def as_it_was(_libraries: object, _path: str) -> str:
        return str(folder / "2025")

    (folder / "way-out").symlink_to(tmp_path / "outside")
    monkeypatch.setattr(type(house.server.library.libraries), "real_path", as_it_was)
    wish = {"type": "folder", "source": {"path": str(folder / "way-out")}}

    assert (await mara.ask("POST", "/heap/add", wish))[0] == 403
    assert (await mara.done("POST", "/heaps", {}))["heaps"] == []
    assert await house.server.db.read("SELECT library_id FROM library", {}) == []


async def test_file_that_became_a_link_since_the_scan_is_not_what_it_leads_to(
    house: House, folder: Path, tmp_path: Path
) -> None:
    await open_folder(house, folder)
    letter = (await blocks(house))["letter.txt"]["block_id"]
    lay(tmp_path / "outside/secret.txt")
    (folder / "letter.txt").unlink()
    (folder / "letter.txt").symlink_to(tmp_path / "outside/secret.txt")

    for way in ("raw", "stream"):
        address = f"/api/file/{letter}/raw/x" if way == "raw" else f"/api/stream/{letter}/x"
        async with house.client.get(address) as answer:
            assert answer.status == 404, await answer.read()
