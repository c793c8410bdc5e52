"""Bodies and answers of the routes on members."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts.member_rules import Held, MemberChange, NewMember
from homemedia.accounts.members_store import Account
from homemedia.accounts.restrictions import RestrictionsBody
from homemedia.accounts.wire import Libraries, User, avatar_colour, iso, photo_email, user
from homemedia.core.http.wire import Query, Wire

LAST_SECOND = 253_402_300_799  # 9999-12-31
_Seconds = Annotated[int, msgspec.Meta(ge=0, le=LAST_SECOND)]


class NewMemberBody(Wire, frozen=True, kw_only=True):
    """An account to be made. `expiresAt` in Unix seconds."""

    username: str
    password: str
    is_admin: bool = False
    display_name: str | None = None
    email: str | None = None
    libraries: Libraries = "all"
    expires_at: _Seconds | None = None
    restrictions: RestrictionsBody | None = None


class MemberBody(Wire, frozen=True, kw_only=True):
    """What to change of an account; a field that is left out stays."""

    username: str | UnsetType = UNSET
    password: str | UnsetType = UNSET
    is_admin: bool | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    display_name: str | UnsetType = UNSET
    email: str | UnsetType | None = UNSET
    libraries: Libraries | UnsetType = UNSET
    expires_at: _Seconds | UnsetType | None = UNSET
    restrictions: RestrictionsBody | UnsetType | None = UNSET


class ProfileBody(Wire, frozen=True, kw_only=True):
    """What a member changes of himself; a field that is left out stays."""

    display_name: str | UnsetType = UNSET
    email: str | UnsetType | None = UNSET


class MemberCard(Wire, frozen=True, kw_only=True):
    """A member in the list of all: the photo API's fields for everybody, watch's User with them for administrators.

    The fields of both, and of times both forms: for administrators they are as in watch, Unix seconds and no address
    that does not exist, for others as in the photo API, ISO text.
    """

    id: str
    email: str | None
    name: str
    avatar_color: str
    profile_image_path: str
    profile_changed_at: str | int
    username: str | UnsetType = UNSET
    display_name: str | UnsetType = UNSET
    is_admin: bool | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    state: Literal["active", "pending", "disabled", "removed"] | UnsetType = UNSET
    created_at: int | UnsetType = UNSET
    last_seen_at: int | UnsetType | None = UNSET
    expires_at: int | UnsetType | None = UNSET
    libraries: Libraries | UnsetType = UNSET
    has_password: bool | UnsetType = UNSET
    active_sessions: int | UnsetType = UNSET


class UserAnswer(Wire, frozen=True, kw_only=True):
    user: User


class DeletedAnswer(Wire, frozen=True, kw_only=True):
    deleted: bool
    id: str


class DeleteQuery(Query, frozen=True, kw_only=True):
    """`force`: what the member owned is dropped at once."""

    force: bool = False


class LinkQuery(Query, frozen=True, kw_only=True):
    expires_in: Annotated[int, msgspec.Meta(ge=300, le=2_592_000)] = 604_800


class LinkAnswer(Wire, frozen=True, kw_only=True):
    """`qr` is the address as an SVG, for a tablet's camera."""

    url: str
    qr: str
    token: str
    expires_at: int
    user_id: str


def new_member(body: NewMemberBody) -> NewMember:
    return NewMember(
        username=body.username,
        password=body.password,
        is_admin=body.is_admin,
        display_name=body.display_name,
        email=body.email or None,
        libraries=body.libraries,
        expires_at=None if body.expires_at is None else body.expires_at * 1000,
        restrictions=body.restrictions,
    )


def member_change(body: MemberBody) -> MemberChange:
    return MemberChange(
        username=body.username,
        password=body.password,
        is_admin=body.is_admin,
        is_enabled=body.enabled,
        display_name=body.display_name,
        email=body.email,
        libraries=body.libraries,
        expires_at=body.expires_at * 1000 if isinstance(body.expires_at, int) else body.expires_at,
        restrictions=body.restrictions,
    )


def account_card(account: Account, libraries: Libraries) -> MemberCard:
    member = account.member
    own = user(member, libraries)
    fields = {name: getattr(own, name) for name in User.__struct_fields__}
    return MemberCard(
        **fields,
        active_sessions=account.active_sessions,
        name=member.display_name,
        avatar_color=avatar_colour(member),
        profile_image_path=member.picture or "",
        profile_changed_at=(member.avatar_changed_at or member.created_at) // 1000,
    )


def public_user(account: Account) -> MemberCard:
    member = account.member
    return MemberCard(
        id=member.user_id,
        email=photo_email(member),
        name=member.display_name,
        avatar_color=avatar_colour(member),
        profile_image_path=member.picture or "",
        profile_changed_at=iso(member.avatar_changed_at or member.created_at),
    )


def user_answer(held: Held) -> UserAnswer:
    return UserAnswer(user=user(held.member, held.libraries))
