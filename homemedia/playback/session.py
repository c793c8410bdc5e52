"""One player's stream of one file: which segments are there, which run of ffmpeg makes the others, who waits for what.

All of it happens on the loop, one thing at a time; blocking work goes to a lane. Nobody polls: who waits for a segment
waits for a future that several requests share.
"""

import asyncio
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.problems import AppError, NotFound, StorageFull, Unavailable
from homemedia.core.threads import Lane
from homemedia.library.files import PlayableFile
from homemedia.library.files_wire import SubtitleTrack
from homemedia.media.commands import Format
from homemedia.media.hls.codecs import codecs_of
from homemedia.media.hls.playlists import SUFFIX, media_playlist
from homemedia.media.hls.table import SegmentTable
from homemedia.playback import space
from homemedia.playback.decide import Decision
from homemedia.playback.description import essence
from homemedia.playback.naming import Rates
from homemedia.playback.plays import Meter
from homemedia.playback.run import Cutter, Outcome, Run
from homemedia.playback.serving import Kept, Pace, calm_s, has_room, is_soon
from homemedia.playback.space import Made, Pieces

log = logging.getLogger(__name__)

SOFTWARE_NAMES = frozenset({"libx264", "libx265"})
INIT = -1  # stands among the numbers of segments for the description
MOST_SKIPPED = 3
STDERR_LINES = 200
NOBODY_GONE: Callable[[], bool] = lambda: False  # noqa: E731 - a constant that is called
_PATH = re.compile(r"(?:file:)?(?:/|[A-Za-z]:\\)[^\s'\":]*")


class Film(msgspec.Struct, frozen=True, kw_only=True):
    """What a session plays, fixed when it begins. `codecs` are those known by then: all, or none."""

    file: PlayableFile
    decision: Decision
    table: SegmentTable
    form: Format = "fmp4"
    start_us: int = 0
    frame_us: int = 40_000
    subtitles: tuple[SubtitleTrack, ...] = ()
    codecs: tuple[str, ...] = ()
    rates: Rates = Rates(1, 1)

    @property
    def is_encoding(self) -> bool:
        return self.decision.video is not None and self.decision.video.action == "transcode"

    @property
    def is_independent(self) -> bool:
        return self.is_encoding or self.decision.video is None

    @property
    def suffix(self) -> str:
        return SUFFIX[self.form]


class Maker(msgspec.Struct, frozen=True, kw_only=True):
    """How the segments of one session are made: the command line of a run from a segment on, and who cuts its output.

    `instead` is another maker to try when the first cannot make a single segment, `filled` one that fills holes of the
    film with pictures; they answer None when there is none.
    """

    command: Callable[[int], Sequence[str]]
    cutter: Callable[[int], Cutter]
    instead: "Callable[[], Maker | None]" = lambda: None
    filled: "Callable[[], Maker | None]" = lambda: None


class _Wait:
    """Everybody who waits for one segment."""

    def __init__(self) -> None:
        self.future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.gone: list[Callable[[], bool]] = []

    @property
    def is_wanted(self) -> bool:
        return any(not is_gone() for is_gone in self.gone)


