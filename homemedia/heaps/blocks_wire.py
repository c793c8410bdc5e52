"""Bodies and answers of block lists, blocks, their history and the trash. Times in ms; bytes as base64."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.heaps.blocks import BlockRow
from homemedia.heaps.blocks_store import Relation
from homemedia.heaps.files.shown import thumbnails_of
from homemedia.heaps.history_store import Entry
from homemedia.heaps.wire import HeapCard, HeapWire, encoded

MAX_WORDS_CHARS = 1 << 20
Sort = Literal["updated_at", "created_at", "title", "size", "taken_at"]
FilterWord = Literal["all", "unlinked", "content", "pinned", "files", "notes", "roots"]
Ids = Annotated[list[str], msgspec.Meta(max_length=500)]


class Counts(HeapWire, frozen=True, kw_only=True):
    tags: int
    children: int
    mentions: int
    backlinks: int


class FileCard(HeapWire, frozen=True, kw_only=True):
    """A block's file, as its document names it and as it lies here; `available` says whether its bytes do."""

    file_id: str | None
    hash: str
    name: str
    size: int
    mime: str
    kind: str
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    orientation: int | None = None
    taken_at: int | None = None
    path: str | None = None
    versions: int
    available: bool
    thumbnails: list[dict[str, Any]] = msgspec.field(default_factory=list)
    urls: dict[str, str] | UnsetType = UNSET


class BlockCard(HeapWire, frozen=True, kw_only=True):
    """A block; `id`, `key` and `block_id` are one. `changed` is its stamp. `state_vector` stands not in lists."""

    id: str
    key: str
    block_id: str
    heap_id: str
    workspace_id: str
    type: str
    title: str
    icon: str | None
    preview: str
    sync_version: int
    state_vector: str | UnsetType = UNSET
    doc_size: int
    pinned: bool
    has_content: bool
    has_file: bool
    counts: Counts
    file: FileCard | None
    created_at: int
    updated_at: int
    changed: int
    created_by: str | None
    updated_by: str | None
    deleted_at: int | None
    deleted_by: str | None
    doc_error: str | None
    affected: dict[str, int] | UnsetType = UNSET


class FilterBody(HeapWire, frozen=True, kw_only=True):
    """Which blocks of which heap; `type` and `kind` are a word or several."""

    heap_id: str | None = None
    workspace_id: str | None = None
    id: str | None = None
    filter: FilterWord = "all"
    type: str | list[str] | None = None
    kind: str | list[str] | None = None
    tag: str | None = None
    nested: bool = False
    query: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    since: int | None = None
    until: int | None = None


class PageBody(FilterBody, frozen=True, kw_only=True):
    sort: Sort = "updated_at"
    order: Literal["asc", "desc"] = "desc"
    limit: int = 100
    offset: int = 0


class PageAnswer(HeapWire, frozen=True, kw_only=True):
    success: Literal[True] = True
    heap: HeapCard
    blocks: list[BlockCard]
    total: int
    limit: int
    offset: int
    has_more: bool
    server_time: int


class CountAnswer(HeapWire, frozen=True, kw_only=True):
    """`count` obeys the filters; the other numbers are the whole heap's."""

    success: Literal[True] = True
    heap_id: str
    workspace_id: str
    count: int
    total: int
    by_type: dict[str, int]
    unlinked: int
    trashed: int


class StatsAnswer(HeapWire, frozen=True, kw_only=True):
    """A heap in figures."""

    success: Literal[True] = True
    heap_id: str
    workspace_id: str
    blocks: dict[str, Any]
    relations: dict[str, int]
    files: dict[str, Any]
    documents: dict[str, int]
    thumbnails: dict[str, int]
    trash: dict[str, int]
    uploads: dict[str, int]
    scan: dict[str, Any] | None
    last_activity_at: int


class ChangedBody(HeapWire, frozen=True, kw_only=True):
    heap_id: str | None = None
    workspace_id: str | None = None
    id: str | None = None
    marker: str | None = None
    since: int | None = None
    limit: int = 200
    include_deleted: bool = True
    epoch: str | None = None


class DeletedCard(HeapWire, frozen=True, kw_only=True):
    block_id: str
    deleted_at: int
    permanent: bool


class ChangedAnswer(HeapWire, frozen=True, kw_only=True):
    """`marker` is what to ask with next."""

    success: Literal[True] = True
    heap_id: str
    workspace_id: str
    blocks: list[BlockCard]
    deleted: list[DeletedCard]
    marker: str
    has_more: bool
    server_time: int
    reset: bool
    epoch: str


class BlockBody(HeapWire, frozen=True, kw_only=True):
    include: list[str] | None = None
    limit: int = 100
    offset: int = 0


class RelationCard(HeapWire, frozen=True, kw_only=True):
    block_id: str
    title: str
    type: str
    icon: str | None


class Relations(HeapWire, frozen=True, kw_only=True):
    tags: list[RelationCard]
    children: list[RelationCard]
    mentions: list[RelationCard]
    backlinks: list[RelationCard]
    totals: Counts


class Content(HeapWire, frozen=True, kw_only=True):
    text: str
    xml: str
    truncated: bool


class BlockAnswer(HeapWire, frozen=True, kw_only=True):
    """A block with what was asked for."""

    success: Literal[True] = True
    block: BlockCard
    relations: Relations | UnsetType = UNSET
    apps: list[dict[str, Any]] | UnsetType = UNSET
    attributes: dict[str, Any] | UnsetType = UNSET
    file: FileCard | UnsetType | None = UNSET
    files: list[FileCard] | UnsetType = UNSET
    thumbnails: list[dict[str, Any]] | UnsetType = UNSET
    content: Content | UnsetType | None = UNSET
    ydoc: str | UnsetType = UNSET
    sync_version: int
    state_vector: str
    server_time: int


