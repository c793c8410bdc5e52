"""Where films can be cut: looked up, looked for within seconds, or built in the background. Kept per file."""

import asyncio
import logging
from pathlib import Path
from typing import Literal, Protocol, Self

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.jobs import MAX_TRIES, JobRun, Jobs, Retry
from homemedia.core.problems import AppError, TimedOut, Unavailable
from homemedia.media import OperationFailed, Probe, WorkerCrashed
from homemedia.media.hls.index import KeyframeIndex
from homemedia.media.models import KEYFRAMES_LIMIT_S
from homemedia.playback import keyframes_store as store
from homemedia.playback.keyframes_store import Stamp

log = logging.getLogger(__name__)

BUILD, LANE = "keyframes", "index"
# A film of 100 GB over a network at 5 MB/s. There has to be an end to a disk that delivers nothing.
BUILD_LIMIT_S = 6 * 3600.0
AGAIN_AFTER_MS = 10 * 60 * 1000

State = Literal["ready", "none", "building"]


class Film(Protocol):
    """A file as the library knows it."""

    @property
    def file_id(self) -> int: ...
    @property
    def path(self) -> Path: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def mtime_ns(self) -> int: ...
    @property
    def probe(self) -> Probe | None: ...


class Finder(Protocol):
    """Who looks into files: `MediaTools`."""

    async def keyframes(self, path: Path, *, track: int | None = None, limit_s: float = ...) -> KeyframeIndex: ...


class Build(msgspec.Struct, frozen=True):
    """What is to be built in the background."""

    stamp: Stamp
    path: str
    track: int | None = None


class Keyframes:
    """Indexes of keyframes. An async context manager; `register` before jobs start.

    Args:
        db: where they are kept.
        tools: who finds them.
        jobs: the queue; its lane `index` must be declared.
        clock: the time.
        limit_s: how long somebody who wants to see a film is kept waiting.
    """

    def __init__(
        self, db: Database, tools: Finder, jobs: Jobs, clock: Clock, *, limit_s: float = KEYFRAMES_LIMIT_S
    ) -> None:
        self._db = db
        self._tools = tools
        self._jobs = jobs
        self._clock = clock
        self._limit_s = limit_s
        self._looking: dict[Stamp, asyncio.Task[KeyframeIndex | None]] = {}

    def register(self) -> None:
        """Tell the queue who builds indexes."""
        self._jobs.register(BUILD, LANE, self._build)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks = list(self._looking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def of(self, film: Film) -> KeyframeIndex | None:
        """Where the pictures of a film can be cut as they are.

        None when they cannot be, or as long as that is not known; then it is found out in the background.
        """
        found = await self.outline(film)
        return found if found is not None and found.can_cut else None

    async def outline(self, film: Film) -> KeyframeIndex | None:
        """What is known of a film's keyframes, be it not whole: its `end_us` is right in any case.

        None when the file cannot be read, or not in time.
        """
        stamp = Stamp(film.file_id, film.size_bytes, film.mtime_ns)
        known = await store.known(self._db.read, stamp)
        if known is not None:
            if known.state == "part":
                await self._later(film, stamp)
            return known.index
        task = self._looking.get(stamp)
        if task is None:
            task = self._looking[stamp] = asyncio.create_task(
                self._look(film, stamp), name=f"keyframes-{stamp.file_id}"
            )
            task.add_done_callback(lambda _task: self._looking.pop(stamp, None))
        # Whoever gives up must not end the search for the others.
        return await asyncio.shield(task)

    async def state(self, file_id: int, size_bytes: int, mtime_ns: int) -> State:
        """Whether an index stands, for the page of a file."""
        stamp = Stamp(file_id, size_bytes, mtime_ns)
        known = await store.known(self._db.read, stamp)
        if known is not None and known.state == "whole":
            return "ready"
        is_running = any(run.key == str(file_id) for run in self._jobs.running(BUILD))
        return "building" if is_running or stamp in self._looking else "none"

    async def _look(self, film: Film, stamp: Stamp) -> KeyframeIndex | None:
        try:
            found = await self._tools.keyframes(film.path, track=_track(film), limit_s=self._limit_s)
        except (TimedOut, WorkerCrashed, Unavailable) as err:
            log.info("no keyframes of file %d yet: %s", stamp.file_id, err.message)
            if not isinstance(err, Unavailable):
                await self._later(film, stamp)
            return None
        except OperationFailed as err:
            if err.code != "file_missing":
                await self._save(stamp, None)
            return None
        await self._save(stamp, found)
        if not found.is_whole:
            await self._later(film, stamp)
        return found

    async def _later(self, film: Film, stamp: Stamp) -> None:
        """Have it built in the background; asked for twice it is built once."""
        if any(run.key == str(stamp.file_id) for run in self._jobs.running(BUILD)):
            return
        async with self._db.write() as tx:
            await tx.enqueue(BUILD, str(stamp.file_id), Build(stamp, str(film.path), _track(film)))

    async def _build(self, run: JobRun) -> None:
        wanted = run.payload(Build)
        known = await store.known(self._db.read, wanted.stamp)
        if known is not None and known.state != "part":
            return
        try:
            found = await self._tools.keyframes(Path(wanted.path), track=wanted.track, limit_s=BUILD_LIMIT_S)
        except OperationFailed as err:
            if err.code != "file_missing":
                await self._save(wanted.stamp, None)
            return
        except AppError as err:
            if run.tries < MAX_TRIES:
                raise Retry(AGAIN_AFTER_MS, err.message) from err
            raise
        await self._save(wanted.stamp, found)

    async def _save(self, stamp: Stamp, index: KeyframeIndex | None) -> None:
        async with self._db.write() as tx:
            await store.save(tx, stamp, index, self._clock.now_ms())


def _track(film: Film) -> int | None:
    picture = film.probe.main_video if film.probe is not None else None
    return None if picture is None else picture.track
