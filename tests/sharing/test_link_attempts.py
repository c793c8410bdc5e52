"""Who may guess at a link's password once more, by what is written down of it."""

import pytest

from homemedia.core.problems import TooMany
from homemedia.sharing.links.attempts import Failure, History, Limits, begins_lock, check

MINUTE = 60_000
LIMITS = Limits(5, 50)
NOW = 1000 * MINUTE


def fails(*minutes_ago: float, is_here: bool = True) -> list[Failure]:
    return [Failure(int(NOW - ago * MINUTE), is_here) for ago in sorted(minutes_ago, reverse=True)]


FEW = [Failure(NOW - 40 * MINUTE + one, is_here=False) for one in range(49)]


@pytest.mark.parametrize(
    ("history", "code", "wait_s"),
    [
        (History(), None, 0),
        (History(failures=fails(1, 2, 3, 4)), None, 0),
        (History(failures=fails(1, 2, 3, 4, 5)), "too_many_attempts", 600),
        (History(failures=fails(1, 2, 3, 4, 14.5)), "too_many_attempts", 30),
        (History(failures=fails(1, 2, 3, 4, 15)), None, 0),
        (History(failures=fails(1, 2, 3, 4, 5, is_here=False)), None, 0),
        (History(failures=fails(1, 2, 3, 4, 5), proven_at=NOW - 3 * MINUTE), None, 0),
        (History(failures=fails(1, 2, 3, 4, 5), changed_at=NOW - 3 * MINUTE), None, 0),
        (History(locked_at=NOW - 20 * MINUTE), "link_locked", 2400),
        (History(locked_at=NOW - 60 * MINUTE), None, 0),
        (History(locked_at=NOW - 20 * MINUTE, changed_at=NOW - 10 * MINUTE), None, 0),
    ],
)
def test_guess_is_let_pass_or_refused(history: History, code: str | None, wait_s: int) -> None:
    if code is None:
        check(history, LIMITS, NOW)
        return
    with pytest.raises(TooMany) as refused:
        check(history, LIMITS, NOW)

    assert (refused.value.code, refused.value.retry_after_s) == (code, wait_s)


def test_fiftieth_within_an_hour_locks_wherever_they_came_from() -> None:
    assert begins_lock(History(failures=FEW), LIMITS, NOW)
    assert not begins_lock(History(failures=FEW[1:]), LIMITS, NOW)


def test_guesses_before_a_lock_or_a_change_count_no_more() -> None:
    assert not begins_lock(History(failures=FEW, locked_at=NOW - 30 * MINUTE), LIMITS, NOW)
    assert not begins_lock(History(failures=FEW, changed_at=NOW - 30 * MINUTE), LIMITS, NOW)
