"""Renames and moves, with the scan that follows them killed at any line: nobody is doubled, nobody forgotten."""

import os
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from homemedia.core.db import Database
from tests.library.scan import test_scan_killed as killed
from tests.library.scan.conftest import World
from tests.library.scan.test_scan_faults import Power

SQL = """
    SELECT item.item_id, item.rating_key, item.identity_key, item.added_at, item.title, item.missing_since_at,
           file.file_id, file.path, file.probed_at, file.missing_since_at
      FROM item JOIN item_file USING (item_id) JOIN file USING (file_id) ORDER BY file.path
"""


async def _library(db: Database) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await db.read(SQL)]


async def test_scan_of_moves_cut_short_anywhere_is_completed_by_the_next(world: World, tmp_path: Path) -> None:
    for number in range(6):
        world.file(f"films/Film {number} (2001)/Film {number} (2001).mkv")
        world.file(f"films/Film {number} (2001)/Film {number} (2001).en.srt")
    library = await world.library("movie", "films")
    await world.scan(library)
    before = await _library(world.db)
    async with world.db.write() as tx:
        await tx.run("UPDATE library SET last_scan_at = 1")
    with closing(sqlite3.connect(tmp_path / "homemedia.db")) as source:
        source.execute("VACUUM INTO ?", (str(tmp_path / "before.db"),))
    films = world.disk / "films"
    (films / "Film 0 (2001)").rename(films / "Renamed (2001)")
    (films / "Film 1 (2001)/Film 1 (2001).mkv").rename(films / "Film 1 (2001)/Other (2002).mkv")
    (films / "Film 2 (2001)").rename(films / "Film 3 (2001)/Film 2 (2001)")
    (films / "Film 4 (2001)/Film 4 (2001).mkv").rename(films / "Film 5 (2001)/Film 4 (2001).mkv")

    wanted: list[tuple[object, ...]] = []
    for after in range(60):
        shutil.copy(tmp_path / "before.db", tmp_path / f"cut-{after}.db")
        db = await Database.open(tmp_path / f"cut-{after}.db")
        cut = World(db, world.disk, world.scanner._parts.lane)
        power = Power(db, after or 10_000)
        try:
            await cut.scan(library)
            is_through = after > 0
        except KeyboardInterrupt:
            is_through = False
        power.restore()
        if after:
            await cut.scan(library)
            assert await _library(db) == wanted, f"cut after {after}"
        else:
            wanted = await _library(db)
        assert [row[0] for row in await db.read("PRAGMA integrity_check")] == ["ok"]
        assert await db.read("PRAGMA foreign_key_check") == []
        await db.close()
        if is_through:
            break

    assert is_through
    # The same items and files as before, none of them missing or read again.
    assert {row[:4] for row in wanted} == {row[:4] for row in before}
    assert {(row[6], row[8]) for row in wanted} == {(row[6], row[8]) for row in before}
    assert all(row[5] is None and row[9] is None for row in wanted)
    assert "Other" in {row[4] for row in wanted}


def _facts(folder: Path) -> tuple[list[object], list[object]]:
    with closing(sqlite3.connect(folder / "h.db")) as db:
        items = db.execute("SELECT item_id, rating_key, identity_key, added_at FROM item ORDER BY item_id").fetchall()
        files = db.execute("SELECT file_id, probed_at, missing_since_at FROM file ORDER BY file_id").fetchall()
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    return items, files


def _rename(folder: Path, films: int, name: str) -> None:
    for number in range(0, films, 3):
        old = folder / "films" / f"Film {number} (2001)"
        if old.exists():
            old.rename(old.with_name(f"{name} {number} (2001)"))
    for number in range(1, films, 3):
        home = folder / "films" / f"Film {number} (2001)"
        (file,) = home.iterdir()
        file.rename(home / f"{name} {number} (2002).mkv")


def test_renames_killed_by_force_are_completed_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed.make(tmp_path, 60)
    assert not killed.kill_at(tmp_path, "never", 1)
    before = _facts(tmp_path)
    _rename(tmp_path, 60, "Renamed")
    monkeypatch.setitem(os.environ, "SCAN_AGAIN", "1")

    assert killed.kill_at(tmp_path, "listing", 1)
    assert not killed.kill_at(tmp_path, "never", 1)

    assert _facts(tmp_path) == before


@pytest.mark.long
def test_renames_killed_again_and_again_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`pytest -m long tests/library/scan/test_moves_cut_short.py`: 20 kills while 2,000 of 3,000 films are renamed."""
    killed.make(tmp_path, 3000)
    assert not killed.kill_at(tmp_path, "never", 1)
    before = _facts(tmp_path)
    chance = random.Random(11)  # noqa: S311 - the same kills every time
    monkeypatch.setitem(os.environ, "SCAN_AGAIN", "1")

    for turn in range(20):
        if turn % 5 == 0:
            _rename(tmp_path, 3000, f"Name {turn}")
        killed.kill_at(tmp_path, "listing", chance.randint(1, 6))
    assert not killed.kill_at(tmp_path, "never", 1)

    assert _facts(tmp_path) == before
