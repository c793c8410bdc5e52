"""What this slice announces after a commit."""

import msgspec


class GrantsChanged(msgspec.Struct, frozen=True):
    """Somebody may see more or less than before.

    Attributes:
        user_id: whom it concerns; None when it may be anybody.
        share_ids: the grants, where it is known which.
    """

    user_id: str | None = None
    share_ids: tuple[str, ...] = ()


class LinkChanged(msgspec.Struct, frozen=True):
    """Visits to a link have to be looked at again: it was revoked, expired or changed in what opens it."""

    share_id: str


class SharesChanged(msgspec.Struct, frozen=True):
    """What a member has shared or was given looks different from before; for the pages of both sides."""

    user_ids: tuple[str, ...]
    is_household: bool = False
