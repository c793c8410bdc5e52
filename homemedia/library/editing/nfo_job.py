"""Writes what people said of items into the NFO files beside their films, in libraries that want it (`saveNfo`).

A job after the commit: nobody waits for a slow disk. Only a person's word is written, for what TMDb says may change
there. What the file said before is kept, so that an undo writes it back; our rows of the file's own words stay as they
were, and the scan, which knows the file by its mark, reads nothing anew.
"""

import os
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.fs import write_over
from homemedia.core.ids import new_hex
from homemedia.core.jobs import JobRun, Jobs
from homemedia.core.threads import Lane
from homemedia.library.artwork.beside import Home, PlacedFile, homes, join
from homemedia.library.artwork.models import content_mark
from homemedia.library.editing import nfo_store
from homemedia.library.editing.wishes import same
from homemedia.library.metadata import store as facts_store
from homemedia.library.metadata.facts import facts_of
from homemedia.library.metadata.look import READER_VERSION, Place, nfo_path, place_of
from homemedia.library.metadata.models import Facts
from homemedia.library.metadata.nfo import MAX_BYTES, BrokenNfo, parse
from homemedia.library.metadata.nfo_write import FIELDS, ROOT_NAMES, CannotWriteNfo, changed_nfo, new_nfo
from homemedia.library.scan import results_store

KIND, LANE = "nfo", "upkeep"
# Fields that only some kinds of NFO have.
ONLY_OF = {"number": "episode", "air_date": "episode", "status": "show"}


class NfoWish(msgspec.Struct, frozen=True):
    item_ids: tuple[int, ...]


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """What to write of one item: `own` a person's word, `back` what the file said before, by field."""

    place: Place
    own: Facts
    back: Facts


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it is now.

    Attributes:
        was_known: it was what we had read last, so that nothing in it is news.
        before: what it said of the fields we wrote.
        facts: what it says now.
    """

    mark: str
    was_known: bool
    before: Facts
    facts: Facts


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing was written; for a person to read."""

    path: str
    code: str
    sentence: str


class NfoWriter:
    """An async context manager: it owns a thread. Call `register` before jobs start."""

    def __init__(self, db: Database, jobs: Jobs, clock: Clock) -> None:
        self._db = db
        self._jobs = jobs
        self._clock = clock
        self._lane = Lane("nfo", 1)

    def register(self) -> None:
        """Tell the queue who writes NFO files."""
        self._jobs.register(KIND, LANE, self._work)

    async def wish(self, tx: Write, item_ids: Sequence[int]) -> None:
        """Have the NFO files of these items written once the transaction is committed."""
        # A key of its own each time: a job that runs already may have read what stood there before.
        await tx.enqueue(KIND, new_hex(8), NfoWish(tuple(item_ids)))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._lane.close()

    async def _work(self, run: JobRun) -> None:
        for item_id in run.payload(NfoWish).item_ids:
            await self._save(item_id)

    async def _save(self, item_id: int) -> None:
        errand = await self._errand(item_id)
        if errand is None:
            return
        done = await self._lane.run(write, errand)
        if done is None:
            return
        async with self._db.write() as tx:
            if isinstance(done, Refused):
                noted = results_store.Noted(path=done.path, step="match", code=done.code, sentence=done.sentence)
                await results_store.note_problems(tx, errand.place.item.library_id, 0, [noted])
                return
            await tx.call(lambda connection: _written_down(connection, errand, done))

    async def _errand(self, item_id: int) -> Errand | None:
        """What there is to do for an item; None for nothing."""
        read = self._db.read
        if not await nfo_store.saves_nfo(read, item_id):
            return None
        rows = [row for row in await facts_store.items(read, [item_id]) if row.item_id == item_id]
        if not rows or rows[0].kind not in ROOT_NAMES:
            return None
        item = rows[0]
        known = (await facts_store.known(read, [item_id]))[item_id]
        saved = await nfo_store.saved(read, item_id)
        manual = known.fields.get("manual", {})
        own = {
            field: value
            for field, value in manual.items()
            if field in FIELDS and ONLY_OF.get(field, item.kind) == item.kind
        }
        back = {field: value for field, value in saved.items() if field not in own}
        if not own and not back:
            return None
        files = await facts_store.files(read, [item_id])
        show_id = item_id if item.kind == "show" else item.parent_id or 0
        of_show = await facts_store.show_files(read, [show_id]) if item.kind in {"show", "season"} else {}
        place = place_of(item, files.get(item_id, ()), of_show.get(show_id, ()), known.marks.get("nfo"))
        return Errand(place=place, own=own, back=back)


