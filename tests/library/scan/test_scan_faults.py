"""What goes wrong on disks: a clear word each, the scan goes on, nothing is lost."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from homemedia.core.db import Database
from homemedia.library import libraries_store
from homemedia.library.scan import diff
from homemedia.library.scan.scanner import ScanWish
from homemedia.schema import migrate
from tests.library.scan.conftest import World, states

needs_limits = pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")


async def test_broken_files_are_listed_with_the_reason(world: World) -> None:
    world.file("films/Good (2001).mkv")
    world.file("films/Random bytes (2002).mkv", b"bad \x00\xff\x17")
    world.file("films/Empty (2003).mkv", b"")
    library = await world.library("movie", "films")

    result = await world.scan(library)

    assert result.result == "ok"
    assert states(result.counts) == {"added": 1, "failed": 1, "deferred": 1}
    assert await world.problems(library) == {"Random bytes (2002).mkv": "not_media"}
    assert await world.titles() == ["Good", "Random bytes"]


async def test_empty_file_is_listed_once_it_holds_something(world: World) -> None:
    world.file("films/Film (2003)/Film (2003).mkv", b"")
    library = await world.library("movie", "films")
    await world.scan(library)

    world.file("films/Film (2003)/Film (2003).mkv", b"now")
    result = await world.scan(library)

    assert states(result.counts) == {"added": 1}


async def test_names_that_are_no_utf8_are_told_and_passed_by(world: World) -> None:
    world.file("films/Good (2001).mkv")
    folder = os.fsencode(world.disk / "films")
    os.close(os.open(folder + b"/caf\xe9 (2002).mkv", os.O_CREAT))
    os.mkdir(folder + b"/dossier \xe9")  # noqa: PTH102 - bytes
    library = await world.library("movie", "films")

    result = await world.scan(library)

    assert states(result.counts) == {"added": 1, "failed": 2}
    assert await world.problems(library) == {"caf\ufffd (2002).mkv": "name_not_utf8", "dossier \ufffd": "name_not_utf8"}


async def test_links_are_followed_once_and_loops_are_cut(world: World) -> None:
    world.file("films/A (2001)/A (2001).mkv")
    world.file("elsewhere/B (2002)/B (2002).mkv")
    (world.disk / "films/loop").symlink_to(world.disk / "films")
    (world.disk / "films/up").symlink_to(world.disk)
    (world.disk / "films/linked").symlink_to(world.disk / "elsewhere")
    (world.disk / "films/linked again").symlink_to(world.disk / "elsewhere")
    (world.disk / "elsewhere/back").symlink_to(world.disk / "elsewhere")
    (world.disk / "films/nowhere").symlink_to(world.disk / "gone")
    library = await world.library("movie", "films")

    result = await world.scan(library)

    assert await world.titles() == ["A", "B"]
    assert result.counts.added == 2
    assert result.counts.failed == 0


async def test_paths_near_the_systems_limit(world: World) -> None:
    deep = world.disk / "films"
    deep.mkdir(parents=True)
    here = os.open(deep, os.O_RDONLY)
    try:
        for _ in range(20):
            name = "d" * 240
            os.mkdir(name, dir_fd=here)
            below = os.open(name, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
    finally:
        os.close(here)
    world.file(f"films/{'d' * 240}/{'n' * 240} (2001).mkv")
    library = await world.library("movie", "films")

    result = await world.scan(library)

    assert states(result.counts) == {"added": 1, "failed": 1}
    assert set((await world.problems(library)).values()) == {"path_too_long"}
    shutil.rmtree(deep)


@needs_limits
async def test_unreadable_folder_is_told_and_its_films_stay(world: World) -> None:
    world.file("films/A (2001)/A (2001).mkv")
    world.file("films/B (2002)/B (2002).mkv")
    library = await world.library("movie", "films")
    await world.scan(library)
    (world.disk / "films/A (2001)").chmod(0)

    result = await world.scan(library)

    (world.disk / "films/A (2001)").chmod(0o700)
    assert result.counts.removed == 0
    assert await world.problems(library) == {"A (2001)": "folder_unreadable"}
    assert await world.titles() == ["A", "B"]


async def test_folder_the_disk_fails_on_is_told_and_its_films_stay(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.file("films/A (2001)/A (2001).mkv")
    world.file("films/B (2002)/B (2002).mkv")
    library = await world.library("movie", "films")
    await world.scan(library)
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("A (2001)"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    result = await world.scan(library)
    problems = await world.problems(library)
    monkeypatch.setattr(os, "scandir", scandir)
    again = await world.scan(library)

    assert states(result.counts) == {"unchanged": 1, "failed": 1}
    assert problems == {"A (2001)": "folder_unreadable"}
    assert await world.titles() == ["A", "B"]
    assert states(again.counts) == {"unchanged": 2}
    assert await world.problems(library) == {}


async def test_folder_that_disappears_in_mid_scan(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.file("films/A (2001)/A (2001).mkv")
    world.file("films/B (2002)/B (2002).mkv")
    library = await world.library("movie", "films")
    await world.scan(library)
    scandir = os.scandir

    def vanish(path: str) -> object:
        if str(path).endswith("B (2002)"):
            shutil.rmtree(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", vanish)
    result = await world.scan(library)

    assert states(result.counts) == {"unchanged": 1, "removed": 1}
    assert await world.titles() == ["A"]


async def test_file_still_being_copied_waits_for_the_next_pass(world: World) -> None:
    world.file("films/A (2001).mkv")
    library = await world.library("movie", "films")
    waiting: list[str] = []
    world.scanner.on_deferred = lambda _library, scopes: waiting.extend(scope.path for scope in scopes)
    (world.disk / "films/B (2002).mkv").write_bytes(b"half")

    result = await world.scan(library)

    assert states(result.counts) == {"added": 1, "deferred": 1}
    assert await world.titles() == ["A"]
    assert waiting == [""]


async def test_file_reported_closed_is_listed_at_once(world: World) -> None:
    library = await world.library("movie", "films")
    (world.disk / "films/B (2002).mkv").write_bytes(b"whole")

    class Told(diff.FileReports):
        def is_closed(self, path: str, mtime_ns: int) -> bool:
            return path.endswith("B (2002).mkv")

    world.scanner.reports = Told()
    result = await world.scan(library)

    assert states(result.counts) == {"added": 1}


@pytest.mark.parametrize("loss", ["missing", "empty", "file"])
async def test_lost_disk_removes_nothing_and_is_told(world: World, loss: str) -> None:
    world.file("films/A (2001).mkv")
    library = await world.library("movie", "films")
    await world.scan(library)
    (world.disk / "films").rename(world.disk / "away")
    if loss == "empty":
        (world.disk / "films").mkdir()
    if loss == "file":
        (world.disk / "films").write_bytes(b"")

    lost = await world.scan(library)
    found = await libraries_store.library(world.db.read, library.library_id)
    missing = await world.titles(missing=True)
    if loss == "empty":
        (world.disk / "films").rmdir()
    if loss == "file":
        (world.disk / "films").unlink()
    (world.disk / "away").rename(world.disk / "films")
    back = await world.scan(library)

    assert lost.result == "unavailable"
    assert lost.why is not None
    assert "Nothing was removed" in lost.why
    assert found is not None
    assert not found.is_available
    assert missing == []
    assert back.result == "ok"
    again = await libraries_store.library(world.db.read, library.library_id)
    assert again is not None
    assert again.is_available
    assert await world.problems(library) == {}


async def test_other_disk_in_place_of_ours_removes_nothing(world: World) -> None:
    world.file("films/A (2001).mkv")
    library = await world.library("movie", "films")
    await world.scan(library)
    async with world.db.write() as tx:
        await tx.run("UPDATE root SET device = 1")
    same_files = await world.scan(library)
    async with world.db.write() as tx:
        await tx.run("UPDATE root SET device = 1")
    (world.disk / "films/A (2001).mkv").rename(world.disk / "films/C (2003).mkv")

    other_files = await world.scan(library)
    forced = await world.scan(library, ScanWish(force=True))

    assert same_files.result == "ok"
    assert other_files.result == "unavailable"
    assert forced.result == "ok"


async def test_mass_loss_needs_force(world: World) -> None:
    for number in range(120):
        world.file(f"films/Film {number} (2001)/Film {number} (2001).mkv")
    library = await world.library("movie", "films")
    await world.scan(library)
    for number in range(60):
        shutil.rmtree(world.disk / f"films/Film {number} (2001)")

    refused = await world.scan(library)
    kept = await world.titles(missing=True)
    again = await world.scan(library)
    forced = await world.scan(library, ScanWish(force=True))

    assert refused.result == again.result == "unavailable"
    assert list((await world.problems(library)).values()) == []
    assert kept == []
    assert forced.result == "ok"
    assert forced.counts.removed == 60
    assert len(await world.titles(missing=True)) == 60


async def test_scan_that_fails_within_says_so_and_the_next_one_completes(world: World) -> None:
    world.file("films/A (2001).mkv")
    library = await world.library("movie", "films")

    async def break_down() -> None:
        raise RuntimeError("the worker is gone")

    world.tools.before = break_down
    with pytest.raises(RuntimeError):
        await world.scan(library)
    failed = await world.result(library)
    world.tools.before = None
    result = await world.scan(library)

    assert failed.result == "failed"
    assert result.result == "ok"
    assert (await world.item("A"))["duration_ms"] == 60_000


class Power:
    """Fails before the transaction after so many."""

    def __init__(self, db: Database, after: int) -> None:
        self._db = db
        self._left = after
        self._write = db.write
        db.write = self._counted  # type: ignore[method-assign]

    def _counted(self, *, durable: bool = False) -> Any:
        self._left -= 1
        if self._left < 0:
            raise KeyboardInterrupt
        return self._write(durable=durable)

    def restore(self) -> None:
        self._db.write = self._write  # type: ignore[method-assign]


async def test_scan_cut_short_anywhere_is_completed_by_the_next(world: World, tmp_path: Path) -> None:
    """Kill it after each transaction in turn; each time the next scan ends with the same library."""
    for number in range(4):
        world.file(f"films/Film {number} (2001)/Film {number} (2001).mkv")
        world.file(f"films/Film {number} (2001)/Film {number} (2001).en.srt")
    library = await world.library("movie", "films")
    await world.scan(library)
    wanted = await _library(world.db)
    assert len(wanted) == 4

    for after in range(1, 30):
        copy = tmp_path / f"cut-{after}.db"
        migrate(copy, tmp_path / "backups")
        db = await Database.open(copy)
        cut = World(db, world.disk, world.scanner._parts.lane)
        made = await cut.library("movie", "films")
        power = Power(db, after)
        try:
            await cut.scan(made)
            is_through = True
        except KeyboardInterrupt:
            is_through = False
        power.restore()
        await cut.scan(made)

        assert await _library(db) == wanted, f"cut after {after}"
        assert [row[0] for row in await db.read("PRAGMA integrity_check")] == ["ok"]
        assert await db.read("PRAGMA foreign_key_check") == []
        await db.close()
        if is_through:
            break
    assert is_through


async def _library(db: Database) -> list[tuple[object, ...]]:
    rows = await db.read(
        "SELECT item.title, item.year, item.duration_ms, item.todo, file.path, file.probed_at IS NOT NULL,"
        " (SELECT count(*) FROM sidecar WHERE of_file_id = file.file_id)"
        " FROM item JOIN item_file USING (item_id) JOIN file USING (file_id) ORDER BY file.path",
        {},
    )
    return [tuple(row)[:3] + tuple(row)[4:] for row in rows]


async def test_disk_pulled_out_during_the_walk_removes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    film = world.file("films/Film (2011)/Film (2011).mkv")
    world.file("films/Other (2012)/Other (2012).mkv")
    library = await world.library("movie", "films")
    await world.scan(library)
    film.unlink()

    def pull_out(_missing: int, _known: int) -> bool:
        (world.disk / "films").rename(world.disk / "away")
        return False

    monkeypatch.setattr("homemedia.library.scan.scanner.is_mass_loss", pull_out)
    result = await world.scan(library)

    assert result.result == "unavailable"
    assert await world.titles(missing=True) == []
