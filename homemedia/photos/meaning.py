"""Finds photos by what they show, where the household has put a model into the data folder; without one, nothing.

Every picture gets a vector in an idle hour; they lie one behind the other in a file of the cache, and a worker compares
them. What is lost with the cache is made anew. Vectors are the model's: another model begins from none.
"""

import asyncio
import hashlib
import importlib.util
import logging
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, Self

from homemedia.core.db import Database
from homemedia.core.jobs import JobRun, Jobs, Retry
from homemedia.core.problems import AppError
from homemedia.core.threads import Lane
from homemedia.library.rendition import KeptRenditions
from homemedia.media.meaning import MODEL, TEXTUAL, VISUAL, NearestRequest
from homemedia.media.tools import MediaTools
from homemedia.photos import meaning_store as store
from homemedia.photos.events import PhotosReady
from homemedia.photos.filters import Chosen
from homemedia.photos.settle import KEYS
from homemedia.photos.settle_store import free_key

_log = logging.getLogger(__name__)

KIND: Final = "photo.meaning"
LANE: Final = "idle"
# Measured: alone 150 ms a picture, eight together 87 ms each.
BATCH: Final = 8
MOST: Final = 500
# The lane has other work too.
TURN_S: Final = 300.0
AGAIN_MS, SOON_MS = 60_000, 1_000
# How near words and a picture must be. Of ViT-B/32 what a picture shows is at 0.22 to 0.35, what it does not below 0.2.
OF_WORDS: Final = 0.21
OF_PICTURES: Final = 0.75


class Meaning:
    """An async context manager; it owns a thread.

    Attributes:
        still: returns when nobody waits for the processor.

    Args:
        db: the database.
        tools: asks the model, in a worker.
        kept: where the pictures of photos lie.
        jobs: the queue.
        folder: the model, if there is one.
        cache: where vectors are kept.
    """

    def __init__(
        self, db: Database, tools: MediaTools, kept: KeptRenditions, jobs: Jobs, *, folder: Path, cache: Path
    ) -> None:
        self._db = db
        self._tools = tools
        self._kept = kept
        self._jobs = jobs
        self._folder = folder
        self._cache = cache
        self._lane = Lane("meaning", 1)
        self._model = ""
        self._is_wanted = False
        self.still: Callable[[], Awaitable[None]] = _always

    @property
    def is_there(self) -> bool:
        """Whether there is a model, and what runs it."""
        return bool(self._model)

    def register(self) -> None:
        """Tell the queue who does jobs of this kind; its lane must be declared."""
        self._jobs.register(KIND, LANE, self._work)

    async def __aenter__(self) -> Self:
        if importlib.util.find_spec("onnxruntime") is None:
            return self
        self._model = await self._lane.run(_name_of, self._folder)
        if not self._model:
            return self
        size = await self._lane.run(_size_of, self._file)
        taken = await store.next_slot(self._db.read, self._model)
        async with self._db.write() as tx:
            if taken and not size:
                await store.forget(tx, self._model)
        await self._wish()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._lane.close()

    async def notice(self, _event: PhotosReady) -> None:
        """There are new pictures; for the bus."""
        if self._model and not self._is_wanted:
            await self._wish()

    async def _wish(self) -> None:
        """Have a job look through all photos that has not begun to."""
        self._is_wanted = True
        async with self._db.write() as tx:
            key = await free_key(tx, KIND, KEYS)
            if key is not None:
                await tx.enqueue(KIND, key)

    async def of_words(self, text: str, chosen: Chosen) -> list[str]:
        """The photos among those meant that show what words say, the nearest first; [] without a model."""
        if not self._model:
            return []
        try:
            vector = await self._tools.meaning_of_words(self._folder, text)
        except AppError as err:
            _log.warning("photos are not looked for by what they show: %s", err.message)
            return []
        return await self._near(vector, chosen, OF_WORDS)

    async def of_photo(self, photo_id: str, chosen: Chosen) -> list[str] | None:
        """The photos that show what another shows, the nearest first; None where nobody knows what it shows."""
        if not self._model:
            return None
        slot = await store.slot_of(self._db.read, photo_id, self._model)
        vector = b"" if slot is None else await self._lane.run(_read, self._file, slot, await self._width())
        if not vector:
            return None
        return [one for one in await self._near(vector, chosen, OF_PICTURES) if one != photo_id]

    async def _near(self, vector: bytes, chosen: Chosen, least: float) -> list[str]:
        places = await store.slots(self._db.read, chosen, self._model)
        if not places:
            return []
        try:
            request = NearestRequest(
                file=str(self._file), vector=vector, rows=store.as_rows(sorted(places)), limit=MOST, least=least
            )
            found = await self._tools.nearest(request)
        except AppError as err:
            _log.warning("photos are not looked for by what they show: %s", err.message)
            return []
        return [places[slot] for slot in found]

    async def _work(self, run: JobRun) -> None:
        self._is_wanted = False
        if not self._model:
            return
        after, done, until_s = "", 0, time.monotonic() + TURN_S
        while rows := await store.owed(self._db.read, self._model, after=after, limit=BATCH):
            if KIND in self._jobs.held:
                raise Retry(AGAIN_MS, "held by an administrator")
            await self.still()
            after = rows[-1]["photo_id"]
            pictures = [self._kept.absolute(row["path"]) for row in rows]
            vectors = await self._tools.meaning_of_pictures(self._folder, pictures)
            first = await store.next_slot(self._db.read, self._model)
            known = [vector for vector in vectors if vector]
            if known:
                await self._lane.run(_write, self._file, first, known)
            numbers = iter(range(first, first + len(known)))
            places = [
                (row["photo_id"], next(numbers) if vector else None) for row, vector in zip(rows, vectors, strict=True)
            ]
            async with self._db.write() as tx:
                await store.enter(tx, self._model, places)
            done += len(rows)
            run.progress(done=done)
            if time.monotonic() > until_s:
                raise Retry(SOON_MS, "others have their turn")

    async def _width(self) -> int:
        """Bytes of a vector."""
        taken = await store.next_slot(self._db.read, self._model)
        return await self._lane.run(_size_of, self._file) // taken if taken else 0

    @property
    def _file(self) -> Path:
        return self._cache / f"{self._model}.f32"


async def _always() -> None:
    await asyncio.sleep(0)


def _name_of(folder: Path) -> str:
    """What tells a model from another; "" where there is none."""
    known = hashlib.blake2b(digest_size=8)
    try:
        for half in (VISUAL, TEXTUAL):
            found = (folder / half / MODEL).stat()
            known.update(f"{half}-{found.st_size}-{found.st_mtime_ns};".encode())
    except OSError:
        return ""
    return known.hexdigest()


def _size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _write(file: Path, slot: int, vectors: list[bytes]) -> None:
    """Put vectors at their places; the rows that name them are written after."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as out:
        out.seek(slot * len(vectors[0]))
        out.truncate()
        out.write(b"".join(vectors))


def _read(file: Path, slot: int, width: int) -> bytes:
    try:
        with file.open("rb") as source:
            source.seek(slot * width)
            return source.read(width)
    except FileNotFoundError:
        return b""
