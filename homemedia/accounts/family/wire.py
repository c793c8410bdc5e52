"""Bodies and answers of the clip API on members and the household.

Bodies take any value: what is of the wrong kind is told in the clip API's own words, by the services.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts.family.group import Group
from homemedia.accounts.family.names import accent_word
from homemedia.accounts.family.profile import FeedOrder, Theme, read
from homemedia.accounts.family.store import Person
from homemedia.accounts.wire import iso
from homemedia.core.http.wire import Wire

# A text of a body, whatever came in its place.
Text = Annotated[Any, msgspec.Meta(extra_json_schema={"type": "string"})]
Number = Annotated[Any, msgspec.Meta(extra_json_schema={"type": ["integer", "null"]})]
Flag = Annotated[Any, msgspec.Meta(extra_json_schema={"type": "boolean"})]


class AuthBody(Wire, frozen=True, kw_only=True):
    """What to do: `join`, `login-send-code`, `login-verify-code`, `send-code`, `verify-code`, `onboard`."""

    action: Text = None
    invite_code: Text = None
    phone: Text = None
    email: Text = None
    code: Text = None
    username: Text = None


class NameBody(Wire, frozen=True, kw_only=True):
    name: Text = None


class AccentBody(Wire, frozen=True, kw_only=True):
    accent_color: Text = None


class NewMemberBody(Wire, frozen=True, kw_only=True):
    username: Text = None
    phone: Text = None


class RetentionBody(Wire, frozen=True, kw_only=True):
    """After how many days clips go: 7, 14, 30, 60 or 90; null for never."""

    retention_days: Number | UnsetType = UNSET


class FileSizeBody(Wire, frozen=True, kw_only=True):
    """How large a clip may be, in MiB: 25, 50, 100, 200, 500, 750 or 1000; null for any size."""

    max_file_size_mb: Number | UnsetType = UNSET


class StorageBody(Wire, frozen=True, kw_only=True):
    """How much all clips together may take, in MiB; null for as much as the disk holds."""

    max_storage_mb: Number | UnsetType = UNSET


class ShortcutBody(Wire, frozen=True, kw_only=True):
    """The address of a Shortcut at iCloud; null for none."""

    shortcut_url: Text | UnsetType = UNSET


class PreferencesBody(Wire, frozen=True, kw_only=True):
    """What to change; a field that is left out stays."""

    theme_preference: Text | UnsetType = UNSET
    feed_sort_order: Text | UnsetType = UNSET
    auto_scroll: Flag | UnsetType = UNSET
    muted_by_default: Flag | UnsetType = UNSET
    username: Text | UnsetType = UNSET


class PhoneBody(Wire, frozen=True, kw_only=True):
    """A number that was proved, or null for none."""

    phone: str | None


class ClipUser(Wire, frozen=True, kw_only=True):
    """A member to himself. Times as ISO text."""

    id: str
    username: str
    phone: str | None
    group_id: str
    theme_preference: Theme
    auto_scroll: bool
    muted_by_default: bool
    feed_sort_order: FeedOrder
    avatar_path: str | None
    last_legacy_share_at: None = None
    used_new_share_flow: bool = False
    clout_tier: None = None
    clout_change_shown_at: None = None
    clout_tier_changed_at: None = None
    removed_at: str | None
    created_at: str


class JoiningGroup(Wire, frozen=True, kw_only=True):
    """The household to somebody who is not a member yet: nothing that opens anything but what he came by."""

    id: str
    name: str
    invite_code: str
    accent_color: str
    retention_days: int | None


class ClipGroup(JoiningGroup, frozen=True, kw_only=True):
    """The household to its members. `platformFilterList` is JSON as text."""

    max_storage_mb: int | None
    max_file_size_mb: int | None
    download_provider: str | None
    platform_filter_mode: Literal["all", "allow", "block"]
    platform_filter_list: str | None
    daily_share_limit: None = None
    share_pacing_mode: Literal["off"] = "off"
    share_burst: int = 2
    share_cooldown_minutes: int = 120
    clout_enabled: bool = False
    shortcut_token: str
    shortcut_url: str | None
    created_by: str | None
    created_at: str


class AuthAnswer(Wire, frozen=True, kw_only=True):
    """Who asks. `vapidPublicKey` is null while nothing can be pushed."""

    user: ClipUser
    group: ClipGroup
    vapid_public_key: str | None = None
    gif_enabled: bool = False


class ActionAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """What the action answers, each its own fields; `group` is a `ClipGroup` once somebody is a member."""

    user_id: str | UnsetType = UNSET
    user: ClipUser | UnsetType = UNSET
    group: JoiningGroup | UnsetType = UNSET
    needs_onboarding: bool | UnsetType = UNSET
    sent: bool | UnsetType = UNSET
    verified: bool | UnsetType = UNSET


class NameAnswer(Wire, frozen=True, kw_only=True):
    name: str


class AccentAnswer(Wire, frozen=True, kw_only=True):
    accent_color: str


class RetentionAnswer(Wire, frozen=True, kw_only=True):
    retention_days: int | None


class FileSizeAnswer(Wire, frozen=True, kw_only=True):
    max_file_size_mb: int | None


class StorageAnswer(Wire, frozen=True, kw_only=True):
    max_storage_mb: int | None


class ShortcutAnswer(Wire, frozen=True, kw_only=True):
    shortcut_url: str | None


class ShortcutTokenAnswer(Wire, frozen=True, kw_only=True):
    shortcut_token: str


class InviteCodeAnswer(Wire, frozen=True, kw_only=True):
    invite_code: str


class MemberCard(Wire, frozen=True, kw_only=True):
    """A member to the others. Every administrator may do what the host may."""

    id: str
    username: str
    avatar_path: str | None
    created_at: str
    is_host: bool
    role: Literal["host", "member"]


class MemberAnswer(Wire, frozen=True, kw_only=True):
    member: MemberCard


class RemovedAnswer(Wire, frozen=True, kw_only=True):
    removed: bool = True


class PreferencesAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """What was changed, and nothing else."""

    theme_preference: Theme | UnsetType = UNSET
    feed_sort_order: FeedOrder | UnsetType = UNSET
    auto_scroll: bool | UnsetType = UNSET
    muted_by_default: bool | UnsetType = UNSET
    username: str | UnsetType = UNSET


class PhoneAnswer(Wire, frozen=True, kw_only=True):
    phone: str | None


def clip_user(person: Person, household_id: str) -> ClipUser:
    liked = read(person.preferences)
    return ClipUser(
        id=person.user_id,
        username=person.username,
        phone=person.phone,
        group_id=household_id,
        theme_preference=liked.theme_preference,
        auto_scroll=liked.auto_scroll,
        muted_by_default=liked.muted_by_default,
        feed_sort_order=liked.feed_sort_order,
        avatar_path=_picture(person),
        removed_at=None if person.removed_at is None else iso(person.removed_at),
        created_at=iso(person.created_at),
    )


def clip_group(group: Group) -> ClipGroup:
    row = group.row
    return ClipGroup(
        id=row.household_id,
        name=row.name,
        invite_code=group.invite_code,
        retention_days=row.retention_days,
        max_storage_mb=row.max_storage_mb,
        max_file_size_mb=row.max_file_mb,
        accent_color=accent_word(row.accent, row.accent_name),
        download_provider=row.download_provider,
        platform_filter_mode=row.platform_mode,  # type: ignore[arg-type]  # the table holds no other
        platform_filter_list=row.platform_list,
        shortcut_token=group.shortcut_token,
        shortcut_url=row.shortcut_url,
        created_by=row.host_id,
        created_at=iso(row.created_at),
    )


def joining_group(group: Group, invite_code: str) -> JoiningGroup:
    row = group.row
    return JoiningGroup(
        id=row.household_id,
        name=row.name,
        invite_code=invite_code,
        accent_color=accent_word(row.accent, row.accent_name),
        retention_days=row.retention_days,
    )


def member_card(person: Person) -> MemberCard:
    return MemberCard(
        id=person.user_id,
        username=person.username,
        avatar_path=_picture(person),
        created_at=iso(person.created_at),
        is_host=person.is_admin,
        role="host" if person.is_admin else "member",
    )


def _picture(person: Person) -> str | None:
    return None if person.avatar_changed_at is None else f"{person.user_id}.jpg"
