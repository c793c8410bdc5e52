"""Small pictures of films for whoever looks for a scene: made when nobody is disturbed, one film after the other.

A sheet is the unit: it lies on the disk once it is made, so a film that was left off, be it because somebody wants to
watch or because the server stopped, goes on with the next sheet. What is made, and what cannot be, is written down.
"""

import hashlib
import logging
import shutil
import time
from collections.abc import Collection
from pathlib import Path
from typing import Literal, Protocol, Self

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.jobs import JobRun, Jobs, Retry
from homemedia.core.problems import NotFound, TimedOut
from homemedia.core.stillness import Disturbed, Stillness
from homemedia.core.threads import Lane
from homemedia.library.files import FileService
from homemedia.media import OperationFailed, WorkerCrashed
from homemedia.media.trickplay import FILE_TYPE, Layout, Sheet, SheetRequest, layout_of, sheet_request
from homemedia.playback import trickplay_store as store
from homemedia.playback.trickplay_store import Film, Stamp

log = logging.getLogger(__name__)

KIND, LANE = "trickplay", "idle"
HOUR_MS = 3600 * 1000
GONE_AFTER_MS = 24 * HOUR_MS
USED_EVERY_MS = HOUR_MS
# Thrown out down to this share, so that not every new film throws something out.
KEPT_SHARE = 0.9
LEAST_FREE_BYTES = 1 << 30
# A sheet this young may belong to a film whose row is not written yet.
YOUNG_S = 3600.0
# These say nothing of the film: its disk is away or does not answer.
PASSING = frozenset({"file_missing", "timeout"})
NOT_WRITTEN = "not_written"
TRIES = 2

State = Literal["ready", "waiting", "none", "off"]


class Maker(Protocol):
    """Who makes sheets: `MediaTools`."""

    async def sheet(self, request: SheetRequest) -> Sheet: ...


