"""Makes pictures in the background for items that have none: embedded covers and frame grabs.

One picture at a time, so that the second worker stays free for a person who waits for a poster. Everything done is
written down at once, so a job that is killed goes on where it was; a file that failed is not tried again until it
changes.
"""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Self

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader, Write
from homemedia.core.jobs import JobRun, Jobs
from homemedia.core.places import Places
from homemedia.core.problems import AppError
from homemedia.core.threads import Lane
from homemedia.library.artwork import music_store, store
from homemedia.library.artwork.beside import join
from homemedia.library.artwork.cellar import Cellar
from homemedia.library.artwork.models import PictureSource
from homemedia.library.artwork.settle import settle
from homemedia.library.events import ItemsChanged
from homemedia.media import ImageFacts, MediaTools, Probe

_log = logging.getLogger(__name__)

KIND = "artwork"
LANE = "image"
# Written behind a file's mark while grabs are switched off, so that switching them on tries again.
STILLS_ARE_OFF = "-off"
# Pictures per announcement: a phone that looks on hears of eight new posters at once, not of each.
BATCH = 8
# The picture itself cannot be used; every other failure (a disk that is away, a server that stops) may pass.
UNUSABLE = frozenset({"image_unreadable", "image_too_large", "image_unsupported"})
# These say nothing of the file, so they are not held against it.
PASSING = frozenset({"file_missing", "not_written", "stopping", "busy"})
STOPPING = "stopping"
# Cameras leave thumbnails of 160 pixels in their files, which a frame of the film beats by far.
SMALLEST_COVER = 200
SMALLEST_ALBUM_COVER = 50
SourceOf = Callable[[Reader, int, str], Awaitable[store.SourceFile | None]]


class Made(msgspec.Struct, frozen=True):
    """A picture that lies in its place, not yet written down."""

    path: str
    source: PictureSource
    facts: ImageFacts


class Outcome(msgspec.Struct, frozen=True):
    """What came of one item: a picture, or the code of what went wrong."""

    source: store.SourceFile
    made: Made | None
    problem: str | None = None


