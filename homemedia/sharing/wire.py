"""What the share routes take and answer (shares §4.1, 5); names as the contract has them, with underscores."""

from datetime import datetime
from typing import Final, TypeVar

import msgspec
from aiohttp import web

from homemedia.accounts.site import Site
from homemedia.accounts.wire import iso
from homemedia.core.http.wire import Later, Query
from homemedia.core.problems import BadRequest
from homemedia.sharing import rules as law
from homemedia.sharing.activity import Entry
from homemedia.sharing.models import Change, ShareRow, Visit, Wish
from homemedia.sharing.rights import Right
from homemedia.sharing.showing import Shown

MAX_LIMIT: Final = 200
MAX_NAMED: Final = 200
MAX_BODY: Final = 64 << 10
UNSET: Final = msgspec.UNSET
B = TypeVar("B")


class SharesQuery(Query, frozen=True, kw_only=True, rename={}):
    offset: int = 0
    limit: int = 50

    @property
    def first(self) -> int:
        return min(max(self.offset, 0), 1 << 40)

    @property
    def most(self) -> int:
        return min(max(self.limit, 1), MAX_LIMIT)


class IncomingQuery(SharesQuery, frozen=True, kw_only=True, rename={}):
    """`include_hidden`: also what the caller has hidden."""

    target_type: str | None = None
    created_by: str | None = None
    origin: str | None = None
    include_hidden: bool = False


class OutgoingQuery(SharesQuery, frozen=True, kw_only=True, rename={}):
    """`include_reshares`: also what others made of the caller's things."""

    target_type: str | None = None
    target_id: str | None = None
    recipient_type: str | None = None
    status: str | None = None
    origin: str | None = None
    include_reshares: bool = False


class ActivityQuery(SharesQuery, frozen=True, kw_only=True, rename={}):
    """`action`: one or several, with commas between."""

    action: str | None = None


class PermissionsWire(msgspec.Struct, frozen=True, kw_only=True):
    """What a share lets its recipient do."""

    can_view: bool = True
    can_download: bool = False
    can_add: bool = False
    can_edit: bool = False
    can_remove: bool = False
    can_comment: bool = False
    can_reshare: bool = False
    can_see_metadata: bool = False


class PermissionsBody(msgspec.Struct, frozen=True, kw_only=True):
    """Single rights; what is left out stays as it is, or is as usual."""

    can_view: bool | msgspec.UnsetType = UNSET
    can_download: bool | msgspec.UnsetType = UNSET
    can_add: bool | msgspec.UnsetType = UNSET
    can_edit: bool | msgspec.UnsetType = UNSET
    can_remove: bool | msgspec.UnsetType = UNSET
    can_comment: bool | msgspec.UnsetType = UNSET
    can_reshare: bool | msgspec.UnsetType = UNSET
    can_see_metadata: bool | msgspec.UnsetType = UNSET

    def split(self) -> tuple[Right, Right]:
        """The rights that are to be given, and those that are to be taken."""
        adding = taking = Right(0)
        for name, right in law.RIGHT_NAMES.items():
            value = getattr(self, name)
            if value is True:
                adding |= right
            elif value is False:
                taking |= right
        return adding, taking


Id = int | str


