"""Where each member is in what: takes players' reports and marks, keeps them, tells them.

Players report every few seconds. A report is written at once when something changes by it, else with the next one 5 s
later, by a timer, or at the stop of the server, so that a clean stop loses nothing and a kill five seconds.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Self

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader, Write
from homemedia.core.problems import AppError, BadRequest, NotFound
from homemedia.library.browse_store import BrowseStore
from homemedia.library.files import chapters_of, in_order, markers_in, read_probe, subtitles_of
from homemedia.library.visible import Visible, visible_to
from homemedia.playback import history_rules, history_store, store, watchlist
from homemedia.playback.events import WatchStateChanged
from homemedia.playback.history_rules import Said
from homemedia.playback.rules import (
    UNSEEN,
    USUAL,
    Happened,
    PlayerState,
    Report,
    Thresholds,
    WatchState,
    apply_report,
    credits_start,
    marked_unwatched,
    marked_watched,
    percent,
)
from homemedia.playback.wire import Marked, Progress, ProgressBody, StateWire

log = logging.getLogger(__name__)

WRITE_EVERY_MS = 5000
# Of a choice of tracks more is kept, to tell two of one language apart.
TOLD_OF_CHOICE = ("audio", "subtitle")
PLAYABLE = frozenset({"movie", "episode", "video", "track"})


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What a report is about: everything that is watched with it, and how its offset is to be read.

    `identities` are (identity, rating key), the reported item's own first; `version` is that of an episode's file,
    where the player named the file.
    """

    item_id: int
    kind: str
    title: str
    identities: tuple[tuple[str, str], ...]
    duration_ms: int | None
    before_ms: int = 0
    credits_start_ms: int | None = None
    has_state: bool = True
    choice_key: str = ""
    version: str | None = None
    file_id: int | None = None
    probe: bytes | None = None


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """What a player has just said, offset and length within the whole item."""

    item_id: int
    rating_key: str
    title: str
    file_id: int | None
    session_id: str | None
    state: PlayerState | None
    at_ms: int
    offset_ms: int
    duration_ms: int | None


class Held(msgspec.Struct):
    """The newest state of one thing for one member, and whether the database has it. Each report brings a new one."""

    state: WatchState
    rating_key: str
    player: PlayerState | None
    written_at: int
    is_written: bool


