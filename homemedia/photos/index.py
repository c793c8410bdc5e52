"""Keeps the index of words said of photos: whoever writes of a photo need not think of it (photos §6.5).

Triggers note which photos something new is said of; this goes after them, a few at a time, and before every search.
"""

import asyncio
import contextlib
import logging
import sqlite3
from typing import Self

import msgspec

from homemedia.core.db import Database
from homemedia.core.events import EventBus
from homemedia.core.problems import AppError
from homemedia.library.naming.normal import fold, normalise
from homemedia.library.search import words_of
from homemedia.photos import index_store as store
from homemedia.photos.events import PhotosChanged, PhotosReady
from homemedia.photos.index_store import Document
from homemedia.photos.words import colour_word, date_words, kind_words

_log = logging.getLogger(__name__)
# About 20 ms of the writer's time.
BATCH = 200
# A search waits for so many at most; what is more comes by and by.
BEFORE_SEARCH = 1000
CALM_S = 2.0


class PhotoIndex:
    """The index. An async context manager: while it is open it goes after what changes."""

    def __init__(self, db: Database, bus: EventBus | None = None) -> None:
        self._db = db
        self._stirred = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        if bus is not None:
            bus.subscribe(PhotosChanged, lambda _event: self._stirred.set())
            bus.subscribe(PhotosReady, lambda _event: self._stirred.set())

    async def __aenter__(self) -> Self:
        self._stirred.set()
        self._task = asyncio.create_task(self._run(), name="photo index")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            await self._stirred.wait()
            await asyncio.sleep(CALM_S)
            self._stirred.clear()
            try:
                while await self._step():
                    pass  # others write in between
            except (AppError, sqlite3.Error) as err:
                # A full disk, a busy database: the next change comes back to it.
                _log.warning("what is said of photos could not be indexed: %s", err)

    async def catch_up(self) -> None:
        """Index what waits, as far as that takes no noticeable time."""
        for _ in range(BEFORE_SEARCH // BATCH):
            if not await store.waiting_count(self._db.read, limit=1) or not await self._step():
                return

    async def _step(self) -> int:
        """Index some; how many."""
        async with self._db.write() as tx:
            return await tx.call(_index)


def _index(connection: sqlite3.Connection) -> int:
    waiting = store.waiting(connection, BATCH)
    if waiting:
        photo_ids = msgspec.json.encode(waiting).decode()
        store.keep(connection, [document(row) for row in store.said(connection, photo_ids)], photo_ids)
    return len(waiting)


def document(row: sqlite3.Row) -> Document:
    """What the index keeps of a row of `index_store.SAID`."""
    place = " ".join(row[name] or "" for name in ("city", "state", "country"))
    camera = " ".join(row[name] or "" for name in ("make", "model", "lens_model"))
    more = kind_words(
        kind=row["kind"],
        name=row["original_name"],
        width=row["width"],
        height=row["height"],
        projection=row["projection_type"],
        lens=row["lens_model"],
        is_live=bool(row["is_live"]),
    )
    dates, colour = date_words(row["local_taken_at"]), colour_word(row["thumbhash"])
    own = " ".join(row[name] or "" for name in ("tags", "people", "albums"))
    return Document(
        photo_id=row["photo_id"],
        name=fold(row["original_name"]),
        path=fold(row["path"]),
        description=fold(row["description"] or ""),
        words=f"{_words(place + ' ' + camera)} {more} {dates} {colour} {_words(row['original_name'])}",
        own_words=_words(own),
    )


def _words(text: str) -> str:
    return " ".join(words_of(normalise(text)))
