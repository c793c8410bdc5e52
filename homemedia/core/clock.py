"""What time it is, as integer milliseconds since 1970 UTC; a clock is handed in where tests need to turn it."""

import time


def now_ms() -> int:
    """The wall clock in ms since 1970 UTC."""
    return time.time_ns() // 1_000_000


class Clock:
    """The real clock. Tests hand in one of their own."""

    def now_ms(self) -> int:
        return now_ms()

    def monotonic_s(self) -> float:
        return time.monotonic()
