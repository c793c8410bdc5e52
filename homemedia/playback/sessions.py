"""All living sessions: who may open one, which ends when, what they take up together.

Sessions live in memory. What a killed server left of them is files in a folder, which is emptied at the next start.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.ids import new_hex
from homemedia.core.problems import AppError, Conflict, NotFound, StorageFull, Unavailable
from homemedia.core.threads import Lane
from homemedia.library.presence import Presence
from homemedia.playback import space
from homemedia.playback.serving import Pace, surplus
from homemedia.playback.session import Film, Maker, Session, ended
from homemedia.playback.subtitles import Burnt

log = logging.getLogger(__name__)

SWEEP_S = 5.0
SIGHT_MS = 5000
BUSY_RETRY_S = 30
TOKEN_LIFE_S = 24 * 3600
# In the place of a session: a token that opens a file for another program, and no stream.
LINK = "link"
# (member, session, file) to a token that opens these and nothing else.
TokenMaker = Callable[[Member, str, int], str]
Sight = Callable[[Member, int], Awaitable[object]]


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What shall be opened, and for which player; `burnt` is the text that is drawn into the picture.

    `folder` is where segments lie, when that is not where they lay when the server began.
    """

    film: Film
    maker: Maker
    pace: Pace
    client_name: str = ""
    address: str = ""
    burnt: Burnt | None = None
    folder: Path | None = None


