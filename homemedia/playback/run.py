"""One run of ffmpeg: its output is read, cut and written down, no further ahead of the player than agreed.

The program never outlives us (`core.process`). Cutting and writing happen in a thread; who stops reading stops the
program, for a full pipe holds it on every system.
"""

import asyncio
import enum
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from homemedia.core.clock import Clock
from homemedia.core.problems import AppError
from homemedia.core.process import Child, start
from homemedia.core.threads import Lane
from homemedia.media.hls.cuts import Event, Hole, NotFragmented
from homemedia.media.hls.table import SECOND_US, SegmentTable
from homemedia.playback.serving import Reach
from homemedia.playback.space import Made, Pieces

log = logging.getLogger(__name__)

READ_BYTES = 256 << 10
# Niceness of what a person waits for: below the server, above probing and pictures.
NICE = 5


# Segments that became whole, and the error that ended it, if one did.
Fed = tuple[list[Made], NotFragmented | OSError | None]


class Cutter(Protocol):
    """What `media.hls` makes of bytes; one for fragmented MP4, one for transport streams."""

    @property
    def current(self) -> int | None: ...

    def feed(self, body: bytes) -> Iterator[Event]: ...

    def finish(self, *, is_clean: bool) -> Iterator[Event]: ...


class Outcome(enum.Enum):
    """How a run ended: at the end of the film, by itself before, because we wanted it, for want of space."""

    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    FULL = "full"


class Ears(Protocol):
    """Who is told what a run does, on the loop."""

    def on_made(self, _run: "Run", made: Made) -> None: ...

    def on_ended(self, run: "Run") -> None: ...

    def may_go_on(self, run: "Run") -> bool: ...

    def on_turned(self) -> None:
        """It was held, or let go."""