class Session:
    """One living session. Make it, `begin` it, ask it for segments, `close` it.

    Args:
        session_id: 32 hexadecimal characters.
        owner: whose it is, as he was when it began.
        film: what is played.
        maker: how segments are made.
        folder: its own; made already.
        pace: bounds.
        lane: threads for writing.
        clock: the present.
        token: media token that its addresses carry.
    """

    def __init__(  # noqa: PLR0913 - what a session consists of, each its own
        self,
        session_id: str,
        owner: Member,
        film: Film,
        maker: Maker,
        *,
        folder: Path,
        pace: Pace,
        lane: Lane,
        clock: Clock,
        token: str,
        client_name: str = "",
        address: str = "",
    ) -> None:
        self.session_id = session_id
        self.owner = owner
        self.film = film
        self.pace = pace
        self.folder = folder
        self.token = token
        self.client_name = client_name
        self.address = address
        self.started_at = self.last_seen_at = clock.now_ms()
        self.is_paused = False
        self.is_ended = False
        self.position_ms = film.start_us // 1000
        self.failure: AppError | None = None
        self.meter = Meter()
        self.is_asked = False
        self.said: deque[str] = deque(maxlen=STDERR_LINES)
        self.starts = 0
        self.on_grown: Callable[[], None] = lambda: None
        self.on_changed: Callable[[], None] = lambda: None
        # Whether the film still lies where it lay; who says no sees to the session's end.
        self.is_there: Callable[[], Awaitable[bool]] = _always
        # Removes what is not needed soon; whether there was anything.
        self.make_space: Callable[[], Awaitable[bool]] = _never
        self._maker = maker
        self._lane = lane
        self._clock = clock
        self._sizes: dict[int, int] = {}
        self._init: bytes = b""
        self._codecs: tuple[str, ...] = ()
        self._wanted = film.table.index_at(film.start_us)
        self._waits: dict[int, _Wait] = {}
        self._run: Run | None = None
        self._target: int | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._turning: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._started_s: deque[float] = deque(maxlen=8)
        self._retried: set[int] = set()
        self._skipped: set[int] = set()
        self._closing: asyncio.Task[None] | None = None

    # What others ask

    @property
    def state(self) -> str:
        """As the contract names it: starting, running, ahead, idle, ended."""
        if self.is_ended:
            return "ended"
        if self._run is None or not self._run.is_alive:
            return "idle" if self.starts and self._turning is None and self._timer is None else "starting"
        return "ahead" if self._run.is_held else "running"

    @property
    def is_working(self) -> bool:
        """Whether a program runs for it."""
        return self._run is not None and self._run.is_alive

    @property
    def is_busy(self) -> bool:
        """Whether the processor makes pictures for it just now."""
        run = self._run
        return run is not None and run.is_alive and not run.is_held and self.film.decision.encoder in SOFTWARE_NAMES

    @property
    def is_idle(self) -> bool:
        """Whether nobody watches it, or there is nothing to watch any more."""
        return self.failure is not None or self.silent_s() >= self.pace.idle_s

    @property
    def pid(self) -> int | None:
        return self._run.pid if self._run is not None and self._run.is_alive else None

    @property
    def speed(self) -> float | None:
        return self._run.speed if self._run is not None else None

    @property
    def ahead_ms(self) -> int | None:
        """How much film is made beyond what was asked for last; None while nothing is made."""
        return None if self._run is None else max(0, self._run.reached_us - self._position_us) // 1000

    @property
    def asked_ms(self) -> int:
        """Where in the film the segment begins that was asked for last."""
        return self.film.table.start_us(self._wanted) // 1000

    @property
    def kept(self) -> Kept:
        return Kept(position_us=self._position_us, table=self.film.table, sizes=self._sizes)

    @property
    def codecs(self) -> tuple[str, ...]:
        """What players call the codecs: as the stream itself says once it does, before as far as known."""
        return self._codecs or self.film.codecs

    @property
    def _position_us(self) -> int:
        return self.film.table.boundaries_us[self._wanted + 1]

    def has(self, number: int | None) -> bool:
        """Whether a segment is there, or without a number the description."""
        return bool(self._init) if number is None else number in self._sizes

    def silent_s(self) -> float:
        """How long nobody has asked it for anything."""
        return (self._clock.now_ms() - self.last_seen_at) / 1000

    def playlist(self) -> str:
        """The same text at every request."""
        return media_playlist(
            self.film.table,
            token=self.token,
            form=self.film.form,
            is_independent=self.film.is_independent,
            start_offset_us=self.film.start_us,
        )

    def heard(self, *, is_paused: bool | None = None, position_ms: int | None = None) -> None:
        """A sign of life from the player."""
        self.last_seen_at = self._clock.now_ms()
        self.is_asked = True
        if is_paused is not None:
            self.is_paused = is_paused
        if position_ms is not None:
            self.position_ms = position_ms

    def sent(self, count: int) -> None:
        """So many bytes of it left for the player."""
        self.meter.add(count, self._clock.now_ms())

    # Serving

    def begin(self) -> None:
        """Start making segments where playing begins, before anybody asks."""
        self._steer(self._wanted)

    async def segment(self, number: int, gone: Callable[[], bool] = NOBODY_GONE) -> Path:
        """The file of a segment, once it is whole.

        Args:
            number: of the segment.
            gone: says whether who asks has left.

        Raises:
            NotFound: `segment_out_of_range`, `session_not_found` when it ends meanwhile.
            Unavailable: `segment_not_ready` after 25 s.
            AppError: `transcode_failed`.
        """
        if not 0 <= number < self.film.table.count:
            raise NotFound("The film has no such segment.", code="segment_out_of_range")
        self.heard()
        self._wanted = number
        if self._run is not None:
            self._run.look_again()
        if number not in self._sizes:
            await self._wait(number, gone)
        return self.folder / f"{number}.{self.film.suffix}"

    async def init(self, gone: Callable[[], bool] = NOBODY_GONE) -> Path:
        """The file of the description, once it is there.

        Raises:
            As `segment`.
        """
        if self.film.form == "ts":
            raise NotFound("A transport stream has no description of its own.")
        self.heard()
        if not self._init:
            await self._wait(INIT, gone)
        return self.folder / "init.mp4"

    async def _wait(self, number: int, gone: Callable[[], bool]) -> None:
        if self.failure is not None:
            raise self.failure
        if self.is_ended:
            raise ended()
        wait = self._waits.setdefault(number, _Wait())
        wait.gone.append(gone)
        self._steer(self._wanted if number == INIT else number)
        try:
            async with asyncio.timeout(self.pace.wait_s):
                await asyncio.shield(wait.future)
        except TimeoutError:
            raise Unavailable(
                "This part of the film is not ready yet.", code="segment_not_ready", retry_after_s=1
            ) from None
        finally:
            wait.gone.remove(gone)

    def _steer(self, number: int) -> None:
        """See to it that somebody makes a segment: wait for the run that will, or start one there."""
        if self.is_ended or self.failure is not None or self._will_reach(number):
            return
        if self._turning is not None:
            self._target = number
            return
        self._target = number
        if self._timer is not None:
            self._timer.cancel()
        wait_s = calm_s(self._started_s, self._clock.monotonic_s(), self.pace)
        if wait_s:
            self._timer = asyncio.get_running_loop().call_later(wait_s, self._turn)
        else:
            self._turn()

    def _will_reach(self, number: int) -> bool:
        run = self._run
        return run is not None and run.is_alive and is_soon(number, run.reach, self.film.table, self.pace)

    def _turn(self) -> None:
        self._timer = None
        if self._turning is None and not self.is_ended:
            self._turning = asyncio.create_task(self._turn_to_target(), name="transcode-turn")

    async def _turn_to_target(self) -> None:
        try:
            await self._stop_run()
            target, self._target = self._target, None
            if target is not None and not self.is_ended and self.failure is None:
                self._start(target)
        finally:
            self._turning = None
        # Somebody may have asked for another place while the old program died.
        if self._target is not None:
            self._steer(self._target)
        self.on_changed()

    def _start(self, number: int) -> None:
        self.starts += 1
        self._started_s.append(self._clock.monotonic_s())
        run = self._run = Run(
            self._maker.command(number),
            first=number,
            table=self.film.table,
            cutter=self._maker.cutter(number),
            pieces=Pieces(self.folder, self.film.suffix),
            ears=self,
            lane=self._lane,
            clock=self._clock,
            silent_s=self.pace.silent_s,
            cwd=self.folder,
        )
        run.begin()

    # What a run tells

    def may_go_on(self, run: Run) -> bool:
        return has_room(self._position_us, run.reached_us, self.pace, was_held=run.is_held)

    def on_turned(self) -> None:
        self.on_changed()

    def on_made(self, _run: Run, made: Made) -> None:
        if made.init:
            self._take_init(made.init)
        if made.number is None:
            return
        self._sizes[made.number] = made.size
        self._retried.discard(made.number)
        self._answer(made.number)
        self._serve_others()
        self.on_grown()

    def _take_init(self, body: bytes) -> None:
        if self._init and essence(body) != essence(self._init):
            log.warning("a run of session %s describes its streams differently", self.session_id[:6])
            self._fail("The streams of this film changed in the middle.")
            return
        self._init = self._init or body
        self._codecs = tuple(codecs_of(self._init))
        self._answer(INIT)

    def _answer(self, number: int) -> None:
        wait = self._waits.pop(number, None)
        if wait is not None and not wait.future.done():
            wait.future.set_result(None)

    def _serve_others(self) -> None:
        """Go to who waits elsewhere, once nobody waits for what this run makes next: players may share a session."""
        if self._turning is not None or self._timer is not None:
            return
        numbers = [number for number, wait in self._waits.items() if number != INIT and wait.is_wanted]
        if numbers and not any(self._will_reach(number) for number in numbers):
            self._steer(numbers[0])

    def on_ended(self, run: Run) -> None:
        if run.last_words:
            self.said.extend(self._nameless(line) for line in run.last_words.splitlines())
        if run is not self._run or self.is_ended:
            return
        self.on_changed()
        at = run.reach.current
        if run.outcome is Outcome.DONE and self._is_complete_after(at):
            return
        if self._turning is None:
            self._turning = self._looking = asyncio.create_task(self._look_into(run, at), name="transcode-mend")

    def _is_complete_after(self, number: int) -> bool:
        """Whether a run that came to the end of the film there has left nothing out."""
        return all(one in self._sizes for one in range(number, self.film.table.count))

    async def _look_into(self, run: Run, at: int) -> None:
        """A run ended before the film did: find out whether it is the disk, the film, or the run."""
        is_there, has_space = True, False
        try:
            if run.outcome is Outcome.FULL:
                has_space = await self.make_space()
            else:
                is_there = await self.is_there()
        finally:
            self._turning = None
        elsewhere, self._target = self._target, None
        if self.is_ended or self.failure is not None:
            return
        if not is_there:
            self._fail_with(ended())
        elif run.outcome is not Outcome.FULL:
            self._recover(run, at)
        elif not has_space:
            # Told to those who wait; whoever asks later finds out whether there is space again.
            self._tell(StorageFull("The disk for converted films is full."))
        elif self._waits:
            self._steer(next((number for number in self._waits if number != INIT), at))
        if elsewhere is not None and elsewhere in self._waits:
            self._steer(elsewhere)

    def _recover(self, run: Run, at: int) -> None:
        """Once more the same, then another way, then past the damage."""
        at = next((one for one in range(at, self.film.table.count) if one not in self._sizes), at)
        if (run.met_hole or run.outcome is Outcome.DONE) and (filled := self._maker.filled()) is not None:
            # The film has no picture for longer than a segment, or none before its end.
            self._maker = filled
            if self._waits:
                self._steer(at)
            return
        if at not in self._retried:
            self._retried.add(at)
            if self._waits:
                self._steer(at)
            return
        if not self._sizes:
            other = self._maker.instead()
            if other is not None:
                self._maker, self._init, self._codecs = other, b"", ()
                self._retried.clear()
                self._steer(at)
                return
        elif len(self._skipped) < MOST_SKIPPED:
            self._skipped.add(at)
            task = asyncio.create_task(self._skip(at), name="transcode-skip")
            self._turning = task
            return
        self._fail(self._nameless(run.last_words.splitlines()[-1]) if run.last_words else "The program said nothing.")

    async def _skip(self, number: int) -> None:
        """Put the last good segment in the place of a damaged one, and go on behind it."""
        good = max((one for one in self._sizes if one < number), default=min(self._sizes))
        suffix = self.film.suffix
        try:
            size = await self._lane.run(space.repeat, self.folder, f"{good}.{suffix}", f"{number}.{suffix}")
        except OSError as err:
            self._fail(f"The segments cannot be written: {err.strerror}.")
            return
        finally:
            self._turning = None
        self._sizes[number] = size
        self._answer(number)
        elsewhere, self._target = self._target, None
        if elsewhere is not None and elsewhere in self._waits:
            self._steer(elsewhere)
        elif number + 1 < self.film.table.count and number + 1 not in self._sizes:
            self._steer(number + 1)

    def _fail(self, words: str) -> None:
        log.warning("stream %s of file %d failed: %s", self.session_id[:6], self.film.file.file_id, words)
        self._fail_with(AppError(f"This film cannot be converted: {words}", code="transcode_failed"))

    def _fail_with(self, err: AppError) -> None:
        self.failure = err
        self._tell(err)
        if self.is_working and not self.is_ended:
            self._turn()

    def _tell(self, err: AppError) -> None:
        """Answer everybody who waits with a refusal."""
        for wait in self._waits.values():
            if not wait.future.done():
                wait.future.set_exception(err)
                wait.future.exception()  # heard of, also where nobody waits any more
        self._waits.clear()

    def _nameless(self, line: str) -> str:
        """A line of the program without the paths of this machine."""
        return _PATH.sub("…", line.replace(str(self.film.file.path), "…").replace(str(self.folder), "…"))

    # Ending

    async def rest(self) -> None:
        """End the program and keep the segments; the next request goes on."""
        self._drop_timer()
        await self._stop_run()
        self.on_changed()

    async def _stop_run(self) -> None:
        # Also one that another has called off already: it is to be gone, and its last file closed, for both.
        if self._run is not None:
            await self._run.stop()

    async def forget(self, numbers: Sequence[int]) -> None:
        """Remove segments for want of space; they are made again when asked for."""
        for number in numbers:
            self._sizes.pop(number, None)
        await self._lane.run(space.drop, self.folder, [f"{number}.{self.film.suffix}" for number in numbers])

    async def close(self) -> None:
        """End it for good: the program gone, the files gone. Whoever comes later waits for the same end."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close(), name="transcode-close")
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        self.is_ended = True
        self._drop_timer()
        self._fail_with(ended())
        if self._looking is not None:
            self._looking.cancel()  # a disk that does not answer must not hold it
        if self._turning is not None:
            await asyncio.wait({self._turning})
        await self._stop_run()
        await self._lane.run(space.remove, self.folder)

    def _drop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


async def _always() -> bool:
    return True


async def _never() -> bool:
    return False


def ended() -> NotFound:
    return NotFound("This playback has ended.", code="session_not_found")