def write(errand: Errand) -> Done | Refused | None:
    """Bring the file of an item up to date; None where there is no place for one. Blocking."""
    place = errand.place
    own = homes(PlacedFile(root=file.root, path=file.path, is_alone=file.is_alone) for file in place.files)
    path = target(place, own)
    if path is None:
        return None
    try:
        there = nfo_path(place, own, _Listings())
        if there is None:
            return _write(errand, path, None)
        path = there
        return _write(errand, path, _read(path))
    except CannotWriteNfo as err:
        return Refused(path=path, code="nfo_not_written", sentence=str(err))
    except OSError as err:
        # Told once for the folder, not for each of a thousand films in it.
        folder = path.rpartition("/")[0]
        sentence = f"Changes cannot be saved in this folder: {err.strerror or err}."
        return Refused(path=folder, code="nfo_not_written", sentence=sentence)


def _write(errand: Errand, path: str, raw: bytes | None) -> Done:
    item = errand.place.item
    season = item.columns["parent_number"] if item.kind == "episode" else item.columns["number"]
    before = _facts(errand, raw) if raw is not None else {}
    was_known = errand.place.nfo_mark == (_mark(errand, path) if raw is not None else None)
    wanted = {field: value for field, value in (errand.back | errand.own).items() if not same(value, before.get(field))}
    body = raw
    if raw is None:
        if errand.own:
            # Others who read it want at least to know what it is about.
            around = {"title": item.columns["title"], "year": item.columns["year"]}
            if item.kind == "episode":
                around |= {"number": item.columns["number"], "year": None}
            wanted = {field: value for field, value in around.items() if value is not None} | wanted
            body = new_nfo(item.kind, wanted, season=season)
    elif wanted:
        body = changed_nfo(raw, item.kind, wanted)
    if body is not None and body != raw:
        write_over(Path(path), body)
    facts = _facts(errand, body) if body is not None else {}
    ours = {field: before.get(field) for field in (*wanted, *errand.own) if field not in errand.back}
    return Done(mark=_mark(errand, path) if body is not None else "", was_known=was_known, before=ours, facts=facts)


def target(place: Place, own: Sequence[Home]) -> str | None:
    """Where the NFO file of an item belongs; None when it has no folder to itself. Pure."""
    item = place.item
    if item.kind == "show":
        return join(place.show.folders[0], "tvshow.nfo") if place.show.folders else None
    if item.kind == "season":
        folders = place.show.seasons.get(item.columns["number"], ())
        return join(folders[0], "season.nfo") if folders else None
    if not own:
        return None
    home = own[0]
    if home.stems:
        return join(home.folder, f"{home.stems[0]}.nfo")
    if home.disc is None:
        return None
    return join(home.folder, home.disc, "VIDEO_TS.nfo" if home.disc.lower() == "video_ts" else "index.nfo")


def _facts(errand: Errand, raw: bytes) -> Facts:
    item = errand.place.item
    try:
        return facts_of(item.kind, parse(raw), item.country, season=item.columns["parent_number"])
    except BrokenNfo as err:
        raise CannotWriteNfo(f"The NFO file is broken, so it was left as it is. {err}") from err


def _mark(errand: Errand, path: str) -> str:
    facts = Path(path).stat()
    return f"{READER_VERSION}-{errand.place.item.country}-{content_mark(path, facts.st_size, facts.st_mtime_ns)}"


def _read(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(MAX_BYTES + 1)


class _Listings(dict[str, Mapping[str, str]]):
    """Listings of folders, read when first asked for.

    Raises:
        OSError: a folder cannot be read.
    """

    def get(self, folder: str, default: object = None) -> Mapping[str, str]:  # noqa: ARG002 - the signature of dict
        if folder not in self:
            self[folder] = {name.lower(): name for name in os.listdir(folder)}  # noqa: PTH208 - names alone
        return self[folder]


def _written_down(connection: sqlite3.Connection, errand: Errand, done: Done) -> None:
    item_id = errand.place.item.item_id
    if facts_store.current(connection, item_id) is None:
        return  # it went away meanwhile
    nfo_store.remember(connection, item_id, done.before, errand.back)
    if not done.was_known or not done.mark:
        # Somebody else changed the file since we read it: the next scan reads it anew.
        return
    kept: dict[str, Any] = {}
    for row in connection.execute(nfo_store.SAVED, {"item_id": item_id}):
        kept[row["field"]] = msgspec.json.decode(row["value"])
    facts = {field: value for field, value in (done.facts | kept).items() if value not in (None, "", [])}
    facts_store.replace_fields(connection, item_id, "nfo", facts)
    facts_store.remember(connection, item_id, "nfo", done.mark, None)
