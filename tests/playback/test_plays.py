"""Which plays there are of files that are read as they are: tables of what players do, and what follows."""

from typing import Any

import msgspec
import pytest

from homemedia.playback import plays
from homemedia.playback.plays import Meter, Play, Thing, Told

NOW = 1_767_225_600_000
S = 1000
MINUTE = 60 * S
FILM = Thing(item_id=1, rating_key="heat", title="Heat", file_id=11)
OTHER = Thing(item_id=2, rating_key="ronin", title="Ronin", file_id=22)


def a_play(**more: Any) -> Play:
    """A play of a film that began a moment ago and has fetched enough to be one."""
    usual: dict[str, Any] = {
        "play_id": "p1",
        "sign_in_id": "sofa",
        "user_id": "alice",
        "thing": FILM,
        "started_at": NOW - MINUTE,
    }
    return Play(**(usual | {"read_bytes": plays.LEAST_BYTES, "read_at": NOW} | more))


def told(state: Any = "playing", ago: int = 0, position: int = 0, duration: int | None = 600 * S) -> Told:
    return Told(at=NOW - ago, state=state, position_ms=position, duration_ms=duration)


@pytest.mark.parametrize(
    ("play", "is_over"),
    [
        pytest.param(a_play(), False, id="bytes leave"),
        pytest.param(a_play(read_at=NOW - 30 * S), False, id="30 s without bytes"),
        pytest.param(a_play(read_at=NOW - 31 * S), True, id="31 s without bytes"),
        pytest.param(a_play(read_at=NOW - 5 * MINUTE, told=told(ago=10 * S)), False, id="all is read, it reports"),
        pytest.param(a_play(read_at=None, told=told(ago=10 * S)), False, id="it only reports"),
        pytest.param(a_play(read_at=NOW - 5 * MINUTE, told=told(ago=31 * S)), True, id="neither bytes nor reports"),
        pytest.param(a_play(read_at=NOW - 5 * MINUTE, told=told("paused", 29 * MINUTE)), False, id="paused for long"),
        pytest.param(a_play(read_at=NOW - 50 * MINUTE, told=told("paused", 31 * MINUTE)), True, id="paused for ever"),
        pytest.param(a_play(started_at=NOW - 31 * S, read_at=None, read_bytes=0), True, id="asked and never fetched"),
    ],
)
def test_silence_ends_a_play(play: Play, *, is_over: bool) -> None:
    assert plays.is_over(play, NOW) is is_over


@pytest.mark.parametrize(
    ("play", "counts"),
    [
        pytest.param(a_play(), True, id="bytes leave"),
        pytest.param(a_play(read_bytes=100), False, id="a look into the file"),
        pytest.param(a_play(read_bytes=0, read_at=None, told=told()), True, id="reports alone"),
        pytest.param(a_play(read_at=NOW - MINUTE, told=told("paused", 5 * S)), False, id="paused, nothing leaves"),
        pytest.param(a_play(told=told("paused", 5 * S)), True, id="paused, bytes still leave"),
        pytest.param(a_play(read_at=NOW - 31 * S), False, id="silent"),
    ],
)
def test_limit_counts_what_had_traffic_in_the_last_half_minute(play: Play, *, counts: bool) -> None:
    assert plays.has_traffic(play, NOW) is counts


@pytest.mark.parametrize(
    ("play", "state"),
    [
        pytest.param(a_play(), "playing", id="a player that says nothing"),
        pytest.param(a_play(told=told(ago=9 * S)), "playing", id="reports in time"),
        pytest.param(a_play(told=told(ago=16 * S)), "buffering", id="fetches and reports no more"),
        pytest.param(a_play(told=told("paused", MINUTE)), "paused", id="paused"),
    ],
)
def test_state_is_what_the_player_says_and_what_its_silence_means(play: Play, state: str) -> None:
    assert plays.state_of(play, NOW) == state


@pytest.mark.parametrize(
    ("said", "position"),
    [
        pytest.param(None, 0, id="nothing said"),
        pytest.param(told(ago=4 * S, position=60 * S), 64 * S, id="goes on by itself"),
        pytest.param(told(ago=60 * S, position=60 * S), 75 * S, id="not for ever"),
        pytest.param(told("paused", 60 * S, 60 * S), 60 * S, id="paused stands"),
        pytest.param(told(ago=4 * S, position=598 * S), 600 * S, id="not beyond the end"),
        pytest.param(told(ago=4 * S, position=60 * S, duration=None), 64 * S, id="of unknown length"),
        pytest.param(told(ago=-5 * S, position=60 * S), 60 * S, id="a clock that was set back"),
    ],
)
def test_place_goes_on_between_reports(said: Told | None, position: int) -> None:
    assert plays.position_of(said, NOW) == position


