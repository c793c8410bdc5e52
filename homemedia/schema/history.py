"""Brings a database file to the present: looks, copies, applies what is pending, or stops and keeps both files.

Runs before anything else opens the file, synchronously. Never drops data; a database newer than us is refused.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from homemedia import __version__

APPLIED = "SELECT name FROM schema_migration ORDER BY name"
LEDGER = """
    CREATE TABLE IF NOT EXISTS schema_migration (
        name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
"""
NOTE = "INSERT INTO schema_migration (name, applied_at) VALUES (:name, :now)"
HAS_VERSIONS = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'program_version'"
VERSIONS = "SELECT version, began_at, copy FROM program_version ORDER BY began_at DESC, version DESC LIMIT 2"
NOTE_VERSION = """
    INSERT INTO program_version (version, began_at, copy) VALUES (:version, :now, :copy)
    ON CONFLICT (version) DO UPDATE SET began_at = excluded.began_at, copy = coalesce(excluded.copy, copy)
"""
KEPT_COPIES = 5
# What must be free beside the copy: a database that is brought to a new version grows.
SPARE_BYTES = 64 << 20
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


class NewerDatabase(DamagedDatabase):
    """A newer version of the program made this database; this one would not know what it holds."""


def pending(connection: sqlite3.Connection, backups: Path | None = None) -> list[tuple[str, str]]:
    """The steps this database has not seen.

    Args:
        connection: to the database.
        backups: where the copy may lie that a person can go back to.

    Raises:
        NewerDatabase: it has seen steps this program does not know, so a newer version wrote it.
    """
    connection.execute(LEDGER)
    applied = {name for (name,) in connection.execute(APPLIED)}
    known = list(steps())
    unknown = sorted(applied - {name for name, _ in known})
    if unknown:
        raise NewerDatabase(_of_newer(connection, unknown[0], backups))
    return [(name, sql) for name, sql in known if name not in applied]


def versions(connection: sqlite3.Connection) -> list[tuple[str, int, str | None]]:
    """The last two versions of the program that wrote this database, the newest first: name, since when, its copy."""
    if connection.execute(HAS_VERSIONS).fetchone() is None:
        return []
    return [(str(version), int(at), copy) for version, at, copy in connection.execute(VERSIONS)]


def _of_newer(connection: sqlite3.Connection, step: str, backups: Path | None) -> str:
    """What a person reads who started an older program on a newer database."""
    found = versions(connection)
    maker = f"HomeMedia {found[0][0]}" if found else "a newer HomeMedia"
    told = (
        f"The database was made by {maker} (step {step}), a newer version than this one, {__version__}, which does not "
        f"know what it holds. Nothing was changed. Install that version again."
    )
    copies = sorted(_copies_before(step, backups), key=lambda found: found.stat().st_mtime) if backups else []
    if not copies:
        return f"{told} There is no copy of before it; older backups, if there are any: homemedia backup list."
    moment = datetime.fromtimestamp(copies[-1].stat().st_mtime, UTC).astimezone()
    return (
        f"{told} Or go back to the copy that was made right before, {copies[-1]}, as everything was on "
        f"{moment:%Y-%m-%d at %H:%M}: homemedia backup restore {copies[-1].name}"
    )


def _copies_before(step: str, backups: Path) -> list[Path]:
    return [found for found in backups.glob("before-*.db") if found.name.startswith(f"before-{step}-")]


def migrate(database: Path, backups: Path) -> list[str]:
    """Apply pending steps, each in a transaction, after a copy of the file when it holds anything.

    Args:
        database: the file; made when missing.
        backups: folder for the copy, `before-<step>-<time>.db`; five are kept.

    Returns:
        Names of the steps applied; empty when there was nothing to do.

    Raises:
        DamagedDatabase: the file is no database, is damaged, or a step failed; there is no room for the copy. The file
            is left as it was.
        NewerDatabase: a newer version made it.
    """
    is_new = not database.exists() or database.stat().st_size == 0
    try:
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute("PRAGMA busy_timeout = 5000")
            connection.execute("PRAGMA journal_mode = WAL")
            if not is_new:
                check(connection)
            todo = pending(connection, backups)
            copy = _copy(connection, database, backups, todo[0][0]) if todo and not is_new else None
            for name, sql in todo:
                _apply(connection, name, sql)
            _note_version(connection, copy)
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
    now = _now_ms()
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


def _note_version(connection: sqlite3.Connection, copy: str | None) -> None:
    """Write down that this version uses the database now; nothing at all when it did before."""
    found = versions(connection)
    if not connection.execute(HAS_VERSIONS).fetchone() or (found and found[0][0] == __version__ and copy is None):
        return
    now = max(_now_ms(), found[0][1] + 1 if found else 0)
    connection.execute(NOTE_VERSION, {"version": __version__, "now": now, "copy": copy})


def _now_ms() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)


def _copy(connection: sqlite3.Connection, database: Path, backups: Path, step: str) -> str:
    """Copy the database before a step; the copy's name. It is there whole or not at all."""
    backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    needed = database.stat().st_size + SPARE_BYTES
    if shutil.disk_usage(backups).free < needed:
        raise DamagedDatabase(
            f"The database is copied before it is brought to this version, {__version__}, and there is no room for the "
            f"copy in {backups}: it needs {needed >> 20} MB. Free some space and start again. Nothing was changed."
        )
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    target = backups / f"before-{step}-{moment}.db"
    part = target.with_name(f".{target.name}.part")
    try:
        with closing(sqlite3.connect(part)) as made:
            connection.backup(made)
        part.chmod(0o600)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    # One for each step: a step that fails at every start must not push out the copy of before the first.
    for old in _copies_before(step, backups):
        if old != target:
            old.unlink()
    for old in sorted(backups.glob("before-*.db"), key=lambda found: found.stat().st_mtime)[:-KEPT_COPIES]:
        old.unlink()
    return target.name


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