class CreateShareBody(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be shared, with whom, and how far."""

    target_type: str
    recipient_type: str
    target_id: Id | None = None
    target_ids: list[Id] | None = None
    recipient_user_id: str | None = None
    recipient_group_id: str | None = None
    permissions: PermissionsBody | None = None
    password: str | None = None
    slug: str | None = None
    max_accesses: int | None = None
    require_login: bool | None = None
    expires_at: str | None = None
    expires_in_hours: int | None = None
    note: str | None = None
    label: str | None = None
    notify_on_access: bool = True
    inherit_to_children: bool = True
    notify: bool = True


class PatchShareBody(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be different; what is left out stays, null empties."""

    permissions: PermissionsBody | msgspec.UnsetType = UNSET
    expires_at: str | msgspec.UnsetType | None = UNSET
    expires_in_hours: int | msgspec.UnsetType = UNSET
    password: str | msgspec.UnsetType | None = UNSET
    slug: str | msgspec.UnsetType | None = UNSET
    max_accesses: int | msgspec.UnsetType | None = UNSET
    require_login: bool | msgspec.UnsetType = UNSET
    rotate_token: bool | msgspec.UnsetType = UNSET
    note: str | msgspec.UnsetType | None = UNSET
    label: str | msgspec.UnsetType | None = UNSET
    notify_on_access: bool | msgspec.UnsetType = UNSET
    inherit_to_children: bool | msgspec.UnsetType = UNSET
    target_ids: list[Id] | msgspec.UnsetType = UNSET
    hidden: bool | msgspec.UnsetType = UNSET
    in_timeline: bool | msgspec.UnsetType = UNSET
    target_type: str | msgspec.UnsetType = UNSET
    target_id: Id | msgspec.UnsetType = UNSET
    recipient_type: str | msgspec.UnsetType = UNSET
    recipient_user_id: str | msgspec.UnsetType | None = UNSET
    recipient_group_id: str | msgspec.UnsetType | None = UNSET
    origin: str | msgspec.UnsetType = UNSET
    parent_share_id: str | msgspec.UnsetType | None = UNSET

    def said(self) -> set[str]:
        return {name for name in self.__struct_fields__ if getattr(self, name) is not UNSET}


# What a recipient may change, for himself.
OWN: Final = frozenset({"hidden", "in_timeline"})
IMMUTABLE: Final = ("target_type", "target_id", "recipient_type", "origin", "parent_share_id")


class BatchDeleteBody(msgspec.Struct, frozen=True, kw_only=True):
    """Ids of shares, under either name."""

    share_ids: list[str] | None = None
    ids: list[str] | None = None


class BatchDeleteAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What was revoked, and what there was not."""

    deleted: int
    deleted_ids: list[str]
    not_found: list[str]


class ShareWire(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """A share. What is null is empty, or nothing for the caller to know."""

    id: str
    origin: str
    target_type: str
    target_id: str
    target_title: str | None
    target_count: int | None
    owner_id: str
    owner_name: str | None
    created_by: str
    created_by_name: str | None
    parent_share_id: str | None
    recipient_type: str
    recipient_user_id: str | None
    recipient_group_id: str | None
    recipient_name: str | None
    permissions: PermissionsWire
    inherit_to_children: bool
    public_token: str | None
    url: str | None
    slug: str | None
    has_password: bool | None
    require_login: bool | None
    max_accesses: int | None
    note: str | None
    label: str | None
    notify_on_access: bool | None
    status: str
    expires_at: str | None
    access_count: int | None
    last_accessed_at: str | None
    created_at: str
    updated_at: str
    can_manage: bool
    hidden: bool | None
    in_timeline: bool | None
    seen_at: str | None
    target_ids: list[str] | msgspec.UnsetType = UNSET


class QrAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A QR code as SVG text."""

    svg: str


class ActivityWire(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a share's log."""

    id: str
    share_id: str
    action: str
    actor_id: str | None
    actor_name: str
    actor_ip: str | None
    user_agent: str | None
    details: dict[str, object]
    timestamp: str


def share_wire(shown: Shown, base: str) -> ShareWire:
    """A share as an answer; `base` is the public address of the server."""
    share, state = shown.share, shown.state
    is_whole = not shown.is_reduced
    # Who may stop a link, and not manage it, is not handed what it opens.
    token, slug = (share.token, share.slug) if is_whole and shown.can_manage else (None, None)
    thing = shown.standing.thing
    return ShareWire(
        id=share.share_id,
        origin=share.origin,
        target_type=share.target_type,
        target_id=share.target_id,
        target_title=None if thing is None else thing.title,
        target_count=None if thing is None else thing.count,
        owner_id=share.owner_id,
        owner_name=shown.owner_name,
        created_by=share.created_by,
        created_by_name=shown.created_by_name,
        parent_share_id=share.parent_share_id if is_whole else None,
        recipient_type=share.recipient_type,
        recipient_user_id=share.recipient_id if share.recipient_type == "user" else None,
        recipient_group_id=share.recipient_id if share.recipient_type == "group" else None,
        recipient_name=shown.recipient_name,
        permissions=permissions_wire(share.rights),
        inherit_to_children=share.inherit_to_children,
        public_token=token,
        url=None if token is None else f"{base}/share/{slug or token}",
        slug=slug,
        has_password=share.password_hash is not None if share.is_link else None,
        require_login=share.require_login if share.is_link else None,
        max_accesses=share.max_accesses,
        note=share.note,
        label=share.label if is_whole else None,
        notify_on_access=share.notify_on_access if is_whole else None,
        status=shown.standing.status,
        expires_at=_time(share.expires_at),
        access_count=share.access_count if is_whole else None,
        last_accessed_at=_time(share.last_accessed_at) if is_whole else None,
        created_at=iso(share.created_at),
        updated_at=iso(share.updated_at),
        can_manage=shown.can_manage,
        target_ids=UNSET if shown.target_ids is None else list(shown.target_ids),
        hidden=None if state is None else state.hidden,
        in_timeline=None if state is None else state.in_timeline,
        seen_at=None if state is None else _time(state.seen_at),
    )


def permissions_wire(rights: Right) -> PermissionsWire:
    return PermissionsWire(**{name: bool(rights & right) for name, right in law.RIGHT_NAMES.items()})


def activity_wire(entry: Entry) -> ActivityWire:
    return ActivityWire(
        id=str(entry.entry_id),
        share_id=entry.share_id,
        action=entry.action,
        actor_id=entry.actor_id,
        actor_name=entry.actor_name,
        actor_ip=entry.actor_ip,
        user_agent=entry.user_agent,
        details=entry.details,
        timestamp=iso(entry.at),
    )


def wish_of(body: CreateShareBody, now: int) -> Wish:
    """What a body wishes for.

    Raises:
        BadRequest: it says something twice, or of another recipient.
    """
    kind = law.TARGET_TYPES.get(body.target_type, "")
    recipient_type = body.recipient_type
    named = {"user": body.recipient_user_id, "group": body.recipient_group_id}
    other = next((f"recipient_{word}_id" for word, value in named.items() if value and word != recipient_type), None)
    if other is not None and recipient_type in law.RECIPIENT_TYPES:
        raise BadRequest("A share has one recipient.", field=other, reason="is of another kind of recipient")
    rights = None
    if body.permissions is not None and kind and recipient_type in law.RECIPIENT_TYPES:
        adding, taking = body.permissions.split()
        rights = (law.usual(kind, recipient_type) | adding) & ~taking
    return Wish(
        target_type=body.target_type,
        target_id=None if body.target_id is None else str(body.target_id),
        target_ids=tuple(str(target_id) for target_id in body.target_ids or ()),
        recipient_type=recipient_type,
        recipient_id=named.get(recipient_type),
        rights=rights,
        inherit_to_children=body.inherit_to_children,
        slug=body.slug,
        password=body.password,
        require_login=bool(body.require_login),
        max_accesses=body.max_accesses,
        expires_at=_end(body.expires_at, body.expires_in_hours, now),
        note=body.note,
        label=body.label,
        notify_on_access=body.notify_on_access,
        is_told=body.notify,
    )


def change_of(body: PatchShareBody, share: ShareRow, now: int) -> Change:
    """What a body wants to be different.

    Raises:
        BadRequest: `immutable_field`, or it says something twice.
    """
    _check_immutable(body, share)
    adding = taking = Right(0)
    if body.permissions is not UNSET:
        adding, taking = body.permissions.split()
    expires_at: int | msgspec.UnsetType | None = UNSET
    hours = None if body.expires_in_hours is UNSET else body.expires_in_hours
    if body.expires_at is not UNSET or hours is not None:
        expires_at = _end(None if body.expires_at is UNSET else body.expires_at, hours, now)
    return Change(
        adding=adding,
        taking=taking,
        expires_at=expires_at,
        password=body.password,
        slug=body.slug,
        max_accesses=body.max_accesses,
        require_login=body.require_login,
        note=body.note,
        label=body.label,
        notify_on_access=body.notify_on_access,
        inherit_to_children=body.inherit_to_children,
        target_ids=UNSET if body.target_ids is UNSET else tuple(str(one) for one in body.target_ids),
        rotate_token=body.rotate_token is True,
    )


def _check_immutable(body: PatchShareBody, share: ShareRow) -> None:
    for name in IMMUTABLE:
        said = getattr(body, name)
        if said is UNSET:
            continue
        said = law.TARGET_TYPES.get(str(said), said) if name == "target_type" else said
        if (None if said is None else str(said)) != getattr(share, name):
            raise _immutable(name)
    for word, name in (("user", "recipient_user_id"), ("group", "recipient_group_id")):
        said = getattr(body, name)
        stands = share.recipient_id if share.recipient_type == word else None
        is_everyone = word == "group" == share.recipient_type and said == law.EVERYONE
        if said is not UNSET and said != stands and not is_everyone:
            raise _immutable(name)


def _immutable(name: str) -> BadRequest:
    return BadRequest(f"{name} cannot be changed.", code="immutable_field", field=name)


def batch_ids(body: BatchDeleteBody) -> list[str]:
    """The ids a body names, each once.

    Raises:
        BadRequest: there are none, or `too_many_ids`.
    """
    ids = list(dict.fromkeys(body.share_ids if body.share_ids is not None else body.ids or ()))
    if not ids:
        raise BadRequest("Name the shares to revoke.", field="share_ids", reason="is empty")
    if len(ids) > MAX_NAMED:
        raise BadRequest(
            f"{MAX_NAMED} shares at a time.", code="too_many_ids", field="share_ids", reason="has too many"
        )
    return ids


def _end(expires_at: str | None, hours: int | None, now: int) -> int | None:
    """When something ends, by either of the two ways to say it.

    Raises:
        BadRequest: both were said, or it is no time.
    """
    if expires_at is not None and hours is not None:
        raise BadRequest("Say expires_at or expires_in_hours.", field="expires_in_hours", reason="is said twice")
    if hours is not None:
        if not 1 <= hours <= law.MAX_HOURS:
            raise BadRequest(
                f"expires_in_hours is 1 to {law.MAX_HOURS}.", field="expires_in_hours", reason="is out of range"
            )
        return now + hours * law.HOUR_MS
    return None if expires_at is None else read_time(expires_at, "expires_at")


def read_time(text: str, field: str) -> int:
    """An instant in ms.

    Raises:
        BadRequest: it is none, or has no offset.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadRequest(f"{field} is not a time.", field=field, reason="is no RFC 3339 time") from None
    if moment.tzinfo is None:
        raise BadRequest(f"{field} needs an offset from UTC.", field=field, reason="has no offset")
    try:
        return int(moment.timestamp() * 1000)
    except (OverflowError, ValueError):
        raise BadRequest(f"{field} is not a time.", field=field, reason="is out of range") from None


async def read_object(request: web.Request, body: Later[B]) -> B:
    """A body that is a JSON object.

    Raises:
        BadRequest: `invalid_json`: it is of another kind; `invalid_request`: a field is.
    """
    if request.content_type != "application/json" and not request.content_type.endswith("+json"):
        raise BadRequest("The body must be JSON, and say so.", code="invalid_json")
    try:
        return await body.read()
    except BadRequest as err:
        if err.code == "invalid_request" and not err.details:
            raise BadRequest("Invalid JSON: the body is not a JSON object.", code="invalid_json") from None
        raise


def visit_of(request: web.Request, site: Site) -> Visit:
    """Where a request came from."""
    return Visit(site.address(request), request.headers.get("User-Agent", ""))


def _time(at: int | None) -> str | None:
    return None if at is None else iso(at)
