"""What sharing thinks in: grants as the table has them, wishes for new ones, changes of old ones. No SQL, no HTTP."""

from typing import Final, Literal

import msgspec

from homemedia.sharing.rights import Right

Origin = Literal["share", "photo_link", "album_user", "partner", "library_access", "invite", "system"]
TargetType = Literal["media", "media_set", "collection", "folder", "library", "user_library"]
RecipientType = Literal["user", "group", "public_link"]
Status = Literal["active", "suspended", "expired", "exhausted"]

LINK: Final = "public_link"
ALL_RIGHTS: Final = Right(255)
# Original, reshare, reshare of that (shares §3.4).
MAX_DEPTH: Final = 3


class ShareRow(msgspec.Struct, frozen=True, kw_only=True):
    """One grant, as its row says. Times in ms; `recipient_id` is None for a link.

    `last_title` is what its thing was called when it was looked at last.
    """

    share_id: str
    origin: Origin
    owner_id: str
    created_by: str
    parent_share_id: str | None
    target_type: str
    target_id: str
    recipient_type: RecipientType
    recipient_id: str | None
    rights: Right
    inherit_to_children: bool
    token: str | None
    slug: str | None
    password_hash: str | None
    require_login: bool
    max_accesses: int | None
    note: str | None
    label: str | None
    notify_on_access: bool
    expires_at: int | None
    expiry_stage: int
    access_count: int
    last_accessed_at: int | None
    epoch: int
    created_at: int
    updated_at: int
    last_title: str | None = None

    @property
    def is_link(self) -> bool:
        return self.recipient_type == LINK

    def is_over(self, now: int) -> bool:
        """Whether its time has come."""
        return self.expires_at is not None and self.expires_at <= now

    @property
    def is_used_up(self) -> bool:
        """Whether a link was opened as often as it may be."""
        return self.max_accesses is not None and self.access_count >= self.max_accesses


class MemberState(msgspec.Struct, frozen=True, kw_only=True):
    """What one recipient decided for himself."""

    hidden: bool = False
    in_timeline: bool = False
    seen_at: int | None = None


class Visit(msgspec.Struct, frozen=True):
    """Where a request came from; both "" for what the house does by itself."""

    address: str = ""
    user_agent: str = ""


NOWHERE: Final = Visit()


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be granted.

    Attributes:
        target_id: None for a set, whose things are `target_ids`, and for the caller's own `user_library`.
        rights: None for the usual ones of a recipient of that kind; else complete.
        password: as it was typed.
        is_told: whether who receives it hears of it.
    """

    target_type: str
    target_id: str | None = None
    target_ids: tuple[str, ...] = ()
    recipient_type: str
    recipient_id: str | None = None
    rights: Right | None = None
    inherit_to_children: bool = True
    slug: str | None = None
    password: str | None = None
    require_login: bool = False
    max_accesses: int | None = None
    expires_at: int | None = None
    note: str | None = None
    label: str | None = None
    notify_on_access: bool = True
    is_told: bool = True
    origin: Origin = "share"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be different; what is left out stays, None empties.

    `rights` are complete; `adding` and `taking` change single ones of those that stand. `hidden` and `in_timeline` are
    the caller's own, of what he was given.
    """

    rights: Right | msgspec.UnsetType = msgspec.UNSET
    adding: Right = Right(0)
    taking: Right = Right(0)
    expires_at: int | msgspec.UnsetType | None = msgspec.UNSET
    password: str | msgspec.UnsetType | None = msgspec.UNSET
    slug: str | msgspec.UnsetType | None = msgspec.UNSET
    max_accesses: int | msgspec.UnsetType | None = msgspec.UNSET
    require_login: bool | msgspec.UnsetType = msgspec.UNSET
    note: str | msgspec.UnsetType | None = msgspec.UNSET
    label: str | msgspec.UnsetType | None = msgspec.UNSET
    notify_on_access: bool | msgspec.UnsetType = msgspec.UNSET
    inherit_to_children: bool | msgspec.UnsetType = msgspec.UNSET
    target_ids: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    rotate_token: bool = False
    hidden: bool | msgspec.UnsetType = msgspec.UNSET
    in_timeline: bool | msgspec.UnsetType = msgspec.UNSET
