"""Keeps pictures that were fetched from outside: the file in the data folder, and its row at the item."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.threads import Lane
from homemedia.library.artwork import store
from homemedia.library.artwork.cellar import Cellar
from homemedia.library.artwork.maker import seen
from homemedia.library.artwork.models import PictureKind
from homemedia.library.artwork.settle import settle
from homemedia.library.events import ItemsChanged
from homemedia.media import ImageFacts, MediaTools


class Kept(msgspec.Struct, frozen=True):
    """A picture that lies in the data folder, not yet written down."""

    path: str
    facts: ImageFacts


class Downloads:
    """Args: db, tools, the folder of pictures, the clock, and the lane that touches files."""

    def __init__(self, db: Database, tools: MediaTools, folder: Path, clock: Clock, lane: Lane) -> None:
        self._db = db
        self._tools = tools
        self._cellar = Cellar(folder)
        self._clock = clock
        self._lane = lane

    async def keep(self, body: bytes) -> Kept:
        """Lay a picture into the data folder.

        Raises:
            AppError: it is none, or it cannot be looked into now; see `MediaTools.facts`.
        """
        target = await self._lane.run(self._cellar.new_target)
        try:
            await self._lane.run(target.write_bytes, body)
            facts = await self._tools.facts(target)
            return Kept(await self._lane.run(self._cellar.keep, target, facts.content_hash, facts.format), facts)
        finally:
            await self._lane.run(target.unlink, missing_ok=True)

    async def give(self, item_id: int, library_id: str, kind: PictureKind, origin: str, kept: Kept) -> None:
        """Make it the one download of an item; `origin` is the address or the offered id it came from."""

        def work(connection: sqlite3.Connection) -> None:
            store.drop_others(connection, item_id, kind, "download", kept.path)
            store.put(connection, item_id, kind, "download", kept.path, kept.facts.content_hash, seen(kept.facts))
            args = {"item_id": item_id, "kind": kind, "path": kept.path, "origin": origin}
            connection.execute(store.SET_ORIGIN, args)

        await self._settle(item_id, library_id, work)

    async def drop(self, item_id: int, library_id: str, kind: PictureKind, *, but: str | None = None) -> None:
        """Forget the downloads of an item but one of that path; what a person chose stays."""

        def work(connection: sqlite3.Connection) -> None:
            store.drop_others(connection, item_id, kind, "download", but)

        await self._settle(item_id, library_id, work)

    async def _settle(self, item_id: int, library_id: str, work: Callable[[sqlite3.Connection], None]) -> None:
        now = self._clock.now_ms()

        def change(connection: sqlite3.Connection) -> set[int]:
            work(connection)
            return settle(connection, [item_id], stamp=stamp, now=now)

        async with self._db.write() as tx:
            stamp = await tx.stamp()
            if await tx.call(change):
                tx.announce(ItemsChanged(library_id, stamp))
