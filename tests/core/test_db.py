import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import aiosqlite
import msgspec
import pytest

from homemedia.core.db import Database
from homemedia.core.problems import StorageFull, Unavailable
from tests.support.ready import migrated

PUT = "INSERT INTO setting (key, value, updated_at) VALUES (:key, :value, 0)"
GET = "SELECT value FROM setting WHERE key = :key"


class Happened(msgspec.Struct, frozen=True):
    what: str


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    migrated(tmp_path / "x.db")
    async with contextlib.AsyncExitStack() as stack:
        opened = await Database.open(tmp_path / "x.db")
        stack.push_async_callback(opened.close)
        yield opened


async def test_committed_row_is_seen_by_every_reader(db: Database) -> None:
    async with db.write() as tx:
        await tx.run(PUT, {"key": "a", "value": "1"})

    for _ in range(4):
        assert [row["value"] for row in await db.read(GET, {"key": "a"})] == ["1"]


async def test_failed_transaction_leaves_nothing_and_tells_nobody(db: Database) -> None:
    heard: list[object] = []
    db.on_events = heard.append

    with pytest.raises(ZeroDivisionError):
        async with db.write() as tx:
            await tx.run(PUT, {"key": "a", "value": "1"})
            tx.announce(Happened("never"))
            raise ZeroDivisionError

    assert heard == []
    assert await db.read(GET, {"key": "a"}) == []


async def test_event_leaves_only_after_the_commit(db: Database) -> None:
    seen: list[int] = []

    def look(_event: object) -> None:
        with contextlib.closing(sqlite3.connect(db.path)) as other:
            seen.append(other.execute("SELECT count(*) FROM setting").fetchone()[0])

    db.on_events = look

    async with db.write() as tx:
        await tx.run(PUT, {"key": "a", "value": "1"})
        tx.announce(Happened("after"))

    assert seen == [1]


async def test_cancelled_transaction_is_rolled_back_and_the_next_one_works(db: Database) -> None:
    inside = asyncio.Event()

    async def slow() -> None:
        async with db.write() as tx:
            await tx.run(PUT, {"key": "a", "value": "1"})
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(slow())
    await inside.wait()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    async with db.write() as tx:
        await tx.run(PUT, {"key": "b", "value": "2"})

    assert await db.read(GET, {"key": "a"}) == []
    assert len(await db.read(GET, {"key": "b"})) == 1


async def test_reader_cannot_write(db: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await db.read("DELETE FROM setting")


async def test_snapshot_does_not_move_while_others_write(db: Database) -> None:
    async with db.snapshot() as read:
        before = await read("SELECT count(*) AS n FROM setting", {})
        async with db.write() as tx:
            await tx.run(PUT, {"key": "a", "value": "1"})
        after = await read("SELECT count(*) AS n FROM setting", {})

    assert [before[0]["n"], after[0]["n"]] == [0, 0]


async def test_stamps_only_go_up(db: Database) -> None:
    stamps = []
    for _ in range(3):
        async with db.write() as tx:
            stamps += [await tx.stamp(), await tx.stamp()]

    assert stamps == sorted(set(stamps))


async def test_durable_transaction_syncs_and_the_next_one_does_not(db: Database) -> None:
    async with db.write(durable=True) as tx:
        inside = await tx.call(lambda c: c.execute("PRAGMA synchronous").fetchone()[0])
    async with db.write() as tx:
        later = await tx.call(lambda c: c.execute("PRAGMA synchronous").fetchone()[0])

    assert (inside, later) == (2, 1)


async def test_full_disk_is_said_in_words_and_loses_nothing(db: Database) -> None:
    async with db.write() as tx:
        await tx.run(PUT, {"key": "a", "value": "1"})
        pages = await tx.call(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
        await tx.call(lambda c: c.execute(f"PRAGMA max_page_count = {pages + 2}"))

    with pytest.raises(StorageFull, match="disk"):
        async with db.write() as tx:
            await tx.run(PUT, {"key": "b", "value": "x" * 200_000})

    assert len(await db.read(GET, {"key": "a"})) == 1
    async with db.write() as tx:
        await tx.run(PUT, {"key": "c", "value": "small"})


async def test_closed_database_says_that_the_server_stops(tmp_path: Path) -> None:
    migrated(tmp_path / "x.db")
    db = await Database.open(tmp_path / "x.db")
    await db.close()

    with pytest.raises(Unavailable):
        async with db.write() as tx:
            await tx.run(PUT, {"key": "a", "value": "1"})


async def test_database_that_another_program_holds_is_busy_not_broken(db: Database) -> None:
    await db.close()
    with contextlib.closing(sqlite3.connect(db.path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        reader = await aiosqlite.connect(db.path)
        await reader.execute("PRAGMA busy_timeout = 0")
        db._free.put_nowait(reader)
        while db._free.qsize() > 1:
            db._free.get_nowait()

        with pytest.raises(Unavailable) as refused:
            await db.read(GET, {"key": "a"})

        await reader.close()
    assert refused.value.code == "busy"


async def test_letting_go_of_pages_loses_nothing_not_even_inside_a_transaction(db: Database) -> None:
    async with db.write() as tx:
        await tx.run(PUT, {"key": "a", "value": "1"})
        await db.shrink()

    assert [row["value"] for row in await db.read(GET, {"key": "a"})] == ["1"]
    await db.close()
    await db.shrink()
