"""Looks into files of blocks when they have come: how large, how long, whether a small picture can be made of them."""

import logging
from pathlib import Path

import msgspec

from homemedia.core.db import Database
from homemedia.core.jobs import JobRun, Jobs
from homemedia.core.problems import AppError, TimedOut, Unavailable
from homemedia.heaps.files import store
from homemedia.heaps.files.events import FileKnown
from homemedia.heaps.files.keeping import LOOK_JOB
from homemedia.heaps.files.models import Link
from homemedia.library.rendition_video import PASSING
from homemedia.media import MediaTools, OperationFailed, ProbeRequest, WorkerCrashed

_log = logging.getLogger(__name__)

MAX_WORDS = 300


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What is inside a file; `failure` says why nothing is known."""

    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    has_picture: bool = False
    failure: str | None = None


class Looking:
    """The job that looks."""

    def __init__(self, db: Database, tools: MediaTools) -> None:
        self._db = db
        self._tools = tools

    def register(self, jobs: Jobs) -> None:
        jobs.register(LOOK_JOB, "image", self._look)

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
                return Found(width=facts.width, height=facts.height, has_picture=True)
            if kind in {"video", "audio"}:
                return await self._played(path)
        except (OperationFailed, TimedOut, WorkerCrashed) as err:
            return _failed(err)
        return Found()

    async def _played(self, path: Path) -> Found:
        (result,) = await self._tools.probe([ProbeRequest(str(path), needs_video=False)])
        if result.code in PASSING:
            # Nothing is said of the file: the job is tried again.
            raise Unavailable("The file could not be looked into.", code=result.code)
        if result.probe is None:
            return Found(failure=(result.error or "")[:MAX_WORDS])
        probe = result.probe
        video = probe.main_video
        return Found(
            width=video.width if video is not None else None,
            height=video.height if video is not None else None,
            duration_ms=probe.duration_ms,
            has_picture=video is not None or probe.cover_track is not None,
        )


def _failed(err: AppError) -> Found:
    _log.info("nothing is known of a block's file: %s", err.message)
    return Found(failure=err.message[:MAX_WORDS])
