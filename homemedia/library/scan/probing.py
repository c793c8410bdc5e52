"""Second step: look into the files. Probes in the media worker, quick hashes in a thread, both at once."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from typing import Protocol, TypeVar

import msgspec

from homemedia.core.db import as_json
from homemedia.library.events import ItemsChanged
from homemedia.library.models import Root
from homemedia.library.scan import items_store, results_store, store
from homemedia.library.scan.context import Work
from homemedia.library.scan.disks import Pulse
from homemedia.library.scan.hashing import quick_hashes
from homemedia.media import AudioResult, ProbeRequest, ProbeResult

BATCH = 64
GONE = "file_missing"

Result = TypeVar("Result", ProbeResult, AudioResult)


class Prober(Protocol):
    """What the step needs of `media.MediaTools`."""

    async def probe(self, requests: Sequence[ProbeRequest]) -> list[ProbeResult]: ...

    async def read_audio(self, requests: Sequence[ProbeRequest]) -> list[AudioResult]: ...


class Unprobed(msgspec.Struct, frozen=True):
    file_id: int
    path: str
    root_path: str


async def probe_all(work: Work, tools: Prober, may_go_on: asyncio.Event) -> None:
    """Probe every video of the library that was not probed since it changed.

    Args:
        work: the run.
        tools: who looks into files.
        may_go_on: cleared while something more urgent needs the machine.
    """
    total = 0
    for root in work.library.roots:
        total += (await work.db.read(store.COUNT_UNPROBED, {"root_id": root.root_id}))[0]["files"]
    if not total:
        return
    work.report.phase("probe", total)
    done = 0
    ahead: asyncio.Task[list[store.Probed]] | None = None
    following: asyncio.Task[list[store.Probed]] | None = None
    last = ""
    try:
        async for batch in _batches(work, work.library.roots):
            await may_go_on.wait()
            following = asyncio.create_task(_look(tools, work, batch))
            if ahead is not None:
                # The workers go on with the next files while these are written.
                done += await keep(work, await ahead)
                work.report.step(done, last)
            ahead, last = following, batch[-1].path.rpartition("/")[2]
        if ahead is not None:
            done += await keep(work, await ahead)
            work.report.step(done, last)
    finally:
        # When the scan is stopped both may be under way; nobody else would hear how they end.
        left = {task for task in (ahead, following) if task is not None}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


async def _batches(work: Work, roots: Sequence[Root]) -> AsyncIterator[list[Unprobed]]:
    for root in roots:
        after = 0
        while True:
            rows = await work.db.read(store.UNPROBED, {"root_id": root.root_id, "after": after, "limit": BATCH})
            if not rows:
                break
            after = rows[-1]["file_id"]
            yield [Unprobed(row["file_id"], f"{row['root_path']}/{row['path']}", row["root_path"]) for row in rows]


async def _look(tools: Prober, work: Work, batch: list[Unprobed]) -> list[store.Probed]:
    asked = tools.probe([ProbeRequest(path=one.path) for one in batch])
    return [
        probed(one.file_id, result, quick_hash) for one, result, quick_hash in await looked_into(work, batch, asked)
    ]


async def looked_into(
    work: Work, batch: Sequence[Unprobed], asking: Coroutine[None, None, list[Result]]
) -> list[tuple[Unprobed, Result, str | None]]:
    """What the workers answer of some files of one root, with their quick hashes; those that are gone are left out.

    Raises:
        Stopped: the disk is away or silent.
    """
    root_path, pulse = batch[0].root_path, Pulse()
    asked = asyncio.ensure_future(asking)
    try:
        hashes = await work.disks.ask(root_path, quick_hashes, [one.path for one in batch], pulse=pulse)
        results = await asked
    finally:
        # Of a disk that is silent the workers would try each file for half a minute.
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
    if any(result.probe is None and found is None for result, found in zip(results, hashes, strict=True)):
        # A disk that went away must not look like films that cannot be read.
        await work.refuse_lost(root_path)
    found = zip(batch, results, hashes, strict=True)
    return [(one, result, quick_hash) for one, result, quick_hash in found if result.code != GONE]


def probed(file_id: int, result: ProbeResult, quick_hash: str | None) -> store.Probed:
    """A probe as columns."""
    probe = result.probe
    if probe is None:
        return store.Probed(
            file_id=file_id,
            probe=None,
            probe_code=result.code or "probe_failed",
            probe_error=result.error or "This file could not be read.",
            quick_hash=quick_hash,
        )
    video = probe.main_video
    return store.Probed(
        file_id=file_id,
        probe=msgspec.msgpack.encode(probe),
        probe_code=None,
        probe_error=None,
        quick_hash=quick_hash,
        container=probe.container,
        width=video.width if video else None,
        height=video.height if video else None,
        duration_ms=probe.duration_ms,
    )


async def keep(
    work: Work, results: Sequence[store.Probed], also: Callable[[sqlite3.Connection], None] | None = None
) -> int:
    """Write a batch of probes, and what follows for the items; how many there were.

    Args:
        work: the run.
        results: of a few files.
        also: what else is written in the same transaction.
    """
    if not results:
        return 0
    library_id = work.library.library_id
    ids = {"file_ids": as_json(one.file_id for one in results)}
    async with work.db.write() as tx:
        now = work.clock.now_ms()
        stamp = await tx.stamp()
        twins = await tx.call(lambda connection: store.set_probes(connection, results, now))
        if also is not None:
            await tx.call(also)
        holders = [row["item_id"] for row in await tx.rows(results_store.HOLDERS, ids)]
        await tx.call(lambda connection: items_store.rearrange(connection, holders))
        await tx.run(results_store.SET_DURATIONS, {"item_ids": as_json(holders), "stamp": stamp})
        tx.announce(ItemsChanged(library_id, stamp))
    for one in results:
        if one.probe_error is not None:
            work.tally.fail(one.file_id)
    for file_id in twins:
        if work.tally.is_new(file_id):
            work.tally.put(file_id, "duplicate")
    return len(results)
