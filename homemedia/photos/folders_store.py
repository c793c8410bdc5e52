"""The statements of photos by the folders they lie in."""

from typing import Final

from homemedia.core.db import Reader
from homemedia.photos.store import ORIGINAL_PATH

_FOLDER: Final = "rtrim(rtrim(path, replace(path, '/', '')), '/')"
_OWN: Final = f"""
    SELECT photo.photo_id, {ORIGINAL_PATH} AS path, photo.original_name
      FROM photo
      JOIN file ON file.file_id = photo.file_id
      LEFT JOIN library ON library.library_id = photo.library_id
     WHERE photo.owner_id = :owner_id AND photo.deleted_at IS NULL AND photo.visibility IN ('timeline', 'archive')
"""  # noqa: S608 - constants of our own
FOLDERS = f"SELECT DISTINCT {_FOLDER} AS folder FROM ({_OWN}) ORDER BY folder"  # noqa: S608 - constants of our own
IN_FOLDER = f"""
    SELECT photo_id FROM ({_OWN}) WHERE {_FOLDER} = :folder ORDER BY original_name, photo_id
"""  # noqa: S608 - constants of our own


async def folders(read: Reader, owner_id: str) -> list[str]:
    """The folders in which a member's photos lie, by name."""
    return [row["folder"] for row in await read(FOLDERS, {"owner_id": owner_id})]


async def in_folder(read: Reader, owner_id: str, folder: str) -> list[str]:
    """A member's photos that lie directly in a folder, by name."""
    return [row["photo_id"] for row in await read(IN_FOLDER, {"owner_id": owner_id, "folder": folder})]
