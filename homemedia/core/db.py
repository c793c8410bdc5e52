"""The one database: one writer, a few readers, events and jobs that leave only after the commit.

Plain SQL comes from the slices' `store.py`; nothing here knows a table but `job` and `change_clock`.
"""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import aiosqlite
import msgspec

from homemedia.core.clock import Clock
from homemedia.core.problems import StorageFull, Unavailable

_log = logging.getLogger(__name__)

T = TypeVar("T")
Args = Mapping[str, object]
Reader = Callable[[str, Args], Awaitable[list[sqlite3.Row]]]
NO_ARGS: Args = MappingProxyType({})

READERS = 2
# Measured (2 cores, SQLite 3.40): a commit costs 0.02 ms at NORMAL and 3.4 ms at FULL. NORMAL may lose the last commits
# at a power cut, never the database; what must survive one is written with `durable=True`.
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    # 16 MiB of log before it is folded back: a first scan touches the same pages of its indexes over and over, and is a
    # seventh quicker than with SQLite's 4 MiB.
    "PRAGMA wal_autocheckpoint = 4000",
)
# The page cache counts per connection, so only the writer and the first reader get a large one. The file is not mapped:
# at 120,000 items that made pages and searches no faster (3.9 ms either way) and counted 56 MiB as the server's own.
_LARGE = ("PRAGMA cache_size = -16384",)
_SMALL = ("PRAGMA cache_size = -2048",)

ENQUEUE = """
    INSERT INTO job (lane, kind, key, payload, run_after_at, created_at)
    VALUES (:lane, :kind, :key, :payload, :run_after_at, :now)
    ON CONFLICT (kind, key) WHERE state IN ('queued', 'running') DO NOTHING
"""
OPEN_JOB = "SELECT job_id FROM job WHERE kind = :kind AND key = :key AND state IN ('queued', 'running')"
STAMP = "UPDATE change_clock SET last_stamp = max(last_stamp + 1, :now) WHERE only = 1 RETURNING last_stamp"

MORE_STAMPS = "UPDATE change_clock SET last_stamp = last_stamp + :more WHERE only = 1"


def as_json(values: Iterable[object]) -> str:
    """Many values as the one bound value that `json_each` takes apart."""
    return msgspec.json.encode(list(values)).decode()


