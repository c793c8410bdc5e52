"""What a player's report means: tables of watch §12."""

import msgspec
import pytest

from homemedia.playback.rules import (
    UNSEEN,
    Happened,
    PlayerState,
    Report,
    Thresholds,
    WatchState,
    apply_report,
    credits_start,
    is_in_progress,
    marked_unwatched,
    marked_watched,
    percent,
)

NOW = 1_767_225_600_000
HOUR = 3_600_000
MINUTE = 60_000


def report(
    minutes: float, *, player: PlayerState | None = "playing", at: int | None = None, is_hiding: bool = False
) -> Report:
    return Report(offset_ms=int(minutes * MINUTE), now_ms=NOW, at_ms=at, player=player, is_hiding=is_hiding)


def seen(**facts: object) -> WatchState:
    return msgspec.structs.replace(WatchState(duration_ms=100 * MINUTE, last_viewed_at=NOW - HOUR), **facts)


@pytest.mark.parametrize(
    ("minutes", "player", "credits_minute", "is_watched"),
    [
        (0, "playing", None, False),
        (89.9, "playing", None, False),
        (90, "playing", None, True),
        (100, "stopped", None, True),
        (500, "playing", None, True),
        (80, "playing", 80, True),
        (79, "playing", 80, False),
    ],
    ids=["start", "just before", "at the mark", "end", "beyond the end", "at the credits", "before the credits"],
)
def test_place_decides_whether_it_counts_as_watched(
    minutes: float,
    player: PlayerState,
    credits_minute: int | None,
    is_watched: bool,  # noqa: FBT001 - a column of the table
) -> None:
    credits_ms = None if credits_minute is None else credits_minute * MINUTE

    after, happened = apply_report(UNSEEN, report(minutes, player=player), 100 * MINUTE, credits_ms)

    assert after.is_watched is is_watched
    assert after.view_count == int(is_watched)
    assert happened == ((Happened.WATCHED,) if is_watched else ())
    assert after.offset_ms == (0 if is_watched else int(minutes * MINUTE))


def test_length_that_was_told_once_stays_known() -> None:
    told, _ = apply_report(UNSEEN, report(10), 100 * MINUTE, None)

    after, happened = apply_report(told, report(95), None, None)

    assert (after.duration_ms, after.is_watched, happened) == (100 * MINUTE, True, (Happened.WATCHED,))


def test_stopping_within_a_second_of_the_end_is_watching_it() -> None:
    rules = Thresholds(watched_percent=100)

    almost = Report(offset_ms=HOUR - 900, now_ms=NOW, player="stopped")

    assert apply_report(UNSEEN, almost, HOUR, None, rules)[0].is_watched
    assert not apply_report(UNSEEN, msgspec.structs.replace(almost, player="paused"), HOUR, None, rules)[0].is_watched
    assert not apply_report(UNSEEN, msgspec.structs.replace(almost, offset_ms=HOUR - 1100), HOUR, None, rules)[
        0
    ].is_watched


def test_one_playback_counts_once_and_the_next_one_again() -> None:
    state = UNSEEN
    counts = []

    for minutes in (10, 89, 91, 95, 99, 5, 50, 92):
        state, _ = apply_report(state, report(minutes), 100 * MINUTE, None)
        counts.append(state.view_count)

    assert counts == [0, 0, 1, 1, 1, 1, 1, 2]


def test_seeing_it_again_keeps_it_watched_and_may_continue() -> None:
    state = seen(is_watched=True, view_count=1)

    after, happened = apply_report(state, report(40), 100 * MINUTE, None)

    assert (after.is_watched, after.offset_ms, after.view_count, happened) == (True, 40 * MINUTE, 1, ())
    assert is_in_progress(after)


