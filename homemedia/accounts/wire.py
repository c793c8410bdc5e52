"""Bodies and answers of the accounts routes, and the functions from models to them.

Watch's objects keep Unix seconds, the photo API's ISO text (design, "times"); where two contracts answer one path, the
answer holds the fields of both.
"""

from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts.models import NO_EMAIL_DOMAIN, Household, Member, MemberState, Session, Window
from homemedia.accounts.preferences import PlaybackPreferences
from homemedia.accounts.sessions import SignedIn
from homemedia.core.http.wire import Wire

Libraries = Literal["all"] | list[str]
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - "Z" is written by hand: quick, and right in the year 800
AVATAR_COLOURS = ("primary", "pink", "red", "yellow", "blue", "green", "purple", "orange", "gray", "amber")


class SetupBody(Wire, frozen=True, kw_only=True):
    password: str
    username: str = "admin"
    server_name: str | None = None
    setup_code: str | None = None


class LoginBody(Wire, frozen=True, kw_only=True):
    """With `email` the photo API's form, else watch's; either may hold a user name or an address."""

    username: str | None = None
    email: str | None = None
    password: str | None = None
    share_token: str | None = None


class ChangePasswordBody(Wire, frozen=True, kw_only=True):
    """The current password under any of three names."""

    new_password: str
    password: str | None = None
    current_password: str | None = None
    old_password: str | None = None
    invalidate_sessions: bool = True

    @property
    def current(self) -> str | None:
        for found in (self.current_password, self.password, self.old_password):
            if found is not None:
                return found
        return None


class User(Wire, frozen=True, kw_only=True):
    """A member as the watch contract shows him. Times in Unix seconds."""

    id: str
    username: str
    display_name: str
    is_admin: bool
    email: str | None
    enabled: bool
    state: Literal["active", "pending", "disabled", "removed"]
    created_at: int
    last_seen_at: int | None
    expires_at: int | None
    libraries: Literal["all"] | list[str]
    has_password: bool


class SetupAnswer(Wire, frozen=True, kw_only=True):
    token: str
    user: User


class LoginAnswer(Wire, frozen=True, kw_only=True):
    """What both forms of login answer: watch's pair and the photo API's fields."""

    token: str
    user: User
    access_token: str
    user_id: str
    user_email: str
    name: str
    is_admin: bool
    profile_image_path: str
    should_change_password: bool
    is_onboarded: bool


class Restrictions(Wire, frozen=True, kw_only=True):
    """What is taken away from a member (watch §14)."""

    user_id: str
    max_age: int | None
    allowed_ratings: tuple[str, ...]
    blocked_ratings: tuple[str, ...]
    block_unrated: bool
    allowed_labels: tuple[str, ...]
    blocked_labels: tuple[str, ...]
    libraries: Literal["all"] | list[str]
    allow_transcode: bool
    allow_download: bool
    max_streams: int | None
    max_bitrate: int | None
    schedule: tuple[Window, ...]


class Me(User, frozen=True, kw_only=True):
    """The caller's own fields at the top and again under `user`, for callers of both habits.

    `profileImagePath` is "" without a picture; `profileChangedAt` in Unix milliseconds tells one picture from the next.
    """

    user: User
    profile_image_path: str
    profile_changed_at: int
    preferences: PlaybackPreferences
    restrictions: Restrictions


class SessionCard(Wire, frozen=True, kw_only=True):
    """One sign-in, as the photo API shows it. Times as ISO text."""

    id: str
    created_at: str
    updated_at: str
    expires_at: str | UnsetType = UNSET
    current: bool
    device_type: str
    device_os: str = msgspec.field(name="deviceOS")
    app_version: str | None
    is_pending_sync_reset: bool


class LogoutAnswer(Wire, frozen=True, kw_only=True):
    successful: bool
    redirect_uri: str


class HouseholdCard(Wire, frozen=True, kw_only=True):
    """The household as its members see it; `accent` is a hue, or null for the program's own."""

    name: str
    accent: int | None


class HouseholdBody(Wire, frozen=True, kw_only=True):
    """What to change; a field that is left out stays."""

    name: str | UnsetType = UNSET
    accent: Annotated[int, msgspec.Meta(ge=0, le=359)] | UnsetType | None = UNSET


def user(member: Member, libraries: Libraries) -> User:
    return User(
        id=member.user_id,
        username=member.username,
        display_name=member.display_name,
        is_admin=member.is_admin,
        email=member.email,
        enabled=member.state is MemberState.ACTIVE,
        state=member.state.value,
        created_at=member.created_at // 1000,
        last_seen_at=_seconds(member.last_seen_at),
        expires_at=_seconds(member.expires_at),
        libraries=libraries,
        has_password=member.has_password,
    )


def login_answer(signed_in: SignedIn, libraries: Libraries) -> LoginAnswer:
    member = signed_in.member
    return LoginAnswer(
        token=signed_in.token,
        user=user(member, libraries),
        access_token=signed_in.token,
        user_id=member.user_id,
        user_email=photo_email(member),
        name=member.display_name,
        is_admin=member.is_admin,
        profile_image_path=member.picture or "",
        should_change_password=member.must_change_password,
        is_onboarded=member.is_onboarded,
    )


def me(member: Member, libraries: Libraries, preferences: PlaybackPreferences) -> Me:
    own = user(member, libraries)
    fields = {name: getattr(own, name) for name in User.__struct_fields__}
    return Me(
        **fields,
        user=own,
        profile_image_path=member.picture or "",
        profile_changed_at=member.avatar_changed_at or member.created_at,
        preferences=preferences,
        restrictions=restrictions_card(member, libraries),
    )


def restrictions_card(member: Member, libraries: Libraries) -> Restrictions:
    taken = member.restrictions
    fields = {name: getattr(taken, name) for name in type(taken).__struct_fields__}
    return Restrictions(user_id=member.user_id, libraries=libraries, **fields)


def session_card(session: Session, *, current: str) -> SessionCard:
    return SessionCard(
        id=session.session_id,
        created_at=iso(session.created_at),
        updated_at=iso(session.last_used_at),
        expires_at=UNSET if session.expires_at is None else iso(session.expires_at),
        current=session.session_id == current,
        device_type=session.device_type,
        device_os=session.device_os,
        app_version=session.app_version or None,
        is_pending_sync_reset=session.needs_sync_reset,
    )


def household_card(household: Household) -> HouseholdCard:
    return HouseholdCard(name=household.name, accent=household.accent)


def photo_email(member: Member) -> str:
    """The address the photo API shows: it cannot do without one."""
    return member.email or f"{member.username}@{NO_EMAIL_DOMAIN}"


def avatar_colour(member: Member) -> str:
    """The colour the photo API shows a member in: his own choice, or one that stays with his address."""
    return member.avatar_color or AVATAR_COLOURS[sum(map(ord, photo_email(member))) % len(AVATAR_COLOURS)]


def iso(at: int) -> str:
    """A time in ms as the photo API writes it: "2024-01-15T10:30:00.000Z"."""
    return (_EPOCH + timedelta(milliseconds=at)).isoformat(timespec="milliseconds") + "Z"


def _seconds(at: int | None) -> int | None:
    return None if at is None else at // 1000
