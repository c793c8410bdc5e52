"""Scans of folder heaps: who asked for what, what is still owed, how they are stopped, when they are asked for."""

import io
from pathlib import Path

import pytest
from PIL import Image
from watchdog.events import FileCreatedEvent

from homemedia.heaps import owed
from homemedia.library.quiet import Quiet, WatchedRoot
from homemedia.library.scan.context import Scope
from homemedia.library.watching import Handler, Heard
from tests.heaps.test_folders import HEAP, blocks, folder, house, lay, open_folder, scan, settle
from tests.support.app import PASSWORD, House, a_house
from tests.support.household import a_household


def a_picture() -> bytes:
    """A small JPEG."""
    made = io.BytesIO()
    Image.new("RGB", (600, 400), "teal").save(made, "JPEG")
    return made.getvalue()


__all__ = ["folder", "house"]


async def test_who_asked_for_what_is_known_after_a_restart(tmp_path: Path, folder: Path) -> None:
    async with a_house(tmp_path / "again") as first:
        await first.claim()
        me = (await first.send("POST", "/api/me", {}))["id"]
        await open_folder(first, folder)
        await scan(first, path="2025", recursive=False)

    async with a_house(tmp_path / "again") as second:
        await second.send("POST", "/api/auth/login", {"username": "admin", "password": PASSWORD})
        recent = (await second.get("/api/active_scans"))["recent"]

    assert [(one["started_by"], one["path"], one["recursive"]) for one in recent] == [(me, "2025", False)]


async def test_reading_again_is_stopped_like_a_scan(house: House, folder: Path) -> None:
    await open_folder(house, folder)
    house.server.jobs.hold(["heap-reindex"])
    started = await house.send("POST", "/api/reindex_files", {"heap_id": HEAP, "mode": "thumbnails"}, 202)

    stopped = await house.send("POST", "/api/abort_scan", {"scan_id": started["scan_id"]})

    assert stopped["aborted"] == [started["scan_id"]]
    assert (await house.get("/api/active_scans"))["scans"] == []
    assert (await house.send("POST", "/api/abort_scan", {"scan_id": started["scan_id"]}))["aborted"] == []
    house.server.jobs.hold([])
    again = await house.send("POST", "/api/reindex_files", {"heap_id": HEAP, "mode": "search"}, 202)
    stopped = await house.send("POST", "/api/abort_scan", {"heap_id": HEAP})
    assert set(stopped["aborted"]) <= {again["scan_id"]}


async def test_reading_again_is_stopped_by_owner_and_starter_alone(house: House, folder: Path) -> None:
    await open_folder(house, folder)
    mara = (await a_household(house, "mara"))["mara"]
    recipient = {"recipient_type": "user", "recipient_user_id": mara.id, "permissions": {"can_download": True}}
    await house.send("POST", "/api/v1/shares", {"target_type": "heap", "target_id": HEAP, **recipient})
    house.server.jobs.hold(["heap-reindex"])
    started = await house.send("POST", "/api/reindex_files", {"heap_id": HEAP}, 202)

    assert (await mara.ask("POST", "/abort_scan", {"scan_id": started["scan_id"]}))[0] == 403
    house.server.jobs.hold([])
    await settle(house)


async def test_pictures_are_dropped_and_made_again(house: House, folder: Path) -> None:
    lay(folder / "shore.jpg", a_picture())
    await open_folder(house, folder)
    block_id = (await blocks(house))["shore.jpg"]["block_id"]
    address = f"/api/file/{block_id}/thumbnail/small/x.webp"
    async with house.client.get(address) as answer:
        before = await answer.read()
    kept = [path for path in house.server.places.cache_dir.rglob("*.webp") if path.is_file()]
    assert kept
    for path in kept:
        path.unlink()
        path.write_bytes(b"spoiled")

    await house.send("POST", "/api/reindex_files", {"heap_id": HEAP, "mode": "thumbnails"}, 202)
    await settle(house)

    assert [path.read_bytes() for path in kept if path.exists() and path.read_bytes() == b"spoiled"] == []
    async with house.client.get(address) as answer:
        assert await answer.read() == before


