"""The statements on videos that are owed a playable one."""

import msgspec

from homemedia.core.db import Reader, Write, as_json
from homemedia.photos.models import PhotoKind, Todo

# The latest first: that is what people look at.
NEXT = """
    SELECT photo.photo_id, photo.owner_id, photo.file_id, photo.original_name, photo.duration_ms
      FROM photo INDEXED BY photo_todo
      JOIN file ON file.file_id = photo.file_id
     WHERE photo.todo <> 0 AND (photo.todo & :playable) <> 0 AND photo.kind = :video
       AND photo.is_offline = 0 AND photo.deleted_at IS NULL AND file.missing_since_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM library WHERE library.library_id = photo.library_id AND library.is_available = 0)
       AND photo.photo_id NOT IN (SELECT value FROM json_each(:skipped))
     ORDER BY photo.photo_id IN (SELECT value FROM json_each(:asked)) DESC, photo.created_at DESC LIMIT 1
"""
OWE = "UPDATE photo SET todo = todo | :playable WHERE photo_id = :photo_id"
SETTLED = "UPDATE photo SET todo = todo & ~:playable WHERE photo_id = :photo_id"
# Owed by mistake: everything was asked for at once.
FORGIVE_STILLS = """
    UPDATE photo SET todo = todo & ~:playable
     WHERE todo <> 0 AND (todo & :playable) <> 0 AND kind <> :video
"""
_ARGS = {"playable": int(Todo.PLAYABLE), "video": PhotoKind.VIDEO.value}


class Film(msgspec.Struct, frozen=True, kw_only=True):
    """A video that is owed a playable one."""

    photo_id: str
    owner_id: str
    file_id: int
    original_name: str
    duration_ms: int | None


async def following(read: Reader, *, asked: set[str], skipped: set[str]) -> Film | None:
    """The video whose turn it is: one that somebody waits for, else the latest."""
    args = {"asked": as_json(sorted(asked)), "skipped": as_json(sorted(skipped))}
    rows = await read(NEXT, _ARGS | args)
    return Film(**dict(rows[0])) if rows else None


async def owe(tx: Write, photo_id: str) -> None:
    await tx.run(OWE, {"photo_id": photo_id, "playable": int(Todo.PLAYABLE)})


async def settled(tx: Write, photo_id: str) -> None:
    await tx.run(SETTLED, {"photo_id": photo_id, "playable": int(Todo.PLAYABLE)})


async def forgive_stills(tx: Write) -> None:
    await tx.run(FORGIVE_STILLS, _ARGS)
