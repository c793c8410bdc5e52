"""Makes videos that every browser plays of those that not all do, and remembers what came of it. One at a time.

Whose videos they are, and which is next, say the slices that own them. The program that converts rests while somebody
plays; a server that is killed leaves a part behind, which is begun anew.
"""

import asyncio
import enum
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.problems import StorageFull, TimedOut, Unavailable, Unprocessable
from homemedia.core.stillness import Stillness
from homemedia.library import rendition_store
from homemedia.library import rendition_video_store as store
from homemedia.library.rendition import VIDEO, KeptRenditions, Rendition
from homemedia.library.rendition_program import Converter
from homemedia.media.commands.stored import stored_command
from homemedia.media.models import Probe, ProbeRequest
from homemedia.media.playable import PIPELINE, Conversion, Policy, all_made, conversion_of
from homemedia.media.tools import MediaTools

_log = logging.getLogger(__name__)

MIME: Final = "video/mp4"
ENDING: Final = ".mp4"
# Left on the disk beside what the video may take.
LEAST_FREE_BYTES: Final = 1 << 30
# These say nothing of the video.
PASSING: Final = frozenset({"file_missing", "timeout", "stopping", "busy"})


class Outcome(enum.Enum):
    """What became of a wish for a video that plays."""

    AS_IS = "as_is"  # it plays
    MADE = "made"
    FAILED = "failed"
    LATER = "later"  # nothing can be said of it now


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome, to be written down with `VideoRenditions.enter`; `file` is the file as it was looked at."""

    outcome: Outcome
    file: sqlite3.Row | None = None
    rendition: Rendition | None = None
    code: str | None = None
    problem: str | None = None


class VideoRenditions:
    """Looks into videos and makes those that need it.

    Args:
        db: where it stands what was made.
        kept: where it lies.
        tools: looks into files.
        stillness: when nobody is disturbed.
        clock: the time.

    Attributes:
        program: answers the path of ffmpeg, None where there is none.
    """

    def __init__(
        self, db: Database, kept: KeptRenditions, tools: MediaTools, stillness: Stillness, clock: Clock | None = None
    ) -> None:
        self._db = db
        self._kept = kept
        self._tools = tools
        self._converter = Converter(stillness)
        self._clock = clock or Clock()
        self.program: Callable[[], Awaitable[str | None]] = _none

    @property
    def is_working(self) -> bool:
        """Whether a program converts right now."""
        return self._converter.is_working

    async def is_known(self, tx: Write, file_id: int) -> bool:
        """Whether it stands what became of a file as it is now."""
        return await store.is_known(tx, file_id, PIPELINE)

    async def make(self, file_id: int, policy: Policy, report: Callable[[int], None]) -> Done:
        """Look into a video and make what it needs; what came of it.

        Args:
            file_id: of the video.
            policy: when it needs something, and what.
            report: told how much of it is made, in ms.

        Raises:
            StorageFull, Unavailable: the disk is full; no program converts.
        """
        row = await store.file(self._db.read, file_id)
        if row is None:
            return Done(outcome=Outcome.LATER)
        source = Path(row["root"], row["path"])
        (found,) = await self._tools.probe([ProbeRequest(str(source))])
        if found.probe is None:
            if found.code in PASSING:
                return Done(file=row, outcome=Outcome.LATER)
            return Done(file=row, outcome=Outcome.FAILED, code=found.code, problem=found.error)
        wish = conversion_of(found.probe, policy)
        if wish is None:
            return Done(file=row, outcome=Outcome.AS_IS)
        try:
            rendition = await self._rendition(row, source, wish, policy, report)
        except (Unprocessable, TimedOut) as err:
            _log.warning("no playable video of file %d: %s", file_id, err.message)
            return Done(file=row, outcome=Outcome.FAILED, code=err.code, problem=err.message)
        return Done(file=row, outcome=Outcome.MADE, rendition=rendition)

    async def enter(self, tx: Write, done: Done) -> bool:
        """Write down what came of it; False where the file is gone or another by now. Call `tidy` after the commit."""
        row = done.file
        if row is None:
            return False
        # Also of what the file was before.
        await rendition_store.drop(tx, row["file_id"], VIDEO)
        if not await store.is_same(tx, row):
            return False
        await store.put_look(
            tx,
            row,
            pipeline=PIPELINE,
            outcome=done.outcome.value,
            code=done.code,
            problem=done.problem,
            now=self._clock.now_ms(),
        )
        if done.rendition is not None:
            await self._kept.enter(tx, done.rendition)
        return True

    async def tidy(self, file_id: int) -> None:
        """Delete what lies on the disk for a file that has no such rendition."""
        if VIDEO not in await self._kept.of(self._db.read, file_id):
            await self._kept.drop([self._kept.path_for(file_id, VIDEO, ENDING)])

    async def _rendition(
        self, row: sqlite3.Row, source: Path, wish: Conversion, policy: Policy, report: Callable[[int], None]
    ) -> Rendition:
        program = await self.program()
        if program is None:
            raise Unavailable("Nothing on this machine converts videos.", code="program_missing")
        if await self._kept.free_bytes() < LEAST_FREE_BYTES + row["size_bytes"]:
            raise StorageFull("The disk for playable videos is full.")
        path = self._kept.path_for(row["file_id"], VIDEO, ENDING)
        part = await self._kept.begin(path)
        try:
            probe = await self.converted(program, source, part, wish, policy, report)
            size_bytes = await self._kept.keep(path)
        except OSError as err:
            raise StorageFull("The disk for playable videos is full or cannot be written.") from err
        picture = probe.main_video
        return Rendition(
            file_id=row["file_id"],
            variant=VIDEO,
            pipeline=PIPELINE,
            path=path,
            mime=MIME,
            width=picture.width if picture else None,
            height=picture.height if picture else None,
            size_bytes=size_bytes,
            made_at=self._clock.now_ms(),
        )

    async def converted(
        self,
        program: str,
        source: Path,
        part: Path,
        wish: Conversion,
        policy: Policy,
        report: Callable[[int], None],
    ) -> Probe:
        """Make the file `part` of a video; what fits into no other container as it is, is made anew.

        Raises:
            Unprocessable: `conversion_failed`.
            StorageFull, TimedOut, Unavailable: as `Converter.run`.
        """
        tries = [wish] if wish.video.action == "transcode" else [wish, all_made(wish, policy)]
        for one in tries:
            try:
                await self._converter.run(stored_command(program, str(source), str(part), one, policy), report)
            except Unprocessable:
                if one is tries[-1]:
                    raise
                continue
            (made,) = await self._tools.probe([ProbeRequest(str(part))])
            if made.probe is not None:
                return made.probe
        raise Unprocessable("What was made of this video cannot be played.", code="conversion_failed")


async def _none() -> str | None:
    await asyncio.sleep(0)
    return None