class ProgressService:
    """An async context manager: leaving it writes what is not yet written.

    Args:
        db: where states are kept.
        clock: the present.
        thresholds: the household's.
    """

    def __init__(self, db: Database, clock: Clock, thresholds: Thresholds = USUAL) -> None:
        self._db = db
        self._clock = clock
        self._thresholds = thresholds
        self._counts = BrowseStore(store.watch_sql(thresholds))
        self._held: dict[tuple[str, str], Held] = {}
        # Told of each report that names a playback session: member, session, state, offset within the file in ms.
        self.on_session: Callable[[Member, str, PlayerState | None, int], None] = _nobody
        # Told of every report there is.
        self.on_report: Callable[[Member, Reported], None] = lambda _member, _reported: None
        self.is_dropping_watched = True  # from the watchlist
        self._timer: asyncio.TimerHandle | None = None
        self._flushing: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        await asyncio.gather(*self._flushing, return_exceptions=True)
        await self.flush()

    # Reports

    async def report(self, actor: Member, body: ProgressBody) -> Progress:
        """Take in what a player says.

        Raises:
            NotFound: the member sees no such item, or it has no such file.
            BadRequest: `not_playable`: a show or a season.
        """
        target = await self._target(actor, body)
        if body.session_id is not None:
            self.on_session(actor, body.session_id, body.state, body.offset)
        now = self._clock.now_ms()
        report = Report(
            offset_ms=body.offset + target.before_ms,
            now_ms=now,
            at_ms=None if body.at is None else int(body.at * 1000),
            player=body.state,
            is_hiding=body.hidden,
        )
        duration_ms = target.duration_ms or body.duration
        self.on_report(
            actor,
            Reported(
                item_id=target.item_id,
                rating_key=body.rating_key,
                title=target.title,
                file_id=target.file_id if body.file_id is None else body.file_id,
                session_id=body.session_id,
                state=body.state,
                at_ms=now if report.at_ms is None else min(report.at_ms, now),
                offset_ms=report.offset_ms,
                duration_ms=duration_ms,
            ),
        )
        if not target.has_state:
            offset_ms = body.offset if duration_ms is None else min(body.offset, duration_ms)
            return _progress(body.rating_key, WatchState(offset_ms=offset_ms, duration_ms=duration_ms))
        async with self._db.write() as tx:
            # Inside the transaction, because one report at a time may change a state. Most have nothing to write.
            known = await self._known(tx.rows, actor.user_id, [key for key, _ in target.identities])
            moved: list[tuple[str, str, bool]] = []
            seen: list[str] = []
            for identity, rating_key in target.identities:
                before = known[identity]
                after, happened = apply_report(before, report, duration_ms, target.credits_start_ms, self._thresholds)
                if after is not before:
                    known[identity] = after
                    is_due = bool(happened) or self._is_due(actor.user_id, identity, body.state, now)
                    moved.append((identity, rating_key, is_due))
                    seen += [identity] if Happened.WATCHED in happened else []
            to_write = {identity: known[identity] for identity, _, is_due in moved if is_due}
            await store.save(tx, actor.user_id, to_write)
            await self._drop(tx, self._visible(actor), actor, seen)
            for _, rating_key, is_due in moved:
                if is_due:
                    tx.announce(WatchStateChanged(actor.user_id, rating_key))
            if target.version is not None and any(is_due for _, _, is_due in moved):
                await store.save_version(tx, actor.user_id, target.choice_key, target.version)
            await self._remember_tracks(tx, actor, target, body)
            own = target.identities[0][0]
            if own in to_write and history_rules.counts(target.kind, body.state, is_hiding=body.hidden):
                await history_store.note(
                    tx,
                    Said(
                        user_id=actor.user_id,
                        sign_in_id=actor.session_id,
                        identity_key=own,
                        title=target.title,
                        at=known[own].last_viewed_at or now,
                        is_playing=body.state == "playing",
                        offset_ms=report.offset_ms,
                        duration_ms=duration_ms,
                        is_finished=known[own].is_past_end,
                    ),
                )
        # Only now, for a transaction that failed has changed nothing. Nobody came between: nothing was waited for.
        for identity, rating_key, is_due in moved:
            self._hold((actor.user_id, identity), rating_key, known[identity], body.state, is_due=is_due)
        self._arm()
        return _progress(body.rating_key, known[target.identities[0][0]])

    async def _drop(self, tx: Write, visible: Visible, actor: Member, seen: Sequence[str]) -> None:
        if self.is_dropping_watched:
            await watchlist.drop_watched(tx, visible, actor.user_id, seen)

    def _is_due(self, user_id: str, identity: str, player: PlayerState | None, now: int) -> bool:
        held = self._held.get((user_id, identity))
        return held is None or held.player != player or now - held.written_at >= WRITE_EVERY_MS

    async def _target(self, actor: Member, body: ProgressBody) -> Target:
        read = self._db.read
        row = await store.target(read, self._visible(actor), body.rating_key)
        if row is None:
            raise NotFound("There is no such title.")
        if row["kind"] not in PLAYABLE and row["kind"] != "extra":
            raise BadRequest("Only single films, episodes and videos are played.", code="not_playable")
        files = in_order(await store.parts(read, row["item_id"]))
        chosen = next((one for one in files if body.file_id in {None, one["file_id"]}), None)
        if chosen is None:
            if body.file_id is not None:
                raise NotFound("This title has no such file.")
            return Target(
                item_id=row["item_id"],
                kind=row["kind"],
                title=row["title"],
                identities=((row["identity_key"], row["rating_key"]),),
                duration_ms=row["duration_ms"],
                has_state=row["kind"] != "extra",
                choice_key=row["choice_key"],
            )
        parts = [one for one in files if one["version_index"] == chosen["version_index"]]
        lengths = [one["duration_ms"] for one in parts]
        place = parts.index(chosen)
        whole = sum(lengths) if all(lengths) else row["duration_ms"]
        markers = markers_in(chapters_of([(read_probe(one["probe"]), one["duration_ms"] or 0) for one in parts]))
        shared = await store.sharing(read, chosen["file_id"])
        own = (row["identity_key"], row["rating_key"])
        return Target(
            item_id=row["item_id"],
            kind=row["kind"],
            title=row["title"],
            identities=(own, *(one for one in dict.fromkeys(shared) if one[0] != own[0])),
            duration_ms=whole,
            before_ms=sum(length or 0 for length in lengths[:place]) if body.file_id is not None else 0,
            credits_start_ms=credits_start([(marker.type, marker.start) for marker in markers], whole),
            has_state=row["kind"] != "extra",
            choice_key=row["choice_key"],
            version=(chosen["version"] or "") if row["kind"] == "episode" and body.file_id is not None else None,
            file_id=chosen["file_id"],
            probe=chosen["probe"],
        )

    async def _known(self, read: Reader, user_id: str, identities: Sequence[str]) -> dict[str, WatchState]:
        """The newest states, held or stored."""
        found = {key: held.state for key in identities if (held := self._held.get((user_id, key))) is not None}
        missing = [key for key in identities if key not in found]
        stored = await store.states(read, user_id, missing) if missing else {}
        return {key: found.get(key) or stored.get(key, UNSEEN) for key in identities}

    def _hold(
        self, key: tuple[str, str], rating_key: str, state: WatchState, player: PlayerState | None, *, is_due: bool
    ) -> None:
        now = self._clock.now_ms()
        held = self._held.get(key)
        written_at = now if held is None or is_due else held.written_at
        self._held[key] = Held(state, rating_key, player, written_at, is_due)

    async def _remember_tracks(self, tx: Write, actor: Member, target: Target, body: ProgressBody) -> None:
        """Keep the chosen languages for the film or the whole show; of sound and subtitles what is not named stays."""
        probe = read_probe(target.probe)
        if target.file_id is None or probe is None:
            return
        choice: dict[str, object] = {}
        for stream in probe.audio:
            if stream.track == body.audio_track:
                choice |= {"audio": stream.language, "audioTitle": stream.title}
        if body.subtitle_track == "none":
            choice |= {"subtitle": "none", "subtitleTitle": None, "forcedOnly": False, "sdh": False}
        elif body.subtitle_track is not None:
            for track in await subtitles_of(tx.rows, target.file_id, probe):
                if track.index == body.subtitle_track:
                    choice |= {"subtitle": track.language, "subtitleTitle": track.title}
                    choice |= {"forcedOnly": track.forced, "sdh": track.hearing_impaired}
        if choice:
            await store.save_tracks(tx, actor.user_id, target.choice_key, msgspec.json.encode(choice).decode())

    async def track_choice(self, read: Reader, actor: Member, key: str) -> dict[str, object] | None:
        """The languages a member last chose for an item or its show."""
        text = await store.tracks(read, actor.user_id, key)
        if text is None:
            return None
        kept = msgspec.json.decode(text, type=dict[str, object])
        return {name: kept.get(name) for name in TOLD_OF_CHOICE} | {"forcedOnly": kept.get("forcedOnly") is True}

    # Writing later

    def _arm(self) -> None:
        """See to it that what is held is written within 5 s, and forgotten when nobody reports any more."""
        if self._timer is None and self._held:
            self._timer = asyncio.get_running_loop().call_later(WRITE_EVERY_MS / 1000, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        task = asyncio.create_task(self._flush_quietly(), name="watch-state")
        self._flushing.add(task)
        task.add_done_callback(self._flushing.discard)

    async def _flush_quietly(self) -> None:
        try:
            await self.flush()
        except (AppError, sqlite3.Error) as err:
            log.warning("watch states could not be written, they are kept for the next try: %s", err)
        self._arm()

    async def flush(self) -> None:
        """Write everything that is held and not yet written; what was silent for 5 s is forgotten."""
        if not self._held:
            return
        if any(not held.is_written for held in self._held.values()):
            async with self._db.write() as tx:
                waiting = await self._flush_in(tx)
            self._settle(waiting)
        now = self._clock.now_ms()
        self._held = {
            key: held
            for key, held in self._held.items()
            if not held.is_written or now - held.written_at < WRITE_EVERY_MS
        }

    async def _flush_in(self, tx: Write) -> list[Held]:
        by_member: dict[str, dict[str, WatchState]] = {}
        waiting: list[Held] = []
        for (user_id, identity), held in self._held.items():
            if not held.is_written:
                by_member.setdefault(user_id, {})[identity] = held.state
                tx.announce(WatchStateChanged(user_id, held.rating_key))
                waiting.append(held)
        for user_id, states in by_member.items():
            await store.save(tx, user_id, states)
        return waiting

    def _settle(self, waiting: Sequence[Held]) -> None:
        """Remember, after the commit, that these are written."""
        for held in waiting:
            held.is_written, held.written_at = True, self._clock.now_ms()

    # Marks

    async def mark(self, actor: Member, key: str, *, is_watched: bool) -> Marked:
        """Say of an item, or of every episode below it that the member sees, that he has or has not seen it.

        Raises:
            NotFound: the member sees no such item.
        """
        visible = self._visible(actor)
        now = self._clock.now_ms()
        async with self._db.write() as tx:
            row = await store.target(tx.rows, visible, key)
            if row is None:
                raise NotFound("There is no such title.")
            waiting = await self._flush_in(tx)
            reached = await store.marked(tx.rows, visible, row["item_id"])
            known = await store.states(tx.rows, actor.user_id, list(reached))
            after: dict[str, WatchState] = {}
            changed = 0
            for identity, duration_ms in reached.items():
                before = known.get(identity, WatchState(duration_ms=duration_ms))
                marked = marked_watched(before, now) if is_watched else marked_unwatched(before)
                changed += before.is_watched != is_watched or (not is_watched and before.offset_ms > 0)
                if marked != before:
                    after[identity] = marked
            await store.save(tx, actor.user_id, after)
            if is_watched:
                await self._drop(tx, visible, actor, list(reached))
            tx.announce(WatchStateChanged(actor.user_id, key))
        self._settle(waiting)
        for identity in reached:
            self._held.pop((actor.user_id, identity), None)
        return Marked(rating_key=key, watched=is_watched, changed=changed)

    # Telling

    async def states(self, actor: Member, keys: Sequence[str]) -> dict[str, StateWire]:
        """What the member has seen of these items; those he does not see are left out."""
        await self.flush()
        visible = self._visible(actor)
        async with self._db.snapshot() as read:
            rows = await store.keyed(read, visible, actor.user_id, keys)
            counts = await self._counts.counts(
                read,
                visible,
                actor.user_id,
                shows=[row["item_id"] for row in rows if row["kind"] == "show"],
                seasons=[row["item_id"] for row in rows if row["kind"] == "season"],
            )
        below: Mapping[int, Mapping[str, int | None]] = {row["item_id"]: dict(row) for row in counts}
        found: dict[str, StateWire] = {}
        for row in rows:
            if row["kind"] in {"show", "season"}:
                of_it = below.get(row["item_id"], {"unwatched": 0, "episodes": 0, "last_viewed_at": None})
                found[row["rating_key"]] = _collected(of_it)
            elif row["kind"] in PLAYABLE:
                found[row["rating_key"]] = StateWire(
                    watched=bool(row["is_watched"]),
                    offset=row["offset_ms"],
                    duration=row["duration_ms"],
                    percent=percent(row["offset_ms"], row["duration_ms"]),
                    view_count=row["view_count"],
                    last_viewed_at=_seconds(row["last_viewed_at"]),
                )
        return found

    def _visible(self, actor: Member) -> Visible:
        return visible_to(actor, self._clock.now_ms()).opened


def _nobody(_actor: Member, _session_id: str, _state: PlayerState | None, _offset_ms: int) -> None:
    """Where nothing is converted there are no sessions."""


def _collected(of_it: Mapping[str, int | None]) -> StateWire:
    unwatched, episodes = of_it["unwatched"] or 0, of_it["episodes"] or 0
    return StateWire(
        watched=episodes > 0 and unwatched == 0,
        offset=0,
        duration=None,
        percent=percent(episodes - unwatched, episodes),
        view_count=0,
        last_viewed_at=_seconds(of_it["last_viewed_at"]),
        unwatched_count=unwatched,
    )


def _seconds(ms: int | None) -> int | None:
    return None if ms is None else ms // 1000


def _progress(key: str, state: WatchState) -> Progress:
    return Progress(
        rating_key=key,
        offset=state.offset_ms,
        duration=state.duration_ms,
        percent=percent(state.offset_ms, state.duration_ms),
        watched=state.is_watched,
        view_count=state.view_count,
    )
