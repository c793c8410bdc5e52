"""What this slice thinks in. No SQL, no HTTP; times are ms since 1970 UTC."""

import re
from typing import Any, Final, Literal

import msgspec

Role = Literal["owner", "editor", "viewer"]
HeapType = Literal["server", "folder"]

ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
BLOCK_TYPES: Final = ("document", "file", "folder", "tag", "index")
MAX_DOCUMENT_BYTES: Final = 64 << 20
GRACE_MS: Final = 7 * 24 * 3600 * 1000
UNTITLED: Final = "Untitled"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """The folder behind a heap.

    Attributes:
        path: absolute.
        scan_id: of the scan that is under way or waits.
    """

    library_id: str
    path: str
    read_only: bool
    delete_originals: bool
    last_scan_at: int | None
    scan_id: int | None


class Heap(msgspec.Struct, frozen=True, kw_only=True):
    """A workspace, as one member may see it.

    Attributes:
        block_id: its index block.
        role: the member's.
        purge_at: when what was deleted goes for good; exactly while `deleted_at` stands.
    """

    heap_id: str
    block_id: str
    owner_id: str
    type: HeapType
    title: str
    icon: str | None
    role: Role
    block_count: int
    created_at: int
    updated_at: int
    last_activity_at: int
    deleted_at: int | None
    purge_at: int | None
    source: Source | None = None

    @property
    def may_write(self) -> bool:
        return self.role != "viewer"


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A block's document at one moment.

    Attributes:
        sync_version: generation; rises only where the server replaces the document.
        update: all of it, merged.
        vector: its state vector.
        has_gap: predecessors of something in it are missing.
        last_update: number of the last update in it.
    """

    block_id: str
    heap_id: str
    sync_version: int
    update: bytes
    vector: bytes
    has_gap: bool
    last_update: int
    changed: int
    deleted_at: int | None


class Grave(msgspec.Struct, frozen=True, kw_only=True):
    """What is left of a purged block."""

    block_id: str
    heap_id: str
    sync_version: int
    deleted_at: int
    changed: int


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """An update of a block, by whom it came."""

    block_id: str
    data: bytes
    user_id: str | None
    device: str | None


class FileFact(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a block's file, as its document names it. `added_at` in ms."""

    hash: str
    name: str
    size: int
    mime: str
    added_at: int


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a document says of itself.

    Attributes:
        title: its own, else its first line, else the name of its newest file, else "".
        tags, mentions: ids of other blocks → when (ms), or None.
        files: newest first.
    """

    title: str
    type: str | None
    icon: str | None
    pinned: bool
    created_at: int | None
    deleted_at: int | None
    deleted_by: str | None
    text: str
    preview: str
    has_content: bool
    tags: dict[str, int | None]
    mentions: dict[str, int | None]
    files: tuple[FileFact, ...]
    apps: dict[str, Any]
    attributes: dict[str, Any]


def is_id(text: object) -> bool:
    """Whether a client may name a heap or block so (heaps §1.2)."""
    return isinstance(text, str) and ID.fullmatch(text) is not None
