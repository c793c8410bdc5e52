"""What this slice announces after a commit."""

import msgspec


class HouseholdChanged(msgspec.Struct, frozen=True):
    """Name, accent or the claim changed; ask `HouseholdService` for what is true now."""


class MemberChanged(msgspec.Struct, frozen=True):
    """A member was made, changed, disabled or removed."""

    user_id: str


class PictureChanged(msgspec.Struct, frozen=True):
    """A member has another picture, or none any more."""

    user_id: str


class InvitesChanged(msgspec.Struct, frozen=True):
    """An invite was made, taken or taken back."""


class SessionsChanged(msgspec.Struct, frozen=True):
    """A member was signed in somewhere, or signed out."""

    user_id: str


class SessionEnded(msgspec.Struct, frozen=True):
    """A session opens nothing any more: its sockets close, its playback stops."""

    session_id: str
