"""Copies a database that is in use, looks whether the copy is whole, and puts one back. Blocking; knows no server.

Only the database: photos and other files are not in it, nor are the keys beside it.
"""

import contextlib
import datetime as dt
import os
import re
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec

from homemedia.core.problems import NotFound, StorageFull, Unavailable, Unprocessable
from homemedia.schema import DamagedDatabase, check, pending

# `before-…` are made before the database is brought to a new version, and kept apart from these.
PREFIX: Final = "homemedia-"
STAMP: Final = "%Y%m%dT%H%M%S"
SPARE_BYTES: Final = 64 << 20
_NAME: Final = re.compile(r"(?:homemedia|before|replaced)-[\w.+-]{1,120}\.db")
_OWN: Final = re.compile(rf"{PREFIX}(\d{{8}}T\d{{6}})Z(?:\.\d+)?\.db")


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A copy of the database; the time in ms."""

    name: str
    size_bytes: int
    made_at: int


def copies(folder: Path) -> list[Copy]:
    """All copies that there are, the newest first."""
    found = []
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if _NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                facts = entry.stat(follow_symlinks=False)
                found.append(
                    Copy(name=entry.name, size_bytes=facts.st_size, made_at=_made_at(entry.name, facts.st_mtime_ns))
                )
    return sorted(found, key=lambda copy: (copy.made_at, copy.name), reverse=True)


def _made_at(name: str, mtime_ns: int) -> int:
    own = _OWN.fullmatch(name)
    if own is None:
        return mtime_ns // 1_000_000
    return int(dt.datetime.strptime(own[1], STAMP).replace(tzinfo=dt.UTC).timestamp() * 1000)


def copy(database: Path, folder: Path, *, now_ms: int) -> Copy:
    """Copy a database, whoever writes into it meanwhile; the copy is whole, in order and synced, or there is none.

    Raises:
        StorageFull: there is no room for it.
        Unavailable: the disk refuses; the database is damaged.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        needed = database.stat().st_size + SPARE_BYTES
        if shutil.disk_usage(folder).free < needed:
            raise StorageFull(f"There is no room for a copy of the database: it needs {needed >> 20} MB.")
        target = _free(folder, f"{PREFIX}{_stamp(now_ms)}")
        part = target.with_name(f".{target.name}.part")
        part.unlink(missing_ok=True)
        try:
            # Into one piece, from one moment: unlike a page by page copy, it never begins anew while others write.
            with closing(sqlite3.connect(database, isolation_level=None, timeout=30)) as connection:
                connection.execute("VACUUM INTO ?", (str(part),))
            part.chmod(0o600)
            with closing(sqlite3.connect(part, isolation_level=None)) as made:
                check(made)
            _sync(part)
            part.replace(target)
            _sync_folder(folder)
        finally:
            part.unlink(missing_ok=True)
    except sqlite3.DatabaseError as err:
        if "full" in str(err):
            raise StorageFull("There is no room for a copy of the database.") from err
        raise Unavailable(f"The database cannot be copied: {err}.") from err
    except OSError as err:
        raise Unavailable(f"The database cannot be copied to {folder}: {err.strerror or err}.") from err
    return Copy(name=target.name, size_bytes=target.stat().st_size, made_at=now_ms)


def prune(folder: Path, *, kept: int) -> Sequence[str]:
    """Delete our own copies but the newest; the names of those that went."""
    own = [one.name for one in copies(folder) if _OWN.fullmatch(one.name)]
    for name in own[kept:]:
        (folder / name).unlink(missing_ok=True)
    return own[kept:]


def restore(database: Path, folder: Path, name: str, *, now_ms: int) -> Path:
    """Put a copy back in place of the database, while no server runs; where the one there was lies now.

    Raises:
        NotFound: there is no such copy.
        Unprocessable: it is damaged, or of a newer version.
        Unavailable: the disk refuses.
    """
    source = folder / name
    if not _NAME.fullmatch(name) or not source.is_file():
        raise NotFound(f"There is no backup named {name}.", code="no_such_backup")
    part = database.with_name(f".{database.name}.part")
    try:
        shutil.copyfile(source, part)
        part.chmod(0o600)
        try:
            with closing(sqlite3.connect(part, isolation_level=None)) as made:
                check(made)
                pending(made)
        except (sqlite3.DatabaseError, DamagedDatabase) as err:
            raise Unprocessable(f"The backup {name} cannot be used: {err}", code="backup_damaged") from err
        _sync(part)
        kept = _set_aside(database, folder, now_ms)
        part.replace(database)
        _sync_folder(database.parent)
    except OSError as err:
        raise Unavailable(f"The backup cannot be put back: {err.strerror or err}.") from err
    finally:
        for leftover in (part, *_logs_of(part)):
            leftover.unlink(missing_ok=True)
    return kept


def _set_aside(database: Path, folder: Path, now_ms: int) -> Path:
    """Move a database with its log away, so that nothing of it is lost and nothing of it is mixed in."""
    kept = _free(folder, f"replaced-{_stamp(now_ms)}")
    if database.exists():
        with contextlib.suppress(sqlite3.DatabaseError), closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for log, kept_log in zip(_logs_of(database), _logs_of(kept), strict=True):
            if log.exists():
                log.replace(kept_log)
        database.replace(kept)
    return kept


def _logs_of(database: Path) -> tuple[Path, Path]:
    return database.with_name(f"{database.name}-wal"), database.with_name(f"{database.name}-shm")


def _free(folder: Path, stem: str) -> Path:
    target, number = folder / f"{stem}.db", 0
    while target.exists():
        number += 1
        target = folder / f"{stem}.{number}.db"
    return target


def _stamp(now_ms: int) -> str:
    return dt.datetime.fromtimestamp(now_ms / 1000, dt.UTC).strftime(f"{STAMP}Z")


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    # Windows opens no folders, and keeps its renames without being asked.
    with contextlib.suppress(PermissionError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
