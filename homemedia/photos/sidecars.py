"""Writes what members say of their photos into XMP files, so that other programs know it, and we after a disaster.

A job some moments after the commit: nobody waits for a slow disk, and ten words in a row are written once. Uploaded
photos have their file beside them. Beside scanned ones it is written only where the library says so (`saveNfo`) and
the folder takes it; else into the data folder (design §7.48). What was not said by hand stays as the file has it.
"""

import datetime as dt
import logging
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

import msgspec

from homemedia.core.db import Database, Write
from homemedia.core.fs import write_over
from homemedia.core.jobs import JobRun, Jobs, Retry
from homemedia.core.threads import Lane
from homemedia.library.managed import Managed
from homemedia.library.scan.disks import Disks, DiskSilent
from homemedia.media.xmp_words import MOST_BYTES, BrokenXmp, Words
from homemedia.photos import scanned_store
from homemedia.photos import sidecars_store as store
from homemedia.photos.edits import MINUTE_MS
from homemedia.photos.kinds import SIDECAR
from homemedia.photos.models import EPOCH
from homemedia.photos.scanned import sidecar_paths
from homemedia.photos.settle_store import free_key

_log = logging.getLogger(__name__)

KIND, DROP_KIND, LANE = "photo.sidecars", "photo.sidecars-gone", "upkeep"
# A second key, for words that came while the first job looked for the last time.
KEYS: Final = ("first", "second")
CALM_MS: Final = 1500
BATCH: Final = 50
AGAIN_MS: Final = 600_000
DATE_FIELDS: Final = frozenset({"dateTimeOriginal", "timeZone"})


class Gone(msgspec.Struct, frozen=True):
    """Photos whose files in the data folder go."""

    photo_ids: tuple[str, ...]


class Sidecars:
    """An async context manager: it owns a thread. Call `register` before jobs start.

    Args:
        db: what was said.
        managed: where uploaded photos lie.
        disks: of scanned ones.
        folder: for what cannot be written beside a photo.
    """

    def __init__(self, db: Database, managed: Managed, disks: Disks, folder: Path) -> None:
        self._db = db
        self._managed = managed
        self._disks = disks
        self._folder = folder
        self._lane = Lane("sidecars", 1)

    def register(self, jobs: Jobs) -> None:
        jobs.register(KIND, LANE, self._work)
        jobs.register(DROP_KIND, LANE, self._drop)

    async def __aenter__(self) -> Self:
        if await store.is_due(self._db.read):
            async with self._db.write() as tx:
                await self._wake(tx)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._lane.close()

    async def wish(self, tx: Write, photo_ids: Sequence[str]) -> None:
        """Have written down what was said of photos, a moment after the transaction; for `Changes.after_edit`."""
        await store.owe(tx, photo_ids)
        await self._wake(tx)

    async def tagged(self, tx: Write, photo_ids: Sequence[str]) -> None:
        """The same where tags were given or taken by hand: from now on what a file says of them does not count."""
        await store.lock_tags(tx, photo_ids)
        await self.wish(tx, photo_ids)

    async def leaving(self, tx: Write, photo_ids: Sequence[str]) -> None:
        """Photos go for good; for `Removal.before`. Files beside uploaded ones go with these."""
        scanned = await store.scanned(tx.rows, photo_ids)
        if scanned:
            await tx.enqueue(DROP_KIND, str(await tx.stamp()), Gone(tuple(scanned)))

    def path_of(self, photo_id: str) -> Path:
        """Where in the data folder a photo's words lie, if they do."""
        return self._folder / photo_id[:2] / f"{photo_id}{SIDECAR}"

    async def _wake(self, tx: Write) -> None:
        key = await free_key(tx, KIND, KEYS)
        if key is not None:
            await tx.enqueue(KIND, key, run_after_ms=CALM_MS)

    async def _work(self, _run: JobRun) -> None:
        later: set[str] = set()
        while rows := await store.due(self._db.read, later, BATCH):
            for row in rows:
                if await self._save(row):
                    async with self._db.write() as tx:
                        await store.done(tx, row)
                else:
                    later.add(row["photo_id"])
        if later:
            raise Retry(AGAIN_MS, "some files cannot be written now")

    async def _save(self, row: sqlite3.Row) -> bool:
        """Write down what was said of a photo; whether there is nothing more to do."""
        tags = await store.tags_of(self._db.read, row["photo_id"])
        words = words_of(row, tags)
        if words == Words():
            return True
        try:
            if row["library_id"] is None:
                await self._managed.beside(row["file_id"], SIDECAR, lambda path: put(path, words))
            elif not row["is_beside"] or not await self._save_beside(row, words):
                await self._save_apart(row, words)
        except BrokenXmp as err:
            _log.warning("what was said of photo %s is not in its XMP file: %s", row["photo_id"], err)
        except (OSError, DiskSilent) as err:
            _log.warning("what was said of photo %s cannot be written down now: %s", row["photo_id"], err)
            return False
        return True

    async def _save_beside(self, row: sqlite3.Row, words: Words) -> bool:
        """Write beside a scanned photo; False where its folder does not take it."""
        if not row["is_available"]:
            raise DiskSilent(row["root"], 0)
        photo = Path(row["root"], row["path"])
        own = photo.with_name(photo.name + SIDECAR)
        found = await self._beside(row)
        try:
            await self._disks.ask(row["root"], put, own, words, seed=found)
        except (PermissionError, BrokenXmp):
            return False
        except OSError as err:
            if not await self._disks.ask(row["root"], photo.exists):
                raise
            _log.info("nothing is written beside %s: %s", photo, err)
            return False
        await self._lane.run(self.path_of(row["photo_id"]).unlink, missing_ok=True)
        return True

    async def _save_apart(self, row: sqlite3.Row, words: Words) -> None:
        path = self.path_of(row["photo_id"])
        await self._lane.run(_make_folder, path.parent)
        await self._lane.run(put, path, words)

    async def _beside(self, row: sqlite3.Row) -> Path | None:
        """The XMP file that another program put beside a photo."""
        path = await scanned_store.sidecar(self._db.read, row["file_id"], sidecar_paths(row["path"]))
        return None if path is None else Path(row["root"], path)

    async def _drop(self, run: JobRun) -> None:
        for photo_id in run.payload(Gone).photo_ids:
            await self._lane.run(self.path_of(photo_id).unlink, missing_ok=True)


