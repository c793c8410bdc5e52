"""Statements on what photos show: which have a vector of a model, and at which place of its file."""

import sqlite3
from array import array
from collections.abc import Iterable

from homemedia.core.db import Reader, Write
from homemedia.photos.filters import Chosen

# By the ids, so that a walk over all of them goes on where it stopped.
OWED = """
    SELECT photo.photo_id, rendition.path
      FROM photo
      JOIN rendition ON rendition.file_id = photo.file_id AND rendition.variant = 'preview'
     WHERE photo.photo_id > :after
       AND NOT EXISTS (SELECT 1 FROM photo_meaning
                        WHERE photo_meaning.photo_id = photo.photo_id AND photo_meaning.model = :model)
     ORDER BY photo.photo_id LIMIT :limit
"""
SLOTS = """
    SELECT photo_meaning.slot, photo.photo_id
      FROM {photo_source}
      JOIN photo_meaning ON photo_meaning.photo_id = photo.photo_id
     WHERE photo_meaning.model = :model AND photo_meaning.slot IS NOT NULL AND {photo_filters}
"""
SLOT_OF = "SELECT slot FROM photo_meaning WHERE photo_id = :photo_id AND model = :model AND slot IS NOT NULL"
LAST = "SELECT max(slot) AS slot FROM photo_meaning WHERE model = :model"
ENTER = """
    INSERT INTO photo_meaning (photo_id, model, slot)
    SELECT :photo_id, :model, :slot WHERE EXISTS (SELECT 1 FROM photo WHERE photo_id = :photo_id)
        ON CONFLICT (photo_id) DO UPDATE SET model = excluded.model, slot = excluded.slot
"""
FORGET = "DELETE FROM photo_meaning WHERE photo_id > :after AND model = :model"


async def owed(read: Reader, model: str, *, after: str, limit: int) -> list[sqlite3.Row]:
    """Photos with pictures that have no vector of a model yet, behind one of them."""
    return list(await read(OWED, {"model": model, "after": after, "limit": limit}))


async def slots(read: Reader, chosen: Chosen, model: str) -> dict[int, str]:
    """The photos that are meant and have a vector, by its place."""
    sql = SLOTS.format(photo_source=chosen.source, photo_filters=chosen.where)
    return {row["slot"]: row["photo_id"] for row in await read(sql, {**chosen.args, "model": model})}


async def slot_of(read: Reader, photo_id: str, model: str) -> int | None:
    rows = await read(SLOT_OF, {"photo_id": photo_id, "model": model})
    return rows[0]["slot"] if rows else None


async def next_slot(read: Reader, model: str) -> int:
    """The first place behind all that are taken."""
    last = (await read(LAST, {"model": model}))[0]["slot"]
    return 0 if last is None else int(last) + 1


async def enter(tx: Write, model: str, places: Iterable[tuple[str, int | None]]) -> None:
    """Say where the vectors of photos lie; None where a picture cannot be read."""
    await tx.many(ENTER, [{"photo_id": photo_id, "model": model, "slot": slot} for photo_id, slot in places])


async def forget(tx: Write, model: str) -> None:
    """All vectors of a model are lost."""
    await tx.run(FORGET, {"model": model, "after": ""})


def as_rows(numbers: Iterable[int]) -> bytes:
    """Numbers of places as a worker reads them."""
    return array("i", numbers).tobytes()