class Database:
    """An open database file. Made by `Database.open`, ended by `close`."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock
        self._writer: aiosqlite.Connection | None = None
        self._readers: list[aiosqlite.Connection] = []
        self._free: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        self._write_lock = asyncio.Lock()
        self._lanes: dict[str, str] = {}
        self.on_events: Callable[[object], None] = lambda _event: None
        self.on_jobs: Callable[[set[str]], None] = lambda _lanes: None
        # Run at the end of every transaction, on the database's own thread: what they write is committed with it.
        self.before_commit: list[Callable[[sqlite3.Connection], object]] = []

    @classmethod
    async def open(cls, path: Path, *, clock: Clock | None = None) -> "Database":
        """Open an already migrated database with its writer and readers."""
        db = cls(path, clock or Clock())
        try:
            db._writer = await db._connect(_LARGE)
            for number in range(READERS):
                reader = await db._connect((*(_LARGE if number == 0 else _SMALL), "PRAGMA query_only = ON"))
                db._readers.append(reader)
                db._free.put_nowait(reader)
        except BaseException:
            await db.close()
            raise
        return db

    async def _connect(self, pragmas: Iterable[str]) -> aiosqlite.Connection:
        connection = await aiosqlite.connect(self.path, isolation_level=None, cached_statements=256)
        connection.row_factory = sqlite3.Row
        for pragma in (*_PRAGMAS, *pragmas):
            await connection.execute(pragma)
        return connection

    async def close(self) -> None:
        """Let the last transaction end, fold the log into the file, close every connection.

        No `PRAGMA optimize`: statistics taken in a house with films alone made SQLite read the whole item table for a
        page of shows (214 ms instead of 5). Every statement's plan is held by a test, without statistics.
        """
        async with self._write_lock:
            connections = [*self._readers, *([self._writer] if self._writer else [])]
            self._readers, self._writer = [], None
            for connection in connections:
                await connection.close()

    async def shrink(self) -> None:
        """Let go of the pages kept in memory; what is asked for next comes from the system's cache."""
        for connection in (*self._readers, *([self._writer] if self._writer else [])):
            # One that is closed meanwhile keeps nothing.
            with contextlib.suppress(ValueError, sqlite3.Error):
                await connection.execute_fetchall("PRAGMA shrink_memory")

    def lane_of(self, kind: str, lane: str) -> None:
        """Remember in which lane jobs of a kind run; told by `Jobs.register`."""
        self._lanes[kind] = lane

    async def read(self, sql: str, args: Args = NO_ARGS) -> list[sqlite3.Row]:
        """Rows of one statement, outside any transaction; sees everything committed before the call.

        Raises:
            Unavailable: another program holds the database, or its disk fails.
        """
        connection = await self._free.get()
        try:
            return list(await connection.execute_fetchall(sql, dict(args)))
        except sqlite3.OperationalError as err:
            if _code(err) == sqlite3.SQLITE_READONLY:
                raise  # a statement that writes has no business here
            raise _translated(err) from err
        finally:
            self._free.put_nowait(connection)

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Reader]:
        """A reader whose statements all see the same state.

        Raises:
            Unavailable: another program holds the database, or its disk fails.
        """
        connection = await self._free.get()
        try:
            await connection.execute("BEGIN")

            async def read(sql: str, args: Args = NO_ARGS) -> list[sqlite3.Row]:
                try:
                    return list(await connection.execute_fetchall(sql, dict(args)))
                except sqlite3.OperationalError as err:
                    if _code(err) == sqlite3.SQLITE_READONLY:
                        raise  # a statement that writes has no business here
                    raise _translated(err) from err

            yield read
        finally:
            try:
                with contextlib.suppress(sqlite3.Error):
                    await asyncio.shield(connection.execute("ROLLBACK"))
            finally:
                self._free.put_nowait(connection)

    @contextlib.asynccontextmanager
    async def write(self, *, durable: bool = False) -> "AsyncIterator[Write]":
        """One transaction. Inside it wait for nothing but the database.

        Args:
            durable: sync to disk before the answer, for what must survive a power cut once acknowledged.

        Raises:
            StorageFull: the disk is full; nothing was written.
            Unavailable: the disk refuses writing; nothing was written.
        """
        async with self._write_lock:
            connection = self._writer
            if connection is None:
                raise Unavailable("The server is stopping.", code="stopping", retry_after_s=5)
            tx = Write(connection, self._clock, self._lanes)
            try:
                if durable:
                    await connection.execute("PRAGMA synchronous = FULL")
                try:
                    await connection.execute("BEGIN IMMEDIATE")
                    yield tx
                    await tx.call(self._commit)
                except BaseException:
                    await self._roll_back(connection)
                    raise
            except sqlite3.OperationalError as err:
                raise _translated(err) from err
            finally:
                if durable and self._writer is not None:
                    await connection.execute("PRAGMA synchronous = NORMAL")
        for event in tx.events:
            self.on_events(event)
        if tx.lanes:
            self.on_jobs(tx.lanes)

    def _commit(self, connection: sqlite3.Connection) -> None:
        for work in self.before_commit:
            work(connection)
        connection.execute("COMMIT")

    async def _roll_back(self, connection: aiosqlite.Connection) -> None:
        # Some errors (disk full) have rolled back by themselves, and a cancelled BEGIN may still be on its way to the
        # database's thread: so always ask, in the thread's own order, and let "no transaction is active" pass.
        with contextlib.suppress(sqlite3.Error):
            await asyncio.shield(connection.execute("ROLLBACK"))


