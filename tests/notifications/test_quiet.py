import datetime as dt

import pytest

from homemedia.notifications.kinds import KIND_OF, KINDS, kind_of
from homemedia.notifications.models import Quiet, Wishes
from homemedia.notifications.quiet import is_mailed, is_pushed, is_zone, quiet_for_ms

HOUR_MS = 3_600_000
NIGHT = Quiet(begins="22:00", ends="07:00", time_zone="Europe/Berlin")
NOON = Quiet(begins="12:00", ends="14:30", time_zone="UTC")


def at(text: str) -> int:
    """A time in UTC as ms."""
    return int(dt.datetime.fromisoformat(f"{text}+00:00").timestamp() * 1000)


@pytest.mark.parametrize(
    ("quiet", "now", "left_hours"),
    [
        pytest.param(None, "2026-01-01T03:00", 0, id="no quiet hours"),
        pytest.param(NIGHT, "2026-01-01T20:59", 0, id="a minute before"),
        pytest.param(NIGHT, "2026-01-01T21:00", 9, id="their first minute, an hour ahead of UTC"),
        pytest.param(NIGHT, "2026-01-02T00:30", 5.5, id="behind midnight"),
        pytest.param(NIGHT, "2026-01-02T05:59", 1 / 60, id="their last minute"),
        pytest.param(NIGHT, "2026-01-02T06:00", 0, id="when they end"),
        pytest.param(NIGHT, "2026-07-01T20:00", 9, id="in summer the clock is two hours ahead"),
        pytest.param(NOON, "2026-01-01T13:00", 1.5, id="by day"),
        pytest.param(NOON, "2026-01-01T11:59", 0, id="before them"),
        pytest.param(NOON, "2026-01-01T14:30", 0, id="behind them"),
        pytest.param(Quiet(begins="08:00", ends="08:00", time_zone="UTC"), "2026-01-01T08:00", 0, id="none at all"),
        pytest.param(Quiet(begins="00:00", ends="24:00", time_zone="UTC"), "2026-01-01T08:00", 0, id="all day"),
        pytest.param(Quiet(begins="20:00", ends="24:00", time_zone="UTC"), "2026-01-01T23:00", 1, id="until midnight"),
    ],
)
def test_quiet_hours_last_as_long_as_the_members_clock_says(quiet: Quiet | None, now: str, left_hours: float) -> None:
    assert quiet_for_ms(quiet, at(now)) == round(left_hours * HOUR_MS)


def test_seconds_of_the_last_minute_count() -> None:
    assert quiet_for_ms(NIGHT, at("2026-01-02T05:59:45")) == 15_000


def test_unknown_zone_is_the_servers_own_and_refused_when_chosen() -> None:
    assert not is_zone("Mars/Olympus")
    assert not is_zone("../../etc/passwd")
    assert is_zone("Europe/Berlin")
    assert is_zone("")
    assert quiet_for_ms(Quiet(begins="00:00", ends="23:59", time_zone="Mars/Olympus"), at("2026-01-01T12:00")) > 0


def test_what_nobody_switched_is_as_its_kind_says() -> None:
    chosen = Wishes(push={"comments": False, "dailyReminder": True}, mail={"visits": True})

    assert [is_pushed(chosen, KINDS[name]) for name in ("comments", "dailyReminder", "shares")] == [False, True, True]
    assert [is_mailed(chosen, KINDS[name]) for name in ("visits", "shares", "reactions")] == [True, True, False]


def test_every_type_hangs_on_a_switch() -> None:
    assert set(KIND_OF.values()) == set(KINDS)
    assert kind_of("share", "something_new").name == "shares"
