"""The statement by which photos are owed something once more."""

from collections.abc import Iterable

from homemedia.core.db import Write, as_json

OWE = "UPDATE photo SET todo = todo | :todo WHERE photo_id IN (SELECT value FROM json_each(:photo_ids))"


async def owe(tx: Write, photo_ids: Iterable[str], todo: int) -> None:
    await tx.run(OWE, {"photo_ids": as_json(photo_ids), "todo": todo})