class Write:
    """An open write transaction: a function that takes one may change things."""

    def __init__(self, connection: aiosqlite.Connection, clock: Clock, lanes: Mapping[str, str]) -> None:
        self._connection = connection
        self._clock = clock
        self._lane_of = lanes
        self.events: list[object] = []
        self.lanes: set[str] = set()

    async def run(self, sql: str, args: Args = NO_ARGS) -> int:
        """Execute one statement; how many rows it changed."""
        cursor = await self._connection.execute(sql, dict(args))
        try:
            return cursor.rowcount
        finally:
            await cursor.close()

    async def rows(self, sql: str, args: Args = NO_ARGS) -> list[sqlite3.Row]:
        """Rows of a query, or of a RETURNING clause, inside this transaction."""
        return list(await self._connection.execute_fetchall(sql, dict(args)))

    async def many(self, sql: str, rows: Iterable[Args]) -> None:
        """Execute one statement for each row: 0.8 µs a row against 21 µs one at a time."""
        cursor = await self._connection.executemany(sql, [dict(row) for row in rows])
        await cursor.close()

    async def call(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run several statements on the database's own thread in one hop. `work` must not commit."""
        # aiosqlite has no public door to its thread; this one is what its own methods use.
        result: T = await self._connection._execute(work, self._connection._conn)  # type: ignore[no-untyped-call]  # noqa: SLF001
        return result

    def announce(self, event: object) -> None:
        """Publish `event` once this transaction is committed; never when it is rolled back."""
        self.events.append(event)

    async def enqueue(
        self,
        kind: str,
        key: str,
        payload: msgspec.Struct | None = None,
        *,
        run_after_ms: int = 0,
        lane: str | None = None,
    ) -> int:
        """Leave a job with this transaction; the id of the open job of that kind and key, new or not.

        Args:
            kind: what is to be done.
            key: the same open key twice is one job.
            payload: what its body gets.
            run_after_ms: not before so long from now.
            lane: where it waits; left out for a kind that somebody registered.
        """
        lane = lane or self._lane_of[kind]
        now = self._clock.now_ms()
        args: dict[str, Any] = {
            "lane": lane,
            "kind": kind,
            "key": key,
            "payload": msgspec.json.encode(payload) if payload is not None else b"{}",
            "run_after_at": now + run_after_ms if run_after_ms else 0,
            "now": now,
        }
        await self.run(ENQUEUE, args)
        rows = await self.rows(OPEN_JOB, {"kind": kind, "key": key})
        self.lanes.add(lane)
        return int(rows[0]["job_id"])

    async def stamp(self) -> int:
        """The next value of the change clock: ascending, unique, near the wall clock in ms."""
        rows = await self.rows(STAMP, {"now": self._clock.now_ms()})
        return int(rows[0]["last_stamp"])

    async def stamps(self, count: int) -> range:
        """The next values of the change clock, as `stamps_of`."""
        now = self._clock.now_ms()
        return await self.call(lambda connection: stamps_of(connection, count, now=now))


def stamps_of(connection: sqlite3.Connection, count: int, *, now: int) -> range:
    """The next `count` values of the change clock, for who writes on the database's own thread (`Write.call`)."""
    if not count:
        return range(0)
    ((first,),) = connection.execute(STAMP, {"now": now}).fetchall()
    if count > 1:
        connection.execute(MORE_STAMPS, {"more": count - 1})
    return range(first, first + count)


def _code(err: sqlite3.OperationalError) -> int:
    return int(getattr(err, "sqlite_errorcode", 0)) & 0xFF


def _translated(err: sqlite3.OperationalError) -> Exception:
    """What an operational error means to the person who asked."""
    code = _code(err)
    if code == sqlite3.SQLITE_FULL:
        return StorageFull(
            "The disk that holds HomeMedia's data is full. Nothing was lost; free some space and try again."
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
        _log.error("the database cannot be used: %s", err)
        return Unavailable(
            "HomeMedia cannot use its data folder. Nothing was lost; make the folder readable and writable again.",
            code="storage_read_only",
            retry_after_s=30,
        )
    if code == sqlite3.SQLITE_BUSY:
        return Unavailable("The database is busy. Try again in a moment.", code="busy", retry_after_s=2)
    return err
