"""Who plays what now: streams of segments, and files that are read as they are. In memory alone.

Of files it hears by the bytes that leave and by the reports of players (`plays.py` decides what follows); of streams
the sessions know. Told to nobody but administrators and the member himself.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Self

import msgspec
from aiohttp import web

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.ids import new_hex
from homemedia.core.problems import Forbidden, NotFound
from homemedia.library.files import PlaceOfFile, PlayableFile
from homemedia.playback import plays
from homemedia.playback.events import ActivityChanged, PlaybackStopped, Why
from homemedia.playback.plays import Meter, Play, Shown, Thing, Told
from homemedia.playback.progress import Reported
from homemedia.playback.session import Session
from homemedia.playback.sessions import Order, Sessions, too_many_streams

LOOK_EVERY_S = 5.0
# Changes are told this much later, so that a start with its first requests and reports is told once.
CALM_S = 0.5
# Players ask again by themselves after a failure; that long they are told why they were stopped.
HELD_MS = 8_000
SENTENCES: dict[Why, str] = {
    "administrator": "The administrator ended this.",
    "elsewhere": "This goes on on another device.",
    "owner": "You ended this on another device.",
    "limits": "You may not watch this any more, or not at this time.",
}


class Watching(msgspec.Struct, frozen=True, kw_only=True):
    """One player as it is now. `session` is that of a stream; None where a file is read as it is.

    Positions in ms within the whole item, `rate` in bits/s over the last half minute. `client_name` is what the player
    calls itself, "" where it says nothing.
    """

    play_id: str
    member: Member
    thing: Thing
    state: Shown
    position_ms: int
    duration_ms: int | None
    started_at: int
    heard_at: int
    address: str
    sent_bytes: int
    rate: int
    client_name: str = ""
    session: Session | None = None


class _Reader:
    """What belongs to a play and is no part of the decision about it."""

    def __init__(self, play: Play, member: Member, address: str = "") -> None:
        self.play = play
        self.member = member
        self.address = address
        self.meter = Meter()
        self.connections: set[asyncio.Transport] = set()

    def cut(self) -> None:
        """Break off what is being sent: bytes on their way would play on for minutes."""
        for connection in self.connections:
            connection.abort()


class Activity:
    """An async context manager: leaving it stops the clock.

    Args:
        sessions: of streams.
        clock: the present.
        address: whose request it is, behind proxies too.
        publish: where changes are told.
    """

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        address: Callable[[web.Request], str],
        publish: Callable[[object], None],
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._address = address
        self._publish = publish
        self._readers: dict[str, _Reader] = {}
        # What players of streams said last, by session.
        self._told: dict[str, Told] = {}
        # (sign-in, file) to why it was stopped and until when that is said.
        self._held: dict[tuple[str, int], tuple[Why, int]] = {}
        self._seen: dict[str, tuple[str, object]] = {}
        self._looking: asyncio.TimerHandle | None = None
        self._calm: asyncio.TimerHandle | None = None
        # How many things a member may play at once; None for as many as he likes.
        self.limit_of: Callable[[Member], int | None] = lambda _member: None
        # Asked before anything is played; may refuse.
        self.may_play: Callable[[Member], None] = lambda _member: None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for timer in (self._looking, self._calm):
            if timer is not None:
                timer.cancel()
        self._looking = self._calm = None

    # What it hears

    @contextlib.contextmanager
    def reading(
        self, actor: Member, file_id: int, place: PlaceOfFile, request: web.Request
    ) -> Iterator[Callable[[int], None]]:
        """Entered while a file's bytes are sent to be played; gives what is told of each piece.

        Raises:
            Forbidden: `playback_stopped`: it was stopped a moment ago; `outside_schedule`.
            Conflict: `too_many_streams`: the member's own limit.
        """
        self.may_play(actor)
        thing = Thing(item_id=place.item_id, rating_key=place.rating_key, title=place.title, file_id=file_id)
        self._refuse_held(actor, file_id)
        reader = self._of(actor, thing)
        if reader is None:
            self._refuse_one_more(actor, own=self._of_sign_in(actor), is_ahead=self._reads_ahead(actor))
            reader = self._begin(actor, thing)
        reader.address = self._address(request)
        transport = request.transport
        if transport is not None:
            reader.connections.add(transport)

        def sent(count: int) -> None:
            now = self._clock.now_ms()
            was_real = plays.is_real(reader.play)
            reader.play = plays.after_read(reader.play, count, now)
            reader.meter.add(count, now)
            # Long paused, it may have been given up meanwhile.
            self._readers.setdefault(reader.play.play_id, reader)
            if not was_real:
                self.look_soon()

        try:
            yield sent
        finally:
            if transport is not None:
                reader.connections.discard(transport)

    def reported(self, actor: Member, reported: Reported) -> None:
        """A player told where it is."""
        now = self._clock.now_ms()
        if now - reported.at_ms > plays.SILENT_MS:
            return  # a player that was offline tells what has been
        told = Told(at=now, state=reported.state, position_ms=reported.offset_ms, duration_ms=reported.duration_ms)
        thing = Thing(
            item_id=reported.item_id, rating_key=reported.rating_key, title=reported.title, file_id=reported.file_id
        )
        reader = self._of(actor, thing)
        if reported.session_id is not None:
            self._told[reported.session_id] = told
            if reader is not None:  # it was read as it is before, and is converted now
                self._drop(reader)
        elif reader is not None:
            play = plays.after_report(reader.play, thing, told)
            if play is None:
                self._drop(reader)
            else:
                reader.play = play
        elif plays.begins(told.state):
            reader = self._begin(actor, thing)
            reader.play = msgspec.structs.replace(reader.play, told=told)
        self.look_soon()

    def admit(self, actor: Member, order: Order) -> None:
        """Asked before a stream begins.

        Raises:
            As `reading`.
        """
        self.may_play(actor)
        self._refuse_held(actor, order.film.file.file_id)
        same_player = {
            one.session_id
            for one in self._sessions.living()
            if one.owner.session_id == actor.session_id and one.client_name and one.client_name == order.client_name
        }
        reader = self._of(actor, _thing_of(order.film.file))
        self._refuse_one_more(actor, own=same_player | ({reader.play.play_id} if reader else set()), is_ahead=False)

    def end_of_sign_in(self, sign_in_id: str) -> None:
        """A sign-in was ended: what is read by it ends too."""
        for reader in [one for one in self._readers.values() if one.play.sign_in_id == sign_in_id]:
            reader.cut()
            self._drop(reader)
        self.look_soon()

    # What there is

    def watching(self, user_id: str | None = None) -> list[Watching]:
        """All players, or those of one member, the newest first."""
        now = self._clock.now_ms()
        own = [reader.play for reader in self._readers.values()]
        found = [self._of_file(self._readers[play.play_id], now) for play in plays.watched(own, now)]
        found += [self._of_stream(session, now) for session in self._shown_sessions()]
        kept = [one for one in found if user_id in {None, one.member.user_id}]
        return sorted(kept, key=lambda one: (-one.started_at, one.play_id))

    def _shown_sessions(self) -> list[Session]:
        """Without those that a player has only prepared for what comes next."""
        living = self._sessions.living()
        return [
            session
            for session in living
            if session.is_asked
            or not any(
                other.is_asked and other.client_name == session.client_name and other.owner == session.owner
                for other in living
                if session.client_name
            )
        ]

    def _of_file(self, reader: _Reader, now: int) -> Watching:
        play = reader.play
        return Watching(
            play_id=play.play_id,
            member=reader.member,
            thing=play.thing,
            state=plays.state_of(play, now),
            position_ms=plays.position_of(play.told, now),
            duration_ms=play.told.duration_ms if play.told else None,
            started_at=play.started_at,
            heard_at=play.heard_at,
            address=reader.address,
            sent_bytes=reader.meter.total,
            rate=reader.meter.rate(now),
        )

    def _of_stream(self, session: Session, now: int) -> Watching:
        told = self._told.get(session.session_id)
        state = plays.stream_state(told, now, is_asked=session.is_asked, silent_ms=now - session.last_seen_at)
        return Watching(
            play_id=session.session_id,
            member=session.owner,
            thing=_thing_of(session.film.file),
            state=state,
            position_ms=plays.position_of(told, now) if told else session.asked_ms,
            duration_ms=told.duration_ms if told and told.duration_ms else session.film.table.end_us // 1000,
            started_at=session.started_at,
            heard_at=session.last_seen_at,
            address=session.address,
            sent_bytes=session.meter.total,
            rate=session.meter.rate(now),
            client_name=session.client_name,
            session=session,
        )

    def streams_of(self, user_id: str, but: Sequence[str] | set[str] = ()) -> int:
        """How many things a member plays now, as his limit counts them; `but` are not counted."""
        now = self._clock.now_ms()
        own = [reader.play for reader in self._readers.values() if reader.play.user_id == user_id]
        files = [play for play in own if plays.has_traffic(play, now) and not plays.is_ahead(play, own)]
        streams = [one for one in self._shown_sessions() if one.owner.user_id == user_id]
        return sum(play.play_id not in but for play in files) + sum(one.session_id not in but for one in streams)

    # Ending

    def stop(self, actor: Member, play_id: str, why: Why | None = None) -> None:
        """End a play of one's own, or as an administrator anybody's; its player is told why.

        Raises:
            NotFound: `session_not_found`.
        """
        found = next((one for one in self.watching() if one.play_id == play_id), None)
        is_own = found is not None and found.member.user_id == actor.user_id
        if found is None or not (is_own or actor.is_admin):
            raise NotFound("This playback has ended.", code="session_not_found")
        reason: Why = why or ("owner" if is_own else "administrator")
        self._hold(found, reason)
        reader = self._readers.get(play_id)
        if reader is not None:
            reader.cut()
            self._drop(reader)
        if found.session is not None:
            self._sessions.end_soon(found.session)
        self.look_soon()

    def taken(self, session: Session) -> None:
        """An administrator ended somebody's stream by another way."""
        self._hold(self._of_stream(session, self._clock.now_ms()), "administrator")

    def played(self) -> set[tuple[Member, int]]:
        """Members, as they were when they began, and the files they play."""
        files = {
            (one.member, one.play.thing.file_id) for one in self._readers.values() if one.play.thing.file_id is not None
        }
        return files | {(one.owner, one.film.file.file_id) for one in self._sessions.living()}

    def end_for(self, member: Member, file_id: int) -> None:
        """End what a member plays of a file; its player is told why."""
        now = self._clock.now_ms()
        for reader in list(self._readers.values()):
            if reader.member == member and reader.play.thing.file_id == file_id:
                self._hold(self._of_file(reader, now), "limits")
                reader.cut()
                self._drop(reader)
        for session in self._sessions.living():
            if session.owner == member and session.film.file.file_id == file_id:
                self._hold(self._of_stream(session, now), "limits")
                self._sessions.end_soon(session)
        self.look_soon()

    def _hold(self, found: Watching, why: Why) -> None:
        sign_in_id, file_id = found.member.session_id, found.thing.file_id
        if file_id is not None:
            self._held[sign_in_id, file_id] = (why, self._clock.now_ms() + HELD_MS)
        self._publish(
            PlaybackStopped(
                sign_in_id=sign_in_id,
                session_id=found.session.session_id if found.session else None,
                rating_key=found.thing.rating_key,
                file_id=file_id,
                why=why,
            )
        )

    def _refuse_held(self, actor: Member, file_id: int) -> None:
        now = self._clock.now_ms()
        self._held = {key: held for key, held in self._held.items() if held[1] > now}
        held = self._held.get((actor.session_id, file_id))
        if held is not None:
            raise Forbidden(SENTENCES[held[0]], code="playback_stopped")

    def _refuse_one_more(self, actor: Member, *, own: set[str], is_ahead: bool) -> None:
        limit = self.limit_of(actor)
        if is_ahead or plays.fits(limit, self.streams_of(actor.user_id, own), is_admin=actor.is_admin):
            return
        if limit is not None and self._ends_idle(actor.user_id, limit, own):
            return
        raise too_many_streams()

    def _ends_idle(self, user_id: str, limit: int, own: set[str]) -> bool:
        """Whether one more fits once streams that nobody comes for are ended: a crashed browser locks nobody out."""
        surplus = self.streams_of(user_id, own) - limit + 1
        idle = [
            session
            for session in self._shown_sessions()
            if session.owner.user_id == user_id and session.session_id not in own and session.is_idle
        ]
        if not 0 < surplus <= len(idle):
            return False
        for session in sorted(idle, key=lambda one: one.last_seen_at)[:surplus]:
            self._sessions.end_soon(session)
        return True

    # Bookkeeping

    def _of(self, actor: Member, thing: Thing) -> _Reader | None:
        play = plays.find((reader.play for reader in self._readers.values()), actor.session_id, thing)
        return self._readers[play.play_id] if play else None

    def _of_sign_in(self, actor: Member) -> set[str]:
        """Looks into files that this device took without playing them."""
        return {
            reader.play.play_id
            for reader in self._readers.values()
            if reader.play.sign_in_id == actor.session_id and not plays.is_real(reader.play)
        }

    def _reads_ahead(self, actor: Member) -> bool:
        """Whether a first fetch of this device is for what comes next: it plays one thing, and fetches no other yet."""
        own = [reader.play for reader in self._readers.values() if reader.play.sign_in_id == actor.session_id]
        return any(play.told for play in own) and all(play.told for play in own)

    def _begin(self, actor: Member, thing: Thing) -> _Reader:
        play = Play(
            play_id=new_hex(16),
            sign_in_id=actor.session_id,
            user_id=actor.user_id,
            thing=thing,
            started_at=self._clock.now_ms(),
        )
        reader = self._readers[play.play_id] = _Reader(play, actor)
        self._arm()
        return reader

    def _drop(self, reader: _Reader) -> None:
        self._readers.pop(reader.play.play_id, None)

    # Telling

    def look_soon(self) -> None:
        """Something may have changed; it is told in a moment."""
        if self._calm is None:
            self._calm = asyncio.get_running_loop().call_later(CALM_S, self.look)

    def look(self) -> None:
        """Forget what is over, and tell whose plays are others than before."""
        if self._calm is not None:
            self._calm.cancel()
            self._calm = None
        now = self._clock.now_ms()
        for reader in [one for one in self._readers.values() if plays.is_over(one.play, now)]:
            self._drop(reader)
        living = {session.session_id for session in self._sessions.living()}
        self._told = {name: told for name, told in self._told.items() if name in living}
        seen = {one.play_id: (one.member.user_id, _essence(one)) for one in self.watching()}
        changed = {
            (seen.get(name) or self._seen[name])[0]
            for name in seen.keys() | self._seen.keys()
            if seen.get(name) != self._seen.get(name)
        }
        self._seen = seen
        if changed:
            self._publish(ActivityChanged(frozenset(changed)))
        self._arm()

    def _arm(self) -> None:
        if self._looking is None and (self._readers or self._seen):
            self._looking = asyncio.get_running_loop().call_later(LOOK_EVERY_S, self._on_time)

    def _on_time(self) -> None:
        self._looking = None
        self.look()


def _thing_of(file: PlayableFile) -> Thing:
    return Thing(item_id=file.item_id, rating_key=file.rating_key, title=file.title, file_id=file.file_id)


def _essence(one: Watching) -> object:
    """What must have changed for a change to be told: not the place, which changes all the time."""
    session = one.session
    return (
        one.thing.rating_key,
        one.state,
        session and (session.state, session.failure is not None, session.film.decision.encoder),
    )
