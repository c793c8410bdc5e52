"""Bodies and answers of heaps and of their syncing. Bytes travel as base64; names are snake_case outside as inside."""

import base64
import binascii
import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.core.problems import BadRequest
from homemedia.heaps.lib0 import MAX_UINT
from homemedia.heaps.models import Heap, Source

MAX_BLOCKS = 500
_URL_SAFE = str.maketrans("-_", "+/")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*")


class HeapWire(msgspec.Struct, kw_only=True, frozen=True):
    """A JSON object of these routes."""


class HeapSource(HeapWire, frozen=True, kw_only=True):
    """The folder behind a heap; `path` for its owner and administrators alone."""

    kind: Literal["folder"] = "folder"
    library_id: str
    path: str | UnsetType = UNSET
    read_only: bool
    delete_originals: bool
    last_scan_at: int | None
    scan_id: str | None


class HeapCard(HeapWire, frozen=True, kw_only=True):
    """A heap; `id`, `heap_id` and `workspace_id` are one. Times in ms."""

    id: str
    heap_id: str
    workspace_id: str
    block_id: str
    title: str
    icon: str | None
    type: str
    owner_id: str
    role: str
    access: str
    source: HeapSource | None = None
    block_count: int
    created_at: int
    updated_at: int
    last_activity_at: int
    deleted_at: int | None


class HeapsBody(HeapWire, frozen=True, kw_only=True):
    include_shared: bool = True
    limit: int = MAX_BLOCKS
    offset: int = 0


class HeapsAnswer(HeapWire, frozen=True, kw_only=True):
    """`heaps` and `workspaces` are the same list."""

    success: Literal[True] = True
    heaps: list[HeapCard]
    workspaces: list[HeapCard]
    total: int
    has_more: bool
    server_time: int


class SourceWish(HeapWire, frozen=True, kw_only=True):
    """A folder that shall stand behind a new heap."""

    path: Annotated[str, msgspec.Meta(min_length=1, max_length=4096)]
    read_only: bool = True
    delete_originals: bool = False


class AddBody(HeapWire, frozen=True, kw_only=True):
    id: str | None = None
    heap_id: str | None = None
    workspace_id: str | None = None
    title: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    icon: Annotated[str, msgspec.Meta(max_length=16)] | None = None
    type: Literal["server", "folder"] = "server"
    block_id: str | None = None
    update: str | None = None
    source: SourceWish | None = None


class AddAnswer(HeapWire, frozen=True, kw_only=True):
    success: Literal[True] = True
    heap: HeapCard
    workspace: HeapCard
    block_id: str
    server_time: int


class RemoveAnswer(HeapWire, frozen=True, kw_only=True):
    success: Literal[True] = True
    heap_id: str
    purge_at: int


class ChangedBlock(HeapWire, frozen=True, kw_only=True):
    """A live block in a delta; `updated_at` is its stamp."""

    block_id: str
    workspace_id: str
    type: str
    title: str
    sync_version: int
    state_vector: str
    size: int
    updated_at: int
    deleted_at: None = None
    file_hash: str | None


class DeletedBlock(HeapWire, frozen=True, kw_only=True):
    block_id: str
    workspace_id: str
    sync_version: int
    deleted_at: int
    permanent: bool
    updated_at: int


class DeltaAnswer(HeapWire, frozen=True, kw_only=True):
    """What changed after `since`; `server_time` is the next `since`."""

    success: Literal[True] = True
    workspace_id: str
    changed_blocks: list[ChangedBlock]
    deleted_blocks: list[DeletedBlock]
    server_time: int
    has_more: bool
    total_changed: int
    total_deleted: int
    reset: bool
    epoch: str


class PushBody(HeapWire, frozen=True, kw_only=True):
    """Each block is looked at by itself, so that one that is wrong refuses no other."""

    blocks: Annotated[list[Any], msgspec.Meta(min_length=1, max_length=MAX_BLOCKS)]