class Sessions:
    """An async context manager: entering empties the folder, leaving ends every session.

    Args:
        folder: for segments.
        clock: the present.
        token: makes media tokens.
        sight: raises `NotFound` when a member does not see a file any more.
    """

    def __init__(self, folder: Path, clock: Clock, *, token: TokenMaker, sight: Sight) -> None:
        self._folder = folder
        # Folders by the name they were asked for; each is emptied once, before the first session lies in it.
        self._folders: dict[Path, Path] = {}
        self._clock = clock
        self._token = token
        self._sight = sight
        self._lane = Lane("transcode", 4)
        self._presence = Presence(self._lane)
        self._living: dict[str, Session] = {}
        self._seen_at: dict[str, int] = {}
        # One opens at a time, so that two cannot both take the last place.
        self._opening = asyncio.Lock()
        self._ending: set[asyncio.Task[None]] = set()
        self._sweeper: asyncio.Task[None] | None = None
        self._tidying: asyncio.Task[None] | None = None
        self.on_load: Callable[[bool], None] = lambda _is_busy: None
        # Asked before one opens, may refuse; told when one opened, turned or ended, and when an administrator took one.
        self.admit: Callable[[Member, Order], None] = lambda _actor, _order: None
        self.on_changed: Callable[[], None] = lambda: None
        self.on_taken: Callable[[Session], None] = lambda _session: None

    async def __aenter__(self) -> Self:
        wanted = self._folder
        self._folder = self._folders[wanted] = await self._lane.run(space.prepare, wanted)
        self._sweeper = asyncio.create_task(self._keep_sweeping(), name="transcode-sweep")
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in (self._sweeper, self._tidying):
            if task is not None:
                task.cancel()
                await asyncio.wait({task})
        await asyncio.gather(*(session.close() for session in self._living.values()), return_exceptions=True)
        if self._ending:
            await asyncio.wait(self._ending)
        self._living.clear()
        await self._lane.close()

    # Opening

    async def open(self, actor: Member, order: Order) -> Session:
        """Begin a session; the film's first segments are under way when this returns.

        Raises:
            NotFound: `file_missing`.
            Conflict: `too_many_streams`: the member's own limit.
            Unavailable: `too_many_sessions`, `storage_unavailable`.
            StorageFull: `disk_full`.
        """
        self.admit(actor, order)
        await self._presence.see(order.film.file.place)
        async with self._opening:
            return await self._open(actor, order)

    async def _open(self, actor: Member, order: Order) -> Session:
        await self._end_all(self._twins(actor, order))
        await self._make_room(actor, order)
        session_id = new_hex(16)
        folder = await self._folder_for(order) / session_id
        files: dict[str, bytes] = {order.burnt.name: order.burnt.body} if order.burnt else {}
        await self._lane.run(_settle_in, folder, files, order.pace.least_free_bytes)
        session = Session(
            session_id,
            actor,
            order.film,
            order.maker,
            folder=folder,
            pace=order.pace,
            lane=self._lane,
            clock=self._clock,
            token=self._token(actor, session_id, order.film.file.file_id),
            client_name=order.client_name,
            address=order.address,
        )
        session.on_grown = self._note_growth
        session.on_changed = self._tell_load
        session.make_space = self._make_space
        session.is_there = lambda: self._is_there(session)
        self._living[session_id] = session
        self._seen_at[session_id] = self._clock.now_ms()
        session.begin()
        self._tell_load()
        return session

    async def _folder_for(self, order: Order) -> Path:
        wanted = order.folder
        if wanted is None:
            return self._folder
        if wanted not in self._folders:
            try:
                self._folders[wanted] = await self._lane.run(space.prepare, wanted)
            except OSError as err:
                log.warning("segments cannot lie in %s (%s); they lie where they lay before", wanted, err.strerror)
                return self._folder
        return self._folders[wanted]

    def _twins(self, actor: Member, order: Order) -> list[Session]:
        """What the same player left open when its page was loaded anew."""
        return [
            session
            for session in self._living.values()
            if session.owner.user_id == actor.user_id
            and session.film.file.file_id == order.film.file.file_id
            and session.client_name == order.client_name
        ]

    async def _make_room(self, actor: Member, order: Order) -> None:
        pace = order.pace
        own = [session for session in self._living.values() if session.owner.user_id == actor.user_id]
        if not await self._thin(own, pace.max_per_user):
            raise too_many_streams()
        alike = [one for one in self._living.values() if one.film.is_encoding == order.film.is_encoding]
        if not await self._thin(alike, pace.max_encoding if order.film.is_encoding else pace.max_remux):
            raise Unavailable(
                "The server converts as many films as it can just now.", code="too_many_sessions", retry_after_s=10
            )

    async def _thin(self, sessions: Sequence[Session], limit: int) -> bool:
        """Whether one more fits into a limit, idle ones ended first if need be."""
        surplus_count = len(sessions) - limit + 1
        if surplus_count <= 0:
            return True
        idle = sorted((one for one in sessions if one.is_idle), key=lambda one: one.last_seen_at)
        if len(idle) < surplus_count:
            return False
        await self._end_all(idle[:surplus_count])
        return True

    # Finding

    async def of(self, actor: Member, session_id: str) -> Session:
        """A member's own session; what he may see is looked at again every 5 s.

        Raises:
            NotFound: `session_not_found`.
        """
        session = self._living.get(session_id)
        if session is None or session.owner.user_id != actor.user_id:
            raise ended()
        now = self._clock.now_ms()
        if now - self._seen_at.get(session_id, 0) >= SIGHT_MS:
            try:
                await self._sight(actor, session.film.file.file_id)
            except NotFound:
                self._end_later(session)
                raise ended() from None
            self._seen_at[session_id] = now
        return session

    async def link(self, actor: Member, file_id: int) -> str:
        """A token by which another program reads this file, and its subtitles, for a day.

        Raises:
            NotFound: the member sees no such file.
        """
        await self._sight(actor, file_id)
        return self._token(actor, LINK, file_id)

    def is_played(self, session_id: str) -> bool:
        """Whether media tokens of a session still open its file: as long as it lives; those of links to their end."""
        return session_id == LINK or session_id in self._living

    def living(self) -> list[Session]:
        """All, the newest first."""
        return sorted(self._living.values(), key=lambda session: -session.started_at)

    @property
    def encoding(self) -> int:
        """How many convert pictures."""
        return sum(session.film.is_encoding for session in self._living.values())

    # Signs of life

    def heard(self, actor: Member, session_id: str, state: str | None, position_ms: int) -> None:
        """A progress report named a session; `stopped` ends it."""
        session = self._living.get(session_id)
        if session is None or session.owner.user_id != actor.user_id:
            return
        is_paused = None if state is None else state == "paused"
        session.heard(is_paused=is_paused, position_ms=position_ms)
        if state == "stopped":
            self._end_later(session)

    # Ending

    async def end(self, actor: Member, session_id: str) -> None:
        """End one's own session, or as an administrator anybody's; returns when program and files are gone.

        Raises:
            NotFound: `session_not_found`.
        """
        session = self._living.get(session_id)
        if session is None or (session.owner.user_id != actor.user_id and not actor.is_admin):
            raise ended()
        if session.owner.user_id != actor.user_id:
            self.on_taken(session)
        await self._end_all([session])

    def end_soon(self, session: Session) -> None:
        """End a session without a wait for its program; its place is free at once."""
        self._living.pop(session.session_id, None)
        self._end_later(session)

    def end_of_sign_in(self, sign_in_id: str) -> None:
        """A sign-in was ended: what plays by it ends too."""
        for session in list(self._living.values()):
            if session.owner.session_id == sign_in_id:
                self._end_later(session)

    def end_of_visits(self, visits: str, *, but: str | None = None) -> None:
        """Visits to a link are over, all whose names begin so: what plays by them ends too, `but` what begins so."""
        for session in list(self._living.values()):
            name = session.owner.session_id
            if name.startswith(visits) and not (but and name.startswith(but)):
                self._end_later(session)

    async def _end_all(self, sessions: Sequence[Session]) -> None:
        for session in sessions:
            self._living.pop(session.session_id, None)
            self._seen_at.pop(session.session_id, None)
        await asyncio.gather(*(session.close() for session in sessions))
        if sessions:
            self._tell_load()

    def _end_later(self, session: Session) -> None:
        task = asyncio.create_task(self._end_all([session]), name="transcode-end")
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    # Time and space

    async def sweep(self) -> None:
        """Rest programs nobody watches, end sessions nobody comes back to."""
        over: list[Session] = []
        for session in list(self._living.values()):
            silent_s, pace = session.silent_s(), session.pace
            if silent_s >= (pace.paused_s if session.is_paused else pace.session_s):
                over.append(session)
            elif silent_s >= pace.idle_s and session.is_working:
                await session.rest()
        await self._end_all(over)

    async def _keep_sweeping(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            try:
                await self.sweep()
            except Exception:
                # Whatever it was, the next look must come: else no program would ever be ended again.
                log.exception("sessions could not be looked after")

    def _note_growth(self) -> None:
        if self._tidying is None or self._tidying.done():
            limits = [session.pace.temp_limit_bytes for session in self._living.values()]
            kept = {name: session.kept for name, session in self._living.items()}
            chosen = surplus(kept, min(limits, default=0))
            if chosen:
                self._tidying = asyncio.create_task(self._tidy(chosen), name="transcode-tidy")

    async def _make_space(self) -> bool:
        """The disk is full, whatever the limit says: all goes that nobody is near, else all that nobody watches now."""
        kept = {name: session.kept for name, session in self._living.items()}
        chosen = surplus(kept, 0) or surplus(kept, 0, spared_us=0)
        await self._tidy(chosen)
        return bool(chosen)

    async def _is_there(self, session: Session) -> bool:
        """Whether a session's film can still be read; else it ends, and its player asks anew and is told why."""
        try:
            await self._presence.see(session.film.file.place)
        except AppError as err:
            log.info("a stream ends: %s", err.message)
            self._end_later(session)
            return False
        return True

    async def _tidy(self, chosen: Sequence[tuple[str, int]]) -> None:
        by_session: dict[str, list[int]] = {}
        for name, number in chosen:
            by_session.setdefault(name, []).append(number)
        for name, numbers in by_session.items():
            session = self._living.get(name)
            if session is not None:
                with contextlib.suppress(OSError):
                    await session.forget(numbers)

    def _tell_load(self) -> None:
        self.on_changed()
        self.on_load(any(session.is_busy for session in self._living.values()))


def too_many_streams() -> Conflict:
    """A member's own limit is reached."""
    return Conflict(
        "You are watching on as many devices as you may.", code="too_many_streams", retry_after_s=BUSY_RETRY_S
    )


def _settle_in(folder: Path, files: Mapping[str, bytes], least_free_bytes: int) -> None:
    """Make a session's folder where there is space for it."""
    try:
        space.make(folder, files)
        if space.free_bytes(folder) >= least_free_bytes:
            return
        problem: AppError = StorageFull("The disk for converted films is full.")
    except OSError as err:
        log.warning("the folder for converted films cannot be used: %s", err)
        problem = StorageFull("The disk for converted films is full or cannot be written.")
    space.remove(folder)
    raise problem
