"""Every statement about what was written into NFO files, and nothing that decides."""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from homemedia.core.db import Reader

SAVED = "SELECT field, value FROM saved_nfo WHERE item_id = :item_id"
PUT_SAVED = """
    INSERT INTO saved_nfo (item_id, field, value) VALUES (:item_id, :field, :value)
    ON CONFLICT (item_id, field) DO NOTHING
"""
DROP_SAVED = "DELETE FROM saved_nfo WHERE item_id = :item_id AND field = :field"
SAVES_NFO = """
    SELECT coalesce(json_extract(library.options, '$.saveNfo'), 0) AS saves_nfo
      FROM item JOIN library ON library.library_id = item.library_id WHERE item.item_id = :item_id
"""


async def saved(read: Reader, item_id: int) -> dict[str, Any]:
    """What the file said before, by field."""
    return {row["field"]: msgspec.json.decode(row["value"]) for row in await read(SAVED, {"item_id": item_id})}


async def saves_nfo(read: Reader, item_id: int) -> bool:
    """Whether the item's library wants its NFO files written."""
    rows = await read(SAVES_NFO, {"item_id": item_id})
    return bool(rows) and bool(rows[0]["saves_nfo"])


def remember(
    connection: sqlite3.Connection, item_id: int, before: Mapping[str, Any], given_back: Iterable[str]
) -> None:
    """Keep what the file said of fields we write; forget it where the file says it again."""
    rows = [
        {"item_id": item_id, "field": field, "value": msgspec.json.encode(value).decode()}
        for field, value in before.items()
    ]
    connection.executemany(PUT_SAVED, rows)
    connection.executemany(DROP_SAVED, [{"item_id": item_id, "field": field} for field in given_back])