class Pictures(msgspec.Struct, frozen=True, kw_only=True):
    """What there is of one file. `layout` and `tag` when ready; `why` a sentence when there never will be any."""

    state: State
    layout: Layout | None = None
    tag: str = ""
    why: str | None = None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How far the household is; `title` of the file that is worked on."""

    is_on: bool
    made: int
    failed: int
    waiting: int
    sheet_bytes: int
    limit_bytes: int
    is_resting: bool
    title: str | None


class Trickplay:
    """An async context manager; `register` before jobs start.

    Args:
        db: where it stands what was made.
        files: who may see what.
        maker: makes the sheets.
        jobs: the queue; its lane `idle` must be declared.
        folder: for sheets; made when missing.
        stillness: when work may be done.
        clock: the present.
        limit_bytes: how large all sheets together may grow; 0: none are made, and those there are go.
        least_free_bytes: on a disk with less room nothing is made.
    """

    def __init__(  # noqa: PLR0913 - what it stands on, each its own
        self,
        db: Database,
        files: FileService,
        maker: Maker,
        jobs: Jobs,
        folder: Path,
        stillness: Stillness,
        clock: Clock,
        *,
        limit_bytes: int,
        least_free_bytes: int = LEAST_FREE_BYTES,
    ) -> None:
        self._db = db
        self._files = files
        self._maker = maker
        self._jobs = jobs
        self._folder = folder
        self.stillness = stillness
        self._clock = clock
        self._limit = limit_bytes
        self._least_free = least_free_bytes
        self._lane = Lane("trickplay", 1)
        self._waiting = 0

    @property
    def is_on(self) -> bool:
        return self._limit > 0

    def register(self) -> None:
        """Tell the queue who makes them."""
        self._jobs.register(KIND, LANE, self._work)

    async def __aenter__(self) -> Self:
        if self.is_on:
            await self._lane.run(self._folder.mkdir, mode=0o700, parents=True, exist_ok=True)
            await self.wish("start")
        elif await self._lane.run(self._folder.is_dir):
            await self._lane.run(shutil.rmtree, self._folder, ignore_errors=True)
            async with self._db.write() as tx:
                await tx.run(store.FORGET_ALL)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._lane.close()

    async def wish(self, why: str) -> None:
        """Have pictures made of what has none, and those of films that are gone removed; each `why` is a job."""
        if self.is_on:
            async with self._db.write() as tx:
                await tx.enqueue(KIND, why)

    # For who plays

    async def of(self, actor: Member, file_id: int) -> Pictures:
        """What there is for a file; where there is nothing yet, it is remembered that somebody asked.

        Raises:
            As `FileService.place`.
        """
        file = await self._files.playable(actor, file_id)
        if not await self._is_on_for(file_id):
            return Pictures(state="off")
        stamp = Stamp(file_id, file.size_bytes, file.mtime_ns)
        known = await store.known(self._db.read, stamp)
        if known is not None and known.state == "failed":
            return Pictures(state="none", why=known.sentence)
        if known is not None and known.state == "made" and known.layout is not None:
            if await self._lane.run((self._folder / _name(stamp)).is_dir):
                await self._note_use(stamp, known.used_at)
                return Pictures(state="ready", layout=known.layout, tag=_tag(stamp))
            async with self._db.write() as tx:
                await tx.run(store.FORGET, {"file_id": file_id})
        if file.probe is not None and layout_of(file.probe) is None:
            return Pictures(state="none")
        async with self._db.write() as tx:
            if await store.ask(tx, stamp, self._clock.now_ms()):
                await tx.enqueue(KIND, f"file-{file_id}")
        return Pictures(state="waiting")

    async def sheet(self, actor: Member, file_id: int, number: int) -> tuple[Path, str]:
        """Where a sheet lies, and the tag of what it was made of.

        Raises:
            NotFound: there is no such sheet; the rest as `FileService.place`.
        """
        file = await self._files.playable(actor, file_id)
        stamp = Stamp(file_id, file.size_bytes, file.mtime_ns)
        known = await store.known(self._db.read, stamp) if await self._is_on_for(file_id) else None
        layout = known.layout if known is not None and known.state == "made" else None
        if layout is None or not 0 <= number < layout.sheets:
            raise NotFound("There is no such picture.", code="no_artwork")
        return self._folder / _name(stamp) / _sheet_name(number), _tag(stamp)

    async def _is_on_for(self, file_id: int) -> bool:
        return self.is_on and await store.is_wished(self._db.read, file_id)

    async def _note_use(self, stamp: Stamp, used_at: int) -> None:
        now = self._clock.now_ms()
        if now - used_at >= USED_EVERY_MS:
            async with self._db.write() as tx:
                await tx.run(store.USED, {"file_id": stamp.file_id, "now": now})

    async def standing(self) -> Standing:
        """For administrators."""
        totals = await store.totals(self._db.read)
        running = next(iter(self._jobs.running(KIND)), None)
        return Standing(
            is_on=self.is_on,
            made=totals.made,
            failed=totals.failed,
            waiting=self._waiting if running is not None else 0,
            sheet_bytes=totals.sheet_bytes,
            limit_bytes=self._limit,
            is_resting=running is not None and bool(running.state.get("resting", True)),
            title=running.state.get("current") if running is not None else None,
        )

    # The job

    async def _work(self, run: JobRun) -> None:
        if not self.is_on:
            return
        run.progress(phase="previews", resting=True)
        await self.stillness.wait()
        await self._tidy()
        put_off: set[int] = set()
        # New films may arrive while we work, and somebody may ask: look again until a round finds nothing.
        while todo := await self._todo(put_off):
            for done, file_id in enumerate(todo):
                self._waiting = len(todo) - done
                if not await self._settled(run, file_id):
                    put_off.add(file_id)
                if not await self._may_go_on(file_id, put_off):
                    break
        self._waiting = 0

    async def _todo(self, put_off: Collection[int]) -> list[int]:
        """What somebody asked for; then, as long as there is room, what has none, the newest first."""
        if (await self._lane.run(shutil.disk_usage, self._folder)).free < self._least_free:
            return []
        asked = [file_id for file_id in await store.asked(self._db.read) if file_id not in put_off]
        if asked or await self._is_full():
            return asked
        return [file_id for file_id in await store.wanting(self._db.read) if file_id not in put_off]

    async def _may_go_on(self, file_id: int, put_off: Collection[int]) -> bool:
        """Whether the next film is the one whose turn it is: nobody asked for another, and there is room."""
        asked = await store.asked(self._db.read)
        return not await self._is_full() and all(one in put_off or one == file_id for one in asked)

    async def _settled(self, run: JobRun, file_id: int) -> bool:
        """See to one file: there are pictures of it now, or it is known that there cannot be.

        False when nothing can be said of it now.

        Raises:
            Retry: the disk for sheets is full.
        """
        film = await store.film(self._db.read, file_id)
        if film is None or not film.is_due:
            return False
        run.progress(current=Path(film.path).name)
        try:
            layout, size_bytes = await self._sheets(run, film)
        except (OperationFailed, WorkerCrashed, TimedOut) as err:
            if err.code == NOT_WRITTEN:
                raise Retry(HOUR_MS, err.message) from err
            if err.code in PASSING and isinstance(err, OperationFailed):
                return False
            await self._give_up(film.stamp, err.code, err.message)
            return True
        async with self._db.write() as tx:
            await store.save_made(tx, film.stamp, layout, size_bytes, self._clock.now_ms())
        await self._lane.run(self._remove_others, film.stamp)
        return True

    async def _sheets(self, run: JobRun, film: Film) -> tuple[Layout, int]:
        """Make what sheets are not there yet; how they are laid out, and the bytes of all."""
        layout = layout_of(film.probe) if film.probe is not None else None
        if layout is None:
            raise OperationFailed("There is nothing to look for in this file.", code="no_video")
        await self._make_room()
        folder = self._folder / _name(film.stamp)
        await self._lane.run(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        size_bytes = pictures = 0
        for number in range(layout.sheets):
            target = folder / _sheet_name(number)
            there = await self._lane.run(_size, target)
            made = Sheet(size_bytes=there, pictures=1) if there is not None else None
            if made is None:
                made = await self._sheet(run, _request(film, layout, number, target))
            size_bytes += made.size_bytes
            pictures += made.pictures
        if not pictures:
            raise OperationFailed("No picture could be taken from this film.", code="no_pictures")
        return layout, size_bytes

    async def _sheet(self, run: JobRun, request: SheetRequest) -> Sheet:
        """One sheet, in as many quiet moments as it takes."""
        failures = 0
        while True:
            run.progress(resting=True)
            await self.stillness.wait()
            run.progress(resting=False)
            try:
                return await self.stillness.during(self._maker.sheet(request))
            except Disturbed:
                continue
            except (WorkerCrashed, TimedOut):
                # A system short of memory ends the largest process; only what ends two dies of its film.
                failures += 1
                if failures == TRIES:
                    raise

    async def _give_up(self, stamp: Stamp, code: str, sentence: str) -> None:
        log.info("no small pictures of file %d: %s", stamp.file_id, code)
        async with self._db.write() as tx:
            await store.save_failed(tx, stamp, code, sentence, self._clock.now_ms())
        await self._lane.run(shutil.rmtree, self._folder / _name(stamp), ignore_errors=True)

    # Room

    async def _is_full(self) -> bool:
        return (await store.totals(self._db.read)).sheet_bytes >= self._limit * KEPT_SHARE

    async def _make_room(self) -> None:
        """Throw out what was used least, where there is too much for one more; only those who asked get so far."""
        total = (await store.totals(self._db.read)).sheet_bytes
        for held in await store.held(self._db.read):
            if total < self._limit * KEPT_SHARE:
                break
            async with self._db.write() as tx:
                await tx.run(store.DROP, {"file_id": held.stamp.file_id})
            await self._lane.run(shutil.rmtree, self._folder / _name(held.stamp), ignore_errors=True)
            total -= held.sheet_bytes

    async def _tidy(self) -> None:
        """Bring rows and folders in line: what is without the other goes, and what belongs to films that are gone."""
        gone = await self._db.read(store.GONE, {"before": self._clock.now_ms() - GONE_AFTER_MS})
        if gone:
            async with self._db.write() as tx:
                await tx.many(store.FORGET, [{"file_id": row["file_id"]} for row in gone])
        held = {_name(one.stamp): one for one in await store.held(self._db.read)}
        lost = await self._lane.run(self._sweep, set(held))
        if lost:
            async with self._db.write() as tx:
                await tx.many(store.FORGET, [{"file_id": held[name].stamp.file_id} for name in lost])

    def _sweep(self, known: set[str]) -> set[str]:
        """Delete folders without a row; which rows are without a folder. Blocks."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = set()
        before = time.time() - YOUNG_S
        for entry in self._folder.iterdir():
            if entry.name in known:
                found.add(entry.name)
            elif entry.is_dir() and entry.stat().st_mtime < before:
                shutil.rmtree(entry, ignore_errors=True)
        return known - found

    def _remove_others(self, stamp: Stamp) -> None:
        """Delete what was made of the file before it was replaced. Blocks."""
        for entry in self._folder.glob(f"{stamp.file_id}-*"):
            if entry.name != _name(stamp):
                shutil.rmtree(entry, ignore_errors=True)


def _request(film: Film, layout: Layout, number: int, target: Path) -> SheetRequest:
    picture = film.probe.main_video if film.probe is not None else None
    duration_ms = film.probe.duration_ms if film.probe is not None else None
    if picture is None or duration_ms is None:
        raise ValueError("a film with a layout has a picture and a length")
    source = str(Path(film.root, film.path))
    return sheet_request(source, str(target), layout, number, picture=picture, duration_ms=duration_ms)


def _tag(stamp: Stamp) -> str:
    """Another one for every state of a file and every form of sheets."""
    text = f"{store.FORM}/{stamp.size_bytes}/{stamp.mtime_ns}"
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def _name(stamp: Stamp) -> str:
    return f"{stamp.file_id}-{_tag(stamp)}"


def _sheet_name(number: int) -> str:
    return f"{number}.{FILE_TYPE}"


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None
