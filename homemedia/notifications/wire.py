"""Bodies and answers of the inbox, in the forms of its three readers: share routes, clip routes, our own."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts.wire import iso
from homemedia.core.http.wire import Query, Wire
from homemedia.notifications.kinds import KINDS, kind_of
from homemedia.notifications.models import Digest, Kept, Quiet, Subscription, Wishes
from homemedia.notifications.quiet import is_mailed, is_pushed
from homemedia.notifications.words import message, path

# What stands in fields of its own in answers.
COPIED = ("actor_name", "target_type", "target_id", "target_title")


class ShareNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice of the share routes (shares §7): snake_case."""

    id: str
    notification_type: str
    share_id: str | None
    message: str
    actor_id: str | None
    actor_name: str | None
    target_type: str | None
    target_id: str | None
    target_title: str | None
    details: dict[str, Any]
    is_read: bool
    created_at: str
    updated_at: str
    read_at: str | None


class Marked(Wire, frozen=True, kw_only=True):
    marked: int


class MarkedOne(Wire, frozen=True, kw_only=True):
    id: str
    marked: int


class ClipNotice(Wire, frozen=True, kw_only=True):
    """A notice of the clip routes (clips §8.1)."""

    id: str
    type: str
    clip_id: str | None
    emoji: str | None
    comment_preview: str | None
    actor_username: str | None
    actor_avatar: str | None
    clip_thumbnail: str | None
    clip_title: str | None
    clip_content_type: str | None
    is_your_clip: bool
    clip_owner_username: str | None
    read: bool
    created_at: str


class ClipFeed(Wire, frozen=True, kw_only=True):
    notifications: list[ClipNotice]
    has_more: bool


class ClipCount(Wire, frozen=True, kw_only=True):
    count: int


class ClipSwitches(Wire, frozen=True, kw_only=True):
    new_adds: bool
    reactions: bool
    comments: bool
    mentions: bool
    daily_reminder: bool


class Done(Wire, frozen=True, kw_only=True):
    ok: bool = True


class Notice(Wire, frozen=True, kw_only=True):
    """A notice of our own inbox. Times in ms; `path` is the page it leads to; `count` how many repeats are in it."""

    id: str
    family: str
    type: str
    kind: str
    message: str
    path: str
    actor_id: str | None
    actor_name: str | None
    share_id: str | None
    subject_id: str | None
    target_type: str | None
    target_id: str | None
    target_title: str | None
    count: int
    details: dict[str, Any]
    is_read: bool
    created_at: int
    updated_at: int


class NoticePage(Wire, frozen=True, kw_only=True):
    """`next` is what `cursor` asks for the following page by; null at the end."""

    notices: list[Notice]
    next: str | None
    unread: int


class PageQuery(Query, frozen=True, kw_only=True):
    cursor: str | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 30


class Counts(Wire, frozen=True, kw_only=True):
    """How many are unread, in all and by family; families without any are left out."""

    unread: int
    families: dict[str, int]


class ReadBody(Wire, frozen=True, kw_only=True):
    """Which: `ids`, or `all`, but for what came after `until` (ms)."""

    ids: Annotated[tuple[str, ...], msgspec.Meta(max_length=500)] = ()
    all: bool = False
    until: int | None = None


class UnreadBody(Wire, frozen=True, kw_only=True):
    ids: Annotated[list[str], msgspec.Meta(min_length=1, max_length=500)]


class Removed(Wire, frozen=True, kw_only=True):
    removed: int


class KindSwitch(Wire, frozen=True, kw_only=True):
    kind: str
    push: bool
    mail: bool


class Preferences(Wire, frozen=True, kw_only=True):
    """How the caller wants to hear of things. `canMail`: letters can go out, and an address is known."""

    kinds: list[KindSwitch]
    quiet: Quiet | None
    digest: Digest
    can_mail: bool
    email: str | None


class PreferencesBody(Wire, frozen=True, kw_only=True):
    """What to change; a field that is left out stays."""

    push: dict[str, bool] = msgspec.field(default_factory=dict)
    mail: dict[str, bool] = msgspec.field(default_factory=dict)
    quiet: Quiet | UnsetType | None = UNSET
    digest: Digest | UnsetType = UNSET


class Browser(Wire, frozen=True, kw_only=True):
    """A browser that is pushed to. `endpointEnd`: the last letters of its address, so that it knows itself."""

    id: str
    device: str
    endpoint_end: str
    created_at: int
    used_at: int | None


class PushAnswer(Wire, frozen=True, kw_only=True):
    public_key: str
    browsers: list[Browser]


class TestAnswer(Wire, frozen=True, kw_only=True):
    """How many browsers were pushed to."""

    sent: int


