"""The statements on what photos are owed, all of them together."""

from homemedia.core.db import Reader, Write
from homemedia.photos.models import PhotoKind, Todo

OWED = """
    SELECT coalesce(sum((photo.todo & 1) <> 0), 0) AS facts, coalesce(sum((photo.todo & 2) <> 0), 0) AS pictures,
           coalesce(sum((photo.todo & 4) <> 0), 0) AS playable
      FROM photo INDEXED BY photo_todo WHERE photo.todo <> 0
"""
# What is missing of pictures has its reason written down; an administrator has it tried once more.
OWE_FAILED = "UPDATE photo SET todo = todo | :todo WHERE failure IS NOT NULL AND todo & :todo = 0"
OWE_ALL = "UPDATE photo SET todo = todo | :todo WHERE todo & :todo <> :todo"
OWE_FAILED_VIDEOS = """
    UPDATE photo SET todo = todo | :todo
     WHERE kind = :video AND todo & :todo = 0
       AND file_id IN (SELECT video_look.file_id FROM video_look WHERE video_look.outcome = 'failed')
"""
OWE_ALL_VIDEOS = "UPDATE photo SET todo = todo | :todo WHERE kind = :video AND todo & :todo <> :todo"
FORGIVE = "UPDATE photo SET todo = todo & ~:todo WHERE todo & :todo <> 0"


async def owed(read: Reader) -> tuple[int, int, int]:
    """How many photos are owed facts, pictures, something to play."""
    row = (await read(OWED, {}))[0]
    return row["facts"], row["pictures"], row["playable"]


async def owe(tx: Write, todo: int, *, all_photos: bool) -> None:
    """Owe photos something once more: all of them, or those that failed."""
    if todo == Todo.PLAYABLE:
        args = {"todo": todo, "video": PhotoKind.VIDEO.value}
        await tx.run(OWE_ALL_VIDEOS if all_photos else OWE_FAILED_VIDEOS, args)
        return
    await tx.run(OWE_ALL if all_photos else OWE_FAILED, {"todo": todo})


async def forgive(tx: Write, todo: int) -> None:
    """Owe nobody something any more."""
    await tx.run(FORGIVE, {"todo": todo})
