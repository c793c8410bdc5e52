"""Who is asking: household, members, sessions, ways to sign in. The services are made in `app.py`."""

from homemedia.accounts.events import HouseholdChanged, MemberChanged, SessionEnded
from homemedia.accounts.models import Admin, Caller, Household, Member, MemberState, Viewer

__all__ = [
    "Admin",
    "Caller",
    "Household",
    "HouseholdChanged",
    "Member",
    "MemberChanged",
    "MemberState",
    "SessionEnded",
    "Viewer",
]