class TestedPush(Wire, frozen=True, kw_only=True):
    """To how many browsers a word goes out, and when."""

    sent: int
    sent_at: str


class SubscribeKeys(Wire, frozen=True, kw_only=True):
    p256dh: str | None = None
    auth: str | None = None


class SubscribeBody(Wire, frozen=True, kw_only=True):
    """As a browser's own `toJSON` makes it; `oldEndpoint` is the address it had before."""

    endpoint: str | None = None
    keys: SubscribeKeys | None = None
    old_endpoint: str | None = None


class UnsubscribeBody(Wire, frozen=True, kw_only=True):
    endpoint: str | None = None


class Subscribed(Wire, frozen=True, kw_only=True):
    id: str


class Unsubscribed(Wire, frozen=True, kw_only=True):
    deleted: Literal[True] = True


def share_notice(notice: Kept) -> ShareNotice:
    """A notice as the share routes and their live event show it."""
    details = notice.details
    return ShareNotice(
        id=notice.notification_id,
        notification_type=notice.type,
        share_id=notice.share_id,
        message=message(notice.type, details),
        actor_id=notice.actor_id,
        actor_name=_text(details, "actor_name"),
        target_type=_text(details, "target_type"),
        target_id=_text(details, "target_id"),
        target_title=_text(details, "target_title"),
        details=_rest(details),
        is_read=notice.read_at is not None,
        created_at=iso(notice.created_at),
        updated_at=iso(notice.updated_at),
        read_at=None if notice.read_at is None else iso(notice.read_at),
    )


def clip_notice(notice: Kept) -> ClipNotice:
    """A notice as the clip routes show it, by what was copied when it was told."""
    details = notice.details
    is_own = details.get("clipOwnerId") == notice.user_id
    return ClipNotice(
        id=notice.notification_id,
        type=notice.type,
        clip_id=notice.subject_id,
        emoji=_text(details, "emoji"),
        comment_preview=_text(details, "commentPreview"),
        actor_username=_text(details, "actorUsername") or _text(details, "actor_name"),
        actor_avatar=_text(details, "actorAvatar"),
        clip_thumbnail=_text(details, "clipThumbnail"),
        clip_title=_text(details, "clipTitle"),
        clip_content_type=_text(details, "clipContentType"),
        is_your_clip=is_own,
        clip_owner_username=None if is_own else _text(details, "clipOwnerUsername"),
        read=notice.read_at is not None,
        created_at=iso(notice.created_at),
    )


def own_notice(notice: Kept) -> Notice:
    """A notice as our own inbox shows it."""
    details = notice.details
    count = details.get("count", 1)
    return Notice(
        id=notice.notification_id,
        family=notice.family,
        type=notice.type,
        kind=kind_of(notice.family, notice.type).name,
        message=message(notice.type, details),
        path=path(notice),
        actor_id=notice.actor_id,
        actor_name=_text(details, "actor_name"),
        share_id=notice.share_id,
        subject_id=notice.subject_id,
        target_type=_text(details, "target_type"),
        target_id=_text(details, "target_id"),
        target_title=_text(details, "target_title"),
        count=count if isinstance(count, int) else 1,
        details=_rest(details),
        is_read=notice.read_at is not None,
        created_at=notice.created_at,
        updated_at=notice.updated_at,
    )


def preferences(wishes: Wishes, *, is_admin: bool, can_mail: bool, email: str | None) -> Preferences:
    """Every switch that concerns a member."""
    return Preferences(
        kinds=[
            KindSwitch(kind=kind.name, push=is_pushed(wishes, kind), mail=is_mailed(wishes, kind))
            for kind in KINDS.values()
            if is_admin or not kind.is_for_admins
        ],
        quiet=wishes.quiet,
        digest=wishes.digest,
        can_mail=can_mail and email is not None,
        email=email,
    )


def browser(subscription: Subscription) -> Browser:
    return Browser(
        id=subscription.push_subscription_id,
        device=subscription.device,
        endpoint_end=subscription.endpoint[-24:],
        created_at=subscription.created_at,
        used_at=subscription.used_at,
    )


def cursor_of(following: tuple[int, str] | None) -> str | None:
    return None if following is None else f"{following[0]}.{following[1]}"


def following_of(cursor: str | None) -> tuple[int, str] | None:
    """What a cursor names; None for the beginning and for one that is none."""
    at, dot, id_ = (cursor or "").partition(".")
    if not dot or not at.isascii() or not at.isdigit() or len(at) > 16:
        return None
    return int(at), id_


def _text(details: dict[str, Any], name: str) -> str | None:
    value = details.get(name)
    return None if value is None else str(value)


def _rest(details: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if name not in COPIED}
