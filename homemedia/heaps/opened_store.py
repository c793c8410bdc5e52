"""SQL of folders that administrators opened to members."""

from collections.abc import Iterable

import msgspec

from homemedia.core.db import Reader, Write

OPENED = """
    SELECT opened_folder.user_id, opened_folder.path, opened_folder.opened_at
      FROM opened_folder
     WHERE :user_id IS NULL OR opened_folder.user_id = :user_id
     ORDER BY opened_folder.user_id, opened_folder.path
"""
OPEN = """
    INSERT INTO opened_folder (user_id, path, opened_by, opened_at)
    SELECT :user_id, :path, :by, :now
     WHERE EXISTS (SELECT 1 FROM user WHERE user.user_id = :user_id)
    ON CONFLICT (user_id, path) DO UPDATE SET opened_by = excluded.opened_by
"""
SHUT = "DELETE FROM opened_folder WHERE user_id = :user_id AND path = :path"


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """Inside of this folder a member may open heaps of his own; `path` is absolute and real."""

    user_id: str
    path: str
    opened_at: int


async def opened(read: Reader, user_id: str | None) -> list[Opened]:
    """Those of a member, or of all."""
    return [Opened(**dict(row)) for row in await read(OPENED, {"user_id": user_id})]


async def open_to(tx: Write, user_id: str, path: str, *, by: str, now: int) -> bool:
    """Open a folder to a member; False where there is no such member."""
    return await tx.run(OPEN, {"user_id": user_id, "path": path, "by": by, "now": now}) > 0


async def shut(tx: Write, user_id: str, path: str) -> bool:
    """Take it back; heaps that he has opened there stay. False where it was not open."""
    return await tx.run(SHUT, {"user_id": user_id, "path": path}) > 0


def holds(folders: Iterable[Opened], path: str) -> bool:
    """Whether a real path is one of these folders, or lies inside one. Pure."""
    return any(path == one.path or path.startswith(f"{one.path.rstrip('/')}/") for one in folders)
