"""The job that fetches a clip: waits its turn, tells how far it is, ends in `ready` or `failed`, whatever happens.

A server that is killed in the middle begins anew at its next start, three times at most: a clip that kills the server
must not do so for ever.
"""

import asyncio
import contextlib
import logging
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, Protocol, Self

import msgspec

from homemedia.accounts.family import store as family
from homemedia.clips import downloads_store as store
from homemedia.clips.download.models import DownloadRefused, Facts, Fetched, Progress, Stage, Wish
from homemedia.clips.events import ClipProgress, ClipsChanged
from homemedia.clips.facts import kept_facts
from homemedia.clips.finishing import Finishing, Gone
from homemedia.clips.models import ClipRow
from homemedia.clips.reasons import MEBIBYTE, OTHER, reason_of
from homemedia.core.db import Database, Write
from homemedia.core.events import EventBus
from homemedia.core.jobs import JobRun, Jobs, Retry
from homemedia.core.problems import AppError, StorageFull, Unavailable
from homemedia.core.threads import Lane
from homemedia.library.managed import Managed

_log = logging.getLogger(__name__)

KIND: Final = "clip-download"
LANE: Final = "download"
AT_ONCE: Final = 2
MOST_STARTS: Final = 3
FOLDER: Final = "clip-"
# Twice a second is all that a progress bar shows.
TELL_EVERY_S: Final = 0.5
AGAIN_MS: Final = 60_000


class DownloadJob(msgspec.Struct, frozen=True):
    """Which clip is to be fetched. The job's key is another each time: one that ends must not swallow the next."""

    clip_id: str


class Downloader(Protocol):
    """What brings the files."""

    async def fetch(self, wish: Wish, report: Callable[[Progress], None]) -> Fetched:
        """Fetch what a link leads to.

        Raises:
            DownloadRefused: there will be no file.
        """


class Downloads:
    """Fetches clips. An async context manager; enter it before the queue begins.

    Args:
        db: where clips stand.
        jobs: the queue; its lane `download` must be declared.
        managed: in whose staging the work folders are.
        downloader: brings the files.
        finishing: makes clips of them.
        bus: who is told how far it is.

    Attributes:
        downloader: brings the files.
        is_provided: whether anything here downloads.
    """

    def __init__(
        self,
        db: Database,
        jobs: Jobs,
        managed: Managed,
        downloader: Downloader,
        finishing: Finishing,
        bus: EventBus,
    ) -> None:
        self._db = db
        self._jobs = jobs
        self._managed = managed
        self.downloader = downloader
        self._finishing = finishing
        self._bus = bus
        self._lane = Lane("clip folders", 1)
        self.is_provided: Callable[[], Awaitable[bool]] = _always

    def register(self) -> None:
        """Tell the queue who does jobs of this kind."""
        self._jobs.register(KIND, LANE, self._work)
        self._bus.subscribe(ClipsChanged, self._heard)

    async def __aenter__(self) -> Self:
        await self._lane.run(_without_folders, self._managed.staging.folder)
        # A clip and its job are written together; a job that an administrator dropped is made anew.
        known = {msgspec.json.decode(job.payload, type=DownloadJob).clip_id for job in await self._jobs.open(KIND)}
        lost = [clip_id for clip_id in await store.waiting(self._db.read) if clip_id not in known]
        if lost:
            async with self._db.write() as tx:
                for clip_id in lost:
                    await self.wish(tx, clip_id)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._lane.close()

    async def wish(self, tx: Write, clip_id: str) -> None:
        """Have a clip fetched that waits for it since this transaction."""
        await tx.enqueue(KIND, f"{clip_id}:{await tx.stamp()}", DownloadJob(clip_id))
        tx.announce(ClipProgress(clip_id=clip_id, stage="waiting"))

    async def _heard(self, event: ClipsChanged) -> None:
        """Clips are gone: nobody waits for their files any more."""
        if event.what == "removed":
            for run in self._jobs.running(KIND):
                if run.payload(DownloadJob).clip_id in event.clip_ids:
                    await self._jobs.cancel(run.job_id)

    async def _work(self, run: JobRun) -> None:
        clip_id = run.payload(DownloadJob).clip_id
        try:
            await self._fetch(run, clip_id)
        except (StorageFull, Unavailable) as err:
            # Of the database itself: how the clip ended could not be written down.
            raise Retry(AGAIN_MS, err.message) from err

    async def _fetch(self, run: JobRun, clip_id: str) -> None:
        async with self._db.write() as tx:
            clip = await store.begin(tx, clip_id)
        if clip is None:
            return
        group = await family.group(self._db.read)
        most = group.max_file_mb if group is not None else None
        max_bytes = None if most is None else most * MEBIBYTE
        code = await self._outcome(run, clip, max_bytes)
        if code is not None:
            await self._fail(clip_id, code, max_bytes)

    async def _outcome(self, run: JobRun, clip: ClipRow, max_bytes: int | None) -> str | None:
        """Fetch a clip and make it ready; why it failed, None where it did not."""
        if clip.starts > MOST_STARTS:
            return "interrupted"
        code: str | None = None
        try:
            await self._made(run, clip, max_bytes)
        except Gone:
            _log.info("clip %s is gone, and its files with it", clip.clip_id)
        except DownloadRefused as err:
            _log.debug("clip %s cannot be fetched: %s %s", clip.clip_id, err.code, err.reason)
            code = err.code
        except StorageFull:
            code = "disk_full"
        except AppError as err:
            if err.code == "stopping":
                raise  # the next start goes on
            _log.warning("clip %s could not be kept: %s", clip.clip_id, err.message)
            code = OTHER
        except Exception:  # noqa: BLE001 - the edge of a job: a clip must not wait for ever
            _log.exception("clip %s could not be fetched", clip.clip_id)
            code = OTHER
        return code

    async def _made(self, run: JobRun, clip: ClipRow, max_bytes: int | None) -> None:
        if not await self.is_provided():
            raise DownloadRefused("no_provider", "")
        folder = self._managed.staging.folder / f"{FOLDER}{clip.clip_id}"
        telling = _Telling(run, clip, self._bus, self._learn)
        wish = Wish(
            clip_id=clip.clip_id,
            url=clip.original_url,
            content_type=clip.content_type,
            folder=folder,
            max_bytes=max_bytes,
            title=clip.source_title if clip.content_type == "music" else None,
            artist=clip.artist,
        )
        try:
            await self._managed.staging.check_room(0)
            await self._lane.run(_emptied, folder)
            telling.tell("fetching", None)
            fetched = await self.downloader.fetch(wish, telling.hear)
            await telling.settle()
            await self._finishing.finish(clip, fetched, max_bytes, lambda percent: telling.tell("converting", percent))
        finally:
            await telling.settle()
            with contextlib.suppress(Unavailable):
                await asyncio.shield(self._lane.run(shutil.rmtree, folder, ignore_errors=True))

    async def _fail(self, clip_id: str, code: str, max_bytes: int | None) -> None:
        async with self._db.write() as tx:
            if await store.fail(tx, clip_id, code, reason_of(code, max_bytes)):
                tx.announce(ClipsChanged(clip_ids=(clip_id,), what="status"))

    async def _learn(self, clip: ClipRow, facts: Facts) -> None:
        """Show what is known already, while the rest is still on its way."""
        async with self._db.write() as tx:
            if await store.learn(tx, clip.clip_id, kept_facts(facts, is_music=clip.content_type == "music")):
                tx.announce(ClipsChanged(clip_ids=(clip.clip_id,), what="changed"))


