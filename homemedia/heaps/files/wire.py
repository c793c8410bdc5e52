"""Bodies and answers of uploads. Sizes in bytes, times in ms; `received` are ranges, both ends included."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.heaps.blocks_wire import FileCard
from homemedia.heaps.files.models import LIFE_MS, MAX_TOLD, chunk_size_for, missing_of, ranges_of
from homemedia.heaps.files.states import Begun, State
from homemedia.heaps.wire import HeapWire

# Any: clocks and archives say what they like, and a file is taken in all the same.
Time = Annotated[int, msgspec.Meta(ge=-(1 << 62), lt=1 << 62)]
KeptStatus = Literal["complete", "uploaded", "duplicate", "verifying"]
FileStatus = Literal["missing", "uploading", "verifying", "processing", "available", "source_missing", "failed"]
Name = Annotated[str, msgspec.Meta(max_length=255)]


class InitBody(HeapWire, frozen=True, kw_only=True):
    hash: str
    size: Annotated[int, msgspec.Meta(ge=0)]
    name: Name | None = None
    mime: str | None = None
    modified_at: Time | None = None
    chunk_size: Annotated[int, msgspec.Meta(ge=1)] | None = None
    restart: bool = False


class CompleteBody(HeapWire, frozen=True, kw_only=True):
    name: Name | None = None
    mime: str | None = None
    modified_at: Time | None = None


class InitAnswer(HeapWire, frozen=True, kw_only=True):
    """`exists`: nothing needs to be sent."""

    success: Literal[True] = True
    status: Literal["created", "resumed", "exists"]
    heap_id: str
    block_id: str
    hash: str
    size: int
    chunk_size: int
    total_chunks: int
    received: list[tuple[int, int]]
    received_bytes: int
    expires_at: int | None
    file_id: str | None


class UploadAnswer(HeapWire, frozen=True, kw_only=True):
    """How an upload stands. `missing` names 1,000 chunks at most."""

    success: Literal[True] = True
    status: Literal["uploading", "verifying", "complete", "failed"]
    heap_id: str
    block_id: str
    hash: str
    size: int
    chunk_size: int
    total_chunks: int
    received: list[tuple[int, int]]
    received_chunks: int
    received_bytes: int
    missing: list[int]
    verified_bytes: int
    expires_at: int | None
    file_id: str | None
    error: str | None


class ChunkAnswer(HeapWire, frozen=True, kw_only=True):
    success: Literal[True] = True
    status: Literal["accepted", "duplicate"]
    index: int
    size: int
    received_chunks: int


class KeptAnswer(HeapWire, frozen=True, kw_only=True):
    """A file is the block's; `verifying`: not yet, ask for the status, or listen."""

    success: Literal[True] = True
    status: KeptStatus
    block_id: str | UnsetType = UNSET
    file_hash: str | UnsetType = UNSET
    file_id: str | UnsetType = UNSET
    file: FileCard | UnsetType = UNSET


class FileStatusAnswer(HeapWire, frozen=True, kw_only=True):
    """Whether a block's file is here; `upload` is as the upload's own status."""

    success: Literal[True] = True
    status: FileStatus
    heap_id: str
    block_id: str
    hash: str
    linked: bool
    file_id: str | None
    size: int | None
    received_bytes: int
    thumbnails: dict[str, str]
    upload: UploadAnswer | None


class ThumbnailAnswer(HeapWire, frozen=True, kw_only=True):
    success: Literal[True] = True
    status: Literal["stored"] = "stored"
    block_id: str
    file_hash: str
    thumbnail_key: str
    thumbnail: dict[str, Any]


def init_answer(begun: Begun, heap_id: str, block_id: str, digest: str) -> InitAnswer:
    told = upload_answer(begun.state, heap_id, block_id, digest)
    is_here = begun.status == "exists"
    return InitAnswer(
        status=begun.status,
        heap_id=heap_id,
        block_id=block_id,
        hash=digest,
        size=told.size,
        chunk_size=told.chunk_size,
        total_chunks=0 if is_here else told.total_chunks,
        received=[] if is_here else told.received,
        received_bytes=told.received_bytes,
        expires_at=told.expires_at,
        file_id=told.file_id,
    )


def upload_answer(state: State, heap_id: str, block_id: str, digest: str) -> UploadAnswer:
    upload, link = state.upload, state.link
    if upload is None:
        assert link is not None  # noqa: S101 - a state is of one or the other
        chunk_size = chunk_size_for(link.size_bytes, None)
        total = -(-link.size_bytes // chunk_size)
        return UploadAnswer(
            status="complete",
            heap_id=heap_id,
            block_id=block_id,
            hash=digest,
            size=link.size_bytes,
            chunk_size=chunk_size,
            total_chunks=total,
            received=[(0, total - 1)] if total else [],
            received_chunks=total,
            received_bytes=link.size_bytes,
            missing=[],
            verified_bytes=link.size_bytes,
            expires_at=None,
            file_id=str(link.file_id),
            error=None,
        )
    missing = [index for index, _ in zip(missing_of(state.indexes, upload.total_chunks), range(MAX_TOLD), strict=False)]
    return UploadAnswer(
        status=upload.status,
        heap_id=heap_id,
        block_id=block_id,
        hash=digest,
        size=upload.size_bytes,
        chunk_size=upload.chunk_size,
        total_chunks=upload.total_chunks,
        received=ranges_of(state.indexes),
        received_chunks=len(state.indexes),
        received_bytes=state.received_bytes,
        missing=missing,
        verified_bytes=state.verified_bytes,
        expires_at=upload.touched_at + LIFE_MS,
        file_id=None,
        error=upload.error,
    )
