"""What this slice announces after a commit."""

import msgspec


class GrantsChanged(msgspec.Struct, frozen=True):
    """Somebody may see more or less than before.

    Attributes:
        user_id: whom it concerns; None when it may be anybody.
    """

    user_id: str | None = None
