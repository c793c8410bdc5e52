"""What can go wrong with TMDb, with the codes of the watch contract (3.12)."""

from typing import ClassVar

from homemedia.core.problems import AppError, NotFound, TooMany, Unavailable


class TmdbError(AppError):
    """Everything below: what asking TMDb may end in."""


class NotConfigured(TmdbError, Unavailable):
    """There is no key."""

    default_code = "tmdb_not_configured"

    def __init__(
        self, message: str = "There is no TMDb key. An administrator can enter one on the metadata page."
    ) -> None:
        super().__init__(message)


class KeyRefused(NotConfigured):
    """There is a key, and TMDb does not take it."""

    def __init__(self) -> None:
        super().__init__("TMDb refuses the key. Enter another one on the metadata page.")


class Unreachable(TmdbError):
    """TMDb does not answer, or not as TMDb does."""

    status: ClassVar[int] = 502
    default_code = "tmdb_unreachable"


class RateLimited(TmdbError, TooMany):
    """TMDb wants to be asked later."""

    default_code = "tmdb_rate_limited"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("TMDb wants to be asked later. Try again in a moment.", retry_after_s=max(1, retry_after_s))


class NotThere(TmdbError, NotFound):
    """TMDb knows no such thing."""

    default_code = "tmdb_not_found"

    def __init__(self) -> None:
        super().__init__("TMDb knows nothing under this number.")
