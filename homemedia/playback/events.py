"""What this slice announces after a commit."""

from typing import Literal

import msgspec

Why = Literal["administrator", "elsewhere", "owner", "limits"]


class WatchStateChanged(msgspec.Struct, frozen=True):
    """A member has watched further, or marked something; seasons and shows are told by their own key alone."""

    user_id: str
    rating_key: str


class WatchlistChanged(msgspec.Struct, frozen=True):
    """A member wants to see something, or no longer does."""

    user_id: str
    rating_key: str
    is_listed: bool


class ActivityChanged(msgspec.Struct, frozen=True):
    """These members play something else than before, or no longer, or in another way."""

    user_ids: frozenset[str]


class PlaybackStopped(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody else ended what a device plays; `session_id` is that of a stream, `why` says who and what for."""

    sign_in_id: str
    session_id: str | None
    rating_key: str
    file_id: int | None
    why: Why