def words_of(row: sqlite3.Row, tags: tuple[str, ...]) -> Words:
    """What a member has said of a photo by hand. Pure."""
    locked = frozenset(msgspec.json.decode(row["locked"] or "[]", type=list[str]))
    more: dict[str, object] = {}
    if "description" in locked:
        more["description"] = row["description"]
    if "rating" in locked:
        more["rating"] = row["rating"]
    if locked & DATE_FIELDS:
        has_zone = row["time_zone"] is not None or row["taken_at"] != row["local_taken_at"]
        more["taken"] = clock_text(row["taken_at"], row["local_taken_at"], has_zone=has_zone)
    if locked & {"latitude", "longitude"}:
        place = row["latitude"], row["longitude"]
        more["position"] = None if None in place else place
    if "tags" in locked:
        more["tags"] = tags
    return msgspec.convert(more, Words)


def clock_text(taken_at: int, local_taken_at: int, *, has_zone: bool) -> str:
    """A clock on the wall as ISO text, with how far it stands from UTC where that is known."""
    clock = EPOCH.replace(tzinfo=None) + dt.timedelta(milliseconds=local_taken_at)
    text = clock.isoformat(timespec="milliseconds")
    if not has_zone:
        return text
    hours, minutes = divmod(abs(local_taken_at - taken_at) // MINUTE_MS, 60)
    return f"{text}{'-' if local_taken_at < taken_at else '+'}{hours:02d}:{minutes:02d}"


def put(path: Path, words: Words, seed: Path | None = None) -> None:
    """Bring an XMP file up to date, whole or not at all; with the rights it had, where a link points to. Blocking.

    Args:
        path: of the file.
        words: what it shall say.
        seed: another file, whose words it begins with where it is not there yet.

    Raises:
        BrokenXmp: what stands there is none.
        OSError: the disk refuses.
    """
    from homemedia.media.xmp_write import changed  # noqa: PLC0415 - it loads the readers of XML

    real = Path(os.path.realpath(path))
    raw = _read(real)
    before = raw if raw is not None or seed is None else _read(seed)
    body = changed(before, words)
    if body == raw:
        return
    write_over(real, body)


def _make_folder(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return None
