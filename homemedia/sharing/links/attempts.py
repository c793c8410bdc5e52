"""How often somebody may guess at a link's password (shares §6.4). Pure.

What is counted comes from the log of the link, so that a restart forgets nothing.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from homemedia.core.problems import TooMany

ADDRESS_WINDOW_MS: Final = 15 * 60_000
LINK_WINDOW_MS: Final = 60 * 60_000


class Failure(msgspec.Struct, frozen=True):
    """A wrong password: when, in ms, and whether it came from where the present one comes from."""

    at: int
    is_here: bool


class History(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of guesses at one link.

    Attributes:
        failures: of the last hour, the oldest first.
        locked_at: when the last lock began.
        proven_at: when the right one last came from where the present one comes from.
        changed_at: when password or token were changed: what was before counts no more.
    """

    failures: Sequence[Failure] = ()
    locked_at: int | None = None
    proven_at: int | None = None
    changed_at: int | None = None


class Limits(msgspec.Struct, frozen=True):
    """Wrong passwords from one place in 15 minutes, and at one link in an hour."""

    of_address: int
    of_link: int


def counted(history: History, now: int) -> tuple[list[int], list[int]]:
    """Failures that count at a time in ms: from here, and in all."""
    since = max(history.changed_at or 0, 0)
    ended = 0 if history.locked_at is None else history.locked_at
    at_all = [one.at for one in history.failures if one.at > max(since, now - LINK_WINDOW_MS, ended)]
    here_since = max(since, now - ADDRESS_WINDOW_MS, history.proven_at or 0)
    return [one.at for one in history.failures if one.is_here and one.at > here_since], at_all


def locked_until(history: History, now: int) -> int | None:
    """Until when nobody may try, in ms; None when one may."""
    if history.locked_at is None or history.locked_at <= (history.changed_at or 0):
        return None
    until = history.locked_at + LINK_WINDOW_MS
    return until if until > now else None


def check(history: History, limits: Limits, now: int) -> None:
    """Let one more guess pass.

    Raises:
        TooMany: `link_locked`, `too_many_attempts`.
    """
    if (until := locked_until(history, now)) is not None:
        raise locked(until, now)
    here, _ = counted(history, now)
    if len(here) >= limits.of_address:
        raise TooMany(
            "Too many wrong passwords. Wait a while and try again.",
            code="too_many_attempts",
            retry_after_s=_seconds(here[-limits.of_address] + ADDRESS_WINDOW_MS - now),
        )


def begins_lock(history: History, limits: Limits, now: int) -> bool:
    """Whether one more wrong guess at this time locks the link."""
    return len(counted(history, now)[1]) + 1 >= limits.of_link


def locked(until: int, now: int) -> TooMany:
    return TooMany(
        "Too many wrong passwords were tried on this link. It opens again in a while.",
        code="link_locked",
        retry_after_s=_seconds(until - now),
    )


def _seconds(ms: int) -> int:
    return max(1, -(-ms // 1000))
