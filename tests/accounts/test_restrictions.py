"""When a member may play: windows of time in the server's own time."""

from datetime import datetime

import pytest

from homemedia.accounts import NO_RESTRICTIONS, Restrictions, Window
from homemedia.accounts.restrictions import RestrictionsBody, is_open, merged

AFTERNOON = Window(days=("mon", "tue"), begins="15:00", ends="19:30")
NIGHT = Window(days=("fri",), begins="22:00", ends="01:00")
ALL_DAY = Window(days=("sun",), begins="00:00", ends="24:00")


@pytest.mark.parametrize(
    ("schedule", "day", "time", "expected"),
    [
        ((), 1, "03:00", True),
        ((AFTERNOON,), 5, "15:00", True),  # a Monday
        ((AFTERNOON,), 5, "14:59", False),
        ((AFTERNOON,), 6, "19:29", True),
        ((AFTERNOON,), 6, "19:30", False),
        ((AFTERNOON,), 7, "16:00", False),
        ((NIGHT,), 9, "22:00", True),  # a Friday
        ((NIGHT,), 10, "00:59", True),
        ((NIGHT,), 10, "01:00", False),
        ((NIGHT,), 9, "00:30", False),
        ((AFTERNOON, NIGHT), 9, "23:59", True),
        ((ALL_DAY,), 11, "23:59", True),
        ((ALL_DAY,), 12, "00:00", False),
    ],
)
def test_window_is_open(schedule: tuple[Window, ...], day: int, time: str, expected: bool) -> None:  # noqa: FBT001
    now = datetime.fromisoformat(f"2026-01-{day:02d}T{time}")

    assert is_open(schedule, now) is expected


def test_what_is_left_out_stays() -> None:
    before = Restrictions(max_age=12, block_unrated=False, blocked_labels=("horror",), schedule=(NIGHT,))

    assert merged(before, RestrictionsBody(max_age=6)) == Restrictions(
        max_age=6, block_unrated=False, blocked_labels=("horror",), schedule=(NIGHT,)
    )
    assert merged(NO_RESTRICTIONS, RestrictionsBody(blocked_ratings=["R"])).block_unrated is False
    assert merged(NO_RESTRICTIONS, RestrictionsBody(allowed_ratings=["PG"])).block_unrated is True
