"""What this slice announces, after the commit."""

from typing import Literal

import msgspec


class BlockUpdated(msgspec.Struct, frozen=True, kw_only=True):
    """A document has got an update.

    Attributes:
        data: the update's bytes, as they came.
        vector: state vector of the document by now.
        by_socket: the connection it came by, which knows it already; None when it came by HTTP or is our own.
        session_id: what the request called itself, told to those who listen.
    """

    heap_id: str
    block_id: str
    sync_version: int
    changed: int
    data: bytes
    vector: bytes
    by_socket: str | None = None
    session_id: str | None = None


class BlocksGone(msgspec.Struct, frozen=True, kw_only=True):
    """Blocks have been trashed, or purged for good."""

    heap_id: str
    block_ids: tuple[str, ...]
    permanent: bool
    changed: int


class BlockRestored(msgspec.Struct, frozen=True, kw_only=True):
    heap_id: str
    block_id: str
    changed: int


class BlocksDerived(msgspec.Struct, frozen=True, kw_only=True):
    """What lists show of blocks has changed: title, type, preview, relations."""

    heap_id: str
    block_ids: tuple[str, ...]


class HeapChanged(msgspec.Struct, frozen=True, kw_only=True):
    heap_id: str
    what: Literal["created", "updated", "deleted"]
    members: tuple[str, ...] = ()


class BlockChanged(msgspec.Struct, frozen=True, kw_only=True):
    """As `BlockUpdated`, once a second at most."""

    heap_id: str
    block_id: str
    sync_version: int
    changed: int
    vector: bytes
    session_id: str | None