class PushResult(HeapWire, frozen=True, kw_only=True):
    """What became of one block; `update` is what the sender still lacks."""

    block_id: str
    workspace_id: str
    status: str
    success: bool
    sync_version: int | UnsetType = UNSET
    state_vector: str | UnsetType = UNSET
    update: str | UnsetType = UNSET
    full_state: str | UnsetType = UNSET
    updated_at: int | UnsetType = UNSET


class PushAnswer(HeapWire, frozen=True, kw_only=True):
    success: Literal[True] = True
    server_time: int
    results: list[PushResult]


class PullWish(HeapWire, frozen=True, kw_only=True):
    block_id: str
    state_vector: str | None = None
    sync_version: Annotated[int, msgspec.Meta(ge=0)] = 0


class PullBody(HeapWire, frozen=True, kw_only=True):
    blocks: Annotated[list[PullWish], msgspec.Meta(min_length=1, max_length=MAX_BLOCKS)]


class PulledBlock(HeapWire, frozen=True, kw_only=True):
    block_id: str
    workspace_id: str | UnsetType = UNSET
    status: str
    sync_version: int | UnsetType = UNSET
    update: str | UnsetType = UNSET
    full_state: str | UnsetType = UNSET
    state_vector: str | UnsetType = UNSET
    updated_at: int | UnsetType = UNSET
    permanent: bool | UnsetType = UNSET
    deleted_at: int | UnsetType = UNSET


class PullAnswer(HeapWire, frozen=True, kw_only=True):
    success: Literal[True] = True
    server_time: int
    has_more: bool
    blocks: list[PulledBlock]


def heap_card(heap: Heap, *, is_admin: bool = False) -> HeapCard:
    """A heap; where its folder lies is for its owner and administrators."""
    return HeapCard(
        id=heap.heap_id,
        heap_id=heap.heap_id,
        workspace_id=heap.heap_id,
        block_id=heap.block_id,
        title=heap.title,
        icon=heap.icon,
        type=heap.type,
        owner_id=heap.owner_id,
        role=heap.role,
        access=heap.role,
        source=None if heap.source is None else _source(heap.source, is_told=is_admin or heap.role == "owner"),
        block_count=heap.block_count,
        created_at=heap.created_at,
        updated_at=heap.updated_at,
        last_activity_at=heap.last_activity_at,
        deleted_at=heap.deleted_at,
    )


def _source(source: Source, *, is_told: bool) -> HeapSource:
    return HeapSource(
        library_id=source.library_id,
        path=source.path if is_told else UNSET,
        read_only=source.read_only,
        delete_originals=source.delete_originals,
        last_scan_at=source.last_scan_at,
        scan_id=None if source.scan_id is None else str(source.scan_id),
    )


def clamped(value: int, low: int, high: int = MAX_UINT) -> int:
    """A number within its limits; what is beyond them counts as the nearest (heaps §1.6)."""
    return max(low, min(value, high))


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def decoded(text: str) -> bytes:
    """Bytes of base64, of either alphabet, padded or not.

    Raises:
        BadRequest: `invalid_encoding`.
    """
    plain = text.strip().rstrip("=").translate(_URL_SAFE)
    if _BASE64.fullmatch(plain) is None:
        raise BadRequest("This is not base64.", code="invalid_encoding")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4))
    except binascii.Error as err:
        raise BadRequest("This is not base64.", code="invalid_encoding") from err


def one_name(*names: str | None) -> str | None:
    """The heap that a request names, by whichever of its words.

    Raises:
        BadRequest: two of them differ.
    """
    given = {name for name in names if name is not None}
    if len(given) > 1:
        raise BadRequest("heap_id and workspace_id name one thing; here they differ.", field="heap_id")
    return given.pop() if given else None


def stamp_of(text: str | None, usual: int) -> int:
    """A number that a request says as text; what is none that can be counted to is the usual."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 16:
        return usual
    return int(text)
