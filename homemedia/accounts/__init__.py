"""Who is asking: household, members, sessions, ways to sign in. The services are made in `app/`."""

from homemedia.accounts.events import (
    HouseholdChanged,
    InvitesChanged,
    MemberChanged,
    PictureChanged,
    SessionEnded,
    SessionsChanged,
)
from homemedia.accounts.models import (
    NO_RESTRICTIONS,
    Admin,
    Anybody,
    AnyViewer,
    Caller,
    Guest,
    Household,
    Member,
    MemberState,
    Restrictions,
    Viewer,
    Window,
)

__all__ = [
    "NO_RESTRICTIONS",
    "Admin",
    "AnyViewer",
    "Anybody",
    "Caller",
    "Guest",
    "Household",
    "HouseholdChanged",
    "InvitesChanged",
    "Member",
    "MemberChanged",
    "MemberState",
    "PictureChanged",
    "Restrictions",
    "SessionEnded",
    "SessionsChanged",
    "Viewer",
    "Window",
]
