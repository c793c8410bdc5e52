"""Libraries, scans and problems as the watch API shows them."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from homemedia.core.http.wire import Query, Wire
from homemedia.core.jobs import JobRow
from homemedia.library.browse_wire import LibraryCard
from homemedia.library.models import (
    Counts,
    LibraryKind,
    OptionChanges,
    Outcome,
    Problem,
    ScanResult,
)

Name = Annotated[str, Meta(min_length=1, max_length=100)]
Path = Annotated[str, Meta(min_length=1, max_length=4096)]
Paths = Annotated[tuple[Path, ...], Meta(min_length=1, max_length=32)]
Language = Annotated[str, Meta(pattern="^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]


class LibraryAnswer(Wire, frozen=True, kw_only=True):
    library: LibraryCard


class NewLibrary(Wire, frozen=True, kw_only=True):
    """Body of POST /api/libraries; `path` is taken in place of `paths`."""

    name: Name
    type: LibraryKind
    paths: Paths | None = None
    path: Path | None = None
    language: Language | None = None
    options: OptionChanges = OptionChanges()


class LibraryChanges(Wire, frozen=True, kw_only=True):
    """Body of PUT; what is left out stays."""

    name: Name | None = None
    type: LibraryKind | None = None
    paths: Paths | None = None
    path: Path | None = None
    language: Language | None = None
    options: OptionChanges = OptionChanges()
    position: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None


class Deleted(Wire, frozen=True, kw_only=True):
    id: str
    deleted: bool = True


class ScanRequest(Wire, frozen=True, kw_only=True):
    path: Path | None = None
    force: bool = False


class RefreshRequest(Wire, frozen=True, kw_only=True):
    mode: Literal["all", "missing"] = "all"


class ScanTicket(Wire, frozen=True, kw_only=True):
    status: Literal["started", "running", "queued"]
    scan_id: str


class FileStates(Wire, frozen=True, kw_only=True):
    """How many files ended in which state; they add up to `total`."""

    added: int = 0
    unchanged: int = 0
    updated: int = 0
    moved: int = 0
    duplicate: int = 0
    ignored: int = 0
    failed: int = 0
    deferred: int = 0
    total: int = 0


class RunningScan(Wire, frozen=True, kw_only=True):
    """A scan or refresh under way. `per_second` and `states` are ours."""

    scan_id: str
    library_id: str
    name: str
    kind: str
    state: str
    phase: str
    done: int
    total: int
    percent: int
    current: str
    started_at: int | None
    added: int
    updated: int
    removed: int
    failed: int
    per_second: int
    states: FileStates


class ScanError(Wire, frozen=True, kw_only=True):
    path: str
    code: str
    error: str


class LastScan(Wire, frozen=True, kw_only=True):
    scan_id: str
    library_id: str
    kind: str
    result: Outcome
    finished_at: int
    duration_ms: int
    added: int
    updated: int
    removed: int
    failed: int
    skipped: int
    errors: list[ScanError]
    why: str | None
    states: FileStates


class ScanStatus(Wire, frozen=True, kw_only=True):
    """`paused` is ours: scans wait until somebody lets them go on."""

    scanning: bool
    paused: bool
    scans: list[RunningScan]
    last: list[LastScan]


class ProblemQuery(Query, frozen=True, kw_only=True):
    offset: Annotated[int, Meta(ge=0)] = 0
    limit: Annotated[int, Meta(ge=1)] = 50


class ProblemPage(Wire, frozen=True, kw_only=True):
    problems: list[ScanError]
    total_count: int
    offset: int
    limit: int


def states_wire(counts: Counts) -> FileStates:
    facts: dict[str, Any] = msgspec.structs.asdict(counts)
    for name in ("removed", "skipped"):
        facts.pop(name)
    return FileStates(**facts, total=counts.total)


def running_wire(row: JobRow, name: str, *, is_told: bool = True) -> RunningScan:
    """A job as a scan; before its body began, nothing is done. `is_told`: whether names of files may be told."""
    told = row.progress
    counts = told.get("counts") or Counts()
    done, total = told.get("done", 0), told.get("total", 0)
    started_at = told.get("started_at", row.started_at)
    return RunningScan(
        scan_id=str(row.job_id),
        library_id=row.key,
        name=name,
        kind=row.kind,
        state=row.state,
        phase=told.get("phase", "discover"),
        done=done,
        total=total,
        percent=min(100, done * 100 // total) if total else 0,
        current=told.get("current", "") if is_told else "",
        started_at=None if started_at is None else started_at // 1000,
        added=counts.added,
        updated=counts.updated + counts.moved,
        removed=counts.removed,
        failed=counts.failed,
        per_second=told.get("per_second", 0),
        states=states_wire(counts),
    )


def last_wire(result: ScanResult, errors: Sequence[Problem]) -> LastScan:
    counts = result.counts
    return LastScan(
        scan_id=str(result.scan_id),
        library_id=result.library_id,
        kind=result.kind,
        result=result.result,
        finished_at=result.finished_at // 1000,
        duration_ms=max(0, result.finished_at - result.started_at),
        added=counts.added,
        updated=counts.updated + counts.moved,
        removed=counts.removed,
        failed=counts.failed,
        skipped=counts.skipped,
        errors=[error_wire(problem) for problem in errors],
        why=result.why,
        states=states_wire(counts),
    )


def error_wire(problem: Problem) -> ScanError:
    return ScanError(path=problem.path, code=problem.code, error=problem.sentence)