def test_report_names_what_bytes_only_suggested() -> None:
    both = a_play(thing=OTHER)

    after = plays.after_report(both, msgspec.structs.replace(FILM, file_id=None), told(position=5 * S))

    assert after is not None
    assert (after.thing.rating_key, after.thing.file_id) == ("heat", 22)
    assert plays.after_report(after, FILM, told("stopped")) is None


def test_report_without_a_state_keeps_the_one_before() -> None:
    paused = a_play(told=told("paused"))

    after = plays.after_report(paused, FILM, told(None))

    assert after is not None
    assert after.is_paused


def test_only_a_report_of_playing_makes_a_play() -> None:
    assert [state for state in ("playing", "paused", "stopped", None) if plays.begins(state)] == ["playing"]


@pytest.mark.parametrize(
    ("sign_in", "thing", "found"),
    [
        pytest.param("sofa", FILM, "p1", id="the same"),
        pytest.param("sofa", msgspec.structs.replace(FILM, file_id=12), "p1", id="the second part of the film"),
        pytest.param("sofa", msgspec.structs.replace(OTHER, file_id=11), "p1", id="the other episode of the file"),
        pytest.param("sofa", OTHER, None, id="another film"),
        pytest.param("phone", FILM, None, id="another device"),
    ],
)
def test_one_player_of_one_thing_is_one_play(sign_in: str, thing: Thing, found: str | None) -> None:
    play = plays.find([a_play()], sign_in, thing)

    assert (play.play_id if play else None) == found


def test_what_a_player_reads_ahead_is_not_watched_yet() -> None:
    now = a_play(told=told())
    following = a_play(play_id="p2", thing=OTHER, started_at=NOW)
    elsewhere = a_play(play_id="p3", sign_in_id="phone", thing=OTHER, started_at=NOW - 1)
    glance = a_play(play_id="p4", sign_in_id="desk", read_bytes=1)

    assert [play.play_id for play in plays.watched([now, following, elsewhere, glance], NOW)] == ["p3", "p1"]
    assert [play.play_id for play in plays.watched([following], NOW)] == ["p2"]


@pytest.mark.parametrize(
    ("said", "is_asked", "silent_ms", "state"),
    [
        pytest.param(None, False, 0, "starting", id="just opened"),
        pytest.param(None, True, 5 * S, "playing", id="a player that says nothing"),
        pytest.param(told(ago=5 * S), True, 5 * S, "playing", id="plays"),
        pytest.param(told(ago=20 * S), True, S, "buffering", id="asks and shows nothing"),
        pytest.param(told("paused", 5 * MINUTE), True, 5 * MINUTE, "paused", id="paused for long"),
        pytest.param(told(ago=2 * MINUTE), True, 2 * MINUTE, "idle", id="gone without a word"),
        pytest.param(None, False, 2 * MINUTE, "idle", id="opened and never asked for"),
    ],
)
def test_state_of_a_stream(said: Told | None, *, is_asked: bool, silent_ms: int, state: str) -> None:
    assert plays.stream_state(said, NOW, is_asked=is_asked, silent_ms=silent_ms) == state


@pytest.mark.parametrize(
    ("limit", "streams", "is_admin", "fits"),
    [(None, 9, False, True), (2, 1, False, True), (2, 2, False, False), (2, 5, True, True), (0, 0, False, False)],
)
def test_member_may_watch_as_much_as_his_limit_says(
    limit: int | None, streams: int, *, is_admin: bool, fits: bool
) -> None:
    assert plays.fits(limit, streams, is_admin=is_admin) is fits


def test_meter_tells_the_last_half_minute() -> None:
    meter = Meter()
    for second in range(100):
        meter.add(1_000_000, NOW + second * S)

    assert meter.total == 100_000_000
    assert meter.rate(NOW + 99 * S) == 8_000_000
    assert meter.rate(NOW + 114 * S) == 4_000_000
    assert meter.rate(NOW + 200 * S) == 0
