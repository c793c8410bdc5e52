"""Uploaded photos lie in folders of the year and month they were taken in, or as an administrator's template says.

It is known when that was only once they are read. What was scanned stays where it is.
"""

import re
import sqlite3
from collections.abc import Callable
from typing import Final

from homemedia.core.db import Database, Write
from homemedia.core.jobs import JobRun, Jobs
from homemedia.library.managed import Managed
from homemedia.photos import placing_store as store
from homemedia.photos.intake import PHOTOS, folder_of
from homemedia.photos.template import Placed, Template, read_template

KIND: Final = "photo.placing"
# Moving a hundred thousand files takes minutes, and nobody waits for it.
LANE: Final = "idle"
BATCH: Final = 200
# Behind the name of a second file of the same name.
_NUMBERED: Final = re.compile(r"\+\d+(?=(?:\.[^.]*)?$)")


class Placing:
    """Moves files of photos to where they belong.

    Attributes:
        template: what an administrator wishes; None for folders of year and month.
    """

    def __init__(self, db: Database, managed: Managed) -> None:
        self._db = db
        self._managed = managed
        self.template: Callable[[], str | None] = lambda: None

    def register(self, jobs: Jobs) -> None:
        jobs.register(KIND, LANE, self._place_all)

    async def wish(self, tx: Write) -> None:
        """Have all files lie where they belong, in the background."""
        await tx.enqueue(KIND, "all")

    async def place(self, photo_id: str) -> None:
        """Have a photo's file lie where it belongs; what was scanned stays where it is."""
        row = await store.place(self._db.read, photo_id)
        if row is None:
            return
        folder, _, name = row["path"].rpartition("/")
        wanted, called = self._wanted(row, name)
        if folder == wanted and called in {name, _NUMBERED.sub("", name)}:
            return
        await self._managed.move(row["file_id"], row["path"], wanted, name=called)

    def _wanted(self, row: sqlite3.Row, name: str) -> tuple[str, str]:
        """Where a file belongs below the managed root, and what it is to be called there."""
        text = self.template()
        template = None if text is None else _template(text)
        if template is None:
            return folder_of(row["owner_id"], row["local_taken_at"]), name
        placed = Placed(
            photo_id=row["photo_id"],
            owner_id=row["owner_id"],
            name=row["original_name"],
            kind=row["kind"],
            local_taken_at=row["local_taken_at"],
            make=row["make"],
            model=row["model"],
            lens_model=row["lens_model"],
            album=row["album"],
        )
        below, called = template.place(placed)
        own = f"{PHOTOS}/{row['owner_id']}"
        return f"{own}/{below}" if below else own, called

    async def _place_all(self, run: JobRun) -> None:
        after, done = "", 0
        while page := await store.uploaded(self._db.read, after, BATCH):
            for photo_id in page:
                await self.place(photo_id)
            after, done = page[-1], done + len(page)
            run.progress(done=done)


def _template(text: str) -> Template | None:
    """What was let in once is read still; a file that cannot be placed by it lies as ever."""
    try:
        return read_template(text)
    except ValueError:
        return None