class UpdatesBody(HeapWire, frozen=True, kw_only=True):
    limit: int = 100
    before: int | None = None
    include_updates: bool = False
    as_of: int | None = None


class UpdateCard(HeapWire, frozen=True, kw_only=True):
    """An update, or a window of many; `created_at` to `until`."""

    id: int
    created_at: int
    until: int
    user_id: str | None
    user_name: str | None
    device: str | None
    kind: str
    count: int
    size: int
    update: str | UnsetType = UNSET


class UpdatesAnswer(HeapWire, frozen=True, kw_only=True):
    """`ydoc` is the document by now, or as it was after `as_of`."""

    success: Literal[True] = True
    block_id: str
    workspace_id: str
    sync_version: int
    state_vector: str
    ydoc: str
    as_of: int | None
    updates: list[UpdateCard]
    has_more: bool
    next_before: int | None
    server_time: int


class TrashAnswer(HeapWire, frozen=True, kw_only=True):
    success: Literal[True] = True
    heap_id: str
    workspace_id: str
    blocks: list[BlockCard]
    total: int
    bytes: int
    has_more: bool


class PurgeAnswer(HeapWire, frozen=True, kw_only=True):
    success: Literal[True] = True
    purged: int
    block_ids: list[str]
    freed_bytes: int
    server_time: int


class RestoreBody(HeapWire, frozen=True, kw_only=True):
    block_ids: Ids | None = None
    block_id: str | None = None
    all: bool = False


class TrashBody(HeapWire, frozen=True, kw_only=True):
    block_ids: Annotated[list[str], msgspec.Meta(min_length=1, max_length=500)]


class Failure(HeapWire, frozen=True, kw_only=True):
    block_id: str
    error: str


class RestoreAnswer(HeapWire, frozen=True, kw_only=True):
    success: Literal[True] = True
    restored: list[str]
    not_found: list[str]
    failed: list[Failure]
    server_time: int


class TrashedAnswer(HeapWire, frozen=True, kw_only=True):
    success: Literal[True] = True
    trashed: list[str]
    not_found: list[str]
    failed: list[Failure]
    server_time: int


def kind_of(mime: str) -> str:
    """What sort of file a type is: `image`, `video`, `audio`, `document`, `archive`, `other`."""
    first = mime.partition("/")[0]
    if first in ("image", "video", "audio"):
        return first
    if first == "text" or mime == "application/pdf" or "document" in mime or mime.startswith("application/msword"):
        return "document"
    return "archive" if mime in ARCHIVES else "other"


ARCHIVES = frozenset(
    {
        "application/zip",
        "application/gzip",
        "application/x-tar",
        "application/x-7z-compressed",
        "application/vnd.rar",
    }
)


def block_card(row: BlockRow, file: FileCard | None = None, *, with_vector: bool = False) -> BlockCard:
    """A block; its file as it is known beyond its document, where it is."""
    if file is None and row.files:
        file = file_card(row)
    return BlockCard(
        id=row.block_id,
        key=row.block_id,
        block_id=row.block_id,
        heap_id=row.heap_id,
        workspace_id=row.heap_id,
        type=row.type,
        title=row.title,
        icon=row.icon,
        preview=row.preview,
        sync_version=row.sync_version,
        state_vector=encoded(row.vector) if with_vector else UNSET,
        doc_size=row.size_bytes,
        pinned=row.pinned,
        has_content=row.has_content,
        has_file=bool(row.files),
        counts=Counts(tags=row.tags, children=row.children, mentions=row.mentions, backlinks=row.backlinks),
        file=file,
        created_at=row.created_at,
        updated_at=row.updated_at,
        changed=row.changed,
        created_by=row.created_by,
        updated_by=row.updated_by,
        deleted_at=row.deleted_at,
        deleted_by=row.deleted_by,
        doc_error=row.doc_error,
    )


def file_card(row: BlockRow, number: int = 0) -> FileCard:
    """A version of a block's file, as its document names it and as it lies here: 0 the newest."""
    one, link = row.files[number], row.links.get(row.files[number].hash)
    mime = link.mime if link is not None else one.mime
    return FileCard(
        file_id=str(link.file_id) if link is not None else None,
        hash=one.hash,
        name=one.name,
        size=link.size_bytes if link is not None else one.size,
        mime=mime,
        kind=kind_of(mime),
        width=link.width if link is not None else None,
        height=link.height if link is not None else None,
        duration_ms=link.duration_ms if link is not None else None,
        orientation=link.orientation if link is not None else None,
        taken_at=link.taken_at if link is not None else None,
        path=link.path if link is not None and link.is_scanned else None,
        versions=len(row.files),
        available=link is not None and link.is_there,
        thumbnails=thumbnails_of(link, row.drawn.get(one.hash, ())),
    )


def relation_cards(found: list[Relation]) -> list[RelationCard]:
    return [RelationCard(block_id=one.block_id, title=one.title, type=one.type, icon=one.icon) for one in found]


def update_card(entry: Entry) -> UpdateCard:
    return UpdateCard(
        id=entry.id,
        created_at=entry.first_at,
        until=entry.last_at,
        user_id=entry.user_id,
        user_name=entry.user_name,
        device=entry.device,
        kind=entry.kind,
        count=entry.n,
        size=entry.size_bytes,
        update=UNSET if entry.data is None else encoded(entry.data),
    )