async def test_scan_tells_how_many_files_are_still_to_be_looked_into(
    house: House, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owed, "COUNT_EVERY_S", 0.0)
    house.server.jobs.hold(["block-file-look"])
    lay(folder / "shore.jpg", a_picture())
    await house.send("POST", "/api/heap/add", {"id": HEAP, "type": "folder", "source": {"path": str(folder)}}, 201)

    async def is_over() -> bool:
        recent = (await house.get("/api/active_scans"))["recent"]
        return [one["thumbnails_pending"] for one in recent] == [1]

    await house.until(is_over)
    house.server.jobs.hold([])
    await settle(house)
    assert [one["thumbnails_pending"] for one in (await house.get("/api/active_scans"))["recent"]] == [0]


def test_what_happens_where_no_scan_goes_asks_for_none() -> None:
    root = WatchedRoot(root_id=1, library_id="x", kind="folder", path="/home/lina", owned=("server/data",))

    passed = [".git", ".local/share/homemedia", "docs/@eaDir", "server/data", "server/data/cache"]
    assert [below for below in passed if not root.passes_by(below)] == []
    assert [below for below in ("", "docs", "server", "server/database") if root.passes_by(below)] == []
    assert not root.takes("/home/lina/docs/.letter.odt.swp")
    assert not root.takes("/home/lina/docs/film.mkv.part")
    assert root.takes("/home/lina/docs/letter.odt")


def test_what_programs_write_below_hidden_folders_asks_for_no_scan() -> None:
    root, quiet = WatchedRoot(root_id=1, library_id="x", kind="folder", path="/home/lina"), Quiet()

    for path in ("/home/lina/.git/index.lock", "/home/lina/.local/share/homemedia/homemedia.db-journal"):
        quiet.created(root, path, 1.0, is_folder=False)
        quiet.closed(root, path, 2.0, 2)
        quiet.deleted(root, path, 3.0, is_folder=False)
    quiet.created(root, "/home/lina/.git/objects", 3.0, is_folder=True)
    quiet.created(root, "/home/lina/.letter.odt.swp", 3.0, is_folder=False)
    assert quiet.take_due(100.0) == {}

    quiet.closed(root, "/home/lina/letter.odt", 101.0, 2)
    assert quiet.take_due(102.0) == {1: [Scope(root_id=1, deep=False)]}
    assert quiet.take_due(300.0) == {}


async def test_what_is_written_above_a_folder_holds_when_it_alone_is_scanned(house: House, folder: Path) -> None:
    (folder / ".heaperignore").write_text("*.log\n/2025/private/\n")
    lay(folder / "2025/07/day.log")
    lay(folder / "2025/private/diary.txt")
    lay(folder / "2025/.cache/scrap.txt")
    await open_folder(house, folder)

    for path in ("2025/07", "2025/private", "2025/.cache"):
        await scan(house, path=path)

    assert {"day.log", "diary.txt", "scrap.txt"}.isdisjoint(await blocks(house))


def test_further_name_of_a_file_is_there_whole(tmp_path: Path) -> None:
    heard: list[Heard] = []
    one, other, own = (tmp_path / name for name in ("one.txt", "other.txt", "own.txt"))
    one.write_bytes(b"words")
    other.hardlink_to(one)
    own.write_bytes(b"words")

    for path in (other, own):
        Handler(1, heard.append).dispatch(FileCreatedEvent(str(path)))

    # Nobody closes a link, so it would be waited for.
    assert [one.what for one in heard] == ["moved", "created"]


async def test_links_that_lead_out_are_left_alone(house: House, folder: Path, tmp_path: Path) -> None:
    secret = lay(tmp_path / "secret/keys.txt", b"secret")
    (folder / "link.txt").symlink_to(secret)
    (folder / "linked").symlink_to(secret.parent)

    await open_folder(house, folder)

    assert {"link.txt", "linked", "keys.txt"}.isdisjoint(await blocks(house))
    await scan(house, path="linked")
    assert {"link.txt", "linked", "keys.txt"}.isdisjoint(await blocks(house))


async def test_number_of_what_was_read_again_elsewhere_is_none_for_others(house: House, folder: Path) -> None:
    await open_folder(house, folder)
    mara = (await a_household(house, "mara"))["mara"]
    begun = await house.send("POST", "/api/reindex_files", {"heap_id": HEAP, "mode": "search"}, 202)
    await settle(house)
    number = {"scan_id": (begun.get("scan") or begun)["scan_id"]}

    await house.send("POST", "/api/abort_scan", number)
    assert (await mara.ask("POST", "/abort_scan", number))[0] == 404
