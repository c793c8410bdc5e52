"""Uploaded photos lie in folders of the year and month they were taken in, once it is known when that was."""

from homemedia.core.db import Database
from homemedia.library.managed import Managed
from homemedia.photos import placing_store as store
from homemedia.photos.intake import folder_of


class Placing:
    """Moves files of photos to where they belong."""

    def __init__(self, db: Database, managed: Managed) -> None:
        self._db = db
        self._managed = managed

    async def place(self, photo_id: str) -> None:
        """Have a photo's file lie in the folder of its month; what was scanned stays where it is."""
        row = await store.place(self._db.read, photo_id)
        if row is None:
            return
        folder = folder_of(row["owner_id"], row["local_taken_at"])
        if row["path"].rpartition("/")[0] != folder:
            await self._managed.move(row["file_id"], row["path"], folder)
