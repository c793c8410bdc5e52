"""Bodies and answers of the photo API's routes on accounts (photos §5.1, 9.1, 9.8, 9.12, 9.13). Times as ISO text."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts.models import Session
from homemedia.accounts.photo_account.accounts import AccountChange, Counts, NewAccount
from homemedia.accounts.photo_account.pin import Lock, Proof
from homemedia.accounts.photo_account.store import Account
from homemedia.accounts.wire import AVATAR_COLOURS, SessionCard, iso, photo_email, session_card
from homemedia.core.http.wire import Query, Wire

AvatarColor = Literal["primary", "pink", "red", "yellow", "blue", "green", "purple", "orange", "gray", "amber"]
_Bytes = Annotated[int, msgspec.Meta(ge=0, le=(1 << 53) - 1)]
_Seconds = Annotated[int, msgspec.Meta(ge=1, le=3_153_600_000)]


class Endpoint(Wire, frozen=True, kw_only=True):
    endpoint: str


class WellKnown(Wire, frozen=True, kw_only=True):
    """Where the photo API begins, for clients that were told no more than the host."""

    api: Endpoint


class PublicUser(Wire, frozen=True, kw_only=True):
    """A member as others see him."""

    id: str
    email: str
    name: str
    avatar_color: str
    profile_image_path: str
    profile_changed_at: str


class UserAdmin(PublicUser, frozen=True, kw_only=True):
    """A member as he and administrators see him. Sizes in bytes; a quota of null is none."""

    storage_label: str | None
    should_change_password: bool
    is_admin: bool
    created_at: str
    deleted_at: str | None
    updated_at: str
    oauth_id: str
    quota_size_in_bytes: int | None
    quota_usage_in_bytes: int
    status: Literal["active", "removing", "deleted"]
    license: None
    cluster_group_id: str


class AccountAnswer(UserAdmin, frozen=True, kw_only=True):
    """What a new password answers: the account, with watch's `ok` and `token`."""

    ok: bool
    token: str


class SignUpBody(Wire, frozen=True, kw_only=True):
    """`setupCode` from outside the house."""

    email: str
    password: str
    name: str
    setup_code: str | None = None


class OwnAccountBody(Wire, frozen=True, kw_only=True):
    """What a member changes of himself; a field that is left out stays."""

    email: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    password: str | UnsetType = UNSET
    avatar_color: AvatarColor | UnsetType | None = UNSET


class AccountBody(Wire, frozen=True, kw_only=True):
    """What an administrator changes; a field that is left out stays."""

    email: str | UnsetType = UNSET
    password: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    is_admin: bool | UnsetType = UNSET
    avatar_color: AvatarColor | UnsetType | None = UNSET
    quota_size_in_bytes: _Bytes | UnsetType | None = UNSET
    storage_label: str | UnsetType | None = UNSET
    should_change_password: bool | UnsetType = UNSET
    pin_code: str | UnsetType | None = UNSET


class NewAccountBody(Wire, frozen=True, kw_only=True):
    """An account to be made; its owner chooses a password of his own when he first signs in."""

    email: str
    password: str
    name: str
    is_admin: bool = False
    avatar_color: AvatarColor | None = None
    quota_size_in_bytes: _Bytes | None = None
    storage_label: str | None = None
    should_change_password: bool = True
    pin_code: str | None = None


class RemovalBody(Wire, frozen=True, kw_only=True):
    """`force`: what the member owned is dropped at once."""

    force: bool = False


class AccountsQuery(Query, frozen=True, kw_only=True):
    with_deleted: bool = False
    id: str | None = None


class Onboarding(Wire, frozen=True, kw_only=True):
    is_onboarded: bool


class AssetStatistics(Wire, frozen=True, kw_only=True):
    images: int
    videos: int
    total: int


class AuthStatus(Wire, frozen=True, kw_only=True):
    """How the session stands; `pinExpiresAt` only while it opens what is locked."""

    pin_code: bool
    password: bool
    is_elevated: bool
    expires_at: str | UnsetType = UNSET
    pin_expires_at: str | UnsetType = UNSET


class TokenAnswer(Wire, frozen=True, kw_only=True):
    auth_status: bool


