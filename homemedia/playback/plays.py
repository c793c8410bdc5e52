"""Which plays there are of files that are read as they are, and when each ends. Pure.

Streams of segments say themselves when they begin and end. A file that is read as it is has no such thing: a play of it
is what follows from the bytes a player fetches and from the reports it sends, one for each player and thing.

Source:
    Watch contract 3.8 (reports every 10 s) and 14 ("traffic in the last 30 s").
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from homemedia.playback.rules import PlayerState

SILENT_MS = 30_000
# A stream of segments waits longer for its player, with its files.
IDLE_MS = 60_000
# A paused player says nothing and fetches nothing; nobody holds anything for it but a line on a page.
PAUSED_MS = 30 * 60_000
# Whoever fetches less only looks at the head of a file, or asks whether it is there.
LEAST_BYTES = 64 << 10
# Players report every 10 s while pictures come; one that fetches and does not report waits for its pictures.
TOLD_EVERY_MS = 15_000
MS_PER_S = 1000
METER_S = 30

Shown = Literal["starting", "playing", "paused", "buffering", "idle"]


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """What is played: an item, and where it is known the file of it."""

    item_id: int
    rating_key: str
    title: str
    file_id: int | None = None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a player last said of itself. Times in ms; `position_ms` within the whole item."""

    at: int
    state: PlayerState | None
    position_ms: int
    duration_ms: int | None = None


class Play(msgspec.Struct, frozen=True, kw_only=True):
    """One player's play of one thing. Times in ms since 1970 UTC.

    Attributes:
        play_id: its name towards others.
        sign_in_id: the session of the account it came with; stands for the device.
        read_bytes: how much left for it so far.
        read_at: when the last of it left; None when nothing did.
        told: what it said last; None for players that say nothing.
    """

    play_id: str
    sign_in_id: str
    user_id: str
    thing: Thing
    started_at: int
    read_bytes: int = 0
    read_at: int | None = None
    told: Told | None = None

    @property
    def heard_at(self) -> int:
        return max(self.read_at or self.started_at, self.told.at if self.told else 0)

    @property
    def is_paused(self) -> bool:
        return self.told is not None and self.told.state == "paused"


def find(plays: Iterable[Play], sign_in_id: str, thing: Thing) -> Play | None:
    """The play that a fetch or a report belongs to: of the same file, else of the same item.

    A file of two episodes is fetched as the one and reported as the other; a film of two files is one play.
    """
    own = [play for play in plays if play.sign_in_id == sign_in_id]
    by_file = [play for play in own if thing.file_id is not None and play.thing.file_id == thing.file_id]
    by_item = [play for play in own if play.thing.item_id == thing.item_id]
    return next(iter([*by_file, *by_item]), None)


def after_read(play: Play, count: int, now: int) -> Play:
    """The play after so many more bytes have left."""
    return msgspec.structs.replace(play, read_bytes=play.read_bytes + count, read_at=now)


def after_report(play: Play, thing: Thing, told: Told) -> Play | None:
    """The play after its player has said something; None when it said that it is over.

    What it calls the thing counts more than what was concluded from the bytes. A report without a state, such as one
    that only hides the thing from a list, is a sign of life.
    """
    if told.state == "stopped":
        return None
    if told.state is None and play.told is not None:
        told = msgspec.structs.replace(told, state=play.told.state)
    file_id = play.thing.file_id if thing.file_id is None else thing.file_id
    return msgspec.structs.replace(play, thing=msgspec.structs.replace(thing, file_id=file_id), told=told)


def begins(state: PlayerState | None) -> bool:
    """Whether a report makes a play where there was none. One that was paused long ago and seeks is none yet."""
    return state == "playing"


def is_over(play: Play, now: int) -> bool:
    """Whether its player has been silent for too long."""
    return now - play.heard_at > (PAUSED_MS if play.is_paused else SILENT_MS)


def has_traffic(play: Play, now: int) -> bool:
    """Whether it counts among those that somebody watches now."""
    if play.is_paused:
        return play.read_at is not None and now - play.read_at <= SILENT_MS
    return is_real(play) and now - play.heard_at <= SILENT_MS


def is_real(play: Play) -> bool:
    """Whether it is more than a look into a file."""
    return play.told is not None or play.read_bytes >= LEAST_BYTES


def is_ahead(play: Play, plays: Iterable[Play]) -> bool:
    """Whether a player reads what comes next, while it tells of something else that it plays now."""
    return play.told is None and any(
        other.sign_in_id == play.sign_in_id and other.told is not None and other.play_id != play.play_id
        for other in plays
    )


def watched(plays: Sequence[Play], now: int) -> list[Play]:
    """Those to show, the newest first."""
    real = [play for play in plays if is_real(play) and not is_over(play, now) and not is_ahead(play, plays)]
    return sorted(real, key=lambda play: (-play.started_at, play.play_id))


def state_of(play: Play, now: int) -> Shown:
    """What its player does, as far as one can tell."""
    if play.told is None:
        return "playing"
    if play.told.state == "paused":
        return "paused"
    return "buffering" if now - play.told.at > TOLD_EVERY_MS else "playing"


def position_of(told: Told | None, now: int) -> int:
    """Where it is by now: a player that plays has gone on since it told, until the next report at most."""
    if told is None:
        return 0
    gone = min(max(0, now - told.at), TOLD_EVERY_MS) if told.state == "playing" else 0
    end = told.duration_ms
    return told.position_ms + gone if not end else min(told.position_ms + gone, max(end, told.position_ms))


def stream_state(told: Told | None, now: int, *, is_asked: bool, silent_ms: int) -> Shown:
    """What the player of a stream of segments does.

    Args:
        told: what it said last.
        now: the present.
        is_asked: it has fetched or told anything at all.
        silent_ms: how long it has neither asked nor told.
    """
    if told is not None and told.state == "paused":
        return "paused"
    if silent_ms > IDLE_MS:
        return "idle"
    if told is None:
        return "playing" if is_asked else "starting"
    return "buffering" if now - told.at > TOLD_EVERY_MS else "playing"


def fits(limit: int | None, streams: int, *, is_admin: bool) -> bool:
    """Whether a member may watch one thing more. Administrators are never restricted."""
    return limit is None or is_admin or streams < limit


class Meter:
    """How many bytes left, and at which rate over the last half minute."""

    def __init__(self) -> None:
        self.total = 0
        self._by_second: dict[int, int] = {}

    def add(self, count: int, now: int) -> None:
        self.total += count
        second = now // MS_PER_S
        self._by_second[second] = self._by_second.get(second, 0) + count
        if len(self._by_second) > 2 * METER_S:
            self._forget(second)

    def rate(self, now: int) -> int:
        """Bits a second."""
        self._forget(now // MS_PER_S)
        return sum(self._by_second.values()) * 8 // METER_S

    def _forget(self, second: int) -> None:
        self._by_second = {at: count for at, count in self._by_second.items() if at > second - METER_S}
