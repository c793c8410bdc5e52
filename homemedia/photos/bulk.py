"""What became of each of several things that were asked for in one request (photos §5.5)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.core.http.wire import Wire

MOST_IDS = 65_000
BODY_BYTES = 32 << 20
Fault = Literal["duplicate", "no_permission", "not_found", "unknown", "validation"]
Ids = Annotated[list[str], msgspec.Meta(max_length=MOST_IDS)]


class IdsBody(Wire, frozen=True, kw_only=True):
    ids: Ids


class BulkResult(Wire, frozen=True, kw_only=True):
    """One thing; `error` only where it failed."""

    id: str
    success: bool
    error: Fault | UnsetType = UNSET


def batches(things: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Some at a time, so that no transaction lasts long."""
    for start in range(0, len(things), size):
        yield things[start : start + size]


def results(ids: Iterable[str], faults: Mapping[str, Fault], *, done: AbstractSet[str]) -> list[BulkResult]:
    """One line for each id, in order; the second of two alike is a duplicate.

    Args:
        ids: as they were asked for.
        faults: why some failed.
        done: those that were done; what is in neither was not found.
    """
    lines: list[BulkResult] = []
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            lines.append(BulkResult(id=one, success=False, error="duplicate"))
        elif one in done:
            lines.append(BulkResult(id=one, success=True))
        else:
            lines.append(BulkResult(id=one, success=False, error=faults.get(one, "not_found")))
        seen.add(one)
    return lines