class PinBody(Wire, frozen=True, kw_only=True):
    pin_code: str


class ProofBody(Wire, frozen=True, kw_only=True):
    """The PIN, or the password of who forgot it."""

    pin_code: str | None = None
    password: str | None = None

    @property
    def proof(self) -> Proof:
        return Proof(pin=self.pin_code, password=self.password)


class NewPinBody(ProofBody, frozen=True, kw_only=True):
    new_pin_code: str


class NewSessionBody(Wire, frozen=True, kw_only=True):
    """`duration` in seconds; without one the session lasts as long as the one it is made from."""

    duration: _Seconds | None = None
    device_type: str | None = None
    device_os: str | None = msgspec.field(name="deviceOS", default=None)


class SessionBody(Wire, frozen=True, kw_only=True):
    is_pending_sync_reset: bool | None = None


class NewSessionAnswer(SessionCard, frozen=True, kw_only=True):
    token: str


def public_user(account: Account) -> PublicUser:
    member = account.member
    return PublicUser(
        id=member.user_id,
        email=(email := photo_email(member)),
        name=member.display_name,
        avatar_color=member.avatar_color or AVATAR_COLOURS[sum(map(ord, email)) % len(AVATAR_COLOURS)],
        profile_image_path=member.picture or "",
        profile_changed_at=iso(member.avatar_changed_at or member.created_at),
    )


def user_admin(account: Account) -> UserAdmin:
    member = account.member
    shown = public_user(account)
    fields = {name: getattr(shown, name) for name in PublicUser.__struct_fields__}
    return UserAdmin(
        **fields,
        storage_label=account.storage_label,
        should_change_password=member.must_change_password,
        is_admin=member.is_admin,
        created_at=iso(member.created_at),
        deleted_at=None if account.removed_at is None else iso(account.removed_at),
        updated_at=iso(account.updated_at),
        oauth_id=account.oauth_id,
        quota_size_in_bytes=account.quota_bytes,
        quota_usage_in_bytes=account.used_bytes,
        status="active" if account.removed_at is None else "deleted",
        license=None,
        cluster_group_id=member.user_id,
    )


def account_answer(account: Account, token: str) -> AccountAnswer:
    shown = user_admin(account)
    fields = {name: getattr(shown, name) for name in UserAdmin.__struct_fields__}
    return AccountAnswer(ok=True, token=token, **fields)


def account_change(body: AccountBody) -> AccountChange:
    return AccountChange(
        email=body.email,
        password=body.password,
        name=body.name,
        is_admin=body.is_admin,
        avatar_color=body.avatar_color,
        quota_bytes=body.quota_size_in_bytes,
        storage_label=body.storage_label,
        must_change_password=body.should_change_password,
        pin=body.pin_code,
    )


def own_change(body: OwnAccountBody) -> AccountChange:
    return AccountChange(email=body.email, name=body.name, password=body.password, avatar_color=body.avatar_color)


def new_account(body: NewAccountBody) -> NewAccount:
    rest = AccountChange(
        avatar_color=body.avatar_color,
        quota_bytes=body.quota_size_in_bytes,
        storage_label=body.storage_label,
        must_change_password=body.should_change_password,
        pin=UNSET if body.pin_code is None else body.pin_code,
    )
    return NewAccount(email=body.email, password=body.password, name=body.name, is_admin=body.is_admin, rest=rest)


def auth_status(lock: Lock) -> AuthStatus:
    return AuthStatus(
        pin_code=lock.has_pin,
        password=lock.has_password,
        is_elevated=lock.elevated_until_at is not None,
        expires_at=UNSET if lock.expires_at is None else iso(lock.expires_at),
        pin_expires_at=UNSET if lock.elevated_until_at is None else iso(lock.elevated_until_at),
    )


def statistics(counts: Counts) -> AssetStatistics:
    return AssetStatistics(images=counts.images, videos=counts.videos, total=counts.images + counts.videos)


def new_session_answer(session: Session, token: str) -> NewSessionAnswer:
    card = session_card(session, current="")
    return NewSessionAnswer(token=token, **{name: getattr(card, name) for name in SessionCard.__struct_fields__})
