"""Statements on tags."""

import sqlite3
from collections.abc import Iterable

from homemedia.core.db import Reader, Write, as_json

_TAG = "tag.tag_id, tag.owner_id, tag.value, tag.parent_id, tag.color, tag.created_at, tag.updated_at"
LIST = f"SELECT {_TAG} FROM tag WHERE tag.owner_id = :owner_id ORDER BY tag.value"  # noqa: S608 - a constant of our own
OWN = f"""
    SELECT {_TAG}
      FROM json_each(:tag_ids) AS wanted
     CROSS JOIN tag ON tag.tag_id = wanted.value
     WHERE tag.owner_id = :owner_id
"""  # noqa: S608 - a constant of our own
BY_VALUE = f"""
    SELECT {_TAG} FROM tag WHERE tag.owner_id = :owner_id AND tag.value = :value
"""  # noqa: S608 - a constant of our own
ADD = """
    INSERT INTO tag (tag_id, owner_id, value, parent_id, color, created_at, updated_at)
    VALUES (:tag_id, :owner_id, :value, :parent_id, :color, :now, :now)
"""
SET_COLOR = "UPDATE tag SET color = :color, updated_at = :now WHERE tag_id = :tag_id"
# What lies below has the tag's name at the beginning of its own.
RENAME = """
    UPDATE tag SET value = :value || substr(value, length(:before) + 1), updated_at = :now
     WHERE owner_id = :owner_id AND (value = :before OR substr(value, 1, length(:before) + 1) = :before || '/')
"""
SET_PARENT = "UPDATE tag SET parent_id = :parent_id WHERE tag_id = :tag_id"
BELOW = """
    WITH RECURSIVE below (tag_id) AS (
        SELECT :tag_id UNION ALL
        SELECT tag.tag_id FROM below JOIN tag ON tag.parent_id = below.tag_id
    )
    SELECT DISTINCT photo_tag.photo_id FROM below JOIN photo_tag ON photo_tag.tag_id = below.tag_id
"""
DROP = "DELETE FROM tag WHERE tag_id = :tag_id"
FORGET = "DELETE FROM tag WHERE owner_id = :owner_id"
TAGGED = """
    SELECT photo_tag.photo_id
      FROM json_each(:photo_ids) AS wanted
     CROSS JOIN photo_tag ON photo_tag.photo_id = wanted.value AND photo_tag.tag_id = :tag_id
"""
# A photo that is gone since it was looked for is passed over.
TAG = """
    INSERT INTO photo_tag (photo_id, tag_id)
    SELECT photo.photo_id, :tag_id FROM photo WHERE photo.photo_id IN (SELECT value FROM json_each(:photo_ids))
    ON CONFLICT DO NOTHING
"""
UNTAG = """
    DELETE FROM photo_tag WHERE tag_id = :tag_id AND photo_id IN (SELECT value FROM json_each(:photo_ids))
"""
# By the marks of what was edited by hand.
IS_LOCKED = """
    SELECT 1 FROM photo_exif, json_each(photo_exif.locked) AS known
     WHERE photo_exif.photo_id = :photo_id AND known.value = 'tags'
"""


async def listed(read: Reader, owner_id: str) -> list[sqlite3.Row]:
    """A member's tags by their whole names."""
    return await read(LIST, {"owner_id": owner_id})


async def own(read: Reader, owner_id: str, tag_ids: Iterable[str]) -> dict[str, sqlite3.Row]:
    """Those of the tags that are a member's."""
    rows = await read(OWN, {"owner_id": owner_id, "tag_ids": as_json(tag_ids)})
    return {row["tag_id"]: row for row in rows}


async def by_value(read: Reader, owner_id: str, value: str) -> sqlite3.Row | None:
    rows = await read(BY_VALUE, {"owner_id": owner_id, "value": value})
    return rows[0] if rows else None


async def add(
    tx: Write, tag_id: str, owner_id: str, value: str, *, parent_id: str | None, color: str | None, now: int
) -> None:
    row = {"tag_id": tag_id, "owner_id": owner_id, "value": value, "parent_id": parent_id, "color": color, "now": now}
    await tx.run(ADD, row)


async def set_color(tx: Write, tag_id: str, color: str | None, *, now: int) -> None:
    await tx.run(SET_COLOR, {"tag_id": tag_id, "color": color, "now": now})


async def rename(tx: Write, owner_id: str, before: str, value: str, *, now: int) -> None:
    """Give a tag another whole name; those below it follow."""
    await tx.run(RENAME, {"owner_id": owner_id, "before": before, "value": value, "now": now})


async def set_parent(tx: Write, tag_id: str, parent_id: str | None) -> None:
    await tx.run(SET_PARENT, {"tag_id": tag_id, "parent_id": parent_id})


async def below(read: Reader, tag_id: str) -> list[str]:
    """The photos that bear a tag or one below it."""
    return [row["photo_id"] for row in await read(BELOW, {"tag_id": tag_id})]


async def drop(tx: Write, tag_id: str) -> None:
    """Remove a tag and all below it."""
    await tx.run(DROP, {"tag_id": tag_id})


async def forget(tx: Write, owner_id: str) -> None:
    await tx.run(FORGET, {"owner_id": owner_id})


async def tagged(read: Reader, tag_id: str, photo_ids: Iterable[str]) -> set[str]:
    """Those of the photos that bear a tag."""
    rows = await read(TAGGED, {"tag_id": tag_id, "photo_ids": as_json(photo_ids)})
    return {row["photo_id"] for row in rows}


async def tag(tx: Write, tag_id: str, photo_ids: Iterable[str]) -> int:
    """Tag photos; how many did not bear it before."""
    return await tx.run(TAG, {"tag_id": tag_id, "photo_ids": as_json(photo_ids)})


async def untag(tx: Write, tag_id: str, photo_ids: Iterable[str]) -> None:
    await tx.run(UNTAG, {"tag_id": tag_id, "photo_ids": as_json(photo_ids)})


async def is_locked(read: Reader, photo_id: str) -> bool:
    """Whether somebody tagged a photo by hand."""
    return bool(await read(IS_LOCKED, {"photo_id": photo_id}))
