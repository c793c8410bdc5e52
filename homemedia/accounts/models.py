"""What this slice thinks in: the household, its members, their sessions. No SQL, no HTTP."""

import enum
from typing import Annotated

import msgspec

from homemedia.core.http.routes import Needs

# Of a member that is shown nowhere else: what the photo API shows where a member has no e-mail.
NO_EMAIL_DOMAIN = "homemedia.invalid"


class MemberState(enum.Enum):
    """Whether a member may come in: design, "member states"."""

    ACTIVE = "active"
    PENDING = "pending"
    DISABLED = "disabled"
    REMOVED = "removed"


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Who is asking, as the database says at this very request.

    `session_id` names the session the request came with; "" when a member is spoken of and nobody asks.
    Times are ms since 1970 UTC.
    """

    user_id: str
    username: str
    display_name: str
    email: str | None
    is_admin: bool
    state: MemberState
    sees_all_libraries: bool
    session_id: str
    created_at: int
    last_seen_at: int | None
    expires_at: int | None
    has_password: bool


Caller = Annotated[Member, Needs.USER]
Viewer = Annotated[Member, Needs.MEDIA]
Admin = Annotated[Member, Needs.ADMIN]


class Household(msgspec.Struct, frozen=True, kw_only=True):
    """The one household of this server. `accent` is a hue of 0-359 degrees, or None for the program's own."""

    household_id: str
    machine_id: str
    name: str
    accent: int | None
    is_claimed: bool


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the machine somebody signs in with; "" where nothing is."""

    device_type: str = ""
    device_os: str = ""
    app_version: str = ""
    address: str = ""


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One sign-in of one device."""

    session_id: str
    way: str
    device_type: str
    device_os: str
    app_version: str
    address: str
    expires_at: int | None
    created_at: int
    last_used_at: int