class ArtworkMaker:
    """An async context manager: it owns a thread. Call `register` before jobs start."""

    def __init__(self, db: Database, tools: MediaTools, jobs: Jobs, places: Places, clock: Clock) -> None:
        self._db = db
        self._tools = tools
        self._jobs = jobs
        self._clock = clock
        self._cellar = Cellar(places.artwork_dir)
        self._lane = Lane("artwork", 1)
        self._one_at_a_time = asyncio.Semaphore(1)

    def register(self) -> None:
        """Tell the queue who does jobs of kind `artwork`; the lane `image` must be declared."""
        self._jobs.register(KIND, LANE, self._work)

    async def wish(self, tx: Write, library_id: str) -> None:
        """Have pictures made for everything in this library that has none yet."""
        await tx.enqueue(KIND, library_id)

    async def close(self) -> None:
        """End the thread."""
        await self._lane.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _work(self, run: JobRun) -> None:
        library_id = run.key
        rows = await self._db.read(store.LIBRARY, {"library_id": library_id})
        if not rows:
            return
        await self._tidy(library_id)
        wanted = {"library_id": library_id, "suffix": "" if rows[0]["wants_stills"] else STILLS_ARE_OFF}
        run.progress(phase="artwork", done=0)
        # New items may arrive while we work: look again until a round finds nothing.
        while True:
            first = await store.ids(self._db.read, store.WANTING_FIRST_EPISODES, wanted)
            done = await self._make_all(run, wanted, first)
            await self._borrow(library_id)
            done += await self._make_all(run, wanted, await store.ids(self._db.read, store.WANTING, wanted))
            await self._borrow(library_id)
            albums = await store.ids(self._db.read, music_store.WANTING_ALBUMS, wanted)
            done += await self._make_all(run, wanted, albums, music_store.album_source)
            done += await self._look_into(library_id)
            await self._borrow_for_artists(library_id)
            if not done:
                break

    async def _make_all(
        self, run: JobRun, wanted: dict[str, str], item_ids: list[int], source_of: SourceOf = store.source_file
    ) -> int:
        """How many pictures are there now, or known to be impossible."""
        settled = 0
        for start in range(0, len(item_ids), BATCH):
            outcomes: list[Outcome] = []
            for item_id in item_ids[start : start + BATCH]:
                source = await source_of(self._db.read, item_id, wanted["suffix"])
                if source is not None:
                    outcomes.append(await self._make(source, wants_stills=wanted["suffix"] != STILLS_ARE_OFF))
            kept = [outcome for outcome in outcomes if outcome.problem not in PASSING]
            if kept:
                await self._write_down(wanted["library_id"], kept)
            settled += len(kept)
            run.progress(done=run.state.get("done", 0) + len(outcomes), total=len(item_ids))
        return settled

    async def _make(self, source: store.SourceFile, *, wants_stills: bool) -> Outcome:
        file = Path(join(source.root, source.path))
        probe = msgspec.msgpack.decode(source.probe, type=Probe) if source.probe else None
        problem = "stills_are_off"
        async with self._one_at_a_time, self._target() as target:
            if probe is not None and probe.cover_track is not None and not source.has_thumb:
                try:
                    facts = await self._tools.cover(file, target)
                    if facts.width >= (SMALLEST_ALBUM_COVER if source.kind == "album" else SMALLEST_COVER):
                        return Outcome(source, await self._keep(target, facts, "embedded"))
                    problem = "cover_too_small"
                except AppError as err:
                    problem = _reason(err)
            if not wants_stills or (probe is not None and not probe.video):
                return Outcome(source, None, problem)
            try:
                return Outcome(source, await self._keep(target, await self._tools.still(file, target), "grab"))
            except AppError as err:
                return Outcome(source, None, _reason(err))

    @contextlib.asynccontextmanager
    async def _target(self) -> AsyncIterator[Path]:
        target = await self._lane.run(self._cellar.new_target)
        try:
            yield target
        finally:
            await self._lane.run(target.unlink, missing_ok=True)

    async def _keep(self, target: Path, facts: ImageFacts, source: PictureSource) -> Made:
        path = await self._lane.run(self._cellar.keep, target, facts.content_hash, facts.format)
        return Made(path, source, facts)

    async def _write_down(self, library_id: str, outcomes: list[Outcome]) -> None:
        def write(connection: sqlite3.Connection) -> list[int]:
            for outcome in outcomes:
                item_id, made = outcome.source.item_id, outcome.made
                if made is None:
                    store.remember(connection, item_id, "still", outcome.source.mark, outcome.problem)
                    continue
                facts = seen(made.facts)
                if outcome.source.kind == "album":
                    # Of its songs another may stand for it tomorrow, or the same with another picture.
                    store.drop_others(connection, item_id, "thumb", made.source, made.path)
                    store.remember(connection, item_id, "still", outcome.source.mark, None)
                if not outcome.source.has_thumb:
                    store.put(connection, item_id, "thumb", made.source, made.path, made.facts.content_hash, facts)
                if outcome.source.kind == "movie" and not outcome.source.has_art:
                    if is_wide(made.facts):
                        store.put(connection, item_id, "art", made.source, made.path, made.facts.content_hash, facts)
                    elif made.source == "grab":
                        store.remember(connection, item_id, "still", outcome.source.mark, "not_wide")
            return [outcome.source.item_id for outcome in outcomes]

        await self._settle(library_id, write)

    async def _settle(self, library_id: str, write: Callable[[sqlite3.Connection], list[int]]) -> None:
        """Write something down, bring the items it answers in line, and tell those who look on."""
        now = self._clock.now_ms()
        async with self._db.write() as tx:
            stamp = await tx.stamp()
            if await tx.call(lambda connection: settle(connection, write(connection), stamp=stamp, now=now)):
                tx.announce(ItemsChanged(library_id, stamp))

    async def _borrow(self, library_id: str) -> None:
        """Give shows, then seasons, the frame of their first episode."""
        for kind in ("show", "season"):
            borrowed = await store.borrowing(self._db.read, library_id, kind)
            for start in range(0, len(borrowed), 64):
                await self._write_borrowed(library_id, kind, borrowed[start : start + 64])

    async def _write_borrowed(self, library_id: str, kind: str, borrowed: list[store.Borrowed]) -> None:
        def write(connection: sqlite3.Connection) -> list[int]:
            for one in borrowed:
                facts = {"width": one.width, "height": one.height, "tone": one.tone, "point": one.point}
                store.drop_others(connection, one.item_id, "thumb", "grab", one.path)
                store.put(connection, one.item_id, "thumb", "grab", one.path, one.content_hash, facts)
                if kind == "show":
                    store.put(connection, one.item_id, "art", "grab", one.path, one.content_hash, facts)
            return [one.item_id for one in borrowed]

        await self._settle(library_id, write)

    async def _borrow_for_artists(self, library_id: str) -> None:
        """Give artists the cover of their newest album."""
        borrowed = await store.borrowed(self._db.read, music_store.BORROWING_ARTISTS, {"library_id": library_id})
        for start in range(0, len(borrowed), 64):
            await self._write_borrowed(library_id, "artist", borrowed[start : start + 64])

    async def _look_into(self, library_id: str) -> int:
        """Learn size and tone of pictures beside the films; what cannot be decoded gives way to the next source.

        Returns:
            How many gave way, so that their items want a frame of their own now.
        """
        unseen = await self._db.read(store.UNSEEN, {"library_id": library_id})
        broken = 0
        for start in range(0, len(unseen), BATCH):
            batch = unseen[start : start + BATCH]
            looked = [known for row in batch if (known := await self._look_at(row["path"], row["content_hash"]))]
            broken += sum(bool(known["is_broken"]) for known in looked)

            def write(
                connection: sqlite3.Connection,
                looked: list[dict[str, object]] = looked,
                owners: tuple[int, ...] = tuple(row["item_id"] for row in batch),
            ) -> list[int]:
                connection.executemany(store.LOOKED_INTO, looked)
                return list(owners)

            await self._settle(library_id, write)
        return broken

    async def _look_at(self, path: str, content_hash: str) -> dict[str, object] | None:
        known: dict[str, object] = {"path": path, "content_hash": content_hash}
        try:
            async with self._one_at_a_time:
                facts = await self._tools.facts(Path(path))
        except AppError as err:
            _log.info("a picture cannot be used (%s): %s", _reason(err), path)
            if err.code not in UNUSABLE:
                return None
            return known | dict.fromkeys(("width", "height", "tone", "point")) | {"is_broken": 1}
        return known | seen(facts) | {"is_broken": 0}

    async def _tidy(self, library_id: str) -> None:
        """Drop files without a row and rows without a file."""
        known = [row["path"] for row in await self._db.read(store.OWN_PATHS)]
        gone = await self._lane.run(self._cellar.tidy, known)
        if gone:
            await self._settle(library_id, lambda connection: store.forget_paths(connection, gone))


def seen(facts: ImageFacts) -> dict[str, object]:
    """What a row keeps of a picture that was looked into."""
    return {
        "width": facts.width,
        "height": facts.height,
        "tone": facts.tone,
        "point": f"{facts.focus_x:.3f},{facts.focus_y:.3f}",
    }


def is_wide(facts: ImageFacts) -> bool:
    return facts.width > facts.height


def _reason(err: AppError) -> str:
    """What to remember of a failure; a server that stops is no failure of the file.

    Raises:
        AppError: the same, when the server is stopping.
    """
    if err.code == STOPPING:
        raise err
    return err.code
