"""Fetches the pictures that NFO files name by their addresses, where the library may ask outside.

A job after the reading: nobody waits for a far server. Where a picture lies beside the film none is fetched; an address
that gives no picture is left alone for a day. What is fetched goes through `core.http.outbound`, which reaches nothing
inside the house: an NFO is a stranger's file.
"""

import hashlib
import logging
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write, as_json
from homemedia.core.http.outbound import Outbound
from homemedia.core.jobs import JobRun, Jobs
from homemedia.core.problems import AppError
from homemedia.core.threads import Lane
from homemedia.library.artwork import store as artwork_store
from homemedia.library.artwork.downloads import Downloads, Kept
from homemedia.library.artwork.maker import STOPPING
from homemedia.library.artwork.models import PictureKind
from homemedia.library.metadata import pictures_store as store
from homemedia.media import MediaTools

_log = logging.getLogger(__name__)

KIND, LANE = "nfo-pictures", "online"
DAY_MS = 24 * 3600 * 1000
# Kinds whose own address names a poster or a still; episodes take their background from the show.
WITH_ART = frozenset({"movie", "show", "season"})


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """An item with the addresses of its pictures."""

    item_id: int
    kind: PictureKind
    urls: tuple[str, ...]
    mark: str | None


class NamedPictures:
    """An async context manager: it owns a thread. Call `register` before jobs start; lane `online` must be declared."""

    def __init__(
        self, db: Database, jobs: Jobs, outbound: Outbound, tools: MediaTools, folder: Path, clock: Clock
    ) -> None:
        self._db = db
        self._jobs = jobs
        self._outbound = outbound
        self._clock = clock
        self._lane = Lane("named pictures", 1)
        self._downloads = Downloads(db, tools, folder, clock, self._lane)

    def register(self) -> None:
        """Tell the queue who does jobs of kind `nfo-pictures`."""
        self._jobs.register(KIND, LANE, self._work)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._lane.close()

    async def notice(self, tx: Write, item_ids: Sequence[int]) -> None:
        """Have fetched what the NFO files of these items name."""
        ids = as_json(item_ids)
        for row in await tx.rows(store.NOTICED, {"ids": ids}):
            await tx.enqueue(KIND, row["library_id"])

    async def _work(self, run: JobRun) -> None:
        args = {"library_id": run.key}
        rows = await self._db.read(store.MAY_FETCH, args)
        if not rows or not rows[0]["may_fetch"]:
            return
        for row in await self._db.read(store.FORGOTTEN, args):
            await self._downloads.drop(row["item_id"], run.key, row["kind"])
        wanted = [_named(row) for row in await self._db.read(store.NAMED, args) if _counts(row)]
        run.progress(phase="artwork", done=0, total=len(wanted))
        for done, one in enumerate(wanted, 1):
            await self._fetch(run.key, one)
            run.progress(done=done)

    async def _fetch(self, library_id: str, one: Named) -> None:
        rows = await self._db.read(store.HAS, {"item_id": one.item_id, "kind": one.kind})
        if any(not row["is_broken"] and (row["source"] == "local" or row["origin"] in one.urls) for row in rows):
            return
        if self._mark(one) in (one.mark or ""):
            return
        for url in one.urls:
            made = await self._made(url)
            if made is not None:
                await self._downloads.give(one.item_id, library_id, one.kind, url, made)
                return
        mark = f"{one.mark or ''} {self._mark(one)}".split()[-2:]
        async with self._db.write() as tx:
            await tx.call(
                lambda connection: artwork_store.remember(
                    connection, one.item_id, "facts", " ".join(mark), "no_picture_at_address"
                )
            )

    def _mark(self, one: Named) -> str:
        """What stands for having tried these addresses today."""
        said = f"{one.kind} {self._clock.now_ms() // DAY_MS} {' '.join(one.urls)}"
        return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()

    async def _made(self, url: str) -> Kept | None:
        """The picture at an address, in the data folder; None when there is none."""
        try:
            body, _ = await self._outbound.fetch_picture(url)
            return await self._downloads.keep(body)
        except AppError as err:
            if err.code == STOPPING:
                raise
            _log.info("a picture that an NFO names cannot be had: %s", err.code)
            return None


def _counts(row: sqlite3.Row) -> bool:
    return row["field"] == "thumb_urls" or row["item_kind"] in WITH_ART


def _named(row: sqlite3.Row) -> Named:
    return Named(
        item_id=row["item_id"],
        kind="thumb" if row["field"] == "thumb_urls" else "art",
        urls=msgspec.json.decode(row["value"], type=tuple[str, ...]),
        mark=row["mark"],
    )