class Run:
    """Made for one start; not used again.

    Args:
        command: the program and its arguments.
        first: the segment it begins with.
        table: all segments.
        cutter: fresh.
        pieces: fresh.
        ears: who is told.
        lane: threads for cutting and writing.
        clock: for the speed.
        silent_s: how long it may say nothing while it is read from.
        cwd: the folder it is started in.
    """

    def __init__(  # noqa: PLR0913 - what one process needs, each its own
        self,
        command: Sequence[str],
        *,
        first: int,
        table: SegmentTable,
        cutter: Cutter,
        pieces: Pieces,
        ears: Ears,
        lane: Lane,
        clock: Clock,
        silent_s: float,
        cwd: Path | None = None,
    ) -> None:
        self.first = first
        self.outcome: Outcome | None = None
        self.is_held = False
        self.last_words = ""
        self.has_made = False
        self.met_hole = False
        self._command = command
        self._table = table
        self._cutter = cutter
        self._pieces = pieces
        self._ears = ears
        self._lane = lane
        self._clock = clock
        self._silent_s = silent_s
        self._cwd = cwd
        self._may = asyncio.Event()
        self._current = first
        self._began_s = clock.monotonic_s()
        self._held_s = 0.0
        self._task: asyncio.Task[None] | None = None
        self._child: Child | None = None
        self._is_called_off = False

    @property
    def is_alive(self) -> bool:
        return self.outcome is None

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child is not None else None

    @property
    def reach(self) -> Reach:
        return Reach(first=self.first, current=self._current, speed=self.speed)

    @property
    def reached_us(self) -> int:
        return self._table.start_us(self._current)

    @property
    def speed(self) -> float | None:
        """Film made per second of work, 1.0 is as fast as it is watched; None until a segment is whole."""
        made_us = self.reached_us - self._table.start_us(self.first)
        worked_s = self._clock.monotonic_s() - self._began_s - self._held_s
        return made_us / SECOND_US / worked_s if made_us and worked_s > 0 else None

    def begin(self) -> None:
        self._task = asyncio.create_task(self._live(), name="transcode")

    def look_again(self) -> None:
        """The player has come nearer: perhaps a held run may go on."""
        if self.is_held and self._ears.may_go_on(self):
            self._may.set()

    async def stop(self) -> None:
        """End it and wait until the process is gone and its last file is closed. Nobody is told."""
        if self._task is None or self._task.done():
            return
        self.outcome = self.outcome or Outcome.STOPPED
        if not self._is_called_off:
            # Once: a second call would break off the tidying that the first one began.
            self._is_called_off = True
            self._task.cancel()
        await asyncio.wait({self._task})

    async def _live(self) -> None:
        outcome = Outcome.FAILED
        try:
            outcome = await self._work()
        except AppError as err:
            self.last_words = err.message
        except Hole:
            self.met_hole = True
        except NotFragmented as err:
            self.last_words = f"The output cannot be cut: {err}."
        except OSError as err:
            outcome, self.last_words = Outcome.FULL, f"The segments cannot be written: {err.strerror}."
        finally:
            if self.outcome is None:
                self.outcome = outcome
                self._ears.on_ended(self)

    async def _work(self) -> Outcome:
        self._began_s = self._clock.monotonic_s()
        child = self._child = await self._started()
        feeding: asyncio.Future[Fed] | None = None
        try:
            while True:
                try:
                    async with asyncio.timeout(self._silent_s):
                        body = await child.stdout.read(READ_BYTES)
                except TimeoutError:
                    log.warning("a conversion said nothing for %.0f s and is ended", self._silent_s)
                    return Outcome.FAILED
                if not body:
                    break
                # Shielded: a thread cannot be stopped, and its file must not be closed under it.
                feeding = asyncio.ensure_future(self._lane.run(self._feed, body))
                self._heed(await asyncio.shield(feeding))
                await self._wait_for_room()
            is_clean = await child.wait() == 0
            feeding = asyncio.ensure_future(self._lane.run(self._finish, is_clean=is_clean))
            self._heed(await asyncio.shield(feeding))
            return Outcome.DONE if is_clean else Outcome.FAILED
        finally:
            ending = asyncio.ensure_future(self._let_go(child, feeding))
            try:
                await asyncio.shield(ending)
            except asyncio.CancelledError:
                # It was stopped while it ended by itself: the process and the open file are to go all the same.
                await asyncio.wait({ending})
                raise

    async def _let_go(self, child: Child, feeding: asyncio.Future[Fed] | None) -> None:
        if feeding is not None and not feeding.done():
            await asyncio.wait({feeding})
            if feeding.exception() is None:
                self._note(feeding.result()[0])
        # Killed and not asked: what it would still write nobody wants, and held at its pipe it hears nothing.
        try:
            await child.end_now()
            self.last_words = self.last_words or child.last_words
        finally:
            await self._lane.run(self._pieces.close)

    async def _started(self) -> Child:
        """The program; one that was called off while it started is ended all the same."""
        starting = asyncio.ensure_future(start(self._command, cwd=self._cwd, nice=NICE))
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            await asyncio.wait({starting})
            if starting.exception() is None:
                await starting.result().end_now()
            raise

    def _feed(self, body: bytes) -> Fed:
        return self._taken(self._cutter.feed(body))

    def _finish(self, *, is_clean: bool) -> Fed:
        return self._taken(self._cutter.finish(is_clean=is_clean))

    def _taken(self, events: Iterator[Event]) -> Fed:
        """What became whole, and what went wrong after it: one body holds the end of a segment and further ones."""
        found: list[Made] = []
        try:
            found.extend(made for event in events if (made := self._pieces.take(event)) is not None)
        except (NotFragmented, OSError) as err:
            return found, err
        return found, None

    def _heed(self, fed: Fed) -> None:
        found, err = fed
        self._note(found)
        if err is not None:
            raise err

    def _note(self, found: Sequence[Made]) -> None:
        """Tell what is whole: also what nobody waits for any more lies on the disk and is to be counted."""
        current = self._cutter.current
        if current is not None:
            self._current = current
        for made in found:
            self.has_made = self.has_made or made.number is not None
            self._ears.on_made(self, made)

    async def _wait_for_room(self) -> None:
        if self._ears.may_go_on(self):
            return
        self.is_held = True
        self._may.clear()
        self._ears.on_turned()
        since = self._clock.monotonic_s()
        try:
            await self._may.wait()
        finally:
            self.is_held = False
            self._held_s += self._clock.monotonic_s() - since
            self._ears.on_turned()
