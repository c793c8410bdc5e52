"""Fakes for the seams: time that only moves when told."""

from homemedia.core.clock import Clock


class FakeClock(Clock):
    """A clock that stands still until it is moved. Starts on 2026-01-01 00:00 UTC."""

    def __init__(self, at_ms: int = 1_767_225_600_000) -> None:
        self.at_ms = at_ms

    def now_ms(self) -> int:
        return self.at_ms

    def monotonic_s(self) -> float:
        return self.at_ms / 1000

    def pass_ms(self, ms: int) -> None:
        self.at_ms += ms
