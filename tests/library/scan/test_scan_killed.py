"""The process is killed in mid-scan; the next one completes the same job."""

import os
import random
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.library.scan.conftest import LONG_AGO_S

# A server's scanning parts in a process of their own; says what it is at, so that it can be killed there.
CHILD = textwrap.dedent(
    """
    import asyncio, os, sys
    from pathlib import Path
    from homemedia.core.clock import Clock
    from homemedia.core.db import Database
    from homemedia.core.jobs import Jobs
    from homemedia.core.threads import Lane
    from homemedia.library.jobs import ScanDesk
    from homemedia.library.models import Library, LibraryKind, LibraryOptions
    from homemedia.library import libraries_store
    from homemedia.library.events import ItemsChanged
    from homemedia.library.scan.scanner import Parts, Scanner
    from homemedia.library.search import index_items
    from tests.library.scan.conftest import FakeArtist, FakeReader, FakeTools

    async def main(database, films):
        db = await Database.open(Path(database))
        jobs = Jobs(db)
        jobs.lane("scan", 2)
        db.on_jobs = jobs.wake
        tools = FakeTools()
        async def slow():
            print("probing", flush=True)
            await asyncio.sleep(0.002)
        tools.before = slow
        def publish(event):
            if isinstance(event, ItemsChanged):
                print("listing", flush=True)
        db.on_events = publish
        async with Lane("scan", 2) as lane:
            parts = Parts(db=db, clock=Clock(), lane=lane, tools=tools, reader=FakeReader(), artist=FakeArtist(),
                          index_items=index_items, publish=publish)
            desk = ScanDesk(db, jobs, Scanner(parts), Clock(), looks_by_itself=False)
            desk.register()
            if not await libraries_store.libraries(db.read):
                library = Library(library_id="films", kind=LibraryKind.MOVIE, name="Films", owner_id=None,
                                  language="en", position=1, options=LibraryOptions(), is_available=True, created_at=1,
                                  last_scan_at=None)
                async with db.write() as tx:
                    await libraries_store.insert(tx, library, "films", [films])
                await desk.scan("films")
            elif os.environ.get("SCAN_AGAIN"):
                await desk.scan("films")
            async with desk, jobs:
                while await desk.open():
                    await asyncio.sleep(0.01)
        await db.close()
        print("done", flush=True)

    asyncio.run(main(*sys.argv[1:]))
    """
)


def start(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder / "h.db"), str(folder / "films")],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )


def make(folder: Path, films: int) -> None:
    from homemedia.schema import migrate  # noqa: PLC0415 - beside its use

    migrate(folder / "h.db", folder / "backups")
    for number in range(films):
        path = folder / "films" / f"Film {number} (2001)" / f"Film {number} (2001).mkv"
        path.parent.mkdir(parents=True)
        path.write_bytes(b"film %d" % number)
        os.utime(path, (LONG_AGO_S, LONG_AGO_S))


def lines(child: "subprocess.Popen[str]") -> Iterator[str]:
    assert child.stdout is not None
    return (line.strip() for line in child.stdout)


def kill_at(folder: Path, word: str, times: int) -> bool:
    """Start it and kill it when it says `word` so often; whether it came so far."""
    child = start(folder)
    try:
        for line in lines(child):
            times -= line == word
            if times <= 0:
                child.kill()
                return True
        return False
    finally:
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()


def check(folder: Path, films: int) -> None:
    with closing(sqlite3.connect(folder / "h.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        counts = db.execute(
            "SELECT (SELECT count(*) FROM item), (SELECT count(DISTINCT identity_key) FROM item),"
            " (SELECT count(*) FROM file WHERE probed_at IS NOT NULL), (SELECT count(*) FROM item_file),"
            " (SELECT count(*) FROM item WHERE todo <> 0), (SELECT count(*) FROM item_search)"
        ).fetchone()
        assert counts == (films, films, films, films, 0, films)
        assert db.execute("SELECT result FROM scan_result").fetchall() == [("ok",)]


@pytest.mark.parametrize(("word", "times"), [("listing", 1), ("probing", 2)])
def test_scan_killed_by_force_is_completed_by_the_next_start(tmp_path: Path, word: str, times: int) -> None:
    make(tmp_path, 150)

    assert kill_at(tmp_path, word, times)
    assert not kill_at(tmp_path, "never", 1)

    check(tmp_path, 150)


@pytest.mark.long
def test_scan_killed_again_and_again_loses_nothing(tmp_path: Path) -> None:
    """`pytest -m long tests/library/scan/test_scan_killed.py`: 25 kills at random lines of one scan of 3,000 films."""
    make(tmp_path, 3000)
    chance = random.Random(7)  # noqa: S311 - the same kills every time

    for _ in range(25):
        kill_at(tmp_path, chance.choice(["listing", "probing"]), chance.randint(1, 12))
    assert not kill_at(tmp_path, "never", 1)

    check(tmp_path, 3000)
