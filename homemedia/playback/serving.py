"""Whether a segment that was asked for is awaited or gets a run of its own, and how long scrubbing is let settle. Pure.

Source:
    Watch contract 9.5 and 9.6. Times inside are microseconds of the film; spans of real time are seconds.
"""

from collections.abc import Mapping, Sequence

import msgspec

from homemedia.media.hls.table import SECOND_US, SegmentTable

# After a first start scrubbing must pause for so long before the next: once, then ever again.
FEW_STARTS, SOME_CALM, MORE_CALM = 1, 1, 3


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of one session, fixed when it begins. Spans in seconds, sizes in bytes."""

    segment_s: float = 4.0
    ahead_s: float = 60.0
    idle_s: float = 60.0
    session_s: float = 1800.0
    paused_s: float = 6 * 3600.0
    max_encoding: int = 1
    max_remux: int = 10
    max_per_user: int = 3
    temp_limit_bytes: int = 10240 << 20
    least_free_bytes: int = 1 << 30
    silent_s: float = 20.0
    wait_s: float = 25.0
    calm_s: float = 0.1
    calm_window_s: float = 2.0
    soon_segments: int = 4
    soon_s: float = 10.0

    @property
    def segment_us(self) -> int:
        return round(self.segment_s * SECOND_US)

    @property
    def ahead_us(self) -> int:
        return round(self.ahead_s * SECOND_US)


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """How far a run has come: begun at `first`, writing `current`; `speed` 1.0 is as fast as it is watched."""

    first: int
    current: int
    speed: float | None = None


def is_soon(number: int, reach: Reach, table: SegmentTable, pace: Pace) -> bool:
    """Whether a run will come to a segment before a new run would be worth starting."""
    if number < reach.current:
        return False
    if number - reach.current <= pace.soon_segments:
        return True
    way_us = table.start_us(number) - table.start_us(reach.current)
    return reach.speed is not None and way_us <= reach.speed * pace.soon_s * SECOND_US


def calm_s(started_s: Sequence[float], now_s: float, pace: Pace) -> float:
    """How long a new place must stay the newest before a run starts there.

    The first start is immediate, so that one seek costs no waiting; who drags a slider is waited for, the longer the
    more has been started for nothing.
    """
    lately = sum(1 for at in started_s if now_s - at < pace.calm_window_s)
    if not lately:
        return 0.0
    return pace.calm_s * (SOME_CALM if lately <= FEW_STARTS else MORE_CALM)


def has_room(position_us: int, reached_us: int, pace: Pace, *, was_held: bool) -> bool:
    """Whether a run may go on: held beyond `ahead_s`, let go below half of it."""
    most = pace.ahead_us // 2 if was_held else pace.ahead_us
    return reached_us - position_us < most if was_held else reached_us - position_us <= most


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The finished segments of one session by number, with their sizes, and where its player is."""

    position_us: int
    table: SegmentTable
    sizes: Mapping[int, int]


def surplus(kept: Mapping[str, Kept], limit_bytes: int, spared_us: int = 60 * SECOND_US) -> list[tuple[str, int]]:
    """Segments to remove so that all together stay within a limit: the farthest from where their players are first.

    Returns:
        (session, segment); never one within `spared_us` of its session's position.
    """
    total = sum(sum(one.sizes.values()) for one in kept.values())
    if total <= limit_bytes:
        return []
    far: list[tuple[int, int, str, int]] = []
    for name, one in kept.items():
        for number, size in one.sizes.items():
            distance = max(
                one.table.start_us(number) - one.position_us,
                one.position_us - one.table.boundaries_us[number + 1],
            )
            if distance > spared_us:
                far.append((distance, size, name, number))
    chosen: list[tuple[str, int]] = []
    for _, size, name, number in sorted(far, reverse=True):
        if total <= limit_bytes:
            break
        chosen.append((name, number))
        total -= size
    return chosen
