"""What a household has done to a title, and whether all of it is still there."""

import os
import struct
import time
from pathlib import Path
from typing import Any

from tests.support.app import House
from tests.support.samples import a_film

DAY_S = 86_400
SET_EDIT = """
    INSERT INTO item_field (item_id, field, source, value, is_locked)
    SELECT item_id, 'tagline', 'manual', :value, 1 FROM item WHERE rating_key = :key
    ON CONFLICT DO UPDATE SET value = excluded.value
"""
OWE = "UPDATE item SET todo = todo | 2 WHERE rating_key = :key"
WISH = """
    INSERT INTO watchlist_entry (user_id, identity_key, added_at)
    SELECT user.user_id, item.identity_key, 1 FROM item, user WHERE item.rating_key = :key
"""
WISHED = """
    SELECT count(*) AS n FROM watchlist_entry JOIN item USING (identity_key) WHERE item.rating_key = :key
"""


def a_copy(path: Path, number: int = 0, *, days_old: float = 1, **film: Any) -> Path:
    """A small film whose bytes differ by `number`, lying there for a while, so that nobody waits until it is steady."""
    a_film(path, **film)
    with path.open("ab") as file:
        # A box that players pass over.
        file.write(struct.pack(">I4s", 8 + number, b"free") + b"x" * number)
    then = time.time() - days_old * DAY_S
    os.utime(path, (then, then))
    return path


async def leave_traces(house: House, key: str, *, watched: bool = False) -> dict[str, Any]:
    """Watch a title (to the end, or partly; a show not), wish for it, edit it by hand; what it looks like then."""
    kind = (await house.get(f"/api/media/{key}"))["type"]
    if watched:
        await house.send("POST", f"/api/mark-watched/{key}")
    elif kind not in {"show", "season"}:
        body = {"ratingKey": key, "offset": 120_000, "duration": 600_000, "state": "paused"}
        await house.send("POST", "/api/progress", body)
    async with house.server.db.write() as tx:
        await tx.run(SET_EDIT, {"key": key, "value": f'"kept for {key}"'})
        await tx.run(OWE, {"key": key})
        await tx.run(WISH, {"key": key})
    item = await house.get(f"/api/media/{key}")
    await house.scan(item["libraryId"])
    return await traces(house, key)


async def traces(house: House, key: str) -> dict[str, Any]:
    """What must never be lost of a title: its key, what was watched, when it came, what was edited and wished for."""
    item = await house.get(f"/api/media/{key}")
    wished = await house.server.db.read(WISHED, {"key": key})
    return {
        "id": item["id"],
        "watched": item["watched"],
        "offset": item["viewOffset"],
        "views": item["viewCount"],
        "added": item["addedAt"],
        "tagline": item["tagline"],
        "wished": wished[0]["n"],
    }


async def titles(house: House, library: dict[str, Any]) -> dict[str, str]:
    """Rating keys of a library's items by title; each title once."""
    items = (await house.get(f"/api/libraries/{library['id']}/items"))["items"]
    assert len({item["title"] for item in items}) == len(items), [item["title"] for item in items]
    return {item["title"]: item["id"] for item in items}


async def probed(house: House) -> dict[str, int]:
    """When each file was looked into, ms, by its name."""
    rows = await house.server.db.read("SELECT path, probed_at FROM file WHERE kind = 'video'")
    return {row["path"]: row["probed_at"] for row in rows}


async def count(house: House, table: str) -> int:
    rows = await house.server.db.read(f"SELECT count(*) AS n FROM {table}")  # noqa: S608 - names of our own tables
    return int(rows[0]["n"])