@pytest.mark.parametrize(
    ("at", "is_taken", "viewed_at"),
    [
        (NOW - 2 * HOUR, False, NOW - HOUR),
        (NOW - HOUR // 2, True, NOW - HOUR // 2),
        (NOW + 4 * MINUTE, True, NOW + 4 * MINUTE),
        (NOW + 6 * MINUTE, True, NOW),
        (None, True, NOW),
    ],
    ids=["older than known", "newer", "clock a little ahead", "clock far ahead", "now"],
)
def test_report_of_an_offline_player_counts_by_its_time(at: int | None, is_taken: bool, viewed_at: int) -> None:  # noqa: FBT001 - a column
    state = seen(offset_ms=MINUTE)

    after, _ = apply_report(state, report(50, at=at), 100 * MINUTE, None)

    assert after.offset_ms == (50 * MINUTE if is_taken else MINUTE)
    assert after.last_viewed_at == viewed_at
    assert (after is state) is not is_taken


def test_dismissing_moves_neither_place_nor_time_and_ends_with_the_next_report() -> None:
    state = seen(offset_ms=30 * MINUTE)

    hidden, happened = apply_report(state, report(0, is_hiding=True), 100 * MINUTE, None)
    back, _ = apply_report(hidden, report(31), 100 * MINUTE, None)

    assert (hidden.offset_ms, hidden.last_viewed_at, happened) == (30 * MINUTE, NOW - HOUR, (Happened.HIDDEN,))
    assert not is_in_progress(hidden)
    assert is_in_progress(back)


def test_without_a_length_nothing_counts_as_watched_and_nothing_is_lost() -> None:
    after, _ = apply_report(UNSEEN, report(500, player="stopped"), None, None)

    assert (after.offset_ms, after.is_watched, is_in_progress(after)) == (500 * MINUTE, False, False)


@pytest.mark.parametrize(
    ("minutes", "length", "facts", "expected"),
    [
        (5, 100, {}, False),
        (5.01, 100, {}, True),
        (89.99, 100, {}, True),
        (90, 100, {}, False),
        (2, 4.9, {}, False),
        (2, 5, {}, True),
        (50, 100, {"is_hidden": True}, False),
        (50, 100, {"is_watched": True}, True),
    ],
    ids=["5 %", "more than 5 %", "less than 90 %", "90 %", "short clip", "five minutes", "dismissed", "rewatch"],
)
def test_in_progress_lies_between_the_marks(
    minutes: float,
    length: float,
    facts: dict[str, object],
    expected: bool,  # noqa: FBT001 - a column of the table
) -> None:
    state = seen(offset_ms=int(minutes * MINUTE), duration_ms=int(length * MINUTE), **facts)

    assert is_in_progress(state) is expected


def test_marking_counts_a_view_only_when_it_was_unwatched() -> None:
    once = marked_watched(seen(offset_ms=MINUTE), NOW)
    twice = marked_watched(once, NOW + 1)

    assert (once.is_watched, once.offset_ms, once.view_count, once.last_viewed_at) == (True, 0, 1, NOW)
    assert (twice.view_count, twice.last_viewed_at) == (1, NOW + 1)


def test_unmarking_resets_everything_but_the_length() -> None:
    state = seen(offset_ms=5, is_watched=True, view_count=3, is_hidden=True, is_past_end=True)

    assert marked_unwatched(state) == WatchState(duration_ms=100 * MINUTE)


@pytest.mark.parametrize(
    ("markers", "start"),
    [
        ([], None),
        ([("credits", 0)], None),
        ([("credits", 0), ("credits", 90 * MINUTE)], 90 * MINUTE),
        ([("intro", 60 * MINUTE), ("credits", 80 * MINUTE), ("credits", 95 * MINUTE)], 80 * MINUTE),
    ],
    ids=["none", "opening credits", "both", "a scene between"],
)
def test_credits_begin_in_the_second_half(markers: list[tuple[str, int]], start: int | None) -> None:
    assert credits_start(markers, 100 * MINUTE) == start


@pytest.mark.parametrize(
    ("offset", "length", "expected"), [(0, 100, 0.0), (17, 1000, 1.7), (5, None, 0.0), (1, 0, 0.0)]
)
def test_percent_has_one_decimal(offset: int, length: int | None, expected: float) -> None:
    assert percent(offset, length) == expected
