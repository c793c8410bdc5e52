"""What the inbox thinks in: kept notices, how members want to hear of them, and browsers that are pushed to."""

from typing import Annotated, Any, Literal

import msgspec

from homemedia.accounts.models import TimeOfDay

Digest = Literal["off", "daily", "weekly"]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A notice in a member's inbox. Times in ms; `updated_at` moves when repeats fold into it."""

    notification_id: str
    user_id: str
    family: str
    type: str
    share_id: str | None
    subject_id: str | None
    actor_id: str | None
    details: dict[str, Any]
    fold_key: str | None
    told_by: str
    created_at: int
    updated_at: int
    read_at: int | None


class Quiet(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Hours in which nothing is pushed, by the member's own clock; they may reach over midnight.

    `time_zone`: an IANA name; "" for the server's.
    """

    begins: TimeOfDay = msgspec.field(name="from")
    ends: TimeOfDay = msgspec.field(name="to")
    time_zone: Annotated[str, msgspec.Meta(max_length=64)] = ""


class Wishes(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What a member said of notices: kinds by name, only those where he differs from what is usual."""

    push: dict[str, bool] = {}
    mail: dict[str, bool] = {}
    quiet: Quiet | None = None
    digest: Digest = "off"


NO_WISHES = Wishes()


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """A browser that takes pushes: where to, and its keys as base64url."""

    push_subscription_id: str
    user_id: str
    session_id: str | None
    endpoint: str
    p256dh: str
    auth: str
    device: str
    created_at: int
    used_at: int | None


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told. `subscriptions` are the ids of his browsers; `wishes` is his document as it is kept."""

    user_id: str
    wishes: str | None
    subscriptions: tuple[str, ...]
