"""Photos in a database without a file behind them: for tests of what is said of photos, not of their bytes.

async with a_database(tmp_path) as db:
    ann = await Builders(db).a_member("ann")
    beach = await a_photo(db, ann.user_id, original_name="beach.jpg", taken_at=NEW_YEAR, city="Rome")
"""

import hashlib
import itertools
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from homemedia.core.db import Database
from homemedia.core.ids import new_uuid
from homemedia.photos.models import month_of

NEW_YEAR = 1_767_225_600_000  # 2026-01-01 00:00 UTC in ms
_numbers = itertools.count(1)

ROOT = "SELECT root_id, path FROM root WHERE library_id IS NULL ORDER BY root_id LIMIT 1"
EXIF = frozenset(
    {"make", "model", "lens_model", "exif_width", "exif_height", "orientation", "date_time_original", "modify_date"}
    | {"time_zone", "f_number", "focal_length", "iso", "exposure_time", "latitude", "longitude", "projection_type"}
    | {"city", "state", "country", "description", "rating", "fps", "profile_description", "content_id", "locked"}
)


async def a_photo(db: Database, owner_id: str, **facts: Any) -> str:
    """The id of a new photo. `facts` are columns of `photo` and `photo_exif`; what is not told is made up."""
    return (await photos(db, owner_id, [facts]))[0]


async def photos(db: Database, owner_id: str, wanted: Iterable[Mapping[str, Any]]) -> Sequence[str]:
    """The ids of many new photos, in one transaction."""
    async with db.write() as tx:
        stamp = await tx.stamp()
        made: Sequence[str] = await tx.call(lambda connection: _insert(connection, owner_id, list(wanted), stamp))
        await tx.run("UPDATE change_clock SET last_stamp = max(last_stamp, :last)", {"last": stamp + len(made)})
    return made


def _insert(connection: sqlite3.Connection, owner_id: str, wanted: list[Mapping[str, Any]], stamp: int) -> list[str]:
    root_id, folder_id = _root(connection)
    made: list[str] = []
    files, rows, exifs = [], [], []
    (last,) = connection.execute("SELECT coalesce(max(file_id), 0) FROM file").fetchone()
    for number, facts in enumerate(wanted, 1):
        photo_id = facts.get("photo_id") or new_uuid()
        made.append(photo_id)
        name = facts.get("original_name") or f"IMG_{next(_numbers):05d}.jpg"
        taken_at = facts.get("taken_at", NEW_YEAR)
        row = {
            "photo_id": photo_id,
            "owner_id": owner_id,
            "file_id": last + number,
            "library_id": None,
            "kind": "IMAGE",
            "checksum": hashlib.sha1(photo_id.encode(), usedforsecurity=False).digest(),
            "original_name": name,
            "size_bytes": 1_000_000,
            "taken_at": taken_at,
            "local_taken_at": taken_at,
            "modified_at": taken_at,
            "duration_ms": None,
            "width": 4000,
            "height": 3000,
            "thumbhash": None,
            "is_favorite": 0,
            "visibility": "timeline",
            "live_video_id": None,
            "stack_id": None,
            "duplicate_id": None,
            "device_asset_id": "",
            "device_id": "",
            "is_offline": 0,
            "todo": 0,
            "created_at": NEW_YEAR,
            "updated_at": NEW_YEAR,
            "deleted_at": None,
            "stamp": stamp + number,
        }
        row |= {key: facts[key] for key in row if key in facts}
        row["month"] = month_of(row["local_taken_at"])
        rows.append(row)
        files.append(
            {
                "file_id": row["file_id"],
                "root_id": root_id,
                "folder_id": folder_id,
                "path": f"photos/{owner_id}/{photo_id[:2]}/{photo_id}-{name}",
                "size_bytes": row["size_bytes"],
                "at": NEW_YEAR,
            }
        )
        exif = dict.fromkeys(EXIF) | {"description": "", "locked": "[]"}
        exif |= {key: facts[key] for key in facts.keys() & EXIF}
        exifs.append(exif | {"photo_id": photo_id, "stamp": row["stamp"]})
        unknown = facts.keys() - row.keys() - EXIF
        assert not unknown, f"photos have no {sorted(unknown)}"
    connection.executemany(
        "INSERT INTO file (file_id, root_id, folder_id, path, size_bytes, mtime_ns, inode, kind, added_at)"
        " VALUES (:file_id, :root_id, :folder_id, :path, :size_bytes, 0, 0, 'photo', :at)",
        files,
    )
    for table, table_rows in (("photo", rows), ("photo_exif", exifs)):
        if table_rows:
            names = sorted(table_rows[0])
            values = ", ".join(f":{name}" for name in names)
            connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})", table_rows)  # noqa: S608
    return made


def _root(connection: sqlite3.Connection) -> tuple[int, int]:
    """The managed root and its topmost folder, made where there is none."""
    found = connection.execute(ROOT).fetchone()
    if found is None:
        connection.execute("INSERT INTO root (library_id, path) VALUES (NULL, '/nowhere/media')")
        found = connection.execute(ROOT).fetchone()
    root_id = found[0]
    connection.execute("INSERT OR IGNORE INTO folder (root_id, path) VALUES (?, '')", (root_id,))
    (folder_id,) = connection.execute(
        "SELECT folder_id FROM folder WHERE root_id = ? AND path = ''", (root_id,)
    ).fetchone()
    return int(root_id), int(folder_id)
