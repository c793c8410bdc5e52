"""Bodies and answers of the key login.

Names of fields are each route's own, camelCase or not, exactly as its document has them.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts.key_login.store import Account, OwnKey
from homemedia.accounts.key_login.usage import HeapLimits, HeapUse
from homemedia.accounts.models import Member
from homemedia.accounts.names import MAX_EMAIL
from homemedia.core.http.wire import Wire

MAX_BLOCK_BYTES = 64 << 20
_Email = Annotated[str, msgspec.Meta(max_length=MAX_EMAIL)]


class HeapWire(msgspec.Struct, kw_only=True, frozen=True):
    """A JSON object of the heap routes: snake_case outside as inside."""


class ChallengeBody(HeapWire, frozen=True, kw_only=True):
    public_key: str
    email: _Email | None = None


class ChallengeAnswer(HeapWire, frozen=True, kw_only=True):
    """`challenge` is to be signed exactly as it stands; `expires_at` in ms since 1970 UTC."""

    success: Literal[True] = True
    challenge: str
    expires_at: int
    server_public_key: str


class VerifySessionBody(HeapWire, frozen=True, kw_only=True):
    public_key: str
    message: str
    signature: str
    server_challenge: str | None = None
    email: _Email | None = None


class VerifyKeyBody(HeapWire, frozen=True, kw_only=True):
    public_key: str
    message: str
    signed_message: str
    server_challenge: str | None = None
    email: _Email | None = None


class Who(HeapWire, frozen=True, kw_only=True):
    id: str
    name: str
    is_admin: bool


class SessionAnswer(HeapWire, frozen=True, kw_only=True):
    """A sign-in by key. `expires_in` in seconds; the server's signature only where a text was sent to be signed."""

    success: Literal[True] = True
    access_token: str = msgspec.field(name="accessToken")
    refresh_token: str = msgspec.field(name="refreshToken")
    expires_in: int
    server_public_key: str
    server_challenge: str | UnsetType = UNSET
    server_signature: str | UnsetType = UNSET
    name: str
    version: str
    public_url: str | None
    selfhosted: Literal[True] = True
    user: Who


class KeyAnswer(HeapWire, frozen=True, kw_only=True):
    """What became of a key: with tokens, or without while an administrator has to approve."""

    success: Literal[True] = True
    verified: Literal[True] = True
    approval_required: bool
    access_token: str | UnsetType = UNSET
    refresh_token: str | UnsetType = UNSET
    expires_in: int | UnsetType = UNSET
    server_public_key: str
    server_challenge: str | UnsetType = UNSET
    server_signature: str | UnsetType = UNSET


class RefreshAnswer(HeapWire, frozen=True, kw_only=True):
    success: Literal[True] = True
    access_token: str = msgspec.field(name="accessToken")
    refresh_token: str = msgspec.field(name="refreshToken")
    expires_in: int


class License(HeapWire, frozen=True, kw_only=True):
    """There is none to buy; the document wants it told."""

    type: Literal["none"] = "none"
    valid: Literal[True] = True


class Instance(HeapWire, frozen=True, kw_only=True):
    """Which server this is; the last two fields only for members."""

    status: Literal["ok"] = "ok"
    version: str
    public_key: str
    name: str
    public_url: str | None
    selfhosted: Literal[True] = True
    is_admin: bool | UnsetType = UNSET
    license: License | UnsetType = UNSET


class Entitlement(HeapWire, frozen=True, kw_only=True):
    key: str
    value: bool


class Usage(HeapWire, frozen=True, kw_only=True):
    """What a member keeps here; sizes in bytes."""

    heaps: int
    blocks: int
    files: int
    storage_bytes: int
    trash_bytes: int
    upload_reserved_bytes: int
    document_bytes: int


class Limits(HeapWire, frozen=True, kw_only=True):
    """In bytes, but for `max_heaps`; null for no limit."""

    storage_bytes: int | None
    max_file_bytes: int | None = None
    max_heaps: int | None = None
    max_block_bytes: int = MAX_BLOCK_BYTES
    max_chunk_bytes: int = MAX_BLOCK_BYTES


class HeapMe(HeapWire, frozen=True, kw_only=True):
    """A member as the heap routes show him. Times in ms since 1970 UTC."""

    success: Literal[True] = True
    id: str
    name: str
    email: str | None
    public_key: str | None
    public_keys: list[str]
    avatar_url: str | None
    is_admin: bool
    status: Literal["approved"] = "approved"
    created_at: int
    last_login_at: int | None
    subscriptions: list[str]
    entitlements: list[Entitlement]
    usage: Usage
    limits: Limits


class KeyCard(Wire, frozen=True, kw_only=True):
    """A key by which a member signs in. `label`: the e-mail address that came with it, or "". Times in ms."""

    public_key: str
    label: str
    created_at: int
    last_used_at: int | None


class KeysAnswer(Wire, frozen=True, kw_only=True):
    keys: list[KeyCard]


def heap_me(member: Member, keys: list[OwnKey], account: Account, use: HeapUse, limits: HeapLimits) -> HeapMe:
    names = [key.public_key for key in keys]
    return HeapMe(
        id=member.user_id,
        name=member.display_name,
        email=member.email,
        public_key=names[0] if names else None,
        public_keys=names,
        avatar_url=None if member.picture is None else f"/api/users/{member.user_id}/profile-image",
        is_admin=member.is_admin,
        created_at=member.created_at,
        last_login_at=account.last_login_at,
        subscriptions=[],
        entitlements=[Entitlement(key="self_hosted", value=True)],
        usage=Usage(storage_bytes=account.used_bytes, **msgspec.structs.asdict(use)),
        limits=Limits(
            storage_bytes=account.quota_bytes, max_file_bytes=limits.max_file_bytes, max_heaps=limits.max_heaps
        ),
    )


def keys_answer(keys: list[OwnKey]) -> KeysAnswer:
    return KeysAnswer(keys=[KeyCard(**{name: getattr(key, name) for name in OwnKey.__struct_fields__}) for key in keys])
