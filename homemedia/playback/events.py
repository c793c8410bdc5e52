"""What this slice announces after a commit."""

import msgspec


class WatchStateChanged(msgspec.Struct, frozen=True):
    """A member has watched further, or marked something; seasons and shows are told by their own key alone."""

    user_id: str
    rating_key: str


class WatchlistChanged(msgspec.Struct, frozen=True):
    """A member wants to see something, or no longer does."""

    user_id: str
    rating_key: str
    is_listed: bool