class _Telling:
    """Tells how far one download is, not more often than anybody can see."""

    def __init__(
        self, run: JobRun, clip: ClipRow, bus: EventBus, learn: Callable[[ClipRow, Facts], Awaitable[None]]
    ) -> None:
        self._run = run
        self._clip = clip
        self._bus = bus
        self._learn = learn
        self._told_s = 0.0
        self._stage: Stage | None = None
        self._learning: list[asyncio.Future[None]] = []

    def hear(self, progress: Progress) -> None:
        """What the downloader says."""
        if progress.facts is not None:
            self._learning.append(asyncio.ensure_future(self._learn(self._clip, progress.facts)))
        self.tell(progress.stage, progress.percent, progress.bytes_done, progress.bytes_total)

    def tell(self, stage: Stage, percent: int | None, done: int = 0, total: int | None = None) -> None:
        """Tell it, unless it was told a moment ago."""
        now_s = asyncio.get_running_loop().time()
        if stage == self._stage and now_s - self._told_s < TELL_EVERY_S:
            return
        self._stage, self._told_s = stage, now_s
        self._run.progress(stage=stage, percent=percent, bytes_done=done, bytes_total=total)
        self._bus.publish(
            ClipProgress(clip_id=self._clip.clip_id, stage=stage, percent=percent, bytes_done=done, bytes_total=total)
        )

    async def settle(self) -> None:
        """Wait until what was learnt is written down; the file counts, not the words."""
        learning, self._learning = self._learning, []
        for outcome in await asyncio.gather(*learning, return_exceptions=True):
            if isinstance(outcome, AppError):
                _log.info("what a source says could not be written down: %s", outcome.message)


def _emptied(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)


def _without_folders(staging: Path) -> None:
    """Drop what downloads left that were killed."""
    for folder in staging.glob(f"{FOLDER}*"):
        shutil.rmtree(folder, ignore_errors=True)


async def _always() -> bool:
    return True
