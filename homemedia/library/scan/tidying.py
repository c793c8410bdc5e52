"""Last steps: which items are there, the search index, NFO and tags, what nobody missed for a year."""

import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Literal, Protocol

from homemedia.core.db import Write, as_json
from homemedia.library.events import ItemsChanged
from homemedia.library.following import Follower
from homemedia.library.metadata import RefreshResult
from homemedia.library.models import Phase
from homemedia.library.scan import memory_store, results_store
from homemedia.library.scan.context import Work
from homemedia.library.scan.disks import DiskSilent

BATCH = 200
# What has no files of its own, the lower ones first.
PARENTS = ("season", "show", "album", "artist")
YEAR_MS = 365 * 24 * 3600 * 1000
Indexer = Callable[[Write, Sequence[int]], Awaitable[None]]


class Reader(Protocol):
    """What the step needs of `metadata.MetadataReader`."""

    async def refresh(self, item_ids: Sequence[int], *, mode: Literal["all", "missing"] = "all") -> RefreshResult: ...


async def settle_presence(work: Work) -> None:
    """Call items missing whose files all are, bring back those whose files came back, and forget the empty ones."""
    if not work.changed_presence:
        return
    await _forget(work, results_store.LEFT_OVER, {})
    for kind in PARENTS:
        await _forget(work, results_store.EMPTY_PARENTS, {"kind": kind})
    await _place(work, results_store.MISPLACED_LEAVES, {})
    for kind in PARENTS:
        await _place(work, results_store.MISPLACED_PARENTS, {"kind": kind})
    work.changed_presence = False


async def _place(work: Work, statement: str, args: dict[str, object]) -> None:
    library_id = work.library.library_id
    rows = await work.db.read(statement, args | {"library_id": library_id})
    for is_back in (0, 1):
        ids = [row["item_id"] for row in rows if row["is_back"] == is_back]
        for start in range(0, len(ids), BATCH):
            async with work.db.write() as tx:
                stamp = await tx.stamp()
                await tx.run(
                    results_store.SET_MISSING,
                    {
                        "item_ids": as_json(ids[start : start + BATCH]),
                        "missing_since_at": None if is_back else work.clock.now_ms(),
                        "stamp": stamp,
                    },
                )
                tx.announce(ItemsChanged(library_id, stamp))


async def _forget(work: Work, statement: str, args: dict[str, object]) -> None:
    library_id = work.library.library_id
    rows = await work.db.read(statement, args | {"library_id": library_id})
    ids = [row["item_id"] for row in rows]
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        async with work.db.write() as tx:
            stamp = await tx.stamp()
            now = work.clock.now_ms()
            await tx.call(functools.partial(results_store.forget_items, item_ids=some, now=now))
            tx.announce(ItemsChanged(library_id, stamp))


async def index_all(work: Work, index_items: Indexer) -> None:
    """Make every item findable that is not yet."""
    async for ids in _owed(work, results_store.SEARCH_INDEX):
        async with work.db.write() as tx:
            await index_items(tx, ids)
            await tx.run(results_store.DONE, {"item_ids": as_json(ids), "bit": results_store.SEARCH_INDEX})


async def read_details(
    work: Work, reader: Reader, *, mode: Literal["all", "missing"] = "all", phase: Phase = "match"
) -> int:
    """Read NFO and tags of every item that is owed it; how many items look different now."""
    args = {"library_id": work.library.library_id, "bit": results_store.DETAILS}
    total = (await work.db.read(results_store.COUNT_TODO, args))[0]["items"]
    if not total:
        return 0
    work.report.phase(phase, total)
    done = updated = 0
    async for ids in _owed(work, results_store.DETAILS):
        result = await reader.refresh(ids, mode=mode)
        for root in work.library.roots:
            if work.disks.is_silent(root.path):
                # What was not read is still owed.
                raise DiskSilent(root.path, work.disks.limit_s)
        noted = [
            results_store.Noted(path=one.path, step="match", code=one.code, sentence=one.error)
            for one in result.problems
        ]
        async with work.db.write() as tx:
            await tx.run(results_store.DONE, {"item_ids": as_json(ids), "bit": results_store.DETAILS})
            await results_store.note_problems(tx, work.library.library_id, work.scan_id, noted)
        done += len(ids)
        updated += result.updated
        work.report.step(done)
    return updated


async def _owed(work: Work, bit: int) -> AsyncIterator[list[int]]:
    after = 0
    while True:
        rows = await work.db.read(
            results_store.TODO, {"library_id": work.library.library_id, "bit": bit, "after": after, "limit": BATCH}
        )
        if not rows:
            return
        ids = [row["item_id"] for row in rows]
        after = ids[-1]
        yield ids


async def drop_expired(work: Work, follower: Follower | None = None) -> None:
    """Forget what was missing for a year; who follows files is told first."""
    before = work.clock.now_ms() - YEAR_MS
    await _forget(work, results_store.LONG_MISSING, {"before": before})
    while True:
        rows = await work.db.read(
            results_store.LONG_MISSING_FILES,
            {"library_id": work.library.library_id, "before": before, "limit": BATCH},
        )
        if not rows:
            break
        if follower is not None:
            await follower.forget([row["file_id"] for row in rows])
        async with work.db.write() as tx:
            await tx.run(results_store.DROP_FILES, {"file_ids": as_json(row["file_id"] for row in rows)})
    rows = await work.db.read(results_store.OLD_MEMORIES, {"before": before})
    if rows[0]["has_old"]:
        async with work.db.write() as tx:
            await tx.run(results_store.FORGET_MEMORIES, {"before": before})
            await tx.run(memory_store.FORGET_EDITS, {"before": before})
