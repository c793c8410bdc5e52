"""Bodies and answers of scans (heaps §9.2)."""

from typing import Literal

import msgspec

from homemedia.heaps.scans import Scan, ScanError
from homemedia.heaps.wire import HeapWire


class ScanCard(HeapWire, frozen=True, kw_only=True):
    """A scan, under way or ended. Times in ms, paths below the heap's folder."""

    scan_id: str
    kind: str
    heap_id: str | None
    workspace_id: str | None
    path: str
    recursive: bool
    status: str
    started_at: int | None
    finished_at: int | None
    started_by: str | None
    total: int
    processed: int
    added: int
    updated: int
    unchanged: int
    moved: int
    removed: int
    failed: int
    bytes_done: int
    current: str | None
    thumbnails_pending: int
    eta_ms: int | None
    errors: list[ScanError]
    error: str | None


class ScanBody(HeapWire, frozen=True, kw_only=True):
    heap_id: str | None = None
    workspace_id: str | None = None
    path: str | None = None
    recursive: bool = True
    force: bool = False
    thumbnails: bool = True


class StartAnswer(HeapWire, frozen=True, kw_only=True):
    success: Literal[True] = True
    scan_id: str
    scan: ScanCard
    already_running: bool


class AbortBody(HeapWire, frozen=True, kw_only=True):
    scan_id: str | int | None = None
    heap_id: str | None = None
    workspace_id: str | None = None


class AbortAnswer(HeapWire, frozen=True, kw_only=True):
    success: Literal[True] = True
    aborted: list[str]


class ActiveAnswer(HeapWire, frozen=True, kw_only=True):
    """`recent` ended within the last hour."""

    success: Literal[True] = True
    scans: list[ScanCard]
    recent: list[ScanCard]
    server_time: int


class ReindexBody(HeapWire, frozen=True, kw_only=True):
    heap_id: str | None = None
    workspace_id: str | None = None
    mode: Literal["metadata", "hash", "search", "thumbnails"] = "metadata"


class RegenerateBody(HeapWire, frozen=True, kw_only=True):
    """A block or a file, by either of its names."""

    key: str | None = None
    block_id: str | None = None
    file_id: str | int | None = None
    what: list[Literal["metadata", "thumbnails", "animated", "text"]] = msgspec.field(
        default_factory=lambda: ["metadata", "thumbnails"]
    )


class RegenerateAnswer(HeapWire, frozen=True, kw_only=True):
    success: Literal[True] = True
    status: Literal["queued"] = "queued"
    block_id: str
    file_id: str
    scan_id: str


def scan_card(scan: Scan) -> ScanCard:
    facts = {
        name: getattr(scan, name)
        for name in (
            "kind", "heap_id", "path", "recursive", "status", "started_at", "finished_at", "started_by", "total",
            "processed", "bytes_done", "current", "eta_ms", "error",
        )
    }  # fmt: skip
    counts = {name: getattr(scan.counts, name) for name in ("added", "updated", "unchanged", "moved", "removed")}
    return msgspec.convert(
        facts
        | counts
        | {
            "scan_id": str(scan.scan_id),
            "workspace_id": scan.heap_id,
            "failed": scan.counts.failed,
            "thumbnails_pending": scan.pending,
            "errors": list(scan.errors),
        },
        ScanCard,
    )
