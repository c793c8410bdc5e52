"""Looks into files of blocks when they have come: how large, how long, whether a small picture can be made of them."""

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from homemedia.core.db import Database
from homemedia.core.jobs import JobRun, Jobs
from homemedia.core.problems import AppError, NotFound, TimedOut, Unavailable
from homemedia.heaps.files import store
from homemedia.heaps.files.events import FileKnown
from homemedia.heaps.files.keeping import LOOK_JOB
from homemedia.heaps.files.models import PDF, Link
from homemedia.library.rendition_video import PASSING
from homemedia.media import MediaTools, OperationFailed, ProbeRequest, WorkerCrashed
from homemedia.media.photo_models import PhotoFacts, PhotoRequest

_log = logging.getLogger(__name__)

OWED_JOB = "block-files-owed"
AT_ONCE = 200
MAX_WORDS = 300
MINUTE_MS = 60_000


FirstPage = Callable[[Link], Awaitable[object]]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What is inside a file; `failure` says why nothing is known."""

    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    orientation: int | None = None
    taken_at: int | None = None
    has_picture: bool = False
    failure: str | None = None


class Looking:
    """The job that looks.

    Attributes:
        first_page: has the first page of a document lie in the cache.
    """

    def __init__(self, db: Database, tools: MediaTools) -> None:
        self._db = db
        self._tools = tools
        self.first_page: FirstPage = _no_page

    def register(self, jobs: Jobs) -> None:
        jobs.register(LOOK_JOB, "image", self._look)
        jobs.register(OWED_JOB, "upkeep", self._owed)

    async def start(self) -> None:
        """Have looked into what nobody looked into yet, or not for all that is told of files by now."""
        async with self._db.write() as tx:
            await tx.enqueue(OWED_JOB, "start")

    async def _owed(self, run: JobRun) -> None:
        after, owed = 0, 0
        while file_ids := await store.unknown(self._db.read, after, AT_ONCE):
            async with self._db.write() as tx:
                for file_id in file_ids:
                    await tx.enqueue(LOOK_JOB, str(file_id))
            after, owed = file_ids[-1], owed + len(file_ids)
        run.progress(owed=owed)

    async def _look(self, run: JobRun) -> None:
        links = await store.of_file(self._db.read, int(run.key))
        if not links or not links[0].is_there:
            return
        found = await self._found(links[0])
        async with self._db.write() as tx:
            await store.put_fact(tx, {"file_id": links[0].file_id, **msgspec.structs.asdict(found)})
            for link in links:
                tx.announce(
                    FileKnown(
                        heap_id=link.heap_id,
                        block_id=link.block_id,
                        file_id=link.file_id,
                        hash=link.hash,
                        has_picture=found.has_picture,
                    )
                )

    async def _found(self, link: Link) -> Found:
        path, kind = Path(link.root, link.path), link.mime.partition("/")[0]
        try:
            if kind == "image":
                facts = await self._tools.facts(path)
                said = (await self._tools.photo(PhotoRequest(source=str(path)))).facts or PhotoFacts()
                return Found(
                    width=facts.width,
                    height=facts.height,
                    orientation=said.orientation or 1,
                    taken_at=instant_of(said),
                    has_picture=True,
                )
            if kind in {"video", "audio"}:
                return await self._played(path, is_film=kind == "video")
            if link.mime == PDF:
                # It may be behind a password, or no more than called so.
                await self.first_page(link)
                return Found(has_picture=True)
        except (OperationFailed, TimedOut, WorkerCrashed, NotFound) as err:
            if err.code == "file_missing":
                # Its disk was taken away a moment ago: that says nothing of what is inside.
                raise Unavailable("The file is not there at the moment.", code=err.code) from err
            return _failed(err)
        return Found()

    async def _played(self, path: Path, *, is_film: bool) -> Found:
        (result,) = await self._tools.probe([ProbeRequest(str(path), needs_video=False)])
        if result.code in PASSING:
            # Nothing is said of the file: the job is tried again.
            raise Unavailable("The file could not be looked into.", code=result.code)
        if result.probe is None:
            return Found(failure=(result.error or "")[:MAX_WORDS])
        probe = result.probe
        video = probe.main_video
        said = PhotoFacts()
        if is_film and video is not None:
            said = (await self._tools.photo(PhotoRequest(source=str(path), is_film=True))).facts or said
        return Found(
            width=video.width if video is not None else None,
            height=video.height if video is not None else None,
            duration_ms=probe.duration_ms,
            taken_at=instant_of(said),
            has_picture=video is not None or probe.cover_track is not None,
        )


def instant_of(facts: PhotoFacts) -> int | None:
    """When a picture was taken, in ms since 1970 UTC; by the clock on its wall where nobody knows whose."""
    if facts.clock_ms is None or facts.is_utc:
        return facts.clock_ms
    offset_min = facts.offset_min if facts.offset_min is not None else facts.gps_offset_min
    return facts.clock_ms - (offset_min or 0) * MINUTE_MS


async def _no_page(_link: Link) -> None:
    return None


def _failed(err: AppError) -> Found:
    _log.info("nothing is known of a block's file: %s", err.message)
    return Found(failure=err.message[:MAX_WORDS])
