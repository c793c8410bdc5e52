"""What a report from a player means for a member's watch state. Pure; all of watch §12 that is arithmetic."""

import enum
from typing import Literal

import msgspec

SKEW_MS = 5 * 60 * 1000
NEAR_END_MS = 1000
SHORTEST_MS = 5 * 60 * 1000  # shorter clips never enter continue watching

PlayerState = Literal["playing", "paused", "stopped"]


class Thresholds(msgspec.Struct, frozen=True):
    """From where something counts as watched, and from where as begun, in percent of its length."""

    watched_percent: int = 90
    resume_percent: int = 5


USUAL = Thresholds()


class WatchState(msgspec.Struct, frozen=True, kw_only=True):
    """What one member has seen of one thing. The offset is the raw one; only watching to the end sets it to 0.

    `is_past_end`: the last report lay behind the watched mark, so this view is counted already.
    """

    offset_ms: int = 0
    duration_ms: int | None = None
    is_watched: bool = False
    view_count: int = 0
    last_viewed_at: int | None = None
    is_hidden: bool = False
    is_past_end: bool = False


UNSEEN = WatchState()


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a player says. `at_ms` is None for a report of this very moment; `is_hiding` only dismisses."""

    offset_ms: int
    now_ms: int
    at_ms: int | None = None
    player: PlayerState | None = None
    is_hiding: bool = False


class Happened(enum.Enum):
    """What a report brought about beside a new offset."""

    WATCHED = "watched"
    HIDDEN = "hidden"


def apply_report(
    state: WatchState,
    report: Report,
    duration_ms: int | None,
    credits_start_ms: int | None,
    thresholds: Thresholds = USUAL,
) -> tuple[WatchState, tuple[Happened, ...]]:
    """The state after a report, and what happened by it.

    Args:
        state: before.
        report: of a player; its offset runs over all parts.
        duration_ms: of the whole thing; None when nobody knows.
        credits_start_ms: where a marker says that the credits begin.
        thresholds: the household's.

    Returns:
        The very same state when the report is older than what is known.
    """
    at = report.now_ms
    if report.at_ms is not None:
        at = report.now_ms if report.at_ms > report.now_ms + SKEW_MS else report.at_ms
        if state.last_viewed_at is not None and at < state.last_viewed_at:
            return state, ()
    if report.is_hiding:
        # To dismiss is not to watch: neither the place nor the time of the last view moves.
        return msgspec.structs.replace(state, is_hidden=True), (Happened.HIDDEN,)
    # A player may tell the length of what the server could not measure in one report and leave it out of the next.
    duration_ms = state.duration_ms if duration_ms is None else duration_ms
    offset = report.offset_ms if duration_ms is None else min(report.offset_ms, duration_ms)
    after = msgspec.structs.replace(
        state, offset_ms=offset, duration_ms=duration_ms, last_viewed_at=at, is_hidden=False, is_past_end=False
    )
    if not is_past_end(offset, duration_ms, credits_start_ms, report.player, thresholds):
        return after, ()
    after = msgspec.structs.replace(after, offset_ms=0, is_watched=True, is_past_end=True)
    if state.is_past_end:
        return after, ()
    return msgspec.structs.replace(after, view_count=state.view_count + 1), (Happened.WATCHED,)


def is_past_end(
    offset_ms: int,
    duration_ms: int | None,
    credits_start_ms: int | None,
    player: PlayerState | None,
    thresholds: Thresholds = USUAL,
) -> bool:
    """Whether this place counts as having watched it."""
    if credits_start_ms is not None and offset_ms >= credits_start_ms:
        return True
    if not duration_ms:
        return False
    if offset_ms * 100 >= duration_ms * thresholds.watched_percent:
        return True
    return player == "stopped" and duration_ms - offset_ms <= NEAR_END_MS


def is_in_progress(state: WatchState, thresholds: Thresholds = USUAL) -> bool:
    """Whether continue watching lists it. `store.in_progress_sql` says the same to the database."""
    duration_ms = state.duration_ms or 0
    return (
        not state.is_hidden
        and duration_ms >= SHORTEST_MS
        and thresholds.resume_percent * duration_ms < state.offset_ms * 100 < thresholds.watched_percent * duration_ms
    )


def marked_watched(state: WatchState, now_ms: int) -> WatchState:
    """The state after a member says that he has seen it."""
    return msgspec.structs.replace(
        state,
        offset_ms=0,
        is_watched=True,
        view_count=state.view_count + (not state.is_watched),
        last_viewed_at=now_ms,
        is_hidden=False,
        is_past_end=False,
    )


def marked_unwatched(state: WatchState) -> WatchState:
    """The state after a member says that he has not seen it; its length stays known."""
    return WatchState(duration_ms=state.duration_ms)


def percent(offset_ms: int, duration_ms: int | None) -> float:
    """How far, with one decimal; 0 when the length is unknown."""
    return round(100 * offset_ms / duration_ms, 1) if duration_ms else 0.0


def credits_start(markers: list[tuple[str, int]], duration_ms: int | None) -> int | None:
    """Where the credits begin: the first such marker in the second half, for opening credits are named alike.

    Args:
        markers: (type, start in ms), ascending.
        duration_ms: of the whole thing.
    """
    half = (duration_ms or 0) // 2
    return next((start for kind, start in markers if kind == "credits" and duration_ms and start >= half), None)
