"""Brings a database file to the present: looks, copies, applies what is pending, or stops and keeps both files.

Runs before anything else opens the file, synchronously. Never drops data; a database newer than us is refused.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

APPLIED = "SELECT name FROM schema_migration ORDER BY name"
LEDGER = """
    CREATE TABLE IF NOT EXISTS schema_migration (
        name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
"""
NOTE = "INSERT INTO schema_migration (name, applied_at) VALUES (:name, :now)"
KEPT_COPIES = 5
# What the check says of values that break a rule but can be read. SQLite 3.40 says the first of WITHOUT ROWID tables
# in which nothing is NULL, when their key is not their first column.
NOT_DAMAGE = ("NULL value in ", "CHECK constraint failed in ")


class DamagedDatabase(Exception):  # noqa: N818 - told to a person, with what to do
    """The file cannot be used; the text says why, and what lies beside it."""


def steps() -> Iterator[tuple[str, str]]:
    """Every migration as (name, SQL), oldest first."""
    folder = resources.files("homemedia.schema") / "migrations"
    for entry in sorted(folder.iterdir(), key=lambda found: found.name):
        if entry.name.endswith(".sql"):
            yield entry.name.removesuffix(".sql"), entry.read_text(encoding="utf-8")


def pending(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """The steps this database has not seen.

    Raises:
        DamagedDatabase: it has seen steps this program does not know, so a newer version wrote it.
    """
    connection.execute(LEDGER)
    applied = {name for (name,) in connection.execute(APPLIED)}
    known = list(steps())
    unknown = sorted(applied - {name for name, _ in known})
    if unknown:
        raise DamagedDatabase(
            f"The database was written by a newer HomeMedia (step {unknown[-1]}). Install that version again, "
            "or start with a copy from the backups folder."
        )
    return [(name, sql) for name, sql in known if name not in applied]


def migrate(database: Path, backups: Path) -> list[str]:
    """Apply pending steps, each in a transaction, after a copy of the file when it holds anything.

    Args:
        database: the file; made when missing.
        backups: folder for the copy, `before-<step>-<time>.db`; five are kept.

    Returns:
        Names of the steps applied; empty when there was nothing to do.

    Raises:
        DamagedDatabase: the file is no database, is damaged, or a step failed. The file is left as it was.
    """
    is_new = not database.exists() or database.stat().st_size == 0
    try:
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute("PRAGMA busy_timeout = 5000")
            connection.execute("PRAGMA journal_mode = WAL")
            if not is_new:
                check(connection)
            todo = pending(connection)
            if todo and not is_new:
                _copy(connection, backups, todo[0][0])
            for name, sql in todo:
                _apply(connection, name, sql)
    except sqlite3.DatabaseError as err:
        raise DamagedDatabase(_advice(database, backups, str(err))) from err
    return [name for name, _ in todo]


def check(connection: sqlite3.Connection) -> None:
    """Read every page once.

    Raises:
        sqlite3.DatabaseError: the file is damaged; the text is SQLite's.
    """
    # quick_check reads every page once; on 100 MB that is 0.1 s. It does not verify indexes, which can be rebuilt.
    problems = [row[0] for row in connection.execute("PRAGMA quick_check(20)")]
    damage = [problem for problem in problems if problem != "ok" and not problem.startswith(NOT_DAMAGE)]
    if damage:
        raise sqlite3.DatabaseError(damage[0])


def _apply(connection: sqlite3.Connection, name: str, sql: str) -> None:
    now = int(datetime.now(UTC).timestamp() * 1000)
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in statements(sql):
            connection.execute(statement)
        connection.execute(NOTE, {"name": name, "now": now})
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def statements(sql: str) -> Iterator[str]:
    """The statements of a script, one by one (`executescript` would commit behind our back)."""
    gathered = ""
    for line in sql.splitlines(keepends=True):
        gathered += line
        if sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""
    if gathered.strip():
        yield gathered


def _copy(connection: sqlite3.Connection, backups: Path, step: str) -> None:
    backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    with closing(sqlite3.connect(backups / f"before-{step}-{moment}.db")) as target:
        connection.backup(target)
    for old in sorted(backups.glob("before-*.db"), key=lambda found: found.stat().st_mtime)[:-KEPT_COPIES]:
        old.unlink()


def _advice(database: Path, backups: Path, problem: str) -> str:
    copies = sorted(backups.glob("*.db"), key=lambda found: found.stat().st_mtime, reverse=True)
    kept = f"The database {database} cannot be used ({problem}). It was left as it is."
    if copies:
        return (
            f"{kept} The newest backup is {copies[0]}: to go back to it, stop HomeMedia, move {database.name} away "
            f"together with {database.name}-wal and {database.name}-shm, and copy the backup to its place."
        )
    return (
        f"{kept} There is no backup yet: move it away to start afresh. Your films and photos are not touched by this."
    )
